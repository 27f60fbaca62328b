"""Put a row into every table, for tests of the schema."""

from datetime import UTC, datetime

from storage import audit
from storage.access.grants import AccessGrant
from storage.access.presence import Presence
from storage.accounts import second_factors, users, vouches
from storage.accounts.absences import Absence
from storage.accounts.role_requests import RoleRequest
from storage.accounts.users import User, UserSession
from storage.accounts.vouches import VouchKind
from storage.audit_acts import Act
from storage.base import new_id
from storage.cases import filing_acts, legal_dates, participants
from storage.cases.cash_decisions import CashDecision
from storage.cases.confirmations import Confirmation
from storage.cases.consent_holds import ConsentHold, ConsentOverride, ConsentSuspension
from storage.cases.consents import CaseConsent, CaseWithholding
from storage.cases.filing_acts import CaseRank, FilingAct
from storage.cases.legal_dates import LegalDate
from storage.cases.messages import CaseMessage, QuestionMessage
from storage.crypto.column_types import open_columns
from storage.crypto.keys import Keyring, MasterKey
from storage.database import Database, Session
from storage.documents import documents, quarantine, sources
from storage.documents.document_types import DocumentTypeRange
from storage.documents.documents import Document
from storage.documents.extracted_values import ExtractedValue
from storage.documents.people import Person, PersonKey
from storage.editions import Edition
from storage.mail import mailboxes, stopped_addresses
from storage.mail.senders import RegisteredSender
from storage.operations.exports import BulkExport
from storage.operations.heartbeats import beat
from storage.submissions.drafts import Draft, Upload, UploadChunk
from storage.submissions.submissions import Submission
from storage.submissions.upload_links import UploadLink
from tests.storage.every_task import plant_task, plant_told, plant_warning, plant_work_list
from tests.support.rows import Planter

NOW = datetime(2026, 11, 24, 8, 42, tzinfo=UTC)


def plant_everywhere(database: Database) -> None:
    """Put a row into every table."""
    keyring = Keyring(MasterKey(bytes(32)))
    open_columns(database, keyring)
    with database.transaction() as session:
        keyring.prepare(session, NOW)
    with database.transaction() as session:
        planter = Planter(session, keyring, NOW)
        submission = planter.submission(case_id=planter.case().id)
        document = planter.document(submission)
        planter.message(submission)
        user = planter.user()
        planter.safe_copy(document)
        planter.act(document, user)
        quarantine.keep_hash(session, documents.content_hash(session, "0" * 64), NOW)
        item = planter.item(submission, claimed_by=user.id)
        plant_task(session, item, user)
        plant_warning(session, item)
        plant_accounts(session, user)
        session.add(Presence(page="case", subject_id="a", user_id=user.id, seen_at=NOW))
        session.add(UserSession(token_hash="a", user_id=user.id, created_at=NOW, seen_at=NOW))
        sender = RegisteredSender(
            id=new_id(), address=b"sealed", address_hash="b", region="SYD", added_at=NOW
        )
        session.add(sender)
        session.flush()
        plant_filing(session, submission, sender)
        plant_reading(session, submission, document)
        plant_portal(session, submission, user)
        plant_work_list(session, submission, user)
        plant_told(session, submission, user)
        session.add(
            AccessGrant(
                id=new_id(),
                user_id=user.id,
                programme="referrals",
                case_id=submission.case_id,
                scope="content",
                data_key_id=submission.data_key_id,
                reason=b"sealed",
                given_at=NOW,
                ends_at=NOW,
            )
        )
        plant_sharing(session, submission, user)
        plant_operations(session, keyring)


def plant_operations(session: Session, keyring: Keyring) -> None:
    """Put a row into the tables of mailboxes, processes, limits and the audit."""
    mailboxes.note_failure(session, "referrals", "INBOX", "away", NOW)
    beat(session, "worker-1", "worker", 1, {}, NOW)
    users.note_rate(session, "bucket", NOW)
    audit.append(
        session,
        keyring,
        NOW,
        actor="a",
        act=Act.CASE_OPENED,
        subject=("c", "d"),
        detail={"shown": ["e"]},
    )


def plant_accounts(session: Session, user: User) -> None:
    """Put a row into the tables of who stands behind an account."""
    vouches.note(session, user.id, user.id, VouchKind.INVITED, NOW)
    session.add(
        Absence(
            id=new_id(),
            user_id=user.id,
            first_on=NOW.date(),
            last_on=NOW.date(),
            set_by=user.id,
            set_at=NOW,
        )
    )
    session.add(
        RoleRequest(
            id=new_id(),
            user_id=user.id,
            role="CASEW",
            asked_by=user.id,
            asked_at=NOW,
            is_new_account=True,
        )
    )


