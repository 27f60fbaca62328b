"""Check the pages of a single-use link in the languages of those who may hold one."""

import re
from pathlib import Path

import pytest
from flask import Flask

from intake.core.services import Services
from intake.reference_data import prepared_answers
from portal.language.choice import LINK_LANGUAGES, RIGHT_TO_LEFT, UNREVIEWED
from storage.submissions.upload_links import UploadLink
from tests.portal.building import HOST
from tests.portal.conftest import Browser
from tests.portal.coordinators.single_use_link.counted import sent_count
from tests.portal.correspondence.links import PDF, Person
from tests.portal.language.catalogues import write_stand_in
from tests.portal.language.test_every_sentence import english_on

LATIN = re.compile(r"[A-Za-z]{2,}")
# The key, kinds of files, sizes and names of languages are written alike in every script.
KEPT_LATIN = frozenset({"Esc", "PDF", "MB", "kB", "IOM", "English", "Svenska", "Soomaali"})


def walk(person: Person) -> dict[str, str]:
    """Return {state: page} of a link's pages, from the first look to the code and after it."""
    pages = {"first": person.get().text}
    pages["nothing"] = person.post("send").text
    pages["wrong"] = person.post("send", note="1" * 2001, address="none", safe="").text
    pages["unsafe"] = person.post("send", note="", address="a@example.org").text
    person.post("add", ("one.pdf", PDF), ("empty.pdf", b""))
    told = {"name": "half.pdf", "type": "", "size": 3_000_000}
    open_file = person.ask("POST", "", json=told).get_json()["id"]
    pages["files"] = person.get().text
    pages["not whole"] = person.post("send").text
    pages["too large"] = person.ask("PUT", f"/{open_file}?offset=0", data=b"").get_json()["message"]
    pages["stale"] = person.post("send", token="wrong").text
    other = Person(Browser(person.browser.client.application), person.path)
    other.browser.client.set_cookie("avrr-language", language_of(person), domain=HOST)
    pages["in use"] = other.get().text
    person.post("remove", remove=open_file)
    pages["sent"] = person.browser.get(person.post("send", note="Salam").location).text
    pages["over"] = person.browser.get("/send/" + "x" * 43).text
    pages["not there"] = person.browser.get(person.path + "/nothing/here").text
    return pages


def language_of(person: Person) -> str:
    """Return the language that a browser keeps."""
    kept = person.browser.client.get_cookie("avrr-language", domain=HOST)
    return kept.value if kept is not None else ""


def choose(person: Person, language: str) -> None:
    """Press the button of a language and follow it."""
    answer = person.post(f"language-{language}")
    assert answer.status_code == 303
    person.browser.get(person.browser.get(answer.location).location)


def test_they_are_those_of_the_prepared_answers() -> None:
    assert set(LINK_LANGUAGES) == set(prepared_answers.LANGUAGES)


@pytest.mark.parametrize("language", sorted(UNREVIEWED))
def test_every_word_is_in_the_language(
    app: Flask, person: Person, tmp_path: Path, language: str
) -> None:
    app.config["CATALOGUES"] = write_stand_in(tmp_path / "catalogues", language)
    choose(person, language)

    english = {state: english_on(page) for state, page in walk(person).items()}

    assert {state: words for state, words in english.items() if words} == {}


@pytest.mark.parametrize("language", sorted(RIGHT_TO_LEFT))
def test_no_word_is_in_another_script(person: Person, language: str) -> None:
    choose(person, language)

    latin = {}
    for state, page in walk(person).items():
        seen = re.sub(r"<(bdi|script|style)\b.*?</\1>|<[^>]*>", " ", page, flags=re.DOTALL)
        if "<html" in page:
            assert f'<html lang="{language}" dir="rtl">' in page, state
            read_out = re.findall(r'(?:aria-label|title|data-[a-z]+)="([^"<>{]*)"', page)
            seen += " ".join(each for each in read_out if " " in each)
        latin[state] = set(LATIN.findall(seen)) - KEPT_LATIN

    assert {state: words for state, words in latin.items() if words} == {}


def test_a_phone_that_asks_for_a_language_gets_it(person: Person) -> None:
    for asked, language in [("fa-IR,fa;q=0.9,en;q=0.5", "fa"), ("ckb-IQ", "ckb"), ("so", "so")]:
        assert f'<html lang="{language}"' in person.get({"Accept-Language": asked}).text


def test_the_languages_stand_in_the_head_before_the_form(person: Person) -> None:
    head, rest = person.get().text.split("<main", 1)

    buttons = re.findall(r'<button type="submit" form="draft" name="act" value="language-', head)
    assert len(buttons) == len(LINK_LANGUAGES) - 1
    assert "language-" not in rest
    assert head.index('name="csrf_token"') < head.index("language-")


def test_another_language_leaves_the_link_free_until_something_is_put_in(
    person: Person, services: Services
) -> None:
    choose(person, "ar")

    with services.database.reading() as session:
        assert session.query(UploadLink).one().holder_hash is None
    assert '<html lang="ar" dir="rtl">' in person.get().text
    assert person.get().text.count("language-") == len(LINK_LANGUAGES) - 1


def test_another_language_keeps_what_was_typed_and_chosen(
    person: Person, services: Services
) -> None:
    answer = person.post(
        "language-so", ("one.pdf", PDF), note="Salaan", address="a@example.org", safe="yes"
    )
    page = person.browser.get(person.browser.get(answer.location).location).text

    assert '<html lang="so" dir="ltr">' in page
    for kept in ("Salaan", 'value="a@example.org"', " checked", "one.pdf"):
        assert kept in page
    assert sent_count(services) == 0


@pytest.mark.parametrize("named", ["xx", "", "ar\x00", "../sv", "ar&next=//evil.example"])
def test_a_language_that_is_none_changes_nothing(person: Person, named: str) -> None:
    answer = person.post(f"language-{named}", note="kept")
    page = person.browser.get(answer.location)

    assert answer.location.partition("?")[0] == person.path
    assert page.status_code == 200
    assert "kept" in page.text
    assert language_of(person) == ""


def test_other_pages_stay_in_swedish_and_english(person: Person) -> None:
    choose(person, "ar")

    page = person.browser.get("/sign-in", {"Accept-Language": "ar"}).text
    assert '<html lang="en" dir="ltr">' in page
