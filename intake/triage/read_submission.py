"""Read a submission for its page, for a command, or as one of a list.

Reading opens sealed columns, so it is an audit event and needs a write transaction (requirement
127). States and reasons are codes, for which the portal has the words.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from intake.access import edit_conflicts, find, rights
from intake.cases import completeness, stop_clocks
from intake.core import audit
from intake.core.errors import ReferenceInvalid
from intake.core.references import normalise
from intake.documents.tree import document_views
from intake.queues.assignment import ASSIGNED
from intake.reference_data import promises
from intake.triage import read_first
from intake.triage.endings.task_views import task_views
from intake.triage.seen_history import seen_events
from intake.triage.submission_views import (
    HistoryEvent,
    ItemView,
    PromiseView,
    ReceiptView,
    SubmissionView,
    as_json,
)
from intake.triage.triage_view import NOTHING_SUGGESTED, triage_view
from intake.triage.undoing import offers
from storage import audit as audit_trail
from storage.accounts import users
from storage.audit_acts import Act
from storage.cases import cases
from storage.crypto.sealing import unseal
from storage.documents import documents
from storage.mail import outbox
from storage.submissions import arrivals, queue_items, submissions
from storage.submissions.submissions import place

if TYPE_CHECKING:
    from collections.abc import Iterable

    from intake.access.opened import OpenedToRead
    from intake.access.visibility import Relationship
    from intake.accounts.accounts import SignedInUser
    from intake.core.services import Services
    from intake.triage.undoing.offers import Offer
    from storage.audit import AuditEvent
    from storage.crypto.keys import DataKey
    from storage.database import Session
    from storage.mail.outbox import OutboxMessage
    from storage.submissions.queue_items import QueueItem
    from storage.submissions.submissions import Submission

__all__ = [
    "OwnAct",
    "as_json",
    "list_submissions",
    "newest_act_of",
    "read_for_command",
    "read_submission",
]
VIEWED = Act.SUBMISSION_VIEWED


@dataclass(frozen=True)
class OwnAct:
    """What somebody did last: the code in the audit, and the event's codes and numbers."""

    act: str
    detail: Mapping[str, Any]  # Any: codes and numbers


def newest_act_of(services: "Services", actor: str, reference: str) -> OwnAct | None:
    """Return an actor's last act on a submission, reading it left out.

    None for an unknown reference, and when the actor did nothing: nobody learns here what others
    do. Nothing sealed is opened, so this is no audit event.
    """
    try:
        code = normalise(reference)
    except ReferenceInvalid:
        return None
    with services.database.reading() as session:
        submission = submissions.by_reference(session, code)
        if submission is None:
            return None
        events = audit_trail.of_subject(session, "submission", submission.id)
    own = [event for event in events if event.actor == actor and event.act != VIEWED]
    return OwnAct(own[-1].act, own[-1].detail) if own else None


def read_submission(
    services: "Services", opened: "OpenedToRead[Submission]", *, shows_letter: bool = False
) -> SubmissionView:
    """Return one submission for a user, and record that it was read.

    With `shows_letter` the page shows the letter of an emergency whole, which is recorded too.
    Raises NotFound for a malformed or unknown reference, and for one that the user may not read.
    """
    with services.database.transaction() as session:
        submission = opened.row(services, session)
        relationship = rights.require(services, session, opened.user, submission)
        view = _view(services, session, submission, relationship, opened.user)
        known = replace(
            view.triage, missing=completeness.as_known(opened.user, view.triage.missing)
        )
        view = replace(
            view,
            may_act=rights.acts_on(opened.user, relationship),
            triage=known,
            tasks=task_views(services, session, submission, relationship, opened.user),
        )
        is_shown = shows_letter and read_first.must_be_read(view.priority, view.body_text)
        detail = {read_first.LETTER: True} if is_shown else {}
        audit.note(services, session, opened.user, VIEWED, ("submission", submission.id), detail)
        return view


def read_for_command(services: "Services", actor: str, reference: str) -> SubmissionView:
    """Return one submission for an operator's command, its compartments closed. Raises NotFound."""
    with services.database.transaction() as session:
        submission = find.named_submission(session, reference)
        view = _view(services, session, submission, rights.of_service(submission), None)
        audit.note(services, session, actor, VIEWED, ("submission", submission.id))
        return view


def list_submissions(services: "Services", actor: str, limit: int) -> list[SubmissionView]:
    """Return the newest submissions of both programmes; one audit event says how many."""
    with services.database.transaction() as session:
        found = list(submissions.newest(session, limit=limit))
        views = [
            _view(
                services, session, submission, rights.of_service(submission), None, is_listed=True
            )
            for submission in found
        ]
        audit.note(
            services,
            session,
            actor,
            Act.SUBMISSIONS_LISTED,
            ("submissions", "newest"),
            {"number": len(views), "shown": [submission.id for submission in found]},
        )
        return views


