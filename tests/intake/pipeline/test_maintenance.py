"""Check what a worker's maintenance does by the clock, on the real database."""

import threading
from datetime import timedelta

import pytest

from intake.accounts import administration
from intake.pipeline.maintenance import Maintenance
from storage import audit
from storage.accounts.users import User
from storage.cases.cases import Case
from storage.submissions.queue_items import QueueItem
from tests.support.building import Clock
from tests.support.desk import Desk
from tests.support.people import plant_user
from tests.support.rows import Planter

pytestmark = pytest.mark.components


class NoWorkflows:
    """An engine in which nothing waits; the clocks ask nothing of it."""

    def enqueue_again(self, submission_id: str, round_name: str) -> bool:
        """Start nothing."""
        return False

    def enqueue_copies(self, submission_id: str) -> None:
        """Start nothing."""

    def unfinished(self, executor_ids: list[str] | None = None) -> list[str]:
        """Know of nothing."""
        return []

    def resume(self, workflow_ids: list[str]) -> None:
        """Have nothing to go on with."""

    def cancel(self, workflow_ids: list[str]) -> None:
        """Have nothing to cancel."""


def a_minute_passes(desk: Desk) -> None:
    """Let a new worker do what it does each minute."""
    Maintenance(
        desk.worker_services, NoWorkflows(), "worker:1", threading.Event()
    )._check_due_times()


def test_an_account_that_ends_lets_go_of_its_work_once(desk: Desk, clock: Clock) -> None:
    services = desk.services
    caseworker = plant_user(services, "Caseworker 1", "CASEW")
    with services.database.transaction() as session:
        session.get_one(User, caseworker.id).expires_at = clock.now() + timedelta(days=1)
        planter = Planter(session, services.keyring, clock.now())
        case = planter.case(owner_id=caseworker.id, state="CONFIRMED")
        submission = planter.submission(case_id=case.id)
        item = planter.item(submission, claimed_by=caseworker.id, claimed_at=clock.now())

    a_minute_passes(desk)
    with services.database.reading() as session:
        assert session.get_one(Case, case.id).owner_id == caseworker.id
    clock.advance(timedelta(days=1))
    a_minute_passes(desk)
    a_minute_passes(desk)

    with services.database.reading() as session:
        assert session.get_one(Case, case.id).owner_id is None
        assert session.get_one(QueueItem, item.id).claimed_by is None
        handed = audit.of_subject(session, "case", case.id)
        released = audit.of_subject(session, "submission", submission.id)
    assert [(each.act, each.actor) for each in handed] == [("case.handed_over", "system:intake")]
    assert handed[0].detail == {"from": caseworker.id, "to": None, "reason": "leaves_office"}
    assert [each.act for each in released].count("item.released") == 1


def test_an_account_that_was_renewed_in_time_keeps_its_work(desk: Desk, clock: Clock) -> None:
    services = desk.services
    admin = plant_user(services, "Administrator 1", "ADMIN")
    caseworker = plant_user(services, "Caseworker 1", "CASEW")
    with services.database.transaction() as session:
        session.get_one(User, caseworker.id).expires_at = clock.now() + timedelta(days=1)
        planter = Planter(session, services.keyring, clock.now())
        case = planter.case(owner_id=caseworker.id, state="CONFIRMED")

    administration.renew_account(services, admin, caseworker.id)
    clock.advance(timedelta(days=1))
    a_minute_passes(desk)

    with services.database.reading() as session:
        assert session.get_one(Case, case.id).owner_id == caseworker.id
