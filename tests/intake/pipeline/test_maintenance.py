"""Check what a worker's maintenance does by the clock, on the real database."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from intake.accounts import administration
from intake.pipeline.maintenance import do_what_is_due
from storage import audit
from storage.accounts.users import User
from storage.audit_acts import Act
from storage.cases.cases import Case
from storage.submissions.queue_items import QueueItem, TaskKind
from storage.submissions.submissions import Submission, SubmissionState
from tests.intake.cases.consent.desk import open_desk
from tests.support.building import Clock
from tests.support.desk import Desk
from tests.support.people import plant_user
from tests.support.rows import Planter
from tests.support.waiting import NEEDED, seed_waiting

pytestmark = pytest.mark.components
RUBBISH = {"rubbish": b"not sealed"}


def a_minute_passes(desk: Desk) -> None:
    """Let a worker do what it does each minute."""
    do_what_is_due(desk.worker_services)


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


def test_one_row_that_cannot_be_read_keeps_nothing_else_from_being_done(
    desk: Desk, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    services = desk.services
    caseworker = plant_user(services, "Caseworker 1", "CASEW")
    referral = open_desk(services, "REF-FORM")
    referral.note(expires_on=clock.now().date().isoformat())
    with services.database.transaction() as session:
        session.execute(text("UPDATE case_consents SET sealed_expires_on = :rubbish"), RUBBISH)
        session.get_one(User, caseworker.id).expires_at = clock.now() + timedelta(days=1)
        planter = Planter(session, services.keyring, clock.now())
        case = planter.case(owner_id=caseworker.id, state="CONFIRMED")
    clock.advance(timedelta(days=1))

    a_minute_passes(desk)

    with services.database.reading() as session:
        assert session.get_one(Case, case.id).owner_id is None
    assert "event=clock_not_checked step=consents" in caplog.text


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


def test_a_task_whose_reminder_leaves_on_its_day_is_not_late(desk: Desk, clock: Clock) -> None:
    services = desk.services
    waiting = seed_waiting(services, *NEEDED[:-1])
    waiting.know(plant_user(services))
    with services.database.transaction() as session:
        session.get_one(Submission, waiting.submission_id).state = SubmissionState.CONFIRMED
    waiting.refresh()
    day = waiting.case().next_reminder_at
    assert day is not None

    clock.at = day
    a_minute_passes(desk)

    (task,) = [each for each in waiting.items() if each.kind == TaskKind.MISSING_DOCUMENTS]
    with services.database.reading() as session:
        acts = {each.act for each in audit.of_subject(session, "case", waiting.case_id)}
    assert waiting.case().reminders_sent == 1
    assert (task.closed_at, task.escalated_at) == (None, None)
    assert task.due_at > day
    assert Act.ITEM_ESCALATED not in acts
