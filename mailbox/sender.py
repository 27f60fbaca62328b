"""Take what is due from the outbox to the SMTP server, at least once.

A message is due until the server took it and we recorded that. It is leased while it is being sent,
so that two senders do not both send it; the lease is renewed as long as the server lets us wait.
Whether a message may still leave is asked again before the server gets its content: the person of
the case may have withdrawn since it was written, or in the same moment.
"""

import logging
import random
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from intake.core.errors import KeyUnavailable, StorageUnavailable
from intake.outbox import post, return_paths
from mailbox import webhook
from mailbox.backoff import pause_seconds, retry_after
from mailbox.dkim_signing import Sign, load_signer
from mailbox.errors import MailboxUnavailable, place_of
from mailbox.heartbeat import Heartbeat
from mailbox.smtp import Answer, SmtpConnection, Verdict, open_smtp
from mailbox.webhook import Webhook, load_webhook
from storage.crypto.sealing import unseal, unseal_bytes
from storage.mail import outbox_sending
from storage.mail.outbox import OutboxMessage
from storage.submissions import queue_items
from storage.submissions.queue_items import TaskKind
from storage.submissions.submissions import Submission, place

if TYPE_CHECKING:
    from intake.core.services import Services
    from intake.core.settings import SmtpSettings

ConnectSmtp = Callable[["SmtpSettings"], SmtpConnection]

LEASE = timedelta(seconds=30)
# Longer than one command may take (smtp.COMMAND_TIMEOUT_SECONDS), shorter than the lease.
RENEW_BELOW = timedelta(seconds=20)
BATCH_MESSAGES = 20
GIVE_UP_AFTER = timedelta(days=3)
CHECK_SECONDS = 0.2
HOOK_CHECK_SECONDS = 1.0
MAX_IDLE_SECONDS = 10.0
PAUSE_AFTER_ERROR_SECONDS = 1.0

LOG = logging.getLogger(__name__)


@dataclass(frozen=True)
class OpenedMessage:
    """A message opened for sending; `return_path` is empty for the null sender."""

    return_path: str
    recipient: str
    content: bytes


def send_once(services: "Services", connect: ConnectSmtp = open_smtp) -> int:
    """Send all that is due now, webhook calls too; return how many messages the server took."""
    webhook.call_due(services, load_webhook(services.settings.webhook_secret_file))
    sender = Sender(services, load_signer(services.settings.dkim), connect)
    taken = 0
    try:
        while sender.is_any_due():
            batch = sender.send_batch()
            taken += batch.taken
            if not batch.leased or not batch.was_reached:
                break
    finally:
        sender.hang_up()
    return taken


def send_all(services: "Services", stop: threading.Event, *, slot: str = "1") -> None:
    """Send what comes due until `stop` is set.

    Raises SettingInvalid for a wrong DKIM key or secret of the webhook. The webhook is called from
    a thread of its own: whoever answers slowly there delays no mail.
    """
    sender = Sender(services, load_signer(services.settings.dkim))
    hook = load_webhook(services.settings.webhook_secret_file)
    calls = threading.Thread(
        target=_call_until, args=(services, hook, stop), name="webhook", daemon=True
    )
    calls.start()
    sender.run(stop, Heartbeat(services, "sender", slot))
    calls.join(timeout=webhook.DEADLINE_SECONDS)


def _call_until(services: "Services", hook: Webhook, stop: threading.Event) -> None:
    """Make calls as they come due; whatever goes wrong is logged, and the calls stay due."""
    while not stop.wait(HOOK_CHECK_SECONDS):
        try:
            webhook.call_due(services, hook)
        except Exception as error:  # noqa: BLE001 - a worker loop: logged, and tried again
            LOG.error("event=webhook_failed error=%r", place_of(error))  # noqa: TRY400 - no traceback


@dataclass(frozen=True)
class Batch:
    """What became of one batch: how many messages were leased and taken by the server.

    `was_reached` says whether a server was there.
    """

    leased: int
    taken: int
    was_reached: bool


