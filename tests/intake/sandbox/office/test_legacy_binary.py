"""Hold what is found in the records of old workbooks and presentations, and in fields."""

import zlib

import pytest

from intake.sandbox.office.formulas.in_text import find_in_sheet, find_in_text, kind_of_text
from intake.sandbox.office.legacy_binary import find_in_binary_link, find_in_workbook, read_slides
from intake.sandbox.office.ole import BROKEN, find_in_compound, find_in_object, kinds_of
from intake.sandbox.office.word_fields import is_remote, of_instruction


def record(kind: int, body: bytes) -> bytes:
    return kind.to_bytes(2, "little") + len(body).to_bytes(2, "little") + body


def sheet(kind: int) -> bytes:
    return record(0x85, bytes(5) + bytes([kind, 1, 0]) + b"A")


WORKBOOKS = [
    (sheet(0), set()),
    (sheet(1), {"office_xlm_macro"}),
    (sheet(6), {"office_vba_macro"}),
    (record(0xD3, b""), {"office_vba_macro"}),
    (record(0x2F, b"x") + sheet(1), {"locked"}),
    (record(0x1AE, b"\0\0\x05\0\0cmd\x03x"), {"office_dde"}),
    (record(0x1AE, b"\1\0\x05\0\0a.xls"), {"office_external_link"}),
    (record(0x1AE, b"\1\0\x01\x04"), set()),
    (record(0x17, b"\x05cmd\x03x"), {"office_dde"}),
    (record(0x17, b"\x05\x03Table"), set()),
    (record(0x06, bytes(20) + b"\x07\0\x17\x01\0a\x42\x02\x96\x00"), {"office_program_call"}),
    (record(0x06, bytes(20) + b"\x04\0\x42\x03\x7b\x01"), {"office_program_call"}),
    (record(0x18, bytes(14) + b"\x42\x02\x0b\x01"), {"office_program_call"}),
    (record(0x18, bytes(14) + b"\0_xlfn.IMAGE"), {"office_web_service"}),
    (record(0x18, bytes(14) + "_xlfn.WEBSERVICE".encode("utf-16-le")), {"office_web_service"}),
    (record(0x06, bytes(20) + b"\x04\0\x42\x02\x04\x00"), set()),
    (record(0x06, b""), set()),
    (record(0x85, b""), set()),
    (b"\x85\0\xff\xff", set()),
    (b"\x85", set()),
]


@pytest.mark.parametrize(("stream", "found"), WORKBOOKS)
def test_workbook_tells_by_its_records(stream: bytes, found: set[str]) -> None:
    assert set(find_in_workbook(stream)) == found


@pytest.mark.parametrize(
    ("stream", "found"),
    [
        (b"\xe8\x02\x02\x01\x00", {"office_dde"}),
        (b"\xe8\x02\x02\x00\x00", {"office_external_link"}),
        (b"\x01\x00\xe8\x02\x02\x01\x00", {"office_dde"}),
        (b"\xff" * 50, set()),
        (b"", set()),
    ],
)
def test_binary_link_tells_by_its_first_record(stream: bytes, found: set[str]) -> None:
    assert set(find_in_binary_link(stream)) == found


def slide(version: int, kind: int, body: bytes) -> bytes:
    return (
        record(version, kind.to_bytes(2, "little"))[:2]
        + kind.to_bytes(2, "little")
        + (len(body).to_bytes(4, "little") + body)
    )


@pytest.mark.parametrize(
    ("stream", "found"),
    [
        (slide(0xF, 1000, slide(0, 0x0FCE, b"x")), ["office_external_link"]),
        (slide(0xF, 1000, slide(0, 0x0FEE, b"x")), ["office_activex"]),
        (slide(0x10, 0x1011, b"\0\0\0\0" + zlib.compress(b"inside")), [b"inside"]),
        (slide(0x10, 0x1011, b"\0\0\0\0none"), ["office_not_fully_read"]),
        (slide(0, 0x1011, b"inside"), [b"inside"]),
        (b"\xff" * 100, []),
        (b"", []),
    ],
)
def test_presentation_gives_what_it_holds(stream: bytes, found: list[str | bytes]) -> None:
    assert list(read_slides(stream)) == found


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ('DDEAUTO c:\\\\a.exe "x"', ["office_dde"]),
        (" dde Excel a.xls", ["office_dde"]),
        ("QUOTE 68 68 69 32 97", ["office_dde"]),
        ("INCLUDEPICTURE http://a/x", ["office_external_link"]),
        ("INCLUDEPICTURE media/1.png", []),
        ('HYPERLINK "http://a/DDE x"', []),
        ("PAGE", []),
        ("", []),
    ],
)
def test_field_is_judged_by_its_instruction(written: str, found: list[str]) -> None:
    assert list(of_instruction(written)) == found


@pytest.mark.parametrize(
    ("target", "is_elsewhere"),
    [
        ("https://a/t.dotm", True),
        ("\\\\server\\t.dotm", True),
        ("//server/t", True),
        ("file://server/t.dotm", True),
        ("file:///C:\\Users\\t.dotm", False),
        ("C:\\t.dotm", False),
        ("Normal.dotm", False),
    ],
)
def test_template_on_another_machine_is_remote(target: str, *, is_elsewhere: bool) -> None:
    assert is_remote(target) is is_elsewhere


@pytest.mark.parametrize("content", [b"", b"x", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)])
def test_broken_compound_file_is_told(content: bytes) -> None:
    assert kinds_of(content) == set()
    assert find_in_object(content) == {"office_not_fully_read"}
    with pytest.raises(BROKEN):
        find_in_compound(content)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("=cmd|'/c x'!A0", {"sheet_dde"}),
        ("a,b\r\n1,\"=cmd|'/c x'!A0\"", {"sheet_dde"}),
        ("+1+cmd|'x'!A1", {"sheet_dde"}),
        ("@SUM(cmd|'x'!A1)", {"sheet_dde"}),
        ("a | b ! =c", set()),
        ("=SUM(A1)", set()),
        ("| Name | Sum |\n|---|---|\nHello!", set()),
        ("=" * 50_000 + "|!", set()),
    ],
)
def test_cell_that_would_start_a_program_is_told(text: str, found: set[str]) -> None:
    assert find_in_text(text) == found


def test_sheets_as_text_are_known_by_their_beginning() -> None:
    assert kind_of_text(b"ID;PWXL;N;E\r\n") == "application/x-sylk"
    assert kind_of_text(b"WEB\r\n1\r\nhttp://a.example/\r\n") == "application/x-ms-iqy"
    assert kind_of_text(b"Identity: card") is None
    assert find_in_sheet(b"ID;P\r\nO;E\r\n", "application/x-sylk") == {"sheet_macro"}
    assert find_in_sheet(b"", "application/x-ms-iqy") == {"sheet_query"}
