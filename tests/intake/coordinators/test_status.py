"""Check status words: each state has one of ten, and a hold reads like everyday work."""

import pytest

from intake.coordinators.status import Status, of_case, of_submission


@pytest.mark.parametrize(
    ("state", "word"),
    [
        ("RECEIVED", "received"),
        ("DOCUMENTS", "received"),
        ("HOLDING", "being_checked"),
        ("QUEUED", "being_checked"),
        ("CONFIRMED", "confirmed"),
        ("REDIRECTED", "closed"),
        ("CLOSED", "closed"),
        ("SOMETHING_NEW", "being_checked"),
    ],
)
def test_a_submission_has_a_word(state: str, word: str) -> None:
    assert of_submission(state, is_duplicate=False) == word
    assert of_submission(state, is_duplicate=True) == "being_checked"


@pytest.mark.parametrize(
    ("state", "is_missing", "word"),
    [
        ("RECEIVED", True, "received"),
        ("CONFIRMED", False, "confirmed"),
        ("CONFIRMED", True, "need_more"),
        ("AWAITING_DOCS", False, "need_more"),
        ("ASSESSMENT", True, "under_assessment"),
        ("TRAVEL_BOOKED", False, "preparing"),
        ("REINTEGRATION", False, "returned"),
        ("SAFETY_HOLD", False, "being_checked"),
        ("HOLD_SENDER", True, "being_checked"),
        ("HOLD_CONSENT", False, "being_checked"),
        ("WITHDRAWN", False, "closed"),
    ],
)
def test_a_case_has_a_word(state: str, is_missing: bool, word: str) -> None:
    assert of_case(state, is_missing=is_missing, first=Status.RECEIVED) == word
