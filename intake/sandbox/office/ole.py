"""Find what an OLE2 compound file does beside showing text ([MS-CFB]).

Old Word, Excel and PowerPoint files, messages of Outlook, encrypted office files and objects in
other files all have this form. Storages are judged by their names, and olevba is asked as well:
each sees what the other misses.
"""

import io
import re
import warnings
from collections.abc import Iterator
from dataclasses import dataclass

import olefile

from . import legacy_binary, word_fields

with warnings.catch_warnings():
    # olevba calls functions of pyparsing by names that are going away; nobody here can change that.
    warnings.simplefilter("ignore", DeprecationWarning)
    from oletools import olevba

MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
MAX_STREAM_BYTES = 64 * 1024 * 1024
MAX_ENTRIES = 10_000
BROKEN = (
    OSError, ValueError, LookupError, TypeError, AttributeError, RuntimeError, EOFError,
    OverflowError,
)  # fmt: skip

OLEVBA_FAILURES = (
    olevba.OlevbaBaseException, OSError, ValueError, LookupError, TypeError, AttributeError,
    RuntimeError, EOFError, OverflowError, ArithmeticError,
)  # fmt: skip

WORD, EXCEL, SLIDES = (
    "application/msword",
    "application/vnd.ms-excel",
    "application/vnd.ms-powerpoint",
)
MAIL = "application/vnd.ms-outlook"
ENCRYPTED = "application/encrypted"
OTHER = "application/x-ole-storage"
# The stream at the root that a program looks for, and the media type of its files.
KINDS = {
    "encryptedpackage": ENCRYPTED,
    "worddocument": WORD,
    "workbook": EXCEL,
    "book": EXCEL,
    "powerpoint document": SLIDES,
    "__properties_version1.0": MAIL,
}
MACRO_STORAGES = frozenset({"vba", "_vba_project", "_vba_project_cur"})
CONTROL_STREAMS = frozenset({"\x03ocxname", "\x03ocxdata"})
OBJECT_STORAGE = re.compile(r"mbd[0-9a-f]{8}|_\d{6,10}")
LINK_STORAGE = re.compile(r"lnk[0-9a-f]{8}")
# [MS-DOC] §2.5.2: bit 8 of the flags says that the document is encrypted or obfuscated.
FIB_FLAGS_AT, FIB_ENCRYPTED = 10, 0x0100
FIELD = re.compile(rb"\x13([^\x13\x14\x15]{1,2000})")
WIDE_FIELD = re.compile(rb"\x13\x00((?:[^\x13\x14\x15][\x00-\xff]){1,2000})", re.DOTALL)
# [MS-DOC] §2.5.6: how many bytes the places of comments take (lcbPlcfandRef).
FIB_COMMENTS_AT = 190
# [MS-PPT] §2.3.2: this token at the start of the current user says that the file is encrypted.
USER_TOKEN_AT, ENCRYPTED_USER = 12, bytes.fromhex("dfc4d1f3")


@dataclass(frozen=True)
class Compound:
    """Hold an opened compound file and the paths of its storages and streams in lower case."""

    opened: olefile.OleFileIO
    paths: tuple[tuple[str, ...], ...]

    def read(self, name: str) -> bytes:
        """Return a stream at the root; raise one of BROKEN when it is not there or not whole."""
        return bytes(self.opened.openstream(name).read(MAX_STREAM_BYTES))


def open_compound(content: bytes) -> Compound:
    """Return the opened file; raise one of BROKEN when it is no compound file."""
    opened = olefile.OleFileIO(io.BytesIO(content))
    paths = opened.listdir(streams=True, storages=True)
    if len(paths) > MAX_ENTRIES:
        raise ValueError("too many entries")
    return Compound(opened, tuple(tuple(part.lower() for part in path) for path in paths))


def kinds_of(content: bytes) -> set[str]:
    """Return the media types that programs would take the file for: none, one, or a dubious two."""
    try:
        compound = open_compound(content)
    except BROKEN:
        return set()
    return {KINDS[path[0]] for path in compound.paths if len(path) == 1 and path[0] in KINDS}


