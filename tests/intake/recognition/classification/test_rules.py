"""Check what the taxonomy alone says about a document."""

import pytest

from intake.recognition.classification.rules import (
    DocumentFacts,
    RuleBook,
    Score,
    looks_like_photo,
    score,
)
from intake.recognition.classification.tokens import words_of
from tests.samples.paperwork.files import REFERRAL_FIELDS, passport_page


def scored(book: RuleBook, text: str, facts: DocumentFacts | None = None) -> dict[str, Score]:
    return score(book, [words_of(text)], [text], facts or DocumentFacts())


@pytest.mark.parametrize(
    ("text", "code", "reason"),
    [
        ("Riskbedömning", "RISK-ASM", "title:riskbedömning"),
        ("RISKBEDOMNINGEN", "RISK-ASM", "title:riskbedömning"),
        ("samtycke att haeva", "CONS-SHARE", "word:samtycke"),
        ("Formulär 195011", "PRM-REFL", "form:195011"),
        ("enligt 5 kap. 15 § utlänningslagen", "PRM-REFL", "word:5 kap. 15 §"),
        ("God mans förordnande: överförmyndaren", "CHD-GUARD", "word:överförmyndaren"),
        (passport_page(), "ID-PASS", "mrz"),
    ],
)
def test_a_word_a_number_or_a_mark_speaks_for_its_type(
    book: RuleBook, text: str, code: str, reason: str
) -> None:
    assert reason in scored(book, text)[code].reasons


@pytest.mark.parametrize("text", ["riskbedömare", "ransamtycke", "kompass", "solsken", "domare p"])
def test_a_part_of_another_word_says_nothing(book: RuleBook, text: str) -> None:
    assert scored(book, text) == {}


def test_a_word_said_often_counts_once(book: RuleBook) -> None:
    once, often = scored(book, "hotbild"), scored(book, "hotbild " * 50)

    assert once["RISK-ASM"].points == often["RISK-ASM"].points


def test_a_word_counts_more_in_the_heading(book: RuleBook) -> None:
    below = scored(book, "annat " * 100 + "hotbild")

    assert scored(book, "hotbild")["RISK-ASM"].points > below["RISK-ASM"].points


def test_field_names_of_a_form_speak_for_the_referral(book: RuleBook) -> None:
    found = scored(book, "", DocumentFacts(field_names=tuple(REFERRAL_FIELDS)))

    assert found["REF-FORM"].points > found["CONS-SHARE"].points
    assert "field:referral_coordinator" in found["REF-FORM"].reasons


def test_hostile_field_names_are_only_compared(book: RuleBook) -> None:
    names = ("a" * 10_000_000, "\x00", "consent_share\u202e", *("x" * 50_000))

    assert scored(book, "", DocumentFacts(field_names=names)) == {}


def test_the_fact_of_machine_lines_counts_where_the_text_has_none(book: RuleBook) -> None:
    assert scored(book, "", DocumentFacts(has_mrz=True))["ID-PASS"].reasons == ("mrz",)


@pytest.mark.parametrize(
    ("size", "is_picture", "looks"),
    [
        ((35, 45), True, True),
        ((210, 297), True, False),
        ((35, 45), False, False),
        ((0, 0), True, False),
    ],
)
def test_a_passport_photo_is_told_by_its_shape(
    size: tuple[float, float], is_picture: bool, looks: bool
) -> None:
    facts = DocumentFacts(page_sizes_mm=(size,), is_picture=is_picture)

    assert looks_like_photo(facts) is looks
