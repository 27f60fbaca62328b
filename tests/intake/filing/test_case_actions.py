"""Check officers' acts on cases.

Filed, opened, split, merged, each by one of two and each undone.
"""

import pytest

from intake.access import gate
from intake.core.errors import Conflict, NotFound
from intake.filing import case_actions, undo
from tests.intake.reference_data.office import Office, accepted
from tests.samples.mail.mails import referral
from tests.samples.mail.wire import STRANGER
from tests.support.desk import Desk
from tests.support.people import plant_user
from tests.support.rows import Planter
from tests.support.threads import run_together

pytestmark = pytest.mark.components


@pytest.fixture
def office(desk: Desk) -> Office:
    desk.register()
    return Office(desk, plant_user(desk.services))


def test_a_held_mail_is_accepted_into_a_case(office: Office) -> None:
    first, held = office.opened(), office.held()

    accepted(office, held, first)

    mail = office.mail(held)
    assert (mail.state, mail.case_id) == ("QUEUED", office.mail(first).case_id)
    assert mail.priority == "unknown"
    assert office.desk.open_items(held) == {("Q2", "submission")}
    assert office.state(held)[4] == []
    assert office.audited(held)[-1] == "submission.accepted"
    (act,) = office.acts(held)
    assert (act.act, act.user_id, act.from_case_id) == ("accepted", office.user.id, None)


def test_a_held_mail_becomes_a_new_case(office: Office) -> None:
    held = office.held()

    case_actions.open_case(
        office.services,
        gate.submission_to_file(office.services, office.user, office.mail(held).reference),
    )

    assert office.mail(held).state == "QUEUED"
    assert office.desk.open_items(held) == {("Q2", "submission")}
    assert office.case_code(held)


def test_a_mail_is_split_into_a_case_of_its_own(office: Office) -> None:
    first = office.opened()
    second = office.desk.handle(referral(reference=office.mail(first).reference, token="2"))

    case_actions.split_submission(
        office.services,
        gate.submission_to_file(office.services, office.user, office.mail(second).reference),
        seen_case=office.case_code(first),
    )

    assert office.mail(second).case_id not in {None, office.mail(first).case_id}
    assert office.mail(second).state == "QUEUED"
    (act,) = [each for each in office.acts(second) if each.act == "split"]
    assert act.from_case_id == office.mail(first).case_id


def test_a_merged_case_brings_all_its_mail_and_leads_on(office: Office) -> None:
    first, other = office.opened("1"), office.opened("2")
    second = office.desk.handle(referral(reference=office.mail(first).reference, token="3"))
    old_code, into_code = office.case_code(first), office.case_code(other)

    case_actions.merge_cases(
        office.services,
        gate.case_to_file_into(office.services, office.user, old_code, follows=False),
        gate.case_to_file_into(office.services, office.user, into_code, follows=False),
    )

    assert {office.case_code(each) for each in (first, second, other)} == {into_code}
    later = office.desk.handle(referral(reference=old_code, token="4"))
    assert office.case_code(later) == into_code


def test_of_two_officers_the_second_is_refused(office: Office) -> None:
    first, held = office.opened(), office.held()
    reference, code = office.mail(held).reference, office.case_code(first)

    outcome = run_together(
        2,
        lambda _number: case_actions.accept_submission(
            office.services,
            gate.submission_to_file(office.services, office.user, reference),
            gate.case_to_file_into(office.services, office.user, code),
        ),
    )

    assert len(outcome.results) == 1
    assert [type(error) for error in outcome.errors] == [Conflict]
    assert len(office.acts(held)) == 1


def test_what_is_filed_already_is_not_accepted_or_opened(office: Office) -> None:
    first, other = office.opened("1"), office.opened("2")
    reference = office.mail(first).reference

    with pytest.raises(Conflict):
        accepted(office, first, other)
    with pytest.raises(Conflict):
        case_actions.open_case(
            office.services, gate.submission_to_file(office.services, office.user, reference)
        )


def test_a_split_needs_a_case_with_more_mail_and_the_one_that_was_seen(office: Office) -> None:
    first, held = office.opened(), office.held()
    for mail in (first, held):
        with pytest.raises(Conflict):
            case_actions.split_submission(
                office.services,
                gate.submission_to_file(office.services, office.user, office.mail(mail).reference),
            )
    second = office.desk.handle(referral(reference=office.mail(first).reference, token="2"))

    with pytest.raises(Conflict):
        case_actions.split_submission(
            office.services,
            gate.submission_to_file(office.services, office.user, office.mail(second).reference),
            seen_case="K7M-4QX-9T",
        )


