"""Find what should not exist, to prove that nothing was lost."""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import exists, func, or_, select
from sqlalchemy.orm import Session

from storage.blobs.blobs import BlobRow
from storage.documents.documents import Document, DocumentState
from storage.mail.outbox import MailKind, OutboxMessage
from storage.submissions.arrivals import Arrival
from storage.submissions.queue_items import QueueItem
from storage.submissions.submissions import Channel, Submission, SubmissionState

AFTER_OPENING = tuple(s for s in SubmissionState if s is not SubmissionState.RECEIVED)
ROUTED = tuple(s for s in AFTER_OPENING if s is not SubmissionState.DOCUMENTS)


def count_submissions(session: Session) -> int:
    """Count all submissions."""
    return session.scalar(select(func.count()).select_from(Submission)) or 0


def count_blobs(session: Session) -> int:
    """Count all blobs."""
    return session.scalar(select(func.count()).select_from(BlobRow)) or 0


def all_blobs(session: Session) -> Iterator[BlobRow]:
    """Stream every blob's row."""
    return iter(session.scalars(select(BlobRow).execution_options(yield_per=500)))


def has_blob(session: Session, blob_id: str) -> bool:
    """Say whether there is a row for this blob."""
    return session.scalar(select(BlobRow.id).where(BlobRow.id == blob_id)) is not None


def stuck(session: Session, received_before: datetime) -> list[str]:
    """Return references of submissions from before a time that no person can see yet."""
    return list(
        session.scalars(
            select(Submission.reference).where(
                Submission.state.not_in(ROUTED), Submission.received_at < received_before
            )
        )
    )


def routed_without_queue(session: Session) -> list[str]:
    """Return references of routed submissions that are in no queue."""
    return list(
        session.scalars(
            select(Submission.reference).where(
                Submission.state.in_(ROUTED),
                ~exists().where(QueueItem.submission_id == Submission.id),
            )
        )
    )


def opened_without_documents(session: Session) -> list[str]:
    """Return references of opened submissions without any document.

    An upload whose sender sent none, in advance of its papers, has none (requirement 9).
    """
    return list(
        session.scalars(
            select(Submission.reference).where(
                Submission.state.in_(AFTER_OPENING),
                Submission.filing_reason.is_distinct_from("processing_failed"),
                or_(Submission.channel != Channel.UPLOAD, Submission.item_count > 0),
                ~exists().where(Document.submission_id == Submission.id),
            )
        )
    )


def opened_without_receipt(session: Session) -> list[str]:
    """Return references of opened mails without a decision on R1."""
    return list(
        session.scalars(
            select(Submission.reference).where(
                Submission.state.in_(AFTER_OPENING),
                Submission.channel == Channel.EMAIL,
                ~exists().where(
                    OutboxMessage.submission_id == Submission.id,
                    OutboxMessage.kind == MailKind.RECEIPT,
                ),
            )
        )
    )


def without_arrival(session: Session) -> list[str]:
    """Return references of mails without any record of a mailbox that held them."""
    return list(
        session.scalars(
            select(Submission.reference).where(
                Submission.channel == Channel.EMAIL,
                ~exists().where(Arrival.submission_id == Submission.id),
            )
        )
    )


def documents_left_stored(session: Session) -> list[tuple[str, str]]:
    """Return (id, state) of documents that are not judged although their submission is routed."""
    rows = session.execute(
        select(Document.id, Document.state)
        .join(Submission, Submission.id == Document.submission_id)
        .where(
            Submission.state.in_(ROUTED),
            Document.state.not_in([s for s in DocumentState if s is not DocumentState.STORED]),
        )
    )
    return [(row[0], row[1]) for row in rows]


def count_unrouted(session: Session) -> int:
    """Count submissions that no person can see yet."""
    return (
        session.scalar(
            select(func.count()).select_from(Submission).where(Submission.state.not_in(ROUTED))
        )
        or 0
    )
