"""Build real services on a scratch database, with settings that point at the tests' servers."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import unquote, urlsplit

from intake.arrivals.accept import MailArrival, accept_mail
from intake.core.office_clock import load_offices
from intake.core.services import Services
from intake.core.settings import MailboxSettings, Settings, SmtpSettings, read_settings
from storage.base import new_id
from storage.blobs.blobs import BlobStore
from storage.blobs.folder import FolderBackend
from storage.crypto import sealing
from storage.crypto.column_types import open_columns
from storage.crypto.keys import Keyring, MasterKey
from storage.database import Session, open_database
from storage.mail import outbox
from storage.mail.outbox import MessageState, OutboxMessage
from storage.submissions import submissions
from storage.submissions.arrivals import Place
from storage.submissions.submissions import Submission
from tests.components.dovecot import Dovecot
from tests.support.laid_tables import lay_tables


@dataclass
class RecordingQueue:
    """Keeps the ids of what would be worked on."""

    enqueued: list[str] = field(default_factory=list)
    rounds: list[tuple[str, str]] = field(default_factory=list)

    def enqueue(self, session: Session, submission_id: str) -> None:
        """Remember one submission."""
        self.enqueued.append(submission_id)

    def enqueue_again(self, submission_id: str, round_name: str) -> bool:
        """Remember one further round."""
        self.rounds.append((submission_id, round_name))
        return True


def utc_now() -> datetime:
    """Return the present time."""
    return datetime.now(UTC)


@contextmanager
def build_services(
    folder: Path,
    *,
    database_url: str = "",
    settings: Settings | None = None,
    now: Callable[[], datetime] = utc_now,
) -> Iterator[Services]:
    """Give services on a migrated database in `folder`."""
    settings = settings or read_settings({"AVRR_DATA_DIR": str(folder)})
    database = open_database(database_url or settings.database_url)
    keyring = Keyring(MasterKey(os.urandom(32)))
    lay_tables(open_columns(database, keyring))
    with database.transaction() as session:
        keyring.prepare(session, now())
    blobs = BlobStore(FolderBackend(folder / "blobs"))
    (folder / "blobs").mkdir(exist_ok=True)
    try:
        yield Services(
            settings=settings,
            database=database,
            blobs=blobs,
            keyring=keyring,
            queue=RecordingQueue(),
            offices=load_offices(),
            now=now,
        )
    finally:
        database.close()


def mailbox_of(server: Dovecot, user: str, *, name: str = "referrals") -> MailboxSettings:
    """Describe a user's INBOX on Dovecot; the password is written beside the server."""
    password_file = server.folder / "poller-password"
    password_file.write_text(server.password + "\n")
    parts = urlsplit(server.url(user))
    return MailboxSettings(
        name=name,
        host=parts.hostname or "",
        port=parts.port or 0,
        is_tls=parts.scheme == "imaps",
        user=unquote(parts.username or ""),
        folder="INBOX",
        password_file=password_file,
        may_idle=True,
    )


def with_settings(services: Services, **changes: object) -> Services:
    """Return the same services under changed settings."""
    return replace(services, settings=replace(services.settings, **changes))  # type: ignore[arg-type]  # a test's own keywords


def with_smtp(services: Services, port: int) -> Services:
    """Return the same services with mail leaving through a loopback port."""
    return with_settings(services, smtp=SmtpSettings("127.0.0.1", port, "none"))


def stored(services: Services) -> list[Submission]:
    """Return all submissions, oldest first."""
    with services.database.reading() as session:
        return submissions.newest(session, limit=10_000)[::-1]


def stored_bytes(services: Services) -> list[bytes]:
    """Return the raw bytes of all submissions, in byte order."""
    from storage.blobs.blobs import BlobRow

    found = []
    with services.database.reading() as session:
        for submission in submissions.newest(session, limit=10_000):
            key = services.keyring.open(session, submission.data_key_id)
            blob = session.get_one(BlobRow, submission.raw_blob_id)
            found.append(services.blobs.read_whole(key, blob))
    return sorted(found)


def put_message(
    services: Services,
    submission_id: str,
    *,
    recipient: str = "anna@example.org",
    kind: str = "R1",
    created_at: datetime | None = None,
) -> str:
    """Write a due receipt for a submission and return its id."""
    now = created_at or services.now()
    message_id = new_id()
    with services.database.transaction() as session:
        submission = session.get_one(Submission, submission_id)
        key = services.keyring.open(session, submission.data_key_id)
        content = (
            f"From: noreply@localhost\r\nTo: {recipient}\r\nSubject: Receipt\r\n"
            f"Message-ID: <{message_id}@localhost>\r\n\r\nThank you.\r\n.\r\n..two\r\n"
        ).encode()
        session.add(
            OutboxMessage(
                id=message_id,
                submission_id=submission_id,
                data_key_id=key.id,
                kind=kind,
                state=MessageState.DUE,
                message_id=f"<{message_id}@localhost>",
                recipient=sealing.seal(
                    key, submissions.place("outbox", "recipient", message_id), recipient
                ),
                content=sealing.seal_bytes(
                    key, submissions.place("outbox", "content", message_id), content
                ),
                created_at=now,
                next_try_at=now,
            )
        )
    return message_id


def outgoing(services: Services, submission_id: str) -> list[OutboxMessage]:
    """Return the outbox rows of a submission."""
    with services.database.reading() as session:
        return outbox.of_submission(session, submission_id)


def accepted(services: Services, number: int = 1) -> str:
    """Store a small mail and return its submission's id."""
    raw = f"From: a@example.org\r\nMessage-ID: <{number}@x>\r\n\r\nHej\r\n".encode()
    arrival = MailArrival("referrals", Place("referrals", "INBOX", 1, number), raw, "0" * 64)
    return accept_mail(services, arrival).submission_id


def only(services: Services, submission_id: str) -> OutboxMessage:
    """Return the one message of a submission."""
    (row,) = outgoing(services, submission_id)
    return row


@dataclass
class Clock:
    """A clock that the test moves."""

    at: datetime = field(default_factory=utc_now)

    def __call__(self) -> datetime:
        """Return its time."""
        return self.at
