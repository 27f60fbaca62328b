"""Check on a real Dovecot that mail is stored once, moved only then, and never skipped."""

from dataclasses import replace
from pathlib import Path

import pytest

from intake.core.errors import StorageUnavailable
from intake.core.services import Services
from mailbox.folder_round import BATCH_BYTES, Sized, batches, folder_for
from mailbox.headers import header_sha256
from mailbox.imap import open_mailbox
from mailbox.poller import poll_once
from storage.blobs.blobs import BlobStore
from storage.blobs.folder import FolderBackend
from storage.crypto.column_types import keyed
from storage.database import Session, open_database
from storage.mail import mailboxes
from storage.mail.mailboxes import MailboxCursor
from storage.submissions.arrivals import Arrival
from tests.components.dovecot import Dovecot
from tests.mailbox.building import mailbox_of, stored, stored_bytes, with_settings

pytestmark = pytest.mark.components


def mail(number: int, body: str = "Hej") -> bytes:
    return f"From: a@example.org\r\nMessage-ID: <{number}@x>\r\n\r\n{body}\r\n".encode()


def cursors(services: Services) -> dict[str, MailboxCursor]:
    with services.database.reading() as session:
        return {cursor.source: cursor for cursor in mailboxes.all_cursors(session)}


def test_new_mail_is_stored_and_then_moved(
    dovecot: Dovecot, imap_user: str, services: Services
) -> None:
    raws = [mail(number) for number in range(3)]
    for raw in raws:
        dovecot.deliver(imap_user, raw)

    result = poll_once(services, mailbox_of(dovecot, imap_user))

    assert (result.new, result.moved, result.failed) == (3, 3, 0)
    assert stored_bytes(services) == sorted(raws)
    assert dovecot.messages(imap_user) == []
    assert dovecot.messages(imap_user, "Processed") == raws


def test_second_poll_adds_nothing(dovecot: Dovecot, imap_user: str, services: Services) -> None:
    dovecot.deliver(imap_user, mail(1))
    poll_once(services, mailbox_of(dovecot, imap_user))

    result = poll_once(services, mailbox_of(dovecot, imap_user))

    assert (result.new, result.seen_again, result.moved) == (0, 0, 0)
    assert len(stored(services)) == 1


def test_same_bytes_twice_are_one_submission(
    dovecot: Dovecot, imap_user: str, services: Services
) -> None:
    for _ in range(5):
        dovecot.deliver(imap_user, mail(1))

    result = poll_once(services, mailbox_of(dovecot, imap_user))

    assert (result.new, result.seen_again, result.moved) == (1, 4, 5)
    assert len(stored(services)) == 1


def test_mail_stays_unread(dovecot: Dovecot, imap_user: str, services: Services) -> None:
    dovecot.deliver(imap_user, mail(1))

    poll_once(services, mailbox_of(dovecot, imap_user))

    assert dovecot.flags(imap_user, "Processed") == {1: set()}


@pytest.mark.parametrize("flag", [b"\\Seen", b"\\Deleted", b"\\Flagged"])
def test_flags_of_people_do_not_hide_mail(
    dovecot: Dovecot, imap_user: str, services: Services, flag: bytes
) -> None:
    dovecot.deliver(imap_user, mail(1))
    with dovecot.client(imap_user) as client:
        client.select_folder("INBOX")
        client.add_flags([1], [flag])

    poll_once(services, mailbox_of(dovecot, imap_user))

    assert len(stored(services)) == 1


