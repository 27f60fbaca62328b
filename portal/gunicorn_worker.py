"""Serve requests with gunicorn's threads, so that no slow caller can keep a thread waiting.

gunicorn gives a connection to a thread as soon as its first byte is there. A few hundred callers
who send one byte now and then (slowloris; threat B27) would so hold every thread of the
service. Here the worker's loop gathers a request's head and a small body, and gives a thread only
requests that are complete; it drops a caller who takes longer (`gathering`). A view reads a large
body itself, after its sender has proved who they are, and one who sends too slowly is broken off.
The loop holds a fixed number of callers and bytes: when it is full, those who have been slow for
longest make room. It also waits for callers who do not hang up; gunicorn's own loop would stand
still for two seconds for each of them.

Why not another server: gunicorn's gevent worker needs every library below us to be patched, and
waitress writes what it gathers to temporary files in the clear (`inbuf_overflow`), and takes no
more than the thousand connections of `select`.

This works for plain connections only, as TLS ends before us. The methods that it overrides are
described in gunicorn's own source alone, so `requirements.txt` pins gunicorn's version.
"""

import socket
import struct
import time
from collections import Counter
from contextlib import suppress
from functools import partial
from selectors import EVENT_READ
from typing import TYPE_CHECKING, Any

from gunicorn import util
from gunicorn.http import errors
from gunicorn.http.unreader import SocketUnreader
from gunicorn.workers.gthread import TConn, ThreadWorker

from portal.web.gathering import GATHER_SECONDS, MAX_GATHERED_BODY_BYTES, Gathered, Pace, Progress

if TYPE_CHECKING:
    from concurrent.futures import Future

# How long nothing may move on a connection while a thread reads from it or writes to it.
STILL_SECONDS = 30
LINGER_SECONDS = 5.0
RECEIVE_BYTES = 64 * 1024
# Each public page and file of ours fits in here whole, so that its thread need not wait for a
# caller who takes it slowly.
SEND_BUFFER_BYTES = 256 * 1024
# What all callers of a worker together may have sent of requests that are not complete.
MAX_GATHERED_BYTES = 64 * 1024 * 1024
# The share of a worker's connections that stays free for callers who come now.
FREE_CONNECTIONS = 50
# The kernel takes a time as two words (struct timeval): whole seconds, and microseconds.
STILL = struct.pack("ll", STILL_SECONDS, 0)
CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"
HEAD_TOO_LARGE = (431, "Request Header Fields Too Large")
# What a refused request is told; anything else of gunicorn's own is a 400.
REFUSALS: tuple[tuple[type[Exception], tuple[int, str]], ...] = (
    (errors.LimitRequestLine, (414, "URI Too Long")),
    (errors.LimitRequestHeaders, HEAD_TOO_LARGE),
    (errors.ExpectationFailed, (417, "Expectation Failed")),
    (errors.UnsupportedTransferCoding, (501, "Not Implemented")),
    (errors.ParseException, (400, "Bad Request")),
)
WHAT_TO_DO = "This request was not understood. Please open the page again with a usual browser."


class PatientReader(SocketUnreader):  # type: ignore[misc]  # gunicorn ships no types
    """Reads a large body for a thread, and gives up on a sender who is too slow."""

    def __init__(self, sock: socket.socket) -> None:
        super().__init__(sock)
        self.pace = Pace()

    def chunk(self, size_hint: int | None = None) -> bytes:
        """Return what comes next. Raises TooSlow, and OSError when nothing comes for long."""
        asked_at = time.monotonic()
        data: bytes = super().chunk(size_hint)
        self.pace.note(time.monotonic() - asked_at, len(data))
        return data


