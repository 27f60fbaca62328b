"""Stop and resume a case when its person withdraws: at any time, and nobody asks why.

See requirement 18. Stopping keeps back the mails, papers and messages that wait to leave, ends
reminders and the links for uploads, and suspends every consent; nothing new leaves for the case
until an officer resumes it. Then the case has its state of before, what waits in it is promised a
confirmation again, and the officer says which of the suspended consents hold again; the others end
for good. Mails that were kept back stay so, and links are made anew. What a link holder uploaded
and did not send stays as long as any draft. The stop is the case's, so nothing is moved out of a
stopped case into one that goes on, and the two do not merge.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from intake.access import papers
from intake.access.edit_conflicts import PERSON
from intake.cases import completeness, consents, missing_documents, stop_clocks
from intake.cases.consents import ConsentState, SuspensionEnd
from intake.core import audit
from intake.core.errors import Conflict
from intake.outbox import undo_send
from intake.outbox.guard import PERSON_WITHDREW
from intake.queues import ends
from storage import audit as audit_trail
from storage.accounts import users
from storage.audit_acts import Act
from storage.cases import cases, messages
from storage.cases import consents as consent_rows
from storage.cases.cases import CaseState
from storage.mail import kept_back, outbox
from storage.mail.outbox import MailKind
from storage.submissions import upload_links
from storage.submissions.submissions import SubmissionState

if TYPE_CHECKING:
    from datetime import datetime

    from intake.access.opened import OpenedToChange, OpenedToRead
    from intake.accounts.accounts import SignedInUser
    from intake.cases.consents import ConsentView
    from intake.core.services import Services
    from storage.cases.cases import Case
    from storage.database import Session
    from storage.submissions.submissions import Submission

STOPPED, GOES_ON = Act.CASE_PERSON_WITHDREW, Act.CASE_PERSON_GOES_ON


class PersonWithdrew(Conflict):
    """Something was to be sent for a case whose person withdrew."""

    reason = PERSON_WITHDREW
    public = (
        "The person has withdrawn, so nothing leaves for this case, and nothing was sent. If "
        "the coordinator must know something, call them. What comes in is kept and waits. If the "
        "person goes on after all, say so on the page of the case."
    )


class StopChanged(Conflict):
    """The consents that wait for the end of a stop are others than those that were shown."""

    reason = "stop_changed"
    public = (
        "A colleague changed a consent of this case meanwhile, so nothing was changed. Please look "
        "at the list again."
    )


@dataclass(frozen=True)
class Stop:
    """A stop that lasts: since when (UTC), by whom (a label), and what it held.

    `mails` were kept back. `in_hand` were with the sender at that moment: whether one of them left
    stands in the history of the case. `suspended` are the consents that wait for its end.
    """

    since_at: "datetime"
    by: str
    mails: int
    in_hand: int
    suspended: "tuple[ConsentView, ...]"


@dataclass(frozen=True)
class EndOfStop:
    """What the form says at the end of a stop: the consents that it showed, and which hold again.

    Those that were shown and do not hold again end for good.
    """

    shown: frozenset[str]
    hold_again: frozenset[str]


class CasesStayApart(Conflict):
    """One of two cases is stopped, and the other goes on, so they are not merged."""

    reason = "cases_stay_apart"
    public = (
        "The person of one of these cases has withdrawn, so the cases stay apart, and nothing was "
        "changed. If both are about the same person, note that in the other case too, then merge."
    )


class SubmissionStays(Conflict):
    """A submission was to leave a case whose person withdrew."""

    reason = "submission_stays"
    public = (
        "The person of this case has withdrawn, so what is filed in it stays in it, and nothing "
        "was changed. If this belongs to somebody else, note in the case that its person goes on "
        "after all, move it, then note again that they have withdrawn."
    )


def refuse_to_merge(old: "Case", into: "Case") -> None:
    """Raise CasesStayApart when one of two locked cases is stopped and the other is not."""
    if (old.state == CaseState.WITHDRAWN) != (into.state == CaseState.WITHDRAWN):
        raise CasesStayApart


def refuse_to_take_out(case: "Case | None", into: "Case | None" = None) -> None:
    """Raise SubmissionStays when a submission would leave a stopped case for one that goes on.

    Both are locked; `into` is None when the submission will be in a new case, or in none.
    """
    is_stopped = case is not None and case.state == CaseState.WITHDRAWN
    if is_stopped and (into is None or into.state != CaseState.WITHDRAWN):
        raise SubmissionStays


def stop_case(services: "Services", opened: "OpenedToChange[Case]") -> None:
    """Stop everything that goes out for a case; a second call changes nothing.

    Raises NotFound or CaseMoved.
    """
    with services.database.transaction() as session:
        case = opened.row(services, session)
        if case.state == CaseState.WITHDRAWN:
            return
        now = services.now()
        before = case.state
        case.state, case.next_reminder_at = CaseState.WITHDRAWN, None
        case_ids = cases.merged_into(session, case.id)
        arrived = completeness.submissions_of(session, case)
        filed = [row.id for row in arrived]
        noted = consent_rows.of_cases(session, case_ids)
        kept_papers = sum(_keep_back_papers(services, session, opened.user, row) for row in arrived)
        kept = sum(kept_back.keep_back(session, each, PERSON_WITHDREW, now) for each in filed)
        for row in arrived:
            _open_unanswered(services, session, opened.user, row)
        links = upload_links.end_open(session, case_ids, filed, now)
        missing_documents.update_item(services, session, case, is_missing=False)
        stop_clocks.begin(services, session, arrived)
        # What can still be taken back has not left, so it does not leave any more.
        unsent = messages.keep_back(session, case_ids, now - papers.undo_window(services))
        detail: dict[str, str | int] = {
            "before": before,
            "mails": kept,
            "messages": unsent,
            "papers": kept_papers,
            "in_hand": kept_back.count_in_hand(session, filed, now),
            "consents": consents.suspend(services, session, opened.user, noted),
            "links": len(links),
        }
        audit.note(services, session, opened.user, STOPPED, ("case", case.id), detail)


def _keep_back_papers(
    services: "Services", session: "Session", user: "SignedInUser", submission: "Submission"
) -> int:
    """Delete the confirmations of a submission that have not left, and let it wait again.

    Nobody is confirmed to, so it stands in its queue as if nobody had signed. Returns how many.
    """
    numbers = undo_send.keep_back_papers(services, session, submission)
    if not numbers:
        return 0
    subject, sent = ("submission", submission.id), {"sent": MailKind.CONFIRMATION}
    if submission.state == SubmissionState.CONFIRMED:
        ends.wait_again(services, session, submission)
        audit.note(services, session, user, Act.SUBMISSION_REOPENED, subject, sent)
    for number in numbers:
        detail = {**sent, "number": number}
        audit.note(services, session, user, Act.CONFIRMATION_KEPT_BACK, subject, detail)
    return len(numbers)


def _open_unanswered(
    services: "Services", session: "Session", user: "SignedInUser", submission: "Submission"
) -> None:
    """Let a submission wait again that was finished with an answer which was kept back."""
    ending = ends.ending_of(session, submission)
    kind = ending.detail.get(ends.MAIL) if ending is not None else None
    if kind is None or outbox.leaves(session, submission.id, kind):
        return
    ends.open_again(services, session, submission)
    subject, detail = ("submission", submission.id), {"reason": PERSON_WITHDREW}
    audit.note(services, session, user, Act.SUBMISSION_OPENED_AGAIN, subject, detail)


def read_stop(services: "Services", opened: "OpenedToRead[Case]") -> Stop | None:
    """Return the stop of a case, None when it goes on. Raises NotFound."""
    with services.database.reading() as session:
        return _stop_of(services, session, opened.row(services, session))


def open_stop(services: "Services", opened: "OpenedToRead[Case]") -> Stop | None:
    """Return what `read_stop` does, for a page of its own; the reading is audited."""
    with services.database.transaction() as session:
        case = opened.row(services, session)
        act = Act.CASE_CONSENT_VIEWED
        audit.note(services, session, opened.user, act, ("case", case.id))
        return _stop_of(services, session, case)


def _stop_of(services: "Services", session: "Session", case: "Case") -> Stop | None:
    stopped = audit_trail.newest_acts(session, ("case", case.id), [STOPPED], by=PERSON)
    if case.state != CaseState.WITHDRAWN or not stopped:
        return None
    account_id = stopped[0].actor.removeprefix(PERSON)
    return Stop(
        since_at=stopped[0].at,
        by=users.labels_of(session, {account_id}).get(account_id, ""),
        mails=int(stopped[0].detail.get("mails", 0)),
        in_hand=int(stopped[0].detail.get("in_hand", 0)),
        suspended=_suspended(services, session, case),
    )


def resume_case(
    services: "Services", opened: "OpenedToChange[Case]", end: EndOfStop | None = None
) -> tuple[str, ...]:
    """Give a stopped case its state of before, with the consents that hold again.

    Without `end` none does. Returns the ids of the submissions that are promised a confirmation
    anew, as the date of before has passed. Raises NotFound, CaseMoved, StopChanged when other
    consents wait than were shown, and Conflict when the case is not stopped.
    """
    with services.database.transaction() as session:
        case = opened.row(services, session)
        stopped = audit_trail.newest_acts(session, ("case", case.id), [STOPPED], by=PERSON)
        if case.state != CaseState.WITHDRAWN or not stopped:
            raise Conflict
        waiting = {each.id for each in _suspended(services, session, case)}
        chosen = end or EndOfStop(frozenset(waiting), frozenset())
        if chosen.shown != waiting or not chosen.hold_again <= waiting:
            raise StopChanged
        case_ids = cases.merged_into(session, case.id)
        rows = [row for row in consent_rows.of_cases(session, case_ids) if row.id in waiting]
        held = [row for row in rows if row.id in chosen.hold_again]
        ended = [row for row in rows if row.id not in chosen.hold_again]
        consents.end_suspensions(services, session, opened.user, held, SuspensionEnd.GOES_ON)
        consents.end_suspensions(services, session, opened.user, ended, SuspensionEnd.ENDED)
        for row in ended:
            row.withdrawn_at = services.now()
        case.state = str(stopped[0].detail["before"])
        session.flush()
        arrived = completeness.submissions_of(session, case)
        promised_anew = stop_clocks.end(services, session, arrived)
        completeness.refresh_completeness(services, session, case.id)
        detail = {"hold_again": len(held), "ended": len(ended)}
        audit.note(services, session, opened.user, GOES_ON, ("case", case.id), detail)
        return promised_anew


def _suspended(services: "Services", session: "Session", case: "Case") -> "tuple[ConsentView, ...]":
    listed = consents.of_case(services, session, case)
    return tuple(each for each in listed if each.state is ConsentState.SUSPENDED)
