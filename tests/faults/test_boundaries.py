"""Check threat R2.

Each process dies at each persistence boundary, three times, and twenty as soak.
"""

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.components.dovecot import Dovecot
from tests.components.smtp_sink import SmtpSinkProcess
from tests.faults.dying import POLLER_BOUNDARIES, SENDER_BOUNDARIES, WORKER_BOUNDARIES
from tests.faults.ledger import SENDERS, faults, token_mail
from tests.flow.installation import Installation, all_routed, wait_for

pytestmark = pytest.mark.components

BOUNDARIES = {"poll": POLLER_BOUNDARIES, "work": WORKER_BOUNDARIES, "send": SENDER_BOUNDARIES}
# What runs undisturbed while one role dies: all roles that the mail passes before it.
BEFORE = {"poll": (), "work": ("poll",), "send": ("poll", "work")}
# Several transactions lie on a mail's way: the three deaths meet different ones.
COMMITS = {"poll": (1, 2, 1), "work": (1, 2, 3), "send": (1, 2, 1)}


@pytest.mark.parametrize("times", [3, pytest.param(20, marks=pytest.mark.soak, id="whole")])
@pytest.mark.parametrize("role", BOUNDARIES)
def test_death_at_each_boundary_loses_and_doubles_nothing(
    role: str, times: int, dovecot: Dovecot, imap_user: str, scratch: Path
) -> None:
    deaths = [
        (boundary, COMMITS[role][number % 3] if boundary.endswith("_commit") else 1)
        for boundary in BOUNDARIES[role]
        for number in range(times)
    ]
    sent = [
        token_mail(number, sender=SENDERS[number % len(SENDERS)], run=role)
        for number in range(len(deaths))
    ]
    with (
        SmtpSinkProcess(scratch / "smtp") as sink,
        Installation(scratch / "app", dovecot, user=imap_user, smtp_url=sink.url) as installation,
    ):
        installation.prepare(*SENDERS)
        installation.start(*BEFORE[role])
        exits = []
        for number, (boundary, nth) in enumerate(deaths):
            dovecot.deliver(imap_user, sent[number].raw)
            wait_for(_ready(installation, role, number + 1), "the mail is before us")
            command = [sys.executable, "-m", "tests.faults.dying", role, boundary, str(nth)]
            exits.append(installation.run("dying", command).wait(timeout=60))
        installation.start(*BOUNDARIES.keys() - BEFORE[role])
        wait_for(all_routed(installation, len(sent)), "all mails in queues and answered", 120)

        assert exits == [-9] * len(deaths)
        assert faults(sent, installation.submissions(), sink.received) == []
        assert " 0 faults" in installation.verify()


def _ready(installation: Installation, role: str, number: int) -> Callable[[], bool]:
    """Return a condition: the mail has come as far as the role that will die."""

    def holds() -> bool:
        if role == "poll":
            return True
        is_answered = role == "work" or len(installation.receipt_states()) == number
        return installation.arrived() == number and is_answered

    return holds
