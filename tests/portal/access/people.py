"""List who asks in the access matrix: one person of each role, and several coordinators."""

from dataclasses import dataclass

from intake.accounts.roles import REGIONAL_ROLES
from storage.accounts.users import Role


@dataclass(frozen=True)
class Viewer:
    """One person who asks; `stands_in_for` names the lot whose coordinator this is a deputy of."""

    name: str
    role: Role
    region: str | None = None
    stands_in_for: str = ""

    @property
    def address(self) -> str:
        """Return the mail address."""
        return f"{self.name.lower()}@people.example"

    @property
    def token(self) -> str:
        """Return the token of the session that is open for this person."""
        return f"session of {self.name}"


PEOPLE = (
    Viewer("COORD", Role.COORD, "VAST"),
    Viewer("COORD-of-the-south", Role.COORD, "SYD"),
    Viewer("COORD-next-door", Role.COORD, "VAST"),
    Viewer("COORD-DEP", Role.COORD_DEP, "VAST"),
    Viewer("COORD-DEP-standing-in", Role.COORD_DEP, "VAST", "west"),
    *(Viewer(role, role) for role in Role if role not in REGIONAL_ROLES),
)
