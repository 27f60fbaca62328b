"""Check that the stricter of two verdicts wins, and that no answer is never «clean»."""

import pytest

from intake.inspection.inspect_documents import scan_bytes
from intake.inspection.scanner import Scan, ScanOutcome
from intake.inspection.unpack import has_contents
from intake.inspection.verdicts import Verdict, judge_document, scan_behind
from intake.pipeline.inspect_and_file import inspect_and_file
from intake.sandbox.protocol.errors import JailUnavailable, ParseCrash, ParseTimeout
from intake.sandbox.protocol.results import Inspection
from mailbox.demo.eicar import eicar
from storage.documents.documents import Document, DocumentState
from tests.samples.files.packed import plain_zip
from tests.samples.mail.mails import referral, tiny_pdf
from tests.samples.mail.signatures import cms_signature
from tests.samples.mail.wire import base64_lines, mail, multipart, part
from tests.support.building import SCANNER_RELEASE, ScriptedScanner
from tests.support.desk import Desk, FailingJails

CLEAN = Scan(ScanOutcome.CLEAN)
FOUND = Scan(ScanOutcome.FOUND, "Eicar")
AWAY = Scan(ScanOutcome.UNKNOWN, "scanner_away")
LIMIT = Scan(ScanOutcome.UNKNOWN, "scanner_limit")
LOCKED = Scan(ScanOutcome.UNKNOWN, "scanner_cannot_decrypt")


def inspection(state: str = "clean", reason: str = "", kind: str = "application/pdf") -> Inspection:
    """Give what the parsers say."""
    return Inspection(kind, state, reason, ("finding",), 3)  # type: ignore[arg-type] # a state


@pytest.mark.parametrize(
    ("scan", "found", "state", "reason"),
    [
        (CLEAN, inspection(), "CLEAN", ""),
        (CLEAN, inspection("active", "javascript"), "ACTIVE", "javascript"),
        (CLEAN, inspection("held", "type_differs"), "HELD", "type_differs"),
        (CLEAN, inspection("locked", "password"), "LOCKED", "password"),
        (CLEAN, inspection("unreadable", "broken"), "UNREADABLE", "broken"),
        (CLEAN, ParseTimeout("wall_clock"), "HELD", "inspection_wall_clock"),
        (CLEAN, ParseCrash("signal_9"), "HELD", "inspection_signal_9"),
        (FOUND, inspection(), "INFECTED", "malware:Eicar"),
        (FOUND, inspection("locked", "password"), "INFECTED", "malware:Eicar"),
        (FOUND, ParseCrash("signal_9"), "INFECTED", "malware:Eicar"),
        (AWAY, inspection(), "HELD", "scanner_away"),
        (AWAY, inspection("locked", "password"), "HELD", "scanner_away"),
        (AWAY, inspection("active", "javascript"), "HELD", "scanner_away"),
        (LIMIT, inspection(), "HELD", "scanner_limit"),
        (LOCKED, inspection(), "HELD", "scanner_cannot_decrypt"),
        (LOCKED, inspection("locked", "password"), "LOCKED", "password"),
        (LOCKED, ParseTimeout("wall_clock"), "HELD", "scanner_cannot_decrypt"),
    ],
)
def test_the_stricter_verdict_wins(
    scan: Scan, found: Inspection | ParseTimeout | ParseCrash, state: str, reason: str
) -> None:
    verdict = judge_document("attachment", scan, found, size=50_000, ambiguity="")

    assert (verdict.state, verdict.reason) == (state, reason)


@pytest.mark.parametrize(
    ("scan", "found", "state"),
    [
        (CLEAN, inspection(), "HELD"),
        (CLEAN, inspection("active", "javascript"), "HELD"),
        (CLEAN, inspection("locked", "password"), "HELD"),
        (FOUND, inspection(), "INFECTED"),
    ],
)
@pytest.mark.parametrize("role", ["attachment", "body", "alternative", "inline", "message"])
def test_no_part_of_an_ambiguous_message_passes(
    role: str, scan: Scan, found: Inspection, state: str
) -> None:
    assert judge_document(role, scan, found, size=50_000, ambiguity="ambiguous_part").state == state


