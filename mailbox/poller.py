"""Watch every configured mailbox and hand its mail to intake.

Each mailbox has one thread and one connection. The thread waits by IDLE where that is offered,
looks again at intervals in any case, and comes back with growing pauses when a server or our
storage is away. Two pollers on one mailbox are harmless.
"""

import logging
import random
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from intake.core.errors import IntakeError, StorageUnavailable
from mailbox.backoff import reconnect_seconds
from mailbox.errors import MailboxUnavailable, place_of
from mailbox.folder_round import IntakeRound
from mailbox.folder_state import FolderMemory, PollResult
from mailbox.heartbeat import Heartbeat
from mailbox.imap import RemoteMailbox, open_mailbox
from storage.mail import mailboxes

if TYPE_CHECKING:
    from intake.core.services import Services
    from intake.core.settings import MailboxSettings

ConnectMailbox = Callable[["MailboxSettings"], RemoteMailbox]

# One IDLE lasts a minute at most: RFC 2177 allows 29, but a dead connection must show sooner.
MAX_IDLE_SECONDS = 60.0
MAX_IDLE_FAILURES = 3
WITHOUT_IDLE_SECONDS = 600.0
NOTE_INTERVAL = timedelta(seconds=5)
JOIN_SECONDS = 5.0
# How often one look connects anew when a message ends the connection.
MAX_CONNECTIONS_A_LOOK = 5
LOOK_AT_STOP_SECONDS = 0.5

LOG = logging.getLogger(__name__)


@dataclass(frozen=True)
class Polled:
    """How one look at one mailbox ended: with a result, or with the code of what prevented it."""

    name: str
    result: PollResult | None
    error: str = ""


def poll_once(
    services: "Services", mailbox: "MailboxSettings", connect: ConnectMailbox = open_mailbox
) -> PollResult:
    """Look through one mailbox once; raises MailboxUnavailable or StorageUnavailable.

    A failure is recorded for the health page before it is raised.
    """
    watch, memory = _Watch(services, mailbox, threading.Event()), FolderMemory()
    for tries_left in reversed(range(MAX_CONNECTIONS_A_LOOK)):
        memory.reconnect()
        try:
            with connect(mailbox) as remote:
                return watch.look(remote, memory)
        except IntakeError as error:
            # Each break sets aside a message that the connection does not survive.
            is_by_message = isinstance(error, MailboxUnavailable) and bool(memory.breaks)
            if not is_by_message or not tries_left:
                watch.note_failure(error.reason)
                raise
    raise AssertionError


def poll_all(
    services: "Services",
    *,
    once: bool,
    stop: threading.Event,
    slot: str = "1",
    connect: ConnectMailbox = open_mailbox,
) -> list[Polled]:
    """Watch all mailboxes until `stop` is set, or look at each `once` and return what was found.

    The list is empty when the mailboxes were watched.
    """
    if once:
        return _poll_each_once(services, connect)
    threads = [
        threading.Thread(
            target=Poller(services, mailbox, stop, connect).run,
            name=f"poll-{mailbox.name}",
            # A thread that hangs in a read must not keep the process alive: its work is repeatable.
            daemon=True,
        )
        for mailbox in services.settings.mailboxes
    ]
    for thread in threads:
        thread.start()
    heartbeat = Heartbeat(services, "poller", slot)
    while not stop.wait(LOOK_AT_STOP_SECONDS):
        heartbeat.beat({"mailboxes": str(len(threads))})
    for thread in threads:
        thread.join(JOIN_SECONDS)
    heartbeat.end()
    return []


