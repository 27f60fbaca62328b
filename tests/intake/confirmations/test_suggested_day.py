"""Check that the suggested day of the next step never comes after a legal date that is near."""

from datetime import date

import pytest

from intake.access import gate
from intake.accounts.accounts import SignedInUser
from intake.confirmations import confirm
from intake.core.services import Services
from storage.base import new_id
from storage.cases import legal_dates
from storage.cases.legal_dates import LegalDate
from tests.intake.confirmations.papers import Case, seed_case
from tests.support.people import plant_user

# It is Tuesday, the 24th of November 2026; five working days later is the 1st of December.
DAYS = [
    (["2026-12-02"], "2026-12-01"),
    # On a Tuesday the day before, on a Monday the Friday.
    (["2026-12-01"], "2026-11-30"),
    (["2026-11-30"], "2026-11-27"),
    (["2026-12-30", "2026-11-26"], "2026-11-25"),
    # Nothing is left before it: today.
    (["2026-11-25"], "2026-11-24"),
    (["2026-11-24"], "2026-11-24"),
    (["2026-11-20"], "2026-12-01"),
    (["2026-11-20", "2026-11-30"], "2026-11-27"),
    ([], "2026-12-01"),
]


@pytest.fixture
def officer(sqlite_services: Services) -> SignedInUser:
    """Give an intake officer."""
    return plant_user(sqlite_services)


@pytest.mark.parametrize("is_confirmed", [True, False], ids=["confirmed", "read"])
@pytest.mark.parametrize(("days", "expected"), DAYS)
def test_the_next_step_comes_before_the_nearest_legal_day(
    sqlite_services: Services,
    officer: SignedInUser,
    days: list[str],
    expected: str,
    *,
    is_confirmed: bool,
) -> None:
    case = seed_case(sqlite_services)
    note(case, days, is_confirmed=is_confirmed)

    desk = confirm.open_confirm_page(
        case.office, gate.submission_to_change(sqlite_services, officer, case.reference)
    )

    assert str(desk.suggested.next_step_on) == expected


def note(case: Case, days: list[str], *, is_confirmed: bool) -> None:
    """Note the ends of a reflection period."""
    now = case.services.now()
    with case.services.database.transaction() as session:
        for day in days:
            row = LegalDate(
                id=new_id(),
                submission_id=case.submission_id,
                kind="reflection_end",
                day=date.fromisoformat(day),
                noted_at=now,
                confirmed_at=now if is_confirmed else None,
            )
            legal_dates.note(session, row)
