"""Find words that may be the password of a locked file, in mails of the same case.

People send a file in one mail and «lösenordet är …» in another. The officer sees the words with
the mail that they are from; nothing is tried automatically, and nothing is stored. A mail that is
closed to the officer gives no word (threat P10).
"""

import re
from typing import TYPE_CHECKING

from intake.access import derived
from intake.documents.views import PasswordHint
from storage.crypto.sealing import unseal
from storage.submissions import submissions
from storage.submissions.submissions import place

if TYPE_CHECKING:
    from intake.accounts.accounts import SignedInUser
    from intake.core.services import Services
    from storage.database import Session
    from storage.submissions.submissions import Submission

MAX_MAILS = 20
MAX_HINTS = 5
SEARCHED_CHARS = 20_000
# The word after «password» in the languages in which partners write; at most one filler word.
PASSWORD = re.compile(
    r"(?:l[öo]senord(?:et)?|password|passcode|pinkod(?:en)?|salasana)\b"
    r"(?:\s++(?:[äa]r|is|on|till\s++filen|for\s++the\s++file))?\s*+[:=]?\s*+"
    r"[\"'«»“”]?(?P<word>[^\s\"'«»“”]{4,64})",
    re.IGNORECASE,
)


def find_words(text: str) -> list[str]:
    """Return the words that a text calls a password, in order, each once.

    >>> find_words("Hej! Lösenordet är: kaffe-1897. Mvh")
    ['kaffe-1897']
    """
    found: dict[str, None] = {}
    for match in PASSWORD.finditer(text[:SEARCHED_CHARS]):
        found[match["word"].rstrip(".,;:!?)")] = None
    return [word for word in found if len(word) >= 4]


def hints_for(
    services: "Services",
    session: "Session",
    user: "SignedInUser | None",
    submission: "Submission",
) -> tuple[PasswordHint, ...]:
    """Return the hints for a user from the submission's own mail and its case's other mails.

    Only texts that they may read are looked into; None is the service itself.
    """
    hints: list[PasswordHint] = []
    for mail in submissions.beside(session, submission, limit=MAX_MAILS):
        key = services.keyring.open(session, mail.data_key_id)
        texts = [
            unseal(key, place("submissions", column, mail.id), getattr(mail, column))
            for column in derived.open_texts(services, session, user, mail)
        ]
        words = find_words("\n".join(texts))
        hints += [PasswordHint(word, mail.reference) for word in words]
    return tuple(hints[:MAX_HINTS])
