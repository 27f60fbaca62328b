"""Stop and resume a case when its person withdraws: at any time, and nobody asks why.

See requirement 18. Stopping keeps back the mails that wait to be sent, ends reminders and the
links for uploads, and withdraws every consent; nothing new leaves for the case until an officer
resumes it. Then the case has its state of before, but consents are asked for anew, and links are
made anew. What a link holder uploaded and did not send stays as long as any draft. The stop is the
case's, so nothing is moved out of a stopped case into one that goes on, and the two do not merge.
"""

from typing import TYPE_CHECKING

from intake.cases import completeness, missing_documents
from intake.core import audit
from intake.core.errors import Conflict
from intake.outbox.post import PERSON_WITHDREW
from storage import audit as audit_trail
from storage.audit_acts import Act
from storage.cases import cases, consents
from storage.cases.cases import CaseState
from storage.mail import outbox
from storage.submissions import upload_links

if TYPE_CHECKING:
    from intake.access.opened import OpenedToChange
    from intake.core.services import Services
    from storage.cases.cases import Case

STOPPED, GOES_ON = Act.CASE_PERSON_WITHDREW, Act.CASE_PERSON_GOES_ON


class PersonWithdrew(Conflict):
    """Something was to be sent for a case whose person withdrew."""

    reason = PERSON_WITHDREW
    public = "The person has changed her mind, so nothing leaves for this case. Nothing was sent."


class CasesStayApart(Conflict):
    """One of two cases is stopped, and the other goes on, so they are not merged."""

    reason = "cases_stay_apart"
    public = (
        "The person of one of these cases has changed her mind, so the cases stay apart, and "
        "nothing was changed. If both are hers, note that in the other case too, then merge them."
    )


class SubmissionStays(Conflict):
    """A submission was to leave a case whose person withdrew."""

    reason = "submission_stays"
    public = (
        "The person of this case has changed her mind, so what is filed in it stays in it, and "
        "nothing was changed. If this belongs to somebody else, note in the case that she goes on "
        "after all, move it, then note again that she has changed her mind."
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
        filed = [row.id for row in completeness.submissions_of(session, case)]
        allowed = [row for row in consents.of_cases(session, case_ids) if row.withdrawn_at is None]
        for row in allowed:
            row.withdrawn_at = now
        kept_back = sum(outbox.keep_back(session, each, PERSON_WITHDREW, now) for each in filed)
        links = upload_links.end_open(session, case_ids, filed, now)
        missing_documents.update_item(services, session, case, is_missing=False)
        detail: dict[str, str | int] = {
            "before": before,
            "mails": kept_back,
            "consents": len(allowed),
            "links": len(links),
        }
        audit.note(services, session, opened.user, STOPPED, ("case", case.id), detail)


def resume_case(services: "Services", opened: "OpenedToChange[Case]") -> None:
    """Give a stopped case its state of before; its consents stay withdrawn.

    Raises NotFound, CaseMoved, and Conflict when it is not stopped.
    """
    with services.database.transaction() as session:
        case = opened.row(services, session)
        stopped = audit_trail.newest_acts(session, ("case", case.id), [STOPPED], by="user:")
        if case.state != CaseState.WITHDRAWN or not stopped:
            raise Conflict
        case.state = str(stopped[0].detail["before"])
        completeness.refresh_completeness(services, session, case.id)
        audit.note(services, session, opened.user, GOES_ON, ("case", case.id))
