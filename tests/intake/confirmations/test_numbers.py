"""Check how signed papers are numbered: each kind by itself, and no number twice."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

import pytest

from intake.accounts.accounts import SignedInUser
from intake.confirmations import receipt_pdf, signed_papers
from intake.confirmations.confirm import SignedMeanwhile
from intake.core.errors import Conflict
from intake.core.services import Services
from intake.senders.register import add_sender
from storage.blobs.blobs import Backend, BlobStore
from storage.cases.confirmations import Confirmation
from tests.intake.confirmations.papers import Case, seed_case
from tests.intake.confirmations.test_pdf import pages_of
from tests.intake.documents.held import FACTS
from tests.support.people import plant_user


@dataclass
class SlowDisk:
    """A disk on which something else happens before the first bytes are kept."""

    disk: Backend
    happens: Callable[[], object] | None

    def put_all(self, items: Iterable[tuple[str, Iterable[bytes]]]) -> None:
        """Let it happen once, then keep them."""
        happens, self.happens = self.happens, None
        if happens is not None:
            happens()
        self.disk.put_all(items)

    def get(self, key: str) -> Iterator[bytes]:
        """Stream one blob."""
        return self.disk.get(key)

    def delete(self, key: str) -> None:
        """Remove one blob."""
        self.disk.delete(key)

    def listing(self) -> Iterator[tuple[str, float]]:
        """List every key."""
        return self.disk.listing()


@pytest.fixture
def case(sqlite_services: Services) -> Case:
    """Give scenario 1, from a registered sender."""
    add_sender(sqlite_services, "operator", str(FACTS["from_address"]), "VAST")
    return seed_case(sqlite_services)


@pytest.fixture
def officer(sqlite_services: Services) -> SignedInUser:
    """Give an intake officer."""
    return plant_user(sqlite_services)


def test_a_colleague_who_signs_in_between_is_named_as_the_reason(
    case: Case, officer: SignedInUser
) -> None:
    other = plant_user(case.services, "Intake officer 2")
    shown = case.shown(officer)
    disk = SlowDisk(case.services.blobs.backend, lambda: case.sign(other))
    slow = replace(case.services, blobs=BlobStore(disk))

    with pytest.raises(SignedMeanwhile) as refused:
        replace(case, services=slow).sign(officer, shown)

    assert "A colleague has signed" in refused.value.public
    assert [row.number for row in case.papers()] == [1]


def test_confirmations_are_counted_apart_from_the_receipt(
    case: Case, officer: SignedInUser
) -> None:
    receipt_pdf.issue_receipt(case.services, case.submission_id)

    for _ in range(2):
        case.sign(officer)

    assert [(row.kind, row.number) for row in case.papers()] == [("R1", 1), ("R2", 1), ("R2", 2)]
    first, second = (
        " ".join(
            pages_of(
                signed_papers.open_paper(
                    case.services, signed_papers.paper_to_read(case.services, officer, row.id)
                )
            )
        )
        for row in case.papers()[1:]
    )
    numbered = re.compile(r"Reference: \S+\s+Nr / No\. (\d+)")
    assert numbered.search(first) is None
    assert numbered.findall(second) == ["2"]


def test_what_was_printed_with_another_number_keeps_it(case: Case, officer: SignedInUser) -> None:
    first = case.sign(officer)
    with case.services.database.transaction() as session:
        # As the papers were counted before: the receipt was no. 1.
        session.get_one(Confirmation, first).number = 2

    case.sign(officer)

    assert [row.number for row in case.papers()] == [2, 3]


def test_the_database_takes_no_number_twice(case: Case, officer: SignedInUser) -> None:
    case.sign(officer)
    second = case.sign(officer)

    with pytest.raises(Conflict), case.services.database.transaction() as session:
        session.get_one(Confirmation, second).number = 1
