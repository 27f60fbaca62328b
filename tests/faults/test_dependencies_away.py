"""Check scanner, mail server or disk away.

Nothing is lost, nothing unscanned is clean, all comes right.

Threats R9, R10 and R11 in small.
"""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.components.clamd import Clamd
from tests.components.dovecot import Dovecot
from tests.components.smtp_sink import SmtpSink
from tests.faults.ledger import faults, token_mail
from tests.flow.installation import Installation, all_routed, wait_for

pytestmark = pytest.mark.components

MAX_BYTES = 2_000_000


def states(submissions: list[dict[str, Any]]) -> set[str]:
    """Return the states of all documents."""
    return {document["state"] for s in submissions for document in s["documents"]}


def check(installation: Installation, name: str) -> str:
    """Return one health check's status."""
    found = {each["name"]: each["status"] for each in installation.health()["checks"]}
    return str(found[name])


def mailbox(installation: Installation) -> str:
    """Return the status of the mailbox, looked up without starting Python for it."""
    return installation.checks()["mailbox referrals"]


def test_scanner_away_holds_and_scans_later(
    dovecot: Dovecot, imap_user: str, scratch: Path, smtp_sink: SmtpSink
) -> None:
    sent = [token_mail(number, run="scanner") for number in range(6)]
    with (
        Clamd(scratch / "clamd", max_bytes=MAX_BYTES) as clamd,
        Installation(
            scratch / "app",
            dovecot,
            user=imap_user,
            smtp_url=smtp_sink.url,
            clamd_url=clamd.url,
            AVRR_MAX_UPLOAD_BYTES=str(MAX_BYTES),
        ) as installation,
    ):
        installation.prepare()
        clamd.kill()
        installation.start("poll", "work", "send")
        for mail in sent:
            dovecot.deliver(imap_user, mail.raw)
        wait_for(all_routed(installation, len(sent)), "all in queues without the scanner")
        without = installation.submissions()
        scanner_without = check(installation, "scanner")

        clamd.start()
        wait_for(
            lambda: installation.document_states() == {"CLEAN"}, "all scanned after its return"
        )

        assert states(without) == {"HELD"}
        assert all("Q6" in open_queues(s) for s in without)
        assert scanner_without == "down"
        assert len(smtp_sink.received) == len(sent)
        assert check(installation, "scanner") == "ok"
        assert not any("Q6" in open_queues(s) for s in installation.submissions())
        assert " 0 faults" in installation.verify()


def test_hung_scanner_never_makes_a_document_clean(
    dovecot: Dovecot, imap_user: str, scratch: Path, smtp_sink: SmtpSink
) -> None:
    with (
        Clamd(scratch / "clamd", max_bytes=MAX_BYTES) as clamd,
        Installation(
            scratch / "app",
            dovecot,
            user=imap_user,
            smtp_url=smtp_sink.url,
            clamd_url=clamd.url,
            AVRR_MAX_UPLOAD_BYTES=str(MAX_BYTES),
        ) as installation,
    ):
        installation.prepare()
        installation.start("poll", "work", "send")
        clamd.pause()
        dovecot.deliver(imap_user, token_mail(1, run="hung").raw)
        wait_for(lambda: len(smtp_sink.received) == 1, "the receipt, which waits for no scanner")
        meanwhile = states(installation.submissions())
        clamd.resume()
        wait_for(all_routed(installation, 1), "the mail in a queue")

        assert meanwhile == {"STORED"}
        assert states(installation.submissions()) == {"CLEAN"}


