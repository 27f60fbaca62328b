"""Check confirming document types.

One key confirms all types, corrections teach, and nothing is guessed for anyone.
"""

import json
from dataclasses import dataclass

import pytest

from intake.access import gate
from intake.accounts.accounts import SignedInUser
from intake.core.errors import NotFound
from intake.core.services import Services
from intake.triage import confirm_facts, confirm_types
from intake.triage.confirm_types import DocumentTypeInvalid, PageRange
from storage import audit
from storage.base import new_id
from storage.crypto.sealing import seal
from storage.documents import document_types, extracted_values
from storage.documents.document_types import DocumentTypeRange
from storage.documents.documents import Document
from storage.documents.extracted_values import ExtractedValue
from storage.submissions.submissions import Submission, place
from tests.support.people import plant_user
from tests.support.rows import Planter

TYPES = {"REF-FORM", "CONS-SHARE", "RISK-ASM", "POL-RPT"}


@dataclass(frozen=True)
class Read:
    """A submission with three documents that the machine has read."""

    services: Services
    reference: str
    submission_id: str
    documents: dict[str, str]

    def types(self, name: str) -> list[tuple[int, int, str, bool]]:
        """Return (first page, last page, type, is decided) of a document's ranges."""
        with self.services.database.reading() as session:
            rows = document_types.of_documents(session, [self.documents[name]])
        return [
            (r.first_page, r.last_page, r.document_type, r.decided_at is not None) for r in rows
        ]

    def type_of(self, name: str) -> str:
        """Return the type that lists show for a document."""
        with self.services.database.reading() as session:
            return session.get_one(Document, self.documents[name]).document_type

    def acts(self) -> list[tuple[str, str]]:
        """Return (act, type) of what was audited, and prove the chain."""
        with self.services.database.reading() as session:
            assert audit.check_chain(session, self.services.keyring) == []
            events = audit.of_subject(session, "submission", self.submission_id)
        return [(event.act, event.detail.get("kind", "")) for event in events]


@pytest.fixture
def read(sqlite_services: Services) -> Read:
    """Give a form and a scan of nine pages with suggestions, and one that nobody could tell."""
    services = sqlite_services
    with services.database.transaction() as session:
        planter = Planter(session, services.keyring, services.now())
        submission = planter.submission()
        suggested = {"form": ("REF-FORM", 2), "scan": ("RISK-ASM", 9), "odd": ("UNK", 1)}
        ids = {}
        for position, (name, (code, pages)) in enumerate(suggested.items()):
            document = planter.document(submission, position=position, page_count=pages)
            ids[name] = document.id
            session.add(_suggested(document.id, code, (1, pages)))
    return Read(services, submission.reference, submission.id, ids)


@pytest.fixture
def officer(sqlite_services: Services) -> SignedInUser:
    """Give an intake officer."""
    return plant_user(sqlite_services)


def test_one_key_confirms_what_was_told_and_leaves_the_unknown_open(
    read: Read, officer: SignedInUser
) -> None:
    assert (
        confirm_types.confirm_types(
            read.services, gate.submission_to_change(read.services, officer, read.reference)
        )
        == 2
    )

    assert read.types("form") == [(1, 2, "REF-FORM", True)]
    assert read.types("odd") == [(1, 1, "UNK", False)]
    assert read.type_of("scan") == "RISK-ASM"
    assert sorted(read.acts()) == [
        ("document.kind_confirmed", "REF-FORM"),
        ("document.kind_confirmed", "RISK-ASM"),
    ]


def test_suggested_pages_that_are_closed_to_the_user_stay_open(
    read: Read, officer: SignedInUser
) -> None:
    with read.services.database.transaction() as session:
        (row,) = document_types.of_documents(session, [read.documents["scan"]])
        row.document_type = row.suggested_type = "MED-REC"

    confirmed = confirm_types.confirm_types(
        read.services, gate.submission_to_change(read.services, officer, read.reference)
    )

    assert confirmed == 1
    assert read.types("scan") == [(1, 9, "MED-REC", False)]
    assert read.acts() == [("document.kind_confirmed", "REF-FORM")]


