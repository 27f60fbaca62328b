"""Measure officers' pages under load: fifty uploads at once, and two hundred slow callers.

The portal runs as an operator starts it. Its callers are processes of their own, so that they
do not slow down the process that measures.
"""

import multiprocessing
import socket
import statistics
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING

from tests.bench import uploading
from tests.bench.uploading import show
from tests.components.server import scratch_folder
from tests.portal import samples
from tests.portal.coordinators.upload_server import PortalServer, read_answer
from tests.portal.triage.crowd import Crowd, gather

if TYPE_CHECKING:
    from multiprocessing.synchronize import Event

COORDINATORS = 50
FILE_BYTES = 2_000_000
UPLOADS_EACH = 6
SLOW_CALLERS = 200
SUBMISSIONS = 200
QUIET_ROUNDS = 40
LIMIT_MS = 300
# A slow caller's request: a head that never ends.
SLOW_START = b"GET /sign-in HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: "
FORK = multiprocessing.get_context("fork")


def main() -> None:
    """Print how long officers' pages take without load, with uploads, and with slow callers."""
    with scratch_folder() as folder, PortalServer(folder / "portal") as server:
        crowd = gather(server, COORDINATORS)
        pages = _seed(server)
        show("officers' pages, nobody else there", _figures(_watch(crowd, pages, _rounds())))
        failed = FORK.Value("i", 0)
        done = FORK.Event()
        uploads = FORK.Process(target=_upload_all, args=(crowd, failed, done))
        uploads.start()
        started = time.monotonic()
        waited = _watch(crowd, pages, done.is_set)
        took = time.monotonic() - started
        uploads.join()
        sent = COORDINATORS * UPLOADS_EACH
        show(f"officers' pages, {COORDINATORS} uploading (limit: p95 300 ms)", _figures(waited))
        show(
            f"files of 2 MB taken meanwhile, {COORDINATORS} coordinators",
            f"{sent} in {took:.1f} s, {failed.value} errors",
        )
        with _siege(server, SLOW_CALLERS):
            waited = _watch(crowd, pages, _rounds())
        show(f"officers' pages, {SLOW_CALLERS} slow callers (limit: p95 1 s)", _figures(waited))
        server.services.database.close()


def _seed(server: PortalServer) -> tuple[str, ...]:
    """Put in submissions and return the three pages that officers use most."""
    made = [samples.seed(server.services) for _ in range(SUBMISSIONS)][-1]
    with server.services.database.reading() as session:
        from storage.cases.cases import Case
        from storage.submissions.submissions import Submission

        case_id = session.get_one(Submission, made.submission_id).case_id
        case = session.get_one(Case, case_id).reference
    return ("/queues/Q2", f"/submissions/{made.reference}", f"/cases/{case}")


def _rounds() -> Callable[[], bool]:
    left = iter(range(QUIET_ROUNDS))
    return lambda: next(left, None) is None


def _watch(crowd: Crowd, pages: tuple[str, ...], is_over: Callable[[], bool]) -> list[float]:
    """Open the pages one after the other, each on a new connection; return the seconds of each."""
    waited = []
    while not is_over():
        for page in pages:
            started = time.perf_counter()
            with closing(crowd.officer.line()) as line:
                line.request("GET", page, headers=crowd.officer.headers())
                answer = read_answer(line)
            waited.append(time.perf_counter() - started)
            if answer.status != 200:
                raise RuntimeError(f"{page} answered {answer.status}")
    return waited


# The value is ctypes' own, which has no type that could be written down.
def _upload_all(
    crowd: Crowd, failed: "multiprocessing.sharedctypes.Synchronized[int]", done: "Event"
) -> None:
    content = bytes(FILE_BYTES)

    def upload(number: int) -> None:
        caller, draft_id = crowd.coordinators[number], crowd.drafts[number]
        try:
            for _ in range(UPLOADS_EACH):
                uploading.upload(caller, draft_id, content, FILE_BYTES)
        except Exception as error:  # noqa: BLE001 - whatever went wrong is one error
            print(f"upload {number}: {error!r}")
            with failed.get_lock():
                failed.value += 1

    threads = [threading.Thread(target=upload, args=(number,)) for number in range(COORDINATORS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    done.set()


@contextmanager
def _siege(server: PortalServer, count: int) -> Iterator[None]:
    """Hold connections that send a byte now and then, and come back when they are dropped."""
    over = FORK.Event()
    callers = FORK.Process(target=_call_slowly, args=(server.port, count, over))
    callers.start()
    time.sleep(2)
    yield
    over.set()
    callers.join()


def _call_slowly(port: int, count: int, over: "Event") -> None:
    lines: list[socket.socket | None] = [None] * count
    while not over.wait(0.2):
        for number, line in enumerate(lines):
            try:
                if line is None:
                    lines[number] = socket.create_connection(("127.0.0.1", port), timeout=1)
                    lines[number].sendall(SLOW_START)  # type: ignore[union-attr] # just made
                else:
                    line.sendall(b"x")
            except OSError:
                lines[number] = None


def _figures(waited: list[float]) -> str:
    ranked = sorted(seconds * 1000 for seconds in waited)
    return (
        f"median {statistics.median(ranked):.0f} ms, p95 {ranked[int(len(ranked) * 0.95)]:.0f} ms, "
        f"max {ranked[-1]:.0f} ms, n={len(ranked)}"
    )


if __name__ == "__main__":
    main()
