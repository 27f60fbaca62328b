"""Check unlocking.

A password is used once and kept nowhere; what it opens is a document of its own.
"""

import logging
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest

from intake.access import gate
from intake.accounts.accounts import SignedInUser
from intake.core.errors import Conflict, NotFound
from intake.core.services import Services
from intake.documents import unlock as unlocking
from intake.documents.unlock import PasswordWrong, TooManyTries, UnlockingUnavailable
from intake.sandbox.protocol.errors import JailError, JailUnavailable, ParseCrash
from storage.blobs.blobs import BlobRow
from storage.crypto.sealing import unseal
from storage.submissions.submissions import Submission, place
from tests.intake.documents.held import Held, seed_held
from tests.portal.documents import copies
from tests.support.building import Clock, RecordingQueue
from tests.support.people import plant_user

PASSWORD = "hemligt-lösen-4711"


@dataclass
class OneLock:
    """Stand for the jail: opens one password, or fails by the script."""

    error: JailError | None = None
    seen: list[tuple[bytes, str]] = field(default_factory=list)

    def unlock(self, content: bytes, detected_type: str, password: str) -> bytes | None:
        """Return the opened bytes for the right password."""
        self.seen.append((content, detected_type))
        if self.error is not None:
            raise self.error
        return b"opened " + content if password == PASSWORD else None


@pytest.fixture
def held(sqlite_services: Services) -> Held:
    """Give a submission with a locked document."""
    return seed_held(sqlite_services)


@pytest.fixture
def officer(sqlite_services: Services) -> SignedInUser:
    """Give an intake officer."""
    return plant_user(sqlite_services)


def attempt(held: Held, officer: SignedInUser, password: str, jails: OneLock | None = None) -> None:
    document_id = held.document("pass.pdf").id
    unlocking.unlock_document(
        held.services,
        jails or OneLock(),
        gate.document_to_change(held.services, officer, document_id),
        password,
    )


def test_the_opened_copy_stands_below_the_locked_one(held: Held, officer: SignedInUser) -> None:
    jails = OneLock()

    attempt(held, officer, PASSWORD, jails)

    locked = held.document("pass.pdf")
    child = copies.documents_of(held.services, held.submission_id)[-1]
    assert jails.seen == [(b"raw", "application/pdf")]
    assert (locked.state, locked.reason) == ("IGNORED", "unlocked_copy_below")
    assert (child.parent_id, child.role, child.state) == (locked.id, "attachment", "STORED")
    assert child.path == f"{locked.path}.1"
    assert child.position > locked.position
    with held.services.database.reading() as session:
        submission = session.get_one(Submission, held.submission_id)
        key = held.services.keyring.open(session, submission.data_key_id)
        blob = session.get_one(BlobRow, child.blob_id)
    name = unseal(key, place("documents", "name", child.id), child.name)
    assert name == "pass.pdf (unlocked)"
    assert held.services.blobs.read_whole(key, blob) == b"opened raw"
    assert blob.data_key_id == submission.data_key_id
    assert isinstance(held.services.queue, RecordingQueue)
    assert held.services.queue.rounds == [(held.submission_id, f"unlock-{locked.id}")]


def test_the_queue_item_stays_until_the_copy_is_judged(
    sqlite_services: Services, officer: SignedInUser
) -> None:
    from tests.intake.documents.held import PARTS

    held = seed_held(sqlite_services, parts=(*PARTS[:1] * 4, PARTS[4]))

    attempt(held, officer, PASSWORD)

    assert held.open_types() == {("Q6", "quarantine")}


def test_a_wrong_password_changes_nothing_but_is_audited(held: Held, officer: SignedInUser) -> None:
    for wrong in ("wrong", "", "x" * 300):
        with pytest.raises(PasswordWrong):
            attempt(held, officer, wrong)

    assert held.document("pass.pdf").state == "LOCKED"
    assert held.acts(held.document("pass.pdf").id) == []
    assert [event.act for event in held.events()] == ["document.unlock_tried"]


def test_the_password_is_kept_nowhere(
    held: Held, officer: SignedInUser, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    errors = []
    with pytest.raises(UnlockingUnavailable) as refused:
        attempt(held, officer, PASSWORD, OneLock(ParseCrash(PASSWORD)))
    errors.append(refused.value)
    attempt(held, officer, PASSWORD)

    held.services.database.close()
    stored = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    assert PASSWORD.encode() not in stored
    assert PASSWORD not in caplog.text
    assert PASSWORD not in str(errors[0])
    assert held.reasons(held.document("pass.pdf").id) == [""]


@pytest.mark.parametrize("error", [JailUnavailable("away"), ParseCrash("signal_11")])
def test_a_jail_that_fails_says_so(held: Held, officer: SignedInUser, error: JailError) -> None:
    with pytest.raises(UnlockingUnavailable):
        attempt(held, officer, PASSWORD, OneLock(error))

    assert held.document("pass.pdf").state == "LOCKED"


def test_ten_tries_an_hour(held: Held, officer: SignedInUser, clock: Clock) -> None:
    for _ in range(10):
        with pytest.raises(PasswordWrong):
            attempt(held, officer, "wrong")

    with pytest.raises(TooManyTries):
        attempt(held, officer, PASSWORD)
    clock.advance(timedelta(hours=1, seconds=1))
    attempt(held, officer, PASSWORD)

    assert held.document("pass.pdf").state == "IGNORED"


@pytest.mark.parametrize("name", ["brev.pdf", "underlag.zip"])
def test_only_a_locked_document_takes_a_password(
    held: Held, officer: SignedInUser, name: str
) -> None:
    jails = OneLock()

    with pytest.raises(Conflict):
        unlocking.unlock_document(
            held.services,
            jails,
            gate.document_to_change(held.services, officer, held.document(name).id),
            PASSWORD,
        )

    assert jails.seen == []


def test_another_programmes_document_is_not_there(held: Held) -> None:
    with pytest.raises(NotFound):
        attempt(held, plant_user(held.services, "Cash officer 1", "CASH"), PASSWORD)


def test_of_two_at_once_one_copy_is_made(services: Services) -> None:
    held = seed_held(services)
    officers = [plant_user(services, f"Intake officer {number}") for number in range(4)]

    def unlock(officer: SignedInUser) -> bool:
        try:
            attempt(held, officer, PASSWORD)
        except Conflict:
            return False
        return True

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(unlock, officers)).count(True) == 1

    states = [row.state for row in copies.documents_of(services, held.submission_id)]
    assert states.count("STORED") == 1


def test_tries_at_once_do_not_slip_past_the_limit(services: Services) -> None:
    held = seed_held(services)
    officers = [plant_user(services, f"Intake officer {number}") for number in range(5)]

    def guess(number: int) -> str:
        try:
            attempt(held, officers[number % 5], "wrong")
        except (PasswordWrong, TooManyTries) as error:
            return error.reason
        return "opened"

    with ThreadPoolExecutor(5) as pool:
        outcomes = list(pool.map(guess, range(20)))

    assert outcomes.count("password_wrong") == 10
    assert outcomes.count("too_many_tries") == 10
