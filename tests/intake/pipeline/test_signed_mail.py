"""Take signed mail its whole way: what came of checking it is noted, and nothing else changes."""

import pytest

from intake.inspection.findings import sentence
from intake.pipeline.inspect_and_file import inspect_and_file
from intake.pipeline.open_mail import open_submission
from intake.sandbox.protocol import signs
from intake.sandbox.protocol.errors import JailUnavailable, ParseCrash, ParseTimeout
from portal.text.documents import advice, findings
from storage.documents.documents import Document
from tests.intake.pipeline.test_scanned_again import NEWER
from tests.samples.files.archives import pdf_with
from tests.samples.files.packed import plain_zip
from tests.samples.mail.mails import referral, tiny_pdf
from tests.samples.mail.signatures import PGP_SIGNATURE, Signer, cms_signature, signed_mail
from tests.samples.mail.wire import base64_lines, mail, multipart, part
from tests.support.building import ScriptedScanner
from tests.support.desk import Desk, FailingJails

FITS, DIFFERS, NOT_CHECKED = "signature_fits", "signature_differs", "signature_not_checked"
FILE = [b"Content-Type: application/pdf; name=a.pdf", b"Content-Transfer-Encoding: base64"]


def letter(words: bytes) -> bytes:
    """Return the part that is signed: a letter with a paper."""
    papers = [
        part([b"Content-Type: text/plain"], words),
        part(FILE, base64_lines(tiny_pdf("remiss"))),
    ]
    return b"Content-Type: multipart/mixed; boundary=c\r\n\r\n" + multipart(b"c", papers)


LETTER, CHANGED = letter(b"Remiss bifogas."), letter(b"Remiss utgick.")
SIGNATURE = cms_signature(LETTER)
SENT = {
    FITS: signed_mail(LETTER, SIGNATURE, name="one"),
    DIFFERS: signed_mail(CHANGED, SIGNATURE, name="two"),
    NOT_CHECKED: signed_mail(LETTER, cms_signature(LETTER, Signer(digest="sha224")), name="three"),
}


def signature_of(desk: Desk, submission_id: str) -> Document:
    """Return the document that is the signature of a mail."""
    return next(row for row in desk.documents(submission_id) if "signature" in row.claimed_type)


def standing(desk: Desk, submission_id: str) -> tuple[object, ...]:
    """Return how a submission stands: its documents, what waits, its receipt and its flags."""
    row = desk.submission(submission_id)
    receipts = [(each.kind, each.state) for each in desk.receipts(submission_id)]
    sender = (row.sender_verdict, row.sender_reasons)
    waiting = desk.open_items(submission_id)
    found = (desk.states(submission_id), waiting, receipts, sender)
    return (*found, row.flags, row.item_count, row.state)


@pytest.mark.parametrize("code", SENT)
def test_what_came_of_checking_is_found_with_the_signature(sqlite_desk: Desk, code: str) -> None:
    submission_id = sqlite_desk.handle(SENT[code])

    found = signature_of(sqlite_desk, submission_id)

    assert (found.state, found.reason) == ("IGNORED", "detached_signature")
    assert found.findings == ["detached_signature", code]
    assert [
        row.id
        for row in sqlite_desk.documents(submission_id)
        if signs.OF_A_SIGNATURE & {*row.findings, *row.part_flags}
    ] == [found.id]


def test_it_changes_neither_states_nor_filing_nor_the_receipt(sqlite_desk: Desk) -> None:
    sqlite_desk.register()
    stand = {code: standing(sqlite_desk, sqlite_desk.handle(raw)) for code, raw in SENT.items()}
    unsigned = SENT[FITS].replace(b"multipart/signed", b"multipart/mixed").replace(b"<one@", b"<4@")

    assert stand[DIFFERS] == stand[NOT_CHECKED] == stand[FITS]
    assert standing(sqlite_desk, sqlite_desk.handle(unsigned)) == stand[FITS]
    assert stand[FITS][0] == [("CLEAN", ""), ("CLEAN", ""), ("IGNORED", "detached_signature")]


def wrapped(signed: bytes) -> bytes:
    """Return a mail that is a signature around its letter (RFC 8551 §3.5.2)."""
    fields = [
        b"Content-Type: application/pkcs7-mime; smime-type=signed-data; name=smime.p7m",
        b"Content-Transfer-Encoding: base64",
    ]
    return mail("wrapped", headers=fields, body=base64_lines(signed))


OPAQUE = cms_signature(LETTER, is_detached=False)


