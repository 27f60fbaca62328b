"""Take a message its whole way in a test: accepted, opened, inspected, filed and queued.

Services, jails and the office's texts are real; only the scanner is scripted.
"""

import email
import email.policy
import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from email.message import EmailMessage

from intake.arrivals.accept import MailArrival, accept_mail
from intake.core.services import Services
from intake.outbox import return_paths
from intake.pipeline.inspect_and_file import inspect_and_file
from intake.pipeline.open_mail import open_submission
from intake.pipeline.worker_services import WorkerServices
from intake.sandbox.interface import Jails
from intake.sandbox.protocol.charsets import NOTHING_CHOSEN
from intake.sandbox.protocol.errors import JailError
from intake.sandbox.protocol.limits import TimeLeft
from intake.sandbox.protocol.pdf import PdfFacts
from intake.sandbox.protocol.rendition import Rendition
from intake.sandbox.protocol.results import DeliveryReport, Inspection, MailFacts, OpenedMail
from intake.sandbox.protocol.unpacked import NO_KEYS, Keys, Unpacked
from intake.senders.letters import keep_letter
from intake.senders.register import add_sender
from storage.crypto.sealing import unseal, unseal_bytes
from storage.documents import documents
from storage.documents.documents import Document
from storage.lists import work_subjects
from storage.mail import outbox
from storage.mail.outbox import OutboxMessage
from storage.submissions import submissions
from storage.submissions.arrivals import Place
from storage.submissions.queue_items import QueueItem
from storage.submissions.submissions import Submission
from tests.samples.mail.mails import REGISTERED_SENDER


@dataclass
class FailingJails:
    """Wraps real jails: each scripted error is raised once, then the jails answer."""

    jails: Jails
    on_open: list[JailError] = field(default_factory=list)
    on_header: list[JailError] = field(default_factory=list)
    on_inspect: list[JailError] = field(default_factory=list)
    on_unpack: list[JailError] = field(default_factory=list)
    on_render: list[JailError] = field(default_factory=list)
    on_report: list[JailError] = field(default_factory=list)
    on_check: list[JailError] = field(default_factory=list)
    mode: str = "bubblewrap"

    def start(self) -> None:
        """Do nothing: the real jails are running."""

    def close(self) -> None:
        """Do nothing: the real jails serve other tests."""

    def open_mail(
        self,
        raw: bytes,
        *,
        charsets: Mapping[str, str] = NOTHING_CHOSEN,
        left: TimeLeft | None = None,
    ) -> OpenedMail:
        """Fail by the script, or open."""
        if self.on_open:
            raise self.on_open.pop(0)
        return self.jails.open_mail(raw, charsets=charsets, left=left)

    def check_signed_parts(self, raw: bytes, *, left: TimeLeft | None = None) -> Mapping[str, str]:
        """Fail by the script, or check."""
        if self.on_check:
            raise self.on_check.pop(0)
        return self.jails.check_signed_parts(raw, left=left)

    def read_header(self, raw_header: bytes) -> MailFacts:
        """Fail by the script, or read."""
        if self.on_header:
            raise self.on_header.pop(0)
        return self.jails.read_header(raw_header)

    def inspect(
        self,
        content: bytes,
        claimed_type: str,
        claimed_name: str,
        *,
        left: TimeLeft | None = None,
    ) -> Inspection:
        """Fail by the script, or inspect."""
        if self.on_inspect:
            raise self.on_inspect.pop(0)
        return self.jails.inspect(content, claimed_type, claimed_name, left=left)

    def read_delivery_report(self, raw: bytes) -> DeliveryReport:
        """Fail by the script, or read."""
        if self.on_report:
            raise self.on_report.pop(0)
        return self.jails.read_delivery_report(raw)

    def form_fields(self, content: bytes) -> PdfFacts:
        """Read a form: nothing is scripted to fail here."""
        return self.jails.form_fields(content)

    def unpack(
        self,
        content: bytes,
        detected_type: str,
        claimed_name: str,
        *,
        keys: Keys = NO_KEYS,
        left: TimeLeft | None = None,
    ) -> Unpacked:
        """Fail by the script, or unpack."""
        if self.on_unpack:
            raise self.on_unpack.pop(0)
        return self.jails.unpack(content, detected_type, claimed_name, keys=keys, left=left)

    def render(self, content: bytes, detected_type: str) -> Rendition:
        """Fail by the script, or render."""
        if self.on_render:
            raise self.on_render.pop(0)
        return self.jails.render(content, detected_type)