def test_confirming_again_confirms_nothing_more(read: Read, officer: SignedInUser) -> None:
    confirm_types.confirm_types(
        read.services, gate.submission_to_change(read.services, officer, read.reference)
    )

    assert (
        confirm_types.confirm_types(
            read.services, gate.submission_to_change(read.services, officer, read.reference)
        )
        == 0
    )


def test_a_correction_is_counted_beside_what_was_suggested(
    read: Read, officer: SignedInUser
) -> None:
    confirm_types.confirm_types(
        read.services, gate.submission_to_change(read.services, officer, read.reference)
    )

    confirm_types.set_type(
        read.services,
        gate.document_to_change(read.services, officer, read.documents["scan"]),
        "POL-RPT",
        TYPES,
    )

    assert read.type_of("scan") == "POL-RPT"
    assert read.acts()[-1] == ("document.kind_corrected", "POL-RPT")
    with read.services.database.reading() as session:
        assert document_types.count_decided(session) == (1, 1)


@pytest.mark.parametrize(
    ("pages", "ranges"),
    [
        (PageRange(1, 3), [(1, 3, "POL-RPT", True), (4, 9, "RISK-ASM", False)]),
        (PageRange(7, 9), [(1, 6, "RISK-ASM", False), (7, 9, "POL-RPT", True)]),
        (
            PageRange(4, 6),
            [(1, 3, "RISK-ASM", False), (4, 6, "POL-RPT", True), (7, 9, "RISK-ASM", False)],
        ),
        (PageRange(1, 9), [(1, 9, "POL-RPT", True)]),
    ],
)
def test_pages_of_a_scan_get_a_type_of_their_own_and_none_is_left_without(
    read: Read,
    officer: SignedInUser,
    pages: PageRange,
    ranges: list[tuple[int, int, str, bool]],
) -> None:
    confirm_types.set_type(
        read.services,
        gate.document_to_change(read.services, officer, read.documents["scan"]),
        "POL-RPT",
        TYPES,
        pages,
    )

    assert read.types("scan") == ranges
    assert read.type_of("scan") == ranges[0][2]


@pytest.mark.parametrize("in_copy", [None, 3, 7])
@pytest.mark.parametrize("suggested", [(), ((1, 3),), ((1, 2), (3, 5))])
@pytest.mark.parametrize("counted", [None, 4])
def test_the_whole_document_is_all_its_pages_by_whatever_counts_them(
    read: Read,
    officer: SignedInUser,
    counted: int | None,
    suggested: tuple[tuple[int, int], ...],
    in_copy: int | None,
) -> None:
    with read.services.database.transaction() as session:
        planter = Planter(session, read.services.keyring, read.services.now())
        submission = session.get_one(Submission, read.submission_id)
        document = planter.document(submission, position=9, page_count=counted)
        read.documents["word"] = document.id
        if in_copy is not None:
            planter.safe_copy(document).page_count = in_copy
        for first, last in suggested:
            session.add(_suggested(document.id, "RISK-ASM", (first, last)))
    last_page = max(1, counted or 1, in_copy or 1, *(last for _, last in suggested))

    confirm_types.set_type(
        read.services,
        gate.document_to_change(read.services, officer, document.id),
        "POL-RPT",
        TYPES,
    )

    assert read.types("word") == [(1, last_page, "POL-RPT", True)]


def test_a_wider_range_takes_the_place_of_narrower_ones(read: Read, officer: SignedInUser) -> None:
    scan = read.documents["scan"]
    confirm_types.set_type(
        read.services,
        gate.document_to_change(read.services, officer, scan),
        "CONS-SHARE",
        TYPES,
        PageRange(4, 6),
    )

    confirm_types.set_type(
        read.services,
        gate.document_to_change(read.services, officer, scan),
        "REF-FORM",
        TYPES,
        PageRange(2, 9),
    )

    assert read.types("scan") == [(1, 1, "RISK-ASM", False), (2, 9, "REF-FORM", True)]


