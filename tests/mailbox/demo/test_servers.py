"""Check that the demo's servers deliver, keep what they had, and leave nothing behind."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from intake.core.services import Services
from intake.core.settings import read_settings
from mailbox.demo.sample import send_sample
from mailbox.demo.servers import DemoMail, start_mail_servers
from mailbox.demo.smtp_server import keep_sent, trace_header
from mailbox.errors import DemoUnavailable
from mailbox.poller import poll_once
from mailbox.sender import send_once
from tests.components.server import descendants, free_port, wait_until
from tests.mailbox.building import put_message, stored, with_settings, with_smtp

pytestmark = pytest.mark.components

_NOW = datetime(2026, 5, 1, 8, 0, tzinfo=UTC)
_ROOT = Path(__file__).parents[3]


@contextmanager
def running(folder: Path) -> Iterator[DemoMail]:
    """Start both servers on free ports."""
    with start_mail_servers(folder, imap_port=free_port(), smtp_port=free_port()) as mail:
        yield mail


def pointed_at(services: Services, mail: DemoMail) -> Services:
    """Return the same services with the demo's mailboxes, as the default settings have them."""
    defaults = read_settings({"AVRR_DATA_DIR": str(mail.password_file.parent)})
    mailboxes = tuple(replace(each, port=mail.imap_port) for each in defaults.mailboxes)
    return with_settings(with_smtp(services, mail.smtp_port), mailboxes=mailboxes)


def test_sample_travels_from_smtp_to_the_ledger(tmp_path: Path, services: Services) -> None:
    with running(tmp_path) as mail:
        demo = pointed_at(services, mail)
        referrals, cash = demo.settings.mailboxes
        send_sample(mail.smtp_port, _NOW)
        send_sample(mail.smtp_port, _NOW, recipient="cash@localhost")

        first = poll_once(demo, referrals), poll_once(demo, cash)
        second = poll_once(demo, referrals), poll_once(demo, cash)

    assert [(each.new, each.moved, each.failed) for each in first] == [(1, 1, 0), (1, 1, 0)]
    assert [(each.new, each.seen_again) for each in second] == [(0, 0), (0, 0)]
    assert [each.programme for each in stored(services)] == ["referrals", "cash"]


def test_stored_mail_is_known_again_by_its_header(tmp_path: Path, services: Services) -> None:
    with running(tmp_path) as mail:
        demo = pointed_at(services, mail)
        referrals = demo.settings.mailboxes[0]
        send_sample(mail.smtp_port, _NOW)
        poll_once(demo, referrals)
        from mailbox.headers import header_sha256
        from mailbox.imap import open_mailbox

        with open_mailbox(replace(referrals, folder="Processed")) as remote:
            remote.select()
            header = remote.header(1)
            whole = remote.whole([1])[1]

    assert header is not None
    assert header_sha256(header) == header_sha256(whole)


def test_over_limit_mail_is_set_aside(tmp_path: Path, services: Services) -> None:
    with running(tmp_path) as mail:
        demo = with_settings(pointed_at(services, mail), max_upload_bytes=10_000)
        send_sample(mail.smtp_port, _NOW)

        result = poll_once(demo, demo.settings.mailboxes[0])

    assert (result.new, result.oversize, result.moved) == (1, 1, 1)


def test_receipts_become_files(tmp_path: Path, services: Services) -> None:
    with running(tmp_path) as mail:
        demo = pointed_at(services, mail)
        send_sample(mail.smtp_port, _NOW)
        poll_once(demo, demo.settings.mailboxes[0])
        put_message(demo, stored(demo)[0].id)

        taken = send_once(demo)

    assert taken == 1
    assert b"Thank you." in (mail.sent_folder / "1.eml").read_bytes()


def test_mail_is_still_there_after_a_restart(tmp_path: Path, services: Services) -> None:
    with running(tmp_path) as mail:
        send_sample(mail.smtp_port, _NOW)
    with running(tmp_path) as mail:
        demo = pointed_at(services, mail)

        assert poll_once(demo, demo.settings.mailboxes[0]).new == 1


def test_password_is_kept_and_closed_to_others(tmp_path: Path) -> None:
    with running(tmp_path) as mail:
        first = mail.password_file.read_text()
    with running(tmp_path) as mail:
        second = mail.password_file.read_text()

    assert first == second
    assert mail.password_file.stat().st_mode & 0o777 == 0o600


def test_taken_port_is_named(tmp_path: Path) -> None:
    with running(tmp_path) as mail, pytest.raises(DemoUnavailable, match=str(mail.smtp_port)):
        start_mail_servers(tmp_path, imap_port=free_port(), smtp_port=mail.smtp_port)


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGKILL])
def test_servers_end_with_their_parent(tmp_path: Path, how: signal.Signals) -> None:
    program = (
        "import sys, time; from pathlib import Path; "
        "from mailbox.demo.servers import start_mail_servers; "
        "start_mail_servers(Path(sys.argv[1]), imap_port=int(sys.argv[2]), "
        "smtp_port=int(sys.argv[3])); print('up', flush=True); time.sleep(60)"
    )
    ports = [str(free_port()), str(free_port())]
    with subprocess.Popen(
        [sys.executable, "-c", program, str(tmp_path), *ports], cwd=_ROOT, stdout=subprocess.PIPE
    ) as parent:
        assert parent.stdout is not None
        parent.stdout.readline()
        children = descendants(parent.pid)

        parent.send_signal(how)

    assert len(children) == 2
    wait_until(lambda: not any(map(_is_alive, children)), "the servers ended")


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (ProcessLookupError, FileNotFoundError):
        return False
    return state not in {"Z", "X"}


def test_sent_files_are_numbered_and_never_overwritten(tmp_path: Path) -> None:
    paths = [keep_sent(tmp_path / "sent", b"%d" % number) for number in range(12)]

    assert [path.name for path in paths] == [f"{number}.eml" for number in range(1, 13)]
    assert [path.read_bytes() for path in paths] == [b"%d" % number for number in range(12)]


@pytest.mark.parametrize(
    ("claimed", "shown"),
    [("a@b.c", "<a@b.c>"), ("", "<>"), ("a\r\nX: y@b.c", "<aX:y@b.c>"), ("å<>@b.c", "<@b.c>")],
)
def test_return_path_cannot_break_out_of_its_line(claimed: str, shown: str) -> None:
    header = trace_header(claimed)

    assert header.startswith(f"Return-Path: {shown}\r\nReceived: ".encode())
    assert header.count(b"\n") == 3
