"""Check the fold «not known»: officers fill it, each answer is kept, nothing typed is lost."""

import re

import pytest
from sqlalchemy import text

from intake.core.services import Services
from storage import audit as audit_trail
from tests.portal import samples
from tests.portal.conftest import Browser, SignIn
from tests.portal.samples import Seeded
from tests.portal.triage.forms import page_of, press

DETAIL = "Ring Eva 070-000 00 00, endast 9 till 11"
ANSWERS = {
    "safe_contact": "direct",
    "detail": DETAIL,
    "country": "Irak",
    "nationality": "Iraq",
    "language": "ckb",
    "adults": "1",
    "children": "0",
    "escort": "yes",
    "detention": "no",
    "decision_number": "52-123456",
    "decision_on": "2026-11-02",
    "said_by": "The coordinator, by telephone",
    "said_on": "2026-11-23",
}


def tell(browser: Browser, made: Seeded, **answers: str) -> int:
    """Send the form of the fold with the version that the page carries."""
    page = browser.get(page_of(made)).text
    version = re.search(r'name="version" value="(\d+)"', page)
    assert version is not None
    path = f"{page_of(made)}/told"
    return browser.post(path, page_of(made), version=version.group(1), **answers).status_code


def glance(browser: Browser, made: Seeded) -> str:
    """Return what stands open on the page, in words."""
    page = browser.get(page_of(made)).text.partition('id="glance"')[2].partition("</section>")[0]
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def test_an_officer_fills_what_a_mail_did_not_say(services: Services, signed_in: SignIn) -> None:
    made = samples.seed(services)
    browser = signed_in("INTAKE")

    assert tell(browser, made, **ANSWERS) == 303

    shown = glance(browser, made)
    for words in (
        f"Safe contact Direct contact is safe: {DETAIL}",
        "said by The coordinator, by telephone on 23 Nov 2026 · noted by",
        "Return to Iraq",
        "Nationality Iraq",
        "Language Sorani",
        "Persons 1 adult · 0 children",
        "Minors No",
        "Escort ▲ Yes",
        "Detained No",
        "Agency file number 52-123456",
        "Decision of 2 Nov 2026",
    ):
        assert words in shown


def test_an_answer_is_corrected_by_a_newer_one_and_both_stay(
    services: Services, signed_in: SignIn
) -> None:
    made = samples.seed(services)
    browser = signed_in("INTAKE")
    first = {"safe_contact": "direct", "detail": "Call", "said_by": "The person"}

    tell(browser, made, **first)
    tell(browser, made, **{**first, "safe_contact": "coordinator", "detail": ""})

    page = browser.get(page_of(made)).text
    assert "Through the coordinator only" in glance(browser, made)
    history = page.partition("What was noted, and by whom")[2].partition("</details>")[0]
    assert history.count("<li>") == 2
    assert "Direct contact is safe" in history


def test_undoing_takes_the_newest_answers_back(services: Services, signed_in: SignIn) -> None:
    made = samples.seed(services)
    browser = signed_in("INTAKE")
    tell(browser, made, country="Iraq")
    tell(browser, made, country="Iran")

    assert press(browser, made, "z") == 303

    assert "Return to Iraq" in glance(browser, made)
    assert "taken back" in browser.get(page_of(made)).text


def test_what_is_sealed_cannot_be_read_in_the_table(services: Services, signed_in: SignIn) -> None:
    made = samples.seed(services)

    tell(signed_in("INTAKE"), made, **ANSWERS)

    with services.database.reading() as session:
        rows = session.execute(text("SELECT * FROM told_facts")).mappings().all()
        events = audit_trail.of_subject(session, "submission", made.submission_id)
    stored = " ".join(str(value) for row in rows for value in row.values())
    assert not any(word in stored for word in ("Eva", "IRQ", "safe_contact", "escort"))
    assert not any(word in str(each.detail) for each in events for word in ("safe", "IRQ"))


