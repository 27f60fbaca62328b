"""Keep the process of a jail: start it, talk to it in step, stop it and start it again."""

import contextlib
import dataclasses
import threading
import time
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from ..protocol import frames
from ..protocol.duties import ALL_DUTIES, Duty, write_duties
from ..protocol.errors import JailError, JailUnavailable, OutputRefused, ParseTimeout
from ..protocol.limits import Limits, TimeLeft
from .channel import Channel, ChannelClosed
from .failures import failure_of, translate
from .launch import Started, jailed_command, reduced_command

START_SECONDS = 20.0
END_SECONDS = 2.0
# The warm process keeps the wall clock; the host steps in only when the warm process is silent.
GRACE_SECONDS = 5.0
BUBBLEWRAP, REDUCED, NOT_STARTED = "bubblewrap", "reduced", "not started"


@dataclass(frozen=True)
class Request:
    """Hold one request: the operation, its arguments and its bytes.

    `left` is what the steps of its inspection share; without it the request has all the time of
    one child.
    """

    operation: str
    arguments: dict[str, object]
    blobs: Sequence[bytes]
    left: TimeLeft | None = None


Answer = tuple[dict[str, object], list[bytes]]


class JailProcess:
    """Keep a process that can reach nothing; one request at a time.

    Threads may share one: a lock lets them in one by one. The process starts at the first request
    or with `start`, and again when it died. Every request may raise JailError or one of its
    subclasses; a request outside the duties raises ParseCrash.
    """

    _options: tuple[str, ...] = ()

    def __init__(
        self,
        *,
        limits: Limits | None = None,
        allow_reduced: bool,
        niceness: int = 0,
        duties: Collection[Duty] = ALL_DUTIES,
    ) -> None:
        self._limits = limits or Limits()
        self._duties = write_duties(duties)
        # A higher niceness leaves the processor to others: see nice(1).
        self._priority = ["nice", "-n", str(niceness)] if niceness else []
        self._allow_reduced = allow_reduced
        self._lock = threading.Lock()
        self._started: Started | None = None
        self._channel: Channel | None = None
        self._cause: OSError | None = None
        self._mode = NOT_STARTED
        self._number = 0
        self._starts = 0

    @property
    def mode(self) -> str:
        """Say what walls the running jail has: bubblewrap, reduced, or not started."""
        return self._mode

    def start(self) -> None:
        """Start the process unless it runs; raise JailUnavailable when that is not possible."""
        with self._lock:
            self._ensure_started()

    def close(self) -> None:
        """End the process and all that it started; a later request starts it again."""
        with self._lock:
            self._stop()

    def _request(
        self,
        operation: str,
        arguments: dict[str, object],
        blobs: Sequence[bytes],
        left: TimeLeft | None = None,
    ) -> Answer:
        if left is not None and left.is_over:
            raise ParseTimeout("wall_clock")
        [outcome] = self._outcomes([Request(operation, arguments, blobs, left)])
        if isinstance(outcome, JailError):
            raise outcome
        return outcome

    def _outcomes(self, requests: Sequence[Request]) -> list[Answer | JailError]:
        """Return the answer or the failure of each request, in order."""
        outcomes: list[Answer | JailError] = []
        with self._lock:
            while len(outcomes) < len(requests):
                outcomes += self._run(requests[len(outcomes) :])
        return outcomes

    def _run(self, requests: Sequence[Request]) -> Iterator[Answer | JailError]:
        """Yield outcomes until all are there or the process had to be stopped.

        The next request is on its way while the jail works on this one.
        """
        channel = self._ensure_started()
        is_in_step = False
        try:
            self._send(channel, self._number + 1, requests[0])
            for request, following in zip(requests, (*requests[1:], None), strict=True):
                self._number += 1
                if following is not None:
                    self._send(channel, self._number + 1, following)
                with request.left.counted() if request.left else contextlib.nullcontext():
                    outcome = self._receive(channel, self._seconds(request))
                yield outcome
            is_in_step = True
        except (ChannelClosed, TimeoutError, frames.FrameError) as error:
            yield translate(error)
        finally:
            # Whatever interrupted the conversation, a later request must not get this answer.
            if not is_in_step:
                self._stop()

    def _seconds(self, request: Request) -> float:
        """Return how long the child of a request may take."""
        most = self._limits.wall_seconds
        return most if request.left is None else min(most, request.left.seconds)

    def _send(self, channel: Channel, number: int, request: Request) -> None:
        pieces = frames.pack(request.arguments, request.blobs)
        channel.send_envelope(
            {
                "number": number,
                "op": request.operation,
                "bytes": sum(map(len, pieces)),
                "milliseconds": max(1, round(1000 * self._seconds(request))),
            }
        )
        for piece in pieces:
            channel.send(piece)

    def _receive(self, channel: Channel, seconds: float) -> Answer | JailError:
        """Return the outcome of the request whose turn it is, and whose child has these seconds."""
        deadline = time.monotonic() + seconds + GRACE_SECONDS
        envelope = channel.receive_envelope(deadline)
        size = envelope.get("bytes")
        if envelope.get("number") != self._number or not isinstance(size, int):
            raise frames.FrameError("out_of_step")
        if not 0 <= size <= self._limits.max_output_bytes:
            raise frames.FrameError("too_large")
        payload = channel.receive(size, deadline)
        failure = failure_of(envelope)
        if failure is not None:
            return failure
        try:
            return frames.unpack(payload)
        except frames.FrameError as error:
            return OutputRefused(str(error))

    def _ensure_started(self) -> Channel:
        if self._channel is not None and self._started is not None and self._started.is_alive():
            return self._channel
        self._stop()
        bounds, options = dataclasses.asdict(self._limits), (self._duties, *self._options)
        reason = self._try(jailed_command(bounds, options), BUBBLEWRAP)
        if reason is not None and self._allow_reduced:
            reason = self._try(reduced_command(bounds, options), REDUCED)
        if self._channel is None:
            raise JailUnavailable(reason or "not_started") from self._cause
        return self._channel

    def _try(self, command: list[str], mode: str) -> str | None:
        """Start one command; return None when it is ready, else a code for why not."""
        self._started = Started([*self._priority, *command])
        try:
            popen = self._started.start()
        except OSError as error:
            self._cause = error
            return f"{mode}_missing"
        if popen.stdin is None or popen.stdout is None:
            return f"{mode}_without_pipes"
        channel = Channel(reading=popen.stdout.fileno(), writing=popen.stdin.fileno())
        channel.open()
        try:
            envelope = channel.receive_envelope(time.monotonic() + START_SECONDS)
        except (ChannelClosed, TimeoutError, frames.FrameError):
            # Nothing of a stranger was sent yet, so what the program says may be logged.
            self._cause = OSError(self._started.last_words())
            self._stop()
            return f"{mode}_failed"
        if envelope.get("status") != "ready":
            self._stop()
            return f"{mode}_failed"
        self._channel, self._mode, self._number = channel, mode, 0
        self._starts += 1
        return None

    def _stop(self) -> None:
        if self._started is not None:
            self._started.end(END_SECONDS)
        self._started, self._channel, self._mode = None, None, NOT_STARTED
