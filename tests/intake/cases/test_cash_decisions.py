"""Checking cash decisions with the lists that ship and those that the office approves."""

from datetime import date, timedelta
from typing import Any

import pytest

from intake.cases.cash_checks import AmountCheck, Answer, CashChecks, Obstacle
from intake.cases.cash_decisions import check_decision
from intake.core.services import Services
from intake.reference_data import editions
from intake.reference_data.edition_drafts import EditionDraft
from storage.base import new_id
from storage.cases import cash_decisions
from storage.cases.cash_decisions import CashDecision
from storage.editions import EditionKind
from tests.support.building import Clock
from tests.support.people import plant_user
from tests.support.rows import Planter


def decide(services: Services, **changes: Any) -> str:
    """Note a decision and return its submission's id."""
    with services.database.transaction() as session:
        submission = Planter(session, services.keyring, services.now()).submission(programme="cash")
        fields: dict[str, Any] = {
            "id": new_id(),
            "submission_id": submission.id,
            "country": "AFG",
            "decided_on": date(2021, 5, 3),
            "adults": 2,
            "children": 3,
            "amount_sek": 75_000,
            "confirmed_by": "officer",
            "confirmed_at": services.now(),
        }
        session.add(CashDecision(**(fields | changes)))
        return submission.id


def look(services: Services, submission_id: str) -> CashChecks:
    with services.database.reading() as session:
        (row,) = cash_decisions.of_submission(session, submission_id)
        return check_decision(services, session, row)


def approve(services: Services, code: str, *countries: str, valid_from: date) -> None:
    proposal = EditionDraft(
        kind=EditionKind.COUNTRIES,
        code=code,
        language="",
        valid_from=valid_from,
        valid_to=None,
        content={"source": "A test", "countries": list(countries)},
        note="The list has changed.",
    )
    officer = plant_user(services, "Cash officer 1", "CASH")
    manager = plant_user(services, "Manager 1", "MGR")
    editions.approve_edition(
        services, manager, editions.propose_edition(services, officer, proposal)
    )


def test_scenario_8_a_decision_stands_though_the_list_changed_since(
    sqlite_services: Services, clock: Clock
) -> None:
    decided = decide(sqlite_services)
    before = look(sqlite_services, decided)
    clock.advance(timedelta(days=1))
    approve(sqlite_services, "agency_eligible", "IRQ", valid_from=date(2026, 11, 1))

    after = look(sqlite_services, decided)

    assert (before.is_valid, before.list_changed_since) == (True, False)
    assert (after.is_valid, after.list_changed_since) == (True, True)
    # Another question, another list: IOM cannot pay there, and says so.
    assert after.is_payable is Answer.NO
    assert after.obstacles == (Obstacle.NOT_PAYABLE_TODAY,)


def test_a_list_approved_for_days_gone_by_alters_no_decided_case(
    sqlite_services: Services, clock: Clock
) -> None:
    decided = decide(sqlite_services)
    clock.advance(timedelta(days=1))
    approve(sqlite_services, "agency_eligible", "IRQ", valid_from=date(2021, 1, 1))
    clock.advance(timedelta(days=1))
    later = decide(sqlite_services)

    assert look(sqlite_services, decided).is_valid
    assert look(sqlite_services, later).was_eligible is Answer.NO


def test_a_country_becomes_payable_on_the_day_of_its_list(
    sqlite_services: Services, clock: Clock
) -> None:
    decided = decide(sqlite_services)
    approve(sqlite_services, "iom_payable", "AFG", valid_from=date(2026, 11, 26))

    today = look(sqlite_services, decided).is_payable
    clock.advance(timedelta(days=2))

    assert (today, look(sqlite_services, decided).is_payable) == (Answer.NO, Answer.YES)


@pytest.mark.parametrize(
    ("amount", "check", "is_flagged"),
    [(75_000, AmountCheck.SAME, False), (60_000, AmountCheck.DIFFERS, True)],
)
def test_scenario_9_the_calculator_informs_and_the_decision_wins(
    sqlite_services: Services, amount: int, check: AmountCheck, is_flagged: bool
) -> None:
    found = look(sqlite_services, decide(sqlite_services, country="IRQ", amount_sek=amount))

    assert found.calculated is not None
    assert (found.calculated.uncapped_sek, found.calculated.amount_sek) == (105_000, 75_000)
    assert (found.amount_check, found.amount_sek) == (check, amount)
    assert (Obstacle.AMOUNT_DIFFERS in found.obstacles) is is_flagged


@pytest.mark.parametrize(
    ("country", "day", "answer"),
    [
        ("SYR", date(2022, 12, 31), Answer.YES),
        ("SYR", date(2023, 1, 1), Answer.NO),
        ("NGA", date(2021, 3, 18), Answer.NO),
        ("NGA", date(2024, 6, 1), Answer.YES),
        ("IRQ", date(2015, 12, 31), Answer.NO_RULE),
    ],
)
def test_the_shipped_lists_are_read_by_their_days(
    sqlite_services: Services, country: str, day: date, answer: Answer
) -> None:
    decided = decide(sqlite_services, country=country, decided_on=day)

    assert look(sqlite_services, decided).was_eligible is answer
