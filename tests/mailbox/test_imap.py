"""Check what servers do that Dovecot does not: answers in odd order, refusals, silence."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from intake.core.services import Services
from intake.core.settings import MailboxSettings
from mailbox.errors import CommandRefused, MailboxUnavailable
from mailbox.imap import RemoteMailbox, folder_name, open_mailbox
from mailbox.poller import Poller, poll_once
from storage.mail import mailboxes
from tests.components.server import wait_until
from tests.mailbox.building import stored, stored_bytes, with_settings

pytestmark = pytest.mark.components

_RAW = b"From: a@example.org\r\n\r\nHej\r\n"
# What a server answers to a command; `{tag}` is the command's own.
_USUAL = {
    "CAPABILITY": "* CAPABILITY IMAP4rev1 IDLE MOVE UIDPLUS\r\n{tag} OK done\r\n",
    "LOGIN": "{tag} OK done\r\n",
    "SELECT": "* 1 EXISTS\r\n* OK [UIDVALIDITY 7]\r\n{tag} OK done\r\n",
    "LOGOUT": "* BYE\r\n{tag} OK done\r\n",
    "LIST": '* LIST () "/" Processed\r\n{tag} OK done\r\n',
    "NOOP": "{tag} OK done\r\n",
    "UID SEARCH": "* SEARCH 1\r\n{tag} OK done\r\n",
    "UID FETCH 1 (RFC822.SIZE FLAGS)": (
        "* 1 FETCH (UID 1 RFC822.SIZE 28 FLAGS ())\r\n{tag} OK done\r\n"
    ),
    "UID FETCH 1 (BODY.PEEK[])": (
        f"* 1 FETCH (UID 1 BODY[] {{{{{len(_RAW)}}}}}\r\n{_RAW.decode()})\r\n{{tag}} OK done\r\n"
    ),
    "UID MOVE": "{tag} OK done\r\n",
    "IDLE": "+ idling\r\n",
    "DONE": "{idle} OK done\r\n",
}


@contextmanager
def server(folder: Path, **changes: str) -> Iterator[MailboxSettings]:
    """Run a server of fixed answers; `UID_FETCH` stands for every `UID FETCH`, and so on.

    An empty answer closes the connection.
    """
    answers = {name.replace("_", " "): answer for name, answer in changes.items()}
    with socket.create_server(("127.0.0.1", 0)) as listener:
        stop = threading.Event()
        thread = threading.Thread(
            target=_serve, args=(listener, stop, lambda line: _find(answers, line))
        )
        thread.start()
        password_file = folder / "password"
        password_file.write_text("secret")
        yield MailboxSettings(
            name="referrals",
            host="127.0.0.1",
            port=listener.getsockname()[1],
            is_tls=False,
            user="anna",
            folder="INBOX",
            password_file=password_file,
            may_idle=True,
        )
        stop.set()
        thread.join(10)


def _find(changed: dict[str, str], line: str) -> str:
    for answers in (changed, _USUAL):
        for name in sorted(answers, key=len, reverse=True):
            if line.startswith(name):
                return answers[name]
    raise AssertionError(f"the server was not told what to answer to {line}")


def _serve(listener: socket.socket, stop: threading.Event, answer_to: Callable[[str], str]) -> None:
    listener.settimeout(0.1)
    while not stop.is_set():
        with suppress(TimeoutError):
            connection, _ = listener.accept()
            with connection, suppress(ConnectionError):
                connection.settimeout(10)
                _talk(connection, answer_to)


def _talk(connection: socket.socket, answer_to: Callable[[str], str]) -> None:
    idle = ""
    connection.sendall(b"* OK ready\r\n")
    with connection.makefile("rb") as lines:
        for line in lines:
            text = line.decode().strip()
            tag, _, command = ("", "", text) if text == "DONE" else text.partition(" ")
            idle = tag if command == "IDLE" else idle
            answer = answer_to(command).format(tag=tag, idle=idle)
            if not answer:
                return
            connection.sendall(answer.encode("latin-1"))


def wait_seconds(remote: RemoteMailbox, seconds: float) -> tuple[bool, float]:
    """Wait by IDLE and tell whether there was news and how long it took."""
    started = time.monotonic()
    news = remote.wait(seconds, threading.Event())
    return news, time.monotonic() - started


def test_usual_answers_store_a_mail(tmp_path: Path, services: Services) -> None:
    with server(tmp_path) as mailbox:
        result = poll_once(services, mailbox)

    assert (result.new, result.moved, result.failed) == (1, 1, 0)


def test_news_that_came_with_the_start_of_idle_is_heard(tmp_path: Path) -> None:
    with (
        server(tmp_path, IDLE="+ idling\r\n* 2 EXISTS\r\n") as mailbox,
        open_mailbox(mailbox) as remote,
    ):
        remote.select()
        news, seconds = wait_seconds(remote, 5)

    assert news
    assert seconds < 1


def test_idle_without_news_ends_in_time(tmp_path: Path) -> None:
    with server(tmp_path) as mailbox, open_mailbox(mailbox) as remote:
        remote.select()
        news, seconds = wait_seconds(remote, 0.2)

    assert not news
    assert 0.2 <= seconds < 2


def test_stop_ends_idle(tmp_path: Path) -> None:
    stop = threading.Event()
    stop.set()
    with server(tmp_path) as mailbox, open_mailbox(mailbox) as remote:
        remote.select()
        started = time.monotonic()
        remote.wait(60, stop)

    assert time.monotonic() - started < 2


@pytest.mark.parametrize(
    "changes",
    [
        {"IDLE": ""},
        {"DONE": ""},
        {"IDLE": "{tag} BAD no\r\n", "DONE": ""},
        {"IDLE": "* 2 EXISTS\r\n+ idling\r\n"},
        {"IDLE": "+ idling\r\n* BYE going down\r\n", "DONE": ""},
    ],
)
def test_idle_that_breaks_is_told(tmp_path: Path, changes: dict[str, str]) -> None:
    with server(tmp_path, **changes) as mailbox:
        remote = open_mailbox(mailbox)
        remote.select()

        with pytest.raises((MailboxUnavailable, CommandRefused)):
            remote.wait(1, threading.Event())
        remote.drop()


def test_server_whose_idle_always_breaks_is_polled(tmp_path: Path, services: Services) -> None:
    stop = threading.Event()
    looks = []

    def counting(mailbox: MailboxSettings) -> RemoteMailbox:
        looks.append(mailbox)
        return open_mailbox(mailbox)

    nothing = "* 0 EXISTS\r\n* OK [UIDVALIDITY 7]\r\n{tag} OK done\r\n"
    with server(tmp_path, IDLE="{tag} BAD no\r\n", SELECT=nothing) as mailbox:
        quick = with_settings(services, mail_poll_seconds=0.05)
        poller = Poller(quick, mailbox, stop, counting, chance=lambda: 0.0)
        thread = threading.Thread(target=poller.run)
        thread.start()
        wait_until(lambda: len(looks) == 4, "it came back after three failures", 20)
        wait_until(lambda: error_of(services) is None, "it polls", 5)
        stop.set()
        thread.join(10)

    assert len(looks) == 4


def error_of(services: Services) -> str | None:
    """Return the code that the mailbox's cursor shows."""
    with services.database.reading() as session:
        (cursor,) = mailboxes.all_cursors(session)
        return cursor.error


