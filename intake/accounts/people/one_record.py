"""Keep the account of a coordinator and their entry in the register of senders as one record.

When an account begins to work, the entry of its address is made or linked to it, and joins the
cases in which the account's submissions stand. What two people know differently is left to a
person: another region, an entry that somebody ended, an entry of another account.
"""

from datetime import timedelta
from typing import TYPE_CHECKING

from intake.accounts.accounts import Invitation, address_of, make_invitation, normalised
from intake.accounts.register_entries import entries_of_account, entry_of, new_entry
from intake.accounts.roles import REGIONAL_LIFE, REGIONAL_ROLES, AccountInvalid
from intake.core import audit
from intake.core.errors import Conflict
from storage.accounts import users
from storage.accounts.users import Role, User
from storage.audit_acts import Act
from storage.cases import cases, participants
from storage.crypto.sealing import seal
from storage.mail import senders
from storage.submissions import submissions
from storage.submissions.submissions import place

if TYPE_CHECKING:
    from datetime import datetime

    from intake.accounts.accounts import SignedInUser
    from intake.core.services import Services
    from storage.database import Session
    from storage.mail.senders import RegisteredSender

# An entry lasts as long as an account of somebody outside the office (requirement 54).
LIFE: timedelta = REGIONAL_LIFE


class EntryElsewhere(AccountInvalid):
    """The address is registered for another region than the one that was asked for: `region`."""

    reason = "entry_elsewhere"

    def __init__(self, region: str) -> None:
        super().__init__(f"This address is registered for {region}. End that entry first.")
        self.region = region


class EntryEnded(Conflict):
    """Somebody ended the entry of this address; it is registered again only on purpose."""

    reason = "entry_ended"
    public = "The entry of this address was ended. Say that it shall be registered again."


class EntryOfAnother(Conflict):
    """The entry of this address belongs to another account."""

    reason = "entry_of_another"
    public = "The register links this address to another account. Ask a manager to end that first."


def check_invitation(
    services: "Services",
    session: "Session",
    email: str,
    role: str,
    region: str | None,
    *,
    again: bool,
) -> None:
    """Refuse to invite a coordinator whose address the register knows otherwise.

    `again` says that an entry which somebody ended shall count again. Raises EntryElsewhere,
    EntryEnded and EntryOfAnother, and AddressInvalid.
    """
    if role not in REGIONAL_ROLES or region is None:
        return
    entry = entry_of(services, session, normalised(email))
    if entry is None:
        return
    if entry.account_id is not None:
        raise EntryOfAnother
    if entry.ended_at is not None:
        if not again:
            raise EntryEnded
    elif entry.region != region and senders.is_current(entry, services.now()):
        raise EntryElsewhere(entry.region)


def invite_by_command(
    services: "Services", email: str, role: str, region: str | None, *, again: bool
) -> Invitation:
    """Invite by an operator's command; a coordinator's address is registered at once.

    Raises as `accounts.make_invitation` and `check_invitation` do.
    """
    with services.database.transaction() as session:
        check_invitation(services, session, email, role, region, again=again)
        made = make_invitation(services, session, email, role, region, by=None)
        account = session.get_one(User, made.user_id)
        join(services, session, "system:command", account, agreed_at=services.now())
        return made


def join(
    services: "Services",
    session: "Session",
    actor: "SignedInUser | str",
    account: "User",
    *,
    agreed_at: "datetime | None" = None,
) -> "RegisteredSender | None":
    """Make or link the entry of a coordinator's address, and let it join the account's cases.

    `agreed_at` is when it was asked for: an entry that somebody ended since stays ended, and None
    leaves every ended one. Returns the entry, or None where nothing was joined: another role, an
    entry that ended or belongs to another account. Raises nothing: what is left stands apart on
    the page of senders.
    """
    if Role(account.role) not in REGIONAL_ROLES or account.region is None:
        return None
    address = address_of(services, session, account)
    known = entry_of(services, session, address)
    if known is not None and not _may_join(known, account, agreed_at):
        return None
    entry = known or new_entry(services, session, address)
    before = (entry.region, entry.account_id) if known is not None else None
    _fill(services, session, actor, entry, account)
    if before != (entry.region, entry.account_id):
        act = Act.SENDER_REGISTERED if before is None else Act.SENDER_LINKED
        detail = {"region": entry.region, "account": account.id}
        if before is not None and before[0] != entry.region:
            detail["region_before"] = before[0]
        audit.note(services, session, actor, act, ("sender", entry.id), detail)
    join_cases(services, session, account, entry)
    return entry


