"""Bodies that lie, never end or come a byte at a time, against the deployed portal (threat W5).

Each gets a page that says what happened and what to do; the draft is still there afterwards, and
nothing is left over on the disk.
"""

import socket
import threading
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, closing
from urllib.parse import urlencode

import pytest

from intake.access import gate
from intake.arrivals import drafts
from intake.oversight.verify import sweep_orphans, verify_storage
from storage.submissions.drafts import Upload
from tests.components.server import scratch_folder, wait_until
from tests.portal.coordinators.upload_server import (
    BOUNDARY,
    Answer,
    Caller,
    PortalServer,
    read_answer,
)
from tests.portal.triage.crowd import Crowd, gather

pytestmark = pytest.mark.components

GIB = 1024**3
MAX_FILE_BYTES = 2 * 1024 * 1024
MIB = 1024 * 1024
SLOW_CALLERS = 200
COORDINATORS = 8
NOTE = "Ring mig gärna på förmiddagen."
CLOSING = f"--{BOUNDARY}--\r\n".encode()
URLENCODED = "application/x-www-form-urlencoded"


class SmallPortal(PortalServer):
    """A portal with a low limit, which a test can reach."""

    max_upload_bytes = MAX_FILE_BYTES


@pytest.fixture(scope="module")
def crowd() -> Iterator[Crowd]:
    """Give coordinators with a draft each, in which a note is saved."""
    with scratch_folder() as folder, SmallPortal(folder / "portal") as server:
        people = gather(server, COORDINATORS)
        for caller, draft_id in zip(people.coordinators, people.drafts, strict=True):
            drafts.save_draft(
                server.services,
                gate.draft_to_change(server.services, caller.user, draft_id),
                {"note": NOTE},
            )
        yield people
        server.services.database.close()


@pytest.fixture
def caller(crowd: Crowd) -> Caller:
    """Give one coordinator."""
    return crowd.coordinators[0]


@pytest.fixture
def draft(crowd: Crowd) -> Iterator[str]:
    """Give the path of the caller's draft, and prove afterwards that nothing is lost or left."""
    caller = crowd.coordinators[0]
    path = f"/referrals/drafts/{crowd.drafts[0]}"
    yield path
    assert NOTE in caller.ask("GET", path).body.decode()
    wait_until(lambda: not caller.server.left_overs(), "temporary files are gone")


def field(name: str, value: str) -> bytes:
    head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n'
    return f"{head}{value}\r\n".encode()


def file(name: str, content: bytes) -> bytes:
    disposition = f'form-data; name="file"; filename="{name}"'
    head = f"--{BOUNDARY}\r\nContent-Disposition: {disposition}\r\nContent-Type: a/b\r\n\r\n"
    return head.encode() + content + b"\r\n"


def send(
    caller: Caller, path: str, body: Iterable[bytes], length: int, *, hangs_up: bool = False
) -> Answer:
    """Send a form under a length that may be a lie, and read what the portal says."""
    with closing(caller.line()) as line:
        line.putrequest("POST", path)
        for name, value in (caller.form_headers(0) | {"Content-Length": str(length)}).items():
            line.putheader(name, value)
        line.endheaders()
        for part in body:
            line.send(part)
        if hangs_up:
            assert line.sock is not None
            line.sock.shutdown(socket.SHUT_WR)
        return read_answer(line)


def main_of(answer: Answer) -> str:
    return answer.body.decode().partition("<main")[2]


def bytes_on_disk(caller: Caller) -> int:
    blobs = caller.server.folder / "var" / "blobs"
    return sum(path.stat().st_size for path in blobs.rglob("*") if path.is_file())


def test_two_gibibytes_are_refused_before_they_come(caller: Caller, draft: str) -> None:
    answer = send(caller, draft, [field("csrf_token", caller.token)], 2 * GIB)

    assert answer.status == 413
    assert "This is too large" in main_of(answer)
    assert "What was saved before is still there" in main_of(answer)


def test_two_gibibytes_from_a_stranger_hold_nothing(caller: Caller) -> None:
    stranger = Caller(caller.server, caller.services, caller.user)

    answers = [
        send(stranger, path, [b"x"], 2 * GIB).status for path in ("/sign-in", "/referrals/new")
    ]

    assert answers == [413, 303]


def test_a_file_beyond_its_limit_leaves_at_most_the_limit(caller: Caller, draft: str) -> None:
    before = bytes_on_disk(caller)
    large = file("large.pdf", bytes(4 * MAX_FILE_BYTES))
    body = [field("csrf_token", caller.token), field("note", NOTE), large, CLOSING]

    answer = send(caller, draft, body, sum(map(len, body)))

    assert answer.status == 413
    assert "large.pdf: A file may have up to 2 MB." in answer.body.decode()
    assert bytes_on_disk(caller) - before <= MAX_FILE_BYTES + MIB


def test_a_thousand_parts_are_too_many(caller: Caller, draft: str) -> None:
    many = field("note", "x")
    body = [field("csrf_token", caller.token), field("note", NOTE), *[many] * 1000, CLOSING]

    answer = send(caller, draft, body, sum(map(len, body)))

    assert answer.status == 413
    assert "What was saved before is still there" in main_of(answer)


def test_a_thousand_fields_of_a_plain_form_change_nothing(caller: Caller) -> None:
    body = urlencode([("csrf_token", "x")] + [(f"f{each}", "x") for each in range(1000)]).encode()

    answer = caller.ask("POST", "/referrals/new", body, **{"Content-Type": URLENCODED})

    assert answer.status == 400
    assert "<h1>" in main_of(answer)


