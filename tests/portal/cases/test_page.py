"""Check the page of a case: who sees it, what its forms keep, and what they never say."""

import re

import pytest
from flask import Flask

from intake.access import gate
from intake.core.services import Services
from intake.correspondence.case_messages import (
    MessageDraft,
    new_message_id,
    write_from_coordinator,
    write_note,
)
from storage import audit
from storage.accounts.users import Role
from storage.cases.cases import Case
from storage.mail.outbox import OutboxMessage
from tests.portal.building import Clock
from tests.portal.cases.seen_case import ADDRESS, Seen, register, seed_case, send, with_coordinator
from tests.portal.conftest import OUR_SCRIPT, TOKEN, SignIn
from tests.portal.coordinators.support import make_coordinator
from tests.portal.samples import CANARY
from tests.support.people import plant_user
from tests.support.rows import Planter

READERS = frozenset({Role.INTAKE, Role.CASEW, Role.CASH, Role.PROT, Role.MGR})
ACTORS = frozenset({Role.INTAKE, Role.CASEW, Role.CASH})
# Roles that read their own cases only, or others with a reason (`administration.break_glass`).
OWN_ONLY = frozenset({Role.CASEW, Role.MGR})


@pytest.fixture
def case(services: Services) -> Seen:
    """Give a case of the referrals."""
    return seed_case(services)


@pytest.mark.parametrize("role", list(Role))
def test_readers_see_it_and_those_who_act_have_its_forms(
    services: Services, signed_in: SignIn, role: Role
) -> None:
    case = seed_case(services, "cash" if role is Role.CASH else "referrals")
    browser = signed_in(role)

    answer = browser.get(case.path)

    expected = 303 if role in OWN_ONLY else 200 if role in READERS else 404
    assert answer.status_code == expected
    assert ('name="message_id"' in answer.text) is (role in ACTORS - OWN_ONLY)
    assert browser.get("/phone-note").status_code == (200 if role in ACTORS else 404)


@pytest.mark.parametrize("role", sorted(READERS - ACTORS))
def test_who_only_reads_cannot_act(case: Seen, signed_in: SignIn, role: Role) -> None:
    browser = signed_in(role)

    for form in ("message", "note", "read", "owner"):
        answer = browser.post(f"{case.path}/{form}", "/queues", note="x", note_id=new_message_id())
        assert answer.status_code == 404
    assert case.messages() == []


def test_unknown_and_foreign_cases_are_the_same_page(services: Services, signed_in: SignIn) -> None:
    foreign = seed_case(services, "cash").path
    browser = signed_in("INTAKE")

    # The form token holds the second in which it was made.
    pages = {
        TOKEN.sub("", browser.get(path).text)
        for path in (foreign, "/cases/K7M-4QX-9T", "/cases/none")
    }

    assert len(pages) == 1
    for form in ("message", "note", "read", "owner"):
        answer = browser.post(
            f"{foreign}/{form}", "/phone-note", note="x", note_id=new_message_id()
        )
        assert answer.status_code == 404


def test_the_title_is_the_reference_and_no_more(case: Seen, signed_in: SignIn) -> None:
    text = signed_in("INTAKE").get(case.path).text

    assert f"<title>{case.reference} – Document service</title>" in text
    assert text.count("<h1") == 1
    for heading in ("dates", "missing", "people", "documents", "members", "owner", "timeline"):
        assert f'<h2 id="{heading}"' in text


def test_a_merged_case_leads_on(services: Services, case: Seen, signed_in: SignIn) -> None:
    into = seed_case(services)
    with services.database.transaction() as session:
        session.get_one(Case, case.case_id).merged_into = into.case_id
    browser = signed_in("INTAKE")

    answer = browser.get(case.path)

    assert (answer.status_code, answer.location) == (303, into.path)
    lost = browser.post(
        f"{case.path}/note", into.path, note="Typed for the old one.", note_id=new_message_id()
    )
    assert lost.status_code == 409
    assert "merged into this one meanwhile" in lost.text
    assert "Typed for the old one." in lost.text
    assert case.messages() == []


def test_a_look_is_written_down(services: Services, case: Seen, signed_in: SignIn) -> None:
    signed_in("INTAKE").get(case.path)

    with services.database.reading() as session:
        acts = [event.act for event in audit.of_subject(session, "case", case.case_id)]
    assert acts == ["case.viewed"]


def test_a_message_is_kept_and_a_mail_tells_of_it(
    services: Services, case: Seen, signed_in: SignIn
) -> None:
    with_coordinator(services, case)

    page = send(signed_in("INTAKE"), case, "message", message="Please look at the form again.")

    assert "A mail tells the coordinator" in page
    assert "Please look at the form again." in page
    assert "not read by the coordinator yet" in page
    with services.database.reading() as session:
        assert session.query(OutboxMessage).filter_by(kind="MSG1").one().state == "due"


