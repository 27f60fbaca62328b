"""Make Outlook's own containers: message files (MS-OXMSG) and winmail.dat (MS-OXTNEF)."""

import struct
from collections.abc import Sequence

from tests.samples.files.compound import Tree, write

TEXT, BINARY, NUMBER = 0x001F, 0x0102, 0x0003
SUBJECT, SENDER, ADDRESS, BODY, HTML = 0x0037, 0x0C1A, 0x0C1F, 0x1000, 0x1013
PACKED_RTF, MESSAGE_PROPERTIES = 0x1009, 0x00069003
FILE_NAME, FILE_CONTENT, METHOD, CONTENT_ID = 0x3707, 0x3701, 0x3705, 0x3712
BY_VALUE, EMBEDDED = 1, 5
MESSAGE_LEVEL, ATTACHMENT_LEVEL = 1, 2
CODEPAGE, TNEF_BODY, RENDERING = 0x00069007, 0x0002800C, 0x00069002
TITLE, DATA, PROPERTIES = 0x00018010, 0x0006800F, 0x00069005


def msg(
    subject: str,
    body: str,
    files: dict[str, bytes],
    *,
    messages: dict[str, Tree] | None = None,
    sender: str = "a@example.org",
    rtf: bytes = b"",
    html: bytes = b"",
) -> bytes:
    """Return a message file with attachments and messages inside it."""
    storage = msg_storage(
        subject, body, files, messages=messages, sender=sender, header=32, rtf=rtf, html=html
    )
    return write(storage)


def msg_storage(
    subject: str,
    body: str,
    files: dict[str, bytes],
    *,
    messages: dict[str, Tree] | None = None,
    sender: str = "a@example.org",
    header: int = 24,
    rtf: bytes = b"",
    html: bytes = b"",
) -> Tree:
    """Return the storage of one message; inside another its header has 24 bytes.

    The id of each file by which a page may name it is `id-of-` and its name.
    """
    values: dict[int, str | bytes | int] = {SUBJECT: subject, SENDER: "Anna", ADDRESS: sender}
    values |= {BODY: body} if body or not rtf else {PACKED_RTF: packed(rtf)}
    values |= {HTML: html} if html else {}
    tree = _properties(values, header)
    attachments = [(name, content, None) for name, content in files.items()]
    inside = [(name, b"", storage) for name, storage in (messages or {}).items()]
    for number, (name, content, storage) in enumerate([*attachments, *inside]):
        method = BY_VALUE if storage is None else EMBEDDED
        attachment = _properties(
            {FILE_NAME: name, METHOD: method, FILE_CONTENT: content, CONTENT_ID: f"id-of-{name}"}, 8
        )
        if storage is not None:
            attachment["__substg1.0_3701000D"] = storage
        tree[f"__attach_version1.0_#{number:08X}"] = attachment
    return tree


def _properties(values: dict[int, str | bytes | int], header_bytes: int) -> Tree:
    table, tree = bytes(header_bytes), Tree()
    for number, value in sorted(values.items()):
        if isinstance(value, int):
            table += struct.pack("<HHLLL", NUMBER, number, 6, value, 0)
            continue
        kind = TEXT if isinstance(value, str) else BINARY
        content = value.encode("utf-16-le") if isinstance(value, str) else value
        size = len(content) + 2 if isinstance(value, str) else len(content)
        table += struct.pack("<HHLLL", kind, number, 6, size, 0)
        tree[f"__substg1.0_{number:04X}{kind:04X}"] = content
    tree["__properties_version1.0"] = table
    return tree


def packed(rtf: bytes, kind: bytes = b"MELA") -> bytes:
    """Return RTF as Outlook packs it (MS-OXRTFCP §2.1), here without making it smaller."""
    return struct.pack("<LL4sL", len(rtf) + 12, len(rtf), kind, 0) + rtf


def tnef(
    body: str,
    files: dict[str, bytes],
    *,
    messages: dict[str, bytes] | None = None,
    packed_rtf: bytes = b"",
    code_page: int | None = 1252,
    codec: str = "cp1252",
    values: Sequence[tuple[int, int, bytes]] = (),
) -> bytes:
    """Return a winmail.dat with a text, attachments, and messages that are winmail.dat too.

    `code_page` is what the file says of itself, `codec` that of its text and titles. `values` are
    properties of the message: the type, the number and the bytes, four of a number.
    """
    parts = []
    if code_page is not None:
        parts.append(_object(MESSAGE_LEVEL, CODEPAGE, struct.pack("<LL", code_page, 0)))
    if packed_rtf:
        value = packed_rtf + bytes(-len(packed_rtf) % 4)
        head = struct.pack("<LHHLL", 1, BINARY, PACKED_RTF, 1, len(packed_rtf))
        parts.append(_object(MESSAGE_LEVEL, MESSAGE_PROPERTIES, head + value))
    if values:
        parts.append(_object(MESSAGE_LEVEL, MESSAGE_PROPERTIES, _values(values)))
    if body or not (packed_rtf or values):
        parts.append(_object(MESSAGE_LEVEL, TNEF_BODY, body.encode(codec) + b"\0"))
    for name, content in files.items():
        parts.append(_object(ATTACHMENT_LEVEL, RENDERING, bytes(14)))
        parts.append(_object(ATTACHMENT_LEVEL, TITLE, name.encode(codec) + b"\0"))
        parts.append(_object(ATTACHMENT_LEVEL, DATA, content))
    for name, content in (messages or {}).items():
        parts.append(_object(ATTACHMENT_LEVEL, RENDERING, bytes(14)))
        parts.append(_object(ATTACHMENT_LEVEL, TITLE, name.encode("cp1252") + b"\0"))
        parts.append(_object(ATTACHMENT_LEVEL, PROPERTIES, _embedded(content)))
    return b"\x78\x9f\x3e\x22" + b"\x01\x00" + b"".join(parts)


def _object(level: int, name: int, content: bytes) -> bytes:
    checksum = sum(content) & 0xFFFF
    return struct.pack("<BLL", level, name, len(content)) + content + struct.pack("<H", checksum)


def _values(values: Sequence[tuple[int, int, bytes]]) -> bytes:
    """Return properties as they stand in a file: a number by itself, all others with their size."""
    found = struct.pack("<L", len(values))
    for kind, name, value in values:
        size = b"" if kind == NUMBER else struct.pack("<LL", 1, len(value))
        found += struct.pack("<HH", kind, name) + size + value + bytes(-len(value) % 4)
    return found


def _embedded(content: bytes) -> bytes:
    """Return the one property that holds a message, under the mark that says so."""
    mark = bytes.fromhex("0703020000000000c000000000000046")
    value = mark + content
    padded = value + bytes(-len(value) % 4)
    return struct.pack("<LHHLL", 1, 0x000D, FILE_CONTENT, 1, len(value)) + padded
