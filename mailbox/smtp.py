"""Talk SMTP (RFC 5321) with the server that takes our mail: a thin typed layer over smtplib.

Nothing here is about the outbox. TLS is never lowered, and the server's words are reduced to their
code.
"""

import re
import select
import smtplib
import ssl
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from mailbox.credentials import read_password
from mailbox.errors import MailboxUnavailable, Trouble

if TYPE_CHECKING:
    from intake.core.settings import SmtpSettings

CONNECT_TIMEOUT_SECONDS = 15
COMMAND_TIMEOUT_SECONDS = 15
# RFC 5321 §4.5.3.2.6: a client that gives up earlier after the final dot sends the mail twice.
FINAL_ANSWER_SECONDS = 600
KEEP_INTERVAL_SECONDS = 5.0

_RECIPIENT = re.compile(r"[^\s<>\x00-\x1f\x7f@]+@[^\s<>\x00-\x1f\x7f@]+")


class Verdict(Enum):
    """What a server said to a message; KEPT_BACK is our own word, before the server had it."""

    TAKEN = "taken"
    DEFERRED = "deferred"
    REFUSED = "refused"
    KEPT_BACK = "kept_back"


@dataclass(frozen=True)
class Answer:
    """A verdict with its code, such as `smtp_451`."""

    verdict: Verdict
    reason: str


def open_smtp(settings: "SmtpSettings") -> "SmtpConnection":
    """Connect, secure and log in as the settings say. Raises MailboxUnavailable."""
    with _translated(Trouble.CONNECTION_REFUSED):
        context = ssl.create_default_context()
        # The name given in EHLO is fixed: smtplib would ask the DNS for it.
        if settings.tls == "implicit":
            client: smtplib.SMTP = smtplib.SMTP_SSL(
                settings.host,
                settings.port,
                local_hostname="localhost",
                timeout=CONNECT_TIMEOUT_SECONDS,
                context=context,
            )
        else:
            client = smtplib.SMTP(
                settings.host,
                settings.port,
                local_hostname="localhost",
                timeout=CONNECT_TIMEOUT_SECONDS,
            )
    try:
        _prepare(client, settings, context)
    except BaseException:
        client.close()
        raise
    return SmtpConnection(client)


def _prepare(client: smtplib.SMTP, settings: "SmtpSettings", context: ssl.SSLContext) -> None:
    if settings.tls == "starttls":
        try:
            with _translated(Trouble.TLS_FAILED):
                client.starttls(context=context)
        except smtplib.SMTPException as error:
            raise MailboxUnavailable(Trouble.TLS_REFUSED) from error
    try:
        with _translated():
            client.ehlo_or_helo_if_needed()
            if settings.user:
                client.login(settings.user, read_password(settings.password_file))
    except (smtplib.SMTPAuthenticationError, smtplib.SMTPNotSupportedError) as error:
        raise MailboxUnavailable(Trouble.LOGIN_REFUSED) from error
    except smtplib.SMTPException as error:
        raise MailboxUnavailable(Trouble.PROTOCOL_ERROR) from error


