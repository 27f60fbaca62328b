"""Let a manager say yes or no to a role that reads content, asked for by an administrator.

Before the yes a new account does not work, and another keeps the role that it has. The manager is
second to who asked and to whose account it is (`four_eyes`).
"""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from intake.access.safeguards.four_eyes import TwoPersonAct, not_second, require_second
from intake.accounts import asked_roles
from intake.accounts.accounts import address_of
from intake.accounts.people import one_record
from intake.core import audit
from intake.core.errors import Conflict, NotFound
from storage.accounts import role_requests, users
from storage.accounts.users import Role, User
from storage.audit_acts import Act

if TYPE_CHECKING:
    from intake.accounts.accounts import SignedInUser
    from intake.core.services import Services
    from storage.accounts.role_requests import RoleRequest
    from storage.database import Session

MAX_ROWS = 200
ANSWERING = Role.MGR


@dataclass(frozen=True)
class AskedRole:
    """A role that waits for a manager's answer, as the manager sees it; `asked_by` is a label.

    `role_before` is None for a new account. `may_answer` is False for who is not second to those
    that it is about.
    """

    id: str
    label: str
    email: str
    role: Role
    region: str | None
    role_before: Role | None
    asked_by: str
    asked_at: datetime
    may_answer: bool


def list_asked(services: "Services", user: "SignedInUser") -> list[AskedRole]:
    """Return the roles that wait for an answer, the longest first, with one audit event."""
    with services.database.transaction() as session:
        found = []
        for request in role_requests.waiting(session, limit=MAX_ROWS):
            account = session.get_one(User, request.user_id)
            ids = {request.asked_by, request.user_id}
            labels = users.labels_of(session, ids)
            found.append(
                AskedRole(
                    id=request.id,
                    label=account.label,
                    email=address_of(services, session, account),
                    role=Role(request.role),
                    region=request.region,
                    role_before=None if request.is_new_account else Role(account.role),
                    asked_by=labels.get(request.asked_by, ""),
                    asked_at=request.asked_at,
                    may_answer=not not_second(session, user.id, ids),
                )
            )
        detail = {"waiting_for": "role", "number": len(found)}
        audit.note(services, session, user, Act.ACCOUNTS_LISTED, ("accounts", "register"), detail)
        return found


def count_asked(services: "Services") -> int:
    """Count the roles that wait for an answer, up to `MAX_ROWS`."""
    with services.database.reading() as session:
        return len(role_requests.waiting(session, limit=MAX_ROWS))


def approve_role(services: "Services", user: "SignedInUser", request_id: str) -> None:
    """Say yes: the account gets the role, and works.

    Raises NotFound, FourEyesNeeded when the user is not second to who asked and to whose account it
    is, and Conflict when it was answered already or the account is disabled.
    """
    with services.database.transaction() as session:
        request, account = _waiting(session, user, request_id)
        require_second(session, TwoPersonAct.ROLE, user, {request.asked_by})
        require_second(session, TwoPersonAct.ROLE, user, {request.user_id})
        if account.disabled_at is not None:
            raise Conflict("This account is disabled.")
        before = account.role
        role, region = Role(request.role), request.region
        asked_roles.give_role(services, session, user.actor, account, role, region)
        one_record.join(services, session, user, account, agreed_at=request.asked_at)
        _answer(services, session, user, request, before, is_approved=True)


def refuse_role(services: "Services", user: "SignedInUser", request_id: str) -> None:
    """Say no: a new account is disabled, another keeps the role that it has.

    Raises NotFound, and Conflict when it was answered already.
    """
    with services.database.transaction() as session:
        request, account = _waiting(session, user, request_id)
        if request.is_new_account and account.disabled_at is None:
            account.disabled_at = services.now()
            account.invitation_hash = account.invitation_expires_at = None
        _answer(services, session, user, request, account.role, is_approved=False)


def _waiting(
    session: "Session", user: "SignedInUser", request_id: str
) -> "tuple[RoleRequest, User]":
    request = role_requests.by_id(session, request_id)
    account = users.locked(session, request.user_id) if request is not None else None
    if request is None or account is None or user.role is not ANSWERING:
        raise NotFound
    if request.decided_at is not None:
        raise Conflict("This was answered already.")
    return request, account


def _answer(
    services: "Services",
    session: "Session",
    user: "SignedInUser",
    request: "RoleRequest",
    before: str,
    *,
    is_approved: bool,
) -> None:
    request.is_approved, request.decided_by = is_approved, user.id
    request.decided_at = services.now()
    session.flush()
    act = Act.ACCOUNT_ROLE_APPROVED if is_approved else Act.ACCOUNT_ROLE_REFUSED
    detail = {"before": before, "role": request.role}
    audit.note(services, session, user, act, ("account", request.user_id), detail)
