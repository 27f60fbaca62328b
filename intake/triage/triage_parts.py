"""The parts of a triage view: what was read, guessed and done, as frozen values.

Codes stay codes; the portal has the words. Imports nothing of ours.
"""

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True)
class KindView:
    """The type of some pages: what counts, what was suggested, why, and who decided."""

    document_id: str
    first_page: int
    last_page: int
    kind: str
    suggested_kind: str
    confidence: float
    reasons: tuple[str, ...]
    decided_by: str | None

    @property
    def is_decided(self) -> bool:
        """Tell whether a person has confirmed or corrected it."""
        return self.decided_by is not None


@dataclass(frozen=True)
class AidView:
    """One thing that a document seems to say; `value` is canonical, `shown` as written."""

    id: str
    document_id: str
    kind: str
    value: str
    shown: str
    page: int
    is_checked: bool
    reasons: tuple[str, ...]
    state: str


@dataclass(frozen=True)
class GuessView:
    """A case that this may belong to, the likeliest first."""

    case_reference: str
    reasons: tuple[str, ...]
    score: float


@dataclass(frozen=True)
class FilingActView:
    """One act of filing; `can_be_undone` while nothing has left the house because of it."""

    id: str
    act: str
    from_case: str | None
    to_case: str | None
    by: str
    at: datetime
    reasons: tuple[str, ...]
    is_undone: bool
    can_be_undone: bool


@dataclass(frozen=True)
class PersonView:
    """A person whom the submission names; `born` is a partial ISO date or empty."""

    id: str
    name: str
    born: str
    is_confirmed: bool


@dataclass(frozen=True)
class DateView:
    """A legal date; only suggested while `is_confirmed` is False."""

    id: str
    kind: str
    day: date
    is_confirmed: bool
