"""Undo an officer's last decision about document types, extracted values, people or legal dates.

All types that were confirmed together become suggestions again together. The form names the audit
event that it showed, so that a colleague's newer decision is never undone unseen. Nothing that was
sent can be undone here.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from intake.access import derived, edit_conflicts
from intake.cases import completeness
from intake.cases.legal_dates import apply_legal_dates
from intake.core import audit
from intake.core.errors import Conflict, IntakeError
from intake.recognition.suggestions import legal_kind
from storage import audit as audit_trail
from storage.audit_acts import Act
from storage.cases import legal_dates
from storage.documents import document_types, documents, extracted_values, sources
from storage.documents.extracted_values import ValueState
from storage.documents.people import Person

if TYPE_CHECKING:
    from collections.abc import Collection

    from intake.access.opened import OpenedToChange
    from intake.access.visibility import Visibility
    from intake.accounts.accounts import SignedInUser
    from intake.core.services import Services
    from storage.audit import AuditEvent
    from storage.database import Session
    from storage.submissions.submissions import Submission

TYPES = (Act.DOCUMENT_TYPE_CONFIRMED, Act.DOCUMENT_TYPE_CORRECTED)
VALUES = (Act.VALUE_CONFIRMED, Act.VALUE_DISMISSED)
PEOPLE = (Act.PERSON_CONFIRMED, Act.PERSON_DISMISSED)
DATES = (Act.DATE_CONFIRMED, Act.DATE_ENDED)
TAKEN_BACK = edit_conflicts.TAKEN_BACK
# The acts that can be undone here; holds, filing and confirmations are undone elsewhere.
CAN_BE_TAKEN_BACK = frozenset({*TYPES, *VALUES, *PEOPLE, *DATES})


class DecisionClosed(IntakeError):
    """A colleague's decision about something closed was to be undone, which could open it."""

    reason = "decision_closed"
    public = (
        "This decision is about a document that is closed to you, so only who made it, or "
        "somebody who may read the document, can take it back. Nothing was changed."
    )
    status = 403


@dataclass(frozen=True)
class _Undoing:
    """Who takes a decision back, and what they see of the submission's documents."""

    user: "SignedInUser"
    visibilities: "dict[str, Visibility]"

    def require(self, last: "AuditEvent", is_open: bool) -> None:
        """Raise DecisionClosed, but for one's own decision: who made it saw what it was about."""
        if not is_open and last.actor != self.user.actor:
            raise DecisionClosed

    def is_open(self, sources: "Collection[str]", page: int = 0) -> bool:
        """Tell whether the user sees what some sources say."""
        return derived.is_open(self.visibilities, sources, page)


def undo_decision(services: "Services", opened: "OpenedToChange[Submission]", number: int) -> None:
    """Undo the decision of an audit event, as long as it is the last one of its kind.

    Raises NotFound, Conflict when something was decided since or it cannot be undone, and
    DecisionClosed when it is a colleague's about what is closed to the user.
    """
    with services.database.transaction() as session:
        submission = opened.row(services, session)
        subject = ("submission", submission.id)
        acts = sorted({*CAN_BE_TAKEN_BACK, TAKEN_BACK})
        decided = audit_trail.newest_acts(session, subject, acts, by=edit_conflicts.PERSON)
        if not decided or decided[0].sequence != number or decided[0].act == TAKEN_BACK:
            raise Conflict
        last = decided[0]
        undoing = _Undoing(
            opened.user, derived.visibilities_to_change(services, session, opened.user, submission)
        )
        if last.act in TYPES:
            _untype(session, submission, last, undoing)
        elif last.act in VALUES:
            _unread(session, submission, last, undoing)
        elif last.act in PEOPLE:
            _unname(session, submission, last, undoing)
        else:
            _undate(session, submission, last, undoing)
        if submission.case_id is not None:
            completeness.refresh_completeness(services, session, submission.case_id)
        apply_legal_dates(services, session, submission)
        audit.note(
            services,
            session,
            opened.user,
            TAKEN_BACK,
            subject,
            {"taken_back": last.act, "event": last.sequence},
        )


def _untype(
    session: "Session", submission: "Submission", last: "AuditEvent", undoing: _Undoing
) -> None:
    """Make every type that was decided at the same time a suggestion again."""
    rows = {row.id: row for row in documents.of_submission(session, submission.id)}
    decided_by = last.actor.removeprefix(edit_conflicts.PERSON)
    for row in document_types.of_documents(session, list(rows)):
        if (row.decided_by, row.decided_at) == (decided_by, last.at):
            pages = range(row.first_page, row.last_page + 1)
            shows = undoing.visibilities[row.document_id].shows
            undoing.require(last, all(shows(page) for page in pages))
            row.document_type, row.decided_by, row.decided_at = row.suggested_type, None, None
            if row.first_page == 1:
                rows[row.document_id].document_type = row.document_type
    session.flush()


def _unread(
    session: "Session", submission: "Submission", last: "AuditEvent", undoing: _Undoing
) -> None:
    value = extracted_values.by_id(session, str(last.detail.get("aid", "")))
    if value is None:
        raise Conflict
    undoing.require(last, undoing.is_open([value.document_id], value.page))
    value.state, value.decided_by, value.decided_at = ValueState.SUGGESTED, None, None
    kind = legal_kind(value.kind, str(value.place.get("fact", "")))
    for row in legal_dates.decided_at(session, submission.id, last.at):
        if row.kind == kind:
            row.confirmed_by = row.confirmed_at = row.ended_at = None
    session.flush()


def _unname(
    session: "Session", submission: "Submission", last: "AuditEvent", undoing: _Undoing
) -> None:
    person = session.get(Person, str(last.detail.get("person", "")))
    if person is None or person.submission_id != submission.id:
        raise Conflict
    known = sources.of_rows(session, {person.id: person.document_id})
    undoing.require(last, undoing.is_open(known[person.id]))
    person.confirmed_by = person.confirmed_at = person.dismissed_at = None
    session.flush()


def _undate(
    session: "Session", submission: "Submission", last: "AuditEvent", undoing: _Undoing
) -> None:
    """Bring an ended day back, or make a confirmed one a suggestion again or end it."""
    kind = str(last.detail.get("kind", ""))
    rows = [row for row in legal_dates.decided_at(session, submission.id, last.at)
            if row.kind == kind]  # fmt: skip
    if not rows:
        raise Conflict
    known = sources.of_rows(session, {row.id: row.document_id for row in rows})
    for row in rows:
        undoing.require(last, undoing.is_open(known[row.id]))
        if last.act == Act.DATE_ENDED:
            row.ended_at = None
        elif row.document_id is None:
            # The day is in no document, so without the officer's confirmation it ends.
            row.ended_at = last.at
            row.confirmed_by = row.confirmed_at = None
        else:
            row.confirmed_by = row.confirmed_at = None
    session.flush()
