"""Run a program of the system on a stranger's bytes: walled in, limited, once.

This is for programs that are too large to live in the warm process. The program sees the system's
programs and libraries read-only, a scratch folder in memory and its standard input; no network, no
environment, nothing of the project. There is no weaker way: without bubblewrap the program does not
run. Unlike a jail's children it has no filter on system calls, since it must start processes and
open its own files.
"""

import os
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ..protocol.errors import JailUnavailable, OutputRefused, ParseCrash, ParseTimeout
from .launch import NOBODY, system_mounts

# SIGXCPU and SIGXFSZ as bubblewrap reports them.
CPU_TIME, FILE_SIZE = 128 + 24, 128 + 25
MAX_PROCESSES = 64
MAX_OPEN_FILES = 512


@dataclass(frozen=True)
class Walls:
    """Hold what one run may use; memory is a limit for each of its processes."""

    address_space_bytes: int = 1536 * 1024**2
    cpu_seconds: int = 60
    wall_seconds: float = 60.0
    max_output_bytes: int = 64 * 1024**2
    scratch_bytes: int = 256 * 1024**2


def run_confined(
    program: Sequence[str], content: bytes, walls: Walls, *, folders: Sequence[str] = ()
) -> bytes:
    """Return what the program wrote to its standard output when given `content`.

    `folders` are further folders of the system that it may read. Raises JailUnavailable without
    bubblewrap, ParseTimeout when it took too long, OutputRefused when it wrote too much, and
    ParseCrash when it ended otherwise. What it says on standard error is dropped: it may quote the
    document.
    """
    question, reply = os.memfd_create("question"), os.memfd_create("reply")
    try:
        with open(question, "wb", closefd=False) as target:
            target.write(content)
        os.lseek(question, 0, os.SEEK_SET)
        _run([*_limited(walls), *_walled(walls, folders), *program], question, reply, walls)
        size = os.fstat(reply).st_size
        if size >= walls.max_output_bytes:
            raise OutputRefused("too_large")
        return os.pread(reply, size, 0)
    finally:
        os.close(question)
        os.close(reply)


def _run(command: Sequence[str], question: int, reply: int, walls: Walls) -> None:
    try:
        ended = subprocess.run(
            command,
            stdin=question,
            stdout=reply,
            stderr=subprocess.DEVNULL,
            cwd="/",
            env={},
            timeout=walls.wall_seconds,
            start_new_session=True,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise ParseTimeout("wall_clock") from error
    except OSError as error:
        raise JailUnavailable("bubblewrap_missing") from error
    if ended.returncode == CPU_TIME:
        raise ParseTimeout("cpu_time")
    if ended.returncode == FILE_SIZE:
        raise OutputRefused("too_large")
    if ended.returncode != 0:
        raise ParseCrash(f"exit_{abs(ended.returncode)}")


def _limited(walls: Walls) -> Iterator[str]:
    """Set limits that the program cannot raise again; the file size bounds the answer as well."""
    yield "prlimit"
    yield f"--as={walls.address_space_bytes}"
    yield f"--cpu={walls.cpu_seconds}:{walls.cpu_seconds + 1}"
    yield f"--fsize={walls.max_output_bytes}"
    yield f"--nofile={MAX_OPEN_FILES}"
    yield "--core=0"


def _walled(walls: Walls, folders: Sequence[str]) -> Iterator[str]:
    yield from ("bwrap", "--unshare-all", "--die-with-parent", "--new-session")
    yield from ("--cap-drop", "ALL", "--clearenv", "--uid", NOBODY, "--gid", NOBODY)
    # The folder of devices is in memory and without a bound, so nothing may be written there.
    yield from ("--proc", "/proc", "--dev", "/dev", "--remount-ro", "/dev")
    yield from ("--size", str(walls.scratch_bytes), "--tmpfs", "/tmp")  # noqa: S108 its own
    yield from system_mounts()
    for folder in folders:
        yield from ("--ro-bind-try", folder, folder)
    yield from ("--setenv", "HOME", "/tmp", "--setenv", "PATH", "/usr/bin")  # noqa: S108
    yield from ("--setenv", "OMP_THREAD_LIMIT", "1", "--remount-ro", "/", "--chdir", "/tmp", "--")  # noqa: S108
    # Set behind the wall, where the user is this run's own: processes are counted by user.
    yield from ("/usr/bin/prlimit", f"--nproc={MAX_PROCESSES}", "--")
