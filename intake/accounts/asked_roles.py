"""Ask for a role that a manager has to say yes to, and give one; `role_requests` answers.

The functions work in the caller's transaction.
"""

from typing import TYPE_CHECKING

from intake.accounts import letting_go
from intake.accounts.roles import REGIONAL_LIFE, REGIONAL_ROLES, ROLE_WORDS
from storage.accounts import role_requests, users
from storage.accounts.role_requests import RoleRequest
from storage.accounts.users import Role, User
from storage.base import new_id

if TYPE_CHECKING:
    from datetime import datetime

    from intake.core.services import Services
    from storage.database import Session


def ask_role(
    session: "Session",
    account: User,
    asked_by: str,
    role: Role,
    region: str | None,
    now: "datetime",
) -> None:
    """Ask for a role of an account, in place of what was asked for it before."""
    end_request(session, account.id, now)
    session.add(
        RoleRequest(
            id=new_id(),
            user_id=account.id,
            role=role,
            region=region,
            asked_by=asked_by,
            asked_at=now,
            is_new_account=account.waits_since is not None,
        )
    )
    session.flush()


def end_request(session: "Session", user_id: str, now: "datetime") -> None:
    """End the request about an account that waits, unanswered, if there is one."""
    waiting = role_requests.open_of(session, user_id)
    if waiting is not None:
        waiting.decided_at = now
        session.flush()


def give_role(
    services: "Services",
    session: "Session",
    actor: str,
    account: User,
    role: Role,
    region: str | None,
) -> None:
    """Give an account a role and region; what it had open and its work end when it is another one.

    `actor` is who gives it. With another role it gets that role's label and end.
    """
    now = services.now()
    if account.role != role:
        account.label = next_label(session, role)
        account.expires_at = end_for(role, now)
    if (account.role, account.region) != (role, region):
        users.end_sessions_of(session, account.id, now)
        letting_go.let_go_of_work(services, session, actor, account.id)
    account.role, account.region, account.waits_since = role, region, None


def next_label(session: "Session", role: Role) -> str:
    """Return the label of the next account of a role, such as `Caseworker 3`."""
    return f"{ROLE_WORDS[role]} {users.count_with_role(session, role) + 1}"


def end_for(role: Role, now: "datetime") -> "datetime | None":
    """Return when a new account of a role ends, None for never.

    Coordinators' accounts end, so that somebody confirms that they still work there
    (requirement 54).
    """
    return now + REGIONAL_LIFE if role in REGIONAL_ROLES else None
