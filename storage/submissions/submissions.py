"""Store submissions: each arrival kept whole, recognised by its `identity`.

The same bytes in the same mailbox again add an arrival row (`storage.submissions.arrivals`) and
nothing else.
"""

from collections.abc import Collection
from datetime import datetime
from enum import StrEnum

from sqlalchemy import (
    BigInteger,
    ForeignKey,
    Integer,
    LargeBinary,
    String,
    and_,
    or_,
    select,
    update,
)
from sqlalchemy.orm import InstrumentedAttribute, Mapped, Session, mapped_column

from storage.base import Base, JsonText, UtcTime


class Channel(StrEnum):
    """How a submission came in."""

    EMAIL = "email"
    UPLOAD = "upload"
    CONTACT = "contact"
    PHONE = "phone"


class Programme(StrEnum):
    """The two programmes, which are kept apart at data level (requirement 38)."""

    REFERRALS = "referrals"
    CASH = "cash"


class SubmissionState(StrEnum):
    """How far a submission has come."""

    RECEIVED = "RECEIVED"
    DOCUMENTS = "DOCUMENTS"
    HOLDING = "HOLDING"
    QUEUED = "QUEUED"
    CONFIRMED = "CONFIRMED"
    REDIRECTED = "REDIRECTED"
    CLOSED = "CLOSED"


class Outcome(StrEnum):
    """How a submission ended that never became a case."""

    ANSWERED = "answered"
    REDIRECTED = "redirected"
    NOT_FOR_US = "not_for_us"
    AUTOMATIC = "automatic"
    FORGED = "forged"
    DUPLICATE = "duplicate"
    NOTHING_TO_DO = "nothing_to_do"


class SenderVerdict(StrEnum):
    """What is concluded about the sender."""

    REGISTERED = "registered"
    UNVERIFIED = "unverified"
    UNKNOWN = "unknown"
    APPLICANT = "applicant"


class Priority(StrEnum):
    """How soon a person must look; unknown never sorts as low."""

    EMERGENCY = "emergency"
    URGENT = "urgent"
    UNKNOWN = "unknown"
    NORMAL = "normal"


class Submission(Base):
    """One arrival. Sealed columns are bound to `submissions.COLUMN:ID`."""

    __tablename__ = "submissions"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    reference: Mapped[str] = mapped_column(String(10), unique=True)
    identity: Mapped[str] = mapped_column(String(128), unique=True)
    channel: Mapped[str] = mapped_column(String(8))
    programme: Mapped[str] = mapped_column(String(16))
    state: Mapped[str] = mapped_column(String(16), index=True)
    received_at: Mapped[datetime] = mapped_column(UtcTime, index=True)
    data_key_id: Mapped[str] = mapped_column(ForeignKey("data_keys.id"))
    raw_blob_id: Mapped[str] = mapped_column(ForeignKey("blobs.id"))
    # Set for an over-limit mail, of which only the header block is stored: its size by the server.
    oversize_bytes: Mapped[int | None] = mapped_column(BigInteger)
    open_attempts: Mapped[int] = mapped_column(Integer, default=0)
    inspect_attempts: Mapped[int] = mapped_column(Integer, default=0)
    # Attempts at making and reading safe copies, since the last one that was completed.
    copy_attempts: Mapped[int] = mapped_column(Integer, default=0, server_default="0")
    message_id_hash: Mapped[str | None] = mapped_column(String(64), index=True)
    sender: Mapped[bytes | None] = mapped_column(LargeBinary)
    sender_hash: Mapped[str | None] = mapped_column(String(64))
    sender_verdict: Mapped[str | None] = mapped_column(String(16))
    sender_reasons: Mapped[list[str]] = mapped_column(JsonText, default=list)
    subject: Mapped[bytes | None] = mapped_column(LargeBinary)
    body_text: Mapped[bytes | None] = mapped_column(LargeBinary)
    # A keyed hash of what a mail says itself, but for days and numbers; goes with its letter.
    letter_hash: Mapped[str | None] = mapped_column(String(64))
    # What a mail's header claims or a form says: JSON, for `intake/core/submission_facts.py` alone.
    facts: Mapped[bytes | None] = mapped_column(LargeBinary)
    flags: Mapped[list[str]] = mapped_column(JsonText, default=list)
    item_count: Mapped[int | None] = mapped_column(Integer)
    region: Mapped[str | None] = mapped_column(String(8))
    priority: Mapped[str] = mapped_column(String(16), default=Priority.UNKNOWN)
    case_id: Mapped[str | None] = mapped_column(ForeignKey("cases.id"), index=True)
    filing_reason: Mapped[str | None] = mapped_column(String(64))
    duplicate_of: Mapped[str | None] = mapped_column(ForeignKey("submissions.id"))
    # Columns that came later carry no foreign key: SQLite cannot add one to a table in use.
    # The sender's entry in the register; only with the verdict REGISTERED or UNVERIFIED.
    sender_id: Mapped[str | None] = mapped_column(String(32), index=True)
    # The account that sent it through the portal.
    submitted_by: Mapped[str | None] = mapped_column(String(32), index=True)
    # Another submission with the same documents in other bytes: a hint for officers only.
    possible_duplicate_of: Mapped[str | None] = mapped_column(String(32))
    language: Mapped[str | None] = mapped_column(String(12))
    read_at: Mapped[datetime | None] = mapped_column(UtcTime)
    decided_by: Mapped[str | None] = mapped_column(String(32))
    decided_at: Mapped[datetime | None] = mapped_column(UtcTime)
    # Set with the states CLOSED and REDIRECTED only.
    outcome: Mapped[str | None] = mapped_column(String(16))
    # Until when a person confirms, as its receipt said or would have (intake promises).
    promised_at: Mapped[datetime | None] = mapped_column(UtcTime)
    # Why an officer closed it without a written confirmation, a code; None while nobody did.
    closed_without: Mapped[str | None] = mapped_column(String(16))


