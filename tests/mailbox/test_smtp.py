"""Check what goes over the wire, and that TLS is never lowered."""

import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller

from intake.core.settings import SmtpSettings
from mailbox.errors import MailboxUnavailable
from mailbox.smtp import Verdict, on_the_wire, open_smtp
from tests.components.certificates import write_certificates
from tests.components.server import free_port
from tests.components.smtp_sink import SmtpSink

pytestmark = pytest.mark.components

ASKED: dict[str, Any] = {"return_path": "", "may_leave": lambda: True}


@pytest.mark.parametrize(
    ("content", "wire"),
    [
        (b"a\r\n", b"a\r\n.\r\n"),
        (b"a", b"a\r\n.\r\n"),
        (b"a\n.b\n", b"a\r\n..b\r\n.\r\n"),
        (b".\r\n..\r\n", b"..\r\n...\r\n.\r\n"),
        (b"a\r.\rb", b"a\r\n..\r\nb\r\n.\r\n"),
        (b"a\r\n.\r\nMAIL FROM:<x>\r\n", b"a\r\n..\r\nMAIL FROM:<x>\r\n.\r\n"),
        (b"", b"\r\n.\r\n"),
    ],
)
def test_content_cannot_end_itself(content: bytes, wire: bytes) -> None:
    assert on_the_wire(content) == wire


@contextmanager
def scripted(*answers: bytes) -> Iterator[int]:
    """Give the port of a server that gives fixed answers, one for each thing it hears."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            connection, _ = server.accept()
            with connection:
                for answer in answers:
                    connection.sendall(answer)
                    if not connection.recv(65536):
                        return

        thread = threading.Thread(target=serve)
        thread.start()
        yield server.getsockname()[1]
        thread.join(10)


def test_starttls_that_is_not_offered_is_refused(smtp_sink: SmtpSink) -> None:
    with pytest.raises(MailboxUnavailable) as unavailable:
        open_smtp(SmtpSettings("127.0.0.1", smtp_sink.port, "starttls"))

    assert unavailable.value.reason == "tls_refused"


def test_starttls_that_is_answered_with_no_is_refused() -> None:
    with (
        scripted(b"220 x\r\n", b"250-x\r\n250 STARTTLS\r\n", b"454 not now\r\n") as port,
        pytest.raises(MailboxUnavailable) as unavailable,
    ):
        open_smtp(SmtpSettings("127.0.0.1", port, "starttls"))

    assert unavailable.value.reason == "tls_refused"


def test_plain_server_is_no_tls_server(smtp_sink: SmtpSink) -> None:
    with pytest.raises(MailboxUnavailable) as unavailable:
        open_smtp(SmtpSettings("127.0.0.1", smtp_sink.port, "implicit"))

    assert unavailable.value.reason == "tls_failed"


class _Accepting:
    """Take everything."""

    async def handle_DATA(self, server: object, session: object, envelope: object) -> str:  # noqa: N802
        return "250 OK"


@pytest.mark.parametrize("tls", ["implicit", "starttls"])
def test_only_a_trusted_certificate_will_do(
    scratch: Path, monkeypatch: pytest.MonkeyPatch, tls: str
) -> None:
    write_certificates(scratch)
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(scratch / "server.pem", scratch / "server.key")
    port = free_port()
    # Any: the library ships no types, and its keywords are a mixture.
    secured: dict[str, Any] = {"ssl_context" if tls == "implicit" else "tls_context": context}
    controller = Controller(_Accepting(), hostname="127.0.0.1", port=port, **secured)
    settings = SmtpSettings("127.0.0.1", port, tls)  # type: ignore[arg-type]  # a table
    controller.start()
    try:
        with pytest.raises(MailboxUnavailable) as unavailable:
            open_smtp(settings)
        monkeypatch.setenv("SSL_CERT_FILE", str(scratch / "ca.pem"))
        connection = open_smtp(settings)
        answer = connection.deliver("a@example.org", b"Subject: x\r\n\r\n", lambda: None, **ASKED)
        connection.close()
    finally:
        controller.stop()

    assert unavailable.value.reason == "tls_failed"
    assert answer.verdict is Verdict.TAKEN


_HELLO = (b"220 x\r\n", b"250-x\r\n250 8BITMIME\r\n")


def delivered(*answers: bytes, recipient: str = "a@example.org") -> tuple[Verdict | str, bool]:
    """Hand a mail to a server of fixed answers; tell its verdict and whether it is usable."""
    with scripted(*_HELLO, *answers) as port:
        connection = open_smtp(SmtpSettings("127.0.0.1", port, "none"))
        try:
            answer = connection.deliver(recipient, b"Subject: x\r\n\r\n", lambda: None, **ASKED)
        except MailboxUnavailable as error:
            return error.reason, False
        finally:
            connection.drop()
    return answer.verdict, connection.is_usable


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ((b"250 a\r\n", b"250 b\r\n", b"354 c\r\n", b"250 d\r\n"), (Verdict.TAKEN, True)),
        ((b"421 busy\r\n",), ("connection_lost", False)),
        ((b"250 a\r\n", b"421 busy\r\n"), ("connection_lost", False)),
        ((b"250 a\r\n", b"250 b\r\n", b"354 c\r\n", b"421 d\r\n"), ("connection_lost", False)),
        ((b"550 a\r\n", b"250 reset\r\n"), (Verdict.DEFERRED, True)),
        ((b"250 a\r\n", b"452 b\r\n", b"250 reset\r\n"), (Verdict.DEFERRED, True)),
        ((b"250 a\r\n", b"550 b\r\n", b"250 reset\r\n"), (Verdict.REFUSED, True)),
        ((b"250 a\r\n", b"550 b\r\n"), (Verdict.REFUSED, False)),
        ((b"250 a\r\n", b"251 b\r\n", b"554 c\r\n", b"250 r\r\n"), (Verdict.REFUSED, True)),
        ((b"250 a\r\n", b"250 b\r\n", b"354 c\r\n"), ("connection_lost", False)),
        ((b"nonsense\r\n",), ("connection_lost", False)),
    ],
)
def test_answers_are_understood(
    answers: tuple[bytes, ...], expected: tuple[Verdict | str, bool]
) -> None:
    assert delivered(*answers) == expected


def test_server_without_smtputf8_cannot_take_a_name_beyond_ascii() -> None:
    assert delivered(recipient="åsa@example.org") == (Verdict.REFUSED, True)


def test_login_without_a_password_file_is_named(smtp_sink: SmtpSink) -> None:
    with pytest.raises(MailboxUnavailable) as unavailable:
        open_smtp(SmtpSettings("127.0.0.1", smtp_sink.port, "none", user="office"))

    assert unavailable.value.reason == "password_missing"


def test_login_that_is_not_offered_is_refused(smtp_sink: SmtpSink, scratch: Path) -> None:
    (scratch / "password").write_text("secret")
    settings = SmtpSettings(
        "127.0.0.1", smtp_sink.port, "none", user="office", password_file=scratch / "password"
    )

    with pytest.raises(MailboxUnavailable) as unavailable:
        open_smtp(settings)

    assert unavailable.value.reason == "login_refused"


def test_closed_port_is_a_refused_connection() -> None:
    with pytest.raises(MailboxUnavailable) as unavailable:
        open_smtp(SmtpSettings("127.0.0.1", free_port(), "none"))

    assert unavailable.value.reason == "connection_refused"
