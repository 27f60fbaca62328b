"""Check that a message leaves once, is due again after temporary failures, and fails visibly."""

import dataclasses
import os
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from intake.core.services import Services
from intake.core.settings import SmtpSettings
from intake.outbox import return_paths
from mailbox.sender import send_once
from mailbox.smtp import Answer, SmtpConnection, open_smtp
from storage import audit
from storage.audit_acts import Act
from storage.cases.cases import CaseState
from storage.crypto.keys import Keyring, MasterKey
from storage.mail.outbox import MessageState
from storage.submissions import queue_items
from storage.submissions.submissions import Submission
from tests.components.server import free_port
from tests.components.smtp_sink import SmtpSink
from tests.mailbox.building import (
    Clock,
    accepted,
    only,
    put_message,
    with_smtp,
)
from tests.support.rows import Planter

pytestmark = pytest.mark.components


def test_due_message_leaves_from_the_null_sender(office: Services, smtp_sink: SmtpSink) -> None:
    submission = accepted(office)
    message_id = put_message(office, submission)

    taken = send_once(office)

    (received,) = smtp_sink.received
    assert taken == 1
    assert received.mail_from == ""
    assert received.recipients == ("anna@example.org",)
    assert f"Message-ID: <{message_id}@localhost>\r\n".encode() in received.raw
    assert received.raw.endswith(b"\r\n\r\nThank you.\r\n.\r\n..two\r\n")
    assert only(office, submission).state == MessageState.SENT


def test_message_leaves_from_its_signed_return_path(office: Services, smtp_sink: SmtpSink) -> None:
    settings = dataclasses.replace(office.settings, reply_address="box@example.org")
    services = dataclasses.replace(office, settings=settings)
    submission = accepted(services)
    put_message(services, submission)

    send_once(services)

    (received,) = smtp_sink.received
    row = only(services, submission)
    with services.database.reading() as session:
        found = return_paths.message_of(services, session, [received.mail_from])
    assert found is not None
    assert found.id == row.id


def stop(services: Services, submission_id: str) -> None:
    """File a submission to a case whose person withdrew."""
    with services.database.transaction() as session:
        case = Planter(session, services.keyring, services.now()).case(state=CaseState.WITHDRAWN)
        session.get_one(Submission, submission_id).case_id = case.id


def test_what_is_due_in_a_stopped_case_is_kept_back(office: Services, smtp_sink: SmtpSink) -> None:
    stopped, receipted = accepted(office, 1), accepted(office, 2)
    put_message(office, stopped, kind="MSG1")
    put_message(office, receipted, kind="R1", recipient="b@example.org")
    stop(office, stopped)
    stop(office, receipted)

    assert send_once(office) == 1

    (received,) = smtp_sink.received
    row = only(office, stopped)
    assert received.recipients == ("b@example.org",)
    assert (row.state, row.reason, row.leased_until) == ("suppressed", "person_withdrew", None)
    with office.database.reading() as session:
        (event,) = audit.newest_acts(
            session, ("submission", stopped), [Act.MAIL_KEPT_BACK], by="system:"
        )
    assert event.detail == {"kind": "MSG1", "reason": "person_withdrew"}


@pytest.mark.parametrize("steps", [1, 2, 3])
def test_stop_while_the_server_is_spoken_to_keeps_the_mail_back(
    office: Services, smtp_sink: SmtpSink, steps: int
) -> None:
    submission = accepted(office)
    put_message(office, submission, kind="MSG1")
    asked: list[int] = []

    class SlowConnection(SmtpConnection):
        """A connection during whose steps a case is stopped: MAIL, RCPT or DATA."""

        def deliver(
            self, recipient: str, content: bytes, keep: Callable[[], None], **rest: Any
        ) -> Answer:
            def counting() -> None:
                keep()
                asked.append(1)
                if len(asked) == steps:
                    stop(office, submission)

            return super().deliver(recipient, content, counting, **rest)

    taken = send_once(office, lambda settings: SlowConnection(open_smtp(settings)._client))

    assert taken == 0
    assert smtp_sink.received == []
    assert (only(office, submission).state, only(office, submission).reason) == (
        "suppressed",
        "person_withdrew",
    )


def test_sent_message_is_not_sent_again(office: Services, smtp_sink: SmtpSink) -> None:
    put_message(office, accepted(office))
    send_once(office)

    assert send_once(office) == 0
    assert len(smtp_sink.received) == 1


def test_many_messages_share_a_connection(office: Services, smtp_sink: SmtpSink) -> None:
    made: list[SmtpConnection] = []

    def counting(settings: SmtpSettings) -> SmtpConnection:
        made.append(open_smtp(settings))
        return made[-1]

    for number in range(45):
        put_message(office, accepted(office, number), recipient=f"a{number}@example.org")

    taken = send_once(office, counting)

    assert (taken, len(made), len(smtp_sink.received)) == (45, 1, 45)
    assert all(len(received.recipients) == 1 for received in smtp_sink.received)


