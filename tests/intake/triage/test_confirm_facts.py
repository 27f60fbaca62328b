"""Check confirming facts.

A day that somebody confirms moves the clock; a wrong one comes off it.
"""

import json
from dataclasses import dataclass
from datetime import date, timedelta

import pytest

from intake.access import gate
from intake.accounts.accounts import SignedInUser
from intake.core.errors import NotFound
from intake.core.services import Services
from intake.triage import confirm_facts
from storage import audit
from storage.base import new_id
from storage.cases import legal_dates
from storage.cases.legal_dates import LegalDate
from storage.crypto.sealing import seal
from storage.documents import people
from storage.documents.extracted_values import ExtractedValue
from storage.documents.people import Person
from storage.submissions import queue_items
from storage.submissions.queue_items import QueueItem
from storage.submissions.submissions import Submission, SubmissionState, place
from tests.support.people import plant_user
from tests.support.rows import Planter

TODAY = date(2026, 11, 24)
SOON = TODAY + timedelta(days=4)


@dataclass(frozen=True)
class Paper:
    """A submission that waits, with one paper."""

    services: Services
    submission_id: str
    reference: str
    document_id: str

    def suggest(self, kind: str, value: str) -> str:
        """Store an extracted value as the worker leaves it, and return its id."""
        value_id = new_id()
        with self.services.database.transaction() as session:
            submission = session.get_one(Submission, self.submission_id)
            key = self.services.keyring.open(session, submission.data_key_id)
            said = json.dumps({"value": value, "shown": value})
            session.add(
                ExtractedValue(
                    id=value_id,
                    document_id=self.document_id,
                    position=0,
                    kind=kind,
                    value=seal(key, place("reading_aids", "value", value_id), said),
                    page=1,
                    place={"start": 0, "end": 1, "fact": ""},
                )
            )
        return value_id

    def dates(self) -> list[LegalDate]:
        """Return the dates that count."""
        with self.services.database.reading() as session:
            return legal_dates.of_submissions(session, [self.submission_id])

    def item(self) -> QueueItem:
        """Return the open item."""
        with self.services.database.reading() as session:
            items = queue_items.of_submission(session, self.submission_id)
        (item,) = [item for item in items if item.closed_at is None]
        return item

    def acts(self) -> list[str]:
        """Return what was audited, and prove the chain."""
        with self.services.database.reading() as session:
            assert audit.check_chain(session, self.services.keyring) == []
            events = audit.of_subject(session, "submission", self.submission_id)
        return [event.act for event in events]


@pytest.fixture
def paper(sqlite_services: Services) -> Paper:
    """Give a filed submission in the queue of new referrals."""
    services = sqlite_services
    with services.database.transaction() as session:
        planter = Planter(session, services.keyring, services.now())
        submission = planter.submission(state=SubmissionState.QUEUED, case_id=planter.case().id)
        document = planter.document(submission)
        planter.item(submission, due_at=services.now() + timedelta(days=1))
    return Paper(services, submission.id, submission.reference, document.id)


@pytest.fixture
def officer(sqlite_services: Services) -> SignedInUser:
    """Give an intake officer."""
    return plant_user(sqlite_services)


def test_a_confirmed_day_near_by_takes_the_submission_to_the_emergency_queue(
    paper: Paper, officer: SignedInUser
) -> None:
    value_id = paper.suggest("reflection_end", SOON.isoformat())

    confirm_facts.decide_value(
        paper.services,
        gate.submission_to_change(paper.services, officer, paper.reference),
        value_id,
        is_right=True,
    )

    (noted,) = paper.dates()
    assert (noted.kind, noted.day, noted.confirmed_by) == ("reflection_end", SOON, officer.id)
    assert paper.item().queue == "Q1"
    assert "aid.confirmed" in paper.acts()


def test_a_dismissed_day_is_on_no_clock(paper: Paper, officer: SignedInUser) -> None:
    value_id = paper.suggest("reflection_end", SOON.isoformat())

    confirm_facts.decide_value(
        paper.services,
        gate.submission_to_change(paper.services, officer, paper.reference),
        value_id,
        is_right=False,
    )

    assert paper.dates() == []
    assert paper.item().queue == "Q2"


