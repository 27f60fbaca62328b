"""Make accounts and their invitations, and set the first password.

Signing in is in `sign_in`, what an administrator does in `administration`.
"""

import re
import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from intake.accounts import asked_roles, password_work, passwords
from intake.accounts.asked_roles import end_for, next_label
from intake.accounts.roles import NEEDS_YES, REGIONAL_ROLES, checked_role
from intake.core import audit
from intake.core.errors import AddressInvalid, Conflict, IntakeError
from intake.core.fair_line import Caller
from storage.accounts import users, vouches
from storage.accounts.users import Role, User
from storage.accounts.vouches import VouchKind
from storage.audit_acts import Act
from storage.base import new_id
from storage.crypto.sealing import seal, unseal
from storage.worded import worded

if TYPE_CHECKING:
    from intake.core.services import Services
    from storage.database import Session

INVITATION_LIFE = timedelta(hours=72)
# The owner of an account is warned this long before it ends.
WARNED_BEFORE = timedelta(days=14)
TOKEN_BYTES = 32


class InvitationInvalid(IntakeError):
    """An invitation was used, replaced, is too old or never existed; the answer is the same."""

    reason = "invitation_invalid"
    public = worded("This invitation cannot be used any more. Please ask for a new one.")
    status = 404


@dataclass(frozen=True)
class Invitation:
    """A new invitation. `url_token` is for the invited person alone, and stored only as a hash."""

    url_token: str
    user_id: str
    label: str
    expires_at: datetime


@dataclass(frozen=True)
class SignedInUser:
    """A signed-in user: an account without its address. `ends_at` None means that it never ends.

    `session_hash` names the session that the user was read from, and `access` asks for it again at
    each use; None is somebody for whom an operator's command acts.
    """

    id: str
    label: str
    role: Role
    region: str | None
    has_factor: bool = False
    ends_at: datetime | None = None
    session_hash: str | None = field(default=None, compare=False, repr=False)
    # What colleagues call them; empty while the account has no name.
    name: str = field(default="", compare=False, repr=False)
    # The language in which they read their pages; empty while they have chosen none.
    language: str = field(default="", compare=False, repr=False)
    # Until when their session lasts if nothing more is asked for; None where there is no session.
    session_ends_at: datetime | None = field(default=None, compare=False, repr=False)

    @property
    def is_partner(self) -> bool:
        """Tell whether they are a coordinator or a deputy, who works outside the office."""
        return self.role in REGIONAL_ROLES

    @property
    def actor(self) -> str:
        """Return the name of this user in the audit trail."""
        return f"user:{self.id}"


def invite_account(services: "Services", email: str, role: str, region: str | None) -> Invitation:
    """Invite by an operator's command, which shows the link; nobody has to say yes to the role.

    Raises as `make_invitation` does.
    """
    with services.database.transaction() as session:
        return make_invitation(services, session, email, role, region, by=None)


def make_invitation(
    services: "Services",
    session: "Session",
    email: str,
    role: str,
    region: str | None,
    *,
    by: SignedInUser | None,
) -> Invitation:
    """Make an account and its invitation, or renew the invitation of an account not yet used.

    `by` is who invites, None for a command; their hand stays behind the account, and a role that
    reads content waits for a manager's yes. Raises AddressInvalid, AccountInvalid, and Conflict
    when the account is in use.
    """
    token, now = secrets.token_urlsafe(TOKEN_BYTES), services.now()
    checked = checked_role(role, region)
    user = _account(services, session, email, checked, region)
    user.invitation_hash = users.token_hash(token)
    user.invitation_expires_at = now + INVITATION_LIFE
    user.expires_at = end_for(checked, now)
    user.waits_since = now if by is not None and checked in NEEDS_YES else None
    asked_roles.end_request(session, user.id, now)
    if by is not None:
        vouches.note(session, user.id, by.id, VouchKind.INVITED, now)
    if by is not None and user.waits_since is not None:
        asked_roles.ask_role(session, user, by.id, checked, region, now)
    actor = by if by is not None else "system:command"
    audit.note(services, session, actor, Act.ACCOUNT_INVITED, ("account", user.id))
    return Invitation(token, user.id, user.label, user.invitation_expires_at)


