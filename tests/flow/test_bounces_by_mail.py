"""Check threat M7 on real servers: a bounce counts only at the path that was signed for its mail.

Mail comes by IMAP from Dovecot, is opened in a real jail, and leaves to an SMTP server; what that
server saw as envelope sender is where a bounce goes.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from intake.outbox import stop_list
from intake.pipeline.inspect_and_file import inspect_and_file
from intake.pipeline.open_mail import open_submission
from intake.sandbox import JailPool
from mailbox.poller import poll_once
from mailbox.sender import send_once
from storage import audit
from tests.components.dovecot import Dovecot
from tests.components.smtp_sink import Received, SmtpSink
from tests.samples.mail.bounces import bounce, sent_to
from tests.samples.mail.mails import INTAKE_ADDRESS, REGISTERED_SENDER, referral
from tests.support.building import RecordingQueue, make_services, make_worker_services
from tests.support.desk import Desk

pytestmark = pytest.mark.components


@dataclass
class MailOffice:
    """A desk between a mailbox on Dovecot and an SMTP server."""

    desk: Desk
    dovecot: Dovecot
    user: str
    sink: SmtpSink

    def come(self, raw: bytes) -> str:
        """Let one message come into the mailbox, take it its whole way; return its submission."""
        queue = self.desk.services.queue
        assert isinstance(queue, RecordingQueue)
        known = len(queue.enqueued)
        self.dovecot.deliver(self.user, raw)
        settings = self.desk.services.settings
        mailbox = next(each for each in settings.mailboxes if each.name == "referrals")
        poll_once(self.desk.services, mailbox)
        (submission_id,) = queue.enqueued[known:]
        open_submission(self.desk.worker_services, submission_id)
        inspect_and_file(self.desk.worker_services, submission_id)
        return submission_id

    def receipted(self, message_id: str = "<first@partner.example>") -> tuple[str, Received]:
        """Let a referral come; return its submission and the receipt as its server got it."""
        original = self.come(referral(message_id=message_id))
        send_once(self.desk.services)
        return original, self.sink.received[-1]

    def is_stopped(self) -> bool:
        """Tell whether the coordinator gets no mail any more."""
        services = self.desk.services
        with services.database.reading() as session:
            return stop_list.is_stopped(services, session, REGISTERED_SENDER)


@pytest.fixture
def office(
    tmp_path: Path, jails: JailPool, dovecot: Dovecot, imap_user: str, smtp_sink: SmtpSink
) -> Iterator[MailOffice]:
    """Give an office whose address for replies is that of the intake mailbox."""
    password_file = tmp_path / "imap-password"
    password_file.write_text(dovecot.password)
    services = make_services(
        tmp_path,
        AVRR_MAILBOX_REFERRALS_URL=dovecot.url(imap_user),
        AVRR_MAILBOX_REFERRALS_PASSWORD_FILE=str(password_file),
        AVRR_MAILBOX_CASH_URL=dovecot.url(f"cash-{imap_user}"),
        AVRR_MAILBOX_CASH_PASSWORD_FILE=str(password_file),
        AVRR_SMTP_URL=smtp_sink.url,
        AVRR_REPLY_ADDRESS=INTAKE_ADDRESS,
        AVRR_OWN_ADDRESSES=INTAKE_ADDRESS,
    )
    desk = Desk(make_worker_services(services, jails))
    desk.register()
    yield MailOffice(desk, dovecot, imap_user, smtp_sink)
    services.database.close()


def test_bounce_to_the_signed_path_stops_the_address(office: MailOffice) -> None:
    original, receipt = office.receipted()
    message_id = office.desk.receipt(original).message_id

    bounce_id = office.come(sent_to(bounce(message_id), receipt.mail_from))
    send_once(office.desk.services)

    assert office.is_stopped()
    assert ("Q4", "receipt_bounced") in office.desk.open_items(original)
    assert office.desk.open_items(bounce_id) == set()
    assert len(office.sink.received) == 1


@pytest.mark.parametrize("forged_to", [INTAKE_ADDRESS, "another mac", "reply address"])
def test_bounce_forged_by_a_stranger_leaves_a_note_only(office: MailOffice, forged_to: str) -> None:
    original, receipt = office.receipted()
    message_id = office.desk.receipt(original).message_id
    local, _, domain = receipt.mail_from.partition("@")
    address = {
        "another mac": f"{local[:-20]}{'a' * 20}@{domain}",
        # What anybody sees to whom the receipt is shown.
        "reply address": office.desk.letter(original)["Reply-To"],
    }.get(forged_to, forged_to)

    bounce_id = office.come(sent_to(bounce(message_id), address))
    after, second = office.receipted("<second@partner.example>")

    assert not office.is_stopped()
    assert office.desk.receipt(original).state == "sent"
    assert office.desk.receipt(original).bounced_at is None
    assert ("Q4", "receipt_bounced") not in office.desk.open_items(original)
    assert office.desk.open_items(bounce_id) != set()
    assert second.recipients == (REGISTERED_SENDER,)
    with office.desk.services.database.reading() as session:
        noted = [event.act for event in audit.of_subject(session, "submission", bounce_id)]
        assert audit.check_chain(session, office.desk.services.keyring) == []
    assert noted.count("report.not_believed") == 1
    assert after != original
