"""Let an administrator list, add, renew and end entries of the register of senders.

`register` adds and renews; here its refusals are given by field. Addresses, names and numbers are
unsealed for the page alone.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from intake.accounts import administration
from intake.accounts.administration import OwnAccountRefused
from intake.accounts.register_entries import account_of_entry
from intake.core import audit, typed_text
from intake.core.errors import AddressInvalid, Conflict, IntakeError, NotFound, SettingInvalid
from intake.core.regions import REGIONS
from intake.senders import register
from storage.accounts import users
from storage.audit_acts import Act
from storage.crypto.sealing import unseal
from storage.mail import senders
from storage.submissions.submissions import place

if TYPE_CHECKING:
    from intake.accounts.accounts import SignedInUser
    from intake.core.services import Services
    from storage.accounts.users import User
    from storage.crypto.keys import DataKey
    from storage.database import Session
    from storage.mail.senders import RegisteredSender

MAX_SHOWN = 500
MAX_NAME_CHARACTERS = 100


class EntryInvalid(IntakeError):
    """An entry cannot be registered; `faults` is {field: sentence}."""

    reason = "entry_invalid"
    public = "This entry cannot be registered."
    status = 400

    def __init__(self, faults: dict[str, str]) -> None:
        super().__init__()
        self.faults = faults


class AccountUndecided(IntakeError):
    """An entry ends whose account works, and nobody said what of that."""

    reason = "account_undecided"
    public = "Say whether the account of this person is disabled too."
    status = 400


@dataclass(frozen=True)
class SenderEntry:
    """One registered sender; `state` is `current`, `expired` or `ended`.

    `deputy_for` is the address of the coordinator whose deputy this is, None for no deputy.
    `account` is what the account that it belongs to is called, empty for none; `account_works`
    tells that it is neither disabled nor expired.
    """

    id: str
    address: str
    region: str
    name: str
    phone: str
    deputy_for: str | None
    state: str
    expires_at: datetime | None
    account_id: str = ""
    account: str = ""
    account_works: bool = False


@dataclass(frozen=True)
class SenderRegister:
    """The register's entries, oldest first; `is_cut` when there are more than are shown."""

    entries: list[SenderEntry]
    is_cut: bool


@dataclass(frozen=True)
class Filled:
    """The fields of a form; empty where nothing was typed."""

    address: str = ""
    region: str = ""
    name: str = ""
    phone: str = ""
    deputy_for: str = ""


def list_entries(services: "Services", viewer: "SignedInUser") -> SenderRegister:
    """Return the register, ended and expired entries included, with one audit event."""
    with services.database.transaction() as session:
        rows = senders.everyone(session, limit=MAX_SHOWN + 1)
        key = services.keyring.system(session)
        addresses = {row.id: _unsealed(key, row, "address") for row in rows}
        entries = [_shown(services, session, row, addresses) for row in rows[:MAX_SHOWN]]
        detail = {"number": len(entries)}
        audit.note(services, session, viewer, Act.SENDERS_LISTED, ("senders", "register"), detail)
    return SenderRegister(entries, len(rows) > MAX_SHOWN)


def add_entry(services: "Services", actor: "SignedInUser", filled: Filled) -> bool:
    """Register an address for six months, or renew and change its entry; True for a new one.

    Fields that are empty keep what is known. Raises EntryInvalid.
    """
    if len(filled.name) > MAX_NAME_CHARACTERS:
        raise EntryInvalid({"name": f"At most {MAX_NAME_CHARACTERS} characters."})
    try:
        if filled.region not in REGIONS:
            raise EntryInvalid({"region": "Choose a region of the list."})
        return register.add_sender(
            services,
            actor.actor,
            filled.address,
            filled.region,
            name=filled.name.strip() or None,
            phone=filled.phone.strip() or None,
            deputy_for=filled.deputy_for.strip() or None,
        )
    except AddressInvalid as error:
        # The form has two addresses; the sender's own is checked first.
        is_own = typed_text.mail_address(filled.address) is None
        field = "address" if is_own else "deputy_for"
        raise EntryInvalid({field: error.public}) from error
    except SettingInvalid as error:
        field, _, sentence = str(error).partition(": ")
        raise EntryInvalid({field: f"It {sentence}."}) from error


def renew_entry(services: "Services", actor: "SignedInUser", sender_id: str) -> None:
    """Renew an entry for six months from now, also one that ended or expired. Raises NotFound."""
    with services.database.reading() as session:
        row = senders.by_id(session, sender_id)
        if row is None:
            raise NotFound
        address = _unsealed(services.keyring.system(session), row, "address")
    register.add_sender(services, actor.actor, address, row.region)


def end_entry(
    services: "Services",
    actor: "SignedInUser",
    sender_id: str,
    *,
    with_account: bool | None = None,
) -> None:
    """End an entry: from now on mail from its address is a stranger's.

    `with_account` says whether the account that it belongs to is disabled too; None will do where
    none works. Raises NotFound, AccountUndecided, OwnAccountRefused, and Conflict when it ended
    before.
    """
    with services.database.transaction() as session:
        row = senders.locked(session, sender_id)
        if row is None:
            raise NotFound
        if row.ended_at is not None:
            raise Conflict("This entry was ended already.")
        account = _working_account(services, session, row)
        if account is not None and with_account is None:
            raise AccountUndecided
        row.ended_at = services.now()
        session.flush()
        audit.note(services, session, actor, Act.SENDER_ENDED, ("sender", row.id))
        if account is not None and with_account:
            if account.id == actor.id:
                raise OwnAccountRefused
            administration.disable_locked(services, session, actor, account)


def read_entry(services: "Services", viewer: "SignedInUser", sender_id: str) -> SenderEntry:
    """Return one entry, with one audit event. Raises NotFound."""
    with services.database.transaction() as session:
        row = senders.by_id(session, sender_id)
        if row is None:
            raise NotFound
        principal = senders.by_id(session, row.deputy_for)
        key = services.keyring.system(session)
        addresses = {each.id: _unsealed(key, each, "address") for each in (row, principal) if each}
        audit.note(services, session, viewer, Act.SENDERS_LISTED, ("sender", row.id))
        return _shown(services, session, row, addresses)


def _working_account(
    services: "Services", session: "Session", row: "RegisteredSender"
) -> "User | None":
    account = account_of_entry(services, session, row)
    is_there = account is not None and users.is_active(account, services.now())
    return account if is_there else None


def _shown(
    services: "Services", session: "Session", row: "RegisteredSender", addresses: dict[str, str]
) -> SenderEntry:
    key, now = services.keyring.system(session), services.now()
    account = account_of_entry(services, session, row)
    return SenderEntry(
        id=row.id,
        address=addresses[row.id],
        region=row.region,
        name=_unsealed(key, row, "name"),
        phone=_unsealed(key, row, "phone"),
        deputy_for=addresses.get(row.deputy_for or ""),
        state=_state(row, now),
        expires_at=row.expires_at,
        account_id=account.id if account is not None else "",
        account=users.called(account) if account is not None else "",
        account_works=account is not None and users.is_active(account, now),
    )


def _unsealed(key: "DataKey", row: "RegisteredSender", column: str) -> str:
    sealed = {"address": row.address, "name": row.name, "phone": row.phone}[column]
    if sealed is None:
        return ""
    return unseal(key, place("registered_senders", column, row.id), sealed)


def _state(row: "RegisteredSender", now: datetime) -> str:
    if row.ended_at is not None:
        return "ended"
    return "current" if senders.is_current(row, now) else "expired"
