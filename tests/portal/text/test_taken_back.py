"""Check that a row about what was taken back reads as a sentence, whatever it was."""

import re

import pytest

from intake.triage.undoing.acts import REVERSALS, Way
from intake.triage.undoing.steps import TAKES_BACK
from portal.text import labels
from portal.text.audit_acts import ACTS
from portal.text.known.history import AGAIN_AS_BEFORE, words_of
from portal.text.known.summary import OF_PRIORITY
from portal.text.reasons import REASONS
from storage.audit_acts import Act
from storage.mail.outbox import MailKind, codes_of

NAMED = [act for act, way in REVERSALS.items() if way in {Way.DECISION, Way.ASSIGNMENT}]
MAILS = (MailKind.ANSWER, MailKind.RESEND_REQUEST, MailKind.CONFIRMATION)


@pytest.mark.parametrize("act", NAMED)
def test_what_was_decided_is_said_to_be_as_before(act: Act) -> None:
    detail = {"taken_back": act.value, "event": 7}

    said = words_of(Act.DECISION_TAKEN_BACK, detail, {})

    assert said == AGAIN_AS_BEFORE[act]
    # It says what is so now, and does not repeat what was taken back as if it still stood.
    assert re.fullmatch(r"(it|the|what) .*\b(is|was|does|counts)\b.*", said)
    assert ACTS[act].lower() != said


@pytest.mark.parametrize("code", [code for kind in MAILS for code in codes_of(kind)])
def test_which_mail_did_not_leave_is_said(code: str) -> None:
    assert words_of(Act.MAIL_TAKEN_BACK, {"sent": code}, {}).endswith(" did not leave")


@pytest.mark.parametrize("act", [*TAKES_BACK, Act.QUESTION_ANSWER_TAKEN_BACK])
def test_every_act_that_takes_back_has_a_title(act: Act) -> None:
    assert re.search(r"taken back|again|ended|not sent", ACTS[act].lower()), ACTS[act]


@pytest.mark.parametrize(
    ("suggested", "said"),
    [("ID-PASS", "Passport"), ("CORR", "Passport · suggested was Letter"), ("", "Passport")],
)
def test_what_was_suggested_is_told_where_another_was_chosen(suggested: str, said: str) -> None:
    detail = {"kind": "ID-PASS", "suggested": suggested}

    shown = words_of(Act.DOCUMENT_TYPE_CORRECTED, detail, {"ID-PASS": "Passport", "CORR": "Letter"})

    assert shown == said


def test_only_what_makes_urgent_stands_beside_the_priority() -> None:
    assert set(REASONS) >= OF_PRIORITY
    assert "filing_undone" not in OF_PRIORITY
    assert labels.reason("filing_undone") == (
        "It was taken out of its case again, and waits for one."
    )
