"""Check that coordinator and office read one date: in mail, pages, list, paper, queue, health."""

import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from intake.access import gate
from intake.accounts.accounts import SignedInUser
from intake.arrivals import drafts, send
from intake.confirmations import facts
from intake.coordinators import referrals
from intake.core.services import Services
from intake.filing.file import file_submission
from intake.outbox.mail_texts import MONTHS_EN
from intake.oversight.health import check_health
from intake.reference_data import editions
from storage.cases.cases import Case, CaseState
from storage.crypto.sealing import unseal_bytes
from storage.mail import outbox
from storage.submissions import queue_items, submissions
from storage.submissions.drafts import Draft, DraftKind
from storage.submissions.submissions import Priority, Submission, SubmissionState, place
from tests.intake.coordinators.test_referrals import SOUTH, TEXTS, Register
from tests.intake.reference_data.test_promises import hurried
from tests.samples.mail.mails import referral
from tests.support.building import Clock
from tests.support.desk import Desk

HELSINKI = ZoneInfo("Europe/Helsinki")
# A working morning, after hours before a weekend, Christmas Eve, a night of the summer time.
MOMENTS = ("2026-11-24T10:42", "2026-11-27T16:30", "2026-12-24T09:00", "2027-03-28T02:30")


@pytest.fixture
def register(sqlite_services: Services) -> Register:
    """Give an empty register."""
    return Register(sqlite_services)


@pytest.fixture
def south(register: Register) -> SignedInUser:
    """Give the coordinator of the south."""
    return register.person(SOUTH, "COORD", "SYD")


def move_to(clock: Clock, moment: str) -> None:
    at = datetime.fromisoformat(moment).replace(tzinfo=HELSINKI).astimezone(UTC)
    clock.advance(at - clock.now())


def sent(services: Services, user: SignedInUser, priority: str, kind: DraftKind) -> str:
    """Send a draft with a priority; return the draft's id."""
    draft_id = drafts.start_draft(services, user, kind)
    own = gate.draft_to_change(services, user, draft_id)
    drafts.save_draft(services, own, {"priority": priority, "note": "TEST question"})
    send.send_draft(services, TEXTS, gate.own_draft(services, user, draft_id))
    return draft_id


def submission_of(services: Services, draft_id: str) -> Submission:
    with services.database.reading() as session:
        draft = session.get_one(Draft, draft_id)
        return session.get_one(Submission, draft.submission_id)


def filed(services: Services, submission_id: str) -> datetime:
    """File it as the worker does, and return until when its item waits."""
    with services.database.transaction() as session:
        row = submissions.locked(session, submission_id)
        assert row is not None
        file_submission(services, session, row, services.keyring.open(session, row.data_key_id))
        (item,) = queue_items.of_submission(session, submission_id)
        return item.due_at


def said_by_mail(services: Services, submission_id: str) -> datetime:
    """Return the time by which the receipt promises a confirmation."""
    with services.database.reading() as session:
        row = session.get_one(Submission, submission_id)
        (mail,) = outbox.of_submission(session, submission_id)
        assert mail.content is not None
        key = services.keyring.open(session, row.data_key_id)
        text = unseal_bytes(key, place("outbox", "content", mail.id), mail.content).decode()
    return time_in(text)


def time_in(text: str) -> datetime:
    plain = re.sub(r"=\r?\n", "", text)
    found = re.search(r"confirm in writing by (\d+) (\w+) (\d{4}), (\d\d):(\d\d)", plain)
    assert found is not None, plain
    day, month, year, hour, minute = found.groups()
    number = MONTHS_EN.index(month) + 1
    local = datetime(int(year), number, int(day), int(hour), int(minute), tzinfo=HELSINKI)
    return local.astimezone(UTC)


def said_by_paper(services: Services, submission_id: str) -> datetime | None:
    with services.database.reading() as session:
        row = session.get_one(Submission, submission_id)
        key = services.keyring.open(session, row.data_key_id)
        return facts.receipt_of(services, session, row, key).confirm_by


def to_the_minute(at: datetime | None) -> datetime:
    assert at is not None
    return at.astimezone(UTC).replace(second=0, microsecond=0)


