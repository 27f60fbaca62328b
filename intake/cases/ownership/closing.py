"""Close a case for which nothing goes on, and open it again.

A mail that was written in another's name ends, and its case stays with what people noted in it.
Nobody is confirmed to and nothing waits in a queue, so somebody says that the case is over. What it
holds stays in it. It opens again as it was, by itself when something that came in for it does, or
when its coordinator writes.
"""

from typing import TYPE_CHECKING

from intake.core import audit
from intake.core.errors import Conflict
from intake.queues import ends
from storage.audit_acts import Act
from storage.cases import cases
from storage.cases.cases import CaseState
from storage.lists import work_subjects
from storage.submissions import upload_links

if TYPE_CHECKING:
    from intake.access.opened import OpenedToChange
    from intake.core.services import Services
    from storage.cases.cases import Case


class CaseGoesOn(Conflict):
    """Something that came in for the case goes on, or a task of it is open."""

    reason = "case_goes_on"
    public = (
        "Something of this case still goes on: what came in for it, or a task. Finish that first. "
        "Nothing was changed."
    )


def close_case(services: "Services", opened: "OpenedToChange[Case]") -> None:
    """Close a case for which nothing goes on; its links for papers end.

    Raises NotFound, CaseMoved, CaseOver and CaseGoesOn.
    """
    with services.database.transaction() as session:
        case = opened.row(services, session)
        tasks = [each for each in work_subjects.of_case(session, case.id) if not each.closed_at]
        if tasks or not cases.ended_throughout(session, [case.id]):
            raise CaseGoesOn
        before = case.state
        case.state, case.next_reminder_at = CaseState.CLOSED, None
        case_ids = cases.merged_into(session, case.id)
        links = upload_links.end_open(session, case_ids, [], services.now())
        detail = {ends.STATE_BEFORE: before, "links": len(links)}
        audit.note(services, session, opened.user, Act.CASE_CLOSED, ("case", case.id), detail)


def open_again(services: "Services", opened: "OpenedToChange[Case]") -> None:
    """Give a case that somebody closed its state of before.

    Raises NotFound, CaseMoved, and Conflict for one that ended with what had opened it.
    """
    with services.database.transaction() as session:
        case = opened.row(services, session)
        if not ends.reopen_case(session, case):
            raise Conflict
        audit.note(services, session, opened.user, Act.CASE_OPENED_AGAIN, ("case", case.id))