def test_a_case_is_not_merged_with_itself_or_twice(office: Office) -> None:
    first, other, third = (office.opened(f"{number}") for number in range(3))
    codes = [office.case_code(each) for each in (first, other, third)]
    with pytest.raises(Conflict):
        case_actions.merge_cases(
            office.services,
            gate.case_to_file_into(office.services, office.user, codes[0], follows=False),
            gate.case_to_file_into(office.services, office.user, codes[0], follows=False),
        )
    case_actions.merge_cases(
        office.services,
        gate.case_to_file_into(office.services, office.user, codes[0], follows=False),
        gate.case_to_file_into(office.services, office.user, codes[1], follows=False),
    )

    with pytest.raises(Conflict):
        case_actions.merge_cases(
            office.services,
            gate.case_to_file_into(office.services, office.user, codes[0], follows=False),
            gate.case_to_file_into(office.services, office.user, codes[2], follows=False),
        )
    with pytest.raises(Conflict):
        case_actions.merge_cases(
            office.services,
            gate.case_to_file_into(office.services, office.user, codes[2], follows=False),
            gate.case_to_file_into(office.services, office.user, codes[0], follows=False),
        )


def test_cases_of_two_regions_are_merged_only_when_that_is_meant(office: Office) -> None:
    office.desk.register("south@partner.example", "SYD")
    first = office.opened()
    other = office.desk.handle(referral("south@partner.example"))
    codes = office.case_code(first), office.case_code(other)

    with pytest.raises(Conflict):
        case_actions.merge_cases(
            office.services,
            gate.case_to_file_into(office.services, office.user, codes[0], follows=False),
            gate.case_to_file_into(office.services, office.user, codes[1], follows=False),
        )
    case_actions.merge_cases(
        office.services,
        gate.case_to_file_into(office.services, office.user, codes[0], follows=False),
        gate.case_to_file_into(office.services, office.user, codes[1], follows=False),
        across_regions=True,
    )

    assert office.case_code(first) == codes[1]


@pytest.mark.parametrize("with_sender", [True, False])
def test_a_sender_belongs_only_when_an_officer_says_so(office: Office, with_sender: bool) -> None:
    colleague = "colleague@partner.example"
    office.desk.register(colleague)
    first, held = office.opened(), office.held(colleague)
    code = office.case_code(first)

    case_actions.accept_submission(
        office.services,
        gate.submission_to_file(office.services, office.user, office.mail(held).reference),
        gate.case_to_file_into(office.services, office.user, code),
        with_sender=with_sender,
    )

    later = office.desk.handle(referral(colleague, reference=code, token="later"))
    assert office.mail(later).state == ("QUEUED" if with_sender else "HOLDING")


def test_a_stranger_is_never_taken_along(office: Office) -> None:
    first, held = office.opened(), office.held(STRANGER)

    with pytest.raises(Conflict):
        case_actions.accept_submission(
            office.services,
            gate.submission_to_file(office.services, office.user, office.mail(held).reference),
            gate.case_to_file_into(office.services, office.user, office.case_code(first)),
            with_sender=True,
        )

    assert office.mail(held).state == "HOLDING"


def test_unknown_and_foreign_are_answered_alike(office: Office) -> None:
    first, held = office.opened(), office.held()
    act_id = accepted(office, held, first)
    again = office.held(token="2")
    cash = plant_user(office.services, "Cash officer 1", "CASH")
    code, reference = office.case_code(first), office.mail(again).reference
    services = office.services

    for user, mail, case in [
        (cash, reference, code),
        (office.user, "K7M-4QX-9T", code),
        (office.user, "nonsense", code),
        (office.user, reference, "K7M-4QX-9T"),
        (office.user, reference, ""),
    ]:
        with pytest.raises(NotFound):
            case_actions.accept_submission(
                services,
                gate.submission_to_file(services, user, mail),
                gate.case_to_file_into(services, user, case),
            )
    for user, which in [(cash, act_id), (office.user, "unknown")]:
        with pytest.raises(NotFound):
            undo.undo_filing(services, gate.filing_to_undo(services, user, which))
    with pytest.raises(NotFound):
        case_actions.open_case(services, gate.submission_to_file(services, cash, reference))
    with pytest.raises(NotFound):
        case_actions.split_submission(
            services, gate.submission_to_file(services, cash, office.mail(first).reference)
        )
    with pytest.raises(NotFound):
        case_actions.merge_cases(
            services,
            gate.case_to_file_into(services, cash, code, follows=False),
            gate.case_to_file_into(services, cash, code, follows=False),
        )


def test_a_case_of_the_other_programme_is_not_there(office: Office) -> None:
    held = office.held()
    manager = plant_user(office.services, "Manager 1", "MGR")
    with office.services.database.transaction() as session:
        planter = Planter(session, office.services.keyring, office.services.now())
        code = planter.case(programme="cash").reference

    with pytest.raises(NotFound):
        case_actions.accept_submission(
            office.services,
            gate.submission_to_file(office.services, manager, office.mail(held).reference),
            gate.case_to_file_into(office.services, manager, code),
        )
