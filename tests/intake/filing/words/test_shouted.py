"""A word that is shouted means now, though a signature would say the same of whom to call."""

import pytest

from intake.senders.emergencies.urgent_words import says_urgent


@pytest.mark.parametrize(
    "text",
    ["AKUT FALL ring 070-000 00 00", "AKUT: ring 070-000 00 00", "URGENT CASE please call me"],
)
def test_a_shouted_word_is_urgent(text: str) -> None:
    assert says_urgent(text, "")


@pytest.mark.parametrize("text", ["Akuta fall: ring 112", "Vid akut fara ring 112"])
def test_a_standing_phrase_is_not(text: str) -> None:
    assert not says_urgent(f"Hej\nHär kommer papperen.\n--\n{text}", "")
