"""Compute how long to wait after a failure; chance comes in as a number from 0 to 1."""

from datetime import timedelta

# Steps in seconds; the last one repeats.
_RECONNECT_STEPS = (1, 2, 4, 8, 16, 32, 60)
_RETRY_STEPS = (30, 60, 120, 240, 480, 900)
_UNREACHED_STEPS = (2, 5, 15, 30, 60, 120, 300, 900)
_MAX_PAUSE_SECONDS = 60


def reconnect_seconds(failures: int, chance: float) -> float:
    """Return the pause before the next connection after `failures` in a row (1, 2, …).

    From 1 to 60 seconds, a quarter more or less by chance, so that many clients do not come
    back at once; never below 0.75, which keeps us under 100 connections a minute (threat R5).
    """
    return min(_jittered(_step(_RECONNECT_STEPS, failures), chance), 60.0)


def retry_after(attempts: int, chance: float, *, was_reached: bool) -> timedelta:
    """Return the wait before a message is sent again after `attempts` (1, 2, …).

    30 seconds to 15 minutes; shorter first steps when no server was reached at all, since
    then nothing was asked of it.
    """
    steps = _RETRY_STEPS if was_reached else _UNREACHED_STEPS
    return timedelta(seconds=_jittered(_step(steps, attempts), chance))


def pause_seconds(failures: int, chance: float) -> float:
    """Return how long a sender waits before it tries an unreachable server: 2 to 60 seconds."""
    step = min(_step(_UNREACHED_STEPS, failures), _MAX_PAUSE_SECONDS)
    return _jittered(step, chance)


def _step(steps: tuple[int, ...], count: int) -> int:
    return steps[min(max(count, 1), len(steps)) - 1]


def _jittered(seconds: float, chance: float) -> float:
    return seconds * (0.75 + chance / 2)
