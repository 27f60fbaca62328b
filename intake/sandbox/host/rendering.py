"""Ask a jail for the pages of a document, batch by batch, until all are there or a limit is met.

A batch is one child, so a long document needs no more time or memory at once than a short one. A
page that kills its child costs the pages of its batch and those after it, not the ones before.
"""

from collections.abc import Callable, Sequence

from ..checks.rendition import PageBatch, read_batch
from ..protocol import rendition
from ..protocol.errors import JailError, JailUnavailable, OutputRefused, ParseCrash, ParseTimeout
from ..protocol.limits import TimeLeft
from ..protocol.rendition import Original, PageImage, Rendition

# For all pages of a document. Drawing is no inspection: it comes after the receipt and the queue,
# with a lower priority, and pages that are there when the time is over are kept.
MAX_SECONDS = 60.0
FAILURES = {ParseTimeout: "parse_timeout", ParseCrash: "parse_crash"}

Ask = Callable[
    [dict[str, object], Sequence[bytes], TimeLeft], tuple[dict[str, object], list[bytes]]
]


def render(
    ask: Ask,
    content: bytes,
    detected_type: str,
    *,
    dpi: int,
    max_pages: int,
    batch_seconds: float,
    original: Original | None = None,
    left: TimeLeft | None = None,
) -> Rendition:
    """Return the pages of one document, at most `max_pages`.

    `ask` sends one request to the jail. `original` is the file that `content` was laid out of;
    `left` is the time that its copy has left, of which the pages take a minute at most. A child
    ends its batch by itself after `batch_seconds` and the next child goes on. A JailError of the
    first batch is raised; in a later batch it ends the rendition, which then says why. Raises
    ValueError when `dpi` or `max_pages` is out of range.
    """
    if not (rendition.MIN_DPI <= dpi <= rendition.MAX_DPI and max_pages > 0):
        raise ValueError("dpi or max_pages out of range")
    left = TimeLeft(MAX_SECONDS) if left is None else left.share(MAX_SECONDS)
    asked = _asked(detected_type, dpi, original)
    pages: list[PageImage] = []
    first: PageBatch | None = None
    page_reason = ""
    unseen: set[str] = set()
    blobs = [content] if original is None else [content, original.content]
    while first is None or len(pages) < min(first.page_count, max_pages):
        wanted = _wanted(len(pages), max_pages, min(batch_seconds, left.seconds / 2))
        try:
            batch = _batch(ask, asked | wanted, blobs, first, left)
        except JailUnavailable:
            raise
        except JailError as error:
            if first is None:
                raise
            return _ended(pages, first, FAILURES.get(type(error), "output_refused"), unseen)
        first = first or batch
        if batch.rows:
            # What was set once is not set again: each batch would take as long as the whole text.
            asked, blobs = asked | {"is_set": True}, [batch.rows]
        page_reason = page_reason or batch.reason
        unseen.update(batch.unseen)
        pages += batch.pages
        if _is_enough(pages, left) and len(pages) < first.page_count:
            return _ended(pages, first, "out_of_time_or_room", unseen)
    if len(pages) < first.page_count:
        return _ended(pages, first, "too_many_pages", unseen)
    return _ended(pages, first, page_reason, unseen)


def _asked(detected_type: str, dpi: int, original: Original | None) -> dict[str, object]:
    """Return what every batch is asked for."""
    return {
        "detected_type": detected_type,
        "dpi": dpi,
        "original_type": "" if original is None else original.detected_type,
    }


def _wanted(first: int, max_pages: int, seconds: float) -> dict[str, object]:
    """Return which pages a batch is asked for.

    One that begins late ends early, so that its pages are not lost with its child.
    """
    count = min(rendition.MAX_BATCH_PAGES, max_pages - first)
    return {"first": first, "count": count, "milliseconds": round(1000 * seconds)}


def _batch(
    ask: Ask,
    arguments: dict[str, object],
    blobs: Sequence[bytes],
    first: PageBatch | None,
    left: TimeLeft,
) -> PageBatch:
    head, answered = ask(arguments, blobs, left)
    batch = read_batch(head, answered, int(str(arguments["count"])))
    if first is not None and (not batch.pages or batch.page_count != first.page_count):
        raise OutputRefused("bad_page_count")
    return batch


def _is_enough(pages: Sequence[PageImage], left: TimeLeft) -> bool:
    size = sum(len(page.image) for page in pages)
    return left.is_over or size > rendition.MAX_RENDITION_BYTES


def _ended(
    pages: Sequence[PageImage], first: PageBatch, reason: str, unseen: set[str]
) -> Rendition:
    """Return the rendition; where nothing else is wrong, the gravest thing unseen is the reason."""
    found = tuple(code for code in rendition.UNSEEN if code in unseen)
    reason = reason or next(iter(found), "")
    return Rendition(tuple(pages), reason, not reason, first.thumbnail, first.page_count, found)