class SmtpConnection:
    """An open connection, good for many messages until an error drops it."""

    def __init__(self, client: smtplib.SMTP) -> None:
        self._client = client
        self.is_usable = True

    def deliver(
        self,
        recipient: str,
        content: bytes,
        keep: Callable[[], None],
        *,
        return_path: str,
        may_leave: Callable[[], bool],
    ) -> Answer:
        """Hand over one message to one recipient; `content` is a whole RFC 5322 mail.

        `return_path` is an ASCII address for delivery reports, or empty for the null sender `<>`.

        `keep` is called before each step and every few seconds of waiting: it renews the
        lease, so that nobody else sends the message meanwhile. `may_leave` is asked once, as late
        as possible: just before the server is given the content. Raises MailboxUnavailable
        when the connection is gone; whether the message was taken is then unknown.
        """
        if not _RECIPIENT.fullmatch(recipient):
            return Answer(Verdict.REFUSED, "recipient_invalid")
        if not recipient.isascii() and not self._client.has_extn("smtputf8"):
            return Answer(Verdict.REFUSED, "smtputf8_missing")
        with _translated():
            refused = self._send_envelope(return_path, recipient, content, keep)
            answer = refused or self._send_content(content, keep, may_leave)
        if answer.verdict is not Verdict.TAKEN:
            keep()
            self._reset()
        return answer

    def is_alive(self) -> bool:
        """Say whether the server still answers on this connection."""
        try:
            return bool(self._client.noop()[0] == 250)
        except (smtplib.SMTPException, OSError):
            return False

    def close(self) -> None:
        """End the session in good order."""
        with suppress(smtplib.SMTPException, OSError):
            self._client.quit()
            return
        self._client.close()

    def drop(self) -> None:
        """Close without ending the session, for a connection that no longer answers."""
        self._client.close()

    def _send_envelope(
        self, return_path: str, recipient: str, content: bytes, keep: Callable[[], None]
    ) -> Answer | None:
        """Give the server the sender and the recipient; None means that it agreed."""
        options = ""
        if not content.isascii() and self._client.has_extn("8bitmime"):
            options += " BODY=8BITMIME"
        self._client.command_encoding = "ascii"
        if not recipient.isascii():
            options += " SMTPUTF8"
            self._client.command_encoding = "utf-8"
        keep()
        # RFC 3834 §3.3: automatic mail leaves from an address that answers nothing, or from none.
        code, _ = self._client.docmd(f"MAIL FROM:<{return_path}>{options}")
        _check_open(code)
        if code != 250:
            # A refusal of MAIL is about us or the server, never about this recipient.
            return Answer(Verdict.DEFERRED, f"smtp_{code}")
        keep()
        code, _ = self._client.docmd(f"RCPT TO:<{recipient}>")
        _check_open(code)
        return None if code in {250, 251} else _refusal(code)

    def _send_content(
        self, content: bytes, keep: Callable[[], None], may_leave: Callable[[], bool]
    ) -> Answer:
        keep()
        if not may_leave():
            return Answer(Verdict.KEPT_BACK, "kept_back")
        code, _ = self._client.docmd("DATA")
        _check_open(code)
        if code != 354:
            return _refusal(code)
        self._client.send(on_the_wire(content))
        self._wait_for_answer(keep)
        code, _ = self._client.getreply()
        _check_open(code)
        return Answer(Verdict.TAKEN, "ok") if code == 250 else _refusal(code)

    def _reset(self) -> None:
        # A server that hangs up after its refusal has still refused, so no error is raised here.
        try:
            self.is_usable = self._client.rset()[0] == 250
        except (smtplib.SMTPException, OSError):
            self.is_usable = False

    def _wait_for_answer(self, keep: Callable[[], None]) -> None:
        until = time.monotonic() + FINAL_ANSWER_SECONDS
        socket = self._client.sock
        if socket is None:
            raise MailboxUnavailable(Trouble.CONNECTION_LOST)
        poll = select.poll()
        poll.register(socket, select.POLLIN)
        while time.monotonic() < until:
            keep()
            # TLS may have read the answer ahead, where poll does not see it.
            if isinstance(socket, ssl.SSLSocket) and socket.pending():
                return
            if poll.poll(KEEP_INTERVAL_SECONDS * 1000):
                return
        raise MailboxUnavailable(Trouble.TIMEOUT)


def on_the_wire(content: bytes) -> bytes:
    """Return a message as DATA wants it: CRLF, leading dots doubled, the final dot.

    `b"a\\n.b"` gives `b"a\\r\\n..b\\r\\n.\\r\\n"` (RFC 5321 §4.5.2).
    """
    lines = re.sub(rb"\r\n|\r|\n", b"\r\n", content)
    stuffed = re.sub(rb"(?m)^\.", b"..", lines)
    return stuffed + (b".\r\n" if stuffed.endswith(b"\r\n") else b"\r\n.\r\n")


def _refusal(code: int) -> Answer:
    verdict = Verdict.REFUSED if 500 <= code < 600 else Verdict.DEFERRED
    return Answer(verdict, f"smtp_{code}")


def _check_open(code: int) -> None:
    # RFC 5321 §3.8: after 421 the server closes; -1 is smtplib's word for an empty answer.
    if code in {421, -1}:
        raise MailboxUnavailable(Trouble.CONNECTION_LOST)


@contextmanager
def _translated(lost: Trouble = Trouble.CONNECTION_LOST) -> Iterator[None]:
    """Turn broken connections into MailboxUnavailable; a server's refusal passes through."""
    try:
        yield
    except ssl.SSLError as error:
        raise MailboxUnavailable(Trouble.TLS_FAILED) from error
    except TimeoutError as error:
        raise MailboxUnavailable(Trouble.TIMEOUT) from error
    except smtplib.SMTPServerDisconnected as error:
        # smtplib hides a timeout of the answer in this class.
        is_timeout = isinstance(error.__context__, TimeoutError)
        raise MailboxUnavailable(Trouble.TIMEOUT if is_timeout else lost) from error
    except smtplib.SMTPConnectError as error:
        raise MailboxUnavailable(Trouble.CONNECTION_REFUSED) from error
    except smtplib.SMTPException as error:
        if isinstance(error, (smtplib.SMTPResponseException, smtplib.SMTPNotSupportedError)):
            raise
        raise MailboxUnavailable(Trouble.PROTOCOL_ERROR) from error
    except OSError as error:
        raise MailboxUnavailable(lost) from error
