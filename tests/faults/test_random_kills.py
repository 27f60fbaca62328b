"""R1 in small: poller, worker and sender die at 40 random moments while 200 mails flow."""

import random
import threading
from pathlib import Path

import pytest

from tests.components.dovecot import Dovecot
from tests.components.smtp_sink import SmtpSinkProcess
from tests.faults.ledger import Sent, faults, token_mail
from tests.flow.installation import Installation, all_routed, wait_for

pytestmark = pytest.mark.components

MAILS = 200
KILLS = 40
SEED = 20261124
COORDINATORS = [f"coordinator{number}@example.org" for number in range(8)]


def test_forty_kills_lose_and_double_nothing(
    dovecot: Dovecot, imap_user: str, scratch: Path
) -> None:
    chance = random.Random(SEED)
    # Several senders: one address is answered at most sixty times an hour.
    sent = [token_mail(n, sender=COORDINATORS[n % 8], run="kills") for n in range(MAILS)]
    with (
        SmtpSinkProcess(scratch / "smtp") as sink,
        Installation(scratch / "app", dovecot, user=imap_user, smtp_url=sink.url) as installation,
    ):
        installation.prepare()
        for address in COORDINATORS:
            installation.flask("senders", "add", address, "--region", "VAST")
        delivering = threading.Thread(target=_deliver, args=(dovecot, imap_user, sent))
        delivering.start()
        for number in range(KILLS):
            role = ("poll", "work")[number % 2]
            if not installation.is_running("send"):
                installation.start("send")
            if not installation.is_running(role):
                installation.start(role)
            threading.Event().wait(chance.uniform(0, 2))
            installation.kill(role)
        delivering.join()
        installation.start("poll", "work")
        wait_for(all_routed(installation, MAILS), "all mails in queues", deadline_seconds=180)

        assert faults(sent, installation.submissions(), sink.received) == []
        assert " 0 faults" in installation.verify()


def _deliver(dovecot: Dovecot, user: str, sent: list[Sent]) -> None:
    for mail in sent:
        dovecot.deliver(user, mail.raw)
        threading.Event().wait(0.15)