@pytest.mark.parametrize("at", ["MAIL", "RCPT", "DATA"])
def test_passing_refusal_is_tried_again(
    office: Services, smtp_sink: SmtpSink, clock: Clock, at: str
) -> None:
    submission = accepted(office)
    put_message(office, submission)
    smtp_sink.answer_with("451 4.3.0 Try again later", at=at)  # type: ignore[arg-type]  # a table

    first = send_once(office)
    delayed = only(office, submission)
    smtp_sink.accept()
    too_soon = send_once(office)
    clock.at += timedelta(seconds=40)
    later = send_once(office)

    assert (first, too_soon, later) == (0, 0, 1)
    assert (delayed.state, delayed.reason, delayed.attempts) == (MessageState.DUE, "smtp_451", 1)
    assert len(smtp_sink.received) == 1


@pytest.mark.parametrize("at", ["RCPT", "DATA"])
def test_lasting_refusal_becomes_a_staff_task(
    office: Services, smtp_sink: SmtpSink, at: str
) -> None:
    submission = accepted(office)
    put_message(office, submission)
    smtp_sink.answer_with("550 5.1.1 No such user", at=at)  # type: ignore[arg-type]  # a table

    send_once(office)

    failed = only(office, submission)
    assert (failed.state, failed.reason) == (MessageState.FAILED, "smtp_550")
    assert tasks(office, submission) == ["receipt_failed"]


def tasks(services: Services, submission_id: str) -> list[str]:
    with services.database.reading() as session:
        return [
            item.kind
            for item in session.query(queue_items.QueueItem)
            if item.submission_id == submission_id
        ]


def test_refused_sender_is_no_fault_of_the_recipient(office: Services, smtp_sink: SmtpSink) -> None:
    submission = accepted(office)
    put_message(office, submission)
    smtp_sink.answer_with("530 5.7.0 Authentication required", at="MAIL")

    send_once(office)

    assert only(office, submission).state == MessageState.DUE


def test_one_refusal_does_not_stop_the_others(office: Services, smtp_sink: SmtpSink) -> None:
    bad = accepted(office, 1)
    put_message(office, bad, recipient="two words@example.org")
    put_message(office, accepted(office, 2))

    taken = send_once(office)

    assert taken == 1
    assert only(office, bad).reason == "recipient_invalid"


@pytest.mark.parametrize(
    "recipient",
    ["a@b.c>\r\nRCPT TO:<evil@x.org", "a@b.c,d@e.f g", "<a@b.c>", "a@b@c", "nobody", ""],
)
def test_recipient_that_is_not_one_plain_address_is_never_sent(
    office: Services, smtp_sink: SmtpSink, recipient: str
) -> None:
    submission = accepted(office)
    put_message(office, submission, recipient=recipient)

    send_once(office)

    assert only(office, submission).state == MessageState.FAILED
    assert smtp_sink.received == []


def test_address_beyond_ascii_is_sent_where_it_can_be(
    office: Services, smtp_sink: SmtpSink
) -> None:
    put_message(office, accepted(office), recipient="åsa@example.org")

    taken = send_once(office)

    assert taken == 1
    assert smtp_sink.received[0].recipients == ("åsa@example.org",)


def test_refused_connection_delays_all_and_is_tried_once(
    office: Services, clock: Clock, smtp_sink: SmtpSink
) -> None:
    away = with_smtp(office, free_port())
    ids = [accepted(office, number) for number in range(3)]
    for submission in ids:
        put_message(office, submission)

    taken = send_once(away)

    rows = [only(office, submission) for submission in ids]
    assert taken == 0
    assert {(row.state, row.reason) for row in rows} == {(MessageState.DUE, "connection_refused")}
    assert all(
        row.next_try_at and row.next_try_at - clock.at < timedelta(seconds=3) for row in rows
    )

    clock.at += timedelta(seconds=3)
    assert send_once(office) == 3


def test_connection_dropped_mid_data_delays_one(
    office: Services, smtp_sink: SmtpSink, clock: Clock
) -> None:
    submission = accepted(office)
    put_message(office, submission)
    smtp_sink.drop_mid_data()
    send_once(office)
    dropped = only(office, submission)

    smtp_sink.accept()
    clock.at += timedelta(seconds=60)
    send_once(office)

    assert (dropped.state, dropped.reason) == (MessageState.DUE, "connection_lost")
    assert len(smtp_sink.received) == 1


def test_repeated_message_is_the_same_message(
    office: Services, smtp_sink: SmtpSink, clock: Clock
) -> None:
    message_id = put_message(office, accepted(office))
    smtp_sink.drop_before_answer()
    send_once(office)

    smtp_sink.accept()
    clock.at += timedelta(seconds=60)
    send_once(office)

    first, second = smtp_sink.received
    assert first.raw == second.raw
    assert message_id.encode() in first.raw


def test_message_is_given_up_after_three_days(
    office: Services, smtp_sink: SmtpSink, clock: Clock
) -> None:
    submission = accepted(office)
    put_message(office, submission, created_at=clock.at - timedelta(days=3, seconds=1))
    smtp_sink.answer_with("451 4.3.0 Try again later")

    send_once(office)

    failed = only(office, submission)
    assert (failed.state, failed.reason) == (MessageState.FAILED, "expired")
    assert tasks(office, submission) == ["receipt_failed"]


def test_erased_key_delays_and_does_not_fail(office: Services, smtp_sink: SmtpSink) -> None:
    submission = accepted(office)
    put_message(office, submission)
    stranger = dataclasses.replace(office, keyring=Keyring(MasterKey(os.urandom(32))))

    send_once(stranger)

    row = only(office, submission)
    assert (row.state, row.reason) == (MessageState.DUE, "key_unavailable")
    assert smtp_sink.received == []
