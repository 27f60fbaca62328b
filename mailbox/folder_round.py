"""Look through a mailbox folder once: store every message, then move it, and skip nothing.

Content decides whether a message is known; its place on the server (folder,
UIDVALIDITY, UID) is only a hint that saves downloads (threat B26).
A message is moved only after the commit that stored it. If something breaks in between, the
next look finds the message again and knows by its content that it is stored.
"""

import logging
import threading
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from intake.arrivals.accept import MailArrival, accept_mail
from intake.core.errors import StorageUnavailable
from mailbox.errors import CommandRefused, MailboxUnavailable, Trouble, place_of
from mailbox.folder_state import FolderMemory, PollResult
from mailbox.headers import header_sha256, is_complete
from mailbox.notices import tell_officers
from storage.submissions.arrivals import Place, arrival_at, is_same_message

if TYPE_CHECKING:
    from intake.core.services import Services
    from intake.core.settings import MailboxSettings
    from mailbox.imap import RemoteMailbox, Waiting

PROCESSED = "Processed"
TOO_LARGE = "Too large"

DESCRIBED_AT_ONCE = 200
BATCH_MESSAGES = 20
BATCH_BYTES = 8 * 1024 * 1024
# Messages up to this size are fetched together: one round trip for up to 20 of them.
SMALL_BYTES = 256 * 1024
# How much of an announced size has to come at least.
MIN_SHARE = 0.5

LOG = logging.getLogger(__name__)


@dataclass(frozen=True)
class Sized:
    """A message on the server whose size in bytes is known."""

    uid: int
    size: int
    is_deleted: bool


@dataclass
class _Counts:
    new: int = 0
    seen_again: int = 0
    oversize: int = 0
    moved: int = 0


