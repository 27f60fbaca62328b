"""Check editions: proposed on one page, approved on another by somebody else, clear when wrong."""

import re

import pytest

from intake.core.services import Services
from intake.reference_data import editions
from storage import audit
from storage.editions import EditionKind
from tests.portal.administration.typed_form import FORM, LIST, NOTE, fill, propose, send
from tests.portal.building import START
from tests.portal.conftest import SignIn

TODAY = START.date()


def payable(services: Services) -> list[str]:
    with services.database.reading() as session:
        found = editions.in_force(session, EditionKind.COUNTRIES, "iom_payable", TODAY)
    assert found is not None
    return list(found.content["countries"])


def test_a_change_is_in_force_when_a_second_person_approved_it(
    services: Services, signed_in: SignIn
) -> None:
    officer, manager = signed_in("CASH"), signed_in("MGR")
    shown = propose(officer)
    before = payable(services)

    page = manager.get(shown).text
    answer = manager.post(f"{shown}/approve", shown)

    assert len(before) == 9
    assert "[goes: </span>Nigeria" in page
    assert "Removed" in page
    assert "NGA" not in page
    assert NOTE in page
    assert answer.status_code == 303
    assert payable(services) == ["IRQ", "SOM"]
    assert "in force" in officer.get(shown).text
    with services.database.reading() as session:
        events = audit.of_subject(session, "edition", shown.rpartition("/")[2])
        assert audit.check_chain(session, services.keyring) == []
    assert [event.act for event in events] == ["edition.proposed", "edition.approved"]


def test_a_refused_change_changes_nothing(services: Services, signed_in: SignIn) -> None:
    officer, manager = signed_in("CASH"), signed_in("MGR")
    shown = propose(officer)

    manager.post(f"{shown}/refuse", shown)

    assert len(payable(services)) == 9
    assert "Refused" in officer.get(shown).text


def test_what_was_approved_is_not_decided_again(services: Services, signed_in: SignIn) -> None:
    officer, manager = signed_in("CASH"), signed_in("MGR")
    shown = propose(officer)
    manager.post(f"{shown}/approve", shown)

    answer = manager.post(f"{shown}/refuse", "/")

    assert answer.status_code == 409
    assert payable(services) == ["IRQ", "SOM"]


def test_who_proposed_sees_that_somebody_else_decides(signed_in: SignIn) -> None:
    officer = signed_in("CASH")

    page = officer.get(propose(officer)).text

    assert "Somebody else must approve this." in page
    assert "/approve" not in page


def test_a_thing_without_a_rule_in_force_says_so(services: Services, signed_in: SignIn) -> None:
    officer = signed_in("INTAKE")
    answers = "/admin/editions/answer"
    text = "We cannot say whether we are in contact with any person."
    fields = fill(code="test_words", language="en", text=text)
    send(officer, f"{answers}/propose", f"{answers}/propose", fields)

    page = officer.get(answers).text
    assert "There is no text in this language in force." in page
    assert "test words" in page


def test_an_answer_is_written_in_its_own_language_and_direction(signed_in: SignIn) -> None:
    officer = signed_in("INTAKE")
    form = "/admin/editions/answer/propose?code=call_us&language=ckb"

    page = officer.get(form).text
    empty = send(officer, form, form, fill(code="call_us", language="ckb", text=" "))

    assert re.search(r'<textarea id="text"[^>]* lang="ckb" dir="rtl"', page)
    assert "Write it" in officer.get("/admin/editions/answer").text
    assert "This is missing." in empty.text.partition('id="text-error"')[2]


@pytest.mark.parametrize("kind", list(EditionKind))
def test_every_kind_has_its_page_and_its_form(signed_in: SignIn, kind: EditionKind) -> None:
    officer = signed_in("INTAKE")

    assert officer.get(f"/admin/editions/{kind}").status_code == 200
    assert officer.get(f"/admin/editions/{kind}/propose").status_code == 200


@pytest.mark.parametrize("kind", list(EditionKind))
def test_what_ships_is_shown_in_plain_words(signed_in: SignIn, kind: EditionKind) -> None:
    officer = signed_in("INTAKE")

    for edition in editions.shipped(kind)[:6]:
        page = officer.get(f"/admin/editions/shown/{edition.id}")
        assert page.status_code == 200
        assert "approved by nobody" in page.text
        assert "Where this comes from" in page.text


@pytest.mark.parametrize("path", ["/admin/editions/pictures", "/admin/editions/shown/nothing"])
def test_what_is_not_there_is_not_there(signed_in: SignIn, path: str) -> None:
    assert signed_in("INTAKE").get(path).status_code == 404


@pytest.mark.parametrize("role", ["COORD", "HELP", "PROT", "ADMIN", "DPO", "HEALTH"])
def test_others_see_nothing_of_it(signed_in: SignIn, role: str) -> None:
    browser = signed_in(role)

    assert browser.get("/admin/editions").status_code == 404
    assert browser.get(LIST).status_code == 404


@pytest.mark.parametrize(
    ("role", "may_propose"), [("MGR", False), ("AUDIT", False), ("CASEW", True)]
)
def test_only_officers_propose(signed_in: SignIn, role: str, may_propose: bool) -> None:
    browser = signed_in(role)

    assert browser.get("/admin/editions").status_code == 200
    assert (browser.get(FORM).status_code == 200) is may_propose
    assert ("/propose" in browser.get(LIST).text) is may_propose


@pytest.mark.parametrize("role", ["INTAKE", "CASEW", "CASH", "AUDIT"])
@pytest.mark.parametrize("act", ["approve", "refuse"])
def test_only_the_manager_decides(signed_in: SignIn, role: str, act: str) -> None:
    shown = propose(signed_in("CASH", "proposer"))

    assert signed_in(role).post(f"{shown}/{act}", "/").status_code == 404


def test_a_newer_approved_edition_keeps_an_older_proposal_out(
    services: Services, signed_in: SignIn
) -> None:
    officer, manager = signed_in("CASH"), signed_in("MGR")
    older = propose(officer)
    newer = propose(officer, "IRQ", newest="1")
    manager.post(f"{newer}/approve", newer)

    answer = manager.post(f"{older}/approve", older)

    assert answer.status_code == 409
    assert "A newer edition was approved for these days" in answer.text
    assert payable(services) == ["IRQ"]
