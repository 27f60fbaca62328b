"""Check that a message has one row, and each of its places one arrival."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from intake.core.services import Services
from storage.database import Session
from storage.errors import Conflict
from storage.submissions import arrivals, submissions
from storage.submissions.arrivals import Place
from storage.submissions.submissions import Programme, SubmissionState
from tests.support.building import Clock
from tests.support.rows import Planter
from tests.support.threads import run_together

HERE = Place("referrals", "INBOX", 7, 42)
Plant = Callable[[Session], Planter]


@pytest.fixture
def plant(services: Services, clock: Clock) -> Plant:
    """Give what plants rows in a session at the clock's moment."""
    return lambda session: Planter(session, services.keyring, clock.now())


def test_a_submission_is_found_by_everything_that_names_it(
    services: Services, plant: Plant
) -> None:
    with services.database.transaction() as session:
        one = plant(session).submission()
        plant(session).submission()

    with services.database.reading() as session:
        found = {
            submission.id if submission else None
            for submission in (
                submissions.by_id(session, one.id),
                submissions.by_identity(session, one.identity),
                submissions.by_reference(session, one.reference),
                submissions.locked(session, one.id),
                submissions.by_ids(session, {one.id, "unknown"}).get(one.id),
            )
        }
    assert found == {one.id}


def test_an_unknown_submission_is_none(services: Services) -> None:
    with services.database.reading() as session:
        assert submissions.by_id(session, "unknown") is None
        assert submissions.by_identity(session, "unknown") is None
        assert submissions.by_reference(session, "unknown") is None
        assert submissions.locked(session, "unknown") is None
        assert submissions.by_ids(session, {"unknown"}) == {}


@pytest.mark.parametrize("column", ["identity", "reference"])
def test_identity_and_reference_are_unique(services: Services, plant: Plant, column: str) -> None:
    with services.database.transaction() as session:
        one = plant(session).submission()

    with pytest.raises(Conflict), services.database.transaction() as session:
        plant(session).submission(**{column: getattr(one, column)})


def test_the_newest_come_first_and_only_of_the_programmes_asked_for(
    services: Services, plant: Plant, clock: Clock
) -> None:
    with services.database.transaction() as session:
        oldest = plant(session).submission()
        clock.advance(timedelta(seconds=1))
        cash = plant(session).submission(programme=Programme.CASH)
        clock.advance(timedelta(seconds=1))
        newest = plant(session).submission()

    with services.database.reading() as session:
        every = submissions.newest(session, limit=2)
        referrals = submissions.newest(session, limit=9, programmes=[Programme.REFERRALS])
        none = submissions.newest(session, limit=9, programmes=[])
    assert [submission.id for submission in every] == [newest.id, cash.id]
    assert [submission.id for submission in referrals] == [newest.id, oldest.id]
    assert none == []


def test_the_others_of_a_message_id_in_the_programme_are_found_oldest_first(
    services: Services, plant: Plant, clock: Clock
) -> None:
    with services.database.transaction() as session:
        plant(session).submission(message_id_hash="m", programme=Programme.CASH)
        clock.advance(timedelta(seconds=1))
        first = plant(session).submission(message_id_hash="m")
        clock.advance(timedelta(seconds=1))
        second = plant(session).submission(message_id_hash="m")
        clock.advance(timedelta(seconds=1))
        latest = plant(session).submission(message_id_hash="m")

    with services.database.reading() as session:
        found = submissions.by_message_id(session, "m", "referrals", other_than=latest.id, limit=9)
        one = submissions.by_message_id(session, "m", "referrals", other_than=latest.id, limit=1)
        none = submissions.by_message_id(session, "n", "referrals", other_than="", limit=9)
    assert [each.id for each in found] == [first.id, second.id]
    assert ([each.id for each in one], none) == ([first.id], [])