def card(browser: Browser, made: Seeded) -> str:
    """Return the card of what is missing."""
    page = browser.get(page_of(made)).text
    return page.partition('id="missing"')[2].partition('id="facts"')[0]


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"country": "Atlantis"}, "Please choose a country from the list."),
        ({"adults": "many"}, "Please write a number from 0 to 30."),
        ({"children": "-1"}, "Please write a number from 0 to 30."),
        ({"children": "\u0661"}, "Please write a number from 0 to 30."),
        ({"safe_contact": "everybody"}, "Please choose one of the answers."),
        ({"safe_contact": "direct", "said_by": ""}, "Please say who told you"),
        ({"detail": "x" * 501, "safe_contact": "direct"}, "Please use at most 500 characters."),
        ({"detail": "070", "safe_contact": ""}, "Please say which of the two it is."),
        ({"said_by": "x" * 121}, "Please use at most 120 characters."),
        ({"said_on": "2031-01-01"}, "This day is still to come."),
        ({"said_on": "yesterday"}, "Please give a day, such as"),
        ({"decision_on": "2026-02-31"}, "Please give a day, such as"),
        ({"decision_number": "9" * 41}, "Please use at most 40 characters."),
        ({"language": "\u202e<b>"}, "Please choose one of the answers."),
    ],
)
def test_what_is_wrong_is_said_beside_its_field_and_nothing_typed_is_lost(
    services: Services, signed_in: SignIn, wrong: dict[str, str], sentence: str
) -> None:
    made = samples.seed(services)
    browser = signed_in("INTAKE")
    typed = {**ANSWERS, "decision_number": "52-9", **wrong}

    answer = browser.post(f"{page_of(made)}/told", page_of(made), **typed)

    assert answer.status_code == 400
    form = answer.text.partition('id="not-known"')[2]
    assert form.startswith(" data-folded open>")
    assert sentence in form
    if "decision_number" not in wrong:
        assert 'value="52-9"' in form
    assert "Return to" not in glance(browser, made)


def test_a_colleague_who_noted_it_meanwhile_is_shown_beside(
    services: Services, signed_in: SignIn
) -> None:
    made = samples.seed(services)
    mine, theirs = signed_in("INTAKE"), signed_in("INTAKE", "second")
    page = mine.get(page_of(made)).text
    version = re.search(r'name="version" value="(\d+)"', page)
    assert version is not None
    tell(theirs, made, country="Iran")

    answer = mine.post(
        f"{page_of(made)}/told", page_of(made), version=version.group(1), country="Iraq"
    )

    assert answer.status_code == 409
    assert "Iran" in answer.text
    assert "Iraq" in answer.text
    assert "Return to Iran" in glance(mine, made)


def test_who_only_reads_sees_what_is_known_and_no_form(
    services: Services, signed_in: SignIn
) -> None:
    made = samples.seed(services)
    tell(signed_in("INTAKE"), made, country="Iraq")
    reader = signed_in("PROT")

    page = reader.get(page_of(made)).text

    assert "Return to Iraq" in glance(reader, made)
    assert 'class="told-form"' not in page
    assert reader.post(f"{page_of(made)}/told", page_of(made), country="Iran").status_code == 404


def test_no_children_are_asked_for_once_it_is_told_that_there_are_none(
    services: Services, signed_in: SignIn
) -> None:
    made = samples.seed(services)
    browser = signed_in("INTAKE")
    missing = (
        browser.get(page_of(made)).text.partition('id="missing"')[2].partition("</li>\n<li ")[0]
    )
    assert "If children are part of the case:" in missing
    asked, _, if_children = missing.partition("If children are part of the case:")
    assert "Best-interest assessment" not in asked
    assert "Best-interest assessment" in if_children

    tell(browser, made, adults="1", children="0")

    assert "Best-interest assessment" not in card(browser, made)
