"""Check that an emergency is confirmed only by somebody to whom its letter was shown."""

import pytest

from intake.core.services import Services
from storage.submissions.submissions import Outcome
from tests.browser.support import mixed
from tests.portal import samples
from tests.portal.conftest import SignIn
from tests.portal.triage.forms import key, page_of

UNREAD = "its letter was not on your screen yet"


def test_an_emergency_is_confirmed_only_after_its_letter_was_shown(
    services: Services, signed_in: SignIn
) -> None:
    made = mixed.dated(services, 1)
    browser = signed_in("INTAKE")
    confirmation = f"{page_of(made)}/confirmation"

    refused = browser.get(confirmation)
    assert refused.status_code == 409
    assert UNREAD in refused.text
    assert f'href="{page_of(made)}#letter"' in refused.text

    page = browser.get(page_of(made)).text
    letter = page.partition('id="letter"')[2].partition("</section>")[0]
    assert "Ring mig gärna på förmiddagen." in letter
    assert "Regionkoordinator Väst" in letter
    assert "<details" not in letter
    assert key(page, "r").startswith("Confirm in writing")
    assert browser.get(confirmation).status_code == 200


@pytest.mark.parametrize("fields", [{"step": "sign", "paper": "0" * 32, "shown": ""}, {}])
def test_a_form_that_never_saw_the_letter_signs_nothing(
    services: Services, signed_in: SignIn, fields: dict[str, str]
) -> None:
    made = mixed.dated(services, 1)
    browser = signed_in("INTAKE")
    confirmation = f"{page_of(made)}/confirmation"

    answer = browser.post(confirmation, "/queues", next_step="Vi ringer.", **fields)

    assert answer.status_code == 409
    assert UNREAD in answer.text


def test_another_officers_reading_does_not_count(services: Services, signed_in: SignIn) -> None:
    made = mixed.dated(services, 1)
    assert signed_in("INTAKE", "second").get(page_of(made)).status_code == 200

    assert signed_in("INTAKE").get(f"{page_of(made)}/confirmation").status_code == 409


def test_closing_without_writing_is_refused_too(services: Services, signed_in: SignIn) -> None:
    made = mixed.dated(services, 1)
    browser = signed_in("INTAKE")

    answer = browser.post(f"{page_of(made)}/close-without", "/queues", why="internal")

    assert (answer.status_code, UNREAD in answer.text) == (409, True)


@pytest.mark.parametrize("outcome", list(Outcome))
def test_finishing_without_a_case_is_refused_too(
    services: Services, signed_in: SignIn, outcome: Outcome
) -> None:
    made = samples.seed(services, queue="Q1", priority="emergency", with_case=False)
    browser = signed_in("INTAKE")

    answer = browser.post(f"{page_of(made)}/finish", "/queues", outcome=outcome.value)
    assert (answer.status_code, UNREAD in answer.text) == (409, True)

    browser.get(page_of(made))
    again = browser.post(f"{page_of(made)}/finish", "/queues", outcome=outcome.value)
    assert again.status_code == 303


def test_what_is_no_emergency_is_confirmed_as_ever(services: Services, signed_in: SignIn) -> None:
    made = mixed.clean(services, 1)
    browser = signed_in("INTAKE")

    assert browser.get(f"{page_of(made)}/confirmation").status_code == 200
    page = browser.get(page_of(made)).text
    letter = page.partition('id="letter"')[2].partition("</section>")[0]
    assert "Hej," in letter.partition("<details")[0]
    assert "Regionkoordinator Väst" in letter.partition("<details")[2]


@pytest.mark.parametrize("programme", ["referrals", "cash"])
@pytest.mark.parametrize("priority", ["emergency", "normal"])
def test_the_letter_of_an_emergency_stands_above_what_ends_it(
    services: Services, signed_in: SignIn, programme: str, priority: str
) -> None:
    letter = "Hon är i fara nu.\nRing mig.\nHan kommer hem vid fem.\nKANARIE sista raden."
    made = samples.seed(
        services, programme=programme, priority=priority, body_text=letter, with_case=False
    )

    page = signed_in("CASH" if programme == "cash" else "INTAKE").get(page_of(made)).text

    assert page.count('class="act-bar"') == 1
    above = page.partition('class="act-bar"')[0]
    # Nobody needs a script to meet the letter before the buttons.
    assert ("KANARIE sista raden." in above) is (priority == "emergency")
