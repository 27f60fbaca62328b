"""Check that the same person in another case is found, across spellings, in one programme only."""

from dataclasses import dataclass

import pytest

from intake.core.services import Services
from intake.recognition.matching import name_keys
from intake.recognition.similar_people import similar_people
from storage.base import new_id
from storage.cases.cases import Case
from storage.crypto.sealing import seal
from storage.documents.people import Person, PersonKey
from storage.submissions.submissions import Submission, place
from tests.support.rows import Planter


@dataclass(frozen=True)
class Office:
    """A store with people in cases."""

    services: Services

    def plant(
        self, name: str, born: str = "", *, programme: str = "referrals", has_case: bool = True
    ) -> tuple[str, str | None]:
        """Store a submission that names one person; return its id and its case's."""
        services = self.services
        with services.database.transaction() as session:
            planter = Planter(session, services.keyring, services.now())
            case_id = planter.case(programme=programme).id if has_case else None
            submission = planter.submission(programme=programme, case_id=case_id)
            key = services.keyring.open(session, submission.data_key_id)
            person_id = new_id()
            session.add(
                Person(
                    id=person_id,
                    submission_id=submission.id,
                    data_key_id=key.id,
                    name=seal(key, place("people", "name", person_id), name),
                    born=seal(key, place("people", "born", person_id), born),
                    added_at=services.now(),
                )
            )
            session.flush()
            for each in name_keys(name):
                hashed = services.keyring.lookup(session, "person-name", each)
                session.add(PersonKey(person_id=person_id, key_hash=hashed))
        return submission.id, case_id

    def similar(self, submission_id: str) -> dict[str, float]:
        """Return the cases that may be of the same person."""
        with self.services.database.reading() as session:
            submission = session.get_one(Submission, submission_id)
            key = self.services.keyring.open(session, submission.data_key_id)
            found = similar_people(self.services, session, submission, key)
        return {case_id: likenesses[0].score for case_id, likenesses in found.items()}

    def merge(self, case_id: str | None, into: str | None) -> None:
        """Let one case have been merged into another."""
        with self.services.database.transaction() as session:
            session.get_one(Case, case_id).merged_into = into


@pytest.fixture
def office(sqlite_services: Services) -> Office:
    """Give an empty store."""
    return Office(sqlite_services)


@pytest.mark.parametrize(
    ("theirs", "ours"),
    [
        ("Mohammed Demo Testsson", "Muhammad Demo Testsson"),
        ("Yusuf Provisorisk", "Youssef Provisorisk"),
        ("Demo Testsson Exempel", "Exempel Demo Testsson"),
    ],
)
def test_another_spelling_is_pointed_at(office: Office, theirs: str, ours: str) -> None:
    _, case_id = office.plant(theirs, "1990-05-01")
    submission_id, _ = office.plant(ours, "1990-05-01", has_case=False)

    assert list(office.similar(submission_id)) == [case_id]


def test_another_birth_date_is_not_the_same_person(office: Office) -> None:
    office.plant("Demo Testsson", "1961-02-03")
    submission_id, _ = office.plant("Demo Testsson", "1999-11-30")

    assert office.similar(submission_id) == {}


def test_another_name_is_nobody(office: Office) -> None:
    office.plant("Anders Påhittad", "1990-05-01")
    submission_id, _ = office.plant("Demo Testsson", "1990-05-01")

    assert office.similar(submission_id) == {}


def test_the_other_programme_is_never_looked_at(office: Office) -> None:
    office.plant("Demo Testsson", "1990-05-01", programme="cash")
    submission_id, _ = office.plant("Demo Testsson", "1990-05-01")

    assert office.similar(submission_id) == {}


def test_whoever_has_no_case_leads_nowhere(office: Office) -> None:
    office.plant("Demo Testsson", "1990-05-01", has_case=False)
    submission_id, _ = office.plant("Demo Testsson", "1990-05-01")

    assert office.similar(submission_id) == {}


def test_a_merged_case_leads_to_where_it_went(office: Office) -> None:
    _, merged = office.plant("Demo Testsson", "1990-05-01")
    _, into = office.plant("Anders Påhittad", "1971-01-02")
    submission_id, _ = office.plant("Demo Testsson", "1990-05-01", has_case=False)
    office.merge(merged, into)

    assert list(office.similar(submission_id)) == [into]
