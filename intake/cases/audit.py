"""Record in the audit trail what a user did about a case."""

from typing import TYPE_CHECKING

from intake.core import audit

if TYPE_CHECKING:
    from collections.abc import Mapping

    from intake.accounts.accounts import SignedInUser
    from intake.core.services import Services
    from storage.audit_acts import Act
    from storage.cases.cases import Case
    from storage.database import Session


def of_case(
    services: "Services",
    session: "Session",
    user: "SignedInUser",
    case: "Case",
    act: "Act",
    detail: "Mapping[str, str | int]",
) -> None:
    """Record an act of a user on a case, in the caller's transaction.

    `detail` holds codes and numbers only.
    """
    now, subject = services.now(), ("case", case.id)
    audit.note(services, session, user, act, subject, dict(detail), at=now)
