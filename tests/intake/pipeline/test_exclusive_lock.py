"""Check the exclusive lock: a suspect runs alone, and nobody waits for ever."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from intake.pipeline.exclusive_lock import ExclusiveLock

PATIENCE = 30.0


def test_steps_run_beside_each_other() -> None:
    lock, both_are_in = ExclusiveLock(), threading.Barrier(2, timeout=PATIENCE)

    def step() -> None:
        with lock.shared():
            both_are_in.wait()

    with ThreadPoolExecutor(2) as pool:
        for running in [pool.submit(step), pool.submit(step)]:
            running.result(timeout=PATIENCE)


def test_a_suspect_waits_until_nothing_runs_and_keeps_the_others_out() -> None:
    lock, told = ExclusiveLock(), list[str]()
    is_in, may_leave, asked = threading.Event(), threading.Event(), threading.Event()

    def first() -> None:
        with lock.shared():
            is_in.set()
            may_leave.wait(PATIENCE)
            told.append("first")

    def suspect() -> None:
        asked.set()
        with lock.exclusive():
            told.append("suspect begins")
            told.append("suspect ends")

    with ThreadPoolExecutor(3) as pool:
        running = [pool.submit(first)]
        is_in.wait(PATIENCE)
        running.append(pool.submit(suspect))
        asked.wait(PATIENCE)
        may_leave.set()
        running[1].result(timeout=PATIENCE)
        with lock.shared():
            told.append("last")
        running[0].result(timeout=PATIENCE)

    assert told == ["first", "suspect begins", "suspect ends", "last"]


def test_two_suspects_take_turns() -> None:
    lock, inside, most = ExclusiveLock(), list[int](), list[int]()

    def suspect(number: int) -> None:
        with lock.exclusive():
            inside.append(number)
            most.append(len(inside))
            inside.remove(number)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(suspect, range(40)))

    assert set(most) == {1}


def test_an_error_inside_gives_the_turn_back() -> None:
    lock = ExclusiveLock()

    for turn in (lock.exclusive, lock.shared, lock.exclusive):
        with pytest.raises(ValueError, match="inside"), turn():
            raise ValueError("inside")

    with lock.exclusive():
        pass
