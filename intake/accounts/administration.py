"""Let an administrator renew, sign out, disable and change accounts; `outbox.invitations` invites.

An administrator sees who has an account and whether it is in order, and no content of cases.
Disabling, removing a second factor and inviting are sensitive: the pages ask for reauthentication
first.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from intake.accounts import accounts, asked_roles, letting_go, second_factor
from intake.accounts.accounts import SignedInUser
from intake.accounts.people import one_record
from intake.accounts.roles import NEEDS_YES, REGIONAL_LIFE, checked_role
from intake.core import audit
from intake.core.errors import Conflict, IntakeError, NotFound
from storage.accounts import role_requests, users
from storage.accounts.users import Role, User
from storage.audit_acts import Act
from storage.mail import outbox

if TYPE_CHECKING:
    from intake.core.services import Services
    from storage.database import Session
    from storage.mail.outbox import OutboxMessage

# Requirement 54: an account of somebody outside the office ends unless it is renewed.
RENEWED_FOR = REGIONAL_LIFE
MAX_SHOWN = 200


class EntryUndecided(IntakeError):
    """An account ends whose address is registered as a sender's, and nobody said what of that."""

    reason = "entry_undecided"
    public = "Say whether mail from this address still counts as a coordinator's."
    status = 400


class OwnAccountRefused(IntakeError):
    """An administrator tried to disable or weaken the account that they use."""

    reason = "own_account"
    public = "This is your own account. Somebody else must do this."
    status = 409


@dataclass(frozen=True)
class Account:
    """One account as an administrator sees it; times are UTC.

    `name` and `direct_line` are empty until written. `state` is `active`, `ending`, `invited`,
    `waiting`, `expired` or `disabled`; `waits_for_yes` tells that a manager has to say yes before
    it works. `asked_role` is a role that waits for a yes, None for none. `expires_at` is None when
    it never ends, `seen_at` when it was never used. `mail` is the state of the mail with its
    invitation, None when none was written, and `mail_reason` why it was not sent or came back, as
    a code. `counts_as_sender` tells that the register has an entry of it that counts; a list does
    not say it.
    """

    id: str
    label: str
    name: str
    direct_line: str
    role: Role
    region: str | None
    email: str
    state: str
    expires_at: datetime | None
    has_factor: bool
    seen_at: datetime | None
    waits_for_yes: bool
    asked_role: Role | None
    mail: str | None
    mail_reason: str
    counts_as_sender: bool = False


@dataclass(frozen=True)
class AccountList:
    """Accounts, by role and age; `is_cut` when there are more than are shown."""

    accounts: list[Account]
    is_cut: bool


def list_accounts(
    services: "Services", viewer: SignedInUser, role: Role | None = None
) -> AccountList:
    """Return the first accounts of a role or of all, with one audit event."""
    with services.database.transaction() as session:
        rows = users.of_role(session, role, limit=MAX_SHOWN + 1)
        shown = _shown(services, session, rows[:MAX_SHOWN])
        detail = {"role": role, "number": len(shown)}
        audit.note(services, session, viewer, Act.ACCOUNTS_LISTED, ("accounts", "register"), detail)
    return AccountList(shown, len(rows) > MAX_SHOWN)


def read_account(services: "Services", viewer: SignedInUser, user_id: str) -> Account:
    """Return one account, with one audit event. Raises NotFound."""
    with services.database.transaction() as session:
        user = users.by_id(session, user_id)
        if user is None:
            raise NotFound
        audit.note(services, session, viewer, Act.ACCOUNT_VIEWED, ("account", user.id))
        counts = bool(one_record.current_entries(services, session, user))
        return replace(_shown(services, session, [user])[0], counts_as_sender=counts)


def renew_account(services: "Services", actor: SignedInUser, user_id: str) -> None:
    """Let an account and its entries of the register end six months from now.

    Raises NotFound, and Conflict when it is disabled.
    """
    with services.database.transaction() as session:
        user = _locked(session, user_id)
        if user.disabled_at is not None:
            raise Conflict("A disabled account is not renewed.")
        user.expires_at = services.now() + RENEWED_FOR
        audit.note(services, session, actor, Act.ACCOUNT_RENEWED, ("account", user.id))
        one_record.renew_entries(services, session, actor, user)


