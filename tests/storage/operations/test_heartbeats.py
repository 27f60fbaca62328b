"""Check which processes live, which are silent, and whose slot was taken over."""

from datetime import timedelta

from intake.core.services import Services
from storage.operations import heartbeats
from tests.support.building import Clock


def beat(services: Services, clock: Clock, slot: str, pid: int = 1, role: str = "worker") -> None:
    """Let a process say that it lives."""
    with services.database.transaction() as session:
        heartbeats.beat(session, slot, role, pid, {"pid": pid}, clock.now())


def test_a_beating_process_keeps_its_start(services: Services, clock: Clock) -> None:
    started_at = clock.now()
    beat(services, clock, "worker-1")
    clock.advance(timedelta(seconds=5))
    beat(services, clock, "worker-1")

    with services.database.reading() as session:
        (row,) = heartbeats.all_beats(session)
    assert (row.started_at, row.beat_at) == (started_at, clock.now())


def test_a_new_process_takes_its_slot_over(services: Services, clock: Clock) -> None:
    beat(services, clock, "worker-1", pid=1)
    clock.advance(timedelta(seconds=5))
    beat(services, clock, "worker-1", pid=2)

    with services.database.reading() as session:
        (row,) = heartbeats.all_beats(session)
    assert (row.pid, row.started_at, row.detail) == (2, clock.now(), {"pid": 2})


def test_the_newest_beat_comes_first(services: Services, clock: Clock) -> None:
    beat(services, clock, "worker-1")
    clock.advance(timedelta(seconds=1))
    beat(services, clock, "sender-1", role="sender")

    with services.database.reading() as session:
        names = [row.executor_id for row in heartbeats.all_beats(session)]
    assert names == ["sender-1", "worker-1"]


def test_silent_are_those_of_the_role_not_heard_of(services: Services, clock: Clock) -> None:
    beat(services, clock, "worker-1")
    beat(services, clock, "sender-1", role="sender")
    clock.advance(timedelta(seconds=31))
    beat(services, clock, "worker-2")

    with services.database.reading() as session:
        silent = heartbeats.silent(session, "worker", clock.now() - timedelta(seconds=30))
    assert [row.executor_id for row in silent] == ["worker-1"]


def test_an_ended_slot_is_gone_and_may_end_again(services: Services, clock: Clock) -> None:
    beat(services, clock, "worker-1")

    for _ in range(2):
        with services.database.transaction() as session:
            heartbeats.end(session, "worker-1")

    with services.database.reading() as session:
        assert heartbeats.all_beats(session) == []