def test_smtp_away_keeps_receipts_due_and_sends_each_once(
    dovecot: Dovecot, imap_user: str, scratch: Path, smtp_sink: SmtpSink
) -> None:
    sent = [token_mail(number, run="smtp") for number in range(6)]
    with Installation(
        scratch / "app", dovecot, user=imap_user, smtp_url=smtp_sink.url
    ) as installation:
        installation.prepare()
        smtp_sink.answer_with("451 4.3.0 Try again later")
        installation.start("poll", "work", "send")
        for mail in sent[:3]:
            dovecot.deliver(imap_user, mail.raw)
        wait_for(lambda: installation.receipt_states() == ["due"] * 3, "three receipts waiting")
        smtp_sink.drop_mid_data()
        for mail in sent[3:]:
            dovecot.deliver(imap_user, mail.raw)
        wait_for(lambda: installation.receipt_states() == ["due"] * 6, "six receipts waiting")

        smtp_sink.accept()
        wait_for(all_routed(installation, 6), "all receipts sent", deadline_seconds=300)

        assert installation.receipt_states() == ["sent"] * 6
        assert faults(sent, installation.submissions(), smtp_sink.received) == []
        assert len(smtp_sink.received) == 6


def test_refused_recipient_becomes_a_staff_task(
    dovecot: Dovecot, imap_user: str, scratch: Path, smtp_sink: SmtpSink
) -> None:
    with Installation(
        scratch / "app", dovecot, user=imap_user, smtp_url=smtp_sink.url
    ) as installation:
        installation.prepare()
        smtp_sink.answer_with("550 5.1.1 No such user", at="RCPT")
        installation.start("poll", "work", "send")
        dovecot.deliver(imap_user, token_mail(1, run="refused").raw)

        wait_for(lambda: installation.receipt_states() == ["failed"], "the receipt given up")

        assert "Q4" in open_queues(installation.submissions()[0])


def test_dead_mailbox_shows_in_health(imap_user: str, scratch: Path, smtp_sink: SmtpSink) -> None:
    with (
        Dovecot(scratch / "dovecot") as dovecot,
        Installation(
            scratch / "app", dovecot, user=imap_user, smtp_url=smtp_sink.url
        ) as installation,
    ):
        installation.prepare()
        installation.start("poll")
        wait_for(lambda: mailbox(installation) == "ok", "the mailbox is read")
        dovecot.kill()
        wait_for(lambda: mailbox(installation) == "down", "the death is seen")
        told = check(installation, "mailbox referrals")
        dovecot.start()
        wait_for(lambda: mailbox(installation) == "ok", "it is read again", 90)

        assert told == "down"
        assert check(installation, "mailbox referrals") == "ok"


@pytest.mark.skipif(os.geteuid() != 0, reason="a small disk is mounted, which needs root")
def test_full_disk_refuses_mail_and_loses_none(
    dovecot: Dovecot, imap_user: str, scratch: Path, smtp_sink: SmtpSink
) -> None:
    sent = [token_mail(number, run="disk") for number in range(8)]
    with (
        small_disk(scratch / "disk") as disk,
        Installation(
            scratch / "app",
            dovecot,
            user=imap_user,
            smtp_url=smtp_sink.url,
            AVRR_DATA_DIR=str(disk / "var"),
        ) as installation,
    ):
        installation.prepare()
        installation.start("poll", "work", "send")
        dovecot.deliver(imap_user, sent[0].raw)
        wait_for(all_routed(installation, 1), "the first mail in a queue")
        fill(disk / "ballast")
        for mail in sent[1:]:
            dovecot.deliver(imap_user, mail.raw)
        wait_for(
            lambda: "storage_full" in installation.log("poll"), "the poller meets the full disk"
        )
        left = len(dovecot.messages(imap_user))

        (disk / "ballast").unlink()
        wait_for(all_routed(installation, len(sent)), "all mails in queues", deadline_seconds=300)

        assert left >= 1
        assert faults(sent, installation.submissions(), smtp_sink.received) == []
        assert dovecot.messages(imap_user) == []
        assert " 0 faults" in installation.verify()


def open_queues(submission: dict[str, Any]) -> set[str]:
    """Return the queues in which something about a submission waits."""
    return {item["queue"] for item in submission["queues"]}


@contextmanager
def small_disk(folder: Path) -> Iterator[Path]:
    """Mount a disk of 64 MiB."""
    folder.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64m", "tmpfs", folder], check=True)
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", folder], check=True)


def fill(path: Path) -> None:
    """Write until nothing fits any more."""
    with path.open("wb", buffering=0) as file:
        try:
            while True:
                file.write(bytes(65536))
        except OSError:
            return