def change_role(
    services: "Services", actor: SignedInUser, user_id: str, role: str, region: str | None
) -> bool:
    """Give an account another role or region, and end all its sessions; True when it is given.

    A role that reads content is only asked for: it is given by a manager's yes. Raises OwnAccount,
    AccountInvalid, NotFound, and Conflict when the account is disabled or has this role and region
    already.
    """
    _refuse_own(actor, user_id)
    checked = checked_role(role, region)
    with services.database.transaction() as session:
        user, now = _locked(session, user_id), services.now()
        if user.disabled_at is not None:
            raise Conflict("A disabled account gets no other role.")
        if (user.role, user.region) == (checked, region):
            raise Conflict("This account has this role and region already.")
        detail = {"before": user.role, "role": checked.value}
        if checked in NEEDS_YES:
            asked_roles.ask_role(session, user, actor.id, checked, region, now)
            act = Act.ACCOUNT_ROLE_ASKED
        else:
            asked_roles.end_request(session, user.id, now)
            asked_roles.give_role(services, session, actor.actor, user, checked, region)
            act = Act.ACCOUNT_ROLE_CHANGED
        audit.note(services, session, actor, act, ("account", user.id), detail)
        return act is Act.ACCOUNT_ROLE_CHANGED


def end_sessions(services: "Services", actor: SignedInUser, user_id: str) -> None:
    """Sign an account out everywhere; its owner may sign in again. Raises NotFound."""
    with services.database.transaction() as session:
        user = _locked(session, user_id)
        users.end_sessions_of(session, user_id, services.now())
        audit.note(services, session, actor, Act.ACCOUNT_SESSIONS_ENDED, ("account", user.id))


def disable_account(
    services: "Services", actor: SignedInUser, user_id: str, *, with_entries: bool | None = None
) -> None:
    """Disable an account: its sessions end, and its open invitation is void.

    `with_entries` says whether its entries of the register end too; None will do where it has none
    that counts. Raises OwnAccount, NotFound, EntryUndecided, and Conflict when it is disabled
    already.
    """
    _refuse_own(actor, user_id)
    with services.database.transaction() as session:
        user = _locked(session, user_id)
        if user.disabled_at is not None:
            raise Conflict("This account is disabled already.")
        if with_entries is None and one_record.current_entries(services, session, user):
            raise EntryUndecided
        disable_locked(services, session, actor, user)
        if with_entries:
            one_record.end_entries(services, session, actor, user)


def disable_locked(
    services: "Services", session: "Session", actor: SignedInUser, user: User
) -> None:
    """Disable an account that is locked and not disabled yet, in the caller's transaction."""
    user.disabled_at = services.now()
    user.invitation_hash = user.invitation_expires_at = None
    asked_roles.end_request(session, user.id, services.now())
    users.end_sessions_of(session, user.id, services.now())
    letting_go.let_go_of_work(services, session, actor.actor, user.id)
    audit.note(services, session, actor, Act.ACCOUNT_DISABLED, ("account", user.id))


def remove_second_factor(services: "Services", actor: SignedInUser, user_id: str) -> None:
    """Remove a lost second factor, after the administrator called its owner back.

    Raises OwnAccount, NotFound, and Conflict when there is none.
    """
    _refuse_own(actor, user_id)
    if not read_account(services, actor, user_id).has_factor:
        raise Conflict("This account has no second factor.")
    second_factor.remove_factor(services, actor, user_id)


def _refuse_own(actor: SignedInUser, user_id: str) -> None:
    # The last administrator must not lock the office out by mistake.
    if actor.id == user_id:
        raise OwnAccountRefused


def _shown(services: "Services", session: "Session", rows: list[User]) -> list[Account]:
    seen = users.last_seen(session, [user.id for user in rows])
    asked = role_requests.open_of_many(session, [user.id for user in rows])
    mails = outbox.newest_of_accounts(session, [user.id for user in rows])
    now = services.now()
    return [
        Account(
            id=user.id,
            label=user.label,
            name=user.name or "",
            direct_line=user.direct_line or "",
            role=Role(user.role),
            region=user.region,
            email=accounts.address_of(services, session, user),
            state=_state(user, now),
            expires_at=user.expires_at,
            has_factor=user.totp_confirmed_at is not None,
            seen_at=seen.get(user.id),
            waits_for_yes=user.waits_since is not None,
            asked_role=Role(asked[user.id].role) if user.id in asked else None,
            mail=mails[user.id].state if user.id in mails else None,
            mail_reason=_mail_reason(mails.get(user.id)),
        )
        for user in rows
    ]


def _mail_reason(mail: "OutboxMessage | None") -> str:
    if mail is None:
        return ""
    return "came_back" if mail.bounced_at is not None else mail.reason


def _state(user: User, now: datetime) -> str:
    if user.disabled_at is not None:
        return "disabled"
    if not users.is_active(user, now):
        return "expired"
    if user.password_hash is None:
        return "invited"
    if user.waits_since is not None:
        return "waiting"
    return "ending" if accounts.ends_soon(user.expires_at, now) else "active"


def _locked(session: "Session", user_id: str) -> User:
    user = users.locked(session, user_id)
    if user is None:
        raise NotFound
    return user
