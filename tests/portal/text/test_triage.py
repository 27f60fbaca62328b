"""Check words of triage: reasons, confidence, holds and acts have theirs."""

from datetime import UTC, datetime, timedelta

import pytest

from intake.queues.work_list import Filters
from intake.triage import decisions
from portal.text import triage
from storage.cases import filing_acts
from storage.lists import work_list


@pytest.mark.parametrize(
    ("chance", "word"), [(0.99, "sure"), (0.9, "sure"), (0.71, "likely"), (0.5, "unsure")]
)
def test_confidence_is_a_word(chance: float, word: str) -> None:
    assert triage.confidence(chance) == word


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("title:riskbedömning", "title \u2068«riskbedömning»\u2069"),
        ("form:195011", "form 195011"),
        ("learnt:bedomning", "its words are like those of this type"),
        ("nearest:ID-PASS", "nearest: Passport"),
        ("field:a\u202eb", "the field \u2068«a\ufffdb»\u2069"),
        ("some_new_code", "a reason of an earlier release"),
    ],
)
def test_reasons_of_types_are_words(code: str, words: str) -> None:
    assert triage.type_reasons((code,), {"ID-PASS": "Passport"}) == (words,)


def test_a_reason_is_said_once_and_the_plainest_first() -> None:
    codes = (
        "word:samtycke", "learnt:samtycke", "learnt:bedomning", "word:bedömning",
        "title:Samtycke", "form:195011",
    )  # fmt: skip

    assert triage.type_reasons(codes, {}) == (
        "title \u2068«Samtycke»\u2069",
        "form 195011",
        "says \u2068«bedömning»\u2069",
        "its words are like those of this type",
    )


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (0, "today"), (1, "in 1 day"), (20, "in 20 days"), (119, "in 119 days"),
        (180, "in 6 months"), (800, "in 2 years"), (1965, "in 5 years"), (-2, "2 days ago"),
    ],
)  # fmt: skip
def test_a_day_far_away_is_said_in_its_own_unit(days: int, words: str) -> None:
    now = datetime(2026, 11, 24, 9, tzinfo=UTC)

    assert triage.days_until(now.date() + timedelta(days), now) == words


def test_every_hold_and_step_has_its_words() -> None:
    assert set(triage.HOLD_REASONS) == set(decisions.HoldReason)
    assert set(triage.FILTERS) == set(Filters.__dataclass_fields__)
    assert set(triage.MARKS) == set(work_list.MARKS)
    assert set(triage.FILING_ACTS) == set(filing_acts.FilingActKind)
