"""Check that what was set aside is listed with its reason and opens with one click."""

import pytest

from intake.core.services import Services
from storage import audit
from storage.documents.documents import Document
from tests.portal import samples
from tests.portal.conftest import SignIn
from tests.portal.documents import copies
from tests.portal.samples import Part, Seeded
from tests.support.building import RecordingQueue

PARTS = (
    Part("", "CLEAN", "", "text/plain", 612, role="body"),
    Part("logo.png", "IGNORED", "signature_image", "image/png", 900, role="inline"),
    Part("._a.pdf", "IGNORED", "system_part", "application/octet-stream", 120),
    Part("a.zip", "IGNORED", "opened_parts_are_listed", "application/zip", 120),
)


@pytest.fixture
def seeded(services: Services) -> Seeded:
    """Give a submission of which two parts are set aside."""
    return samples.seed(services, parts=PARTS)


def ids(services: Services, seeded: Seeded) -> list[str]:
    """Return the ids of the documents in order."""
    return [row.id for row in copies.documents_of(services, seeded.submission_id)]


def test_a_part_that_was_set_aside_says_why_and_has_one_button(
    services: Services, signed_in: SignIn, seeded: Seeded
) -> None:
    _, logo, system, _ = ids(services, seeded)
    browser = signed_in("INTAKE")

    page = browser.get(f"/submissions/{seeded.reference}?document={logo}").text
    other = browser.get(f"/submissions/{seeded.reference}?document={system}").text

    assert page.count("A small picture of the text: an icon, in the footer, or repeated.") == 2
    assert f'action="/documents/{logo}/show"' in page
    assert "A system file, not written by a person" in other
    assert f'action="/documents/{system}/show"' in other


def test_the_button_lets_it_be_inspected_and_is_written_down(
    services: Services, signed_in: SignIn, seeded: Seeded
) -> None:
    _, logo, *_ = ids(services, seeded)

    answer = signed_in("INTAKE").post(f"/documents/{logo}/show", "/queues")

    assert answer.status_code == 303
    row = copies.documents_of(services, seeded.submission_id)[1]
    assert (row.state, row.reason, row.part_flags) == ("STORED", "", ["asked_for"])
    assert isinstance(services.queue, RecordingQueue)
    assert services.queue.rounds == [(seeded.submission_id, f"show-{logo}")]
    with services.database.reading() as session:
        acts = [each.act for each in audit.of_subject(session, "submission", seeded.submission_id)]
    assert "document.shown" in acts


def test_what_cannot_be_shown_is_asked_for_once(
    services: Services, signed_in: SignIn, seeded: Seeded
) -> None:
    part = ids(services, seeded)[2]
    with services.database.transaction() as session:
        session.get_one(Document, part).part_flags = ["asked_for", "system_part"]
    browser = signed_in("INTAKE")

    page = browser.get(f"/submissions/{seeded.reference}?document={part}").text

    assert "Somebody asked to see it, and nothing in it can be shown." in page
    assert f"/documents/{part}/show" not in page
    assert browser.post(f"/documents/{part}/show", "/queues").status_code == 409


@pytest.mark.parametrize("number", [0, 3])
def test_nothing_else_is_shown_so(
    services: Services, signed_in: SignIn, seeded: Seeded, number: int
) -> None:
    before = copies.documents_of(services, seeded.submission_id)[number]

    answer = signed_in("INTAKE").post(f"/documents/{before.id}/show", "/queues")

    after = copies.documents_of(services, seeded.submission_id)[number]
    assert answer.status_code == 409
    assert (after.state, after.part_flags) == (before.state, before.part_flags)
