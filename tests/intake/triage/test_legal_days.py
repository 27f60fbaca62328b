"""Check the task about a legal day of a case in which nothing waits for a decision."""

from datetime import date, timedelta

import pytest

from intake.access import gate
from intake.accounts.accounts import SignedInUser
from intake.cases import withdrawal
from intake.cases.legal_dates import raise_near_items
from intake.core.services import Services
from intake.queues.task_outcomes import Outcome
from intake.triage.endings.do_task import TaskReport, do_task
from intake.triage.endings.without_paper import ClosedWithout, confirm_without_paper
from intake.triage.legal_days import open_near
from storage.cases.legal_dates import LegalDate
from storage.submissions import task_outcomes
from storage.submissions.queue_items import QueueItem
from storage.submissions.submissions import Submission
from tests.intake.correspondence.conversations import TEXTS
from tests.support.building import Clock
from tests.support.people import plant_user
from tests.support.waiting import Waiting, seed_waiting


@pytest.fixture
def waiting(sqlite_services: Services) -> Waiting:
    """Give a case whose referral waits."""
    return seed_waiting(sqlite_services)


@pytest.fixture
def officer(waiting: Waiting) -> SignedInUser:
    """Give an officer who has decided about the referral."""
    officer = plant_user(waiting.services)
    decide(waiting, officer)
    return officer


def decide(waiting: Waiting, officer: SignedInUser) -> None:
    with waiting.services.database.reading() as session:
        reference = session.get_one(Submission, waiting.submission_id).reference
    opened = gate.submission_to_change(waiting.services, officer, reference)
    confirm_without_paper(waiting.services, opened, ClosedWithout.INTERNAL)


def tasks(waiting: Waiting) -> list[QueueItem]:
    return [item for item in waiting.items() if item.kind == "legal_day" and item.closed_at is None]


def shown(waiting: Waiting) -> list[tuple[str, str, str]]:
    return [(item.queue, item.priority, item.reason) for item in tasks(waiting)]


def on(waiting: Waiting, days: int) -> date:
    return waiting.services.now().date() + timedelta(days=days)


def do(waiting: Waiting, officer: SignedInUser) -> None:
    (item,) = tasks(waiting)
    with waiting.services.database.reading() as session:
        newest = task_outcomes.newest_of_item(session, item.id)
    seen = newest.id if newest is not None else ""
    report = TaskReport(Outcome.SEEN_TO, "The lawyer has it.", seen_outcome=seen)
    opened = gate.task_to_do(waiting.services, officer, item.id)
    do_task(waiting.services, TEXTS, opened, report)


def test_it_is_opened_at_each_warning_and_once(
    waiting: Waiting, officer: SignedInUser, clock: Clock
) -> None:
    waiting.date("trial", on(waiting, 16))
    opened = []
    for _day in range(18):
        now = clock.now()
        if open_near(waiting.services, now):
            opened.append(((now.date() - date(2026, 11, 24)).days, shown(waiting)))
            do(waiting, officer)
        assert open_near(waiting.services, now) == 0
        clock.advance(timedelta(days=1))

    task = [("Q2", "normal", "legal_date_near")]
    assert opened == [(2, task), (9, task), (13, task)]


def test_what_makes_an_emergency_stands_among_these(
    waiting: Waiting, officer: SignedInUser, clock: Clock
) -> None:
    waiting.date("reflection_end", on(waiting, 6))
    assert open_near(waiting.services, clock.now()) == 1
    first = shown(waiting)
    clock.advance(timedelta(days=1))

    assert open_near(waiting.services, clock.now()) == 1
    assert open_near(waiting.services, clock.now()) == 0

    assert first == [("Q2", "normal", "legal_date_near")]
    assert shown(waiting) == [("Q1", "emergency", "legal_date_near")]
    (item,) = tasks(waiting)
    assert item.due_at == clock.now() + timedelta(hours=2)


def test_a_submission_that_waits_is_raised_instead(waiting: Waiting, clock: Clock) -> None:
    waiting.date("trial", on(waiting, 3))

    assert open_near(waiting.services, clock.now()) == 0
    assert raise_near_items(waiting.services, clock.now()) == 1


def test_it_ends_with_the_day_and_with_the_stop(sqlite_services: Services, clock: Clock) -> None:
    removed, stopped = seed_waiting(sqlite_services), seed_waiting(sqlite_services)
    officer = plant_user(sqlite_services)
    for each in (removed, stopped):
        decide(each, officer)
        each.date("trial", on(each, 3))
    assert open_near(sqlite_services, clock.now()) == 2

    with sqlite_services.database.transaction() as session:
        session.query(LegalDate).filter_by(
            submission_id=removed.submission_id
        ).one().ended_at = clock.now()
    opened = gate.case_to_change(sqlite_services, officer, stopped.case().reference)
    withdrawal.stop_case(sqlite_services, opened)
    open_near(sqlite_services, clock.now())

    assert tasks(removed) == tasks(stopped) == []


def test_another_day_that_is_noted_later_is_told_of_too(
    waiting: Waiting, officer: SignedInUser, clock: Clock
) -> None:
    waiting.date("trial", on(waiting, 13))
    open_near(waiting.services, clock.now())
    do(waiting, officer)
    clock.advance(timedelta(hours=1))

    waiting.date("removal", on(waiting, 12))

    assert open_near(waiting.services, clock.now()) == 1
    assert len(tasks(waiting)) == 1


def test_neither_the_day_nor_the_warning_is_told_by_its_history(
    waiting: Waiting, officer: SignedInUser, clock: Clock
) -> None:
    date_id = waiting.date("trial", on(waiting, 3))
    open_near(waiting.services, clock.now())

    (event,) = waiting.events(("case", waiting.case_id), "item.raised")

    assert event.detail["date"] == date_id
    assert on(waiting, 3).isoformat() not in str(event.detail)
