"""Texts that look alike have one skeleton, and others have not."""

import unicodedata

import pytest

from intake.senders.confusables import DOUBLES, shown_domain, skeleton

ALIKE = [
    ("malmo", "Malmö"),
    ("malmo", "rnalmo"),
    ("malmo", "ma1mo"),
    ("malmo", "maimo"),
    ("malmo", "malm0"),
    ("malmo", "mаlmо"),  # Cyrillic а and о
    ("malmo", "ΜALMΟ"),  # Greek capitals
    ("malmo", "ｍａｌｍｏ"),
    ("malmo", "ma\u200blmo"),
    ("malmo", "ma\u0142mo"),
    ("malmo", "m\u0251lmo"),
    ("partner", "pаrtnеr"),
    ("registered", "reg\u0131stered"),
    ("window", "vvindow"),
    ("kommun", "kornrnun"),
    ("office", "оffice"),
    ("clara", "dara"),
    ("strasse", "straße"),
]
UNLIKE = [("malmo", "malma"), ("lund", "land"), ("solna", "sala"), ("mora", "tora"), ("a", "")]


@pytest.mark.parametrize(("one", "other"), ALIKE)
def test_look_alikes_have_one_skeleton(one: str, other: str) -> None:
    assert skeleton(one) == skeleton(other)


@pytest.mark.parametrize(("one", "other"), UNLIKE)
def test_others_have_two(one: str, other: str) -> None:
    assert skeleton(one) != skeleton(other)


def test_no_letter_is_taken_for_two() -> None:
    doubles = "".join(DOUBLES.values())

    assert len(set(doubles)) == len(doubles)
    assert all(unicodedata.name(letter) and not letter.isascii() for letter in doubles)


@pytest.mark.parametrize(
    ("domain", "shown"),
    [
        ("xn--malm-8qa.se", "malmö.se"),
        ("mail.xn--malm-8qa.se", "mail.malmö.se"),
        ("plain.example", "plain.example"),
        ("xn--.example", ".example"),
        ("xn--99999999999999.example", "xn--99999999999999.example"),
        ("", ""),
    ],
)
def test_a_domain_is_shown_decoded(domain: str, shown: str) -> None:
    assert shown_domain(domain) == shown