def find_in_compound(content: bytes) -> set[str]:
    """Return the findings in a document, with `locked` when it is encrypted.

    Raises one of BROKEN when it is no compound file or not whole.
    """
    compound = open_compound(content)
    roots = {path[0] for path in compound.paths if len(path) == 1}
    found = set(_by_names(compound.paths))
    if "encryptedpackage" in roots:
        return {"locked"}
    if "worddocument" in roots:
        found.update(_of_word(compound))
    for name in roots & {"workbook", "book"}:
        found.update(legacy_binary.find_in_workbook(compound.read(name)))
    if "powerpoint document" in roots:
        found.update(_of_slides(compound, roots))
    if "locked" not in found:
        found.update(find_macros(content))
    return found


def find_in_object(content: bytes) -> set[str]:
    """Return the findings in a compound file that another file holds."""
    try:
        compound = open_compound(content)
    except BROKEN:
        return {"office_not_fully_read"}
    found = set(_by_names(compound.paths))
    is_macros = "office_vba_macro" in found
    roots = {path[-1] for path in compound.paths if len(path) == 1}
    if "\x01ole10native" in roots or "package" in roots:
        found.add("office_ole_package")
    # A project of macros is no object of a document, unless it is a document as well.
    if not is_macros or roots & KINDS.keys():
        found.add("office_ole_object")
    if roots & KINDS.keys():
        try:
            found |= find_in_compound(content)
        except BROKEN:
            found.add("office_not_fully_read")
    if "locked" in found:
        found = (found - {"locked"}) | {"office_not_fully_read"}
    return found


def _by_names(paths: tuple[tuple[str, ...], ...]) -> Iterator[str]:
    for path in paths:
        name = path[-1]
        if name in MACRO_STORAGES:
            yield "office_vba_macro"
        elif name == "\x01ole10native" and len(path) > 1:
            yield "office_ole_package"
        elif name in CONTROL_STREAMS:
            yield "office_activex"
        elif OBJECT_STORAGE.fullmatch(name) or name == "\x01ole10native":
            yield "office_ole_object"
        elif LINK_STORAGE.fullmatch(name):
            yield "office_external_link"


def _of_word(compound: Compound) -> Iterator[str]:
    """Yield the findings in a Word document's fields.

    A character takes one byte in some pieces of the stream and two in others.
    """
    stream = compound.read("worddocument")
    flags = int.from_bytes(stream[FIB_FLAGS_AT : FIB_FLAGS_AT + 2], "little")
    if flags & FIB_ENCRYPTED:
        yield "locked"
        return
    if any(stream[FIB_COMMENTS_AT : FIB_COMMENTS_AT + 4]):
        yield "office_comments"
    for match in FIELD.finditer(stream):
        yield from word_fields.of_instruction(match[1].replace(b"\0", b"").decode("latin-1"))
    for match in WIDE_FIELD.finditer(stream):
        yield from word_fields.of_instruction(match[1].decode("utf-16-le", "replace"))


def _of_slides(compound: Compound, roots: set[str]) -> Iterator[str]:
    user = compound.read("current user") if "current user" in roots else b""
    token = user[USER_TOKEN_AT : USER_TOKEN_AT + 4]
    if token == ENCRYPTED_USER or "encryptedsummary" in roots:
        yield "locked"
        return
    for embedded in legacy_binary.read_slides(compound.read("powerpoint document")):
        if isinstance(embedded, str):
            yield embedded
        else:
            yield from find_in_object(embedded)


def find_macros(content: bytes) -> set[str]:
    """Return `office_vba_macro` where olevba sees macros.

    A file that olevba cannot take apart is no finding by itself: olevba opens fewer files than
    office programs do, and the rules on the structure have judged the file before.
    """
    try:
        parser = olevba.VBA_Parser("document", data=content, disable_pcode=True)
        return {"office_vba_macro"} if parser.detect_vba_macros() else set()
    except OLEVBA_FAILURES:
        return set()
