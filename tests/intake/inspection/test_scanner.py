"""Check clamd's client: only the literal OK is clean; the odd answers come from a real socket."""

import socket
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from intake.inspection import scanner
from intake.inspection.scanner import Clamd as Client
from intake.inspection.scanner import Scan, ScanOutcome
from mailbox.demo.eicar import eicar
from tests.components.clamd import Clamd
from tests.components.server import LOOPBACK, free_port

CLEAN = Scan(ScanOutcome.CLEAN)
AWAY = Scan(ScanOutcome.UNKNOWN, "scanner_away")
ERROR = Scan(ScanOutcome.UNKNOWN, "scanner_error")
LIMIT = Scan(ScanOutcome.UNKNOWN, "scanner_limit")
SUSPECTS = Scan(ScanOutcome.UNKNOWN, "scanner_suspects")
Behave = Callable[[socket.socket], None]


@contextmanager
def served(behave: Behave, folder: Path | None = None) -> Iterator[str]:
    """Serve one connection and give the address: TCP, or a UNIX socket in a folder."""
    if folder is None:
        listener = socket.create_server((LOOPBACK, 0))
        url = f"tcp://{LOOPBACK}:{listener.getsockname()[1]}"
    else:
        listener = socket.socket(socket.AF_UNIX)
        listener.bind(str(folder / "s"))
        listener.listen()
        url = f"unix://{folder / 's'}"

    def serve() -> None:
        connection, _ = listener.accept()
        with connection:
            behave(connection)

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        yield url
    finally:
        thread.join(timeout=10)
        listener.close()


def received(connection: socket.socket) -> bytes:
    """Read one whole INSTREAM command and return what was streamed."""
    file = connection.makefile("rb")
    assert file.read(10) == b"zINSTREAM\0"
    content = b""
    while length := struct.unpack("!I", file.read(4))[0]:
        content += file.read(length)
    file.close()
    return content


def answering(answer: bytes) -> Behave:
    """Give a server that reads all and answers."""

    def behave(connection: socket.socket) -> None:
        received(connection)
        connection.sendall(answer)

    return behave


@pytest.mark.parametrize(
    ("answer", "scan"),
    [
        (b"stream: OK\0", CLEAN),
        (b"stream: OK\n\0", CLEAN),
        (b"stream: OK", CLEAN),
        (b"OK\0", ERROR),
        (b"OK", ERROR),
        (b"stream:OK\0", ERROR),
        (b"stream: ok\0", ERROR),
        (b"stream: OK OK\0", ERROR),
        (b"stream: NOT OK\0", ERROR),
        (b"1: stream: OK\0", ERROR),
        (b"stream: OK FOUND\0", Scan(ScanOutcome.FOUND, "OK")),
        (b"stream: Eicar-Test-Signature FOUND\0", Scan(ScanOutcome.FOUND, "Eicar-Test-Signature")),
        (b"stream: " + b"x" * 1000 + b" FOUND\0", Scan(ScanOutcome.FOUND, "x" * 128)),
        (b"stream: Heuristics.Limits.Exceeded.MaxFileSize FOUND\0", LIMIT),
        (
            b"stream: Heuristics.Encrypted.PDF FOUND\0",
            Scan(ScanOutcome.UNKNOWN, "scanner_cannot_decrypt"),
        ),
        (
            b"stream: Heuristics.Broken.Media.JPEG.ExifDupAppMarker FOUND\0",
            Scan(ScanOutcome.CLEAN, "scanner_saw_broken_picture"),
        ),
        (
            b"stream: Heuristics.OLE2.ContainsMacros.VBA FOUND\0",
            Scan(ScanOutcome.CLEAN, "scanner_saw_macros"),
        ),
        (b"stream: Heuristics.Broken.MediaEvil FOUND\0", SUSPECTS),
        (b"stream: Heuristics.Zip.OverlappingFiles FOUND\0", SUSPECTS),
        (
            b"stream: Heuristics.Trojan.Swizzor.Gen FOUND\0",
            Scan(ScanOutcome.FOUND, "Heuristics.Trojan.Swizzor.Gen"),
        ),
        (
            b"stream: Win.Test.Heuristics.Broken.Media FOUND\0",
            Scan(ScanOutcome.FOUND, "Win.Test.Heuristics.Broken.Media"),
        ),
        (b"INSTREAM size limit exceeded. ERROR\0", LIMIT),
        (b"stream: Can't allocate memory ERROR\0", ERROR),
        (b"UNKNOWN COMMAND\0", ERROR),
        (b"\xff\xfe\x00", ERROR),
        (b"HTTP/1.1 200 OK\r\n\r\n", ERROR),
        (b"", AWAY),
        (b"\0stream: OK\0", AWAY),
        (b"x" * 100_000, ERROR),
    ],
)
def test_only_the_literal_ok_is_clean(answer: bytes, scan: Scan) -> None:
    with served(answering(answer)) as url:
        assert Client(url).scan(b"content") == scan


