"""Check that R2's clock ends by a signed R2 or by a true reason, and that both are taken back."""

from dataclasses import replace
from datetime import timedelta

import pytest

from intake.access import gate
from intake.accounts.accounts import SignedInUser
from intake.core.errors import Conflict, NotFound
from intake.core.services import Services
from intake.triage.decisions import NotFiledYet
from intake.triage.endings.without_paper import (
    ClosedWithout,
    NotCovered,
    confirm_without_paper,
    without_paper_of,
)
from intake.triage.undoing.step_back import NotTakenBack
from storage import audit
from storage.cases.cases import Case as CaseRow
from storage.cases.cases import CaseState
from storage.submissions import queue_items
from storage.submissions.queue_items import QueueItem
from storage.submissions.submissions import Submission
from tests.intake.confirmations.papers import Case, seed_case
from tests.portal import samples
from tests.support import stepping
from tests.support.building import Clock
from tests.support.people import plant_user
from tests.support.rows import Planter

SHORTLY = timedelta(minutes=1)


@pytest.fixture
def services(sqlite_services: Services) -> Services:
    """Give services whose officers have thirty seconds to take a paper back."""
    settings = replace(sqlite_services.settings, undo_seconds=30)
    return replace(sqlite_services, settings=settings)


@pytest.fixture
def officer(services: Services) -> SignedInUser:
    """Give an intake officer."""
    return plant_user(services)


@pytest.fixture
def case(services: Services) -> Case:
    """Give a filed referral before its officer."""
    return seed_case(services)


def added(case: Case) -> Submission:
    """Plant an addition to the same case, in its queue."""
    with case.services.database.transaction() as session:
        planter = Planter(session, case.services.keyring, case.services.now())
        case_id = session.get_one(Submission, case.submission_id).case_id
        row = planter.submission(state="QUEUED", case_id=case_id)
        planter.item(row, due_at=case.services.now() + timedelta(hours=4))
        return row


def close(
    case: Case, user: SignedInUser, reference: str, why: ClosedWithout, paper_id: str = ""
) -> None:
    opened = gate.submission_to_change(case.services, user, reference)
    confirm_without_paper(case.services, opened, why, paper_id=paper_id)


def row_of(case: Case, submission_id: str) -> Submission:
    with case.services.database.reading() as session:
        return session.get_one(Submission, submission_id)


def items_of(case: Case, submission_id: str) -> list[QueueItem]:
    """Return the items of a submission itself that are open."""
    with case.services.database.reading() as session:
        items = queue_items.of_submission(session, submission_id)
    return [item for item in items if item.kind == "submission" and item.closed_at is None]


def details_of(case: Case, submission_id: str, act: str) -> list[dict[str, object]]:
    with case.services.database.reading() as session:
        assert audit.check_chain(session, case.services.keyring) == []
        events = audit.of_subject(session, "submission", submission_id)
    return [event.detail for event in events if event.act == act]


@pytest.mark.parametrize("why", [ClosedWithout.MACHINE, ClosedWithout.INTERNAL])
def test_a_reason_ends_the_clock_and_is_kept(
    case: Case, officer: SignedInUser, why: ClosedWithout
) -> None:
    close(case, officer, case.reference, why)

    row = case.submission()
    assert (row.state, row.closed_without, row.decided_by) == ("CONFIRMED", why, officer.id)
    assert items_of(case, row.id) == []
    assert details_of(case, row.id, "submission.closed_without") == [{"reason": why, "paper": None}]
    assert case.mails() == []


def test_a_confirmation_that_was_signed_since_covers_an_addition(
    case: Case, officer: SignedInUser, clock: Clock
) -> None:
    addition = added(case)
    clock.advance(SHORTLY)
    paper_id = case.sign(officer)
    clock.advance(SHORTLY)
    with case.services.database.reading() as session:
        ways = without_paper_of(case.services, session, row_of(case, addition.id))
    assert ways is not None
    assert [(each.paper_id, each.reference, each.number) for each in ways.covering] == [
        (paper_id, case.reference, 1)
    ]

    close(case, officer, addition.reference, ClosedWithout.COVERED, paper_id)

    assert row_of(case, addition.id).closed_without == "covered"
    detail = {"reason": "covered", "paper": paper_id}
    assert details_of(case, addition.id, "submission.closed_without") == [detail]


def test_a_confirmation_of_before_or_that_has_not_left_covers_nothing(
    case: Case, officer: SignedInUser, clock: Clock
) -> None:
    older = case.sign(officer)
    clock.advance(SHORTLY)
    addition = added(case)
    newer = Case(case.services, case.submission_id, case.reference).sign(officer)

    for paper_id in (older, newer, "0" * 32, ""):
        with pytest.raises(NotCovered):
            close(case, officer, addition.reference, ClosedWithout.COVERED, paper_id)

    assert row_of(case, addition.id).state == "QUEUED"
    assert len(items_of(case, addition.id)) == 1