@pytest.mark.parametrize(
    ("role", "found", "state", "reason"),
    [
        ("body", inspection(kind="text/plain"), "CLEAN", ""),
        ("body", inspection(kind="text/html"), "ACTIVE", "shown_as_text"),
        ("body", inspection("unreadable", "empty"), "IGNORED", "empty_message_text"),
        ("attachment", inspection("unreadable", "empty"), "UNREADABLE", "empty"),
        ("attachment", inspection("active", "html", "text/html"), "ACTIVE", "html"),
        ("alternative", inspection(kind="text/html"), "IGNORED", "other_form_of_the_message"),
        ("message", inspection(kind="message/rfc822"), "IGNORED", "opened_parts_are_listed"),
        ("inline", inspection(kind="image/png"), "CLEAN", ""),
    ],
)
def test_the_role_in_the_message_decides_what_is_shown(
    role: str, found: Inspection, state: str, reason: str
) -> None:
    verdict = judge_document(role, CLEAN, found, size=50_000, ambiguity="")

    assert (verdict.state, verdict.reason) == (state, reason)


@pytest.mark.parametrize("role", ["alternative", "body", "message"])
def test_malware_and_silence_count_in_every_role(role: str) -> None:
    found = inspection(kind="text/html")

    assert (
        judge_document(role, FOUND, found, size=50_000, ambiguity="").state
        is DocumentState.INFECTED
    )
    assert judge_document(role, AWAY, found, size=50_000, ambiguity="").state is DocumentState.HELD


def test_what_the_scanner_remarks_is_a_finding_and_not_malware() -> None:
    oddly_built = Scan(ScanOutcome.CLEAN, "scanner_saw_broken_picture")

    verdict = judge_document("attachment", oddly_built, inspection(), size=50_000, ambiguity="")

    assert verdict.state is DocumentState.CLEAN
    assert verdict.findings == ("finding", "scanner_saw_broken_picture")


def test_where_the_scanner_sees_macros_only_a_copy_is_shown() -> None:
    macros = Scan(ScanOutcome.CLEAN, "scanner_saw_macros")

    verdict = judge_document("attachment", macros, inspection(), size=50_000, ambiguity="")

    assert (verdict.state, verdict.reason) == (DocumentState.ACTIVE, "active_content")


def test_a_remark_is_known_again_with_the_bytes() -> None:
    known = scan_behind("ACTIVE", "active_content", ["office_vba_macro", "scanner_saw_macros"])

    assert known == Scan(ScanOutcome.CLEAN, "scanner_saw_macros")


def signed_mail(signature: bytes) -> bytes:
    """Write a mail with a detached signature in CMS (RFC 1847, RFC 8551 §3.5.3)."""
    letter = part([b"Content-Type: text/plain"], b"The papers will follow.\r\n")
    headers = [
        b"Content-Type: application/pkcs7-signature; name=smime.p7s",
        b"Content-Disposition: attachment; filename=smime.p7s",
        b"Content-Transfer-Encoding: base64",
    ]
    signed = part(headers, base64_lines(signature))
    kind = b'multipart/signed; protocol="application/pkcs7-signature"; micalg=sha-256'
    return mail(
        "signed",
        headers=[b"MIME-Version: 1.0", b"Content-Type: " + kind + b"; boundary=b"],
        body=multipart(b"b", [letter, signed]),
    )


def test_a_signature_of_the_mail_opens_no_task(sqlite_desk: Desk) -> None:
    submission_id = sqlite_desk.handle(signed_mail(cms_signature(b"The papers will follow.")))

    states = sqlite_desk.states(submission_id)

    assert states[1] == ("IGNORED", "detached_signature")
    assert ("Q6", "quarantine") not in sqlite_desk.open_items(submission_id)


def test_a_letter_that_is_a_fragment_of_html_opens_no_task(sqlite_desk: Desk) -> None:
    letter = part([b"Content-Type: text/html; charset=utf-8"], b"<div>Remiss bifogas.</div>")
    paper = part(
        [
            b"Content-Type: application/wps-office.pdf; name=Remiss.pdf",
            b"Content-Transfer-Encoding: base64",
        ],
        base64_lines(tiny_pdf("harmless")),
    )
    headers = [b"MIME-Version: 1.0", b"Content-Type: multipart/mixed; boundary=b"]
    raw = mail("fragment", headers=headers, body=multipart(b"b", [letter, paper]))

    submission_id = sqlite_desk.handle(raw)

    assert sqlite_desk.states(submission_id) == [("ACTIVE", "shown_as_text"), ("CLEAN", "")]
    assert ("Q6", "quarantine") not in sqlite_desk.open_items(submission_id)


