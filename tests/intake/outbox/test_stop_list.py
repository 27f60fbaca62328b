"""Check the stop list: who sees which address, and who lets mail go there again."""

import pytest

from intake.core.errors import NotFound
from intake.core.services import Services
from intake.outbox import stop_list
from storage import audit
from storage.base import new_id
from storage.crypto.sealing import seal
from storage.mail import outbox
from storage.mail.outbox import OutboxMessage
from storage.submissions.submissions import Submission, place
from tests.portal import samples
from tests.support.people import plant_user

THEIRS = "anna@partner.example"


def stopped_submission(services: Services, address: str = THEIRS, **options: str) -> str:
    """Put in a submission whose answer to an address came back for good."""
    made = samples.seed(services, **options)
    with services.database.transaction() as session:
        submission = session.get_one(Submission, made.submission_id)
        key = services.keyring.open(session, submission.data_key_id)
        row = OutboxMessage(
            id=new_id(),
            submission_id=submission.id,
            data_key_id=key.id,
            kind="ANS1",
            state="sent",
            message_id=f"<{new_id()}@localhost>",
            created_at=services.now(),
        )
        row.recipient = seal(key, place("outbox", "recipient", row.id), address)
        session.add(row)
        session.flush()
        outbox.note_bounce(session, row.id, "5.1.1", services.now())
        stop_list.stop_address(services, session, address, "bounce_hard", submission.id)
    return made.reference


def is_stopped(services: Services, address: str) -> bool:
    with services.database.reading() as session:
        return stop_list.is_stopped(services, session, address)


def test_a_stopped_address_is_stopped_in_any_spelling(services: Services) -> None:
    stopped_submission(services)

    assert is_stopped(services, "Anna@Partner.Example")
    assert not is_stopped(services, "anna@else.example")
    assert not is_stopped(services, "")


def test_the_list_tells_address_status_and_submission(services: Services) -> None:
    reference = stopped_submission(services)

    (row,) = stop_list.stopped_list(services, plant_user(services))

    assert (row.address, row.status, row.reference) == (THEIRS, "5.1.1", reference)
    assert (row.reason, row.since_at) == ("bounce_hard", services.now())


def test_reading_the_list_is_written_down_without_an_address(services: Services) -> None:
    stopped_submission(services)
    stop_list.stopped_list(services, plant_user(services))

    with services.database.reading() as session:
        events = audit.of_subject(session, "addresses", "stopped")
        (shown,) = [row.id for row in session.query(Submission)]
    detail = {"number": 1, "shown": [shown]}
    assert [(event.act, event.detail) for event in events] == [("addresses.listed", detail)]


def test_each_programme_sees_its_own(services: Services) -> None:
    stopped_submission(services, programme="cash")
    intake, cash = plant_user(services), plant_user(services, "Cash officer 1", "CASH")

    assert stop_list.stopped_list(services, intake) == []
    (row,) = stop_list.stopped_list(services, cash)
    with pytest.raises(NotFound):
        stop_list.lift_stop(services, intake, row.address_hash)
    assert is_stopped(services, THEIRS)


def test_a_lifted_address_is_written_to_again_and_may_be_stopped_again(services: Services) -> None:
    reference = stopped_submission(services)
    user = plant_user(services)
    (row,) = stop_list.stopped_list(services, user)

    stop_list.lift_stop(services, user, row.address_hash)

    assert not is_stopped(services, THEIRS)
    assert stop_list.stopped_list(services, user) == []
    with pytest.raises(NotFound):
        stop_list.lift_stop(services, user, row.address_hash)
    assert stopped_submission(services) != reference
    assert is_stopped(services, THEIRS)


@pytest.mark.parametrize("address_hash", ["", "x", "0" * 64])
def test_nothing_else_can_be_lifted(sqlite_services: Services, address_hash: str) -> None:
    user = plant_user(sqlite_services)

    with pytest.raises(NotFound):
        stop_list.lift_stop(sqlite_services, user, address_hash)


def test_stopping_twice_is_one_stop(services: Services) -> None:
    stopped_submission(services)
    reference = stopped_submission(services, "anna@partner.example")

    with services.database.reading() as session:
        submission = session.query(Submission).filter_by(reference=reference).one()
        events = audit.of_subject(session, "submission", submission.id)
    assert "address.stopped" not in {event.act for event in events}
