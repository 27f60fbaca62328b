"""Read the signs of fonts whose letters are pictures: the boxes, ticks and arrows of Wingdings.

Word and Outlook write a box of a form as a letter of such a font. Anywhere else the letter stands
for itself, so `þ Ja o Nej` said nothing of which was ticked.
"""

import html
import re

from .pictures import CROSSED_BOX, EMPTY_BOX

# An element in such a font, and its words up to the next tag.
IN_FONT = re.compile(
    r"(<(?:span|font)\b[^<>]{0,2000}?\bwingdings( ?[23])?\b[^<>]{0,2000}>)([^<>]{1,40})(?=<)",
    re.IGNORECASE,
)
FONT = "wingdings"
# Letters of the font as they stand in a text. Programs write them in the private area, too.
SIGNS = {
    "": {
        **dict.fromkeys("oq\xa8", EMPTY_BOX), **dict.fromkeys("x\xfd\xfe", CROSSED_BOX),
        "\xfc": "✓", "\xfb": "✗", "\xe0": "→", "\xdf": "←", "\xe8": "➔", "\xa7": "▪", "\xd8": "➢",
        "v": "❖", "n": "■", "l": "●", "J": "☺", "K": "😐", "L": "☹",
    },
    "2": {
        **dict.fromkeys("\xa3*", EMPTY_BOX), **dict.fromkeys("QRST", CROSSED_BOX),
        "P": "✓", "O": "✗",
    },
}  # fmt: skip
PRIVATE_AREA = {0xF000 + code: chr(code) for code in range(0x20, 0x100)}


def with_signs(markup: str) -> str:
    """Return markup with the signs of such fonts as characters of their own.

    >>> with_signs("<font face=Wingdings>o</font>")
    '<font face=Wingdings>☐ </font>'
    """
    return IN_FONT.sub(_shown, markup) if FONT in markup.lower() else markup


def _shown(found: re.Match[str]) -> str:
    signs = SIGNS.get((found[2] or "").strip(), {})
    written = html.unescape(found[3]).translate(PRIVATE_AREA)
    if any(letter not in signs for letter in written if not letter.isspace()):
        return found[0]
    return found[1] + "".join(signs.get(letter, letter) for letter in written)
