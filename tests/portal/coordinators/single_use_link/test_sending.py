"""Check a single-use link from its holder’s side: what the pages show and what is kept."""

import re

import pytest

from intake.core.services import Services
from intake.oversight.verify import verify_storage
from storage.submissions.drafts import Upload
from storage.submissions.submissions import Submission
from tests.portal.building import HOST
from tests.portal.coordinators.single_use_link.counted import sent_count
from tests.portal.coordinators.support import reference_on
from tests.portal.correspondence.links import NOTE, PDF, Person


def test_documents_are_sent_once_without_script_and_the_code_is_shown(
    person: Person, services: Services
) -> None:
    answer = person.post("send", ("one.pdf", PDF), ("two.jpg", b"picture"), note="Hello")

    page = person.browser.get(answer.location)
    assert answer.status_code == 303
    code = reference_on(page.text)
    assert "This link has now been used" in page.text
    with services.database.reading() as session:
        sent = session.query(Submission).filter_by(reference=code).one()
    assert (sent.channel, sent.state, sent.item_count) == ("upload", "DOCUMENTS", 2)
    assert (sent.case_id, sent.sender_verdict, sent.region) == (None, "unknown", "VAST")
    assert verify_storage(services, orphan_after_seconds=0).faults == ()


def test_the_page_tells_limits_and_help_and_nothing_of_the_case(
    person: Person, reference: str
) -> None:
    page = person.get().text

    assert "Up to 100 files, each up to" in page
    assert "27 Nov 2026" in page
    assert "112" in page
    assert reference not in page
    assert NOTE not in page
    telling = r"victim|traffick|return|case|referral"
    assert re.search(telling, page.partition("<main")[2], re.IGNORECASE) is None


def test_the_page_neither_reads_nor_makes_a_session(person: Person) -> None:
    answer = person.get()

    made = [each.partition("=")[0] for each in answer.headers.getlist("Set-Cookie")]
    assert made == ["avrr-send"]


def test_opening_the_link_from_a_mail_page_works_at_once(person: Person) -> None:
    answer = person.get({"Sec-Fetch-Site": "cross-site"})

    assert "Send documents" in answer.text


def test_files_and_words_stay_when_the_form_is_wrong(person: Person, services: Services) -> None:
    answer = person.post(
        "send", ("one.pdf", PDF), note="typed words", address="no address", safe="yes"
    )

    assert answer.status_code == 400
    assert "This is not a mail address" in answer.text
    assert "typed words" in answer.text
    assert 'value="no address"' in answer.text
    assert "one.pdf" in answer.text
    assert sent_count(services) == 0
    assert person.post("send", note="typed words").status_code == 303


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({}, "Choose at least one file"),
        ({"note": "x" * 2001}, "below 2000 characters"),
        ({"note": "x", "address": "a@b.example"}, "Tick that it is safe"),
        ({"note": "x", "address": "a@b.example\r\nBcc: c@d.example", "safe": "yes"}, "not a mail"),
        ({"note": "x", "address": "a" * 250 + "@b.example", "safe": "yes"}, "not a mail"),
    ],
)
def test_what_cannot_be_meant_is_said_beside_its_field(
    person: Person, services: Services, fields: dict[str, str], wrong: str
) -> None:
    answer = person.post("send", **fields)

    assert answer.status_code == 400
    assert wrong in answer.text
    assert sent_count(services) == 0


def test_a_broken_line_costs_neither_the_link_nor_a_byte(
    person: Person, services: Services
) -> None:
    content = bytes(range(256)) * 2000
    told = {"name": "scan.pdf", "type": "application/pdf", "size": len(content)}
    upload_id = person.ask("POST", "", json=told).get_json()["id"]
    person.ask("PUT", f"/{upload_id}?offset=0", data=content[:300_000])

    cut = person.post("send")
    told = person.ask("GET", f"/{upload_id}").get_json()
    person.ask("PUT", f"/{upload_id}?offset={told['received']}", data=content[300_000:])
    person.ask("POST", f"/{upload_id}/finish")
    sent = person.post("send")

    assert (cut.status_code, told, sent.status_code) == (409, {"received": 300_000}, 303)
    with services.database.reading() as session:
        assert [upload.size for upload in session.query(Upload)] == [len(content)]
    assert verify_storage(services, orphan_after_seconds=0).faults == ()


def test_a_file_can_be_taken_out_again(person: Person, services: Services) -> None:
    person.post("add", ("one.pdf", PDF), ("two.pdf", PDF))
    first = re.findall(r'data-file="(\w+)"', person.get().text)[0]

    person.browser.client.post(
        person.path,
        base_url=f"http://{HOST}",
        data={"csrf_token": person.token(), "remove": first},
        content_type="multipart/form-data",
    )

    assert re.findall(r'data-name="([^"]+)"', person.get().text) == ["two.pdf"]


def test_pressing_send_twice_ends_on_the_same_page(person: Person, services: Services) -> None:
    token = person.token()
    first = person.post("send", ("one.pdf", PDF), token=token)
    second = person.post("send", ("one.pdf", PDF), token=token)

    assert first.location == second.location
    assert sent_count(services) == 1
