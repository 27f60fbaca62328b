"""Check from when on a legal date is a clock, and how a list learns of it."""

from datetime import date, timedelta

import pytest

from intake.cases.near_dates import Nearness, near_dates, nearness_of
from intake.core.office_clock import load_offices
from intake.core.services import Services
from storage.base import new_id
from storage.cases import legal_dates
from storage.cases.legal_dates import LegalDate, LegalDateKind
from storage.documents import sources
from storage.submissions.submissions import Submission
from tests.support.building import Clock
from tests.support.people import plant_user
from tests.support.rows import Planter

TODAY = date(2026, 11, 24)
RULE = load_offices()[-1].legal
PASSPORT, TRIAL = LegalDateKind.PASSPORT_EXPIRY, LegalDateKind.TRIAL


@pytest.mark.parametrize(
    ("kind", "days", "expected"),
    [
        (TRIAL, 31, Nearness.FAR),
        (TRIAL, 30, Nearness.SHOWN),
        (TRIAL, 15, Nearness.SHOWN),
        (TRIAL, 14, Nearness.WARNED),
        (TRIAL, 7, Nearness.WARNED),
        (TRIAL, 4, Nearness.WARNED),
        (TRIAL, 3, Nearness.NEAR),
        (TRIAL, 0, Nearness.NEAR),
        (TRIAL, -1, Nearness.PASSED),
        (PASSPORT, 1965, Nearness.FAR),
        (PASSPORT, 184, Nearness.FAR),
        (PASSPORT, 183, Nearness.SHOWN),
        (PASSPORT, 14, Nearness.WARNED),
        (PASSPORT, 3, Nearness.NEAR),
    ],
)
def test_a_day_is_a_clock_from_a_month_before_it_and_a_passport_from_half_a_year(
    kind: str, days: int, expected: Nearness
) -> None:
    assert nearness_of(kind, TODAY + timedelta(days=days), TODAY, RULE) is expected


def plant_day(
    services: Services, clock: Clock, days: int, kind: str, case_id: str | None = None
) -> Submission:
    """Store a submission of which somebody typed a day, so many days from now."""
    with services.database.transaction() as session:
        planter = Planter(session, services.keyring, clock.now())
        submission = planter.submission(case_id=case_id or planter.case().id)
        row = legal_dates.note(
            session,
            LegalDate(
                id=new_id(),
                submission_id=submission.id,
                kind=kind,
                day=TODAY + timedelta(days=days),
                noted_at=clock.now(),
            ),
        )
        sources.add(session, row.id, sources.TYPED)
        return submission


def test_a_list_is_told_of_near_days_of_the_submission_and_its_case(
    sqlite_services: Services, clock: Clock
) -> None:
    services, officer = sqlite_services, plant_user(sqlite_services)
    near = plant_day(services, clock, 4, TRIAL)
    far = plant_day(services, clock, 400, PASSPORT)
    with services.database.transaction() as session:
        planter = Planter(session, services.keyring, clock.now())
        beside = planter.submission(case_id=near.case_id)
        bare = planter.submission(case_id=planter.case().id)
    codes = [each.reference for each in (near, far, beside, bare)]

    found = near_dates(services, officer, codes)

    assert set(found) == {near.reference, beside.reference}
    assert {(each.kind, each.nearness) for each in found.values()} == {(TRIAL, Nearness.WARNED)}


def test_who_may_not_read_the_submission_learns_no_day(
    sqlite_services: Services, clock: Clock
) -> None:
    near = plant_day(sqlite_services, clock, 4, TRIAL)
    cash = plant_user(sqlite_services, "Cash officer 1", "CASH")
    caseworker = plant_user(sqlite_services, "Caseworker 1", "CASEW")

    for user in (cash, caseworker):
        assert near_dates(sqlite_services, user, [near.reference]) == {}
