"""Check that a due message is leased to one sender at a time until the server took it."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from intake.core.services import Services
from storage.errors import Conflict
from storage.mail import outbox, outbox_sending
from storage.mail.outbox import MailKind, MessageState, OutboxMessage
from tests.support.building import Clock
from tests.support.rows import Planter
from tests.support.threads import run_together

LEASE = timedelta(minutes=2)
# Every kind of mail, and whether it waits until nobody can take it back any more.
WAITS = {
    MailKind.RECEIPT: False,
    MailKind.CONFIRMATION: True,
    MailKind.RESEND_REQUEST: True,
    MailKind.REMINDER: False,
    MailKind.ANSWER: True,
    MailKind.NOTICE: True,
    MailKind.LINK: True,
    # Its account can be ended, which keeps it back, and its text is nobody's.
    MailKind.INVITATION: False,
    # Somebody may be in danger: it goes at once, also where an officer escalates.
    MailKind.WARNING: False,
}
Plant = Callable[..., str]


@pytest.fixture
def write(services: Services, clock: Clock) -> Plant:
    """Give what writes a due message, with changes, and returns its id."""

    def written(**changes: object) -> str:
        with services.database.transaction() as session:
            planter = Planter(session, services.keyring, clock.now())
            return planter.message(planter.submission(), **changes).id

    return written


def lease(services: Services, clock: Clock, limit: int = 10) -> list[str]:
    """Lease what is due now and return the ids."""
    with services.database.transaction() as session:
        return [
            message.id
            for message in outbox_sending.lease_due(session, clock.now(), LEASE, limit=limit)
        ]


def found(services: Services, message_id: str) -> OutboxMessage:
    """Return one message as it stands."""
    with services.database.reading() as session:
        return session.get_one(OutboxMessage, message_id)


def test_a_due_message_is_leased_once(services: Services, clock: Clock, write: Plant) -> None:
    message_id = write()

    assert lease(services, clock) == [message_id]
    assert lease(services, clock) == []
    assert found(services, message_id).attempts == 1


def test_an_expired_lease_is_given_again(services: Services, clock: Clock, write: Plant) -> None:
    message_id = write()
    lease(services, clock)

    clock.advance(LEASE + timedelta(seconds=1))

    assert lease(services, clock) == [message_id]
    assert found(services, message_id).attempts == 2


def test_a_lease_that_is_extended_is_kept_longer(
    services: Services, clock: Clock, write: Plant
) -> None:
    message_id = write()
    lease(services, clock)

    with services.database.transaction() as session:
        outbox_sending.extend_lease(session, message_id, clock.now() + 3 * LEASE)
    clock.advance(2 * LEASE)

    assert lease(services, clock) == []
    assert found(services, message_id).attempts == 1


def test_what_is_not_due_is_not_leased(services: Services, clock: Clock, write: Plant) -> None:
    write(next_try_at=clock.now() + timedelta(seconds=1))
    for state in (MessageState.SENT, MessageState.FAILED, MessageState.SUPPRESSED):
        write(state=state)

    assert lease(services, clock) == []


def test_the_longest_waiting_are_leased_first(
    services: Services, clock: Clock, write: Plant
) -> None:
    now = clock.now()
    late = write(next_try_at=now - timedelta(minutes=1))
    early = write(next_try_at=now - timedelta(minutes=2))

    assert lease(services, clock, limit=1) == [early]
    assert lease(services, clock, limit=1) == [late]


def test_senders_at_once_never_lease_the_same(
    services: Services, clock: Clock, write: Plant
) -> None:
    written = {write() for _ in range(12)}

    outcome = run_together(4, lambda _number: lease(services, clock, limit=5))

    assert outcome.errors == []
    leased = [message_id for result in outcome.results for message_id in result]
    assert len(leased) == len(set(leased))
    assert set(leased) | set(lease(services, clock, limit=12)) == written


@pytest.mark.parametrize("state", list(MessageState))
def test_only_a_due_message_waits(
    services: Services, clock: Clock, write: Plant, state: MessageState
) -> None:
    write(state=state)

    with services.database.reading() as session:
        assert outbox_sending.any_due(session, clock.now()) is (state is MessageState.DUE)
        assert outbox.oldest_due(session) == (clock.now() if state is MessageState.DUE else None)


def test_a_later_message_is_not_due_yet(services: Services, clock: Clock, write: Plant) -> None:
    write(next_try_at=clock.now() + timedelta(hours=1))

    with services.database.reading() as session:
        assert not outbox_sending.any_due(session, clock.now())
        assert outbox_sending.any_due(session, clock.now() + timedelta(hours=1))


def test_a_sent_message_is_done(services: Services, clock: Clock, write: Plant) -> None:
    message_id = write(reason="away")
    lease(services, clock)

    with services.database.transaction() as session:
        outbox_sending.mark_sent(session, message_id, clock.now())

    message = found(services, message_id)
    assert (message.state, message.sent_at, message.reason) == ("sent", clock.now(), "")
    assert message.leased_until is None


def test_a_delayed_message_stays_due(services: Services, clock: Clock, write: Plant) -> None:
    message_id = write()
    lease(services, clock)
    later = clock.now() + timedelta(minutes=5)

    with services.database.transaction() as session:
        outbox_sending.mark_delayed(session, message_id, later, "greylisted")

    message = found(services, message_id)
    assert (message.state, message.reason, message.next_try_at) == ("due", "greylisted", later)
    assert lease(services, clock) == []
    clock.advance(timedelta(minutes=5))
    assert lease(services, clock) == [message_id]


def test_a_failed_message_is_given_up_once(services: Services, clock: Clock, write: Plant) -> None:
    message_id = write()

    with services.database.transaction() as session:
        assert outbox_sending.mark_failed(session, message_id, "no_such_user")
        assert not outbox_sending.mark_failed(session, message_id, "again")

    assert found(services, message_id).reason == "no_such_user"
    assert lease(services, clock) == []


def test_a_sent_message_stays_sent_whatever_comes_later(
    services: Services, clock: Clock, write: Plant
) -> None:
    message_id = write()
    with services.database.transaction() as session:
        outbox_sending.mark_sent(session, message_id, clock.now())
        clock.advance(timedelta(minutes=1))
        outbox_sending.mark_delayed(session, message_id, clock.now(), "late")
        outbox_sending.mark_failed(session, message_id, "late")
        outbox_sending.mark_sent(session, message_id, clock.now())

    message = found(services, message_id)
    assert (message.state, message.reason) == ("sent", "")
    assert message.sent_at == clock.now() - timedelta(minutes=1)


def test_what_was_written_to_an_address_is_counted_without_suppressed_ones(
    services: Services, clock: Clock, write: Plant
) -> None:
    write(recipient_hash="a" * 64, created_at=clock.now() - timedelta(hours=2))
    write(recipient_hash="a" * 64, state=MessageState.SUPPRESSED)
    write(recipient_hash="a" * 64, state=MessageState.SENT)
    write(recipient_hash="a" * 64)
    write(recipient_hash="b" * 64)

    with services.database.reading() as session:
        assert outbox.count_to(session, "a" * 64, clock.now() - timedelta(hours=1)) == 2


def test_a_submission_gets_each_kind_once(services: Services, clock: Clock) -> None:
    with services.database.transaction() as session:
        planter = Planter(session, services.keyring, clock.now())
        submission = planter.submission()
        planter.message(submission, kind="R1")
        planter.message(submission, kind="R2")

    with services.database.reading() as session:
        assert outbox.has(session, submission.id, "R1")
        assert not outbox.has(session, submission.id, "R3")
        assert len(outbox.of_submission(session, submission.id)) == 2
    with pytest.raises(Conflict), services.database.transaction() as session:
        Planter(session, services.keyring, clock.now()).message(submission, kind="R1")


def test_a_message_id_leads_to_the_submission_that_it_answered(
    services: Services, write: Plant
) -> None:
    message = found(services, write())

    def answered(message_ids: list[str]) -> list[str]:
        with services.database.reading() as session:
            return outbox.answers(session, message_ids)

    assert answered([message.message_id, "<other@example.org>"]) == [message.submission_id]
    assert answered([]) == []
    assert answered([message.message_id.upper()]) == []


@pytest.mark.parametrize(
    ("code", "waits"), [(code, WAITS[kind]) for kind in MailKind for code in outbox.codes_of(kind)]
)
def test_what_an_officer_sends_can_be_taken_back_and_the_rest_cannot(
    code: str, waits: bool
) -> None:
    assert outbox.is_by_officer(code) is waits
