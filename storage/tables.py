"""All tables, loaded: whoever makes or compares a schema imports this module."""

from storage.access_grants import AccessGrant
from storage.aids import ReadingAid
from storage.arrivals import Arrival
from storage.audit import AuditEvent
from storage.base import Base
from storage.blobs import BlobRow
from storage.bulk_exports import BulkExport
from storage.case_messages import CaseMessage
from storage.cases import Case
from storage.cash_decisions import CashDecision
from storage.confirmations import Confirmation
from storage.consents import CaseConsent, CaseWithholding
from storage.document_kinds import DocumentKind
from storage.documents import Document
from storage.drafts import Draft, Upload, UploadChunk
from storage.editions import Edition
from storage.filing_acts import CaseGuess, FilingAct
from storage.heartbeats import Heartbeat
from storage.keys import DataKeyRow
from storage.legal_dates import LegalDate
from storage.mailboxes import MailboxCursor
from storage.outbox import OutboxMessage
from storage.participants import CaseParticipant
from storage.people import Person, PersonKey
from storage.presence import Presence
from storage.quarantine import QuarantineAct, RejectedHash
from storage.question_messages import QuestionMessage
from storage.queue_items import QueueItem
from storage.safe_copies import SafeCopy, SafePage
from storage.saved_views import SavedView
from storage.search_words import SearchWord
from storage.second_factors import RecoveryCode
from storage.senders import RegisteredSender
from storage.stopped_addresses import StoppedAddress
from storage.submissions import Submission
from storage.upload_links import UploadLink
from storage.users import RateEvent, User, UserSession

METADATA = Base.metadata

__all__ = [
    "METADATA",
    "AccessGrant",
    "Arrival",
    "AuditEvent",
    "BlobRow",
    "BulkExport",
    "Case",
    "CaseConsent",
    "CaseGuess",
    "CaseMessage",
    "CaseParticipant",
    "CaseWithholding",
    "CashDecision",
    "Confirmation",
    "DataKeyRow",
    "Document",
    "DocumentKind",
    "Draft",
    "Edition",
    "FilingAct",
    "Heartbeat",
    "LegalDate",
    "MailboxCursor",
    "OutboxMessage",
    "Person",
    "PersonKey",
    "Presence",
    "QuarantineAct",
    "QuestionMessage",
    "QueueItem",
    "RateEvent",
    "ReadingAid",
    "RecoveryCode",
    "RegisteredSender",
    "RejectedHash",
    "SafeCopy",
    "SafePage",
    "SavedView",
    "SearchWord",
    "StoppedAddress",
    "Submission",
    "Upload",
    "UploadChunk",
    "UploadLink",
    "User",
    "UserSession",
]
