"""Tell from the audit trail whether somebody changed a thing since another officer read it.

Each change by a person is one audit event, and the numbers of events only grow: so the newest
number of the whole trail is the version of everything on a page, and no column has to be kept in
step. A form carries the number at which its page was read; a use case that holds the thing's row
lock asks here whether a person has changed that thing since. What the machine changes meanwhile
does not count.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from intake.core.errors import Conflict
from storage import audit
from storage.accounts import users
from storage.audit_acts import Act

if TYPE_CHECKING:
    from storage.database import Session

PERSON = "user:"
# Whatever decision was undone, somebody changed the submission.
TAKEN_BACK = Act.DECISION_TAKEN_BACK


@dataclass(frozen=True)
class Aspect:
    """A part of a submission or case that is changed by itself.

    `acts` are the audited acts that change it; where `key` is set, only those whose detail holds
    `value` there.
    """

    acts: frozenset[Act]
    key: str = ""
    value: str = ""

    def covers(self, act: str, detail: dict[str, Any]) -> bool:  # Any: an event's codes and numbers
        """Tell whether an audited act changed this thing."""
        is_this = not self.key or detail.get(self.key) == self.value
        return act == TAKEN_BACK or (act in self.acts and is_this)


# Where a submission stands: filed, held, confirmed, handed on, finished.
SUBMISSION_STATE = Aspect(
    frozenset(
        {
            Act.SUBMISSION_CLOSED_WITHOUT,
            Act.SUBMISSION_CONFIRMED,
            Act.SUBMISSION_REOPENED,
            Act.SUBMISSION_HELD,
            Act.SUBMISSION_RESUMED,
            Act.SUBMISSION_HANDED_ON,
            Act.SUBMISSION_FINISHED,
            Act.SUBMISSION_OPENED_AGAIN,
            Act.QUESTION_ANSWERED,
            Act.QUESTION_ANSWER_TAKEN_BACK,
            Act.SUBMISSION_ACCEPTED,
            Act.SUBMISSION_SPLIT,
            Act.FILING_UNDONE,
        }
    )
)
# What officers were told about a referral.
TOLD_FACTS = Aspect(frozenset({Act.FACTS_TOLD}))
CASH_DECISION = Aspect(frozenset({Act.DECISION_NOTED}))
PAPER = Aspect(frozenset({Act.CONFIRMATION_SIGNED}))
ANSWER = Aspect(frozenset({Act.ANSWER_SENT}))
# What was written about a coordinator's question, by them and by the office.
QUESTION = Aspect(frozenset({Act.QUESTION_ANSWERED, Act.QUESTION_ASKED_ON}))
# Aspects of a case.
FACTS = Aspect(frozenset({Act.CASE_FACTS_NOTED}))
OWNER = Aspect(frozenset({Act.CASE_HANDED_OVER}))
WITHHELD = Aspect(frozenset({Act.CASE_WITHHELD, Act.CASE_WITHHELD_NO_MORE}))
CONVERSATION = Aspect(frozenset({Act.CASE_MESSAGE_WRITTEN, Act.CASE_MESSAGE_RECEIVED}))


def document_type(document_id: str) -> Aspect:
    """Return the aspect of a document's type, or that of some of its pages."""
    acts = frozenset({Act.DOCUMENT_TYPE_CONFIRMED, Act.DOCUMENT_TYPE_CORRECTED})
    return Aspect(acts, "document", document_id)


def consent(purpose: str) -> Aspect:
    """Return the aspect of a case's consents for one purpose."""
    acts = frozenset({Act.CASE_CONSENT_NOTED, Act.CASE_CONSENT_WITHDRAWN})
    return Aspect(acts, "purpose", purpose)


def extracted_value(value_id: str) -> Aspect:
    """Return one thing that a document seems to say."""
    return Aspect(frozenset({Act.VALUE_CONFIRMED, Act.VALUE_DISMISSED}), "aid", value_id)


def person(person_id: str) -> Aspect:
    """Return the aspect of a person whom a submission names."""
    return Aspect(frozenset({Act.PERSON_CONFIRMED, Act.PERSON_DISMISSED}), "person", person_id)


def legal_date(kind: str) -> Aspect:
    """Return the aspect of a case's legal dates of one kind."""
    return Aspect(frozenset({Act.DATE_CONFIRMED, Act.DATE_ENDED}), "kind", kind)


@dataclass(frozen=True)
class RecordedChange:
    """A change that a person made; `by` is the label of their account, `number` the version."""

    number: int
    act: str
    by: str
    at: datetime
    detail: dict[str, Any] = field(default_factory=dict)  # Any: an event's codes and numbers


class ChangedMeanwhile(Conflict):
    """Somebody changed the thing since the form was made; `change` says what, who and when.

    It is None where no person's act on the thing itself is known.
    """

    reason = "changed_meanwhile"
    public = "Somebody else changed this meanwhile. Nothing that you wrote is lost."

    def __init__(self, change: RecordedChange | None) -> None:
        super().__init__()
        self.change = change


def refuse_if_changed(
    session: "Session", subject: tuple[str, str], aspect: Aspect, seen_version: int | None
) -> None:
    """Raise ChangedMeanwhile when a thing changed since it was seen. Call it under the row's lock.

    `seen_version` is what the form carried; 0 is older than any change. None checks nothing, for
    callers that show no form.
    """
    if seen_version is None:
        return
    change = newest_change(session, subject, aspect)
    if change is not None and change.number > seen_version:
        raise ChangedMeanwhile(change)


def newest_change(
    session: "Session", subject: tuple[str, str], aspect: Aspect
) -> RecordedChange | None:
    """Return the last change of a thing by a person, None when there is none."""
    newest = _newest(session, subject, aspect)
    if newest is None:
        return None
    account_id = newest.actor.removeprefix(PERSON)
    by = users.labels_of(session, {account_id}).get(account_id, "")
    return RecordedChange(newest.sequence, newest.act, by, newest.at, newest.detail)


def version_now(session: "Session") -> int:
    """Return the present version, for a form. Read it before what the page shows."""
    return audit.newest_number(session)


def _newest(
    session: "Session", subject: tuple[str, str], aspect: Aspect
) -> "audit.AuditEvent | None":
    changes = audit.newest_acts(session, subject, sorted({*aspect.acts, TAKEN_BACK}), by=PERSON)
    return next((row for row in changes if aspect.covers(row.act, row.detail)), None)
