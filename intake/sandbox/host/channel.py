"""Talk to a jail over two pipes, and never wait for longer than the caller allows.

Writing goes on while an answer is awaited, so a jail that is busy answering and a host that is busy
asking cannot block each other.
"""

import contextlib
import fcntl
import json
import os
import select
import time
from collections import deque

from ..protocol import frames

PIPE_BYTES = 1024 * 1024


class ChannelClosed(Exception):
    """The other side went away."""


class Channel:
    """Carry bytes to and from one jail; not thread-safe, the jail's lock guards it."""

    def __init__(self, *, reading: int, writing: int) -> None:
        self._reading = reading
        self._writing = writing
        self._outgoing: deque[memoryview] = deque()

    def open(self) -> None:
        """Make both pipes non-blocking and roomy; the descriptors stay the caller's to close."""
        for pipe in (self._reading, self._writing):
            os.set_blocking(pipe, False)
            # The user's allowance for pipes may be used up; a narrow pipe is only slower.
            with contextlib.suppress(OSError):
                fcntl.fcntl(pipe, fcntl.F_SETPIPE_SZ, PIPE_BYTES)

    def send(self, content: bytes) -> None:
        """Queue `content`; it is written while `receive` waits."""
        self._outgoing.append(memoryview(content))

    def send_envelope(self, envelope: dict[str, object]) -> None:
        """Queue the envelope of a payload that is queued next."""
        self.send(frames.frame(json.dumps(envelope, separators=(",", ":")).encode("ascii")))

    def receive_envelope(self, deadline: float) -> dict[str, object]:
        """Return the next envelope; raise FrameError for anything else.

        Raises TimeoutError and ChannelClosed as `receive` does.
        """
        size = int.from_bytes(self.receive(frames.LENGTH_BYTES, deadline), "big")
        if size > frames.MAX_ENVELOPE_BYTES:
            raise frames.FrameError("envelope_too_large")
        return frames.read_head(bytes(self.receive(size, deadline)))

    def receive(self, size: int, deadline: float) -> bytearray:
        """Return exactly `size` bytes.

        Raises TimeoutError when the monotonic clock passes `deadline`, ChannelClosed when the
        other side goes away first.
        """
        content = bytearray(size)
        view = memoryview(content)
        while view:
            self._wait(deadline)
            self._write_some()
            view = view[self._read_some(view) :]
        return content

    def _wait(self, deadline: float) -> None:
        """Wait until a pipe is ready; one that was hung up is ready too, and the read finds out."""
        remaining = deadline - time.monotonic()
        poll = select.poll()
        poll.register(self._reading, select.POLLIN)
        if self._outgoing:
            poll.register(self._writing, select.POLLOUT)
        if remaining <= 0 or not poll.poll(remaining * 1000):
            raise TimeoutError

    def _read_some(self, view: memoryview) -> int:
        try:
            count = os.readv(self._reading, [view])
        except BlockingIOError:
            return 0
        if not count:
            raise ChannelClosed
        return count

    def _write_some(self) -> None:
        while self._outgoing:
            head = self._outgoing[0]
            try:
                written = os.write(self._writing, head)
            except BlockingIOError:
                return
            except BrokenPipeError as error:
                raise ChannelClosed from error
            if written == len(head):
                self._outgoing.popleft()
            else:
                self._outgoing[0] = head[written:]
