"""Check guessable passwords.

Those that everybody tries are refused, sentences of one's own are not.
"""

import itertools

import pytest

from intake.accounts.password_strength import is_guessable, own_chars

BASES = "password welcome qwerty letmein admin dragon iloveyou football sommar losenord salasana"
TAILS = ("", "1", "12", "123", "1234", "!", "!!", "2024", "2025", "2026", "@2026", "#1", "007")


def made() -> list[str]:
    """Return what cracking programs make first of the commonest words, long enough for us."""
    words = [form for base in BASES.split() for form in (base, base.title(), base.upper())]
    twice = [f"{a}{glue}{b}{tail}" for a, b in itertools.product(words, words)
             for glue in ("", "-") for tail in TAILS]  # fmt: skip
    return [word for word in twice if len(word) >= 15]


def test_thousands_of_common_ones_are_refused() -> None:
    tried = made()

    let_through = [word for word in tried if not is_guessable(word)]

    assert len(tried) > 3000
    assert let_through == []


@pytest.mark.parametrize(
    "password",
    [
        "123456789012345",
        "111111111111111",
        "abcdefghijklmnopqrstuvwxyz",
        "qwertyuiopasdfghjklzxcvbnm",
        "1q2w3e4r5t6y7u8i9o0p",
        "1qaz2wsx3edc4rfv5tgb",
        "poiuytrewqlkjhgfdsa",
        "passwordpasswordpassword",
        "iloveyouiloveyou",
        "letmeinletmeinletmein",
        "welcomewelcome123",
        "p@ssw0rd-p@ssw0rd",
        "ababababababababab",
    ],
)
def test_what_stands_on_every_list_is_refused(password: str) -> None:
    assert is_guessable(password)


@pytest.mark.parametrize(
    "password",
    [
        "a calm and long sentence",
        "my password lives in a blue kettle",
        "jag cyklar helst i regn på hösten",
        "kahdeksan vihreää saapasta",
        "кофе без сахара утром",
        "2026 was the year of the owl",
        "vT7#kq!mZ0^pLw2&",
    ],
)
def test_a_sentence_of_ones_own_is_kept(password: str) -> None:
    assert not is_guessable(password)


def test_words_of_the_address_count_for_nothing() -> None:
    assert own_chars("region-norr region", ("region", "norr")) == 0
    assert own_chars("region-norr region") > 7


def test_a_long_hostile_text_is_looked_at_in_little_steps() -> None:
    assert is_guessable("ab" * 128)
    assert not is_guessable("".join(chr(0x4E00 + number * 7) for number in range(256)))
