"""Check signed papers.

Who may open one, what is proven of it, and what every change does to that.
"""

import json
import os
from dataclasses import replace

import pytest
from sqlalchemy import text as sql

from intake.access import gate, papers
from intake.access.safeguards import break_glass
from intake.accounts.accounts import SignedInUser, create_with_password
from intake.confirmations import confirm, receipt_pdf, signed_papers
from intake.confirmations.content import anchor_of
from intake.confirmations.receipt_pdf import NoReceiptYet, NotOpenedYet
from intake.confirmations.signature import sign_paper
from intake.core.errors import BlobDamaged, NotFound
from intake.core.services import Services
from intake.senders.register import add_sender
from intake.triage import issued_papers
from storage import audit
from storage.accounts.users import Role
from storage.cases.confirmations import Confirmation
from storage.crypto.keys import DataKeyRow, Keyring, MasterKey
from storage.crypto.sealing import seal_bytes, unseal_bytes
from storage.database import Session
from storage.mail import senders
from storage.submissions.submissions import Submission, place
from tests.intake.confirmations.papers import Case, seed_case
from tests.intake.confirmations.test_pdf import pages_of
from tests.intake.documents.held import FACTS
from tests.support.people import plant_user

ADDRESS = str(FACTS["from_address"])


@pytest.fixture
def case(sqlite_services: Services) -> Case:
    """Give a submission that can be confirmed."""
    add_sender(sqlite_services, "operator", ADDRESS, "VAST")
    return seed_case(sqlite_services)


@pytest.fixture
def officer(sqlite_services: Services) -> SignedInUser:
    """Give an intake officer."""
    return plant_user(sqlite_services)


@pytest.fixture
def coordinator(sqlite_services: Services) -> SignedInUser:
    """Give a coordinator's account with the registered address."""
    return create_with_password(sqlite_services, ADDRESS, "COORD", "VAST", "a calm, long sentence")


def only(case: Case) -> Confirmation:
    (row,) = case.papers()
    return row


def damage(case: Case) -> None:
    """Change one byte of the stored PDF."""
    row = only(case)
    path = case.services.settings.data_dir / "blobs" / row.pdf_blob_id
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.chmod(0o600)
    path.write_bytes(content)


def change(case: Case, **columns: object) -> None:
    with case.services.database.transaction() as session:
        row = session.get_one(Confirmation, only(case).id)
        for name, value in columns.items():
            setattr(row, name, value)


def content_of(case: Case) -> bytes:
    """Return the bytes that were signed."""
    row = only(case)
    with case.services.database.reading() as session:
        key = case.services.keyring.open(session, case.submission().data_key_id)
    return unseal_bytes(key, place("confirmations", "content", row.id), row.content)


def faults(case: Case) -> list[str]:
    with case.services.database.reading() as session:
        return list(signed_papers.faults(case.services, session, case.papers()))


def test_a_paper_takes_no_words_that_nobody_vouched_for(case: Case, officer: SignedInUser) -> None:
    opened = gate.submission_to_change(case.services, officer, case.reference)
    ready = confirm.preview_confirmation(case.office, opened, case.draft)
    with case.services.database.reading() as session:
        key = case.services.keyring.open(session, case.submission().data_key_id)

    with pytest.raises(ValueError, match=r"^$"):
        signed_papers.make_paper(case.services, key, ready.paper, (ready.deputy,))


def test_a_signed_paper_is_known_by_its_digest(case: Case, officer: SignedInUser) -> None:
    case.sign(officer)

    issued = signed_papers.find_issued(case.services, case.digest(only(case)))

    assert issued is not None
    assert (issued.kind, issued.signed_at) == ("R2", case.services.now())
    text = " ".join(
        pages_of(
            signed_papers.open_paper(
                case.services, signed_papers.paper_to_read(case.services, officer, only(case).id)
            )
        )
    )
    assert f"Check code: {issued.code}" in text
    assert faults(case) == []


def test_a_paper_names_the_newest_audit_event(case: Case, officer: SignedInUser) -> None:
    shown = case.shown(officer)
    with case.services.database.reading() as session:
        number = audit.newest_number(session)
        newest = audit.hash_of(session, number)

    case.sign(officer, shown)

    text = " ".join(
        pages_of(
            signed_papers.open_paper(
                case.services, signed_papers.paper_to_read(case.services, officer, only(case).id)
            )
        )
    )
    assert f"Protokoll / Audit trail: {number} {newest}" in text
    assert anchor_of(content_of(case)) == (number, newest)


