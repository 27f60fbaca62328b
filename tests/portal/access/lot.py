"""A lot of the access matrix: one matter or one thing of somebody's, and who reaches it."""

from dataclasses import dataclass, field

from intake.access.compartments import (
    OPENED_BY_REASON,
    READS_ALL,
    READS_OWN,
    THINGS,
    Compartment,
    Right,
    right_of,
)
from intake.accounts.roles import REGIONAL_ROLES
from tests.portal.access.people import Viewer


@dataclass(frozen=True)
class Lot:
    """One matter with everything that belongs to it; `owner` names the coordinator who sent it.

    `values` fill an address: the key is `ENDPOINT.NAME`, `BLUEPRINT.NAME` or `NAME`, the first
    that is there. `words` are planted in what the matter says, `office_words` in what the office
    wrote for itself. `members` own the case or have opened it with a reason. `only` names the
    people of a thing that is no matter; `compartment` is what its document is closed by.
    """

    name: str
    programme: str
    owner: str
    words: str
    office_words: str
    members: frozenset[str] = frozenset()
    values: dict[str, str] = field(default_factory=dict)
    only: frozenset[str] | None = None
    compartment: Compartment | None = None

    def is_reached_by(self, viewer: Viewer | None) -> bool:
        """Tell whether a person may read it: what she sent herself, or what her right lets her.

        What the rights are is the matrix's (`compartments`); whose it is was planted.
        """
        if viewer is None:
            return False
        if self.only is not None:
            return viewer.name in self.only
        if viewer.role in REGIONAL_ROLES:
            return viewer.name == self.owner
        right = self.right_of(viewer)
        return right in READS_ALL or (
            right in READS_OWN | OPENED_BY_REASON and viewer.name in self.members
        )

    def is_opened_by_reason_of(self, viewer: Viewer | None) -> bool:
        """Tell whether a person may open it with a written reason, whoever's it is."""
        return viewer is not None and self.right_of(viewer) in OPENED_BY_REASON

    def right_of(self, viewer: Viewer) -> Right:
        """Return the cell of the matrix; none for what is no matter."""
        if self.only is not None:
            return Right.NONE
        return right_of(viewer.role, self.compartment or THINGS[self.programme])

    @property
    def codes(self) -> tuple[str, ...]:
        """Return the references of the matter, as far as it has any of its own."""
        return tuple(
            self.values[key] for key in ("reference", "cases.reference") if key in self.values
        )
