"""Check programme statistics: what may be shown, as text beside its bar, and harmless as cells."""

import csv
import io
from datetime import timedelta

import pytest
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from intake.core.services import Services
from portal.web import spreadsheets
from storage import audit
from storage.accounts.users import Role
from tests.portal import samples
from tests.portal.conftest import SignIn

LAST_WEEK = timedelta(weeks=1)
FEW = "under 11"
# The twelve of threat B20.
STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "\0", "＝", "＋", "－", "＠")


def seed(services: Services, count: int, programme: str = "referrals") -> None:
    """Put in arrivals of the last week that ended, each decided and its receipt sent."""
    for _ in range(count):
        samples.seed(services, age=LAST_WEEK, programme=programme, parts=(), with_case=False)


def cells(answer_text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(answer_text, newline="")))


@pytest.mark.parametrize("role", list(Role))
def test_only_those_who_may_see_numbers(signed_in: SignIn, role: Role) -> None:
    browser = signed_in(role)

    may_see = role in {Role.MGR, Role.DPO, Role.INTAKE, Role.CASH}
    for path in ("/numbers", "/numbers/numbers.csv", "/numbers/numbers.xlsx"):
        assert (browser.get(path).status_code == 200) is may_see
    assert ('href="/numbers"' in browser.get("/").text) is may_see


def test_the_page_is_exact_and_says_what_the_file_hides(
    services: Services, signed_in: SignIn
) -> None:
    seed(services, 12)
    seed(services, 3, "cash")

    page = signed_in("MGR").get("/numbers").text

    assert '<rect class="bar-part" width="100.0" height="10"/></svg> <span>12</span>' in page
    referrals, cash = page.partition('id="referrals-title"')[2].split('id="cash-title"')
    assert "<span>3</span>" in cash
    assert "What the file hides, and why" in referrals
    assert "<li>quarantined: hidden</li>" in referrals
    assert "<span>Genuine referrals</span>" in referrals
    assert "Genuine referrals" not in cash
    assert f">{FEW}<" not in page


def test_a_small_office_reads_how_long_its_few_referrals_took(
    services: Services, signed_in: SignIn
) -> None:
    seed(services, 3)

    page = signed_in("MGR").get("/numbers").text

    assert "Median of 3; the longest 1 min" in page
    assert "3 of 3 got one (100 %)" in page
    assert f">{FEW}<" not in page


@pytest.mark.parametrize(
    ("role", "titles"),
    [
        ("MGR", ["Referrals", "Cash support"]),
        ("DPO", ["Referrals", "Cash support"]),
        ("INTAKE", ["Referrals"]),
        ("CASH", ["Cash support"]),
    ],
)
def test_a_role_sees_its_programmes(signed_in: SignIn, role: str, titles: list[str]) -> None:
    page = signed_in(role).get("/numbers").text

    shown = [each for each in ("Referrals", "Cash support") if f'-title">{each}</h2>' in page]
    assert shown == titles


def test_an_empty_quarter_says_so(services: Services, signed_in: SignIn) -> None:
    page = signed_in("INTAKE").get("/numbers?period=2026-Q1").text

    assert "Arrivals by week and channel" not in page
    assert "None within a year" in page
    assert '<option value="2026-Q1" selected>' in page


@pytest.mark.parametrize("period", ["2026-Q5", "2027-Q1", "<script>"])
def test_another_period_is_not_there(signed_in: SignIn, period: str) -> None:
    assert signed_in("MGR").get(f"/numbers?period={period}").status_code == 404


def test_the_file_says_what_the_page_says_and_its_export_is_audited(
    services: Services, signed_in: SignIn
) -> None:
    seed(services, 12)

    answer = signed_in("INTAKE").get("/numbers/numbers.csv?period=2026-Q4")

    assert answer.content_type == "text/csv; charset=utf-8; header=present"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="numbers-2026-Q4.csv"'
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    rows = cells(answer.text)
    assert {len(row) for row in rows} == {7}
    start = ["2026-Q4", "referrals"]
    assert [*start, "arrivals", "2026-11-16", "email", "12", "submissions"] in rows
    assert [*start, "arrivals", "2026-11-16", "upload", FEW, "submissions"] in rows
    assert [*start, "time to receipt", "", "median", "1", "minutes"] in rows
    assert [*start, "backlog now", "", "Q2", "12", "items"] in rows
    assert "cash" not in answer.text
    with services.database.reading() as session:
        assert len(audit.of_subject(session, "numbers", "2026-Q4")) == 1


def test_the_sheet_says_what_the_file_says(services: Services, signed_in: SignIn) -> None:
    seed(services, 12)
    browser = signed_in("INTAKE")

    answer = browser.get("/numbers/numbers.xlsx?period=2026-Q4")

    assert answer.content_type == spreadsheets.XLSX_TYPE
    assert answer.headers["Content-Disposition"] == 'attachment; filename="numbers-2026-Q4.xlsx"'
    sheet = load_workbook(io.BytesIO(answer.data)).active
    assert isinstance(sheet, Worksheet)
    found = [["" if cell is None else str(cell) for cell in row] for row in sheet.values]
    assert found == cells(browser.get("/numbers/numbers.csv?period=2026-Q4").text)
    with services.database.reading() as session:
        assert len(audit.of_subject(session, "numbers", "2026-Q4")) == 2


@pytest.mark.parametrize("start", STARTS)
@pytest.mark.parametrize("before", ["", " "])
def test_no_cell_begins_like_a_formula_and_its_text_comes_back(start: str, before: str) -> None:
    text = f'{before}{start}HYPERLINK("http://evil.example","a;b")'

    ((cell, number),) = cells(spreadsheets.write_csv([[text, 7]]).decode())

    assert cell == "'" + text
    assert number == "7"
    assert spreadsheets.without_mark(cell) == text


@pytest.mark.parametrize(
    "text", ["", "fewer than 11", "a=b", "'quoted", "line\r\nbreak", 'say "x"']
)
def test_every_text_comes_back_as_it_was(text: str) -> None:
    ((cell, _),) = cells(spreadsheets.write_csv([[text, 1]]).decode())

    assert spreadsheets.without_mark(cell) == text


def test_rows_end_as_the_standard_says() -> None:
    assert spreadsheets.write_csv([["a", 1], ['b"c', 2]]) == b'"a",1\r\n"b""c",2\r\n'