@pytest.mark.parametrize(
    ("statement", "sentence"),
    [
        ("DELETE FROM audit_events WHERE sequence >= {n}", "audit event {n} is missing, which"),
        (
            "UPDATE audit_events SET hash = 'x' WHERE sequence = {n}",
            "audit event {n} is not the one",
        ),
    ],
)
def test_a_trail_without_the_event_that_a_paper_names_is_found(
    case: Case, officer: SignedInUser, statement: str, sentence: str
) -> None:
    case.sign(officer)
    named = anchor_of(content_of(case))
    assert named is not None
    with case.services.database.transaction() as session:
        for name in ("no_update", "no_delete"):
            session.execute(sql(f"DROP TRIGGER audit_events_{name}"))
        session.execute(sql(statement.format(n=named[0])))

    (found,) = faults(case)

    assert found.startswith(sentence.format(n=named[0]))


def test_a_paper_of_the_format_without_an_event_is_still_proven(
    case: Case, officer: SignedInUser
) -> None:
    case.sign(officer)
    row = only(case)
    with case.services.database.transaction() as session:
        key = case.services.keyring.open(session, case.submission().data_key_id)
        signer = signed_papers.signer_of(case.services, session)
        old = json.loads(content_of(case))
        del old["audit"]
        content = json.dumps(old | {"format": 1}, sort_keys=True, separators=(",", ":")).encode()
        stored = session.get_one(Confirmation, row.id)
        stored.content = seal_bytes(key, place("confirmations", "content", row.id), content)
        stored.signature = sign_paper(signer, case.digest(row), content)

    assert signed_papers.find_issued(case.services, case.digest(row)) is not None
    assert faults(case) == []


@pytest.mark.parametrize("digest", ["0" * 64, "", "not hex", "Å" * 64])
def test_another_digest_is_not_known(case: Case, officer: SignedInUser, digest: str) -> None:
    case.sign(officer)

    assert signed_papers.find_issued(case.services, digest) is None


def test_another_systems_key_proves_nothing(case: Case, officer: SignedInUser) -> None:
    case.sign(officer)
    digest = case.digest(only(case))
    other = Keyring(MasterKey(os.urandom(32)))
    other._system = other.new_key()
    # The submission still opens: only the key that signs is another.
    other.open = case.services.keyring.open  # type: ignore[method-assign]

    assert signed_papers.find_issued(replace(case.services, keyring=other), digest) is None


@pytest.mark.parametrize("column", ["signature", "digest"])
def test_a_row_that_was_changed_proves_nothing(
    case: Case, officer: SignedInUser, column: str
) -> None:
    case.sign(officer)
    changed = {"signature": "A" * 86 + "==", "digest": "f" * 64}[column]
    change(case, **{column: changed})

    assert signed_papers.find_issued(case.services, case.digest(only(case))) is None
    assert len(faults(case)) == 1


def test_a_damaged_pdf_is_found_and_not_given_out(case: Case, officer: SignedInUser) -> None:
    case.sign(officer)
    damage(case)

    assert faults(case) == [f"paper {only(case).id}: blob_damaged"]
    with pytest.raises(BlobDamaged):
        signed_papers.open_paper(
            case.services, signed_papers.paper_to_read(case.services, officer, only(case).id)
        )


def test_what_was_erased_is_not_known_and_no_fault(case: Case, officer: SignedInUser) -> None:
    case.sign(officer)
    digest = case.digest(only(case))
    with case.services.database.transaction() as session:
        session.get_one(DataKeyRow, case.submission().data_key_id).wrapped = b""

    assert signed_papers.find_issued(case.services, digest) is None
    assert faults(case) == []


@pytest.mark.parametrize(
    ("role", "programme", "allowed"),
    [
        (Role.INTAKE, "referrals", True),
        (Role.PROT, "referrals", True),
        (Role.CASH, "referrals", False),
        (Role.CASH, "cash", True),
        (Role.ADMIN, "referrals", False),
        (Role.AUDIT, "referrals", False),
        (Role.COORD, "referrals", False),
    ],
)
def test_a_role_reads_the_papers_of_its_programme(
    case: Case, officer: SignedInUser, role: Role, programme: str, allowed: bool
) -> None:
    case.sign(officer)
    case.change(programme=programme)

    with case.services.database.reading() as session:
        reader = replace(officer, role=role)
        assert (
            papers.may_read_of(case.services, session, reader, submission_of(session, case))
            is allowed
        )


