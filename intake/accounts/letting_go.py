"""Take an account's work from it when its role or region changes, or when it is disabled or ends.

Cases lose their owner and are listed as without one until a colleague takes them, items go back
to their queue, and what was opened with a reason is closed. Nothing is handed to anybody unasked.
"""

from typing import TYPE_CHECKING

from intake.core import audit
from storage.access import grants, own_submissions
from storage.accounts import users
from storage.audit_acts import Act
from storage.lists import work_subjects

if TYPE_CHECKING:
    from intake.core.services import Services
    from storage.database import Session

REASON = "leaves_office"
ENDED_AT_ONCE = 20


def let_go_of_work(services: "Services", session: "Session", actor: str, user_id: str) -> None:
    """End an account's cases, items and openings, each with its audit event.

    `actor` is who changed the account. Runs in the caller's transaction.
    """
    for case in own_submissions.owned_cases(session, user_id):
        case.owner_id = None
        detail: dict[str, str | None] = {"from": user_id, "to": None, "reason": REASON}
        audit.note(services, session, actor, Act.CASE_HANDED_OVER, ("case", case.id), detail)
    for item in own_submissions.assigned_items(session, user_id):
        item.claimed_by = item.claimed_at = None
        about = work_subjects.about_one(session, item)
        subject = about.subject if about is not None else ("item", item.id)
        released = {"queue": item.queue, "kind": item.kind, "from": user_id}
        audit.note(services, session, actor, Act.ITEM_RELEASED, subject, released)
    for grant in grants.current(session, user_id, services.now()):
        grant.ends_at = services.now()
    session.flush()


def let_go_of_ended(services: "Services") -> int:
    """End the work of accounts that ended by time, which nobody acts on; return how many did.

    Maintenance calls it. What was let go of is not found again, so repeating it changes nothing.
    """
    number = 0
    with services.database.transaction() as session:
        now = services.now()
        for user_id in own_submissions.holders_that_ended(session, now, limit=ENDED_AT_ONCE):
            account = users.locked(session, user_id)
            # An administrator may have renewed it in this moment.
            if account is not None and not users.is_active(account, now):
                let_go_of_work(services, session, "system:intake", user_id)
                number += 1
    return number