def test_unfinished_are_those_that_no_person_has_for_long(
    services: Services, plant: Plant, clock: Clock
) -> None:
    with services.database.transaction() as session:
        received = plant(session).submission(state=SubmissionState.RECEIVED)
        clock.advance(timedelta(seconds=1))
        opened = plant(session).submission(state=SubmissionState.DOCUMENTS)
        plant(session).submission(state=SubmissionState.QUEUED)
        plant(session).submission(state=SubmissionState.HOLDING)
        clock.advance(timedelta(minutes=2))
        plant(session).submission(state=SubmissionState.RECEIVED)

    with services.database.reading() as session:
        found = submissions.unfinished(session, received_before=clock.now())
    assert found == [received.id, opened.id]


def test_attempts_at_each_step_are_counted_apart(services: Services, plant: Plant) -> None:
    with services.database.transaction() as session:
        submission = plant(session).submission()
    counted = []

    for step in ("open", "open", "inspect"):
        with services.database.transaction() as session:
            counted.append(submissions.count_attempt(session, submission.id, step))

    assert counted == [1, 2, 1]


def test_attempts_at_once_are_all_counted(services: Services, plant: Plant) -> None:
    with services.database.transaction() as session:
        submission = plant(session).submission()

    def attempt(_number: int) -> int:
        with services.database.transaction() as session:
            return submissions.count_attempt(session, submission.id, "open")

    assert sorted(run_together(6, attempt).results) == [1, 2, 3, 4, 5, 6]


def test_an_arrival_is_found_at_its_place_only(services: Services, plant: Plant) -> None:
    with services.database.transaction() as session:
        submission = plant(session).submission(has_arrival=False)
        arrivals.note_arrival(session, submission.id, HERE, "aa" * 32, submission.received_at)

    elsewhere = [
        replace(HERE, source="cash"),
        replace(HERE, folder="INBOX/2026"),
        replace(HERE, uid_validity=8),
        replace(HERE, uid=43),
    ]
    with services.database.reading() as session:
        here = arrivals.arrival_at(session, HERE)
        assert here is not None
        assert here.submission_id == submission.id
        assert arrivals.is_same_message(session, HERE, "aa" * 32)
        assert not arrivals.is_same_message(session, HERE, "bb" * 32)
        assert [arrivals.arrival_at(session, place) for place in elsewhere] == [None] * 4


def test_each_place_is_one_arrival_however_often_it_is_seen(
    services: Services, plant: Plant, clock: Clock
) -> None:
    with services.database.transaction() as session:
        submission = plant(session).submission(has_arrival=False)
        for uid in (1, 2, 2):
            place = replace(HERE, uid=uid)
            arrivals.note_arrival(session, submission.id, place, "aa" * 32, clock.now())

    with services.database.reading() as session:
        assert arrivals.count_arrivals(session, submission.id) == 2


def test_a_reused_place_tells_the_latest_and_forgets_nothing(
    services: Services, plant: Plant, clock: Clock
) -> None:
    with services.database.transaction() as session:
        before = plant(session).submission(has_arrival=False)
        after = plant(session).submission(has_arrival=False)
        arrivals.note_arrival(session, before.id, HERE, "aa" * 32, clock.now())
        clock.advance(timedelta(days=1))
        arrivals.note_arrival(session, after.id, HERE, "bb" * 32, clock.now())

    with services.database.reading() as session:
        arrival = arrivals.arrival_at(session, HERE)
        assert arrival is not None
        assert arrival.submission_id == after.id
        assert arrival.seen_at == clock.now()
        assert arrivals.is_same_message(session, HERE, "bb" * 32)
        assert arrivals.count_arrivals(session, before.id) == 1


def test_uids_of_32_bits_and_more_are_kept(services: Services, plant: Plant) -> None:
    place = Place("referrals", "INBOX", 2**32 - 1, 2**32 - 1)
    with services.database.transaction() as session:
        submission = plant(session).submission(has_arrival=False)
        arrivals.note_arrival(session, submission.id, place, "aa" * 32, submission.received_at)

    with services.database.reading() as session:
        assert arrivals.arrival_at(session, place) is not None


def test_a_sealed_places_name_holds_table_column_and_row() -> None:
    assert submissions.place("documents", "name", "7") == "documents.name:7"
