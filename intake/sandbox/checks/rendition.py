"""Check what the jail answers when it is asked for pages, and refuse everything else.

The head describes the pages in order; the blobs are the thumbnail, and for each page its picture
and its text with the words. Behind them may be the rows of a long text, of which the next batches
are drawn.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from operator import lt

from ..protocol import frames, rendition
from ..protocol.errors import OutputRefused
from ..protocol.rendition import PageImage, Word
from ..protocol.text import UNSAFE_IN_BODY
from .pictures import check_picture, size_of

REASON = re.compile(r"[a-z0-9_]{1,64}")
WHITE_SPACE = re.compile(r"[\t\n]")
MAX_READABLE_BYTES = 2 * 1024 * 1024
MOST = rendition.MAX_THUMBNAIL_PIXELS


@dataclass(frozen=True)
class PageBatch:
    """Hold the pages of one answer, as checked.

    `rows` are the rows of a text as it was set on all its pages, which only a jail reads; empty for
    a document that is no long text.
    """

    pages: tuple[PageImage, ...]
    page_count: int
    reason: str
    thumbnail: bytes
    unseen: tuple[str, ...]
    rows: bytes = b""


def read_batch(head: Mapping[str, object], blobs: Sequence[bytes], max_pages: int) -> PageBatch:
    """Return the pages; raise OutputRefused when anything in the answer is not as agreed."""
    described, reason = head.get("pages"), head.get("reason")
    if not isinstance(described, list) or len(described) > max_pages:
        raise OutputRefused("bad_pages")
    if not isinstance(reason, str) or (reason and not REASON.fullmatch(reason)):
        raise OutputRefused("bad_reason")
    has_rows = head.get("has_rows", False)
    if has_rows not in (False, True) or not (described or reason):
        raise OutputRefused("bad_pages")
    if len(blobs) != 1 + 2 * len(described) + has_rows:
        raise OutputRefused("bad_pages")
    page_count = _within(head, "page_count", len(described), rendition.MAX_DOCUMENT_PAGES)
    if blobs[0]:
        _check_thumbnail(blobs[0])
    pages = tuple(
        _page(page, blobs[1 + 2 * number], blobs[2 + 2 * number])
        for number, page in enumerate(described)
    )
    unseen = _codes(head.get("unseen"), rendition.UNSEEN, "bad_unseen")
    rows = blobs[-1] if has_rows else b""
    return PageBatch(pages, page_count, reason, blobs[0], unseen, rows)


def _page(described: object, image: bytes, readable: bytes) -> PageImage:
    if not isinstance(described, dict):
        raise OutputRefused("bad_page")
    width = _within(described, "width", 1, rendition.MAX_SIDE_PIXELS)
    height = _within(described, "height", 1, rendition.MAX_SIDE_PIXELS)
    if width * height > rendition.MAX_PAGE_PIXELS:
        raise OutputRefused("page_too_large")
    check_picture(image, width, height)
    text, words = _readable(readable, width, height)
    dpi = _within(described, "dpi", 1, rendition.MAX_SIDE_PIXELS)
    advice = _codes(described.get("advice"), rendition.ADVICE, "bad_advice")
    return PageImage(width, height, dpi, image, text, words, advice)


def _codes(codes: object, known: Sequence[str], refusal: str) -> tuple[str, ...]:
    if not isinstance(codes, list) or not all(code in known for code in codes):
        raise OutputRefused(refusal)
    return tuple(code for code in known if code in codes)


def _readable(content: bytes, width: int, height: int) -> tuple[str, tuple[Word, ...]]:
    if len(content) > MAX_READABLE_BYTES:
        raise OutputRefused("text_too_large")
    try:
        head = frames.read_head(content)
    except frames.FrameError as error:
        raise OutputRefused("bad_text") from error
    text, words = head.get("text"), head.get("words")
    if not isinstance(text, str) or not _is_safe(text, rendition.MAX_TEXT_CHARS):
        raise OutputRefused("bad_text")
    return text, _words(words, head.get("boxes"), width, height)


def _words(words: object, sides: object, width: int, height: int) -> tuple[Word, ...]:
    """Return the words with their boxes; checked all at once, since a page has hundreds."""
    if not isinstance(words, list) or len(words) > rendition.MAX_WORDS:
        raise OutputRefused("bad_words")
    if not isinstance(sides, list) or len(sides) != 4 * len(words):
        raise OutputRefused("bad_words")
    if not words:
        return ()
    if {*map(type, words)} != {str} or {*map(type, sides)} != {int}:
        raise OutputRefused("bad_words")
    lefts, tops, rights, bottoms = (sides[side::4] for side in range(4))
    fits = min(sides) >= 0 and max(rights) <= width and max(bottoms) <= height
    if not (fits and all(map(lt, lefts, rights)) and all(map(lt, tops, bottoms))):
        raise OutputRefused("bad_words")
    if not all(map(len, words)) or max(map(len, words)) > rendition.MAX_WORD_CHARS:
        raise OutputRefused("bad_words")
    together = "".join(words)
    if UNSAFE_IN_BODY.search(together) or WHITE_SPACE.search(together):
        raise OutputRefused("bad_words")
    return tuple(zip(lefts, tops, rights, bottoms, words, strict=True))


def _is_safe(text: str, max_chars: int) -> bool:
    return len(text) <= max_chars and not UNSAFE_IN_BODY.search(text)


def _check_thumbnail(content: bytes) -> None:
    width, height = size_of(content)
    if not (0 < width <= MOST and 0 < height <= MOST):
        raise OutputRefused("bad_thumbnail")
    check_picture(content, width, height)


def _within(head: Mapping[str, object], name: str, least: int, most: int) -> int:
    value = head.get(name)
    if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
        raise OutputRefused(f"bad_{name}")
    return value
