"""Check that a sound store has no faults, and that each planted fault is named."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from intake.core.services import Services
from storage.database import Session
from storage.documents.documents import DocumentState
from storage.operations import reconciliation
from storage.submissions.submissions import Channel, Submission, SubmissionState
from tests.support.building import Clock
from tests.support.rows import Planter

OPENED = [state for state in SubmissionState if state is not SubmissionState.RECEIVED]
ROUTED = [state for state in OPENED if state is not SubmissionState.DOCUMENTS]
QUERIES: dict[str, Callable[[Session], list[str]]] = {
    "routed_without_queue": reconciliation.routed_without_queue,
    "opened_without_documents": reconciliation.opened_without_documents,
    "opened_without_receipt": reconciliation.opened_without_receipt,
    "without_arrival": reconciliation.without_arrival,
    "documents_left_stored": lambda session: [
        state for _, state in reconciliation.documents_left_stored(session)
    ],
}


def plant(
    services: Services,
    clock: Clock,
    state: SubmissionState,
    *,
    without: str = "",
    **changes: object,
) -> Submission:
    """Store a submission with all that its state demands, save for one thing."""
    with services.database.transaction() as session:
        planter = Planter(session, services.keyring, clock.now())
        submission = planter.submission(state=state, has_arrival=without != "arrival", **changes)
        if state in OPENED and without != "document":
            planter.document(submission, state=DocumentState.CLEAN)
        if state in OPENED and without != "receipt":
            planter.message(submission)
        if state in ROUTED and without != "item":
            planter.item(submission)
        return submission


def faults(services: Services) -> dict[str, list[str]]:
    """Return what each query names, without those that name nothing."""
    with services.database.reading() as session:
        found = {name: query(session) for name, query in QUERIES.items()}
    return {name: named for name, named in found.items() if named}


@pytest.mark.parametrize("state", list(SubmissionState))
def test_a_sound_submission_has_no_fault(
    services: Services, clock: Clock, state: SubmissionState
) -> None:
    plant(services, clock, state)

    assert faults(services) == {}


@pytest.mark.parametrize("state", ROUTED)
def test_a_routed_submission_without_item_is_named(
    services: Services, clock: Clock, state: SubmissionState
) -> None:
    planted = plant(services, clock, state, without="item")

    assert faults(services) == {"routed_without_queue": [planted.reference]}


@pytest.mark.parametrize("state", OPENED)
def test_an_opened_submission_without_document_is_named(
    services: Services, clock: Clock, state: SubmissionState
) -> None:
    planted = plant(services, clock, state, without="document")

    assert faults(services) == {"opened_without_documents": [planted.reference]}


@pytest.mark.parametrize(("number", "is_fault"), [(0, False), (1, True)])
def test_an_upload_in_advance_of_its_papers_needs_no_document(
    services: Services, clock: Clock, number: int, is_fault: bool
) -> None:
    planted = plant(
        services,
        clock,
        SubmissionState.QUEUED,
        without="document",
        channel="upload",
        item_count=number,
    )

    assert bool(faults(services)) == is_fault
    assert faults(services).get("opened_without_documents", [planted.reference]) == [
        planted.reference
    ]


def test_one_that_could_not_be_opened_needs_no_document(services: Services, clock: Clock) -> None:
    plant(
        services,
        clock,
        SubmissionState.HOLDING,
        without="document",
        filing_reason="processing_failed",
    )

    assert faults(services) == {}


@pytest.mark.parametrize("state", OPENED)
def test_an_opened_mail_without_receipt_is_named(
    services: Services, clock: Clock, state: SubmissionState
) -> None:
    planted = plant(services, clock, state, without="receipt")

    assert faults(services) == {"opened_without_receipt": [planted.reference]}


def test_a_mail_without_arrival_is_named(services: Services, clock: Clock) -> None:
    planted = plant(services, clock, SubmissionState.RECEIVED, without="arrival")

    assert faults(services) == {"without_arrival": [planted.reference]}


def test_an_upload_needs_no_arrival(services: Services, clock: Clock) -> None:
    plant(services, clock, SubmissionState.RECEIVED, without="arrival", channel=Channel.UPLOAD)

    assert faults(services) == {}


@pytest.mark.parametrize("state", ["STORED", "NONSENSE"])
def test_a_routed_document_that_nothing_has_judged_is_named(
    services: Services, clock: Clock, state: str
) -> None:
    planted = plant(services, clock, SubmissionState.QUEUED)
    with services.database.transaction() as session:
        Planter(session, services.keyring, clock.now()).document(planted, state=state)

    assert faults(services) == {"documents_left_stored": [state]}


@pytest.mark.parametrize("state", list(SubmissionState))
def test_stuck_are_those_that_no_person_sees_for_too_long(
    services: Services, clock: Clock, state: SubmissionState
) -> None:
    planted = plant(services, clock, state)
    is_stuck = state in {SubmissionState.RECEIVED, SubmissionState.DOCUMENTS}

    with services.database.reading() as session:
        assert reconciliation.stuck(session, clock.now()) == []
        later = reconciliation.stuck(session, clock.now() + timedelta(seconds=1))
    assert later == ([planted.reference] if is_stuck else [])


def test_those_before_no_person_yet_are_counted(services: Services, clock: Clock) -> None:
    for state in SubmissionState:
        plant(services, clock, state)

    with services.database.reading() as session:
        assert reconciliation.count_unrouted(session) == len(SubmissionState) - len(ROUTED)


def test_submissions_and_blobs_are_counted_and_found(services: Services, clock: Clock) -> None:
    planted = plant(services, clock, SubmissionState.RECEIVED)

    with services.database.reading() as session:
        assert reconciliation.count_submissions(session) == 1
        assert reconciliation.count_blobs(session) == 1
        assert [blob.id for blob in reconciliation.all_blobs(session)] == [planted.raw_blob_id]
        assert reconciliation.has_blob(session, planted.raw_blob_id)
        assert not reconciliation.has_blob(session, "ab/unknown")
