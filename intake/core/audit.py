"""Write audit events: who did what to what, in the transaction that does it."""

from typing import TYPE_CHECKING, Protocol

from storage import audit

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from intake.core.services import Services
    from storage.audit_acts import Act
    from storage.database import Session


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
        services.now() if at is None else at,
        actor=actor if isinstance(actor, str) else actor.actor,
        act=act,
        subject=subject,
        detail=dict(detail) if detail else None,
    )
