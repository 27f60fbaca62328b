"""Check threats S1 and S3 through the whole way.

Wrapped malware is never clean, bombs hold up nobody.

Real clamd, real jails, real storage; each sample comes as an attachment of a mail.
"""

import io
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    pkcs7,
)
from cryptography.x509.oid import NameOID
from PIL import Image

from intake.core.services import Services
from intake.inspection.scanner import Clamd as Scanner
from intake.oversight.verify import verify_storage
from intake.pipeline.worker_services import WorkerServices
from intake.safe_copies.make import make_safe_copies
from intake.sandbox import JailPool, Limits
from intake.sandbox.protocol.unpacked import Keys, SmimeKey
from intake.senders.register import add_sender
from mailbox.demo.eicar import eicar
from storage.crypto.sealing import unseal
from storage.documents import documents, safe_copies
from storage.documents.documents import Document, DocumentState
from storage.documents.safe_copies import SHOWN
from storage.submissions.submissions import place
from tests.components.clamd import Clamd
from tests.flow.test_hostile_mail import run_one
from tests.samples.files.archives import PASSWORD, TRICKS, WRAPPERS, seven
from tests.samples.files.packed import plain_zip
from tests.samples.files.pdf_bombs import PDF_BOMBS, endless_function
from tests.samples.files.picture_bombs import PICTURE_BOMBS
from tests.samples.mail.mails import REGISTERED_SENDER, referral, tiny_jpeg, tiny_pdf
from tests.support.building import make_services, make_worker_services

pytestmark = pytest.mark.components

NAMES = {
    "plain": "eicar.txt",
    "7z": "a.7z",
    "ooxml": "a.docx",
    "template": "a.dotx",
    "slides with macros": "a.pptm",
    "binary workbook": "a.xlsb",
    "drawing": "a.odg",
    "pdf attachment": "a.pdf",
    "base64 eml": "a.eml",
    "quoted-printable eml": "a.eml",
    "uu eml": "a.eml",
    "message/rfc822": "a.eml",
    "tar.gz": "a.tar.gz",
}
OCTETS = "application/octet-stream"
PDF = ("remiss.pdf", "application/pdf", tiny_pdf("remiss"))


@pytest.fixture(scope="module")
def jails() -> Iterator[JailPool]:
    # Small limits decide about a bomb too, and the test need not wait for the large ones.
    pool = JailPool(2, limits=Limits(cpu_seconds=5, wall_seconds=8), allow_reduced=False)
    pool.start()
    yield pool
    pool.close()


@pytest.fixture
def worker_services(tmp_path: Path, jails: JailPool, clamd: Clamd) -> Iterator[WorkerServices]:
    services = make_services(tmp_path, AVRR_MAX_UPLOAD_BYTES="400000000")
    add_sender(services, "test", REGISTERED_SENDER, "VAST")
    yield replace(
        make_worker_services(services, jails), scanner=Scanner(clamd.url), services=_now(services)
    )
    services.database.close()


def _now(services: Services) -> Services:
    # The age of the scanner's signatures is real, so the clock must be real too.
    from datetime import UTC, datetime

    return replace(services, now=lambda: datetime.now(UTC))


def handle(
    worker_services: WorkerServices, name: str, content: bytes, uid: int = 1
) -> list[Document]:
    """Take one attachment the whole way and return all documents that came of it."""
    raw = referral(attachments=[(name, OCTETS, content)], message_id=f"<{uid}@partner.example>")
    submission_id = run_one(worker_services, raw, uid)
    make_safe_copies(worker_services.copies, submission_id)
    with worker_services.services.database.reading() as session:
        return documents.of_submission(session, submission_id)


