"""Serve requests with gunicorn's threads, so that no slow caller can keep a thread waiting.

gunicorn gives a connection to a thread as soon as its first byte is there. A few hundred callers
who send one byte now and then (slowloris; threat B27) would so hold every thread of the
service. Here the worker's loop gathers a request's head and a small body, and gives a thread only
requests that are complete; it drops a caller who takes longer. A view reads a large body itself,
after its sender has signed in, and a connection on which nothing moves is broken off. The loop
also waits for callers who do not hang up; gunicorn's own loop would stand still for two seconds
for each of them.

This works for plain connections only, as TLS ends before us. The methods that it overrides are
described in gunicorn's own source alone, so `requirements.txt` pins gunicorn's version.
"""

import re
import socket
import struct
import time
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from selectors import EVENT_READ
from typing import TYPE_CHECKING, Any

from gunicorn.workers.gthread import TConn, ThreadWorker

if TYPE_CHECKING:
    from concurrent.futures import Future

# As much as gunicorn takes of a head: 100 fields of a line each.
MAX_HEAD_BYTES = 100 * 8192
# Every form without files is smaller (`app.MAX_BODY_BYTES`).
MAX_GATHERED_BODY_BYTES = 64 * 1024
GATHER_SECONDS = 15.0
# How long nothing may move on a connection while a thread reads from it or writes to it.
STILL_SECONDS = 30
LINGER_SECONDS = 5.0
RECEIVE_BYTES = 64 * 1024
# The kernel takes a time as two words (struct timeval): whole seconds, and microseconds.
STILL = struct.pack("ll", STILL_SECONDS, 0)
END_OF_HEAD = b"\r\n\r\n"
LENGTH = re.compile(rb"\r\ncontent-length:[ \t]*(\d{1,15})[ \t]*\r\n", re.IGNORECASE)
EXPECTS = re.compile(rb"\r\nexpect:[ \t]*100-continue[ \t]*\r\n", re.IGNORECASE)
CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"


@dataclass
class Gathered:
    """What came of a request so far, until when the rest must come, and whether we said «go on».

    `until` is a time of `time.monotonic`, in seconds.
    """

    until: float
    received: bytearray = field(default_factory=bytearray)
    has_continued: bool = False


