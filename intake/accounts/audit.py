"""Record in the audit trail what a user did about their own account."""

from typing import TYPE_CHECKING

from intake.core import audit

if TYPE_CHECKING:
    from intake.accounts.accounts import SignedInUser
    from intake.core.services import Services
    from storage.audit_acts import Act
    from storage.database import Session


def of_own_account(
    services: "Services", session: "Session", user: "SignedInUser", act: "Act"
) -> None:
    """Record an act of a user on their own account, in the caller's transaction."""
    subject = ("account", user.id)
    audit.note(services, session, user, act, subject)
