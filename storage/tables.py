"""Load all tables, for those who make or compare a schema."""

from storage.access.grants import AccessGrant
from storage.access.presence import Presence
from storage.accounts.absences import Absence
from storage.accounts.role_requests import RoleRequest
from storage.accounts.second_factors import RecoveryCode
from storage.accounts.users import RateEvent, User, UserSession
from storage.accounts.vouches import AccountVouch
from storage.audit import AuditEvent
from storage.audit_mentions import AuditMention
from storage.base import Base
from storage.blobs.blobs import BlobRow
from storage.cases.cases import Case
from storage.cases.cash_decisions import CashDecision
from storage.cases.confirmations import Confirmation
from storage.cases.consents import CaseConsent, CaseWithholding
from storage.cases.filing_acts import CaseRank, FilingAct
from storage.cases.legal_dates import LegalDate
from storage.cases.messages import CaseMessage, QuestionMessage
from storage.cases.participants import CaseParticipant
from storage.crypto.keys import DataKeyRow
from storage.documents.document_types import DocumentTypeRange
from storage.documents.documents import Document
from storage.documents.extracted_values import ExtractedValue
from storage.documents.people import Person, PersonKey
from storage.documents.quarantine import QuarantineAct, RejectedHash
from storage.documents.safe_copies import SafeCopy, SafePage
from storage.documents.sources import Source
from storage.editions import Edition
from storage.lists.saved_views import SavedView
from storage.lists.search_words import SearchWord
from storage.mail.mailboxes import MailboxCursor
from storage.mail.outbox import OutboxMessage
from storage.mail.senders import RegisteredSender
from storage.mail.stopped_addresses import StoppedAddress
from storage.operations.exports import BulkExport
from storage.operations.heartbeats import Heartbeat
from storage.submissions.arrivals import Arrival
from storage.submissions.drafts import Draft, Upload, UploadChunk
from storage.submissions.queue_items import QueueItem
from storage.submissions.submissions import Submission
from storage.submissions.task_outcomes import TaskOutcome
from storage.submissions.told_facts import ToldFact
from storage.submissions.upload_links import UploadLink

METADATA = Base.metadata

__all__ = [
    "METADATA",
    "Absence",
    "AccessGrant",
    "AccountVouch",
    "Arrival",
    "AuditEvent",
    "AuditMention",
    "BlobRow",
    "BulkExport",
    "Case",
    "CaseConsent",
    "CaseMessage",
    "CaseParticipant",
    "CaseRank",
    "CaseWithholding",
    "CashDecision",
    "Confirmation",
    "DataKeyRow",
    "Document",
    "DocumentTypeRange",
    "Draft",
    "Edition",
    "ExtractedValue",
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
    "RecoveryCode",
    "RegisteredSender",
    "RejectedHash",
    "RoleRequest",
    "SafeCopy",
    "SafePage",
    "SavedView",
    "SearchWord",
    "Source",
    "StoppedAddress",
    "Submission",
    "TaskOutcome",
    "ToldFact",
    "Upload",
    "UploadChunk",
    "UploadLink",
    "User",
    "UserSession",
]