@pytest.mark.parametrize("clocks", ["shipped", "approved"])
@pytest.mark.parametrize("kind", [DraftKind.REFERRAL, DraftKind.CONSULTATION])
@pytest.mark.parametrize("priority", Priority)
def test_what_is_sent_has_one_date_everywhere(
    register: Register,
    south: SignedInUser,
    clock: Clock,
    monkeypatch: pytest.MonkeyPatch,
    clocks: str,
    kind: DraftKind,
    priority: Priority,
) -> None:
    services = register.services
    if clocks == "approved":
        changed = (*services.offices, hurried())
        monkeypatch.setattr(editions, "offices", lambda _services, _session: changed)

    for moment in MOMENTS:
        move_to(clock, moment)
        draft_id = sent(services, south, priority, kind)
        row = submission_of(services, draft_id)
        view = referrals.read_sent(services, TEXTS, gate.own_draft(services, south, draft_id))
        assert view is not None
        card = referrals.list_referrals(services, south)[0]
        said = {
            "mail": said_by_mail(services, row.id),
            "page": to_the_minute(view.due_at),
            "mail on the page": time_in(view.receipt),
            "card": to_the_minute(card.due_at),
            "paper": to_the_minute(said_by_paper(services, row.id)),
            "queue": to_the_minute(filed(services, row.id)),
            "card after filing": to_the_minute(referrals.list_referrals(services, south)[0].due_at),
            "paper after filing": to_the_minute(said_by_paper(services, row.id)),
        }
        (queues,) = [each for each in check_health(services).checks if each.name == "queues"]
        said["health"] = to_the_minute(queues.since)

        assert len(set(said.values())) == 1, (moment, said)
        # Only this one waits, for the next moment's health.
        register.change(row.reference, state=SubmissionState.CONFIRMED)
        with services.database.transaction() as session:
            queue_items.close_all(session, row.id, services.now())


def test_what_becomes_an_emergency_later_keeps_its_written_date(
    register: Register, south: SignedInUser, clock: Clock
) -> None:
    services = register.services
    move_to(clock, MOMENTS[0])
    row = submission_of(services, sent(services, south, Priority.NORMAL, DraftKind.REFERRAL))
    promised = said_by_mail(services, row.id)

    register.change(row.reference, priority=Priority.EMERGENCY)

    assert filed(services, row.id) < promised
    assert to_the_minute(said_by_paper(services, row.id)) == promised
    assert to_the_minute(register.only(south).due_at) == promised


def test_an_addition_is_promised_its_own_confirmation(
    register: Register, south: SignedInUser, clock: Clock
) -> None:
    services = register.services
    move_to(clock, MOMENTS[0])
    first = register.sent(south)
    case_id = register.case("SYD", SOUTH)
    register.change(first, case_id=case_id, state=SubmissionState.CONFIRMED)
    clock.advance(timedelta(days=2))
    added = register.sent(south, DraftKind.ADDITION, case_id)
    with services.database.reading() as session:
        row = submissions.by_reference(session, added)
        assert row is not None
        promised = said_by_mail(services, row.id)

    found = register.only(south)

    assert found.due_at is None
    assert [to_the_minute(each.due_at) for each in found.additions] == [promised]


@pytest.mark.components
@pytest.mark.parametrize(
    ("subject", "hours"), [("Ny remiss", 29.3), ("AKUT: ny remiss", 2), ("Urgent referral", 2)]
)
def test_a_mail_that_cannot_wait_is_promised_what_its_queue_keeps(
    sqlite_desk: Desk, clock: Clock, subject: str, hours: float
) -> None:
    sqlite_desk.register(region="SYD")
    services = sqlite_desk.services
    move_to(clock, MOMENTS[0])

    submission_id = sqlite_desk.handle(referral(subject=subject))

    promised = said_by_mail(services, submission_id)
    (item,) = sqlite_desk.items(submission_id)
    assert promised - to_the_minute(clock.now()) == timedelta(hours=hours)
    assert to_the_minute(item.due_at) == promised
    assert to_the_minute(said_by_paper(services, submission_id)) == promised


def test_what_goes_to_a_stopped_case_is_promised_nothing_anywhere(
    register: Register, south: SignedInUser, clock: Clock
) -> None:
    services = register.services
    move_to(clock, MOMENTS[0])
    first = register.sent(south)
    case_id = register.case("SYD", SOUTH)
    register.change(first, case_id=case_id)
    with services.database.transaction() as session:
        session.get_one(Case, case_id).state = CaseState.WITHDRAWN
    added = register.sent(south, DraftKind.ADDITION, case_id)
    with services.database.reading() as session:
        row = submissions.by_reference(session, added)
        assert row is not None
        draft_id = row.identity.partition(":")[2]

    view = referrals.read_sent(services, TEXTS, gate.own_draft(services, south, draft_id))
    assert view is not None
    assert (view.due_at, view.is_mailed) == (None, False)
    assert "confirm in writing by" not in view.receipt
    assert said_by_paper(services, row.id) is None
    card = register.only(south)
    assert [(each.due_at, each.is_kept) for each in (card.first, *card.additions)] == [
        (None, True),
        (None, True),
    ]
