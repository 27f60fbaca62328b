"""Check acting without a consent: two people, an end, a warning before it, and a way back."""

from datetime import date, timedelta

import pytest

from intake.access import gate
from intake.access.safeguards.four_eyes import FourEyesNeeded, OneHand
from intake.cases.consent import override
from intake.cases.consent.ask import NotGiven, Overridden
from intake.cases.consent.override import (
    AlreadyAsked,
    OverrideInvalid,
    OverrideRequest,
    OverrideState,
)
from intake.core.errors import Conflict, NotFound
from intake.core.services import Services
from storage.accounts import vouches
from storage.accounts.vouches import VouchKind
from storage.cases.cases import Case
from tests.intake.cases.consent.desk import WHY, ConsentDesk, open_desk
from tests.support.building import Clock
from tests.support.people import plant_user


@pytest.fixture
def desk(sqlite_services: Services) -> ConsentDesk:
    desk = open_desk(sqlite_services, "REF-FORM")
    desk.note(answer="refused")
    return desk


def state(desk: ConsentDesk) -> list[OverrideState]:
    with desk.services.database.reading() as session:
        case = session.get_one(Case, desk.waiting.case_id)
        return [each.state for each in override.of_case(desk.services, session, case)]


def tasks(desk: ConsentDesk) -> list[tuple[str, str]]:
    return [
        (item.queue, item.reason)
        for item in desk.waiting.items()
        if item.kind == "vital_interest" and item.closed_at is None
    ]


@pytest.mark.parametrize("role", ["PROT", "MGR"])
def test_two_people_let_a_held_case_go_on(desk: ConsentDesk, role: str) -> None:
    override_id = desk.propose()
    assert (desk.ask(), tasks(desk)) == (NotGiven("no_consent"), [("Q12", "override_proposed")])

    second = plant_user(desk.services, "Second 1", role)
    override.decide(desk.services, second, override_id, is_approved=True)

    assert isinstance(desk.ask(), Overridden)
    assert desk.place() == ("Q2", "consent_overridden")
    assert desk.held() == [("missing", "override")]
    assert tasks(desk) == []
    assert desk.acts("consent.") == ["consent.override_proposed", "consent.override_approved"]


@pytest.mark.parametrize("role", ["INTAKE", "CASEW", "CASH", "HELP", "ADMIN", "DPO", "COORD"])
def test_nobody_else_answers(desk: ConsentDesk, role: str) -> None:
    override_id = desk.propose()
    other = plant_user(desk.services, "Other 1", role)

    with pytest.raises(NotFound):
        override.decide(desk.services, other, override_id, is_approved=True)
    with pytest.raises(NotFound):
        override.list_open(desk.services, other)
    assert state(desk) == [OverrideState.PROPOSED]


def test_who_asked_never_approves_though_their_role_may(desk: ConsentDesk) -> None:
    desk.officer = plant_user(desk.services, "Protection officer 1", "PROT")
    override_id = desk.propose()

    with pytest.raises(FourEyesNeeded):
        override.decide(desk.services, desk.officer, override_id, is_approved=True)

    assert state(desk) == [OverrideState.PROPOSED]


def test_two_accounts_of_one_hand_are_not_two_people(desk: ConsentDesk) -> None:
    override_id = desk.propose()
    second = plant_user(desk.services, "Protection officer 1", "PROT")
    with desk.services.database.transaction() as session:
        vouches.note(session, second.id, desk.officer.id, VouchKind.INVITED, desk.services.now())

    with pytest.raises(OneHand):
        override.decide(desk.services, second, override_id, is_approved=True)


def test_it_says_before_that_it_ends_and_ends_by_itself(desk: ConsentDesk, clock: Clock) -> None:
    override_id = desk.propose(date(2026, 11, 30))
    second = plant_user(desk.services, "Protection officer 1", "PROT")
    override.decide(desk.services, second, override_id, is_approved=True)
    assert override.check_ends(desk.services, clock.now()) == 0

    clock.at = clock.at.replace(day=29)
    assert override.check_ends(desk.services, clock.now()) == 1
    assert override.check_ends(desk.services, clock.now()) == 0
    warned = tasks(desk)
    # The last day is the office's, in Helsinki: 22:00 UTC is its midnight.
    clock.at = clock.at.replace(day=30, hour=21, minute=59)
    last = desk.ask()
    clock.at = clock.at.replace(hour=22, minute=0)

    assert warned == [("Q12", "override_ends")]
    assert isinstance(last, Overridden)
    assert desk.ask() == NotGiven("no_consent")
    assert override.check_ends(desk.services, clock.now()) == 1
    assert override.check_ends(desk.services, clock.now()) == 0
    assert desk.place() == ("Q4", "waits_for_consent")
    assert (state(desk), tasks(desk)) == ([OverrideState.EXPIRED], [])
    assert desk.acts("consent.override_exp") == ["consent.override_expired"]


