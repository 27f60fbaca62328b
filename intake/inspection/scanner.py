"""Scan bytes for malware with clamd over its socket; only the literal `OK` counts as clean.

There are three outcomes: clean, found, unknown. Everything that is not exactly clamd's
«stream: OK» or «… FOUND» is unknown, because clamd answers OK for much that it did not look into
(threat B11) and an error must never pass.
"""

import socket
import struct
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Protocol
from urllib.parse import urlsplit

CHUNK_BYTES = 128 * 1024
CONNECT_SECONDS = 5.0
ANSWER_SECONDS = 120.0
# clamd answers with its version at once, or it hangs.
VERSION_SECONDS = 5.0
MAX_ANSWER_BYTES = 4096
HEURISTICS = "Heuristics."
# Rules of thumb that say what a file is like, and the finding that each becomes. With every
# `Alert*` option on, clamd reports them as it reports malware.
REMARKS = {
    "Heuristics.Broken.Media": "scanner_saw_broken_picture",
    "Heuristics.Broken.Executable": "scanner_saw_broken_program",
    "Heuristics.OLE2.ContainsMacros": "scanner_saw_macros",
    "Heuristics.Phishing": "scanner_saw_phishing",
    "Heuristics.Structured": "scanner_saw_numbers",
    "Heuristics.PDF.ObfuscatedNameObject": "scanner_saw_hidden_names",
}
# Names under which clamd knows single pieces of malware by their behaviour.
NAMED_MALWARE = tuple(
    f"{HEURISTICS}{kind}"
    for kind in ("Trojan", "W32", "W64", "Win32", "Win.", "Worm", "Virus", "Exploit", "Eicar")
)


class ScanOutcome(StrEnum):
    """What a scan says; unknown is never clean."""

    CLEAN = "clean"
    FOUND = "found"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Scan:
    """An outcome; `detail` is the signature's name, a reason code or the remark on clean bytes."""

    outcome: ScanOutcome
    detail: str = ""


class Scanner(Protocol):
    """Anything that judges bytes. `version` changes when its signatures do."""

    def scan(self, content: bytes) -> Scan:
        """Judge one stream of bytes. Never raises: no answer is UNKNOWN."""

    def version(self) -> str | None:
        """Return what is running, or None when it does not answer."""


class Clamd:
    """A client of one clamd, by `unix:///PATH` or `tcp://HOST:PORT`."""

    def __init__(self, url: str, *, answer_seconds: float = ANSWER_SECONDS) -> None:
        self._url = urlsplit(url)
        self._answer_seconds = answer_seconds

    def scan(self, content: bytes) -> Scan:
        """Judge bytes by clamd's INSTREAM: chunks after their length, four bytes big-endian."""
        try:
            answer = self._ask(b"zINSTREAM\0", _framed(content))
        except OSError:
            return Scan(ScanOutcome.UNKNOWN, "scanner_away")
        if answer == "stream: OK":
            return Scan(ScanOutcome.CLEAN)
        if answer.startswith("stream: ") and answer.endswith(" FOUND"):
            name = answer.removeprefix("stream: ").removesuffix(" FOUND")
            return _named(name)
        if "size limit exceeded" in answer:
            return Scan(ScanOutcome.UNKNOWN, "scanner_limit")
        return Scan(ScanOutcome.UNKNOWN, "scanner_error" if answer else "scanner_away")

    def version(self) -> str | None:
        """Return clamd's version with its signatures' number and date, None without an answer."""
        try:
            answer = self._ask(b"zVERSION\0", (), answer_seconds=VERSION_SECONDS)
        except OSError:
            return None
        return answer[:120] if answer.startswith("ClamAV ") else None

    def _ask(
        self, command: bytes, pieces: Iterable[bytes], *, answer_seconds: float | None = None
    ) -> str:
        with self._connected(answer_seconds or self._answer_seconds) as connection:
            connection.sendall(command)
            try:
                for piece in pieces:
                    connection.sendall(piece)
            except (BrokenPipeError, ConnectionResetError):
                # The content is too large: clamd has answered so and closed.
                pass
            return _answer(connection)

    def _connected(self, answer_seconds: float) -> socket.socket:
        if self._url.scheme == "unix":
            connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            address: str | tuple[str, int] = self._url.path
        else:
            connection = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
            address = (self._url.hostname or "", self._url.port or 3310)
        try:
            connection.settimeout(CONNECT_SECONDS)
            connection.connect(address)
            connection.settimeout(answer_seconds)
        except OSError:
            connection.close()
            raise
        return connection


def signatures_made_at(version: str) -> datetime | None:
    """Return when the signatures were made (aware UTC), or None when the version does not say.

    >>> signatures_made_at("ClamAV 1.4.6/27500/Mon Nov 23 09:00:00 2026")
    datetime.datetime(2026, 11, 23, 9, 0, tzinfo=datetime.timezone.utc)
    """
    try:
        made_at = datetime.strptime(version.rpartition("/")[2], "%a %b %d %H:%M:%S %Y")  # noqa: DTZ007 - clamd writes no zone
    except ValueError:
        return None
    return made_at.replace(tzinfo=UTC)


def _named(name: str) -> Scan:
    """Return what a name that clamd found means; only names of malware are malware.

    >>> _named("Heuristics.Broken.Media.JPEG.ExifDupAppMarker")
    Scan(outcome=<ScanOutcome.CLEAN: 'clean'>, detail='scanner_saw_broken_picture')
    """
    if not name.startswith(HEURISTICS) or name.startswith(NAMED_MALWARE):
        return Scan(ScanOutcome.FOUND, name[:128])
    # This is clamd's word for «I stopped looking»: neither clean nor infected.
    if name.startswith("Heuristics.Limits.Exceeded"):
        return Scan(ScanOutcome.UNKNOWN, "scanner_limit")
    if name.startswith("Heuristics.Encrypted"):
        return Scan(ScanOutcome.UNKNOWN, "scanner_cannot_decrypt")
    for start, finding in REMARKS.items():
        if name == start or name.startswith(f"{start}."):
            return Scan(ScanOutcome.CLEAN, finding)
    return Scan(ScanOutcome.UNKNOWN, "scanner_suspects")


def _framed(content: bytes) -> Iterable[bytes]:
    view = memoryview(content)
    for start in range(0, len(content), CHUNK_BYTES):
        chunk = view[start : start + CHUNK_BYTES]
        yield struct.pack("!I", len(chunk)) + bytes(chunk)
    yield struct.pack("!I", 0)


def _answer(connection: socket.socket) -> str:
    received = bytearray()
    while len(received) < MAX_ANSWER_BYTES and b"\0" not in received:
        piece = connection.recv(MAX_ANSWER_BYTES)
        if not piece:
            break
        received += piece
    return received.partition(b"\0")[0].decode("utf-8", "replace").strip()
