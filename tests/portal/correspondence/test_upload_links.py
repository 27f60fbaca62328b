"""Check the officers' page of links: made and shown once, listed with their state, withdrawn."""

import re
from html import unescape

import pytest
from flask import Flask

from intake.access import gate
from intake.arrivals import links
from intake.arrivals.links import MAX_OPEN, LinkInvalid, LinkRequest
from intake.cases import withdrawal
from intake.core.errors import Conflict, NotFound
from intake.core.services import Services
from storage import audit
from storage.crypto.sealing import unseal, unseal_bytes
from storage.mail.outbox import OutboxMessage
from storage.submissions.submissions import place
from storage.submissions.upload_links import UploadLink
from tests.portal import samples
from tests.portal.conftest import Browser, SignIn
from tests.portal.correspondence.links import NOTE, PDF, TEXTS, Person, case_reference, make_link
from tests.support.people import plant_user

URL = re.compile(r"http://portal\.test(/send/[\w-]{43})<")


@pytest.fixture
def reference(services: Services) -> str:
    """Give the reference of a case."""
    return case_reference(services, samples.seed(services).submission_id)


def made_in(browser: Browser, reference: str, **fields: str) -> str:
    """Make a link on the page and return the path that is shown."""
    link_id = _link_id(browser, reference)
    answer = browser.post(
        f"/links/{reference}", f"/links/{reference}", link_id=link_id, note=NOTE, **fields
    )
    found = URL.search(answer.text)
    assert found is not None, answer.text
    return found.group(1)


def _link_id(browser: Browser, reference: str) -> str:
    found = re.search(r'name="link_id" value="(\w+)"', browser.get(f"/links/{reference}").text)
    assert found is not None
    return found.group(1)


def test_a_link_is_shown_once_and_only_its_hash_is_kept(
    app: Flask, services: Services, signed_in: SignIn, reference: str
) -> None:
    officer = signed_in("INTAKE")

    path = made_in(officer, reference)

    listed = officer.get(f"/links/{reference}").text
    token = path.rpartition("/")[2]
    with services.database.reading() as session:
        row = session.query(UploadLink).one()
    assert token not in listed
    assert NOTE in unescape(listed)
    assert "Open" in listed
    assert row.token_hash not in (token, "")
    assert NOTE.encode() not in row.note
    assert "Send documents" in Person(Browser(app), path).get().text


def test_the_page_of_a_fresh_link_has_it_as_text_and_as_a_picture(
    signed_in: SignIn, reference: str
) -> None:
    officer = signed_in("INTAKE")
    link_id = _link_id(officer, reference)

    answer = officer.post(
        f"/links/{reference}", f"/links/{reference}", link_id=link_id, note="<b>x</b>"
    )

    assert "<svg" in answer.text
    assert "&lt;b&gt;x&lt;/b&gt;" in answer.text
    assert answer.headers["Cache-Control"] == "no-store"


def test_the_same_form_makes_no_second_link(
    services: Services, signed_in: SignIn, reference: str
) -> None:
    officer = signed_in("INTAKE")
    link_id = _link_id(officer, reference)
    for _ in range(2):
        answer = officer.post(
            f"/links/{reference}", f"/links/{reference}", link_id=link_id, note=NOTE
        )

    assert answer.status_code == 409
    assert "shown only once" in answer.text
    with services.database.reading() as session:
        assert session.query(UploadLink).count() == 1


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"note": " "}, "Write whom the link is for"),
        ({"note": "x" * 201}, "Write up to 200 characters"),
        ({"note": "x", "address": "nobody"}, "This is not a mail address"),
        ({"note": "x", "address": "a@b.example"}, "Tick that the address is safe"),
        ({"note": "x", "address": "a@b.example\nBcc: c@d.example", "safe": "yes"}, "not a mail"),
    ],
)
def test_a_wrong_form_keeps_what_was_typed(
    services: Services, signed_in: SignIn, reference: str, fields: dict[str, str], wrong: str
) -> None:
    officer = signed_in("INTAKE")

    answer = officer.post(
        f"/links/{reference}",
        f"/links/{reference}",
        link_id=_link_id(officer, reference),
        **fields,
    )

    assert answer.status_code == 400
    assert wrong in answer.text
    assert fields.get("address", "").partition("\n")[0] in answer.text
    with services.database.reading() as session:
        assert session.query(UploadLink).count() == 0


def test_a_withdrawn_link_is_over_and_a_used_one_cannot_be_withdrawn(
    app: Flask, services: Services, signed_in: SignIn, reference: str
) -> None:
    officer = signed_in("INTAKE")
    person = Person(Browser(app), made_in(officer, reference))
    page = officer.get(f"/links/{reference}").text
    (link_id,) = re.findall(r'name="link" value="(\w+)"', page)
    person.post("send", ("one.pdf", PDF))

    refused = officer.post(f"/links/{reference}/withdraw", f"/links/{reference}", link=link_id)
    second = Person(Browser(app), made_in(officer, reference))
    (link_id,) = re.findall(r'name="link" value="(\w+)"', officer.get(f"/links/{reference}").text)
    done = officer.post(f"/links/{reference}/withdraw", f"/links/{reference}", link=link_id)

    assert (refused.status_code, done.status_code) == (409, 303)
    assert "used meanwhile" in refused.text
    assert second.get().status_code == 404
    listed = officer.get(f"/links/{reference}").text
    assert {"Used", "Withdrawn"} <= set(re.findall(r"<bdi>(\w+)</bdi></span>", listed))


