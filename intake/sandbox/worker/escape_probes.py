"""Misbehave on purpose, so that tests can prove the walls.

Loaded only when a test started the jail with `--probes`.
"""

import ctypes
import os
import platform
import signal
import socket
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from . import lockdown

Answer = tuple[dict[str, object], list[bytes]]


def probe(arguments: dict[str, object], blobs: Sequence[bytes]) -> Answer:
    """Run the probe named in `arguments`; an OSError becomes its number in the answer."""
    action = PROBES[str(arguments["name"])]
    try:
        return {"seen": action(str(arguments.get("value", "")))}, list(blobs)
    except OSError as error:
        return {"errno": error.errno}, []


def _environment(_: str) -> object:
    lines = Path("/proc/self/environ").read_bytes().split(b"\0")
    return [*dict(os.environ), *(line.decode().partition("=")[0] for line in lines if line)]


def _folder(value: str) -> object:
    return sorted(entry.name for entry in Path(value).iterdir())


def _file(value: str) -> object:
    return len(Path(value).read_bytes())


def _write(value: str) -> object:
    return Path(value).write_bytes(b"x")


def _socket(value: str) -> object:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as opened:
        opened.settimeout(2)
        opened.connect(("127.0.0.1", int(value)))
    return "connected"


def _fork(_: str) -> object:
    """Fork without end, and so does every child."""
    while True:
        os.fork()


def _descendants(_: str) -> object:
    """Leave children behind that would sleep for longer than any test."""
    for _number in range(5):
        if os.fork() == 0:
            time.sleep(3600)
    return os.getpid()


def _run(_: str) -> object:
    os.execv("/usr/bin/env", ["env"])  # noqa: S606 the call that must be refused


def _kill_parent(_: str) -> object:
    os.kill(os.getppid(), signal.SIGKILL)
    return "killed"


def _signal_parent(value: str) -> object:
    """Signal the parent by its thread; SIGKILL comes through wherever signal 0 does."""
    number = lockdown.SIGNALS[platform.machine()][value]
    parent = os.getppid()
    arguments = (parent, 0) if value == "tkill" else (parent, parent, 0)
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.syscall(number, *arguments) != 0:
        raise OSError(ctypes.get_errno(), value)
    return "signalled"


def _signal_thread(_: str) -> object:
    """Signal a thread of this process, as the C library does for `raise` and `abort`."""
    signal.signal(signal.SIGURG, signal.SIG_IGN)
    signal.raise_signal(signal.SIGURG)
    told, may_end = threading.Event(), threading.Event()

    def wait() -> None:
        told.set()
        may_end.wait()

    thread = threading.Thread(target=wait)
    thread.start()
    told.wait()
    signal.pthread_kill(thread.ident or 0, signal.SIGURG)
    may_end.set()
    thread.join()
    return "signalled"


def _abort(_: str) -> object:
    os.abort()


def _memory(_: str) -> object:
    hoard = []
    while True:
        hoard.append(bytearray(64 * 1024 * 1024))


def _loop(_: str) -> object:
    while True:
        pass


def _sleep(_: str) -> object:
    time.sleep(3600)
    return None


def _crash(_: str) -> object:
    return ctypes.string_at(0)


def _output(value: str) -> object:
    return "x" * int(value)


def _user(_: str) -> object:
    return [os.getuid(), os.getgid()]


def _raise(_: str) -> object:
    raise ValueError("nobody foresaw this")


PROBES: dict[str, Callable[[str], object]] = {
    "environment": _environment,
    "folder": _folder,
    "file": _file,
    "write": _write,
    "socket": _socket,
    "fork": _fork,
    "descendants": _descendants,
    "run": _run,
    "kill_parent": _kill_parent,
    "signal_parent": _signal_parent,
    "signal_thread": _signal_thread,
    "abort": _abort,
    "memory": _memory,
    "loop": _loop,
    "sleep": _sleep,
    "crash": _crash,
    "output": _output,
    "user": _user,
    "raise": _raise,
}
OPERATIONS = {"probe": probe, "unlocked_probe": probe}
