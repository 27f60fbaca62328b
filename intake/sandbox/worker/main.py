"""Serve requests as the warm process of a jail: load the parsers once, fork a child per request.

The warm process never holds a byte of a document: a request's payload goes from the pipe into a
file in memory, the child reads it there and leaves its answer in another, and the warm process
hands that on unread. So a child, which is a copy of the warm process, finds nothing of an earlier
document.
"""

import contextlib
import gc
import json
import os
import select
import signal
import sys
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from ..protocol import frames
from ..protocol.duties import Duty, read_duties
from . import lockdown

if TYPE_CHECKING:
    from .operations import Operation

EXIT_MEMORY = 71
EXIT_OUTPUT = 72
EXIT_ERROR = 73

# Exists only when a test asked for the probes: it proves the jail's walls without the filter.
UNLOCKED_PROBE = "unlocked_probe"


@dataclass(frozen=True)
class Bounds:
    """Hold the limits of one child as the host gave them on the command line."""

    address_space_bytes: int
    cpu_seconds: int
    wall_seconds: float
    max_output_bytes: int


def main() -> None:
    """Serve requests from standard input until it ends; answers go to standard output.

    Arguments: the bounds as JSON, the duties, and `--probes` when a test asks for the operations
    that misbehave on purpose.
    """
    os.environ.clear()
    bounds = Bounds(**json.loads(sys.argv[1]))
    operations = _load(read_duties(sys.argv[2]), with_probes="--probes" in sys.argv[3:])
    lockdown.forbid_tracing()
    lockdown.adopt_orphans()
    requests, answers = _take_over_pipes()
    gc.collect()
    gc.disable()
    gc.freeze()
    _send(answers, {"number": 0, "status": "ready", "bytes": 0})
    with contextlib.suppress(EOFError, BrokenPipeError):
        while True:
            _serve_one(requests, answers, operations, bounds)


def _load(duties: Collection[Duty], *, with_probes: bool) -> "dict[str, Operation]":
    """Import the parsers that the duties need, try them, and return the operations by name."""
    from .operations import load_operations
    from .warm_up import rehearse

    operations = load_operations(duties)
    rehearse(operations)
    if with_probes:
        from . import escape_probes

        operations.update(escape_probes.OPERATIONS)
    return operations


def _take_over_pipes() -> tuple[int, int]:
    """Move both pipes away from 0 and 1, where a library's stray print would reach the host."""
    requests, answers = os.dup(0), os.dup(1)
    nothing = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1, 2):
        os.dup2(nothing, standard)
    os.close(nothing)
    return requests, answers


def _serve_one(
    requests: int, answers: int, operations: "dict[str, Operation]", bounds: Bounds
) -> None:
    """Read one request, run it in a child and send the answer; raise EOFError at the end."""
    envelope = frames.read_envelope(requests)
    number, name, size = envelope["number"], envelope["op"], envelope["bytes"]
    milliseconds = envelope["milliseconds"]
    if not (isinstance(size, int) and isinstance(name, str) and isinstance(milliseconds, int)):
        raise frames.FrameError("bad_request")
    question, reply = os.memfd_create("question"), os.memfd_create("reply")
    try:
        _fill(question, requests, size)
        child = os.fork()
        if child == 0:
            os.close(requests)
            os.close(answers)
            run = operations.get(name, _refuse)
            _be_the_child(run, question, reply, bounds, is_locked=name != UNLOCKED_PROBE)
        status, detail = _await(child, requests, min(milliseconds, 1000 * bounds.wall_seconds))
        length = os.fstat(reply).st_size if status == "done" else 0
        if length > bounds.max_output_bytes:
            status, length = "output", 0
        head = {"number": number, "status": status, "detail": detail, "bytes": length}
        _send(answers, head)
        _pour(answers, reply, length)
    finally:
        os.close(question)
        os.close(reply)


def _fill(memory: int, pipe: int, size: int) -> None:
    """Move `size` bytes from the pipe into the file in memory without reading them."""
    missing = size
    while missing:
        moved = os.splice(pipe, memory, missing)
        if not moved:
            raise EOFError
        missing -= moved
    os.lseek(memory, 0, os.SEEK_SET)


def _pour(pipe: int, memory: int, size: int) -> None:
    """Move `size` bytes from the start of the file in memory into the pipe."""
    offset = 0
    while offset < size:
        offset += os.sendfile(pipe, memory, offset, size - offset)


def _send(pipe: int, envelope: dict[str, object]) -> None:
    content = json.dumps(envelope, separators=(",", ":")).encode("ascii")
    frames.write_all(pipe, frames.frame(content))


def _await(child: int, requests: int, milliseconds: float) -> tuple[str, int]:
    """Wait for the child and return how it ended, a status and a number for the log.

    The number is an exit code or a signal. Raises EOFError at once when the host closes the pipe.
    """
    ended = os.pidfd_open(child)
    try:
        poll = select.poll()
        poll.register(ended, select.POLLIN)
        poll.register(requests, 0)
        ready = dict(poll.poll(milliseconds))
    finally:
        os.close(ended)
    in_time = bool(ready)
    if ended not in ready:
        os.kill(child, signal.SIGKILL)
    _, how = os.waitpid(child, 0)
    _kill_orphans(child)
    if requests in ready:
        raise EOFError
    return _describe(how) if in_time else ("timeout", 0)


def _kill_orphans(child: int) -> None:
    """Kill what the child started; this process adopted it when the child ended.

    The filter lets a child start nothing, so this is for machines whose calls it does not know.
    """
    with contextlib.suppress(ProcessLookupError):
        os.killpg(child, signal.SIGKILL)
    with contextlib.suppress(ChildProcessError):
        while True:
            ended, _ = os.waitpid(-1, os.WNOHANG)
            if ended:
                continue
            for orphan in Path(f"/proc/self/task/{os.getpid()}/children").read_text().split():
                os.kill(int(orphan), signal.SIGKILL)
            os.waitpid(-1, 0)


def _describe(how: int) -> tuple[str, int]:
    """Translate a wait status into the agreed words."""
    code = os.waitstatus_to_exitcode(how)
    if code == 0:
        return "done", 0
    if code == -signal.SIGXCPU:
        return "cpu_time", 0
    if code < 0:
        return "signal", -code
    names = {EXIT_MEMORY: "memory", EXIT_OUTPUT: "output"}
    return names.get(code, "exit"), code


def _refuse(_arguments: dict[str, object], _blobs: Sequence[bytes]) -> NoReturn:
    """Answer a request for an operation that does not exist."""
    raise LookupError


def _be_the_child(
    run: "Operation", question: int, reply: int, bounds: Bounds, *, is_locked: bool
) -> NoReturn:
    """Lock this child down, run the operation, leave the answer and exit; never return.

    An error's text could carry content, so only an exit code says what went wrong.
    """
    code = EXIT_ERROR
    try:
        _confine(bounds)
        arguments, blobs = frames.read_payload(question, os.fstat(question).st_size)
        if is_locked:
            lockdown.lock_system_calls()
        head, content = run(arguments, blobs)
        code = EXIT_OUTPUT
        for piece in frames.pack(head, content):
            frames.write_all(reply, piece)
        code = 0
    except MemoryError:
        code = EXIT_MEMORY
    finally:
        os._exit(code)


def _confine(bounds: Bounds) -> None:
    """Make this child its own group's leader, mortal and limited."""
    os.setpgid(0, 0)
    lockdown.die_with_parent()
    lockdown.limit_resources(
        bounds.address_space_bytes, bounds.cpu_seconds, bounds.max_output_bytes
    )