def plant_sharing(session: Session, submission: Submission, user: User) -> None:
    """Put a row into the tables of what may be shared."""
    assert submission.case_id is not None
    consent_id = new_id()
    session.add(
        CaseConsent(
            id=consent_id,
            case_id=submission.case_id,
            purpose="referral",
            recipient="iom_finland",
            answer="given",
            method="signed",
            language="en",
            interpreter="no",
            explained_by="iom",
            given_on=NOW.date(),
            noted_by=user.id,
            noted_at=NOW,
        )
    )
    session.flush()
    session.add(
        ConsentSuspension(
            id=new_id(), consent_id=consent_id, suspended_by=user.id, suspended_at=NOW
        )
    )
    session.add(ConsentHold(id=new_id(), case_id=submission.case_id, why="missing", held_at=NOW))
    session.add(
        ConsentOverride(
            id=new_id(),
            case_id=submission.case_id,
            purpose="referral",
            recipient="iom_finland",
            reason=b"sealed",
            ends_at=NOW,
            proposed_by=user.id,
            proposed_at=NOW,
        )
    )
    session.add(
        CaseWithholding(
            id=new_id(),
            case_id=submission.case_id,
            from_whom="family",
            text=b"sealed",
            noted_by=user.id,
            noted_at=NOW,
        )
    )


def plant_filing(session: Session, submission: Submission, sender: RegisteredSender) -> None:
    """Put a row into every table of filing and of the office's own data."""
    assert submission.case_id is not None
    participants.add(session, submission.case_id, sender.id, NOW)
    stopped_addresses.stop(session, "c", "bounced", submission.id, NOW)
    rank = CaseRank(submission_id=submission.id, rank=1, case_id=submission.case_id, score=0.5)
    filing_acts.replace_ranks(session, submission.id, [rank])
    session.add(
        FilingAct(
            id=new_id(),
            submission_id=submission.id,
            batch=new_id(),
            act="accepted",
            to_case_id=submission.case_id,
            state_before="HOLDING",
            at=NOW,
        )
    )
    session.add(
        Edition(
            id=new_id(),
            kind="checklist",
            code="referrals",
            number=1,
            valid_from=NOW.date(),
            content={},
            state="proposed",
            proposed_at=NOW,
        )
    )


def plant_reading(session: Session, submission: Submission, document: Document) -> None:
    """Put a row into every table of what documents say."""
    person = Person(
        id=new_id(),
        submission_id=submission.id,
        data_key_id=submission.data_key_id,
        name=b"sealed",
        born=b"sealed",
        added_at=NOW,
    )
    session.add(person)
    session.flush()
    session.add(PersonKey(person_id=person.id, key_hash="d"))
    sources.add(session, person.id, sources.TYPED)
    session.add(
        ExtractedValue(
            id=new_id(), document_id=document.id, position=0, kind="mrz", value=b"sealed", page=1
        )
    )
    session.add(
        DocumentTypeRange(
            id=new_id(),
            document_id=document.id,
            first_page=1,
            last_page=1,
            document_type="UNK",
            suggested_type="UNK",
            confidence=0.0,
        )
    )
    note = LegalDate(
        id=new_id(), submission_id=submission.id, kind="trial", day=NOW.date(), noted_at=NOW
    )
    legal_dates.note(session, note)
    session.add(
        CashDecision(
            id=new_id(),
            submission_id=submission.id,
            country="IRQ",
            decided_on=NOW.date(),
            confirmed_by="a",
            confirmed_at=NOW,
        )
    )


def plant_portal(session: Session, submission: Submission, user: User) -> None:
    """Put a row into every table of what comes through the portal."""
    draft = Draft(
        id=new_id(),
        kind="referral",
        owner_id=user.id,
        data_key_id=submission.data_key_id,
        form=b"sealed",
        created_at=NOW,
        changed_at=NOW,
    )
    session.add(draft)
    session.flush()
    upload = Upload(
        id=new_id(),
        draft_id=draft.id,
        position=0,
        name=b"sealed",
        claimed_type="application/pdf",
        size=3,
        created_at=NOW,
        changed_at=NOW,
    )
    session.add(upload)
    session.flush()
    blob_id = submission.raw_blob_id
    session.add(UploadChunk(upload_id=upload.id, offset=0, size=3, blob_id=blob_id))
    _plant_beside_uploads(session, submission, user)


def _plant_beside_uploads(session: Session, submission: Submission, user: User) -> None:
    second_factors.replace_codes(session, user.id, ["e"])
    assert submission.case_id is not None
    session.add(
        UploadLink(
            id=new_id(),
            token_hash="f",
            case_id=submission.case_id,
            data_key_id=submission.data_key_id,
            note=b"sealed",
            created_by=user.id,
            created_at=NOW,
            expires_at=NOW,
        )
    )
    session.add(
        CaseMessage(
            id=new_id(),
            case_id=submission.case_id,
            kind="note",
            user_id=user.id,
            text=b"sealed",
            at=NOW,
        )
    )
    session.add(
        BulkExport(
            id=new_id(),
            programme="referrals",
            period="2026-Q4",
            reason=b"sealed",
            asked_by=user.id,
            asked_at=NOW,
        )
    )
    session.add(
        QuestionMessage(
            id=new_id(),
            submission_id=submission.id,
            kind="to_coordinator",
            user_id=user.id,
            text=b"sealed",
            at=NOW,
        )
    )
    session.add(
        Confirmation(
            id=new_id(),
            submission_id=submission.id,
            number=1,
            kind="R2",
            user_id=user.id,
            content=b"sealed",
            pdf_blob_id=submission.raw_blob_id,
            digest="0" * 64,
            signature="g",
            signed_at=NOW,
        )
    )
