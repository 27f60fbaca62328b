"""Plant colleagues who can sign in, with deputies and absences."""

from datetime import date
from typing import Any

from intake.accounts.accounts import SignedInUser, signed_in_user
from intake.core.services import Services
from storage.accounts.absences import Absence
from storage.accounts.users import User
from storage.base import new_id
from storage.crypto.sealing import seal
from tests.support.rows import Planter


def plant_colleague(services: Services, label: str, **changes: Any) -> SignedInUser:
    """Store an account that can be signed in to, and return it as signed in."""
    fields = {"label": label, "password_hash": "unused"} | changes
    with services.database.transaction() as session:
        row = Planter(session, services.keyring, services.now()).user(**fields)
        # The list of accounts shows it, so it must open.
        key = services.keyring.system(session)
        row.email = seal(key, f"users.email:{row.id}", f"{row.id}@iom.example")
        session.flush()
        return signed_in_user(row)


def make_deputy(services: Services, of: SignedInUser, deputy: SignedInUser) -> None:
    """Store whose deputy somebody is, without the rules of choosing one."""
    with services.database.transaction() as session:
        session.get_one(User, of.id).deputy_id = deputy.id


def plant_absence(
    services: Services, user: SignedInUser, first_on: str, last_on: str, **changes: Any
) -> str:
    """Store an absence, its days in ISO 8601, and return its id."""
    fields: dict[str, Any] = {
        "id": new_id(),
        "user_id": user.id,
        "first_on": date.fromisoformat(first_on),
        "last_on": date.fromisoformat(last_on),
        "set_by": user.id,
        "set_at": services.now(),
    }
    row = Absence(**(fields | changes))
    with services.database.transaction() as session:
        session.add(row)
        return row.id