def join_cases(
    services: "Services", session: "Session", account: "User", entry: "RegisteredSender"
) -> int:
    """Let an entry send what its account sent before it was there, and join those cases.

    Only cases of the account's region to which nobody of the register ever belonged: who belongs to
    others was decided by a person. Returns how many cases it joined.
    """
    if account.region is None or entry.region != account.region:
        return 0
    sent = submissions.sent_without_entry(session, account.id, account.region)
    for submission in sent:
        submission.sender_id = entry.id
    session.flush()
    found = cases.by_ids(session, {each.case_id for each in sent if each.case_id})
    living = {
        cases.resolved(session, case).id: cases.resolved(session, case) for case in found.values()
    }
    taken = {
        case_id
        for case_id in living
        if participants.have_been_in(session, cases.merged_into(session, case_id))
    }
    joined = [
        case.id
        for case in living.values()
        if case.id not in taken and case.region == account.region
    ]
    for case_id in joined:
        participants.add(session, case_id, entry.id, services.now())
    return len(joined)


def works(services: "Services", account: "User") -> bool:
    """Tell whether an account is a coordinator's that can be signed in to."""
    return account.role in REGIONAL_ROLES and users.is_able(account, services.now())


def is_over(services: "Services", account: "User") -> bool:
    """Tell whether an account has ended or is no coordinator's; one that is invited is neither."""
    return account.role not in REGIONAL_ROLES or not users.is_active(account, services.now())


def is_elsewhere(entry: "RegisteredSender", account: "User") -> bool:
    """Tell whether an entry is of another region than an account."""
    return entry.region != account.region


def current_entries(
    services: "Services", session: "Session", account: "User"
) -> "list[RegisteredSender]":
    """Return an account's entries that count now: ending the account asks about them.

    Of another role, these are only entries that name it.
    """
    now = services.now()
    is_coordinator = Role(account.role) in REGIONAL_ROLES
    found = (
        entries_of_account(services, session, account)
        if is_coordinator
        else senders.of_account(session, account.id)
    )
    return [entry for entry in found if senders.is_current(entry, now)]


def renew_entries(
    services: "Services", session: "Session", actor: "SignedInUser", account: "User"
) -> None:
    """Let an account's entries that count go on for as long as the account does."""
    ends_at = account.expires_at
    for entry in current_entries(services, session, account):
        if ends_at is not None and entry.expires_at is not None and entry.expires_at < ends_at:
            entry.expires_at = ends_at
            detail = {"region": entry.region}
            audit.note(services, session, actor, Act.SENDER_RENEWED, ("sender", entry.id), detail)
    session.flush()


def end_entries(
    services: "Services", session: "Session", actor: "SignedInUser", account: "User"
) -> int:
    """End an account's entries, each with its audit event, and return how many counted."""
    found = current_entries(services, session, account)
    for entry in found:
        entry.ended_at = services.now()
        audit.note(services, session, actor, Act.SENDER_ENDED, ("sender", entry.id))
    session.flush()
    return len(found)


def _may_join(entry: "RegisteredSender", account: "User", agreed_at: "datetime | None") -> bool:
    if entry.account_id not in (None, account.id):
        return False
    return entry.ended_at is None or (agreed_at is not None and entry.ended_at <= agreed_at)


def _fill(
    services: "Services",
    session: "Session",
    actor: "SignedInUser | str",
    entry: "RegisteredSender",
    account: "User",
) -> None:
    """Set what the account knows; a name and a number that the register has stay."""
    key, now = services.keyring.system(session), services.now()
    principal = senders.by_id(session, entry.deputy_for)
    if principal is not None and principal.region != account.region:
        entry.deputy_for = None
    assert account.region is not None  # noqa: S101 - `join` asked
    entry.region, entry.account_id, entry.ended_at = account.region, account.id, None
    ends_at = account.expires_at or now + LIFE
    if entry.expires_at is None or entry.expires_at < ends_at:
        entry.expires_at = ends_at
    if entry.name is None and account.name:
        entry.name = seal(key, place("registered_senders", "name", entry.id), account.name)
    if entry.phone is None and account.direct_line:
        where = place("registered_senders", "phone", entry.id)
        entry.phone = seal(key, where, account.direct_line)
        entry.phone_set_at = now
        entry.phone_set_by = actor if isinstance(actor, str) else actor.actor
    session.add(entry)
    session.flush()
