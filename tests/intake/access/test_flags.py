"""Of a closed document a reader who sees its flag learns that it is there and its state.

That is what the matrix promises; its type, its format and size, its pages and why it is held are
closed with it (threat P10).
"""

from dataclasses import dataclass, replace

import pytest

from intake.access import gate
from intake.accounts.accounts import SignedInUser
from intake.cases.read import read_case
from intake.confirmations import facts
from intake.core.services import Services
from intake.documents import quarantine
from intake.documents.viewer import document_view
from intake.inspection.verdicts import REJECTED
from intake.triage.read_submission import read_submission
from storage.accounts.users import Role
from storage.cases.cases import Case
from storage.documents.document_types import DocumentTypeRange
from storage.submissions.submissions import Submission
from tests.portal import samples
from tests.portal.samples import Part, Seeded
from tests.portal.triage import extracted_values
from tests.support.people import plant_user
from tests.support.waiting import NEEDED, seed_waiting

# What no view of the closed document may say, in any field.
TELLING = ("MED-REC", "FIT-TRVL", "EICAR", "msword", "faktura", "7654321", "diagnos")
PARTS = (
    Part("", "CLEAN", "", "text/plain", 3, role="body"),
    Part("faktura.doc", "INFECTED", "malware:EICAR", "application/msword", 7_654_321, page_count=4),
    Part("brev.pdf", "HELD", "too_deep"),
)


@dataclass(frozen=True)
class Flagged:
    """A submission with a held health document of two types, and one that is open."""

    services: Services
    made: Seeded
    document_id: str
    case_reference: str

    def shown(self, user: SignedInUser) -> list[object]:
        """Return each view of the closed document that a user gets."""
        services, reference = self.services, self.made.reference
        page = read_submission(services, gate.submission_to_read(services, user, reference))
        case = read_case(services, gate.case_to_read(services, user, self.case_reference))
        opened = gate.document_to_read(services, user, self.document_id)
        return [
            *(each for each in page.documents if each.id == self.document_id),
            *page.triage.types_of(self.document_id),
            *(each for each in case.documents if each.id == self.document_id),
            document_view(services, opened).document,
            *self.listed(user),
        ]

    def listed(self, user: SignedInUser) -> list[quarantine.HeldRow]:
        """Return what the list of held documents says of it to a user."""
        rows = quarantine.held_list(self.services, user)
        return [row for row in rows if row.document_id == self.document_id]


@pytest.fixture
def flagged(sqlite_services: Services) -> Flagged:
    """Put such a submission in, with its types confirmed."""
    services = sqlite_services
    made = samples.seed(services, parts=PARTS)
    document_id = extracted_values.ids_of(services, made)[1]
    for kind, pages in (("MED-REC", (1, 2)), ("FIT-TRVL", (3, 4))):
        extracted_values.add_kind(services, document_id, kind, ("word:diagnos",), pages=pages)
    with services.database.transaction() as session:
        for row in session.query(DocumentTypeRange).filter_by(document_id=document_id):
            row.decided_by, row.decided_at = "somebody", services.now()
        own = session.get_one(Submission, made.submission_id)
        case_reference = session.get_one(Case, own.case_id).reference
    return Flagged(services, made, document_id, case_reference)


@pytest.mark.parametrize("role", [Role.INTAKE, Role.PROT])
def test_a_flag_says_that_it_is_there_and_no_more(flagged: Flagged, role: Role) -> None:
    user = replace(plant_user(flagged.services), role=role)

    shown = flagged.shown(user)

    # The page's document and its one type, the case's line, the viewer, and the list.
    assert len(shown) == 5
    assert [word for word in TELLING if any(word in repr(each) for each in shown)] == []


def test_who_decides_about_it_unseen_knows_that_it_takes_two_people(flagged: Flagged) -> None:
    officer = plant_user(flagged.services)

    view = next(each for each in flagged.shown(officer) if hasattr(each, "is_malware"))
    (row,) = flagged.listed(officer)

    assert view.is_malware
    assert (row.state, row.is_closed) == ("INFECTED", True)


def test_what_a_person_decided_about_it_stays_in_sight(flagged: Flagged) -> None:
    officer = plant_user(flagged.services)
    opened = gate.document_to_change(flagged.services, officer, flagged.document_id)
    quarantine.reject_document(flagged.services, opened, "The region sent it by mistake.")

    page = read_submission(
        flagged.services,
        gate.submission_to_read(flagged.services, officer, flagged.made.reference),
    )

    assert [each.reason for each in page.documents if each.is_closed] == [REJECTED]


def test_the_list_says_all_of_what_is_open_and_nothing_of_what_is_not_known(
    flagged: Flagged,
) -> None:
    officer = plant_user(flagged.services)
    manager = replace(officer, role=Role.MGR)

    told, of_manager = (quarantine.held_list(flagged.services, each) for each in (officer, manager))

    assert [(row.reason, row.size, row.is_closed) for row in told] == [
        ("", 0, True),
        ("too_deep", PARTS[2].size, False),
    ]
    # A manager may not know of health papers, and reads the other only with a reason.
    assert [(row.reason, row.size, row.is_closed) for row in of_manager] == [("", 0, True)]
    assert flagged.listed(manager) == []


def test_a_preview_names_no_missing_type_of_which_its_reader_may_not_know(
    sqlite_services: Services,
) -> None:
    waiting = seed_waiting(sqlite_services, *(kind for kind in NEEDED if kind != "HLTH-DECL"))
    officer = plant_user(sqlite_services)
    waiting.know(officer)

    with sqlite_services.database.reading() as session:
        submission = session.get_one(Submission, waiting.submission_id)
        of_all, of_officer, of_manager = (
            facts.checked_by_checklist(sqlite_services, session, submission, reader)
            for reader in (None, officer, replace(officer, role=Role.MGR))
        )

    assert of_all is not None
    assert len(of_all.missing) == 1
    assert of_officer == of_all
    assert of_manager is not None
    assert of_manager.missing == ()