def place(table: str, column: str, row_id: str) -> str:
    """Return the name of the place that a sealed value is bound to."""
    return f"{table}.{column}:{row_id}"


def by_id(session: Session, submission_id: str) -> Submission | None:
    """Return one submission or None."""
    return session.get(Submission, submission_id)


def locked(session: Session, submission_id: str) -> Submission | None:
    """Return one submission as it is now, and keep others from changing it until the commit."""
    return session.scalar(
        select(Submission)
        .where(Submission.id == submission_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )


def beside(session: Session, submission: Submission, *, limit: int) -> list[Submission]:
    """Return a submission and the other ones of its case, the newest first."""
    is_wanted = Submission.id == submission.id
    if submission.case_id is not None:
        is_wanted |= Submission.case_id == submission.case_id
    return list(
        session.scalars(
            select(Submission)
            .where(is_wanted)
            .order_by(Submission.received_at.desc(), Submission.id)
            .limit(limit)
        )
    )


def by_identity(session: Session, identity: str) -> Submission | None:
    """Return the submission with this identity, or None."""
    return session.scalar(select(Submission).where(Submission.identity == identity))


def by_reference(session: Session, reference: str) -> Submission | None:
    """Return the submission with a normalised reference code, or None."""
    return session.scalar(select(Submission).where(Submission.reference == reference))


def by_references(session: Session, references: Collection[str]) -> list[Submission]:
    """Return the submissions with some normalised codes; unknown ones are absent."""
    return list(session.scalars(select(Submission).where(Submission.reference.in_(references))))


def by_ids(session: Session, submission_ids: set[str]) -> dict[str, Submission]:
    """Return several submissions by their id; unknown ones are absent."""
    if not submission_ids:
        return {}
    rows = session.scalars(select(Submission).where(Submission.id.in_(submission_ids)))
    return {submission.id: submission for submission in rows}


def by_message_id(
    session: Session, message_id_hash: str, programme: str, *, other_than: str, limit: int
) -> list[Submission]:
    """Return other submissions of the programme that carried this Message-ID, the oldest first."""
    return list(
        session.scalars(
            select(Submission)
            .where(
                Submission.message_id_hash == message_id_hash,
                Submission.programme == programme,
                Submission.id != other_than,
            )
            .order_by(Submission.received_at, Submission.id)
            .limit(limit)
        )
    )


def of_sender(
    session: Session, submission: Submission, *, since: datetime, limit: int
) -> list[Submission]:
    """Return what the sender of a submission sent before it, the newest first."""
    if submission.sender_id is None:
        return []
    return list(
        session.scalars(
            select(Submission)
            .where(
                Submission.sender_id == submission.sender_id,
                Submission.channel == Channel.EMAIL,
                Submission.id != submission.id,
                Submission.received_at >= since,
                Submission.received_at <= submission.received_at,
            )
            .order_by(Submission.received_at.desc(), Submission.id.desc())
            .limit(limit)
        )
    )


def newest(
    session: Session, *, limit: int, programmes: list[str] | None = None
) -> list[Submission]:
    """Return the newest submissions first, of the given programmes or of all."""
    query = select(Submission).order_by(Submission.received_at.desc(), Submission.id).limit(limit)
    if programmes is not None:
        query = query.where(Submission.programme.in_(programmes))
    return list(session.scalars(query))


def unfinished(session: Session, *, received_before: datetime) -> list[str]:
    """Return the ids of submissions that no person can see yet, oldest first."""
    return list(
        session.scalars(
            select(Submission.id)
            .where(
                Submission.state.in_([SubmissionState.RECEIVED, SubmissionState.DOCUMENTS]),
                Submission.received_at < received_before,
            )
            .order_by(Submission.received_at)
            .limit(1000)
        )
    )


def count_attempt(session: Session, submission_id: str, step: str) -> int:
    """Count one attempt at `open`, `inspect` or `copy` and return the new number."""
    column = _attempts_at(step)
    counted = session.scalar(
        update(Submission)
        .where(Submission.id == submission_id)
        .values({column: column + 1})
        .returning(column)
        .execution_options(synchronize_session=False)
    )
    return counted or 0


def give_back_attempt(session: Session, submission_id: str, step: str) -> None:
    """Uncount an attempt that failed for the machine's sake and not for the message's."""
    column = _attempts_at(step)
    session.execute(
        update(Submission).where(Submission.id == submission_id).values({column: column - 1})
    )


def unfinished_attempts(session: Session, submission_id: str) -> int:
    """Return how often a submission's next step was begun; 0 for an unknown submission."""
    submission = session.get(Submission, submission_id)
    if submission is None:
        return 0
    if submission.state == SubmissionState.RECEIVED:
        return submission.open_attempts
    if submission.state == SubmissionState.DOCUMENTS:
        return submission.inspect_attempts
    return submission.copy_attempts


def _attempts_at(step: str) -> InstrumentedAttribute[int]:
    return {
        "open": Submission.open_attempts,
        "inspect": Submission.inspect_attempts,
        "copy": Submission.copy_attempts,
    }[step]


def sent_without_entry(
    session: Session, account_id: str, region: str, *, limit: int = 500
) -> list[Submission]:
    """Return what an account sent of a region while the register had no entry of it, oldest first.

    The rows are locked to the commit.
    """
    return list(
        session.scalars(
            select(Submission)
            .where(
                Submission.submitted_by == account_id,
                Submission.sender_id.is_(None),
                Submission.region == region,
                Submission.programme == Programme.REFERRALS,
            )
            .order_by(Submission.received_at, Submission.id)
            .limit(limit)
            .with_for_update()
        )
    )


def sent_by(
    session: Session,
    account_ids: Collection[str],
    sender_ids: Collection[str],
    case_ids: Collection[str],
    programme: str,
    *,
    limit: int = 500,
) -> list[Submission]:
    """Return what accounts sent, and what senders of the register sent to cases, newest first.

    A sender's mail counts only if it is filed to one of `case_ids`.
    """
    by_account = Submission.submitted_by.in_(account_ids)
    by_sender = and_(Submission.sender_id.in_(sender_ids), Submission.case_id.in_(case_ids))
    return list(
        session.scalars(
            select(Submission)
            .where(Submission.programme == programme, or_(by_account, by_sender))
            .order_by(Submission.received_at.desc(), Submission.id)
            .limit(limit)
        )
    )
