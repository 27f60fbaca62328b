"""Make, store, open and check signed papers: receipts and confirmations.

A signature covers the SHA-256 of the PDF and of the sealed content, which names the newest audit
event. When a submission's key is destroyed its papers cannot be checked any more: that is erasure,
not a fault. The callers decide whether a paper may be issued.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from intake.access import gate, papers
from intake.access.papers import WrongReader
from intake.confirmations import pdf as paper_pdf
from intake.confirmations.content import Paper, anchor_of, canonical, digest_of
from intake.confirmations.pdf import Frame
from intake.confirmations.signature import check_code, is_signature_valid, sign_paper, signer_from
from intake.confirmations.wording import blocks
from intake.core import audit, stored_content
from intake.core.errors import BlobDamaged, IntakeError, KeyUnavailable
from intake.queues.tasks import add_task
from storage import audit as audit_trail
from storage.audit_acts import Act
from storage.base import new_id
from storage.blobs.blobs import add_blob
from storage.cases import confirmations
from storage.cases.confirmations import Confirmation, PaperKind
from storage.crypto.sealing import seal_bytes, unseal_bytes
from storage.submissions import submissions
from storage.submissions.queue_items import TaskKind
from storage.submissions.submissions import place

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    from intake.access.opened import OpenedToRead
    from intake.accounts.accounts import SignedInUser
    from intake.accounts.people.names import AccountWords
    from intake.core.services import Services
    from intake.correspondence.checked_words import ServiceWords
    from storage.blobs.blobs import StoredBlob
    from storage.crypto.keys import DataKey
    from storage.database import Session
    from storage.submissions.submissions import Submission

NEUTRAL_TITLES = {PaperKind.RECEIPT: "Receipt", PaperKind.CONFIRMATION: "Confirmation"}
# The content that is checked when no paper is found, so that both answers take the same work.
STAND_IN = b"{}"
# Both say what a demo paper is, in the languages of the paper.
DEMO_MARK = "DEMO – EXEMPEL"


@dataclass(frozen=True)
class SignedPaper:
    """A paper that is drawn and signed, whose PDF is stored, but that is in no row yet."""

    content: bytes
    signature: str
    code: str
    pdf: "StoredBlob"


@dataclass(frozen=True)
class Issued:
    """What anybody who has a paper may learn of it: its kind, when it was signed, its code."""

    kind: PaperKind
    signed_at: datetime
    code: str


def make_paper(
    services: "Services",
    key: "DataKey",
    paper: Paper,
    words: "tuple[ServiceWords | AccountWords, ...]" = (),
) -> SignedPaper:
    """Draw, sign and store a paper's PDF. Without a row (`store_paper`) it is deleted later.

    `words` are those of an officer that passed, and those of their account. Raises
    PaperFontMissing, and ValueError for a paper with others.
    """
    if paper.promise is not None:
        said = {paper.promise.next_step, paper.promise.deputy, paper.promise.remark}
        if said - {""} - set(words):
            raise ValueError
    with services.database.reading() as session:
        signer = signer_of(services, session)
        anchor = audit.newest_anchor(services, session)
    content = canonical(paper, anchor)
    address = f"{services.settings.public_url}/verify"
    foot = (
        f"Kontrollkod / Check code: {check_code(signer, content)}",
        f"Kontrollera filen / Check this file: {address}",
        f"Protokoll / Audit trail: {anchor.number} {anchor.hash}",
    )
    mark = DEMO_MARK if services.settings.is_demo else ""
    pdf = paper_pdf.draw_paper(
        blocks(paper), Frame(NEUTRAL_TITLES[paper.kind], paper.issued_on, foot, mark)
    )
    stored = services.blobs.write(key, [pdf])
    signature = sign_paper(signer, stored.sha256, content)
    return SignedPaper(content, signature, check_code(signer, content), stored)


def store_paper(
    services: "Services",
    session: "Session",
    submission: "Submission",
    key: "DataKey",
    paper: Paper,
    signed: SignedPaper,
    *,
    paper_id: str,
    user_id: str | None,
) -> Confirmation:
    """Store a signed paper's row in the caller's transaction, which holds the submission's lock."""
    now = services.now()
    add_blob(session, key, signed.pdf, now)
    session.flush()
    row = Confirmation(
        id=paper_id,
        submission_id=submission.id,
        number=paper.number,
        kind=paper.kind,
        user_id=user_id,
        content=seal_bytes(key, place("confirmations", "content", paper_id), signed.content),
        pdf_blob_id=signed.pdf.id,
        digest=signed.pdf.sha256,
        code=signed.code,
        signature=signed.signature,
        signed_at=now,
    )
    session.add(row)
    session.flush()
    return row


def find_issued(services: "Services", claimed_digest: str) -> Issued | None:
    """Return what is known of the file with a SHA-256 (hex), None when it is not a paper of ours.

    The answer is None too when its signature is wrong or its content was erased.
    """
    with services.database.reading() as session:
        signer = signer_of(services, session)
        row = confirmations.by_digest(session, claimed_digest)
        content = signed_bytes_of(services, session, row) if row is not None else None
    signature = (
        row.signature if row is not None else sign_paper(signer, digest_of(STAND_IN), STAND_IN)
    )
    is_proven = is_signature_valid(signer, claimed_digest, content or STAND_IN, signature)
    code = check_code(signer, content or STAND_IN)
    if row is None or content is None or not is_proven:
        return None
    return Issued(PaperKind(row.kind), row.signed_at, code)


