"""Check that a stop withdraws what was promised, and that its end promises it again, everywhere."""

from datetime import datetime, timedelta

import pytest

from intake.access import gate
from intake.accounts.accounts import SignedInUser
from intake.cases import read, withdrawal
from intake.confirmations import receipt_pdf, signed_papers
from intake.coordinators import referral, referrals
from intake.core import office_clock
from intake.core.services import Services
from intake.filing import case_actions
from intake.oversight.health import check_health
from intake.triage import read_submission
from storage.cases import cases, confirmations
from storage.cases.cases import Case
from storage.submissions import queue_items
from storage.submissions.drafts import DraftKind
from storage.submissions.submissions import Priority, Submission
from tests.intake.coordinators.test_one_promise import (
    MOMENTS,
    filed,
    move_to,
    said_by_mail,
    said_by_paper,
    sent,
    submission_of,
    time_in,
    to_the_minute,
)
from tests.intake.coordinators.test_referrals import SOUTH, Register
from tests.intake.reference_data.office import Office
from tests.samples.mail.mails import REGISTERED_SENDER
from tests.support.building import Clock
from tests.support.desk import Desk
from tests.support.people import plant_user


@pytest.fixture
def register(sqlite_services: Services) -> Register:
    """Give an empty register."""
    return Register(sqlite_services)


@pytest.fixture
def south(register: Register) -> SignedInUser:
    """Give the coordinator of the south."""
    return register.person(SOUTH, "COORD", "SYD")


@pytest.fixture
def officer(register: Register, south: SignedInUser) -> SignedInUser:
    """Give an officer."""
    return plant_user(register.services)


def waiting(register: Register, south: SignedInUser, priority: Priority) -> Submission:
    """Let a referral wait in its case; return it."""
    row = submission_of(
        register.services, sent(register.services, south, priority, DraftKind.REFERRAL)
    )
    register.change(row.reference, case_id=register.case("SYD", SOUTH))
    filed(register.services, row.id)
    return row


def case_code(services: Services, row: Submission) -> str:
    with services.database.reading() as session:
        case = cases.by_id(session, session.get_one(Submission, row.id).case_id)
    assert case is not None
    return case.reference


def stop(services: Services, officer: SignedInUser, row: Submission) -> None:
    code = case_code(services, row)
    withdrawal.stop_case(services, gate.case_to_change(services, officer, code))


def go_on(services: Services, officer: SignedInUser, row: Submission) -> tuple[str, ...]:
    code = case_code(services, row)
    return withdrawal.resume_case(services, gate.case_to_change(services, officer, code))


def waits_until(services: Services, row: Submission) -> datetime:
    with services.database.reading() as session:
        items = queue_items.of_submission(session, row.id)
        (item,) = [each for each in items if each.closed_at is None]
    return item.due_at


def said_everywhere(
    services: Services, south: SignedInUser, officer: SignedInUser, row: Submission
) -> dict[str, datetime | None]:
    """Return until when each place says that a person confirms."""
    (card,) = referrals.list_referrals(services, south)
    opened = gate.referral_to_read(services, south, row.reference)
    view = read_submission.read_submission(
        services, gate.submission_to_read(services, officer, row.reference)
    )
    case = read.read_case(services, gate.case_to_read(services, officer, case_code(services, row)))
    (queues,) = [each for each in check_health(services).checks if each.name == "queues"]
    return {
        "card": card.due_at,
        "page": referral.read_referral(services, opened).due_at,
        "officer": view.promised_at,
        "case": case.filed[0].promised_at,
        "paper": said_by_paper(services, row.id),
        "queue": waits_until(services, row),
        "health": queues.since,
    }


@pytest.mark.parametrize("moment", MOMENTS)
@pytest.mark.parametrize("priority", Priority)
def test_what_passed_during_a_stop_is_promised_anew_everywhere(
    register: Register,
    south: SignedInUser,
    officer: SignedInUser,
    clock: Clock,
    priority: Priority,
    moment: str,
) -> None:
    services = register.services
    move_to(clock, moment)
    row = waiting(register, south, priority)
    told = said_by_mail(services, row.id)
    stop(services, officer, row)
    clock.advance(timedelta(days=20))

    anew = go_on(services, officer, row)

    said = said_everywhere(services, south, officer, row)
    assert anew == (row.id,)
    assert len(set(said.values())) == 1, said
    assert to_the_minute(said["card"]) > max(told, clock.now())


def test_a_date_that_is_still_to_come_holds_when_the_stop_ends(
    register: Register, south: SignedInUser, officer: SignedInUser, clock: Clock
) -> None:
    services = register.services
    move_to(clock, MOMENTS[0])
    row = waiting(register, south, Priority.NORMAL)
    stop(services, officer, row)
    clock.advance(timedelta(hours=1))

    anew = go_on(services, officer, row)

    told = said_by_mail(services, row.id)
    said = said_everywhere(services, south, officer, row)
    assert anew == ()
    assert {to_the_minute(each) for each in said.values()} == {told}


def test_while_the_stop_lasts_nobody_is_promised_anything_and_the_queue_has_its_own_time(
    register: Register, south: SignedInUser, officer: SignedInUser, clock: Clock
) -> None:
    services = register.services
    move_to(clock, MOMENTS[0])
    row = waiting(register, south, Priority.NORMAL)

    stop(services, officer, row)

    said = said_everywhere(services, south, officer, row)
    own = office_clock.due_at(services.offices, queue_of(services, row), row.received_at)
    assert {name for name, at in said.items() if at is not None} == {"queue", "health"}
    assert said["queue"] == said["health"] == own


