"""Check passwords: what is refused, and that a stranger's attempt costs the same work."""

import unicodedata

import pytest

from intake.accounts import passwords
from intake.accounts.passwords import PasswordRefused

GOOD = "a calm and long sentence"


@pytest.mark.parametrize(
    ("password", "word"),
    [
        ("short", "15"),
        ("fourteen chars", "15"),
        ("x1y2z" * 60, "256"),
        ("password12345678", "guess"),
        ("Correct Horse Battery Staple", "guess"),
        ("abababababababab", "guess"),
        ("anna.berg and a long tail", "address"),
        ("Welcome-2026-Welcome", "guess"),
        ("qwertyuiop123456789", "guess"),
        ("Document Service 2026!", "guess"),
        ("iom.example.iom.example", "guess"),
        ("Sommar2026Sommar2026", "guess"),
        ("losenord-losenord-1", "guess"),
        ("salasanasalasana99", "guess"),
        ("correcthorsebatterystaple", "guess"),
    ],
)
def test_weak_passwords_are_refused_with_the_reason(password: str, word: str) -> None:
    with pytest.raises(PasswordRefused) as refused:
        passwords.check_new(password, "anna.berg@iom.example")

    assert word in refused.value.public


@pytest.mark.parametrize(
    "password",
    [
        GOOD,
        "exactly15chars!",
        "långa ord på svenska",
        "密码云山水月花鸟风雨雪竹松梅兰",
        "x" * 3 + "jag tycker om kaffe" * 3,
    ],
)
def test_long_passwords_need_no_composition(password: str) -> None:
    passwords.check_new(password, "anna@iom.example")


def test_a_password_matches_only_its_own_hash() -> None:
    kept = passwords.make_hash(GOOD)

    assert kept.startswith("$argon2id$")
    assert passwords.matches(GOOD, kept)
    assert not passwords.matches(GOOD + "s", kept)
    assert not passwords.matches(GOOD, None)
    assert not passwords.matches("x" * 5000, kept)


def test_composed_and_decomposed_letters_are_the_same_password() -> None:
    kept = passwords.make_hash("långa ord på svenska")

    assert passwords.matches(unicodedata.normalize("NFD", "långa ord på svenska"), kept)


def test_nobodys_hash_costs_what_a_real_one_costs() -> None:
    assert not passwords.is_outdated(passwords.NOBODYS_HASH)


@pytest.mark.parametrize("cost", ["m=19456,t=1,p=1", "m=65536,t=3,p=4"])
def test_a_hash_of_another_cost_is_outdated(cost: str) -> None:
    assert passwords.is_outdated(f"$argon2id$v=19${cost}{passwords.NOBODYS_END}")
