"""Check prepared answers.

Whole in two languages, silent about the programme, and never a fall-back.
"""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest

from intake.core.services import Services
from intake.correspondence import free_text
from intake.correspondence.free_text import Known
from intake.reference_data import edition_rules, editions, word_lists
from intake.reference_data.answer_template import CLOSING, HELPLINE, unknown_fields
from intake.reference_data.prepared_answers import (
    FIXED,
    LANGUAGES,
    PURPOSES,
    AnswerIncomplete,
    AnswerWords,
    AnswerWriter,
    PreparedAnswer,
    fill_blanks,
    find_answer,
    languages_of,
    shipped_answers,
)
from storage.base import new_id
from storage.database import Session
from storage.editions import Edition, EditionKind
from tests.support.building import MAIL_TEXTS

TODAY = date(2026, 11, 24)
WRITER = AnswerWriter(MAIL_TEXTS)
VALUES = {
    "reference": "K7M-4QX-9T",
    "link": "https://portal.example/sign-in",
    "helpline": "+358 40 628 1182",
    "more": "",
}
BOTH = ("sv", "en")
# Requirement 116: what may not stand in ordinary mail, in both languages.
FORBIDDEN = re.compile(
    r"traffick|prostitut|victim|\boffer|\breturn|återvänd|avrr|åmp\b|asylum|\basyl|reintegrat|"
    r"återintegr|återetabl|\bcash\b|kontant|bidrag|människohandel|\biom\b|passport|\bpass\b|polis"
    r"(?!ärenden)|\bpolice\b(?! matters)|migration|refer(?!en[cs])|remiss|ärende\b|\bcase\b",
    re.IGNORECASE,
)


@pytest.fixture
def session(sqlite_services: Services) -> Iterator[Session]:
    """Give a session on an empty database."""
    with sqlite_services.database.reading() as opened:
        yield opened


def prepared(session: Session, code: str, language: str) -> PreparedAnswer:
    found = find_answer(session, code, language, TODAY)
    assert found is not None
    return found


def written(session: Session, code: str, language: str, **values: str) -> AnswerWords:
    closing = prepared(session, CLOSING, language)
    return WRITER.write(prepared(session, code, language), closing, VALUES | values)


@pytest.mark.parametrize("language", BOTH)
@pytest.mark.parametrize("code", PURPOSES)
def test_every_answer_is_whole_and_betrays_nothing(
    session: Session, code: str, language: str
) -> None:
    words = written(session, code, language)

    whole = f"{words.subject}\n{words.text}"
    assert FORBIDDEN.findall(whole) == []
    assert "{" not in whole
    assert words.subject.isascii()
    assert "\n" not in words.subject
    assert "114 14" in words.text
    assert re.search(r"\b112\b", words.text)
    nobody = Known((), frozenset(), ("020-39 00 00", "+358 40 628 1182"), frozenset(), TODAY)
    listed = editions.shipped(EditionKind.WORDS)[-1].content
    leaving = word_lists.read_list(listed, word_lists.LEAVES)
    found = free_text.find(whole, nobody, free_text.MAIL, leaving)
    assert [each for each in found if each.code == "programme_word"] == []


def test_shipped_answers_are_editions_that_would_be_accepted() -> None:
    for entry in shipped_answers():
        assert edition_rules.content_problems("answer", entry["content"]) == ()
        assert edition_rules.code_problem("answer", entry["code"]) is None
        assert edition_rules.language_problem("answer", entry["language"]) is None
        assert unknown_fields(entry["content"]["text"]) == ()


def test_each_text_ships_once_in_each_of_two_languages() -> None:
    shipped = sorted((entry["code"], entry["language"]) for entry in shipped_answers())

    codes = [*PURPOSES, CLOSING, HELPLINE]
    assert shipped == sorted((code, language) for code in codes for language in BOTH)


def test_a_language_without_a_translator_is_missing(session: Session) -> None:
    known = languages_of(session, find_answer, "call_us", TODAY)

    assert known == {language: language in BOTH for language in LANGUAGES}


def test_the_answer_about_others_is_the_fixed_one(session: Session) -> None:
    words = written(session, "third_party_neutral", "en", more="added")

    assert words.text.strip() == (
        "We cannot say whether we are or have been in contact with any person. If you are worried"
        " about someone's safety in Sweden, call 114 14, or 112 in an emergency."
    )
    assert words.subject == "Message"
    assert frozenset({"third_party_neutral"}) == FIXED


def test_added_words_stand_between_text_and_closing(session: Session) -> None:
    text = written(session, "call_us", "sv", more="Vi väntar på dig.").text

    assert text.index("K7M-4QX-9T") < text.index("Vi väntar på dig.") < text.index("Svara inte")


def test_a_blank_that_cannot_be_filled_says_which() -> None:
    with pytest.raises(AnswerIncomplete) as raised:
        fill_blanks("call_us", "{reference} {room} {helpline} {room}", {**VALUES, "helpline": ""})

    assert "«room», «helpline»" in raised.value.public


@pytest.mark.parametrize(
    ("text", "unknown"),
    [
        ("Ref {reference}", ()),
        ("{name} and {reference}", ("name",)),
        ("{}", ("",)),
        ("{reference.__class__}", ("reference.__class__",)),
    ],
)
def test_a_blank_that_nobody_fills_is_told_when_it_is_proposed(
    text: str, unknown: tuple[str, ...]
) -> None:
    assert unknown_fields(text) == unknown


def test_a_blank_never_reaches_into_a_value() -> None:
    with pytest.raises(AnswerIncomplete):
        fill_blanks("call_us", "{reference.__class__}", VALUES)


def edition(**changes: Any) -> Edition:  # Any: a column of any type
    fields: dict[str, Any] = {
        "id": new_id(),
        "kind": "answer",
        "code": "call_us",
        "language": "ar",
        "number": 1,
        "valid_from": date(2026, 1, 1),
        "valid_to": None,
        "content": {"source": "test", "subject": "s {reference}", "text": "t"},
        "state": "approved",
        "proposed_at": datetime(2026, 1, 1, tzinfo=UTC),
    }
    return Edition(**(fields | changes))


def test_what_the_office_approved_goes_before_what_ships(sqlite_services: Services) -> None:
    with sqlite_services.database.transaction() as session:
        session.add(edition(language="sv"))
        session.add(edition(state="proposed"))

    with sqlite_services.database.reading() as session:
        swedish = find_answer(session, "call_us", "sv", TODAY)
        assert swedish is not None
        assert (swedish.number, swedish.text) == (1, "t")
        assert find_answer(session, "call_us", "ar", TODAY) is None
        assert find_answer(session, "call_us", "sv", date(2025, 1, 1)) is None
