"""Check R2: what was shown is what is signed, once, by one officer; then it stands."""

import quopri
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from intake.access import gate
from intake.accounts.accounts import SignedInUser
from intake.confirmations import confirm, signed_papers
from intake.confirmations.confirm import (
    ConfirmationApproval,
    PaperChanged,
    SignedMeanwhile,
)
from intake.confirmations.content import (
    ChecklistResult,
    FileOutcome,
    Sentence,
)
from intake.core.services import Services
from intake.correspondence.free_text import Finding, Severity
from intake.reference_data.word_lists import ASSESS, SEND_MISSING
from intake.senders.register import add_sender
from intake.triage import issued_papers
from intake.triage.issued_papers import ConfirmationIssued
from storage.accounts.users import User
from storage.base import new_id
from storage.cases import legal_dates
from storage.cases.legal_dates import LegalDate
from storage.crypto.sealing import unseal_bytes
from storage.documents.document_types import DocumentTypeRange
from storage.mail.outbox import OutboxMessage
from storage.submissions.submissions import place
from tests.intake.accounts.people.rows import make_deputy, plant_colleague
from tests.intake.confirmations.papers import Case, seed_case, with_draft
from tests.intake.confirmations.test_pdf import pages_of
from tests.intake.documents.held import FACTS
from tests.portal.documents import copies
from tests.portal.samples import Part
from tests.support.people import plant_user

MISSING = ChecklistResult("3", (Sentence("Risk assessment", "Riskbedömning"),), is_complete=False)
CLOSED_AND_OPEN = (
    Part("Journal.pdf", "CLEAN", size=777_001, page_count=33),
    Part("Remiss.pdf", "CLEAN", page_count=4),
)
WARNING = Finding("date", Severity.WARN, 0, 3)
BLOCKING = Finding("known_name", Severity.BLOCK, 0, 3)


@pytest.fixture
def case(sqlite_services: Services) -> Case:
    """Give scenario 1, from a registered sender."""
    add_sender(sqlite_services, "operator", str(FACTS["from_address"]), "VAST")
    return seed_case(sqlite_services)


@pytest.fixture
def officer(sqlite_services: Services) -> SignedInUser:
    """Give an intake officer."""
    return plant_user(sqlite_services)


def pdf_text(case: Case, user: SignedInUser, paper_id: str) -> str:
    return " ".join(
        pages_of(
            signed_papers.open_paper(
                case.services, signed_papers.paper_to_read(case.services, user, paper_id)
            )
        )
    )


def content_of(case: Case, mail: OutboxMessage) -> bytes:
    """Return a mail that waits, its text decoded."""
    with case.services.database.reading() as session:
        key = case.services.keyring.open(session, mail.data_key_id)
    assert mail.content is not None
    sealed_at = place("outbox", "content", mail.id)
    return quopri.decodestring(unseal_bytes(key, sealed_at, mail.content))


def add_closed_matter(case: Case) -> None:
    """Close the first file, confirm a day that stands only there, and one that was typed."""
    first = copies.documents_of(case.services, case.submission_id)[0]
    now = case.services.now()
    with case.services.database.transaction() as session:
        session.add(
            DocumentTypeRange(
                id=new_id(),
                document_id=first.id,
                first_page=1,
                last_page=33,
                document_type="MED-REC",
                suggested_type="MED-REC",
                confidence=0.9,
                decided_at=now,
            )
        )
        for kind, document_id in (("trial", first.id), ("passport_expiry", None)):
            row = LegalDate(
                id=new_id(),
                submission_id=case.submission_id,
                document_id=document_id,
                kind=kind,
                day=now.date() + timedelta(days=30),
                noted_at=now,
                confirmed_at=now,
            )
            legal_dates.note(session, row)


def test_of_six_files_one_is_unreadable_and_five_are_usable(
    case: Case, officer: SignedInUser
) -> None:
    paper_id = case.sign(officer)

    text = pdf_text(case, officer, paper_id)
    assert "except: no. 3 (could not be opened: locked with a password)" in text
    assert "Readable: 5 of 6." in text
    assert "Läsbara: 5 av 6." in text
    # The Arabic name stands as it is read: from the right, its ending at the left.
    for name in ("Remiss återvändande.pdf", "jpg.صورة", "faktura\ufffdfdp.pdf"):
        assert name in text
    assert "\u202e" not in text


def test_signing_confirms_and_names_the_officer(case: Case, officer: SignedInUser) -> None:
    paper_id = case.sign(officer)

    (row,) = case.papers()
    submission = case.submission()
    assert (row.id, row.kind, row.number, row.user_id) == (paper_id, "R2", 1, officer.id)
    assert row.signed_at == case.services.now()
    assert (submission.state, submission.decided_by) == ("CONFIRMED", officer.id)
    assert "Intake officer 1 (Intake officer)" in pdf_text(case, officer, paper_id)


