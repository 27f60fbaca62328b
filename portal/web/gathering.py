"""Decide, byte by byte, when a request may go to a thread, and how patient we are with its sender.

The worker's loop feeds what comes of a request into a `Gathered`; a thread that reads a large body
counts its waiting with a `Pace`. Both cost the same for each byte, however the bytes are cut and
whatever was sent before (threat B27). This imports nothing of gunicorn and touches no connection.
"""

import re
from dataclasses import dataclass, field
from enum import Enum, auto

# Browsers send two or three kilobytes, half of it cookies.
MAX_HEAD_BYTES = 32 * 1024
# Every form without files is smaller (`app.MAX_BODY_BYTES`), and so is a signed paper that
# somebody checks. What is larger is read by a view that knows by then who sends it.
MAX_GATHERED_BODY_BYTES = 512 * 1024
GATHER_SECONDS = 15.0
# A gathered body gets so much longer: all of it must be here at this rate.
GATHER_BYTES_PER_SECOND = 16 * 1024
# A thread that reads a large body waits for at least so much in each stretch of waiting.
MIN_BYTES_PER_SECOND = 4 * 1024
STRETCH_SECONDS = 30.0
# And no longer than this in all: the script of our pages sends a large file in pieces.
MAX_WAITING_SECONDS = 1800.0
LINE_END = b"\r\n"
END_OF_HEAD = b"\r\n\r\n"
# Any number of digits: gunicorn reads `00000000000000000002` as 2, and would wait for the body.
LENGTH = re.compile(rb"\r\ncontent-length:[ \t]*(\d+)[ \t]*(?=\r\n)", re.IGNORECASE)
MAX_LENGTH_DIGITS = 15
EXPECTS = re.compile(rb"\r\nexpect:[ \t]*100-continue[ \t]*\r\n", re.IGNORECASE)


class Progress(Enum):
    """What is to be done with a request."""

    WAITS = auto()
    WHOLE = auto()
    HEAD_TOO_LARGE = auto()


class TooSlow(TimeoutError):
    """A sender keeps a thread waiting for too long."""


@dataclass
class Gathered:
    """What came of a request so far.

    `until` is the time of `time.monotonic`, in seconds, at which the rest must have come; it moves
    once, when the head tells how large the body is. `expects_go_on` is True while the sender waits
    for our «100 Continue» (RFC 9110 §10.1.1).
    """

    until: float
    received: bytearray = field(default_factory=bytearray)
    expects_go_on: bool = False
    _has_begun: bool = False
    _looked_at: int = 0
    _whole_bytes: int = -1

    def take(self, data: bytes) -> Progress:
        """Add what came, and tell whether the request may go to a thread.

        That is so when its head is here, and with it a body of up to `MAX_GATHERED_BODY_BYTES`. A
        request that gunicorn will refuse counts as whole too: gunicorn answers why.
        """
        self.received += data
        if self._whole_bytes < 0:
            self._look_for_head()
        if self._whole_bytes < 0:
            is_too_large = len(self.received) > MAX_HEAD_BYTES
            return Progress.HEAD_TOO_LARGE if is_too_large else Progress.WAITS
        is_whole = len(self.received) >= self._whole_bytes
        return Progress.WHOLE if is_whole else Progress.WAITS

    def _look_for_head(self) -> None:
        # Empty lines before a request are skipped (RFC 9112 §2.2), or they would pass for a head.
        if not self._has_begun:
            while self.received.startswith(LINE_END):
                del self.received[: len(LINE_END)]
            if bytes(self.received[:2]) in {b"", LINE_END[:1]}:
                return
            self._has_begun = True
        # What was looked at before is not looked at again; the mark may begin in its last bytes.
        end = self.received.find(END_OF_HEAD, max(0, self._looked_at - len(END_OF_HEAD) + 1))
        self._looked_at = len(self.received)
        if end < 0:
            return
        if end > MAX_HEAD_BYTES:
            # The caller's buffer may hold the end of a head that is too large.
            return
        head = bytes(self.received[: end + len(LINE_END)])
        size = max(map(_size, LENGTH.findall(head)), default=0)
        is_gathered = size <= MAX_GATHERED_BODY_BYTES
        self._whole_bytes = end + len(END_OF_HEAD) + (size if is_gathered else 0)
        self.until += size / GATHER_BYTES_PER_SECOND if is_gathered else 0.0
        self.expects_go_on = is_gathered and size > 0 and EXPECTS.search(head) is not None


def _size(digits: bytes) -> int:
    """Return a body's length in bytes; a number that no request reaches counts as the largest."""
    figures = digits.lstrip(b"0")[: MAX_LENGTH_DIGITS + 1]
    return int(figures or b"0")


@dataclass
class Pace:
    """How long a thread has waited for a body, and how much came meanwhile."""

    _stretch_seconds: float = 0.0
    _stretch_bytes: int = 0
    _seconds: float = 0.0

    def note(self, waited_seconds: float, received_bytes: int) -> None:
        """Count one read. Raises TooSlow below the least rate, or after too long in all.

        Only waiting counts: a slow disk of ours is not the sender's fault.
        """
        self._seconds += waited_seconds
        self._stretch_seconds += waited_seconds
        self._stretch_bytes += received_bytes
        if self._seconds > MAX_WAITING_SECONDS:
            raise TooSlow
        if self._stretch_seconds < STRETCH_SECONDS:
            return
        if self._stretch_bytes < MIN_BYTES_PER_SECOND * self._stretch_seconds:
            raise TooSlow
        self._stretch_seconds, self._stretch_bytes = 0.0, 0
