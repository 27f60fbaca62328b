"""Scan a house full of documents again with newer signatures, and find each of them as it stood.

What was noted about a submission after its first inspection, and advice of any sort, says nothing
about its documents. The flags and the states come from the code's own lists.
"""

from dataclasses import dataclass

import pytest

from intake.filing.flags import MISDIRECTED
from intake.filing.misdirected import MisdirectionKind
from intake.inspection.verdicts import AMBIGUOUS_MESSAGE
from intake.pipeline.inspect_and_file import inspect_and_file
from intake.pipeline.read_documents import NOT_READ, leave_unread
from intake.safe_copies.make import make_safe_copies
from intake.sandbox.protocol import signs
from intake.sandbox.protocol.errors import ParseCrash
from mailbox.demo.eicar import eicar
from storage.documents import documents, safe_copies
from storage.documents.documents import Document, DocumentState
from storage.submissions.submissions import Submission
from tests.samples.files.archives import nested, pdf_with
from tests.samples.files.packed import plain_zip
from tests.samples.files.pdf_writing import one_page
from tests.samples.mail.mails import referral, tiny_pdf
from tests.samples.mail.wire import mail, multipart, part
from tests.support.building import ScriptedScanner
from tests.support.desk import Desk, FailingJails

NEWER = "ClamAV 1.4.6/27501/Tue Nov 24 07:00:00 2026"
NEWEST = "ClamAV 1.4.6/27502/Wed Nov 25 07:00:00 2026"
FONT = b"/Font<</F<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>>>"
PDF = ("a.pdf", "application/pdf", tiny_pdf("a referral"))
NOTED_LATER = [
    NOT_READ,
    *(f"{MISDIRECTED}{kind.value}" for kind in MisdirectionKind),
    *sorted(signs.ADVICE),
]
OF_THE_MESSAGE = [f"{signs.AMBIGUOUS}{sign}" for sign in sorted(signs.OF_THE_MESSAGE)]
# One attachment for each state that an inspection gives.
IN_EACH_STATE = [
    PDF,
    ("active.pdf", "application/pdf", pdf_with({"inside.txt": b"inside"})),
    ("held.exe", "application/octet-stream", b"MZ" + b"\0" * 100),
    ("infected.txt", "text/plain", eicar()),
    ("locked.pdf", "application/pdf", pdf_with({}, user="secret")),
    ("empty.pdf", "application/pdf", b""),
    ("archive.zip", "application/zip", plain_zip({"letter.txt": b"a letter"})),
    ("deep.zip", "application/zip", nested(12, b"at the bottom")),
]
# How documents stand that a person decided about.
DECISIONS = [
    (DocumentState.REJECTED, "rejected"),
    (DocumentState.ACTIVE, "released"),
]


@dataclass(frozen=True)
class House:
    """A desk with everything in it that was taken in, and what stands there."""

    desk: Desk
    submission_ids: list[str]

    def standing(self) -> dict[str, object]:
        """Return the verdict on each document, its copy, and what waits for a person."""
        found: dict[str, object] = {}
        with self.desk.services.database.reading() as session:
            for submission_id in self.submission_ids:
                rows = self.desk.documents(submission_id)
                copies = safe_copies.of_documents(session, [row.id for row in rows])
                for row in rows:
                    copy = copies.get(row.id)
                    made = (copy.state, copy.reason, copy.pdf_blob_id) if copy else None
                    verdict = (row.state, row.reason, row.detected_type, tuple(row.findings))
                    found[row.id] = (*verdict, row.page_count, made)
                found[submission_id] = self.desk.open_items(submission_id)
        return found

    def take(self, raw: bytes, *flags: str) -> str:
        """Take a message its whole way, and note flags about it then."""
        submission_id = self.desk.handle(raw)
        put_flags(self.desk, submission_id, *flags)
        self.submission_ids.append(submission_id)
        return submission_id

    def make_copies(self) -> None:
        """Make what copies are missing."""
        for submission_id in self.submission_ids:
            make_safe_copies(self.desk.worker_services.copies, submission_id)

    def scan_again(self, scanner: ScriptedScanner) -> None:
        """Inspect everything with newer signatures."""
        scanner.release = NEWER
        for submission_id in self.submission_ids:
            inspect_and_file(self.desk.worker_services, submission_id)


@pytest.fixture
def house(sqlite_desk: Desk) -> House:
    """Give an empty house."""
    return House(sqlite_desk, [])


def numbered(number: int) -> bytes:
    """Return a letter with one PDF."""
    return referral(attachments=[PDF], message_id=f"<house-{number}@partner.example>")


def put_flags(desk: Desk, submission_id: str, *flags: str) -> None:
    """Note flags about a submission."""
    with desk.services.database.transaction() as session:
        row = session.get_one(Submission, submission_id)
        row.flags = sorted({*row.flags, *flags})


def decide(desk: Desk, document_id: str, state: DocumentState, reason: str) -> None:
    """Let a document stand as a person decided."""
    with desk.services.database.transaction() as session:
        row = session.get_one(Document, document_id)
        row.state, row.reason = state, reason


def test_what_is_noted_later_changes_no_verdict(
    house: House, scripted_scanner: ScriptedScanner
) -> None:
    for number, flag in enumerate(NOTED_LATER):
        house.take(numbered(number), flag)
    before = house.standing()

    house.scan_again(scripted_scanner)

    assert house.standing() == before
    assert {row.state for each in house.submission_ids for row in house.desk.documents(each)} == {
        "CLEAN"
    }


def test_a_submission_that_could_not_be_read_keeps_its_verdicts(
    house: House, scripted_scanner: ScriptedScanner
) -> None:
    leave_unread(house.desk.worker_services, house.take(numbered(1)))
    before = house.standing()

    house.scan_again(scripted_scanner)

    assert house.standing() == before


