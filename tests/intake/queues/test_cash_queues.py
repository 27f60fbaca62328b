"""Check that what is about cash support goes to the queues of cash, by every way in.

Enumerated over programme, channel and kind: no cash submission stands among the referrals.
"""

import itertools
from datetime import UTC, datetime, timedelta

import pytest

from intake.core.services import Services
from intake.filing.file import put_into_queue
from intake.filing.rules import (
    FilingOutcome,
    MailReferences,
    QueueChoice,
    choose_queue,
    choose_queue_of_noted,
    choose_queue_of_sent,
    decide_filing,
    decide_noted,
    decide_sent,
    route_of_cash,
)
from intake.queues import cash_queues, ends
from intake.reference_data.promises import due_in
from storage.base import new_id
from storage.documents.document_types import DocumentTypeRange
from storage.submissions import queue_items
from storage.submissions.queue_items import Queue, TaskKind
from storage.submissions.submissions import (
    Channel,
    Priority,
    Programme,
    SenderVerdict,
    Submission,
    SubmissionState,
)
from tests.samples.mail.mails import referral
from tests.support.building import Clock
from tests.support.desk import Desk
from tests.support.people import plant_user
from tests.support.rows import Planter

REFERRALS_ONLY = {Queue.NEW_REFERRALS, Queue.REPLIES, Queue.MAIL_TO_MATCH}
HELPLINE = ("sv", "en", "ar", "ckb", "kmr", "fa", "prs", "tg")


def routes() -> list[tuple[str, QueueChoice]]:
    """Return (name, where the rules of referrals send it) for every way in and kind of it."""
    found = []
    names = (
        MailReferences(),
        MailReferences(has_reference=True),
        MailReferences(continues="looks_like_a_reply"),
    )
    for verdict, names_of in itertools.product(SenderVerdict, names):
        filing = decide_filing(verdict, None, names_of)
        for words in ("", "AKUT"):
            route = choose_queue(verdict, filing, first_words=words, importance="")
            found.append((f"{Channel.EMAIL}:{verdict}:{filing.reason}:{words}", route))
    for kind, case_id in itertools.product(("referral", "consultation", "link"), (None, "a")):
        filing = decide_sent(kind, case_id)
        found += [
            (
                f"{Channel.UPLOAD}:{kind}:{case_id}:{priority}",
                choose_queue_of_sent(filing, priority),
            )
            for priority in Priority
        ]
    for case_id in (None, "a"):
        filing = decide_noted(case_id)
        found += [
            (f"{Channel.PHONE}:{case_id}:{priority}", choose_queue_of_noted(filing, priority))
            for priority in Priority
        ]
    return found


@pytest.mark.parametrize("is_decision", [False, True])
@pytest.mark.parametrize("programme", Programme)
def test_every_way_in_leads_to_a_queue_of_its_programme(
    sqlite_services: Services, clock: Clock, programme: Programme, is_decision: bool
) -> None:
    services = sqlite_services
    wrong = []

    for name, route in routes():
        with services.database.transaction() as session:
            planter = Planter(session, services.keyring, clock.now())
            submission = planter.submission(programme=programme, priority=route.priority)
            if is_decision:
                say_decision(planter, submission)
            put_into_queue(services, session, submission, route)
            (item,) = queue_items.of_submission(session, submission.id)
            if item.queue not in expected(programme, route, is_decision=is_decision):
                wrong.append((name, item.queue))

    assert wrong == []


def expected(programme: Programme, route: QueueChoice, *, is_decision: bool) -> set[str]:
    """Return the queues in which a submission may stand that the rules sent to `route`."""
    if programme is Programme.REFERRALS or route.queue in {Queue.EMERGENCY, Queue.ON_HOLD}:
        return {route.queue}
    return {Queue.CASH_DECISIONS if is_decision else Queue.ENQUIRIES}


def say_decision(planter: Planter, submission: Submission) -> None:
    document = planter.document(submission)
    planter.session.add(
        DocumentTypeRange(
            id=new_id(),
            document_id=document.id,
            first_page=1,
            last_page=1,
            document_type="CASH-DEC",
            suggested_type="CASH-DEC",
            confidence=0.9,
            reasons=[],
        )
    )
    planter.session.flush()


@pytest.mark.parametrize("queue", list(Queue))
def test_nothing_that_is_put_back_goes_among_the_referrals(
    sqlite_services: Services, clock: Clock, queue: Queue
) -> None:
    with sqlite_services.database.transaction() as session:
        planter = Planter(session, sqlite_services.keyring, clock.now())
        submission = planter.submission(programme=Programme.CASH)
        ends.put_back(sqlite_services, session, submission, queue, "hold_ended")
        (item,) = queue_items.of_submission(session, submission.id)

    assert item.queue not in REFERRALS_ONLY


