"""Talk IMAP (RFC 9051) with one mailbox: a thin typed layer over IMAPClient.

Nothing here is about submissions. Every error leaves as MailboxUnavailable (drop the connection)
or CommandRefused (go on).
"""

import logging
import ssl
import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

from imapclient import DELETED, IMAPClient, SocketTimeout
from imapclient.exceptions import IMAPClientAbortError, IMAPClientError

from mailbox.credentials import read_password
from mailbox.errors import AnswerUnreadable, CommandRefused, MailboxUnavailable, Trouble
from mailbox.headers import MAX_HEADER_BYTES, header_block, is_complete
from mailbox.imap_answers import described, listed_numbers, translated

if TYPE_CHECKING:
    from intake.core.settings import MailboxSettings

CONNECT_TIMEOUT_SECONDS = 20
READ_TIMEOUT_SECONDS = 60
# A server that went silent during IDLE must be noticed within a minute of a 20-second poll.
IDLE_END_TIMEOUT_SECONDS = 15
# How soon a waiting connection notices that the process is to stop.
STOP_CHECK_SECONDS = 0.5
# imaplib refuses answer lines over 1 MB: 50,000 UIDs of 10 digits stay below.
UIDS_PER_SEARCH = 50_000
FIRST_LOOK_BYTES = 16 * 1024


@dataclass(frozen=True)
class Waiting:
    """A message on the server: its size as the server counts it, and its \\Deleted flag.

    The size is None where the server does not say one; `RemoteMailbox.measure` finds it out.
    """

    uid: int
    size: int | None
    is_deleted: bool


def open_mailbox(mailbox: "MailboxSettings") -> "RemoteMailbox":
    """Connect and log in; the password is read anew each time. Raises MailboxUnavailable.

    The caller closes the connection, best by `with`.
    """
    # At DEBUG, IMAPClient logs whole messages.
    logging.getLogger("imapclient").setLevel(logging.WARNING)
    password = read_password(mailbox.password_file)
    with translated(Trouble.CONNECTION_REFUSED):
        client = IMAPClient(
            mailbox.host,
            mailbox.port,
            ssl=mailbox.is_tls,
            ssl_context=ssl.create_default_context() if mailbox.is_tls else None,
            timeout=SocketTimeout(CONNECT_TIMEOUT_SECONDS, READ_TIMEOUT_SECONDS),
        )
    client.normalise_times = False
    remote = RemoteMailbox(client, mailbox.folder, may_idle=mailbox.may_idle)
    try:
        remote.log_in(mailbox.user, password)
    except BaseException:
        remote.drop()
        raise
    return remote


