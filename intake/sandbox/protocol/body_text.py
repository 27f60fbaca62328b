"""Know how the text of a message says where its pieces come from.

A message body may be several texts: two forms of one letter, mails in the mail, a letter inside a
wrapping. A line of ours stands above each but the first. A sender can write the same line, and so
can only claim to have sent more than one text.
"""

import re
from collections.abc import Iterable

ONLY_IN_PLAIN = "[Only in the plain text of this mail:]"
ONLY_IN_FORMATTED = "[Only in the formatted text of this mail:]"
FORWARDED = "[Forwarded mail{}:]"
WITHIN_PART = "[Text inside {}:]"
RTF_NOT_READ = "[This mail has a text in a form (RTF) that could not be read. Ask for it as a PDF.]"
HEADING = re.compile(
    r"^\[(?:Only in the (?:plain|formatted) text of this mail|Forwarded mail[^\n]*"
    r"|Text inside [^\n]*):\]$",
    re.MULTILINE,
)
# What `html.links` writes behind the words of a link.
LINK_NOTE = re.compile(r"\[(?:link to|link of the kind|e-mail to|telephone) [^\[\]\n]*\]")


def beginnings(body_text: str, max_chars: int) -> str:
    """Return how each text of a body begins, at most `max_chars` of each, notes of ours left out.

    A stub, a banner of a gateway or a form that says less must not push what a person wrote out
    of what is looked at first.
    """
    texts = HEADING.split(LINK_NOTE.sub("", body_text))
    return "\n".join(text.strip()[:max_chars] for text in texts)


def with_inner(body_text: str, inner: Iterable[tuple[str, str]], max_chars: int) -> str:
    """Return a body with the texts found inside its parts, each a name and a text.

    The first becomes the letter where the message itself has none. What stands there already is
    not repeated.
    """
    whole = body_text
    for name, text in inner:
        if not text.strip() or text.strip() in whole:
            continue
        is_only = not whole.strip()
        whole = text if is_only else f"{whole.rstrip()}\n\n{WITHIN_PART.format(name)}\n{text}"
    return whole[:max_chars]
