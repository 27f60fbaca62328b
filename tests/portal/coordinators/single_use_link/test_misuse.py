"""A single-use link when it is over, guessed, foreign or looked for."""

import logging
from datetime import timedelta

import pytest
from flask import Flask

from intake.access import gate
from intake.accounts.accounts import SignedInUser
from intake.arrivals import drafts, links
from intake.arrivals.link_holders import MAX_TRIES_OF_NETWORK
from intake.core.services import Services
from storage.mail.outbox import OutboxMessage
from storage.submissions.drafts import Upload
from storage.submissions.submissions import Submission
from tests.portal.building import Clock
from tests.portal.conftest import Browser
from tests.portal.coordinators.single_use_link.counted import over_paths, sent_count
from tests.portal.correspondence.links import PDF, Person, make_link, person_with


def test_every_link_that_is_over_is_the_same_page(
    app: Flask, services: Services, officer: SignedInUser, reference: str, clock: Clock
) -> None:
    paths = over_paths(app, services, officer, reference)
    expired = person_with(app, make_link(services, officer, reference))
    clock.move(timedelta(hours=72))
    fresh = Browser(app)

    answers = [fresh.get(path) for path in [*paths, expired.path]]

    assert {(answer.status_code, answer.text) for answer in answers} == {(404, answers[0].text)}
    assert "safe with us" in answers[0].text
    assert reference not in answers[0].text


def test_a_link_works_until_its_last_second(
    app: Flask, services: Services, officer: SignedInUser, reference: str, clock: Clock
) -> None:
    person = person_with(app, make_link(services, officer, reference))
    clock.move(timedelta(hours=72) - timedelta(seconds=1))

    assert person.post("send", ("one.pdf", PDF)).status_code == 303


def test_a_link_that_ends_while_documents_are_put_in_takes_no_more(
    person: Person, services: Services, clock: Clock
) -> None:
    told = {"name": "a", "type": "", "size": 3}
    upload_id = person.ask("POST", "", json=told).get_json()["id"]
    token = person.token()
    clock.move(timedelta(hours=72))

    put = person.ask("PUT", f"/{upload_id}?offset=0", token=token, data=b"abc")
    sent = person.post("send", ("one.pdf", PDF), token=token)

    assert (put.status_code, put.get_json()["error"]) == (404, "link_over")
    assert "cannot be used" in put.get_json()["message"]
    assert sent.status_code == 404
    assert "This link cannot be used" in sent.text
    assert sent_count(services) == 0


def test_guessing_is_counted_and_stopped_and_never_stops_a_right_link(
    app: Flask, person: Person
) -> None:
    guesser = Browser(app)

    statuses = [
        guesser.get(f"/send/{number:043d}").status_code
        for number in range(MAX_TRIES_OF_NETWORK + 2)
    ]

    assert statuses == [404] * MAX_TRIES_OF_NETWORK + [429] * 2
    assert person.get().status_code == 200


@pytest.mark.parametrize(
    ("method", "rest"),
    [("POST", ""), ("PUT", "/{id}?offset=0"), ("POST", "/{id}/finish"), ("DELETE", "/{id}")],
)
def test_another_links_holder_reaches_nothing(
    app: Flask,
    services: Services,
    officer: SignedInUser,
    reference: str,
    person: Person,
    method: str,
    rest: str,
) -> None:
    upload_id = person.ask("POST", "", json={"name": "a", "type": "", "size": 3}).get_json()["id"]
    other = person_with(app, make_link(services, officer, reference))

    answer = other.ask(method, rest.format(id=upload_id), data=b"abc" if method == "PUT" else None)

    # Announcing names no file yet; without a JSON body it is refused for its media type.
    assert answer.status_code == (404 if rest else 415)
    assert person.ask("GET", f"/{upload_id}").get_json() == {"received": 0}


def test_a_form_or_request_without_the_pages_token_changes_nothing(
    app: Flask, services: Services, officer: SignedInUser, reference: str, person: Person
) -> None:
    other = person_with(app, make_link(services, officer, reference))

    answers = [
        person.post("send", ("one.pdf", PDF), token=""),
        person.post("send", ("one.pdf", PDF), token=other.token()),
        person.ask("POST", "", token="", json={"name": "a", "type": "", "size": 3}),
        person.ask("POST", "", token=other.token(), json={"name": "a", "type": "", "size": 3}),
    ]

    assert [answer.status_code for answer in answers] == [400] * 4
    with services.database.reading() as session:
        assert session.query(Upload).count() == 0


