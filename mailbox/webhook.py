"""Call the office's webhook: one signed POST over a connection of its own, and nothing followed.

Whoever answers is a stranger: of the answer only the first line is read, within a fixed time and a
fixed number of bytes. A redirect is a refusal, so that nobody leads a call elsewhere. The body has
no personal data. `X-Signature` is `t=SECONDS,v1=HEX`, an HMAC-SHA256 of `SECONDS.BODY` under the
secret that both sides know; the number in `X-Call` is the same at each try.
"""

import hashlib
import hmac
import logging
import re
import socket
import ssl
import time
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from intake.core.errors import SettingInvalid
from intake.duty import hook_calls
from intake.duty.hook_calls import CallAnswer
from storage.submissions import due_warnings

if TYPE_CHECKING:
    from pathlib import Path

    from intake.core.services import Services
    from storage.submissions.due_warnings import HookCall

LOG = logging.getLogger(__name__)
DEADLINE_SECONDS = 10.0
LEASE = timedelta(seconds=60)
MAX_STATUS_LINE_BYTES = 1_000
STATUS_LINE = re.compile(rb"HTTP/1\.[01] ([1-5][0-9][0-9])[ \r]")
MIN_SECRET_BYTES = 16
Post = "Callable[[str, bytes, dict[str, str]], CallAnswer]"


@dataclass(frozen=True)
class Webhook:
    """What a call needs beside its own row: the secret that signs it, None without one."""

    secret: bytes | None


def load_webhook(secret_file: "Path | None") -> Webhook:
    """Read the secret once. Raises SettingInvalid for a file that is missing or too short."""
    if secret_file is None:
        return Webhook(None)
    try:
        secret = secret_file.read_bytes().strip()
    except OSError as error:
        raise SettingInvalid("AVRR_WEBHOOK_SECRET_FILE: the file cannot be read") from error
    if len(secret) < MIN_SECRET_BYTES:
        raise SettingInvalid(
            f"AVRR_WEBHOOK_SECRET_FILE: must hold at least {MIN_SECRET_BYTES} bytes"
        )
    return Webhook(secret)


def call_due(services: "Services", webhook: Webhook) -> int:
    """Make every call that is due now, one after the other; return how many were taken.

    A call whose item was finished meanwhile is dropped. Raises StorageUnavailable.
    """
    taken = 0
    while True:
        now = services.now()
        with services.database.reading() as session:
            if not due_warnings.any_call_due(session, now):
                return taken
        with services.database.transaction() as session:
            call = due_warnings.lease_call(session, now, now + LEASE)
            if call is None:
                return taken
            is_wanted = hook_calls.is_wanted(services, session, call)
        if not is_wanted:
            continue
        answered = _call(services, webhook, call)
        LOG.info("event=webhook_called call=%s outcome=%s", call.id, answered.reason or "taken")
        taken += answered.is_taken
        hook_calls.record(services, call, answered)


def signature(secret: bytes, body: bytes, at: int) -> str:
    """Return the value of `X-Signature` for a body, at a time in seconds since 1970.

    >>> signature(b"0123456789abcdef", b"{}", 0)[:10]
    't=0,v1=67f'
    """
    mac = hmac.new(secret, f"{at}.".encode() + body, hashlib.sha256)
    return f"t={at},v1={mac.hexdigest()}"


def _call(services: "Services", webhook: Webhook, call: "HookCall") -> CallAnswer:
    if webhook.secret is None:
        return CallAnswer("hook_not_signed")
    if services.settings.is_production and not call.url.startswith("https://"):
        return CallAnswer("hook_not_https")
    body = call.body.encode()
    headers = {
        "Content-Type": "application/json",
        "X-Call": call.id,
        "X-Signature": signature(webhook.secret, body, int(services.now().timestamp())),
    }
    return post(call.url, body, headers)


def post(
    url: str, body: bytes, headers: dict[str, str], *, seconds: float = DEADLINE_SECONDS
) -> CallAnswer:
    """POST a body and say what came of it; it never raises and takes no longer than `seconds`.

    The time is that of connecting, shaking hands, sending and reading together; only looking up
    the name is the system's own.
    """
    ends = time.monotonic() + seconds
    parts = urlsplit(url)
    host = parts.hostname or ""
    is_tls = parts.scheme == "https"
    port = parts.port or (443 if is_tls else 80)
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    named = f"[{host}]" if ":" in host else host
    shown = named if parts.port is None else f"{named}:{parts.port}"
    head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    request = (
        f"POST {target} HTTP/1.1\r\nHost: {shown}\r\n{head}"
        f"Content-Length: {len(body)}\r\nConnection: close\r\n\r\n"
    ).encode("ascii")
    try:
        with socket.create_connection((host, port), timeout=_left(ends)) as plain:
            plain.settimeout(_left(ends))
            if not is_tls:
                return _exchange(plain, request + body, ends)
            context = ssl.create_default_context()
            with context.wrap_socket(plain, server_hostname=host) as secure:
                return _exchange(secure, request + body, ends)
    except ssl.SSLError:
        return CallAnswer("hook_not_trusted")
    except TimeoutError:
        return CallAnswer("hook_timed_out")
    except (OSError, ValueError):
        return CallAnswer("hook_unreachable")


def _exchange(connection: socket.socket, request: bytes, ends: float) -> CallAnswer:
    """Send a request and read the first line of its answer, and not a byte more than needed."""
    connection.settimeout(_left(ends))
    connection.sendall(request)
    line = b""
    while b"\n" not in line and len(line) < MAX_STATUS_LINE_BYTES:
        connection.settimeout(_left(ends))
        piece = connection.recv(MAX_STATUS_LINE_BYTES - len(line))
        if not piece:
            break
        line += piece
    found = STATUS_LINE.match(line)
    if found is None:
        return CallAnswer("hook_answers_no_http")
    status = int(found[1])
    if 200 <= status < 300:
        return CallAnswer("")
    return CallAnswer("hook_redirects" if 300 <= status < 400 else f"hook_status_{status}")


def _left(ends: float) -> float:
    left = ends - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left
