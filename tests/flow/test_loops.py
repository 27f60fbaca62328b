"""Check threats M1 to M4 on real parts: no machine is answered, loops end, one receipt, one person.

Mail goes through accept, open, inspect and route with a real jail, and leaves through the real
sender to an SMTP server; a hostile responder in a thread answers whatever that server gets.
"""

import queue
import re
import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import pytest

from intake.core.services import Services
from intake.outbox.bounces import BounceOutcome, match_bounce, read_report
from intake.outbox.guard import MAX_TO_UNVERIFIED
from intake.sandbox import JailPool
from intake.sandbox.mail.message import open_mail
from mailbox.sender import send_once
from storage.mail import outbox
from storage.submissions.submissions import Submission
from tests.components.smtp_sink import Received, SmtpSink
from tests.samples.hostile import INJECTED_ADDRESS, hostile
from tests.samples.mail.automatic import AUTOMATIC
from tests.samples.mail.bounces import reports, sent_to
from tests.samples.mail.mails import INTAKE_ADDRESS, REGISTERED_SENDER, referral
from tests.samples.mail.wire import mail
from tests.support.building import Clock, make_services, make_worker_services
from tests.support.desk import Desk
from tests.support.reports import ReportsReadHere

pytestmark = pytest.mark.components

ROBOT = "robot@elsewhere.example"
ROUNDS = 12
# With a bare CR or a line break hidden in a name, two programs do not read the same From: no
# receipt can be sent, and a person is told so.
WITHOUT_A_SENDER = {
    "subject-raw-cr",
    "message-id-raw-cr",
    "references-raw-cr",
    "from-name-encoded",
}
Reply = Callable[[int, EmailMessage], bytes]


@pytest.fixture
def loop_clock() -> Clock:
    """Give the clock of the services."""
    return Clock()


@pytest.fixture
def office(
    tmp_path: Path, jails: JailPool, smtp_sink: SmtpSink, loop_clock: Clock
) -> Iterator[Desk]:
    """Give a desk whose mail leaves to the sink."""
    services = make_services(
        tmp_path,
        now=loop_clock.now,
        AVRR_OWN_ADDRESSES=INTAKE_ADDRESS,
        AVRR_SMTP_URL=smtp_sink.url,
        AVRR_REPLY_ADDRESS=INTAKE_ADDRESS,
    )
    yield Desk(make_worker_services(services, jails))
    services.database.close()


def with_headers(number: int, ours: EmailMessage) -> bytes:
    """Answer as an honest responder does."""
    return mail(
        f"reply-{number}",
        sender=ROBOT.encode(),
        headers=[b"Auto-Submitted: auto-replied", b"In-Reply-To: " + ours["Message-ID"].encode()],
    )


def without_headers(number: int, ours: EmailMessage) -> bytes:
    """Answer as a person would: nothing tells that a machine wrote it."""
    subject = f"Re: {ours['Subject']} {number}".encode()
    return mail(f"reply-{number}", sender=ROBOT.encode(), subject=subject)


def in_another_spelling(number: int, ours: EmailMessage) -> bytes:
    """Answer from the same box, spelt in another way each time."""
    spelt = "".join(
        letter.upper() if (number >> place) & 1 else letter for place, letter in enumerate(ROBOT)
    )
    return mail(f"reply-{number}", sender=spelt.encode(), subject=b"Hello again")


def with_our_own_mail_inside(number: int, ours: EmailMessage) -> bytes:
    """Answer with all of our mail quoted, as many programs do."""
    body = f"Thank you.\r\n\r\n> {ours.get_content()!r}\r\n".encode()
    headers = [b"References: " + ours["Message-ID"].encode()]
    return mail(f"reply-{number}", sender=ROBOT.encode(), headers=headers, body=body)


class Responder(threading.Thread):
    """Answers everything that it is given, for ever, until it is given None."""

    def __init__(self, reply: Reply) -> None:
        super().__init__(daemon=True)
        self.inbox: queue.Queue[Received | None] = queue.Queue()
        self.replies: queue.Queue[bytes] = queue.Queue()
        self._reply = reply

    def run(self) -> None:
        """Answer each message with one of its own."""
        number = 0
        while (received := self.inbox.get()) is not None:
            number += 1
            self.replies.put(self._reply(number, parsed(received.raw)))


def parsed(raw: bytes) -> EmailMessage:
    message = message_from_bytes(raw, policy=policy.default)
    assert isinstance(message, EmailMessage)
    return message


def play(office: Desk, sink: SmtpSink, reply: Reply) -> list[str]:
    """Let the responder and us write to each other; return the ids of what came in."""
    responder = Responder(reply)
    responder.start()
    came = [office.handle(mail("first", sender=ROBOT.encode()))]
    answered = len(sink.received)
    for _ in range(ROUNDS):
        send_once(office.services)
        fresh = sink.received[answered:]
        answered += len(fresh)
        for received in fresh:
            responder.inbox.put(received)
        came += [office.handle(responder.replies.get(timeout=30)) for _ in fresh]
    responder.inbox.put(None)
    responder.join(timeout=30)
    return came