class PatientWorker(ThreadWorker):  # type: ignore[misc]  # gunicorn ships no types
    """gunicorn's worker with threads, whose loop does all of the waiting."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # Any: gunicorn's own business
        super().__init__(*args, **kwargs)
        # The keys are gunicorn's connections, which have no type. Only the loop touches these.
        self.gathering: dict[Any, Gathered] = {}
        self.lingering: dict[Any, float] = {}

    def enqueue_req(self, conn: TConn) -> None:
        """Begin to gather a request of a connection; gunicorn would give it to a thread."""
        if conn.initialized and (conn.is_http2 or conn.parser is None):
            super().enqueue_req(conn)
            return
        gathered = Gathered(time.monotonic() + GATHER_SECONDS)
        if conn.initialized:
            # The caller may have sent the beginning of this request behind the one before.
            gathered.received += conn.parser.unreader.take_buffered()
        conn.sock.setblocking(False)
        conn.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, STILL)
        conn.sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, STILL)
        self.gathering[conn] = gathered
        self.poller.register(conn.sock, EVENT_READ, partial(self._gather, conn))
        self._gather(conn, conn.sock)

    def murder_pending(self) -> None:
        """Drop callers who took too long; the loop calls this at least once a second."""
        super().murder_pending()
        now = time.monotonic()
        late = [
            conn
            for conn, gathered in self.gathering.items()
            # A browser's connection without a request must not delay the worker's stop.
            if gathered.until <= now or not (self.alive or gathered.received)
        ]
        for conn in late:
            del self.gathering[conn]
            self._drop(conn)
        for conn in [each for each, until in self.lingering.items() if until <= now]:
            del self.lingering[conn]
            self._drop(conn)

    def finish_request(self, conn: TConn, fs: "Future[Any]") -> None:
        """Take a connection back from its thread; one that ends is let go without waiting."""
        if fs.cancelled() or fs.exception() is not None or fs.result():
            super().finish_request(conn, fs)
            return
        self._let_go(conn)

    def _keepalive_after(self, conn: TConn, keepalive: bool) -> bool:
        """Tell whether a connection goes on: not when a body was refused, and is still coming."""
        body = getattr(conn.parser.mesg, "body", None)
        # A body in chunks has no length, and may never end.
        left = getattr(getattr(body, "reader", None), "length", None)
        if left is None or left > MAX_GATHERED_BODY_BYTES:
            return False
        return bool(super()._keepalive_after(conn, keepalive))

    def _gather(self, conn: TConn, _sock: socket.socket) -> None:
        gathered = self.gathering.get(conn)
        if gathered is None:
            return
        try:
            data = conn.sock.recv(RECEIVE_BYTES)
        except BlockingIOError:
            data = None
        except OSError:
            data = b""
        gathered.received += data or b""
        has_ended = data == b""
        if has_ended and not gathered.received:
            del self.gathering[conn]
            self._drop(conn)
            return
        # A caller who ends too early still gets an answer: a thread that reads on meets the end.
        if not has_ended and not is_whole(gathered.received):
            self._say_go_on(conn, gathered)
            return
        del self.gathering[conn]
        self.poller.unregister(conn.sock)
        conn.init()
        conn.parser.unreader.unread(bytes(gathered.received))
        conn.data_ready = True
        super().enqueue_req(conn)

    def _say_go_on(self, conn: TConn, gathered: Gathered) -> None:
        """Tell a caller who waits for it that the body may come (RFC 9110 §10.1.1)."""
        if gathered.has_continued or END_OF_HEAD not in gathered.received:
            return
        if EXPECTS.search(gathered.received) is not None:
            gathered.has_continued = True
            with suppress(OSError):
                conn.sock.send(CONTINUE)

    def _let_go(self, conn: TConn) -> None:
        """Say that nothing follows, and take what is still coming, so that our answer arrives.

        Closing at once would reset the connection, and the caller might never see the answer
        (RFC 9112 §9.6).
        """
        try:
            conn.sock.setblocking(False)
            conn.sock.shutdown(socket.SHUT_WR)
            self.poller.register(conn.sock, EVENT_READ, partial(self._drain, conn))
        except (OSError, ValueError, KeyError):
            self._drop(conn, is_registered=False)
            return
        self.lingering[conn] = time.monotonic() + LINGER_SECONDS

    def _drain(self, conn: TConn, _sock: socket.socket) -> None:
        try:
            data = conn.sock.recv(RECEIVE_BYTES)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        if not data and self.lingering.pop(conn, None) is not None:
            self._drop(conn)

    def _drop(self, conn: TConn, *, is_registered: bool = True) -> None:
        if is_registered:
            with suppress(OSError, KeyError, ValueError):
                self.poller.unregister(conn.sock)
        self.nr_conns -= 1
        conn.close()


def is_whole(received: bytes | bytearray) -> bool:
    """Tell whether a request may go to a thread: its head has come, and a small body with it.

    A request that gunicorn will refuse counts as whole too: gunicorn answers why.

    >>> is_whole(b"GET / HTTP/1.1\\r\\nHost:"), is_whole(b"GET / HTTP/1.1\\r\\nHost: a\\r\\n\\r\\n")
    (False, True)
    """
    end = received.find(END_OF_HEAD)
    if end < 0:
        return len(received) > MAX_HEAD_BYTES
    length = LENGTH.search(received[: end + 2])
    size = int(length[1]) if length is not None else 0
    return size > MAX_GATHERED_BODY_BYTES or len(received) - end - len(END_OF_HEAD) >= size
