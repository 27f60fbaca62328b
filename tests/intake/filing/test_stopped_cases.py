"""Check that filing keeps the stop of a case whose person withdrew (requirement 18)."""

import pytest

from intake.access import gate
from intake.cases import withdrawal
from intake.cases.withdrawal import CasesStayApart, SubmissionStays
from intake.filing import case_actions, undo
from storage.cases import cases
from tests.intake.reference_data.office import Office, accepted
from tests.samples.mail.mails import referral
from tests.support.desk import Desk
from tests.support.people import plant_user

pytestmark = pytest.mark.components


@pytest.fixture
def office(desk: Desk) -> Office:
    desk.register()
    return Office(desk, plant_user(desk.services))


def stop(office: Office, mail: str) -> None:
    withdrawal.stop_case(
        office.services, gate.case_to_change(office.services, office.user, office.case_code(mail))
    )


def merge(office: Office, mail: str, other: str) -> str:
    services, user = office.services, office.user
    return case_actions.merge_cases(
        services,
        gate.case_to_file_into(services, user, office.case_code(mail), follows=False),
        gate.case_to_file_into(services, user, office.case_code(other), follows=False),
    )


def split(office: Office, mail: str) -> str:
    return case_actions.split_submission(
        office.services,
        gate.submission_to_file(office.services, office.user, office.mail(mail).reference),
    )


def take_back(office: Office, act_id: str) -> None:
    undo.undo_filing(office.services, gate.filing_to_undo(office.services, office.user, act_id))


def is_stopped(office: Office, mail: str) -> bool:
    with office.services.database.reading() as session:
        return cases.has_person_withdrawn(session, office.mail(mail).case_id)


@pytest.mark.parametrize("stopped", ["the one", "the other"])
def test_a_stopped_case_and_one_that_goes_on_stay_apart(office: Office, stopped: str) -> None:
    first, other = office.opened("1"), office.opened("2")
    stop(office, first if stopped == "the one" else other)
    before = office.state(first), office.state(other)

    with pytest.raises(CasesStayApart):
        merge(office, first, other)

    assert (office.state(first), office.state(other)) == before
    assert is_stopped(office, first) is (stopped == "the one")


def test_two_stopped_cases_merge_and_stay_stopped(office: Office) -> None:
    first, other = office.opened("1"), office.opened("2")
    stop(office, first)
    stop(office, other)

    batch = merge(office, first, other)
    was_stopped = is_stopped(office, first)
    take_back(office, batch)

    assert was_stopped
    assert is_stopped(office, first)


def test_nothing_is_split_off_a_stopped_case(office: Office) -> None:
    first = office.opened()
    second = office.desk.handle(referral(reference=office.mail(first).reference, token="2"))
    stop(office, first)
    before = office.state(second)

    with pytest.raises(SubmissionStays):
        split(office, second)

    assert office.state(second) == before


def test_undoing_takes_nothing_out_of_a_stopped_case(office: Office) -> None:
    first, other, third = (office.opened(f"{number}") for number in range(3))
    held, mail = (
        office.held(),
        office.desk.handle(referral(reference=office.mail(third).reference, token="mail")),
    )
    acts = [merge(office, first, other), accepted(office, held, other), split(office, mail)]
    stop(office, other)
    stop(office, mail)
    before = [office.state(each) for each in (first, held, mail)]

    for act_id in acts:
        with pytest.raises(SubmissionStays):
            take_back(office, act_id)

    assert [office.state(each) for each in (first, held, mail)] == before


def test_what_is_filed_anew_does_not_leave_a_stopped_case(office: Office) -> None:
    first, other, held = office.opened("1"), office.opened("2"), office.held()
    act_id = accepted(office, held, first)
    stop(office, first)
    services, user = office.services, office.user

    with pytest.raises(SubmissionStays):
        case_actions.accept_submission_anew(
            services,
            gate.submission_to_file(services, user, office.mail(held).reference),
            gate.case_to_file_into(services, user, office.case_code(other)),
            instead_of=gate.filing_to_undo(services, user, act_id),
        )

    assert is_stopped(office, held)


def test_once_the_person_goes_on_cases_merge_and_acts_are_undone(office: Office) -> None:
    first, other = office.opened("1"), office.opened("2")
    batch = merge(office, first, other)
    stop(office, other)
    case = gate.case_to_change(office.services, office.user, office.case_code(other))
    withdrawal.resume_case(office.services, case)

    take_back(office, batch)

    assert office.case_code(first) != office.case_code(other)