@pytest.mark.parametrize(
    "raw",
    [
        b"no header at all",
        b"\r\n\r\nempty header\r\n",
        b"Subject: bare\nlines\n\nbody\n",
        b"Subject: nul\r\n\r\na\0b\r\n",
        b"X: " + b"a" * 300_000 + b"\r\n\r\nbody\r\n",
        b"Subject: \xff\xfe\r\n\r\n" + b"\x80" * 70_000,
    ],
    ids=["no-header", "empty-header", "bare-lf", "nul", "huge-header", "eight-bit"],
)
def test_odd_mail_is_known_again_by_its_header(
    dovecot: Dovecot, imap_user: str, services: Services, raw: bytes
) -> None:
    dovecot.deliver(imap_user, raw)
    poll_once(services, mailbox_of(dovecot, imap_user))

    with open_mailbox(replace(mailbox_of(dovecot, imap_user), folder="Processed")) as remote:
        remote.select()
        header = remote.header(1)

    assert header is not None
    with services.database.reading() as session:
        (arrival,) = arrivals_of(session)
        hashed = keyed(session, "mail-header", header_sha256(header))
    assert arrival.header_hash == hashed


def arrivals_of(session: Session) -> list[Arrival]:
    return list(session.query(Arrival).order_by(Arrival.id))


def test_nothing_is_moved_when_it_could_not_be_stored(
    dovecot: Dovecot, imap_user: str, services: Services, tmp_path: Path
) -> None:
    dovecot.deliver(imap_user, mail(1))
    (tmp_path / "in-the-way").write_bytes(b"")
    broken = replace(services, blobs=BlobStore(FolderBackend(tmp_path / "in-the-way")))

    with pytest.raises(StorageUnavailable):
        poll_once(broken, mailbox_of(dovecot, imap_user))

    assert dovecot.messages(imap_user) == [mail(1)]
    assert stored(services) == []
    assert cursors(services)["referrals"].error == "storage_unavailable"


def test_database_that_is_away_leaves_mail_on_the_server(
    dovecot: Dovecot, imap_user: str, services: Services, tmp_path: Path
) -> None:
    dovecot.deliver(imap_user, mail(1))
    broken = replace(services, database=open_database(f"sqlite:///{tmp_path / 'empty.db'}"))

    with pytest.raises(StorageUnavailable):
        poll_once(broken, mailbox_of(dovecot, imap_user))
    broken.database.close()

    assert dovecot.messages(imap_user) == [mail(1)]
    assert poll_once(services, mailbox_of(dovecot, imap_user)).new == 1


def test_what_was_stored_before_a_failed_move_is_moved_later(
    dovecot: Dovecot, imap_user: str, services: Services
) -> None:
    mailbox = mailbox_of(dovecot, imap_user)
    dovecot.deliver(imap_user, mail(1))
    # No mailbox can hold messages below a file: Dovecot refuses the folder and the move.
    blocker = dovecot.folder / "mail" / imap_user / "Maildir" / ".Processed"
    blocker.write_bytes(b"")
    first = poll_once(services, mailbox)

    blocker.unlink()
    second = poll_once(services, mailbox)

    assert (first.new, first.moved, first.failed, first.error) == (1, 0, 1, "move_refused")
    assert (second.new, second.seen_again, second.moved) == (0, 1, 1)
    assert cursors(services)["referrals"].error is None


@pytest.mark.parametrize(
    ("missing", "left"),
    [(("MOVE",), 0), (("MOVE", "UIDPLUS"), 1)],
    ids=["without-move", "without-move-and-uidplus"],
)
def test_poorer_servers_get_copies(
    scratch: Path, services: Services, missing: tuple[str, ...], left: int
) -> None:
    with Dovecot(scratch, capabilities_off=missing) as server:
        server.deliver("anna@example.org", mail(1))
        server.deliver("anna@example.org", mail(2))
        mailbox = mailbox_of(server, "anna@example.org")

        first = poll_once(services, mailbox)
        second = poll_once(services, mailbox)

        assert (first.new, second.new, second.moved) == (2, 0, 0)
        assert server.messages("anna@example.org", "Processed") == [mail(1), mail(2)]
        assert len(server.messages("anna@example.org")) == 2 * left


