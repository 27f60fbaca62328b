"""Check finishing: confirm, hold and hand on, each once, and each taken back the way it came."""

from dataclasses import dataclass
from datetime import timedelta

import pytest

from intake.access import gate
from intake.access.opened import OpenedToChange
from intake.accounts.accounts import SignedInUser
from intake.core.errors import Conflict, NotFound
from intake.core.services import Services
from intake.triage import decisions
from intake.triage.decisions import ConfirmationNeeded, HoldReason, NotFiledYet
from intake.triage.endings.without_paper import ClosedWithout, confirm_without_paper
from storage import audit
from storage.cases.cases import Case
from storage.lists import work_subjects
from storage.submissions import queue_items
from storage.submissions.queue_items import Queue
from storage.submissions.submissions import Submission, SubmissionState
from tests.support import stepping
from tests.support.people import plant_user
from tests.support.rows import Planter


@dataclass(frozen=True)
class Waiting:
    """A submission that stands in a queue."""

    services: Services
    submission_id: str
    reference: str

    def submission(self) -> Submission:
        """Return it as it stands."""
        with self.services.database.reading() as session:
            return session.get_one(Submission, self.submission_id)

    def open_items(self) -> list[tuple[str, str, str]]:
        """Return (queue, programme, reason) of what is open about it."""
        with self.services.database.reading() as session:
            items = work_subjects.on_page(session, session.get_one(Submission, self.submission_id))
        return [(i.queue, i.programme, i.reason) for i in items if i.closed_at is None]

    def acts(self) -> list[str]:
        """Return what was audited, and prove the chain."""
        with self.services.database.reading() as session:
            assert audit.check_chain(session, self.services.keyring) == []
            events = audit.of_subject(session, "submission", self.submission_id)
        return [event.act for event in events]


def plant(services: Services, *, is_filed: bool, programme: str = "referrals") -> Waiting:
    """Store a submission in its queue, with a case or without."""
    with services.database.transaction() as session:
        planter = Planter(session, services.keyring, services.now())
        state = SubmissionState.QUEUED if is_filed else SubmissionState.HOLDING
        case_id = planter.case(programme=programme).id if is_filed else None
        submission = planter.submission(state=state, case_id=case_id, programme=programme)
        queue = Queue.NEW_REFERRALS if is_filed else Queue.MAIL_TO_MATCH
        planter.item(submission, queue=queue, due_at=services.now() + timedelta(hours=4))
    return Waiting(services, submission.id, submission.reference)


def internally(services: Services, opened: OpenedToChange[Submission]) -> None:
    """Close it as internal, which confirms it like a signed paper does."""
    confirm_without_paper(services, opened, ClosedWithout.INTERNAL)


@pytest.fixture
def filed(sqlite_services: Services) -> Waiting:
    """Give a submission that is filed to a case."""
    return plant(sqlite_services, is_filed=True)


@pytest.fixture
def unfiled(sqlite_services: Services) -> Waiting:
    """Give a submission that waits to be matched."""
    return plant(sqlite_services, is_filed=False)


@pytest.fixture
def officer(sqlite_services: Services) -> SignedInUser:
    """Give an intake officer."""
    return plant_user(sqlite_services)


def test_a_confirmed_submission_leaves_its_queue_and_its_case_has_an_owner(
    filed: Waiting, officer: SignedInUser
) -> None:
    internally(filed.services, gate.submission_to_change(filed.services, officer, filed.reference))

    submission = filed.submission()
    with filed.services.database.reading() as session:
        case = session.get_one(Case, submission.case_id)
    assert (submission.state, submission.decided_by) == ("CONFIRMED", officer.id)
    assert (case.state, case.owner_id) == ("CONFIRMED", officer.id)
    # What its checklist still asks for waits now, by the next reminder.
    assert [item[0] for item in filed.open_items()] == ["Q5"]
    with filed.services.database.reading() as session:
        asked = audit.of_subject(session, "case", case.id)
    assert filed.acts() == ["submission.closed_without"]
    assert [event.act for event in asked] == ["task.opened", "case.checked"]


def test_a_second_confirmation_is_refused(filed: Waiting, officer: SignedInUser) -> None:
    internally(filed.services, gate.submission_to_change(filed.services, officer, filed.reference))

    with pytest.raises(Conflict):
        internally(
            filed.services, gate.submission_to_change(filed.services, officer, filed.reference)
        )


def test_a_referral_is_not_confirmed_without_a_word(filed: Waiting, officer: SignedInUser) -> None:
    before = filed.open_items()

    with pytest.raises(ConfirmationNeeded):
        decisions.confirm_submission(
            filed.services, gate.submission_to_change(filed.services, officer, filed.reference)
        )

    assert (filed.submission().state, filed.open_items()) == ("QUEUED", before)


