"""Hold that a safe PDF shows the same pages, is searched in any script, and holds nothing else."""

import io
from collections.abc import Iterator
from dataclasses import replace

import pikepdf
import pypdfium2 as pdfium
import pytest
from PIL import Image

from intake.safe_copies.pdf import build_safe_pdf, with_words
from intake.sandbox import Jail, PageImage
from tests.intake.sandbox.render.likeness import ssim
from tests.intake.sandbox.samples import picture, script
from tests.samples.files.pdf_writing import one_page

FORBIDDEN = {
    "/JS", "/JavaScript", "/OpenAction", "/AA", "/A", "/Annots", "/AcroForm", "/XFA", "/URI",
    "/EmbeddedFile", "/EmbeddedFiles", "/EF", "/AF", "/Launch", "/GoToE", "/RichMedia", "/Names",
    "/Metadata", "/CreationDate", "/ModDate", "/Author", "/Title", "/Creator", "/PieceInfo",
    "/Outlines", "/Dests", "/Encrypt", "/StructTreeRoot",
}  # fmt: skip


@pytest.fixture(scope="module")
def jail() -> Iterator[Jail]:
    shared = Jail(allow_reduced=False)
    yield shared
    shared.close()


def read_back(safe: bytes) -> str:
    """Return what pdfium finds on the first page, without the blanks at ends of lines."""
    with pdfium.PdfDocument(safe) as opened:
        text = opened[0].get_textpage().get_text_range()
    return "\n".join(line.strip() for line in text.splitlines())


def names(content: bytes) -> set[str]:
    """Return every name in every object of a PDF, as key or as value."""
    found: set[str] = set()

    def walk(value: object, depth: int = 0) -> None:
        assert depth < 50
        if isinstance(value, pikepdf.Name):
            found.add(str(value))
        elif isinstance(value, pikepdf.Stream):
            walk(value.stream_dict, depth)
        elif isinstance(value, pikepdf.Dictionary):
            for key, inner in value.items():
                found.add(key)
                if not (isinstance(inner, pikepdf.Object) and inner.is_indirect):
                    walk(inner, depth + 1)
        elif isinstance(value, pikepdf.Array):
            for inner in value:
                if not (isinstance(inner, pikepdf.Object) and inner.is_indirect):
                    walk(inner, depth + 1)

    with pikepdf.open(io.BytesIO(content)) as pdf:
        for each in (*pdf.objects, pdf.trailer):
            walk(each)
    return found


TEXTS = [
    "Åsa Öberg såg två älgar i Växjö.",
    "The quick “brown” fox — it's 100 % fine (really).",
    "سلام دنیا، این یک متن فارسی است که می‌خواهیم جستجو کنیم.",
    "مرحبا بالعالم",
    "Привет, мир! Γειά σου Κόσμε",
    "ሰላም ልዑል",
    "Tiếng Việt: người được bảo vệ",
]


@pytest.mark.parametrize("text", TEXTS)
def test_text_is_found_and_copied_as_it_was(jail: Jail, text: str) -> None:
    safe = build_safe_pdf(jail.render(text.encode(), "text/plain").pages)

    assert read_back(safe) == text
    with pdfium.PdfDocument(safe) as opened:
        last = text.rpartition(" ")[2]
        assert opened[0].get_textpage().search(last).get_next() is not None


def test_more_letters_than_one_font_holds(jail: Jail) -> None:
    letters = "".join(map(chr, range(0x4E00, 0x4E00 + 700)))
    words = [letters[at : at + 20] for at in range(0, 700, 20)]

    safe = build_safe_pdf(jail.render("\n".join(words).encode(), "text/plain").pages)

    assert read_back(safe).split() == words


def test_words_are_found_where_they_are_seen(jail: Jail) -> None:
    page = jail.render("Hej världen".encode(), "text/plain").pages[0]

    with pdfium.PdfDocument(build_safe_pdf([page])) as opened:
        found = opened[0].get_textpage()
        start, _ = found.search("världen").get_next() or (0, 0)
        left, bottom, *_ = found.get_charbox(start, loose=True)
        height = opened[0].get_height()

    assert left == pytest.approx(page.words[1][0] * 72 / 150, abs=0.5)
    assert height - bottom == pytest.approx(page.words[1][3] * 72 / 150, abs=1.5)


