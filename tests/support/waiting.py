"""Seed a referral of a registered sender, with typed documents, that waits for a person."""

import json
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from intake.access import gate
from intake.accounts.accounts import SignedInUser
from intake.cases import completeness
from intake.cases.facts import set_facts
from intake.core.services import Services
from intake.reference_data.checklists import CaseFacts, Completeness
from intake.senders.register import add_sender
from storage import audit
from storage.audit import AuditEvent
from storage.base import new_id
from storage.cases import cases, participants
from storage.cases.cases import Case
from storage.cases.legal_dates import LegalDate
from storage.crypto.sealing import seal, unseal_bytes
from storage.documents.document_types import DocumentTypeRange
from storage.lists import work_subjects
from storage.mail import outbox, senders
from storage.mail.outbox import OutboxMessage
from storage.submissions import queue_items
from storage.submissions.queue_items import Queue, QueueItem, TaskKind
from storage.submissions.submissions import Submission, place
from tests.intake.documents.held import FACTS
from tests.support.rows import Planter

ADDRESS = str(FACTS["from_address"])
ADULT = CaseFacts("non_eu", "no", "adult", "no", "no", "no")
NEEDED = (
    "REF-FORM",
    "VOL-DECL",
    "CONS-SHARE",
    "CONS-SECR",
    "RISK-ASM",
    "ID-VOT",
    "HLTH-DECL",
    "ID-PASS",
)


@dataclass
class Waiting:
    """One case, its first submission, and what a test looks at."""

    services: Services
    case_id: str
    sender_id: str
    submission_ids: list[str] = field(default_factory=list)

    @property
    def submission_id(self) -> str:
        """Return the newest submission's id."""
        return self.submission_ids[-1]

    def arrive(self, *kinds: str, confirmed: bool = True, **changes: Any) -> str:
        """Let a submission come with documents of some types. Any: a row's fields."""
        now = self.services.now()
        fields: dict[str, Any] = {
            "case_id": self.case_id,
            "sender_id": self.sender_id,
            "sender_verdict": "registered",
            "state": "QUEUED",
            "priority": "normal",
        }
        with self.services.database.transaction() as session:
            planter = Planter(session, self.services.keyring, now)
            submission = planter.submission(**(fields | changes))
            key = self.services.keyring.open(session, submission.data_key_id)
            where = place("submissions", "facts", submission.id)
            submission.facts = seal(key, where, json.dumps(FACTS))
            for position, kind in enumerate(kinds):
                document = planter.document(submission, position=position, state="CLEAN")
                session.add(
                    DocumentTypeRange(
                        id=new_id(),
                        document_id=document.id,
                        first_page=1,
                        last_page=1,
                        document_type=kind,
                        suggested_type=kind,
                        confidence=0.9,
                        decided_by="officer" if confirmed else None,
                        decided_at=now if confirmed else None,
                    )
                )
            planter.item(submission, due_at=now + timedelta(hours=30))
            self.submission_ids.append(submission.id)
        return self.submission_id

    def confirm(self) -> None:
        """Let an officer have confirmed all that came until now, and check the case."""
        with self.services.database.transaction() as session:
            for row in cases.of_cases(session, [self.case_id])[self.case_id]:
                row.state, row.decided_at = "CONFIRMED", self.services.now()
                queue_items.close_kind(session, row.id, TaskKind.SUBMISSION, row.decided_at)
        self.refresh()

    def refresh(self, *, anew: bool = False) -> Completeness | None:
        """Check the case against its checklist."""
        with self.services.database.transaction() as session:
            return completeness.refresh_completeness(
                self.services, session, self.case_id, anew=anew
            )

    def know(self, user: SignedInUser, facts: CaseFacts = ADULT) -> Completeness | None:
        """Note the facts of the case."""
        return set_facts(
            self.services, gate.case_to_change(self.services, user, self.case().reference), facts
        )

    def case(self) -> Case:
        """Return the case as it stands."""
        with self.services.database.reading() as session:
            return session.get_one(Case, self.case_id)

    def change(self, **values: Any) -> None:
        """Change the case's row."""
        with self.services.database.transaction() as session:
            (case,) = cases.locked(session, [self.case_id])
            for name, value in values.items():
                setattr(case, name, value)

    def items(self) -> list[QueueItem]:
        """Return the items of the newest submission, and those that hang on its case."""
        with self.services.database.reading() as session:
            submission = session.get_one(Submission, self.submission_id)
            return work_subjects.on_page(session, submission)

    def open_item(self) -> QueueItem:
        """Return the one open item that is the submission itself."""
        (item,) = [
            item for item in self.items() if item.kind == "submission" and item.closed_at is None
        ]
        return item

    def hold(self) -> None:
        """Let an officer hold the newest submission."""
        with self.services.database.transaction() as session:
            own = queue_items.of_submission(session, self.submission_id)
            item = next(each for each in own if each.kind == TaskKind.SUBMISSION)
            # What was confirmed waits again meanwhile.
            item.closed_at = None
            item.reason = "held_consent_missing"
            queue_items.move(session, item, Queue.ON_HOLD, self.services.now())

    def mails(self) -> list[OutboxMessage]:
        """Return what was written, or held back, over all submissions."""
        with self.services.database.reading() as session:
            return [
                row
                for submission_id in self.submission_ids
                for row in outbox.of_submission(session, submission_id)
            ]

    def letter(self, row: OutboxMessage) -> bytes:
        """Open a message that waits to be sent."""
        assert row.content is not None
        with self.services.database.reading() as session:
            key = self.services.keyring.open(session, row.data_key_id)
        return unseal_bytes(key, place("outbox", "content", row.id), row.content)

    def reference(self) -> str:
        """Return the newest submission's reference."""
        with self.services.database.reading() as session:
            return session.get_one(Submission, self.submission_id).reference

    def events(self, subject: tuple[str, str], prefix: str) -> list[AuditEvent]:
        """Return audited acts of a subject, and verify the audit's chain."""
        with self.services.database.reading() as session:
            assert audit.check_chain(session, self.services.keyring) == []
            events = audit.of_subject(session, *subject)
        return [event for event in events if event.act.startswith(prefix)]

    def date(self, kind: str, day: date, *, confirmed: bool = True) -> str:
        """Note a legal date for the newest submission and return its id."""
        now = self.services.now()
        row = LegalDate(
            id=new_id(),
            submission_id=self.submission_id,
            kind=kind,
            day=day,
            noted_at=now,
            confirmed_by="officer" if confirmed else None,
            confirmed_at=now if confirmed else None,
        )
        with self.services.database.transaction() as session:
            session.add(row)
        return row.id


def seed_waiting(services: Services, *kinds: str, confirmed: bool = True) -> Waiting:
    """Put in a case with a registered sender's referral."""
    add_sender(services, "operator", ADDRESS, "STHLM")
    with services.database.transaction() as session:
        case = Planter(session, services.keyring, services.now()).case()
        address_hash = services.keyring.lookup(session, "sender", ADDRESS)
        entry = senders.by_address_hash(session, address_hash)
        assert entry is not None
        participants.add(session, case.id, entry.id, services.now())
        waiting = Waiting(services, case.id, entry.id)
    waiting.arrive(*kinds, confirmed=confirmed)
    return waiting
