"""Check phone notes: a call becomes a submission, once, with a reference and without a receipt."""

import json
from dataclasses import replace

import pytest

from intake.accounts.accounts import SignedInUser
from intake.arrivals.phone_note import NoteInvalid, PhoneNote, new_note_id, store_phone_note
from intake.core.errors import Conflict
from intake.core.services import Services
from intake.filing.rules import FilingOutcome, choose_queue_of_noted, decide_noted
from storage import audit
from storage.blobs.blobs import BlobRow
from storage.cases.cases import Case
from storage.crypto.sealing import unseal
from storage.documents import documents
from storage.mail import outbox
from storage.submissions import submissions
from storage.submissions.queue_items import Queue
from storage.submissions.submissions import Priority, Submission, place
from tests.support.building import enqueued
from tests.support.people import plant_user
from tests.support.rows import Planter

NOTE = PhoneNote(
    programme="referrals",
    priority="urgent",
    language="so",
    caller="TEST Caller",
    number="+46 70 000 00 00",
    call_back="yes",
    text="TEST: asks when the papers are needed.",
)


@pytest.fixture
def officer(sqlite_services: Services) -> SignedInUser:
    """Give an intake officer."""
    return plant_user(sqlite_services)


def stored(services: Services, reference: str) -> Submission:
    with services.database.reading() as session:
        found = submissions.by_reference(session, reference)
    assert found is not None
    return found


def plant_case(services: Services, **changes: str | None) -> Case:
    with services.database.transaction() as session:
        return Planter(session, services.keyring, services.now()).case(**changes)


def test_a_call_becomes_a_submission_that_is_worked_on(
    sqlite_services: Services, officer: SignedInUser
) -> None:
    reference = store_phone_note(sqlite_services, officer, new_note_id(), NOTE)

    row = stored(sqlite_services, reference)
    assert (row.channel, row.state, row.item_count) == ("phone", "DOCUMENTS", 0)
    assert (row.programme, row.priority, row.language) == ("referrals", "urgent", "so")
    assert (row.case_id, row.sender_verdict, row.submitted_by) == (None, None, None)
    assert list(enqueued(sqlite_services)) == [row.id]
    with sqlite_services.database.reading() as session:
        assert documents.of_submission(session, row.id) == []
        (event, *_) = audit.of_subject(session, "submission", row.id)
    assert (event.act, event.actor) == ("submission.received", officer.actor)
    assert event.detail == {"channel": "phone", "documents": 0}


def test_what_was_said_is_sealed_and_the_raw_note_says_who_wrote_it(
    sqlite_services: Services, officer: SignedInUser
) -> None:
    row = stored(sqlite_services, store_phone_note(sqlite_services, officer, new_note_id(), NOTE))
    with sqlite_services.database.reading() as session:
        key = sqlite_services.keyring.open(session, row.data_key_id)
        blob = session.get_one(BlobRow, row.raw_blob_id)
    raw = json.loads(sqlite_services.blobs.read_whole(key, blob))
    body = unseal(key, place("submissions", "body_text", row.id), row.body_text)

    assert raw["written_by"] == officer.id
    assert raw["note"]["text"] == NOTE.text
    assert body.splitlines() == [
        NOTE.text,
        "",
        "Caller: TEST Caller",
        "Number: +46 70 000 00 00",
        "May we call back: yes",
    ]
    assert row.body_text is not None
    assert b"TEST" not in row.body_text


def test_no_receipt_leaves_and_the_row_says_why(
    sqlite_services: Services, officer: SignedInUser
) -> None:
    row = stored(sqlite_services, store_phone_note(sqlite_services, officer, new_note_id(), NOTE))

    with sqlite_services.database.reading() as session:
        (mail,) = outbox.of_submission(session, row.id)

    assert (mail.kind, mail.state, mail.reason) == ("R1", "suppressed", "no_usable_sender")


