"""Check understanding: real papers through real jails; what people decided is never touched."""

import json
from dataclasses import dataclass
from datetime import date

import pytest

from intake.access import gate
from intake.oversight.verify import verify_storage
from intake.pipeline.read_documents import leave_unread, read_documents
from intake.safe_copies.make import make_safe_copies
from intake.triage import confirm_types
from intake.triage.endings import finish
from storage import audit
from storage.cases import legal_dates
from storage.crypto.sealing import unseal
from storage.documents import document_types, extracted_values, people
from storage.submissions.queue_items import TaskKind
from storage.submissions.submissions import Outcome, Submission, place
from tests.samples.mail.mails import referral
from tests.samples.mail.wire import STRANGER, base64_lines, mail, multipart, part
from tests.samples.paperwork.files import (
    REFERRAL_FIELDS,
    passport_page,
    referral_form_pdf,
    text_pdf,
)
from tests.support.desk import Desk
from tests.support.people import plant_user

RISK = (
    "Riskbedömning\n\nHotbild och skyddsbehov\nPersonen har utsatts för hot av sin arbetsgivare.\n"
    "Bedömning av risk vid återvändande: hotbilden bedöms som hög.\n"
    "Åtgärder och behov: skyddat boende, stöd vid ankomst.\nKontakt med polis har tagits."
)
REFLECTION = (
    "Beslut om betänketid enligt 5 kap. 15 § utlänningslagen\nBlankett 195011\n"
    "Tidsbegränsat uppehållstillstånd i 30 dagar.\nBetänketid till och med: 2026-11-28\n"
    "Ansökan gjord av socialnämnden."
)
TYPES = {"RISK-ASM", "POL-RPT", "PRM-REFL", "REF-FORM", "ID-PASS"}


@dataclass(frozen=True)
class Read:
    """A referral that was read, with what was noted."""

    desk: Desk
    submission_id: str

    def again(self) -> None:
        """Read it once more."""
        read_documents(self.desk.worker_services, self.submission_id)

    def types(self) -> list[tuple[str, bool]]:
        """Return (type, is decided) of every range, by document."""
        with self.desk.services.database.reading() as session:
            ids = [row.id for row in self.desk.documents(self.submission_id)]
            rows = {row.document_id: row for row in document_types.of_documents(session, ids)}
        found = [rows[each] for each in ids if each in rows]
        return [(row.document_type, row.decided_at is not None) for row in found]

    def said(self) -> set[tuple[str, str]]:
        """Return (kind, value) of what the papers seem to say."""
        with self.desk.services.database.reading() as session:
            submission = session.get_one(Submission, self.submission_id)
            key = self.desk.services.keyring.open(session, submission.data_key_id)
            ids = [row.id for row in self.desk.documents(self.submission_id)]
            rows = extracted_values.of_documents(session, ids)
        return {
            (
                row.kind,
                json.loads(unseal(key, place("reading_aids", "value", row.id), row.value))["value"],
            )
            for row in rows
        }

    def names(self) -> list[str]:
        """Return the names that the papers give."""
        with self.desk.services.database.reading() as session:
            submission = session.get_one(Submission, self.submission_id)
            key = self.desk.services.keyring.open(session, submission.data_key_id)
            rows = people.of_submissions(session, [self.submission_id])
        return [unseal(key, place("people", "name", row.id), row.name) for row in rows]

    def days(self) -> list[tuple[str, date]]:
        """Return the legal dates that were noted."""
        with self.desk.services.database.reading() as session:
            rows = legal_dates.of_submissions(session, [self.submission_id])
        return [(row.kind, row.day) for row in rows]


