"""Check calls of the office's webhook against sides that redirect, hang, flood and lie."""

import hashlib
import hmac
import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from intake.core.errors import SettingInvalid
from intake.core.services import Services
from intake.duty import hook_calls
from mailbox import webhook
from mailbox.webhook import Webhook, call_due, load_webhook, post, signature
from storage import audit
from storage.audit_acts import Act
from storage.base import new_id
from storage.submissions import due_warnings, queue_items
from storage.submissions.due_warnings import CallState, DueWarning, HookCall
from storage.submissions.queue_items import QueueItem
from tests.support.building import Clock
from tests.support.rows import Planter

SECRET = b"a secret of the two of us"
BODY = {"reference": "K7M-4QX-9T", "queue": "Q1", "step": "half", "due_at": "2026-11-24T14:00"}
TEN_MB = b"x" * 10_000_000


class Side:
    """The other side: it keeps what it was sent, and answers as a test says."""

    def __init__(self, answer: Callable[[socket.socket], None]) -> None:
        self._answer = answer
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.received: list[bytes] = []
        self.url = f"http://127.0.0.1:{self._listening.getsockname()[1]}/duty?a=b"
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._listening.accept()
            except OSError:
                return
            with connection, suppress(OSError):
                connection.settimeout(5)
                self.received.append(_whole(connection))
                self._answer(connection)

    def close(self) -> None:
        """Listen no more."""
        self._listening.close()


def _whole(connection: socket.socket) -> bytes:
    read = b""
    while b"\r\n\r\n" not in read:
        read += connection.recv(4096)
    head, _, body = read.partition(b"\r\n\r\n")
    length = int(head.split(b"Content-Length: ")[1].split(b"\r\n")[0])
    while len(body) < length:
        body += connection.recv(4096)
    return head + b"\r\n\r\n" + body


@contextmanager
def side(answer: Callable[[socket.socket], None]) -> Iterator[Side]:
    """Give another side until the end of the block."""
    other = Side(answer)
    try:
        yield other
    finally:
        other.close()


def says(*pieces: bytes) -> Callable[[socket.socket], None]:
    """Answer with these bytes."""

    def answer(connection: socket.socket) -> None:
        for piece in pieces:
            connection.sendall(piece)

    return answer


def hangs(connection: socket.socket) -> None:
    """Answer nothing, until the caller goes."""
    connection.settimeout(30)
    connection.recv(1)


def drips(connection: socket.socket) -> None:
    """Answer one byte now and then, so that no single wait is ever too long."""
    for byte in b"HTTP/1.1 200 OK" * 100:
        connection.sendall(bytes([byte]))
        if not _is_there(connection):
            return


def _is_there(connection: socket.socket) -> bool:
    connection.settimeout(0.05)
    try:
        return connection.recv(1) != b""
    except TimeoutError:
        return True


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (says(b"HTTP/1.1 204 No Content\r\n\r\n"), ""),
        (says(b"HTTP/1.1 200 OK\r\n"), ""),
        (says(b"HTTP/1.1 200 OK\r\nContent-Length: 10000000\r\n\r\n", TEN_MB), ""),
        (says(b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:9/\r\n\r\n"), "hook_redirects"),
        (says(b"HTTP/1.1 308 Permanent\r\nLocation: /\r\n\r\n"), "hook_redirects"),
        (says(b"HTTP/1.1 500 No\r\n\r\n"), "hook_status_500"),
        (says(b"HTTP/1.1 999 No\r\n\r\n"), "hook_answers_no_http"),
        (says(b"HTTP/1.1 200\n"), "hook_answers_no_http"),
        (says(TEN_MB), "hook_answers_no_http"),
        (says(b"\x16\x03\x01" * 9), "hook_answers_no_http"),
        (says(b""), "hook_answers_no_http"),
        (hangs, "hook_timed_out"),
        (drips, "hook_timed_out"),
    ],
)
def test_whatever_the_other_side_does_a_call_ends_soon(
    answer: Callable[[socket.socket], None], reason: str
) -> None:
    with side(answer) as other:
        began = time.monotonic()
        answered = post(other.url, b"{}", {}, seconds=1.0)
        took = time.monotonic() - began

    assert answered.reason == reason
    # Nothing that hangs or drips keeps a sender: the bound is a property, not a measure of speed.
    assert took < webhook.DEADLINE_SECONDS
    assert len(other.received) == 1


def test_nobody_there_and_nobodys_certificate_are_no_answer() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
    assert post(f"http://127.0.0.1:{port}/", b"{}", {}, seconds=1.0).reason == "hook_unreachable"

    with side(says(b"HTTP/1.1 200 OK\r\n\r\n")) as other:
        plain = other.url.replace("http://", "https://")
        answered = post(plain, b"{}", {}, seconds=1.0)
    assert answered.reason in {"hook_not_trusted", "hook_timed_out"}


@pytest.fixture
def clock() -> Clock:
    """Give a clock that stands."""
    return Clock()


@pytest.fixture
def call_id(sqlite_services: Services) -> Callable[[str], str]:
    """Give what plants a call of an address."""

    def plant(url: str) -> str:
        now = sqlite_services.now()
        with sqlite_services.database.transaction() as session:
            planter = Planter(session, sqlite_services.keyring, now)
            item = planter.item(planter.submission())
            warning = DueWarning(
                id=new_id(), item_id=item.id, began_at=now, step="half", decided_at=now
            )
            session.add(warning)
            session.flush()
            call = HookCall(
                id=new_id(),
                warning_id=warning.id,
                url=url,
                body=json.dumps(BODY),
                state=CallState.DUE,
                made_at=now,
                next_try_at=now,
            )
            session.add(call)
            return call.id

    return plant