def test_names_words_and_code_show_only_in_the_browser_that_put_things_in(
    app: Flask, person: Person
) -> None:
    person.post("add", ("polisrapport.pdf", PDF), note="my words")
    other = Person(Browser(app), person.path)

    before = other.get()
    person.post("send")

    assert (before.status_code, "This link is in use" in before.text) == (403, True)
    assert "polisrapport" not in before.text
    assert "my words" not in before.text
    assert other.get().status_code == 404
    assert "Received" in person.get().text


@pytest.mark.parametrize("act", ["send", "add"])
def test_a_second_browser_neither_sends_nor_changes_what_the_first_put_in(
    app: Flask, person: Person, services: Services, act: str
) -> None:
    other = Person(Browser(app), person.path)
    token = other.token()
    person.post("add", ("one.pdf", PDF), note="my words")

    refused = other.post(
        act, ("two.pdf", PDF), token=token, note="", address="other@post.example", safe="yes"
    )

    page = person.get().text
    assert (refused.status_code, "This link is in use" in refused.text) == (403, True)
    assert sent_count(services) == 0
    assert "my words" in page
    assert "other@post.example" not in page
    assert "two.pdf" not in page


def test_a_second_browsers_script_reaches_no_file_of_the_first(app: Flask, person: Person) -> None:
    other = Person(Browser(app), person.path)
    token = other.token()
    told = {"name": "a", "type": "", "size": 3}
    upload_id = person.ask("POST", "", json=told).get_json()["id"]

    answers = [
        other.ask("POST", "", token=token, json=told),
        other.ask("GET", f"/{upload_id}", token=token),
        other.ask("PUT", f"/{upload_id}?offset=0", token=token, data=b"abc"),
        other.ask("DELETE", f"/{upload_id}", token=token),
    ]

    assert {(each.status_code, each.get_json()["error"]) for each in answers} == {
        (403, "link_in_use")
    }
    assert person.ask("GET", f"/{upload_id}").get_json() == {"received": 0}


def test_a_browser_that_keeps_no_cookies_is_not_shut_out(
    app: Flask, person: Person, services: Services
) -> None:
    token = person.token()
    for act in ("add", "send"):
        without = Person(Browser(app), person.path)
        without.post(act, ("one.pdf", PDF), token=token)

    assert sent_count(services) == 1


@pytest.mark.parametrize(
    ("fields", "state", "reason"),
    [
        ({}, "suppressed", "no_safe_address"),
        ({"address": "Anna@post.example", "safe": "yes"}, "due", ""),
    ],
)
def test_a_receipt_leaves_only_for_an_address_that_was_called_safe(
    person: Person, services: Services, fields: dict[str, str], state: str, reason: str
) -> None:
    person.post("send", ("one.pdf", PDF), **fields)

    with services.database.reading() as session:
        (row,) = (
            session.query(OutboxMessage)
            .filter_by(kind="R1")
            .filter(
                OutboxMessage.submission_id
                == session.query(Submission.id).filter_by(channel="upload").scalar_subquery()
            )
        )
    assert (row.state, row.reason) == (state, reason)


def test_neither_token_nor_content_stands_anywhere_in_the_clear(
    person: Person, services: Services, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    token = person.path.rpartition("/")[2]
    person.post("add", ("KANARIE-NAME.pdf", PDF), note="KANARIE-WORDS", address="x@kanarie.example")
    person.browser.get(f"/send/{token}/none")
    person.post("send", note="KANARIE-WORDS")
    services.database.close()

    folder = services.settings.data_dir
    canaries = [token.encode(), b"KANARIE", b"kanarie.example"]
    found = [
        (path.name, canary)
        for path in folder.rglob("*")
        if path.is_file()
        for canary in canaries
        if canary in path.read_bytes()
    ]
    assert found == []
    assert token not in caplog.text
    assert "KANARIE" not in caplog.text


def test_an_abandoned_draft_goes_and_the_list_still_shows_its_link(
    person: Person, services: Services, officer: SignedInUser, reference: str, clock: Clock
) -> None:
    person.post("add", ("one.pdf", PDF))
    (before,) = links.list_links(
        services, gate.case_or_submission_to_change(services, officer, reference)
    ).links

    clock.move(timedelta(days=8))
    drafts.erase_abandoned(services)

    (after,) = links.list_links(
        services, gate.case_or_submission_to_change(services, officer, reference)
    ).links
    assert (before.waiting, before.state) == (1, "open")
    assert (after.waiting, after.state) == (0, "expired")
    assert person.get().status_code == 404
