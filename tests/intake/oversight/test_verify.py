"""Check verify: a sound store is proven sound, and each planted fault is one sentence."""

import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from intake.oversight.verify import sweep_orphans, verify_storage
from storage.crypto.keys import DataKeyRow
from storage.submissions.arrivals import Arrival
from storage.submissions.submissions import Submission
from tests.samples.mail.mails import referral, tiny_pdf
from tests.support.building import Clock, settings_environ
from tests.support.desk import Desk

pytestmark = pytest.mark.components

ROOT = Path(__file__).parents[3]


@dataclass(frozen=True)
class Store:
    """Hold a submission that went its whole way, and what it needs to be damaged."""

    desk: Desk
    submission: Submission
    folder: Path

    @property
    def raw_path(self) -> Path:
        """Return where the raw message lies."""
        return self.folder / "blobs" / self.submission.raw_blob_id

    def execute(self, *statements: str) -> None:
        """Change rows behind the program's back."""
        with self.desk.services.database.transaction() as session:
            for statement in statements:
                session.execute(text(statement))

    def faults(self) -> tuple[str, ...]:
        """Return what verify says now."""
        return verify_storage(self.desk.services, orphan_after_seconds=0).faults


@pytest.fixture
def store(desk: Desk, tmp_path: Path) -> Store:
    """Give a sound store."""
    desk.register()
    attachment = ("a.pdf", "application/pdf", tiny_pdf("x"))
    submission_id = desk.handle(referral(attachments=[attachment]))
    return Store(desk, desk.submission(submission_id), tmp_path)


def test_a_sound_store_is_proven_sound(store: Store) -> None:
    proof = verify_storage(store.desk.services, orphan_after_seconds=0)

    assert proof.faults == ()
    assert (proof.submissions, proof.blobs) == (1, 3)
    # The sender's registration, and six steps of the submission.
    assert proof.audit_events == 7


def test_an_empty_store_is_sound(desk: Desk) -> None:
    proof = verify_storage(desk.services)

    assert (proof.submissions, proof.blobs, proof.faults) == (0, 0, ())


def test_a_missing_blob_is_named(store: Store) -> None:
    store.raw_path.unlink()

    assert store.faults() == (f"blob {store.submission.raw_blob_id} is missing",)


@pytest.mark.parametrize(
    "damage", [lambda sealed: sealed[:-1], lambda sealed: sealed + b"x", lambda sealed: b""]
)
def test_a_damaged_blob_is_named(store: Store, damage: Callable[[bytes], bytes]) -> None:
    store.raw_path.write_bytes(damage(store.raw_path.read_bytes()))

    assert store.faults() == (f"blob {store.submission.raw_blob_id}: blob_damaged",)


def test_a_destroyed_key_is_named_for_each_blob(store: Store) -> None:
    with store.desk.services.database.transaction() as session:
        session.get_one(DataKeyRow, store.submission.data_key_id).wrapped = b""

    faults = store.faults()

    assert len(faults) == 3
    assert all(fault.endswith(": key_unavailable") for fault in faults)


def test_a_blob_of_nothing_is_named_when_it_is_old_enough(store: Store) -> None:
    key = store.desk.services.keyring.new_key()
    orphan = store.desk.services.blobs.write(key, [b"orphan"])

    assert store.faults() == (f"blob {orphan.id} belongs to nothing",)
    assert verify_storage(store.desk.services).faults == ()


def test_sweeping_removes_what_belongs_to_nothing_and_nothing_else(store: Store) -> None:
    services = store.desk.services
    services.blobs.write(services.keyring.new_key(), [b"orphan"])
    half_written = store.folder / "blobs" / "ab" / ("0f" * 16 + ".part")
    half_written.parent.mkdir(mode=0o700, exist_ok=True)
    half_written.touch()

    young = sweep_orphans(services)
    removed = sweep_orphans(services, orphan_after_seconds=0)

    assert (young, removed) == (0, 2)
    assert store.faults() == ()


def test_a_changed_audit_event_is_named(store: Store) -> None:
    if store.desk.services.database.is_sqlite:
        store.execute("DROP TRIGGER audit_events_no_update")
        store.execute("UPDATE audit_events SET act = 'other' WHERE sequence = 2")
    else:
        store.execute(
            "SET LOCAL session_replication_role = replica",
            "UPDATE audit_events SET act = 'other' WHERE sequence = 2",
        )

    assert store.faults() == ("audit event 2 was changed",)


@pytest.mark.parametrize(
    ("statement", "sentence"),
    [
        ("DELETE FROM queue_items", "submission {} stands in no queue"),
        ("DELETE FROM documents", "submission {} was opened and has no document"),
        ("DELETE FROM outbox", "submission {} was opened and has no decision on its receipt"),
    ],
)
def test_a_missing_row_is_named(store: Store, statement: str, sentence: str) -> None:
    store.execute(statement)

    assert store.faults() == (sentence.format(store.submission.reference),)


def test_a_mail_that_came_from_nowhere_is_named(store: Store) -> None:
    with store.desk.services.database.transaction() as session:
        session.query(Arrival).delete()

    sentence = f"submission {store.submission.reference} came by mail and has no arrival"
    assert sentence in store.faults()


@pytest.mark.parametrize("state", ["STORED", "NONSENSE"])
def test_a_document_that_nothing_judged_is_named(store: Store, state: str) -> None:
    document = store.desk.documents(store.submission.id)[1]
    store.execute(f"UPDATE documents SET state = '{state}' WHERE id = '{document.id}'")

    assert store.faults() == (f"document {document.id} was routed in state {state}",)


def test_a_submission_that_nobody_sees_is_named_after_ten_minutes(desk: Desk, clock: Clock) -> None:
    submission_id = desk.accept(referral())
    clock.advance(timedelta(minutes=10))
    before = verify_storage(desk.services).faults
    clock.advance(timedelta(seconds=1))

    reference = desk.submission(submission_id).reference
    assert before == ()
    assert verify_storage(desk.services).faults == (
        f"submission {reference} is not before a person yet",
    )


def test_tables_of_an_earlier_release_are_told_how_to_go_on(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "flask", "verify"],
        cwd=ROOT,
        env=os.environ | settings_environ(tmp_path / "var"),
        capture_output=True,
        text=True,
        timeout=240,
    )

    assert done.returncode == 1
    assert done.stderr.endswith("The tables are not up to date: run flask db upgrade.\n")
