"""Whoever no longer owns a case reads nothing of it by an item that they kept (threat P14)."""

from dataclasses import dataclass

import pytest

from intake.access import gate
from intake.accounts.accounts import SignedInUser
from intake.cases.hand_over import HandOverReason, hand_over
from intake.core.errors import NotFound
from intake.core.services import Services
from intake.filing import case_actions
from intake.filing.undo import undo_filing
from intake.queues import assignment
from intake.triage.undoing import step_back
from storage import audit
from storage.accounts.users import User
from storage.cases.cases import Case
from storage.submissions.queue_items import QueueItem, TaskKind
from storage.submissions.submissions import Submission
from tests.support.people import plant_user
from tests.support.rows import Planter


@dataclass(frozen=True)
class Filed:
    """A case with its owner, who has the item of its one submission."""

    case: Case
    submission: Submission
    item: QueueItem
    owner: SignedInUser


@pytest.fixture
def officer(sqlite_services: Services) -> SignedInUser:
    """Give somebody who may act on every case."""
    return plant_user(sqlite_services)


@pytest.fixture
def mine(sqlite_services: Services) -> Filed:
    """Give a caseworker's case."""
    return plant(sqlite_services, "Caseworker 1")


@pytest.fixture
def theirs(sqlite_services: Services) -> Filed:
    """Give another caseworker's case."""
    return plant(sqlite_services, "Caseworker 2")


def plant(services: Services, label: str) -> Filed:
    owner = plant_user(services, label, "CASEW")
    with services.database.transaction() as session:
        planter = Planter(session, services.keyring, services.now())
        # Only who has been in can own a case.
        session.get_one(User, owner.id).password_hash = "planted"
        case = planter.case(owner_id=owner.id, state="CONFIRMED")
        submission = planter.submission(case_id=case.id, state="QUEUED")
        item = planter.item(submission, claimed_by=owner.id, claimed_at=services.now())
    return Filed(case, submission, item, owner)


def reads(services: Services, user: SignedInUser, filed: Filed) -> bool:
    try:
        gate.submission_to_read(services, user, filed.submission.reference)
    except NotFound:
        return False
    return True


def merged(services: Services, officer: SignedInUser, old: Filed, into: Filed) -> str:
    first, second = (
        gate.case_to_file_into(services, officer, each.case.reference, follows=False)
        for each in (old, into)
    )
    return case_actions.merge_cases(services, first, second)


def handed_over(services: Services, mine: Filed, theirs: Filed) -> None:
    """Let an owner hand a case over to the owner of another."""
    hand_over(
        services,
        gate.case_to_change(services, mine.owner, mine.case.reference),
        to_id=theirs.owner.id,
        reason=HandOverReason.TOO_CLOSE.value,
        seen_owner_id=mine.owner.id,
    )


def releases(services: Services, filed: Filed) -> list[str]:
    """Return from whom items of a submission were released, by the audit."""
    with services.database.reading() as session:
        events = audit.of_subject(session, "submission", filed.submission.id)
    return [event.detail["from"] for event in events if event.act == "item.released"]


def test_handing_a_case_over_hands_its_items_back(
    sqlite_services: Services, mine: Filed, theirs: Filed
) -> None:
    handed_over(sqlite_services, mine, theirs)

    assert not reads(sqlite_services, mine.owner, mine)
    assert reads(sqlite_services, theirs.owner, mine)
    assert releases(sqlite_services, mine) == [mine.owner.id]


def test_a_colleagues_item_stays_when_a_case_is_handed_over(
    sqlite_services: Services, mine: Filed, theirs: Filed
) -> None:
    helper = plant_user(sqlite_services, "Caseworker 3", "CASEW")
    with sqlite_services.database.transaction() as session:
        session.get_one(QueueItem, mine.item.id).claimed_by = helper.id

    handed_over(sqlite_services, mine, theirs)

    assert reads(sqlite_services, helper, mine)


def test_merging_into_anothers_case_and_undoing_it_leave_each_with_their_own(
    sqlite_services: Services, officer: SignedInUser, mine: Filed, theirs: Filed
) -> None:
    batch = merged(sqlite_services, officer, mine, theirs)

    assert not reads(sqlite_services, mine.owner, mine)
    with sqlite_services.database.transaction() as session:
        session.get_one(QueueItem, mine.item.id).claimed_by = theirs.owner.id
    undo_filing(sqlite_services, gate.filing_to_undo(sqlite_services, officer, batch))
    assert reads(sqlite_services, mine.owner, mine)
    assert not reads(sqlite_services, theirs.owner, mine)
    assert releases(sqlite_services, mine) == [mine.owner.id, theirs.owner.id]


def test_an_officers_item_stays_when_cases_are_merged(
    sqlite_services: Services, officer: SignedInUser, mine: Filed, theirs: Filed
) -> None:
    with sqlite_services.database.transaction() as session:
        session.get_one(QueueItem, mine.item.id).claimed_by = officer.id

    merged(sqlite_services, officer, mine, theirs)

    with sqlite_services.database.reading() as session:
        assert session.get_one(QueueItem, mine.item.id).claimed_by == officer.id


def test_splitting_takes_what_left_from_the_owner(
    sqlite_services: Services, officer: SignedInUser, mine: Filed
) -> None:
    with sqlite_services.database.transaction() as session:
        planter = Planter(session, sqlite_services.keyring, sqlite_services.now())
        planter.submission(case_id=mine.case.id, state="QUEUED")

    opened = gate.submission_to_file(sqlite_services, officer, mine.submission.reference)
    case_actions.split_submission(sqlite_services, opened)

    assert not reads(sqlite_services, mine.owner, mine)


def test_filing_into_anothers_case_ends_what_was_kept_of_the_mail(
    sqlite_services: Services, officer: SignedInUser, mine: Filed, theirs: Filed
) -> None:
    with sqlite_services.database.transaction() as session:
        submission = session.get_one(Submission, mine.submission.id)
        submission.case_id, submission.state = None, "HOLDING"
        session.get_one(QueueItem, mine.item.id).kind = TaskKind.CALL_SENDER

    opened = gate.submission_to_file(sqlite_services, officer, mine.submission.reference)
    into = gate.case_to_file_into(sqlite_services, officer, theirs.case.reference)
    case_actions.accept_submission(sqlite_services, opened, into)

    assert not reads(sqlite_services, mine.owner, mine)


def test_undoing_an_assignment_gives_a_former_owner_nothing_back(
    sqlite_services: Services, officer: SignedInUser, mine: Filed, theirs: Filed
) -> None:
    services = sqlite_services
    opened = gate.submission_to_change(services, officer, mine.submission.reference)
    assignment.assign_item(services, opened, theirs.owner.id, holder_id=mine.owner.id)
    handed_over(services, mine, theirs)
    with services.database.reading() as session:
        events = audit.of_subject(session, "submission", mine.submission.id)
    (number,) = [each.sequence for each in events if each.act == "item.assigned"]

    again = gate.submission_to_change(services, officer, mine.submission.reference)
    step_back.step_back(services, again, number)

    assert not reads(services, mine.owner, mine)
