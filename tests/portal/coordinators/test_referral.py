"""Check one referral.

Its signed papers and messages, for its coordinator alone, and no office note.
"""

import pytest
from flask import Flask

from intake.access import gate
from intake.core.services import Services
from intake.correspondence import case_messages
from intake.correspondence.case_messages import MessageDraft
from intake.senders.register import add_sender
from storage.cases import messages as stored_messages
from storage.cases import participants
from storage.cases.cases import Case
from storage.cases.messages import MessageKind
from storage.submissions.submissions import Submission
from tests.portal.building import Clock
from tests.portal.coordinators.support import Coordinator, Two, make_coordinator, reference_on
from tests.support.people import plant_user
from tests.support.rows import Planter

NOTE = "KANARIE-note-of-the-office"


@pytest.fixture
def two(app: Flask, services: Services, clock: Clock) -> Two:
    """Give coordinators of two regions."""
    return Two(
        make_coordinator(app, services, clock),
        make_coordinator(app, services, clock, "south", "SYD"),
    )


def send(coordinator: Coordinator) -> str:
    """Send a referral with one file and return its reference."""
    draft_id = coordinator.begin()
    answer = coordinator.send_form(draft_id, "send", files=(("a.pdf", b"%PDF-1.7 small"),))
    return reference_on(coordinator.get(answer.location).text)


def file_it(services: Services, coordinator: Coordinator, reference: str) -> None:
    """Let the office have filed it to a case that the coordinator belongs to."""
    with services.database.transaction() as session:
        planter = Planter(session, services.keyring, services.now())
        submission = session.query(Submission).filter_by(reference=reference).one()
        case = planter.case(region="VAST")
        submission.case_id = case.id
        assert submission.sender_id is not None
        participants.add(session, case.id, submission.sender_id, services.now())


def case_of(services: Services, reference: str) -> str:
    """Return the reference of a referral's case."""
    with services.database.reading() as session:
        submission = session.query(Submission).filter_by(reference=reference).one()
        return session.get_one(Case, submission.case_id).reference


@pytest.fixture
def filed(services: Services, two: Two) -> str:
    """Give the reference of a filed referral of the west."""
    add_sender(services, "operator", two.west.email, "VAST")
    reference = send(two.west)
    file_it(services, two.west, reference)
    return reference


def write(coordinator: Coordinator, reference: str, text: str) -> int:
    """Write a message by the page's form."""
    page = f"/referrals/{reference}"
    fields = {"message_id": case_messages.new_message_id(), "message": text}
    return coordinator.browser.post(f"{page}/messages", page, **fields).status_code


def test_the_signed_receipt_is_there_as_soon_as_it_was_sent(two: Two) -> None:
    reference = send(two.west)

    page = two.west.get(f"/referrals/{reference}").text

    path = page.partition('href="/confirmations/')[2].partition('"')[0]
    paper = two.west.get(f"/confirmations/{path}")
    assert "Receipt (PDF)" in page
    assert paper.data.startswith(b"%PDF")
    assert f'href="/referrals/{reference}"' in two.west.get("/referrals").text


def test_what_is_not_filed_yet_has_no_form(two: Two) -> None:
    reference = send(two.west)

    assert "<textarea" not in two.west.get(f"/referrals/{reference}").text
    assert write(two.west, reference, "Hej") == 404


def test_both_sides_read_what_was_written(services: Services, two: Two, filed: str) -> None:
    officer = plant_user(services)
    assert write(two.west, filed, "Vi kommer på måndag.") == 303
    note = MessageDraft(case_messages.new_message_id(), NOTE)
    case_messages.write_note(
        services, gate.case_to_change(services, officer, case_of(services, filed)), note
    )

    page = two.west.get(f"/referrals/{filed}").text

    assert "Vi kommer på måndag." in page
    assert NOTE not in page
    with services.database.reading() as session:
        submission = session.query(Submission).filter_by(reference=filed).one()
        kinds = [
            row.kind
            for row in stored_messages.of_case(session, submission.case_id or "", list(MessageKind))
        ]
    assert sorted(kinds) == ["from_coordinator", "note"]


@pytest.mark.parametrize("text", ["", "   ", "x" * 100_000])
def test_a_text_that_does_not_fit_stands_in_its_field_again(
    two: Two, filed: str, text: str
) -> None:
    assert write(two.west, filed, text[:50_000]) == 400


def test_another_coordinator_finds_nothing(two: Two, filed: str) -> None:
    assert two.south.get(f"/referrals/{filed}").status_code == 404
    fields = {"message_id": case_messages.new_message_id(), "message": "Hej"}
    answer = two.south.ask("POST", f"/referrals/{filed}/messages", data=fields)
    assert answer.status_code == 404


@pytest.mark.parametrize("reference", ["K7M-4QX-9T", "nonsense"])
def test_what_is_not_there_is_the_same_answer(two: Two, reference: str) -> None:
    assert two.west.get(f"/referrals/{reference}").status_code == 404
