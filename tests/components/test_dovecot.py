"""Dovecot keeps bytes, wakes IDLE, moves, renumbers, and hides what it is told to hide."""

from pathlib import Path

import pytest
from imapclient import IMAPClient
from imapclient.exceptions import IMAPClientError

from tests.components.dovecot import Dovecot
from tests.components.server import wait_until

pytestmark = pytest.mark.components

_RAW = b"From: a@example.org\r\nSubject: caf\xe9\r\n\r\n.\r\nFrom here\r\n\xff\xfe\r\n\r\n"


def test_delivered_bytes_are_read_back_exactly(dovecot: Dovecot, imap_user: str) -> None:
    dovecot.deliver(imap_user, _RAW)

    assert dovecot.messages(imap_user) == [_RAW]


def test_uids_follow_the_order_of_delivery(dovecot: Dovecot, imap_user: str) -> None:
    raws = [b"Subject: %d\r\n\r\n" % number for number in range(50)]

    for raw in raws:
        dovecot.deliver(imap_user, raw)

    assert dovecot.messages(imap_user) == raws
    assert dovecot.uids(imap_user) == list(range(1, 51))


def test_delivery_makes_the_folder(dovecot: Dovecot, imap_user: str) -> None:
    dovecot.deliver(imap_user, _RAW, "Handled")

    assert dovecot.messages(imap_user, "Handled") == [_RAW]
    assert dovecot.folders(imap_user) == ["Handled", "INBOX"]


def test_nul_arrives_as_dovecot_sends_it(dovecot: Dovecot, imap_user: str) -> None:
    dovecot.deliver(imap_user, b"Subject: nul\n\na\0b\n")

    assert dovecot.messages(imap_user) == [b"Subject: nul\r\n\r\na\x80b\r\n"]


def test_delivery_wakes_idle(dovecot: Dovecot, imap_user: str) -> None:
    with dovecot.client(imap_user) as client:
        client.select_folder("INBOX")
        client.idle()

        dovecot.deliver(imap_user, _RAW)

        assert (1, b"EXISTS") in client.idle_check(timeout=5)
        client.idle_done()


def test_move_takes_the_message_along(dovecot: Dovecot, imap_user: str) -> None:
    dovecot.deliver(imap_user, _RAW)

    with dovecot.client(imap_user) as client:
        client.create_folder("Handled")
        client.select_folder("INBOX")
        client.move([1], "Handled")

    assert dovecot.messages(imap_user) == []
    assert dovecot.messages(imap_user, "Handled") == [_RAW]


def test_flags_are_told_without_recent(dovecot: Dovecot, imap_user: str) -> None:
    dovecot.deliver(imap_user, _RAW)

    with dovecot.client(imap_user) as client:
        client.select_folder("INBOX")
        client.add_flags([1], [b"\\Seen"])

    assert dovecot.flags(imap_user) == {1: {b"\\Seen"}}


def test_uid_validity_is_changed_and_messages_stay(dovecot: Dovecot, imap_user: str) -> None:
    dovecot.deliver(imap_user, _RAW)

    dovecot.set_uid_validity(imap_user, 4_242)

    assert dovecot.uid_validity(imap_user) == 4_242
    assert dovecot.messages(imap_user) == [_RAW]


@pytest.mark.parametrize("folder", ["INBOX", "Handled"])
def test_recreated_folder_gives_old_uids_to_new_mail(
    dovecot: Dovecot, imap_user: str, folder: str
) -> None:
    dovecot.deliver(imap_user, _RAW, folder)
    before = dovecot.uid_validity(imap_user, folder)

    dovecot.delete_and_recreate(imap_user, folder)
    dovecot.deliver(imap_user, b"Subject: new\r\n\r\n", folder)

    assert dovecot.uids(imap_user, folder) == [1]
    assert dovecot.messages(imap_user, folder) == [b"Subject: new\r\n\r\n"]
    assert dovecot.uid_validity(imap_user, folder) != before


def test_kick_cuts_sessions_off(dovecot: Dovecot, imap_user: str) -> None:
    with IMAPClient("127.0.0.1", dovecot.port, ssl=False, timeout=10) as client:
        client.login(imap_user, dovecot.password)
        wait_until(lambda: dovecot.has_session(imap_user), "the server counts the session")

        dovecot.kick(imap_user)

        with pytest.raises((IMAPClientError, OSError)):
            client.noop()
        client.shutdown()


def test_wrong_password_is_refused(dovecot: Dovecot, imap_user: str) -> None:
    with IMAPClient("127.0.0.1", dovecot.port, ssl=False) as client, pytest.raises(IMAPClientError):
        client.login(imap_user, "wrong")


@pytest.mark.parametrize("missing", ["MOVE", "UIDPLUS", "IDLE"])
def test_capability_is_hidden(scratch: Path, missing: str) -> None:
    with (
        Dovecot(scratch, capabilities_off=(missing,)) as server,
        server.client("anna@example.org") as client,
    ):
        advertised = client.capabilities()

    assert missing.encode() not in advertised
    assert {b"MOVE", b"UIDPLUS", b"IDLE"} - {missing.encode()} <= set(advertised)


def test_capabilities_are_all_there(dovecot: Dovecot, imap_user: str) -> None:
    with dovecot.client(imap_user) as client:
        assert {b"MOVE", b"UIDPLUS", b"IDLE"} <= set(client.capabilities())


def test_mail_and_port_outlive_kill(scratch: Path) -> None:
    with Dovecot(scratch) as server:
        server.deliver("anna@example.org", _RAW)
        url = server.url("anna@example.org")

        server.kill()
        server.start()

        assert server.url("anna@example.org") == url
        assert server.messages("anna@example.org") == [_RAW]


def test_tls_is_trusted_through_the_own_authority(scratch: Path) -> None:
    with Dovecot(scratch, tls=True) as server:
        server.deliver("anna@example.org", _RAW)

        assert server.url("anna@example.org").startswith("imaps://anna%40example.org@127.0.0.1:")
        assert server.messages("anna@example.org") == [_RAW]
