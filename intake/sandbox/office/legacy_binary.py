"""Read the records of binary workbooks and presentations for what they do.

The formats are [MS-XLS] §2.4, [MS-XLSB] §2.4, [MS-PPT] §2.3 and §2.10. Only headers and a few
bodies are read. A record that reaches beyond the end ends the reading, as in the programs that show
the file.
"""

import re
import zlib
from collections.abc import Iterator

BOUNDSHEET = 0x0085
FILEPASS = 0x002F
SUPBOOK = 0x01AE
EXTERNSHEET = 0x0017
OBPROJ = 0x00D3
# Of what is hidden, the record and where its flag stands ([MS-XLS] §2.4.28, §2.4.53, §2.4.221);
# a note is a comment of a cell (§2.4.179).
COLUMNS, ROW, NOTE = 0x007D, 0x0208, 0x001C
HIDDEN_COLUMNS, HIDDEN_ROW, HIDDEN_SHEET = (8, 0x01), (12, 0x20), (4, 0x03)
MACRO_SHEET, VBA_MODULE = 1, 6
# Records with formulas, and where their tokens begin: cells, arrays, shared
# formulas and names ([MS-XLS] §2.4.127, §2.4.4, §2.4.277, §2.4.150).
FORMULA_AT = {0x0006: 20, 0x0221: 12, 0x04BC: 8, 0x0018: 14}
# Tokens of the functions CALL, RTD and REGISTER, and REGISTER.ID ([MS-XLS] §2.5.198.17). A number
# may look like one; then only a copy of the workbook is shown.
CALLING = re.compile(rb"[\x22\x42\x62].(?:\x96\x00|\x7b\x01|\x95\x00|\x0b\x01)", re.DOTALL)
# Functions that came later stand as names.
ASKING = re.compile(rb"_xlfn\.(?:WEBSERVICE|IMAGE|STOCKHISTORY)")
# Values of the length field that mean "this workbook" and "an add-in".
OWN_BOOKS = frozenset({0x0401, 0x3A01})
# Stands between the program and the topic of a DDE link, in its path ([MS-XLS] §2.5.277).
DDE_MARK = 3
MAX_RECORDS = 2_000_000
MAX_RECORD_BYTES = 64 * 1024
BRT_BEGIN_SUPBOOK = 360
# The same of binary workbooks since 2007 ([MS-XLSB] §2.4.304, §2.4.761, §2.4.329, §2.4.28).
BRT_SHEET, BRT_ROW, BRT_COLUMNS, BRT_COMMENT = 156, 0, 60, 635
BRT_HIDDEN_SHEET, BRT_HIDDEN_ROW, BRT_HIDDEN_COLUMNS = (0, 0x03), (11, 0x10), (16, 0x01)
# Cells, names, arrays, shared formulas, conditions and rules for what may be typed
# ([MS-XLSB] §2.3 numbers the records).
BRT_FORMULAS = frozenset({8, 9, 10, 11, 39, 426, 427, 463, 64})
# Records of presentations.
HEADER_BYTES = 8
CONTAINER = 0xF
OBJECT_STORAGE = 0x1011
LINKED_OBJECT, CONTROL = 0x0FCE, 0x0FEE
# A notes page and what it begins with (§2.5.6, §2.5.12): the slide that it is of, none for the
# pattern of all notes pages. Its texts take two bytes a letter or one (§2.9.42 and 43), and `*` is
# written for a day or a number.
NOTES, NOTES_ATOM, TEXTS = 0x03F0, 0x03F1, {0x0FA0: "utf-16-le", 0x0FA8: "latin-1"}
SOUND_OR_FILM = frozenset({0x1007, 0x100D})
MAX_OBJECTS = 200
MAX_OBJECT_BYTES = 64 * 1024 * 1024


def find_in_workbook(stream: bytes) -> Iterator[str]:
    """Yield findings of a `Workbook` or `Book` stream; `locked` when it is encrypted.

    Bodies after FILEPASS are encrypted, so nothing is read beyond it.
    """
    for kind, body in _records(stream):
        if kind == FILEPASS:
            yield "locked"
            return
        if kind == BOUNDSHEET and len(body) > 5:
            yield from _of_sheet(body[5])
            if _has(body, *HIDDEN_SHEET):
                yield "office_hidden_sheets"
        elif (kind == ROW and _has(body, *HIDDEN_ROW)) or (
            kind == COLUMNS and _has(body, *HIDDEN_COLUMNS)
        ):
            yield "office_hidden_cells"
        elif kind == NOTE:
            yield "office_comments"
        elif kind == OBPROJ:
            yield "office_vba_macro"
        elif kind == SUPBOOK:
            yield from _of_book(body)
        elif kind in FORMULA_AT:
            yield from _of_tokens(body, FORMULA_AT[kind])
        elif kind == EXTERNSHEET and len(body) > 2 and DDE_MARK in body[2 : 2 + body[0]]:
            yield from _of_old_link(body)


def find_in_binary_link(stream: bytes) -> Iterator[str]:
    """Yield a finding for each link of an `externalLink.bin` ([MS-XLSB] §2.4.38).

    A link goes to a program (`office_dde`) or to a workbook (`office_external_link`).
    """
    for kind, body in _binary_records(stream):
        if kind == BRT_BEGIN_SUPBOOK:
            yield "office_dde" if body[:2] == b"\x01\x00" else "office_external_link"


