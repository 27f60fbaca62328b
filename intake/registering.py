"""The register of coordinators: who may refer, and from which region."""

import re
from datetime import timedelta
from typing import TYPE_CHECKING

from intake.errors import AddressInvalid, SettingInvalid
from storage import audit, senders
from storage.base import new_id
from storage.sealing import seal
from storage.senders import RegisteredSender
from storage.submissions import place

if TYPE_CHECKING:
    from intake.services import Services

# Host regions of the anti-trafficking coordinators (domain.md §1.2).
REGIONS = ("NORD", "MITT", "BERG", "STHLM", "OST", "VAST", "SYD")
EXPIRES_AFTER = timedelta(days=183)
ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*")


def add_sender(services: "Services", actor: str, address: str, region: str) -> bool:
    """Register an address for six months, or renew it; True when it is new.

    Raises AddressInvalid, or SettingInvalid for a region that does not exist.
    """
    address = address.strip().lower()
    if ADDRESS.fullmatch(address) is None:
        raise AddressInvalid
    if region not in REGIONS:
        raise SettingInvalid(f"region: must be one of {', '.join(REGIONS)}")
    now = services.now()
    with services.database.transaction() as session:
        address_hash = services.keyring.lookup(session, "sender", address)
        entry = senders.by_address_hash(session, address_hash)
        is_new = entry is None
        if entry is None:
            entry = RegisteredSender(id=new_id(), address_hash=address_hash, added_at=now)
            key = services.keyring.system(session)
            entry.address = seal(key, place("registered_senders", "address", entry.id), address)
            session.add(entry)
        entry.region, entry.expires_at, entry.ended_at = region, now + EXPIRES_AFTER, None
        session.flush()
        audit.append(
            session,
            now,
            actor=actor,
            act="sender.registered" if is_new else "sender.renewed",
            subject=("sender", entry.id),
            detail={"region": region},
        )
    return is_new
