"""Check that nothing typed into a draft is lost: while typing, in two windows, before sending."""

import re

import pytest
from flask import Flask

from intake.core.services import Services
from tests.portal.building import Clock
from tests.portal.coordinators.support import Coordinator, make_coordinator


@pytest.fixture
def west(app: Flask, services: Services, clock: Clock) -> Coordinator:
    """Give a coordinator of the west."""
    return make_coordinator(app, services, clock)


def version_on(page: str) -> str:
    """Return the version that a draft's form carries."""
    return page.partition('name="version" value="')[2].partition('"')[0]


def test_an_answer_is_kept_while_it_is_typed(west: Coordinator) -> None:
    draft_id = west.begin()
    path = f"/referrals/drafts/{draft_id}"

    first = west.ask("POST", f"{path}/answers", json={"note": {"was": "", "now": "Ring mig"}})
    second = west.ask("POST", f"{path}/answers", json={"own_code": {"was": "", "now": "V-1"}})

    assert (first.status_code, second.status_code) == (200, 200)
    page = west.get(path).text
    assert "Ring mig" in page
    assert 'value="V-1"' in page
    assert second.json is not None
    assert version_on(page) == second.json["version"]


def test_two_windows_lose_neither_answer(west: Coordinator) -> None:
    draft_id = west.begin()
    path = f"/referrals/drafts/{draft_id}"
    stale = version_on(west.get(path).text)
    west.ask("POST", f"{path}/answers", json={"note": {"was": "", "now": "In the other window"}})

    saved = west.ask("POST", f"{path}/answers", json={"note": {"was": "", "now": "In this one"}})
    sent = west.send_form(draft_id, "check", note="In this one", version=stale)

    assert saved.json is not None
    assert saved.json["elsewhere"] == {"note": "In the other window"}
    assert sent.status_code == 409
    assert "In the other window" in sent.text
    assert "In this one" in sent.text
    # Who has compared the two sends what stands there.
    again = west.send_form(draft_id, "check", note="In this one", version=version_on(sent.text))
    assert again.location == f"{path}/check"
    assert "In this one" in west.get(again.location).text


def test_other_fields_of_two_windows_do_not_meet(west: Coordinator) -> None:
    draft_id = west.begin()
    path = f"/referrals/drafts/{draft_id}"
    west.ask("POST", f"{path}/answers", json={"adults": {"was": "", "now": "2"}})

    saved = west.ask("POST", f"{path}/answers", json={"children": {"was": "", "now": "1"}})

    assert saved.json is not None
    assert saved.json["elsewhere"] == {}
    assert 'value="2"' in west.get(path).text


@pytest.mark.parametrize(
    "told",
    [
        [],
        "note",
        {"note": "text"},
        {"note": {"was": ""}},
        {"note": {"was": 1, "now": "x"}},
        {"owner_id": {"was": "", "now": "mallory"}},
        {f"note{n}": {"was": "", "now": ""} for n in range(50)},
    ],
)
def test_what_is_no_change_is_refused(west: Coordinator, told: object) -> None:
    draft_id = west.begin()

    answer = west.ask("POST", f"/referrals/drafts/{draft_id}/answers", json=told)

    assert answer.status_code == 400


def test_nobody_elses_draft_and_no_sent_one_is_saved(
    app: Flask, services: Services, clock: Clock, west: Coordinator
) -> None:
    draft_id = west.begin()
    path = f"/referrals/drafts/{draft_id}/answers"
    change = {"note": {"was": "", "now": "x"}}
    south = make_coordinator(app, services, clock, "south", "SYD")

    foreign = south.ask("POST", path, json=change)
    west.send_form(draft_id, "send", note="Hej")
    late = west.ask("POST", path, json=change)

    assert (foreign.status_code, late.status_code) == (404, 409)


def test_what_is_sent_is_looked_at_first(west: Coordinator) -> None:
    draft_id = west.begin()
    files = (("remiss.pdf", b"%PDF-1.7 x"), ("tom.pdf", b""))

    checked = west.send_form(
        draft_id, "check", files=files, priority="emergency", country="NGA", note="Ring mig"
    )
    page = west.get(checked.location).text

    assert checked.location == f"/referrals/drafts/{draft_id}/check"
    for words in ("Emergency", "Nigeria", "Ring mig", "remiss.pdf", "This file is empty", "112"):
        assert words in page
    assert "+358 40 628 1182" in page


def test_an_impossible_answer_leads_back_to_its_field(west: Coordinator) -> None:
    draft_id = west.begin()
    checked = west.send_form(draft_id, "check", adults="many")

    answer = west.get(checked.location)

    assert answer.status_code == 400
    assert "adults-error" in answer.text


def test_a_notice_without_documents_says_so(west: Coordinator) -> None:
    draft_id = west.begin()

    page = west.get(west.send_form(draft_id, "check").location).text

    assert "this is sent as an advance notice" in page


def test_another_language_keeps_what_is_typed_without_script(west: Coordinator) -> None:
    draft_id = west.begin()
    files = (("remiss.pdf", b"%PDF-1.7 x"),)

    answer = west.send_form(draft_id, "language-sv", files=files, note="Ring mig", own_code="V-1")
    page = west.get(west.get(answer.location).location).text

    assert '<html lang="sv"' in page
    for kept in ("Ring mig", 'value="V-1"', "remiss.pdf"):
        assert kept in page


@pytest.mark.parametrize("named", ["xx", "ar", "", "sv&next=//evil.example", "sv\x00"])
def test_a_language_that_is_none_saves_and_stays(west: Coordinator, named: str) -> None:
    draft_id = west.begin()

    answer = west.send_form(draft_id, f"language-{named}", note="Ring mig")

    assert answer.location == f"/referrals/drafts/{draft_id}"
    assert "Ring mig" in west.get(answer.location).text


def test_the_enter_key_saves_and_changes_no_language(west: Coordinator) -> None:
    page = west.get(f"/referrals/drafts/{west.begin()}").text
    own = [each for each in re.findall(r"<(?:input|button)[^>]*>", page) if 'name="' in each]
    of_the_form = own[next(i for i, each in enumerate(own) if 'form="draft"' in each) :]

    names = [re.findall(r'name="([^"]+)"(?: value="([^"]*)")?', each)[0] for each in of_the_form]
    assert names[0][0] == "csrf_token"
    assert names[1] == ("act", "add")
    assert names[2] == ("act", "language-sv")
