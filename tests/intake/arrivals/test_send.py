"""Check sending: a draft becomes one submission with its receipt, however often it is sent."""

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import pytest

from intake.access import gate
from intake.accounts.accounts import SignedInUser, create_with_password
from intake.arrivals import chunks, drafts
from intake.arrivals import send as sending
from intake.arrivals.package import FormInvalid, NotWhole
from intake.core.errors import NotFound
from intake.core.services import Services
from intake.outbox.mail_texts import MailTexts
from intake.oversight.verify import verify_storage
from storage import audit
from storage.blobs.blobs import BlobRow
from storage.crypto.sealing import unseal, unseal_bytes
from storage.documents import documents
from storage.mail import outbox
from storage.submissions import submissions
from storage.submissions.submissions import Submission, place
from tests.support.building import MAIL_TEXTS, RecordingQueue
from tests.support.people import plant_user

TEXTS = MailTexts(MAIL_TEXTS)
EMAIL = "coordinator.syd@region.example"
NAME = "remiss för \u202eKANARIE.pdf"


@dataclass(frozen=True)
class Counter:
    """A coordinator with a draft of two files."""

    services: Services
    user: SignedInUser
    draft_id: str

    def add_file(self, content: bytes, *, is_finished: bool = True) -> str:
        """Put one more file into the draft."""
        upload_id = chunks.begin_file(
            self.services,
            gate.draft_to_change(self.services, self.user, self.draft_id),
            claimed_name=NAME,
            claimed_type="application/pdf",
            size=len(content),
        )
        chunks.take_chunk(
            self.services,
            gate.upload_to_change(self.services, self.user, upload_id),
            0,
            len(content),
            [content],
        )
        if is_finished:
            chunks.finish_file(
                self.services, gate.upload_to_change(self.services, self.user, upload_id)
            )
        return upload_id

    def send(self) -> sending.Sent:
        """Send the draft."""
        return sending.send_draft(
            self.services, TEXTS, gate.own_draft(self.services, self.user, self.draft_id)
        )

    def submission(self, reference: str) -> Submission:
        """Return what it became."""
        with self.services.database.reading() as session:
            found = submissions.by_reference(session, reference)
        assert found is not None
        return found


@pytest.fixture
def counter(sqlite_services: Services) -> Counter:
    """Give a coordinator of the south with two files in a draft."""
    user = create_with_password(
        sqlite_services, EMAIL, "COORD", "SYD", "a test phrase of the southern region"
    )
    counter = Counter(sqlite_services, user, drafts.start_draft(sqlite_services, user))
    counter.add_file(b"first")
    counter.add_file(b"second")
    return counter


def test_a_sent_draft_is_a_submission_with_its_documents(counter: Counter) -> None:
    drafts.save_draft(
        counter.services,
        gate.draft_to_change(counter.services, counter.user, counter.draft_id),
        {"priority": "urgent"},
    )

    sent = counter.send()

    submission = counter.submission(sent.reference)
    with counter.services.database.reading() as session:
        rows = documents.of_submission(session, submission.id)
        key = counter.services.keyring.open(session, submission.data_key_id)
        blobs = [session.get_one(BlobRow, row.blob_id) for row in rows]
        assert audit.check_chain(session, counter.services.keyring) == []
    names = [unseal(key, place("documents", "name", row.id), row.name) for row in rows]
    contents = [counter.services.blobs.read_whole(key, blob) for blob in blobs]
    assert (submission.channel, submission.state, submission.region) == (
        "upload",
        "DOCUMENTS",
        "SYD",
    )
    assert (submission.priority, submission.submitted_by) == ("urgent", counter.user.id)
    assert (names, contents) == ([NAME, NAME], [b"first", b"second"])
    assert (sent.item_count, submission.item_count) == (2, 2)
    assert isinstance(counter.services.queue, RecordingQueue)
    assert counter.services.queue.enqueued == [submission.id]


