"""Undo a filing act as a whole, as long as no mail was sent because of it.

Undoing writes a further act and marks those that it undoes. A submission that a rule had filed
goes to a holding queue, because nobody had decided about it before. The notes among an act's
reasons say which queue items it closed and opened, and whether it added the sender to the case.
"""

from typing import TYPE_CHECKING

from intake.cases import completeness, withdrawal
from intake.core import audit
from intake.core.errors import Conflict, NotFound
from intake.filing.candidates import refresh_ranking
from intake.filing.file import put_into_queue
from intake.filing.rules import QueueChoice
from intake.queues import assignment
from storage.audit_acts import Act
from storage.base import new_id
from storage.cases import cases, filing_acts, participants
from storage.cases.cases import CaseState
from storage.cases.filing_acts import MAKING_A_CASE, FilingAct, FilingActKind
from storage.mail import outbox
from storage.mail.outbox import MailKind
from storage.submissions import queue_items, submissions
from storage.submissions.queue_items import Queue, TaskKind
from storage.submissions.submissions import Priority, SubmissionState

if TYPE_CHECKING:
    from intake.access.opened import OpenedToChange
    from intake.accounts.accounts import SignedInUser
    from intake.core.services import Services
    from storage.cases.cases import Case
    from storage.database import Session
    from storage.submissions.submissions import Submission

CLOSED_NOTE = "closed:"
OPENED_NOTE = "opened:"
WITH_SENDER = "with_sender"
FILING_UNDONE = "filing_undone"
BY_RULE = (FilingActKind.FILED_BY_RULE, FilingActKind.OPENED_BY_RULE)
# Kinds of mail that say nothing of a case: the receipt, and the request for another copy.
WITHOUT_CASE = (MailKind.RECEIPT, MailKind.RESEND_REQUEST)


class MailLeft(Conflict):
    """A mail was sent because of an act of filing, so that it stays."""

    reason = "has_left"
    public = "A mail has left because of it, so how it was filed stays. Nothing was changed."


def undo_filing(services: "Services", opened: "OpenedToChange[list[FilingAct]]") -> None:
    """Undo one act, or a whole merge by its batch or by any of its acts.

    Submissions, queue items, membership and cases are as before; a case that the act made is
    closed. Raises NotFound, and Conflict when it was undone already, a later act moved the mail,
    or a mail was sent since, and SubmissionStays when mail would leave a stopped case.
    """
    with services.database.transaction() as session:
        acts = opened.row(services, session)
        rows = _locked_cases(session, acts)
        moved = {act.submission_id: _locked(session, act) for act in acts}
        for act in acts:
            _refuse_when_late(session, act, moved[act.submission_id])
            withdrawal.refuse_to_take_out(
                rows.get(act.to_case_id or ""), rows.get(act.from_case_id or "")
            )
        batch = new_id()
        for act in acts:
            _take_back(services, session, opened.user, act, moved[act.submission_id], batch)
            back_in = rows.get(act.from_case_id or "")
            assignment.end_for_other_owners(
                services, session, opened.user, back_in, [moved[act.submission_id]]
            )
        _restore_case(session, acts[0], rows)
        for submission in moved.values():
            if submission.state == SubmissionState.HOLDING:
                key = services.keyring.open(session, submission.data_key_id)
                refresh_ranking(services, session, submission, key)
        for case in rows.values():
            if case.state != CaseState.CLOSED:
                completeness.refresh_completeness(services, session, case.id)
        audit.note(
            services,
            session,
            opened.user,
            Act.FILING_UNDONE,
            ("submission", acts[0].submission_id),
            {"act": acts[0].act, "batch": acts[0].batch, "submissions": len(acts)},
        )


def _locked_cases(session: "Session", acts: list[FilingAct]) -> "dict[str, Case]":
    wanted = {case_id for act in acts for case_id in (act.from_case_id, act.to_case_id) if case_id}
    return {case.id: case for case in cases.locked(session, sorted(wanted))}