class RemoteMailbox:
    """An open connection, to be used as a context manager: an error in the block drops it."""

    def __init__(self, client: IMAPClient, folder: str, *, may_idle: bool) -> None:
        self._client = client
        self._folder = folder
        self._may_idle = may_idle
        self._prefix: str | None = None
        self._made_folders: set[str] = set()
        self._count = 0
        # Whether since the folder was selected the server listed something that is no number, or
        # fewer messages than it says that the folder has.
        self.was_list_unreadable = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: object, *_: object) -> None:
        if kind is None:
            self.close()
        else:
            self.drop()

    def log_in(self, user: str, password: str) -> None:
        """Log in, by AUTHENTICATE PLAIN where it is offered: LOGIN takes only ASCII."""
        with translated():
            if self._client.has_capability("AUTH=PLAIN"):
                self._client.plain_login(user, password)
            else:
                self._client.login(user, password)

    @property
    def can_idle(self) -> bool:
        """Say whether to wait for news by IDLE (RFC 2177)."""
        return self._may_idle and self._offers("IDLE")

    @property
    def can_remove(self) -> bool:
        """Say whether a moved message really leaves its folder."""
        return self._offers("MOVE") or self._offers("UIDPLUS")

    def select(self) -> int:
        """Select the watched folder anew and return its UIDVALIDITY.

        Raises MailboxUnavailable when it is missing.
        """
        try:
            with translated():
                answer = self._client.select_folder(self._folder)
        except AnswerUnreadable as error:
            raise MailboxUnavailable(Trouble.PROTOCOL_ERROR) from error
        except CommandRefused as error:
            raise MailboxUnavailable(Trouble.FOLDER_MISSING) from error
        count, validity = answer.get(b"EXISTS"), answer.get(b"UIDVALIDITY")
        if not isinstance(count, int) or not isinstance(validity, int):
            # Without UIDVALIDITY a UID means nothing (RFC 9051 §2.3.1.1).
            raise MailboxUnavailable(Trouble.PROTOCOL_ERROR)
        self._count, self.was_list_unreadable = count, False
        return validity

    def uids(self) -> list[int]:
        """List all UIDs of the selected folder, oldest first.

        A search may answer in a form that is not ours (ESEARCH), or leave messages out. So fewer
        than the folder was said to have are asked for by their places, too.
        """
        if not self._count:
            return []
        found: set[int] = set()
        for first in range(1, self._count + 1, UIDS_PER_SEARCH):
            last = first + UIDS_PER_SEARCH - 1
            part = f"{first}:{last if last < self._count else '*'}"
            found.update(self._search("ALL" if self._count <= UIDS_PER_SEARCH else part))
        if len(found) < self._count:
            found |= self._uids_by_place()
            self.was_list_unreadable |= len(found) < self._count - self._expunged()
        return sorted(found)

    def is_there(self, uid: int) -> bool:
        """Say whether a message is still in the selected folder."""
        return uid in self.still_there([uid])

    def still_there(self, uids: list[int]) -> set[int]:
        """Return those of some messages that the server still lists, at most 200 being asked for.

        Where that cannot be told they count as there: what may be lost has to be named.
        """
        try:
            with translated():
                self._client.noop()
            return set(uids) & set(self._search(f"UID {','.join(map(str, uids))}"))
        except CommandRefused:
            return set(uids)

    def describe(self, uids: list[int]) -> list[Waiting]:
        """Return size and flags of messages, oldest first.

        Left out are those that vanished, and those of which the server says nothing readable:
        `still_there` tells them apart. INTERNALDATE is not asked for: nothing needs it, and an odd
        one would not parse.
        """
        found = self._fetch_apart(uids, "RFC822.SIZE", "FLAGS")
        return [_waiting(uid, items) for uid, items in sorted(found.items())]

    def measure(self, uid: int, most: int) -> int | None:
        """Return how many bytes a message has, up to `most`; None when the server gives none."""
        start = self._start(uid, most)
        return None if start is None else len(start)

    def header(self, uid: int) -> bytes | None:
        """Return the header block of a message, or None when it vanished.

        It is cut here from the message's first bytes, since a server's own header (BODY[HEADER])
        need not be, byte for byte, the beginning of what BODY[] gives.
        """
        for limit in (FIRST_LOOK_BYTES, MAX_HEADER_BYTES):
            start = self._start(uid, limit)
            if start is None or is_complete(start) or len(start) < limit:
                break
        return None if start is None else header_block(start)

    def whole(self, uids: list[int]) -> dict[int, bytes]:
        """Return whole messages by UID; none is marked as read.

        Vanished ones are left out, and those for which the server gives no bytes (NIL).
        """
        found = self._fetch(uids, "BODY.PEEK[]")
        return {
            uid: items[b"BODY[]"]
            for uid, items in found.items()
            if isinstance(items.get(b"BODY[]"), bytes)
        }

    def ends_at(self, uid: int, length: int) -> bool:
        """Say whether the server itself tells that a message has no byte after so many.

        Beyond the end it gives an empty string (RFC 9051 §6.4.5). No answer tells nothing.
        """
        try:
            items = self._fetch([uid], f"BODY.PEEK[]<{length}.1>").get(uid, {})
        except CommandRefused:
            return False
        return items.get(f"BODY[]<{length}>".encode(), b"more") in {b"", None}

    def move(self, uids: list[int], folder: str) -> None:
        """Move messages to a folder of the same mailbox, which is made when missing.

        Without MOVE (RFC 6851) they are copied and then removed by UID EXPUNGE
        (RFC 4315). Without UIDPLUS they are only marked as deleted: EXPUNGE would also
        remove what people have marked. Raises CommandRefused; vanished ones are no error.
        """
        name = self._ready_folder(folder)
        try:
            with translated():
                self._move(uids, name)
        except CommandRefused:
            self._made_folders.discard(name)
            raise

    def wait(self, seconds: float, stop: threading.Event) -> bool:
        """Wait by IDLE until something new is there; False when only time has passed.

        One IDLE lasts `seconds`, well under the 29 minutes of RFC 2177. Raises
        MailboxUnavailable when the connection turns out dead.
        """
        with translated():
            self._client.idle()
            news = self._has_buffered_line()
            until = time.monotonic() + seconds
            while not news and not stop.is_set() and time.monotonic() < until:
                started = time.monotonic()
                news = _tells_news(self._client.idle_check(timeout=STOP_CHECK_SECONDS))
                if time.monotonic() - started < STOP_CHECK_SECONDS / 2:
                    # Either an answer came or the connection ended, which looks like no answer:
                    # ending IDLE shows which.
                    break
            self._client.socket().settimeout(IDLE_END_TIMEOUT_SECONDS)
            _, answers = self._client.idle_done()
            self._client.socket().settimeout(READ_TIMEOUT_SECONDS)
        return news or _tells_news(answers)

    def close(self) -> None:
        """Log out and close."""
        with suppress(IMAPClientError, OSError):
            self._client.socket().settimeout(IDLE_END_TIMEOUT_SECONDS)
            self._client.logout()
            return
        self.drop()

    def drop(self) -> None:
        """Close without logging out, for a connection that no longer answers."""
        with suppress(IMAPClientError, OSError):
            self._client.shutdown()

    def _offers(self, capability: str) -> bool:
        with translated():
            return bool(self._client.has_capability(capability))

    def _search(self, criteria: str) -> list[int]:
        with translated():
            # IMAPClient's own search takes an answer in two lines for an error, yet RFC 9051 lets
            # untagged answers come in any number.
            lines = self._client._raw_command_untagged(  # noqa: SLF001 - no public way
                b"SEARCH", [criteria.encode("ascii")]
            )
        numbers, is_readable = listed_numbers(lines)
        self.was_list_unreadable |= not is_readable
        return numbers

    def _uids_by_place(self) -> set[int]:
        """Return the UIDs of all places of the selected folder; none where that is refused."""
        try:
            with translated():
                return set(
                    described(
                        self._client._raw_command_untagged(  # noqa: SLF001 - see _search
                            b"FETCH", [b"1:*", b"(UID)"], uid=False
                        )
                    )
                )
        except CommandRefused:
            return set()

    def _expunged(self) -> int:
        """Return how many messages left the selected folder since this was asked last."""
        with translated():
            _, lines = self._client._imap.response("EXPUNGE")  # noqa: SLF001 - no public way
        return sum(line is not None for line in lines)

    def _start(self, uid: int, limit: int) -> bytes | None:
        start = self._fetch([uid], f"BODY.PEEK[]<0.{limit}>").get(uid, {}).get(b"BODY[]<0>")
        return start if isinstance(start, bytes) else None

    def _fetch_apart(self, uids: list[int], *items: str) -> dict[int, Any]:
        """Fetch, by halves where an answer is refused or unreadable, so that one spoils no other.

        Any: an answer's values are of each item's own type.
        """
        try:
            return self._fetch(uids, *items)
        except CommandRefused:
            if len(uids) < 2:
                return {}
        half = len(uids) // 2
        return self._fetch_apart(uids[:half], *items) | self._fetch_apart(uids[half:], *items)

    def _fetch(self, uids: list[int], *items: str) -> dict[int, Any]:
        """Return the answers by UID. Any: an answer's values are of each item's own type."""
        if not uids:
            return {}
        wanted = [",".join(map(str, uids)).encode(), f"({' '.join(items)})".encode()]
        with translated():
            # IMAPClient's own fetch takes the number of a line without a UID for one.
            found = described(
                self._client._raw_command_untagged(b"FETCH", wanted)  # noqa: SLF001 - see _search
            )
        return {uid: found[uid] for uid in uids if uid in found}

    def _move(self, uids: list[int], name: str) -> None:
        if self._offers("MOVE"):
            self._client.move(uids, name)
            return
        self._client.copy(uids, name)
        self._client.add_flags(uids, [DELETED], silent=True)
        if self._offers("UIDPLUS"):
            self._client.uid_expunge(uids)

    def _ready_folder(self, folder: str) -> str:
        with translated():
            if self._prefix is None:
                self._prefix = self._personal_prefix()
            name = folder_name(self._prefix, folder)
            if name not in self._made_folders:
                if not self._client.folder_exists(name):
                    self._create(name)
                self._made_folders.add(name)
        return name

    def _create(self, name: str) -> None:
        # Another poller may have made it a moment ago; MOVE fails if it is really missing.
        for step in (self._client.create_folder, self._client.subscribe_folder):
            try:
                step(name)
            except IMAPClientAbortError:
                raise
            except IMAPClientError:
                continue

    def _personal_prefix(self) -> str:
        if not self._client.has_capability("NAMESPACE"):
            return ""
        personal = self._client.namespace().personal
        return str(personal[0][0]) if personal else ""

    def _has_buffered_line(self) -> bool:
        # The answer that begins IDLE may have brought the next line along. imaplib then holds that
        # line in its reader, but idle_check looks only at the socket: a message that came just
        # before IDLE would wait for the next poll.
        socket = self._client.socket()
        socket.setblocking(False)
        try:
            return bool(self._client._imap.file.peek(1))  # noqa: SLF001 - no public way
        except OSError:
            return False
        finally:
            socket.settimeout(READ_TIMEOUT_SECONDS)


def folder_name(prefix: str, folder: str) -> str:
    """Return a folder's name in the user's own namespace (RFC 2342), such as `INBOX.Processed`."""
    return folder if folder.startswith(prefix) else prefix + folder


def _waiting(uid: int, items: dict[bytes, Any]) -> Waiting:
    """Return one message as it was described. Any: a server may give anything for an item."""
    size, flags = items.get(b"RFC822.SIZE"), items.get(b"FLAGS")
    is_size = isinstance(size, int) and size >= 0
    is_deleted = isinstance(flags, tuple) and DELETED in flags
    return Waiting(uid, size if is_size else None, is_deleted)


def _tells_news(answers: list[tuple[Any, ...]]) -> bool:
    """Say whether untagged answers announce new mail. Any: IMAPClient's tuples are mixed."""
    return any(len(answer) > 1 and answer[1] in {b"EXISTS", b"RECENT"} for answer in answers)
