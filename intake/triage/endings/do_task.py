"""Do a task with an outcome, and open one again within a day (requirement 112).

Each act is one audited transaction, with all that follows from the outcome: a call that reached
nobody gets a new due time, one that said «forged» holds the submission. The audit has the outcome's
code and never the note. A form carries the outcome that its page showed, so that of two people who
do the same task the second is told of the first.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from intake.accounts.people import assignees, cover
from intake.cases import completeness
from intake.core import audit
from intake.core.errors import Conflict, FieldsInvalid
from intake.core.typed_text import tidy
from intake.correspondence import case_messages
from intake.queues import ends
from intake.queues.task_outcomes import (
    CALL_SAID_FORGED,
    CALL_SAID_GENUINE,
    MAX_NOTE_CHARS,
    MAX_PUT_OFF,
    NEEDS_NOTE,
    REOPENABLE_FOR,
    STAYS_OPEN,
    Outcome,
    outcomes_of,
)
from intake.triage import decisions
from intake.triage.decisions import HoldReason
from intake.triage.endings import escalate
from storage.accounts import users
from storage.audit_acts import Act
from storage.base import new_id
from storage.cases import cases
from storage.cases.cases import Case
from storage.crypto.sealing import seal, unseal
from storage.lists import work_subjects
from storage.submissions import queue_items, task_outcomes
from storage.submissions.queue_items import TaskKind
from storage.submissions.submissions import Outcome as SubmissionOutcome
from storage.submissions.submissions import SenderVerdict, Submission, SubmissionState, place
from storage.submissions.task_outcomes import TaskOutcome

if TYPE_CHECKING:
    from intake.access.opened import OpenedToChange
    from intake.accounts.accounts import SignedInUser
    from intake.core.services import Services
    from intake.outbox.mail_texts import MailTexts
    from intake.queues.colleagues import Colleague
    from storage.database import Session
    from storage.lists.work_subjects import About
    from storage.submissions.queue_items import QueueItem

CALL_SAID = frozenset({CALL_SAID_FORGED, CALL_SAID_GENUINE})


@dataclass(frozen=True)
class TaskReport:
    """What somebody says about a task: `claimed_outcome` is a code, `note` as it was typed.

    `again_at` (aware) is when a call that reached nobody is tried again. `seen_outcome` is the id
    of the outcome that the page showed, empty for none. `escalated_to` is the account of the
    protection officer whom one asks, empty for all the others; `even_if_away` says that the one
    who reports knows that they are away.
    """

    claimed_outcome: str
    note: str = ""
    again_at: datetime | None = None
    seen_outcome: str = ""
    escalated_to: str = ""
    even_if_away: bool = False


class TaskChanged(Conflict):
    """Somebody did the task since its page was made, or it is over in another way.

    `outcome` is a code, `by` the label of who did it and `at` when; all are None where no outcome
    is known. `is_open` tells that it can still be done, with `newest_id` in the form.
    """

    reason = "task_changed"
    public = "Somebody else did this task meanwhile. Nothing that you wrote is lost."

    def __init__(
        self,
        outcome: str | None,
        by: str | None,
        at: datetime | None,
        *,
        is_open: bool,
        newest_id: str = "",
    ) -> None:
        super().__init__()
        self.outcome, self.by, self.at = outcome, by, at
        self.is_open, self.newest_id = is_open, newest_id


class TaskNotReopened(Conflict):
    """A task cannot be opened again: a day has passed, or something was done with it since."""

    reason = "task_not_reopened"
    public = (
        "This task cannot be opened again: a day has passed, or something was done with it since. "
        "Nothing was changed."
    )


def do_task(
    services: "Services",
    texts: "MailTexts",
    opened: "OpenedToChange[QueueItem]",
    report: TaskReport,
) -> str:
    """Do a task, and return the id of its outcome. The same report again changes nothing.

    Raises NotFound, OnlyToRead, FieldsInvalid for `outcome`, `note`, `again` or `to`, AssigneeAway,
    and TaskChanged when somebody else did it since the form was made.
    """
    with services.database.transaction() as session:
        item = opened.row(services, session)
        about = work_subjects.about_one(session, item)
        if about is None:
            raise Conflict
        newest = task_outcomes.newest_of_item(session, item.id)
        is_other = newest is not None and newest.id != report.seen_outcome
        if newest is not None and _is_repeated(
            services, session, opened.user, item, newest, report
        ):
            return newest.id
        if is_other or item.closed_at is not None:
            raise _changed(session, item, newest)
        outcome, note = _checked(services, item, report)
        to = _asked(services, session, opened.user, item, report)
        row = _row(services, session, opened.user, about, item, outcome, note)
        row.number = newest.number + 1 if newest is not None else 1
        session.add(row)
        if outcome in STAYS_OPEN and report.again_at is not None:
            item.due_at, item.escalated_at = report.again_at, None
        else:
            item.closed_at = row.at
            escalate.end_gap(services, session, item)
        _follow(services, session, opened.user, about, item, row)
        session.flush()
        more: dict[str, str | int] = {}
        if outcome is Outcome.ESCALATED:
            more = escalate.escalate(services, texts, session, opened.user, about, to)
        audit.note(
            services,
            session,
            opened.user,
            Act.TASK_DONE,
            about.subject,
            {"item": item.id, "kind": item.kind, "outcome": outcome, **more},
            at=row.at,
        )
        return row.id


def reopen_task(services: "Services", opened: "OpenedToChange[QueueItem]", outcome_id: str) -> None:
    """Open a task again that was done within a day; what was done stays on record.

    What was escalated can be opened again as long as it waits for whom it was, who may do so too.
    `outcome_id` is the outcome that the form showed. Raises NotFound, OnlyToRead, and
    TaskNotReopened.
    """
    with services.database.transaction() as session:
        item = opened.row(services, session)
        reopen_locked(services, session, opened.user, item, outcome_id)


def reopen_locked(
    services: "Services",
    session: "Session",
    user: "SignedInUser",
    item: "QueueItem",
    outcome_id: str,
) -> None:
    """Do as `reopen_task` with a locked item, in the caller's transaction."""
    about = work_subjects.about_one(session, item)
    newest = task_outcomes.newest_of_item(session, item.id)
    now = services.now()
    if about is None or newest is None or newest.id != outcome_id:
        raise TaskNotReopened
    if item.closed_at is None or not can_be_reopened(session, newest, about.thing.programme, now):
        raise TaskNotReopened
    escalate.take_back(services, session, newest)
    newest.reopened_by, newest.reopened_at = user.id, now
    item.closed_at = None
    if item.claimed_by not in cover.acts_as(services, session, user.id, now):
        # Whoever had it has it again; it is nobody's when somebody else opens it.
        item.claimed_by = item.claimed_at = None
    is_call = newest.outcome in {Outcome.REACHED_GENUINE, Outcome.REACHED_FORGED}
    if is_call and about.submission is not None:
        _forget_call(session, about.submission)
    if item.kind == TaskKind.MISSING_DOCUMENTS:
        _remind_as_reported(services, session, about)
    session.flush()
    audit.note(
        services,
        session,
        user,
        Act.TASK_REOPENED,
        about.subject,
        {"item": item.id, "kind": item.kind, "outcome": newest.outcome},
        at=now,
    )


