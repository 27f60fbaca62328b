"""When a request is handed to a thread; tests on a real portal prove how the worker waits."""

import pytest

from portal.gunicorn_worker import MAX_GATHERED_BODY_BYTES, MAX_HEAD_BYTES, is_whole

POST = b"POST /sign-in HTTP/1.1\r\nHost: a\r\n"


@pytest.mark.parametrize(
    ("received", "is_ready"),
    [
        (b"", False),
        (b"G", False),
        (b"GET / HTTP/1.1\r\nHost: a\r\n", False),
        (b"GET / HTTP/1.1\r\nHost: a\r\n\r\n", True),
        (POST + b"Content-Length: 3\r\n\r\n", False),
        (POST + b"Content-Length: 3\r\n\r\nab", False),
        (POST + b"Content-Length: 3\r\n\r\nabc", True),
        (POST + b"content-length:3\r\n\r\nabcGET", True),
        # The length stands in the body, not in the head.
        (POST + b"\r\n\r\nContent-Length: 9\r\n", True),
        # Too large to be gathered: its view reads it, after its sender has signed in.
        (POST + b"Content-Length: %d\r\n\r\n" % (MAX_GATHERED_BODY_BYTES + 1), True),
        # gunicorn refuses this itself.
        (POST + b"Content-Length: x\r\n\r\n", True),
        (POST + b"Content-Length: -1\r\n\r\n", True),
        (POST + b"Transfer-Encoding: chunked\r\n\r\n", True),
        (b"x" * (MAX_HEAD_BYTES + 1), True),
    ],
)
def test_a_request_is_whole_with_its_head_and_a_small_body(received: bytes, is_ready: bool) -> None:
    assert is_whole(received) is is_ready
