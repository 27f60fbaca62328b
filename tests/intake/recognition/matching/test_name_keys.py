"""Hold that spellings of a name share a key, and that other names do not."""

import pytest

from intake.recognition.matching import name_keys
from tests.intake.recognition.matching.tokens import ALIKE, DIFFERENT, pairs


def test_tables_are_as_long_as_they_should_be() -> None:
    assert len(pairs(ALIKE)) >= 60
    assert len(pairs(DIFFERENT)) >= 40


@pytest.mark.parametrize(("left", "right"), pairs(ALIKE))
def test_spellings_of_one_name_share_a_key(left: str, right: str) -> None:
    assert name_keys(left) & name_keys(right)


@pytest.mark.parametrize(("left", "right"), pairs(DIFFERENT))
def test_other_names_share_no_key(left: str, right: str) -> None:
    assert not name_keys(left) & name_keys(right)


@pytest.mark.parametrize("name", ["", " ", "123", "...", "\n\t", "-", "*"])
def test_what_has_no_letters_has_no_key(name: str) -> None:
    assert name_keys(name) == frozenset()


@pytest.mark.parametrize("name", ["สมชาย", "李", "Ą", "a", "Å", "Σ"])
def test_any_script_and_length_is_accepted_twice_alike(name: str) -> None:
    assert name_keys(name) == name_keys(name.upper())


def test_order_case_and_hyphens_do_not_matter() -> None:
    assert name_keys("Ali HASSAN") & name_keys("hassan-ali") >= name_keys("Hassan")


def test_bare_abdul_is_no_key() -> None:
    assert name_keys("Abdul") == frozenset()


@pytest.mark.parametrize(
    "sign", ["a", "c", "x", "cacaca", "al ", "عبد ال", "ع", "'", "abd", "\u0301"]
)
def test_huge_name_has_few_keys(sign: str) -> None:
    assert len(name_keys(sign * 100_000)) < 2_000
