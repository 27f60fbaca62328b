"""Check that absences and deputies are set by who may, and that what cannot be is said."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from intake.accounts.accounts import SignedInUser
from intake.accounts.people import absence_views, absences, cover
from intake.accounts.people.absences import AbsenceInvalid
from intake.accounts.people.cover import Cover
from intake.core.errors import Conflict, NotFound
from intake.core.services import Services
from storage import audit
from storage.accounts.absences import Absence
from storage.accounts.users import Role, User
from tests.intake.accounts.people.rows import make_deputy, plant_absence, plant_colleague
from tests.support.building import Clock
from tests.support.threads import run_together

TODAY = "2026-11-24"
Act = Callable[[Services, SignedInUser, SignedInUser], object]


def acts_about(services: Services, user: SignedInUser) -> list[str]:
    with services.database.reading() as session:
        return [event.act for event in audit.of_subject(session, "account", user.id)]


def test_an_absence_is_set_and_audited(services: Services) -> None:
    officer = plant_colleague(services, "Intake officer 1")

    absence_id = absences.set_absence(services, officer, officer.id, TODAY, "2026-12-24")

    with services.database.reading() as session:
        row = session.get_one(Absence, absence_id)
        assert (str(row.first_on), str(row.last_on), row.set_by) == (
            TODAY,
            "2026-12-24",
            officer.id,
        )
    assert acts_about(services, officer) == ["absence.set"]


@pytest.mark.parametrize(
    ("first_on", "last_on", "field"),
    [
        ("2026-12-02", "2026-12-01", "last_on"),
        ("2026-11-01", "2026-11-23", "last_on"),
        ("2026-12-01", "2029-12-01", "last_on"),
        ("0001-01-01", "2026-12-01", "last_on"),
        ("2026-12-01", "9999-12-31", "last_on"),
        ("", "2026-12-01", "first_on"),
        ("2026-02-30", "2026-12-01", "first_on"),
        ("2026-12-01", "' OR 1=1 --", "last_on"),
        ("\u0662\u0660\u0662\u0666-12-01", "2026-12-24", "first_on"),
    ],
)
def test_days_that_cannot_be_are_refused(
    services: Services, first_on: str, last_on: str, field: str
) -> None:
    officer = plant_colleague(services, "Intake officer 1")

    with pytest.raises(AbsenceInvalid) as refused:
        absences.set_absence(services, officer, officer.id, first_on, last_on)

    assert field in refused.value.errors
    assert acts_about(services, officer) == []


@pytest.mark.parametrize(
    ("first_on", "last_on", "overlaps"),
    [
        ("2026-11-28", "2026-11-30", True),
        ("2026-12-10", "2026-12-31", True),
        ("2026-12-03", "2026-12-04", True),
        ("2026-11-25", "2026-12-31", True),
        ("2026-11-25", "2026-11-29", False),
        ("2026-12-11", "2026-12-31", False),
    ],
)
def test_an_absence_never_shares_a_day_with_another(
    services: Services, first_on: str, last_on: str, *, overlaps: bool
) -> None:
    officer = plant_colleague(services, "Intake officer 1")
    plant_absence(services, officer, "2026-11-30", "2026-12-10")

    said = ""
    try:
        absences.set_absence(services, officer, officer.id, first_on, last_on)
    except AbsenceInvalid as refused:
        said = refused.errors["first_on"]

    assert ("30.11.2026 to 10.12.2026" in said) is overlaps


def test_of_two_absences_set_at_once_one_is_set(services: Services) -> None:
    officer = plant_colleague(services, "Intake officer 1")

    done = run_together(3, lambda _number: set_one(services, officer, officer))

    assert len(done.results) == 1
    assert [type(error) for error in done.errors] == [AbsenceInvalid] * 2
    assert acts_about(services, officer) == ["absence.set"]


def test_an_ended_absence_gives_its_days_back(services: Services) -> None:
    officer = plant_colleague(services, "Intake officer 1")
    first = absences.set_absence(services, officer, officer.id, TODAY, "2026-12-24")

    assert absences.end_absence(services, officer, first) == officer.id
    absences.set_absence(services, officer, officer.id, TODAY, TODAY)

    with pytest.raises(Conflict):
        absences.end_absence(services, officer, first)


def test_an_absence_that_is_over_is_not_ended(services: Services, clock: Clock) -> None:
    officer = plant_colleague(services, "Intake officer 1")
    row = absences.set_absence(services, officer, officer.id, TODAY, TODAY)
    clock.advance(timedelta(days=1))

    with pytest.raises(Conflict):
        absences.end_absence(services, officer, row)


def test_a_manager_sets_the_absence_of_who_fell_ill(services: Services) -> None:
    manager = plant_colleague(services, "Programme manager 1", role=Role.MGR)
    officer = plant_colleague(services, "Intake officer 1")
    deputy = plant_colleague(services, "Intake officer 2")

    absences.set_absence(services, manager, officer.id, TODAY, "2026-11-27")
    absences.choose_deputy(services, manager, officer.id, deputy.id)

    with services.database.reading() as session:
        acting = cover.who_acts_for(services, session, officer.id, services.now())
    (shown,) = absence_views.read_absences(services, officer, officer.id).absences
    assert acting.acts_id == deputy.id
    assert shown.set_by == manager.label


def set_one(services: Services, actor: SignedInUser, about: SignedInUser) -> None:
    absences.set_absence(services, actor, about.id, TODAY, TODAY)


def end_one(services: Services, actor: SignedInUser, about: SignedInUser) -> None:
    absences.end_absence(services, actor, plant_absence(services, about, TODAY, TODAY))


def choose_one(services: Services, actor: SignedInUser, about: SignedInUser) -> None:
    absences.choose_deputy(services, actor, about.id, actor.id)


def look(services: Services, actor: SignedInUser, about: SignedInUser) -> None:
    absence_views.read_absences(services, actor, about.id)


@pytest.mark.parametrize("act", [set_one, end_one, choose_one, look])
@pytest.mark.parametrize("role", [role for role in Role if role is not Role.MGR])
def test_nobody_but_a_manager_sets_what_is_a_colleagues(
    services: Services, act: Act, role: Role
) -> None:
    actor = plant_colleague(services, "Somebody 1", role=role)
    officer = plant_colleague(services, "Intake officer 1")

    with pytest.raises(NotFound):
        act(services, actor, officer)

    assert acts_about(services, officer) == []


@pytest.mark.parametrize("act", [set_one, choose_one, look])
def test_coordinators_and_those_who_left_have_no_absences(services: Services, act: Act) -> None:
    manager = plant_colleague(services, "Programme manager 1", role=Role.MGR)
    for changes in ({"role": Role.COORD, "region": "SYD"}, {"disabled_at": services.now()}):
        with pytest.raises(NotFound):
            act(services, manager, plant_colleague(services, "Somebody 1", **changes))


@pytest.mark.parametrize(
    ("changes", "is_possible"),
    [
        ({}, True),
        ({"role": Role.CASEW}, True),
        ({"role": Role.CASH}, False),
        ({"role": Role.MGR}, False),
        ({"disabled_at": "now"}, False),
        ({"password_hash": None}, False),
    ],
)
def test_only_who_does_the_same_work_is_chosen(
    services: Services, changes: dict[str, object], *, is_possible: bool
) -> None:
    officer = plant_colleague(services, "Intake officer 1")
    if changes.get("disabled_at"):
        changes = {"disabled_at": services.now()}
    other = plant_colleague(services, "Somebody 1", **changes)

    errors: dict[str, str] = {}
    try:
        absences.choose_deputy(services, officer, officer.id, other.id)
    except AbsenceInvalid as refused:
        errors = refused.errors

    assert list(errors) == ([] if is_possible else ["deputy"])


def test_nobody_chooses_oneself(services: Services) -> None:
    officer = plant_colleague(services, "Intake officer 1")

    with pytest.raises(AbsenceInvalid) as refused:
        absences.choose_deputy(services, officer, officer.id, officer.id)

    assert "own deputy" in refused.value.errors["deputy"]


def test_a_deputy_can_be_taken_back(services: Services) -> None:
    officer = plant_colleague(services, "Intake officer 1")
    other = plant_colleague(services, "Intake officer 2")
    absences.choose_deputy(services, officer, officer.id, other.id)
    absences.choose_deputy(services, officer, officer.id, other.id)

    absences.choose_deputy(services, officer, officer.id, "")

    with services.database.reading() as session:
        assert session.get_one(User, officer.id).deputy_id is None
    assert acts_about(services, officer) == ["account.deputy_chosen"] * 2


def test_the_first_day_on_which_nobody_acts_is_named(services: Services) -> None:
    officer = plant_colleague(services, "Intake officer 1")
    deputy = plant_colleague(services, "Intake officer 2")
    make_deputy(services, officer, deputy)
    make_deputy(services, deputy, officer)
    plant_absence(services, officer, TODAY, "2026-12-24")
    plant_absence(services, deputy, "2026-12-07", "2026-12-08")

    (shown,) = absence_views.read_absences(services, officer, officer.id).absences

    assert (str(shown.gap_on), shown.why) == ("2026-12-07", Cover.CIRCLE)


def test_a_manager_sees_whom_nobody_covers(services: Services) -> None:
    manager = plant_colleague(services, "Programme manager 1", role=Role.MGR)
    officer = plant_colleague(services, "Intake officer 1")
    plant_absence(services, officer, TODAY, TODAY)

    page = absence_views.read_absences(services, manager, manager.id)

    assert [each.name for each in page.others] == ["Intake officer 1"]
    assert absence_views.count_uncovered(services, manager) == 1
    assert absence_views.count_uncovered(services, officer) == 0