def test_a_doubt_about_the_sender_holds_nothing_about_cash() -> None:
    for verdict in SenderVerdict:
        filing = decide_filing(verdict, None, MailReferences(has_reference=True))
        if filing.outcome is not FilingOutcome.HOLDING:
            continue
        route = choose_queue(verdict, filing, first_words="", importance="")
        assert route_of_cash(filing, route) == QueueChoice(
            Queue.ENQUIRIES, filing.reason, route.priority
        )


@pytest.mark.parametrize(
    ("queue", "language", "days"),
    [
        (Queue.CASH_DECISIONS, "so", 2),
        (Queue.ENQUIRIES, None, 2),
        *[(Queue.ENQUIRIES, language, 2) for language in HELPLINE],
        (Queue.ENQUIRIES, "kmr-Arab", 2),
        *[(Queue.ENQUIRIES, language, 5) for language in ("so", "am", "ti", "fr", "es", "ur")],
    ],
)
def test_its_clocks_are_two_and_five_working_days(
    sqlite_services: Services, queue: Queue, language: str | None, days: int
) -> None:
    # A Monday in Helsinki; Independence Day, 6 December, is a Sunday in 2026.
    submission = Submission(
        received_at=datetime(2026, 11, 23, 8, 42, tzinfo=UTC),
        priority=Priority.NORMAL,
        programme=Programme.CASH,
        language=language,
    )
    with sqlite_services.database.reading() as session:
        due = due_in(sqlite_services, session, submission, queue)

    assert due == datetime(2026, 11, 23, 14, 0, tzinfo=UTC) + timedelta(days=days + 2 * (days > 4))


@pytest.mark.parametrize("language", [None, "en", "so"])
@pytest.mark.parametrize("queue", [Queue.CASH_DECISIONS, Queue.ENQUIRIES])
@pytest.mark.parametrize(
    ("priority", "arrived", "due"),
    [
        # In Helsinki: 10:42 on a Monday, and 15:50 on a Friday.
        (Priority.EMERGENCY, "2026-11-23T08:42", "2026-11-23T10:42"),
        (Priority.URGENT, "2026-11-23T08:42", "2026-11-23T14:00"),
        # Half an hour of work at the least: ten minutes now, and twenty on Monday.
        (Priority.EMERGENCY, "2026-11-27T13:50", "2026-11-30T06:20"),
        (Priority.URGENT, "2026-11-27T13:50", "2026-11-30T06:20"),
        # After hours: the next working day is the same working day.
        (Priority.URGENT, "2026-11-27T15:00", "2026-11-30T14:00"),
    ],
)
def test_an_urgent_enquiry_is_due_as_its_priority_has_it(
    sqlite_services: Services,
    queue: Queue,
    language: str | None,
    priority: Priority,
    arrived: str,
    due: str,
) -> None:
    submission = Submission(
        received_at=datetime.fromisoformat(arrived).replace(tzinfo=UTC),
        priority=priority,
        programme=Programme.CASH,
        language=language,
    )
    with sqlite_services.database.reading() as session:
        found = due_in(sqlite_services, session, submission, queue)

    assert found == datetime.fromisoformat(due).replace(tzinfo=UTC)
    assert submission.promised_at is None


def test_mail_about_cash_is_an_enquiry_until_a_decision_is_read(sqlite_desk: Desk) -> None:
    services = sqlite_desk.services
    submission_id = sqlite_desk.handle(referral(), programme="cash")
    assert sqlite_desk.open_items(submission_id) == {("Q11", "submission")}
    assert sqlite_desk.submission(submission_id).promised_at is None

    with services.database.transaction() as session:
        submission = session.get_one(Submission, submission_id)
        say_decision(Planter(session, services.keyring, services.now()), submission)
        cash_queues.settle(services, session, submission)

    assert sqlite_desk.open_items(submission_id) == {("Q9", "submission")}


def test_who_has_an_enquiry_keeps_it_when_it_turns_out_to_be_a_decision(
    sqlite_services: Services, clock: Clock
) -> None:
    officer = plant_user(sqlite_services, "Cash officer 1", "CASH")
    with sqlite_services.database.transaction() as session:
        planter = Planter(session, sqlite_services.keyring, clock.now())
        submission = planter.submission(programme="cash", state=SubmissionState.HOLDING)
        planter.item(submission, queue=Queue.ENQUIRIES, claimed_by=officer.id)
        say_decision(planter, submission)
        cash_queues.settle(sqlite_services, session, submission)
        item = queue_items.open_of_kind(session, submission.id, TaskKind.SUBMISSION)

    assert item is not None
    assert (item.queue, item.claimed_by) == (Queue.CASH_DECISIONS, officer.id)
