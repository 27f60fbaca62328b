"""Give all tests the real servers, and the public corpora beside the checkout."""

import gc
import os
import tempfile
from collections.abc import Generator
from pathlib import Path

import pytest

pytest_plugins = ["tests.components.fixtures", "tests.support.fixtures"]

# The files of these folders take minutes: begun last, they would run while other processes idle.
LONGEST_FIRST = ("faults", "flow", "browser")
# Storage waits for the disk at each commit and blob: a third of the time, where all processes of a
# run share one disk. No test pulls the plug, and what a killed process wrote is there as before.
MEMORY = Path("/dev/shm")
MIN_MEMORY_BYTES = 4 * 2**30
_BESIDE_CHECKOUT = Path(__file__).parents[2] / "shared" / "corpus"


def pytest_configure() -> None:
    """Let scratch folders lie in memory where there is room and programs may run from them.

    Whoever sets TMPDIR decides otherwise. The processes of a run inherit what is set here.
    """
    if "TMPDIR" in os.environ or not MEMORY.is_dir():
        return
    found = os.statvfs(MEMORY)
    has_room = found.f_bavail * found.f_frsize >= MIN_MEMORY_BYTES
    if has_room and not found.f_flag & os.ST_NOEXEC and os.access(MEMORY, os.W_OK):
        os.environ["TMPDIR"] = str(MEMORY)
        tempfile.tempdir = None


def pytest_report_header() -> str:
    """Say where the scratch folders lie."""
    return f"scratch folders: {tempfile.gettempdir()}"


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Let no garbage be looked for while all modules are read, for there is next to none."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.enable()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the folders of long tests before the others; nothing else changes its place."""
    order = {folder: place for place, folder in enumerate(LONGEST_FIRST)}
    items.sort(key=lambda item: order.get(item.path.parent.name, len(order)))


def pytest_collection_finish() -> None:
    """Let the garbage collector pass over what stays to the end: a fifth of the time was its."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session")
def corpus() -> Path:
    """Give the folder of public test files; skip without it, but fail on CI.

    A test that uses it carries the marker `corpus`.
    """
    folder = Path(os.environ.get("AVRR_CORPUS") or _BESIDE_CHECKOUT)
    if not folder.is_dir():
        reason = f"the corpus is not at {folder}; set AVRR_CORPUS to where it is"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    return folder