def test_the_receipt_says_how_many_and_nothing_of_what(counter: Counter) -> None:
    sent = counter.send()

    submission = counter.submission(sent.reference)
    with counter.services.database.reading() as session:
        (row,) = outbox.of_submission(session, submission.id)
        key = counter.services.keyring.open(session, row.data_key_id)
    assert row.content is not None
    mail = unseal_bytes(key, place("outbox", "content", row.id), row.content)
    assert unseal(key, place("outbox", "recipient", row.id), row.recipient) == EMAIL
    assert (row.kind, row.state) == ("R1", "due")
    assert sent.reference.encode() in mail
    assert b"2 items" in mail
    assert b"KANARIE" not in mail


def test_the_manifest_is_what_arrived(counter: Counter) -> None:
    sent = counter.send()

    submission = counter.submission(sent.reference)
    with counter.services.database.reading() as session:
        key = counter.services.keyring.open(session, submission.data_key_id)
        blob = session.get_one(BlobRow, submission.raw_blob_id)
    manifest = json.loads(counter.services.blobs.read_whole(key, blob))
    assert [file["name"] for file in manifest["files"]] == [NAME, NAME]
    assert [file["size"] for file in manifest["files"]] == [5, 6]


def test_sending_again_gives_the_same_reference(counter: Counter) -> None:
    assert counter.send() == counter.send()

    with counter.services.database.reading() as session:
        assert len(submissions.newest(session, limit=10)) == 1


def test_two_who_send_at_once_make_one_submission(counter: Counter) -> None:
    with ThreadPoolExecutor(4) as pool:
        sent = list(pool.map(lambda _: counter.send(), range(4)))

    assert len({each.reference for each in sent}) == 1
    with counter.services.database.reading() as session:
        assert len(submissions.newest(session, limit=10)) == 1


def test_a_file_on_its_way_keeps_the_draft_from_being_sent(counter: Counter) -> None:
    counter.add_file(b"third", is_finished=False)

    with pytest.raises(NotWhole):
        counter.send()


def test_a_wrong_answer_is_told_and_nothing_is_lost(counter: Counter) -> None:
    drafts.save_draft(
        counter.services,
        gate.draft_to_change(counter.services, counter.user, counter.draft_id),
        {"adults": "många"},
    )

    with pytest.raises(FormInvalid) as told:
        counter.send()

    assert set(told.value.errors) == {"adults"}
    draft = drafts.read_draft(
        counter.services, gate.draft_to_change(counter.services, counter.user, counter.draft_id)
    )
    assert draft.answers == {"adults": "många"}
    assert len(draft.files) == 2


def test_notice_without_a_document_is_taken(sqlite_services: Services) -> None:
    user = create_with_password(
        sqlite_services, EMAIL, "COORD", "SYD", "a test phrase of the southern region"
    )
    draft_id = drafts.start_draft(sqlite_services, user)

    sent = sending.send_draft(
        sqlite_services, TEXTS, gate.own_draft(sqlite_services, user, draft_id)
    )

    assert sent.item_count == 0


def test_somebody_elses_draft_is_not_there(counter: Counter) -> None:
    other = plant_user(counter.services, "Coordinator 2", "COORD")

    for act in (drafts.read_draft, drafts.discard_draft):
        with pytest.raises(NotFound):
            act(counter.services, gate.draft_to_change(counter.services, other, counter.draft_id))
    with pytest.raises(NotFound):
        drafts.save_draft(
            counter.services, gate.draft_to_change(counter.services, other, counter.draft_id), {}
        )
    with pytest.raises(NotFound):
        sending.send_draft(
            counter.services, TEXTS, gate.own_draft(counter.services, other, counter.draft_id)
        )


def test_a_sent_draft_cannot_be_changed_any_more(counter: Counter) -> None:
    counter.send()

    with pytest.raises(NotFound):
        drafts.save_draft(
            counter.services,
            gate.draft_to_change(counter.services, counter.user, counter.draft_id),
            {"note": "x"},
        )
    with pytest.raises(NotFound):
        drafts.discard_draft(
            counter.services, gate.draft_to_change(counter.services, counter.user, counter.draft_id)
        )
    assert drafts.open_drafts(counter.services, counter.user) == []


def test_everything_is_accounted_for(counter: Counter) -> None:
    counter.send()

    faults = verify_storage(counter.services, orphan_after_seconds=0).faults

    # Not yet inspected: that is the workers' part.
    assert [fault for fault in faults if "blob" in fault or "audit" in fault] == []
