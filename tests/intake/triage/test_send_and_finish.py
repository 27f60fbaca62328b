"""Check sending and finishing in one: both or neither, once, and back until the mail has left."""

from datetime import timedelta

import pytest

from intake.access import gate
from intake.access.edit_conflicts import ChangedMeanwhile
from intake.access.opened import OpenedToChange
from intake.accounts.accounts import SignedInUser
from intake.cases import withdrawal
from intake.core.errors import Conflict
from intake.correspondence import answers
from intake.correspondence.answers import AnswerApproval, AnswerDraft, LetterChanged
from intake.correspondence.recipients import AnswerTools
from intake.outbox.undo_send import EndsWithIt, HasLeft
from intake.queues.tasks import add_task
from intake.reference_data.prepared_answers import PURPOSES, AnswerWriter, find_answer
from intake.triage import decisions
from intake.triage.decisions import HoldReason
from intake.triage.endings import finish, outcomes, recall
from intake.triage.endings.outcomes import HasOtherEnd, ProtectionOpen
from storage import audit
from storage.cases import cases
from storage.cases.cases import Case
from storage.database import Session
from storage.mail.outbox import MessageState, OutboxMessage
from storage.submissions.queue_items import TaskKind
from storage.submissions.submissions import Submission
from tests.intake.correspondence.answer_forms import CALL, reference_of, sent
from tests.intake.documents.held import Held, seed_held
from tests.portal.building import Clock, build_services
from tests.support.building import MAIL_TEXTS
from tests.support.people import plant_user
from tests.support.rows import Planter

WAIT = timedelta(seconds=30)


@pytest.fixture
def clock() -> Clock:
    """Give the clock of the services."""
    return Clock()


@pytest.fixture
def office(tmp_path_factory: pytest.TempPathFactory, clock: Clock) -> AnswerTools:
    """Give an office whose officers have thirty seconds to undo a sending."""
    services = build_services(tmp_path_factory.mktemp("office"), clock, undo_seconds="30")
    return AnswerTools(services, AnswerWriter(MAIL_TEXTS), find_answer)


@pytest.fixture
def held(office: AnswerTools) -> Held:
    """Give mail of a registered sender that is in no case."""
    options = {"with_case": False, "state": "HOLDING", "queue": "Q3", "kind": "submission"}
    return seed_held(office.services, **options)


@pytest.fixture
def officer(office: AnswerTools) -> SignedInUser:
    """Give an intake officer."""
    return plant_user(office.services)


def opened(held: Held, officer: SignedInUser) -> OpenedToChange[Submission]:
    return gate.submission_to_change(held.services, officer, reference_of(held))


def approval(
    office: AnswerTools,
    held: Held,
    officer: SignedInUser,
    draft: AnswerDraft = CALL,
    seen: int | None = None,
) -> AnswerApproval:
    """Return what the form carries after a preview."""
    shown = answers.preview_answer(office, opened(held, officer), draft).answer.digest
    return AnswerApproval("ANS1", shown, is_read=False, seen_version=seen)


def send(office: AnswerTools, held: Held, officer: SignedInUser, draft: AnswerDraft = CALL) -> None:
    """Send an answer and finish."""
    finish.send_and_finish(
        office, opened(held, officer), draft, approval(office, held, officer, draft)
    )


def state(held: Held) -> tuple[str, str | None]:
    with held.services.database.reading() as session:
        row = session.get_one(Submission, held.submission_id)
        return row.state, row.outcome


def test_the_answer_leaves_and_the_submission_ends(
    office: AnswerTools, held: Held, officer: SignedInUser
) -> None:
    send(office, held, officer)

    assert [row.kind for row in sent(held)] == ["ANS1"]
    assert state(held) == ("CLOSED", "answered")
    (ending,) = held.events("submission.finished")
    assert ending.detail["mail"] == "ANS1"


@pytest.mark.parametrize("code", list(outcomes.BY_ANSWER))
def test_an_answer_that_says_where_to_turn_ends_it_so(
    office: AnswerTools, held: Held, officer: SignedInUser, code: str
) -> None:
    send(office, held, officer, AnswerDraft(code, "sv"))

    assert state(held)[1] == outcomes.BY_ANSWER[code]
    assert code in PURPOSES


def test_the_same_form_twice_sends_one_mail_and_ends_once(
    office: AnswerTools, held: Held, officer: SignedInUser
) -> None:
    form = approval(office, held, officer)

    for _ in range(2):
        finish.send_and_finish(office, opened(held, officer), CALL, form)

    assert len(sent(held)) == len(held.events("submission.finished")) == 1


def test_what_was_sent_alone_is_finished_without_a_second_mail(
    office: AnswerTools, held: Held, officer: SignedInUser
) -> None:
    form = approval(office, held, officer)
    answers.send_answer(office, opened(held, officer), CALL, form)

    finish.send_and_finish(office, opened(held, officer), CALL, form)

    assert len(sent(held)) == 1
    assert state(held) == ("CLOSED", "answered")