def _locked(session: "Session", act: FilingAct) -> "Submission":
    submission = submissions.locked(session, act.submission_id)
    if submission is None:
        raise NotFound
    # Read again under the lock, because somebody may have undone it meanwhile.
    session.refresh(act)
    return submission


def refuse_when_late(session: "Session", act: FilingAct) -> None:
    """Raise Conflict when an act cannot be undone any more: MailLeft when mail was sent since."""
    submission = submissions.by_id(session, act.submission_id)
    if submission is None:
        raise Conflict
    _refuse_when_late(session, act, submission)


def _refuse_when_late(session: "Session", act: FilingAct, submission: "Submission") -> None:
    was_undone = act.undone_at is not None or act.act == FilingActKind.UNDONE
    if was_undone or submission.case_id != act.to_case_id:
        raise Conflict
    is_held_before = act.state_before in {SubmissionState.HOLDING, SubmissionState.DOCUMENTS}
    state_after = SubmissionState.QUEUED if is_held_before else act.state_before
    if submission.state != state_after:
        raise Conflict
    mails = cases.of_cases(session, [act.to_case_id or ""]).get(act.to_case_id or "", [])
    ids = [mail.id for mail in mails]
    if outbox.has_left(session, ids, act.at, other_than=WITHOUT_CASE):
        raise MailLeft
    if act.act in MAKING_A_CASE and len(ids) > 1:
        # Others were filed to the new case meanwhile, and must be moved out of it first.
        raise Conflict


def _take_back(
    services: "Services",
    session: "Session",
    user: "SignedInUser",
    act: FilingAct,
    submission: "Submission",
    batch: str,
) -> None:
    now = services.now()
    act.undone_at = now
    filing_acts.add(
        session,
        FilingAct(
            id=new_id(),
            submission_id=submission.id,
            batch=batch,
            act=FilingActKind.UNDONE,
            from_case_id=act.to_case_id,
            to_case_id=act.from_case_id,
            state_before=submission.state,
            user_id=user.id,
            reasons=[act.act],
            at=now,
        ),
    )
    submission.case_id = act.from_case_id
    if WITH_SENDER in act.reasons and submission.sender_id and act.to_case_id:
        participants.end(session, act.to_case_id, submission.sender_id, now)
    with assignment.holder_kept(services, session, submission):
        if act.act in BY_RULE:
            _hold(services, session, submission)
        else:
            _restore_items(services, session, act, submission)
            submission.state = act.state_before
    session.flush()


def _hold(services: "Services", session: "Session", submission: "Submission") -> None:
    """Let a submission that a rule had filed wait for a person to decide."""
    queue_items.close_kind(session, submission.id, TaskKind.SUBMISSION, services.now())
    submission.state = SubmissionState.HOLDING
    submission.filing_reason = FILING_UNDONE
    is_emergency = submission.priority == Priority.EMERGENCY
    queue = Queue.EMERGENCY if is_emergency else Queue.MAIL_TO_MATCH
    route = QueueChoice(queue, FILING_UNDONE, Priority(submission.priority))
    put_into_queue(services, session, submission, route)


def _restore_items(
    services: "Services", session: "Session", act: FilingAct, submission: "Submission"
) -> None:
    closed = {note.removeprefix(CLOSED_NOTE) for note in act.reasons if CLOSED_NOTE in note}
    opened = {note.removeprefix(OPENED_NOTE) for note in act.reasons if OPENED_NOTE in note}
    for item in queue_items.of_submission(session, submission.id):
        if item.kind != TaskKind.SUBMISSION:
            continue
        if item.queue in closed:
            item.closed_at = None
        elif item.queue in opened and item.closed_at is None:
            item.closed_at = services.now()


def _restore_case(session: "Session", act: FilingAct, rows: "dict[str, Case]") -> None:
    if act.act == FilingActKind.MERGED and act.from_case_id is not None:
        rows[act.from_case_id].merged_into = None
    elif act.act in MAKING_A_CASE and act.to_case_id is not None:
        # The case has no mail any more, and nobody was ever sent its code.
        rows[act.to_case_id].state = CaseState.CLOSED
    session.flush()
