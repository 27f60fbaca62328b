"""Check a sender that runs for long: leases, slow servers, outages."""

import threading
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from intake.core.services import Services
from mailbox.heartbeat import Heartbeat
from mailbox.sender import LEASE, Sender, send_all, send_once
from mailbox.smtp import Answer, SmtpConnection, open_smtp
from storage.mail import outbox_sending
from storage.mail.outbox import MessageState
from storage.operations import heartbeats
from tests.components.server import wait_until
from tests.components.smtp_sink import SmtpSink, SmtpSinkProcess
from tests.mailbox.building import (
    Clock,
    accepted,
    only,
    put_message,
    with_smtp,
)

pytestmark = pytest.mark.components


def test_another_sender_passes_leased_messages_by(office: Services, clock: Clock) -> None:
    put_message(office, accepted(office))
    with office.database.transaction() as session:
        outbox_sending.lease_due(session, clock.at, timedelta(seconds=30), limit=20)

    first = send_once(office)
    clock.at += timedelta(seconds=31)
    later = send_once(office)

    assert (first, later) == (0, 1)


def test_taken_but_unrecorded_message_is_not_sent_again(
    office: Services, smtp_sink: SmtpSink, clock: Clock
) -> None:
    submission = accepted(office)
    put_message(office, submission)

    class LockingConnection(SmtpConnection):
        """A connection after whose delivery the database refuses to be written."""

        def deliver(
            self, recipient: str, content: bytes, keep: Callable[[], None], **asked: Any
        ) -> Answer:
            answer = super().deliver(recipient, content, keep, **asked)
            run_sql(
                office,
                "CREATE TRIGGER locked BEFORE UPDATE ON outbox BEGIN "
                "SELECT RAISE(ABORT, 'locked'); END",
            )
            return answer

    sender = Sender(
        office,
        lambda content: content,
        lambda settings: LockingConnection(open_smtp(settings)._client),
    )

    first = sender.send_batch()
    run_sql(office, "DROP TRIGGER locked")
    clock.at += timedelta(seconds=31)
    again = sender.send_batch()
    sender.hang_up()

    assert (first.taken, again.taken) == (0, 1)
    assert len(smtp_sink.received) == 1
    assert only(office, submission).state == MessageState.SENT


def run_sql(services: Services, statement: str) -> None:
    """Change the database behind the code's back."""
    with services.database.engine.begin() as connection:
        connection.exec_driver_sql(statement)


def test_slow_answer_keeps_the_lease(office: Services, clock: Clock) -> None:
    submission = accepted(office)
    put_message(office, submission)
    seen: list[int] = []

    class SlowConnection(SmtpConnection):
        """A connection whose server lets 25 seconds go by, four times."""

        def deliver(
            self, recipient: str, content: bytes, keep: Callable[[], None], **asked: Any
        ) -> Answer:
            for _ in range(4):
                clock.at += timedelta(seconds=25)
                keep()
                with office.database.transaction() as session:
                    seen.append(len(outbox_sending.lease_due(session, clock.at, LEASE, limit=20)))
            return super().deliver(recipient, content, keep, **asked)

    taken = send_once(office, lambda settings: SlowConnection(open_smtp(settings)._client))

    assert taken == 1
    assert seen == [0, 0, 0, 0]


def test_sender_waits_for_a_slow_server(services: Services, scratch: Path) -> None:
    with SmtpSinkProcess(scratch) as sink:
        put_message(services, accepted(services))
        thread = threading.Thread(target=send_once, args=(with_smtp(services, sink.port),))

        sink.pause()
        thread.start()
        sink.resume()
        thread.join(10)

        assert len(sink.received) == 1


def test_sender_process_sends_beats_and_ends(services: Services, smtp_sink: SmtpSink) -> None:
    stop = threading.Event()
    office = with_smtp(services, smtp_sink.port)
    thread = threading.Thread(target=send_all, args=(office, stop), kwargs={"slot": "3"})

    thread.start()
    put_message(office, accepted(office))
    smtp_sink.wait_for(1)
    beats = beats_of(office)
    stop.set()
    thread.join(10)

    assert beats == {"sender-3": "ok"}
    assert beats_of(office) == {}


def test_outage_shows_in_the_beat_and_heals(services: Services, smtp_sink: SmtpSink) -> None:
    stop = threading.Event()
    office = with_smtp(services, smtp_sink.port)
    smtp_sink.stop()
    sender = Sender(office, lambda content: content, chance=lambda: 0.0)
    thread = threading.Thread(target=sender.run, args=(stop, Heartbeat(office, "sender", "1")))
    put_message(office, accepted(office))

    thread.start()
    wait_until(lambda: beats_of(office) == {"sender-1": "connection_refused"}, "it shows")
    smtp_sink.start()
    smtp_sink.wait_for(1)
    wait_until(lambda: beats_of(office) == {"sender-1": "ok"}, "it is over")
    stop.set()
    thread.join(10)

    assert len(smtp_sink.received) == 1


def beats_of(services: Services) -> dict[str, str]:
    """Return what each living process says of SMTP."""
    with services.database.reading() as session:
        return {beat.executor_id: beat.detail["smtp"] for beat in heartbeats.all_beats(session)}
