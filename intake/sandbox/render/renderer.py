"""Draw the pages of a document, a batch of them at a time.

A page that cannot be drawn becomes a grey one that says so; a document without any page is answered
with a reason.
"""

import contextlib
import json
import re
import time
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

from ..calendars import forms as calendar_forms
from ..calendars import words as calendar_words
from ..formats import legibility, media_types, pictures
from ..html.html_text import text_of_html
from ..office import xml_parts
from ..protocol import text
from ..protocol.charsets import KnownCharset, split_charset
from ..protocol.decoding import read_known
from ..protocol.rendition import (
    MAX_BATCH_IMAGE_BYTES,
    MAX_BATCH_PAGES,
    MAX_TEXT_CHARS,
    MAX_WORD_CHARS,
    MAX_WORDS,
)
from . import office_original, office_text, pdf, picture, pixels
from . import text as render_text
from .fonts import Typesetter
from .page import DocumentPages, Drawn, NotDrawn

Answer = tuple[dict[str, object], list[bytes]]
MAX_TEXT_BYTES = 4_000_000
PDF = "application/pdf"
MARKUP = ("text/html", "application/xhtml+xml")
XML = ("application/xml", "text/xml")
CONTROLS = re.compile(r"[\x00-\x1f]")


@dataclass(frozen=True)
class Batch:
    """Hold what one request asks for: pages from `first`, at most `count`, for some seconds."""

    first: int
    count: int
    dpi: int
    seconds: float


class Renderer:
    """Draw documents, with the fonts that must be loaded before a child may open no file."""

    def __init__(self, typesetter: Typesetter) -> None:
        self._typesetter = typesetter

    def render(self, arguments: dict[str, object], blobs: Sequence[bytes]) -> Answer:
        """Answer with the pages of one batch; see `checks.rendition` for the shape."""
        batch = Batch(
            first=_number(arguments, "first"),
            count=min(_number(arguments, "count"), MAX_BATCH_PAGES),
            dpi=_number(arguments, "dpi"),
            seconds=_number(arguments, "milliseconds") / 1000,
        )
        try:
            detected_type = str(arguments["detected_type"])
            original_type = str(arguments.get("original_type", ""))
            if arguments.get("is_set"):
                pages: DocumentPages = render_text.set_before(blobs[0], batch.dpi, self._typesetter)
            elif original_type and detected_type == PDF:
                laid_out = office_original.laid_out(blobs[1], original_type)
                pages = pdf.PdfPages(blobs[0], batch.dpi, self._typesetter, laid_out)
            else:
                pages = self._open(detected_type, blobs[0], batch.dpi)
        except NotDrawn as refusal:
            return _nothing(refusal.reason)
        return _draw_batch(pages, batch) if pages.count else _nothing("no_pages")

    def _open(self, said_type: str, content: bytes, dpi: int) -> DocumentPages:
        detected_type, charset = split_charset(said_type)
        if detected_type == PDF:
            return pdf.PdfPages(content, dpi, self._typesetter)
        if detected_type in picture.FORMATS:
            return picture.PicturePages(content, detected_type, dpi)
        if detected_type in MARKUP:
            written = text_of_html(_decoded(content, charset, is_markup=True))
            return render_text.TextPages(written, dpi, self._typesetter, "")
        if detected_type in XML:
            is_calendar = calendar_forms.is_in_xml(content)
            written = _words(content) if is_calendar else office_text.text_of_flat_xml(content)
            return render_text.TextPages(written, dpi, self._typesetter, "layout_not_available")
        if detected_type in office_text.READERS:
            written = office_text.READERS[detected_type](content)
            return render_text.TextPages(written, dpi, self._typesetter, "layout_not_available")
        if detected_type in calendar_words.TYPES:
            written = calendar_words.words_of(_decoded(content, charset))
            return render_text.TextPages(written, dpi, self._typesetter, "")
        if detected_type.startswith("text/") or detected_type in media_types.TEXT_KINDS:
            return render_text.TextPages(_decoded(content, charset), dpi, self._typesetter, "")
        raise NotDrawn("type_not_rendered")


def load_renderer() -> Renderer:
    """Load what a child cannot open itself: the decoders, pdfium and the fonts."""
    pictures.load_decoders()
    picture.load_decoders()
    typesetter = render_text.load_typesetter()
    pdf.load_pdfium(typesetter)
    renderer = Renderer(typesetter)
    pixels.encode(pixels.count(pixels.failed_page(36)))
    return renderer


def _nothing(reason: str) -> Answer:
    return {"pages": [], "page_count": 0, "reason": reason, "unseen": []}, [b""]


@dataclass(frozen=True)
class _Packed:
    """Hold one page as it is answered; `thumbnail` is empty for all but the document's first."""

    described: dict[str, object]
    image: bytes
    readable: bytes
    thumbnail: bytes
    is_failed: bool