def test_a_confirmation_of_another_case_covers_nothing(
    case: Case, officer: SignedInUser, clock: Clock
) -> None:
    addition = added(case)
    other = seed_case(case.services)
    paper_id = other.sign(officer)
    clock.advance(SHORTLY)

    with pytest.raises(NotCovered):
        close(case, officer, addition.reference, ClosedWithout.COVERED, paper_id)


def test_only_a_stopped_case_is_closed_because_the_person_withdrew(
    case: Case, officer: SignedInUser
) -> None:
    with pytest.raises(NotCovered):
        close(case, officer, case.reference, ClosedWithout.WITHDRAWN)
    with case.services.database.transaction() as session:
        row = session.get_one(CaseRow, case.submission().case_id)
        row.state = CaseState.WITHDRAWN

    close(case, officer, case.reference, ClosedWithout.WITHDRAWN)

    assert case.submission().closed_without == "withdrawn"


def test_closing_is_taken_back_with_its_due_time(case: Case, officer: SignedInUser) -> None:
    (before,) = items_of(case, case.submission_id)
    close(case, officer, case.reference, ClosedWithout.INTERNAL)

    opened = gate.submission_to_change(case.services, officer, case.reference)
    stepping.undo_last(case.services, opened)

    row = case.submission()
    assert (row.state, row.closed_without, row.decided_at) == ("QUEUED", None, None)
    (item,) = items_of(case, row.id)
    assert (item.queue, item.due_at) == (before.queue, before.due_at)


def test_a_paper_that_is_taken_back_leaves_its_referral_waiting(
    case: Case, officer: SignedInUser
) -> None:
    (before,) = items_of(case, case.submission_id)
    case.sign(officer)
    assert items_of(case, case.submission_id) == []

    opened = gate.submission_to_change(case.services, officer, case.reference)
    stepping.undo_last(case.services, opened)

    assert (case.submission().state, case.papers()) == ("QUEUED", [])
    (item,) = items_of(case, case.submission_id)
    assert (item.queue, item.due_at) == (before.queue, before.due_at)
    assert details_of(case, case.submission_id, "mail.taken_back") == [{"sent": "R2"}]
    assert details_of(case, case.submission_id, "submission.reopened") == [{"sent": "R2"}]


def test_a_second_paper_that_is_taken_back_leaves_the_first_in_force(
    case: Case, officer: SignedInUser, clock: Clock
) -> None:
    case.sign(officer)
    clock.advance(SHORTLY)
    case.sign(officer)

    opened = gate.submission_to_change(case.services, officer, case.reference)
    stepping.undo_last(case.services, opened)

    assert (case.submission().state, len(case.papers())) == ("CONFIRMED", 1)
    assert details_of(case, case.submission_id, "submission.reopened") == []


def test_a_paper_that_has_left_is_not_taken_back(
    case: Case, officer: SignedInUser, clock: Clock
) -> None:
    case.sign(officer)
    clock.advance(SHORTLY)

    opened = gate.submission_to_change(case.services, officer, case.reference)
    with pytest.raises(NotTakenBack):
        stepping.undo_last(case.services, opened)

    assert case.submission().state == "CONFIRMED"


def test_what_was_closed_can_still_be_confirmed_in_writing(
    case: Case, officer: SignedInUser
) -> None:
    close(case, officer, case.reference, ClosedWithout.INTERNAL)

    case.sign(officer)

    assert (case.submission().closed_without, len(case.papers())) == (None, 1)


def test_closing_twice_or_without_a_case_is_refused(case: Case, officer: SignedInUser) -> None:
    unfiled = samples.seed(case.services, state="HOLDING", with_case=False)
    close(case, officer, case.reference, ClosedWithout.INTERNAL)

    with pytest.raises(Conflict):
        close(case, officer, case.reference, ClosedWithout.INTERNAL)
    with pytest.raises(NotFiledYet):
        close(case, officer, unfiled.reference, ClosedWithout.MACHINE)


def test_cash_has_no_such_reasons(services: Services) -> None:
    cash = plant_user(services, "Cash officer 1", "CASH")
    case = seed_case(services, programme="cash")

    with pytest.raises(Conflict):
        close(case, cash, case.reference, ClosedWithout.INTERNAL)


def test_another_programmes_officer_finds_nothing(case: Case) -> None:
    cash = plant_user(case.services, "Cash officer 1", "CASH")

    with pytest.raises(NotFound):
        close(case, cash, case.reference, ClosedWithout.INTERNAL)