def test_what_is_about_cash_is_confirmed_without_a_paper(sqlite_services: Services) -> None:
    filed = plant(sqlite_services, is_filed=True, programme="cash")
    cash = plant_user(filed.services, "Cash officer 1", "CASH")

    decisions.confirm_submission(
        filed.services, gate.submission_to_change(filed.services, cash, filed.reference)
    )

    assert (filed.submission().state, filed.open_items()) == ("CONFIRMED", [])
    assert filed.acts() == ["submission.confirmed"]


def test_what_has_no_case_cannot_be_confirmed(unfiled: Waiting, officer: SignedInUser) -> None:
    with pytest.raises(NotFiledYet):
        internally(
            unfiled.services,
            gate.submission_to_change(unfiled.services, officer, unfiled.reference),
        )

    assert unfiled.submission().state == "HOLDING"


def test_undone_confirmation_leaves_the_due_time_as_it_was(
    filed: Waiting, officer: SignedInUser
) -> None:
    before = filed.open_items()
    internally(filed.services, gate.submission_to_change(filed.services, officer, filed.reference))

    stepping.undo_last(
        filed.services, gate.submission_to_change(filed.services, officer, filed.reference)
    )

    with filed.services.database.reading() as session:
        items = queue_items.of_submission(session, filed.submission_id)
    assert filed.open_items() == before
    own = [item.due_at for item in items if item.kind == "submission"]
    assert own == [filed.services.now() + timedelta(hours=4)]
    assert filed.submission().decided_by is None


def test_submission_not_confirmed_cannot_be_reopened(filed: Waiting, officer: SignedInUser) -> None:
    with pytest.raises(Conflict):
        stepping.undo_last(
            filed.services, gate.submission_to_change(filed.services, officer, filed.reference)
        )


@pytest.mark.parametrize("why", list(HoldReason))
def test_a_hold_moves_it_and_its_end_brings_it_back(
    filed: Waiting, officer: SignedInUser, why: HoldReason
) -> None:
    before = filed.open_items()

    decisions.hold_submission(
        filed.services, gate.submission_to_change(filed.services, officer, filed.reference), why
    )
    during = filed.open_items()
    decisions.resume_submission(
        filed.services, gate.submission_to_change(filed.services, officer, filed.reference)
    )

    # Where the sender is to be called back, the call waits beside the hold, and ends with it.
    call = ["task.opened"] if why is HoldReason.SENDER_UNSURE else []
    assert during == [("Q4", "referrals", f"held_{why}")] * (1 + len(call))
    assert filed.open_items() == before
    assert filed.acts() == ["submission.held", *call, "submission.resumed"]


def test_what_is_not_held_cannot_be_resumed(filed: Waiting, officer: SignedInUser) -> None:
    with pytest.raises(Conflict):
        decisions.resume_submission(
            filed.services, gate.submission_to_change(filed.services, officer, filed.reference)
        )


def test_misdirected_submission_is_in_the_other_programme_only(
    unfiled: Waiting, officer: SignedInUser
) -> None:
    decisions.hand_on_submission(
        unfiled.services, gate.submission_to_change(unfiled.services, officer, unfiled.reference)
    )

    assert unfiled.open_items() == [("Q11", "cash", "came_through_other_door")]
    assert unfiled.submission().programme == "cash"
    with pytest.raises(NotFound):
        decisions.hand_on_submission(
            unfiled.services,
            gate.submission_to_change(unfiled.services, officer, unfiled.reference),
        )


def test_the_other_programme_can_hand_it_back(unfiled: Waiting, officer: SignedInUser) -> None:
    cash = plant_user(unfiled.services, "Cash officer 1", "CASH")
    decisions.hand_on_submission(
        unfiled.services, gate.submission_to_change(unfiled.services, officer, unfiled.reference)
    )

    decisions.hand_on_submission(
        unfiled.services, gate.submission_to_change(unfiled.services, cash, unfiled.reference)
    )

    assert unfiled.open_items() == [("Q3", "referrals", "came_through_other_door")]


def test_what_is_filed_is_not_handed_on(filed: Waiting, officer: SignedInUser) -> None:
    with pytest.raises(Conflict):
        decisions.hand_on_submission(
            filed.services, gate.submission_to_change(filed.services, officer, filed.reference)
        )

    assert filed.submission().programme == "referrals"


def test_another_programmes_officer_finds_nothing(filed: Waiting) -> None:
    cash = plant_user(filed.services, "Cash officer 1", "CASH")

    for act in (
        internally,
        stepping.undo_last,
        decisions.resume_submission,
        decisions.hand_on_submission,
    ):
        with pytest.raises(NotFound):
            act(filed.services, gate.submission_to_change(filed.services, cash, filed.reference))
