"""Check members: only who belongs to a case by the register reads and writes its messages."""

from datetime import timedelta

import pytest

from intake.access import coordinator_reach, gate
from intake.accounts.accounts import SignedInUser, create_with_password
from intake.core.errors import NotFound
from intake.core.services import Services
from intake.correspondence import case_messages
from storage.cases import participants
from storage.mail.senders import RegisteredSender
from tests.intake.correspondence.conversations import PHRASE, Room, colleague, entry_of, open_room
from tests.support.building import Clock


@pytest.fixture
def room(sqlite_services: Services) -> Room:
    """Give a case of a registered coordinator with an account."""
    return open_room(sqlite_services)


def may(room: Room, user: SignedInUser) -> bool:
    with room.services.database.reading() as session:
        return coordinator_reach.may_write_in(room.services, session, user, room.waiting.case())


def test_only_who_belongs_to_the_case_may_write(room: Room) -> None:
    neighbour = colleague(room, "neighbour")
    north = colleague(room, "north", "NORD")
    unregistered = create_with_password(
        room.services, "new@region.example", "COORD", "STHLM", PHRASE
    )

    officer = create_with_password(room.services, "o@office.example", "INTAKE", None, PHRASE)

    for stranger in (neighbour, north, unregistered, officer):
        assert not may(room, stranger)
        with pytest.raises(NotFound):
            room.reply(user=stranger)
        with pytest.raises(NotFound):
            room.seen(stranger)
    assert may(room, room.coordinator)
    assert room.rows() == []


def test_who_left_the_register_or_the_case_may_not_write(room: Room) -> None:
    with room.services.database.transaction() as session:
        participants.end(session, room.waiting.case_id, room.waiting.sender_id, room.services.now())
    assert not may(room, room.coordinator)
    with room.services.database.transaction() as session:
        participants.add(session, room.waiting.case_id, room.waiting.sender_id, room.services.now())
    assert may(room, room.coordinator)

    room.end_entry()

    assert not may(room, room.coordinator)


def test_case_of_another_region_is_not_visible(room: Room) -> None:
    room.waiting.change(region="NORD")
    assert not may(room, room.coordinator)

    room.waiting.change(region=None)

    assert not may(room, room.coordinator)


def test_deputy_reads_and_writes_for_the_principal(room: Room, clock: Clock) -> None:
    deputy = colleague(room, "deputy", role="COORD-DEP")
    assert not may(room, deputy)
    with room.services.database.transaction() as session:
        entry = session.get_one(RegisteredSender, entry_of(room, "deputy").id)
        entry.deputy_for = room.waiting.sender_id
    room.reply("From the principal.")
    clock.advance(timedelta(minutes=1))
    room.reply("From the deputy.", deputy)

    assert [line.text for line in room.seen(deputy)] == ["From the principal.", "From the deputy."]
    assert room.seen(deputy) == room.seen()


def test_message_of_another_participant_is_not_visible(room: Room) -> None:
    second = colleague(room, "second")
    with room.services.database.transaction() as session:
        participants.add(
            session, room.waiting.case_id, entry_of(room, "second").id, room.services.now()
        )
    room.waiting.arrive("REF-FORM", sender_id=entry_of(room, "second").id, region="STHLM")
    room.reply("From the second.", second)
    first = case_messages.read_conversation(
        room.services,
        gate.conversation_to_write(
            room.services, room.coordinator, _reference_of(room, room.waiting.submission_ids[0])
        ),
    )

    assert first == ()
    assert [line.text for line in room.seen(second)] == ["From the second."]


def _reference_of(room: Room, submission_id: str) -> str:
    kept = room.waiting.submission_ids
    room.waiting.submission_ids = [submission_id]
    reference = room.waiting.reference()
    room.waiting.submission_ids = kept
    return reference
