"""Run the demo's SMTP server: a process of its own that delivers to pymap or to a folder.

Mail for our own mailboxes is appended to them by IMAP. All other mail, such as our receipts,
becomes a file that one can look at. The server listens on loopback only. aiosmtpd's handlers are
not used: they import the standard library's `mailbox`.
"""

import asyncio
import json
import os
import re
import signal
import sys
import threading
from dataclasses import asdict, dataclass
from email.parser import BytesParser
from email.utils import formatdate, parseaddr
from pathlib import Path

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from imapclient import IMAPClient
from imapclient.exceptions import IMAPClientError

from mailbox.demo.follow_parent import follow_parent

LOOPBACK = "127.0.0.1"
# The name under which this server says what it found about a sender.
AUTHSERV_ID = "demo.localhost"
# Above the portal's limit of 100 MiB plus a third for base64, so that over-limit mail can be tried.
MAX_MESSAGE_BYTES = 200 * 1024 * 1024
IMAP_TIMEOUT_SECONDS = 60


@dataclass(frozen=True)
class SmtpServerConfig:
    """What the process needs to know: the addresses of our mailboxes, and where the rest goes."""

    port: int
    imap_port: int
    password_file: str
    sent_folder: str
    addresses: dict[str, str]
    parent_pid: int

    def to_json(self) -> str:
        """Return the configuration as JSON for the command line; it holds no secret."""
        return json.dumps(asdict(self))


class DemoDelivery:
    """Take mail for every recipient as aiosmtpd's handler; answer 250 once a message is kept."""

    def __init__(self, config: SmtpServerConfig) -> None:
        self._config = config

    async def handle_DATA(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        """Deliver to each recipient; 451 when the mail server does not take it."""
        content = envelope.content
        given = bytes(content.encode() if isinstance(content, str) else content or b"")
        raw = trace_header(envelope.mail_from or "", given) + given
        for recipient in envelope.rcpt_tos:
            try:
                await asyncio.to_thread(self._deliver, recipient, raw)
            except (IMAPClientError, OSError):
                return "451 4.3.0 The mailbox cannot be reached"
        return "250 OK"

    def _deliver(self, recipient: str, raw: bytes) -> None:
        user = self._config.addresses.get(recipient.lower())
        if user is None:
            keep_sent(Path(self._config.sent_folder), raw)
            return
        password = Path(self._config.password_file).read_text(encoding="ascii").strip()
        with IMAPClient(
            LOOPBACK, self._config.imap_port, ssl=False, timeout=IMAP_TIMEOUT_SECONDS
        ) as client:
            client.plain_login(user, password)
            client.append("INBOX", raw)


def trace_header(claimed_sender: str, raw: bytes = b"") -> bytes:
    """Return what a server puts before a mail on delivery (RFC 5321 §4.4, RFC 8601 §2).

    A real server asks the sender's domain who may send for it. This one has nobody to ask: it
    calls a mail genuine when the envelope has the domain of its From, and forged otherwise.
    """
    sender = re.sub(r"[^!-;=?-~]", "", claimed_sender)
    author = BytesParser().parsebytes(raw, headersonly=True).get("From", "")
    domain = re.sub(r"[^A-Za-z0-9.-]", "", parseaddr(str(author))[1].rpartition("@")[2]).lower()
    is_genuine = bool(domain) and sender.rpartition("@")[2].lower() == domain
    result = f"dmarc={'pass' if is_genuine else 'fail'} header.from={domain}" if domain else "none"
    return (
        f"Return-Path: <{sender}>\r\nReceived: from demo by localhost; {formatdate()}\r\n"
        f"Authentication-Results: {AUTHSERV_ID}; {result}\r\n"
    ).encode("ascii")


def keep_sent(folder: Path, raw: bytes) -> Path:
    """Write a mail as `1.eml`, `2.eml`, … and return its path; nothing is overwritten."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    number = 1 + max((int(path.stem) for path in folder.glob("*.eml")), default=0)
    unfinished = folder / f".{os.getpid()}-{threading.get_ident()}"
    unfinished.write_bytes(raw)
    try:
        while True:
            path = folder / f"{number}.eml"
            try:
                path.hardlink_to(unfinished)
            except FileExistsError:
                number += 1
            else:
                return path
    finally:
        unfinished.unlink()


def main() -> None:
    """Serve until SIGTERM or until the parent is gone; the first argument is the configuration."""
    config = SmtpServerConfig(**json.loads(sys.argv[1]))
    os.umask(0o077)
    follow_parent(config.parent_pid)
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    controller = Controller(
        DemoDelivery(config),
        hostname=LOOPBACK,
        port=config.port,
        data_size_limit=MAX_MESSAGE_BYTES,
    )
    controller.start()
    try:
        stop.wait()
    finally:
        controller.stop()
