"""Know how the host asks the jail: start it, send bytes, check what comes back, start it again.

Used on the host only. This is the one door to every parser of untrusted bytes (architecture.md §7).
"""

import dataclasses
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from . import answers, checks, frames, rendering, rendition, unpacked, unpacked_checks
from .channel import Channel, ChannelClosed
from .errors import JailError, JailUnavailable, OutputRefused, ParseCrash, ParseTimeout
from .failures import failure_of, translate
from .launch import Started, jailed_command, reduced_command

START_SECONDS = 20.0
END_SECONDS = 2.0
# The warm process keeps the wall clock; the host only steps in when that does not answer.
GRACE_SECONDS = 5.0
BUBBLEWRAP, REDUCED, NOT_STARTED = "bubblewrap", "reduced", "not started"


@dataclass(frozen=True)
class Limits:
    """Hold what one child may use.

    `max_output_bytes` is more than the largest upload, since a message inside a message comes out
    both as itself and as its parts.
    """

    address_space_bytes: int = 1024**3
    cpu_seconds: int = 20
    wall_seconds: float = 30.0
    max_output_bytes: int = 256 * 1024**2


@dataclass(frozen=True)
class Document:
    """Hold one document to inspect, with what its sender says about it."""

    content: bytes
    claimed_type: str
    claimed_name: str


@dataclass(frozen=True)
class _Request:
    """Hold one request: the operation, its arguments and its bytes."""

    operation: str
    arguments: dict[str, object]
    blobs: Sequence[bytes]


Answer = tuple[dict[str, object], list[bytes]]


