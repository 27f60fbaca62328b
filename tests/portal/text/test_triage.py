"""Check words of triage: reasons, confidence, holds and acts have theirs."""

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
        ("title:riskbedömning", "says \u2068«riskbedömning»\u2069 as a title"),
        ("form:195011", "form 195011"),
        ("learnt:parts_of_words", "has pieces of words as confirmed ones do"),
        ("nearest:ID-PASS", "nearest: Passport"),
        ("field:a\u202eb", "has the field \u2068«a\ufffdb»\u2069"),
        ("some_new_code", "some new code"),
    ],
)
def test_reasons_of_types_are_words(code: str, words: str) -> None:
    assert triage.type_reasons((code,), {"ID-PASS": "Passport"}) == words


def test_every_hold_and_step_has_its_words() -> None:
    assert set(triage.HOLD_REASONS) == set(decisions.HoldReason)
    assert set(triage.FILTERS) == set(Filters.__dataclass_fields__)
    assert set(triage.MARKS) == set(work_list.MARKS)
    assert set(triage.FILING_ACTS) == set(filing_acts.FilingActKind)