def test_a_named_officer_stands_on_the_paper_with_line_and_deputy(
    case: Case, officer: SignedInUser
) -> None:
    deputy = plant_colleague(case.services, "Intake officer 2", name="Bo Ek", direct_line="0912399")
    make_deputy(case.services, officer, deputy)
    with case.services.database.transaction() as session:
        row = session.get_one(User, officer.id)
        row.name, row.direct_line = "Anna Berg", "+358 40 123 45 67"

    text = pdf_text(case, officer, case.sign(officer))

    english = "Your contact: Anna Berg (Intake officer), direct line +358 40 123 45 67. "
    assert f"{english}Deputy: Bo Ek, 0912399." in text
    swedish = (
        "Din kontaktperson: Anna Berg (Handläggare, mottagning), direktnummer +358 40 123 45 67. "
    )
    assert f"{swedish}Ersättare: Bo Ek, 0912399." in text
    # What leaves by mail names nobody, and neither does the audit.
    for mail in case.mails():
        assert b"Berg" not in content_of(case, mail)
    assert "Anna Berg" not in str(case.events("confirmation.signed")[0].detail)


def test_signing_is_audited_with_codes_and_numbers_only(case: Case, officer: SignedInUser) -> None:
    paper_id = case.sign(officer)

    (event,) = case.events("confirmation.signed")
    (told,) = case.mails()
    assert event.actor == officer.actor
    assert event.detail == {
        "paper": paper_id,
        "kind": "R2",
        "number": 1,
        "files": 6,
        "not_readable": 1,
        "findings_read": 0,
        "mail": "written",
        "message": told.id,
    }


def test_what_is_missing_and_the_officers_words_are_on_the_paper(
    case: Case, officer: SignedInUser
) -> None:
    case.checked = MISSING
    case = with_draft(case, remark="Tack för ett tydligt underlag.", deputy="Caseworker 2")

    text = pdf_text(case, officer, case.sign(officer))

    assert "still needed: Risk assessment" in text
    assert "saknas ännu: Riskbedömning" in text
    assert "Tack för ett tydligt underlag." in text
    assert "Deputy: Caseworker 2." in text


def test_only_what_a_person_confirmed_is_said(case: Case, officer: SignedInUser) -> None:
    rows = copies.documents_of(case.services, case.submission_id)
    now = case.services.now()
    day = now.date() + timedelta(days=30)
    with case.services.database.transaction() as session:
        for row, code, decided_at in ((rows[0], "REF-FORM", now), (rows[1], "CONSENT", None)):
            session.add(
                DocumentTypeRange(
                    id=new_id(),
                    document_id=row.id,
                    first_page=1,
                    last_page=1,
                    document_type=code,
                    suggested_type=code,
                    confidence=0.9,
                    decided_at=decided_at,
                )
            )
        for kind, confirmed_at in (("reflection_end", now), ("trial", None)):
            legal_dates.note(
                session,
                LegalDate(
                    id=new_id(),
                    submission_id=case.submission_id,
                    kind=kind,
                    day=day,
                    noted_at=now,
                    confirmed_at=confirmed_at,
                ),
            )

    paper = confirm.preview_confirmation(
        case.office,
        gate.submission_to_change(case.office.services, officer, case.reference),
        case.draft,
    ).paper

    assert [file.kind is not None for file in paper.files] == [True] + [False] * 5
    assert [(noted.kind, noted.day) for noted in paper.dates] == [("reflection_end", day)]


def test_the_preview_leaves_out_what_is_closed_and_the_paper_does_not(
    sqlite_services: Services, officer: SignedInUser
) -> None:
    case = seed_case(sqlite_services, CLOSED_AND_OPEN)
    opened = gate.submission_to_change(case.services, officer, case.reference)
    add_closed_matter(case)

    preview = confirm.preview_confirmation(case.office, opened, case.draft)

    shown = "\n".join(block.text for block in preview.blocks)
    closed, seen = preview.paper.files
    for told in ("Journal", "edical report", "777 kB", "33 sid", "Trial", "Rätte"):
        assert told not in shown
    assert f"{(seen.size or 0) // 1000} kB" in shown
    assert shown.count("SHA-256 ") == 1
    assert "(closed to you)\nNr / No. 1\n" in shown
    assert "Legal dates noted: Passport expires:" in shown
    # What is signed is whole.
    assert (closed.size, closed.pages, closed.kind is not None) == (777_001, 33, True)
    assert {noted.kind for noted in preview.paper.dates} == {"trial", "passport_expiry"}
    paper_id = case.sign(officer)
    assert [row.id for row in case.papers()] == [paper_id]


