"""Say of an office file what its layout leaves out, and how its words were spelled.

An office program gives a page back without the joints of Persian words, with the groups of numbers
turned in Arabic lines, and with deleted words among the others. All are put right from the file.
"""

import re
from collections.abc import Iterator
from itertools import islice

from ..office import flat_opendocument, packages, unseen
from ..protocol.rendition import UNSEEN
from .office_text import READERS
from .page import NotDrawn
from .pdf import LaidOut
from .pdf_text import ANY_FROM_RIGHT, FROM_RIGHT, NUMBER, RIGHT_LETTER, Sieve

JOINT = "\u200c"
# Words whose parts a zero-width non-joiner keeps apart.
JOINED = re.compile(f"{RIGHT_LETTER}+(?:{JOINT}+{RIGHT_LETTER}+)+")
MAX_SPELLINGS = 50_000
OLD_WORD = "application/msword"
WORKBOOK = "application/vnd.ms-excel"


def laid_out(content: bytes, detected_type: str) -> LaidOut:
    """Return what is known of the file behind a laid-out PDF; nothing of one that is not read."""
    found: set[str] = set()
    if detected_type.endswith("/rtf"):
        found = unseen.in_rtf(content)
    elif content.startswith(b"PK"):
        found = unseen.in_package(content)
    elif detected_type.endswith(packages.FLAT):
        found = flat_opendocument.in_flat(content)
    # Old Word files are not read for changes: the colour of the layout tells.
    is_changed = "office_tracked_changes" in found or detected_type == OLD_WORD
    sieve = Sieve(drops_deleted=is_changed, spellings=_spellings(content, detected_type))
    is_workbook = detected_type.startswith(WORKBOOK) or ".spreadsheet" in detected_type
    return LaidOut(frozenset(found.intersection(UNSEEN)), is_workbook, sieve)


def _spellings(content: bytes, detected_type: str) -> dict[str, str]:
    """Return words with joints by how they look without; one that is written both ways is not."""
    if detected_type not in READERS:
        return {}
    try:
        written = READERS[detected_type](content)
    except NotDrawn:
        return {}
    spellings: dict[str, str] = {}
    for word in _joined(written):
        bare = word.replace(JOINT, "")
        if spellings.setdefault(bare, word) != word:
            spellings[bare] = bare
    for run in FROM_RIGHT.finditer(written) if spellings else ():
        # Also a part of a joined word is a run of its own, and then left as it is drawn.
        if run[0] in spellings:
            spellings[run[0]] = run[0]
    return spellings | _turned_numbers(written)


def _turned_numbers(written: str) -> dict[str, str]:
    """Return the numbers of a text in Arabic by how they look with their groups turned.

    26-123456 is drawn as 123456-26 there. One that is written both ways stays as it is drawn.
    """
    if not ANY_FROM_RIGHT.search(written):
        return {}
    numbers = {match[0] for match in islice(NUMBER.finditer(written), MAX_SPELLINGS)}
    turned = {"-".join(number.split("-")[::-1]): number for number in numbers}
    return {drawn: number for drawn, number in turned.items() if drawn not in numbers}


def _joined(written: str) -> Iterator[str]:
    for count, match in enumerate(JOINED.finditer(written)):
        if count == MAX_SPELLINGS:
            return
        yield match[0]
