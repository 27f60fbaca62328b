"""Put sample submissions for the pages into storage, as intake would leave them."""

import hashlib
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from intake.core.references import new_reference
from intake.core.services import Services
from storage import audit
from storage.base import new_id
from storage.blobs.blobs import StoredBlob, add_blob
from storage.cases.cases import Case
from storage.crypto.keys import DataKey
from storage.crypto.sealing import seal
from storage.database import Session
from storage.documents.documents import Document, content_hash, sealed_sha256
from storage.mail.outbox import OutboxMessage
from storage.submissions.arrivals import Place, note_arrival
from storage.submissions.queue_items import QueueItem
from storage.submissions.submissions import Submission, place

CANARY = '"><script>alert(1)</script><img src=x onerror=alert(2)>{{ 7*7 }}'
DANGEROUS_NAME = f"\u202efdp.exe {CANARY}.pdf"


@dataclass(frozen=True)
class Part:
    """One document to be."""

    name: str
    state: str
    reason: str = ""
    detected_type: str = "application/pdf"
    size: int = 242_000
    parent: int | None = None
    page_count: int | None = None
    role: str = "attachment"
    findings: tuple[str, ...] = ()
    twin_of: int | None = None  # the part with the same bytes


REFERRAL_PARTS = (
    Part("", "CLEAN", "", "text/plain", 612, role="body"),
    Part("Remiss återvändande.pdf", "CLEAN", page_count=4),
    Part("Samtycke.pdf", "ACTIVE", "active_content", page_count=1, findings=("javascript",)),
    Part("underlag.zip", "HELD", "archive_not_opened", "application/zip", 1_400_000),
    Part("pass (kopia).pdf", "LOCKED", "password_needed", parent=3),
    Part("صورة.jpg", "CLEAN", "", "image/jpeg", 88_000),
)
# Documents of every state in one message, for the quarantine, the tree of parts and the viewer.
DESK_PARTS = (
    Part("", "CLEAN", "", "text/plain", 612, role="body"),
    Part("Remiss återvändande.pdf", "CLEAN", page_count=4),
    Part("Samtycke.pdf", "ACTIVE", "active_content", page_count=2, findings=("pdf_javascript",)),
    Part("underlag.zip", "HELD", "too_deep", "application/zip", 1_400_000),
    Part("pass (kopia).pdf", "LOCKED", "password_needed", parent=3),
    Part("faktura.doc", "INFECTED", "malware:Win.Test.EICAR_HDB-1", "application/msword", parent=3),
    Part("skadad.pdf", "UNREADABLE", "pdf_cannot_be_opened"),
    Part("صورة.jpg", "CLEAN", "", "image/jpeg", 88_000, findings=("advice_dark",)),
    Part("brev.odt", "CLEAN", "", "application/vnd.oasis.opendocument.text", 31_000),
    Part("avtal.docx", "CLEAN", "", "application/vnd.openxmlformats", 45_000),
)
BODY = (
    "Hej,\n\nbifogat finns remiss och samtycke. Personen vill resa så snart det är möjligt.\n"
    "Ring mig gärna på förmiddagen.\n\nMed vänlig hälsning\nRegionkoordinator Väst"
)


@dataclass(frozen=True)
class Seeded:
    """What was put in: its ids and code."""

    submission_id: str
    reference: str
    item_id: str


HISTORY: tuple[tuple[str, dict[str, Any]], ...] = (  # Any: an audit event's codes and numbers
    ("submission.received", {"channel": "email", "bytes": 1_800_000}),
    ("submission.opened", {"documents": 6, "flags": []}),
    ("receipt.written", {"kind": "R1", "reason": ""}),
    ("submission.inspected", {"states": {"CLEAN": 3, "ACTIVE": 1, "HELD": 1, "LOCKED": 1}}),
    ("submission.filed", {"reason": "registered_sender_new_case", "queue": "Q2"}),
)


def seed(services: Services, **options: Any) -> Seeded:  # Any: a test names what it cares for
    """Put in one submission with documents, receipt, queue item and history.

    `options` are the arguments named in the private functions below.
    """
    options = {"programme": "referrals", "age": timedelta(hours=2), **options}
    key = services.keyring.new_key()
    blob = services.blobs.write(key, [b"raw"])
    made = Seeded(new_id(), new_reference(), new_id())
    with services.database.transaction() as session:
        services.keyring.add(session, key, "submission", services.now())
        add_blob(session, key, blob, services.now())
        session.flush()
        case_id = _add_case(services, session, options)
        session.add(_submission(services, made, key, blob, case_id, options))
        session.flush()
        where = Place("referrals", "INBOX", 1, int(made.submission_id[:8], 16))
        note_arrival(session, made.submission_id, where, "0" * 64, services.now())
        _add_documents(session, made, key, blob, options.get("parts", REFERRAL_PARTS))
        session.add(_receipt(services, made, key, options))
        if options.get("queue", "Q2"):
            session.add(_item(services, made, options))
        _add_history(services, session, made, options)
    return made


