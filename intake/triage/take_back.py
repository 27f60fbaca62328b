"""Undo an officer's last decision about types, values, people, legal dates or what was told.

All types that were confirmed together become suggestions again together. The form names the audit
event that it showed, so that a colleague's newer decision is never undone unseen. Nothing that was
sent can be undone here.
"""

from typing import TYPE_CHECKING

from intake.access import derived, edit_conflicts
from intake.cases import completeness
from intake.cases.legal_dates import apply_legal_dates
from intake.core import audit
from intake.core.errors import Conflict, IntakeError
from intake.queues import cash_queues
from intake.triage.confirm_facts import NAMED
from intake.triage.known import tell
from storage import audit as audit_trail
from storage.audit_acts import Act
from storage.cases import legal_dates
from storage.cases.legal_dates import DAY_STOOD, DayStood
from storage.documents import document_types, documents, extracted_values, sources
from storage.documents.extracted_values import ValueState
from storage.documents.people import Person

if TYPE_CHECKING:
    from intake.access.opened import OpenedToChange
    from intake.accounts.accounts import SignedInUser
    from intake.core.services import Services
    from storage.audit import AuditEvent
    from storage.cases.legal_dates import LegalDate
    from storage.database import Session
    from storage.documents.document_types import DocumentTypeRange
    from storage.submissions.submissions import Submission

TYPES = (Act.DOCUMENT_TYPE_CONFIRMED, Act.DOCUMENT_TYPE_CORRECTED)
TOLD_FACTS = (Act.FACTS_TOLD,)
VALUES = (Act.VALUE_CONFIRMED, Act.VALUE_DISMISSED)
PEOPLE = (Act.PERSON_CONFIRMED, Act.PERSON_DISMISSED)
DATES = (Act.DATE_CONFIRMED, Act.DATE_ENDED)
TAKEN_BACK = edit_conflicts.TAKEN_BACK
# The acts that can be undone here; holds, filing and confirmations are undone elsewhere.
CAN_BE_TAKEN_BACK = frozenset({*TYPES, *VALUES, *PEOPLE, *DATES, *TOLD_FACTS})


class DecisionClosed(IntakeError):
    """A colleague's decision about something closed was to be undone, which could open it."""

    reason = "decision_closed"
    public = (
        "This decision is about a document that is closed to you, so only who made it, or "
        "somebody who may read the document, can take it back. Nothing was changed."
    )
    status = 403


def undo_decision(services: "Services", opened: "OpenedToChange[Submission]", number: int) -> None:
    """Undo the decision of an audit event, as long as it is the last one of its kind.

    Raises NotFound, Conflict when something was decided since or it cannot be undone, and
    DecisionClosed when it is a colleague's about what is closed to the user.
    """
    with services.database.transaction() as session:
        submission = opened.row(services, session)
        last = _last_decision(session, submission, number)
        if last is None:
            raise Conflict
        if not _may_undo(services, session, opened.user, submission, last):
            raise DecisionClosed
        if last.act in TYPES:
            _untype(session, submission, last)
        elif last.act in VALUES:
            _unread(session, submission, last)
            tell.take_back(services, session, opened.user, submission, last)
        elif last.act in PEOPLE:
            _unname(session, submission, last)
        elif last.act in TOLD_FACTS:
            tell.take_back(services, session, opened.user, submission, last)
        else:
            _undate(session, submission, last)
        if submission.case_id is not None:
            completeness.refresh_completeness(services, session, submission.case_id)
        cash_queues.settle(services, session, submission)
        apply_legal_dates(services, session, submission)
        audit.note(
            services,
            session,
            opened.user,
            TAKEN_BACK,
            ("submission", submission.id),
            {"taken_back": last.act, "event": last.sequence},
        )


def may_undo_decision(
    services: "Services", opened: "OpenedToChange[Submission]", number: int
) -> bool:
    """Tell whether a user may undo the decision of an audit event, by what `undo_decision` asks.

    Raises NotFound.
    """
    with services.database.reading() as session:
        submission = opened.row(services, session)
        last = _last_decision(session, submission, number)
        return last is not None and _may_undo(services, session, opened.user, submission, last)


def _last_decision(
    session: "Session", submission: "Submission", number: int
) -> "AuditEvent | None":
    """Return a decision that is the last one and not undone yet, None for any other."""
    acts = sorted({*CAN_BE_TAKEN_BACK, TAKEN_BACK})
    decided = audit_trail.newest_acts(
        session, ("submission", submission.id), acts, by=edit_conflicts.PERSON
    )
    if not decided or decided[0].sequence != number or decided[0].act == TAKEN_BACK:
        return None
    return decided[0]


