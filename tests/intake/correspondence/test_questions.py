"""Check answers to questions without a person: kept sealed, told of by mail, and about nobody."""

from datetime import timedelta

import pytest

from intake.access import gate
from intake.accounts.accounts import create_with_password
from intake.coordinators import referral as one_referral
from intake.coordinators import referrals
from intake.coordinators.status import Status
from intake.core.errors import Conflict, NotFound
from intake.core.services import Services
from intake.correspondence import questions
from intake.correspondence.case_messages import MessageDraft, MessageInvalid
from intake.correspondence.checked_words import TextRefused
from intake.correspondence.questions import PersonNamed
from intake.filing import case_actions
from intake.triage.endings import finish
from storage.accounts.users import User
from storage.base import new_id
from storage.cases.messages import QuestionMessage
from storage.crypto.sealing import unseal, unseal_bytes
from storage.mail import outbox
from storage.submissions.submissions import Outcome, place
from tests.intake.correspondence.asked_questions import ANSWER, EMAIL, TEXTS, Desk, open_desk
from tests.support.building import Clock
from tests.support.people import plant_user


@pytest.fixture
def desk(sqlite_services: Services) -> Desk:
    """Give a question that stands before the office."""
    return open_desk(sqlite_services)


def test_an_answer_is_told_of_by_a_neutral_mail_to_who_asked(desk: Desk) -> None:
    untold = desk.answer()

    with desk.services.database.reading() as session:
        (row,) = [
            each for each in outbox.of_submission(session, desk.row().id) if each.kind == "MSG1"
        ]
        key = desk.services.keyring.open(session, row.data_key_id)
    assert row.content is not None
    mail = unseal_bytes(key, place("outbox", "content", row.id), row.content).decode()
    assert untold is None
    assert (row.state, unseal(key, place("outbox", "recipient", row.id), row.recipient)) == (
        "due",
        EMAIL,
    )
    assert "There is an answer for you in the service" in mail
    assert desk.reference in mail
    assert "passport" not in mail


def test_an_answer_ends_the_clock_and_is_read_by_who_asked(desk: Desk) -> None:
    before = desk.open_types()

    desk.answer()

    (referral,) = referrals.list_referrals(desk.services, desk.coordinator)
    seen = one_referral.read_referral(
        desk.services, gate.referral_to_read(desk.services, desk.coordinator, desk.reference)
    )
    with desk.services.database.reading() as session:
        message = session.query(QuestionMessage).one()
    assert (before, desk.open_types()) == (["submission"], [])
    assert (referral.status, referral.due_at) == (Status.CLOSED, None)
    assert [(line.is_from_office, line.text) for line in seen.messages] == [(True, ANSWER)]
    assert seen.can_write
    assert desk.row().outcome == Outcome.ANSWERED
    assert message.read_at is not None
    assert b"Kanarie" not in message.text


def test_an_answered_question_is_not_opened_again(desk: Desk) -> None:
    desk.answer()
    opened = gate.submission_to_change(desk.services, desk.officer, desk.reference)

    assert not finish.can_be_opened(desk.services, opened)
    with pytest.raises(Conflict):
        finish.open_again(desk.services, opened)


def test_what_a_coordinator_asks_on_about_a_finished_question_waits(desk: Desk) -> None:
    opened = gate.submission_to_change(desk.services, desk.officer, desk.reference)
    finish.finish_submission(desk.services, opened, Outcome.NOTHING_TO_DO)

    questions.ask_further_question(
        desk.services,
        gate.referral_to_add_to(desk.services, desk.coordinator, desk.reference),
        MessageDraft(new_id(), "Is it enough to have a copy?"),
    )

    assert desk.open_types() == ["coordinator_wrote"]


def test_a_form_that_is_sent_twice_answers_and_tells_once(desk: Desk) -> None:
    message_id = new_id()

    for _ in range(2):
        desk.answer(message_id=message_id)

    with desk.services.database.reading() as session:
        kinds = [row.kind for row in outbox.of_submission(session, desk.row().id)]
        assert session.query(QuestionMessage).count() == 1
    assert kinds.count("MSG1") == 1
    with pytest.raises(Conflict):
        questions.answer_question(
            desk.services,
            TEXTS,
            gate.submission_to_change(
                desk.services, plant_user(desk.services, "Intake officer 2"), desk.reference
            ),
            MessageDraft(message_id, ANSWER),
        )


def test_an_answer_that_points_at_a_person_must_change(desk: Desk) -> None:
    with pytest.raises(TextRefused):
        desk.answer("It is about 19870501-1234.")
    with pytest.raises(MessageInvalid):
        desk.answer(" ")

    assert desk.open_types() == ["submission"]


def test_who_asked_can_ask_on_without_naming_anybody(desk: Desk, clock: Clock) -> None:
    desk.answer()
    clock.advance(timedelta(minutes=1))
    with pytest.raises(PersonNamed):
        questions.ask_further_question(
            desk.services,
            gate.referral_to_add_to(desk.services, desk.coordinator, desk.reference),
            MessageDraft(new_id(), "+46 70 123 45 67"),
        )

    questions.ask_further_question(
        desk.services,
        gate.referral_to_add_to(desk.services, desk.coordinator, desk.reference),
        MessageDraft(new_id(), "And for a child?"),
    )

    view = questions.read_question(
        desk.services, gate.submission_to_change(desk.services, desk.officer, desk.reference)
    )
    assert desk.open_types() == ["coordinator_wrote"]
    assert [line.text for line in view.lines] == [ANSWER, "And for a child?"]
    desk.answer("A child needs one too.")
    assert desk.open_types() == []


def test_when_the_account_has_ended_a_person_calls(desk: Desk) -> None:
    with desk.services.database.transaction() as session:
        account = session.get_one(User, desk.coordinator.id)
        account.disabled_at = desk.services.now()

    untold = desk.answer()

    assert untold == "account_ended"
    assert desk.open_types() == ["call_sender"]


def test_another_coordinator_and_another_programme_see_no_question(desk: Desk) -> None:
    other = create_with_password(
        desk.services, "other@region.example", "COORD", "VAST", "a phrase of the western region"
    )
    cash = plant_user(desk.services, "Cash officer 1", "CASH")

    with pytest.raises(NotFound):
        one_referral.read_referral(
            desk.services, gate.referral_to_read(desk.services, other, desk.reference)
        )
    with pytest.raises(NotFound):
        questions.ask_further_question(
            desk.services,
            gate.referral_to_add_to(desk.services, other, desk.reference),
            MessageDraft(new_id(), "Mine?"),
        )
    with pytest.raises(NotFound):
        questions.read_question(
            desk.services, gate.submission_to_change(desk.services, cash, desk.reference)
        )


def test_an_answer_stays_hers_when_the_question_becomes_a_case(desk: Desk) -> None:
    questions.ask_further_question(
        desk.services,
        gate.referral_to_add_to(desk.services, desk.coordinator, desk.reference),
        MessageDraft(new_id(), "And for a child?"),
    )
    case_actions.open_case(
        desk.services,
        gate.submission_to_file(desk.services, desk.officer, desk.reference),
        with_sender=False,
    )

    seen = one_referral.read_referral(
        desk.services, gate.referral_to_read(desk.services, desk.coordinator, desk.reference)
    )

    assert [line.text for line in seen.messages] == ["And for a child?"]
    assert not questions.read_question(
        desk.services, gate.submission_to_change(desk.services, desk.officer, desk.reference)
    ).is_open
    with pytest.raises(NotFound):
        desk.answer()
