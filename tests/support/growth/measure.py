"""Say how work grows with its input: a slow machine fails no test, and a fast one hides nothing."""

import gc
import time
from collections.abc import Callable

# Work that takes less than this is too short to compare.
MIN_SECONDS = 0.02
TIMES = 4
# Four times the input takes about four times as long, and sixteen times where each place is
# compared with each other.
MAX_GROWTH = 9.0
MAX_TRIES = 3


def is_linear(work: Callable[[str], object], text_of: Callable[[int], str], size: int) -> bool:
    """Tell whether work on a text of `size` takes about as much longer than on a quarter of it.

    The time of this process counts, not that of the clock; a disturbed measure is tried again.
    """
    long, short = text_of(size), text_of(size // TIMES)
    for _ in range(MAX_TRIES):
        seconds = _seconds(work, long)
        if seconds < MIN_SECONDS or seconds < MAX_GROWTH * _seconds(work, short):
            return True
    return False


def _seconds(work: Callable[[str], object], text: str) -> float:
    # Many small objects make the collector look through all that the other tests have left.
    was_collecting = gc.isenabled()
    gc.disable()
    try:
        start = time.process_time()
        work(text)
        return time.process_time() - start
    finally:
        if was_collecting:
            gc.enable()
