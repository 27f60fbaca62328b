"""Check messages of a case.

What may stand in one, who reads it, and notes that nobody else sees.
"""

from datetime import timedelta

import pytest

from intake.access import gate
from intake.access.find import CaseMoved
from intake.cases.ownership import closing
from intake.coordinators import referrals
from intake.core.errors import Conflict, NotFound
from intake.core.services import Services
from intake.correspondence import case_messages
from intake.correspondence.case_messages import MessageDraft, MessageInvalid, new_message_id
from intake.correspondence.checked_words import TextRefused
from storage import audit
from storage.cases.cases import Case
from storage.submissions.queue_items import TaskKind
from storage.submissions.submissions import Submission
from tests.intake.correspondence.conversations import CANARY, HARMLESS, Room, open_room
from tests.support.building import Clock
from tests.support.people import plant_user
from tests.support.rows import Planter


@pytest.fixture
def room(sqlite_services: Services) -> Room:
    """Give a case of a registered coordinator with an account."""
    return open_room(sqlite_services)


def test_a_message_is_sealed_and_read_on_both_sides(room: Room) -> None:
    room.ask()

    (row,) = room.rows()
    assert HARMLESS.encode() not in row.text
    (line,) = room.seen()
    assert (line.text, line.is_from_office, line.by) == (HARMLESS, True, room.officer.label)
    assert room.rows()[0].read_at is not None


def test_the_same_form_twice_is_one_message_and_one_mail(room: Room) -> None:
    message_id = new_message_id()

    for _ in range(3):
        room.ask(message_id=message_id)

    assert (len(room.rows()), len(room.mails())) == (1, 1)


def test_another_persons_form_is_not_taken_over(room: Room) -> None:
    message_id = new_message_id()
    room.ask(message_id=message_id)
    other = plant_user(room.services, "Intake officer 2")

    with pytest.raises(Conflict):
        case_messages.write_note(
            room.services,
            gate.case_to_change(room.services, other, room.reference),
            MessageDraft(message_id, "x"),
        )


@pytest.mark.parametrize("text", ["", " \n\t ", "x" * 2001])
def test_a_text_that_cannot_be_one_is_refused(room: Room, text: str) -> None:
    for write in (room.ask, room.note, room.reply):
        with pytest.raises(MessageInvalid):
            write(text)

    assert room.rows() == []


def test_what_must_change_keeps_the_message_here(room: Room) -> None:
    with pytest.raises(TextRefused) as refused:
        room.ask("She is in a shelter.")

    digest = MessageDraft("", "She is in a shelter.").digest
    with pytest.raises(TextRefused):
        room.ask("She is in a shelter.", confirmed=digest)
    assert "whereabouts_word" in {finding.code for finding in refused.value.findings}
    assert (room.rows(), room.mails()) == ([], [])


def test_the_person_and_the_programme_may_be_named_to_who_signs_in(room: Room) -> None:
    text = "Please send the decision on asylum of Demoperson Testsson."

    room.ask(text)

    assert len(room.rows()) == 1
    # What the mail says of it is the office's own text, as ever.
    assert len(room.mails()) == 1


def test_what_is_only_to_be_looked_at_leaves_once_it_was_read(room: Room) -> None:
    text = "Is the address still right?"
    with pytest.raises(TextRefused):
        room.ask(text)
    with pytest.raises(TextRefused):
        room.ask(text, confirmed=MessageDraft("", "Is that address right?").digest)

    room.ask(text, confirmed=MessageDraft("", text).digest)

    assert len(room.rows()) == 1


def test_a_note_never_reaches_a_coordinator(room: Room, clock: Clock) -> None:
    room.note()
    room.ask()
    room.note(f"{CANARY} again")
    clock.advance(timedelta(minutes=1))
    room.reply()

    seen = room.seen()
    listed = referrals.list_referrals(room.services, room.coordinator)
    mails = b"".join(room.waiting.letter(mail) for mail in room.mails())

    assert len(room.rows()) == 4
    assert [line.is_from_office for line in seen] == [True, False]
    assert CANARY not in repr((seen, listed))
    assert CANARY.encode() not in mails


def test_a_note_writes_no_mail_and_its_audit_row_holds_no_word(room: Room) -> None:
    room.note()

    assert room.mails() == []
    events = room.waiting.events(("case", room.waiting.case_id), "case.note")
    assert [event.actor for event in events] == [room.officer.actor]
    assert CANARY not in repr([event.detail for event in events])


def test_coordinators_message_is_unread_until_the_office_marks_it(room: Room) -> None:
    room.reply()
    (row,) = room.rows()
    assert (row.kind, row.read_at) == ("from_coordinator", None)

    marked = [
        case_messages.mark_read(
            room.services, gate.case_to_change(room.services, room.officer, room.reference)
        )
        for _ in range(2)
    ]

    assert marked == [1, 0]
    assert room.rows()[0].read_at is not None


def test_reading_by_the_office_does_not_mark_its_own_messages(room: Room) -> None:
    room.ask()

    case_messages.mark_read(
        room.services, gate.case_to_change(room.services, room.officer, room.reference)
    )

    assert room.rows()[0].read_at is None


def test_what_was_merged_in_stays_readable(room: Room) -> None:
    room.ask()
    old = room.waiting.case()
    with room.services.database.transaction() as session:
        into = Planter(session, room.services.keyring, room.services.now()).case()
        session.get_one(Case, old.id).merged_into = into.id
        session.get_one(Submission, room.waiting.submission_id).case_id = into.id

    (line,) = room.seen()

    assert line.text == HARMLESS
    with pytest.raises(CaseMoved):
        case_messages.write_note(
            room.services,
            gate.case_to_change(room.services, room.officer, old.reference),
            MessageDraft(new_message_id(), "x"),
        )


def test_another_programme_writes_nothing(room: Room) -> None:
    cash = plant_user(room.services, "Cash officer 1", "CASH")

    with pytest.raises(NotFound):
        case_messages.write_note(
            room.services,
            gate.case_to_change(room.services, cash, room.reference),
            MessageDraft(new_message_id(), "x"),
        )


def test_coordinators_message_lets_the_reminders_begin_anew(room: Room, clock: Clock) -> None:
    room.waiting.refresh()
    before = room.waiting.case().missing_since_at
    clock.advance(timedelta(days=2))

    room.reply()

    after = room.waiting.case().missing_since_at
    assert before is not None
    assert after is not None
    assert after > before


def test_every_look_of_hers_is_in_the_trail(room: Room) -> None:
    room.seen()

    events = room.waiting.events(("case", room.waiting.case_id), "case.conversation")
    assert [event.actor for event in events] == [room.coordinator.actor]
    with room.services.database.reading() as session:
        assert audit.check_chain(session, room.services.keyring) == []


def test_a_coordinators_message_opens_a_case_that_was_closed(room: Room) -> None:
    services = room.services
    room.note()
    before = room.waiting.case().state
    with services.database.transaction() as session:
        mail = session.get_one(Submission, room.waiting.submission_id)
        mail.state, mail.outcome = "CLOSED", "nothing_to_do"
    closing.close_case(services, gate.case_to_change(services, room.officer, room.reference))
    assert room.waiting.case().state == "CLOSED"

    room.reply("We have one more paper.")

    assert room.waiting.case().state == before
    assert TaskKind.COORDINATOR_WROTE in {
        each.kind for each in room.waiting.items() if not each.closed_at
    }
