"""Check accept: the one door lets each message in exactly once, or keeps nothing of it."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from intake.arrivals.accept import Accepted, MailArrival, accept_mail, mail_identity
from intake.core.errors import StorageUnavailable
from intake.core.references import normalise, unused_reference
from intake.core.services import Services
from storage import audit
from storage.blobs.blobs import BlobRow
from storage.database import Session
from storage.operations import reconciliation
from storage.submissions import arrivals, submissions
from storage.submissions.arrivals import Arrival, Place
from storage.submissions.submissions import Submission
from tests.support.building import Clock, enqueued, make_services
from tests.support.threads import run_together

RAW = b"From: anna@partner.example\r\nSubject: CANARY\r\n\r\nText\r\n"
ARRIVAL = MailArrival("referrals", Place("referrals", "INBOX", 7, 1), RAW, "aa" * 32)


def at(arrival: MailArrival, uid: int, programme: str = "referrals") -> MailArrival:
    """Give the same message at another place."""
    return replace(arrival, programme=programme, where=Place(programme, "INBOX", 7, uid))


def stored(services: Services) -> list[Submission]:
    """Return all submissions."""
    with services.database.reading() as session:
        return submissions.newest(session, limit=100)


def orphans(services: Services) -> list[str]:
    """Return keys of blobs without a row."""
    with services.database.reading() as session:
        return [
            key
            for key, _ in services.blobs.backend.listing()
            if not reconciliation.has_blob(session, key)
        ]


def sightings(services: Services, accepted: Accepted) -> int:
    """Count where a message was seen."""
    with services.database.reading() as session:
        return arrivals.count_arrivals(session, accepted.submission_id)


def accepting(services: Services, arrival: MailArrival) -> Callable[[int], Accepted]:
    """Give what accepts one arrival in each of several threads."""
    return lambda _number: accept_mail(services, arrival)


def test_a_new_message_is_stored_whole_and_handed_on(services: Services, clock: Clock) -> None:
    accepted = accept_mail(services, ARRIVAL)

    (submission,) = stored(services)
    assert accepted == Accepted(submission.id, submission.reference, is_new=True)
    assert (submission.state, submission.programme) == ("RECEIVED", "referrals")
    assert (submission.channel, submission.priority) == ("email", "unknown")
    assert submission.received_at == clock.now()
    assert normalise(submission.reference) == submission.reference
    assert enqueued(services) == [submission.id]
    with services.database.reading() as session:
        key = services.keyring.open(session, submission.data_key_id)
        blob = session.get_one(BlobRow, submission.raw_blob_id)
        events = audit.of_subject(session, "submission", submission.id)
        place = arrivals.arrival_at(session, ARRIVAL.where)
    assert services.blobs.read_whole(key, blob) == RAW
    assert [(event.act, event.actor) for event in events] == [
        ("submission.received", "system:mailbox")
    ]
    assert events[0].detail == {"channel": "email", "bytes": len(RAW)}
    assert place is not None
    assert place.submission_id == submission.id
    with services.database.reading() as session:
        assert arrivals.is_same_message(session, ARRIVAL.where, "aa" * 32)


def test_the_same_bytes_at_another_place_are_one_submission(services: Services) -> None:
    first = accept_mail(services, ARRIVAL)

    second = accept_mail(services, at(ARRIVAL, 2))

    assert second == replace(first, is_new=False)
    assert len(stored(services)) == 1
    assert sightings(services, first) == 2
    assert enqueued(services) == [first.submission_id]
    assert orphans(services) == []
    with services.database.reading() as session:
        events = audit.of_subject(session, "submission", first.submission_id)
    assert [event.act for event in events] == ["submission.received", "submission.seen_again"]


def test_the_same_place_again_changes_nothing(services: Services) -> None:
    first = accept_mail(services, ARRIVAL)

    again = accept_mail(services, ARRIVAL)

    assert again == replace(first, is_new=False)
    assert sightings(services, first) == 1
    with services.database.reading() as session:
        assert audit.count(session) == 1


def test_the_same_bytes_in_the_other_programme_are_another_submission(
    services: Services,
) -> None:
    first = accept_mail(services, ARRIVAL)

    second = accept_mail(services, at(ARRIVAL, 1, "cash"))

    assert second.is_new
    assert second.submission_id != first.submission_id
    assert {row.programme for row in stored(services)} == {"referrals", "cash"}
    assert len({row.data_key_id for row in stored(services)}) == 2


def test_one_other_byte_is_another_submission(services: Services) -> None:
    accept_mail(services, ARRIVAL)

    accepted = accept_mail(services, replace(at(ARRIVAL, 2), raw=RAW + b"\r\n"))

    assert accepted.is_new


def test_threads_that_accept_the_same_bytes_make_one_submission(services: Services) -> None:
    outcome = run_together(6, lambda number: accept_mail(services, at(ARRIVAL, number + 1)))

    assert outcome.errors == []
    assert sorted(accepted.is_new for accepted in outcome.results) == [False] * 5 + [True]
    assert len({accepted.submission_id for accepted in outcome.results}) == 1
    assert len(stored(services)) == 1
    assert sightings(services, outcome.results[0]) == 6
    assert orphans(services) == []
    with services.database.reading() as session:
        assert audit.check_chain(session, services.keyring) == []


def test_threads_that_see_one_message_at_one_place_agree(services: Services) -> None:
    for number in range(5):
        arrival = replace(at(ARRIVAL, number + 1), raw=RAW + b"%d" % number)

        outcome = run_together(4, accepting(services, arrival))

        assert outcome.errors == []
        assert sightings(services, outcome.results[0]) == 1
    assert len(stored(services)) == 5
    assert orphans(services) == []


def test_threads_that_see_a_known_message_at_a_new_place_agree(services: Services) -> None:
    accepted = accept_mail(services, ARRIVAL)

    for uid in range(2, 12):
        outcome = run_together(4, accepting(services, at(ARRIVAL, uid)))

        assert outcome.errors == []
    assert sightings(services, accepted) == 11


def test_threads_that_accept_different_bytes_make_many(services: Services) -> None:
    def accept(number: int) -> Accepted:
        return accept_mail(services, replace(at(ARRIVAL, number + 1), raw=RAW + b"%d" % number))

    outcome = run_together(6, accept)

    assert outcome.errors == []
    assert len(stored(services)) == 6
    assert len(list(services.blobs.backend.listing())) == 6


@pytest.mark.parametrize("oversize_bytes", [1, 200_000_000])
def test_an_over_limit_message_is_its_header_and_its_size(
    services: Services, oversize_bytes: int
) -> None:
    accepted = accept_mail(services, replace(ARRIVAL, oversize_bytes=oversize_bytes))
    same = accept_mail(services, replace(at(ARRIVAL, 2), oversize_bytes=oversize_bytes))
    other = accept_mail(services, replace(at(ARRIVAL, 3), oversize_bytes=oversize_bytes + 1))
    whole = accept_mail(services, at(ARRIVAL, 4))

    assert (same.submission_id, same.is_new) == (accepted.submission_id, False)
    assert other.is_new
    assert whole.is_new
    with services.database.reading() as session:
        submission = submissions.by_id(session, accepted.submission_id)
        events = audit.of_subject(session, "submission", accepted.submission_id)
    assert submission is not None
    assert submission.oversize_bytes == oversize_bytes
    assert events[0].detail["bytes"] == oversize_bytes


def test_nothing_is_kept_when_handing_on_fails(services: Services) -> None:
    class BrokenQueue:
        def enqueue(self, session: Session, submission_id: str) -> None:
            raise StorageUnavailable

        def enqueue_again(self, submission_id: str, round_name: str) -> bool:
            raise StorageUnavailable

    with pytest.raises(StorageUnavailable):
        accept_mail(replace(services, queue=BrokenQueue()), ARRIVAL)

    assert stored(services) == []
    with services.database.reading() as session:
        assert session.query(Arrival).count() == 0
        assert audit.count(session) == 0
    # A lost connection does not tell whether the commit happened: the blob waits for the sweep.
    assert len(orphans(services)) == 1
    assert accept_mail(services, ARRIVAL).is_new


def test_a_database_that_is_away_keeps_nothing(tmp_path: Path, clock: Clock) -> None:
    services = make_services(tmp_path, None, clock.now)
    services.database.close()
    database_file = tmp_path / "avrr.db"
    kept_aside = tmp_path / "aside"
    database_file.rename(kept_aside)
    database_file.mkdir()

    with pytest.raises(StorageUnavailable):
        accept_mail(services, ARRIVAL)

    assert list(services.blobs.backend.listing()) == []
    database_file.rmdir()
    kept_aside.rename(database_file)
    assert accept_mail(services, ARRIVAL).is_new
    services.database.close()


def test_a_blob_store_that_is_away_keeps_nothing(services: Services, tmp_path: Path) -> None:
    in_the_way = tmp_path / "blobs"
    in_the_way.touch()

    with pytest.raises(StorageUnavailable):
        accept_mail(services, ARRIVAL)

    assert stored(services) == []
    assert enqueued(services) == []
    in_the_way.unlink()
    in_the_way.mkdir()
    assert accept_mail(services, ARRIVAL).is_new


def test_no_personal_data_is_stored_in_the_clear(tmp_path: Path, clock: Clock) -> None:
    services = make_services(tmp_path, None, clock.now)
    accept_mail(services, ARRIVAL)
    services.database.close()

    written = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())

    assert b"CANARY" not in written
    assert b"anna@partner.example" not in written


def test_an_identity_is_made_of_programme_and_bytes(services: Services) -> None:
    def identity(arrival: MailArrival) -> str:
        with services.database.reading() as session:
            return mail_identity(services, session, arrival)

    assert identity(ARRIVAL) == identity(at(ARRIVAL, 99))
    assert identity(ARRIVAL) != identity(at(ARRIVAL, 1, "cash"))
    assert identity(ARRIVAL) != identity(replace(ARRIVAL, raw=b""))
    assert identity(ARRIVAL) != identity(replace(ARRIVAL, oversize_bytes=0))
    assert len(identity(replace(ARRIVAL, oversize_bytes=2**63))) <= 128


def test_a_fresh_reference_stands_for_nothing_yet(services: Services) -> None:
    accepted = accept_mail(services, ARRIVAL)

    with services.database.reading() as session:
        assert unused_reference(session) != accepted.reference