def state_of(services: Services, call_id: str) -> tuple[str, str, int]:
    with services.database.reading() as session:
        call = session.get_one(HookCall, call_id)
        return call.state, call.reason, call.attempts


def gap_reasons(services: Services) -> list[str]:
    with services.database.reading() as session:
        return [gap.reason for gap in due_warnings.open_gaps(session, "referrals")]


def test_a_call_is_signed_and_says_nothing_of_a_person(
    sqlite_services: Services, call_id: Callable[[str], str], clock: Clock
) -> None:
    with side(says(b"HTTP/1.1 204 No Content\r\n\r\n")) as other:
        made = call_id(other.url)
        assert call_due(sqlite_services, Webhook(SECRET)) == 1

    head, _, body = other.received[0].partition(b"\r\n\r\n")
    headers = dict(line.split(": ", 1) for line in head.decode().split("\r\n")[1:])
    at = int(clock.now().timestamp())
    mac = hmac.new(SECRET, f"{at}.".encode() + body, hashlib.sha256).hexdigest()
    assert head.startswith(b"POST /duty?a=b HTTP/1.1\r\n")
    assert headers["X-Signature"] == f"t={at},v1={mac}" == signature(SECRET, body, at)
    assert headers["X-Call"] == made
    assert json.loads(body) == BODY
    assert state_of(sqlite_services, made) == ("sent", "", 1)
    assert call_due(sqlite_services, Webhook(SECRET)) == 0


def test_a_call_is_tried_five_times_and_then_a_managers_task(
    sqlite_services: Services, call_id: Callable[[str], str], clock: Clock
) -> None:
    services, tries = sqlite_services, []
    with side(says(b"HTTP/1.1 503 Later\r\n\r\n")) as other:
        made = call_id(other.url)
        for _ in range(40):
            call_due(services, Webhook(SECRET))
            tries.append(len(other.received))
            clock.advance(timedelta(minutes=1))

    assert tries[0] == 1
    assert max(tries) == len(hook_calls.WAITS) + 1 == 5
    assert state_of(services, made) == ("failed", "hook_status_503", 5)
    assert gap_reasons(services) == ["hook_failed"]


def test_one_that_redirects_is_not_asked_again_and_nowhere_else(
    sqlite_services: Services, call_id: Callable[[str], str]
) -> None:
    with side(says(b"HTTP/1.1 200 OK\r\n\r\n")) as elsewhere:
        location = f"HTTP/1.1 307 Elsewhere\r\nLocation: {elsewhere.url}\r\n\r\n".encode()
        with side(says(location)) as other:
            made = call_id(other.url)
            assert call_due(sqlite_services, Webhook(SECRET)) == 0

    assert elsewhere.received == []
    assert state_of(sqlite_services, made) == ("failed", "hook_redirects", 1)
    assert gap_reasons(sqlite_services) == ["hook_failed"]


def test_what_is_finished_is_not_called_about(
    sqlite_services: Services, call_id: Callable[[str], str], clock: Clock
) -> None:
    with side(says(b"HTTP/1.1 200 OK\r\n\r\n")) as other:
        made = call_id(other.url)
        with sqlite_services.database.transaction() as session:
            warning = session.get_one(DueWarning, session.get_one(HookCall, made).warning_id)
            item = session.get_one(QueueItem, warning.item_id)
            queue_items.close_all(session, item.submission_id or "", clock.now())
        assert call_due(sqlite_services, Webhook(SECRET)) == 0

    assert other.received == []
    assert state_of(sqlite_services, made)[:2] == ("dropped", "finished")


@pytest.mark.parametrize(
    ("hook", "env", "reason"),
    [
        (Webhook(None), "embedded", "hook_not_signed"),
        (Webhook(SECRET), "production", "hook_not_https"),
    ],
)
def test_nothing_leaves_without_a_secret_or_in_clear(
    sqlite_services: Services,
    call_id: Callable[[str], str],
    hook: Webhook,
    env: str,
    reason: str,
) -> None:
    services = replace(sqlite_services, settings=replace(sqlite_services.settings, env=env))  # type: ignore[arg-type] # one of the two
    with side(says(b"HTTP/1.1 200 OK\r\n\r\n")) as other:
        made = call_id(other.url)
        call_due(services, hook)

    assert other.received == []
    assert state_of(services, made)[:2] == ("failed", reason)


def test_the_secret_is_read_once_and_must_be_one(tmp_path: Path) -> None:
    file = tmp_path / "secret"
    assert load_webhook(None) == Webhook(None)
    with pytest.raises(SettingInvalid, match=r"^AVRR_WEBHOOK_SECRET_FILE: "):
        load_webhook(file)
    file.write_bytes(b"short\n")
    with pytest.raises(SettingInvalid, match=r"^AVRR_WEBHOOK_SECRET_FILE: "):
        load_webhook(file)
    file.write_bytes(SECRET + b"\n")
    assert load_webhook(file) == Webhook(SECRET)


def test_a_failed_call_is_audited_without_its_address(
    sqlite_services: Services, call_id: Callable[[str], str]
) -> None:
    with side(says(b"HTTP/1.1 307 Elsewhere\r\n\r\n")) as other:
        made = call_id(other.url)
        call_due(sqlite_services, Webhook(SECRET))

    with sqlite_services.database.reading() as session:
        warning = session.get_one(DueWarning, session.get_one(HookCall, made).warning_id)
        item = session.get_one(QueueItem, warning.item_id)
        events = audit.of_subject(session, "submission", item.submission_id or "")
    failed = [event for event in events if event.act == Act.HOOK_FAILED]
    assert [event.detail for event in failed] == [{"reason": "hook_redirects", "queue": "Q2"}]
