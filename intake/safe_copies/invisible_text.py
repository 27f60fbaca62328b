"""Know how words become text in a PDF that is found and copied but not seen.

On the host; imports pikepdf and the shape of page images. The fonts are of Type 3 with empty
glyphs (ISO 32000-1 §9.6.5) and a table from codes to Unicode: they need no embedded font program,
work for every script alike, and no reader looks for a font that is not there. Each holds up to 255
letters; every letter is as wide as the others, and each word is stretched to its place.
"""

import unicodedata
from collections.abc import Iterable, Iterator
from itertools import groupby

import pikepdf
from pikepdf import Array, Dictionary, Name

from intake.sandbox.protocol.rendition import PageImage

LETTERS_PER_FONT = 255
LETTER_WIDTH = 0.5  # of the font's size
MAX_MAPPINGS = 100  # in one block of a CMap (Adobe technical note 5014 §1.4.1)
RIGHT_TO_LEFT = frozenset({"R", "AL"})
CMAP = """/CIDInit /ProcSet findresource begin
12 dict begin
begincmap
/CIDSystemInfo <</Registry (Adobe) /Ordering (UCS) /Supplement 0>> def
/CMapName /Adobe-Identity-UCS def
/CMapType 2 def
1 begincodespacerange
<00> <FF>
endcodespacerange
%s
endcmap
CMapName currentdict /CMap defineresource pop
end
end
"""


class InvisibleText:
    """Hold the fonts for all words of one PDF, and write each page's words with them."""

    def __init__(self, pdf: pikepdf.Pdf, words: Iterable[str]) -> None:
        letters = sorted({" ", *(letter for word in words for letter in word)})
        self._codes = {
            letter: (number // LETTERS_PER_FONT, 1 + number % LETTERS_PER_FONT)
            for number, letter in enumerate(letters)
        }
        groups = (
            letters[at : at + LETTERS_PER_FONT] for at in range(0, len(letters), LETTERS_PER_FONT)
        )
        self._fonts = Dictionary(
            {f"/F{number}": _font(pdf, group) for number, group in enumerate(groups)}
        )

    def fonts(self) -> Dictionary:
        """Return the fonts as a page's resources name them."""
        return self._fonts

    def operators(self, page: PageImage, scale: float, height: float) -> bytes:
        """Return what writes the words; `scale` turns pixels into points, `height` is in points."""
        lines = ["BT 3 Tr"]
        for left, top, right, bottom, word in page.words:
            size = (bottom - top) * scale
            natural = LETTER_WIDTH * size * len(word)
            stretch = 100 * (right - left) * scale / natural
            lines.append(
                f"{stretch:.2f} Tz 1 0 0 1 {left * scale:.2f} {height - bottom * scale:.2f} Tm"
            )
            lines += self._shown(_as_seen(word) + " ", size)
        return "\n".join((*lines, "ET")).encode("ascii")

    def _shown(self, word: str, size: float) -> Iterator[str]:
        for font, codes in groupby((self._codes[letter] for letter in word), lambda code: code[0]):
            written = "".join(f"{code:02X}" for _, code in codes)
            yield f"/F{font} {size:.2f} Tf <{written}> Tj"


def _as_seen(word: str) -> str:
    """Return the letters from left to right: readers turn scripts that run the other way."""
    runs_from_right = any(unicodedata.bidirectional(letter) in RIGHT_TO_LEFT for letter in word)
    return word[::-1] if runs_from_right else word


def _font(pdf: pikepdf.Pdf, letters: list[str]) -> pikepdf.Object:
    empty = pdf.make_stream(b"500 0 d0")
    names = [f"g{code}" for code in range(1, len(letters) + 1)]
    differences = Array([1, *(Name(f"/{name}") for name in names)])
    return pdf.make_indirect(
        Dictionary(
            Type=Name.Font,
            Subtype=Name.Type3,
            FontBBox=Array([0, 0, 500, 1000]),
            FontMatrix=Array([0.001, 0, 0, 0.001, 0, 0]),
            FirstChar=1,
            LastChar=len(letters),
            Widths=Array([500] * len(letters)),
            Encoding=Dictionary(Type=Name.Encoding, Differences=differences),
            CharProcs=Dictionary({f"/{name}": empty for name in names}),
            Resources=Dictionary(),
            ToUnicode=pdf.make_stream(_to_unicode(letters)),
        )
    )


def _to_unicode(letters: list[str]) -> bytes:
    mappings = [
        f"<{code:02X}> <{letter.encode('utf-16-be').hex().upper()}>"
        for code, letter in enumerate(letters, start=1)
    ]
    blocks = []
    for at in range(0, len(mappings), MAX_MAPPINGS):
        block = mappings[at : at + MAX_MAPPINGS]
        blocks.append("\n".join((f"{len(block)} beginbfchar", *block, "endbfchar")))
    return (CMAP % "\n".join(blocks)).encode("ascii")