@dataclass
class Desk:
    """Takes messages in and lets a test look at what became of them."""

    worker_services: WorkerServices
    _uids: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    @property
    def services(self) -> Services:
        """Return the services that the desk works with."""
        return self.worker_services.services

    def set_authserv_id(self, authserv_id: str) -> None:
        """Trust the Authentication-Results of this server only."""
        settings = replace(self.services.settings, authserv_id=authserv_id)
        services = replace(self.services, settings=settings)
        self.worker_services = replace(self.worker_services, services=services)

    def set_reply_address(self, address: str) -> None:
        """Take answers and delivery reports at tagged addresses of this box."""
        settings = replace(self.services.settings, reply_address=address)
        services = replace(self.services, settings=settings)
        self.worker_services = replace(self.worker_services, services=services)

    def return_path(self, submission_id: str) -> str:
        """Return the envelope sender of the one message about a submission."""
        row, submission = self.receipt(submission_id), self.submission(submission_id)
        with self.services.database.reading() as session:
            key = self.services.keyring.open(session, row.data_key_id)
        return return_paths.return_path(self.services.settings.reply_address, submission, key, row)

    def set_jails(self, jails: Jails) -> None:
        """Use other jails from now on."""
        self.worker_services = replace(self.worker_services, jails=jails, renderers=jails)

    def register(self, address: str = REGISTERED_SENDER, region: str = "STHLM") -> None:
        """Put an address into the register."""
        add_sender(self.services, "operator", address, region)

    def accept(
        self, raw: bytes, *, programme: str = "referrals", oversize_bytes: int | None = None
    ) -> str:
        """Store a message and return its submission's id."""
        place = Place(programme, "INBOX", 7, next(self._uids))
        arrival = MailArrival(programme, place, raw, "aa" * 32, oversize_bytes)
        return accept_mail(self.services, arrival).submission_id

    def open(self, raw: bytes, *, programme: str = "referrals") -> str:
        """Store and open a message; return its submission's id."""
        submission_id = self.accept(raw, programme=programme)
        open_submission(self.worker_services, submission_id)
        return submission_id

    def handle(self, raw: bytes, *, programme: str = "referrals") -> str:
        """Take a message its whole way and return its submission's id."""
        submission_id = self.open(raw, programme=programme)
        inspect_and_file(self.worker_services, submission_id)
        return submission_id

    def inspect_again(self, submission_id: str) -> None:
        """Inspect once more what is due."""
        inspect_and_file(self.worker_services, submission_id)

    def put_letter(self, submission_id: str, text: str) -> None:
        """Let a submission's letter be another text than was read."""
        with self.services.database.transaction() as session:
            found = submissions.by_id(session, submission_id)
            assert found is not None
            key = self.services.keyring.open(session, found.data_key_id)
            keep_letter(self.services, session, found, key, text)

    def submission(self, submission_id: str) -> Submission:
        """Return a submission as it stands."""
        with self.services.database.reading() as session:
            found = submissions.by_id(session, submission_id)
        assert found is not None
        return found

    def documents(self, submission_id: str) -> list[Document]:
        """Return a submission's documents in order."""
        with self.services.database.reading() as session:
            return documents.of_submission(session, submission_id)

    def states(self, submission_id: str) -> list[tuple[str, str]]:
        """Return (state, reason) of each document in order."""
        return [(row.state, row.reason) for row in self.documents(submission_id)]

    def items(self, submission_id: str) -> list[QueueItem]:
        """Return a submission's queue items, and those that hang on its case."""
        with self.services.database.reading() as session:
            submission = session.get_one(Submission, submission_id)
            return work_subjects.on_page(session, submission)

    def open_items(self, submission_id: str) -> set[tuple[str, str]]:
        """Return (queue, kind) of what waits for a person."""
        items = self.items(submission_id)
        return {(item.queue, item.kind) for item in items if item.closed_at is None}

    def receipts(self, submission_id: str) -> Sequence[OutboxMessage]:
        """Return what was written to the sender."""
        with self.services.database.reading() as session:
            return outbox.of_submission(session, submission_id)

    def receipt(self, submission_id: str) -> OutboxMessage:
        """Return the one message to the sender."""
        (row,) = self.receipts(submission_id)
        return row

    def letter(self, submission_id: str) -> EmailMessage:
        """Return the one message to the sender, opened and parsed."""
        raw = self.letter_bytes(submission_id)
        message = email.message_from_bytes(raw, policy=email.policy.default)
        assert isinstance(message, EmailMessage)
        return message

    def letter_bytes(self, submission_id: str) -> bytes:
        """Return the one message to the sender as it would leave."""
        row = self.receipt(submission_id)
        assert row.content is not None
        with self.services.database.reading() as session:
            key = self.services.keyring.open(session, row.data_key_id)
        return unseal_bytes(key, submissions.place("outbox", "content", row.id), row.content)

    def column(self, submission_id: str, name: str) -> str:
        """Open a sealed column of a submission."""
        submission = self.submission(submission_id)
        with self.services.database.reading() as session:
            key = self.services.keyring.open(session, submission.data_key_id)
        place = submissions.place("submissions", name, submission_id)
        return unseal(key, place, getattr(submission, name))

    def names(self, submission_id: str) -> list[str]:
        """Open the documents' names."""
        submission = self.submission(submission_id)
        with self.services.database.reading() as session:
            key = self.services.keyring.open(session, submission.data_key_id)
        return [
            unseal(key, submissions.place("documents", "name", row.id), row.name)
            for row in self.documents(submission_id)
        ]
