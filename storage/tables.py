"""All tables, loaded: whoever makes or compares a schema imports this module."""

from storage.audit import AuditEvent
from storage.base import Base
from storage.blobs import BlobRow
from storage.cases import Case
from storage.documents import Document
from storage.heartbeats import Heartbeat
from storage.keys import DataKeyRow
from storage.mailboxes import MailboxCursor
from storage.outbox import OutboxMessage
from storage.quarantine import QuarantineAct, RejectedHash
from storage.queue_items import QueueItem
from storage.safe_copies import SafeCopy, SafePage
from storage.senders import RegisteredSender
from storage.submissions import Arrival, Submission
from storage.users import RateEvent, User, UserSession

METADATA = Base.metadata

__all__ = [
    "METADATA",
    "Arrival",
    "AuditEvent",
    "BlobRow",
    "Case",
    "DataKeyRow",
    "Document",
    "Heartbeat",
    "MailboxCursor",
    "OutboxMessage",
    "QuarantineAct",
    "QueueItem",
    "RateEvent",
    "RegisteredSender",
    "RejectedHash",
    "SafeCopy",
    "SafePage",
    "Submission",
    "User",
    "UserSession",
]
