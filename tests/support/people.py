"""Plant accounts that can act at once, without the cost of hashing a password."""

from datetime import datetime

from intake.accounts.accounts import SignedInUser
from intake.core.services import Services
from storage.accounts import users
from storage.accounts.users import Role
from storage.database import Session
from tests.support.rows import Planter


def plant_user(
    services: Services, label: str = "Intake officer 1", role: str = "INTAKE"
) -> SignedInUser:
    """Store an account and return it as one that is signed in."""
    with services.database.transaction() as session:
        row = Planter(session, services.keyring, services.now()).user(label=label, role=role)
    return SignedInUser(row.id, label, Role(role), None)


def plant_session(
    session: Session, user_id: str, token: str, now: datetime, *, is_factor_proved: bool
) -> None:
    """Store the session of somebody who has just signed in; `token` opens it."""
    factor_at = now if is_factor_proved else None
    users.begin_session(session, token, user_id, now, factor_at=factor_at)
