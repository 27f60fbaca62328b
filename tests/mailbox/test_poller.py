"""Check that mailboxes are watched, that obstacles are named, and that two pollers are harmless."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from intake.core.services import Services
from intake.core.settings import MailboxSettings
from mailbox.errors import MailboxUnavailable
from mailbox.poller import Poller, poll_all, poll_once
from storage.mail import mailboxes
from storage.mail.mailboxes import MailboxCursor
from storage.operations import heartbeats
from tests.components.dovecot import Dovecot
from tests.components.server import free_port, wait_until
from tests.mailbox.building import mailbox_of, stored, stored_bytes, with_settings

pytestmark = pytest.mark.components


def mail(number: int, body: str = "Hej") -> bytes:
    return f"From: a@example.org\r\nMessage-ID: <{number}@x>\r\n\r\n{body}\r\n".encode()


def cursors(services: Services) -> dict[str, MailboxCursor]:
    with services.database.reading() as session:
        return {cursor.source: cursor for cursor in mailboxes.all_cursors(session)}


@contextmanager
def watching(services: Services, *watched: MailboxSettings) -> Iterator[None]:
    """Run a poller for each mailbox, and stop them all at the end."""
    stop = threading.Event()
    threads = [threading.Thread(target=Poller(services, each, stop).run) for each in watched]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        stop.set()
        for thread in threads:
            thread.join(10)


def test_two_pollers_at_once_store_each_mail_once(
    dovecot: Dovecot, imap_user: str, services: Services
) -> None:
    mailbox = mailbox_of(dovecot, imap_user)
    raws = [mail(number) for number in range(60)]
    with watching(services, *[mailbox] * 4):
        for raw in raws:
            dovecot.deliver(imap_user, raw)
        wait_until(lambda: len(stored(services)) == 60, "all is stored", 30)
        wait_until(lambda: dovecot.uids(imap_user) == [], "all is moved", 30)

    assert stored_bytes(services) == sorted(raws)
    assert len(dovecot.messages(imap_user, "Processed")) >= 60


def test_idle_hears_of_mail_at_once(dovecot: Dovecot, imap_user: str, services: Services) -> None:
    slow = with_settings(services, mail_poll_seconds=60.0)
    with watching(slow, mailbox_of(dovecot, imap_user)):
        wait_until(lambda: "referrals" in cursors(services), "the folder is watched")

        dovecot.deliver(imap_user, mail(1))

        wait_until(lambda: len(stored(services)) == 1, "the mail is stored", 5)


def test_polling_finds_mail_without_idle(scratch: Path, services: Services) -> None:
    quick = with_settings(services, mail_poll_seconds=0.1)
    with (
        Dovecot(scratch, capabilities_off=("IDLE",)) as server,
        watching(quick, mailbox_of(server, "anna@example.org")),
    ):
        wait_until(lambda: "referrals" in cursors(services), "the folder is watched")

        server.deliver("anna@example.org", mail(1))

        wait_until(lambda: len(stored(services)) == 1, "the mail is stored", 5)


def test_poller_comes_back_after_the_server_was_killed(scratch: Path, services: Services) -> None:
    with Dovecot(scratch) as server, watching(services, mailbox_of(server, "anna@example.org")):
        server.deliver("anna@example.org", mail(1))
        wait_until(lambda: len(stored(services)) == 1, "the first is stored")
        wait_until(lambda: "referrals" in cursors(services), "the folder is watched")

        server.kill()
        wait_until(lambda: cursors(services)["referrals"].error is not None, "it shows", 20)
        server.start()
        server.deliver("anna@example.org", mail(2))

        wait_until(lambda: len(stored(services)) == 2, "the second is stored", 30)
        wait_until(lambda: cursors(services)["referrals"].error is None, "health is back", 20)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"port": 0}, "connection_refused"),
        ({"password_file": Path("/nowhere")}, "password_missing"),
        ({"folder": "Missing"}, "folder_missing"),
        ({"is_tls": True}, "tls_failed"),
        ({"user": "näh@example.org"}, "login_refused"),
    ],
)
def test_what_is_in_the_way_is_named(
    dovecot: Dovecot,
    imap_user: str,
    services: Services,
    change: dict[str, object],
    reason: str,
) -> None:
    if "port" in change:
        change = {"port": free_port()}
    mailbox = replace(mailbox_of(dovecot, imap_user), **change)  # type: ignore[arg-type]  # a table

    with pytest.raises(MailboxUnavailable) as unavailable:
        poll_once(services, mailbox)

    assert unavailable.value.reason == reason
    assert cursors(services)["referrals"].error == reason


def test_wrong_password_is_refused(dovecot: Dovecot, imap_user: str, services: Services) -> None:
    mailbox = mailbox_of(dovecot, imap_user)
    wrong = dovecot.folder / "wrong-password"
    wrong.write_text("wrong")

    with pytest.raises(MailboxUnavailable) as unavailable:
        poll_once(services, replace(mailbox, password_file=wrong))

    assert unavailable.value.reason == "login_refused"


def test_only_a_trusted_certificate_will_do(
    scratch: Path, services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Dovecot(scratch, tls=True) as server:
        mailbox = mailbox_of(server, "anna@example.org")
        server.deliver("anna@example.org", mail(1))
        with pytest.raises(MailboxUnavailable) as unavailable:
            poll_once(services, mailbox)

        monkeypatch.setenv("SSL_CERT_FILE", str(server.ca_file))
        result = poll_once(services, mailbox)

    assert unavailable.value.reason == "tls_failed"
    assert result.new == 1


def test_each_mailbox_is_looked_at_once(
    dovecot: Dovecot, imap_user: str, services: Services
) -> None:
    dovecot.deliver(imap_user, mail(1))
    good = mailbox_of(dovecot, imap_user)
    bad = replace(good, name="cash", port=free_port())

    polled = poll_all(
        with_settings(services, mailboxes=(good, bad)), once=True, stop=threading.Event()
    )

    assert [(each.name, each.error) for each in polled] == [
        ("referrals", ""),
        ("cash", "connection_refused"),
    ]


def test_process_beats_and_ends(dovecot: Dovecot, imap_user: str, services: Services) -> None:
    stop = threading.Event()
    watched = with_settings(services, mailboxes=(mailbox_of(dovecot, imap_user),))
    thread = threading.Thread(
        target=poll_all, args=(watched,), kwargs={"once": False, "stop": stop, "slot": "7"}
    )

    thread.start()
    wait_until(lambda: _slots(services) == ["poller-7"], "the process beats")
    stop.set()
    thread.join(10)

    assert _slots(services) == []


def _slots(services: Services) -> list[str]:
    with services.database.reading() as session:
        return [each.executor_id for each in heartbeats.all_beats(session)]
