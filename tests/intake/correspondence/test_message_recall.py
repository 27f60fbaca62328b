"""Check that a message to a coordinator waits as mail does, is taken back, and stays at a stop."""

from dataclasses import replace
from datetime import timedelta

import pytest

from intake.access import gate
from intake.accounts.accounts import SignedInUser
from intake.cases import withdrawal
from intake.cases.timeline import timeline
from intake.cases.views import EventKind
from intake.core.services import Services
from intake.correspondence import message_recall
from intake.correspondence.case_messages import new_message_id
from intake.correspondence.message_recall import TakenBackAlready
from intake.outbox.guard import PERSON_WITHDREW
from intake.outbox.undo_send import HasLeft
from storage import audit
from storage.cases.cases import Case
from storage.mail.outbox import OutboxMessage
from storage.submissions import queue_items
from storage.submissions.queue_items import QueueItem, TaskKind
from tests.intake.correspondence.conversations import HARMLESS, Room, open_room
from tests.support.building import Clock
from tests.support.people import plant_user

WAIT = timedelta(seconds=30)


@pytest.fixture
def room(sqlite_services: Services) -> Room:
    """Give a case of a registered coordinator with an account."""
    settings = replace(sqlite_services.settings, undo_seconds=WAIT.total_seconds())
    return open_room(replace(sqlite_services, settings=settings))


def written(room: Room) -> str:
    """Write a message and return its id."""
    message_id = new_message_id()
    room.ask(message_id=message_id)
    return message_id


def take_back(room: Room, message_id: str, user: SignedInUser | None = None) -> str:
    opened = gate.case_to_change(room.services, user or room.officer, room.reference)
    return message_recall.take_back(room.services, opened, message_id)


def undoable(room: Room, user: SignedInUser | None = None) -> message_recall.UndoableMessage | None:
    opened = gate.case_to_read(room.services, user or room.officer, room.reference)
    return message_recall.read_undoable(room.services, opened)


def stop(room: Room) -> None:
    withdrawal.stop_case(
        room.services, gate.case_to_change(room.services, room.officer, room.reference)
    )


def waiting(room: Room) -> list[str]:
    """Return the kinds of the tasks that are open in the case."""
    with room.services.database.reading() as session:
        items = session.query(QueueItem).filter(QueueItem.closed_at.is_(None)).all()
    return sorted(item.kind for item in items if item.kind != TaskKind.SUBMISSION)


def test_nobody_reads_it_and_no_mail_leaves_before_its_time(room: Room, clock: Clock) -> None:
    message_id = written(room)
    sent = undoable(room)

    assert sent == message_recall.UndoableMessage(message_id, clock.now() + WAIT, is_mailed=True)
    assert [mail.next_try_at for mail in room.mails()] == [clock.now() + WAIT]
    clock.advance(WAIT - timedelta(seconds=1))
    assert room.seen() == ()
    clock.advance(timedelta(seconds=1))
    assert [line.text for line in room.seen()] == [HARMLESS]
    assert undoable(room) is None


def test_taken_back_nothing_is_left_of_it_but_the_trail(room: Room, clock: Clock) -> None:
    message_id = written(room)

    assert take_back(room, message_id) == HARMLESS

    assert (room.rows(), room.mails()) == ([], [])
    clock.advance(timedelta(minutes=5))
    assert room.seen() == ()
    events = room.waiting.events(("case", room.waiting.case_id), "case.message")
    assert [event.act for event in events] == ["case.message_written", "case.message_taken_back"]
    assert HARMLESS not in repr([event.detail for event in events])
    with room.services.database.reading() as session:
        assert audit.check_chain(session, room.services.keyring) == []
    with pytest.raises(TakenBackAlready):
        take_back(room, message_id)


