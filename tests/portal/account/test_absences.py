"""Check the pages of absences: what is refused stands beside its field, and nothing is lost."""

import pytest
from flask import Flask

from intake.accounts.people import names
from intake.core.services import Services
from storage.accounts import absences
from storage.accounts.absences import Absence
from storage.accounts.users import Role, User
from storage.submissions.queue_items import QueueItem
from tests.intake.accounts.people.rows import make_deputy, plant_absence, plant_colleague
from tests.portal import samples
from tests.portal.administration.test_accounts import HOSTILE, beside
from tests.portal.conftest import SignIn

PAGE, NAME = "/absences", "/account/name"
TODAY = "2026-11-24"


def user_id(services: Services, role: str) -> str:
    with services.database.reading() as session:
        found = session.query(User).filter_by(role=role).order_by(User.created_at).first()
    assert found is not None
    return found.id


def test_an_absence_is_set_shown_and_ended(services: Services, signed_in: SignIn) -> None:
    officer = signed_in("INTAKE")

    done = officer.post(PAGE, PAGE, first_on=TODAY, last_on="2026-11-27")
    page = officer.get(PAGE).text
    with services.database.reading() as session:
        (row,) = absences.away_on(session, services.now().date()).values()
    ended = officer.post(f"{PAGE}/{row.id}/end", PAGE)
    again = officer.post(f"{PAGE}/{row.id}/end", PAGE)

    assert (done.status_code, ended.status_code, again.status_code) == (303, 303, 409)
    assert "Tue 24 Nov 2026 to Fri 27 Nov 2026" in page
    assert "From Tue 24 Nov 2026 nobody acts" in page
    assert "This absence is over already." in again.text


def test_a_refused_absence_keeps_what_was_written(signed_in: SignIn) -> None:
    answer = signed_in("INTAKE").post(PAGE, PAGE, first_on="2026-12-02", last_on="2026-12-01")

    assert answer.status_code == 400
    assert "before the first" in beside(answer.text, "last_on")
    assert 'value="2026-12-02"' in answer.text
    assert 'value="2026-12-01"' in answer.text


@pytest.mark.parametrize("chosen", [HOSTILE, "f" * 32])
def test_who_is_not_in_the_list_becomes_no_deputy(signed_in: SignIn, chosen: str) -> None:
    answer = signed_in("INTAKE").post(f"{PAGE}/deputy", PAGE, deputy=chosen)

    assert answer.status_code == 400
    assert "Choose a colleague of the list" in beside(answer.text, "deputy")
    assert "<script>alert" not in answer.text


def test_only_a_manager_opens_the_page_of_a_colleague(
    services: Services, signed_in: SignIn
) -> None:
    colleague = plant_colleague(services, "Intake officer 7", name="Anna Berg")
    other = f"{PAGE}?about={colleague.id}"

    assert signed_in("INTAKE").get(other).status_code == 404
    assert signed_in("ADMIN").get(other).status_code == 404
    manager = signed_in("MGR")
    assert "Absences of <bdi>Anna Berg</bdi>" in manager.get(other).text
    done = manager.post(PAGE, other, about=colleague.id, first_on=TODAY, last_on=TODAY)
    assert done.location.endswith(f"?about={colleague.id}")
    assert "1 colleague is away, and nobody acts for them" in manager.get("/").text


@pytest.mark.parametrize("role", ["COORD", "COORD-DEP"])
def test_coordinators_have_no_such_page(signed_in: SignIn, role: str) -> None:
    browser = signed_in(role)

    assert browser.get(PAGE).status_code == 404
    assert browser.get(NAME).status_code == 404


def test_the_deputy_takes_over_what_waits(services: Services, signed_in: SignIn) -> None:
    officer = signed_in("CASEW")
    away = plant_colleague(services, "Caseworker 7", role=Role.CASEW, name="Anna Berg")
    plant_absence(services, away, TODAY, "2026-11-27")
    with services.database.transaction() as session:
        session.get_one(User, away.id).deputy_id = user_id(services, "CASEW")
    made = samples.seed(services, with_case=False)
    with services.database.transaction() as session:
        session.get_one(QueueItem, made.item_id).claimed_by = away.id
    page = officer.get(PAGE).text

    taken = officer.post(f"{PAGE}/items/{made.item_id}/take", PAGE)
    again = officer.post(f"{PAGE}/items/{made.item_id}/take", PAGE)

    assert "Covered for <bdi>Anna Berg</bdi>" in page
    assert "You cover for <bdi>Anna Berg</bdi>: 1 item waits" not in page
    assert taken.location == f"/submissions/{made.reference}"
    assert officer.get(taken.location).status_code == 200
    assert again.status_code == 404


