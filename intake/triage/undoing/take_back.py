"""Take back a decision about types, values, people, legal dates or what was told.

All types that were decided together are taken back together. Each thing is again as the decision
before left it, if one stands, else a suggestion. Whose decision it is and what stands in its way is
asked in `offers`.
"""

from typing import TYPE_CHECKING

from intake.cases import completeness
from intake.cases.legal_dates import apply_legal_dates
from intake.core import audit
from intake.core.errors import Conflict
from intake.queues import cash_queues
from intake.triage.confirm_facts import NAMED
from intake.triage.known import tell
from intake.triage.undoing.acts import DECISIONS
from storage.audit_acts import Act
from storage.cases import legal_dates
from storage.cases.legal_dates import DAY_STOOD, DayStood
from storage.documents import document_types, documents, extracted_values, sources
from storage.documents.extracted_values import ValueState
from storage.documents.people import Person

if TYPE_CHECKING:
    from intake.accounts.accounts import SignedInUser
    from intake.core.services import Services
    from intake.triage.undoing.steps import UndoStack, UndoStep
    from storage.cases.legal_dates import LegalDate
    from storage.database import Session
    from storage.documents.document_types import DocumentTypeRange
    from storage.submissions.submissions import Submission

TYPES = frozenset({Act.DOCUMENT_TYPE_CONFIRMED, Act.DOCUMENT_TYPE_CORRECTED})
VALUES = frozenset({Act.VALUE_CONFIRMED, Act.VALUE_DISMISSED})
PEOPLE = frozenset({Act.PERSON_CONFIRMED, Act.PERSON_DISMISSED})
TOLD_FACTS = frozenset({Act.FACTS_TOLD})
DATES = DECISIONS - TYPES - VALUES - PEOPLE - TOLD_FACTS


def stands(session: "Session", submission: "Submission", step: "UndoStep") -> bool:
    """Tell whether what a step decided is still there, so that it can be taken back.

    Pages that got another type since are other pages, and what an older release decided together
    is not known.
    """
    if step.act in TYPES:
        return bool(_typed(session, submission, step))
    if step.act in VALUES:
        return extracted_values.by_id(session, str(step.detail.get("aid", ""))) is not None
    if step.act in PEOPLE:
        return _person(session, submission, step) is not None
    if step.act in TOLD_FACTS:
        return True
    return _day(session, submission, step, "date") is not None


def undo_locked(
    services: "Services",
    session: "Session",
    user: "SignedInUser",
    submission: "Submission",
    step: "UndoStep",
    stack: "UndoStack",
) -> None:
    """Take back a decision about a locked submission in the caller's transaction.

    Raises Conflict when what it decided is gone.
    """
    if step.act in TYPES:
        _untype(session, submission, step, stack)
    elif step.act in VALUES:
        _unread(session, submission, step, stack)
        tell.take_back(services, session, user, submission, step.detail)
    elif step.act in TOLD_FACTS:
        tell.take_back(services, session, user, submission, step.detail)
    elif step.act in PEOPLE:
        _unname(session, submission, step, stack)
    else:
        _undate(session, submission, step)
    if submission.case_id is not None:
        completeness.refresh_completeness(services, session, submission.case_id)
    cash_queues.settle(services, session, submission)
    apply_legal_dates(services, session, submission)
    audit.note(
        services,
        session,
        user,
        Act.DECISION_TAKEN_BACK,
        ("submission", submission.id),
        {"taken_back": step.act, "event": step.number},
    )


def _typed(
    session: "Session", submission: "Submission", step: "UndoStep"
) -> "list[DocumentTypeRange]":
    """Return every range whose type the step decided.

    Each has an event of its own, and all of them carry the id of the act. An event of an older
    release has none, and so there are no ranges.
    """
    if step.detail.get("together") is None:
        return []
    decided = {str(detail.get("range", "")) for detail in step.details}
    ids = [row.id for row in documents.of_submission(session, submission.id)]
    return [row for row in document_types.of_documents(session, ids) if row.id in decided]


