"""Say in the text where a picture of a letter stands.

One that came with the mail is a document of its own. One that is elsewhere is never fetched; what
its writer says of it is read in its place, as in a program that shows no pictures.
"""

import re
from collections.abc import Collection, Mapping
from urllib.parse import unquote

from ..protocol.results import MAX_TOKEN_CHARS

# Boxes of forms, which a browser draws with a tick in them or without.
BOXES = frozenset({"checkbox", "radio"})
CROSSED_BOX, EMPTY_BOX = "☒ ", "☐ "
NAMES = frozenset({"img", "image", "input"})
PASTED_PICTURE = "[a picture stands here]"
NOT_SHOWN = "[picture not shown]"
NOT_SHOWN_WITH_WORDS = "[picture not shown: {}]"
PASTED = re.compile(r"\s*data:image/(?!svg)", re.IGNORECASE)
WITH_THE_MAIL = re.compile(r"\s*cid:(.{0,1000})", re.IGNORECASE | re.DOTALL)
# So much of a long Content-ID is kept, behind its bracket.
KEPT_ID_CHARS = MAX_TOKEN_CHARS - 1
# Marks that count who reads a mail, and what only keeps a distance.
MAX_UNSEEN_PIXELS = 2
SIZE = re.compile(r"\s*(\d{1,5})")
STYLED_SIZE = re.compile(r"(?:^|[;\s])(width|height)\s*:\s*(\d{1,5})(?:px|\s|;|!|$)", re.IGNORECASE)


def mark_of(name: str, attributes: Mapping[str, str], content_ids: Collection[str] | None) -> str:
    """Return what stands in the text for a picture or a box; empty for one that is shown or unseen.

    `content_ids` are those of the mail's pictures, or their names, of which many programs make the
    part before the @; where it is None, each that is named is there.

    "img", {"src": "https://a.example/x.png", "alt": "Pass"} -> "[picture not shown: Pass]"
    """
    kind = attributes.get("type", "").strip().lower() if name == "input" else "image"
    if kind in BOXES:
        return CROSSED_BOX if "checked" in attributes else EMPTY_BOX
    if kind != "image":
        return ""
    source = attributes.get("src", "")
    if PASTED.match(source):
        return PASTED_PICTURE
    named = WITH_THE_MAIL.match(source)
    if named is not None and _is_there(named[1], content_ids):
        return ""
    # A bracket would end our note.
    words = " ".join(attributes.get("alt", "").replace("[", "(").replace("]", ")").split())
    if words:
        return NOT_SHOWN_WITH_WORDS.format(words)
    return "" if not source.strip() or _is_unseen(attributes) else NOT_SHOWN


def _is_there(content_id: str, content_ids: Collection[str] | None) -> bool:
    if content_ids is None:
        return True
    bare = unquote(content_id).strip("<> ")
    names = (bare, bare.partition("@")[0], bare[:KEPT_ID_CHARS])
    return any(name in content_ids for name in names)


def _is_unseen(attributes: Mapping[str, str]) -> bool:
    sizes = dict.fromkeys(("width", "height"), "")
    sizes |= {name: attributes.get(name, "") for name in sizes}
    sizes |= {
        found[1].lower(): found[2] for found in STYLED_SIZE.finditer(attributes.get("style", ""))
    }
    numbers = [int(found[1]) for size in sizes.values() if (found := SIZE.match(size))]
    return any(number <= MAX_UNSEEN_PIXELS for number in numbers)
