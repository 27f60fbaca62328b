"""Check that a warning which reaches nobody is never silent, and who is called in emergencies."""

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from intake.core.services import Services
from intake.duty import board, warn
from intake.oversight.health import check_health
from intake.queues.escalation import list_escalated
from storage.submissions.due_warnings import HookCall
from storage.submissions.queue_items import Queue
from tests.intake.accounts.people.rows import plant_absence, plant_colleague
from tests.intake.duty.lists import TELEPHONE, put_in_force, shift
from tests.intake.duty.waiting_items import (
    BEGAN,
    FOUR_FIFTHS,
    HALF,
    TEXTS,
    finish,
    gaps,
    give_address,
    mails,
    plant,
    see,
    warnings_of,
)
from tests.support.building import Clock
from tests.support.people import plant_user


def test_who_is_away_without_a_deputy_is_a_managers_task(
    services: Services, clock: Clock, item_id: str
) -> None:
    officer = plant_colleague(services, "Intake officer 7")
    plant_absence(services, officer, "2026-11-24", "2026-11-27")
    put_in_force(services, shift(account="Intake officer 7", mail="seven@office.example"))
    clock.at = HALF

    warn.give_warnings(services, TEXTS, clock.now())

    assert mails(services) == []
    assert [gap.reason for gap in gaps(services)] == ["nobody_acts_on_duty"]


@pytest.mark.parametrize(
    ("shifts", "reason"),
    [
        (None, "no_duty_list"),
        ([], "no_duty_list"),
        ([{"days": ["sat"]}], "nobody_on_duty"),
        ([{"from": "08:00", "to": "12:00"}], "nobody_on_duty"),
        ([{"programmes": ["cash"]}], "nobody_on_duty"),
        ([{"account": "Nobody 1", "mail": ""}], "nobody_acts_on_duty"),
        ([{"mail": "noreply@localhost"}], "warning_not_mailed"),
    ],
)
def test_a_list_with_holes_is_never_silent(
    services: Services,
    clock: Clock,
    item_id: str,
    shifts: list[dict[str, object]] | None,
    reason: str,
) -> None:
    manager = plant_user(services, "Manager 1", "MGR")
    if shifts is not None:
        put_in_force(services, *(shift(**each) for each in shifts))
    other = plant(services)
    clock.at = HALF

    assert warn.give_warnings(services, TEXTS, clock.now()) == 2

    (gap,) = gaps(services)
    assert (gap.reason, gap.task_id in {item_id, other}) == (reason, True)
    assert list_escalated(services, manager) == ()
    (shown,) = board.read_board(services, manager).gaps
    assert (shown.item_id, shown.reason) == (gap.id, reason)
    # And it is warned of no second time about itself.
    clock.at = gap.due_at - timedelta(minutes=1)
    warn.give_warnings(services, TEXTS, clock.now())
    assert warnings_of(services, gap.id) == []


def test_a_list_that_was_mended_closes_the_task(
    services: Services, clock: Clock, item_id: str
) -> None:
    clock.at = HALF
    warn.give_warnings(services, TEXTS, clock.now())
    assert len(gaps(services)) == 1
    put_in_force(services, shift())

    warn.give_warnings(services, TEXTS, clock.now())

    assert gaps(services) == []


def test_a_manager_is_mailed_where_nobody_else_is_told(
    services: Services, clock: Clock, item_id: str
) -> None:
    manager = plant_colleague(services, "Manager 1", role="MGR")
    give_address(services, manager.id, "manager@office.example")
    plant(services)
    clock.at = HALF
    warn.give_warnings(services, TEXTS, clock.now())
    clock.at = FOUR_FIFTHS
    warn.give_warnings(services, TEXTS, clock.now())

    ((address, text, _state),) = mails(services)

    assert address == "manager@office.example"
    assert "Nobody on the duty list could be told of it" in text
    assert [row.mails for row in warnings_of(services, item_id)] == [0, 0]


