"""Run an IMAP server over loopback that holds some mail and answers oddly where it is told to."""

import re
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from intake.core.settings import MailboxSettings

PLAIN = {
    "CAPABILITY": "* CAPABILITY IMAP4rev1 MOVE UIDPLUS\r\n",
    "LIST": '* LIST () "/" Processed\r\n',
    "LOGOUT": "* BYE\r\n",
}


def mail(number: int) -> bytes:
    """Return a small mail."""
    return f"From: a@example.org\r\nMessage-ID: <{number}@x>\r\n\r\nHej\r\n".encode()


@dataclass
class OddServer:
    """Mail by UID, and what is odd: all by UID, `search` the lines that answer each SEARCH.

    `sizes` and `bodies` are what the server writes for RFC822.SIZE and BODY[], such as `NIL`;
    None leaves the item out. `malformed` are whole FETCH lines. For a UID of `silent` no FETCH line
    comes at all, the content of one in `unnamed` comes without a UID, under a number that is given
    there, and one of `fatal` ends the connection with BYE when its content is asked for. What is in
    `contents` is given for a message, whatever its size is said to be; `literal` stands before the
    length of each content, and those in `unlisted` are counted and listed nowhere.
    """

    messages: dict[int, bytes] = field(default_factory=dict)
    search: tuple[str, ...] | None = None
    sizes: dict[int, str | None] = field(default_factory=dict)
    bodies: dict[int, str | None] = field(default_factory=dict)
    malformed: dict[int, str] = field(default_factory=dict)
    silent: set[int] = field(default_factory=set)
    unnamed: dict[int, int] = field(default_factory=dict)
    contents: dict[int, bytes] = field(default_factory=dict)
    literal: str = ""
    unlisted: set[int] = field(default_factory=set)
    fatal: set[int] = field(default_factory=set)
    asked: list[str] = field(default_factory=list)

    def mend(self) -> None:
        """Answer from now on as other servers do."""
        self.search, self.literal = None, ""
        self.contents.clear()
        self.unlisted.clear()
        for odd in (self.sizes, self.bodies, self.malformed, self.unnamed, self.silent, self.fatal):
            odd.clear()

    def answer(self, command: str) -> bytes:
        """Return the untagged lines for a command; raises ConnectionError where it hangs up."""
        self.asked.append(command)
        if command.startswith("SELECT"):
            return f"* {len(self.messages)} EXISTS\r\n* OK [UIDVALIDITY 7]\r\n".encode()
        if command.startswith("UID SEARCH"):
            return self._search(command)
        if command.startswith("FETCH"):
            there = sorted(set(self.messages) - self.unlisted)
            return b"".join(f"* {uid} FETCH (UID {uid})\r\n".encode() for uid in there)
        if command.startswith("UID FETCH"):
            return b"".join(self._fetched(uid, command) for uid in self._named(command))
        if command.startswith("UID MOVE"):
            for uid in self._named(command):
                del self.messages[uid]
            return b""
        return PLAIN.get(command.split(maxsplit=1)[0], "").encode()

    def _search(self, command: str) -> bytes:
        if self.search is not None:
            return "".join(f"* SEARCH {line}\r\n" for line in self.search).encode()
        wanted = self._named(command) if " UID " in command[4:] else sorted(self.messages)
        return f"* SEARCH {' '.join(map(str, wanted))}\r\n".encode()

    def _named(self, command: str) -> list[int]:
        found = re.search(r" ([0-9,]+)(?: |$)", command)
        named = found[1].split(",") if found else []
        return [uid for uid in map(int, named) if uid in self.messages]

    def _fetched(self, uid: int, command: str) -> bytes:
        if uid in self.silent:
            return b""
        if uid in self.malformed:
            return self.malformed[uid].encode() + b"\r\n"
        raw = self.messages[uid]
        if "RFC822.SIZE" in command:
            size = self.sizes.get(uid, str(len(raw)))
            items = f"RFC822.SIZE {size} FLAGS ()" if size is not None else "FLAGS ()"
            return f"* {uid} FETCH (UID {uid} {items})\r\n".encode()
        if uid in self.fatal:
            raise ConnectionAbortedError
        part = re.search(r"<(\d+)\.(\d+)>", command)
        given = self.contents.get(uid, raw)
        given = given[int(part[1]) :][: int(part[2])] if part else given
        body = self.bodies.get(uid, f"{self.literal}{{{len(given)}}}\r\n{given.decode()}")
        named = f"BODY[]<{part[1]}>" if part else "BODY[]"
        item = f" {named} {body}" if body is not None else ""
        if uid in self.unnamed:
            return f"* {self.unnamed[uid]} FETCH ({item.lstrip()})\r\n".encode()
        return f"* {uid} FETCH (UID {uid}{item})\r\n".encode()


@contextmanager
def running(odd: OddServer, folder: Path) -> Iterator[MailboxSettings]:
    """Run the server and give the settings of its mailbox."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        stop = threading.Event()
        thread = threading.Thread(target=_serve, args=(listener, stop, odd))
        thread.start()
        password_file = folder / "password"
        password_file.write_text("secret")
        try:
            yield MailboxSettings(
                name="referrals",
                host="127.0.0.1",
                port=listener.getsockname()[1],
                is_tls=False,
                user="anna",
                folder="INBOX",
                password_file=password_file,
                may_idle=False,
            )
        finally:
            stop.set()
            thread.join(10)


def _serve(listener: socket.socket, stop: threading.Event, odd: OddServer) -> None:
    listener.settimeout(0.1)
    while not stop.is_set():
        with suppress(TimeoutError):
            connection, _ = listener.accept()
            with connection, suppress(ConnectionError):
                connection.settimeout(10)
                _talk(connection, odd)


def _talk(connection: socket.socket, odd: OddServer) -> None:
    connection.sendall(b"* OK ready\r\n")
    with connection.makefile("rb") as lines:
        for line in lines:
            tag, _, command = line.decode().strip().partition(" ")
            try:
                untagged = odd.answer(command)
            except ConnectionAbortedError:
                connection.sendall(b"* BYE internal error\r\n")
                return
            connection.sendall(untagged + f"{tag} OK done\r\n".encode())
