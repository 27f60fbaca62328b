"""Check assigning and giving back.

One key each, and what a colleague decided since is left alone.
"""

import re
from collections.abc import Iterator
from datetime import date

import pytest

from intake.accounts import accounts
from intake.core.services import Services
from storage.cases import legal_dates
from storage.documents.document_types import of_documents
from storage.submissions.queue_items import QueueItem
from tests.browser.support import mixed
from tests.portal import samples
from tests.portal.building import PASSWORD, Clock, build_app, build_services
from tests.portal.conftest import Browser
from tests.portal.samples import Seeded
from tests.portal.triage import extracted_values
from tests.portal.triage.forms import key, page_of, press


@pytest.fixture(scope="module")
def services(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Services]:
    """Give services that all tests of this file share."""
    built = build_services(tmp_path_factory.mktemp("assigning"), Clock())
    yield built
    built.database.close()


@pytest.fixture(scope="module")
def officers(services: Services) -> tuple[Browser, Browser]:
    """Give two intake officers."""
    app = build_app(services)
    found = []
    for name in ("one", "two"):
        accounts.create_with_password(services, f"{name}@iom.example", "INTAKE", None, PASSWORD)
        browser = Browser(app)
        assert browser.sign_in(f"{name}@iom.example").status_code == 303
        found.append(browser)
    return found[0], found[1]


def ids(browser: Browser, made: Seeded) -> dict[str, str]:
    page = browser.get(page_of(made)).text.partition('id="assign-to"')[2].partition("</select>")[0]
    return {label: each for each, label in re.findall(r'value="(\w{32})">([^<]+)<', page)}


def holder(services: Services, made: Seeded) -> str | None:
    with services.database.reading() as session:
        return session.get_one(QueueItem, made.item_id).claimed_by


def test_it_is_given_to_a_colleague_and_taken_back(
    services: Services, officers: tuple[Browser, Browser]
) -> None:
    made = mixed.clean(services, 1)
    first, _second = officers
    to = ids(first, made)["Intake officer 2"]

    answer = first.post(f"{page_of(made)}/assign", page_of(made), to=to, holder="")

    assert answer.status_code == 303
    assert holder(services, made) == to
    assert "Given to a colleague" in first.get(page_of(made)).text
    assert press(first, made, "z") == 303
    assert holder(services, made) is None


def test_an_officer_who_took_it_meanwhile_is_shown(
    services: Services, officers: tuple[Browser, Browser]
) -> None:
    made = mixed.clean(services, 2)
    first, second = officers
    to = ids(first, made)["Intake officer 2"]
    mine = ids(second, made)["Intake officer 1"]
    first.post(f"{page_of(made)}/assign", page_of(made), to=to, holder="")

    answer = second.post(f"{page_of(made)}/assign", page_of(made), to=mine, holder="")

    assert answer.status_code == 409
    assert "Assign it all the same" in answer.text
    assert "Intake officer 2" in answer.text


@pytest.mark.parametrize("to", ["", "0" * 32, "<b>"])
def test_somebody_who_is_not_on_the_list_is_refused(
    services: Services, officers: tuple[Browser, Browser], to: str
) -> None:
    made = mixed.clean(services, 3)

    answer = officers[0].post(f"{page_of(made)}/assign", page_of(made), to=to, holder="")

    assert answer.status_code == 400
    assert holder(services, made) is None


def test_types_confirmed_together_are_taken_back_together(
    services: Services, officers: tuple[Browser, Browser]
) -> None:
    made = mixed.clean(services, 4)
    papers = extracted_values.ids_of(services, made)
    first, _second = officers
    first.post(f"{page_of(made)}/kinds", page_of(made))
    assert key(first.get(page_of(made)).text, "z").startswith("Undo: 2 types accepted")

    assert press(first, made, "z") == 303

    with services.database.reading() as session:
        assert {each.decided_at for each in of_documents(session, papers)} == {None}
    assert "Accept 2 types" in first.get(page_of(made)).text


def test_a_corrected_type_is_the_suggestion_again(
    services: Services, officers: tuple[Browser, Browser]
) -> None:
    made = mixed.clean(services, 5)
    form = extracted_values.ids_of(services, made)[1]
    officers[0].post(f"/documents/{form}/kind", page_of(made), kind="CONS-SHARE")

    press(officers[0], made, "z")

    with services.database.reading() as session:
        (kind,) = of_documents(session, [form])
    assert (kind.document_type, kind.decided_by) == ("REF-FORM", None)


def test_an_extracted_value_a_person_and_a_day_are_taken_back(
    services: Services, officers: tuple[Browser, Browser]
) -> None:
    made = mixed.dated(services, 6)
    form = extracted_values.ids_of(services, made)[1]
    found = extracted_values.add_value(services, form, "trial", "2027-02-01")
    person = extracted_values.add_person(services, made, "TEST Applicant Three", "1990")
    first, _second = officers

    for path, fields, what in (
        (f"aids/{found}", {"answer": "yes"}, "Undo: reading"),
        (f"people/{person}", {"answer": "no"}, "Undo: person"),
        ("dates", {"kind": "removal", "day": "2026-12-20"}, "Undo: date"),
    ):
        first.post(f"{page_of(made)}/{path}", page_of(made), **fields)
        assert key(first.get(page_of(made)).text, "z").startswith(what)
        assert press(first, made, "z") == 303

    page = first.get(page_of(made)).text
    assert "TEST Applicant Three" in page
    with services.database.reading() as session:
        days = legal_dates.of_submissions(session, [made.submission_id])
    assert {(day.kind, day.confirmed_at) for day in days} == {
        ("reflection_end", None),
        ("trial", None),
    }
    assert date(2027, 2, 1) in {day.day for day in days}


def test_what_a_colleague_decided_since_is_not_taken_back(
    services: Services, officers: tuple[Browser, Browser]
) -> None:
    made = mixed.clean(services, 7)
    _letter, form, risk = extracted_values.ids_of(services, made)[:3]
    first, second = officers
    first.post(f"/documents/{form}/kind", page_of(made), kind="CONS-SHARE")
    number = re.search(r'name="number" value="(\d+)"', first.get(page_of(made)).text)
    assert number is not None
    second.post(f"/documents/{risk}/kind", page_of(made), kind="REF-FORM")

    answer = first.post(f"{page_of(made)}/step-back", page_of(made), number=number.group(1))

    assert answer.status_code == 409
    with services.database.reading() as session:
        assert all(each.decided_at for each in of_documents(session, [form, risk]))


@pytest.mark.parametrize("number", ["", "0", "-1", "9" * 30, "x"])
def test_a_number_of_nothing_takes_nothing_back(
    services: Services, officers: tuple[Browser, Browser], number: str
) -> None:
    made = samples.seed(services)

    answer = officers[0].post(f"{page_of(made)}/step-back", page_of(made), number=number)

    assert answer.status_code == 409


def test_taking_an_item_keeps_the_place_in_the_list(
    services: Services, officers: tuple[Browser, Browser]
) -> None:
    made = mixed.clean(services, 8)
    here = f"{page_of(made)}?queue=Q2&region=VAST"
    page = officers[0].get(here).text
    action = re.search(r'action="(/items/[^"]+/claim[^"]*)"', page)
    assert action is not None

    taken = officers[0].post(action.group(1).replace("&amp;", "&"), here, back=page_of(made))
    listed = officers[0].post(f"/items/{made.item_id}/release?region=VAST", here, back="/queues/Q2")

    assert taken.location == here
    assert listed.location == "/queues/Q2?region=VAST"