@pytest.mark.parametrize(
    ("reply", "mails"),
    [
        (with_headers, 1),
        (without_headers, MAX_TO_UNVERIFIED),
        (in_another_spelling, MAX_TO_UNVERIFIED),
        (with_our_own_mail_inside, MAX_TO_UNVERIFIED),
    ],
)
def test_a_loop_ends_after_two_mails_and_a_person_sees_all_of_it(
    office: Desk, smtp_sink: SmtpSink, reply: Reply, mails: int
) -> None:
    came = play(office, smtp_sink, reply)

    assert len(smtp_sink.received) == mails <= 2
    assert len(came) == mails + 1
    assert all(office.open_items(each) for each in came)


def test_an_hour_later_the_loop_gets_two_more_and_no_third(
    office: Desk, smtp_sink: SmtpSink, loop_clock: Clock
) -> None:
    play(office, smtp_sink, without_headers)
    loop_clock.advance(timedelta(hours=1, seconds=1))
    for number in range(5):
        office.handle(mail(f"later-{number}", sender=ROBOT.encode(), subject=b"Once more"))
        send_once(office.services)

    assert len(smtp_sink.received) == 2 * MAX_TO_UNVERIFIED


def test_no_automatic_mail_is_answered_and_a_person_sees_each(
    office: Desk, smtp_sink: SmtpSink
) -> None:
    office.register()

    came = [office.handle(raw) for _, raw in AUTOMATIC]
    send_once(office.services)

    assert len(AUTOMATIC) >= 40
    assert smtp_sink.received == []
    assert all(office.open_items(each) for each in came)


@pytest.mark.parametrize("dialect", tuple(reports("<a@b>", ROBOT)))
def test_a_bounce_of_our_own_mail_is_answered_by_nobody_and_linked(
    office: Desk, smtp_sink: SmtpSink, dialect: str
) -> None:
    office.register()
    original = office.handle(referral())
    send_once(office.services)
    (ours,) = smtp_sink.received
    message_id = parsed(ours.raw)["Message-ID"]
    report = reports(message_id, REGISTERED_SENDER)[dialect]

    bounce_id = office.handle(sent_to(report, ours.mail_from))
    outcome = matched(office.services, bounce_id)
    send_once(office.services)

    assert outcome is BounceOutcome.HARD
    assert len(smtp_sink.received) == 1
    assert ("Q4", "receipt_bounced") in office.open_items(original)
    assert ("Q3", "submission") not in office.open_items(bounce_id)
    assert office.submission(bounce_id).filing_reason == "bounce_of_ours"


def matched(services: Services, bounce_id: str) -> BounceOutcome:
    """Match a delivery report; repeating it after the worker did gives the same outcome."""
    with services.database.reading() as session:
        submission = session.get_one(Submission, bounce_id)
        key = services.keyring.open(session, submission.data_key_id)
    report = read_report(ReportsReadHere(), services, submission, key)
    with services.database.transaction() as session:
        current = session.get_one(Submission, bounce_id)
        return match_bounce(services, session, current, key, report)


def test_each_header_injection_gets_one_receipt_or_one_person(
    office: Desk, smtp_sink: SmtpSink
) -> None:
    office.register()
    unanswered = []

    for sample in hostile("B8"):
        before = len(smtp_sink.received)
        came = office.handle(sample.build())
        send_once(office.services)
        fresh = smtp_sink.received[before:]
        if not fresh:
            assert ("Q4", "no_usable_sender") in office.open_items(came), sample.name
            unanswered.append(sample.name)
        assert [each.recipients for each in fresh] in ([], [(REGISTERED_SENDER,)]), sample.name

    assert set(unanswered) == WITHOUT_A_SENDER
    assert len(smtp_sink.received) >= 20
    assert not [each for each in smtp_sink.received if INJECTED_ADDRESS.encode() in each.raw]


def test_two_parsers_read_every_receipt_alike(office: Desk, smtp_sink: SmtpSink) -> None:
    office.register()
    for sample in hostile("B7", "B8"):
        office.handle(sample.build())
    office.handle(mail("stranger", sender=ROBOT.encode()))
    send_once(office.services)

    received = smtp_sink.received
    assert len(received) >= 20
    for each in received:
        theirs, ours = parsed(each.raw), open_mail(each.raw)
        facts = ours.facts
        assert re.fullmatch(r"intake\+[0-9a-z]{8}-r1-[a-z2-7]{20}@example\.org", each.mail_from)
        assert (ours.flags, facts.defects, theirs.defects) == ((), (), [])
        assert facts.from_address == theirs["From"].addresses[0].addr_spec
        assert facts.to_addresses == each.recipients == (theirs["To"].addresses[0].addr_spec,)
        assert facts.subject == theirs["Subject"]
        assert facts.message_id == theirs["Message-ID"]
        assert facts.in_reply_to == (theirs["In-Reply-To"] or "")
        assert list(facts.references) == (theirs["References"] or "").split()
        assert facts.auto_submitted == theirs["Auto-Submitted"] == "auto-replied"
        assert ours.body_text.split() == theirs.get_content().split()


def test_what_left_stands_in_the_ledger_once(office: Desk, smtp_sink: SmtpSink) -> None:
    came = play(office, smtp_sink, without_headers)

    with office.services.database.reading() as session:
        rows = [row for each in came for row in outbox.of_submission(session, each)]
    left = sorted(row.message_id for row in rows if row.state == "sent")
    assert left == sorted(parsed(each.raw)["Message-ID"] for each in smtp_sink.received)
    assert {row.reason for row in rows if row.state == "suppressed"} == {"too_many_to_this_address"}
