"""Plant items that wait, and read what was written about them."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import select

from intake.accounts.accounts import email_hash
from intake.core.services import Services
from intake.outbox.mail_texts import MailTexts
from storage import audit
from storage.accounts.users import User
from storage.audit_acts import Act
from storage.crypto.sealing import seal, unseal, unseal_bytes
from storage.database import Session
from storage.mail.outbox import OutboxMessage
from storage.submissions import due_warnings
from storage.submissions.due_warnings import DueWarning
from storage.submissions.queue_items import Queue, QueueItem
from storage.submissions.submissions import place
from tests.support.building import MAIL_TEXTS
from tests.support.rows import Planter

TEXTS = MailTexts(MAIL_TEXTS)
# A Tuesday, 10:00 in Helsinki; what is due in six working hours is due at 16:00.
BEGAN = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
DUE = BEGAN + timedelta(hours=6)
HALF, FOUR_FIFTHS = BEGAN + timedelta(hours=3), BEGAN + timedelta(hours=4, minutes=48)


def plant(services: Services, **changes: object) -> str:
    fields = {"due_at": DUE, "queue": Queue.NEW_REFERRALS} | changes
    with services.database.transaction() as session:
        planter = Planter(session, services.keyring, BEGAN)
        submission = planter.submission(case_id=planter.case().id)
        return planter.item(submission, **fields).id


def warnings_of(services: Services, item_id: str) -> list[DueWarning]:
    with services.database.reading() as session:
        return due_warnings.of_item(session, item_id)


def mails(services: Services) -> list[tuple[str, str, str]]:
    """Return (address, subject and text, state) of each mail about a task, oldest first."""
    with services.database.reading() as session:
        rows = session.scalars(
            select(OutboxMessage)
            .where(OutboxMessage.task_id.is_not(None))
            .order_by(OutboxMessage.created_at, OutboxMessage.kind)
        )
        return [opened(services, session, row) for row in rows]


def opened(services: Services, session: Session, row: OutboxMessage) -> tuple[str, str, str]:
    if row.recipient is None or row.content is None:
        return "", row.reason, row.state
    key = services.keyring.open(session, row.data_key_id)
    address = unseal(key, place("outbox", "recipient", row.id), row.recipient)
    text = unseal_bytes(key, place("outbox", "content", row.id), row.content).decode()
    return address, text, row.state


def gaps(services: Services, programme: str = "referrals") -> list[QueueItem]:
    with services.database.reading() as session:
        return due_warnings.open_gaps(session, programme)


def give_address(services: Services, user_id: str, address: str) -> None:
    with services.database.transaction() as session:
        user = session.get_one(User, user_id)
        key = services.keyring.system(session)
        user.email = seal(key, place("users", "email", user.id), address)
        user.email_hash = email_hash(services, session, address)


def see(services: Services, item_id: str, user_id: str) -> None:
    """Note that somebody of the office opened the submission of an item."""
    with services.database.transaction() as session:
        about = session.get_one(QueueItem, item_id).submission_id or ""
        audit.append(
            session,
            services.keyring,
            services.now(),
            actor=f"user:{user_id}",
            act=Act.SUBMISSION_VIEWED,
            subject=("submission", about),
            detail={},
        )


def finish(services: Services, item_id: str) -> None:
    with services.database.transaction() as session:
        session.get_one(QueueItem, item_id).closed_at = services.now()
