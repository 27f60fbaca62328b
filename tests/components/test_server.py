"""Processes are started, killed with their children, and put away."""

import os
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.components.server import (
    Server,
    ServerError,
    descendants,
    free_port,
    scratch_folder,
    wait_until,
)

pytestmark = pytest.mark.components

# A parent and a child in a session of its own, as PostgreSQL's children are.
_WITH_CHILD = """
import subprocess, sys, time, pathlib
subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"], start_new_session=True)
pathlib.Path("ready").touch()
time.sleep(600)
"""

_ALONE = """
import pathlib, time
pathlib.Path("ready").touch()
time.sleep(600)
"""


class _Sleeper(Server):
    name = "sleeper"

    def __init__(self, folder: Path, program: str = _WITH_CHILD) -> None:
        super().__init__(folder)
        self._program = program

    def _prepare(self) -> None:
        pass

    def _command(self) -> Sequence[str]:
        return [sys.executable, "-c", self._program]

    def _answers(self) -> bool:
        return (self.folder / "ready").exists()


def test_kill_ends_children_in_other_sessions(scratch: Path) -> None:
    server = _Sleeper(scratch).start()
    (child,) = descendants(server.pid)

    server.kill()

    assert not server.is_running
    assert not _runs(child)


def test_stop_ends_children_that_the_server_left_behind(scratch: Path) -> None:
    server = _Sleeper(scratch).start()
    (child,) = descendants(server.pid)

    server.stop()

    assert not _runs(child)


def test_server_that_ends_at_once_is_reported_with_its_log(scratch: Path) -> None:
    server = _Sleeper(scratch, "raise SystemExit('the port is taken')")

    with pytest.raises(ServerError, match="the port is taken"):
        server.start()


def test_second_start_is_refused(scratch: Path) -> None:
    with _Sleeper(scratch, _ALONE) as server, pytest.raises(ServerError, match="already"):
        server.start()


def test_scratch_folder_is_removed() -> None:
    with scratch_folder() as folder:
        (folder / "inside").mkdir()

    assert not folder.exists()


def test_wait_until_names_what_never_came() -> None:
    with pytest.raises(ServerError, match="pigs fly"):
        wait_until(lambda: False, "pigs fly", 0.05)


def test_free_port_is_unprivileged() -> None:
    assert free_port() > 1023


def _runs(pid: int) -> bool:
    try:
        os.kill(pid, 0)
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (ProcessLookupError, FileNotFoundError):
        return False
    return state != "Z"