def test_a_coordinator_reads_what_she_sent_through_the_portal(
    case: Case, officer: SignedInUser, coordinator: SignedInUser
) -> None:
    other = plant_user(case.services, "Coordinator 2", "COORD")
    case.change(submitted_by=coordinator.id)
    paper_id = case.sign(officer)

    signed_papers.open_paper(
        case.services, signed_papers.paper_to_read(case.services, coordinator, paper_id)
    )

    assert only(case).read_at == case.services.now()
    with pytest.raises(NotFound):
        signed_papers.open_paper(
            case.services, signed_papers.paper_to_read(case.services, other, paper_id)
        )


@pytest.mark.parametrize(("verdict", "allowed"), [("registered", True), ("unverified", False)])
def test_a_coordinator_reads_what_her_registered_address_sent(
    case: Case, officer: SignedInUser, coordinator: SignedInUser, verdict: str, allowed: bool
) -> None:
    with case.services.database.reading() as session:
        address_hash = case.services.keyring.lookup(session, "sender", ADDRESS)
        entry = senders.by_address_hash(session, address_hash)
    assert entry is not None
    case.change(sender_id=entry.id, sender_verdict=verdict)
    case.sign(officer)

    with case.services.database.reading() as session:
        may = papers.may_read_of(case.services, session, coordinator, submission_of(session, case))

    assert may is allowed


def test_an_officers_reading_is_no_reading_of_the_sender(case: Case, officer: SignedInUser) -> None:
    paper_id = case.sign(officer)

    signed_papers.open_paper(
        case.services, signed_papers.paper_to_read(case.services, officer, paper_id)
    )

    assert only(case).read_at is None
    (event,) = case.events("paper.opened")
    assert event.detail == {"paper": paper_id, "kind": "R2"}


def test_r1_is_made_once_by_the_service(case: Case, officer: SignedInUser) -> None:
    first = receipt_pdf.issue_receipt(case.services, case.submission_id)
    again = receipt_pdf.issue_receipt_for(
        case.services, gate.papers_to_read(case.services, officer, case.reference)
    )

    row = only(case)
    assert first == again == row.id
    assert (row.kind, row.number, row.user_id) == ("R1", 1, None)
    assert [event.actor for event in case.events("paper.signed")] == ["system:intake"]
    text = " ".join(
        pages_of(
            signed_papers.open_paper(
                case.services, signed_papers.paper_to_read(case.services, officer, row.id)
            )
        )
    )
    assert "We have received 6 documents" in text
    assert "locked" not in text


def test_r1_does_not_stand_in_the_way_of_taking_back(case: Case) -> None:
    receipt_pdf.issue_receipt(case.services, case.submission_id)

    with case.services.database.reading() as session:
        issued_papers.refuse_when_confirmed(session, case.submission_id)


def test_r1_waits_until_the_parts_are_known(case: Case) -> None:
    case.change(state="RECEIVED")

    with pytest.raises(NotOpenedYet):
        receipt_pdf.issue_receipt(case.services, case.submission_id)


@pytest.mark.parametrize("reference", ["", "K7M-4QX-9T", "none"])
def test_r1_of_nothing_is_not_there(case: Case, officer: SignedInUser, reference: str) -> None:
    with pytest.raises(NotFound):
        receipt_pdf.issue_receipt_for(
            case.services, gate.papers_to_read(case.services, officer, reference)
        )


def test_r1_of_somebody_else_is_not_there(case: Case) -> None:
    other = plant_user(case.services, "Coordinator 2", "COORD")

    with pytest.raises(NotFound):
        receipt_pdf.issue_receipt_for(
            case.services, gate.papers_to_read(case.services, other, case.reference)
        )


def test_r1_is_not_made_for_who_only_reads(case: Case, officer: SignedInUser) -> None:
    manager = plant_user(case.services, "Manager 1", "MGR")
    break_glass.open_with_reason(
        case.services, manager, case.reference, "content", "A complaint came about this case."
    )
    opened = gate.papers_to_read(case.services, manager, case.reference)

    with pytest.raises(NoReceiptYet):
        receipt_pdf.issue_receipt_for(case.services, opened)
    none_made = case.papers()
    made = receipt_pdf.issue_receipt_for(
        case.services, gate.papers_to_read(case.services, officer, case.reference)
    )

    assert none_made == []
    assert receipt_pdf.issue_receipt_for(case.services, opened) == made


def test_the_content_is_sealed(case: Case, officer: SignedInUser) -> None:
    case.sign(officer)

    assert b"Remiss" not in only(case).content


def submission_of(session: Session, case: Case) -> Submission:
    """Return the submission of the case's only paper."""
    return session.get_one(Submission, only(case).submission_id)
