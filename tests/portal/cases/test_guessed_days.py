"""Check that a day which only closed papers say cannot be guessed by typing it (threat P10).

Two submissions differ in one thing: which day their closed police report says. Whoever types a day
meets the same answers on both, whether it is that day or another.
"""

import html
import re
from datetime import date
from typing import TYPE_CHECKING

import pytest

from intake.core.services import Services
from storage.audit import AuditEvent
from storage.audit_acts import Act
from storage.cases.legal_dates import LegalDate
from storage.documents.document_types import DocumentTypeRange
from tests.portal import samples
from tests.portal.building import Clock, TickingClock
from tests.portal.conftest import Browser, SignIn
from tests.portal.samples import Part, Seeded
from tests.portal.triage import extracted_values
from tests.portal.triage.forms import page_of, press

if TYPE_CHECKING:
    from werkzeug.test import TestResponse

GUESS, OTHER = date(2027, 5, 19), date(2027, 6, 2)
OWN = "2027-08-30"
# The clock ticks, so times of the day differ; so do codes, ids, and what a form hides.
CHANGING = re.compile(
    r"\b(?:\d\d:\d\d(?::\d\d)?|[0-9A-Z]{3}-[0-9A-Z]{3}-[0-9A-Z]{2}|[0-9a-f]{32})\b"
)


@pytest.fixture
def clock() -> Clock:
    """Give a clock that moves, as a real one does."""
    return TickingClock()


@pytest.fixture(params=["confirmed", "suggested"])
def both(services: Services, request: pytest.FixtureRequest) -> tuple[Seeded, Seeded]:
    """Give a submission whose closed paper says the guessed day, and one that says another."""
    return tuple(  # type: ignore[return-value] # two
        closed_day(services, day, is_confirmed=request.param == "confirmed")
        for day in (GUESS, OTHER)
    )


def closed_day(services: Services, day: date, *, is_confirmed: bool) -> Seeded:
    parts = (Part("brev.pdf", "CLEAN", page_count=1), Part("anmalan.pdf", "CLEAN", page_count=1))
    made = samples.seed(services, parts=parts)
    closed = extracted_values.ids_of(services, made)[1]
    extracted_values.add_kind(services, closed, "POL-RPT")
    date_id = extracted_values.add_date(services, made, "trial", day)
    with services.database.transaction() as session:
        row = session.query(DocumentTypeRange).filter_by(document_id=closed).one()
        row.decided_by, row.decided_at = "somebody", services.now()
        noted = session.get_one(LegalDate, date_id)
        noted.document_id = closed
        noted.confirmed_at = services.now() if is_confirmed else None
    return made


def typed(browser: Browser, made: Seeded, day: str, **fields: str) -> "TestResponse":
    page = page_of(made)
    return browser.post(f"{page}/dates", page, kind="trial", day=day, **fields)


def words(text: str) -> str:
    """Return what stands on a page, without what differs between any two."""
    plain = " ".join(html.unescape(re.sub(r"<[^>]+>", " ", text)).split())
    return CHANGING.sub("…", plain)


def shown(browser: Browser, made: Seeded) -> str:
    return words(browser.get(page_of(made)).text)


def test_a_guess_is_answered_alike_whether_it_is_right(
    signed_in: SignIn, both: tuple[Seeded, Seeded]
) -> None:
    browser = signed_in("INTAKE")
    for made in both:
        assert typed(browser, made, OWN).status_code == 303

    right, wrong = (typed(browser, made, GUESS.isoformat(), version="0") for made in both)

    assert (right.status_code, wrong.status_code) == (409, 409)
    assert words(right.text) == words(wrong.text)
    pages = [shown(browser, made) for made in both]
    assert "19 May 2027" not in pages[0]
    assert pages[0] == pages[1]


def test_a_guess_is_noted_and_undone_alike_whether_it_is_right(
    services: Services, signed_in: SignIn, both: tuple[Seeded, Seeded]
) -> None:
    browser = signed_in("INTAKE")

    assert [typed(browser, made, GUESS.isoformat()).status_code for made in both] == [303, 303]
    noted = [shown(browser, made) for made in both]
    assert [press(browser, made, "z") for made in both] == [303, 303]
    undone = [shown(browser, made) for made in both]

    assert noted[0] == noted[1]
    assert "19 May 2027" in noted[0]
    assert undone[0] == undone[1]
    assert "19 May 2027" not in undone[0]
    with services.database.reading() as session:
        rows = {row.submission_id: row for row in session.query(LegalDate).filter_by(ended_at=None)}
    # What a colleague confirmed is as it was, and a suggestion is one again.
    assert {made.submission_id for made in both} == set(rows)
    assert {row.day for row in rows.values()} == {GUESS, OTHER}


def test_a_day_that_is_seen_changes_nothing_when_typed_again(
    services: Services, signed_in: SignIn, both: tuple[Seeded, Seeded]
) -> None:
    browser = signed_in("INTAKE")
    assert typed(browser, both[0], OWN).status_code == 303

    assert typed(browser, both[0], OWN, version="0").status_code == 303

    with services.database.reading() as session:
        assert session.query(AuditEvent).filter_by(act=Act.DATE_CONFIRMED).count() == 1