def can_be_reopened(session: "Session", row: TaskOutcome, programme: str, now: datetime) -> bool:
    """Tell whether what was done can be taken back, as far as its own row says.

    `programme` is that of the submission or case now: one that was handed on took no task with it.
    """
    is_recent = now - row.at <= REOPENABLE_FOR or escalate.waits(session, row)
    return row.reopened_at is None and is_recent and row.programme == programme


def note_of(services: "Services", session: "Session", row: TaskOutcome) -> str:
    """Return what was noted with an outcome; whoever shows it asks first who may read it."""
    about: Submission | Case
    if row.case_id is not None:
        about = session.get_one(Case, row.case_id)
    else:
        about = session.get_one(Submission, row.submission_id)
    key = services.keyring.open(session, about.data_key_id)
    return unseal(key, place("task_outcomes", "note", row.id), row.note)


def _checked(services: "Services", item: "QueueItem", report: TaskReport) -> tuple[Outcome, str]:
    """Return what was reported, its note tidied. Raises FieldsInvalid."""
    errors, note = {}, tidy(report.note)
    known = {each.value: each for each in outcomes_of(item.kind)}
    outcome = known.get(report.claimed_outcome)
    if outcome is None:
        errors["outcome"] = "Choose what came of it."
    if len(note) > MAX_NOTE_CHARS:
        errors["note"] = f"Please write at most {MAX_NOTE_CHARS} characters."
    elif outcome in NEEDS_NOTE and not note:
        errors["note"] = "Please write a few words about it first."
    if outcome in STAYS_OPEN:
        now, again_at = services.now(), report.again_at
        if again_at is None or not now < again_at <= now + MAX_PUT_OFF:
            errors["again"] = "Say when to try again: a day and time within the next 30 days."
    if outcome is None or errors:
        raise FieldsInvalid(errors)
    return outcome, note


def _asked(
    services: "Services",
    session: "Session",
    user: "SignedInUser",
    item: "QueueItem",
    report: TaskReport,
) -> "Colleague | None":
    """Return to whom a report escalates by name, or None. Raises FieldsInvalid and AssigneeAway."""
    to_id = report.escalated_to
    if report.claimed_outcome != Outcome.ESCALATED or not to_id:
        return None
    others = escalate.colleagues_for(services, session, user, item.programme)
    to = next((each for each in others if each.id == to_id), None)
    if to is None:
        raise FieldsInvalid({"to": "Choose a protection officer of the list, or all of them."})
    assignees.refuse_if_away(services, session, to_id, even_if_away=report.even_if_away)
    return to


