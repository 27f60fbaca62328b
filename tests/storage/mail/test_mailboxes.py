"""Check how far a folder is said to be read, and since when it cannot be."""

from datetime import timedelta

from intake.core.services import Services
from storage.mail import mailboxes
from tests.support.building import Clock


def test_a_cursor_is_made_at_first_sight(services: Services, clock: Clock) -> None:
    first_seen_at = clock.now()
    for _ in range(2):
        with services.database.transaction() as session:
            mailboxes.cursor_for(session, "referrals", "INBOX", clock.now())
        clock.advance(timedelta(hours=1))

    with services.database.reading() as session:
        (cursor,) = mailboxes.all_cursors(session)
    assert (cursor.last_uid, cursor.uid_validity, cursor.failures) == (0, None, 0)
    assert cursor.watched_since == first_seen_at


def test_a_poll_is_recorded(services: Services, clock: Clock) -> None:
    with services.database.transaction() as session:
        mailboxes.note_poll(session, "referrals", "INBOX", 2**32 - 1, 2**32 - 2, clock.now())

    with services.database.reading() as session:
        (cursor,) = mailboxes.all_cursors(session)
    assert (cursor.uid_validity, cursor.last_uid) == (2**32 - 1, 2**32 - 2)
    assert cursor.polled_at == clock.now()


def test_failures_are_counted_and_remember_their_beginning(
    services: Services, clock: Clock
) -> None:
    failed_first_at = clock.now()
    for error in ("imap_away", "imap_refused"):
        with services.database.transaction() as session:
            mailboxes.note_failure(session, "referrals", "INBOX", error, clock.now())
        clock.advance(timedelta(minutes=1))

    with services.database.reading() as session:
        (cursor,) = mailboxes.all_cursors(session)
    assert (cursor.failures, cursor.error) == (2, "imap_refused")
    assert cursor.failed_at == failed_first_at


def test_a_poll_after_failures_clears_them(services: Services, clock: Clock) -> None:
    with services.database.transaction() as session:
        mailboxes.note_failure(session, "referrals", "INBOX", "imap_away", clock.now())
        mailboxes.note_poll(session, "referrals", "INBOX", 7, 1, clock.now())

    with services.database.reading() as session:
        (cursor,) = mailboxes.all_cursors(session)
    assert (cursor.failures, cursor.error, cursor.failed_at) == (0, None, None)


def test_a_poll_that_had_to_leave_something_says_since_when(
    services: Services, clock: Clock
) -> None:
    left_first_at = clock.now()
    for _ in range(2):
        with services.database.transaction() as session:
            mailboxes.note_poll(
                session, "referrals", "INBOX", 7, 1, clock.now(), error="message_refused"
            )
        clock.advance(timedelta(minutes=1))

    with services.database.reading() as session:
        (cursor,) = mailboxes.all_cursors(session)
    assert (cursor.error, cursor.failed_at) == ("message_refused", left_first_at)
    assert cursor.polled_at == clock.now() - timedelta(minutes=1)


def test_each_folder_of_each_mailbox_has_its_own(services: Services, clock: Clock) -> None:
    with services.database.transaction() as session:
        for source, folder in (("b", "INBOX"), ("a", "INBOX"), ("a", "Processed")):
            mailboxes.cursor_for(session, source, folder, clock.now())

    with services.database.reading() as session:
        found = {(cursor.source, cursor.folder) for cursor in mailboxes.all_cursors(session)}
    assert found == {("a", "INBOX"), ("a", "Processed"), ("b", "INBOX")}