def test_giving_work_to_somebody_away_is_asked_about(
    app: Flask, services: Services, signed_in: SignIn
) -> None:
    officer = signed_in("INTAKE")
    away = plant_colleague(services, "Intake officer 7", name="Anna Berg")
    deputy = plant_colleague(services, "Intake officer 8", name="Bo Ek")
    make_deputy(services, away, deputy)
    plant_absence(services, away, TODAY, "2026-11-27")
    made = samples.seed(services, with_case=False)
    path = f"/submissions/{made.reference}"

    asked = officer.post(f"{path}/assign", path, to=away.id, holder="")
    several = officer.post(
        "/queues/Q2/several", "/queues/Q2", do="assign", to=away.id, item=f"{made.item_id}."
    )
    given = officer.post(f"{path}/assign", path, to=deputy.id, holder="")

    assert (asked.status_code, several.status_code, given.status_code) == (409, 409, 303)
    for page in (asked.text, several.text):
        assert "<bdi>Anna Berg</bdi> is away" in page
        assert "Give it to <bdi>Bo Ek</bdi>" in page
        assert f'name="to" value="{deputy.id}"' in page
    assert f'action="{path}/assign"' in asked.text
    assert f'name="item" value="{made.item_id}."' in several.text
    with services.database.reading() as session:
        assert session.get_one(QueueItem, made.item_id).claimed_by == deputy.id
    assert "Anna Berg, away until Fri 27 Nov 2026" in officer.get(path).text


def test_ones_name_is_written_with_a_proof(services: Services, signed_in: SignIn) -> None:
    officer = signed_in("INTAKE")
    refused = officer.post(NAME, NAME, name=HOSTILE, direct_line="call me")

    done = officer.post(NAME, NAME, name="Anna Berg", direct_line="+358 40 123 45 67")
    page = officer.get("/account").text

    assert refused.status_code == 400
    assert beside(refused.text, "name")
    assert beside(refused.text, "direct_line")
    assert "<script>alert" not in refused.text
    assert done.status_code == 303
    assert "Anna Berg" in page
    assert "+358 40 123 45 67" in page
    with services.database.reading() as session:
        contact = names.contact_of(services, session, user_id(services, "INTAKE"))
    assert contact.is_named


def test_the_deputys_own_list_has_it_with_whose_it_is_until_they_are_back(
    services: Services, signed_in: SignIn
) -> None:
    officer = signed_in("CASEW")
    away = plant_colleague(services, "Caseworker 7", role=Role.CASEW, name="Anna Berg")
    absence_id = plant_absence(services, away, TODAY, "2026-11-27")
    with services.database.transaction() as session:
        session.get_one(User, away.id).deputy_id = user_id(services, "CASEW")
    made = samples.seed(services, with_case=False)
    with services.database.transaction() as session:
        session.get_one(QueueItem, made.item_id).claimed_by = away.id
    path = f"/submissions/{made.reference}"

    mine = officer.get("/queues/mine").text
    opened = officer.get(path).status_code
    held = officer.post(f"{path}/hold", path, why="sender_unsure", until="1")
    with services.database.transaction() as session:
        session.get_one(Absence, absence_id).ended_at = services.now()
    after = officer.get("/queues/mine").text

    assert "For <bdi>Anna Berg</bdi>" in mine
    assert "you act for Anna Berg, who is away" in mine
    assert '<bdi>Mine</bdi> <span class="rail-count">1</span>' in mine
    assert (opened, held.status_code) == (200, 303)
    assert made.reference not in after
    assert '<bdi>Mine</bdi> <span class="rail-count">0</span>' in after
    assert officer.get(path).status_code == 303