@pytest.fixture
def read(sqlite_desk: Desk) -> Read:
    """Give a referral of four papers that went its whole way."""
    sqlite_desk.register()
    raw = referral(
        attachments=[
            ("a.pdf", "application/pdf", text_pdf([RISK])),
            ("b.pdf", "application/pdf", text_pdf([REFLECTION])),
            ("c.pdf", "application/pdf", referral_form_pdf(REFERRAL_FIELDS)),
            ("d.pdf", "application/pdf", text_pdf([passport_page()])),
        ]
    )
    submission_id = sqlite_desk.handle(raw)
    make_safe_copies(sqlite_desk.worker_services.copies, submission_id)
    read_documents(sqlite_desk.worker_services, submission_id)
    return Read(sqlite_desk, submission_id)


def test_papers_get_their_types_and_what_they_say(read: Read) -> None:
    assert [code for code, _ in read.types()] == ["RISK-ASM", "PRM-REFL", "REF-FORM", "ID-PASS"]
    assert ("reflection_end", "2026-11-28") in read.said()
    assert any(kind == "mrz" for kind, _ in read.said())
    assert any(kind == "form_field" for kind, _ in read.said())
    assert read.days()[0] == ("reflection_end", date(2026, 11, 28))
    assert any("DEMO" in name.upper() for name in read.names())
    submission = read.desk.submission(read.submission_id)
    assert (submission.language, submission.read_at is not None) == ("sv", True)


def test_a_near_day_takes_it_to_the_emergency_queue_before_anybody_confirms(read: Read) -> None:
    assert ("Q1", "submission") in read.desk.open_items(read.submission_id)


def test_reading_again_doubles_nothing(read: Read) -> None:
    before = (read.types(), read.said(), read.names(), read.days())

    read.again()

    assert (read.types(), read.said(), read.names(), read.days()) == before


def test_what_a_person_decided_is_not_read_away(read: Read) -> None:
    officer = plant_user(read.desk.services)
    risk = next(
        row for row in read.desk.documents(read.submission_id) if row.document_type == "RISK-ASM"
    )
    confirm_types.set_type(
        read.desk.services,
        gate.document_to_change(read.desk.services, officer, risk.id),
        "POL-RPT",
        TYPES,
    )

    read.again()

    assert read.types()[0] == ("POL-RPT", True)


def test_no_name_or_value_lies_in_the_clear(read: Read) -> None:
    folder = read.desk.services.settings.data_dir
    contents = b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())

    for name in read.names():
        assert name.encode() not in contents
    assert b"hotbilden" not in contents


def test_reading_is_audited_and_everything_is_accounted_for(read: Read) -> None:
    with read.desk.services.database.reading() as session:
        assert audit.check_chain(session, read.desk.services.keyring) == []
        events = audit.of_subject(session, "submission", read.submission_id)

    (event,) = [event for event in events if event.act == "submission.read"]
    assert event.detail["told"] == 4
    assert verify_storage(read.desk.services, orphan_after_seconds=0).faults == ()


def test_a_letter_without_papers_is_read_too(sqlite_desk: Desk) -> None:
    sqlite_desk.register()
    submission_id = sqlite_desk.handle(referral(token="Betänketid till och med: 2026-11-28"))
    make_safe_copies(sqlite_desk.worker_services.copies, submission_id)

    read_documents(sqlite_desk.worker_services, submission_id)

    found = Read(sqlite_desk, submission_id)
    assert found.days() == [("reflection_end", date(2026, 11, 28))]
    assert found.types() == []


@pytest.mark.parametrize(("text", "items"), [(REFLECTION, {("Q1", "submission")}), (RISK, set())])
def test_a_near_day_that_is_read_after_the_end_opens_it_again(
    sqlite_desk: Desk, text: str, items: set[tuple[str, str]]
) -> None:
    services, user = sqlite_desk.services, plant_user(sqlite_desk.services)
    raw = referral(STRANGER, attachments=[("b.pdf", "application/pdf", text_pdf([text]))])
    submission_id = sqlite_desk.handle(raw)
    reference = sqlite_desk.submission(submission_id).reference
    opened = gate.submission_to_change(services, user, reference)
    finish.finish_submission(services, opened, Outcome.NOTHING_TO_DO)

    make_safe_copies(sqlite_desk.worker_services.copies, submission_id)
    read_documents(sqlite_desk.worker_services, submission_id)

    assert set(sqlite_desk.open_items(submission_id)) == items
    assert sqlite_desk.submission(submission_id).state == ("HOLDING" if items else "CLOSED")