def test_folder_without_uidvalidity_is_refused(tmp_path: Path, services: Services) -> None:
    with (
        server(tmp_path, SELECT="* 1 EXISTS\r\n{tag} OK done\r\n") as mailbox,
        pytest.raises(MailboxUnavailable) as unavailable,
    ):
        poll_once(services, mailbox)

    assert unavailable.value.reason == "protocol_error"


def test_unreadable_mail_is_told_and_stays(tmp_path: Path, services: Services) -> None:
    with server(tmp_path, **{"UID_FETCH_1_(BODY.PEEK[])": "{tag} NO broken\r\n"}) as mailbox:
        result = poll_once(services, mailbox)

    (notice,) = stored_bytes(services)
    assert (result.new, result.failed, result.error) == (0, 1, "message_failed")
    assert b"could not be taken in" in notice


def test_vanished_mail_is_no_failure(tmp_path: Path, services: Services) -> None:
    changes = {
        "UID_FETCH_1_(BODY.PEEK[])": "{tag} NO [EXPUNGEISSUED] gone\r\n",
        "UID_SEARCH_UID_1": "* SEARCH\r\n{tag} OK done\r\n",
    }
    with server(tmp_path, **changes) as mailbox:
        result = poll_once(services, mailbox)

    assert (result.new, result.failed) == (0, 0)


@pytest.mark.parametrize("answer", ["{tag} NO over quota\r\n", "{tag} BAD what\r\n"])
def test_refused_move_keeps_the_stored_mail(
    tmp_path: Path, services: Services, answer: str
) -> None:
    with server(tmp_path, UID_MOVE=answer) as mailbox:
        result = poll_once(services, mailbox)

    assert (result.new, result.moved, result.error) == (1, 0, "move_refused")


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"LOGIN": "{tag} NO wrong\r\n"}, "login_refused"),
        ({"LOGIN": ""}, "connection_lost"),
        ({"SELECT": "{tag} NO none\r\n"}, "folder_missing"),
        ({"UID_SEARCH": ""}, "connection_lost"),
    ],
)
def test_what_breaks_is_named_and_nothing_is_stored(
    tmp_path: Path, services: Services, changes: dict[str, str], reason: str
) -> None:
    with server(tmp_path, **changes) as mailbox, pytest.raises(MailboxUnavailable) as unavailable:
        poll_once(services, mailbox)

    assert unavailable.value.reason == reason
    assert stored(services) == []


@pytest.mark.parametrize(
    ("prefix", "folder", "name"),
    [
        ("", "Processed", "Processed"),
        ("INBOX.", "Too large", "INBOX.Too large"),
        ("INBOX.", "INBOX.Processed", "INBOX.Processed"),
    ],
)
def test_folder_stands_in_the_own_namespace(prefix: str, folder: str, name: str) -> None:
    assert folder_name(prefix, folder) == name
