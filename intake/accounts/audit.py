"""Auditing: what a person did about a case or her own account, written down in her transaction."""

from typing import TYPE_CHECKING

from storage import audit

if TYPE_CHECKING:
    from intake.accounts.accounts import SignedInUser
    from intake.core.services import Services
    from storage.database import Session


def of_own_account(
    services: "Services", session: "Session", user: "SignedInUser", act: str
) -> None:
    """Write down what a person did about her own account."""
    subject = ("account", user.id)
    audit.append(session, services.now(), actor=user.actor, act=act, subject=subject)