def test_changed_uid_validity_stores_nothing_twice(scratch: Path, services: Services) -> None:
    with Dovecot(scratch, capabilities_off=("MOVE", "UIDPLUS")) as server:
        mailbox = mailbox_of(server, "anna@example.org")
        server.deliver("anna@example.org", mail(1))
        poll_once(services, mailbox)

        server.set_uid_validity("anna@example.org", 4_242)
        server.deliver("anna@example.org", mail(2))
        result = poll_once(services, mailbox)

        assert (result.new, result.seen_again) == (1, 1)
        assert stored_bytes(services) == [mail(1), mail(2)]


@pytest.mark.parametrize("keep_validity", [True, False])
def test_reused_uids_do_not_hide_new_mail(
    dovecot: Dovecot, imap_user: str, services: Services, keep_validity: bool
) -> None:
    mailbox = mailbox_of(dovecot, imap_user)
    dovecot.deliver(imap_user, mail(1))
    poll_once(services, mailbox)
    validity = dovecot.uid_validity(imap_user)

    dovecot.delete_and_recreate(imap_user)
    dovecot.deliver(imap_user, mail(2))
    if keep_validity:
        dovecot.set_uid_validity(imap_user, validity)
    uids = dovecot.uids(imap_user)
    result = poll_once(services, mailbox)

    assert uids == [1]
    assert (result.new, result.moved) == (1, 1)
    assert stored_bytes(services) == [mail(1), mail(2)]


def test_over_limit_mail_is_recorded_and_set_aside(
    dovecot: Dovecot, imap_user: str, services: Services
) -> None:
    small = with_settings(services, max_upload_bytes=1_000)
    large = mail(1, "x" * 2_000)
    dovecot.deliver(imap_user, large)
    dovecot.deliver(imap_user, mail(2))

    result = poll_once(small, mailbox_of(dovecot, imap_user))

    assert (result.new, result.oversize, result.moved) == (2, 1, 2)
    assert dovecot.messages(imap_user, "Too large") == [large]
    assert dovecot.messages(imap_user, "Processed") == [mail(2)]
    by_size = {submission.oversize_bytes for submission in stored(services)}
    assert by_size == {len(large), None}
    assert large[: large.index(b"\r\n\r\n") + 4] in stored_bytes(services)


def test_the_two_programmes_are_kept_apart(
    dovecot: Dovecot, imap_user: str, services: Services
) -> None:
    for user, name in ((imap_user, "referrals"), (f"cash-{imap_user}", "cash")):
        dovecot.deliver(user, mail(1))
        poll_once(services, mailbox_of(dovecot, user, name=name))

    assert {submission.programme for submission in stored(services)} == {"referrals", "cash"}


def test_a_person_may_take_mail_away(dovecot: Dovecot, imap_user: str, services: Services) -> None:
    dovecot.deliver(imap_user, mail(1))
    with open_mailbox(mailbox_of(dovecot, imap_user)) as remote:
        remote.select()
        with dovecot.client(imap_user) as client:
            client.select_folder("INBOX")
            client.delete_messages([1])
            client.expunge()

        found = remote.header(1), remote.whole([1]), remote.is_there(1)

    assert found == (None, {}, False)


@pytest.mark.parametrize(
    ("size", "folder"), [(0, "Processed"), (100, "Processed"), (101, "Too large")]
)
def test_only_over_limit_mail_is_set_aside(size: int, folder: str) -> None:
    assert folder_for(size, 100) == folder


@pytest.mark.parametrize(
    ("sizes", "expected"),
    [
        ([], []),
        ([1] * 45, [20, 20, 5]),
        ([BATCH_BYTES, 1, BATCH_BYTES - 1, 1], [1, 2, 1]),
        ([BATCH_BYTES * 5, 1], [1, 1]),
    ],
)
def test_batches_are_small_in_number_and_bytes(sizes: list[int], expected: list[int]) -> None:
    described = [Sized(uid, size, is_deleted=False) for uid, size in enumerate(sizes)]

    cut = list(batches(described))

    assert [len(batch) for batch in cut] == expected
    assert [message for batch in cut for message in batch] == described