class Jail:
    """Run the parsers in a process that can reach nothing; one request at a time.

    Threads may share one: a lock lets them in one by one. The process starts at the first request
    or with `start`, and again when it died. Every request may raise JailError and its kinds.
    """

    _options: tuple[str, ...] = ()

    def __init__(
        self, *, limits: Limits | None = None, allow_reduced: bool, niceness: int = 0
    ) -> None:
        self._limits = limits or Limits()
        # What is nicer than others leaves them the processor: see nice(1).
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

    def open_mail(self, raw: bytes) -> answers.OpenedMail:
        """Return the facts and the leaves of a raw message."""
        head, blobs = self._request("open_mail", {}, [raw])
        return checks.read_opened_mail(head, blobs)

    def read_header(self, raw_header: bytes) -> answers.MailFacts:
        """Return the facts of the first 256 KiB of a message, for when opening it failed."""
        # One byte more, so that the reader sees that there was more.
        cut = raw_header[: answers.MAX_HEADER_BYTES + 1]
        head, _ = self._request("read_header", {}, [cut])
        return checks.read_facts(head)

    def inspect(self, content: bytes, claimed_type: str, claimed_name: str) -> answers.Inspection:
        """Return what the parsers say about one document."""
        [outcome] = self._outcomes([_inspection(Document(content, claimed_type, claimed_name))])
        if isinstance(outcome, JailError):
            raise outcome
        return checks.read_inspection(outcome[0])

    def inspect_many(self, documents: Sequence[Document]) -> list[answers.Inspection]:
        """Return an inspection for each document in order, one child each.

        A document whose child fails is `held` with the failure as its reason (`parse_timeout`,
        `parse_crash`, `output_refused`), so that one bomb does not cost its neighbours their
        answer. Only JailUnavailable is raised.
        """
        inspections = []
        for outcome in self._outcomes([_inspection(document) for document in documents]):
            try:
                if isinstance(outcome, JailError):
                    raise outcome
                inspections.append(checks.read_inspection(outcome[0]))
            except JailUnavailable:
                raise
            except JailError as error:
                inspections.append(_held(error))
        return inspections

    def render(
        self,
        content: bytes,
        detected_type: str,
        *,
        dpi: int = rendition.DEFAULT_DPI,
        max_pages: int = rendition.DEFAULT_MAX_PAGES,
    ) -> rendition.Rendition:
        """Return the safe copy of one document, as images of its pages."""
        return rendering.render(
            lambda arguments, blobs: self._request("render", arguments, blobs),
            content,
            detected_type,
            dpi=dpi,
            max_pages=max_pages,
            batch_seconds=min(self._limits.cpu_seconds, self._limits.wall_seconds) / 2,
        )

    def unpack(
        self,
        content: bytes,
        detected_type: str,
        claimed_name: str,
        *,
        passwords: Sequence[str] = (),
        keys: unpacked.Keys = unpacked.NO_KEYS,
        limits: unpacked.UnpackLimits = unpacked.DEFAULT_LIMITS,
    ) -> unpacked.Unpacked:
        """Return what one container holds, one level deep; passwords and keys are only tried."""
        asked = unpacked.question(detected_type, claimed_name, passwords, keys, limits)
        head, blobs = self._request("unpack", asked, [content])
        return unpacked_checks.read_unpacked(head, blobs)

    def unlock(self, content: bytes, detected_type: str, password: str) -> bytes | None:
        """Return a locked file without its lock, or None when the password does not open it."""
        asked = unpacked.question(
            detected_type, "", (password,), unpacked.NO_KEYS, unpacked.DEFAULT_LIMITS
        )
        head, blobs = self._request("unlock", asked, [content])
        return unpacked_checks.read_unlocked(head, blobs)

    def _request(
        self, operation: str, arguments: dict[str, object], blobs: Sequence[bytes]
    ) -> Answer:
        [outcome] = self._outcomes([_Request(operation, arguments, blobs)])
        if isinstance(outcome, JailError):
            raise outcome
        return outcome

    def _outcomes(self, requests: Sequence[_Request]) -> list[Answer | JailError]:
        """Return the answer or the failure of each request, in order."""
        outcomes: list[Answer | JailError] = []
        with self._lock:
            while len(outcomes) < len(requests):
                outcomes += self._run(requests[len(outcomes) :])
        return outcomes

    def _run(self, requests: Sequence[_Request]) -> Iterator[Answer | JailError]:
        """Yield outcomes until all are there or the process had to be stopped.

        The next request is on its way while the jail works on this one.
        """
        channel = self._ensure_started()
        is_in_step = False
        try:
            _send(channel, self._number + 1, requests[0])
            for following in (*requests[1:], None):
                self._number += 1
                if following is not None:
                    _send(channel, self._number + 1, following)
                yield self._receive(channel)
            is_in_step = True
        except (ChannelClosed, TimeoutError, frames.FrameError) as error:
            yield translate(error)
        finally:
            # Whatever interrupted the conversation, a later request must not get this answer.
            if not is_in_step:
                self._stop()

    def _receive(self, channel: Channel) -> Answer | JailError:
        """Return the outcome of the request whose turn it is."""
        deadline = time.monotonic() + self._limits.wall_seconds + GRACE_SECONDS
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
        bounds = dataclasses.asdict(self._limits)
        reason = self._try(jailed_command(bounds, self._options), BUBBLEWRAP)
        if reason is not None and self._allow_reduced:
            reason = self._try(reduced_command(bounds, self._options), REDUCED)
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


def _inspection(document: Document) -> _Request:
    claims: dict[str, object] = {
        "claimed_type": document.claimed_type,
        "claimed_name": document.claimed_name,
    }
    return _Request("inspect", claims, [document.content])


def _held(error: JailError) -> answers.Inspection:
    """Return the inspection of a document that its parser did not survive."""
    names = {ParseTimeout: "parse_timeout", ParseCrash: "parse_crash"}
    reason = names.get(type(error), "output_refused")
    return answers.Inspection("application/octet-stream", "held", reason, (error.reason,), None)


def _send(channel: Channel, number: int, request: _Request) -> None:
    pieces = frames.pack(request.arguments, request.blobs)
    size = sum(map(len, pieces))
    channel.send_envelope({"number": number, "op": request.operation, "bytes": size})
    for piece in pieces:
        channel.send(piece)
