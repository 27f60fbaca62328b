"""Start the warm process of a jail: with which command, which folders it sees, who waits for it.

The jail sees the system's programs and libraries, the interpreter, the installed packages and the
sandbox's folder, all read-only; nothing of the project's other code, keys or data, and no network.
"""

import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path

MAX_LAST_WORDS = 500
SCRATCH_BYTES = 64 * 1024 * 1024
NOBODY = "65534"
SYSTEM_FOLDERS = ("/usr", "/lib", "/lib32", "/lib64", "/libx32", "/bin", "/sbin")

# Makes the sandbox's folder the package `jail` without putting its parent on the path: nothing
# beside it can be imported by accident, and our `mailbox` cannot hide the standard library's. The
# package's own `__init__` is not run: it imports what the host needs, and would make every child a
# larger copy.
APP = """
import importlib.util, pathlib, sys
folder = pathlib.Path(sys.argv.pop(1))
spec = importlib.util.spec_from_file_location("jail", folder / "__init__.py")
sys.modules["jail"] = importlib.util.module_from_spec(spec)
from jail.worker.main import main
main()
"""


class Started:
    """Hold one started program and the thread that waits for it.

    For the kernel's die-with-parent, the parent is the thread that started the program and not the
    whole process: a jail started by a short-lived worker thread would be killed in the middle of
    another thread's request. So a thread of its own starts the program and stays until it ends.
    """

    def __init__(self, command: Sequence[str]) -> None:
        self._command = list(command)
        self._popen: subprocess.Popen[bytes] | None = None
        self._failure: OSError | None = None
        self._is_running = threading.Event()
        self._watcher = threading.Thread(target=self._run_to_end, name="jail-watcher", daemon=True)

    def start(self) -> "subprocess.Popen[bytes]":
        """Start the program and return it; raise OSError when it cannot be started."""
        self._watcher.start()
        self._is_running.wait()
        if self._popen is None:
            raise self._failure or OSError("not started")
        return self._popen

    def is_alive(self) -> bool:
        """Say whether the program still runs."""
        return self._watcher.is_alive()

    def wait(self, patience_seconds: float) -> None:
        """Wait for the program to end by itself, for at most this long."""
        self._watcher.join(patience_seconds)

    def last_words(self) -> str:
        """Kill the program and return what it said on standard error, shortened."""
        popen = self._popen
        if popen is None or popen.stderr is None:
            return ""
        popen.kill()
        self._watcher.join()
        os.set_blocking(popen.stderr.fileno(), False)
        return (popen.stderr.read(MAX_LAST_WORDS) or b"").decode("utf-8", "replace").strip()

    @property
    def process_id(self) -> int | None:
        """Return the number of the started process; None before the start."""
        return self._popen.pid if self._popen is not None else None

    def end(self, patience_seconds: float) -> None:
        """Close the pipes, wait for the end and kill what is still there; safe to repeat."""
        popen = self._popen
        if popen is None:
            return
        for pipe in (popen.stdin, popen.stdout, popen.stderr):
            if pipe is not None:
                pipe.close()
        self._watcher.join(patience_seconds)
        if self._watcher.is_alive():
            popen.kill()
            self._watcher.join()

    def _run_to_end(self) -> None:
        try:
            self._popen = subprocess.Popen(
                self._command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                bufsize=0,
                cwd="/",
                env={},
                start_new_session=True,
            )
        except OSError as error:
            self._failure = error
        finally:
            self._is_running.set()
        if self._popen is not None:
            self._popen.wait()


def jailed_command(bounds: dict[str, object], options: Sequence[str] = ()) -> list[str]:
    """Return the command that starts the warm process under bubblewrap.

    The warm process is the first of its namespace: the kernel lets no other process there kill it,
    and bubblewrap waits for it, so nothing stays behind on machines whose init reaps nothing.
    """
    command = ["bwrap", "--unshare-all", "--as-pid-1", "--die-with-parent", "--new-session"]
    command += ["--cap-drop", "ALL", "--clearenv", "--uid", NOBODY, "--gid", NOBODY]
    command += ["--proc", "/proc", "--dev", "/dev"]
    command += ["--size", str(SCRATCH_BYTES), "--tmpfs", "/tmp"]  # noqa: S108 the jail's own
    command += [*system_mounts(), *_python_mounts()]
    command += ["--ro-bind", str(Path(__file__).resolve().parents[1]), "/app/jail"]
    command += ["--remount-ro", "/", "--chdir", "/app", "--"]
    return [*command, *_python("/app/jail", bounds, options)]


def system_mounts() -> Iterator[str]:
    """Yield the options that bind the system's folders; one that is a link into /usr stays it."""
    for folder in map(Path, SYSTEM_FOLDERS):
        if folder.is_symlink():
            yield from ("--symlink", str(folder.readlink()), str(folder))
        elif folder.is_dir():
            yield from ("--ro-bind", str(folder), str(folder))
    yield from ("--ro-bind-try", "/etc/ld.so.cache", "/etc/ld.so.cache")


def reduced_command(bounds: dict[str, object], options: Sequence[str] = ()) -> list[str]:
    """Return the command that starts the warm process where bubblewrap cannot run."""
    return _python(str(Path(__file__).resolve().parents[1]), bounds, options)


def _python(folder: str, bounds: dict[str, object], options: Sequence[str]) -> list[str]:
    """Return the interpreter's part of the command: isolated, UTF-8, writing no compiled files."""
    start = [sys.executable, "-I", "-B", "-X", "utf8", "-c", APP, folder]
    return [*start, json.dumps(bounds), *options]


def _python_mounts() -> Iterator[str]:
    """Yield the options that bind the interpreter and its packages, unless they are in /usr."""
    for folder in dict.fromkeys((sys.base_prefix, sys.prefix)):
        if not Path(folder).is_relative_to("/usr"):
            yield from ("--ro-bind", folder, folder)
