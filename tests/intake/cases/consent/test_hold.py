"""Check that a referral without consent waits by itself, and goes on by itself."""

from datetime import timedelta

import pytest

from intake.cases.consent import hold
from intake.core.services import Services
from storage.cases.cases import Case
from storage.submissions import queue_items
from storage.submissions.queue_items import Queue
from storage.submissions.submissions import Submission
from tests.intake.cases.consent.desk import ConsentDesk, open_desk
from tests.support.building import Clock


@pytest.fixture
def desk(sqlite_services: Services) -> ConsentDesk:
    return open_desk(sqlite_services, "REF-FORM")


def test_a_referral_whose_person_said_no_waits_with_its_due_time(desk: ConsentDesk) -> None:
    before = desk.waiting.open_item()

    desk.note(answer="refused")

    assert desk.place() == ("Q4", "waits_for_consent")
    assert desk.waiting.open_item().due_at == before.due_at
    assert desk.held() == [("missing", "")]
    assert desk.acts("case.held") == ["case.held_for_consent"]


def test_the_consent_lets_it_go_on_by_itself_and_the_history_says_so(desk: ConsentDesk) -> None:
    desk.note(answer="refused")
    held = desk.waiting.open_item()

    desk.note()

    assert desk.place() == ("Q2", "consent_came")
    assert desk.waiting.open_item().due_at == held.due_at
    assert desk.held() == [("missing", "noted")]
    assert desk.acts("case.consent_hold") == ["case.consent_hold_ended"]


def test_a_paper_that_comes_later_brings_it_before_a_person(
    desk: ConsentDesk, clock: Clock
) -> None:
    desk.note(answer="refused")
    first = desk.waiting.open_item().id
    clock.advance(timedelta(hours=1))

    desk.waiting.arrive("CONS-SHARE")
    desk.waiting.refresh()

    with desk.services.database.reading() as session:
        own = session.get_one(Submission, desk.waiting.submission_ids[0])
        items = [each for each in queue_items.of_submission(session, own.id) if not each.closed_at]
    assert [(each.queue, each.reason) for each in items] == [("Q2", "consent_unclear")]
    assert items[0].id == first
    assert desk.held() == [("missing", "a_person")]


def test_an_emergency_keeps_its_queue_and_its_clock(desk: ConsentDesk) -> None:
    with desk.services.database.transaction() as session:
        row = session.get_one(Submission, desk.waiting.submission_id)
        row.priority = "emergency"
    before = desk.waiting.open_item()

    desk.note(answer="refused")

    after = desk.waiting.open_item()
    assert (after.queue, after.due_at) == (before.queue, before.due_at)
    assert desk.held() == [("missing", "")]


@pytest.mark.parametrize("confirmed", [True, False])
def test_what_could_be_a_consent_is_not_held(sqlite_services: Services, confirmed: bool) -> None:
    desk = open_desk(sqlite_services, "REF-FORM", "CONS-SHARE", confirmed=confirmed)

    desk.waiting.refresh()

    assert desk.place()[0] == Queue.NEW_REFERRALS
    assert desk.held() == []


def test_it_is_held_once_however_often_it_is_looked_at(desk: ConsentDesk) -> None:
    desk.note(answer="refused")

    desk.waiting.refresh()
    desk.note(answer="refused")

    assert desk.held() == [("missing", "")]
    assert desk.acts("case.held") == ["case.held_for_consent"]


def test_what_an_officer_held_for_consent_goes_on_when_it_comes(desk: ConsentDesk) -> None:
    desk.waiting.hold()

    desk.note()

    assert desk.place() == ("Q2", "consent_came")


def test_a_case_of_cash_support_waits_for_no_consent(desk: ConsentDesk) -> None:
    desk.waiting.change(programme="cash")

    desk.waiting.refresh()
    with desk.services.database.transaction() as session:
        hold.refresh(desk.services, session, session.get_one(Case, desk.waiting.case_id))

    assert desk.held() == []


def test_a_withdrawn_consent_holds_what_still_waits(desk: ConsentDesk) -> None:
    desk.note()
    assert desk.place()[0] == Queue.NEW_REFERRALS

    desk.note(answer="refused")

    assert desk.place() == ("Q4", "waits_for_consent")


def test_a_consent_that_ran_out_holds_the_referral_by_itself(
    desk: ConsentDesk, clock: Clock
) -> None:
    last = clock.now().date()
    desk.note(expires_on=last.isoformat())
    before = desk.waiting.open_item()
    assert hold.hold_expired(desk.services) == 0
    # The last day is the office's, in Helsinki: 22:00 UTC is its midnight.
    clock.at = clock.at.replace(hour=21, minute=59)
    assert hold.hold_expired(desk.services) == 0
    clock.at = clock.at.replace(hour=22, minute=0)

    assert hold.hold_expired(desk.services) == 1
    assert hold.hold_expired(desk.services) == 0

    assert desk.place() == ("Q4", "waits_for_consent")
    assert desk.waiting.open_item().due_at == before.due_at
    desk.note()
    assert desk.place() == ("Q2", "consent_came")


def test_a_paper_confirmed_after_the_last_day_is_looked_at(
    sqlite_services: Services, clock: Clock
) -> None:
    desk = open_desk(sqlite_services, "REF-FORM")
    desk.note(expires_on=clock.now().date().isoformat())
    clock.advance(timedelta(days=2))
    desk.waiting.arrive("CONS-SHARE")

    assert hold.hold_expired(desk.services) == 0
    assert desk.place()[0] == "Q2"