def test_it_is_withdrawn_at_any_time(desk: ConsentDesk) -> None:
    override_id = desk.propose()
    second = plant_user(desk.services, "Protection officer 1", "PROT")
    override.decide(desk.services, second, override_id, is_approved=True)

    opened = gate.case_to_change(desk.services, desk.officer, desk.reference)
    override.withdraw_in_case(desk.services, opened, override_id)

    assert desk.ask() == NotGiven("no_consent")
    assert desk.place() == ("Q4", "waits_for_consent")
    with pytest.raises(Conflict):
        override.withdraw(desk.services, second, override_id)


def test_the_second_answer_of_a_race_is_refused(desk: ConsentDesk) -> None:
    override_id = desk.propose()
    one, other = (plant_user(desk.services, f"Protection officer {n}", "PROT") for n in (1, 2))
    override.decide(desk.services, one, override_id, is_approved=False)

    with pytest.raises(Conflict):
        override.decide(desk.services, other, override_id, is_approved=True)

    assert state(desk) == [OverrideState.REFUSED]


def test_a_request_lapses_after_three_days(desk: ConsentDesk, clock: Clock) -> None:
    override_id = desk.propose()
    second = plant_user(desk.services, "Protection officer 1", "PROT")
    clock.advance(timedelta(hours=72))

    with pytest.raises(Conflict):
        override.decide(desk.services, second, override_id, is_approved=True)

    assert state(desk) == [OverrideState.LAPSED]
    assert desk.propose() != override_id


def test_the_task_about_a_request_ends_when_nobody_answered_in_time(
    desk: ConsentDesk, clock: Clock
) -> None:
    desk.propose()
    clock.advance(timedelta(hours=71))
    assert override.check_ends(desk.services, clock.now()) == 0
    waited = tasks(desk)
    clock.advance(timedelta(hours=1))

    assert override.check_ends(desk.services, clock.now()) == 1
    assert override.check_ends(desk.services, clock.now()) == 0

    assert waited == [("Q12", "override_proposed")]
    assert tasks(desk) == []
    assert desk.acts("consent.override_lapsed") == ["consent.override_lapsed"]
    assert desk.place() == ("Q4", "waits_for_consent")


def test_the_same_is_not_asked_for_twice(desk: ConsentDesk) -> None:
    desk.propose()

    with pytest.raises(AlreadyAsked):
        desk.propose()


def test_nothing_is_approved_in_a_stopped_case(desk: ConsentDesk) -> None:
    override_id = desk.propose()
    desk.stop()
    second = plant_user(desk.services, "Protection officer 1", "PROT")

    with pytest.raises(Conflict):
        override.decide(desk.services, second, override_id, is_approved=True)
    with pytest.raises(Conflict):
        desk.propose(purpose="health", recipient="health")


@pytest.mark.parametrize(
    ("asked", "fault"),
    [
        (OverrideRequest("referral", "iom_finland", "short", date(2026, 11, 30)), "reason"),
        (OverrideRequest("referral", "iom_finland", WHY, None), "ends_on"),
        (OverrideRequest("referral", "iom_finland", WHY, date(2026, 11, 23)), "ends_on"),
        (OverrideRequest("referral", "iom_finland", WHY, date(2026, 12, 25)), "ends_on"),
        (OverrideRequest("referral", "iom_finland", WHY, date(9999, 12, 31)), "ends_on"),
        (OverrideRequest("reporting", "ngo", WHY, date(2026, 11, 30)), "what"),
        (OverrideRequest("", "", "x" * 5000, None), "what"),
    ],
)
def test_an_impossible_request_says_why(
    desk: ConsentDesk, asked: OverrideRequest, fault: str
) -> None:
    opened = gate.case_to_change(desk.services, desk.officer, desk.reference)

    with pytest.raises(OverrideInvalid) as refused:
        override.propose(desk.services, opened, asked)

    assert fault in refused.value.errors
    assert state(desk) == []
