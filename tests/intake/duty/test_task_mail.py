"""Put each question of the outbox to a mail about a task: what may not leave stays, with why."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from intake.core.services import Services
from intake.duty import warn
from intake.outbox import guard, post, stop_list
from intake.outbox.addressees import Trust, recipient_hash
from storage.cases.cases import Case, CaseState
from storage.database import Session
from storage.mail.outbox import OutboxMessage
from storage.submissions.queue_items import QueueItem
from storage.submissions.submissions import Submission
from tests.intake.duty.lists import put_in_force, shift
from tests.intake.duty.waiting_items import BEGAN, HALF, TEXTS, mails, plant
from tests.support.building import Clock
from tests.support.rows import Planter

ADDRESS = "duty@office.example"
Worsen = Callable[[Services, Session, Submission], None]


def nothing_is_wrong(_services: Services, _session: Session, _about: Submission) -> None:
    """Change nothing: without this, an attempt that never writes would prove nothing."""


def the_address_is_stopped(services: Services, session: Session, about: Submission) -> None:
    stop_list.stop_address(services, session, ADDRESS, "bounce_hard", about.id)


def the_address_got_enough(services: Services, session: Session, _about: Submission) -> None:
    planter = Planter(session, services.keyring, HALF)
    other = planter.submission()
    hashed = recipient_hash(services, session, ADDRESS, Trust.REGISTERED)
    for number in range(guard.MAX_TO_REGISTERED):
        planter.message(other, kind=f"T{number}", created_at=HALF, recipient_hash=hashed)


def the_person_withdrew(_services: Services, session: Session, about: Submission) -> None:
    session.get_one(Case, about.case_id).state = CaseState.WITHDRAWN


REASONS: dict[Worsen, str] = {
    nothing_is_wrong: "",
    the_address_is_stopped: "address_stopped",
    the_address_got_enough: guard.FULL,
    the_person_withdrew: guard.PERSON_WITHDREW,
}


@pytest.fixture
def item_id(sqlite_services: Services, clock: Clock) -> str:
    """Give a referral that waits, and somebody on duty."""
    clock.at = BEGAN
    put_in_force(sqlite_services, shift(mail=ADDRESS))
    return plant(sqlite_services)


def change(services: Services, item_id: str, worsen: Worsen) -> None:
    with services.database.transaction() as session:
        item = session.get_one(QueueItem, item_id)
        worsen(services, session, session.get_one(Submission, item.submission_id))


def warning(session: Session, item_id: str) -> OutboxMessage:
    return session.query(OutboxMessage).filter_by(task_id=item_id).one()


@pytest.mark.parametrize(("worsen", "reason"), REASONS.items())
def test_a_warning_is_asked_each_question(
    sqlite_services: Services, clock: Clock, item_id: str, worsen: Worsen, reason: str
) -> None:
    clock.at = HALF
    change(sqlite_services, item_id, worsen)

    warn.give_warnings(sqlite_services, TEXTS, clock.now())

    with sqlite_services.database.reading() as session:
        row = warning(session, item_id)
    assert row.reason == reason
    assert (row.state, row.content is None, row.next_try_at) == (
        ("suppressed", True, None) if reason else ("due", False, HALF)
    )


def test_nothing_is_sent_to_an_address_of_ours(
    sqlite_services: Services, clock: Clock, item_id: str
) -> None:
    put_in_force(sqlite_services, shift(mail=sqlite_services.settings.mail_from))
    clock.at = HALF

    warn.give_warnings(sqlite_services, TEXTS, clock.now())

    assert ("", "own_address", "suppressed") in mails(sqlite_services)


def test_what_was_written_before_a_stop_stays_here(
    sqlite_services: Services, clock: Clock, item_id: str
) -> None:
    clock.at = HALF
    warn.give_warnings(sqlite_services, TEXTS, clock.now())
    change(sqlite_services, item_id, the_person_withdrew)

    with sqlite_services.database.transaction() as session:
        row = warning(session, item_id)
        assert post.keep_back(sqlite_services, session, row) == guard.PERSON_WITHDREW

    with sqlite_services.database.reading() as session:
        row = warning(session, item_id)
    assert (row.state, row.reason) == ("suppressed", guard.PERSON_WITHDREW)


def test_each_mail_about_a_task_is_a_message_of_its_own(
    sqlite_services: Services, clock: Clock, item_id: str
) -> None:
    put_in_force(sqlite_services, shift(mail=ADDRESS), shift(mail="second@office.example"))
    clock.at = HALF

    warn.give_warnings(sqlite_services, TEXTS, clock.now())
    clock.at += timedelta(hours=2)
    warn.give_warnings(sqlite_services, TEXTS, clock.now())

    with sqlite_services.database.reading() as session:
        rows = session.query(OutboxMessage).filter_by(task_id=item_id).all()
    assert {row.kind for row in rows} == {"WRN1", "WRN2", "WRN3", "WRN4"}
    assert len({row.message_id for row in rows}) == 4
    assert {row.submission_id for row in rows} == {None}
