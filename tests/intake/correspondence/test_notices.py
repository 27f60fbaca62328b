"""Check the mail about a message: neutral, one each, and none where it may not go."""

import email
import email.policy

import pytest

from intake.core.services import Services
from intake.outbox import stop_list
from tests.intake.correspondence.conversations import Room, open_room
from tests.support.waiting import ADDRESS


@pytest.fixture
def room(sqlite_services: Services) -> Room:
    """Give a case of a registered coordinator with an account."""
    return open_room(sqlite_services)


def test_notice_is_one_neutral_mail(room: Room) -> None:
    assert room.ask() is None

    (mail,) = room.mails()
    assert (mail.kind, mail.state) == ("MSG1", "due")
    letter = email.message_from_bytes(room.waiting.letter(mail), policy=email.policy.default)
    body = letter.get_content()
    assert letter["To"] == ADDRESS
    assert letter["Subject"] == f"Referens / Reference {room.referral_code}"
    assert "There is a question for you in the service." in body
    assert "second page" not in body
    assert room.reference not in body


def test_each_message_has_its_own_mail_and_nine_are_enough(room: Room) -> None:
    refused = [room.ask() for _ in range(10)]

    assert [mail.kind for mail in room.mails()] == [f"MSG{number}" for number in range(1, 10)]
    assert refused == [None] * 9 + ["told_often_enough"]
    assert len(room.rows()) == 10


def test_who_left_the_register_is_called_instead(room: Room) -> None:
    room.end_entry()

    assert room.ask() == "region_vacant"

    assert room.mails() == []
    tasks = {(item.kind, item.reason) for item in room.waiting.items()}
    assert ("call_sender", "region_vacant") in tasks


def test_a_stopped_address_gets_nothing(room: Room) -> None:
    with room.services.database.transaction() as session:
        stop_list.stop_address(
            room.services, session, ADDRESS, "bounced", room.waiting.submission_id
        )

    assert room.ask() == "address_stopped"

    (mail,) = room.mails()
    assert (mail.state, mail.recipient, mail.content) == ("suppressed", None, None)
    assert ("call_sender", "address_stopped") in {
        (item.kind, item.reason) for item in room.waiting.items()
    }
