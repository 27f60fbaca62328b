"""Check finishing without a case: each end, what refuses one, and the way back."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from intake.access import gate
from intake.access.edit_conflicts import ChangedMeanwhile
from intake.access.opened import OpenedToChange
from intake.accounts.accounts import SignedInUser
from intake.coordinators.status import Status, of_submission
from intake.core.errors import Conflict, NotFound
from intake.core.services import Services
from intake.queues.search import search_submissions
from intake.queues.tasks import add_task
from intake.triage import decisions
from intake.triage.decisions import HoldReason
from intake.triage.endings import finish, without_paper
from intake.triage.endings.finish import OutcomeInvalid
from intake.triage.endings.outcomes import HasOtherEnd, LegalDateOpen, ProtectionOpen
from intake.triage.endings.without_paper import ClosedWithout
from storage import audit
from storage.base import new_id
from storage.cases import legal_dates
from storage.cases.legal_dates import LegalDate
from storage.submissions import queue_items
from storage.submissions.queue_items import TaskKind
from storage.submissions.submissions import Outcome, Submission, SubmissionState
from tests.intake.triage.test_decisions import Waiting, plant
from tests.support.people import plant_user
from tests.support.rows import Planter
from tests.support.threads import run_together

Opened = Callable[[], OpenedToChange[Submission]]


@pytest.fixture
def unfiled(sqlite_services: Services) -> Waiting:
    """Give a submission that waits to be matched."""
    return plant(sqlite_services, is_filed=False)


@pytest.fixture
def officer(sqlite_services: Services) -> SignedInUser:
    """Give an intake officer."""
    return plant_user(sqlite_services)


@pytest.fixture
def opened(unfiled: Waiting, officer: SignedInUser) -> Opened:
    """Give what opens the submission for the officer."""
    return lambda: gate.submission_to_change(unfiled.services, officer, unfiled.reference)


def change(waiting: Waiting, **fields: object) -> None:
    """Let the submission be something else."""
    with waiting.services.database.transaction() as session:
        submission = session.get_one(Submission, waiting.submission_id)
        for name, value in fields.items():
            setattr(submission, name, value)


def note_day(waiting: Waiting, day: date, *, is_confirmed: bool) -> str:
    """Let the submission have a legal date."""
    services = waiting.services
    with services.database.transaction() as session:
        row = LegalDate(
            id=new_id(),
            submission_id=waiting.submission_id,
            kind="trial",
            day=day,
            noted_at=services.now(),
            confirmed_at=services.now() if is_confirmed else None,
        )
        legal_dates.note(session, row)
        return row.id


def items_of(waiting: Waiting) -> list[tuple[str, object, object]]:
    """Return (queue, due time, who has it) of what is open."""
    with waiting.services.database.reading() as session:
        items = queue_items.of_submission(session, waiting.submission_id)
    return [(i.queue, i.due_at, i.claimed_by) for i in items if i.closed_at is None]


@pytest.mark.parametrize("outcome", list(Outcome))
def test_each_end_closes_its_own_item_and_says_who_and_how(
    unfiled: Waiting, officer: SignedInUser, opened: Opened, outcome: Outcome
) -> None:
    finish.finish_submission(unfiled.services, opened(), outcome)

    submission = unfiled.submission()
    state = "REDIRECTED" if outcome is Outcome.REDIRECTED else "CLOSED"
    assert (submission.state, submission.outcome) == (state, outcome)
    assert (submission.decided_by, submission.decided_at) == (officer.id, unfiled.services.now())
    assert unfiled.open_items() == []
    assert unfiled.acts() == ["submission.finished"]
    # Its coordinator learns that it is over, and nothing of how.
    assert of_submission(submission.state, is_duplicate=False) is Status.CLOSED


@pytest.mark.parametrize("outcome", list(Outcome))
def test_undone_it_waits_where_it_waited_with_its_due_time(
    unfiled: Waiting, opened: Opened, outcome: Outcome
) -> None:
    before = items_of(unfiled)
    finish.finish_submission(unfiled.services, opened(), outcome)

    finish.open_again(unfiled.services, opened())

    submission = unfiled.submission()
    assert items_of(unfiled) == before
    assert (submission.state, submission.outcome, submission.decided_by) == ("HOLDING", None, None)
    assert unfiled.acts() == ["submission.finished", "submission.opened_again"]


def test_what_was_on_hold_is_on_hold_again(unfiled: Waiting, opened: Opened) -> None:
    decisions.hold_submission(unfiled.services, opened(), HoldReason.WAITS_FOR_ANSWER)
    before = unfiled.open_items()
    finish.finish_submission(unfiled.services, opened(), Outcome.FORGED)

    finish.open_again(unfiled.services, opened())

    assert unfiled.open_items() == before == [("Q4", "referrals", "held_waits_for_answer")]


def test_what_was_opened_again_can_be_finished_otherwise(unfiled: Waiting, opened: Opened) -> None:
    finish.finish_submission(unfiled.services, opened(), Outcome.FORGED)
    finish.open_again(unfiled.services, opened())
    finish.finish_submission(unfiled.services, opened(), Outcome.ANSWERED)

    assert unfiled.submission().outcome == Outcome.ANSWERED
    assert finish.can_be_opened(unfiled.services, opened())


def test_what_had_only_a_task_waits_for_a_person_again(unfiled: Waiting, opened: Opened) -> None:
    with unfiled.services.database.transaction() as session:
        queue_items.close_all(session, unfiled.submission_id, unfiled.services.now())
    finish.finish_submission(unfiled.services, opened(), Outcome.NOTHING_TO_DO)

    finish.open_again(unfiled.services, opened())

    assert unfiled.open_items() == [("Q3", "referrals", "opened_again")]


def test_its_tasks_stay(unfiled: Waiting, opened: Opened) -> None:
    with unfiled.services.database.transaction() as session:
        kind = TaskKind.CALL_SENDER
        add_task(unfiled.services, session, unfiled.submission_id, kind=kind, reason=kind)

    finish.finish_submission(unfiled.services, opened(), Outcome.ANSWERED)

    assert unfiled.open_items() == [("Q4", "referrals", "call_sender")]


def test_what_belongs_to_a_case_with_others_ends_with_it(
    sqlite_services: Services, officer: SignedInUser
) -> None:
    filed = plant(sqlite_services, is_filed=True)
    opened = gate.submission_to_change(sqlite_services, officer, filed.reference)

    with sqlite_services.database.transaction() as session:
        case_id = session.get_one(Submission, filed.submission_id).case_id
        planter = Planter(session, sqlite_services.keyring, sqlite_services.now())
        planter.submission(case_id=case_id, state="QUEUED")

    with pytest.raises(HasOtherEnd):
        finish.finish_submission(sqlite_services, opened, Outcome.ANSWERED)
    without_paper.confirm_without_paper(sqlite_services, opened, ClosedWithout.INTERNAL)
    with pytest.raises(HasOtherEnd):
        finish.finish_submission(sqlite_services, opened, Outcome.ANSWERED)

    assert filed.submission().outcome is None


def test_a_sign_of_danger_comes_first(unfiled: Waiting, opened: Opened) -> None:
    services = unfiled.services
    with services.database.transaction() as session:
        kind = TaskKind.PROTECTION_SIGN
        add_task(services, session, unfiled.submission_id, kind=kind, reason=kind)

    with pytest.raises(ProtectionOpen):
        finish.finish_submission(services, opened(), Outcome.AUTOMATIC)
    assert "protection officer" in finish.why_not(services, opened())
    with services.database.transaction() as session:
        queue_items.close_kind(session, unfiled.submission_id, kind, services.now())

    finish.finish_submission(services, opened(), Outcome.AUTOMATIC)
    assert unfiled.submission().state == "CLOSED"


@pytest.mark.parametrize(
    ("days", "is_confirmed", "is_refused"),
    [(2, False, True), (2, True, True), (200, True, True), (200, False, False), (-60, True, False)],
)
def test_a_legal_date_comes_first_when_it_is_near_or_somebody_confirmed_it(
    unfiled: Waiting, opened: Opened, days: int, *, is_confirmed: bool, is_refused: bool
) -> None:
    services = unfiled.services
    day = services.now().date() + timedelta(days=days)
    date_id = note_day(unfiled, day, is_confirmed=is_confirmed)

    if is_refused:
        with pytest.raises(LegalDateOpen):
            finish.finish_submission(services, opened(), Outcome.NOTHING_TO_DO)
        with services.database.transaction() as session:
            session.get_one(LegalDate, date_id).ended_at = services.now()
    finish.finish_submission(services, opened(), Outcome.NOTHING_TO_DO)

    assert unfiled.submission().state == "CLOSED"


@pytest.mark.parametrize("state", ["RECEIVED", "DOCUMENTS"])
def test_what_is_still_worked_on_cannot_be_finished(
    unfiled: Waiting, opened: Opened, state: str
) -> None:
    change(unfiled, state=state)

    with pytest.raises(Conflict):
        finish.finish_submission(unfiled.services, opened(), Outcome.AUTOMATIC)

    assert unfiled.submission().state == state


@pytest.mark.parametrize(
    ("outcome", "fields"),
    [
        (Outcome.AUTOMATIC, {"channel": "phone"}),
        (Outcome.FORGED, {"channel": "upload", "submitted_by": "0" * 32}),
    ],
)
def test_an_end_that_does_not_fit_is_refused(
    unfiled: Waiting, opened: Opened, outcome: Outcome, fields: dict[str, object]
) -> None:
    change(unfiled, **fields)

    with pytest.raises(OutcomeInvalid):
        finish.finish_submission(unfiled.services, opened(), outcome)


def test_a_second_end_is_refused_and_what_was_not_ended_is_not_opened(
    unfiled: Waiting, opened: Opened
) -> None:
    with pytest.raises(Conflict):
        finish.open_again(unfiled.services, opened())
    finish.finish_submission(unfiled.services, opened(), Outcome.FORGED)
    with pytest.raises(Conflict):
        finish.finish_submission(unfiled.services, opened(), Outcome.ANSWERED)

    assert unfiled.submission().outcome == Outcome.FORGED
    finish.open_again(unfiled.services, opened())
    with pytest.raises(Conflict):
        finish.open_again(unfiled.services, opened())


def test_what_ended_is_not_handed_on(unfiled: Waiting, opened: Opened) -> None:
    finish.finish_submission(unfiled.services, opened(), Outcome.NOT_FOR_US)

    with pytest.raises(Conflict):
        decisions.hand_on_submission(unfiled.services, opened())

    assert unfiled.submission().programme == "referrals"


def test_a_colleagues_decision_meanwhile_refuses_it(unfiled: Waiting, opened: Opened) -> None:
    services = unfiled.services
    with services.database.reading() as session:
        seen = audit.newest_number(session)
    decisions.hold_submission(services, opened(), HoldReason.SENDER_UNSURE)

    with pytest.raises(ChangedMeanwhile):
        finish.finish_submission(services, opened(), Outcome.FORGED, seen_version=seen)

    assert unfiled.submission().state == "HOLDING"


def test_of_several_who_finish_at_once_one_does(
    sqlite_services: Services, unfiled: Waiting
) -> None:
    users = [plant_user(sqlite_services, f"Officer {number}") for number in range(3)]

    def attempt(number: int) -> str:
        opened = gate.submission_to_change(sqlite_services, users[number], unfiled.reference)
        try:
            finish.finish_submission(sqlite_services, opened, list(Outcome)[number])
        except Conflict:
            return "refused"
        return "done"

    assert sorted(run_together(3, attempt).results) == ["done", "refused", "refused"]
    assert unfiled.acts() == ["submission.finished"]


def test_another_programmes_officer_finds_nothing(unfiled: Waiting) -> None:
    cash = plant_user(unfiled.services, "Cash officer 1", "CASH")

    with pytest.raises(NotFound):
        gate.submission_to_change(unfiled.services, cash, unfiled.reference)


def test_the_search_finds_what_ended_and_how(
    unfiled: Waiting, officer: SignedInUser, opened: Opened
) -> None:
    finish.finish_submission(unfiled.services, opened(), Outcome.DUPLICATE)

    (hit,) = search_submissions(unfiled.services, officer, unfiled.reference).hits

    assert (hit.state, hit.outcome) == (SubmissionState.CLOSED, Outcome.DUPLICATE)
