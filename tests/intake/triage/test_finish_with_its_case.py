"""Check that a mail which opened a case alone is finished with that case, and is given it back."""

from collections.abc import Callable

import pytest

from intake.access import gate
from intake.access.opened import OpenedToChange
from intake.cases import withdrawal
from intake.core.errors import Conflict
from intake.filing import case_actions
from intake.filing.case_actions import AloneInCase
from intake.queues import ends
from intake.triage import decisions
from intake.triage.decisions import HoldReason
from intake.triage.endings import finish
from intake.triage.endings.do_task import TaskReport, do_task
from intake.triage.endings.outcomes import HasOtherEnd, ways_of
from storage import audit
from storage.cases import cases
from storage.cases.cases import Case
from storage.submissions import queue_items, submissions
from storage.submissions.queue_items import TaskKind
from storage.submissions.submissions import Outcome, Submission
from tests.intake.correspondence.conversations import TEXTS
from tests.intake.reference_data.office import Office
from tests.samples.mail.mails import referral
from tests.support import stepping
from tests.support.desk import Desk
from tests.support.people import plant_user

pytestmark = pytest.mark.components


@pytest.fixture
def office(desk: Desk) -> Office:
    desk.register()
    return Office(desk, plant_user(desk.services))


@pytest.fixture
def changed(office: Office) -> Callable[[str], OpenedToChange[Submission]]:
    """Give what opens a mail for the officer."""
    return lambda mail: gate.submission_to_change(
        office.services, office.user, office.mail(mail).reference
    )


def case_of(office: Office, code: str) -> Case:
    with office.services.database.reading() as session:
        case = cases.by_reference(session, code)
    assert case is not None
    return case


@pytest.mark.parametrize("outcome", list(Outcome))
def test_its_case_ends_with_it_and_comes_back_with_it(
    office: Office, changed: Callable[[str], OpenedToChange[Submission]], outcome: Outcome
) -> None:
    mail = office.opened()
    code, before = office.case_code(mail), office.state(mail)
    filed_as = office.mail(mail).filing_reason

    finish.finish_submission(office.services, changed(mail), outcome)

    ended = office.mail(mail)
    assert (ended.case_id, ended.outcome) == (None, outcome)
    assert case_of(office, code).state == "CLOSED"
    assert office.desk.open_items(mail) == set()
    finish.open_again(office.services, changed(mail))
    assert (office.state(mail), office.mail(mail).filing_reason) == (before, filed_as)
    assert case_of(office, code).state == "RECEIVED"
    assert office.audited(mail)[-2:] == ["submission.finished", "submission.opened_again"]
    with office.services.database.reading() as session:
        assert audit.check_chain(session, office.services.keyring) == []


def test_one_key_takes_it_back_and_it_can_be_finished_once_more(
    office: Office, changed: Callable[[str], OpenedToChange[Submission]]
) -> None:
    mail = office.opened()
    code, before = office.case_code(mail), office.state(mail)
    for _ in range(2):
        finish.finish_submission(office.services, changed(mail), Outcome.NOTHING_TO_DO)
        stepping.undo_last(office.services, changed(mail))
        assert (office.case_code(mail), office.state(mail)) == (code, before)

    finish.finish_submission(office.services, changed(mail), Outcome.FORGED)
    assert office.mail(mail).outcome == Outcome.FORGED


def test_a_case_with_more_in_it_stays_and_what_is_taken_out_of_it_can_be_finished(
    office: Office, changed: Callable[[str], OpenedToChange[Submission]]
) -> None:
    first = office.opened()
    code = office.case_code(first)
    second = office.desk.handle(referral(reference=office.mail(first).reference, token="2"))
    for mail in (first, second):
        with pytest.raises(HasOtherEnd) as refused:
            finish.finish_submission(office.services, changed(mail), Outcome.FORGED)
    assert "taken out of it" in refused.value.public

    case_actions.split_submission(
        office.services,
        gate.submission_to_file(office.services, office.user, office.mail(second).reference),
    )
    finish.finish_submission(office.services, changed(second), Outcome.FORGED)

    assert (office.mail(second).case_id, office.case_code(first)) == (None, code)
    assert case_of(office, code).state == "RECEIVED"


