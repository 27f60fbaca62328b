"""Hold what is found of what an office file holds and its pages do not show."""

import pytest

from intake.sandbox.office import legacy_binary, rtf, unseen
from intake.sandbox.office.ole import find_in_compound
from intake.sandbox.office.ooxml import find_in_office
from intake.sandbox.office.opendocument import find_in_opendocument
from tests.intake.sandbox.office.samples import docx, packed, workbook
from tests.samples.files.compound import write

CHANGED = "office_tracked_changes"
CELLS = "office_hidden_cells"


def run(inner: str, before: str = "") -> str:
    return f"<w:p><w:pPr>{before}</w:pPr><w:r>{inner}</w:r></w:p>"


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (docx(run("<w:t>a</w:t>"), comment="b"), {"office_comments"}),
        (docx("<w:p><w:del w:id='1' w:author='E'/></w:p>"), {CHANGED}),
        (docx("<w:p><w:ins\n w:author = 'E'/></w:p>"), {CHANGED}),
        (docx("<w:p><w:moveFrom w:author='E'/></w:p>"), {CHANGED}),
        (docx(run("<w:rPr><w:vanish/></w:rPr><w:t>a</w:t>")), {"office_hidden_text"}),
        (docx(run("<w:rPr><w:vanish w:val='0'/></w:rPr><w:t>a</w:t>")), set()),
        (docx(run("<w:t>a</w:t>", "<w:rPr><w:vanish/></w:rPr>")), set()),
        (docx(run("<w:t>author of a comment</w:t>")), set()),
        # Letters as numbers hide a word from a search.
        (docx(run("<w:t>&#97;</w:t></w:r><w:del w:author='E'/><w:r>")), {CHANGED}),
        (workbook([["a"]], hidden_row=0), {CELLS}),
        (workbook([["a"]], columns="<col min='1' max='1' width='9' hidden='true'/>"), {CELLS}),
        (workbook([["a"]], columns="<col min='1' max='1' width='0'/>"), {CELLS}),
        (workbook([["a"]], columns="<col min='1' max='1' width='0.5' hidden='0'/>"), set()),
        (workbook([["a"]], sheet="state='hidden'"), {"office_hidden_sheets"}),
        (workbook([["a"]], sheet="state='veryHidden'"), {"office_hidden_sheets"}),
        (workbook([["a"]], sheet="state='visible'"), set()),
    ],
)
def test_what_ooxml_does_not_show_is_found(content: bytes, expected: set[str]) -> None:
    assert find_in_office(content) == expected
    assert unseen.in_package(content) == expected


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("<o:annotation><o:p>a</o:p></o:annotation>", {"office_comments"}),
        ("<annotation encoding='StarMath 5.0'>a</annotation>", set()),
        ("<t:changed-region><t:deletion/></t:changed-region>", {CHANGED}),
        ("<t:table-row t:visibility='collapse'/>", {CELLS}),
        ("<s:table-properties t:display='false'/>", {"office_hidden_sheets"}),
        ("<s:text-properties s:a='1' t:display='none'/>", {"office_hidden_text"}),
        ("<s:text-properties t:display='true'/>", set()),
        ("<t:section t:name='a' t:display='none'>b</t:section>", {"office_hidden_text"}),
        ("<t:hidden-paragraph t:is-hidden='true'/>", {"office_hidden_text"}),
        ("<t:hidden-text t:is-hidden='false'/>", set()),
        # Letters as numbers hide a word from a search.
        ("<t:hidden-text t:is-hidden='tru&#101;'/>", {"office_hidden_text"}),
    ],
)
def test_what_opendocument_does_not_show_is_found(body: str, expected: set[str]) -> None:
    content = packed({"content.xml": f"<x xmlns:o='o' xmlns:t='t' xmlns:s='s'>{body}</x>"})

    assert find_in_opendocument(content) == expected


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        (rb"{\rtf1 a{\deleted 25}{\revised 17}}", {CHANGED}),
        (rb"{\rtf1 a{\*\annotation b}}", {"office_comments"}),
        (rb"{\rtf1 a{\v hidden}}", {"office_hidden_text"}),
        (rb"{\rtf1 a{\v0 shown} \\deleted \viewkind4 b}", set()),
    ],
)
def test_what_rtf_does_not_show_is_found(written: bytes, expected: set[str]) -> None:
    assert rtf.find_in_rtf(written) == expected


def record(kind: int, body: bytes) -> bytes:
    return kind.to_bytes(2, "little") + len(body).to_bytes(2, "little") + body


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        (record(0x85, bytes(4) + b"\x01\x00\x01\x00A"), ["office_hidden_sheets"]),
        (record(0x85, bytes(4) + b"\x00\x00\x01\x00A"), []),
        (record(0x208, bytes(12) + b"\x20\x01\x00\x00"), [CELLS]),
        (record(0x7D, bytes(8) + b"\x01\x00\x00\x00"), [CELLS]),
        (record(0x7D, b""), []),
        (record(0x1C, bytes(8)), ["office_comments"]),
    ],
)
def test_what_an_old_workbook_does_not_show_is_found(written: bytes, expected: list[str]) -> None:
    assert list(legacy_binary.find_in_workbook(written)) == expected


def test_style_that_hides_and_that_nothing_may_use_is_not_told() -> None:
    style = "<x xmlns:s='s' xmlns:t='t'><s:text-properties t:display='none'/></x>"

    assert find_in_opendocument(packed({"styles.xml": style})) == set()


def binary_record(kind: int, body: bytes) -> bytes:
    """Return a record of a binary workbook: type and size in seven bits a byte."""
    written = [kind] if kind < 128 else [kind & 0x7F | 0x80, kind >> 7]
    return bytes([*written, len(body)]) + body


@pytest.mark.parametrize(
    ("part", "written", "expected"),
    [
        ("xl/workbook.bin", binary_record(156, b"\x01" + bytes(9)), {"office_hidden_sheets"}),
        ("xl/workbook.bin", binary_record(156, bytes(9)), set()),
        ("xl/worksheets/sheet1.bin", binary_record(0, bytes(11) + b"\x10"), {CELLS}),
        ("xl/worksheets/sheet1.bin", binary_record(60, bytes(16) + b"\x01"), {CELLS}),
        ("xl/worksheets/sheet1.bin", binary_record(60, bytes(18)), set()),
        ("xl/comments1.bin", binary_record(635, bytes(9)), {"office_comments"}),
        ("xl/worksheets/sheet1.bin", b"\xff" * 90, set()),
    ],
)
def test_what_a_binary_workbook_does_not_show_is_found(
    part: str, written: bytes, expected: set[str]
) -> None:
    begun = binary_record(129, b"") + written
    types = {"[Content_Types].xml": b"<Types/>", part: begun}

    assert find_in_office(packed(types)) == expected


def test_comments_of_an_old_word_file_are_found() -> None:
    plain = bytearray(5000)
    commented = bytes(plain[:190]) + b"\x0c" + bytes(plain[191:])

    assert "office_comments" not in find_in_compound(write({"WordDocument": bytes(plain)}))
    assert "office_comments" in find_in_compound(write({"WordDocument": commented}))


def test_a_part_of_open_tags_is_searched_in_linear_time() -> None:
    assert list(unseen.in_part("a.xml", b"<w:del <w:row hidden author" * 400_000)) == []
