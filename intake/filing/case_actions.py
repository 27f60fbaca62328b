"""Let officers file submissions: accept into a case, open, split and merge cases.

Undoing is in `undo`. Each act is one transaction, with one filing act for each submission that
moved, and is audited with the ids. Cases are always locked before submissions. What was read
before the lock is checked again under it; Conflict says that somebody else decided first. The
portal's policy says which roles may act.
"""

from typing import TYPE_CHECKING

from intake.cases import completeness, stop_clocks, withdrawal
from intake.core import audit
from intake.core.errors import Conflict, NotFound
from intake.filing.file import new_case, put_into_queue
from intake.filing.rules import QueueChoice
from intake.filing.undo import CLOSED_NOTE, OPENED_NOTE, WITH_SENDER, undo_filing
from intake.queues import assignment
from storage.accounts import users
from storage.audit_acts import Act
from storage.base import new_id
from storage.cases import cases, filing_acts, participants
from storage.cases.cases import CaseState
from storage.cases.filing_acts import FilingAct, FilingActKind
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

AUDITED = {
    FilingActKind.ACCEPTED: Act.SUBMISSION_ACCEPTED,
    FilingActKind.OPENED: Act.SUBMISSION_ACCEPTED,
    FilingActKind.SPLIT: Act.SUBMISSION_SPLIT,
    FilingActKind.MERGED: Act.SUBMISSION_MERGED,
}


class AloneInCase(Conflict):
    """A submission was to be taken out of a case in which nothing else is."""

    reason = "alone_in_case"
    public = (
        "It is the only one in its case, so there is nothing to take it out of. If it is no "
        "case, finish it: the case that it opened ends with it, or stays with what else is in it. "
        "Nothing was changed."
    )


def accept_submission(
    services: "Services",
    opened: "OpenedToChange[Submission]",
    into: "OpenedToChange[Case]",
    *,
    with_sender: bool = False,
) -> str:
    """File a held submission to a case, or to the one it was merged into; return the act's id.

    `with_sender` adds the registered sender to the case, so that their further mail is filed
    there by rule. Raises NotFound, and Conflict when the submission is not held any more, the
    case is closed, or there is no registered sender to add.
    """
    with services.database.transaction() as session:
        seen = opened.row(services, session)
        (case,) = _locked_cases(session, [into.row(services, session).id])
        if case.programme != seen.programme:
            raise NotFound
        submission = _locked_held(session, seen.id)
        notes = _take_along(
            services, session, opened.user, submission, case, with_sender=with_sender
        )
        return _file(
            services, session, opened.user, submission, case, FilingActKind.ACCEPTED, notes
        )


def open_case(
    services: "Services", opened: "OpenedToChange[Submission]", *, with_sender: bool = False
) -> str:
    """Make a new case of a held submission; return the act's id.

    Raises NotFound, and Conflict as `accept_submission` does.
    """
    with services.database.transaction() as session:
        submission = _locked_held(session, opened.row(services, session).id)
        case = new_case(services, session, submission, opened.user.actor)
        notes = _take_along(
            services, session, opened.user, submission, case, with_sender=with_sender
        )
        return _file(services, session, opened.user, submission, case, FilingActKind.OPENED, notes)


def split_submission(
    services: "Services",
    opened: "OpenedToChange[Submission]",
    *,
    seen_case: str | None = None,
    with_sender: bool = False,
) -> str:
    """Move a submission from its case into a new one; return the act's id.

    `seen_case` is the code of the case that the officer saw it in. Raises NotFound, and
    Conflict when it is in no case or in another one, AloneInCase when it is alone there, and
    SubmissionStays when the person of its case withdrew.
    """
    with services.database.transaction() as session:
        seen = opened.row(services, session)
        if seen.case_id is None:
            raise Conflict
        (old,) = cases.locked(session, [seen.case_id])
        submission = _locked(session, seen.id)
        if submission.case_id != old.id or seen_case not in {None, old.reference}:
            raise Conflict
        if len(cases.of_cases(session, [old.id], limit=2).get(old.id, [])) < 2:
            raise AloneInCase
        withdrawal.refuse_to_take_out(old)
        if old.owner_id is not None and old.owner_id != opened.user.id:
            former = users.by_id(session, old.owner_id)
            assignment.end_for_former_owner(services, session, opened.user, former, [submission])
        case = new_case(services, session, submission, opened.user.actor)
        # The submission of a stranger has no region; the new case gets that of the old one.
        case.region = case.region or old.region
        notes = _take_along(
            services, session, opened.user, submission, case, with_sender=with_sender
        )
        return _file(services, session, opened.user, submission, case, FilingActKind.SPLIT, notes)


def merge_cases(
    services: "Services",
    opened: "OpenedToChange[Case]",
    target: "OpenedToChange[Case]",
    *,
    across_regions: bool = False,
) -> str:
    """Merge one case into another: all its mail moves, and its code leads there.

    Returns the id of the batch, by which `undo_filing` undoes all of it. Raises NotFound, and
    Conflict for the same case twice, for a case that was merged or closed already or has no mail,
    and for two regions unless `across_regions` is set, and CasesStayApart when the person of only
    one of them withdrew.
    """
    with services.database.transaction() as session:
        from_id = opened.row(services, session).id
        into_id = target.row(services, session).id
        if from_id == into_id:
            raise Conflict
        rows = {case.id: case for case in _locked_cases(session, [from_id, into_id])}
        old, into = rows[from_id], rows[into_id]
        if old.programme != into.programme:
            raise NotFound
        withdrawal.refuse_to_merge(old, into)
        if old.region != into.region and not across_regions:
            raise Conflict
        moved = cases.of_cases(session, [old.id]).get(old.id, [])
        if not moved:
            raise Conflict
        old.merged_into = into.id
        batch = new_id()
        for mail in sorted(moved, key=lambda each: each.id):
            submission = _locked(session, mail.id)
            _write(
                services, session, opened.user, submission, into.id, FilingActKind.MERGED, [], batch
            )
            submission.case_id = into.id
        assignment.end_for_other_owners(services, session, opened.user, into, moved)
        completeness.refresh_completeness(services, session, into.id)
        audit.note(
            services,
            session,
            opened.user,
            Act.CASE_MERGED,
            ("case", old.id),
            {"into": into.id, "batch": batch, "submissions": len(moved)},
        )
        return batch


