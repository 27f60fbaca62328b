"""Hold which rows of a table are told to cut their words."""

import pytest

from intake.sandbox.office import ooxml, unseen
from intake.sandbox.office.cut_rows import FINDING, in_part, in_rtf
from tests.samples.files.office import docx

LONG = "Words that go on and on. " * 8


def row(words: str, height: int, rule: str = "exact", *, cell: str = "", run: str = "") -> str:
    """Return a table of one row with one cell."""
    return (
        f'<w:tbl><w:tr><w:trPr><w:trHeight w:val="{height}" w:hRule="{rule}"/></w:trPr><w:tc>'
        f"<w:tcPr>{cell}</w:tcPr><w:p><w:r><w:rPr>{run}</w:rPr><w:t>{words}</w:t></w:r></w:p>"
        "</w:tc></w:tr></w:tbl>"
    )


def sized(half_points: int) -> str:
    return f'<w:sz w:val="{half_points}"/>'


def wide(twips: int) -> str:
    return f'<w:tcW w:w="{twips}" w:type="dxa"/>'


@pytest.mark.parametrize(
    ("body", "is_cut"),
    [
        (row("Hej", 40), True),
        (row("Hej", 200, run=sized(48)), True),
        (row(LONG, 300, cell=wide(1500)), True),
        (row("A</w:t><w:br/><w:t>B</w:t><w:br/><w:t>C", 240), True),
        (row("Hej", 40, "atLeast"), False),
        (row("Hej", 240), False),
        (row("Hej", 80, run=sized(8)), False),
        (row(" ", 40), False),
        (row("", 1), False),
        (row("Hej", 0), False),
        (row(LONG, 4000, cell=wide(1500)), False),
        (row("Hej", 40, cell="<w:vMerge/>"), False),
        (row("Hej", 40, cell='<w:textDirection w:val="btLr"/>'), False),
        ("<w:p><w:r><w:t>Hej</w:t></w:r></w:p>", False),
    ],
)
def test_row_of_an_exact_height_is_lower_than_its_words(body: str, is_cut: bool) -> None:
    content = docx(body)

    assert (FINDING in ooxml.find_in_office(content)) is is_cut
    assert (FINDING in unseen.in_package(content)) is is_cut


def test_part_that_cannot_be_read_says_nothing() -> None:
    assert not in_part(b'<w:trHeight w:val="1" w:hRule="exact"/>Hej')


@pytest.mark.parametrize(
    ("content", "is_cut"),
    [
        (rb"{\rtf1\trowd\trrh-40\cellx900\intbl Hej\cell\row}", True),
        (rb"{\rtf1\trowd\trrh-40\cellx900\intbl\cell\row Hej}", False),
        (rb"{\rtf1\trowd\trrh40\cellx900\intbl Hej\cell\row}", False),
        (rb"{\rtf1\trowd\trrh-240\cellx900\intbl Hej\cell\row}", False),
        (rb"{\rtf1 Hej}", False),
    ],
)
def test_the_same_in_rtf(content: bytes, is_cut: bool) -> None:
    assert in_rtf(content) is is_cut
    assert (FINDING in unseen.in_rtf(content)) is is_cut
