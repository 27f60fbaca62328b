"""Tell a newsletter from a letter that a person sends by way of a list.

Both have the fields of lists (RFC 2369, RFC 2919). Nobody writes through a list to which nothing
can be posted, and a bulk sender says in the header and in the letter how to leave it (RFC 8058).
Whatever is unsure is a person's letter: this only saves an officer, who sees it, one key.
"""

import re
from typing import TYPE_CHECKING

from intake.core import references
from intake.senders.automatic_mail import REPLY, automatic_signs

if TYPE_CHECKING:
    from collections.abc import Collection

    from intake.senders.automatic_mail import IncomingMail

# The signs that lists and bulk senders put on what they send.
OF_LISTS = frozenset({"mailing_list", "bulk_precedence", "auto_response_suppress"})
# How newsletters call the way out, in the languages in which they come.
WAY_OUT = re.compile(
    r"unsubscri|opt[ -]out|avregistrer|avprenumerer|avsluta (?:\w+ ){0,2}prenumeration|avanmäl"
    r"|säg upp (?:\w+ ){0,2}prenumeration|avmeld|afmeld|meld deg av|peruuta (?:\w+ ){0,2}tila"
    r"|peru (?:\w+ ){0,2}(?:tila|uutiskirj)|abmeld|abbestell|austragen|désabonn|désinscri"
    r"|darse de baja|cancelar (?:\w+ ){0,2}suscripci|disiscri|uitschrij|wypis|отписат"
    r"|إلغاء الاشتراك|لغو اشتراک",
    re.IGNORECASE,
)
# A link stands this near to the words, before or behind them.
NEAR_CHARS = 300
LINK = re.compile(r"https?://", re.IGNORECASE)
# A newsletter says it once or twice; a text that repeats the words is none.
MAX_WAYS_OUT = 20


def is_newsletter(mail: "IncomingMail", body_text: str, own_addresses: "Collection[str]") -> bool:
    """Tell whether a mail without papers is certainly a newsletter, by its header and its text.

    An answer, a mail that names a reference and one with a sign of another sort are none.
    """
    if mail.has_papers or mail.has_attachments or mail.is_answer:
        return False
    if REPLY.match(mail.subject) or references.find_all(f"{mail.subject}\n{body_text}", limit=1):
        return False
    if not OF_LISTS.issuperset(automatic_signs(mail, own_addresses)):
        return False
    if mail.list_kind == "announcements":
        return True
    return mail.list_kind == "bulk" and _says_how_to_leave(body_text)


def _says_how_to_leave(body_text: str) -> bool:
    found = list(WAY_OUT.finditer(body_text))
    return 0 < len(found) <= MAX_WAYS_OUT and any(
        LINK.search(body_text, max(0, each.start() - NEAR_CHARS), each.end() + NEAR_CHARS)
        for each in found
    )