def _add_case(services: Services, session: Session, options: dict[str, Any]) -> str | None:
    if not options.get("with_case", True):
        return None
    key = services.keyring.new_key()
    services.keyring.add(session, key, "case", services.now())
    case = Case(
        id=new_id(),
        reference=new_reference(),
        programme=options["programme"],
        region="VAST",
        state="RECEIVED",
        data_key_id=key.id,
        opened_at=services.now(),
    )
    session.add(case)
    session.flush()
    return case.id


def _submission(
    services: Services,
    made: Seeded,
    key: DataKey,
    blob: StoredBlob,
    case_id: str | None,
    options: dict[str, Any],
) -> Submission:
    def sealed(column: str, default: str) -> bytes:
        text = options.get(column, default)
        return seal(key, place("submissions", column, made.submission_id), text)

    return Submission(
        id=made.submission_id,
        reference=made.reference,
        identity=f"email:{options['programme']}:{made.submission_id}",
        channel=options.get("channel", "email"),
        programme=options["programme"],
        state=options.get("state", "QUEUED"),
        received_at=services.now() - options["age"],
        data_key_id=key.id,
        raw_blob_id=blob.id,
        sender=sealed("sender", "koordinator@region.example"),
        sender_verdict=options.get("verdict", "registered"),
        sender_reasons=options.get("sender_reasons", ["address_registered", "authentic"]),
        subject=sealed("subject", "Remiss"),
        body_text=sealed("body_text", BODY),
        flags=options.get("flags", []),
        item_count=options.get("item_count", 4),
        region=options.get("region", "VAST"),
        priority=options.get("priority", "normal"),
        case_id=case_id,
        filing_reason=options.get("reason", "registered_sender_new_case"),
    )


def _add_documents(
    session: Session, made: Seeded, key: DataKey, blob: StoredBlob, parts: tuple[Part, ...]
) -> None:
    ids = [new_id() for _ in parts]
    for position, part in enumerate(parts):
        session.add(
            Document(
                id=ids[position],
                submission_id=made.submission_id,
                parent_id=ids[part.parent] if part.parent is not None else None,
                position=position,
                path=f"1.{position + 1}",
                role=part.role,
                name=seal(key, place("documents", "name", ids[position]), part.name),
                claimed_type=part.detected_type,
                detected_type=part.detected_type,
                document_type="UNK",
                state=part.state,
                reason=part.reason,
                findings=list(part.findings),
                sha256=sealed_sha256(key, ids[position], blob.sha256),
                content_hash=content_hash(session, _stands_for(made, position, part)),
                size=part.size,
                page_count=part.page_count,
                blob_id=blob.id,
            )
        )
        # One by one, as a part refers to the one that it came out of.
        session.flush()


def _stands_for(made: Seeded, position: int, part: Part) -> str:
    """Return a SHA-256 for a part: all share one blob, but only twins count as the same bytes."""
    same = part.twin_of if part.twin_of is not None else position
    return hashlib.sha256(f"{made.submission_id}/{same}".encode()).hexdigest()


def _receipt(
    services: Services, made: Seeded, key: DataKey, options: dict[str, Any]
) -> OutboxMessage:
    received_at = services.now() - options["age"]
    return OutboxMessage(
        id=new_id(),
        submission_id=made.submission_id,
        data_key_id=key.id,
        kind="R1",
        state="sent",
        message_id=f"<{made.submission_id}.r1@localhost>",
        recipient=b"sealed",
        created_at=received_at,
        sent_at=received_at + timedelta(seconds=2),
    )


def _item(services: Services, made: Seeded, options: dict[str, Any]) -> QueueItem:
    return QueueItem(
        id=made.item_id,
        queue=options.get("queue", "Q2"),
        kind=options.get("kind", "submission"),
        submission_id=made.submission_id,
        programme=options["programme"],
        reason=options.get("reason", "registered_sender_new_case"),
        priority=options.get("priority", "normal"),
        opened_at=services.now() - options["age"],
        due_at=services.now() + options.get("due_in", timedelta(hours=3, minutes=20)),
    )


def _add_history(
    services: Services, session: Session, made: Seeded, options: dict[str, Any]
) -> None:
    for seconds, (act, detail) in enumerate(options.get("history", HISTORY)):
        audit.append(
            session,
            services.keyring,
            services.now() - options["age"] + timedelta(seconds=seconds),
            actor="system:intake",
            act=act,
            subject=("submission", made.submission_id),
            detail=detail,
        )
