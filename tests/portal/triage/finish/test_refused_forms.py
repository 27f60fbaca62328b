"""Check that a refused hold or date loses nothing: the form comes again with what was typed."""

import re

import pytest

from intake.core.services import Services
from tests.portal import samples
from tests.portal.conftest import Browser, SignIn
from tests.portal.triage.forms import page_of


@pytest.fixture
def browser(signed_in: SignIn) -> Browser:
    return signed_in("INTAKE")


def form_of(page: str, ending: str) -> str:
    """Return the markup of the form that is sent to an address with this ending."""
    found = re.search(rf'(?s)<form[^>]*action="[^"]*{ending}(?:\?[^"]*)?".*?</form>', page)
    assert found is not None
    return found.group(0)


def field(form: str, name: str, value: str = "") -> str:
    """Return the tag of a field: of the choice with a value, if one is given."""
    tags = re.findall(rf'<(?:input|select)[^>]*name="{name}"[^>]*>', form)
    return str(next(tag for tag in tags if not value or f'value="{value}"' in tag))


@pytest.mark.parametrize(
    ("on", "at"),
    [("2026-11-20", "08:15"), ("2027-12-01", "08:15"), ("2026-12-01", ""), ("", "08:15")],
)
def test_a_refused_hold_opens_its_form_again(
    services: Services, browser: Browser, on: str, at: str
) -> None:
    path = page_of(samples.seed(services))

    answer = browser.post(
        f"{path}/hold", path, why="sender_unsure", until="other", until_on=on, until_at=at
    )

    form = form_of(answer.text, "/hold")
    assert answer.status_code == 400
    assert re.search(r'(?s)<details[^>]* open>\s*<summary[^>]*data-key="h"', answer.text)
    assert "a day and time within the next 60 days" in form
    assert "checked" in field(form, "why", "sender_unsure")
    assert "checked" in field(form, "until", "other")
    assert form.count(" checked") == 2
    assert f'value="{on}"' in field(form, "until_on")
    assert f'value="{at}"' in field(form, "until_at")
    assert 'aria-describedby="until-error"' in field(form, "until_on")


def test_the_form_as_it_opens_says_nothing_is_wrong(services: Services, browser: Browser) -> None:
    form = form_of(browser.get(page_of(samples.seed(services))).text, "/hold")

    assert "aria-invalid" not in form
    assert form.count(" checked") == 2
    assert 'value="09:00"' in field(form, "until_at")


@pytest.mark.parametrize(
    ("typed", "wrong"),
    [
        ({"kind": "trial", "day": "2026-13-45"}, {"day"}),
        ({"kind": "trial", "day": ""}, {"day"}),
        ({"kind": "none of ours", "day": "2026-12-14"}, {"kind"}),
        ({"kind": "", "day": '"><b>'}, {"kind", "day"}),
    ],
)
def test_a_refused_date_shows_its_form_again(
    services: Services, browser: Browser, typed: dict[str, str], wrong: set[str]
) -> None:
    path = page_of(samples.seed(services))

    answer = browser.post(f"{path}/dates", f"{path}/known", **typed)

    form = form_of(answer.text, "/dates")
    assert answer.status_code == 400
    assert {name for name in ("kind", "day") if f'id="day-{name}-error"' in form} == wrong
    assert "<b>" not in form
    if typed["kind"] == "trial":
        assert re.search(r'<option value="trial" selected>', form)
    if "<" not in typed["day"]:
        assert f'value="{typed["day"]}"' in field(form, "day")
