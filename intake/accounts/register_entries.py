"""Read the register of senders: the entry of an address, an entry's address, and its account.

Addresses are stored sealed and found by a keyed hash, apart from those of accounts. An account and
an entry belong together when the entry names it (`people.one_record`), and an entry that names no
account when they have the same address.
"""

from typing import TYPE_CHECKING

from intake.accounts.accounts import address_of, email_hash
from storage.accounts import users
from storage.base import new_id
from storage.crypto.sealing import seal, unseal
from storage.mail import senders
from storage.mail.senders import RegisteredSender
from storage.submissions.submissions import place

if TYPE_CHECKING:
    from intake.core.services import Services
    from storage.accounts.users import User
    from storage.database import Session


def entry_hash(services: "Services", session: "Session", address: str) -> str:
    """Return the keyed hash by which an address's entry is found."""
    return services.keyring.lookup(session, "sender", address.lower())


def entry_of(services: "Services", session: "Session", address: str) -> RegisteredSender | None:
    """Return the entry of an address, also one that ended, or None."""
    return senders.by_address_hash(session, entry_hash(services, session, address))


def new_entry(services: "Services", session: "Session", address: str) -> RegisteredSender:
    """Return a new entry of an address, not stored yet: its region is still missing."""
    entry = RegisteredSender(
        id=new_id(), address_hash=entry_hash(services, session, address), added_at=services.now()
    )
    key = services.keyring.system(session)
    entry.address = seal(key, place("registered_senders", "address", entry.id), address)
    return entry


def current_entry_of(
    services: "Services", session: "Session", address: str
) -> RegisteredSender | None:
    """Return the entry of an address that is valid now, or None."""
    entry = entry_of(services, session, address)
    return entry if entry is not None and senders.is_current(entry, services.now()) else None


def address_of_entry(services: "Services", session: "Session", entry: RegisteredSender) -> str:
    """Return an entry's address, in lower case."""
    system = services.keyring.system(session)
    return unseal(system, place("registered_senders", "address", entry.id), entry.address)


def entries_of_account(
    services: "Services", session: "Session", account: "User"
) -> list[RegisteredSender]:
    """Return the entries of an account, that of its own address first, also ones that ended."""
    named = senders.of_account(session, account.id)
    own = entry_of(services, session, address_of(services, session, account))
    if own is None or own.account_id not in (None, account.id):
        return named
    return [own, *(entry for entry in named if entry.id != own.id)]


def current_entry_of_account(
    services: "Services", session: "Session", account: "User"
) -> RegisteredSender | None:
    """Return an account's entry that is valid now, that of its own address first, or None."""
    found = entries_of_account(services, session, account)
    now = services.now()
    return next((entry for entry in found if senders.is_current(entry, now)), None)


def account_of_entry(
    services: "Services", session: "Session", entry: RegisteredSender
) -> "User | None":
    """Return the account that an entry belongs to, whatever its state, or None."""
    if entry.account_id is not None:
        return users.by_id(session, entry.account_id)
    address = address_of_entry(services, session, entry)
    return users.by_email_hash(session, email_hash(services, session, address))
