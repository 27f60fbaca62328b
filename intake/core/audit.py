"""Write audit events: who did what to what, in the transaction that does it.

The end of the trail is copied out of the database from time to time: to a file, to the log, and
into signed papers. Whoever cuts the end off cannot take those back.
"""

import logging
from typing import TYPE_CHECKING, Protocol

from storage import audit
from storage.audit_acts import Act
from storage.errors import IntakeError
from storage.operations import audit_anchors

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from intake.core.services import Services
    from storage.audit_chain import Anchor
    from storage.database import Session

LOG = logging.getLogger(__name__)
TRAIL = ("audit", "trail")
# The revision of the tables with which the chain got its key.
KEYED_SINCE = "0018"


class Actor(Protocol):
    """Somebody who acts: a signed-in user, or whoever holds a link."""

    @property
    def actor(self) -> str:
        """Return the name under which acts are audited."""


def note(
    services: "Services",
    session: "Session",
    actor: "Actor | str",
    act: "Act",
    subject: tuple[str, str],
    detail: "Mapping[str, object] | None" = None,
    *,
    at: "datetime | None" = None,
) -> None:
    """Append one event to the audit trail in the caller's transaction.

    `actor` is somebody, or the name of a part of the system; `subject` is (type, id). `detail`
    holds codes and numbers, never a name or an address. `at` is given where the rows of the same
    act carry the same moment, None is now.
    """
    audit.append(
        session,
        services.keyring,
        services.now() if at is None else at,
        actor=actor if isinstance(actor, str) else actor.actor,
        act=act,
        subject=subject,
        detail=dict(detail) if detail else None,
    )


def newest_anchor(services: "Services", session: "Session") -> "Anchor":
    """Return the number and hash of the newest event, for a signed paper."""
    anchor, _ = audit.newest_anchor(session, services.now())
    return anchor


def write_anchor(services: "Services") -> bool:
    """Copy the end of the trail to the file and to the log; tell whether there was a new end.

    The file comes first: a chain that told of a line that was never written would seem cut. An end
    that is not beyond the newest anchor is not written: it was cut, or another process was quicker.
    Raises StorageUnavailable or StorageFull.
    """
    with services.database.reading() as session:
        anchor, act = audit.newest_anchor(session, services.now())
        key = audit.chain_key(session, services.keyring)
    path = audit_anchors.path_of(services.settings.data_dir)
    if act == Act.AUDIT_ANCHORED and path.exists():
        return False
    if anchor.number == 0 and not audit_anchors.read_all(path, key).anchors.by_number:
        # A new house: there is no end yet. Beside anchors an empty trail is one that was cut.
        return False
    if not audit_anchors.add_line(path, key, anchor):
        LOG.error("event=audit_end_is_older_than_its_anchor number=%d", anchor.number)
        return False
    LOG.info(
        "event=audit_anchored number=%d hash=%s at=%s",
        anchor.number,
        anchor.hash,
        anchor.at.isoformat(),
    )
    with services.database.transaction() as session:
        note(
            services, session, "system:intake", Act.AUDIT_ANCHORED, TRAIL, {"number": anchor.number}
        )
    return True


def write_anchor_if_possible(services: "Services") -> None:
    """Do as `write_anchor` at a process's start and end, which a full disk must not prevent."""
    try:
        write_anchor(services)
    except IntakeError as error:
        LOG.error("event=audit_not_anchored reason=%s", error.reason)  # noqa: TRY400 - no trace


def key_old_chain(services: "Services", session: "Session", revision_before: str | None) -> None:
    """Let the chain of a release without a key go on with one, in the upgrade from that release.

    `revision_before` is that of the tables before the upgrade. A chain without a key that is met at
    any other time is not old but forged, and so is one beside anchors, which are made with the key:
    it is left as it is, and `flask verify` names it.
    """
    if revision_before is None or revision_before >= KEYED_SINCE:
        return
    if audit_anchors.path_of(services.settings.data_dir).exists():
        return
    number = audit.key_old_chain(session, services.keyring, services.now())
    if number is not None:
        LOG.info("event=audit_keyed number=%d", number)