def test_of_each_emergency_that_nobody_opened_managers_are_mailed(
    services: Services, clock: Clock
) -> None:
    manager = plant_colleague(services, "Manager 1", role="MGR")
    give_address(services, manager.id, "manager@office.example")
    clock.at = BEGAN
    due = BEGAN + timedelta(hours=2)
    for _ in range(2):
        plant(services, queue=Queue.EMERGENCY, priority="emergency", due_at=due)
    clock.at = BEGAN + timedelta(minutes=31)

    warn.give_warnings(services, TEXTS, clock.now())

    assert [address for address, *_ in mails(services)] == ["manager@office.example"] * 2


@pytest.mark.parametrize("minutes", [45, 240])
def test_who_comes_on_duty_is_told_of_the_emergency_that_nobody_heard_of(
    services: Services, clock: Clock, minutes: int
) -> None:
    officer = plant_user(services)
    clock.at = BEGAN
    due = BEGAN + timedelta(hours=2)
    item_id, seen, done = (
        plant(services, queue=Queue.EMERGENCY, priority="emergency", due_at=due) for _ in range(3)
    )
    clock.at = BEGAN + timedelta(minutes=31)
    put_in_force(services, shift(**{"from": "10:40"}))
    warn.give_warnings(services, TEXTS, clock.now())
    assert (mails(services), [gap.reason for gap in gaps(services)]) == ([], ["nobody_on_duty"])
    see(services, seen, officer.id)
    finish(services, done)

    given = []
    for later in (minutes, minutes + 1):
        clock.at = BEGAN + timedelta(minutes=later)
        given.append(warn.give_warnings(services, TEXTS, clock.now()))

    ((address, text, _state),) = mails(services)
    assert (address, given[1]) == ("duty@office.example", 0)
    assert "Nobody has opened it since" in text
    assert gaps(services) == []
    assert [row.mails for row in warnings_of(services, item_id) if row.step == "unseen"] == [1]


def test_what_was_due_meanwhile_is_told_as_late(
    services: Services, clock: Clock, item_id: str
) -> None:
    put_in_force(services, shift(days=["wed"]))
    clock.at = FOUR_FIFTHS
    warn.give_warnings(services, TEXTS, clock.now())
    assert mails(services) == []
    clock.at = BEGAN + timedelta(days=1)

    warn.give_warnings(services, TEXTS, clock.now())
    warn.give_warnings(services, TEXTS, clock.now())

    ((address, text, _state),) = mails(services)
    assert address == "duty@office.example"
    assert "It was due by 24 November 2026, 16:00" in text


@pytest.mark.parametrize(
    ("queue", "priority"),
    [
        (Queue.EMERGENCY, "unknown"),
        (Queue.MAIL_TO_MATCH, "emergency"),
        (Queue.ENQUIRIES, "emergency"),
    ],
)
def test_an_emergency_unseen_for_half_an_hour_goes_to_the_telephones(
    services: Services, clock: Clock, queue: Queue, priority: str
) -> None:
    officer = plant_user(services)
    clock.at = BEGAN
    due = BEGAN + timedelta(hours=2)
    item_id = plant(services, queue=queue, priority=priority, due_at=due)
    put_in_force(services, shift(), webhook="https://hooks.example/duty")
    services = replace(services, settings=replace(services.settings, webhook_secret_file=Path("x")))
    given = []
    for minutes in (29, 30, 45):
        clock.at = BEGAN + timedelta(minutes=minutes)
        given.append(warn.give_warnings(services, TEXTS, clock.now()))

    assert given == [0, 1, 0]
    assert [row.step for row in warnings_of(services, item_id)] == ["unseen"]
    ((_, text, _),) = mails(services)
    assert "Nobody has opened it since 24 November 2026, 10:00" in text
    with services.database.reading() as session:
        (call,) = session.scalars(select(HookCall)).all()
    assert set(json.loads(call.body)) == {"reference", "queue", "step", "due_at"}
    (shown,) = board.read_board(services, officer).unseen
    assert [phone.number for phone in shown.telephones] == [TELEPHONE["number"]]

    see(services, item_id, officer.id)
    assert board.read_board(services, officer).unseen == ()