def test_the_mail_with_a_link_says_nothing_and_goes_to_the_safe_address_only(
    services: Services, signed_in: SignIn, reference: str
) -> None:
    path = made_in(signed_in("INTAKE"), reference, address="Anna@post.example", safe="yes")

    with services.database.reading() as session:
        row = session.query(OutboxMessage).filter_by(kind="LINK1").one()
        key = services.keyring.open(session, row.data_key_id)
    assert row.content is not None
    content = unseal_bytes(key, place("outbox", "content", row.id), row.content).decode()
    text = content.replace("=\r\n", "").replace("=3D", "=")
    assert unseal(key, place("outbox", "recipient", row.id), row.recipient) == "anna@post.example"
    assert f"http://portal.test{path}" in text
    assert re.search(r"victim|traffick|AVRR|case|referral|return", text, re.IGNORECASE) is None
    assert reference not in text
    assert "KANARIE" not in text


def test_a_submission_without_a_case_has_links_of_its_own(
    app: Flask, services: Services, signed_in: SignIn
) -> None:
    seeded = samples.seed(services, with_case=False, queue="Q3", state="HOLDING")
    officer = signed_in("INTAKE")

    path = made_in(officer, seeded.reference)
    Person(Browser(app), path).post("send", ("one.pdf", PDF))

    sent = re.search(
        r"Came as <a[^>]+><bdi>([^<]+)", officer.get(f"/links/{seeded.reference}").text
    )
    assert sent is not None
    page = officer.get(f"/submissions/{sent.group(1)}").text
    assert "Asked for by <bdi" in page
    assert seeded.reference in page
    assert NOTE in unescape(page)
    assert officer.get(f"/submissions/{sent.group(1)}/answer").status_code == 200


def test_the_pages_of_case_and_submission_lead_to_the_links(
    services: Services, signed_in: SignIn
) -> None:
    seeded = samples.seed(services)
    case = case_reference(services, seeded.submission_id)
    officer, reader = signed_in("INTAKE"), signed_in("MGR")

    for path in (f"/submissions/{seeded.reference}", f"/cases/{case}"):
        assert f"/links/{case}" in officer.get(path).text
        assert f"/links/{case}" not in reader.get(path).text


@pytest.mark.parametrize("role", ["CASH", "MGR", "ADMIN", "COORD"])
def test_somebody_without_a_part_in_the_case_sees_and_makes_no_link(
    services: Services, signed_in: SignIn, reference: str, role: str
) -> None:
    browser = signed_in(role)

    answers = [
        browser.get(f"/links/{reference}"),
        browser.post(f"/links/{reference}", "/", link_id="0" * 32, note="x"),
        browser.post(f"/links/{reference}/withdraw", "/", link="0" * 32),
    ]

    assert [answer.status_code for answer in answers] == [404] * 3


def test_a_link_of_another_case_is_not_withdrawn_from_here(
    services: Services, reference: str
) -> None:
    officer = plant_user(services)
    other = case_reference(services, samples.seed(services).submission_id)
    make_link(services, officer, other)
    (link,) = links.list_links(
        services, gate.case_or_submission_to_change(services, officer, other)
    ).links

    with pytest.raises(NotFound):
        links.withdraw_link(
            services, gate.case_or_submission_to_change(services, officer, reference), link.id
        )

    assert (
        links.list_links(services, gate.case_or_submission_to_change(services, officer, other))
        .links[0]
        .state
        == "open"
    )


def test_there_is_an_end_to_open_links(services: Services, reference: str) -> None:
    officer = plant_user(services)
    for _ in range(MAX_OPEN):
        make_link(services, officer, reference)

    with pytest.raises(LinkInvalid):
        make_link(services, officer, reference)


@pytest.mark.parametrize("link_id", ["", "x" * 32, "0" * 33, "../" * 10])
def test_an_id_that_is_no_forms_makes_no_link(
    services: Services, reference: str, link_id: str
) -> None:
    link_request = LinkRequest(link_id, NOTE)

    with pytest.raises(Conflict):
        links.make_link(
            services,
            TEXTS,
            gate.case_or_submission_to_change(services, plant_user(services), reference),
            link_request,
        )


def test_making_looking_and_withdrawing_are_audited_without_the_note(
    services: Services, reference: str
) -> None:
    officer = plant_user(services)
    make_link(services, officer, reference)
    (link,) = links.list_links(
        services, gate.case_or_submission_to_change(services, officer, reference)
    ).links

    links.withdraw_link(
        services, gate.case_or_submission_to_change(services, officer, reference), link.id
    )

    with services.database.reading() as session:
        row = session.get_one(UploadLink, link.id)
        events = audit.of_subject(session, "case", row.case_id or "")
    told = [(event.actor, event.act, event.detail) for event in events]
    assert told == [
        (officer.actor, "upload_link.made", {"link": link.id}),
        (officer.actor, "upload_link.listed", {"number": 1}),
        (officer.actor, "upload_link.withdrawn", {"link": link.id}),
    ]


def test_page_of_a_stopped_case_offers_no_link_and_says_why(
    services: Services, signed_in: SignIn, reference: str
) -> None:
    officer = signed_in("INTAKE")
    made_in(officer, reference)
    link_id = _link_id(officer, reference)
    withdrawal.stop_case(services, gate.case_to_change(services, plant_user(services), reference))

    page = officer.get(f"/links/{reference}")
    refused = officer.post(
        f"/links/{reference}", f"/links/{reference}", link_id=link_id[:-1] + "0", note=NOTE
    )

    for answer in (page, refused):
        assert "The person has withdrawn." in answer.text
        assert "No link can be made for this case" in answer.text
        assert "Make the link" not in answer.text
        assert "Withdrawn" in answer.text
        assert not URL.search(answer.text)
    assert (page.status_code, refused.status_code) == (200, 409)