class Poller:
    """Watch one mailbox until told to stop."""

    def __init__(
        self,
        services: "Services",
        mailbox: "MailboxSettings",
        stop: threading.Event,
        connect: ConnectMailbox = open_mailbox,
        chance: Callable[[], float] = random.random,
    ) -> None:
        self._services = services
        self._mailbox = mailbox
        self._stop = stop
        self._connect = connect
        self._chance = chance
        self._watch = _Watch(services, mailbox, stop)
        self._memory = FolderMemory()
        self._failures = 0
        self._idle_failures = 0
        self._no_idle_until = 0.0

    def run(self) -> None:
        """Watch; whatever goes wrong is recorded, and tried again after a pause."""
        while not self._stop.is_set():
            try:
                self._stay_connected()
            except IntakeError as error:
                self._rest(error.reason)
            except Exception as error:  # noqa: BLE001 - a worker loop: noted, and tried again
                LOG.error("event=poll_failed error=%r", place_of(error))  # noqa: TRY400 - no traceback
                self._rest("internal_error")

    def _stay_connected(self) -> None:
        with self._connect(self._mailbox) as remote:
            self._memory.reconnect()
            while not self._stop.is_set():
                result = self._watch.look(remote, self._memory)
                # Only a whole round ends the back-off: a server that lets us in and then fails
                # must not be asked again at once, for ever.
                self._failures = 0
                if not result.has_moved_on:
                    self._wait(remote)

    def _wait(self, remote: RemoteMailbox) -> None:
        seconds = self._services.settings.mail_poll_seconds
        if not remote.can_idle or time.monotonic() < self._no_idle_until:
            self._stop.wait(seconds)
            return
        try:
            remote.wait(min(seconds, MAX_IDLE_SECONDS), self._stop)
        except IntakeError:
            self._note_idle_failure()
            raise
        self._idle_failures = 0

    def _note_idle_failure(self) -> None:
        # Some servers offer IDLE and then break it each time; polling works with them.
        self._idle_failures += 1
        if self._idle_failures >= MAX_IDLE_FAILURES:
            self._idle_failures = 0
            self._no_idle_until = time.monotonic() + WITHOUT_IDLE_SECONDS

    def _rest(self, reason: str) -> None:
        self._failures += 1
        self._watch.note_failure(reason)
        self._stop.wait(reconnect_seconds(self._failures, self._chance()))


class _Watch:
    """Look through one mailbox, and record each look in its cursor."""

    def __init__(
        self, services: "Services", mailbox: "MailboxSettings", stop: threading.Event
    ) -> None:
        self._services = services
        self._mailbox = mailbox
        self._stop = stop
        self._noted_at: datetime | None = None
        self._noted_error = ""

    def look(self, remote: RemoteMailbox, memory: FolderMemory) -> PollResult:
        """Look through the folder and record that it was done."""
        result = IntakeRound(self._services, self._mailbox, remote, memory, self._stop).run()
        now = self._services.now()
        is_recent = self._noted_at is not None and abs(now - self._noted_at) < NOTE_INTERVAL
        if result.has_moved_on or result.error != self._noted_error or not is_recent:
            self._note(result, now)
        return result

    def note_failure(self, reason: str) -> None:
        """Record that the mailbox could not be read, if the database can be written."""
        LOG.warning("event=mailbox_unavailable mailbox=%s reason=%s", self._mailbox.name, reason)
        self._noted_at = None
        with suppress(StorageUnavailable), self._services.database.transaction() as session:
            mailboxes.note_failure(
                session, self._mailbox.name, self._mailbox.folder, reason, self._services.now()
            )

    def _note(self, result: PollResult, now: datetime) -> None:
        source, folder = self._mailbox.name, self._mailbox.folder
        with self._services.database.transaction() as session:
            mailboxes.note_poll(
                session,
                source,
                folder,
                result.uid_validity,
                result.last_uid,
                now,
                error=result.error,
            )
        self._noted_at, self._noted_error = now, result.error


def _poll_each_once(services: "Services", connect: ConnectMailbox) -> list[Polled]:
    found = services.settings.mailboxes
    with ThreadPoolExecutor(max_workers=max(1, len(found))) as threads:
        return list(threads.map(lambda mailbox: _polled(services, mailbox, connect), found))


def _polled(services: "Services", mailbox: "MailboxSettings", connect: ConnectMailbox) -> Polled:
    try:
        return Polled(mailbox.name, poll_once(services, mailbox, connect))
    except IntakeError as error:
        return Polled(mailbox.name, None, error.reason)
