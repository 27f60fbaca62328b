"""Define what pages and commands show of a submission.

States and reasons are codes, for which the portal has the words. Operators' scripts read the
shape that `as_json` returns (requirement 131).
"""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from intake.documents.views import DocumentView
from storage.documents.documents import DocumentState
from storage.submissions.queue_items import Queue, TaskKind

if TYPE_CHECKING:
    from intake.triage.endings.task_views import TaskView
    from intake.triage.triage_view import TriageView
    from intake.triage.undoing.offers import Offer


@dataclass(frozen=True)
class ReceiptView:
    """One message to the sender; `to_count` counts its recipients, 0 when it was suppressed."""

    kind: str
    state: str
    reason: str
    message_id: str
    to_count: int
    sent_at: datetime | None


@dataclass(frozen=True)
class HistoryEvent:
    """One audited act; `actor` is a user's label or a `system:` name.

    `number` is that of the audit event.
    """

    at: datetime
    actor: str
    act: str
    detail: dict[str, Any]
    number: int = 0


@dataclass(frozen=True)
class ItemView:
    """One queue item of a submission, open or closed; `may_take` is for the reader."""

    id: str
    queue: str
    kind: str
    reason: str
    due_at: datetime
    closed_at: datetime | None
    claimed_by_id: str | None
    claimed_by: str | None
    may_take: bool = False
    held_until: datetime | None = None


@dataclass(frozen=True)
class PromiseView:
    """Until when (UTC) the sender was told that a person confirms; a stop withdraws it."""

    at: datetime
    is_withdrawn: bool


@dataclass(frozen=True)
class SubmissionView:
    """A submission as its readers see it; `sender`, `subject` and `body_text` are untrusted text.

    The forms of its page carry `version` (`intake.access.edit_conflicts`).
    """

    reference: str
    channel: str
    programme: str
    state: str
    outcome: str | None
    received_at: datetime
    sender: str
    sender_verdict: str | None
    sender_reasons: tuple[str, ...]
    subject: str
    body_text: str
    case_reference: str | None
    filing_reason: str | None
    priority: str
    region: str | None
    duplicate_of: str | None
    possible_duplicate_of: str | None
    flags: tuple[str, ...]
    item_count: int | None
    oversize_bytes: int | None
    arrivals: int
    documents: tuple[DocumentView, ...]
    receipts: tuple[ReceiptView, ...]
    items: tuple[ItemView, ...]
    history: tuple[HistoryEvent, ...]
    triage: "TriageView"
    version: int = 0
    # False when the reader opened it with a reason.
    may_act: bool = True
    tasks: "tuple[TaskView, ...]" = ()
    # What the reader can take back; None where they cannot act.
    offer: "Offer | None" = None
    # None when the sender was told no date.
    promise: PromiseView | None = None

    @property
    def promised_at(self) -> datetime | None:
        """Return what the sender counts on (UTC); a clock of ours may run out before it."""
        is_standing = self.promise is not None and not self.promise.is_withdrawn
        return self.promise.at if self.promise is not None and is_standing else None

    @property
    def withdrawn_promise_at(self) -> datetime | None:
        """Return what the sender was told (UTC) before a stop withdrew it, while it waits."""
        is_withdrawn = self.promise is not None and self.promise.is_withdrawn
        return self.promise.at if self.promise is not None and is_withdrawn else None

    @property
    def open_items(self) -> tuple[ItemView, ...]:
        """Return the items that wait for a person, the nearest due time first."""
        still_open = (item for item in self.items if item.closed_at is None)
        return tuple(sorted(still_open, key=lambda item: item.due_at))

    @property
    def queue(self) -> str | None:
        """Return quarantine when a document is infected, else the submission's queue or None."""
        if any(document.state == DocumentState.INFECTED for document in self.documents):
            return Queue.QUARANTINE
        main = (item.queue for item in self.open_items if item.kind == TaskKind.SUBMISSION)
        return next(main, None)

    @property
    def newest_receipts(self) -> dict[str, ReceiptView]:
        """Return the newest mail of each kind of paper, by the kind: `R1`, `R2`.

        Each newer confirmation has a mail of its own (`R2-1`); one that a stop kept back stays.
        """
        newest = {each.kind.partition("-")[0]: each for each in self.receipts}
        return {kind: newest[kind] for kind in ("R1", "R2") if kind in newest}


def as_json(view: SubmissionView) -> dict[str, Any]:
    """Return a submission in the shape of requirement 131: plain values, times in ISO 8601, UTC."""
    return {
        "reference": view.reference,
        "channel": view.channel,
        "programme": view.programme,
        "state": view.state,
        "outcome": view.outcome,
        "received_at": view.received_at.isoformat(),
        "sender_verdict": view.sender_verdict,
        "case": view.case_reference,
        "queue": view.queue,
        "priority": view.priority,
        "duplicate_of": view.duplicate_of,
        "item_count": view.item_count,
        "flags": list(view.flags),
        "queues": [_item_json(item) for item in view.open_items],
        "documents": [_document_json(document) for document in view.documents],
        "receipts": [_receipt_json(receipt) for receipt in view.receipts],
        "history": [
            {
                "at": event.at.isoformat(),
                "actor": event.actor,
                "act": event.act,
                "detail": event.detail,
            }
            for event in view.history
        ],
    }


def _item_json(item: ItemView) -> dict[str, Any]:
    return {
        "queue": item.queue,
        "kind": item.kind,
        "reason": item.reason,
        "due_at": item.due_at.isoformat(),
        "claimed_by": item.claimed_by,
    }


def _document_json(document: DocumentView) -> dict[str, Any]:
    return {
        "id": document.id,
        "name": document.name,
        "type": document.detected_type or document.claimed_type,
        "kind": document.document_type,
        "state": document.state,
        "sha256": document.sha256,
        "size": document.size,
        "parent": document.parent_id,
        "path": document.path,
        "role": document.role,
        "reason": document.reason,
        "findings": list(document.findings),
        "flags": list(document.part_flags),
        "pages": document.page_count,
    }


def _receipt_json(receipt: ReceiptView) -> dict[str, Any]:
    return {
        "kind": receipt.kind,
        "state": receipt.state,
        "reason": receipt.reason,
        "message_id": receipt.message_id,
        "to_count": receipt.to_count,
        "sent_at": receipt.sent_at.isoformat() if receipt.sent_at else None,
    }
