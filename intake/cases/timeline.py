"""Build the timeline of a case: what came, what was sent, said and done, newest first.

The office's notes are among it, so it is for officers and never for a coordinator.
"""

from typing import TYPE_CHECKING

from intake.cases.views import Event, EventKind
from intake.core.sealed_texts import SealedTexts
from storage import audit
from storage.accounts import users
from storage.audit_acts import Act
from storage.cases import cases, confirmations, filing_acts, messages
from storage.cases.messages import MessageKind
from storage.mail import outbox

if TYPE_CHECKING:
    from collections.abc import Iterator

    from intake.core.services import Services
    from storage.cases.cases import Case
    from storage.cases.messages import CaseMessage
    from storage.database import Session
    from storage.submissions.submissions import Submission

HANDED_OVER = Act.CASE_HANDED_OVER


def timeline(
    services: "Services", session: "Session", case: "Case", filed: "list[Submission]"
) -> tuple[Event, ...]:
    """Return what happened in a case and in the cases that were merged into it."""
    case_ids = cases.merged_into(session, case.id)
    known = cases.by_ids(session, set(case_ids))
    events = [
        *(event for submission in filed for event in _of_submission(session, submission)),
        *_messages(services, session, [known[case_id] for case_id in case_ids]),
        *(event for case_id in case_ids for event in _hand_overs(session, case_id)),
    ]
    return tuple(sorted(events, key=lambda event: event.at, reverse=True))


def _of_submission(session: "Session", submission: "Submission") -> "Iterator[Event]":
    reference = submission.reference
    yield Event(
        submission.received_at,
        EventKind.ARRIVAL,
        reference=reference,
        code=submission.channel,
        state=submission.state,
        item_count=submission.item_count,
    )
    for mail in outbox.of_submission(session, submission.id):
        yield Event(
            mail.sent_at or mail.created_at,
            EventKind.MAIL,
            reference=reference,
            code=mail.kind,
            state=mail.state,
            reasons=(mail.reason,) if mail.reason else (),
        )
    yield from _papers(session, submission)
    yield from _filing(session, submission)


def _papers(session: "Session", submission: "Submission") -> "Iterator[Event]":
    papers = confirmations.of_submission(session, submission.id)
    labels = users.labels_of(session, {paper.user_id for paper in papers if paper.user_id})
    for paper in papers:
        yield Event(
            paper.signed_at,
            EventKind.CONFIRMATION,
            by=labels.get(paper.user_id or "", ""),
            reference=submission.reference,
            code=paper.kind,
            id=paper.id,
            read_at=paper.read_at,
        )


def _filing(session: "Session", submission: "Submission") -> "Iterator[Event]":
    acts = filing_acts.of_submission(session, submission.id)
    labels = users.labels_of(session, {act.user_id for act in acts if act.user_id})
    named = cases.by_ids(session, {act.to_case_id for act in acts if act.to_case_id})
    for act in acts:
        to = named.get(act.to_case_id or "")
        yield Event(
            act.at,
            EventKind.FILING,
            by=labels.get(act.user_id or "", ""),
            reference=submission.reference,
            code=act.act,
            state=to.reference if to is not None else "",
            # A reason with a colon is only for undoing the act.
            reasons=tuple(reason for reason in act.reasons if ":" not in reason),
        )


def _messages(services: "Services", session: "Session", merged: "list[Case]") -> "Iterator[Event]":
    sealed = SealedTexts(services, session)
    rows: list[tuple[Case, CaseMessage]] = [
        (case, row)
        for case in merged
        for row in messages.of_case(session, case.id, list(MessageKind))
    ]
    labels = users.labels_of(session, {row.user_id for _, row in rows})
    for case, row in rows:
        yield Event(
            row.at,
            EventKind(row.kind),
            by=labels.get(row.user_id, ""),
            text=sealed.text(case.data_key_id, "case_messages", "text", row.id, row.text),
            id=row.id,
            read_at=row.read_at,
        )


def _hand_overs(session: "Session", case_id: str) -> "Iterator[Event]":
    acts = [row for row in audit.of_subject(session, "case", case_id) if row.act == HANDED_OVER]
    owners = {str(row.detail.get("to", "")) for row in acts}
    actors = {row.actor.removeprefix("user:") for row in acts}
    labels = users.labels_of(session, owners | actors)
    for row in acts:
        yield Event(
            row.at,
            EventKind.HAND_OVER,
            by=labels.get(row.actor.removeprefix("user:"), ""),
            code=str(row.detail.get("reason", "")),
            state=labels.get(str(row.detail.get("to", "")), ""),
        )