def test_malware_written_out_in_base64_is_found_in_the_text(sqlite_desk: Desk) -> None:
    hidden = b"begin-base64 644 e.com\r\n" + base64_lines(eicar()) + b"====\r\n"

    states = sqlite_desk.states(sqlite_desk.handle(mail("hidden", body=b"Hej\r\n" + hidden)))

    assert "INFECTED" in {state for state, _ in states}
    assert not {"CLEAN", "ACTIVE"} & {state for state, _ in states}


@pytest.mark.parametrize("start", [b"", b"Hej\n"])
def test_text_that_writes_out_a_file_is_opened(start: bytes) -> None:
    text = Verdict(DocumentState.CLEAN, "", "text/plain")

    assert has_contents("attachment", text, start + b"begin-base64 644 e.com\naGVsbG8=\n====\n")
    assert has_contents("attachment", text, start + b"begin 644 e.com\n%:&5L;&\\\n`\nend\n")
    assert has_contents("attachment", text, start + b"-----Begin PGP message-----\n")
    assert has_contents("inline", text, start + b"<img src='DATA:Image/PNG;base64,aGVs'>")
    assert not has_contents("attachment", text, start + b"We begin 644 days later\n")


@pytest.mark.parametrize("error", [ParseTimeout("wall_clock"), ParseTimeout("cpu_time")])
def test_document_whose_time_is_used_up_is_not_opened(error: ParseTimeout) -> None:
    verdict = judge_document("attachment", CLEAN, error, size=9, ambiguity="")

    assert (verdict.state, has_contents("attachment", verdict, b"x")) == (DocumentState.HELD, False)


def test_a_verdict_keeps_what_the_parsers_found() -> None:
    verdict = judge_document("attachment", FOUND, inspection(), size=50_000, ambiguity="")

    assert verdict == Verdict(
        DocumentState.INFECTED, "malware:Eicar", "application/pdf", ("finding",), 3
    )


def test_a_reason_always_fits_its_column() -> None:
    long_name = Scan(ScanOutcome.FOUND, "x" * 128)

    infected = judge_document("attachment", long_name, inspection(), size=50_000, ambiguity="")
    held = judge_document("attachment", CLEAN, ParseCrash("y" * 200), size=50_000, ambiguity="")

    assert max(len(infected.reason), len(held.reason)) <= 64


PDF = ("a.pdf", "application/pdf", tiny_pdf("harmless"))
TEXT = ("b.txt", "text/plain", b"MARKED text")
BODY_AND_PDF = [("CLEAN", ""), ("CLEAN", "")]


@pytest.mark.components
def test_a_harmless_message_is_clean_throughout(desk: Desk) -> None:
    submission_id = desk.handle(referral(attachments=[PDF]))

    assert desk.states(submission_id) == BODY_AND_PDF
    _, document = desk.documents(submission_id)
    assert (document.detected_type, document.page_count) == ("application/pdf", 1)
    assert document.scanner == f"{SCANNER_RELEASE}; built-in rules 3"
    assert document.inspected_at == desk.services.now()


@pytest.mark.components
def test_an_infected_part_leaves_the_others_their_own_verdict(desk: Desk) -> None:
    infected = ("c.txt", "text/plain", eicar())

    submission_id = desk.handle(referral(attachments=[PDF, infected]))

    assert desk.states(submission_id) == [
        *BODY_AND_PDF,
        ("INFECTED", "malware:rule:eicar_test_file"),
    ]
    assert ("Q6", "quarantine") in desk.open_items(submission_id)


@pytest.mark.components
def test_malware_that_only_the_whole_shows_holds_every_part(desk: Desk) -> None:
    raw = mail(
        "preamble",
        headers=[b"Content-Type: multipart/mixed; boundary=b"],
        body=eicar() + b"\r\n" + multipart(b"b", [part([b"Content-Type: text/plain"], b"x")]),
    )

    submission_id = desk.handle(raw)

    assert {state for state, _ in desk.states(submission_id)} == {"HELD"}
    assert ("Q6", "quarantine") in desk.open_items(submission_id)


@pytest.mark.components
def test_an_unopened_message_with_malware_is_infected(desk: Desk) -> None:
    desk.set_jails(FailingJails(desk.worker_services.jails, on_open=[ParseTimeout("wall_clock")]))

    submission_id = desk.handle(mail("whole", body=eicar()))

    assert desk.states(submission_id) == [("INFECTED", "malware:rule:eicar_test_file")]


