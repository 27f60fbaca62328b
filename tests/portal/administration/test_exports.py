"""Check lists on the pages: one asks, another allows, the first takes; bad input loses nothing."""

import csv
import io
from datetime import timedelta

import pytest
from flask import Flask
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from intake.core.services import Services
from portal.web import spreadsheets
from tests.portal import samples
from tests.portal.administration.test_accounts import MakeUser, give_factor
from tests.portal.building import Clock
from tests.portal.conftest import Browser, SignIn

LISTS = "/numbers/lists"
REASON = "The yearly report to the ministry"


def ask(browser: Browser, **fields: str) -> str:
    """Ask for a list and return its page's path."""
    sent = {"programme": "referrals", "period": "2026-Q4", "reason": REASON, **fields}
    answer = browser.post(LISTS, LISTS, **sent)
    assert answer.status_code == 303, answer.text
    return answer.location


def test_who_sees_no_numbers_sees_no_lists(signed_in: SignIn) -> None:
    browser = signed_in("ADMIN")

    answers = [browser.get(LISTS), browser.post(LISTS, "/admin/people/invite", reason=REASON)]

    assert [answer.status_code for answer in answers] == [404, 404]


def test_one_asks_another_allows_and_the_first_takes(
    services: Services, signed_in: SignIn, clock: Clock
) -> None:
    reference = samples.seed(services).reference
    samples.seed(services, programme="cash")
    officer, manager = signed_in("INTAKE"), signed_in("MGR")
    path = ask(officer)
    early = officer.get(f"{path}/list.csv")

    waiting = manager.get(path).text
    allowed = manager.post(f"{path}/approve", path)
    rows = list(csv.reader(io.StringIO(officer.get(f"{path}/list.csv").text, newline="")))
    sheet = load_workbook(io.BytesIO(officer.get(f"{path}/list.xlsx").data)).active
    theirs = manager.get(f"{path}/list.csv")
    clock.move(timedelta(days=1))
    # By then the session is over too.
    officer.sign_in("intake@iom.example")
    late = officer.get(f"{path}/list.csv")

    assert (early.status_code, late.status_code) == (410, 410)
    assert "Please ask again." in late.text
    assert REASON in waiting
    assert allowed.status_code == 303
    assert [row[0] for row in rows] == ["reference", reference]
    assert isinstance(sheet, Worksheet)
    found = [["" if cell is None else str(cell) for cell in row] for row in sheet.values]
    assert found == rows
    assert theirs.status_code == 404


def test_nobody_is_shown_or_given_the_button_for_their_own(signed_in: SignIn) -> None:
    manager = signed_in("MGR")
    path = ask(manager)

    page = manager.get(path).text
    answer = manager.post(f"{path}/approve", path)

    assert "/approve" not in page
    assert "A manager or the data-protection officer must approve it" in page
    assert answer.status_code == 403
    assert "This takes two people" in answer.text


def test_a_refused_list_says_so_and_gives_nothing(signed_in: SignIn) -> None:
    officer, manager = signed_in("INTAKE"), signed_in("DPO")
    path = ask(officer)

    refused = manager.post(f"{path}/refuse", path)
    again = manager.post(f"{path}/approve", path)

    assert (refused.status_code, again.status_code) == (303, 409)
    assert "This was decided already, or has lapsed." in again.text
    assert "Refused" in officer.get(path).text
    assert officer.get(f"{path}/list.csv").status_code == 410


def test_a_refused_form_comes_back_as_it_was_written(signed_in: SignIn) -> None:
    browser = signed_in("MGR")
    short = browser.post(LISTS, LISTS, programme="cash", period="2026-Q3", reason="<b>why")
    ask(browser)
    twice = browser.post(LISTS, LISTS, programme="referrals", period="2026-Q4", reason=REASON)

    assert (short.status_code, twice.status_code) == (400, 409)
    assert "Please write a reason" in short.text
    assert "&lt;b&gt;why</textarea>" in short.text
    assert '<option value="2026-Q3" selected>' in short.text
    assert '<option value="cash" selected>' in short.text
    assert "You have asked for this list already." in twice.text
    assert REASON in twice.text


@pytest.mark.parametrize(("name", "value"), [("programme", "cash"), ("period", "1999-Q1")])
def test_what_is_not_offered_is_not_there(signed_in: SignIn, name: str, value: str) -> None:
    fields = {"programme": "referrals", "period": "2026-Q4", "reason": REASON, name: value}

    assert signed_in("INTAKE").post(LISTS, LISTS, **fields).status_code == 404


def test_a_stale_second_factor_is_asked_for_again(
    app: Flask, services: Services, make_user: MakeUser, clock: Clock
) -> None:
    user, browser = make_user("INTAKE"), Browser(app)
    browser.sign_in("intake@iom.example")
    totp = give_factor(services, user, browser, clock)
    clock.move(timedelta(minutes=11))
    fields = {"programme": "referrals", "period": "2026-Q4", "reason": REASON}

    refused = browser.post(LISTS, LISTS, **fields)
    proved = browser.post(LISTS, LISTS, **fields, proof=totp.at(clock()))

    assert (refused.status_code, proved.status_code) == (401, 303)
    assert "Confirm that it is you" in refused.text
    assert REASON in refused.text


def test_the_files_are_tables_of_texts(services: Services, signed_in: SignIn) -> None:
    officer, manager = signed_in("INTAKE"), signed_in("MGR")
    path = ask(officer)
    manager.post(f"{path}/approve", path)

    for name, media_type in (
        ("list.csv", spreadsheets.CSV_TYPE),
        ("list.xlsx", spreadsheets.XLSX_TYPE),
    ):
        answer = officer.get(f"{path}/{name}")
        assert answer.content_type == media_type
        assert answer.headers["Content-Disposition"] == f'attachment; filename="{name}"'
        assert "sandbox" in answer.headers["Content-Security-Policy"]