def test_when_no_mail_can_leave_the_page_says_so(case: Seen, signed_in: SignIn) -> None:
    page = send(signed_in("INTAKE"), case, "message", message="Please look at the form again.")

    assert "No mail leaves" in page
    assert "Call instead." in page
    assert len(case.messages()) == 1


def test_what_must_change_stands_beside_the_field_with_the_text(
    case: Seen, signed_in: SignIn
) -> None:
    text = "About the shelter of DEMO."

    page = send(signed_in("INTAKE"), case, "message", message=text)

    assert "Must change" in page
    assert text in page
    assert 'aria-describedby="message-error message-findings message-help"' in page
    assert 'name="read"' not in page
    assert case.messages() == []


def test_a_text_with_findings_leaves_when_its_writer_confirms_them(
    case: Seen, signed_in: SignIn
) -> None:
    browser, text = signed_in("INTAKE"), "Is the address still right?"
    page = send(browser, case, "message", message=text)
    assert "Look at this" in page
    assert case.messages() == []

    unticked = send(browser, case, "message", page, message=text)
    other = send(browser, case, "message", page, message="Is the flight booked?", read="yes")
    marked = send(browser, case, "message", page, message=text, read="yes")

    assert "Look at this" in unticked
    assert "Look at this" in other
    assert "Look at this" not in marked
    assert len(case.messages()) == 1


@pytest.mark.parametrize("form", ["message", "note"])
def test_a_text_that_is_too_long_comes_back_whole(case: Seen, signed_in: SignIn, form: str) -> None:
    text = "a" * 2500

    page = send(signed_in("INTAKE"), case, form, **{form: text})

    assert text in page
    assert f'id="{form}-error"' in page
    assert page.partition("<title>")[2].startswith("Error: ")


def test_a_note_is_the_offices_and_no_page_of_a_coordinator_has_it(
    services: Services, case: Seen, app: Flask, clock: Clock, signed_in: SignIn
) -> None:
    register(services, case)
    coordinator = make_coordinator(app, services, clock, ADDRESS.partition("@")[0])
    page = send(signed_in("INTAKE"), case, "note", note="CANARY-of-the-office")

    paths = ("/", "/referrals", case.path, f"/submissions/{case.submission}")
    pages = [coordinator.get(path) for path in paths]

    assert "CANARY-of-the-office" in page
    assert [each.status_code for each in pages] == [200, 200, 404, 404]
    assert case.submission in pages[1].text
    assert all("CANARY-of-the-office" not in each.text for each in pages)


def test_what_strangers_wrote_cannot_act_on_the_page(
    services: Services, case: Seen, signed_in: SignIn
) -> None:
    coordinator = with_coordinator(services, case)
    write_from_coordinator(
        services,
        gate.conversation_to_write(services, coordinator, case.submission),
        MessageDraft(new_message_id(), CANARY),
    )
    write_note(
        services,
        gate.case_to_change(services, plant_user(services), case.reference),
        MessageDraft(new_message_id(), CANARY),
    )

    text = signed_in("INTAKE").get(case.path).text

    assert "<script>alert" not in text
    assert "<img src=x" not in text
    assert "&lt;script&gt;alert(1)" in text


def test_a_coordinators_message_waits_until_somebody_marks_it(
    services: Services, case: Seen, signed_in: SignIn
) -> None:
    coordinator = with_coordinator(services, case)
    write_from_coordinator(
        services,
        gate.conversation_to_write(services, coordinator, case.submission),
        MessageDraft(new_message_id(), "It follows on Friday."),
    )
    browser = signed_in("INTAKE")
    looks = [browser.get(case.path).text for _ in range(2)]

    after = send(browser, case, "read")

    assert all("1 message of the coordinator is not read yet." in look for look in looks)
    assert "is not read yet" not in after
    assert "It follows on Friday." in after


def test_an_empty_case_shows_that_nothing_is_there(services: Services, signed_in: SignIn) -> None:
    with services.database.transaction() as session:
        reference = Planter(session, services.keyring, services.now()).case().reference

    text = signed_in("PROT").get(f"/cases/{reference}").text

    for said in (
        "What waits",
        "No legal date",
        "No document has arrived that could name anyone",
        "No document",
        "Nothing yet",
    ):
        assert said in text


def test_a_forged_or_missing_token_writes_nothing(case: Seen, signed_in: SignIn) -> None:
    answer = signed_in("INTAKE").post(f"{case.path}/note", note="x", note_id=new_message_id())

    assert answer.status_code == 400
    assert case.messages() == []


def test_every_field_has_a_label_and_no_script_is_needed(case: Seen, signed_in: SignIn) -> None:
    browser = signed_in("INTAKE")

    for path in ("/phone-note", case.path):
        text = browser.get(path).text
        fields = re.findall(r'<(?:input|select|textarea)[^>]* id="(\w+)"', text)
        assert fields
        assert all(f'<label for="{name}">' in text for name in fields)
        assert "<script" not in OUR_SCRIPT.sub("", text)
