"""Check how documents are ordered, counted by state and found by why they are held."""

import pytest

from intake.core.services import Services
from storage.documents import documents
from storage.documents.documents import QUARANTINED, DocumentState
from tests.support.building import Clock
from tests.support.rows import Planter

pytestmark = pytest.mark.components
BYTES = "ab" * 32
OTHER = "cd" * 32


def test_documents_come_in_the_order_of_the_message(services: Services, clock: Clock) -> None:
    with services.database.transaction() as session:
        planter = Planter(session, services.keyring, clock.now())
        submission = planter.submission()
        for position in (2, 0, 1):
            planter.document(submission, position=position, path=str(position))
        planter.document(planter.submission())

    with services.database.reading() as session:
        found = documents.of_submission(session, submission.id)
    assert [document.path for document in found] == ["0", "1", "2"]


def test_states_are_counted_without_other_forms_of_the_text(
    services: Services, clock: Clock
) -> None:
    with services.database.transaction() as session:
        planter = Planter(session, services.keyring, clock.now())
        one, two, bare = (planter.submission() for _ in range(3))
        planter.document(one, state=DocumentState.CLEAN)
        planter.document(one, state=DocumentState.CLEAN)
        planter.document(one, state=DocumentState.HELD)
        planter.document(one, state=DocumentState.IGNORED, role="alternative")
        planter.document(two, state=DocumentState.INFECTED)

    with services.database.reading() as session:
        counts = documents.states_of(session, [one.id, two.id, bare.id])
    assert counts == {one.id: {"CLEAN": 2, "HELD": 1}, two.id: {"INFECTED": 1}}


def test_submissions_are_found_once_by_why_their_documents_are_held(
    services: Services, clock: Clock
) -> None:
    with services.database.transaction() as session:
        planter = Planter(session, services.keyring, clock.now())
        waiting, other = planter.submission(state="QUEUED"), planter.submission(state="QUEUED")
        for _ in range(2):
            planter.document(waiting, state=DocumentState.HELD, reason="scanner_away")
        planter.document(other, state=DocumentState.HELD, reason="ambiguous_message")
        planter.document(other, state=DocumentState.CLEAN, reason="scanner_away")

    with services.database.reading() as session:
        found = documents.submissions_held_for(session, ["scanner_away", "scanner_error"])
    assert found == [waiting.id]


def test_quarantine_holds_every_state_that_a_person_must_judge() -> None:
    passed = {DocumentState.STORED, DocumentState.CLEAN, DocumentState.ACTIVE}

    settled = {DocumentState.IGNORED, DocumentState.REJECTED}
    assert set(QUARANTINED) == set(DocumentState) - passed - settled


@pytest.mark.parametrize(
    ("standings", "found"),
    [
        ([], None),
        ([("CLEAN", "")], ("CLEAN", "", [])),
        ([("ACTIVE", "pdf_javascript")], ("ACTIVE", "pdf_javascript", [])),
        ([("CLEAN", ""), ("INFECTED", "malware:x")], ("INFECTED", "malware:x", [])),
        ([("INFECTED", "malware:x"), ("ACTIVE", "")], ("INFECTED", "malware:x", [])),
        ([("ACTIVE", "released")], None),
        ([("HELD", "scanner_away"), ("IGNORED", ""), ("LOCKED", ""), ("REJECTED", "")], None),
    ],
)
def test_the_strictest_that_tells_speaks(
    services: Services,
    clock: Clock,
    standings: list[tuple[str, str]],
    found: tuple[str, str, list[str]] | None,
) -> None:
    with services.database.transaction() as session:
        planter = Planter(session, services.keyring, clock.now())
        submission = planter.submission()
        for state, reason in standings:
            planter.document(
                submission, state=state, reason=reason, sha256=BYTES, scanner="a", path=state
            )

    with services.database.reading() as session:
        hashed = documents.content_hash(session, BYTES)
        assert documents.strictest(session, hashed, "a", without_reason="released") == found


@pytest.mark.parametrize(("sha256", "scanner"), [(OTHER, "a"), (BYTES, "b"), (BYTES, None)])
def test_other_bytes_and_other_versions_say_nothing(
    services: Services, clock: Clock, sha256: str, scanner: str | None
) -> None:
    with services.database.transaction() as session:
        planter = Planter(session, services.keyring, clock.now())
        planter.document(
            planter.submission(), state=DocumentState.CLEAN, sha256=sha256, scanner=scanner
        )

    with services.database.reading() as session:
        hashed = documents.content_hash(session, BYTES)
        assert documents.strictest(session, hashed, "a", without_reason="") is None