def _locked_cases(session: "Session", case_ids: list[str]) -> "list[Case]":
    """Lock cases to file into. Raises Conflict when one was merged or closed meanwhile."""
    rows = cases.locked(session, case_ids)
    if any(case.merged_into is not None or case.state == CaseState.CLOSED for case in rows):
        raise Conflict
    return rows


def _locked(session: "Session", submission_id: str) -> "Submission":
    submission = submissions.locked(session, submission_id)
    if submission is None:
        raise NotFound
    return submission


def _locked_held(session: "Session", submission_id: str) -> "Submission":
    submission = _locked(session, submission_id)
    if submission.state != SubmissionState.HOLDING or submission.case_id is not None:
        raise Conflict
    return submission


def _take_along(
    services: "Services",
    session: "Session",
    user: "SignedInUser",
    submission: "Submission",
    case: "Case",
    *,
    with_sender: bool,
) -> list[str]:
    """Add the sender to the case when the officer says so; return the note for undoing it."""
    if not with_sender:
        return []
    if submission.sender_id is None:
        raise Conflict
    members = participants.of_cases(session, [case.id]).get(case.id, frozenset())
    if submission.sender_id in members:
        return []
    participants.add(session, case.id, submission.sender_id, services.now(), added_by=user.id)
    return [WITH_SENDER]


def _file(
    services: "Services",
    session: "Session",
    user: "SignedInUser",
    submission: "Submission",
    case: "Case",
    act: FilingActKind,
    notes: list[str],
) -> str:
    """Move one submission with its queue items and who has them, and record it."""
    is_held = submission.state == SubmissionState.HOLDING
    queue = Queue.EMERGENCY if submission.priority == Priority.EMERGENCY else Queue.NEW_REFERRALS
    # An officer who names the case has not judged the risk, so the priority stays.
    route = QueueChoice(queue, f"{act.value}_by_officer", Priority(submission.priority))
    with assignment.holder_kept(services, session, submission):
        closed = _close_items(services, session, submission) if is_held else []
        is_new_item = put_into_queue(services, session, submission, route)
    notes = [
        *notes,
        *(f"{CLOSED_NOTE}{queue}" for queue in closed),
        *([f"{OPENED_NOTE}{queue.value}"] if is_new_item else []),
    ]
    batch = new_id()
    act_id = _write(services, session, user, submission, case.id, act, notes, batch)
    submission.case_id = case.id
    if is_held:
        submission.state = SubmissionState.QUEUED
        filing_acts.replace_ranks(session, submission.id, [])
    if cases.is_stopped(session, submission):
        stop_clocks.begin(services, session, [submission])
    assignment.end_for_other_owners(services, session, user, case, [submission])
    completeness.refresh_completeness(services, session, case.id)
    audit.note(
        services,
        session,
        user,
        AUDITED[act],
        ("submission", submission.id),
        {"case": case.id, "batch": batch, "with_sender": WITH_SENDER in notes},
    )
    return act_id


def _close_items(services: "Services", session: "Session", submission: "Submission") -> list[str]:
    closed = []
    for item in queue_items.of_submission(session, submission.id):
        if item.kind == TaskKind.SUBMISSION and item.closed_at is None:
            item.closed_at = services.now()
            closed.append(item.queue)
    session.flush()
    return closed


def _write(
    services: "Services",
    session: "Session",
    user: "SignedInUser",
    submission: "Submission",
    to_case_id: str,
    act: FilingActKind,
    notes: list[str],
    batch: str,
) -> str:
    row = FilingAct(
        id=new_id(),
        submission_id=submission.id,
        batch=batch,
        act=act,
        from_case_id=submission.case_id,
        to_case_id=to_case_id,
        state_before=submission.state,
        user_id=user.id,
        reasons=notes,
        at=services.now(),
    )
    filing_acts.add(session, row)
    return row.id


def accept_submission_anew(
    services: "Services",
    opened: "OpenedToChange[Submission]",
    into: "OpenedToChange[Case]",
    *,
    with_sender: bool = False,
    instead_of: "OpenedToChange[list[FilingAct]] | None" = None,
) -> str:
    """File a submission to a case, undoing an act first when one is given; return the act's id.

    Raises what `accept_submission` and `undo_filing` raise.
    """
    if instead_of is not None:
        undo_filing(services, instead_of)
    return accept_submission(services, opened, into, with_sender=with_sender)


def open_case_anew(
    services: "Services",
    opened: "OpenedToChange[Submission]",
    *,
    with_sender: bool = False,
    instead_of: "OpenedToChange[list[FilingAct]] | None" = None,
) -> str:
    """Make a new case of a submission, undoing an act first when one is given; return the act's id.

    Raises what `open_case` and `undo_filing` raise.
    """
    if instead_of is not None:
        undo_filing(services, instead_of)
    return open_case(services, opened, with_sender=with_sender)