def accept_invitation(services: "Services", token: str, password: str) -> None:
    """Set the first password. Raises InvitationInvalid, PasswordRefused or LineFull."""
    passwords.check_new(password, invited_email(services, token))
    invited = Caller(users.token_hash(token), "invitation", is_proved=True)
    password_hash = password_work.make_hash(services, invited, password)
    with services.database.transaction() as session:
        user_id = users.use_invitation(session, token, password_hash, services.now())
        if user_id is None:
            raise InvitationInvalid
        users.end_sessions_of(session, user_id, services.now())
        audit.note(
            services, session, f"user:{user_id}", Act.ACCOUNT_ACTIVATED, ("account", user_id)
        )


def invited_email(services: "Services", token: str) -> str:
    """Return the address that an invitation is for. Raises InvitationInvalid."""
    with services.database.reading() as session:
        user = users.by_invitation(session, token)
        if user is None or not users.is_active(user, services.now()):
            raise InvitationInvalid
        if user.invitation_expires_at is None or user.invitation_expires_at <= services.now():
            raise InvitationInvalid
        return address_of(services, session, user)


def create_with_password(
    services: "Services", email: str, role: str, region: str | None, password: str
) -> SignedInUser:
    """Make a ready account, for the demo. Raises as `invite_account` does, and PasswordRefused."""
    passwords.check_new(password, normalised(email))
    operator = Caller(normalised(email), "operator", is_proved=True)
    password_hash = password_work.make_hash(services, operator, password)
    with services.database.transaction() as session:
        user = _account(services, session, email, checked_role(role, region), region)
        user.password_hash = password_hash
        user.invitation_hash = user.invitation_expires_at = user.waits_since = None
        asked_roles.end_request(session, user.id, services.now())
        audit.note(services, session, "system:command", Act.ACCOUNT_CREATED, ("account", user.id))
        return signed_in_user(user)


def _account(
    services: "Services", session: "Session", email: str, role: Role, region: str | None
) -> User:
    """Return a new account, or the one of this address when it was never activated."""
    address = normalised(email)
    hashed = email_hash(services, session, address)
    user = users.by_email_hash(session, hashed)
    if user is not None and user.password_hash is not None:
        raise Conflict("This address has an account already.")
    label = next_label(session, role)
    if user is None:
        user_id = new_id()
        sealed = seal(services.keyring.system(session), _place(user_id), address)
        user = User(
            id=user_id, email=sealed, email_hash=hashed, label=label, created_at=services.now()
        )
    elif user.role != role:
        user.label = label
    user.role, user.region = role, region
    session.add(user)
    session.flush()
    return user


def _place(user_id: str) -> str:
    """Return the place that an account's address is sealed to: it opens nowhere else."""
    return f"users.email:{user_id}"


def normalised(email: str) -> str:
    """Return a typed address as accounts keep it. Raises AddressInvalid."""
    address = email.strip().lower()
    if len(address) > 254 or re.fullmatch(r"[^@\s]+@[^@\s.]+(\.[^@\s.]+)*", address) is None:
        raise AddressInvalid
    return address


def address_of(services: "Services", session: "Session", account: User) -> str:
    """Return an account's address, which is stored sealed."""
    return unseal(services.keyring.system(session), _place(account.id), account.email)


def email_hash(services: "Services", session: "Session", address: str) -> str:
    """Return the keyed hash by which an address's account is found."""
    return services.keyring.lookup(session, "email", address)


def signed_in_user(user: User) -> SignedInUser:
    """Return the signed-in user of an account."""
    has_factor = user.totp_confirmed_at is not None
    role = Role(user.role)
    return SignedInUser(
        user.id,
        user.label,
        role,
        user.region,
        has_factor,
        user.expires_at,
        name=user.name or "",
        language=user.language or "",
    )


def ends_soon(ends_at: datetime | None, now: datetime) -> bool:
    """Tell whether a valid account ends within `WARNED_BEFORE`."""
    return ends_at is not None and now < ends_at <= now + WARNED_BEFORE
