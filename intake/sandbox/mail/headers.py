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
# With a blank before the colon, which RFC 5322 §4.5.8 lets old programs write, some programs do not
# see these: the parts of a message, or its code, are then read otherwise.
READ_APART = frozenset({"content-type", "content-transfer-encoding"})
# Our mail server takes away what others wrote in its name, as far as it sees it: so a field of
# these counts only as our server writes it, and before a line that may end the header to it.
OF_OUR_SERVER = frozenset({"authentication-results"})
# By one of these, or by a program's own (X-…), the header goes on behind a line that is no field.
CUSTOMARY = READ_APART | {
    "bcc", "cc", "content-disposition", "content-language", "date", "from", "importance",
    "in-reply-to", "message-id", "mime-version", "references", "reply-to", "subject", "to",
}  # fmt: skip

# A field while it is read: its name, with " :" behind a doubtful one, and its lines as they come,
# since joining each time would take quadratic time.
_Lines = tuple[str, list[bytes]]


class LimitPassed(Exception):
    """A message passed a limit: too_deep, too_many_parts or header_too_large."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class HeaderBlock:
    """Hold the fields of one block in order: name in lower case, value raw and unfolded.

    `body_start` is the offset of the first byte after the block. `defects` are codes. `doubtful`
    are the names of fields that not every program sees.
    """

    fields: tuple[tuple[str, bytes], ...]
    body_start: int
    defects: tuple[str, ...]
    doubtful: frozenset[str] = frozenset()

    @property
    def from_defects(self) -> tuple[str, ...]:
        """Return what is odd about the block where it is asked who the sender is."""
        return (*self.defects, "from_doubtful") if "from" in self.doubtful else self.defects

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
    mail program may read it as one; and one line that is no field (a gateway's mark, a name with an
    accent) is passed over where the rest is fields that a header has once, up to a blank line.
    """
    window = min(end, start + MAX_HEADER_BYTES)
    # The caller may have cut the content at the limit: then nobody knows how the last line went on.
    has_more = window < end or (is_cut and window - start == MAX_HEADER_BYTES)
    fields: list[_Lines] = []
    defects: set[str] = set()
    position, is_whole = start, True
    while position < window:
        line_end = _line_end(content, position, window)
        line = content[position:line_end]
        if has_more and line_end == window:
            break  # the limit may have cut this line, so it says nothing about the block
        if line[:1] in b"\r\n":
            return _finish(content[start:position], fields, line_end, defects)
        if not _add_line(fields, line, defects, is_first=position == start, is_whole=is_whole):
            if not (is_whole and _goes_on(content, line_end, window, fields)):
                defects.add("line_without_colon")
                return _finish(content[start:position], fields, position, defects)
            is_whole = False
        position = line_end
    if has_more:
        if not is_cut:
            raise LimitPassed("header_too_large")
        # What follows may repeat a field that stood only once so far, or go on with the last one.
        defects.add("header_cut")
        if content[position : position + 1] in (b"", b" ", b"\t"):
            fields = fields[:-1]
    return _finish(content[start:position], fields, position, defects)


def _add_line(
    fields: list[_Lines], line: bytes, defects: set[str], *, is_first: bool, is_whole: bool
) -> bool:
    """Add a line to the fields; return False when it can be none.

    `is_whole` says that no such line stood before.
    """
    if line[:1] in b" \t":
        if fields:
            fields[-1][1].append(line)
        else:
            defects.add("line_without_colon")
        return True
    if match := FIELD.match(line):
        name, is_spaced = match[1].decode("ascii").lower(), bool(match[2])
        if is_spaced and name in READ_APART:
            defects.add("space_before_colon")
        fields.append((f"{name} :" if is_spaced or not is_whole else name, [line[match.end() :]]))
        return True
    return is_first and line.startswith((b"From ", b">From "))


def _goes_on(content: bytes, position: int, window: int, fields: list[_Lines]) -> bool:
    """Say whether a header goes on behind a line that is no field, up to a blank line.

    A letter may begin without the blank line, and quote a header. So one of the fields has to be
    one that stood nowhere before.
    """
    before = {name for name, _ in fields}
    is_header = False
    while before and position < window:
        line_end = _line_end(content, position, window)
        line = content[position:line_end]
        if line[:1] in b"\r\n":
            return is_header
        match = FIELD.match(line)
        if match is None and line[:1] not in b" \t":
            return False
        name = match[1].decode("ascii").lower() if match else ""
        is_header = is_header or name.startswith("x-") or name in CUSTOMARY - before
        position = line_end
    return False


def _line_end(content: bytes, position: int, window: int) -> int:
    match = LINE.match(content, position, window)
    return match.end() if match else window


def _finish(block: bytes, fields: list[_Lines], body_start: int, defects: set[str]) -> HeaderBlock:
    if b"\0" in block:
        defects.add("nul")
    if BARE_CR.search(block):
        defects.add("bare_cr")
    doubtful = {name.removesuffix(" :") for name, _ in fields if name.endswith(" :")}
    unfolded = (
        (_name(name), NEWLINE.sub(b"", b"".join(lines)).strip(b" \t")) for name, lines in fields
    )
    return HeaderBlock(tuple(unfolded), body_start, tuple(sorted(defects)), frozenset(doubtful))


def _name(kept: str) -> str:
    """Return the name of a field; a doubtful one of our server keeps one that no field can have."""
    name = kept.removesuffix(" :")
    return kept if name in OF_OUR_SERVER else name
