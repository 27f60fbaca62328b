"""Find where the parts of a multipart begin and end (RFC 2046 §5.1.1).

All positions are offsets into the message, so a part is exactly the bytes that stood there, and a
level costs one fast search.
"""

from dataclasses import dataclass

SPACES = b" \t"


@dataclass(frozen=True)
class Split:
    """Hold the spans of a multipart's parts, and what stood around them."""

    spans: tuple[tuple[int, int], ...]
    preamble_end: int
    epilogue_start: int
    is_closed: bool
    has_junk: bool
    has_repeats: bool


def split(content: bytes, start: int, end: int, boundary: bytes, max_parts: int) -> Split:
    """Return the parts between the delimiter lines of `boundary` in content[start:end].

    The line break before a delimiter belongs to the delimiter. Two delimiter lines without anything
    between them make no part but set `has_repeats`, since programs differ about them. At most
    `max_parts` + 1 spans come back, enough to see that there are too many.
    """
    dashed = b"--" + boundary
    spans: list[tuple[int, int]] = []
    opened: int | None = None
    preamble_end, epilogue_start = end, end
    is_closed = has_junk = has_repeats = False
    at = content.find(dashed, start, end)
    while at >= 0 and len(spans) <= max_parts and not is_closed:
        kind, after = _kind(content, at, len(dashed), (start, end))
        has_junk = has_junk or kind == "junk"
        if kind in ("open", "close"):
            part_end = _before_break(content, at, start)
            preamble_end = min(preamble_end, part_end)
            has_repeats = has_repeats or at == opened
            if opened is not None and at > opened:
                spans.append((opened, max(opened, part_end)))
            opened = after
        if kind == "close":
            is_closed, opened, epilogue_start = True, None, after
        at = content.find(dashed, at + len(dashed), end)
    if opened is not None:
        spans.append((opened, end))
    return Split(tuple(spans), preamble_end, epilogue_start, is_closed, has_junk, has_repeats)


def _kind(content: bytes, at: int, length: int, span: tuple[int, int]) -> tuple[str, int]:
    """Return what the match at `at` is (open, close, junk or none) and where its line ends."""
    start, end = span
    if at > start and content[at - 1 : at] not in (b"\n", b"\r"):
        return "none", at
    position = at + length
    kind = "open"
    if content[position : min(position + 2, end)] == b"--":
        kind, position = "close", position + 2
    is_padded = position < end and content[position] in SPACES
    while position < end and content[position] in SPACES:
        position += 1
    if position >= end:
        return kind, end
    if content[position : position + 2] == b"\r\n":
        return kind, min(position + 2, end)
    if content[position : position + 1] in (b"\n", b"\r"):
        return kind, position + 1
    return ("junk" if is_padded or kind == "close" else "none"), position


def _before_break(content: bytes, at: int, start: int) -> int:
    if at - 2 >= start and content[at - 2 : at] == b"\r\n":
        return at - 2
    if at - 1 >= start and content[at - 1 : at] in (b"\n", b"\r"):
        return at - 1
    return at
