"""Build a safe PDF from page images: pixels, and invisible text above them.

Nothing of the stranger's file goes in but what the sandbox drew and read. The pictures are taken
over as they are packed, so nothing is decoded here. The same pages always give the same bytes: no
time, no random identifier, no name of a machine.
"""

import io
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby

import pikepdf
from pikepdf import Array, Dictionary, Name

from intake.sandbox.checks.pictures import png_data
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

PRODUCER = "Document service"
POINTS_PER_INCH = 72
# ISO 32000-1 annex C: readers may refuse smaller and larger pages.
MIN_POINTS, MAX_POINTS = 3.0, 14_400.0


class InvisibleText:
    """Hold the fonts for all words of one PDF, and write each page's words with them.

    A font has no shapes, only a code for each letter, so a reader can search, select and copy the
    words while the eye sees the picture alone (text render mode 3, ISO 32000-1 §9.3.6).
    """

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


def build_safe_pdf(pages: Sequence[PageImage]) -> bytes:
    """Return a PDF that shows the pages in order, each in its size on paper.

    Raises ValueError without a page.
    """
    if not pages:
        raise ValueError("a safe PDF needs a page")
    with pikepdf.new() as pdf:
        writing = InvisibleText(pdf, (word[4] for page in pages for word in page.words))
        for page in pages:
            _add_page(pdf, page, writing)
        pdf.docinfo[Name.Producer] = PRODUCER
        return _saved(pdf)


def with_words(content: bytes, read: Mapping[int, PageImage]) -> bytes:
    """Return a PDF of `build_safe_pdf` with words on pages that had none.

    `read` holds the pages by number, from 1; only their sizes and words are used. The other pages
    stay as they are.
    """
    with pikepdf.open(io.BytesIO(content)) as pdf:
        writing = InvisibleText(pdf, (word[4] for page in read.values() for word in page.words))
        for number, page in read.items():
            written = pdf.pages[number - 1]
            width, height = (float(side) for side in written.mediabox[2:])
            written.Resources.Font = writing.fonts()
            written.Contents = pdf.make_stream(_operators(page, writing, width, height))
        return _saved(pdf)


def _saved(pdf: pikepdf.Pdf) -> bytes:
    target = io.BytesIO()
    pdf.save(
        target,
        deterministic_id=True,
        object_stream_mode=pikepdf.ObjectStreamMode.generate,
        fix_metadata_version=False,
    )
    return target.getvalue()


def _add_page(pdf: pikepdf.Pdf, page: PageImage, writing: InvisibleText) -> None:
    # A page that claims to be a field of some hectares is shown as large as a PDF may be.
    scale = min(POINTS_PER_INCH / page.dpi, MAX_POINTS / max(page.width, page.height))
    width, height = (max(side * scale, MIN_POINTS) for side in (page.width, page.height))
    added = pdf.add_blank_page(page_size=(round(width, 2), round(height, 2)))
    added.Resources = Dictionary(XObject=Dictionary(Page=_picture(pdf, page)), Font=writing.fonts())
    added.Contents = pdf.make_stream(_operators(page, writing, width, height))


def _operators(page: PageImage, writing: InvisibleText, width: float, height: float) -> bytes:
    """Return what shows the picture on all of a page of these points, and the words above it."""
    shown = f"q {width:.2f} 0 0 {height:.2f} 0 0 cm /Page Do Q\n".encode("ascii")
    return shown + writing.operators(page, width / page.width, height)


def _picture(pdf: pikepdf.Pdf, page: PageImage) -> pikepdf.Stream:
    if page.media_type == "image/jpeg":
        picture = pdf.make_stream(page.image)
        picture.ColorSpace, picture.BitsPerComponent = Name.DeviceRGB, 8
        picture.Filter = Name.DCTDecode
    else:
        bits, palette, packed = png_data(page.image)
        picture = pdf.make_stream(packed)
        picture.ColorSpace = Array(
            [Name.Indexed, Name.DeviceRGB, len(palette) // 3 - 1, pikepdf.String(palette)]
        )
        picture.BitsPerComponent, picture.Filter = bits, Name.FlateDecode
        # Predictor 15 means rows as PNG packs them (ISO 32000-1 §7.4.4.4).
        picture.DecodeParms = Dictionary(
            Predictor=15, Colors=1, BitsPerComponent=bits, Columns=page.width
        )
    picture.Type, picture.Subtype = Name.XObject, Name.Image
    picture.Width, picture.Height = page.width, page.height
    return picture


def _as_seen(word: str) -> str:
    """Return the letters from left to right; a reader turns words of right-to-left scripts."""
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