def test_a_second_reading_holds_the_message_at_every_scan(
    house: House, scripted_scanner: ScriptedScanner
) -> None:
    for number, flag in enumerate(OF_THE_MESSAGE):
        submission_id = house.desk.open(numbered(number))
        put_flags(house.desk, submission_id, flag, *NOTED_LATER)
        inspect_and_file(house.desk.worker_services, submission_id)
        house.submission_ids.append(submission_id)
    before = house.standing()

    house.scan_again(scripted_scanner)

    assert house.standing() == before
    assert {
        (row.state, row.reason)
        for each in house.submission_ids
        for row in house.desk.documents(each)
    } == {("HELD", "ambiguous_message")}


def test_a_second_reading_of_a_part_holds_it_alone_at_every_scan(
    house: House, scripted_scanner: ScriptedScanner
) -> None:
    codes = sorted({*signs.OF_A_PART, *signs.ADVICE})
    files = [(f"{code}.pdf", PDF[1], tiny_pdf(code)) for code in codes]
    submission_id = house.desk.open(referral(attachments=files))
    with house.desk.services.database.transaction() as session:
        for row, code in zip(house.desk.documents(submission_id)[1:], codes, strict=True):
            session.get_one(Document, row.id).part_flags = [signs.code_of(code)]
    inspect_and_file(house.desk.worker_services, submission_id)
    house.submission_ids.append(submission_id)
    before = house.standing()

    house.scan_again(scripted_scanner)

    assert house.standing() == before
    held = ("HELD", "ambiguous_part")
    assert house.desk.states(submission_id)[1:] == [
        held if code in signs.OF_A_PART else ("CLEAN", "") for code in codes
    ]


def test_what_an_earlier_release_held_for_advice_is_let_go(desk: Desk) -> None:
    submission_id = desk.handle(numbered(1))
    put_flags(desk, submission_id, "not_read")
    ambiguous_id = desk.handle(numbered(2))
    put_flags(desk, ambiguous_id, OF_THE_MESSAGE[0])
    for each in (submission_id, ambiguous_id):
        for row in desk.documents(each):
            decide(desk, row.id, DocumentState.HELD, AMBIGUOUS_MESSAGE)

    with desk.services.database.reading() as session:
        found = documents.submissions_held_without(
            session, AMBIGUOUS_MESSAGE, signs.AMBIGUOUS, limit=5
        )
    for each in (submission_id, ambiguous_id):
        inspect_and_file(desk.worker_services, each)

    assert found == [submission_id]
    assert desk.states(submission_id) == [("CLEAN", "")] * 2
    assert desk.states(ambiguous_id) == [("HELD", AMBIGUOUS_MESSAGE)] * 2


def test_every_state_stays_as_it_was(house: House, scripted_scanner: ScriptedScanner) -> None:
    house.take(referral(attachments=IN_EACH_STATE), *NOTED_LATER)
    for number, decision in enumerate(DECISIONS):
        decide(house.desk, house.desk.documents(house.take(numbered(number)))[1].id, *decision)
    house.make_copies()
    before = house.standing()

    house.scan_again(scripted_scanner)
    house.make_copies()

    assert house.standing() == before
    states = {row.state for each in house.submission_ids for row in house.desk.documents(each)}
    assert states == {*DocumentState} - {DocumentState.STORED}


def test_a_document_without_a_copy_is_not_drawn_again(
    house: House, scripted_scanner: ScriptedScanner
) -> None:
    jails = house.desk.worker_services.jails
    house.desk.set_jails(FailingJails(jails, on_render=[ParseCrash("signal_11")]))
    submission_id = house.take(numbered(1))
    house.make_copies()
    before = house.standing()

    house.scan_again(scripted_scanner)

    assert house.standing() == before
    assert house.desk.states(submission_id) == [("CLEAN", ""), ("HELD", "no_copy_signal_11")]


def test_what_a_copy_lacks_is_told_as_long_as_the_copy_stays(
    house: House, scripted_scanner: ScriptedScanner
) -> None:
    drawn = b" BT /F 24 Tf 72 40 Td (Below the edge) Tj 3 Tr 0 660 Td (Without a shape) Tj ET"
    cut = one_page(drawn, resources=FONT, entries=b"/CropBox[0 400 612 792]")
    house.take(referral(attachments=[("cut.pdf", "application/pdf", cut)]))
    house.make_copies()
    before = house.standing()

    house.scan_again(scripted_scanner)

    assert house.standing() == before
    _, document = house.desk.documents(house.submission_ids[0])
    assert {"pdf_page_cut", "pdf_glyphs_missing"} <= set(document.findings)
    with house.desk.services.database.transaction() as session:
        safe_copies.forget(session, document.id)
    scripted_scanner.release = NEWEST
    inspect_and_file(house.desk.worker_services, house.submission_ids[0])
    _, document = house.desk.documents(house.submission_ids[0])
    assert document.findings == []


def test_parts_that_are_set_aside_stay_so(house: House, scripted_scanner: ScriptedScanner) -> None:
    forms = [
        part([b"Content-Type: text/plain"], b"Dear colleagues"),
        part([b"Content-Type: text/html"], b"<p>Dear colleagues</p>"),
    ]
    field = [b"Content-Type: multipart/alternative; boundary=b"]
    house.take(mail("forms", headers=field, body=multipart(b"b", forms)))
    house.take(referral(attachments=[PDF, ("twin.pdf", *PDF[1:])]))
    before = house.standing()

    house.scan_again(scripted_scanner)

    assert house.standing() == before
    states = {row.state for each in house.submission_ids for row in house.desk.documents(each)}
    assert DocumentState.IGNORED in states
