"""Take files the whole way as people's programs make them: how each stands, and what its copy says.

LibreOffice is left out here: what it draws is held beside its own code.
"""

import io
from dataclasses import replace

import pytest
from PIL import Image

from intake.inspection.scanner import Clamd
from intake.safe_copies.make import make_safe_copies
from storage.blobs.blobs import BlobRow
from storage.crypto.sealing import unseal
from storage.documents import safe_copies
from storage.documents.documents import Document
from storage.submissions.submissions import place
from tests.components.clamd import Clamd as ClamdServer
from tests.flow.everyday_files import FILES, Sent, photo_with_two_exif
from tests.samples.mail.wire import base64_lines, mail, multipart, part
from tests.support.desk import Desk

SCRIPTS = ("bat", "cmd", "ps1", "jse", "reg", "scf", "rdp", "py", "sh", "desktop")


def taken(desk: Desk, sent: Sent) -> Document:
    """Take a letter with one file the whole way; return the file's row."""
    fields = [
        f'Content-Type: {sent.claimed_type}; name="{sent.name}"'.encode(),
        b"Content-Transfer-Encoding: base64",
        b"Content-Disposition: attachment",
    ]
    parts = [part([], b"Remiss bifogas."), part(fields, base64_lines(sent.content))]
    field = b"Content-Type: multipart/mixed; boundary=b"
    desk.register()
    submission_id = desk.handle(mail(sent.name, headers=[field], body=multipart(b"b", parts)))
    make_safe_copies(desk.worker_services.copies, submission_id)
    assert desk.receipt(submission_id).state == "due"
    return desk.documents(submission_id)[1]


def copied(desk: Desk, document: Document) -> tuple[str, bool]:
    """Return the words of the first page of a copy, and whether anything is drawn on it."""
    key_id = desk.submission(document.submission_id).data_key_id
    with desk.services.database.reading() as session:
        page = safe_copies.page(session, document.id, 1)
        assert page is not None
        key = desk.services.keyring.open(session, key_id)
        blob = session.get_one(BlobRow, page.blob_id)
    picture = Image.open(io.BytesIO(desk.services.blobs.read_whole(key, blob))).convert("L")
    words = unseal(key, place("safe_pages", "text", f"{document.id}/1"), page.text)
    return words, picture.histogram()[255] < picture.width * picture.height


@pytest.mark.parametrize("name", FILES)
def test_a_file_stands_as_its_kind_does(sqlite_desk: Desk, name: str) -> None:
    sent, stands = FILES[name]

    document = taken(sqlite_desk, sent)

    assert (document.state, document.reason) == (stands.state, stands.reason)
    assert stands.findings <= set(document.findings)
    items = sqlite_desk.open_items(document.submission_id)
    assert ("Q6", "quarantine") in items if stands.state == "HELD" else len(items) == 1
    if stands.state != "HELD":
        words, is_drawn = copied(sqlite_desk, document)
        assert [each for each in stands.words if each not in words] == []
        assert [each for each in stands.no_words if each in words] == []
        assert is_drawn or not stands.is_drawn


@pytest.mark.parametrize("claimed_type", ["text/plain", "application/octet-stream"])
@pytest.mark.parametrize("extension", SCRIPTS)
def test_a_name_that_a_computer_would_run_is_held(
    sqlite_desk: Desk, extension: str, claimed_type: str
) -> None:
    document = taken(sqlite_desk, Sent(f"a.{extension}", claimed_type, b"echo Hej\r\n"))

    assert (document.state, document.reason) == ("HELD", "script_file")


@pytest.mark.components
@pytest.mark.parametrize(
    ("sent", "state", "finding"),
    [
        (Sent("a.jpg", "image/jpeg", photo_with_two_exif()), "CLEAN", "scanner_saw_broken_picture"),
        (FILES["macros"][0], "ACTIVE", "office_vba_macro"),
    ],
)
def test_a_rule_of_thumb_of_the_scanner_is_no_malware(
    sqlite_desk: Desk, clamd: ClamdServer, sent: Sent, state: str, finding: str
) -> None:
    services = replace(sqlite_desk.worker_services, scanner=Clamd(clamd.url))
    desk = replace(sqlite_desk, worker_services=services)

    document = taken(desk, sent)

    assert document.state == state
    assert finding in document.findings
