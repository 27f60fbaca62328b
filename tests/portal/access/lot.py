"""Describe a lot of the access matrix: one case or one thing of somebody's, and who reaches it."""

from dataclasses import dataclass, field

from intake.access.compartments import (
    NEEDS_REASON,
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
    """One case with everything that belongs to it; `owner` names the coordinator who sent it.

    `values` fill an address: the key is `ENDPOINT.NAME`, `BLUEPRINT.NAME` or `NAME`, the first
    that is there. `words` are planted in what was sent, `office_words` in what the office wrote
    for itself. `members` own the case or have opened it with a reason. `only` names the people of
    a thing that is no case; `compartment` is the one that closes its document.
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
        """Tell whether a person may read it: they sent it themselves, or their right lets them.

        The rights are those of `access.compartments`; whose the lot is was planted.
        """
        if viewer is None:
            return False
        if self.only is not None:
            return viewer.name in self.only
        if viewer.role in REGIONAL_ROLES:
            return viewer.name == self.owner
        right = self.right_of(viewer)
        return right in READS_ALL or (
            right in READS_OWN | NEEDS_REASON and viewer.name in self.members
        )

    def is_opened_by_reason_of(self, viewer: Viewer | None) -> bool:
        """Tell whether a person may open it with a written reason, whoever owns it."""
        return viewer is not None and self.right_of(viewer) in NEEDS_REASON

    def right_of(self, viewer: Viewer) -> Right:
        """Return a person's right by role and programme; none for what is no case."""
        if self.only is not None:
            return Right.NONE
        return right_of(viewer.role, self.compartment or THINGS[self.programme])

    @property
    def codes(self) -> tuple[str, ...]:
        """Return the references of the case and its submission, as far as it has any."""
        return tuple(
            self.values[key] for key in ("reference", "cases.reference") if key in self.values
        )