def content_of(worker_services: WorkerServices, document: Document) -> bytes:
    """Return a document's bytes."""
    from storage.blobs.blobs import BlobRow
    from storage.submissions import submissions

    with worker_services.services.database.reading() as session:
        submission = submissions.by_id(session, document.submission_id)
        assert submission is not None
        key = worker_services.services.keyring.open(session, submission.data_key_id)
        blob = session.get_one(BlobRow, document.blob_id)
    return worker_services.services.blobs.read_whole(key, blob)


@pytest.mark.parametrize("wrapper", WRAPPERS)
def test_wrapped_malware_is_never_shown(wrapper: str, worker_services: WorkerServices) -> None:
    found = handle(worker_services, NAMES.get(wrapper, "a.zip"), WRAPPERS[wrapper]())

    shown = [d for d in found if d.state in SHOWN and d.role != "body"]
    assert [d.reason for d in shown if eicar() in content_of(worker_services, d)] == []
    # The container itself, or a document in it, says what is wrong.
    told = [d for d in found if d.state in {"INFECTED", "HELD", "LOCKED"}]
    assert told
    assert all(d.reason for d in told)


@pytest.mark.parametrize("trick", TRICKS)
def test_archive_trick_ends_in_a_state_with_its_reason(
    trick: str, worker_services: WorkerServices
) -> None:
    build, _ = TRICKS[trick]

    found = handle(worker_services, "a.zip", build())

    attached = next(d for d in found if d.role == "attachment" and d.parent_id is None)
    assert attached.state in set(DocumentState) - {"STORED", "CLEAN"}
    assert attached.reason


def test_bombs_hold_up_nobody(worker_services: WorkerServices) -> None:
    normal = tiny_pdf("normal")
    bombs = [*(build() for build in PDF_BOMBS), *(build() for build, _ in PICTURE_BOMBS)]

    slowest = 0.0
    for number, bomb in enumerate(bombs):
        found = handle(worker_services, "bomb.pdf", bomb, uid=2 * number + 1)
        assert all(d.state != DocumentState.STORED for d in found)
        started_at = time.monotonic()
        _, after = handle(worker_services, "a.pdf", normal + b"\n%%%d" % number, uid=2 * number + 2)
        slowest = max(slowest, time.monotonic() - started_at)
        assert after.state == "CLEAN"

    assert len(bombs) >= 17
    assert verify_storage(worker_services.services, orphan_after_seconds=0).faults == ()
    print(f"slowest normal document after a bomb: {slowest:.2f} s")


def test_archive_becomes_a_tree_that_can_be_followed(worker_services: WorkerServices) -> None:
    inner = seven({"pass.jpg": tiny_jpeg("p")})
    outer = plain_zip({"remiss.pdf": tiny_pdf("remiss"), "mer.7z": inner})

    found = {_name(worker_services, d): d for d in handle(worker_services, "underlag.zip", outer)}

    assert found["underlag.zip"].reason == "opened_parts_are_listed"
    assert found["remiss.pdf"].parent_id == found["underlag.zip"].id
    assert found["mer.7z"].parent_id == found["underlag.zip"].id
    assert found["pass.jpg"].parent_id == found["mer.7z"].id
    assert found["remiss.pdf"].state == found["pass.jpg"].state == "CLEAN"


def test_shown_documents_have_a_copy_and_no_other_has(worker_services: WorkerServices) -> None:
    packed = plain_zip({"a.pdf": tiny_pdf("a"), "b.jpg": tiny_jpeg("b"), "c.txt": eicar()})

    found = handle(worker_services, "a.zip", packed)

    with worker_services.services.database.reading() as session:
        copies = safe_copies.of_documents(session, [d.id for d in found])
        pages = {d.id: safe_copies.pages_of(session, d.id) for d in found}
    for document in found:
        is_own_text = document.role == "body" and document.parent_id is None
        is_shown = document.state in SHOWN and not is_own_text
        assert (document.id in copies) == is_shown
        assert bool(pages[document.id]) == is_shown


