"""Check questions without a person: what is taken, and what is not even kept."""

import pytest
from flask import Flask

from intake.core.services import Services
from intake.filing.file import file_submission
from storage.submissions.drafts import Upload
from storage.submissions.submissions import Submission
from tests.portal.building import Clock
from tests.portal.conftest import SignIn
from tests.portal.coordinators.support import (
    Coordinator,
    make_coordinator,
    reference_on,
    submission_of,
)

SMALL = b"%PDF-1.7 a small file"


@pytest.fixture
def west(app: Flask, services: Services, clock: Clock) -> Coordinator:
    """Give a coordinator of the west."""
    return make_coordinator(app, services, clock)


@pytest.mark.parametrize(
    "question",
    [
        "What about 19870501-1234?",
        "Write to demo.person@example.org",
        "Call +46 70 123 45 67",
        "Born 1 May 1987, can she travel?",
        "",
        "x" * 2001,
    ],
)
def test_a_question_with_a_person_in_it_is_not_kept(
    west: Coordinator, services: Services, question: str
) -> None:
    begun = west.browser.post("/referrals/consultation", "/referrals/consultation")
    draft_id = begun.location.rpartition("/")[2]

    answer = west.send_form(draft_id, "send", question=question, country="IRQ")

    assert answer.status_code == 400
    assert 'aria-describedby="question-error' in answer.text
    assert '<option value="IRQ" selected>' in answer.text
    kept = west.get(f"/referrals/drafts/{draft_id}").text
    assert not question or question not in kept
    with services.database.reading() as session:
        assert session.query(Submission).count() == 0


def test_a_question_without_a_person_is_sent(west: Coordinator, services: Services) -> None:
    begun = west.browser.post("/referrals/consultation", "/referrals/consultation")
    draft_id = begun.location.rpartition("/")[2]

    answer = west.send_form(
        draft_id,
        "send",
        question="What help is there for a young person in the north of Iraq?",
        age="young",
        country="IRQ",
        priority="normal",
    )

    page = west.get(answer.location).text
    assert "Your question" in page
    assert submission_of(services, reference_on(page)).priority == "normal"


def test_a_question_takes_no_files(west: Coordinator, services: Services) -> None:
    begun = west.browser.post("/referrals/consultation", "/referrals/consultation")
    draft_id = begun.location.rpartition("/")[2]

    west.send_form(draft_id, "save", question="What is possible?", files=(("a.pdf", SMALL),))

    with services.database.reading() as session:
        assert session.query(Upload).count() == 0


def test_an_officers_answer_is_read_by_the_coordinator_who_asked(
    west: Coordinator, services: Services, signed_in: SignIn
) -> None:
    begun = west.browser.post("/referrals/consultation", "/referrals/consultation")
    draft_id = begun.location.rpartition("/")[2]
    sent = west.send_form(draft_id, "send", question="Is a passport needed?")
    reference = reference_on(west.get(sent.location).text)
    with services.database.transaction() as session:
        row = session.query(Submission).filter_by(reference=reference).one()
        file_submission(services, session, row, services.keyring.open(session, row.data_key_id))
    officer = signed_in("INTAKE")
    page = f"/submissions/{reference}/question"

    refused = officer.post(page, page, message_id="0" * 32, message="Born 1 May 1987: yes")
    done = officer.post(page, page, message_id="0" * 32, message="Yes, a valid one.")

    assert page in officer.get(f"/submissions/{reference}").text
    assert refused.status_code == 400
    assert "Born 1 May 1987: yes" in refused.text
    assert "A mail tells the coordinator" in officer.get(done.location).text
    page = west.get(f"/referrals/{reference}").text
    assert "Yes, a valid one." in page
    asked = west.browser.post(
        f"/referrals/{reference}/messages",
        f"/referrals/{reference}",
        message_id="1" * 32,
        message="And +46 70 123 45 67?",
    )
    assert asked.status_code == 400
    assert "take out what points to a person" in asked.text