def queue_of(services: Services, row: Submission) -> queue_items.Queue:
    with services.database.reading() as session:
        (item,) = queue_items.of_submission(session, row.id)
    return queue_items.Queue(item.queue)


def test_what_came_during_the_stop_is_promised_when_it_ends(
    register: Register, south: SignedInUser, officer: SignedInUser, clock: Clock
) -> None:
    services = register.services
    move_to(clock, MOMENTS[0])
    first = waiting(register, south, Priority.NORMAL)
    stop(services, officer, first)
    clock.advance(timedelta(days=2))
    with services.database.reading() as session:
        case_id = session.get_one(Submission, first.id).case_id
    added = register.sent(south, DraftKind.ADDITION, case_id)
    with services.database.reading() as session:
        case = session.get_one(Case, case_id)
        row = next(
            each for each in cases.of_cases(session, [case.id])[case.id] if each.reference == added
        )
    filed(services, row.id)
    assert row.promised_at is None
    clock.advance(timedelta(days=1))

    anew = go_on(services, officer, first)

    assert set(anew) == {first.id, row.id}
    card = register.only(south)
    assert [each.due_at for each in (card.first, *card.additions)] == [
        waits_until(services, first),
        waits_until(services, row),
    ]
    assert waits_until(services, row) > clock.now()


@pytest.mark.components
def test_a_mail_filed_by_hand_into_a_stopped_case_says_what_r1_promised(
    desk: Desk, clock: Clock
) -> None:
    desk.register()
    office = Office(desk, plant_user(desk.services))
    services = office.services
    first = office.mail(office.opened())
    mail = office.mail(office.held(REGISTERED_SENDER))
    told = time_in(str(desk.letter(mail.id).get_content()))
    stop(services, office.user, first)

    case_actions.accept_submission(
        services,
        gate.submission_to_change(services, office.user, mail.reference),
        gate.case_to_change(services, office.user, case_code(services, first)),
    )

    view = read_submission.read_submission(
        services, gate.submission_to_read(services, office.user, mail.reference)
    )
    assert view.promised_at is None
    assert to_the_minute(view.withdrawn_promise_at) == told
    case = read.read_case(
        services, gate.case_to_read(services, office.user, case_code(services, first))
    )
    assert [each.promised_at for each in case.filed] == [None, None]
    item = next(each for each in view.open_items if each.kind == "submission")
    own = office_clock.due_at(services.offices, queue_items.Queue(item.queue), mail.received_at)
    assert item.due_at == own
    clock.advance(timedelta(days=30))

    go_on(services, office.user, first)

    view = read_submission.read_submission(
        services, gate.submission_to_read(services, office.user, mail.reference)
    )
    assert view.withdrawn_promise_at is None
    assert view.promised_at == next(
        each.due_at for each in view.open_items if each.kind == "submission"
    )
    assert to_the_minute(view.promised_at) > told


@pytest.mark.components
def test_a_stranger_was_told_no_date_so_none_is_withdrawn(desk: Desk) -> None:
    desk.register()
    office = Office(desk, plant_user(desk.services))
    services = office.services
    first = office.mail(office.opened())
    mail = office.mail(office.held())
    stop(services, office.user, first)

    case_actions.accept_submission(
        services,
        gate.submission_to_change(services, office.user, mail.reference),
        gate.case_to_change(services, office.user, case_code(services, first)),
    )

    view = read_submission.read_submission(
        services, gate.submission_to_read(services, office.user, mail.reference)
    )
    assert (view.promised_at, view.withdrawn_promise_at) == (None, None)


def test_a_signed_receipt_gets_a_second_one_with_the_new_date(
    register: Register, south: SignedInUser, officer: SignedInUser, clock: Clock
) -> None:
    services = register.services
    move_to(clock, MOMENTS[0])
    row = waiting(register, south, Priority.NORMAL)
    first = receipt_pdf.issue_receipt(services, row.id)
    stop(services, officer, row)
    clock.advance(timedelta(days=20))
    go_on(services, officer, row)

    made = receipt_pdf.renew_receipt(services, row.id, actor=officer.actor)
    again = receipt_pdf.renew_receipt(services, row.id, actor=officer.actor)

    with services.database.reading() as session:
        papers = confirmations.of_submission(session, row.id)
        said = [signed_papers.content_of(services, session, each)["confirm_by"] for each in papers]
    assert again is None
    assert [(each.id, each.number) for each in papers] == [(first, 1), (made, 2)]
    assert datetime.fromisoformat(said[1]) == waits_until(services, row)
    assert datetime.fromisoformat(said[0]) < clock.now()
    assert receipt_pdf.issue_receipt(services, row.id) == made


def test_where_no_receipt_was_signed_none_is_renewed(
    register: Register, south: SignedInUser, officer: SignedInUser, clock: Clock
) -> None:
    row = waiting(register, south, Priority.NORMAL)

    assert receipt_pdf.renew_receipt(register.services, row.id, actor=officer.actor) is None
    with register.services.database.reading() as session:
        assert confirmations.of_submission(session, row.id) == []
