"""Check a stop and its end: what is suspended, what holds again, and what races with it."""

import pytest

from intake.access import gate
from intake.cases import consents
from intake.cases.consents import ConsentState
from intake.cases.withdrawal import StopChanged
from intake.core.errors import Conflict
from intake.core.services import Services
from storage.cases.consent_holds import ConsentSuspension
from storage.cases.consents import CaseConsent
from tests.intake.cases.consent.desk import ConsentDesk, open_desk

GIVEN, SUSPENDED, WITHDRAWN = ConsentState.GIVEN, ConsentState.SUSPENDED, ConsentState.WITHDRAWN
REFUSED = ConsentState.REFUSED


@pytest.fixture
def desk(sqlite_services: Services) -> ConsentDesk:
    desk = open_desk(sqlite_services, "REF-FORM")
    desk.note()
    desk.note(purpose="return", recipient="iom_country")
    desk.note(purpose="justice", recipient="police", answer="refused")
    return desk


def suspensions(desk: ConsentDesk) -> list[str]:
    with desk.services.database.reading() as session:
        return sorted(row.outcome for row in session.query(ConsentSuspension).all())


def test_a_stop_suspends_what_was_given_and_keeps_it(desk: ConsentDesk) -> None:
    desk.stop()

    assert desk.states() == {"referral": SUSPENDED, "return": SUSPENDED, "justice": REFUSED}
    assert suspensions(desk) == ["", ""]


def test_a_stop_that_is_set_twice_is_one(desk: ConsentDesk) -> None:
    desk.stop()
    desk.stop()

    assert suspensions(desk) == ["", ""]
    assert desk.acts("case.person") == ["case.person_withdrew"]


def test_what_is_ticked_holds_again_and_the_rest_ends_for_good(desk: ConsentDesk) -> None:
    desk.stop()
    shown = desk.waiting_consents()
    with desk.services.database.reading() as session:
        (ticked,) = [
            each for each in shown if session.get_one(CaseConsent, each).purpose == "return"
        ]

    desk.go_on(shown, ticked)

    assert desk.states() == {"referral": WITHDRAWN, "return": GIVEN, "justice": REFUSED}
    assert suspensions(desk) == ["ended", "holds"]
    assert desk.waiting.case().state == "RECEIVED"


def test_without_a_tick_nothing_holds_again(desk: ConsentDesk) -> None:
    desk.stop()

    desk.go_on(desk.waiting_consents())

    assert desk.states() == {"referral": WITHDRAWN, "return": WITHDRAWN, "justice": REFUSED}


def test_a_second_stop_keeps_the_history_of_the_first(desk: ConsentDesk) -> None:
    desk.stop()
    waiting = desk.waiting_consents()
    desk.go_on(waiting, *waiting)

    desk.stop()

    assert desk.states() == {"referral": SUSPENDED, "return": SUSPENDED, "justice": REFUSED}
    assert suspensions(desk) == ["", "", "holds", "holds"]


def test_the_second_of_two_officers_who_end_a_stop_changes_nothing(desk: ConsentDesk) -> None:
    desk.stop()
    shown = desk.waiting_consents()
    desk.go_on(shown, *shown)

    with pytest.raises(Conflict):
        desk.go_on(shown)

    assert desk.states() == {"referral": GIVEN, "return": GIVEN, "justice": REFUSED}


@pytest.mark.parametrize("is_more", [True, False])
def test_a_list_that_changed_since_it_was_shown_is_shown_again(
    desk: ConsentDesk, is_more: bool
) -> None:
    desk.stop()
    shown = desk.waiting_consents()
    if is_more:
        desk.note(purpose="health", recipient="health")
    else:
        opened = gate.case_to_change(desk.services, desk.officer, desk.reference)
        consents.withdraw_consent(desk.services, opened, shown[0])

    with pytest.raises(StopChanged):
        desk.go_on(shown, *shown)

    assert desk.waiting.case().state == "WITHDRAWN"
    assert GIVEN not in desk.states().values()


def test_a_tick_that_was_not_on_the_list_ends_nothing(desk: ConsentDesk) -> None:
    desk.stop()
    shown = desk.waiting_consents()

    with pytest.raises(StopChanged):
        desk.go_on(shown, "0" * 32)


def test_what_is_said_during_a_stop_waits_for_its_end(desk: ConsentDesk) -> None:
    desk.stop()

    desk.note(purpose="health", recipient="health")

    assert desk.states()["health"] is SUSPENDED
    assert len(desk.waiting_consents()) == 3


def test_a_newer_answer_ends_the_suspension_of_the_older(desk: ConsentDesk) -> None:
    desk.stop()

    desk.note()

    assert suspensions(desk) == ["", "", "replaced"]
    assert len(desk.waiting_consents()) == 2
