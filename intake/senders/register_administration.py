"""Let an administrator list, add, renew and end entries of the register of senders.

`register` adds and renews; here its refusals are given by field. Addresses, names and numbers are
unsealed for the page alone.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from intake.core import audit, typed_text
from intake.core.errors import AddressInvalid, Conflict, IntakeError, NotFound, SettingInvalid
from intake.senders import register
from storage.audit_acts import Act
from storage.crypto.sealing import unseal
from storage.mail import senders
from storage.submissions.submissions import place

if TYPE_CHECKING:
    from intake.accounts.accounts import SignedInUser
    from intake.core.services import Services
    from storage.crypto.keys import DataKey
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


@dataclass(frozen=True)
class SenderEntry:
    """One registered sender; `state` is `current`, `expired` or `ended`.

    `deputy_for` is the address of the coordinator whose deputy this is, None for no deputy.
    """

    id: str
    address: str
    region: str
    name: str
    phone: str
    deputy_for: str | None
    state: str
    expires_at: datetime | None


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
        key, now = services.keyring.system(session), services.now()
        addresses = {row.id: _unsealed(key, row, "address") for row in rows}
        entries = [
            SenderEntry(
                id=row.id,
                address=addresses[row.id],
                region=row.region,
                name=_unsealed(key, row, "name"),
                phone=_unsealed(key, row, "phone"),
                deputy_for=addresses.get(row.deputy_for or ""),
                state=_state(row, now),
                expires_at=row.expires_at,
            )
            for row in rows[:MAX_SHOWN]
        ]
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


def end_entry(services: "Services", actor: "SignedInUser", sender_id: str) -> None:
    """End an entry: from now on mail from its address is a stranger's.

    Raises NotFound, and Conflict when it ended before.
    """
    with services.database.transaction() as session:
        row = senders.by_id(session, sender_id)
        if row is None:
            raise NotFound
        if row.ended_at is not None:
            raise Conflict("This entry was ended already.")
        row.ended_at = services.now()
        session.flush()
        audit.note(services, session, actor, Act.SENDER_ENDED, ("sender", row.id))


def _unsealed(key: "DataKey", row: "RegisteredSender", column: str) -> str:
    sealed = {"address": row.address, "name": row.name, "phone": row.phone}[column]
    if sealed is None:
        return ""
    return unseal(key, place("registered_senders", column, row.id), sealed)


def _state(row: "RegisteredSender", now: datetime) -> str:
    if row.ended_at is not None:
        return "ended"
    return "current" if senders.is_current(row, now) else "expired"
