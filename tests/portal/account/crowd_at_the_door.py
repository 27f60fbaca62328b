"""Sign many in at once at a served portal, one of them rightly, and measure what that takes."""

import http.client
import re
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

from tests.components.server import descendants
from tests.portal.conftest import TOKEN
from tests.portal.coordinators.upload_server import PortalServer

FORM = "application/x-www-form-urlencoded"
WAIT_SECONDS = 120
BUSY = 503


@dataclass(frozen=True)
class Rush:
    """What came of it: the statuses of the wrong ones, the right one's, its wait, and memory."""

    wrong: tuple[int, ...]
    right: int
    right_seconds: float
    grown_bytes: int


class Door:
    """A browser with the sign-in form open."""

    def __init__(self, port: int, mark: str = "", address: str = "") -> None:
        """`address` is what a proxy of ours would say of the caller; empty without a proxy."""
        self._port, self._address = port, address
        with closing(self._line()) as line:
            line.request("GET", "/sign-in")
            answer = line.getresponse()
            found = TOKEN.search(answer.read().decode())
            assert found is not None
            self._token = found.group(1)
            self._cookie = (answer.getheader("Set-Cookie") or "").partition(";")[0]
        if mark:
            self._cookie += f"; avrr-known={mark}"

    def sign_in(self, email: str, password: str) -> int:
        """Send the form and return the status."""
        fields = {"csrf_token": self._token, "email": email, "password": password}
        headers = {"Content-Type": FORM, "Cookie": self._cookie}
        if self._address:
            headers["X-Forwarded-For"] = self._address
        with closing(self._line()) as line:
            line.request("POST", "/sign-in", urlencode(fields), headers)
            answer = line.getresponse()
            answer.read()
            return answer.status

    def _line(self) -> http.client.HTTPConnection:
        return http.client.HTTPConnection("127.0.0.1", self._port, timeout=WAIT_SECONDS)


def rush(server: PortalServer, count: int, email: str, password: str, mark: str = "") -> Rush:
    """Let `count` strangers guess at once, and somebody come rightly while they wait."""
    own, doors = Door(server.port, mark), [Door(server.port) for _ in range(count)]
    wrong: list[int] = []

    def guess(number: int) -> None:
        wrong.append(doors[number].sign_in(f"guess{number}@iom.example", "a wrong one"))

    server.forget_peak()
    before = _memory(server, "VmRSS")
    threads = [threading.Thread(target=guess, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    started = time.monotonic()
    right = own.sign_in(email, password)
    took = time.monotonic() - started
    for thread in threads:
        thread.join()
    return Rush(tuple(wrong), right, took, _memory(server, "VmHWM") - before)


@contextmanager
def siege(doors: Sequence[Door]) -> Iterator[None]:
    """Guess at every door again and again until the block ends; it begins once a guess was refused.

    Each guess is at an account of its own, so no limit of an account ends it.
    """
    is_over, is_full = threading.Event(), threading.Event()

    def guess(door: Door, number: int) -> None:
        times = 0
        while not is_over.is_set():
            times += 1
            if door.sign_in(f"guess{number}-{times}@iom.example", "a wrong one") == BUSY:
                is_full.set()

    threads = [
        threading.Thread(target=guess, args=(door, number)) for number, door in enumerate(doors)
    ]
    for thread in threads:
        thread.start()
    try:
        assert is_full.wait(WAIT_SECONDS)
        yield
    finally:
        is_over.set()
        for thread in threads:
            thread.join()


def _memory(server: PortalServer, line: str) -> int:
    """Return the sum of a line of `/proc/PID/status` over our processes, in bytes."""
    found = 0
    for pid in (server.pid, *descendants(server.pid)):
        status = Path(f"/proc/{pid}/status").read_text()
        match = re.search(rf"^{line}:\s+(\d+) kB", status, re.MULTILINE)
        found += int(match.group(1)) * 1024 if match is not None else 0
    return found
