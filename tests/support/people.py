"""People as tests plant them: accounts that act at once, without a password to be hashed."""

from intake.accounts import SignedInUser
from intake.services import Services
from storage.users import Role
from tests.support.rows import Planter


def plant_user(
    services: Services, label: str = "Intake officer 1", role: str = "INTAKE"
) -> SignedInUser:
    """Store an account and return it as one that is signed in."""
    with services.database.transaction() as session:
        row = Planter(session, services.keyring, services.now()).user(label=label, role=role)
    return SignedInUser(row.id, label, Role(role), None)
