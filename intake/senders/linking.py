"""Show which coordinators' accounts and register entries stand apart, and bring them together.

What one address and one region say is joined by itself when an account begins to work
(`accounts.people.one_record`). The rest is a person's to decide: each row here says what differs
and what can be done.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from intake.access.safeguards.four_eyes import TwoPersonAct, require_second
from intake.accounts import accounts
from intake.accounts.people import one_record
from intake.accounts.people.absences import sets_for_others
from intake.accounts.register_entries import (
    account_of_entry,
    address_of_entry,
    entries_of_account,
)
from intake.accounts.roles import REGIONAL_ROLES
from intake.core import audit
from intake.core.errors import Conflict, NotFound
from storage.accounts import users
from storage.audit_acts import Act
from storage.mail import senders

if TYPE_CHECKING:
    from intake.accounts.accounts import SignedInUser
    from intake.core.services import Services
    from storage.accounts.users import User
    from storage.database import Session
    from storage.mail.senders import RegisteredSender

MAX_SHOWN = 500
NO_ACCOUNT = "Choose an account of the list: this one does not work as a coordinator's now."


class Apart(StrEnum):
    """Why an account and an entry are not one record."""

    NO_ENTRY = "no_entry"
    ENTRY_OVER = "entry_over"
    OTHER_REGION = "other_region"
    ACCOUNT_OVER = "account_over"
    NO_ACCOUNT = "no_account"


@dataclass(frozen=True)
class ApartRow:
    """One account or entry that stands apart; what it is not about is empty.

    `region` is the account's, `entry_region` the entry's.
    """

    why: Apart
    account_id: str
    account: str
    region: str
    sender_id: str
    address: str
    entry_region: str


@dataclass(frozen=True)
class Linkable:
    """An account to which an entry of its region can be linked, and its region."""

    id: str
    name: str
    region: str


@dataclass(frozen=True)
class ApartList:
    """What stands apart; `linkable` is empty for who may not link other addresses."""

    rows: tuple[ApartRow, ...]
    linkable: tuple[Linkable, ...]


def read_apart(services: "Services", viewer: "SignedInUser") -> ApartList:
    """Return what stands apart; the page that shows it lists the register with an audit event."""
    with services.database.reading() as session:
        working = [
            each
            for role in sorted(REGIONAL_ROLES)
            for each in users.of_role(session, role, limit=MAX_SHOWN)
            if one_record.works(services, each)
        ]
        rows = [_of_account(services, session, each) for each in working]
        entries = senders.everyone(session, limit=MAX_SHOWN)
        rows += [_of_entry(services, session, entry) for entry in entries]
        may_link = sets_for_others(viewer)
        linkable = [
            Linkable(each.id, users.called(each), each.region or "") for each in working if may_link
        ]
    return ApartList(tuple(row for row in rows if row is not None), tuple(linkable))


def join_account(services: "Services", actor: "SignedInUser", user_id: str) -> None:
    """Register a coordinator's address for the account's region, also where its entry says another.

    Raises Conflict for an account that does not work as a coordinator's, and when its address
    belongs to another account.
    """
    with services.database.transaction() as session:
        account = users.locked(session, user_id)
        if account is None or not one_record.works(services, account):
            raise Conflict(NO_ACCOUNT)
        now = services.now()
        if one_record.join(services, session, actor, account, agreed_at=now) is None:
            raise Conflict("The register links this address to another account.")


def link_entry(services: "Services", actor: "SignedInUser", sender_id: str, user_id: str) -> None:
    """Link an entry with another address to a coordinator's account, as a manager.

    The account then sees what came from that address, so nobody does it for an account that they
    stand behind. Raises NotFound, FourEyesNeeded, and Conflict for another region, for an entry
    that belongs to an account already or does not count, and for an account that does not work.
    """
    if not sets_for_others(actor):
        raise NotFound
    with services.database.transaction() as session:
        entry, account = senders.locked(session, sender_id), users.locked(session, user_id)
        if entry is None:
            raise NotFound
        if account is None or not one_record.works(services, account):
            raise Conflict(NO_ACCOUNT)
        require_second(session, TwoPersonAct.ROLE, actor, {account.id})
        if not senders.is_current(entry, services.now()):
            raise Conflict("This entry does not count any more. Renew it first.")
        if one_record.is_elsewhere(entry, account):
            raise Conflict("The entry is of another region than the account.")
        if account_of_entry(services, session, entry) is not None:
            raise Conflict("This entry belongs to an account already.")
        entry.account_id = account.id
        session.flush()
        detail = {"region": entry.region, "account": account.id}
        audit.note(services, session, actor, Act.SENDER_LINKED, ("sender", entry.id), detail)


def _of_account(services: "Services", session: "Session", account: "User") -> ApartRow | None:
    """Return how a working coordinator's account stands apart, None when it does not."""
    found = entries_of_account(services, session, account)
    current = [each for each in found if senders.is_current(each, services.now())]
    if any(not one_record.is_elsewhere(each, account) for each in current):
        return None
    entry = next(iter(current or found), None)
    why = Apart.NO_ENTRY if entry is None else Apart.OTHER_REGION if current else Apart.ENTRY_OVER
    return ApartRow(
        why=why,
        account_id=account.id,
        account=users.called(account),
        region=account.region or "",
        sender_id=entry.id if entry is not None else "",
        address=accounts.address_of(services, session, account),
        entry_region=entry.region if entry is not None else "",
    )


def _of_entry(
    services: "Services", session: "Session", entry: "RegisteredSender"
) -> ApartRow | None:
    """Return how an entry that counts stands apart from any account, None when it does not."""
    if not senders.is_current(entry, services.now()):
        return None
    account = account_of_entry(services, session, entry)
    if account is not None and not one_record.is_over(services, account):
        return None
    return ApartRow(
        why=Apart.NO_ACCOUNT if account is None else Apart.ACCOUNT_OVER,
        account_id=account.id if account is not None else "",
        account=users.called(account) if account is not None else "",
        region="",
        sender_id=entry.id,
        address=address_of_entry(services, session, entry),
        entry_region=entry.region,
    )