class PatientWorker(ThreadWorker):  # type: ignore[misc]  # gunicorn ships no types
    """gunicorn's worker with threads, whose loop does all of the waiting."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # Any: gunicorn's own business
        super().__init__(*args, **kwargs)
        # The keys are gunicorn's connections, which have no type. Only the loop touches these.
        self.gathering: dict[Any, Gathered] = {}
        self.gathered_bytes = 0
        self.lingering: dict[Any, float] = {}

    def enqueue_req(self, conn: TConn) -> None:
        """Begin to gather a request of a connection; gunicorn would give it to a thread."""
        if conn.initialized and (conn.is_http2 or conn.parser is None):
            super().enqueue_req(conn)
            return
        self._make_room()
        gathered = Gathered(time.monotonic() + GATHER_SECONDS)
        conn.sock.setblocking(False)
        conn.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, STILL)
        conn.sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, STILL)
        conn.sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BUFFER_BYTES)
        self.gathering[conn] = gathered
        self.poller.register(conn.sock, EVENT_READ, partial(self._gather, conn))
        if conn.initialized and (sent_before := conn.parser.unreader.take_buffered()):
            # The caller sent the beginning of this request behind the one before.
            self._take(conn, gathered, sent_before)
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
            self._forget(conn)
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

    def handle_error(
        self, req: object, client: socket.socket, addr: object, exc: BaseException
    ) -> None:
        """Answer a request that cannot be served; gunicorn would log who sent it and what it held.

        The path of a request may be the secret of a link, so only the kind of fault is logged.
        """
        status, reason = next(
            (told for kind, told in REFUSALS if isinstance(exc, kind)),
            (500, "Internal Server Error"),
        )
        if status == 500:
            self.log.error("event=request_failed", exc_info=exc)
        else:
            self.log.warning("event=request_malformed reason=%s", type(exc).__name__)
        with suppress(OSError):
            util.write_error(client, status, reason, WHAT_TO_DO)

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
            return
        except OSError:
            data = b""
        if data:
            self._take(conn, gathered, data)
        elif gathered.received:
            # A caller who ends too early still gets an answer: a thread that reads on meets
            # the end.
            self._hand_over(conn, gathered)
        else:
            self._forget(conn)
            self._drop(conn)

    def _take(self, conn: TConn, gathered: Gathered, data: bytes) -> None:
        held_before = len(gathered.received)
        progress = gathered.take(data)
        self.gathered_bytes += len(gathered.received) - held_before
        if progress is Progress.WHOLE:
            self._hand_over(conn, gathered)
        elif progress is Progress.HEAD_TOO_LARGE:
            self._forget(conn)
            self.poller.unregister(conn.sock)
            with suppress(OSError):
                util.write_error(conn.sock, *HEAD_TOO_LARGE, WHAT_TO_DO)
            self._let_go(conn)
        else:
            self._say_go_on(conn, gathered)
            while self.gathered_bytes > MAX_GATHERED_BYTES:
                self._give_up(max(self.gathering, key=self._held_by))

    def _hand_over(self, conn: TConn, gathered: Gathered) -> None:
        """Give a complete request to a thread."""
        self._forget(conn)
        self.poller.unregister(conn.sock)
        conn.init()
        conn.parser.unreader = PatientReader(conn.sock)
        conn.parser.unreader.unread(bytes(gathered.received))
        conn.data_ready = True
        super().enqueue_req(conn)

    def _say_go_on(self, conn: TConn, gathered: Gathered) -> None:
        """Tell a caller who waits for it that the body may come (RFC 9110 §10.1.1)."""
        if gathered.expects_go_on:
            gathered.expects_go_on = False
            with suppress(OSError):
                conn.sock.send(CONTINUE)

    def _make_room(self) -> None:
        """Keep some connections free: whoever comes now is heard before those who are slow."""
        if self.nr_conns <= self.worker_connections - FREE_CONNECTIONS:
            return
        if self.lingering:
            conn = next(iter(self.lingering))
            del self.lingering[conn]
            self._drop(conn)
        elif self.gathering:
            # Behind a proxy of ours every caller has its address; then the oldest goes.
            held = Counter(_peer(conn) for conn in self.gathering)
            most = max(held.values())
            self._give_up(next(conn for conn in self.gathering if held[_peer(conn)] == most))

    def _give_up(self, conn: TConn) -> None:
        self._forget(conn)
        self._drop(conn)

    def _forget(self, conn: TConn) -> None:
        self.gathered_bytes -= len(self.gathering.pop(conn).received)

    def _held_by(self, conn: TConn) -> int:
        return len(self.gathering[conn].received)

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


def _peer(conn: TConn) -> object:
    """Return the address at the other end; for a connection without one all are the same."""
    return conn.client[0] if isinstance(conn.client, tuple) and conn.client else None
