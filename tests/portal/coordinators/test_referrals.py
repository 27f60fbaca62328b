"""Check referrals in the portal: drafts, sending, the page after it, and whose referral it is."""

import re

import pytest
from flask import Flask

from intake.core.services import Services
from intake.oversight.verify import verify_storage
from portal.web.policy import ROLES, Permission, policy_of
from storage.accounts.users import Role
from storage.submissions.drafts import Draft
from storage.submissions.submissions import Submission
from tests.portal.building import HOST, Clock
from tests.portal.conftest import SignIn
from tests.portal.coordinators.support import (
    Coordinator,
    Two,
    make_coordinator,
    reference_on,
    submission_of,
)

SMALL = b"%PDF-1.7 a small file"


@pytest.fixture
def west(app: Flask, services: Services, clock: Clock) -> Coordinator:
    """Give a coordinator of the west."""
    return make_coordinator(app, services, clock)


@pytest.fixture
def two(app: Flask, services: Services, clock: Clock, west: Coordinator) -> Two:
    """Give coordinators of two regions."""
    return Two(west, make_coordinator(app, services, clock, "south", "SYD"))


def test_looking_begins_no_draft(west: Coordinator, services: Services) -> None:
    for path in ("/referrals", "/referrals/new", "/referrals/consultation"):
        assert west.get(path).status_code == 200

    with services.database.reading() as session:
        assert session.query(Draft).count() == 0


def test_limits_are_told_before_anything_is_chosen(west: Coordinator) -> None:
    assert "100 MB" in west.get("/referrals/new").text
    assert "100 MB" in west.get(f"/referrals/drafts/{west.begin()}").text


def test_files_in_a_plain_form_are_kept_and_sent(west: Coordinator, services: Services) -> None:
    draft_id = west.begin()

    added = west.send_form(
        draft_id, "add", files=(("remiss.pdf", SMALL), ("bilaga å.pdf", b"x" * 70_000))
    )
    page = west.get(f"/referrals/drafts/{draft_id}").text
    sent = west.send_form(draft_id, "send", priority="urgent")

    assert added.location == f"/referrals/drafts/{draft_id}#files"
    assert "bilaga å.pdf" in page
    assert "2 files, ready to be sent." in page
    assert sent.location == f"/referrals/sent/{draft_id}"
    reference = reference_on(west.get(sent.location).text)
    assert submission_of(services, reference).item_count == 2
    assert submission_of(services, reference).priority == "urgent"
    assert verify_storage(services, orphan_after_seconds=0).faults == ()


def test_the_page_after_sending_stays_the_same(west: Coordinator, services: Services) -> None:
    draft_id = west.begin()
    form = {"csrf_token": west.token(f"/referrals/drafts/{draft_id}"), "act": "send"}

    answers = [
        west.browser.client.post(
            f"/referrals/drafts/{draft_id}",
            base_url=f"http://{HOST}",
            data=form,
            content_type="multipart/form-data",
        )
        for _ in range(3)
    ]

    assert {answer.location for answer in answers} == {f"/referrals/sent/{draft_id}"}
    assert west.get(f"/referrals/drafts/{draft_id}").location == f"/referrals/sent/{draft_id}"
    assert west.get(f"/referrals/sent/{draft_id}").text == west.get(answers[0].location).text
    with services.database.reading() as session:
        assert session.query(Submission).count() == 1


def test_an_advance_notice_needs_no_documents(west: Coordinator, services: Services) -> None:
    draft_id = west.begin()

    answer = west.send_form(draft_id, "send", note="Papers follow on Friday.")

    page = west.get(answer.location).text
    assert "Your message" in page
    assert submission_of(services, reference_on(page)).item_count == 0


def test_a_draft_that_is_not_sent_has_no_page_after_sending(west: Coordinator) -> None:
    draft_id = west.begin()

    answer = west.get(f"/referrals/sent/{draft_id}")

    assert answer.location == f"/referrals/drafts/{draft_id}"


def test_a_form_error_loses_nothing(west: Coordinator) -> None:
    draft_id = west.begin()
    west.send_form(draft_id, "add", files=(("remiss.pdf", SMALL),))

    answer = west.send_form(
        draft_id, "send", adults="many", note="<b>Look & see</b>", files=(("pass.pdf", SMALL),)
    )

    assert answer.status_code == 400
    for kept in ('value="many"', "&lt;b&gt;Look &amp; see", "remiss.pdf", "pass.pdf"):
        assert kept in answer.text
    assert 'aria-describedby="adults-error' in answer.text
    again = west.get(f"/referrals/drafts/{draft_id}").text
    assert 'value="many"' in again


