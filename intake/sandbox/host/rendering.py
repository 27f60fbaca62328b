"""Ask a jail for the pages of a document, batch by batch, until all are there or a limit is met.

A batch is one child, so a long document needs no more time or memory at once than a short one. A
page that kills its child costs the pages of its batch and those after it, not the ones before.
"""

import time
from collections.abc import Callable, Sequence

from ..checks.rendition import PageBatch, read_batch
from ..protocol import rendition
from ..protocol.errors import JailError, JailUnavailable, OutputRefused, ParseCrash, ParseTimeout
from ..protocol.rendition import PageImage, Rendition

# For the whole document; reached only when many batches are slow without one being too slow.
MAX_SECONDS = 60.0
FAILURES = {ParseTimeout: "parse_timeout", ParseCrash: "parse_crash"}

Ask = Callable[[dict[str, object], Sequence[bytes]], tuple[dict[str, object], list[bytes]]]


def render(
    ask: Ask, content: bytes, detected_type: str, *, dpi: int, max_pages: int, batch_seconds: float
) -> Rendition:
    """Return the pages of one document, at most `max_pages`.

    `ask` sends one request to the jail. A child ends its batch by itself after `batch_seconds` and
    the next child goes on. A JailError of the first batch is raised; in a later batch it ends the
    rendition, which then says why. Raises ValueError when `dpi` or `max_pages` is out of range.
    """
    if not (rendition.MIN_DPI <= dpi <= rendition.MAX_DPI and max_pages > 0):
        raise ValueError("dpi or max_pages out of range")
    deadline = time.monotonic() + MAX_SECONDS
    pages: list[PageImage] = []
    first: PageBatch | None = None
    page_reason = ""
    while first is None or len(pages) < min(first.page_count, max_pages):
        wanted = min(rendition.MAX_BATCH_PAGES, max_pages - len(pages))
        arguments: dict[str, object] = {
            "detected_type": detected_type,
            "first": len(pages),
            "count": wanted,
            "dpi": dpi,
            "milliseconds": round(batch_seconds * 1000),
        }
        try:
            batch = _batch(ask, arguments, content, first, wanted)
        except JailUnavailable:
            raise
        except JailError as error:
            if first is None:
                raise
            return _ended(pages, first, FAILURES.get(type(error), "output_refused"))
        first = first or batch
        page_reason = page_reason or batch.reason
        pages += batch.pages
        if not first.page_count:
            break
        if _is_enough(pages, deadline) and len(pages) < first.page_count:
            return _ended(pages, first, "out_of_time_or_room")
    if len(pages) < first.page_count:
        return _ended(pages, first, "too_many_pages")
    return _ended(pages, first, page_reason)


def _batch(
    ask: Ask,
    arguments: dict[str, object],
    content: bytes,
    first: PageBatch | None,
    wanted: int,
) -> PageBatch:
    head, blobs = ask(arguments, [content])
    batch = read_batch(head, blobs, wanted)
    if first is not None and (not batch.pages or batch.page_count != first.page_count):
        raise OutputRefused("bad_page_count")
    return batch


def _is_enough(pages: Sequence[PageImage], deadline: float) -> bool:
    size = sum(len(page.image) for page in pages)
    return time.monotonic() > deadline or size > rendition.MAX_RENDITION_BYTES


def _ended(pages: Sequence[PageImage], first: PageBatch, reason: str) -> Rendition:
    return Rendition(tuple(pages), reason, not reason, first.thumbnail, first.page_count)
