"""Check what applicants read, that it is the office's data of the day, and that nothing is kept."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from flask import Flask

from intake.core.services import Services
from intake.reference_data import editions
from portal.language.choice import RIGHT_TO_LEFT, UNREVIEWED
from storage.editions import Edition, EditionKind, EditionState
from tests.portal.building import Clock, build_app
from tests.portal.conftest import Browser
from tests.portal.language.catalogues import Sentence, translations

PATHS = ("/helpline", "/about")
DRAFT = "This translation is a draft. Nobody who grew up with the language has checked it yet."
# Shorter words may stand in another language's as they are.
LONG = 12
MAX_WIRE_BYTES = 40_000
WITHOUT_WORDS = re.compile(r"<(style|script|title).*?</\1>|<[^>]+>", re.DOTALL)
ASSET = re.compile(r'(?:href|src)="(/static/[^"]+)"')


@pytest.fixture
def stranger(app: Flask) -> Browser:
    """Give a browser that nobody has signed in with."""
    return Browser(app)


def words(browser: Browser, path: str) -> str:
    """Return the words of a page, without marks and with single spaces."""
    text = WITHOUT_WORDS.sub(" ", browser.get(path).text)
    return " ".join(text.split())


def approve(services: Services, kind: EditionKind, code: str, content: dict[str, Any]) -> None:
    """Put an edition in force from the first of January 2026 on."""  # Any: an edition's JSON
    with services.database.transaction() as writing:
        writing.add(
            Edition(
                id=f"{kind}-{code}",
                kind=kind,
                code=code,
                number=1,
                valid_from=date(2026, 1, 1),
                content=content,
                state=EditionState.APPROVED,
                proposed_at=services.now(),
                decided_at=services.now(),
            )
        )


@pytest.mark.parametrize(
    ("at", "said"),
    [
        (datetime(2026, 11, 30, 12, 30, tzinfo=UTC), "Open now. Closes in 1 h 30 min."),
        (
            datetime(2026, 11, 30, 9, 50, tzinfo=UTC),
            "Closed now. Opens in 2 h 10 min: Mon 30 Nov 13:00, Swedish time.",
        ),
        (
            datetime(2026, 12, 4, 14, 0, tzinfo=UTC),
            "Closed now. Opens in 2 d 22 h: Mon 7 Dec 13:00, Swedish time.",
        ),
        # The next day is Finland's independence day, and the one before it a Sunday.
        (
            datetime(2027, 12, 5, 12, 0, tzinfo=UTC),
            "Closed now. Opens in 2 d: Tue 7 Dec 13:00, Swedish time.",
        ),
    ],
)
def test_the_helpline_says_whether_it_is_open(
    stranger: Browser, clock: Clock, at: datetime, said: str
) -> None:
    clock.at = at

    assert said in words(stranger, "/helpline")


@pytest.mark.parametrize(
    ("at", "hours"),
    [
        (
            datetime(2026, 11, 30, 9, tzinfo=UTC),
            [
                "Sweden 13:00–15:00",
                "(Kinshasa) 13:00–15:00",
                "(Lubumbashi) 14:00–16:00",
                "El Salvador 06:00–08:00",
                "Iraq 15:00–17:00",
                "Pakistan 17:00–19:00",
            ],
        ),
        (
            datetime(2026, 6, 1, 9, tzinfo=UTC),
            ["Sweden 13:00–15:00", "El Salvador 05:00–07:00", "Iraq 14:00–16:00"],
        ),
    ],
)
def test_hours_are_told_by_the_clock_of_each_country(
    stranger: Browser, clock: Clock, at: datetime, hours: list[str]
) -> None:
    clock.at = at

    page = words(stranger, "/helpline")

    assert [each for each in hours if each not in page] == []


def test_a_day_that_is_another_one_there_is_named(
    stranger: Browser, services: Services, clock: Clock
) -> None:
    (shipped,) = editions.shipped(EditionKind.HELPLINE)
    night = {"mon": {"opens": "01:00", "closes": "02:00"}}
    approve(services, EditionKind.HELPLINE, "helpline", {**shipped.content, "hours": night})
    clock.at = datetime(2026, 11, 30, 9, tzinfo=UTC)

    page = words(stranger, "/helpline")

    assert "Sweden 01:00–02:00" in page
    assert "El Salvador Sun 18:00–19:00" in page


def test_what_the_office_approves_is_on_the_page_at_once(
    stranger: Browser, services: Services
) -> None:
    (shipped,) = editions.shipped(EditionKind.HELPLINE)
    changed = {**shipped.content, "number": "+358 40 000 0000", "apps": [], "written": ["so"]}
    approve(services, EditionKind.HELPLINE, "helpline", changed)
    approve(services, EditionKind.COUNTRIES, "iom_payable", {"source": "x", "countries": ["AFG"]})
    approve(
        services,
        EditionKind.AMOUNTS,
        "reestablishment",
        {"source": "x", "currency": "SEK", "adult": 31000, "child": 1, "family_cap": 2},
    )

    helpline, about = words(stranger, "/helpline"), words(stranger, "/about")

    assert "+358 40 000 0000" in helpline
    assert "WhatsApp" not in helpline
    assert "In writing only: Somali Who" in helpline
    assert "31 000 kronor" in about
    paid, others = about.split("we do not pay it")
    assert "Afghanistan" in paid
    assert "Iraq" in others
    assert "Iraq" not in paid


def test_before_the_first_data_nothing_old_is_said(stranger: Browser, clock: Clock) -> None:
    clock.at = datetime(2015, 6, 1, tzinfo=UTC)

    helpline, about = words(stranger, "/helpline"), words(stranger, "/about")

    assert "There is no number here today." in helpline
    assert "The amount stands in your decision." in about
    assert "Your reception officer can say where it is paid." in about


@pytest.mark.parametrize("path", PATHS)
def test_nothing_is_kept_in_the_browser(stranger: Browser, path: str) -> None:
    for address in (path, f"{path}?lang=sv", f"{path}?page-language=sv", f"{path}?lang=%3Cx%3E"):
        answer = stranger.get(address, {"Accept-Language": "sv"})

        assert answer.status_code == 200
        assert answer.headers.getlist("Set-Cookie") == []
        assert answer.headers["Cache-Control"] == "no-store"
        assert "<form" not in answer.text


@pytest.mark.parametrize("path", PATHS)
def test_the_language_is_the_addresss_then_the_chosen_then_the_browsers(
    stranger: Browser, path: str
) -> None:
    assert '<html lang="sv"' in stranger.get(f"{path}?lang=sv", {"Accept-Language": "en"}).text
    assert '<html lang="sv"' in stranger.get(path, {"Accept-Language": "sv"}).text
    assert '<html lang="en"' in stranger.get(path, {"Accept-Language": "xx"}).text
    assert '<html lang="en"' in stranger.get(f"{path}?lang=../../etc", {}).text

    stranger.get("/?page-language=sv")

    assert '<html lang="sv"' in stranger.get(path, {"Accept-Language": "en"}).text
    assert '<html lang="en"' in stranger.get(f"{path}?lang=en", {"Accept-Language": "sv"}).text


@pytest.mark.parametrize("path", PATHS)
def test_the_title_and_the_address_bar_tell_nobody_what_it_is_about(
    stranger: Browser, path: str
) -> None:
    (title,) = re.findall("<title>(.*?)</title>", stranger.get(path).text)

    assert title in {"Telephone", "Information"}


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("language", ["en", "sv"])
def test_a_page_with_all_that_it_loads_is_light(
    stranger: Browser, path: str, language: str
) -> None:
    page = stranger.get(f"{path}?lang={language}").text
    loaded = [each for each in ASSET.findall(page) if not each.endswith("None")]
    sizes = {
        each: len(stranger.get(each, {"Accept-Encoding": "gzip"}).data) for each in set(loaded)
    }

    assert len([each for each in loaded if ".css" in each]) == 1
    assert len(page.encode()) + sum(sizes.values()) < MAX_WIRE_BYTES


@pytest.fixture
def demo(services: Services) -> Browser:
    """Give a stranger's browser at the demo."""
    settings = replace(services.settings, is_demo=True)
    return Browser(build_app(replace(services, settings=settings)))


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("language", sorted(UNREVIEWED))
def test_drafts_of_translations_are_shown_in_the_demo_alone(
    stranger: Browser, demo: Browser, path: str, language: str
) -> None:
    address = f"{path}?lang={language}"
    direction = "rtl" if language in RIGHT_TO_LEFT else "ltr"

    assert '<html lang="en"' in stranger.get(address).text
    assert language not in re.findall(r'hreflang="(\w+)"', stranger.get(path).text)
    page = demo.get(address).text
    assert f'<html lang="{language}" dir="{direction}"' in page
    assert translations(language)[Sentence(DRAFT)][0] in page


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("language", sorted(UNREVIEWED))
def test_a_draft_leaves_no_sentence_in_english(demo: Browser, path: str, language: str) -> None:
    page = words(demo, f"{path}?lang={language}")

    english = {each.singular for each in translations(language) if len(each.singular) > LONG}
    assert sorted(each for each in english if each in page) == []
    assert not re.search("[\u0660-\u0669\u06f0-\u06f9]", page), "digits are Western"