def _is_repeated(
    services: "Services",
    session: "Session",
    user: "SignedInUser",
    item: "QueueItem",
    newest: TaskOutcome,
    report: TaskReport,
) -> bool:
    """Tell whether a report is the one that the same person made just before, sent twice."""
    if newest.id == report.seen_outcome or (
        item.closed_at is None and newest.outcome not in STAYS_OPEN
    ):
        return False
    if (newest.done_by, newest.outcome, newest.reopened_at) != (
        user.id,
        report.claimed_outcome,
        None,
    ):
        return False
    return note_of(services, session, newest) == tidy(report.note)


def _changed(session: "Session", item: "QueueItem", newest: TaskOutcome | None) -> TaskChanged:
    is_open, newest_id = item.closed_at is None, newest.id if newest is not None else ""
    if newest is None or newest.reopened_at is not None:
        return TaskChanged(None, None, None, is_open=is_open, newest_id=newest_id)
    by = users.labels_of(session, {newest.done_by}).get(newest.done_by, "")
    return TaskChanged(newest.outcome, by, newest.at, is_open=is_open, newest_id=newest_id)


def _row(
    services: "Services",
    session: "Session",
    user: "SignedInUser",
    about: "About",
    item: "QueueItem",
    outcome: Outcome,
    note: str,
) -> TaskOutcome:
    key, row_id = services.keyring.open(session, about.thing.data_key_id), new_id()
    return TaskOutcome(
        id=row_id,
        item_id=item.id,
        submission_id=about.thing.id if about.case is None else None,
        case_id=about.case.id if about.case is not None else None,
        programme=about.thing.programme,
        kind=item.kind,
        outcome=outcome,
        note=seal(key, place("task_outcomes", "note", row_id), note),
        done_by=user.id,
        at=services.now(),
    )


def _follow(
    services: "Services",
    session: "Session",
    user: "SignedInUser",
    about: "About",
    item: "QueueItem",
    row: TaskOutcome,
) -> None:
    """Do what follows from an outcome, in the same transaction."""
    submission = about.submission
    if item.kind == TaskKind.MISSING_DOCUMENTS:
        _remind_as_reported(services, session, about)
    is_of_case = about.case is not None or (submission is not None and submission.case_id)
    if item.kind == TaskKind.COORDINATOR_WROTE and is_of_case:
        case = about.case or cases.by_id(session, submission.case_id if submission else None)
        if case is not None:
            case_messages.mark_read_locked(services, session, user, case)
    if submission is None or item.task_id is not None:
        return
    match row.outcome:
        case Outcome.REACHED_GENUINE:
            _forget_call(session, submission)
            row.verdict_before = submission.sender_verdict
            submission.sender_reasons = [*submission.sender_reasons, CALL_SAID_GENUINE]
        case Outcome.REACHED_FORGED:
            _forget_call(session, submission)
            row.verdict_before = submission.sender_verdict
            submission.sender_verdict = SenderVerdict.UNVERIFIED
            submission.sender_reasons = [*submission.sender_reasons, CALL_SAID_FORGED]
            _hold(services, session, user, submission)
            # What was finished already counts as forged from now on.
            ends.correct(session, submission, SubmissionOutcome.FORGED)


def _remind_as_reported(services: "Services", session: "Session", about: "About") -> None:
    """Announce no reminder of papers that will not come, and do again when that is taken back."""
    session.flush()
    if about.case is not None:
        about.case.next_reminder_at = completeness.next_reminder(services, session, about.case)


def _hold(
    services: "Services", session: "Session", user: "SignedInUser", submission: "Submission"
) -> None:
    """Hold what a call said to be forged; what is decided about or held already stays there."""
    is_waiting = submission.state in {SubmissionState.QUEUED, SubmissionState.HOLDING}
    if is_waiting and not queue_items.is_on_hold(session, submission.id):
        decisions.hold_locked(services, session, user, submission, HoldReason.SENDER_UNSURE)


def _forget_call(session: "Session", submission: "Submission") -> None:
    """Take back what an earlier call changed about the sender, if one did."""
    if CALL_SAID.isdisjoint(submission.sender_reasons):
        return
    called = [
        row
        for row in task_outcomes.of_submission(session, submission.id)
        if row.verdict_before is not None
    ]
    if called:
        submission.sender_verdict = called[-1].verdict_before
    if CALL_SAID_FORGED in submission.sender_reasons:
        ends.correct_back(session, submission)
    submission.sender_reasons = [
        code for code in submission.sender_reasons if code not in CALL_SAID
    ]
