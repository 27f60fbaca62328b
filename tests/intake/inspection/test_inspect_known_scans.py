"""Check that the same bytes are not scanned twice in one version, and no failure is an answer."""

from datetime import timedelta

import pytest

from intake.inspection.scanner import Scan, ScanOutcome
from intake.inspection.verdicts import scan_behind
from mailbox.demo.eicar import eicar
from storage.documents.documents import Document, DocumentState
from tests.samples.files.packed import plain_zip
from tests.samples.mail.mails import referral, tiny_pdf
from tests.support.building import Clock, ScriptedScanner
from tests.support.desk import Desk

CLEAN = Scan(ScanOutcome.CLEAN)
FOUND = Scan(ScanOutcome.FOUND, "Bad")
AWAY = Scan(ScanOutcome.UNKNOWN, "scanner_away")
CONTENT = tiny_pdf("the same bytes")
NEWER = "ClamAV 1.4.6/27501/Tue Nov 24 07:00:00 2026"


@pytest.mark.parametrize(
    ("state", "reason", "scan"),
    [
        ("CLEAN", "", CLEAN),
        ("ACTIVE", "pdf_javascript", CLEAN),
        ("ACTIVE", "shown_as_text", CLEAN),
        ("INFECTED", "malware:Bad", FOUND),
        ("INFECTED", "malware:rule:eicar", Scan(ScanOutcome.FOUND, "rule:eicar")),
        ("ACTIVE", "released", None),
        ("CLEAN", "released", None),
        ("INFECTED", "released", None),
        ("HELD", "scanner_away", None),
        ("HELD", "malware_elsewhere_in_message", None),
        ("LOCKED", "password_needed", None),
        ("UNREADABLE", "empty", None),
        ("IGNORED", "office_part", None),
        ("REJECTED", "rejected", None),
        ("STORED", "", None),
    ],
)
def test_only_a_scanners_own_word_is_known(state: str, reason: str, scan: Scan | None) -> None:
    assert scan_behind(state, reason) == scan


def handle(desk: Desk, number: int, content: bytes = CONTENT) -> Document:
    """Let a message with the attachment go its whole way, and return the attachment."""
    attachment = (f"{number}.pdf", "application/pdf", content)
    raw = referral(attachments=[attachment], message_id=f"<{number}@partner.example>")
    return desk.documents(desk.handle(raw))[1]


def state_of(document: Document) -> tuple[str, str]:
    """Return the state and the reason of a document."""
    return document.state, document.reason


@pytest.mark.components
def test_the_same_bytes_are_not_scanned_again(
    desk: Desk, scripted_scanner: ScriptedScanner
) -> None:
    first = handle(desk, 1)
    scripted_scanner.answers_by_content[CONTENT] = FOUND

    second = handle(desk, 2)

    assert state_of(first) == state_of(second) == ("CLEAN", "")
    assert second.scanner == first.scanner


def test_what_the_scanner_remarked_is_told_each_time(
    sqlite_desk: Desk, scripted_scanner: ScriptedScanner
) -> None:
    scripted_scanner.answer = Scan(ScanOutcome.CLEAN, "scanner_saw_macros")
    first = handle(sqlite_desk, 1)
    scripted_scanner.answer = CLEAN

    second = handle(sqlite_desk, 2)

    assert state_of(first) == state_of(second) == ("ACTIVE", "active_content")
    assert "scanner_saw_macros" in second.findings


def test_other_bytes_are_scanned(sqlite_desk: Desk, scripted_scanner: ScriptedScanner) -> None:
    handle(sqlite_desk, 1)
    scripted_scanner.answer = FOUND

    assert state_of(handle(sqlite_desk, 2, tiny_pdf("other"))) == ("INFECTED", "malware:Bad")


def test_another_version_scans_the_same_bytes_again(
    sqlite_desk: Desk, scripted_scanner: ScriptedScanner
) -> None:
    handle(sqlite_desk, 1)
    scripted_scanner.answers_by_content[CONTENT] = FOUND
    scripted_scanner.release = NEWER

    assert state_of(handle(sqlite_desk, 2)) == ("INFECTED", "malware:Bad")


@pytest.mark.components
def test_malware_is_known_again(desk: Desk, scripted_scanner: ScriptedScanner) -> None:
    scripted_scanner.answers_by_content[CONTENT] = FOUND
    handle(desk, 1)
    scripted_scanner.answers_by_content.clear()

    assert state_of(handle(desk, 2)) == ("INFECTED", "malware:Bad")


def test_the_stricter_of_two_answers_is_the_known_one(
    sqlite_desk: Desk, scripted_scanner: ScriptedScanner
) -> None:
    handle(sqlite_desk, 1)
    infected = handle(sqlite_desk, 2)
    change(sqlite_desk, infected, DocumentState.INFECTED, "malware:Bad")
    handle(sqlite_desk, 3)

    assert state_of(handle(sqlite_desk, 4)) == ("INFECTED", "malware:Bad")


def test_eicar_stays_infected_each_time(sqlite_desk: Desk) -> None:
    states = {state_of(handle(sqlite_desk, number, eicar())) for number in range(3)}

    assert states == {("INFECTED", "malware:rule:eicar_test_file")}


def test_a_failure_is_never_reused(sqlite_desk: Desk, scripted_scanner: ScriptedScanner) -> None:
    scripted_scanner.answer = AWAY
    held = handle(sqlite_desk, 1)
    scripted_scanner.answer = CLEAN

    assert state_of(held) == ("HELD", "scanner_away")
    assert state_of(handle(sqlite_desk, 2)) == ("CLEAN", "")


def test_a_silent_scanner_has_no_version_to_be_known_by(
    sqlite_desk: Desk, scripted_scanner: ScriptedScanner
) -> None:
    scripted_scanner.release = None
    handle(sqlite_desk, 1)
    scripted_scanner.answers_by_content[CONTENT] = FOUND

    assert state_of(handle(sqlite_desk, 2)) == ("INFECTED", "malware:Bad")


def test_a_release_by_a_person_is_no_clean_scan(
    sqlite_desk: Desk, scripted_scanner: ScriptedScanner
) -> None:
    scripted_scanner.answers_by_content[CONTENT] = FOUND
    change(sqlite_desk, handle(sqlite_desk, 1), DocumentState.ACTIVE, "released")

    assert state_of(handle(sqlite_desk, 2)) == ("INFECTED", "malware:Bad")


def test_old_signatures_clear_nothing_that_they_cleared_when_new(
    sqlite_desk: Desk, clock: Clock
) -> None:
    handle(sqlite_desk, 1)
    clock.advance(timedelta(hours=49))

    assert state_of(handle(sqlite_desk, 2)) == ("HELD", "signatures_stale")


def test_known_bytes_in_an_archive_are_known_too(
    sqlite_desk: Desk, scripted_scanner: ScriptedScanner
) -> None:
    scripted_scanner.answers_by_content[CONTENT] = FOUND
    handle(sqlite_desk, 1)
    scripted_scanner.answers_by_content.clear()
    raw = referral(attachments=[("a.zip", "application/zip", plain_zip({"a.pdf": CONTENT}))])

    *_, inner = sqlite_desk.documents(sqlite_desk.handle(raw))

    assert state_of(inner) == ("INFECTED", "malware:Bad")


def change(desk: Desk, document: Document, state: DocumentState, reason: str) -> None:
    """Let a document stand as somebody else left it."""
    with desk.services.database.transaction() as session:
        row = session.get_one(Document, document.id)
        row.state, row.reason = state, reason
