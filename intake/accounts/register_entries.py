"""Read the register of senders: the entry of an address, an entry's address, and its account.

Addresses are stored sealed and found by a keyed hash, apart from those of accounts. An account and
an entry belong together when they have the same address.
"""

from typing import TYPE_CHECKING

from intake.accounts.accounts import email_hash
from storage.accounts import users
from storage.crypto.sealing import unseal
from storage.mail import senders
from storage.submissions.submissions import place

if TYPE_CHECKING:
    from intake.core.services import Services
    from storage.accounts.users import User
    from storage.database import Session
    from storage.mail.senders import RegisteredSender


def entry_hash(services: "Services", session: "Session", address: str) -> str:
    """Return the keyed hash by which an address's entry is found."""
    return services.keyring.lookup(session, "sender", address.lower())


def entry_of(services: "Services", session: "Session", address: str) -> "RegisteredSender | None":
    """Return the entry of an address, also one that ended, or None."""
    return senders.by_address_hash(session, entry_hash(services, session, address))


def current_entry_of(
    services: "Services", session: "Session", address: str
) -> "RegisteredSender | None":
    """Return the entry of an address that is valid now, or None."""
    entry = entry_of(services, session, address)
    return entry if entry is not None and senders.is_current(entry, services.now()) else None


def address_of_entry(services: "Services", session: "Session", entry: "RegisteredSender") -> str:
    """Return an entry's address, in lower case."""
    system = services.keyring.system(session)
    return unseal(system, place("registered_senders", "address", entry.id), entry.address)


def account_of_entry(
    services: "Services", session: "Session", entry: "RegisteredSender"
) -> "User | None":
    """Return the account that has an entry's address, whatever its state, or None."""
    address = address_of_entry(services, session, entry)
    return users.by_email_hash(session, email_hash(services, session, address))
