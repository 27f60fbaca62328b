"""Check warnings: before the breach, once each, to who is on duty, and never in silence."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from intake.core.services import Services
from intake.duty import warn
from intake.outbox.post import keep_back, refusal_to_leave
from storage.cases.cases import Case, CaseState
from storage.database import Session
from storage.mail.outbox import MessageState, OutboxMessage
from storage.submissions import queue_items
from storage.submissions.due_warnings import HookCall
from storage.submissions.queue_items import QueueItem
from storage.submissions.submissions import Submission
from tests.intake.accounts.people.rows import make_deputy, plant_absence, plant_colleague
from tests.intake.duty.lists import put_in_force, shift
from tests.intake.duty.waiting_items import (
    BEGAN,
    DUE,
    FOUR_FIFTHS,
    HALF,
    TEXTS,
    gaps,
    give_address,
    mails,
    warnings_of,
)
from tests.support.building import Clock
from tests.support.threads import run_together


def test_both_warnings_are_given_in_time_and_once(
    services: Services, clock: Clock, item_id: str
) -> None:
    put_in_force(services, shift())
    given = []
    for at in (BEGAN, HALF - timedelta(minutes=1), HALF, HALF, FOUR_FIFTHS, DUE, DUE):
        clock.at = at
        given.append(warn.give_warnings(services, TEXTS, at))

    assert given == [0, 0, 1, 0, 1, 0, 0]
    assert [row.step for row in warnings_of(services, item_id)] == ["half", "four_fifths"]
    assert [address for address, _, _ in mails(services)] == ["duty@office.example"] * 2
    assert gaps(services) == []


def test_a_warning_says_reference_queue_and_time_alone(
    services: Services, clock: Clock, item_id: str
) -> None:
    put_in_force(services, shift())
    with services.database.reading() as session:
        item = session.get_one(QueueItem, item_id)
        reference = session.get_one(Submission, item.submission_id).reference
    clock.at = HALF

    warn.give_warnings(services, TEXTS, clock.now())

    ((_, text, _),) = mails(services)
    words = text.partition("\r\n\r\n")[2]
    assert f"Reference {reference}, queue Q2." in words
    assert "24 November 2026, 16:00" in words
    for word in ("referral", "coordinator", "trafficking", "STHLM", "emergency"):
        assert word not in text.lower()


def test_a_clock_that_is_set_back_repeats_nothing(
    services: Services, clock: Clock, item_id: str
) -> None:
    put_in_force(services, shift())
    given = []
    for at in (FOUR_FIFTHS, BEGAN, HALF, FOUR_FIFTHS):
        clock.at = at
        given.append(warn.give_warnings(services, TEXTS, at))

    assert given == [1, 0, 0, 0]
    assert [(row.step, row.overtaken) for row in warnings_of(services, item_id)] == [
        ("four_fifths", False),
        ("half", True),
    ]
    assert len(mails(services)) == 1


def test_several_workers_give_each_warning_once(
    services: Services, clock: Clock, item_id: str
) -> None:
    put_in_force(services, shift())
    clock.at = HALF

    outcome = run_together(4, lambda _: warn.give_warnings(services, TEXTS, clock.now()))

    assert sum(outcome.results) == 1
    assert outcome.errors == []
    assert len(mails(services)) == 1
    assert [row.step for row in warnings_of(services, item_id)] == ["half"]


class _Died(BaseException):
    """The process ends here."""


def test_a_process_that_dies_before_it_is_written_gives_it_once_afterwards(
    services: Services, clock: Clock, item_id: str
) -> None:
    put_in_force(services, shift(), webhook="https://hooks.example/duty")
    clock.at = HALF
    dying = replace(services, database=_DyingDatabase(services, after=1))  # type: ignore[arg-type] # a stand-in that dies at its commit

    with pytest.raises(_Died):
        warn.give_warnings(dying, TEXTS, clock.now())
    assert mails(services) == []
    assert warnings_of(services, item_id) == []

    assert warn.give_warnings(services, TEXTS, clock.now()) == 1
    assert len(mails(services)) == 1
    assert warn.give_warnings(services, TEXTS, clock.now()) == 0


class _DyingDatabase:
    """A database whose writing process dies just before the commit of its nth transaction."""

    def __init__(self, services: Services, after: int) -> None:
        self._database = services.database
        self._left = after
        self.reading = services.database.reading

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        self._left -= 1
        with self._database.transaction() as session:
            yield session
            if self._left == 0:
                raise _Died


def test_what_is_finished_is_warned_of_no_more(
    services: Services, clock: Clock, item_id: str
) -> None:
    put_in_force(services, shift())
    clock.at = HALF
    warn.give_warnings(services, TEXTS, clock.now())
    with services.database.transaction() as session:
        item = session.get_one(QueueItem, item_id)
        queue_items.close_all(session, item.submission_id or "", clock.now())
        row = session.scalars(select(OutboxMessage).where(OutboxMessage.task_id == item_id)).one()
        assert refusal_to_leave(services, session, row) == "finished"
        assert keep_back(services, session, row) == "finished"
    clock.at = FOUR_FIFTHS

    assert warn.give_warnings(services, TEXTS, clock.now()) == 0
    assert [state for _, _, state in mails(services)] == [MessageState.SUPPRESSED]


def test_one_that_waits_anew_is_warned_of_anew(
    services: Services, clock: Clock, item_id: str
) -> None:
    put_in_force(services, shift())
    clock.at = FOUR_FIFTHS
    warn.give_warnings(services, TEXTS, clock.now())
    with services.database.transaction() as session:
        item = session.get_one(QueueItem, item_id)
        item.opened_at, item.due_at = FOUR_FIFTHS, FOUR_FIFTHS + timedelta(days=1)
    clock.at = FOUR_FIFTHS + timedelta(hours=22)

    assert warn.give_warnings(services, TEXTS, clock.now()) == 1
    assert len(mails(services)) == 2


def test_nothing_leaves_when_the_person_withdrew(
    services: Services, clock: Clock, item_id: str
) -> None:
    put_in_force(services, shift(), webhook="https://hooks.example/duty")
    with services.database.transaction() as session:
        item = session.get_one(QueueItem, item_id)
        case_id = session.get_one(Submission, item.submission_id).case_id
        session.get_one(Case, case_id).state = CaseState.WITHDRAWN
    clock.at = HALF

    warn.give_warnings(services, TEXTS, clock.now())

    assert mails(services) == [("", "person_withdrew", "suppressed")]
    with services.database.reading() as session:
        assert session.scalars(select(HookCall)).all() == []
    assert gaps(services) == []


def test_the_deputy_of_who_is_away_is_warned(
    services: Services, clock: Clock, item_id: str
) -> None:
    officer = plant_colleague(services, "Intake officer 7", email_hash="a" * 64)
    deputy = plant_colleague(services, "Intake officer 8", email_hash="b" * 64)
    give_address(services, officer.id, "seven@office.example")
    give_address(services, deputy.id, "eight@office.example")
    make_deputy(services, officer, deputy)
    put_in_force(services, shift(account="Intake officer 7", mail=""))
    clock.at = HALF
    warn.give_warnings(services, TEXTS, clock.now())
    plant_absence(services, officer, "2026-11-24", "2026-11-27")
    clock.at = FOUR_FIFTHS
    warn.give_warnings(services, TEXTS, clock.now())

    assert [address for address, _, _ in mails(services)] == [
        "seven@office.example",
        "eight@office.example",
    ]