@pytest.mark.parametrize(
    ("queue", "priority"), [(Queue.ON_HOLD, "emergency"), (Queue.MAIL_TO_MATCH, "unknown")]
)
def test_what_is_held_or_no_emergency_rings_no_telephone(
    services: Services, clock: Clock, queue: Queue, priority: str
) -> None:
    clock.at = BEGAN
    due = BEGAN + timedelta(hours=2)
    item_id = plant(services, queue=queue, priority=priority, due_at=due)
    put_in_force(services, shift())
    clock.at = BEGAN + timedelta(minutes=45)

    warn.give_warnings(services, TEXTS, clock.now())

    assert "unseen" not in [row.step for row in warnings_of(services, item_id)]


def test_an_emergency_that_was_opened_is_left_to_its_officer(
    services: Services, clock: Clock
) -> None:
    officer = plant_user(services)
    clock.at = BEGAN
    item_id = plant(services, queue=Queue.EMERGENCY, due_at=BEGAN + timedelta(hours=2))
    put_in_force(services, shift())
    see(services, item_id, officer.id)
    clock.at = BEGAN + timedelta(minutes=40)

    assert warn.give_warnings(services, TEXTS, clock.now()) == 0


def test_an_emergency_without_a_telephone_is_a_managers_task(
    services: Services, clock: Clock
) -> None:
    clock.at = BEGAN
    plant(services, queue=Queue.EMERGENCY, due_at=BEGAN + timedelta(hours=2))
    put_in_force(services, shift(), telephones=[])
    clock.at = BEGAN + timedelta(minutes=31)

    warn.give_warnings(services, TEXTS, clock.now())

    assert [gap.reason for gap in gaps(services)] == ["no_duty_telephone"]


@pytest.mark.parametrize(
    ("settings", "url", "reason"),
    [
        ({"webhook_secret_file": None}, "https://hooks.example/duty", "hook_not_signed"),
        (
            {"webhook_secret_file": Path("x"), "env": "production"},
            "http://h.test/",
            "hook_not_https",
        ),
    ],
)
def test_a_webhook_that_may_not_be_called_is_a_managers_task(
    services: Services,
    clock: Clock,
    item_id: str,
    settings: dict[str, object],
    url: str,
    reason: str,
) -> None:
    put_in_force(services, shift(), webhook=url)
    services = replace(services, settings=replace(services.settings, **settings))  # type: ignore[arg-type] # fields of the settings
    clock.at = HALF

    warn.give_warnings(services, TEXTS, clock.now())

    with services.database.reading() as session:
        assert session.scalars(select(HookCall)).all() == []
    assert [gap.reason for gap in gaps(services)] == [reason]


def duty_health(services: Services) -> tuple[str, str]:
    """Return how the check of the duty list stands, and its sentence."""
    (found,) = [check for check in check_health(services).checks if check.name == "duty"]
    return found.status, found.detail


def test_health_says_what_is_wrong_with_the_list(
    services: Services, clock: Clock, item_id: str
) -> None:
    assert duty_health(services)[1].startswith("No duty list is in force")
    put_in_force(services, shift(days=["mon", "tue", "wed", "thu"]))
    assert duty_health(services) == ("degraded", "Nobody is on duty at a time of the next week.")
    put_in_force(services, shift(), telephones=[])
    assert "no telephone" in duty_health(services)[1]
    put_in_force(services, shift(account="Nobody 1", mail=""))
    assert "nobody acts for them" in duty_health(services)[1]
    clock.at = HALF
    warn.give_warnings(services, TEXTS, clock.now())
    assert duty_health(services)[1].startswith("A warning reached nobody")

    put_in_force(services, shift())
    warn.give_warnings(services, TEXTS, clock.now())

    assert duty_health(services)[0] == "ok"
