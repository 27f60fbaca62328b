"""Check threat R17: two of each process, started by mistake with the same names, double nothing."""

import sys
from pathlib import Path

import pytest

from tests.components.dovecot import Dovecot
from tests.components.smtp_sink import SmtpSinkProcess
from tests.faults.ledger import SENDERS, faults, token_mail
from tests.flow.installation import COMMANDS, Installation, all_routed, wait_for

pytestmark = pytest.mark.components

MAILS = 40


def test_two_of_each_process_double_nothing(
    dovecot: Dovecot, imap_user: str, scratch: Path
) -> None:
    sent = [
        token_mail(number, sender=SENDERS[number % len(SENDERS)], run="doubles")
        for number in range(MAILS)
    ]
    with (
        SmtpSinkProcess(scratch / "smtp") as sink,
        Installation(scratch / "app", dovecot, user=imap_user, smtp_url=sink.url) as installation,
    ):
        installation.prepare(*SENDERS)
        installation.start("poll", "work", "send")
        for role in ("poll", "work", "send"):
            command = [sys.executable, "-m", "flask", *COMMANDS[role]]
            installation.run(f"{role}-again", command)
        for mail in sent:
            dovecot.deliver(imap_user, mail.raw)
        wait_for(all_routed(installation, MAILS), "all mails in queues", deadline_seconds=300)

        submissions = installation.submissions()
        assert len(submissions) == MAILS
        assert len(sink.received) == MAILS
        assert faults(sent, submissions, sink.received) == []
        assert " 0 faults" in installation.verify()
