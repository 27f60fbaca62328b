"""Measure receipt latency, throughput beside the floor, and memory; `make bench` runs it.

Every figure comes from this one run on this machine; compare ratios, not seconds,
between machines. Real Dovecot, clamd (without its cache) and an SMTP sink, and our
own processes as an operator starts them.
"""

import statistics
import sys
import time
from email import message_from_bytes
from pathlib import Path

from tests.bench import (
    classification,
    crowding,
    documents,
    filing,
    floor,
    lists,
    reading,
    rendering,
    serving,
    uploading,
)
from tests.components.clamd import Clamd
from tests.components.dovecot import Dovecot
from tests.components.server import scratch_folder
from tests.components.smtp_sink import SmtpSinkProcess
from tests.flow.installation import Installation
from tests.samples.mail.mails import referral, tiny_pdf

MAX_BYTES = 104_857_600
LATENCY_MAILS = 30
FLOW_MAILS = 300
MEMORY_MAILS = 1000
# One address gets at most sixty receipts an hour, so the flow comes from many addresses.
SENDERS = 40
ROLES = ("poll", "work", "send")


def main() -> None:
    """Measure and print; ends with 1 when something was not done at all."""
    with (
        scratch_folder() as folder,
        Dovecot(folder / "dovecot") as dovecot,
        Clamd(folder / "clamd", max_bytes=MAX_BYTES) as clamd,
        SmtpSinkProcess(folder / "smtp") as sink,
        Installation(
            folder / "app",
            dovecot,
            user="bench@example.org",
            smtp_url=sink.url,
            clamd_url=clamd.url,
            AVRR_MAIL_POLL_SECONDS="20",
        ) as installation,
    ):
        installation.prepare()
        for number in range(SENDERS):
            installation.flask("senders", "add", sender(number), "--region", "VAST")
        started_at = time.monotonic()
        installation.start(*ROLES)
        _deliver_one(dovecot, sink, "<warm-up@example.org>", 0)
        show("cold start to first receipt", f"{time.monotonic() - started_at:.2f} s")
        latency(dovecot, sink)
        before = memory(installation)
        flow(folder, dovecot, clamd, sink, installation)
        flood(dovecot, sink, installation, before)
        print(installation.verify().strip())
    uploading.main()
    serving.main()
    crowding.main()
    documents.main()
    reading.main()
    rendering.main()
    filing.main()
    classification.main()
    lists.main()


def latency(dovecot: Dovecot, sink: SmtpSinkProcess) -> None:
    """Print the time from delivery into Dovecot to acceptance by SMTP, one mail at a time."""
    seconds = [
        _deliver_one(dovecot, sink, f"<idle-{number}@example.org>", number + 1)
        for number in range(LATENCY_MAILS)
    ]
    ranked = sorted(seconds)
    show(
        "idle latency, delivery to receipt (IDLE)",
        f"median {statistics.median(seconds):.3f} s, p95 {ranked[int(len(ranked) * 0.95)]:.3f} s, "
        f"max {ranked[-1]:.3f} s, n={len(seconds)}",
    )


def flow(
    folder: Path,
    dovecot: Dovecot,
    clamd: Clamd,
    sink: SmtpSinkProcess,
    installation: Installation,
) -> None:
    """Print submissions a second end to end, beside the floor in the same run."""
    raws = [
        mail(f"<flow-{number}@example.org>", number, padding_bytes=240_000)
        for number in range(FLOW_MAILS)
    ]
    bare = floor.measure(folder / "floor", raws, clamd.url.removeprefix("unix://"))
    sink.forget()
    started_at = time.monotonic()
    for raw in raws:
        dovecot.deliver("bench@example.org", raw)
    sink.wait_for(FLOW_MAILS, timeout_seconds=300)
    answered = FLOW_MAILS / (time.monotonic() - started_at)
    installation.flask("work", "--until-idle") if not installation.is_running("work") else None
    _wait_until_routed(installation)
    ours = FLOW_MAILS / (time.monotonic() - started_at)
    show("floor, bare library calls, 2 processes", f"{bare:.1f} mails/s")
    show("receipts accepted, end to end", f"{answered:.1f} mails/s")
    show("routed, end to end (mail with one 240 KB PDF)", f"{ours:.1f} submissions/s")
    show("share of the floor", f"{ours / bare:.2f}")


def flood(
    dovecot: Dovecot, sink: SmtpSinkProcess, installation: Installation, before: dict[str, float]
) -> None:
    """Print each process's memory before and after a thousand mails."""
    sink.forget()
    halfway: dict[str, float] = {}
    for number in range(MEMORY_MAILS):
        dovecot.deliver(
            "bench@example.org",
            mail(f"<flood-{number}@example.org>", number, padding_bytes=20_000),
        )
        if number == MEMORY_MAILS // 2:
            _wait_until_routed(installation)
            halfway = memory(installation)
    _wait_until_routed(installation)
    after = memory(installation)
    for role in ROLES:
        show(
            f"memory of {role} (RSS): start, +500, +1,000 mails",
            f"{before[role]:.0f}, {halfway[role]:.0f}, {after[role]:.0f} MB",
        )


def mail(message_id: str, number: int, *, padding_bytes: int) -> bytes:
    """Make one mail with one PDF of its own."""
    pdf = tiny_pdf(message_id, padding_bytes)
    return referral(
        sender(number),
        message_id=message_id,
        attachments=[("scan.pdf", "application/pdf", pdf)],
    )


def sender(number: int) -> str:
    """Return one of the registered addresses."""
    return f"coordinator{number % SENDERS}@example.org"


def memory(installation: Installation) -> dict[str, float]:
    """Return the resident memory of each process in MB, its jails not included."""
    found = {}
    for role in ROLES:
        status = Path(f"/proc/{installation.pid(role)}/status").read_text()
        line = next(row for row in status.splitlines() if row.startswith("VmRSS"))
        found[role] = int(line.split()[1]) / 1024
    return found


def _deliver_one(dovecot: Dovecot, sink: SmtpSinkProcess, message_id: str, number: int) -> float:
    raw = mail(message_id, number, padding_bytes=240_000)
    started_at = time.monotonic()
    dovecot.deliver("bench@example.org", raw)
    while True:
        for item in reversed(sink.received):
            if message_from_bytes(item.raw)["In-Reply-To"] == message_id:
                return item.monotonic_seconds - started_at
        if time.monotonic() - started_at > 60:
            sys.exit(f"no receipt for {message_id}")
        time.sleep(0.02)


def _wait_until_routed(installation: Installation) -> None:
    from intake.core.settings import read_settings
    from storage.database import open_database
    from storage.operations.reconciliation import count_unrouted

    database = open_database(read_settings(installation.environ).database_url)
    time.sleep(1.0)
    while True:
        with database.reading() as session:
            if count_unrouted(session) == 0:
                break
        time.sleep(0.1)
    database.close()


def show(what: str, figure: str) -> None:
    """Print one line."""
    print(f"{what + ':':58} {figure}", flush=True)


if __name__ == "__main__":
    main()
