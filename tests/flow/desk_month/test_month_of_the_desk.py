"""Let officers work a month off through the pages: the desk is empty, and every promise is kept."""

import html
import logging
import os
import secrets
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta

import pytest

from intake.outbox.task_mail import FINISHED
from intake.reference_data import editions, promises
from intake.sandbox import JailPool
from portal.text import referrals as referral_words
from storage.audit_acts import Act
from storage.cases.cases import CaseState
from storage.cases.confirmations import PaperKind
from storage.mail.outbox import MailKind, MessageState
from storage.submissions.due_warnings import WarningStep
from storage.submissions.queue_items import Queue, TaskKind
from storage.submissions.submissions import Outcome, SubmissionState
from tests.components.server import scratch_folder
from tests.components.smtp_sink import SmtpSink
from tests.flow.desk_month import letters
from tests.flow.desk_month.arrivals import FIRST_MONDAY, NO_CASE, Kind, plan_arrivals
from tests.flow.desk_month.house import DUTY_MAIL, STEP, House, address_of
from tests.flow.desk_month.month import PROTECTORS, Month, let_happen
from tests.portal.building import HOST
from tests.support.building import Clock, ScriptedScanner, make_services, make_worker_services
from tests.support.desk import Desk

pytestmark = pytest.mark.components

LOG = logging.getLogger(__name__)
BOX = "intake@example.org"
# What belongs to a case and ends in writing, or by a reason why nobody writes.
OF_CASES = frozenset(Kind) - NO_CASE
USUAL_SEED, TEN_TIMES, SEED = 13, 10, "AVRR_MONTH_SEED"


@pytest.fixture(
    scope="module",
    params=[1, pytest.param(TEN_TIMES, marks=pytest.mark.soak, id="large")],
)
def month(jails: JailPool, request: pytest.FixtureRequest) -> Iterator[Month]:
    planned = plan_arrivals(seed_for(request), request.param)
    with scratch_folder() as folder, SmtpSink(folder / "smtp") as sink:
        clock = Clock(FIRST_MONDAY - timedelta(minutes=30))
        services = make_services(
            folder / "house", None, clock.now, AVRR_AUTHSERV_ID=letters.SERVER,
            AVRR_REPLY_ADDRESS=BOX, AVRR_SMTP_URL=sink.url, AVRR_SMTP_SECURITY="none",
            AVRR_PUBLIC_URL=f"http://{HOST}",
        )  # fmt: skip
        desk = Desk(make_worker_services(services, jails, scanner=ScriptedScanner()))
        yield let_happen(House(desk, clock, sink), planned)
        services.database.close()


def seed_for(request: pytest.FixtureRequest) -> int:
    """Return the seed of a month, and print that of a large one, which is another each time."""
    if request.param == 1:
        return USUAL_SEED
    seed = int(os.environ.get(SEED, "") or secrets.randbelow(1_000_000))
    terminal = request.config.pluginmanager.get_plugin("terminalreporter")
    assert terminal is not None
    terminal.write_line(f"A large month; the same again with {SEED}={seed}")
    return seed


def test_the_month_holds_every_kind(month: Month) -> None:
    arrived = Counter(each.kind for each in month.house.truth.values())
    spent = month.spent()
    for kind in Kind:
        LOG.info("%s: %d came, %d requests", kind.value, arrived[kind], spent[kind])
    LOG.info("acts: %s", sum((each.done for each in month.staff.officers), Counter()))
    LOG.info("warnings: %s", Counter(each.step for each in month.warnings))

    assert set(arrived) == set(Kind)


def test_nothing_is_left_open(month: Month) -> None:
    kinds = {each.id: month.kind_of(each) for each in month.submissions}
    LOG.info("items: %d", len(month.items))
    left = [
        (kinds.get(item.submission_id or ""), item.queue, item.kind, item.reason)
        for item in month.items
        if item.closed_at is None
    ]

    assert left == []


def test_no_case_was_opened_for_what_is_no_case(month: Month) -> None:
    assert [each.reference for each in month.of(*NO_CASE) if each.case_id is not None] == []


def test_every_submission_has_an_end(month: Month) -> None:
    waiting = [
        (month.kind_of(each), each.state)
        for each in month.submissions
        if each.state in {SubmissionState.QUEUED, SubmissionState.HOLDING}
        or (each.case_id is None and each.outcome is None)
    ]

    assert waiting == []


def test_every_forged_mail_ends_as_forged(month: Month) -> None:
    ends = {each.outcome for each in month.of(Kind.FORGED, Kind.LOOK_ALIKE)}

    assert ends == {"forged"}


