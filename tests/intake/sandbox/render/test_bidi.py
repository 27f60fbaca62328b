"""Hold that a line of text is drawn in the order in which its scripts are read."""

import pytest

from intake.sandbox.render.bidi import load_ordering, runs_from_right
from intake.sandbox.render.text import TextPages, load_typesetter, set_before


def seen(line: str, *, from_right: bool = False) -> str:
    """Return the letters of a line from left to right, as they are seen."""
    ordering = load_ordering()
    assert ordering is not None
    pieces = ordering.pieces(line, from_right=from_right)
    each = [(line[piece.start : piece.end], piece.runs_from_right) for piece in pieces]
    return "".join(letters[::-1] if turned else letters for letters, turned in each)


# Capital letters stand for what runs from right to left, as in UAX 9.
LETTERS = str.maketrans("ABCD,", "\u0627\u0628\u062a\u062b\u060c")
BACK = str.maketrans("\u0627\u0628\u062a\u062b\u060c", "ABCD,")


@pytest.mark.parametrize(
    ("line", "wanted"),
    [
        ("namn: AB, CD", "namn: DC ,BA"),
        ("a/b: AB/CD", "a/b: DC/BA"),
        ("x: AB 12 CD", "x: DC 12 BA"),
        ("x: AB 2026/12/03.", "x: 2026/12/03 BA."),
        ("mor: AB; far: CD", "mor: BA; far: DC"),
        ("plain, 12", "plain, 12"),
    ],
)
def test_a_line_from_left_to_right_keeps_the_order_of_arabic_in_it(line: str, wanted: str) -> None:
    assert seen(line.translate(LETTERS)).translate(BACK) == wanted


@pytest.mark.parametrize(
    ("line", "wanted"),
    [
        ("AB: eva lind, CD", "DC ,eva lind :BA"),
        ("12 AB", "BA 12"),
        # A bracket is turned when it is drawn.
        ("AB (a@b.example) CD", "DC )a@b.example( BA"),
    ],
)
def test_a_line_from_right_to_left_keeps_the_order_of_latin_in_it(line: str, wanted: str) -> None:
    assert seen(line.translate(LETTERS), from_right=True).translate(BACK) == wanted


def test_the_first_letter_with_a_direction_is_that_of_the_paragraph() -> None:
    assert runs_from_right("1. \u0627 a")
    assert not runs_from_right("1. a \u0627")
    assert not runs_from_right("12")


def test_all_rows_of_a_paragraph_run_as_it_does() -> None:
    """A row that begins with Latin letters begins on the right all the same."""
    typesetter = load_typesetter()
    written = "\u0627\u0628 " + "latin " * 40

    pages = TextPages(written, 72, typesetter, "")
    page = set_before(pages.rows(), 72, typesetter).draw(0)

    tops = sorted({word[1] for word in page.words})
    assert len(tops) > 1
    assert min(word[0] for word in page.words if word[1] == tops[-1]) > 300


def test_words_stand_where_they_are_seen_and_are_read_as_written() -> None:
    written = "Namn: \u0627\u0628\u060c \u062a\u062b f. 1990"

    page = TextPages(written, 72, load_typesetter(), "").draw(0)

    assert page.text == written
    assert [word[4] for word in page.words] == written.split(" ")
    lefts = {word[4]: word[0] for word in page.words}
    in_order = sorted(lefts, key=lefts.__getitem__)
    assert in_order == ["Namn:", "\u062a\u062b", "\u0627\u0628\u060c", "f.", "1990"]
