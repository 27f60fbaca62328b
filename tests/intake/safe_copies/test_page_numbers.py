"""Check which files show by their page numbers that pages are missing or out of order."""

import pytest

from intake.safe_copies.page_numbers import MISSING_PAGES, advise_on_pages

BODY = "\n".join(f"Line {number} of what was written." for number in range(20))


@pytest.mark.parametrize(
    "footers",
    [
        ["Page 1 of 2", "Page 2 of 2"],
        ["1/3", "2/3", "3/3"],
        ["1 (2)", "2 (2)"],
        ["- 1 / 2 -", "- 2 / 2 -"],
        ["Sida 1 av 2", "Sida 2 av 2"],
        ["", "Page 2 of 2"],  # a first page seldom has a number
        ["Page 1 of 2", ""],
        ["Page 1 of 3", "", "Page 3 of 3"],
        ["Page 1 of 2", "", "Page 2 of 2", ""],  # the backs of the sheets
        ["Page 1 of 2", "Page 2 of 2", "Page 1 of 3", "Page 2 of 3", "Page 3 of 3"],
        ["Page 1 of 1", "Page 1 of 1"],
        ["", "", ""],
        [],
    ],
)
def test_whole_texts_get_no_advice(footers: list[str]) -> None:
    assert advise_on_pages([f"{BODY}\n{footer}" for footer in footers]) == set()


@pytest.mark.parametrize(
    "footers",
    [
        ["Page 1 of 5"],
        ["Page 2 of 2"],
        ["Page 1 of 3", "Page 3 of 3"],
        ["Page 1 of 3", "Page 2 of 3"],
        ["Page 2 of 3", "Page 3 of 3"],
        ["Page 2 of 2", "Page 1 of 2"],
        ["Page 1 of 3", "Page 3 of 3", "Page 2 of 3"],
        ["", "Page 3 of 3"],
        ["Page 1 of 4", "", "Page 4 of 4"],
        ["Page 2 of 3", "Page 2 of 3", "Page 3 of 3"],
        ["Page 1 of 2", "Page 2 of 2", "Page 2 of 3", "Page 3 of 3"],
    ],
)
def test_texts_with_a_gap_or_in_disorder_get_advice(footers: list[str]) -> None:
    assert advise_on_pages([f"{BODY}\n{footer}" for footer in footers]) == {MISSING_PAGES}


@pytest.mark.parametrize(
    "footer",
    [
        "Page 2 of 5",
        "page: 2/5",
        "PAGE 2 (5)",
        "Sida 2 av 5",
        "Sid 2(5)",
        "Sivu 2/5",
        "2/5",
        "2 (5)",
        "2 of 5",
        "— 2 av 5 —",
        "صفحة 2 من 5",
        "صفحه ۲ از ۵",
        "Our reference 12/2026    Page 2 of 5",
    ],
)
def test_page_number_is_read_in_every_usual_form(footer: str) -> None:
    assert advise_on_pages([f"{BODY}\n{footer}"]) == {MISSING_PAGES}
    assert advise_on_pages([f"{footer}\n{BODY}"]) == {MISSING_PAGES}


@pytest.mark.parametrize(
    "line",
    [
        "12/2026",
        "Ref 2/5",
        "2 of 5 children came along.",
        "5/2",
        "0/3",
        "2/501",
        "Page 2",
        "Page 2 of 5 and page 3 of 5 follow.",  # two numbers: it speaks of pages
        "1234/5678",
        "Room 2 (5)",
    ],
)
def test_what_only_looks_like_a_number_of_a_page_is_none(line: str) -> None:
    assert advise_on_pages([f"{BODY}\n{line}"]) == set()


def test_numbers_in_the_middle_of_a_page_are_not_its_own() -> None:
    assert advise_on_pages([f"{BODY}\nPage 2 of 5\n{BODY}"]) == set()
