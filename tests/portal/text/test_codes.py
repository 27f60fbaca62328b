"""Check words of codes.

Each code that is stored has words on the pages, and no words are left over.
"""

from collections.abc import Mapping
from enum import StrEnum

import pytest

from intake.cases.views import EventKind
from intake.coordinators import status
from intake.queues.bulk_actions import ManyAct, SkipReason
from intake.queues.ends import ENDED
from portal.text import audit_acts, cases, labels, triage
from storage.audit_acts import Act
from storage.cases.cases import CaseState
from storage.cases.messages import MessageKind
from storage.documents.documents import DocumentState
from storage.mail.outbox import MailKind, codes_of
from storage.submissions.queue_items import Queue, TaskKind
from storage.submissions.submissions import (
    Channel,
    Outcome,
    Priority,
    Programme,
    SubmissionState,
)

# These have no words of their own, and a page shows the code or what it makes of it.
WITHOUT_WORDS: Mapping[type[StrEnum], frozenset[str]] = {
    # No case is in these states yet.
    CaseState: frozenset({CaseState.REDIRECTED, CaseState.RETAINED, CaseState.ERASED}),
    # The timeline of a case shows the code of the first; the other is about no case.
    MailKind: frozenset({MailKind.LINK, MailKind.INVITATION, MailKind.WARNING}),
}


def test_each_kind_of_message_has_its_title_in_the_timeline() -> None:
    assert {EventKind(kind.value) for kind in MessageKind} == set(cases.TITLES)


@pytest.mark.parametrize(
    ("codes", "words"),
    [
        (Act, audit_acts.ACTS),
        (CaseState, cases.STATES),
        (MailKind, cases.MAILS),
        (TaskKind, labels.TASKS),
        (Queue, labels.QUEUES),
        (Channel, labels.CHANNELS),
        (Channel, cases.ARRIVALS),
        (Programme, labels.PROGRAMMES),
        (SubmissionState, labels.SUBMISSION_STATES),
        (SubmissionState, status.BY_SUBMISSION),
        (Outcome, labels.OUTCOMES),
        (Outcome, labels.OUTCOME_HELP),
        (ManyAct, triage.SEVERAL),
        (ManyAct, triage.SEVERAL_DONE),
        (SkipReason, triage.LEFT_ALONE),
        (DocumentState, labels.DOCUMENT_MARKS),
        (Priority, labels.PRIORITY_MARKS),
    ],
)
def test_words_and_codes_are_the_same_set(
    codes: type[StrEnum], words: Mapping[str, object]
) -> None:
    expected = set(codes) - WITHOUT_WORDS.get(codes, frozenset())

    assert set(words) == expected


@pytest.mark.parametrize("outcome", list(Outcome))
def test_how_a_submission_ended_stands_beside_its_state(outcome: Outcome) -> None:
    is_sent_on = outcome is Outcome.REDIRECTED
    state = SubmissionState.REDIRECTED if is_sent_on else SubmissionState.CLOSED

    shown = labels.submission_state(state, outcome)

    assert state in ENDED
    assert shown == ("Sent on" if is_sent_on else f"Closed: {labels.OUTCOMES[outcome].lower()}")
    assert labels.details({"outcome": outcome.value}) == labels.OUTCOMES[outcome].lower()


@pytest.mark.parametrize("state", [each for each in SubmissionState if each not in ENDED])
def test_what_goes_on_has_no_end_beside_its_state(state: SubmissionState) -> None:
    assert labels.submission_state(state) == labels.SUBMISSION_STATES[state]


def test_each_code_of_a_mail_has_words() -> None:
    assert list(labels.RECEIPTS) == [code for kind in MailKind for code in codes_of(kind)]