def test_what_it_had_answered_waits_again_with_its_holder_and_unread(room: Room) -> None:
    room.reply()
    with room.services.database.transaction() as session:
        (item,) = session.query(QueueItem).filter_by(kind=TaskKind.COORDINATOR_WROTE)
        queue_items.claim(session, item.id, room.officer.id, room.services.now())
    before = waiting(room)
    message_id = written(room)
    assert TaskKind.COORDINATOR_WROTE not in waiting(room)

    take_back(room, message_id)

    assert waiting(room) == before
    with room.services.database.reading() as session:
        (item,) = session.query(QueueItem).filter_by(kind=TaskKind.COORDINATOR_WROTE)
    assert item.claimed_by == room.officer.id
    assert [row.read_at for row in room.rows()] == [None]


def test_the_call_that_stood_for_a_mail_ends_with_it_and_an_older_one_stays(room: Room) -> None:
    room.end_entry()
    first = written(room)
    assert waiting(room) == [TaskKind.CALL_SENDER]
    take_back(room, first)
    assert waiting(room) == []

    written(room)
    second = written(room)
    take_back(room, second)

    assert waiting(room) == [TaskKind.CALL_SENDER]


def test_it_can_be_written_anew_and_is_told_of_once(room: Room, clock: Clock) -> None:
    for _ in range(12):
        take_back(room, written(room))
    room.ask("A better text.")
    clock.advance(WAIT)

    assert [line.text for line in room.seen()] == ["A better text."]
    assert [mail.kind for mail in room.mails()] == ["MSG1"]


def test_a_colleague_takes_nothing_back(room: Room) -> None:
    message_id = written(room)
    colleague = plant_user(room.services, "Intake officer 2")

    assert undoable(room, colleague) is None
    with pytest.raises(TakenBackAlready):
        take_back(room, message_id, colleague)

    assert len(room.rows()) == 1


@pytest.mark.parametrize("message_id", ["", "x" * 32, "0" * 32])
def test_a_message_that_is_none_is_not_taken_back(room: Room, message_id: str) -> None:
    with pytest.raises(TakenBackAlready):
        take_back(room, message_id)


def test_what_has_left_or_is_on_its_way_stays(room: Room, clock: Clock) -> None:
    late, leased = written(room), ""
    clock.advance(WAIT)
    with pytest.raises(HasLeft):
        take_back(room, late)

    leased = written(room)
    with room.services.database.transaction() as session:
        row = session.query(OutboxMessage).filter_by(kind="MSG2").one()
        row.leased_until = clock.now() + timedelta(minutes=1)
    with pytest.raises(HasLeft):
        take_back(room, leased)

    assert len(room.rows()) == 2


def test_a_stop_within_its_time_keeps_it_here_for_good(room: Room, clock: Clock) -> None:
    message_id = written(room)
    clock.advance(WAIT - timedelta(seconds=1))

    stop(room)

    clock.advance(timedelta(days=1))
    assert room.seen() == ()
    assert [(mail.state, mail.reason) for mail in room.mails()] == [("suppressed", PERSON_WITHDREW)]
    with pytest.raises(HasLeft):
        take_back(room, message_id)
    opened = gate.case_to_change(room.services, room.officer, room.reference)
    withdrawal.resume_case(room.services, opened)
    clock.advance(timedelta(days=1))
    assert room.seen() == ()
    with room.services.database.reading() as session:
        case = session.get_one(Case, room.waiting.case_id)
        events = timeline(room.services, session, case, [])
    (kept,) = [each for each in events if each.kind is EventKind.KEPT_BACK]
    assert (kept.text, kept.by) == (HARMLESS, room.officer.label)


def test_a_stop_after_its_time_takes_nothing_from_who_could_read_it(
    room: Room, clock: Clock
) -> None:
    written(room)
    clock.advance(WAIT)

    stop(room)

    assert [line.text for line in room.seen()] == [HARMLESS]


def test_the_sender_finds_nothing_to_send_within_its_time(room: Room, clock: Clock) -> None:
    written(room)

    def due() -> list[str]:
        with room.services.database.reading() as session:
            rows = session.query(OutboxMessage).filter(OutboxMessage.next_try_at <= clock.now())
            return [row.kind for row in rows if row.kind.startswith("MSG")]

    assert due() == []
    clock.advance(WAIT)
    assert due() == ["MSG1"]