@pytest.mark.parametrize("text", ["", "\n\n", "1 2 3", "lorem ipsum dolor sit amet " * 40])
def test_what_nobody_could_type_is_unknown(sqlite_desk: Desk, text: str) -> None:
    raw = referral(attachments=[("a.pdf", "application/pdf", text_pdf([text]))])
    submission_id = sqlite_desk.handle(raw)
    make_safe_copies(sqlite_desk.worker_services.copies, submission_id)

    read_documents(sqlite_desk.worker_services, submission_id)

    assert Read(sqlite_desk, submission_id).types() == [("UNK", False)]


def test_nobody_is_asked_to_type_the_pieces_of_a_letter(sqlite_desk: Desk) -> None:
    parts = [
        part([b"Content-Type: text/html"], b"<p>Hej, remiss bifogas.</p>"),
        part([b"Content-Type: text/plain"], b"Detta meddelande har skannats."),
        part([b"Content-Type: text/plain; name=lista.txt"], b"Riskbed\xc3\xb6mning\nHotbild"),
    ]
    field = b"Content-Type: multipart/mixed; boundary=b"

    submission_id = sqlite_desk.handle(mail("x", headers=[field], body=multipart(b"b", parts)))
    make_safe_copies(sqlite_desk.worker_services.copies, submission_id)
    read_documents(sqlite_desk.worker_services, submission_id)

    letter, footer, paper = sqlite_desk.documents(submission_id)
    with sqlite_desk.services.database.reading() as session:
        typed = document_types.of_documents(session, [letter.id, footer.id, paper.id])
    assert [row.document_id for row in typed] == [paper.id]
    assert (letter.document_type, footer.document_type) == ("CORR", "CORR")


def test_a_reading_that_fails_leaves_the_submission_in_its_queue(sqlite_desk: Desk) -> None:
    sqlite_desk.register()
    submission_id = sqlite_desk.handle(referral())
    before = sqlite_desk.open_items(submission_id)

    leave_unread(sqlite_desk.worker_services, submission_id)

    submission = sqlite_desk.submission(submission_id)
    assert "not_read" in submission.flags
    assert submission.read_at is not None
    assert sqlite_desk.open_items(submission_id) == before


def test_an_unknown_submission_is_nobodys(sqlite_desk: Desk) -> None:
    read_documents(sqlite_desk.worker_services, "0" * 32)


@pytest.mark.parametrize(
    ("words", "is_sign"), [("Hjalp mig. Han laser in mig.", True), ("Bifogar intyg.", False)]
)
def test_signs_of_danger_in_a_strangers_paper_open_a_protection_task_once(
    desk: Desk, words: str, is_sign: bool
) -> None:
    field = b"Content-Type: multipart/mixed; boundary=b"
    pdf = [b"Content-Type: application/pdf; name=brev.pdf", b"Content-Transfer-Encoding: base64"]
    parts = [
        part([b"Content-Type: text/plain"], b"Se bilaga."),
        part(pdf, base64_lines(text_pdf([words]))),
    ]
    submission_id = desk.handle(mail("x", headers=[field], body=multipart(b"b", parts)))
    kinds = {kind for _, kind in desk.open_items(submission_id)}
    assert TaskKind.PROTECTION_SIGN not in kinds
    make_safe_copies(desk.worker_services.copies, submission_id)

    for _ in range(2):
        read_documents(desk.worker_services, submission_id)

    items = [one for one in desk.items(submission_id) if one.kind == TaskKind.PROTECTION_SIGN]
    assert len(items) == is_sign
    flagged = "wrong_door:trafficking_signs" in desk.submission(submission_id).flags
    assert flagged is is_sign