def test_save_and_come_back_later(west: Coordinator) -> None:
    draft_id = west.begin()

    answer = west.send_form(draft_id, "save", country="IRQ", adults="2")

    assert answer.location == "/referrals?saved=yes"
    listed = west.get(answer.location).text
    assert f"/referrals/drafts/{draft_id}" in listed
    page = west.get(f"/referrals/drafts/{draft_id}").text
    assert '<option value="IRQ" selected>' in page
    assert 'name="adults" value="2"' in page


def test_a_removed_file_is_gone_and_the_answers_stay(west: Coordinator) -> None:
    draft_id = west.begin()
    west.send_form(draft_id, "add", files=(("remiss.pdf", SMALL),))
    page = west.get(f"/referrals/drafts/{draft_id}").text
    found = re.search(r'name="remove" value="([0-9a-f]{32})"', page)
    assert found is not None

    west.send_form(draft_id, "", remove=found.group(1), note="kept")

    page = west.get(f"/referrals/drafts/{draft_id}").text
    assert "remiss.pdf" not in page
    assert "kept" in page


def test_a_discarded_draft_is_gone(west: Coordinator) -> None:
    draft_id = west.begin()
    path = f"/referrals/drafts/{draft_id}"

    answer = west.browser.post(f"{path}/discard", path)

    assert answer.location == "/referrals"
    assert west.get(path).status_code == 404


def test_nothing_of_another_coordinator_exists(two: Two) -> None:
    draft_id = two.west.begin()
    upload_id = two.west.announce(draft_id, 3).get_json()["id"]
    sent_id = two.west.begin()
    reference = reference_on(two.west.get(two.west.send_form(sent_id, "send").location).text)
    ways = [
        ("GET", f"/referrals/drafts/{draft_id}"),
        ("GET", f"/referrals/sent/{sent_id}"),
        ("GET", f"/referrals/uploads/{upload_id}"),
        ("POST", f"/referrals/{reference}/documents"),
        ("POST", f"/referrals/drafts/{draft_id}/discard"),
        ("PUT", f"/referrals/uploads/{upload_id}?offset=0"),
        ("POST", f"/referrals/uploads/{upload_id}/finish"),
        ("DELETE", f"/referrals/uploads/{upload_id}"),
    ]

    statuses = {way: two.south.ask(*way, data=b"abc").status_code for way in ways}
    announced = two.south.announce(draft_id, 3).status_code
    form = two.south.browser.client.post(
        f"/referrals/drafts/{draft_id}",
        base_url=f"http://{HOST}",
        data={"csrf_token": two.south.token(), "act": "send"},
        content_type="multipart/form-data",
    )

    assert statuses == dict.fromkeys(ways, 404)
    assert (announced, form.status_code) == (404, 404)
    assert reference not in two.south.get("/referrals").text
    assert two.west.ask("GET", f"/referrals/uploads/{upload_id}").get_json() == {"received": 0}


def test_not_mine_and_not_there_are_the_same_page(two: Two) -> None:
    foreign = two.west.begin()

    pages = {
        (answer.status_code, answer.text.partition("<main")[2])
        for answer in map(
            two.south.get,
            (f"/referrals/drafts/{foreign}", f"/referrals/drafts/{'0' * 32}", "/referrals/sent/x"),
        )
    }

    assert len(pages) == 1


@pytest.mark.parametrize("role", sorted(set(Role) - ROLES[Permission.REFER]))
def test_the_pages_are_for_coordinators_only(signed_in: SignIn, role: str) -> None:
    browser = signed_in(role)

    for path in ("/referrals", "/referrals/new", "/referrals/consultation"):
        assert browser.get(path).status_code == 404


def test_every_way_of_these_pages_asks_for_the_same_permission(app: Flask) -> None:
    ours = [
        rule.endpoint for rule in app.url_map.iter_rules() if rule.rule.startswith("/referrals")
    ]

    assert len(ours) >= 14
    assert {policy_of(app, endpoint) for endpoint in ours} == {Permission.REFER}


def test_documents_are_added_to_what_was_sent(west: Coordinator, services: Services) -> None:
    first = reference_on(west.get(west.send_form(west.begin(), "send").location).text)

    begun = west.browser.post(f"/referrals/{first}/documents", "/referrals")
    draft_id = begun.location.rpartition("/")[2]
    page = west.get(begun.location).text
    sent = west.send_form(draft_id, "send", note=f"This belongs to {first}.")

    assert f"This belongs to {first}." in page
    second = reference_on(west.get(sent.location).text)
    listed = west.get("/referrals").text
    assert second != first
    assert first in listed
    assert second in listed
