"""Check where one scan is found to hold several documents."""

import pytest

from intake.recognition.classification.page_splitting import (
    COST_AGAINST,
    COST_WITH_SIGN,
    COST_WITHOUT,
    beginning_cost,
    changes_size,
    split_pages,
)
from intake.recognition.classification.rules import RuleBook
from intake.recognition.classification.tokens import words_of
from tests.samples.paperwork.files import passport_page

A, B, NOTHING = (0.98, 0.02), (0.02, 0.98), None
Pages = list[tuple[float, float] | None]


@pytest.mark.parametrize(
    ("pages", "signs", "begins"),
    [
        ([A], set(), [0]),
        ([A, A, A], {1, 2}, [0]),
        ([A, B], {1}, [0, 1]),
        ([A, B], set(), [0]),
        ([A, B, B], set(), [0]),
        ([A, A, B, B], set(), [0, 2]),
        ([A, A, B, A], set(), [0]),
        ([A, NOTHING, B], {2}, [0, 2]),
        ([NOTHING, NOTHING], {1}, [0]),
        ([A, B, A], {1, 2}, [0, 1, 2]),
    ],
)
def test_a_cut_needs_a_sign_or_much_evidence(
    pages: Pages, signs: set[int], begins: list[int]
) -> None:
    costs = [COST_WITH_SIGN if place in signs else COST_WITHOUT for place in range(len(pages))]

    assert split_pages(pages, costs) == begins


@pytest.mark.parametrize(
    ("page", "cost"),
    [
        ("Sida 1 av 2", COST_WITH_SIGN),
        ("Sida 2 av 2 Riskbedömning", COST_AGAINST),
        ("Riskbedömning för klienten", COST_WITH_SIGN),
        ("fortsättning av texten på förra bladet", COST_WITHOUT),
        (passport_page(), COST_WITH_SIGN),
        ("", COST_WITHOUT),
    ],
)
def test_a_page_shows_whether_a_document_begins(book: RuleBook, page: str, cost: float) -> None:
    assert beginning_cost(book, page, words_of(page)) == cost


def test_another_size_of_page_is_a_sign(book: RuleBook) -> None:
    sizes = [(210.0, 297.0), (125.0, 88.0), (210.0, 297.0), (216.0, 279.0)]

    changes = [changes_size(sizes, place) for place in range(5)]

    assert changes == [False, True, True, False, False]
    assert beginning_cost(book, "", (), is_of_other_size=True) == COST_WITH_SIGN