@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
def test_page_looks_the_same_and_has_its_size(jail: Jail, kind: str) -> None:
    shown = b"1 0 0 rg 99 99 300 200 re f 0 0 1 rg 50 500 200 200 re f"
    content, detected_type = (
        (one_page(shown), "application/pdf")
        if kind == "PNG"
        else (picture("JPEG", size=(900, 700)), "image/jpeg")
    )
    page = jail.render(content, detected_type).pages[0]
    assert page.media_type == f"image/{kind.lower()}"

    with pdfium.PdfDocument(build_safe_pdf([page])) as opened:
        size = opened[0].get_size()
        drawn = opened[0].render(scale=page.dpi / 72 * (1 - 1e-4)).to_pil()

    assert size == pytest.approx((page.width * 72 / page.dpi, page.height * 72 / page.dpi), abs=0.1)
    assert ssim(drawn, Image.open(io.BytesIO(page.image)).convert("RGB")) > 0.95


def test_nothing_active_and_nothing_telling_is_left(jail: Jail) -> None:
    with pikepdf.new() as hostile:
        page = hostile.add_blank_page()
        hostile.Root.OpenAction = script()
        hostile.Root.AA = pikepdf.Dictionary(WC=script())
        hostile.attachments["a.txt"] = pikepdf.AttachedFileSpec(hostile, b"x", filename="a.txt")
        hostile.docinfo["/Author"] = "SECRET"
        link = pikepdf.Dictionary(
            Type=pikepdf.Name.Annot,
            Subtype=pikepdf.Name.Link,
            Rect=pikepdf.Array([0, 0, 99, 99]),
            A=pikepdf.Dictionary(S=pikepdf.Name.URI, URI=pikepdf.String("http://evil.example")),
        )
        page.Annots = pikepdf.Array([hostile.make_indirect(link)])
        target = io.BytesIO()
        hostile.save(target)
    assert {"/JS", "/URI", "/EmbeddedFiles", "/Author"} <= names(target.getvalue())

    safe = build_safe_pdf(jail.render(target.getvalue(), "application/pdf").pages)

    assert names(safe) & FORBIDDEN == set()
    assert b"SECRET" not in safe
    with pikepdf.open(io.BytesIO(safe)) as opened:
        assert dict(opened.docinfo) == {"/Producer": "Document service"}
        assert opened.get_warnings() == []


def test_same_pages_give_the_same_bytes(jail: Jail) -> None:
    pages = jail.render(b"Hej\n" * 200, "text/plain").pages

    assert build_safe_pdf(pages) == build_safe_pdf(pages)


def test_size_follows_the_resolution(jail: Jail) -> None:
    pages = [jail.render(b"x", "text/plain", dpi=dpi).pages[0] for dpi in (72, 150, 300)]

    with pdfium.PdfDocument(build_safe_pdf(pages)) as opened:
        sizes = [opened.get_page_size(number) for number in range(3)]

    for size in sizes:
        assert size == pytest.approx((595.4, 841.7), abs=1)


def test_words_read_later_are_added_and_the_others_stay(jail: Jail) -> None:
    written = jail.render(
        one_page(b"BT /F 20 Tf 50 500 Td (Written) Tj ET"), "application/pdf"
    ).pages[0]
    silent = replace(written, text="", words=())
    seen = replace(
        silent, image=b"", words=((100, 200, 300, 240, "Läst"), (90, 300, 200, 340, "سلام"))
    )

    safe = with_words(build_safe_pdf([written, silent, silent]), {2: seen})

    with pdfium.PdfDocument(safe) as opened:
        texts = [page.get_textpage().get_text_range().split() for page in opened]
        pictures = [page.render(scale=1).to_pil() for page in opened]
    assert texts == [["Written"], ["Läst", "سلام"], []]
    assert pictures[0] == pictures[1] == pictures[2]
    assert not names(safe) & FORBIDDEN


def test_document_without_pages_is_no_pdf() -> None:
    empty: list[PageImage] = []

    with pytest.raises(ValueError, match="page"):
        build_safe_pdf(empty)