def test_doubled_fields_count_once_and_doubled_files_twice(crowd: Crowd) -> None:
    caller, draft_id = crowd.coordinators[1], crowd.drafts[1]
    same = file("remiss.pdf", b"%PDF-1.7")
    notes = [field("note", NOTE), field("note", "another")]
    body = [field("csrf_token", caller.token), *notes, same, same, field("act", "add"), CLOSING]

    answer = send(caller, f"/referrals/drafts/{draft_id}", body, sum(map(len, body)))

    assert answer.status == 303
    page = caller.ask("GET", f"/referrals/drafts/{draft_id}").body.decode()
    assert page.count('data-name="remiss.pdf"') == 2
    assert NOTE in page
    assert ">\nanother" not in page


def test_a_length_that_is_too_long_is_a_broken_line(caller: Caller, draft: str) -> None:
    body = [field("csrf_token", caller.token), field("note", NOTE), file("cut.pdf", b"%PDF")]

    answer = send(caller, draft, body, sum(map(len, body)) + 100, hangs_up=True)

    assert answer.status == 400
    assert "Please go back and try again." in main_of(answer)
    with caller.services.database.reading() as session:
        assert session.query(Upload).filter_by(draft_id=draft.rpartition("/")[2]).count() == 0


def test_a_length_that_is_too_short_cuts_the_form(caller: Caller, draft: str) -> None:
    body = [field("csrf_token", caller.token), field("note", NOTE), file("cut.pdf", bytes(9000))]

    answer = send(caller, draft, body, sum(map(len, body)) - 5000)

    assert answer.status == 400
    assert "Please go back and try again." in main_of(answer)


@pytest.mark.parametrize("path", ["", "/discard"])
def test_a_body_without_a_length_is_refused(caller: Caller, draft: str, path: str) -> None:
    headers = {"Content-Type": f"multipart/form-data; boundary={BOUNDARY}"}
    body = iter([field("csrf_token", caller.token), field("note", "chunked"), CLOSING])

    answer = caller.ask("POST", draft + path, body, **headers)

    assert answer.status == 411
    assert "did not say how long it is" in main_of(answer)


def test_slow_callers_keep_nobody_waiting(caller: Caller, draft: str) -> None:
    head = b"POST /sign-in HTTP/1.1\r\nHost: 127.0.0.1\r\n"
    starts = (b"", head, head + b"Content-Length: 60000\r\n\r\na=b", head + b"X-Slow: " + b"x" * 9)
    address = ("127.0.0.1", caller.server.port)

    with ExitStack() as held:
        for number in range(SLOW_CALLERS):
            line = held.enter_context(socket.create_connection(address))
            line.sendall(starts[number % len(starts)])
        # There are more slow callers than threads: with one on each, these would get no answer.
        answers = [caller.ask("GET", draft).status for _ in range(5)]

    assert answers == [200] * 5


def test_callers_who_do_not_hang_up_keep_nobody_waiting(caller: Caller, draft: str) -> None:
    asked = b"GET /sign-in HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n"
    address = ("127.0.0.1", caller.server.port)

    with ExitStack() as held:
        for _ in range(40):
            held.enter_context(socket.create_connection(address)).sendall(asked)
        answers = [caller.ask("GET", draft).status for _ in range(5)]

    assert answers == [200] * 5


def test_a_request_that_comes_byte_by_byte_is_answered(caller: Caller) -> None:
    body = b"email=a"
    head = f"POST /sign-in HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: {len(body)}\r\n"
    with socket.create_connection(("127.0.0.1", caller.server.port)) as line:
        line.settimeout(60)
        for byte in head.encode() + b"Expect: 100-continue\r\n\r\n":
            line.sendall(bytes([byte]))
        go_on = line.recv(100)
        line.sendall(body)
        answer = b""
        while b"</html>" not in answer:
            received = line.recv(4096)
            assert received != b""
            answer += received

    assert go_on.startswith(b"HTTP/1.1 100 Continue")
    # Without its token the form is refused, on a page.
    assert b"HTTP/1.1 400 BAD REQUEST" in answer


def test_many_coordinators_at_once_lose_no_byte(crowd: Crowd) -> None:
    failed: list[object] = []

    def upload(caller: Caller, draft_id: str, number: int) -> None:
        content = bytes([number]) * MAX_FILE_BYTES
        upload_id = caller.announce(draft_id, len(content))
        for start in range(0, len(content), 700_000):
            piece = content[start : start + 700_000]
            answer = caller.ask("PUT", f"/referrals/uploads/{upload_id}?offset={start}", piece)
            if answer.status != 200:
                failed.append(answer)
        if caller.ask("POST", f"/referrals/uploads/{upload_id}/finish").status != 200:
            failed.append(upload_id)

    threads = [
        threading.Thread(target=upload, args=(caller, draft_id, number))
        for number, (caller, draft_id) in enumerate(
            zip(crowd.coordinators, crowd.drafts, strict=True)
        )
    ]
    for thread in threads:
        thread.start()
    pages = [crowd.officer.ask("GET", "/queues/Q2").status for _ in range(10)]
    for thread in threads:
        thread.join()

    assert failed == []
    assert pages == [200] * 10
    services = crowd.officer.services
    sweep_orphans(services, orphan_after_seconds=0)
    # `verify_storage` reads every file to its end: no byte is missing, doubled or somebody else's.
    assert verify_storage(services, orphan_after_seconds=0).faults == ()
    with services.database.reading() as session:
        whole = session.query(Upload).filter_by(size=MAX_FILE_BYTES, state="ready").count()
    assert whole == COORDINATORS
    assert crowd.officer.server.left_overs() == []
