"""Plant rows for tests: valid by default, each field open to change, not committed.

Tests make through a use case what a use case makes; these rows are for tests of single tables and
for planting faults.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from intake.core.references import new_reference
from storage.accounts.users import Role, User
from storage.base import new_id
from storage.blobs.blobs import StoredBlob, add_blob
from storage.cases.cases import Case
from storage.crypto.keys import DataKey, Keyring
from storage.database import Session
from storage.documents import documents
from storage.documents.documents import Document, DocumentState
from storage.documents.quarantine import QuarantineAct
from storage.documents.safe_copies import SafeCopy, SafePage
from storage.mail.outbox import MessageState, OutboxMessage
from storage.submissions.arrivals import Place, note_arrival
from storage.submissions.queue_items import Queue, QueueItem
from storage.submissions.submissions import (
    Channel,
    Priority,
    Programme,
    Submission,
    SubmissionState,
)

INBOX = Place("referrals", "INBOX", 7, 1)
Row = TypeVar("Row")


@dataclass(frozen=True)
class Planter:
    """Plants rows in one database session, at one moment, under keys of one keyring."""

    session: Session
    keyring: Keyring
    at: datetime

    def key(self, scope: str = "submission") -> DataKey:
        """Store a new data key."""
        key = self.keyring.new_key()
        self.keyring.add(self.session, key, scope, self.at)
        return key

    def blob(self, key: DataKey) -> str:
        """Store a blob's row, without a blob, and return its id."""
        blob = StoredBlob(f"{key.id[:2]}/{new_id()}", 3, "ab" * 32)
        add_blob(self.session, key, blob, self.at)
        self.session.flush()
        return blob.id

    def submission(self, *, has_arrival: bool = True, **changes: Any) -> Submission:
        """Store a mail as accepting it would, with its key, its blob's row and its arrival."""
        key = self.key()
        fields: dict[str, Any] = {
            "id": new_id(),
            "reference": new_reference(),
            "identity": f"email:referrals:{new_id()}",
            "channel": Channel.EMAIL,
            "programme": Programme.REFERRALS,
            "state": SubmissionState.RECEIVED,
            "received_at": self.at,
            "data_key_id": key.id,
            "raw_blob_id": self.blob(key),
            "priority": Priority.UNKNOWN,
        }
        submission = self._added(Submission(**(fields | changes)))
        if has_arrival:
            where = Place("referrals", "INBOX", 7, int(submission.id[:8], 16))
            note_arrival(self.session, submission.id, where, "cd" * 32, self.at)
        return submission

    def document(self, submission: Submission, **changes: Any) -> Document:
        """Store a document that shares the submission's blob."""
        fields: dict[str, Any] = {
            "id": new_id(),
            "submission_id": submission.id,
            "position": 0,
            "path": "1",
            "role": "attachment",
            "name": b"sealed",
            "claimed_type": "application/pdf",
            "state": DocumentState.STORED,
            "size": 3,
            "blob_id": submission.raw_blob_id,
        }
        fields |= changes
        # A test says what a document must hash to in clear.
        sha256 = fields.pop("sha256", "ab" * 32)
        # What a test says nothing of is nobody's twin.
        content = (
            sha256 if "sha256" in changes else hashlib.sha256(fields["id"].encode()).hexdigest()
        )
        key = self.keyring.open(self.session, submission.data_key_id)
        fields["sha256"] = documents.sealed_sha256(key, fields["id"], sha256)
        fields["content_hash"] = documents.content_hash(self.session, content)
        return self._added(Document(**fields))

    def message(self, submission: Submission, **changes: Any) -> OutboxMessage:
        """Store a due receipt."""
        fields: dict[str, Any] = {
            "id": new_id(),
            "submission_id": submission.id,
            "data_key_id": submission.data_key_id,
            "kind": "R1",
            "state": MessageState.DUE,
            "message_id": f"<{new_id()}@localhost>",
            "recipient": b"sealed",
            "recipient_hash": "ef" * 32,
            "content": b"sealed",
            "created_at": self.at,
            "next_try_at": self.at,
        }
        return self._added(OutboxMessage(**(fields | changes)))

    def item(self, submission: Submission, **changes: Any) -> QueueItem:
        """Store an open queue item."""
        fields: dict[str, Any] = {
            "id": new_id(),
            "queue": Queue.NEW_REFERRALS,
            "kind": "submission",
            "submission_id": submission.id,
            "programme": submission.programme,
            "reason": "registered_sender_new_case",
            "priority": Priority.NORMAL,
            "opened_at": self.at,
            "due_at": self.at,
        }
        return self._added(QueueItem(**(fields | changes)))

    def user(self, **changes: Any) -> User:
        """Store an intake officer."""
        fields: dict[str, Any] = {
            "id": new_id(),
            "email": b"sealed",
            "email_hash": new_id() * 2,
            "label": "Intake officer 1",
            "role": Role.INTAKE,
            "created_at": self.at,
        }
        return self._added(User(**(fields | changes)))

    def case(self, **changes: Any) -> Case:
        """Store an open case of the region STHLM."""
        fields: dict[str, Any] = {
            "id": new_id(),
            "reference": new_reference(),
            "programme": Programme.REFERRALS,
            "region": "STHLM",
            "state": "RECEIVED",
            "data_key_id": self.key("case").id,
            "opened_at": self.at,
        }
        return self._added(Case(**(fields | changes)))

    def safe_copy(self, document: Document) -> SafeCopy:
        """Store a copy of one page, its blobs those of the document."""
        copy = self._added(
            SafeCopy(
                document_id=document.id,
                state="ready",
                page_count=1,
                dpi=150,
                pdf_blob_id=document.blob_id,
                thumbnail_blob_id=document.blob_id,
                made_at=self.at,
            )
        )
        self._added(
            SafePage(
                document_id=document.id,
                number=1,
                blob_id=document.blob_id,
                media_type="image/png",
                width=10,
                height=10,
                text=b"sealed",
            )
        )
        return copy

    def act(self, document: Document, user: User) -> QuarantineAct:
        """Store what a person did about a document."""
        return self._added(
            QuarantineAct(
                id=new_id(),
                document_id=document.id,
                act="reject",
                user_id=user.id,
                reason=b"sealed",
                at=self.at,
            )
        )

    def _added(self, row: Row) -> Row:
        self.session.add(row)
        self.session.flush()
        return row
