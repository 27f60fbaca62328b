"""Hold that bombs end in time and in bounds, and cost the next document nothing (threat S3)."""

import resource
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from intake.sandbox import Duty, Jail, JailError, Limits, Rendition
from tests.samples.files.pdf_bombs import PDF_BOMBS
from tests.samples.files.pdf_writing import one_page
from tests.samples.files.picture_bombs import PICTURE_BOMBS

PDF = "application/pdf"
BOMBS = [*((build, PDF) for build in PDF_BOMBS), *PICTURE_BOMBS]
# Tighter than in use, so that the tests are quick; the memory is that of use.
LIMITS = Limits(cpu_seconds=3, wall_seconds=6.0)
GIBIBYTE = 1024**3
NORMAL = one_page(b"0 0 99 99 re f")


@pytest.fixture(scope="module")
def jail() -> Iterator[Jail]:
    shared = Jail(limits=LIMITS, allow_reduced=False, duties=(Duty.PICTURES,))
    shared.start()
    yield shared
    shared.close()


@pytest.mark.parametrize(("build", "kind"), BOMBS, ids=[build.__name__ for build, _ in BOMBS])
def test_bomb_ends_in_time_and_the_next_file_is_fine(
    jail: Jail, build: Callable[[], bytes], kind: str
) -> None:
    content = build()
    started = time.monotonic()

    outcome = render(jail, content, kind)

    assert time.monotonic() - started < 30
    assert outcome
    started = time.monotonic()
    assert jail.render(NORMAL, PDF, dpi=72).is_complete
    assert time.monotonic() - started < 5
    assert jail._starts == 1


def test_there_are_enough_bombs_of_each_kind() -> None:
    assert len(PDF_BOMBS) >= 17
    assert len(PICTURE_BOMBS) >= 8


def test_memory_grows_by_no_more_than_a_child_may_have(jail: Jail) -> None:
    bombs = [build() for build in PDF_BOMBS[:6]]
    watch = MemoryWatch(jail)
    peak_before = own_peak_bytes()
    with watch:
        for bomb in bombs:
            render(jail, bomb, PDF)

    assert GIBIBYTE / 4 < watch.most <= 1.2 * GIBIBYTE
    # The host beside it holds an answer at the most, whatever other tests have left in its peak.
    assert own_peak_bytes() - peak_before < GIBIBYTE / 4


def own_peak_bytes() -> int:
    """Return the most memory that this process ever had."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def render(jail: Jail, content: bytes, kind: str) -> Rendition | str:
    """Return the rendition or the reason of the failure."""
    try:
        return jail.render(content, kind, dpi=72)
    except JailError as error:
        return error.reason


class MemoryWatch:
    """Keep the most memory that the processes of a jail had together while something ran."""

    def __init__(self, jail: Jail) -> None:
        self.most = 0
        self._jail = jail
        self._is_over = threading.Event()
        self._thread = threading.Thread(target=self._watch)

    def __enter__(self) -> None:
        self._thread.start()

    def __exit__(self, *_: object) -> None:
        self._is_over.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._is_over.wait(0.01):
            started = self._jail._started
            assert started is not None
            assert started.process_id is not None
            self.most = max(self.most, sum(map(resident, descendants(started.process_id))))


def resident(process: int) -> int:
    """Return how many bytes of memory a process has, what it shares with others included."""
    try:
        pages = int(Path(f"/proc/{process}/statm").read_text().split()[1])
    except FileNotFoundError:
        return 0
    return pages * resource.getpagesize()


def descendants(process: int) -> list[int]:
    """Return all processes below `process`."""
    try:
        children = Path(f"/proc/{process}/task/{process}/children").read_text().split()
    except FileNotFoundError:
        return []
    return [below for child in map(int, children) for below in (child, *descendants(child))]