def _may_undo(
    services: "Services",
    session: "Session",
    user: "SignedInUser",
    submission: "Submission",
    last: "AuditEvent",
) -> bool:
    """Tell whether a user made a decision, and so saw what it was about, or sees that now."""
    if last.actor == user.actor:
        return True
    seen = derived.visibilities_to_change(services, session, user, submission)
    if last.act in TYPES:
        return all(
            seen[row.document_id].shows(page)
            for row in _typed(session, submission, last)
            for page in range(row.first_page, row.last_page + 1)
        )
    if last.act in VALUES:
        value = extracted_values.by_id(session, str(last.detail.get("aid", "")))
        return value is None or derived.is_open(seen, [value.document_id], value.page)
    if last.act in TOLD_FACTS:
        return True
    if last.act in PEOPLE:
        person = _person(session, submission, last)
        firsts = {person.id: person.document_id} if person is not None else {}
    else:
        day = _day(session, submission, last, "date")
        firsts = {day.id: day.document_id} if day is not None else {}
    return derived.open_among(session, seen, firsts) == frozenset(firsts)


def _typed(
    session: "Session", submission: "Submission", last: "AuditEvent"
) -> "list[DocumentTypeRange]":
    """Return every range whose type the act of an event decided.

    Each has an event of its own, and all of them carry the id of the act. An event of an older
    release has none, and so there are no ranges.
    """
    together = last.detail.get("together")
    if together is None:
        return []
    events = audit_trail.newest_acts(
        session, ("submission", submission.id), list(TYPES), by=edit_conflicts.PERSON
    )
    same = [event for event in events if event.detail.get("together") == together]
    decided = {str(event.detail.get("range", "")) for event in same}
    ids = [row.id for row in documents.of_submission(session, submission.id)]
    return [row for row in document_types.of_documents(session, ids) if row.id in decided]


def _untype(session: "Session", submission: "Submission", last: "AuditEvent") -> None:
    """Make every type that the same act decided a suggestion again."""
    decided = _typed(session, submission, last)
    if not decided:
        raise Conflict
    rows = {row.id: row for row in documents.of_submission(session, submission.id)}
    for row in decided:
        row.document_type, row.decided_by, row.decided_at = row.suggested_type, None, None
        if row.first_page == 1:
            rows[row.document_id].document_type = row.document_type
    session.flush()


def _unread(session: "Session", submission: "Submission", last: "AuditEvent") -> None:
    value = extracted_values.by_id(session, str(last.detail.get("aid", "")))
    if value is None:
        raise Conflict
    value.state, value.decided_by, value.decided_at = ValueState.SUGGESTED, None, None
    row = _day(session, submission, last, "day")
    if row is not None:
        _restore_day(row, last, is_end=last.act == Act.VALUE_DISMISSED)
    named = session.get(Person, str(last.detail.get(NAMED, "")))
    if named is not None and named.submission_id == submission.id:
        named.confirmed_by = named.confirmed_at = None
    session.flush()


def _person(session: "Session", submission: "Submission", last: "AuditEvent") -> Person | None:
    person = session.get(Person, str(last.detail.get("person", "")))
    return person if person is not None and person.submission_id == submission.id else None


def _unname(session: "Session", submission: "Submission", last: "AuditEvent") -> None:
    person = _person(session, submission, last)
    if person is None:
        raise Conflict
    person.confirmed_by = person.confirmed_at = person.dismissed_at = None
    session.flush()


def _day(
    session: "Session", submission: "Submission", last: "AuditEvent", name: str
) -> "LegalDate | None":
    """Return the day of a submission that an act names by a part of its detail."""
    row = legal_dates.by_id(session, str(last.detail.get(name, "")))
    return row if row is not None and row.submission_id == submission.id else None


def _undate(session: "Session", submission: "Submission", last: "AuditEvent") -> None:
    """Let the day that an act names be as it was before the act."""
    row = _day(session, submission, last, "date")
    if row is None:
        raise Conflict
    _restore_day(row, last, is_end=last.act == Act.DATE_ENDED)
    if last.detail.get(sources.TYPED):
        # What was typed is taken back: the day is again as closed as the document that says it.
        sources.remove(session, row.id, sources.TYPED)
    session.flush()


def _restore_day(row: "LegalDate", last: "AuditEvent", *, is_end: bool) -> None:
    """Undo what an act did to a day that stood as the act says with `stood`."""
    stood = last.detail.get(DAY_STOOD, DayStood.SUGGESTED)
    if is_end:
        row.ended_at = row.ended_at if stood == DayStood.ENDED else None
    elif stood != DayStood.CONFIRMED:
        row.confirmed_by = row.confirmed_at = None
        # A day that is in no document is nobody's suggestion, so without its confirmation it ends.
        is_over = stood == DayStood.ENDED or row.document_id is None
        row.ended_at = last.at if is_over else None
