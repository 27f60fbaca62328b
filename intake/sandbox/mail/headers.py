"""Cut a header block into fields, and report what is odd about it.

The cutting is our own and linear: the standard library's parser stops at `Content-Type :`, forgets
where the bytes of a part stood, and takes seconds for a header with 20 000 parameters.
"""

import re
from dataclasses import dataclass

from ..protocol.results import MAX_HEADER_BYTES

LINE = re.compile(rb"[^\r\n]*(?:\r\n|\n|\r|\Z)")
FIELD = re.compile(rb"([!-9;-~]+)([ \t]*):")
NEWLINE = re.compile(rb"\r\n|\n|\r")
BARE_CR = re.compile(rb"\r(?!\n)")

# A field while it is read: its name, and its lines as they come, since joining each time would
# take quadratic time.
_Lines = tuple[str, list[bytes]]


class LimitPassed(Exception):
    """A message passed a limit: too_deep, too_many_parts or header_too_large."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class HeaderBlock:
    """Hold the fields of one block in order: name in lower case, value raw and unfolded.

    `body_start` is the offset of the first byte after the block. `defects` are codes.
    """

    fields: tuple[tuple[str, bytes], ...]
    body_start: int
    defects: tuple[str, ...]

    def all(self, name: str) -> list[bytes]:
        """Return every value of the field, from the top down."""
        return [value for field, value in self.fields if field == name]

    def first(self, name: str) -> bytes | None:
        """Return the top-most value of the field, or None."""
        return next((value for field, value in self.fields if field == name), None)


def read_block(content: bytes, start: int, end: int, *, is_cut: bool = False) -> HeaderBlock:
    """Return the header block that begins at `start` and lies before `end`.

    Raises LimitPassed when the block is larger than 256 KiB, unless `is_cut` asks for the fields
    that fit whole; the block then has the defect `header_cut`. As in the standard library, the
    block ends at the first line that can be no field. Unlike there, `Name :` is a field, because a
    mail program may read it as one.
    """
    window = min(end, start + MAX_HEADER_BYTES)
    # The caller may have cut the content at the limit: then nobody knows how the last line went on.
    has_more = window < end or (is_cut and window - start == MAX_HEADER_BYTES)
    fields: list[_Lines] = []
    defects: set[str] = set()
    position = start
    while position < window:
        line_end = _line_end(content, position, window)
        line = content[position:line_end]
        if has_more and line_end == window:
            break  # the limit may have cut this line, so it says nothing about the block
        if line[:1] in b"\r\n":
            return _finish(content[start:position], fields, line_end, defects)
        if not _add_line(fields, line, defects, is_first=position == start):
            return _finish(content[start:position], fields, position, defects)
        position = line_end
    if has_more:
        if not is_cut:
            raise LimitPassed("header_too_large")
        # What follows may repeat a field that stood only once so far, or go on with the last one.
        defects.add("header_cut")
        if content[position : position + 1] in (b"", b" ", b"\t"):
            fields = fields[:-1]
    return _finish(content[start:position], fields, position, defects)


def _add_line(fields: list[_Lines], line: bytes, defects: set[str], *, is_first: bool) -> bool:
    """Add a line to the fields; return False when it can be none and so ends the block."""
    if line[:1] in b" \t":
        if fields:
            fields[-1][1].append(line)
        else:
            defects.add("line_without_colon")
        return True
    if match := FIELD.match(line):
        if match[2]:
            defects.add("space_before_colon")
        fields.append((match[1].decode("ascii").lower(), [line[match.end() :]]))
        return True
    if is_first and line.startswith((b"From ", b">From ")):
        return True
    defects.add("line_without_colon")
    return False


def _line_end(content: bytes, position: int, window: int) -> int:
    match = LINE.match(content, position, window)
    return match.end() if match else window


def _finish(block: bytes, fields: list[_Lines], body_start: int, defects: set[str]) -> HeaderBlock:
    if b"\0" in block:
        defects.add("nul")
    if BARE_CR.search(block):
        defects.add("bare_cr")
    unfolded = ((name, NEWLINE.sub(b"", b"".join(lines)).strip(b" \t")) for name, lines in fields)
    return HeaderBlock(tuple(unfolded), body_start, tuple(sorted(defects)))
