"""When a request is handed to a thread; tests on a real portal prove how the worker waits."""

import pytest
from gunicorn.config import Config
from gunicorn.http.body import LengthReader
from gunicorn.http.errors import ParseException
from gunicorn.http.message import Request
from gunicorn.http.unreader import IterUnreader

from portal.web.gathering import (
    END_OF_HEAD,
    GATHER_BYTES_PER_SECOND,
    MAX_GATHERED_BODY_BYTES,
    MAX_HEAD_BYTES,
    MAX_WAITING_SECONDS,
    MIN_BYTES_PER_SECOND,
    STRETCH_SECONDS,
    Gathered,
    Pace,
    Progress,
    TooSlow,
)

POST = b"POST /sign-in HTTP/1.1\r\nHost: a\r\n"
WAITS, WHOLE, TOO_LARGE = Progress.WAITS, Progress.WHOLE, Progress.HEAD_TOO_LARGE


class Searched(bytearray):
    """Counts the bytes that searches go through."""

    searched = 0

    def find(self, sub: bytes, start: int = 0) -> int:  # type: ignore[override] # as it is called
        self.searched += len(self) - start
        return super().find(sub, start)


@pytest.mark.parametrize(
    ("received", "progress"),
    [
        (b"", WAITS),
        (b"G", WAITS),
        (b"GET / HTTP/1.1\r\nHost: a\r\n", WAITS),
        (b"GET / HTTP/1.1\r\nHost: a\r\n\r\n", WHOLE),
        # Empty lines are no request, however many there are (RFC 9112 §2.2).
        (b"\r\n\r\n", WAITS),
        (b"\r\n" * 20_000, WAITS),
        (b"\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n", WHOLE),
        (POST + b"Content-Length: 3\r\n\r\n", WAITS),
        (POST + b"Content-Length: 3\r\n\r\nab", WAITS),
        (POST + b"Content-Length: 3\r\n\r\nabc", WHOLE),
        (POST + b"content-length:3\r\n\r\nabcGET", WHOLE),
        # The length stands in the body, not in the head.
        (POST + b"\r\n\r\nContent-Length: 9\r\n", WHOLE),
        (POST + b"Content-Length: %d\r\n\r\na" % MAX_GATHERED_BODY_BYTES, WAITS),
        # Too large to be gathered: its view reads it, after its sender has proved who they are.
        (POST + b"Content-Length: %d\r\n\r\n" % (MAX_GATHERED_BODY_BYTES + 1), WHOLE),
        # gunicorn refuses these itself.
        (POST + b"Content-Length: x\r\n\r\n", WHOLE),
        (POST + b"Content-Length: -1\r\n\r\n", WHOLE),
        (POST + b"Transfer-Encoding: chunked\r\n\r\n", WHOLE),
        (b"x" * MAX_HEAD_BYTES, WAITS),
        (b"x" * (MAX_HEAD_BYTES + 1), TOO_LARGE),
        (b"x" * (MAX_HEAD_BYTES + 1) + b"\r\n\r\n", TOO_LARGE),
    ],
)
@pytest.mark.parametrize("step", [1, 3, 1024, 10**6])
def test_a_request_is_whole_with_its_head_and_a_small_body(
    received: bytes, progress: Progress, step: int
) -> None:
    gathered = Gathered(until=0.0)

    told = gathered.take(b"")
    for start in range(0, len(received), step):
        told = gathered.take(received[start : start + step])
        if told is not WAITS:
            break

    assert told is progress


def test_each_byte_of_a_head_costs_the_same() -> None:
    received = Searched()
    gathered = Gathered(until=0.0, received=received)
    head = (b"\r\n\r" * MAX_HEAD_BYTES)[:MAX_HEAD_BYTES]

    for place in range(2, len(head)):
        gathered.take(head[place : place + 1])

    # What was searched before is not searched again, but for the beginning of the mark.
    assert received.searched <= len(head) * len(END_OF_HEAD)


def test_a_body_is_not_searched_at_all() -> None:
    received = Searched()
    gathered = Gathered(until=0.0, received=received)
    gathered.take(POST + b"Content-Length: 60000\r\n\r\n")
    searched = received.searched

    for _ in range(5000):
        gathered.take(b"\r\n\r\n")

    assert received.searched == searched


def test_one_deadline_counts_for_the_whole_request() -> None:
    gathered = Gathered(until=100.0)

    gathered.take(POST)
    gathered.take(b"Content-Length: %d\r\n\r\n" % GATHER_BYTES_PER_SECOND)
    told = gathered.until
    for _ in range(100):
        gathered.take(b"x")

    assert told == 101.0
    assert gathered.until == told


@pytest.mark.parametrize(
    ("expect", "length", "is_expected"),
    [(b"100-continue", 9, True), (b"100-continue", 10**9, False), (b"other", 9, False)],
)
def test_a_sender_who_waits_for_it_is_told_to_go_on(
    expect: bytes, length: int, is_expected: bool
) -> None:
    gathered = Gathered(until=0.0)

    gathered.take(POST + b"Expect: %s\r\nContent-Length: %d\r\n\r\n" % (expect, length))

    assert gathered.expects_go_on is is_expected


def test_a_byte_now_and_then_is_too_slow() -> None:
    pace = Pace()
    for _ in range(15):
        pace.note(STRETCH_SECONDS / 16, 1)

    with pytest.raises(TooSlow):
        pace.note(STRETCH_SECONDS / 16, 1)


def test_bytes_that_came_fast_before_do_not_pay_for_standing_still() -> None:
    pace = Pace()
    pace.note(STRETCH_SECONDS, 10**9)

    with pytest.raises(TooSlow):
        pace.note(STRETCH_SECONDS, 1)


def test_a_slow_line_may_take_its_time_up_to_a_total() -> None:
    pace, enough = Pace(), int(MIN_BYTES_PER_SECOND * STRETCH_SECONDS)
    stretches = int(MAX_WAITING_SECONDS / STRETCH_SECONDS)

    for _ in range(stretches):
        pace.note(STRETCH_SECONDS, enough)

    with pytest.raises(TooSlow):
        pace.note(STRETCH_SECONDS, enough)


def test_our_own_slowness_is_nobodys_fault() -> None:
    pace = Pace()

    for _ in range(10**5):
        pace.note(0.0, 1)


LENGTHS = (
    b"3", b"0", b"00", b"03", b"0" * 16 + b"3", b"0" * 4000 + b"3", b" 3", b"\t3\t", b"3 ",
    b"+3", b"-3", b"3.0", b"0x3", b"1_0", b"", b"\xb3", b"3,3", b"3 3",
)  # fmt: skip
NAMES = (b"Content-Length", b"content-length", b"CONTENT-LENGTH", b"Content_Length",
         b"Content-Length ", b" Content-Length")  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("more", [b"", b"Content-Length: 0\r\n", b"Transfer-Encoding: chunked\r\n"])
def test_no_thread_gets_a_request_whose_body_gunicorn_would_wait_for(
    name: bytes, more: bytes
) -> None:
    for length in LENGTHS:
        head = POST + name + b":" + length + b"\r\n" + more + b"\r\n"

        progress = Gathered(until=0.0).take(head)

        assert progress is WAITS or _awaited_bytes(head) == 0, (name, length, more)


def _awaited_bytes(head: bytes) -> int:
    """Return how many bytes of a body gunicorn waits for; 0 when it refuses the request."""
    config = Config()
    try:
        request = Request(config, IterUnreader([head]), ("127.0.0.1", 1))
    except (ParseException, ValueError):
        return 0
    reader = request.body.reader
    return int(reader.length) if isinstance(reader, LengthReader) else 0
