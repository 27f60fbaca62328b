"""Check threat R18: ten minutes of steady mail; memory, files and children stay where they were."""

import threading
import time
from pathlib import Path

import pytest

from tests.components.dovecot import Dovecot
from tests.components.server import descendants
from tests.components.smtp_sink import SmtpSinkProcess
from tests.faults.ledger import faults, token_mail
from tests.flow.installation import Installation, all_routed, wait_for

pytestmark = [pytest.mark.components, pytest.mark.soak]

MINUTES = 10
MAILS_A_SECOND = 2
WARM_UP_MAILS = 120
MAX_GROWTH_MB_A_MINUTE = 1.0
ROLES = ("poll", "work", "send")


def test_ten_minutes_of_mail_leave_no_trace_in_memory(
    dovecot: Dovecot, imap_user: str, scratch: Path
) -> None:
    number_of_mails = MINUTES * 60 * MAILS_A_SECOND
    senders = [f"coordinator{number}@example.org" for number in range(30)]
    sent = [token_mail(n, sender=senders[n % 30], run="soak") for n in range(number_of_mails)]
    with (
        SmtpSinkProcess(scratch / "smtp") as sink,
        Installation(scratch / "app", dovecot, user=imap_user, smtp_url=sink.url) as installation,
    ):
        installation.prepare(*senders)
        installation.start(*ROLES)
        before: dict[str, tuple[float, int, int]] = {}
        started_at = time.monotonic()
        for number, mail in enumerate(sent):
            dovecot.deliver(imap_user, mail.raw)
            threading.Event().wait(
                max(0.0, started_at + number / MAILS_A_SECOND - time.monotonic())
            )
            if number == WARM_UP_MAILS:
                before = {role: state(installation.pid(role)) for role in ROLES}
        wait_for(all_routed(installation, number_of_mails), "all mails in queues", 120)
        after = {role: state(installation.pid(role)) for role in ROLES}

        minutes = MINUTES - WARM_UP_MAILS / MAILS_A_SECOND / 60
        for role in ROLES:
            growth = (after[role][0] - before[role][0]) / minutes
            assert growth < MAX_GROWTH_MB_A_MINUTE, (role, before[role], after[role])
            assert after[role][1] <= before[role][1] + 8, (role, "open files")
            assert after[role][2] == before[role][2], (role, "children")
        assert faults(sent, installation.submissions(), sink.received) == []
        assert " 0 faults" in installation.verify()


def state(pid: int) -> tuple[float, int, int]:
    """Return resident memory in MB, open files and children of a process."""
    status = Path(f"/proc/{pid}/status").read_text()
    line = next(row for row in status.splitlines() if row.startswith("VmRSS"))
    files = len(list(Path(f"/proc/{pid}/fd").iterdir()))
    return int(line.split()[1]) / 1024, files, len(descendants(pid))