def test_nothing_is_sent_when_it_cannot_be_finished(
    office: AnswerTools, held: Held, officer: SignedInUser
) -> None:
    services, kind = held.services, TaskKind.PROTECTION_SIGN
    with services.database.transaction() as session:
        add_task(services, session, held.submission_id, kind=kind, reason=kind)

    with pytest.raises(ProtectionOpen):
        send(office, held, officer)

    assert sent(held) == []
    assert state(held) == ("HOLDING", None)


def test_what_has_a_case_with_others_is_not_finished_by_an_answer(
    office: AnswerTools, officer: SignedInUser
) -> None:
    filed = seed_held(office.services)
    with office.services.database.transaction() as session:
        planter = Planter(session, office.services.keyring, office.services.now())
        planter.submission(case_id=case_of(session, filed).id, state="QUEUED")

    with pytest.raises(HasOtherEnd):
        send(office, filed, officer)

    assert sent(filed) == []


def case_of(session: Session, held: Held) -> Case:
    case = cases.by_id(session, session.get_one(Submission, held.submission_id).case_id)
    assert case is not None
    return case


def test_an_answer_that_a_stop_kept_back_lets_it_wait_again(
    office: AnswerTools, officer: SignedInUser
) -> None:
    filed, services = seed_held(office.services), office.services
    send(office, filed, officer)
    assert state(filed) == ("CLOSED", "answered")
    with services.database.reading() as session:
        code = case_of(session, filed).reference

    withdrawal.stop_case(services, gate.case_to_change(services, officer, code))

    assert state(filed) == ("QUEUED", None)
    assert [row.state for row in sent(filed)] == [MessageState.SUPPRESSED]


def test_it_is_not_finished_when_the_words_changed_or_a_colleague_decided(
    office: AnswerTools, held: Held, officer: SignedInUser
) -> None:
    services = held.services
    with services.database.reading() as session:
        seen = audit.newest_number(session)
    form = approval(office, held, officer, seen=seen)
    with pytest.raises(LetterChanged):
        finish.send_and_finish(office, opened(held, officer), AnswerDraft("call_us", "en"), form)
    decisions.hold_submission(services, opened(held, officer), HoldReason.SENDER_UNSURE)

    with pytest.raises(ChangedMeanwhile):
        finish.send_and_finish(office, opened(held, officer), CALL, form)

    assert sent(held) == []
    assert state(held) == ("HOLDING", None)


def test_opened_again_in_time_it_takes_the_mail_back(
    office: AnswerTools, held: Held, officer: SignedInUser
) -> None:
    send(office, held, officer)
    assert finish.can_be_opened(held.services, opened(held, officer))

    finish.open_again(held.services, opened(held, officer))

    assert sent(held) == []
    assert state(held) == ("HOLDING", None)
    assert ("Q3", "submission") in held.open_types()
    assert [event.detail for event in held.events("mail.taken_back")] == [{"sent": "ANS1"}]


def test_once_the_mail_may_have_left_it_stays_finished(
    office: AnswerTools, held: Held, officer: SignedInUser, clock: Clock
) -> None:
    send(office, held, officer)
    clock.move(WAIT)

    assert not finish.can_be_opened(held.services, opened(held, officer))
    with pytest.raises(HasLeft):
        finish.open_again(held.services, opened(held, officer))

    assert state(held) == ("CLOSED", "answered")
    assert [row.kind for row in sent(held)] == ["ANS1"]


def test_a_mail_that_was_kept_back_has_not_left(
    office: AnswerTools, held: Held, officer: SignedInUser, clock: Clock
) -> None:
    send(office, held, officer)
    clock.move(WAIT)
    with held.services.database.transaction() as session:
        session.get_one(OutboxMessage, sent(held)[0].id).state = MessageState.SUPPRESSED

    finish.open_again(held.services, opened(held, officer))

    assert state(held) == ("HOLDING", None)


def test_the_mail_alone_is_not_taken_back_from_what_ends_with_it(
    office: AnswerTools, held: Held, officer: SignedInUser
) -> None:
    send(office, held, officer)

    with held.services.database.transaction() as session:
        submission = opened(held, officer).row(held.services, session)
        with pytest.raises(EndsWithIt):
            recall.take_back_locked(held.services, session, officer, submission, "ANS1")

    assert len(sent(held)) == 1
    assert state(held) == ("CLOSED", "answered")


def test_another_form_after_the_end_is_refused(
    office: AnswerTools, held: Held, officer: SignedInUser
) -> None:
    send(office, held, officer)
    form = approval(office, held, officer)

    with pytest.raises(Conflict):
        finish.send_and_finish(
            office, opened(held, officer), CALL, AnswerApproval("ANS2", form.shown, is_read=False)
        )

    assert len(sent(held)) == 1
