"""Check that confirmed readings fill what is not known, and ask about what is known."""

import re

import pytest

from intake.core.services import Services
from storage.documents.extracted_values import ExtractedValue
from tests.portal import samples
from tests.portal.conftest import Browser, SignIn
from tests.portal.samples import Part, Seeded
from tests.portal.triage import extracted_values
from tests.portal.triage.forms import page_of, press
from tests.portal.triage.known.test_told import glance, tell

# The specimen of ICAO 9303-4 with Iraq as the country.
ZONE = "P<IRQDEMO<<PERSON<ONE<<<<<<<<<<<<<<<<<<<<<<<\nL898902C36IRQ7408122F3204153ZE184226B<<<<<16"
PARTS = (Part("", "CLEAN", "", "text/plain", 9, role="body"), Part("TEST pass.pdf", "CLEAN"))


def seed(services: Services) -> tuple[Seeded, str]:
    """Put in a submission with a passport; return it with the document's id."""
    made = samples.seed(services, parts=PARTS)
    return made, extracted_values.ids_of(services, made)[1]


def read_field(services: Services, document_id: str, fact: str, value: str, shown: str) -> str:
    """Let a field of a form say something; return the value's id."""
    value_id = extracted_values.add_value(services, document_id, "form_field", value, shown)
    with services.database.transaction() as session:
        session.get_one(ExtractedValue, value_id).place = {"start": 0, "end": 0, "fact": fact}
    return value_id


def decide(browser: Browser, made: Seeded, value_id: str, answer: str = "yes") -> None:
    """Say that a reading is correct, or incorrect."""
    path = f"{page_of(made)}/aids/{value_id}"
    assert browser.post(path, page_of(made), answer=answer).status_code == 303


@pytest.mark.parametrize(
    ("fact", "value", "shown", "line"),
    [
        ("country_of_return", "IQ", "Irak", "Return to Iraq"),
        ("nationality", "IR", "Iran", "Nationality Iran"),
        ("language", "ckb", "sorani", "Language Sorani"),
        ("children", "2", "två", "Persons adult number not known · 2 children"),
    ],
)
def test_a_confirmed_reading_fills_what_nobody_told(
    services: Services, signed_in: SignIn, fact: str, value: str, shown: str, line: str
) -> None:
    made, document_id = seed(services)
    value_id = read_field(services, document_id, fact, value, shown)
    browser = signed_in("INTAKE")
    before = glance(browser, made)

    decide(browser, made, value_id)

    assert line not in before
    assert line in glance(browser, made)
    assert "filled from TEST pass.pdf" in browser.get(page_of(made)).text
    assert press(browser, made, "z") == 303
    assert glance(browser, made) == before


def test_a_decision_fills_its_day_and_number(services: Services, signed_in: SignIn) -> None:
    made, document_id = seed(services)
    browser = signed_in("INTAKE")
    for kind, value in (("decision_date", "2026-11-02"), ("dossier_number", "52123456")):
        decide(browser, made, extracted_values.add_value(services, document_id, kind, value))

    shown = glance(browser, made)
    assert "Decision of 2 Nov 2026 filled from TEST pass.pdf" in shown
    assert "Agency file number 52123456 filled from TEST pass.pdf" in shown


def test_what_stands_is_asked_about_and_not_overwritten(
    services: Services, signed_in: SignIn
) -> None:
    made, document_id = seed(services)
    value_id = read_field(services, document_id, "country_of_return", "IR", "Iran")
    browser = signed_in("INTAKE")
    tell(browser, made, country="Iraq")

    decide(browser, made, value_id)

    page = browser.get(page_of(made)).text
    assert "Return to Iraq" in glance(browser, made)
    asked = page.partition('class="reading-question"')[2].partition("</form>")[0]
    words = " ".join(re.sub(r"<[^>]+>", " ", asked).split())
    assert "TEST pass.pdf says Iran . Which one holds?" in words
    path = f"{page_of(made)}/readings/{value_id}"
    assert browser.post(path, page_of(made), field="country", answer="use").status_code == 303
    assert "Return to Iran filled from TEST pass.pdf" in glance(browser, made)
    assert "reading-question" not in browser.get(page_of(made)).text
    assert press(browser, made, "z") == 303
    assert "Return to Iraq" in glance(browser, made)
    assert "reading-question" in browser.get(page_of(made)).text


def test_what_is_kept_is_asked_about_no_more(services: Services, signed_in: SignIn) -> None:
    made, document_id = seed(services)
    value_id = read_field(services, document_id, "nationality", "IR", "Iran")
    browser = signed_in("INTAKE")
    tell(browser, made, nationality="Iraq")
    decide(browser, made, value_id)
    path = f"{page_of(made)}/readings/{value_id}"

    assert browser.post(path, page_of(made), field="nationality", answer="keep").status_code == 303

    assert "Nationality Iraq" in glance(browser, made)
    assert "reading-question" not in browser.get(page_of(made)).text
    # The same form again asks nothing any more, and a field of no question is none.
    again = browser.post(path, page_of(made), field="nationality", answer="use")
    assert again.status_code == 409
    assert browser.post(path, page_of(made), field="priority", answer="use").status_code == 400


def test_a_passport_fills_the_nationality_and_confirms_whom_it_names(
    services: Services, signed_in: SignIn
) -> None:
    made, document_id = seed(services)
    value_id = extracted_values.add_value(services, document_id, "mrz", ZONE, is_checked=True)
    person = extracted_values.add_person(services, made, "PERSON ONE DEMO", "1974-08-12")
    extracted_values.say_by(services, person, document_id)
    browser = signed_in("INTAKE")
    page = browser.get(page_of(made)).text
    assert "Person One Demo · Iraq · no. L898902C3" in page
    assert "born <bdi>12 Aug 1974</bdi> · not yet verified" in page

    decide(browser, made, value_id)

    page = browser.get(page_of(made)).text
    assert "Nationality Iraq filled from TEST pass.pdf" in glance(browser, made)
    assert "born <bdi>12 Aug 1974</bdi> · confirmed" in page
    assert press(browser, made, "z") == 303
    page = browser.get(page_of(made)).text
    assert "not yet verified" in page
    assert "Nationality" not in glance(browser, made)


def test_a_dismissed_or_doubtful_reading_fills_nothing(
    services: Services, signed_in: SignIn
) -> None:
    made, document_id = seed(services)
    browser = signed_in("INTAKE")
    wrong = read_field(services, document_id, "country_of_return", "IR", "Iran")
    doubtful = read_field(services, document_id, "nationality", "Utopien", "Utopien")
    twice = extracted_values.add_value(
        services, document_id, "decision_date", "2026-03-04|2026-04-03"
    )
    before = glance(browser, made)

    decide(browser, made, wrong, "no")
    for each in (doubtful, twice):
        decide(browser, made, each)

    assert glance(browser, made) == before
    page = browser.get(page_of(made)).text
    assert "4 Mar 2026 or 3 Apr 2026" in page