def paper_to_read(
    services: "Services", user: "SignedInUser", paper_id: str
) -> "OpenedToRead[Confirmation]":
    """Open a paper by its id; somebody else's is reported to the office first.

    Raises NotFound and PaperClosed.
    """
    try:
        return gate.paper_to_read(services, user, paper_id)
    except WrongReader as error:
        _note_wrong_reader(services, user, error.paper)
        raise


def open_paper(
    services: "Services", opened: "OpenedToRead[Confirmation]", *, is_seen: bool = True
) -> bytes:
    """Return a paper's PDF for a user who may read it, with one audit event.

    With `is_seen` it notes when the coordinator first read it. Raises NotFound, PaperClosed or
    BlobDamaged.
    """
    with services.database.transaction() as session:
        row = opened.row(services, session)
        submission = session.get_one(submissions.Submission, row.submission_id)
        key = services.keyring.open(session, submission.data_key_id)
        blob = stored_content.row(session, row.pdf_blob_id)
        if is_seen and papers.is_addressee(opened.user) and row.read_at is None:
            row.read_at = services.now()
        audit.note(
            services,
            session,
            opened.user,
            Act.PAPER_OPENED,
            ("submission", row.submission_id),
            {"paper": row.id, "kind": row.kind},
        )
    content = stored_content.whole(services, opened.user.actor, key, blob, ("paper", row.id))
    with services.database.reading() as session:
        if not _is_pdf_of(session, row, hashlib.sha256(content).hexdigest()):
            raise BlobDamaged
    return content


def _is_pdf_of(session: "Session", row: Confirmation, digest: str) -> bool:
    """Tell whether a PDF with this SHA-256 (hex) is the one that a paper's row is for."""
    found = confirmations.by_digest(session, digest)
    return found is not None and found.id == row.id


def _note_wrong_reader(services: "Services", user: "SignedInUser", row: Confirmation) -> None:
    """Record that a coordinator tried to open somebody else's paper, and open a task.

    A link that went to the wrong coordinator is the most frequent incident (requirement 106). Its
    report begins with the task; who and when are in the audit trail.
    """
    with services.database.transaction() as session:
        subject, detail = ("submission", row.submission_id), {"paper": row.id, "kind": row.kind}
        audit.note(services, session, user, Act.PAPER_REFUSED, subject, detail)
        if papers.is_addressee(user):
            kind = TaskKind.WRONG_READER
            add_task(services, session, row.submission_id, kind=kind, reason=kind)


def faults(services: "Services", session: "Session", rows: Iterable[Confirmation]) -> Iterator[str]:
    """Yield a sentence for each paper whose blob or signature is wrong.

    A paper whose submission was erased is left out.
    """
    signer = signer_of(services, session)
    for row in rows:
        try:
            key = _key(services, session, row)
        except KeyUnavailable:
            continue
        try:
            content = unseal_bytes(key, place("confirmations", "content", row.id), row.content)
            blob = stored_content.row(session, row.pdf_blob_id)
            digest = hashlib.sha256(services.blobs.read_whole(key, blob)).hexdigest()
        except IntakeError as error:
            yield f"paper {row.id}: {error.reason}"
            continue
        if not _is_pdf_of(session, row, digest):
            yield f"paper {row.id} is not what was signed"
        elif not is_signature_valid(signer, digest, content, row.signature):
            yield f"paper {row.id} has a signature that does not hold"
        else:
            yield from _anchor_faults(session, row.id, anchor_of(content))


def _anchor_faults(
    session: "Session", paper_id: str, anchor: tuple[int, str] | None
) -> Iterator[str]:
    """Yield a sentence when the audit event that a paper names is not the one that there is."""
    if anchor is None:
        return
    number, signed = anchor
    found = audit_trail.hash_of(session, number)
    if found is None:
        yield f"audit event {number} is missing, which paper {paper_id} names"
    elif found != signed:
        yield f"audit event {number} is not the one that paper {paper_id} names"


def signer_of(services: "Services", session: "Session") -> "Ed25519PrivateKey":
    """Return the key that signs papers; it is derived, and never stored."""
    return signer_from(services.keyring.system(session))


def new_paper_id() -> str:
    """Return the id for a new form: one form signs one paper, however often it is sent."""
    return new_id()


def signed_bytes_of(services: "Services", session: "Session", row: Confirmation) -> bytes | None:
    """Return what a paper was signed over, None once its submission was erased."""
    try:
        key = _key(services, session, row)
        return unseal_bytes(key, place("confirmations", "content", row.id), row.content)
    except KeyUnavailable:
        return None


def content_of(
    services: "Services", session: "Session", row: Confirmation
) -> dict[str, Any]:  # Any: the paper's JSON
    """Return what a paper says, as it was signed; empty when it was erased."""
    content = signed_bytes_of(services, session, row)
    return dict(json.loads(content)) if content is not None else {}


def _key(services: "Services", session: "Session", row: Confirmation) -> "DataKey":
    submission = session.get_one(submissions.Submission, row.submission_id)
    return services.keyring.open(session, submission.data_key_id)
