"""Run a server as a process of the tests: start it, wait for it, pause it, kill it, remove it.

Everything listens on loopback. A server's folder holds its configuration, its state and its log,
so that a killed server can be started again on the same port.
"""

import abc
import atexit
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Self

LOOPBACK = "127.0.0.1"
# The portal takes eight seconds of a processor to start, and the tests leave it a share of one.
START_DEADLINE_SECONDS = 180.0
STOP_DEADLINE_SECONDS = 10.0
_CHILDREN_GRACE_SECONDS = 3.0
_POLL_INTERVAL_SECONDS = 0.02
_LOG_TAIL_BYTES = 4_000


class ServerError(RuntimeError):
    """A component did not do what it was told; the message holds the end of its log."""


class Server(abc.ABC):
    """One server process with its scratch folder.

    Nothing happens before `start`. The port is chosen at the first start and kept after that, so
    that clients can come back after `restart` or after `kill` and `start`.
    """

    name: str
    _stop_signal = signal.SIGTERM

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = 0
        self._process: subprocess.Popen[bytes] | None = None
        self._is_prepared = False

    def start(self) -> Self:
        """Start the server and return once it answers.

        Raises ServerError, with the end of the log, when it ends or does not answer in time.
        """
        if self.is_running:
            raise ServerError(f"{self.name} is already running")
        if not self._is_prepared:
            self.folder.mkdir(parents=True, exist_ok=True)
            self.port = free_port()
            self._prepare()
            self._is_prepared = True
        with self.log_path.open("ab") as log:
            self._process = subprocess.Popen(
                self._command(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=self._working_folder(),
                start_new_session=True,
                user=self._run_as(),
                group=self._run_as(),
                extra_groups=None if self._run_as() is None else [],
            )
        atexit.register(self.kill)
        try:
            wait_until(self._answers_or_ended, f"{self.name} answers", START_DEADLINE_SECONDS)
        except ServerError as error:
            self.kill()
            raise ServerError(f"{error}\n{self._log_tail()}") from error
        return self

    def stop(self) -> None:
        """End the server in its own orderly way; kill it when that takes too long."""
        self._stop_with(self._stop_signal)

    def kill(self) -> None:
        """End the server and all its children with SIGKILL, as a power cut would."""
        process = self._process
        if process is None:
            return
        if process.poll() is None:
            # The parent is frozen first: it can then start no child that the list would miss.
            process.send_signal(signal.SIGSTOP)
        self._end(process, descendants(process.pid))
        self._forget()

    def restart(self) -> None:
        """Stop the server if it runs, and start it again on the same folder and port."""
        self.stop()
        self.start()

    def pause(self) -> None:
        """Freeze the server with SIGSTOP: connections open, answers never come."""
        self._signal_all(signal.SIGSTOP)

    def resume(self) -> None:
        """Let a paused server go on."""
        self._signal_all(signal.SIGCONT)

    @property
    def is_running(self) -> bool:
        """Tell whether the process lives."""
        return self._process is not None and self._process.poll() is None

    @property
    def pid(self) -> int:
        """Give the id of the main process, for measuring; raises ServerError when not started."""
        if self._process is None:
            raise ServerError(f"{self.name} has not been started")
        return self._process.pid

    @property
    def log_path(self) -> Path:
        """Give the file that takes the server's output."""
        return self.folder / f"{self.name}.log"

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()

    @abc.abstractmethod
    def _prepare(self) -> None:
        """Write configuration and state; called once, when folder and port are there."""

    @abc.abstractmethod
    def _command(self) -> Sequence[str]:
        """Give the command line of the server in the foreground."""

    @abc.abstractmethod
    def _answers(self) -> bool:
        """Tell whether the server answers; OSError means not yet."""

    def _run_as(self) -> str | None:
        """Name the user (and group) to run as; None is the present one."""
        return None

    def _working_folder(self) -> Path:
        return self.folder

    def _stop_with(self, stop_signal: signal.Signals) -> None:
        process = self._process
        if process is None:
            return
        children = descendants(process.pid)
        if process.poll() is None:
            process.send_signal(stop_signal)
            for pid in [process.pid, *children]:
                _send(pid, signal.SIGCONT)
        try:
            process.wait(STOP_DEADLINE_SECONDS)
            wait_until(lambda: not any(map(_is_alive, children)), "", _CHILDREN_GRACE_SECONDS)
        except (subprocess.TimeoutExpired, ServerError):
            self._end(process, children)
        self._forget()

    @staticmethod
    def _end(process: subprocess.Popen[bytes], children: list[int]) -> None:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        for pid in children:
            _send(pid, signal.SIGKILL)
        process.wait()
        wait_until(lambda: not any(map(_is_alive, children)), "children are gone")

    def _answers_or_ended(self) -> bool:
        if not self.is_running:
            raise ServerError(f"{self.name} ended before it answered")
        with suppress(OSError):
            return self._answers()
        return False

    def _signal_all(self, signal_to_send: signal.Signals) -> None:
        for pid in [self.pid, *descendants(self.pid)]:
            _send(pid, signal_to_send)

    def _forget(self) -> None:
        self._process = None
        atexit.unregister(self.kill)

    def _log_tail(self) -> str:
        return self.log_path.read_bytes()[-_LOG_TAIL_BYTES:].decode(errors="replace")


@contextmanager
def scratch_folder() -> Iterator[Path]:
    """Give a new folder that other users may pass through, and remove it afterwards.

    pytest's own `tmp_path` is closed to others, so that a server which gave up root could not
    reach its files there; its paths may also be too long for a Unix socket.
    """
    folder = Path(tempfile.mkdtemp(prefix="avrr-"))
    folder.chmod(0o711)
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


def free_port() -> int:
    """Find a loopback TCP port that nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        port: int = probe.getsockname()[1]
        return port


def wait_until(
    holds: Callable[[], bool], what: str, deadline_seconds: float = START_DEADLINE_SECONDS
) -> None:
    """Return as soon as `holds()` does; raise ServerError naming `what` when it never did."""
    deadline = time.monotonic() + deadline_seconds
    while not holds():
        if time.monotonic() > deadline:
            raise ServerError(f"waited {deadline_seconds:g} s in vain until {what}")
        time.sleep(_POLL_INTERVAL_SECONDS)


def descendants(pid: int) -> list[int]:
    """List the ids of all processes below `pid`, nearest first, as they are now."""
    children: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and (parent := _parent_of(int(entry.name))) is not None:
            children.setdefault(parent, []).append(int(entry.name))
    found: list[int] = []
    waiting = [pid]
    while waiting:
        below = children.get(waiting.pop(0), [])
        found += below
        waiting += below
    return found


def find_program(*candidates: str) -> str:
    """Give the path of the first candidate that is installed.

    Debian keeps servers in /usr/sbin, which is not on every user's PATH.
    Raises ServerError when there is none.
    """
    path = os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin", "/usr/local/sbin"])
    for candidate in candidates:
        if found := shutil.which(candidate, path=path):
            return found
    raise ServerError(f"none of these is installed: {', '.join(candidates)}")


def is_root() -> bool:
    """Tell whether the tests run as root, as they do in a container."""
    return os.geteuid() == 0


def _send(pid: int, signal_to_send: signal.Signals) -> None:
    with suppress(ProcessLookupError):
        os.kill(pid, signal_to_send)


def _parent_of(pid: int) -> int | None:
    stat = _stat_of(pid)
    return int(stat[1]) if stat else None


def _is_alive(pid: int) -> bool:
    """Tell whether the process lives; a zombie that nobody has waited for is dead."""
    stat = _stat_of(pid)
    return bool(stat) and stat[0] not in {"Z", "X"}


def _stat_of(pid: int) -> list[str]:
    """Split /proc/PID/stat after the name, which may hold blanks; empty when it has ended.

    `12 (imap (x)) S 1 12 …` gives `["S", "1", "12", …]`.
    """
    try:
        text = Path(f"/proc/{pid}/stat").read_text(errors="replace")
    except (FileNotFoundError, ProcessLookupError):
        return []
    return text.rpartition(")")[2].split()