def test_same_bytes_twice_are_linked(worker_services: WorkerServices) -> None:
    pdf = tiny_pdf("twice")
    packed = plain_zip({"a.pdf": pdf, "b.pdf": pdf})

    found = [
        d for d in handle(worker_services, "a.zip", packed) if d.detected_type == "application/pdf"
    ]

    assert [(d.state, d.reason) for d in found] == [
        ("CLEAN", ""),
        ("IGNORED", "same_bytes_as_another_part"),
    ]


def test_stale_signatures_clear_nothing(worker_services: WorkerServices, clamd: Clamd) -> None:
    from datetime import UTC, datetime, timedelta

    later = replace(worker_services.services, now=lambda: datetime.now(UTC) + timedelta(hours=60))

    found = handle(replace(worker_services, services=later), "a.pdf", tiny_pdf("stale"))

    assert {(d.state, d.reason) for d in found} == {("HELD", "signatures_stale")}


def test_locked_archive_waits_for_its_password(worker_services: WorkerServices) -> None:
    locked = seven({"a.pdf": tiny_pdf("a")}, password=PASSWORD)

    found = handle(worker_services, "a.7z", locked)

    assert [d.state for d in found if d.role == "attachment"] == ["LOCKED"]


def _name(worker_services: WorkerServices, document: Document) -> str:
    from storage.submissions import submissions

    with worker_services.services.database.reading() as session:
        submission = submissions.by_id(session, document.submission_id)
        assert submission is not None
        key = worker_services.services.keyring.open(session, submission.data_key_id)
    return unseal(key, place("documents", "name", document.id), document.name)


def test_mail_encrypted_to_us_is_opened_with_our_key(worker_services: WorkerServices) -> None:
    key, certificate, encrypted = encrypted_to_us(referral(attachments=[PDF]))
    ours = Keys(smime=(SmimeKey(key, certificate),))

    without = handle(worker_services, "smime.p7m", encrypted, uid=1)
    found = handle(replace(worker_services, keys=ours), "smime.p7m", encrypted, uid=2)

    assert [d.state for d in without if d.role == "attachment"] == ["LOCKED"]
    assert "CLEAN" in {d.state for d in found if d.detected_type == "application/pdf"}


def encrypted_to_us(message: bytes) -> tuple[str, str, bytes]:
    """Return a key, its certificate (both PEM), and a message encrypted to them (RFC 8551)."""
    from datetime import UTC, datetime, timedelta

    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "intake.example")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now)
        .not_valid_after(now + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    encrypted = (
        pkcs7.PKCS7EnvelopeBuilder()
        .set_data(message)
        .add_recipient(certificate)
        .encrypt(Encoding.DER, [pkcs7.PKCS7Options.Binary])
    )
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    return pem, certificate.public_bytes(Encoding.PEM).decode(), encrypted


def test_a_bomb_that_is_being_handled_delays_no_normal_document(
    worker_services: WorkerServices,
) -> None:
    normal, started, ended = tiny_pdf("normal"), threading.Event(), threading.Event()

    def detonate() -> None:
        started.set()
        handle(worker_services, "bomb.pdf", endless_function(), uid=1)
        ended.set()

    bomb = threading.Thread(target=detonate)
    bomb.start()
    started.wait()
    finished = [
        handle(worker_services, "a.pdf", normal + b"\n%%%d" % n, uid=n + 2) for n in range(2)
    ]
    was_still_handled = not ended.is_set()
    bomb.join()

    # Order, not seconds: two documents were finished while the bomb still had its jail.
    assert was_still_handled
    assert {each[1].state for each in finished} == {"CLEAN"}


def test_a_scan_without_a_word_is_told_as_advice(worker_services: WorkerServices) -> None:
    blank = Image.new("RGB", (1240, 1754), "white")
    target = io.BytesIO()
    blank.save(target, "PDF")

    _, document = handle(worker_services, "skanning.pdf", target.getvalue())

    assert document.state == "CLEAN"
    assert "advice_blank" in document.findings
