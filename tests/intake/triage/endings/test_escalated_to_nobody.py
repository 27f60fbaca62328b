"""Check who is told of a sign of danger that is escalated where nobody else can decide."""

import pytest

from intake.access import gate
from intake.accounts.accounts import SignedInUser
from intake.core.services import Services
from intake.duty import board
from intake.queues.gaps import NOBODY_ASKED
from intake.triage.endings import do_task, escalate
from intake.triage.endings.do_task import TaskChanged, TaskReport
from intake.triage.endings.escalate import Mailed
from portal.text import tasks as words
from storage.accounts.users import User
from storage.submissions.queue_items import QueueItem, TaskKind
from storage.submissions.task_outcomes import TaskOutcome
from tests.intake.correspondence.conversations import TEXTS
from tests.intake.duty.lists import put_in_force, shift
from tests.intake.duty.waiting_items import gaps, give_address, mails
from tests.intake.triage.asked_tasks import Asked, plant
from tests.support.people import plant_user
from tests.support.threads import run_together

NOTE = "They were made to sign"
ALONE, HEAD, ON_DUTY = "first@office.example", "head@office.example", "duty@office.example"


def test_where_nobody_else_is_there_the_managers_and_who_is_on_duty_get_a_mail(
    sqlite_services: Services,
) -> None:
    asked = _alone(sqlite_services)
    put_in_force(sqlite_services, *(shift(mail=each) for each in (HEAD, ON_DUTY, ALONE)))
    plant_manager(sqlite_services)

    done = asked.do("escalated", NOTE)

    assert [(each[0], each[2]) for each in mails(sqlite_services)] == [
        (HEAD, "due"),
        (ON_DUTY, "due"),
    ]
    for _, text, _ in mails(sqlite_services):
        assert f"Reference {asked.reference}, queue Q12." in text
        assert "No mail reached those who were asked to look at it." in text
        for word in (NOTE, "rotection", "danger", "sign of", "PROT 1"):
            assert word not in text
    assert [each.reason for each in gaps(sqlite_services)] == [NOBODY_ASKED]
    assert _told(asked, done) == Mailed(managers=1, on_duty=1)


def test_where_nobody_at_all_gets_a_mail_it_says_so(sqlite_services: Services) -> None:
    asked = _alone(sqlite_services)

    done = asked.do("escalated", NOTE)

    assert mails(sqlite_services) == []
    assert [each.reason for each in gaps(sqlite_services)] == [NOBODY_ASKED]
    assert _told(asked, done) == Mailed()
    assert "call somebody now" in words.mailed(Mailed())


def test_each_escalation_has_a_task_of_the_managers_until_it_is_decided(
    sqlite_services: Services,
) -> None:
    first, second = _alone(sqlite_services), plant(sqlite_services, TaskKind.PROTECTION_SIGN)
    head = plant_manager(sqlite_services)

    for each in (first, second):
        each.do("escalated", NOTE)

    open_ones = gaps(sqlite_services)
    assert [each.reason for each in open_ones] == [NOBODY_ASKED, NOBODY_ASKED]
    shown = {gap.reference for gap in board.read_board(sqlite_services, head).gaps}
    assert shown == {first.reference, second.reference}
    with sqlite_services.database.reading() as session:
        assert {session.get_one(QueueItem, each.task_id).submission_id for each in open_ones} == {
            first.submission_id,
            second.submission_id,
        }


@pytest.mark.components
def test_of_two_who_escalate_at_once_one_does(services: Services) -> None:
    asked = plant(services, TaskKind.PROTECTION_SIGN)
    other = plant_user(services, "PROT 2", "PROT")

    def report(number: int) -> str:
        user = (asked.doer, other)[number]
        opened = gate.task_to_do(services, user, asked.item_id)
        return do_task.do_task(services, TEXTS, opened, TaskReport("escalated", NOTE))

    done = run_together(2, report)

    assert len(done.results) == 1
    assert [type(each) for each in done.errors] == [TaskChanged]
    assert len(asked.rows()) == 1
    assert len(gaps(services)) + len(mails(services)) == 1


def _alone(services: Services) -> Asked:
    """Plant a sign of danger before the only protection officer."""
    asked = plant(services, TaskKind.PROTECTION_SIGN)
    give_address(services, asked.doer.id, ALONE)
    return asked


def plant_manager(services: Services) -> SignedInUser:
    """Plant a manager who gets mail."""
    head = plant_user(services, "Manager 1", "MGR")
    give_address(services, head.id, HEAD)
    with services.database.transaction() as session:
        session.get_one(User, head.id).password_hash = "of no password"
    return head


def _told(asked: Asked, done: str) -> Mailed | None:
    with asked.services.database.reading() as session:
        return escalate.mailed_about(session, session.get_one(TaskOutcome, done))