def _draw_batch(pages: DocumentPages, batch: Batch) -> Answer:
    """Draw until the batch is full, its time is up or its bytes are too many; at least one page."""
    described: list[dict[str, object]] = []
    blobs: list[bytes] = []
    small, reason = b"", ""
    with contextlib.closing(_packed(pages, batch)) as packed:
        for page in packed:
            reason = "page_failed" if page.is_failed else reason
            small = page.thumbnail or small
            described.append(page.described)
            blobs += [page.image, page.readable]
            if sum(map(len, blobs)) > MAX_BATCH_IMAGE_BYTES:
                break
    head: dict[str, object] = {
        "pages": described,
        "page_count": pages.count,
        "reason": reason or pages.reason,
        "unseen": sorted(pages.unseen),
    }
    if isinstance(pages, render_text.TextPages) and len(described) < pages.count:
        blobs.append(pages.rows())
        head["has_rows"] = True
    return head, [small, *blobs]


def _packed(pages: DocumentPages, batch: Batch) -> Generator[_Packed]:
    """Draw each page while a second thread packs the one before it, until the time is up.

    Only the first thread calls the parsers. They release the interpreter's lock, so the second
    thread costs no time where a processor is free.
    """
    started = time.monotonic()
    numbers = range(batch.first, min(batch.first + batch.count, pages.count))
    if len(numbers) == 1:
        yield _pack(numbers[0], *_draw(pages.draw, numbers[0], batch.dpi))
        return
    with ThreadPoolExecutor(1) as packer:
        before: Future[_Packed] | None = None
        for number in numbers:
            if number > batch.first and time.monotonic() - started > batch.seconds:
                break
            drawn, is_failed = _draw(pages.draw, number, batch.dpi)
            if before is not None:
                yield before.result()
            before = _begun(packer, number, drawn, is_failed)
        if before is not None:
            yield before.result()


def _begun(
    packer: ThreadPoolExecutor, number: int, drawn: Drawn, is_failed: bool
) -> "Future[_Packed]":
    """Give a page to the packer; pack it here when the limit of processes allows no thread."""
    try:
        return packer.submit(_pack, number, drawn, is_failed)
    except RuntimeError:
        done: Future[_Packed] = Future()
        done.set_result(_pack(number, drawn, is_failed))
        return done


def _pack(number: int, drawn: Drawn, is_failed: bool) -> _Packed:
    counted = pixels.count(drawn.picture)
    reduced = pixels.reduced(counted.picture)
    width, height = drawn.picture.size
    described: dict[str, object] = {
        "width": width,
        "height": height,
        "dpi": drawn.dpi,
        "advice": list(legibility.advise(width, height, reduced.convert("L").histogram())),
    }
    image, readable = pixels.encode(counted), _readable(drawn)
    small = pixels.thumbnail(reduced) if number == 0 else b""
    return _Packed(described, image, readable, small, is_failed)


def _draw(draw: Callable[[int], Drawn], number: int, dpi: int) -> tuple[Drawn, bool]:
    try:
        return draw(number), False
    except MemoryError:
        raise
    # Whatever a parser raises on a hostile page, the other pages are still to be shown.
    except Exception:  # noqa: BLE001
        return Drawn(pixels.failed_page(dpi), dpi), True


def _readable(drawn: Drawn) -> bytes:
    """Return a page's text and words as JSON, shortened and free of control characters.

    The words stand in one list and the sides of their boxes in another, which reads faster.
    """
    width, height = drawn.picture.size
    words: list[str] = []
    boxes: list[int] = []
    for left, top, right, bottom, written in drawn.words[:MAX_WORDS]:
        box = (
            max(min(left, right), 0),
            max(min(top, bottom), 0),
            min(max(left, right), width),
            min(max(top, bottom), height),
        )
        clean = _clean(written)
        if clean and box[0] < box[2] and box[1] < box[3]:
            words.append(clean)
            boxes += box
    written_out = text.paragraphs(drawn.text, MAX_TEXT_CHARS)
    readable = {"text": written_out, "words": words, "boxes": boxes}
    return json.dumps(readable, separators=(",", ":")).encode("ascii")


def _clean(word: str) -> str:
    if len(word) <= MAX_WORD_CHARS and word.isprintable():
        return word  # nearly every word ends here, at a tenth of the cost
    return CONTROLS.sub("", text.paragraphs(word, MAX_WORD_CHARS)).strip()


def _words(content: bytes) -> str:
    try:
        return calendar_forms.words_in_xml(content)[:MAX_TEXT_BYTES]
    except (xml_parts.NotXml, xml_parts.EntitiesDeclared) as refusal:
        raise NotDrawn("office_cannot_be_read") from refusal


def _decoded(content: bytes, charset: KnownCharset, *, is_markup: bool = False) -> str:
    """Return the text of a file, and no half character where it is cut."""
    written = read_known(content[:MAX_TEXT_BYTES], charset, is_markup=is_markup).text
    return written.removesuffix("\ufffd") if len(content) > MAX_TEXT_BYTES else written


def _number(arguments: dict[str, object], name: str) -> int:
    value = arguments[name]
    if not isinstance(value, int):
        raise TypeError(name)
    return value