def test_alone_in_its_case_it_is_not_taken_out_and_the_refusal_says_what_can_be_done(
    office: Office,
) -> None:
    mail = office.opened()

    with pytest.raises(AloneInCase) as refused:
        case_actions.split_submission(
            office.services,
            gate.submission_to_file(office.services, office.user, office.mail(mail).reference),
        )

    assert isinstance(refused.value, Conflict)
    assert "finish it" in refused.value.public


def test_a_stopped_case_keeps_its_mail_which_ends_in_it(
    office: Office, changed: Callable[[str], OpenedToChange[Submission]]
) -> None:
    mail = office.opened()
    code = office.case_code(mail)
    withdrawal.stop_case(office.services, gate.case_to_change(office.services, office.user, code))

    finish.finish_submission(office.services, changed(mail), Outcome.NOTHING_TO_DO)

    assert (office.case_code(mail), case_of(office, code).state) == (code, "WITHDRAWN")


def test_what_left_about_the_case_keeps_it_and_an_answer_does_not(
    office: Office, changed: Callable[[str], OpenedToChange[Submission]]
) -> None:
    answered, reminded = office.opened("1"), office.opened("2")
    office.leave(answered, "ANS1")
    office.leave(reminded, "REM3")

    codes = [office.case_code(mail) for mail in (answered, reminded)]
    for mail in (answered, reminded):
        finish.finish_submission(office.services, changed(mail), Outcome.ANSWERED)

    assert [case_of(office, code).state for code in codes] == ["CLOSED", "RECEIVED"]


def test_what_arrives_again_waits_for_a_person_to_choose_a_case(
    office: Office, changed: Callable[[str], OpenedToChange[Submission]]
) -> None:
    mail = office.opened()
    finish.finish_submission(office.services, changed(mail), Outcome.FORGED)

    with office.services.database.transaction() as session:
        row = submissions.locked(session, mail)
        assert row is not None
        ends.open_by_itself(office.services, session, row, "system:mailbox", ends.ARRIVED_AGAIN)

    assert (office.mail(mail).state, office.mail(mail).case_id) == ("HOLDING", None)
    assert office.desk.open_items(mail) == {("Q3", "submission")}


def test_a_hold_to_call_back_opens_the_call_and_a_forged_mail_ends_as_forged(
    office: Office, changed: Callable[[str], OpenedToChange[Submission]]
) -> None:
    services, mail = office.services, office.opened()
    decisions.hold_submission(services, changed(mail), HoldReason.SENDER_UNSURE)
    assert office.desk.open_items(mail) == {("Q4", "submission"), ("Q4", "call_back")}
    with services.database.reading() as session:
        call = queue_items.open_of_kind(session, mail, TaskKind.CALL_BACK)
    assert call is not None

    do_task(
        services,
        TEXTS,
        gate.task_to_do(services, office.user, call.id),
        TaskReport("reached_forged", "They never wrote to us."),
    )

    with services.database.reading() as session:
        row = session.get_one(Submission, mail)
        key = services.keyring.open(session, row.data_key_id)
        ways = ways_of(services, session, row, key)
    assert ways is not None
    assert (ways.likely, ways.ends_case, ways.obstacle) == (Outcome.FORGED, True, "")
    finish.finish_submission(services, changed(mail), Outcome.FORGED)
    assert office.desk.open_items(mail) == set()


@pytest.mark.parametrize("why", [HoldReason.CONSENT_MISSING, HoldReason.WAITS_FOR_ANSWER])
def test_other_holds_open_no_call(
    office: Office, changed: Callable[[str], OpenedToChange[Submission]], why: HoldReason
) -> None:
    mail = office.opened()

    decisions.hold_submission(office.services, changed(mail), why)

    assert office.desk.open_items(mail) == {("Q4", "submission")}


def test_the_end_of_the_hold_ends_its_call(
    office: Office, changed: Callable[[str], OpenedToChange[Submission]]
) -> None:
    mail = office.opened()
    before = office.desk.open_items(mail)
    decisions.hold_submission(office.services, changed(mail), HoldReason.SENDER_UNSURE)

    decisions.resume_submission(office.services, changed(mail))

    assert office.desk.open_items(mail) == before