@pytest.mark.parametrize("code", ["NOT-A-TYPE", "", "ref-form", "REF-FORM'--", "X" * 200])
def test_a_type_that_is_not_in_force_is_refused(
    read: Read, officer: SignedInUser, code: str
) -> None:
    with pytest.raises(DocumentTypeInvalid):
        confirm_types.set_type(
            read.services,
            gate.document_to_change(read.services, officer, read.documents["form"]),
            code,
            TYPES,
        )

    assert read.acts() == []


@pytest.mark.parametrize("pages", [PageRange(0, 1), PageRange(2, 1), PageRange(1, 3)])
def test_pages_that_the_document_has_not_are_refused(
    read: Read, officer: SignedInUser, pages: PageRange
) -> None:
    with pytest.raises(DocumentTypeInvalid):
        confirm_types.set_type(
            read.services,
            gate.document_to_change(read.services, officer, read.documents["form"]),
            "REF-FORM",
            TYPES,
            pages,
        )


def test_another_programmes_officer_finds_nothing(read: Read) -> None:
    cash = plant_user(read.services, "Cash officer 1", "CASH")

    with pytest.raises(NotFound):
        confirm_types.confirm_types(
            read.services, gate.submission_to_change(read.services, cash, read.reference)
        )
    with pytest.raises(NotFound):
        confirm_types.set_type(
            read.services,
            gate.document_to_change(read.services, cash, read.documents["form"]),
            "REF-FORM",
            TYPES,
        )


@pytest.mark.parametrize("reference", ["K7M-4QX-9T", "nonsense", ""])
def test_an_unknown_reference_is_not_found(
    read: Read, officer: SignedInUser, reference: str
) -> None:
    with pytest.raises(NotFound):
        confirm_types.confirm_types(
            read.services, gate.submission_to_change(read.services, officer, reference)
        )


@pytest.mark.parametrize(
    ("is_right", "state", "act"),
    [(True, "confirmed", "aid.confirmed"), (False, "dismissed", "aid.dismissed")],
)
def test_an_extracted_value_is_confirmed_or_dismissed_by_a_person(
    read: Read, officer: SignedInUser, is_right: bool, state: str, act: str
) -> None:
    value = ExtractedValue(
        id=new_id(),
        document_id=read.documents["form"],
        position=0,
        kind="k_number",
        value=b"",
        page=1,
    )
    with read.services.database.transaction() as session:
        submission = session.get_one(Submission, read.submission_id)
        key = read.services.keyring.open(session, submission.data_key_id)
        said = json.dumps({"value": "5000-K1-26", "shown": "5000-K1-26"})
        value.value = seal(key, place("reading_aids", "value", value.id), said)
        session.add(value)

    confirm_facts.decide_value(
        read.services,
        gate.submission_to_change(read.services, officer, read.reference),
        value.id,
        is_right=is_right,
    )

    with read.services.database.reading() as session:
        decided = extracted_values.by_id(session, value.id)
    assert decided is not None
    assert (decided.state, decided.decided_by) == (state, officer.id)
    assert read.acts() == [(act, "k_number")]


def test_an_unknown_aid_is_not_found(read: Read, officer: SignedInUser) -> None:
    with pytest.raises(NotFound):
        confirm_facts.decide_value(
            read.services,
            gate.submission_to_change(read.services, officer, read.reference),
            "0" * 32,
            is_right=True,
        )


def _suggested(document_id: str, code: str, pages: tuple[int, int]) -> DocumentTypeRange:
    return DocumentTypeRange(
        id=new_id(),
        document_id=document_id,
        first_page=pages[0],
        last_page=pages[1],
        document_type=code,
        suggested_type=code,
        confidence=0.9,
        reasons=["word:remiss"],
    )