def test_the_digest_of_the_form_proves_no_guess_at_what_is_closed(
    sqlite_services: Services, officer: SignedInUser
) -> None:
    # Threat P10: whoever knows the open part could try every day on it, away from our audit.
    case = seed_case(sqlite_services, CLOSED_AND_OPEN)
    opened = gate.submission_to_change(case.services, officer, case.reference)
    add_closed_matter(case)
    before = confirm.preview_confirmation(case.office, opened, case.draft)

    with case.services.database.transaction() as session:
        (trial,) = [row for row in session.query(LegalDate) if row.kind == "trial"]
        trial.day += timedelta(days=1)
    after = confirm.preview_confirmation(case.office, opened, case.draft)

    assert after.paper != before.paper
    assert after.blocks == before.blocks
    assert after.digest == before.digest


@pytest.mark.parametrize(
    ("parts", "outcomes"),
    [
        ((Part("", "CLEAN", role="body"),), []),
        ((Part("a.pdf", "HELD"), Part("b", "REJECTED")), [FileOutcome.HELD, FileOutcome.REFUSED]),
        (
            (Part("a.zip", "IGNORED"), Part("b.pdf", "CLEAN", parent=0)),
            [FileOutcome.UNPACKED, FileOutcome.READABLE],
        ),
        ((Part("x.doc", "INFECTED", "malware:EICAR"),), [FileOutcome.UNSAFE]),
    ],
)
def test_the_outcomes_follow_from_the_state(
    sqlite_services: Services,
    officer: SignedInUser,
    parts: tuple[Part, ...],
    outcomes: list[FileOutcome],
) -> None:
    case = seed_case(sqlite_services, parts)

    paper = confirm.preview_confirmation(
        case.office,
        gate.submission_to_change(case.office.services, officer, case.reference),
        case.draft,
    ).paper

    assert [file.outcome for file in paper.files] == outcomes


def test_the_same_form_twice_signs_once(case: Case, officer: SignedInUser) -> None:
    consent = case.shown(officer)

    first, second = case.sign(officer, consent), case.sign(officer, consent)

    assert first == second
    assert len(case.papers()) == len(case.mails()) == 1
    assert len(case.events("confirmation.signed")) == 1


def test_the_same_form_sent_at_once_signs_once(case: Case, officer: SignedInUser) -> None:
    consent = case.shown(officer)

    with ThreadPoolExecutor(4) as pool:
        ids = set(pool.map(lambda _: case.sign(officer, consent), range(4)))

    assert ids == {consent.paper_id}
    assert len(case.papers()) == len(case.mails()) == 1


def test_of_two_officers_at_once_one_signs_and_the_other_looks_again(
    case: Case, officer: SignedInUser
) -> None:
    other = plant_user(case.services, "Intake officer 2")
    consents = [(each, case.shown(each)) for each in (officer, other)]

    def attempt(each: tuple[SignedInUser, ConfirmationApproval]) -> str:
        try:
            return case.sign(*each)
        except (PaperChanged, SignedMeanwhile) as error:
            return error.reason

    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(attempt, consents))

    refused = [each for each in answers if each in {"paper_changed", "signed_meanwhile"}]
    assert len(refused) == 1
    assert [row.id for row in case.papers()] == [each for each in answers if each not in refused]


def test_a_later_confirmation_stands_beside_the_older(case: Case, officer: SignedInUser) -> None:
    first = case.sign(officer)
    before = signed_papers.open_paper(
        case.services, signed_papers.paper_to_read(case.services, officer, first)
    )

    second = case.sign(officer)

    assert [(row.id, row.number) for row in case.papers()] == [(first, 1), (second, 2)]
    assert (
        signed_papers.open_paper(
            case.services, signed_papers.paper_to_read(case.services, officer, first)
        )
        == before
    )
    assert [row.kind for row in case.mails()] == ["R2", "R2-2"]


def test_what_changed_since_it_was_shown_is_not_signed(case: Case, officer: SignedInUser) -> None:
    consent = case.shown(officer)
    case.checked = MISSING

    with pytest.raises(PaperChanged):
        case.sign(officer, consent)

    assert case.papers() == []
    assert case.submission().state == "QUEUED"


def test_confirmation_in_writing_is_not_undone(case: Case, officer: SignedInUser) -> None:
    case.sign(officer)

    with (
        case.services.database.reading() as session,
        pytest.raises(ConfirmationIssued),
    ):
        issued_papers.refuse_when_confirmed(session, case.submission_id)


@pytest.mark.parametrize(("checked", "step"), [(None, ASSESS), (MISSING, SEND_MISSING)])
def test_the_next_step_is_suggested_from_what_is_missing(
    case: Case, officer: SignedInUser, checked: ChecklistResult | None, step: tuple[str, str]
) -> None:
    case.checked = checked

    desk = confirm.open_confirm_page(
        case.office, gate.submission_to_change(case.office.services, officer, case.reference)
    )

    assert desk.suggested.next_step == " / ".join(step)
    assert str(desk.suggested.next_step_on) == "2026-12-01"
    assert (desk.untold, desk.not_ready, desk.issued) == (None, "", ())
