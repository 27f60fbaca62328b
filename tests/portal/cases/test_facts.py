"""Check facts of a case: what is known, legal dates and cash decisions, by forms that lead back."""

from typing import Any

import pytest

from intake.core.services import Services
from storage.cases import cash_decisions, legal_dates
from tests.portal import samples
from tests.portal.conftest import SignIn
from tests.portal.samples import Seeded

KNOWN = {
    "nationality_group": "non_eu",
    "third_country_return": "no",
    "age": "adult",
    "unaccompanied": "unknown",
    "health": "unknown",
    "family": "no",
}
DECISION = {
    "country": "afg",
    "decided_on": "2020-05-04",
    "collect_by": "",
    "adults": "2",
    "children": "3",
    "amount_sek": "75 000",
}


def post(signed_in: SignIn, made: Seeded, form: str, fields: dict[str, Any], role: str) -> Any:
    browser = signed_in(role)
    page = f"/submissions/{made.reference}"
    return browser.post(f"{page}/{form}", page, **fields)


def test_what_is_known_decides_what_is_missing(services: Services, signed_in: SignIn) -> None:
    made = samples.seed(services, with_case=True)
    browser = signed_in("INTAKE")
    page = f"/submissions/{made.reference}"
    before = browser.get(page).text

    answer = browser.post(f"{page}/facts", f"{page}/known", **KNOWN)

    assert answer.status_code == 303
    known = browser.get(f"{page}/known").text
    assert '<option value="non_eu" selected>' in known
    assert "The checklist that ships with the service." in before
    assert browser.get(page).text != before


def test_a_fact_that_no_checklist_knows_is_refused(services: Services, signed_in: SignIn) -> None:
    made = samples.seed(services, with_case=True)

    answer = post(signed_in, made, "facts", {**KNOWN, "age": "grown-up"}, "INTAKE")

    assert answer.status_code == 400
    assert "given answers" in answer.text


def test_a_day_is_noted_and_stands_on_the_page(services: Services, signed_in: SignIn) -> None:
    made = samples.seed(services, with_case=True)

    fields = {"kind": "trial", "day": "2026-12-14"}
    assert post(signed_in, made, "dates", fields, "INTAKE").status_code == 303

    with services.database.reading() as session:
        (row,) = legal_dates.of_submissions(session, [made.submission_id])
    assert (row.kind, row.day.isoformat()) == ("trial", "2026-12-14")


@pytest.mark.parametrize(
    "fields",
    [
        {"kind": "birthday", "day": "2026-12-14"},
        {"kind": "trial", "day": "14/12/2026"},
        {"kind": "trial", "day": ""},
        {},
    ],
)
def test_a_day_that_is_none_is_refused(
    services: Services, signed_in: SignIn, fields: dict[str, str]
) -> None:
    made = samples.seed(services, with_case=True)

    answer = post(signed_in, made, "dates", fields, "INTAKE")

    assert answer.status_code == 400
    with services.database.reading() as session:
        assert legal_dates.of_submissions(session, [made.submission_id]) == []


def test_a_cash_decision_is_noted_and_checked(services: Services, signed_in: SignIn) -> None:
    made = samples.seed(services, programme="cash", with_case=True)

    browser, here = signed_in("CASH"), f"/submissions/{made.reference}"

    assert browser.post(f"{here}/decision", here, **DECISION).status_code == 303

    with services.database.reading() as session:
        (row,) = cash_decisions.of_submission(session, made.submission_id)
    page = browser.get(here).text
    assert (row.country, row.amount_sek, row.adults) == ("AFG", 75_000, 2)
    assert "IOM does not pay there today" in page
    assert "75 000 SEK" in page
    assert "The amount differs" not in page


@pytest.mark.parametrize(
    "change",
    [
        {"country": "Atlantis"},
        {"decided_on": ""},
        {"decided_on": "2999-01-01"},
        {"adults": "two"},
        {"amount_sek": "-1"},
        {"amount_sek": "9" * 30},
        {"document": "0" * 32},
    ],
)
def test_a_decision_that_cannot_be_meant_is_refused(
    services: Services, signed_in: SignIn, change: dict[str, str]
) -> None:
    made = samples.seed(services, programme="cash", with_case=True)

    answer = post(signed_in, made, "decision", {**DECISION, **change}, "CASH")

    assert answer.status_code == 400
    with services.database.reading() as session:
        assert cash_decisions.of_submission(session, made.submission_id) == []


def test_another_programmes_officer_finds_nothing(services: Services, signed_in: SignIn) -> None:
    made = samples.seed(services, with_case=True)

    browser = signed_in("CASH")

    assert browser.get(f"/submissions/{made.reference}/known").status_code == 404