class IntakeRound:
    """One look through the selected folder of one open connection."""

    def __init__(
        self,
        services: "Services",
        mailbox: "MailboxSettings",
        remote: "RemoteMailbox",
        memory: FolderMemory,
        stop: threading.Event,
    ) -> None:
        self._services = services
        self._mailbox = mailbox
        self._remote = remote
        self._memory = memory
        self._stop = stop
        self._counts = _Counts()

    def run(self) -> PollResult:
        """Store and move the messages of the folder, oldest first.

        Raises MailboxUnavailable, or StorageUnavailable after moving what had been stored; the
        other messages stay on the server.
        """
        uid_validity = self._remote.select()
        self._memory.begin(uid_validity)
        uids = self._remote.uids()
        is_list_whole = not self._remote.was_list_unreadable
        try:
            self._take_all(self._memory.due(uids, self._services.now()))
        except MailboxUnavailable as error:
            broken_by = self._memory.note_break()
            if broken_by is not None:
                self._note_failed(broken_by, "message_breaks_connection", place_of(error))
            raise
        finally:
            self._tell_officers()
        troubles = self._memory.troubled(uids)
        if not is_list_whole:
            troubles.append(Trouble.LIST_UNREADABLE)
        return PollResult(
            **vars(self._counts),
            failed=len(troubles),
            error=troubles[-1] if troubles else "",
            uid_validity=uid_validity,
            last_uid=max(uids, default=0),
        )

    def _take_all(self, due: list[int]) -> None:
        for uids in self._memory.groups(due, DESCRIBED_AT_ONCE):
            for batch in batches(self._described(uids)):
                if not self._stop.is_set():
                    self._take_batch(batch)
            for uid in uids:
                self._memory.breaks.pop(uid, None)

    def _described(self, uids: list[int]) -> list["Sized"]:
        """Return the messages with their sizes; what the server says nothing of is a failure.

        Without this a message that the server lost would be passed over for ever, unseen.
        """
        self._memory.asked = tuple(uids)
        described = self._remote.describe(uids)
        silent = sorted(set(uids) - {message.uid for message in described})
        for uid in sorted(self._remote.still_there(silent)) if silent else ():
            self._note_failed(uid, "message_not_described", "no answer")
        self._memory.asked = ()
        sized = (self._sized(message) for message in described)
        return [message for message in sized if message is not None]

    def _sized(self, message: "Waiting") -> "Sized | None":
        """Return a message whose size is known, None when the server does not even give bytes."""
        size = message.size
        if size is None:
            self._memory.asked = (message.uid,)
            try:
                size = self._remote.measure(
                    message.uid, self._services.settings.max_upload_bytes + 1
                )
            except CommandRefused:
                size = None
            if size is None and self._remote.is_there(message.uid):
                self._note_failed(message.uid, "message_without_content", "no size, no bytes")
            self._memory.asked = ()
        return None if size is None else Sized(message.uid, size, message.is_deleted)

    def _tell_officers(self) -> None:
        """Put what could not be taken in before an officer, once for each message."""
        untold = self._memory.untold()
        if untold:
            mailbox = self._mailbox
            with suppress(StorageUnavailable):
                tell_officers(
                    self._services,
                    mailbox.name,
                    mailbox.folder,
                    self._memory.uid_validity,
                    untold,
                )
                self._memory.noticed.update(untold)

    def _take_batch(self, batch: list["Sized"]) -> None:
        stored: list[tuple[Sized, str]] = []
        try:
            self._store_batch(batch, stored)
        except StorageUnavailable:
            self._move(stored)
            raise
        self._move(stored)

    def _store_batch(self, batch: list["Sized"], stored: list[tuple["Sized", str]]) -> None:
        known = self._known_places(batch)
        fetched = self._fetch_small([m for m in batch if m.uid not in known])
        for message in batch:
            if self._stop.is_set():
                return
            self._memory.asked = (message.uid,)
            try:
                if self._is_stored(
                    message, fetched.pop(message.uid, None), is_known=message.uid in known
                ):
                    stored.append((message, self._folder_for(message)))
            except (StorageUnavailable, MailboxUnavailable):
                raise
            except Exception as error:  # noqa: BLE001 - one bad message must not stop the others
                self._note_failed(message.uid, "message_failed", place_of(error))
            self._memory.asked = ()

    def _known_places(self, batch: list["Sized"]) -> set[int]:
        with self._services.database.reading() as session:
            seen = {message.uid: arrival_at(session, self._place(message)) for message in batch}
        return {uid for uid, arrival in seen.items() if arrival is not None}

    def _fetch_small(self, batch: list["Sized"]) -> dict[int, bytes]:
        small = [message.uid for message in batch if message.size <= self._small_bytes]
        if len(small) < 2:
            return {}
        self._memory.asked = tuple(small)
        try:
            return self._remote.whole(small)
        except CommandRefused:
            # Some servers refuse all for one that vanished, so each is then fetched alone.
            return {}

    def _is_stored(self, message: "Sized", raw: bytes | None, *, is_known: bool) -> bool:
        """Store one message unless it is stored; False when it vanished, or has no content.

        `is_known` says that a message was stored from this place before; `raw` is the message if
        it was fetched already.
        """
        if is_known:
            header = self._remote.header(message.uid)
            if header is None:
                return self._is_gone_or_noted(message)
            if self._is_same(message, header):
                self._counts.seen_again += 1
                return True
            # The server gave the same number to another message.
        if message.size > self._services.settings.max_upload_bytes:
            raw, oversize_bytes = self._remote.header(message.uid), message.size
        else:
            raw, oversize_bytes = raw if raw is not None else self._whole(message), None
        if raw is None or (raw == b"" and message.size > 0):
            return self._is_gone_or_noted(message)
        if not self._is_whole(message, raw, oversize_bytes):
            self._note_failed(message.uid, "message_cut", "fewer bytes than announced")
            return False
        self._accept(message, raw, oversize_bytes)
        return True

    def _is_whole(self, message: "Sized", raw: bytes, oversize_bytes: int | None) -> bool:
        """Say whether what came is all of a message, not the beginning of it.

        Some servers only estimate a size. So fewer bytes than announced, at least half, are a whole
        message where the server says that nothing follows them. More bytes than announced are
        stored: nothing is lost by them.
        """
        if oversize_bytes is not None:
            return is_complete(raw)
        if len(raw) >= message.size:
            return True
        is_estimate = len(raw) >= message.size * MIN_SHARE
        return is_estimate and self._remote.ends_at(message.uid, len(raw))

    def _is_gone_or_noted(self, message: "Sized") -> bool:
        """Note a message that is there and of which the server gives no bytes; always False."""
        if self._remote.is_there(message.uid):
            self._note_failed(message.uid, "message_without_content", "no bytes")
        return False

    def _is_same(self, message: "Sized", header: bytes) -> bool:
        with self._services.database.reading() as session:
            return is_same_message(session, self._place(message), header_sha256(header))

    def _whole(self, message: "Sized") -> bytes | None:
        try:
            return self._remote.whole([message.uid]).get(message.uid)
        except CommandRefused:
            # If the message is gone, another poller or a person moved it; else this is a failure.
            if self._remote.is_there(message.uid):
                raise
            return None

    def _accept(self, message: "Sized", raw: bytes, oversize_bytes: int | None) -> None:
        accepted = accept_mail(
            self._services,
            MailArrival(
                programme=self._mailbox.name,
                where=self._place(message),
                raw=raw,
                header_sha256=header_sha256(raw),
                oversize_bytes=oversize_bytes,
            ),
        )
        if not accepted.is_new:
            self._counts.seen_again += 1
            return
        self._counts.new += 1
        self._counts.oversize += oversize_bytes is not None
        LOG.info("event=mail_stored submission=%s bytes=%d", accepted.submission_id, message.size)

    def _move(self, stored: list[tuple["Sized", str]]) -> None:
        for folder in (PROCESSED, TOO_LARGE):
            messages = [message for message, target in stored if target == folder]
            if not self._remote.can_remove:
                # A message marked as deleted was copied already, by us or by whoever marked it.
                self._memory.settled.update(m.uid for m in messages if m.is_deleted)
                messages = [message for message in messages if not message.is_deleted]
            if messages:
                self._move_to(folder, messages)

    def _move_to(self, folder: str, messages: list["Sized"]) -> None:
        try:
            self._remote.move([message.uid for message in messages], folder)
        except CommandRefused as error:
            if len(messages) > 1:
                for message in messages:
                    self._move_to(folder, [message])
            elif self._remote.is_there(messages[0].uid):
                self._note_failed(messages[0].uid, "move_refused", place_of(error))
            return
        self._counts.moved += len(messages)
        for message in messages:
            self._memory.resting.pop(message.uid, None)
        if not self._remote.can_remove:
            self._memory.settled.update(message.uid for message in messages)

    def _note_failed(self, uid: int, code: str, error: str) -> None:
        self._memory.rest(uid, code, self._services.now())
        LOG.error(
            "event=%s mailbox=%s uid=%d error=%r",
            code,
            self._mailbox.name,
            uid,
            error,
        )

    def _place(self, message: "Sized") -> Place:
        return Place(
            self._mailbox.name, self._mailbox.folder, self._memory.uid_validity, message.uid
        )

    def _folder_for(self, message: "Sized") -> str:
        return folder_for(message.size, self._services.settings.max_upload_bytes)

    @property
    def _small_bytes(self) -> int:
        return min(SMALL_BYTES, self._services.settings.max_upload_bytes)


def folder_for(size: int, max_bytes: int) -> str:
    """Return the folder for a stored message: over-limit ones go where people can fetch them."""
    return TOO_LARGE if size > max_bytes else PROCESSED


def batches(described: list["Sized"]) -> Iterator[list["Sized"]]:
    """Yield the messages in batches of at most 20 or 8 MiB; a larger message is alone in one."""
    batch: list[Sized] = []
    total_bytes = 0
    for message in described:
        is_full = len(batch) >= BATCH_MESSAGES or total_bytes + message.size > BATCH_BYTES
        if batch and is_full:
            yield batch
            batch, total_bytes = [], 0
        batch.append(message)
        total_bytes += message.size
    if batch:
        yield batch