def test_every_referral_ends_in_writing_or_by_a_reason(month: Month) -> None:
    signed = {each.submission_id for each in month.papers if each.kind == PaperKind.CONFIRMATION}
    ends = Counter(
        (month.kind_of(each), each.state, each.id in signed, each.closed_without)
        for each in month.of(*OF_CASES)
    )
    LOG.info("ends: %s", ends)

    without = [end for end in ends if not end[2] and end[3] is None]
    assert without == []
    assert {end[1] for end in ends} == {SubmissionState.CONFIRMED}
    assert all(is_signed for kind, _, is_signed, _ in ends if kind is Kind.EMERGENCY)


def test_every_promised_time_is_kept(month: Month) -> None:
    promised = [each for each in month.submissions if each.promised_at is not None]
    late = [
        each.reference
        for each in promised
        if each.decided_at is None or each.promised_at is None or each.decided_at > each.promised_at
    ]
    LOG.info("promised: %d, kept: %d", len(promised), len(promised) - len(late))

    assert {each.id for each in month.of(Kind.REFERRAL, Kind.EMERGENCY)} <= {
        each.id for each in promised
    }
    assert late == []


def test_nothing_was_done_late(month: Month) -> None:
    kinds = {each.id: month.kind_of(each) for each in month.submissions}
    late = [
        (kinds.get(item.submission_id or ""), item.queue, item.kind)
        for item in month.items
        if item.escalated_at is not None
        or (item.closed_at is not None and item.closed_at > item.due_at)
    ]

    escalated = [each.subject_id for each in month.acts if each.act == Act.ITEM_ESCALATED]

    assert late == []
    assert escalated == []


def test_whatever_waited_for_long_was_warned_of_before_its_time_was_over(month: Month) -> None:
    house = month.house
    with house.services.database.reading() as session:
        offices = editions.offices(house.services, session)
    told = {(each.item_id, each.began_at, each.step): each for each in month.warnings}
    missing = []
    for item in month.items:
        if item.kind == TaskKind.NOBODY_WARNED:
            continue
        until = item.closed_at or house.clock.at
        moments = promises.warnings_before(offices, item.opened_at, item.due_at)
        if item.queue == Queue.EMERGENCY:
            moments[WarningStep.UNSEEN] = promises.unseen_at(item.opened_at)
        for step, at in moments.items():
            if at + STEP >= until or month.was_done_at(item, at):
                continue
            if (item.id, item.opened_at, step) not in told:
                missing.append((item.queue, item.kind, step))

    assert missing == []
    due = {each.id: each.due_at for each in month.items}
    assert all(each.mails and each.decided_at < due[each.item_id] for each in month.warnings)
    assert {each.step for each in month.warnings} >= {WarningStep.HALF, WarningStep.UNSEEN}


def test_every_emergency_reached_the_people_on_duty(month: Month) -> None:
    emergencies = {each.id for each in month.of(Kind.EMERGENCY)}
    items = {each.id: each for each in month.items if each.submission_id in emergencies}
    own = [each for each in month.warnings if each.item_id in items]

    assert {items[each.item_id].submission_id for each in own} == emergencies
    assert all(each.mails and each.decided_at < items[each.item_id].due_at for each in own)
    assert {each.step for each in own} >= {WarningStep.UNSEEN}


def test_after_a_stop_nothing_leaves_but_the_receipts_of_what_came(month: Month) -> None:
    (case,) = (each for each in month.cases if each.state == CaseState.WITHDRAWN)
    (stop,) = (each for each in month.acts if each.act == Act.CASE_PERSON_WITHDREW)
    filed = {each.id for each in month.submissions if each.case_id == case.id}
    tasks = {
        each.id for each in month.items if each.case_id == case.id or each.submission_id in filed
    }
    about = [
        each
        for each in month.mails
        if each.submission_id in filed or each.case_id == case.id or each.task_id in tasks
    ]
    after = [each for each in about if max(each.created_at, each.sent_at or stop.at) > stop.at]

    left = [each for each in after if each.state != MessageState.SUPPRESSED]
    # Only who wrote a mail gets its receipt; `tests/intake/outbox/test_after_a_stop.py` says why.
    asked = month.of(Kind.WITHDRAWAL, Kind.AFTER_WITHDRAWAL)
    assert sorted((each.submission_id or "", each.kind) for each in left) == sorted(
        (each.id, MailKind.RECEIPT.value) for each in asked
    )