def find_unseen_in_binary_part(stream: bytes) -> set[str]:
    """Return what a part of an XLSB holds and its pages do not show: hidden cells, and calls."""
    found: set[str] = set()
    for kind, body in _binary_records(stream):
        if kind == BRT_SHEET and _has(body, *BRT_HIDDEN_SHEET):
            found.add("office_hidden_sheets")
        elif (kind == BRT_ROW and _has(body, *BRT_HIDDEN_ROW)) or (
            kind == BRT_COLUMNS and _has(body, *BRT_HIDDEN_COLUMNS)
        ):
            found.add("office_hidden_cells")
        elif kind == BRT_COMMENT:
            found.add("office_comments")
        elif kind in BRT_FORMULAS:
            found.update(_of_tokens(body, 0))
    return found


def _binary_records(stream: bytes) -> Iterator[tuple[int, bytes]]:
    at = 0
    for _ in range(MAX_RECORDS):
        if at >= len(stream):
            return
        kind, at = _variable(stream, at, 2)
        size, at = _variable(stream, at, 4)
        yield kind, stream[at : at + min(size, MAX_RECORD_BYTES)]
        at += size


def _records(stream: bytes) -> Iterator[tuple[int, bytes]]:
    at = 0
    for _ in range(MAX_RECORDS):
        if at + 4 > len(stream):
            return
        kind = int.from_bytes(stream[at : at + 2], "little")
        size = int.from_bytes(stream[at + 2 : at + 4], "little")
        yield kind, stream[at + 4 : at + 4 + size]
        at += 4 + size


def _of_tokens(body: bytes, start: int) -> Iterator[str]:
    """Yield the findings in a formula's tokens, and in the name of a function."""
    if CALLING.search(body, start):
        yield "office_program_call"
    if ASKING.search(body.replace(b"\0", b"")):
        yield "office_web_service"


def _has(body: bytes, place: int, bits: int) -> bool:
    return len(body) > place and bool(body[place] & bits)


def _of_sheet(kind: int) -> Iterator[str]:
    if kind == MACRO_SHEET:
        yield "office_xlm_macro"
    elif kind == VBA_MODULE:
        yield "office_vba_macro"


def _of_book(body: bytes) -> Iterator[str]:
    """Yield the finding for a link to another workbook or, with a mark in its path, a program."""
    length = int.from_bytes(body[2:4], "little")
    if len(body) < 5 or length in OWN_BOOKS:
        return
    is_dde = int.from_bytes(body[:2], "little") == 0 and DDE_MARK in body[4:]
    yield "office_dde" if is_dde else "office_external_link"


def _of_old_link(body: bytes) -> Iterator[str]:
    """Yield the finding for a link of Excel 5; the mark alone means a sheet of this workbook."""
    if body[1] != DDE_MARK:
        yield "office_dde"


def _variable(stream: bytes, at: int, max_bytes: int) -> tuple[int, int]:
    """Return a number of seven bits a byte and where it ends."""
    value = 0
    for number in range(max_bytes):
        if at >= len(stream):
            break
        value |= (stream[at] & 0x7F) << (7 * number)
        at += 1
        if not stream[at - 1] & 0x80:
            break
    return value, at


def read_slides(stream: bytes) -> Iterator[str | bytes]:
    """Yield the findings of a presentation, and the bytes of each embedded compound file."""
    at, objects, notes_end = 0, 0, 0
    for _ in range(MAX_RECORDS):
        if at + HEADER_BYTES > len(stream):
            return
        version = int.from_bytes(stream[at : at + 2], "little")
        kind = int.from_bytes(stream[at + 2 : at + 4], "little")
        size = int.from_bytes(stream[at + 4 : at + 8], "little")
        at += HEADER_BYTES
        if kind == LINKED_OBJECT:
            yield "office_external_link"
        elif kind == CONTROL:
            yield "office_activex"
        if kind == NOTES and _is_of_slide(stream[at : at + HEADER_BYTES + 4]):
            notes_end = at + size
        elif at < notes_end and _has_words(kind, stream[at : at + size]):
            yield "office_speaker_notes"
        if version & 0xF == CONTAINER:
            continue  # what a container holds follows it
        if kind == OBJECT_STORAGE:
            objects += 1
            if objects > MAX_OBJECTS:
                yield "office_not_fully_read"
                return
            yield _unpacked(stream[at : at + size], is_packed=bool(version >> 4))
        at += size


def _is_of_slide(start: bytes) -> bool:
    """Say whether a notes page belongs to a slide, by the record that it begins with."""
    kind = int.from_bytes(start[2:4], "little")
    return kind == NOTES_ATOM and any(start[HEADER_BYTES:])


def _has_words(kind: int, body: bytes) -> bool:
    return kind in TEXTS and bool(body.decode(TEXTS[kind], "replace").strip("*\r\v\0 "))


def _unpacked(body: bytes, *, is_packed: bool) -> str | bytes:
    """Return the compound file in a record, or a finding; a packed one begins with its size."""
    if not is_packed:
        return body
    try:
        unpacking = zlib.decompressobj()
        content = unpacking.decompress(body[4:], MAX_OBJECT_BYTES)
    except zlib.error:
        return "office_not_fully_read"
    return "office_not_fully_read" if unpacking.unconsumed_tail else content
