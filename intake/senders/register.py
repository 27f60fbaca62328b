"""Add and renew entries of the register: which addresses may refer, and from which region."""

import re
from datetime import timedelta
from typing import TYPE_CHECKING

from intake.accounts.register_entries import current_entry_of, entry_hash, new_entry
from intake.core import audit
from intake.core.errors import AddressInvalid, SettingInvalid
from intake.core.regions import REGIONS
from intake.core.typed_text import mail_address
from storage.audit_acts import Act
from storage.crypto.sealing import seal, unseal
from storage.mail import senders
from storage.mail.senders import RegisteredSender
from storage.submissions.submissions import place

if TYPE_CHECKING:
    from intake.core.services import Services
    from storage.crypto.keys import DataKey
    from storage.database import Session

EXPIRES_AFTER = timedelta(days=183)
PHONE = re.compile(r"\+?[0-9][0-9 ()-]{4,24}")


def add_sender(
    services: "Services",
    actor: str,
    address: str,
    region: str,
    *,
    name: str | None = None,
    phone: str | None = None,
    deputy_for: str | None = None,
) -> bool:
    """Register an address for six months, or renew it; True when it is new.

    `phone` is the number to call back on, never one from a mail. `deputy_for` is the
    registered address of the coordinator to whose cases mail from this address may be filed too.
    None keeps what is known, an empty text removes it. Raises AddressInvalid, or
    SettingInvalid for a region, number or coordinator that cannot be.
    """
    address = _checked_address(address)
    if region not in REGIONS:
        raise SettingInvalid(f"region: must be one of {', '.join(REGIONS)}")
    if phone and PHONE.fullmatch(phone) is None:
        raise SettingInvalid("phone: must be a telephone number such as +46 8 123 45 67")
    now = services.now()
    with services.database.transaction() as session:
        entry, is_new = _entry(services, session, address)
        before = (entry.region, entry.deputy_for)
        entry.region, entry.expires_at, entry.ended_at = region, now + EXPIRES_AFTER, None
        changed = _set_texts(services, session, entry, actor, name=name, phone=phone)
        if deputy_for is not None:
            entry.deputy_for = _principal(services, session, entry, deputy_for)
        session.flush()
        after = (entry.region, entry.deputy_for)
        fields = zip(("region", "deputy"), before, after, strict=True)
        changed += [field for field, was, now_is in fields if was != now_is]
        audit.note(
            services,
            session,
            actor,
            Act.SENDER_REGISTERED if is_new else Act.SENDER_RENEWED,
            ("sender", entry.id),
            {"region": region}
            | ({"deputy_for": entry.deputy_for} if deputy_for is not None else {})
            # Named, so that a change of whom officers call is one search in the audit.
            | ({"changed": changed} if changed and not is_new else {}),
            at=now,
        )
    return is_new


def _set_texts(
    services: "Services",
    session: "Session",
    entry: RegisteredSender,
    actor: str,
    *,
    name: str | None,
    phone: str | None,
) -> list[str]:
    """Set the sealed texts that are given, and return the names of those that differ now."""
    key, changed = services.keyring.system(session), []
    where = {column: place("registered_senders", column, entry.id) for column in ("name", "phone")}
    if name is not None and name != _opened(key, where["name"], entry.name):
        entry.name = seal(key, where["name"], name)
        changed.append("name")
    if phone is not None and phone != _opened(key, where["phone"], entry.phone):
        entry.phone = seal(key, where["phone"], phone)
        entry.phone_set_at, entry.phone_set_by = services.now(), actor
        changed.append("phone")
    return changed


def _opened(key: "DataKey", where: str, sealed: bytes | None) -> str:
    return unseal(key, where, sealed) if sealed is not None else ""


def _checked_address(address: str) -> str:
    typed = mail_address(address)
    if typed is None:
        raise AddressInvalid
    return typed


def _entry(services: "Services", session: "Session", address: str) -> tuple[RegisteredSender, bool]:
    """Return an address's entry, made when there is none, and whether it was made."""
    address_hash = entry_hash(services, session, address)
    known = senders.by_address_hash(session, address_hash)
    if known is not None:
        return known, False
    entry = new_entry(services, session, address)
    session.add(entry)
    return entry, True


def _principal(
    services: "Services", session: "Session", entry: RegisteredSender, address: str
) -> str | None:
    """Return the id of the coordinator whom an entry stands in for."""
    if not address:
        return None
    # A new entry may be incomplete still, and a query would write it to the database.
    with session.no_autoflush:
        found = current_entry_of(services, session, _checked_address(address))
    if found is None or found.id == entry.id:
        raise SettingInvalid("deputy_for: must be the address of a registered coordinator")
    if found.region != entry.region:
        # A deputy is of the same region (requirement 113): regions are kept apart.
        raise SettingInvalid("deputy_for: must be a coordinator of the same region")
    return found.id