def _view(
    services: "Services",
    session: "Session",
    submission: "Submission",
    relationship: "Relationship",
    user: "SignedInUser | None",
    *,
    is_listed: bool = False,
) -> SubmissionView:
    """Return it as `user` sees it, None the service; `is_listed` leaves out what its page adds."""
    version = edit_conflicts.version_now(session)
    key = services.keyring.open(session, submission.data_key_id)
    items = queue_items.of_submission(session, submission.id)
    events = audit_trail.of_subject(session, "submission", submission.id)
    labels = _labels(session, items, events)
    rows = documents.of_submission(session, submission.id)
    visibilities = rights.visibilities(session, relationship, rows)
    return SubmissionView(
        reference=submission.reference,
        channel=submission.channel,
        programme=submission.programme,
        state=submission.state,
        outcome=submission.outcome,
        received_at=submission.received_at,
        sender=_opened(key, submission, "sender"),
        sender_verdict=submission.sender_verdict,
        sender_reasons=tuple(submission.sender_reasons),
        subject=_opened(key, submission, "subject"),
        body_text=_body(key, submission, is_open=rights.shows_letter(visibilities, rows)),
        case_reference=_case_reference(session, submission),
        filing_reason=submission.filing_reason,
        priority=submission.priority,
        region=submission.region,
        duplicate_of=_reference_of(session, submission.duplicate_of),
        possible_duplicate_of=_reference_of(session, submission.possible_duplicate_of),
        flags=tuple(submission.flags),
        item_count=submission.item_count,
        oversize_bytes=submission.oversize_bytes,
        arrivals=arrivals.count_arrivals(session, submission.id),
        documents=document_views(services, session, submission, key, user, visibilities),
        receipts=tuple(_receipt(row) for row in outbox.of_submission(session, submission.id)),
        items=tuple(_item(item, labels, relationship, user) for item in items),
        history=tuple(_event(*each, labels) for each in seen_events(session, visibilities, events)),
        version=version,
        promise=_promise(session, submission),
        offer=_offer(services, session, user, submission, relationship, events),
        triage=NOTHING_SUGGESTED
        if is_listed
        else triage_view(services, session, submission, key, visibilities, user),
    )


def _offer(
    services: "Services",
    session: "Session",
    user: "SignedInUser | None",
    submission: "Submission",
    relationship: "Relationship",
    events: "list[AuditEvent]",
) -> "Offer | None":
    """Return what a user can take back; None for who does not act on the submission."""
    if user is None or not rights.acts_on(user, relationship):
        return None
    return offers.offer(services, session, user, submission, events)


def _promise(session: "Session", submission: "Submission") -> PromiseView | None:
    standing = promises.standing_promise(session, submission)
    if standing is not None:
        return PromiseView(standing.at, is_withdrawn=False)
    withdrawn = promises.withdrawn_promise(session, submission)
    if withdrawn is None or submission.state not in stop_clocks.WAITING:
        return None
    return PromiseView(withdrawn.at, is_withdrawn=True)


def _reference_of(session: "Session", submission_id: str | None) -> str | None:
    found = submissions.by_id(session, submission_id or "")
    return found.reference if found is not None else None


def _case_reference(session: "Session", submission: "Submission") -> str | None:
    found = cases.by_id(session, submission.case_id)
    return found.reference if found is not None else None


def _labels(
    session: "Session", items: "Iterable[QueueItem]", events: "Iterable[AuditEvent]"
) -> dict[str, str]:
    """Return {account: label} of everybody whom a submission's page names."""
    named = {item.claimed_by for item in items if item.claimed_by}
    for event in events:
        named.add(event.actor.removeprefix("user:"))
        if event.act == ASSIGNED:
            named.add(event.detail["to"])
    return users.labels_of(session, named)


def _opened(key: "DataKey", submission: "Submission", column: str) -> str:
    return unseal(key, place("submissions", column, submission.id), getattr(submission, column))


def _body(key: "DataKey", submission: "Submission", *, is_open: bool) -> str:
    return _opened(key, submission, "body_text") if is_open else ""


def _receipt(row: "OutboxMessage") -> ReceiptView:
    return ReceiptView(
        kind=row.kind,
        state=row.state,
        reason=row.reason,
        message_id=row.message_id,
        to_count=0 if row.recipient is None else 1,
        sent_at=row.sent_at,
    )


def _item(
    item: "QueueItem",
    labels: dict[str, str],
    relationship: "Relationship",
    user: "SignedInUser | None",
) -> ItemView:
    return ItemView(
        id=item.id,
        queue=item.queue,
        kind=item.kind,
        reason=item.reason,
        due_at=item.due_at,
        closed_at=item.closed_at,
        claimed_by_id=item.claimed_by,
        claimed_by=labels.get(item.claimed_by or ""),
        held_until=item.held_until,
        may_take=user is not None and rights.acts_on_item(user, relationship, item.queue),
    )


def _event(
    event: "AuditEvent",
    detail: dict[str, Any],  # Any: an event's codes and numbers
    labels: dict[str, str],
) -> HistoryEvent:
    actor = labels.get(event.actor.removeprefix("user:"), event.actor)
    if event.act == ASSIGNED:
        detail = detail | {"given_to": labels.get(detail["to"], "")}
    return HistoryEvent(
        at=event.at, actor=actor, act=event.act, detail=detail, number=event.sequence
    )