@pytest.mark.parametrize(
    ("signed", "code"),
    [
        (OPAQUE, FITS),
        (OPAQUE.replace(b"bifogas", b"utgick!"), DIFFERS),
        (cms_signature(LETTER, Signer(digest="sha224"), is_detached=False), NOT_CHECKED),
    ],
)
def test_what_came_of_a_signature_around_the_letter_is_found_with_it(
    sqlite_desk: Desk, scripted_scanner: ScriptedScanner, signed: bytes, code: str
) -> None:
    submission_id = sqlite_desk.handle(wrapped(signed))
    first = [(row.state, row.reason, row.findings) for row in sqlite_desk.documents(submission_id)]
    scripted_scanner.release = NEWER
    inspect_and_file(sqlite_desk.worker_services, submission_id)

    around, *inside = sqlite_desk.documents(submission_id)

    assert (around.state, around.reason) == ("IGNORED", "opened_parts_are_listed")
    assert signs.OF_A_SIGNATURE.intersection(around.findings) == {code}
    assert [(row.state, row.reason, row.findings) for row in (around, *inside)] == first
    assert [row.state for row in inside] == ["CLEAN", "CLEAN"]


def test_a_changed_letter_is_advice_and_an_intact_one_is_folded_away() -> None:
    assert advice(("detached_signature", DIFFERS)) == [sentence(DIFFERS)]
    assert advice(("detached_signature", FITS, NOT_CHECKED)) == []
    assert findings((FITS, NOT_CHECKED)) == [sentence(FITS), sentence(NOT_CHECKED)]


def test_a_second_scan_finds_the_same(sqlite_desk: Desk, scripted_scanner: ScriptedScanner) -> None:
    taken = {code: sqlite_desk.handle(raw) for code, raw in SENT.items()}
    before = {code: standing(sqlite_desk, each) for code, each in taken.items()}

    scripted_scanner.release = NEWER
    for each in taken.values():
        inspect_and_file(sqlite_desk.worker_services, each)

    for code, each in taken.items():
        assert standing(sqlite_desk, each) == before[code]
        assert signature_of(sqlite_desk, each).findings == ["detached_signature", code]


def test_what_an_earlier_release_opened_stays_without_an_answer(
    sqlite_desk: Desk, scripted_scanner: ScriptedScanner
) -> None:
    submission_id = sqlite_desk.handle(SENT[DIFFERS])
    with sqlite_desk.services.database.transaction() as session:
        row = session.get_one(Document, signature_of(sqlite_desk, submission_id).id)
        row.part_flags, row.findings = [], ["detached_signature"]

    scripted_scanner.release = NEWER
    inspect_and_file(sqlite_desk.worker_services, submission_id)

    assert signature_of(sqlite_desk, submission_id).findings == ["detached_signature"]


@pytest.mark.parametrize("error", [ParseTimeout("wall_clock"), ParseCrash("signal_11")])
def test_a_check_that_fails_leaves_it_open(
    sqlite_desk: Desk, error: ParseTimeout | ParseCrash
) -> None:
    jails = FailingJails(sqlite_desk.worker_services.jails, on_check=[error])
    sqlite_desk.set_jails(jails)

    submission_id = sqlite_desk.handle(SENT[DIFFERS])

    assert signature_of(sqlite_desk, submission_id).findings == ["detached_signature", NOT_CHECKED]
    assert sqlite_desk.states(submission_id)[0] == ("CLEAN", "")


def test_without_a_jail_the_mail_is_opened_later(sqlite_desk: Desk) -> None:
    jails = FailingJails(sqlite_desk.worker_services.jails, on_check=[JailUnavailable("gone")])
    sqlite_desk.set_jails(jails)
    submission_id = sqlite_desk.accept(SENT[FITS])

    with pytest.raises(JailUnavailable):
        open_submission(sqlite_desk.worker_services, submission_id)
    open_submission(sqlite_desk.worker_services, submission_id)

    assert signature_of(sqlite_desk, submission_id).part_flags == [FITS]


def test_only_a_signed_mail_pays_for_the_check(sqlite_desk: Desk) -> None:
    never = FailingJails(sqlite_desk.worker_services.jails, on_check=[ParseCrash("asked")])
    sqlite_desk.set_jails(never)

    sqlite_desk.open(referral(attachments=[("a.pdf", "application/pdf", tiny_pdf("x"))]))
    pgp = signed_mail(LETTER, PGP_SIGNATURE, name="pgp", kind="application/pgp-signature")
    submission_id = sqlite_desk.handle(pgp)

    assert len(never.on_check) == 1
    assert signature_of(sqlite_desk, submission_id).findings == ["detached_signature", NOT_CHECKED]


def test_a_signed_mail_in_an_archive_is_checked_too(sqlite_desk: Desk) -> None:
    files = {"intact.eml": SENT[FITS], "changed.eml": SENT[DIFFERS]}
    packed = ("mails.zip", "application/zip", plain_zip(files))
    inside = ("outer.pdf", "application/pdf", pdf_with({"inside.txt": b"inside"}))

    submission_id = sqlite_desk.handle(referral(attachments=[packed, inside]))

    found = [
        tuple(row.findings)
        for row in sqlite_desk.documents(submission_id)
        if signs.OF_A_SIGNATURE & {*row.findings}
    ]
    assert sorted(found) == [("detached_signature", DIFFERS), ("detached_signature", FITS)]
