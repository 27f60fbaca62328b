"""Check that pauses grow, stay within their bounds, and differ by chance."""

from datetime import timedelta

import pytest

from mailbox.backoff import pause_seconds, reconnect_seconds, retry_after


@pytest.mark.parametrize(
    ("failures", "seconds"), [(0, 1), (1, 1), (2, 2), (3, 4), (6, 32), (7, 60), (1_000, 60)]
)
def test_reconnecting_waits_from_a_second_to_a_minute(failures: int, seconds: float) -> None:
    assert reconnect_seconds(failures, 0.5) == seconds


@pytest.mark.parametrize("chance", [0.0, 0.3, 1.0])
def test_fewer_than_a_hundred_connections_a_minute(chance: float) -> None:
    assert 60 / reconnect_seconds(1, chance) < 100
    assert reconnect_seconds(99, chance) <= 60


@pytest.mark.parametrize(
    ("attempts", "was_reached", "seconds"),
    [
        (1, True, 30),
        (2, True, 60),
        (6, True, 900),
        (50, True, 900),
        (1, False, 2),
        (2, False, 5),
        (3, False, 15),
        (8, False, 900),
        (50, False, 900),
    ],
)
def test_a_message_waits_longer_each_time(attempts: int, was_reached: bool, seconds: int) -> None:
    assert retry_after(attempts, 0.5, was_reached=was_reached) == timedelta(seconds=seconds)


def test_chance_moves_a_wait_by_a_quarter() -> None:
    assert retry_after(1, 0.0, was_reached=True) == timedelta(seconds=22.5)
    assert retry_after(1, 1.0, was_reached=True) == timedelta(seconds=37.5)


@pytest.mark.parametrize(("failures", "seconds"), [(1, 2), (2, 5), (5, 60), (99, 60)])
def test_a_sender_pauses_a_minute_at_most(failures: int, seconds: float) -> None:
    assert pause_seconds(failures, 0.5) == seconds
