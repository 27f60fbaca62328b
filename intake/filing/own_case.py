"""Take a case away that one submission alone had opened, when that ends without a case.

A registered sender's thanks, a mail that was written in their name, or what a coordinator uploads
to try the service opens a case by rule; an officer opens one for an upload by a link or for a call.
When a person ends such a submission, its case ends with it, in the same act; opened again, it is
back in its case. Where anything else is in the case, nothing of it is lost: the submission ends in
its case, which stays as it is and waits for somebody to decide what becomes of it. The caller has
the submission locked, and its case before it.
"""

from enum import StrEnum
from typing import TYPE_CHECKING

from intake.cases import completeness
from intake.filing.undo import FILING_UNDONE, WITHOUT_CASE
from storage.base import new_id
from storage.cases import cases, contents, filing_acts
from storage.cases.cases import CaseState
from storage.cases.filing_acts import MAKING_A_CASE, FilingAct, FilingActKind
from storage.mail import outbox
from storage.mail.outbox import MailKind
from storage.submissions.submissions import SubmissionState

if TYPE_CHECKING:
    from intake.accounts.accounts import SignedInUser
    from intake.core.services import Services
    from storage.cases.cases import Case
    from storage.database import Session
    from storage.submissions.submissions import Submission

# Nothing was done for the person yet in these.
UNTOUCHED = (CaseState.RECEIVED, CaseState.TRIAGE, CaseState.CONFIRMED)
# An answer names its submission and no case, so the case may end although one was sent.
NAMES_NO_CASE = (*WITHOUT_CASE, *outbox.codes_of(MailKind.ANSWER))
WAS_FOR, WAS_IN_STATE = "filed_for:", "case_was:"


class CaseEnd(StrEnum):
    """What becomes of the case in which a submission ends without a case of its own."""

    ENDS = "ends"
    STAYS = "stays"


def end_of(session: "Session", submission: "Submission") -> CaseEnd | None:
    """Return what becomes of a submission's case when it ends; None while it cannot end there.

    What is not alone in its case can be taken out of it first. Out of a stopped case nothing is
    taken, so there it ends where it is.
    """
    if case_that_ends(session, submission) is not None:
        return CaseEnd.ENDS
    is_its_own = is_alone(session, submission)
    return CaseEnd.STAYS if is_its_own or cases.is_stopped(session, submission) else None


def case_that_ends(session: "Session", submission: "Submission") -> "Case | None":
    """Return the case that would end with a submission, None for one that stays.

    It is the case that this one opened and in which nothing else is. A stopped case stays, for
    nothing is taken out of it, and so does one whose code may be known from a mail of ours.
    """
    if submission.state != SubmissionState.QUEUED:
        return None
    case = cases.by_id(session, submission.case_id)
    if case is None or case.state not in UNTOUCHED or not is_alone(session, submission):
        return None
    act = _filed_by(session, submission, case.id)
    if act is None or act.act not in MAKING_A_CASE or cases.merged_into(session, case.id)[1:]:
        return None
    if outbox.has_left(session, [submission.id], act.at, other_than=NAMES_NO_CASE):
        return None
    return None if contents.has_more_than_arrivals(session, case.id) else case


def is_alone(session: "Session", submission: "Submission") -> bool:
    """Tell whether a submission is the only one in its case."""
    case_id = submission.case_id
    if case_id is None:
        return False
    return len(cases.of_cases(session, [case_id], limit=2).get(case_id, [])) == 1


def take_away(
    services: "Services",
    session: "Session",
    user: "SignedInUser",
    submission: "Submission",
    case: "Case",
) -> None:
    """End a case that `case_that_ends` names; its submission is held, in no case."""
    act = _filed_by(session, submission, case.id)
    now = services.now()
    notes = [f"{WAS_FOR}{submission.filing_reason}", f"{WAS_IN_STATE}{case.state}"]
    if act is not None:
        act.undone_at = now
        notes = [act.act, *notes]
    row = FilingAct(
        id=new_id(),
        submission_id=submission.id,
        batch=new_id(),
        act=FilingActKind.UNDONE,
        from_case_id=case.id,
        state_before=submission.state,
        user_id=user.id,
        reasons=notes,
        at=now,
    )
    filing_acts.add(session, row)
    submission.case_id, submission.state = None, SubmissionState.HOLDING
    submission.filing_reason = FILING_UNDONE
    case.state, case.next_reminder_at = CaseState.CLOSED, None
    session.flush()


def give_back(
    services: "Services", session: "Session", submission: "Submission", case_id: str
) -> None:
    """Put a submission that waits again back into the case that ended with it.

    It stays without a case when that case was erased meanwhile, or the submission filed anew.
    """
    acts = filing_acts.of_submission(session, submission.id)
    ended = next((act for act in acts if _has_ended(act, case_id)), None)
    if ended is None or submission.case_id is not None:
        return
    if case_id not in cases.open_key_ids(session, [case_id]):
        return
    (case,) = cases.locked(session, [case_id])
    if case.state != CaseState.CLOSED:
        return
    ended.undone_at = services.now()
    opening = [act for act in acts if act.to_case_id == case_id and act.act in MAKING_A_CASE]
    opening[-1].undone_at = None
    case.state = CaseState(_noted(ended, WAS_IN_STATE))
    submission.case_id, submission.state = case_id, SubmissionState(ended.state_before)
    submission.filing_reason = _noted(ended, WAS_FOR)
    session.flush()
    completeness.refresh_completeness(services, session, case_id)


def _filed_by(session: "Session", submission: "Submission", case_id: str) -> FilingAct | None:
    """Return the act by which a submission is in a case, None where none says so."""
    acts = filing_acts.of_submission(session, submission.id)
    stands = [act for act in acts if act.undone_at is None and act.to_case_id == case_id]
    return stands[-1] if stands else None


def _has_ended(act: FilingAct, case_id: str) -> bool:
    """Tell whether a case ended by an act of `take_away` that stands."""
    is_so = any(note.startswith(WAS_IN_STATE) for note in act.reasons)
    return is_so and act.undone_at is None and act.from_case_id == case_id


def _noted(act: FilingAct, head: str) -> str:
    return next(note.removeprefix(head) for note in act.reasons if note.startswith(head))
