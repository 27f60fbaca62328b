"""Check what one key accepts, and what the page says that it accepted."""

import re

import pytest

from intake.core.services import Services
from tests.portal import samples
from tests.portal.conftest import SignIn
from tests.portal.triage import extracted_values
from tests.portal.triage.forms import key, page_of


def test_a_reading_stands_with_its_value_where_the_key_accepts_it(
    services: Services, signed_in: SignIn
) -> None:
    made = samples.seed(services)
    (document, *_rest) = extracted_values.ids_of(services, made)
    extracted_values.add_value(services, document, "birth_date", "1974-08-12")
    browser = signed_in("INTAKE")

    page = browser.get(page_of(made)).text

    beside = page.split('class="all-kinds"')[1].split("</form>")[0]
    assert "12 Aug 1974" in beside
    assert key(page, "y").startswith("Accept: Born")
    assert page.count('data-key="y"') == 1


def test_what_was_accepted_is_said_with_its_value(services: Services, signed_in: SignIn) -> None:
    made = samples.seed(services)
    (document, *_rest) = extracted_values.ids_of(services, made)
    value = extracted_values.add_value(services, document, "birth_date", "1974-08-12")
    browser = signed_in("INTAKE")

    browser.post(f"{page_of(made)}/aids/{value}", page_of(made), answer="yes")

    said = browser.get(page_of(made)).text.split('id="done"')[1].split("</div>")[0]
    assert "12 Aug 1974" in said


@pytest.mark.parametrize(
    ("options", "leads"),
    [
        ({"queue": "Q11", "programme": "cash", "verdict": "unknown"}, "Answer"),
        ({"queue": "Q4", "verdict": "unverified"}, ""),
    ],
)
def test_no_key_files_a_question_or_what_nobody_proved(
    services: Services, signed_in: SignIn, options: dict[str, str], leads: str
) -> None:
    made = samples.seed(services, state="HOLDING", with_case=False, **options)
    browser = signed_in("CASH" if "programme" in options else "INTAKE")

    page = browser.get(page_of(made)).text

    assert key(page, "y") == ""
    first = re.search(r'class="act-bar">\s*<a class="button"[^>]*>(\w+)', page)
    assert (first.group(1) if first else "") == leads