class Sender:
    """Send batches over one connection, which is kept while there is work."""

    def __init__(
        self,
        services: "Services",
        sign: Sign,
        connect: ConnectSmtp = open_smtp,
        chance: Callable[[], float] = random.random,
    ) -> None:
        self._services = services
        self._sign = sign
        self._connect = connect
        self._chance = chance
        self._connection: SmtpConnection | None = None
        self._failures = 0
        self._worked_at = 0.0
        self._resume_at = 0.0
        self._beat: Callable[[], None] = _no_beat
        # The server took these but that could not be recorded: this process does not send them
        # again.
        self._unrecorded: set[str] = set()
        self.outcome = "ok"
        self.outcome_since = services.now()

    def run(self, stop: threading.Event, heartbeat: Heartbeat) -> None:
        """Send until told to stop; whatever goes wrong is logged, and the messages stay due."""
        self._beat = lambda: heartbeat.beat(
            {"smtp": self.outcome, "since": self.outcome_since.isoformat()}
        )
        while not stop.wait(CHECK_SECONDS):
            try:
                self._beat()
                self._work_off()
            except Exception as error:  # noqa: BLE001 - a worker loop: logged, and tried again
                LOG.error("event=send_failed error=%r", place_of(error))  # noqa: TRY400 - no traceback
                self._resume_at = time.monotonic() + PAUSE_AFTER_ERROR_SECONDS
        self.hang_up()
        heartbeat.end()

    def _work_off(self) -> None:
        """Send batches while there are any; leave an unreachable server alone for a while.

        Nothing is leased meanwhile, since that would only use up attempts.
        """
        while time.monotonic() >= self._resume_at and self.is_any_due():
            batch = self.send_batch()
            self._worked_at = time.monotonic()
            if not batch.was_reached:
                pause = pause_seconds(self._failures, self._chance())
                self._resume_at = self._worked_at + pause
            if not batch.leased:
                return
            self._beat()
        if time.monotonic() - self._worked_at > MAX_IDLE_SECONDS:
            self.hang_up()

    def is_any_due(self) -> bool:
        """Say, with one cheap query, whether anything waits to be sent."""
        with self._services.database.reading() as session:
            return outbox_sending.any_due(session, self._services.now())

    def send_batch(self) -> Batch:
        """Lease up to 20 due messages and send them.

        Raises StorageUnavailable; what was leased then comes due again by itself.
        """
        now = self._services.now()
        with self._services.database.transaction() as session:
            rows = outbox_sending.lease_due(session, now, LEASE, limit=BATCH_MESSAGES)
        if not rows:
            return Batch(0, 0, was_reached=True)
        self._drop_if_dead()
        leased_until = {row.id: now + LEASE for row in rows}
        rows.sort(key=lambda row: row.created_at)
        taken = 0
        for index, row in enumerate(rows):
            try:
                self._connected()
            except MailboxUnavailable as error:
                self._note_outcome(error.reason)
                self._failures += 1
                self._delay(rows[index:], error.reason, was_reached=False)
                return Batch(len(rows), taken, was_reached=False)
            try:
                taken += self._send(row, leased_until)
            except StorageUnavailable:
                raise
            except Exception as error:  # noqa: BLE001 - one bad message must not stop the others
                # It comes due again by itself when its lease ends.
                LOG.error(  # noqa: TRY400 - a traceback could quote the mail
                    "event=message_not_sent outbox=%s error=%r", row.id, place_of(error)
                )
        return Batch(len(rows), taken, was_reached=True)

    def hang_up(self) -> None:
        """Close the kept connection, if any."""
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()

    def _send(self, row: OutboxMessage, leased_until: dict[str, datetime]) -> bool:
        """Send one leased message and record what became of it; True when it was taken."""
        try:
            answer = self._deliver(row, leased_until)
            self._note_outcome("deferred" if answer.verdict is Verdict.DEFERRED else "ok")
            return self._record(row, answer)
        except MailboxUnavailable as error:
            self._note_outcome(error.reason)
            self._delay([row], error.reason, was_reached=True)
        except KeyUnavailable as error:
            # The key was erased, or the master key is wrong; the latter must not make all receipts
            # fail for good.
            self._delay([row], error.reason, was_reached=True)
        return False

    def _deliver(self, row: OutboxMessage, leased_until: dict[str, datetime]) -> Answer:
        if row.id in self._unrecorded:
            return Answer(Verdict.TAKEN, "ok")
        message = self._open(row)
        content = self._sign(message.content)
        connection = self._connected()
        try:
            answer = connection.deliver(
                message.recipient,
                content,
                lambda: self._keep_lease(row, leased_until),
                return_path=message.return_path,
                may_leave=lambda: self._may_leave(row),
            )
        except BaseException:
            self._connection = None
            connection.drop()
            raise
        if not connection.is_usable:
            self._connection = None
            connection.drop()
        return answer

    def _connected(self) -> SmtpConnection:
        if self._connection is None:
            self._connection = self._connect(self._services.settings.smtp)
            self._failures = 0
        return self._connection

    def _drop_if_dead(self) -> None:
        # A server closes a connection that is silent for long. Asking costs one round trip a
        # batch; a message sent into a closed connection would be delayed.
        if self._connection is not None and not self._connection.is_alive():
            self._connection.drop()
            self._connection = None

    def _open(self, row: OutboxMessage) -> OpenedMessage:
        with self._services.database.reading() as session:
            key = self._services.keyring.open(session, row.data_key_id)
            about = row.submission_id
            submission = session.get_one(Submission, about) if about is not None else None
        address = self._services.settings.reply_address
        return OpenedMessage(
            return_path=return_paths.return_path(address, submission, key, row),
            recipient=unseal(key, place("outbox", "recipient", row.id), row.recipient),
            content=unseal_bytes(key, place("outbox", "content", row.id), row.content or b""),
        )

    def _may_leave(self, row: OutboxMessage) -> bool:
        """Ask the outbox again; what may not leave any more is recorded as suppressed."""
        with self._services.database.reading() as session:
            if post.refusal_to_leave(self._services, session, row) is None:
                return True
        with self._services.database.transaction() as session:
            reason = post.keep_back(self._services, session, row)
        LOG.info("event=message_kept_back outbox=%s reason=%s", row.id, reason)
        return False

    def _keep_lease(self, row: OutboxMessage, leased_until: dict[str, datetime]) -> None:
        self._beat()
        now = self._services.now()
        if leased_until[row.id] - now >= RENEW_BELOW:
            return
        # Without the renewal another sender may send the message too; stopping here would make
        # that certain. So a database that is away is tolerated.
        with suppress(StorageUnavailable), self._services.database.transaction() as session:
            outbox_sending.extend_lease(session, row.id, now + LEASE)
        leased_until[row.id] = now + LEASE

    def _record(self, row: OutboxMessage, answer: Answer) -> bool:
        if answer.verdict is Verdict.KEPT_BACK:
            return False
        if answer.verdict is Verdict.DEFERRED:
            self._delay([row], answer.reason, was_reached=True)
            return False
        if answer.verdict is Verdict.REFUSED:
            self._fail(row, answer.reason)
            return False
        self._unrecorded.add(row.id)
        with self._services.database.transaction() as session:
            outbox_sending.mark_sent(session, row.id, self._services.now())
        self._unrecorded.discard(row.id)
        LOG.info("event=message_sent outbox=%s submission=%s", row.id, row.submission_id)
        return True

    def _delay(self, rows: list[OutboxMessage], reason: str, *, was_reached: bool) -> None:
        now = self._services.now()
        waiting = [row for row in rows if now - row.created_at < GIVE_UP_AFTER]
        with self._services.database.transaction() as session:
            for row in waiting:
                wait = retry_after(row.attempts, self._chance(), was_reached=was_reached)
                outbox_sending.mark_delayed(session, row.id, now + wait, reason)
        for row in waiting:
            LOG.warning("event=message_delayed outbox=%s reason=%s", row.id, reason)
        for row in rows:
            if row not in waiting:
                self._fail(row, "expired")

    def _fail(self, row: OutboxMessage, reason: str) -> None:
        from intake.queues import gaps
        from intake.queues.tasks import add_task

        with self._services.database.transaction() as session:
            has_failed = outbox_sending.mark_failed(session, row.id, reason)
            # A mail about an account has no submission: the page of the account says so.
            if has_failed and row.submission_id is not None:
                add_task(
                    self._services,
                    session,
                    row.submission_id,
                    kind=TaskKind.RECEIPT_FAILED,
                    reason=reason,
                )
            elif has_failed and row.task_id is not None:
                item = queue_items.by_id(session, row.task_id)
                if item is not None:
                    gaps.open_gap(self._services, session, item, "warning_not_mailed")
        LOG.warning("event=message_failed outbox=%s reason=%s", row.id, reason)

    def _note_outcome(self, outcome: str) -> None:
        if outcome != self.outcome:
            self.outcome, self.outcome_since = outcome, self._services.now()


def _no_beat() -> None:
    """Do nothing: a single run has no heartbeat."""