@pytest.mark.components
@pytest.mark.parametrize("error", [ParseTimeout("wall_clock"), ParseCrash("signal_11")])
def test_a_part_that_cannot_be_inspected_is_held(
    desk: Desk, error: ParseTimeout | ParseCrash
) -> None:
    desk.set_jails(FailingJails(desk.worker_services.jails, on_inspect=[error]))

    submission_id = desk.handle(referral(attachments=[PDF]))

    assert desk.states(submission_id) == [("HELD", f"inspection_{error.reason}"), ("CLEAN", "")]


@pytest.mark.components
def test_a_machine_without_jails_is_not_held_against_the_message(desk: Desk) -> None:
    submission_id = desk.open(referral(attachments=[PDF]))
    desk.set_jails(
        FailingJails(desk.worker_services.jails, on_inspect=[JailUnavailable("no_bwrap")] * 4)
    )
    for _ in range(4):
        with pytest.raises(JailUnavailable):
            inspect_and_file(desk.worker_services, submission_id)

    assert {state for state, _ in desk.states(submission_id)} == {"STORED"}
    inspect_and_file(desk.worker_services, submission_id)
    assert desk.states(submission_id) == BODY_AND_PDF


@pytest.mark.components
def test_the_built_in_rules_come_before_the_scanner(
    sqlite_desk: Desk, scripted_scanner: ScriptedScanner
) -> None:
    scripted_scanner.answer = AWAY

    assert scan_bytes(sqlite_desk.worker_services.inspection, eicar()).outcome is ScanOutcome.FOUND
    assert scan_bytes(sqlite_desk.worker_services.inspection, b"harmless") == AWAY


@pytest.mark.components
def test_a_part_that_the_scanner_cannot_decrypt_leaves_the_others_alone(
    desk: Desk, scripted_scanner: ScriptedScanner
) -> None:
    scripted_scanner.answers_by_content = {TEXT[2]: LOCKED}

    submission_id = desk.handle(referral(attachments=[PDF, TEXT]))

    assert desk.states(submission_id) == [*BODY_AND_PDF, ("HELD", "scanner_cannot_decrypt")]


def in_two_parts(first: bytes, second: bytes) -> bytes:
    """Return a mixed message with two attachments as given."""
    field = [b"Content-Type: multipart/mixed; boundary=outer"]
    return mail("two-parts", headers=field, body=multipart(b"outer", [first, second]))


def encoded(kind: bytes, content: bytes) -> bytes:
    """Return an attachment in base64."""
    fields = [b"Content-Type: " + kind, b"Content-Transfer-Encoding: base64"]
    return part([*fields, b"Content-Disposition: attachment"], base64_lines(content))


@pytest.mark.components
def test_a_part_with_two_readings_is_held_alone_with_what_is_in_it(desk: Desk) -> None:
    archive = encoded(b"application/zip", plain_zip({"a.pdf": PDF[2]}))
    whole = encoded(b"application/pdf", PDF[2])
    skipped = archive.replace(b"\r\n\r\n", b"\r\n\r\n!", 1)

    submission_id = desk.handle(in_two_parts(skipped, whole))

    archive_row, pdf_row, inner_row = desk.documents(submission_id)
    assert (pdf_row.state, pdf_row.reason) == ("CLEAN", "")
    assert archive_row.part_flags == ["ambiguous:base64_characters"]
    assert (archive_row.state, inner_row.state) == ("HELD", "HELD")
    assert inner_row.reason == "ambiguous_part"
    inspect_again(desk, submission_id)
    assert desk.states(submission_id)[1:] == [("CLEAN", ""), ("HELD", "ambiguous_part")]


@pytest.mark.components
def test_a_packed_mail_with_two_types_is_held(desk: Desk) -> None:
    types = [b"Content-Type: text/plain", b"Content-Type: text/html"]
    packed = plain_zip({"letter.eml": mail("packed", headers=types, body=b"<b>hello</b>")})

    submission_id = desk.handle(in_two_parts(encoded(b"application/zip", packed), part([], b"x")))

    assert desk.states(submission_id)[-1] == ("HELD", "ambiguous_part")


def inspect_again(desk: Desk, submission_id: str) -> None:
    """Let every document be judged once more."""
    with desk.services.database.transaction() as session:
        for row in desk.documents(submission_id):
            session.get_one(Document, row.id).scanner = "an older one"
    inspect_and_file(desk.worker_services, submission_id)