def test_all_that_was_said_to_have_left_has_left(month: Month) -> None:
    sent = [each for each in month.mails if each.state == MessageState.SENT]
    states = Counter((each.kind, each.state, each.reason) for each in month.mails)
    LOG.info("mails: %s", states)

    assert len(month.house.sink.received) == len(sent)
    assert {each.state for each in month.mails} == {MessageState.SENT, MessageState.SUPPRESSED}
    about_tasks = {DUTY_MAIL, *(address_of(each) for each in PROTECTORS)}
    received = month.house.sink.received
    assert sum(not about_tasks.isdisjoint(each.recipients) for each in received) == sum(
        each.state == MessageState.SENT for each in month.mails if each.task_id
    )


def test_an_absent_officers_work_is_seen_and_done_by_their_deputy(month: Month) -> None:
    staff = month.staff
    items = {each.id: each for each in month.items}

    LOG.info("left %d, held %d, taken %d", len(staff.left), len(staff.held), len(staff.taken))
    assert len(staff.left) >= 3
    # What a warning named was done by the people on duty before.
    assert staff.held
    assert staff.held <= set(staff.left)
    assert staff.held <= set(staff.taken)
    assert {items[each].claimed_by for each in staff.taken} == {staff.first.seat.user.id}
    assert all(items[each].closed_at is not None for each in {*staff.left, *staff.taken})


def test_each_upload_is_confirmed_or_ends_with_the_case_that_it_opened(month: Month) -> None:
    uploads, tried = month.of(Kind.UPLOAD), month.of(Kind.TRY_OUT)
    opened = {each.subject_id for each in month.acts if each.act == Act.CASE_OPENED}
    ended = {
        each.detail["case"]
        for each in month.acts
        if each.act == Act.SUBMISSION_FINISHED and "case" in each.detail
    }
    states = {each.id: each.state for each in month.cases}

    assert len(ended) == len(tried) > 0
    assert ended <= opened
    assert {states[each] for each in ended} == {CaseState.CLOSED}
    assert {(each.state, each.case_id is None) for each in uploads} == {("CONFIRMED", False)}
    for each in tried:
        for page in month.staff.coordinator.pages_about(each.reference):
            assert referral_words.ended(Outcome.NOTHING_TO_DO) in html.unescape(page)
            assert "We promised" not in page
    receipts = {each.submission_id for each in month.mails if each.kind == MailKind.RECEIPT}
    assert {each.id for each in (*uploads, *tried)} <= receipts


def test_a_case_waits_for_a_consent_and_goes_on_with_the_paper(month: Month) -> None:
    asked = {each.case_id: each for each in month.of(Kind.NO_CONSENT)}
    papers = {each.case_id: each for each in month.of(Kind.CONSENT)}
    held = {each.subject_id: each for each in month.acts if each.act == Act.CASE_HELD_FOR_CONSENT}
    ended = {
        each.subject_id: each for each in month.acts if each.act == Act.CASE_CONSENT_HOLD_ENDED
    }

    assert set(asked) == set(papers) == set(held) == set(ended)
    for case_id, referral in asked.items():
        assert referral.decided_at is not None
        assert held[case_id or ""].at < papers[case_id].received_at <= ended[case_id or ""].at
        assert ended[case_id or ""].at <= referral.decided_at


def test_each_sign_of_danger_is_escalated_and_decided_by_who_was_asked(month: Month) -> None:
    letters_of_danger = {each.id for each in month.of(Kind.DANGER)}
    asked = {address_of(PROTECTORS[1])}
    outcomes = [each for each in month.outcomes if each.submission_id in letters_of_danger]
    counted = Counter((each.outcome, each.reopened_at is not None) for each in outcomes)
    half = len(letters_of_danger) // 2
    focal_point = month.staff.focal_point.seat.user.id

    assert counted == {
        ("escalated", False): half,
        ("escalated", True): half,
        ("acted", False): half,
        ("no_sign", False): half,
    }
    assert {each.reopened_by for each in outcomes if each.reopened_at} == {focal_point}
    assert {each.done_by for each in outcomes if each.outcome == "acted"} == {focal_point}
    notices = [each for each in month.house.sink.received if asked & set(each.recipients)]
    # Nobody is told any more of what was decided before the mail left.
    signs = {each.id for each in month.items if each.submission_id in letters_of_danger}
    decided = [each for each in month.mails if each.task_id in signs and each.reason == FINISHED]
    assert len(notices) + len(decided) == len(letters_of_danger)
    assert len(notices) >= half
    assert {each.outcome for each in month.of(Kind.DANGER)} == {"answered"}


def test_a_duty_list_needs_two_people(month: Month) -> None:
    assert month.staff.approvals == [[303, 404, 303]] * 2
