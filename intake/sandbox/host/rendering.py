"""Ask a jail for the pages of a document, batch by batch, until all are there or a limit is met.

A batch is one child, so a long document needs no more time or memory at once than a short one. A
page that kills its child costs the pages of its batch and those after it, not the ones before.
"""

import time
from collections.abc import Callable, Sequence

from ..checks.rendition import PageBatch, read_batch
from ..protocol import rendition
from ..protocol.errors import JailError, JailUnavailable, OutputRefused, ParseCrash, ParseTimeout
from ..protocol.rendition import Original, PageImage, Rendition

# For the whole document; reached only when many batches are slow without one being too slow.
MAX_SECONDS = 60.0
FAILURES = {ParseTimeout: "parse_timeout", ParseCrash: "parse_crash"}

Ask = Callable[[dict[str, object], Sequence[bytes]], tuple[dict[str, object], list[bytes]]]


def render(
    ask: Ask,
    content: bytes,
    detected_type: str,
    *,
    dpi: int,
    max_pages: int,
    batch_seconds: float,
    original: Original | None = None,
) -> Rendition:
    """Return the pages of one document, at most `max_pages`.

    `ask` sends one request to the jail. `original` is the file that `content` was laid
    out of. A child ends its batch by itself after `batch_seconds` and the next child goes on. A
    JailError of the first batch is raised; in a later batch it ends the rendition, which then says
    why. Raises ValueError when `dpi` or `max_pages` is out of range.
    """
    if not (rendition.MIN_DPI <= dpi <= rendition.MAX_DPI and max_pages > 0):
        raise ValueError("dpi or max_pages out of range")
    deadline = time.monotonic() + MAX_SECONDS
    asked = _asked(detected_type, dpi, batch_seconds, original)
    pages: list[PageImage] = []
    first: PageBatch | None = None
    page_reason = ""
    unseen: set[str] = set()
    blobs = [content] if original is None else [content, original.content]
    while first is None or len(pages) < min(first.page_count, max_pages):
        wanted = min(rendition.MAX_BATCH_PAGES, max_pages - len(pages))
        try:
            batch = _batch(ask, asked | {"first": len(pages), "count": wanted}, blobs, first)
        except JailUnavailable:
            raise
        except JailError as error:
            if first is None:
                raise
            return _ended(pages, first, FAILURES.get(type(error), "output_refused"), unseen)
        first = first or batch
        page_reason = page_reason or batch.reason
        unseen.update(batch.unseen)
        pages += batch.pages
        if not first.page_count:
            break
        if _is_enough(pages, deadline) and len(pages) < first.page_count:
            return _ended(pages, first, "out_of_time_or_room", unseen)
    if len(pages) < first.page_count:
        return _ended(pages, first, "too_many_pages", unseen)
    return _ended(pages, first, page_reason, unseen)


def _asked(
    detected_type: str, dpi: int, batch_seconds: float, original: Original | None
) -> dict[str, object]:
    """Return what every batch is asked for."""
    return {
        "detected_type": detected_type,
        "dpi": dpi,
        "milliseconds": round(batch_seconds * 1000),
        "original_type": "" if original is None else original.detected_type,
    }


def _batch(
    ask: Ask,
    arguments: dict[str, object],
    blobs: Sequence[bytes],
    first: PageBatch | None,
) -> PageBatch:
    head, answered = ask(arguments, blobs)
    batch = read_batch(head, answered, int(str(arguments["count"])))
    if first is not None and (not batch.pages or batch.page_count != first.page_count):
        raise OutputRefused("bad_page_count")
    return batch


def _is_enough(pages: Sequence[PageImage], deadline: float) -> bool:
    size = sum(len(page.image) for page in pages)
    return time.monotonic() > deadline or size > rendition.MAX_RENDITION_BYTES


def _ended(
    pages: Sequence[PageImage], first: PageBatch, reason: str, unseen: set[str]
) -> Rendition:
    """Return the rendition; where nothing else is wrong, the gravest thing unseen is the reason."""
    found = tuple(code for code in rendition.UNSEEN if code in unseen)
    reason = reason or next(iter(found), "")
    return Rendition(tuple(pages), reason, not reason, first.thumbnail, first.page_count, found)
