"""Hold which files a computer writes beside those of a person, and that no other passes for one."""

import pytest

from intake.sandbox.formats.companions import MAX_COMPANION_BYTES, is_companion
from tests.support.growth.measure import is_linear

HEAD = b"\0\5\x16\7\0\2\0\0" + b"Mac OS X".ljust(16)
FORK = HEAD + b"\0\1" + b"\0\0\0\2" + b"\0\0\0\x26" + b"\0\0\0\4" + b"fork"
WITH_DATA = FORK.replace(b"\0\0\0\2", b"\0\0\0\1")
STORE = b"\0\0\0\1Bud1" + b"\0" * 100
NAME = "Eva Lind"
OWNER = (bytes([len(NAME)]) + NAME.encode()).ljust(54, b"\0") + (
    bytes([len(NAME), 0]) + NAME.encode("utf-16-le")
).ljust(111, b"\0")
OWNER_OF_EXCEL = (bytes([len(NAME)]) + NAME.encode()).ljust(55) + (
    bytes([len(NAME), 0]) + NAME.encode("utf-16-le")
).ljust(110, b" ")
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("._a.pdf", FORK),
        ("__MACOSX/folder/._a.pdf", FORK),
        ("__MACOSX/folder/._a.pdf", HEAD + b"\0\0"),
        (".DS_Store", STORE),
        ("folder\\.DS_Store", STORE),
        ("Thumbs.db", OLE),
        ("ehthumbs.db", OLE),
        ("~$Remiss.docx", OWNER[:162]),
        ("folder/~$Lista.xlsx", OWNER),
        ("~$Lista.xlsx", OWNER_OF_EXCEL),
        ("~$Bild.pptx", OWNER[:54]),
        ("~$Remiss.docx", OWNER[:56]),
        (".~lock.Remiss.odt#", b",eva,DATOR12,23.11.2026 09:51,file:///home/eva/.config/lo/4;"),
        ("desktop.ini", b"[.ShellClassInfo]\r\nIconIndex=0"),
    ],
)
def test_companions_are_known(name: str, content: bytes) -> None:
    assert is_companion(name, content)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("._a.pdf", WITH_DATA),
        ("._a.pdf", b"%PDF-1.7"),
        ("._a.pdf", HEAD + b"\xff\xff"),
        ("._a.pdf", FORK + b"\0" * MAX_COMPANION_BYTES),
        ("__MACOSX/a.exe", b"MZ"),
        ("a.pdf", FORK),
        (".DS_Store", b"MZ"),
        ("letter.doc", OLE),
        ("Remiss.docx", OWNER),
        ("~$Remiss.docx", OWNER[:53]),
        ("~$Remiss.docx", OWNER + b"\0"),
        ("~$Remiss.docx", b"PK\x03\x04" + bytes(100)),
        ("~$Remiss.docx", b"MZ" + b"a" * 60),
        ("~$Remiss.docx", b"\x05E\0va " + bytes(100)),
        ("~$Remiss.docx", b"2 barn hotas, ring mig i natt. De bor vid kyrkan.".ljust(54)),
        ("~$Remiss.docx", b"Hon hotas, ring mig i natt. " * 3),
        (".~lock.Remiss.odt#", b"Hon hotas, ring mig"),
        (".~lock.Remiss.odt", b",eva,DATOR12,23.11.2026 09:51,file:///home/eva;"),
        ("desktop.ini", b"[autorun]\r\nopen=a.exe"),
        ("", b""),
    ],
)
def test_nothing_else_passes_for_one(name: str, content: bytes) -> None:
    assert not is_companion(name, content)


def test_blanks_without_end_are_read_once() -> None:
    def look(text: str) -> bool:
        return is_companion("desktop.ini", text.encode())

    assert not look(" " * MAX_COMPANION_BYTES)
    assert is_linear(look, lambda size: " " * size, MAX_COMPANION_BYTES)
