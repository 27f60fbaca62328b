"""Check threat R1.

Poller and worker die at random moments while mails flow; the whole of it as soak.
"""

import random
import threading
from pathlib import Path

import pytest

from tests.components.dovecot import Dovecot
from tests.components.smtp_sink import SmtpSinkProcess
from tests.faults.ledger import SENDERS, Sent, faults, token_mail
from tests.flow.installation import Installation, all_routed, wait_for

pytestmark = pytest.mark.components

SEED = 20261124


@pytest.mark.parametrize(
    ("mails", "kills"),
    [(200, 40), pytest.param(480, 200, marks=pytest.mark.soak, id="whole")],
)
def test_kills_at_random_moments_lose_and_double_nothing(
    mails: int, kills: int, dovecot: Dovecot, imap_user: str, scratch: Path
) -> None:
    chance = random.Random(SEED)
    sent = [token_mail(n, sender=SENDERS[n % len(SENDERS)], run="kills") for n in range(mails)]
    with (
        SmtpSinkProcess(scratch / "smtp") as sink,
        Installation(scratch / "app", dovecot, user=imap_user, smtp_url=sink.url) as installation,
    ):
        installation.prepare(*SENDERS)
        delivering = threading.Thread(target=_deliver, args=(dovecot, imap_user, sent))
        delivering.start()
        for number in range(kills):
            role = ("poll", "work")[number % 2]
            if not installation.is_running("send"):
                installation.start("send")
            if not installation.is_running(role):
                installation.start(role)
            threading.Event().wait(chance.uniform(0, 2))
            installation.kill(role)
        delivering.join()
        installation.start("poll", "work")
        wait_for(all_routed(installation, mails), "all mails in queues", deadline_seconds=240)

        assert faults(sent, installation.submissions(), sink.received) == []
        assert " 0 faults" in installation.verify()


def _deliver(dovecot: Dovecot, user: str, sent: list[Sent]) -> None:
    for mail in sent:
        dovecot.deliver(user, mail.raw)
        threading.Event().wait(0.15)
