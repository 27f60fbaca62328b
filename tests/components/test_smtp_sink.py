"""Both sinks keep what they accept and fail in each of their ways."""

import datetime
import smtplib
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.components.server import ServerError
from tests.components.smtp_sink import SmtpSink, SmtpSinkProcess

pytestmark = pytest.mark.components

_RAW = b"From: office@example.org\r\nSubject: receipt\r\n\r\n.dots\r\ncaf\xe9\r\n"


@pytest.fixture(params=[SmtpSink, SmtpSinkProcess])
def sink(request: pytest.FixtureRequest, scratch: Path) -> Iterator[SmtpSink | SmtpSinkProcess]:
    """Give each kind of sink in turn."""
    with request.param(scratch) as started:
        yield started


def test_accepted_message_is_kept_whole(sink: SmtpSink) -> None:
    before = datetime.datetime.now(datetime.UTC)

    _send(sink, sender="", recipients=["a@example.org", "b@example.org"])

    (received,) = sink.wait_for(1)
    assert received.mail_from == ""
    assert received.recipients == ("a@example.org", "b@example.org")
    assert received.raw == _RAW
    assert before <= received.at <= datetime.datetime.now(datetime.UTC)


def test_message_is_on_disk_before_the_answer(sink: SmtpSink) -> None:
    _send(sink)

    assert [message.raw for message in sink.received] == [_RAW]
    assert [path.read_bytes() for path in sink.folder.glob("*.eml")] == [_RAW]


def test_temporary_refusal_at_data(sink: SmtpSink) -> None:
    sink.answer_with("451 4.3.0 Try again later")

    with pytest.raises(smtplib.SMTPDataError) as refused:
        _send(sink)

    assert refused.value.smtp_code == 451
    assert sink.received == []


def test_permanent_refusal_at_rcpt(sink: SmtpSink) -> None:
    sink.answer_with("550 5.1.1 No such user", at="RCPT")

    with pytest.raises(smtplib.SMTPRecipientsRefused) as refused:
        _send(sink)

    assert refused.value.recipients["a@example.org"] == (550, b"5.1.1 No such user")


def test_connection_is_dropped_mid_data(sink: SmtpSink) -> None:
    sink.drop_mid_data()

    with pytest.raises((smtplib.SMTPServerDisconnected, ConnectionError)):
        _send(sink)

    assert sink.received == []


def test_connection_is_dropped_before_the_answer(sink: SmtpSink) -> None:
    sink.drop_before_answer()

    with pytest.raises((smtplib.SMTPServerDisconnected, ConnectionError)):
        _send(sink)

    assert [message.raw for message in sink.received] == [_RAW]


def test_sink_accepts_again_when_told(sink: SmtpSink) -> None:
    sink.answer_with("451 4.3.0 Try again later")
    with pytest.raises(smtplib.SMTPDataError):
        _send(sink)

    sink.accept()
    _send(sink)

    assert len(sink.received) == 1


def test_stopped_sink_refuses_and_comes_back_on_its_port(sink: SmtpSink) -> None:
    _send(sink)
    url = sink.url

    sink.stop()
    with pytest.raises(ConnectionError):
        _send(sink)
    sink.start()
    _send(sink)

    assert sink.url == url
    assert len(sink.received) == 2


def test_waiting_tells_how_many_came(sink: SmtpSink) -> None:
    _send(sink)

    with pytest.raises(ServerError, match="there are 1"):
        sink.wait_for(2, timeout_seconds=0.1)


def test_killed_process_keeps_what_it_answered_for(scratch: Path) -> None:
    with SmtpSinkProcess(scratch) as sink:
        _send(sink)

        sink.kill()

        assert [message.raw for message in sink.received] == [_RAW]


def _send(
    sink: SmtpSink | SmtpSinkProcess,
    sender: str = "office@example.org",
    recipients: list[str] | None = None,
) -> None:
    with smtplib.SMTP("127.0.0.1", sink.port, timeout=10) as client:
        client.sendmail(sender, recipients or ["a@example.org"], _RAW)
