"""Know how a safe PDF is built from page images: pixels, and invisible text above them.

On the host; imports pikepdf, `invisible_text` and the shape of page images. Nothing of the
stranger's file goes in but what the jail drew and read. The pictures are taken over as they are
packed, so nothing is decoded here. The same pages always give the same bytes: no time, no random
identifier, no name of a machine.
"""

import io
from collections.abc import Mapping, Sequence

import pikepdf
from pikepdf import Array, Dictionary, Name

from intake.safe_copies.invisible_text import InvisibleText
from intake.sandbox.checks.pictures import png_data
from intake.sandbox.protocol.rendition import PageImage

PRODUCER = "Document service"
POINTS_PER_INCH = 72
# ISO 32000-1 annex C: readers may refuse smaller and larger pages.
MIN_POINTS, MAX_POINTS = 3.0, 14_400.0


def build_safe_pdf(pages: Sequence[PageImage]) -> bytes:
    """Return a PDF that shows the pages in order, each in its size on paper; at least one."""
    if not pages:
        raise ValueError("a safe PDF needs a page")
    with pikepdf.new() as pdf:
        writing = InvisibleText(pdf, (word[4] for page in pages for word in page.words))
        for page in pages:
            _add_page(pdf, page, writing)
        pdf.docinfo[Name.Producer] = PRODUCER
        return _saved(pdf)


def with_words(content: bytes, read: Mapping[int, PageImage]) -> bytes:
    """Return a PDF that was built here, with words on pages that had none, by page number from 1.

    Of the page images only the size and the words are used. What other pages have stays.
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
