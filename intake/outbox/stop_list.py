"""Keep the list of addresses to which nothing is sent any more, because mail to them came back.

An address is stored as a keyed hash; who may see the list reads the address from the message that
came back.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from intake.access import programmes as programme_rights
from intake.access.work_items import own_lists
from intake.core import audit
from intake.core.errors import NotFound
from storage.audit_acts import Act
from storage.crypto.sealing import unseal
from storage.mail import outbox, stopped_addresses
from storage.submissions.submissions import place

if TYPE_CHECKING:
    from intake.accounts.accounts import SignedInUser
    from intake.core.services import Services
    from storage.database import Session
    from storage.mail.outbox import OutboxMessage

MAX_ROWS = 200


@dataclass(frozen=True)
class StoppedRow:
    """One stopped address as the list shows it; `address` is None when no message names it.

    `status` is what the delivery report said (RFC 3463), empty when it named none.
    """

    address_hash: str
    address: str | None
    reason: str
    status: str
    since_at: datetime
    reference: str


def is_stopped(services: "Services", session: "Session", address: str | None) -> bool:
    """Tell whether an address is on the list; no address never is."""
    if not address:
        return False
    return stopped_addresses.is_stopped(session, _hash(services, session, address))


def stop_address(
    services: "Services", session: "Session", address: str, reason: str, submission_id: str
) -> bool:
    """Stop an address in the caller's transaction; False when it is stopped already.

    `submission_id` is the submission whose answer came back.
    """
    now = services.now()
    address_hash = _hash(services, session, address)
    if not stopped_addresses.stop(session, address_hash, reason, submission_id, now):
        return False
    audit.note(
        services,
        session,
        "system:intake",
        Act.ADDRESS_STOPPED,
        ("submission", submission_id),
        {"reason": reason},
        at=now,
    )
    return True


def stopped_list(services: "Services", user: "SignedInUser") -> list[StoppedRow]:
    """Return the addresses of a user's programmes, and record that the list was read."""
    with services.database.transaction() as session:
        found = stopped_addresses.current(
            session,
            list(programme_rights.read_by(user)),
            only=own_lists.listed(services, session, user),
            limit=MAX_ROWS,
        )
        bounced = outbox.bounced_of(session, [submission.id for _, submission in found])
        known = {
            (row.submission_id, _hash(services, session, address)): (address, row)
            for row in reversed(bounced)
            if row.submission_id is not None and (address := _recipient(services, session, row))
        }
        audit.note(
            services,
            session,
            user,
            Act.ADDRESSES_LISTED,
            ("addresses", "stopped"),
            {"number": len(found), "shown": sorted({each.id for _, each in found})},
        )
        return [
            StoppedRow(
                address_hash=stopped.address_hash,
                address=hit[0] if hit else None,
                reason=stopped.reason,
                status=(hit[1].bounce_status or "") if hit else "",
                since_at=stopped.since_at,
                reference=submission.reference,
            )
            for stopped, submission in found
            for hit in (known.get((submission.id, stopped.address_hash)),)
        ]


def lift_stop(services: "Services", user: "SignedInUser", address_hash: str) -> None:
    """Let mail go to an address again. Raises NotFound when it is not on the user's list."""
    with services.database.transaction() as session:
        programmes = list(programme_rights.read_by(user))
        row = stopped_addresses.one_current(
            session, address_hash, programmes, only=own_lists.listed(services, session, user)
        )
        if row is None:
            raise NotFound
        stopped_addresses.lift(session, address_hash, user.id, services.now())
        audit.note(services, session, user, Act.ADDRESS_LIFTED, ("submission", row.submission_id))


def _hash(services: "Services", session: "Session", address: str) -> str:
    return services.keyring.lookup(session, "stopped-address", address.lower())


def _recipient(services: "Services", session: "Session", row: "OutboxMessage") -> str:
    key = services.keyring.open(session, row.data_key_id)
    return unseal(key, place("outbox", "recipient", row.id), row.recipient)