def _untype(
    session: "Session", submission: "Submission", step: "UndoStep", stack: "UndoStack"
) -> None:
    """Let every type that the same act decided be as it was before."""
    decided = _typed(session, submission, step)
    if not decided:
        raise Conflict
    rows = {row.id: row for row in documents.of_submission(session, submission.id)}
    for row in decided:
        before = stack.earlier(step, "range", row.id)
        row.document_type, row.decided_by, row.decided_at = row.suggested_type, None, None
        if before is not None:
            kinds = (each["kind"] for each in before.details if each.get("range") == row.id)
            row.document_type = next(kinds)
            row.decided_by, row.decided_at = before.actor.removeprefix("user:"), before.at
        if row.first_page == 1:
            rows[row.document_id].document_type = row.document_type
    session.flush()


def _unread(
    session: "Session", submission: "Submission", step: "UndoStep", stack: "UndoStack"
) -> None:
    value = extracted_values.by_id(session, str(step.detail.get("aid", "")))
    if value is None:
        raise Conflict
    before = stack.earlier(step, "aid", value.id)
    value.state, value.decided_by, value.decided_at = ValueState.SUGGESTED, None, None
    if before is not None:
        is_right = before.act is Act.VALUE_CONFIRMED
        value.state = ValueState.CONFIRMED if is_right else ValueState.DISMISSED
        value.decided_by, value.decided_at = before.actor.removeprefix("user:"), before.at
    row = _day(session, submission, step, "day")
    if row is not None:
        _restore_day(row, step, is_end=step.act is Act.VALUE_DISMISSED)
    named = session.get(Person, str(step.detail.get(NAMED, "")))
    if named is not None and named.submission_id == submission.id:
        named.confirmed_by = named.confirmed_at = None
    session.flush()


def _person(session: "Session", submission: "Submission", step: "UndoStep") -> Person | None:
    person = session.get(Person, str(step.detail.get("person", "")))
    return person if person is not None and person.submission_id == submission.id else None


def _unname(
    session: "Session", submission: "Submission", step: "UndoStep", stack: "UndoStack"
) -> None:
    person = _person(session, submission, step)
    if person is None:
        raise Conflict
    before = stack.earlier(step, "person", person.id)
    person.confirmed_by = person.confirmed_at = person.dismissed_at = None
    if before is not None and before.act is Act.PERSON_CONFIRMED:
        person.confirmed_by, person.confirmed_at = before.actor.removeprefix("user:"), before.at
    elif before is not None:
        person.dismissed_at = before.at
    session.flush()


def _day(
    session: "Session", submission: "Submission", step: "UndoStep", name: str
) -> "LegalDate | None":
    """Return the day of a submission that an act names by a part of its detail."""
    row = legal_dates.by_id(session, str(step.detail.get(name, "")))
    return row if row is not None and row.submission_id == submission.id else None


def _undate(session: "Session", submission: "Submission", step: "UndoStep") -> None:
    """Let the day that an act names be as it was before the act."""
    row = _day(session, submission, step, "date")
    if row is None:
        raise Conflict
    _restore_day(row, step, is_end=step.act is Act.DATE_ENDED)
    if step.detail.get(sources.TYPED):
        # What was typed is taken back: the day is again as closed as the document that says it.
        sources.remove(session, row.id, sources.TYPED)
    session.flush()


def _restore_day(row: "LegalDate", step: "UndoStep", *, is_end: bool) -> None:
    """Undo what an act did to a day that stood as the act says with `stood`."""
    stood = step.detail.get(DAY_STOOD, DayStood.SUGGESTED)
    if is_end:
        row.ended_at = row.ended_at if stood == DayStood.ENDED else None
    elif stood != DayStood.CONFIRMED:
        row.confirmed_by = row.confirmed_at = None
        # A day that is in no document is nobody's suggestion, so without its confirmation it ends.
        is_over = stood == DayStood.ENDED or row.document_id is None
        row.ended_at = step.at if is_over else None
