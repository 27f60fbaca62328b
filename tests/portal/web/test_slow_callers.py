"""Callers who prove nothing and take for ever, against the deployed portal (threats B27 and W5).

Whatever they ask for and however much they say that they will send, they hold no thread: pages
are answered while they are still there. The addresses are those of the routes themselves.
"""

import http.client
import socket
from collections.abc import Iterator
from contextlib import ExitStack, closing

import pytest

from intake.bootstrap import read_secret_key
from portal.app import create_app
from portal.web import request_limits
from portal.web.gathering import MAX_GATHERED_BODY_BYTES, MAX_HEAD_BYTES
from tests.components.server import scratch_folder
from tests.portal.building import stub_health
from tests.portal.coordinators.upload_server import PortalServer
from tests.portal.web.siege import CHUNK, allow_files, head, public_acts, siege

pytestmark = pytest.mark.components

# More on each address than all threads of both processes.
CALLERS = 2 * (request_limits.MAX_BODIES + request_limits.THREADS_FOR_PAGES) + 30
# More than both processes take at once.
MANY = 4500
PAGES = 5
# How long this test waits before it says that a page does not come at all.
PATIENCE_SECONDS = 30
# Sizes around each limit: gathered, beyond it, as large as a paper once might be, and a film.
LENGTHS = (2000, 60_000, MAX_GATHERED_BODY_BYTES, MAX_GATHERED_BODY_BYTES + 1, 4 * 2**20, 2**30)
SECRET = b"a-secret-in-an-address"


@pytest.fixture(scope="module")
def server() -> Iterator[PortalServer]:
    """Give a running portal."""
    with scratch_folder() as folder, PortalServer(folder / "portal") as running:
        yield running
        running.services.database.close()


@pytest.fixture(scope="module")
def acts(server: PortalServer) -> list[tuple[str, str]]:
    """Give (method, path) of every route that takes a body from anybody."""
    app = create_app(
        server.services,
        secret_key=read_secret_key(server.services.settings),
        check_health=stub_health,
    )
    return public_acts(app)


def page(server: PortalServer, path: str = "/sign-in") -> int:
    """Open a page on a new connection, and return its status."""
    line = http.client.HTTPConnection("127.0.0.1", server.port, timeout=PATIENCE_SECONDS)
    with closing(line):
        line.request("GET", path)
        answer = line.getresponse()
        answer.read()
        return answer.status


def answer_of(server: PortalServer, sent: bytes) -> bytes:
    """Send bytes, and return everything that comes back until the portal ends its answer."""
    address = ("127.0.0.1", server.port)
    with closing(socket.create_connection(address, timeout=PATIENCE_SECONDS)) as line:
        line.sendall(sent)
        answer = b""
        while received := line.recv(65536):
            answer += received
        return answer


@pytest.mark.parametrize("length", LENGTHS)
def test_slow_bodies_without_proof_keep_no_page_waiting(
    server: PortalServer, acts: list[tuple[str, str]], length: int
) -> None:
    starts = [head(*act, length) + CHUNK for act in acts for _ in range(CALLERS)]

    with siege(server.port, starts):
        answers = [page(server) for _ in range(PAGES)]

    assert answers == [200] * PAGES


def test_slow_heads_keep_no_page_waiting(server: PortalServer) -> None:
    starts = (
        b"\r\n",
        b"\r\n\r\n",
        b"G",
        b"GET / HTTP/1.1\r\n",
        b"GET / HTTP/1.1\r\nX: " + b"x" * 9,
    )

    with siege(server.port, [starts[number % len(starts)] for number in range(CALLERS)]):
        answers = [page(server) for _ in range(PAGES)]

    assert answers == [200] * PAGES


def test_callers_who_do_not_take_their_answer_keep_no_page_waiting(server: PortalServer) -> None:
    asked = b"GET /static/portal.css HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n"
    with ExitStack() as held:
        for _ in range(CALLERS):
            line = held.enter_context(closing(socket.socket()))
            line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1024)
            line.connect(("127.0.0.1", server.port))
            line.sendall(asked)
        answers = [page(server) for _ in range(PAGES)]

    assert answers == [200] * PAGES


def test_more_callers_than_connections_make_room_for_whoever_comes(server: PortalServer) -> None:
    allow_files(MANY)
    with ExitStack() as held:
        lines = [
            held.enter_context(closing(socket.create_connection(("127.0.0.1", server.port))))
            for _ in range(MANY)
        ]
        for line in lines:
            line.sendall(b"GET / HTTP/1.1\r\nX: ")
        answers = [page(server) for _ in range(PAGES)]

    assert answers == [200] * PAGES


def test_large_bodies_without_proof_are_answered_before_they_come(
    server: PortalServer, acts: list[tuple[str, str]]
) -> None:
    answers = {
        act: answer_of(server, head(*act, 4 * 2**20) + CHUNK).partition(b"\r\n")[0] for act in acts
    }

    assert {act for act, line in answers.items() if not line.startswith(b"HTTP/1.1 4")} == set()


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (b"GET /invitation/%s HTTP/9\r\n\r\n" % SECRET, b"400"),
        (b"GE(T /invitation/%s HTTP/1.1\r\n\r\n" % SECRET, b"400"),
        (b"GET /x HTTP/1.1\r\n%s\r\n\r\n" % SECRET, b"400"),
        (b"GET /x HTTP/1.1\r\nA: b\r\n %s\r\n\r\n" % SECRET, b"400"),
        (b"GET /x HTTP/1.1\r\nContent-Length: %s\r\n\r\n" % SECRET, b"400"),
        (b"GET /x HTTP/1.1\r\nTransfer-Encoding: %s\r\n\r\n" % SECRET, b"501"),
        (b"GET /%s HTTP/1.1\r\nExpect: %s\r\n\r\n" % (SECRET, SECRET), b"417"),
        (b"GET /%s HTTP/1.1\r\n\r\n" % (SECRET * 300), b"414"),
        (b"GET / HTTP/1.1\r\n" + b"".join(b"A%d: b\r\n" % n for n in range(200)) + b"\r\n", b"431"),
        (b"GET / HTTP/1.1\r\nA: " + SECRET * (MAX_HEAD_BYTES // len(SECRET) + 1), b"431"),
    ],
)
def test_a_malformed_request_says_what_to_do_and_leaves_no_trace(
    server: PortalServer, sent: bytes, status: bytes
) -> None:
    answer = answer_of(server, sent)

    assert answer.split()[1] == status
    assert b"Please open the page again" in answer
    assert SECRET not in answer
    log = server.log_path.read_text()
    assert SECRET.decode() not in log
    assert "ip=" not in log
    assert "Invalid request" not in log