def test_the_same_form_twice_is_one_note(sqlite_services: Services, officer: SignedInUser) -> None:
    note_id = new_note_id()

    references = {store_phone_note(sqlite_services, officer, note_id, NOTE) for _ in range(3)}

    assert len(references) == 1
    assert len(enqueued(sqlite_services)) == 1


def test_a_case_takes_the_note_with_its_region(
    sqlite_services: Services, officer: SignedInUser
) -> None:
    case = plant_case(sqlite_services, region="SYD")
    typed = replace(NOTE, case=f" {case.reference.lower()} ")

    row = stored(sqlite_services, store_phone_note(sqlite_services, officer, new_note_id(), typed))

    assert (row.case_id, row.region) == (case.id, "SYD")


def test_a_merged_case_leads_the_note_on(sqlite_services: Services, officer: SignedInUser) -> None:
    into = plant_case(sqlite_services)
    case = plant_case(sqlite_services, merged_into=into.id)
    typed = replace(NOTE, case=case.reference)

    row = stored(sqlite_services, store_phone_note(sqlite_services, officer, new_note_id(), typed))

    assert row.case_id == into.id


def test_unknown_and_foreign_cases_are_refused_in_the_same_words(
    sqlite_services: Services, officer: SignedInUser
) -> None:
    foreign = plant_case(sqlite_services, programme="cash").reference
    said = set()
    for reference in (foreign, "K7M-4QX-9T", "no code"):
        with pytest.raises(NoteInvalid) as refused:
            store_phone_note(sqlite_services, officer, new_note_id(), replace(NOTE, case=reference))
        said.add(json.dumps(refused.value.errors))

    assert len(said) == 1
    assert set(json.loads(said.pop())) == {"case"}
    assert list(enqueued(sqlite_services)) == []


def test_a_closed_case_takes_no_note(sqlite_services: Services, officer: SignedInUser) -> None:
    case = plant_case(sqlite_services, state="CLOSED")

    with pytest.raises(NoteInvalid) as refused:
        store_phone_note(
            sqlite_services, officer, new_note_id(), replace(NOTE, case=case.reference)
        )

    assert set(refused.value.errors) == {"case"}


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("programme", "cash"),
        ("programme", ""),
        ("priority", ""),
        ("priority", "low"),
        ("language", "Somali"),
        ("call_back", "perhaps"),
        ("text", " \n "),
        ("text", "x" * 4001),
        ("caller", "x" * 201),
        ("number", "1" * 41),
    ],
)
def test_each_wrong_answer_is_named(
    sqlite_services: Services, officer: SignedInUser, field: str, value: str
) -> None:
    with pytest.raises(NoteInvalid) as refused:
        store_phone_note(sqlite_services, officer, new_note_id(), replace(NOTE, **{field: value}))

    assert set(refused.value.errors) == {field}


def test_an_id_that_no_form_gave_is_refused(
    sqlite_services: Services, officer: SignedInUser
) -> None:
    with pytest.raises(Conflict):
        store_phone_note(sqlite_services, officer, "../../etc", NOTE)


@pytest.mark.parametrize(
    ("case_id", "priority", "outcome", "queue"),
    [
        ("c", Priority.NORMAL, FilingOutcome.TO_CASE, Queue.NEW_REFERRALS),
        ("c", Priority.EMERGENCY, FilingOutcome.TO_CASE, Queue.EMERGENCY),
        (None, Priority.UNKNOWN, FilingOutcome.HOLDING, Queue.MAIL_TO_MATCH),
        (None, Priority.EMERGENCY, FilingOutcome.HOLDING, Queue.EMERGENCY),
    ],
)
def test_a_call_opens_no_case_and_its_haste_counts(
    case_id: str | None, priority: Priority, outcome: FilingOutcome, queue: Queue
) -> None:
    filing = decide_noted(case_id)
    route = choose_queue_of_noted(filing, priority)

    assert (filing.outcome, filing.case_id) == (outcome, case_id)
    assert (route.queue, route.priority) == (queue, priority)
