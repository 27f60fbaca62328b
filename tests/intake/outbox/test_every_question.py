"""Put each question of the outbox to each writer of mail: a kind that does not ask fails here.

The writers are those of the source (`test_after_a_stop`), which go through their use cases. The
answer to one question is made bad for everybody, and what still leaves is listed with its reason.
"""

from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta

import pytest

from intake.core.services import Services
from intake.outbox import guard, stop_list, unproven_limits
from intake.outbox.addressees import Trust, recipient_hash
from intake.outbox.unproven_limits import BY_A_PERSON, BY_MACHINE
from storage.crypto.sealing import unseal
from storage.mail.outbox import MailKind, OutboxMessage
from storage.submissions.submissions import Submission, place
from tests.intake.correspondence.conversations import open_room
from tests.intake.outbox.test_after_a_stop import (
    ATTEMPTS,
    REFUSALS,
    SAFE,
    Attempt,
    Scene,
    another_copy,
    answer,
    confirmation,
    link,
    mail_of_a_link,
    notice,
    notice_of_an_answer,
    receipt_of_a_link,
    receipt_of_an_addition,
    receipt_of_mail,
    reminder,
)
from tests.support.building import Clock
from tests.support.rows import Planter
from tests.support.waiting import ADDRESS

ADDRESSES = (ADDRESS, SAFE)
Worsen = Callable[[Scene], None]


def every_submission(scene: Scene, **columns: object) -> None:
    """Give all submissions other columns."""
    with scene.services.database.transaction() as session:
        for row in session.query(Submission):
            for name, value in columns.items():
                setattr(row, name, value)


def the_address_is_stopped(scene: Scene) -> None:
    with scene.services.database.transaction() as session:
        about = scene.room.waiting.submission_id
        for address in ADDRESSES:
            stop_list.stop_address(scene.services, session, address, "bounce_hard", about)


def the_address_got_enough(scene: Scene) -> None:
    services = scene.services
    with services.database.transaction() as session:
        planter = Planter(session, services.keyring, services.now())
        other = planter.submission()
        for address in ADDRESSES:
            for trust in Trust:
                hashed = recipient_hash(services, session, address, trust)
                for _ in range(guard.MAX_TO_REGISTERED):
                    kind = f"T{session.query(OutboxMessage).count()}"
                    # One attempt lets days pass.
                    at = services.now() + timedelta(days=9)
                    planter.message(other, kind=kind, created_at=at, recipient_hash=hashed)


def dmarc_failed(scene: Scene) -> None:
    every_submission(scene, sender_reasons=["address_registered", "dmarc_failed"])


def nothing_proves_the_sender(scene: Scene) -> None:
    every_submission(scene, sender_verdict="unverified")


def the_domain_got_enough(scene: Scene) -> None:
    nothing_proves_the_sender(scene)
    with scene.services.database.transaction() as session:
        for address in ADDRESSES:
            domain = unproven_limits.domain_of(address, None)
            for limits in (BY_MACHINE, BY_A_PERSON):
                for _ in range(limits.to_domain):
                    unproven_limits.note_answer(scene.services, session, limits, domain)


def all_strangers_got_enough(scene: Scene) -> None:
    nothing_proves_the_sender(scene)
    with scene.services.database.transaction() as session:
        for limits in (BY_MACHINE, BY_A_PERSON):
            for number in range(limits.to_all):
                domain = f"other{number}.example"
                unproven_limits.note_answer(scene.services, session, limits, domain)


ACCOUNT = "It goes to the account that sent this, which proved its address."
TYPED = "It goes to an address that was called safe, which no mail claims."
REGISTER = "It goes to the address in the register and answers no mail."
WITHIN = "An enquirer whom nothing proves is answered, within the limits."
# What may leave all the same, and why. A writer that is not named must leave nothing.
LEAVES: dict[Worsen, dict[Attempt, str]] = {
    the_address_is_stopped: {receipt_of_an_addition: ACCOUNT},
    the_address_got_enough: {},
    dmarc_failed: {
        link: TYPED,
        mail_of_a_link: TYPED,
        receipt_of_a_link: TYPED,
        notice: REGISTER,
        notice_of_an_answer: ACCOUNT,
        receipt_of_an_addition: ACCOUNT,
    },
    nothing_proves_the_sender: {
        answer: WITHIN,
        receipt_of_mail: WITHIN,
        link: TYPED,
        mail_of_a_link: TYPED,
        receipt_of_a_link: TYPED,
        notice_of_an_answer: ACCOUNT,
        receipt_of_an_addition: ACCOUNT,
    },
    the_domain_got_enough: {notice_of_an_answer: ACCOUNT, receipt_of_an_addition: ACCOUNT},
    all_strangers_got_enough: {notice_of_an_answer: ACCOUNT, receipt_of_an_addition: ACCOUNT},
}
WRITTEN_BY = {
    MailKind.RECEIPT: (receipt_of_an_addition, receipt_of_a_link, receipt_of_mail),
    MailKind.CONFIRMATION: (confirmation,),
    MailKind.RESEND_REQUEST: (another_copy,),
    MailKind.REMINDER: (reminder,),
    MailKind.ANSWER: (answer,),
    MailKind.NOTICE: (notice, notice_of_an_answer),
    MailKind.LINK: (link, mail_of_a_link),
}


@pytest.fixture
def scene(sqlite_services: Services, clock: Clock) -> Scene:
    """Give a case that goes on."""
    return Scene(sqlite_services, open_room(sqlite_services), clock)


def test_every_kind_of_mail_has_its_writers_here() -> None:
    # Two are about no submission; `test_invitations` and `test_task_mail` put their questions.
    assert set(WRITTEN_BY) == set(MailKind) - {MailKind.INVITATION, MailKind.WARNING}
    assert {each for writers in WRITTEN_BY.values() for each in writers} == set(ATTEMPTS)


@pytest.mark.parametrize("attempt", ATTEMPTS)
def test_each_attempt_writes_its_kind_to_an_address_that_is_made_bad_here(
    scene: Scene, attempt: Attempt
) -> None:
    steps = attempt(scene)
    next(steps)
    with scene.services.database.reading() as session:
        before = {row.id for row in session.query(OutboxMessage)}

    next(steps, None)

    with scene.services.database.reading() as session:
        (row,) = [row for row in session.query(OutboxMessage) if row.id not in before]
        key = scene.services.keyring.open(session, row.data_key_id)
        recipient = unseal(key, place("outbox", "recipient", row.id), row.recipient)
    (kind,) = [kind for kind, writers in WRITTEN_BY.items() if attempt in writers]
    assert recipient in ADDRESSES
    assert row.kind.startswith(kind)


@pytest.mark.parametrize("worsen", LEAVES)
@pytest.mark.parametrize("attempt", ATTEMPTS)
def test_each_writer_asks_each_question(scene: Scene, attempt: Attempt, worsen: Worsen) -> None:
    steps = attempt(scene)
    next(steps)
    worsen(scene)
    before = scene.due()

    with suppress(*REFUSALS):
        next(steps, None)

    assert (len(scene.due()) > len(before)) is (attempt in LEAVES[worsen])
