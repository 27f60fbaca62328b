"""Name the colleagues to whom an item or a case can be given."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from intake.core import office_clock
from storage.accounts import absences, users

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from intake.core.services import Services
    from storage.accounts.users import User
    from storage.database import Session


@dataclass(frozen=True)
class Colleague:
    """An account to whom work can be given, by its name, or its label while it has none.

    `away_until` is the last day on which they are away now, None when they are there.
    """

    id: str
    label: str
    away_until: "date | None" = None


def colleagues_of(
    services: "Services", session: "Session", rows: "Iterable[User]"
) -> tuple[Colleague, ...]:
    """Return accounts as colleagues, in their order."""
    away = absences.away_on(session, office_clock.office_day(services.offices, services.now()))
    return tuple(
        Colleague(row.id, users.called(row), away[row.id].last_on if row.id in away else None)
        for row in rows
    )
