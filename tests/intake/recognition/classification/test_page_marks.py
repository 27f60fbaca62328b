"""Check which marks on a page are found that are no words."""

import pytest

from intake.recognition.classification.page_marks import has_police_number, mrz_of, page_number
from tests.samples.paperwork.mrz import passport_lines

PASSPORT = "\n".join(passport_lines("DEMO", "PERSON", "X1"))
CARD = (
    "I<UTOD231458907<<<<<<<<<<<<<<<\n7408122F1204159UTO<<<<<<<<<<<6\nDEMO<<PERSON<ONE<<<<<<<<<<<<<<"
)


@pytest.mark.parametrize(
    ("page", "mark"),
    [
        (PASSPORT, "passport"),
        (("Name Demo\n" + PASSPORT).replace("<", "< "), "passport"),
        (CARD, "card"),
        (passport_lines("DEMO", "PERSON", "X1")[0], ""),
        ("if a << b\nand c << d", ""),
        ("<" * 100_000, ""),
        ("", ""),
    ],
)
def test_lines_for_machines_are_told_by_their_shape(page: str, mark: str) -> None:
    assert mrz_of(page) == mark


@pytest.mark.parametrize(
    ("page", "has_one"),
    [
        ("Dnr 5000-K123456-26", True),
        ("5000 - k77 - 26", True),
        ("5000-123456-26", False),
        ("K-nummer", False),
        ("1-K" * 100_000, False),
    ],
)
def test_the_number_of_a_police_report_is_seen(page: str, has_one: bool) -> None:
    assert has_police_number(page) is has_one


@pytest.mark.parametrize(
    ("page", "number"),
    [
        ("Sida 2 av 3\nText", 2),
        ("Text\nPage 1 of 12", 1),
        ("Sid 1 (1)", 1),
        ("sida 4/9", 4),
        ("Sida 2", None),
        ("x" * 400 + " see page 3 of 9 " + "x" * 400, None),
        ("", None),
    ],
)
def test_the_number_that_a_page_gives_itself_is_read(page: str, number: int | None) -> None:
    assert page_number(page) == number