def test_an_answer_in_pieces_is_put_together() -> None:
    def behave(connection: socket.socket) -> None:
        received(connection)
        for piece in (b"str", b"eam: ", b"OK", b"\0"):
            connection.sendall(piece)

    with served(behave) as url:
        assert Client(url).scan(b"content") == CLEAN


@pytest.mark.parametrize("size", [0, 1, scanner.CHUNK_BYTES, scanner.CHUNK_BYTES + 1, 1_000_000])
def test_content_is_streamed_whole(size: int, scratch: Path) -> None:
    seen: list[bytes] = []

    def behave(connection: socket.socket) -> None:
        seen.append(received(connection))
        connection.sendall(b"stream: OK\0")

    content = bytes(index % 251 for index in range(size))
    with served(behave, scratch) as url:
        assert Client(url).scan(content) == CLEAN
    assert seen == [content]


def test_silence_is_no_answer() -> None:
    asked = threading.Event()

    def behave(connection: socket.socket) -> None:
        received(connection)
        asked.wait(timeout=10)

    with served(behave) as url:
        answer = Client(url, answer_seconds=0.1).scan(b"content")
        asked.set()
    assert answer == AWAY


def test_a_connection_that_breaks_is_no_answer() -> None:
    def behave(connection: socket.socket) -> None:
        # A reset in place of an orderly end.
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

    with served(behave) as url:
        assert Client(url).scan(bytes(10_000_000)).outcome is ScanOutcome.UNKNOWN


def test_a_limit_told_in_mid_stream_is_heard() -> None:
    def behave(connection: socket.socket) -> None:
        connection.recv(1000)
        connection.sendall(b"INSTREAM size limit exceeded. ERROR\0")
        connection.shutdown(socket.SHUT_WR)
        while connection.recv(1_000_000):
            pass

    with served(behave) as url:
        assert Client(url).scan(bytes(10_000_000)) == LIMIT


@pytest.mark.parametrize("is_tcp", [False, True])
def test_nobody_there_is_no_answer(is_tcp: bool) -> None:
    url = f"tcp://{LOOPBACK}:{free_port()}" if is_tcp else "unix:///no/such/socket"

    assert Client(url).scan(b"content") == AWAY
    assert Client(url).version() is None


@pytest.mark.parametrize(
    ("answer", "version"),
    [
        (b"ClamAV 1.0.7/27450/Mon Nov 23 2026\0", "ClamAV 1.0.7/27450/Mon Nov 23 2026"),
        (b"ClamAV 1.0.7\0", "ClamAV 1.0.7"),
        (b"UNKNOWN COMMAND\0", None),
        (b"", None),
    ],
)
def test_the_version_is_told(answer: bytes, version: str | None) -> None:
    def behave(connection: socket.socket) -> None:
        assert connection.recv(100) == b"zVERSION\0"
        connection.sendall(answer)

    with served(behave) as url:
        assert Client(url).version() == version


@pytest.mark.components
@pytest.mark.parametrize("is_tcp", [False, True])
def test_the_real_scanner_finds_what_it_knows(clamd: Clamd, is_tcp: bool) -> None:
    client = Client(clamd.tcp_url if is_tcp else clamd.url)

    found = client.scan(b"text " + eicar())

    assert found.outcome is ScanOutcome.FOUND
    assert found.detail.startswith("Eicar")
    assert client.scan(b"harmless") == CLEAN
    assert client.scan(b"") == CLEAN
    assert (client.version() or "").startswith("ClamAV ")


@pytest.mark.components
def test_the_real_scanner_tells_its_limit(clamd: Clamd) -> None:
    assert Client(clamd.url).scan(bytes(clamd.max_bytes + 1)) == LIMIT
