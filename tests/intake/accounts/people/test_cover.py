"""Check who acts for somebody who is away, and that nobody acts where nobody can."""

from datetime import UTC, datetime
from itertools import pairwise

import pytest

from intake.accounts.accounts import SignedInUser
from intake.accounts.people import cover
from intake.accounts.people.cover import Acting, Cover
from intake.core.services import Services
from storage.accounts.users import User
from tests.intake.accounts.people.rows import make_deputy, plant_absence, plant_colleague
from tests.support.building import STARTED_AT

TODAY = "2026-11-24"


def acting_for(services: Services, user: SignedInUser, at: datetime = STARTED_AT) -> Acting:
    with services.database.reading() as session:
        return cover.who_acts_for(services, session, user.id, at)


def chain(services: Services, number: int, *, away: int) -> list[SignedInUser]:
    """Plant people who are each the deputy of the one before, the first of them away today."""
    people = [plant_colleague(services, f"Intake officer {each}") for each in range(number)]
    for of, deputy in pairwise(people):
        make_deputy(services, of, deputy)
    for each in people[:away]:
        plant_absence(services, each, TODAY, TODAY)
    return people


def test_who_is_there_acts_alone(services: Services) -> None:
    officer, _ = chain(services, 2, away=0)

    found = acting_for(services, officer)

    assert (found.acts_id, found.why, found.until) == (officer.id, Cover.PRESENT, None)


def test_the_deputy_acts_for_who_is_away(services: Services) -> None:
    officer, deputy = chain(services, 2, away=1)

    found = acting_for(services, officer)

    assert (found.acts_id, found.why) == (deputy.id, Cover.DEPUTY)
    assert str(found.until) == TODAY


def test_a_deputy_who_is_away_is_acted_for_by_theirs(services: Services) -> None:
    officer, second, third = chain(services, 3, away=2)

    found = acting_for(services, officer)

    assert (found.acts_id, found.way) == (third.id, (officer.id, second.id, third.id))


@pytest.mark.parametrize(("number", "why"), [(1, Cover.NO_DEPUTY), (3, Cover.ALL_AWAY)])
def test_nobody_acts_when_all_are_away(services: Services, number: int, why: Cover) -> None:
    people = chain(services, number, away=number)

    found = acting_for(services, people[0])

    assert (found.acts_id, found.why) == (None, why)


def test_nobody_acts_in_a_circle(services: Services) -> None:
    people = chain(services, 3, away=3)
    make_deputy(services, people[2], people[1])

    found = acting_for(services, people[0])

    assert (found.acts_id, found.why) == (None, Cover.CIRCLE)


def test_nobody_is_their_own_deputy(services: Services) -> None:
    (officer,) = chain(services, 1, away=1)
    make_deputy(services, officer, officer)

    assert acting_for(services, officer).why is Cover.CIRCLE


@pytest.mark.parametrize(
    "change",
    [
        {"disabled_at": STARTED_AT},
        {"expires_at": STARTED_AT},
        {"password_hash": None},
        {"waits_since": STARTED_AT},
    ],
    ids=lambda change: next(iter(change)),
)
def test_a_deputy_who_left_does_not_act(services: Services, change: dict[str, object]) -> None:
    officer, deputy = chain(services, 2, away=1)
    with services.database.transaction() as session:
        row = session.get_one(User, deputy.id)
        for column, value in change.items():
            setattr(row, column, value)

    found = acting_for(services, officer)

    assert (found.acts_id, found.why) == (None, Cover.DEPUTY_LEFT)


def test_a_deputy_whose_role_changed_does_not_act(services: Services) -> None:
    officer, deputy = chain(services, 2, away=1)
    with services.database.transaction() as session:
        session.get_one(User, deputy.id).role = "CASH"

    assert acting_for(services, officer).why is Cover.DEPUTY_UNFIT


def test_nobody_acts_for_who_left(services: Services) -> None:
    officer, _ = chain(services, 2, away=0)
    with services.database.transaction() as session:
        session.get_one(User, officer.id).disabled_at = STARTED_AT

    found = acting_for(services, officer)

    assert (found.acts_id, found.why, found.is_away) == (None, Cover.LEFT, True)
    with services.database.reading() as session:
        assert cover.who_acts_for(services, session, "f" * 32, STARTED_AT).why is Cover.LEFT


@pytest.mark.parametrize(
    ("at", "is_away"),
    [
        # Helsinki is two hours before UTC in winter: its midnight is 22:00 the day before.
        (datetime(2026, 11, 24, 21, 59, 59, tzinfo=UTC), False),
        (datetime(2026, 11, 24, 22, 0, tzinfo=UTC), True),
        (datetime(2026, 11, 26, 21, 59, 59, tzinfo=UTC), True),
        (datetime(2026, 11, 26, 22, 0, tzinfo=UTC), False),
    ],
)
def test_days_begin_and_end_at_the_offices_midnight(
    services: Services, at: datetime, is_away: bool
) -> None:
    officer = plant_colleague(services, "Intake officer 1")
    plant_absence(services, officer, "2026-11-25", "2026-11-26")

    assert acting_for(services, officer, at).is_away is is_away


def test_an_absence_that_was_ended_counts_no_more(services: Services) -> None:
    officer = plant_colleague(services, "Intake officer 1")
    plant_absence(services, officer, TODAY, "2026-12-24", ended_at=STARTED_AT)

    assert not acting_for(services, officer).is_away


def test_covered_are_all_for_whom_one_acts(services: Services) -> None:
    people = chain(services, 3, away=2)

    with services.database.reading() as session:
        found = cover.covered_by(services, session, people[2].id, STARTED_AT)
        others = cover.covered_by(services, session, people[1].id, STARTED_AT)

    assert (set(found), others) == ({people[0].id, people[1].id}, [])


def test_managers_are_told_of_whom_nobody_covers(services: Services) -> None:
    people = chain(services, 2, away=2)
    gone = plant_colleague(services, "Caseworker 1", disabled_at=STARTED_AT)
    plant_absence(services, gone, TODAY, TODAY)

    with services.database.reading() as session:
        found = cover.uncovered(services, session, STARTED_AT)

    assert {each.for_id for each in found} == {each.id for each in people}
