"""Put messages together byte by byte, exactly as they go over the wire, however wrong they are.

The standard library's generators would mend what a hostile sender breaks.
"""

import base64
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Literal

from tests.samples.mail.mails import INTAKE_ADDRESS, REGISTERED_SENDER

Kind = Literal["B1", "B2", "B4", "B7", "B8", "B9", "B28"]

STRANGER = "mallory@evil.example"


class Expects(Enum):
    """What has to come of a hostile message; every one is kept raw and accounted for."""

    NEVER_CLEAN = "hides malware: no reading of it may reach a case as clean"
    ACCOUNTED = "parsed within the limits or left to a human; the next message is on time"
    UNVERIFIED = "its sender may not be taken for a registered one"
    GENUINE = "its sender is the registered one, if the authentication says so too"
    NO_ECHO = "no canary may stand in anything that is sent"
    ONE_RECIPIENT = "its receipt has exactly one recipient and no header but ours"
    SAFE_NAMES = "its file names are shown as harmless text and never make a path"
    STORABLE = "its text goes into PostgreSQL as UTF-8"


@dataclass(frozen=True)
class HostileMail:
    """One hostile message, named after its trick; a large one is built when asked for."""

    name: str
    raw: bytes | Callable[[], bytes]
    kind: Kind
    expects: Expects

    def build(self) -> bytes:
        """Give the message's bytes."""
        return self.raw if isinstance(self.raw, bytes) else self.raw()


def mail(
    name: str,
    *,
    sender: bytes | None = REGISTERED_SENDER.encode(),
    subject: bytes | None = None,
    headers: Sequence[bytes] = (),
    body: bytes = b"This is test data.\r\n",
) -> bytes:
    """Build a message of the given header lines and body, all taken as they are.

    `headers` come last and hold no line ends of their own, save for folding; one that is named in
    them is not written a second time. `sender` is the value of From; None leaves the header out.
    """
    lines = [b"To: " + INTAKE_ADDRESS.encode(), b"Date: Mon, 02 Nov 2026 09:15:00 +0000"]
    if sender is not None:
        lines.append(b"From: " + sender)
    lines += [
        b"Subject: " + (name.encode() if subject is None else subject),
        b"Message-ID: <" + name.encode() + b"@samples.example>",
        b"MIME-Version: 1.0",
    ]
    named = {_header_name(header) for header in headers}
    lines = [line for line in lines if _header_name(line) not in named]
    return b"\r\n".join([*lines, *headers]) + b"\r\n\r\n" + body


def part(headers: Sequence[bytes], body: bytes) -> bytes:
    """Build one part of a multipart: its headers, a blank line and its body."""
    return b"\r\n".join(headers) + b"\r\n\r\n" + body


def multipart(boundary: bytes, parts: Sequence[bytes]) -> bytes:
    """Join parts with a boundary, without preamble or epilogue."""
    between = b"\r\n--" + boundary + b"\r\n"
    opening = b"--" + boundary + b"\r\n"
    return opening + between.join(parts) + b"\r\n--" + boundary + b"--\r\n"


def base64_lines(content: bytes) -> bytes:
    """Encode in lines of 76 characters with CRLF, the last one included (RFC 2045 §6.8)."""
    return base64.encodebytes(content).replace(b"\n", b"\r\n")


def _header_name(line: bytes) -> bytes:
    return line.partition(b":")[0].strip().lower()