@pytest.mark.parametrize("value", ["2026-11-12|2026-12-11", "", "2026-13-45"])
def test_a_day_that_could_be_another_is_not_noted(
    paper: Paper, officer: SignedInUser, value: str
) -> None:
    value_id = paper.suggest("trial", value)

    confirm_facts.decide_value(
        paper.services,
        gate.submission_to_change(paper.services, officer, paper.reference),
        value_id,
        is_right=True,
    )

    assert paper.dates() == []


def test_what_is_no_date_only_changes_its_own_state(paper: Paper, officer: SignedInUser) -> None:
    value_id = paper.suggest("k_number", "5000-K1-26")

    confirm_facts.decide_value(
        paper.services,
        gate.submission_to_change(paper.services, officer, paper.reference),
        value_id,
        is_right=True,
    )

    assert paper.dates() == []


def test_an_officer_notes_a_day_and_takes_it_off_again(paper: Paper, officer: SignedInUser) -> None:
    confirm_facts.note_day(
        paper.services,
        gate.submission_to_change(paper.services, officer, paper.reference),
        "trial",
        SOON,
    )
    (noted,) = paper.dates()

    confirm_facts.end_day(
        paper.services,
        gate.submission_to_change(paper.services, officer, paper.reference),
        noted.id,
    )

    assert noted.confirmed_at is not None
    assert paper.dates() == []
    assert paper.acts()[-1] == "date.ended"


@pytest.mark.parametrize("is_right", [True, False])
def test_a_person_is_confirmed_or_dismissed(
    paper: Paper, officer: SignedInUser, is_right: bool
) -> None:
    person_id = new_id()
    with paper.services.database.transaction() as session:
        submission = session.get_one(Submission, paper.submission_id)
        session.add(
            Person(
                id=person_id,
                submission_id=submission.id,
                data_key_id=submission.data_key_id,
                name=b"sealed",
                born=b"sealed",
                added_at=paper.services.now(),
            )
        )

    confirm_facts.decide_person(
        paper.services,
        gate.submission_to_change(paper.services, officer, paper.reference),
        person_id,
        is_right=is_right,
    )

    with paper.services.database.reading() as session:
        kept = people.of_submissions(session, [paper.submission_id])
    assert [row.confirmed_by for row in kept] == ([officer.id] if is_right else [])


def test_another_programmes_officer_finds_nothing(paper: Paper, officer: SignedInUser) -> None:
    cash = plant_user(paper.services, "Cash officer 1", "CASH")
    value_id = paper.suggest("trial", SOON.isoformat())
    confirm_facts.note_day(
        paper.services,
        gate.submission_to_change(paper.services, officer, paper.reference),
        "trial",
        SOON,
    )
    (noted,) = paper.dates()

    with pytest.raises(NotFound):
        confirm_facts.decide_value(
            paper.services,
            gate.submission_to_change(paper.services, cash, paper.reference),
            value_id,
            is_right=True,
        )
    with pytest.raises(NotFound):
        confirm_facts.note_day(
            paper.services,
            gate.submission_to_change(paper.services, cash, paper.reference),
            "trial",
            SOON,
        )
    with pytest.raises(NotFound):
        confirm_facts.end_day(
            paper.services,
            gate.submission_to_change(paper.services, cash, paper.reference),
            noted.id,
        )
    with pytest.raises(NotFound):
        confirm_facts.decide_person(
            paper.services,
            gate.submission_to_change(paper.services, cash, paper.reference),
            new_id(),
            is_right=True,
        )


def test_another_submissions_date_or_person_is_not_there(
    paper: Paper, officer: SignedInUser
) -> None:
    with paper.services.database.transaction() as session:
        other = Planter(session, paper.services.keyring, paper.services.now()).submission()
    confirm_facts.note_day(
        paper.services,
        gate.submission_to_change(paper.services, officer, paper.reference),
        "trial",
        SOON,
    )
    (noted,) = paper.dates()

    with pytest.raises(NotFound):
        confirm_facts.end_day(
            paper.services,
            gate.submission_to_change(paper.services, officer, other.reference),
            noted.id,
        )
