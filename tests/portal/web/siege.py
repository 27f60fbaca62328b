"""Hold many slow requests against a served portal, each with a byte now and then."""

import re
import resource
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from flask import Flask

from portal.web.policy import Permission, policy_of

BYTE_EVERY_SECONDS = 0.5
CHUNK = b"--a-boundary\r\nContent-Disposition: form-data; name="
FILES_BESIDE = 500
UNSAFE = frozenset({"POST", "PUT", "PATCH", "DELETE"})


def public_acts(app: Flask) -> list[tuple[str, str]]:
    """Return (method, path) of every route that takes a body from anybody."""
    found = []
    for rule in app.url_map.iter_rules():
        if policy_of(app, rule.endpoint) is Permission.PUBLIC:
            path = re.sub(r"<[^>]+>", "x", rule.rule)
            found += [(method, path) for method in sorted((rule.methods or set()) & UNSAFE)]
    return sorted(found)


def head(method: str, path: str, length: int) -> bytes:
    """Return the head of a request whose body has a length."""
    lines = [
        f"{method} {path} HTTP/1.1",
        "Host: 127.0.0.1",
        "Content-Type: multipart/form-data; boundary=a-boundary",
        f"Content-Length: {length}",
    ]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


def allow_files(count: int) -> None:
    """Let this process open so many connections."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft < count + FILES_BESIDE:
        resource.setrlimit(resource.RLIMIT_NOFILE, (count + FILES_BESIDE, hard))


@contextmanager
def siege(port: int, starts: list[bytes]) -> Iterator[list[socket.socket]]:
    """Send the beginning of each request, then a byte of each now and then, and never its end."""
    allow_files(len(starts))
    lines = [socket.create_connection(("127.0.0.1", port)) for _ in starts]
    over = threading.Event()

    def trickle() -> None:
        while not over.wait(BYTE_EVERY_SECONDS):
            for line in lines:
                with suppress(OSError):
                    line.send(b"x", socket.MSG_DONTWAIT)

    for line, start in zip(lines, starts, strict=True):
        line.sendall(start)
    thread = threading.Thread(target=trickle)
    thread.start()
    try:
        yield lines
    finally:
        over.set()
        thread.join()
        for line in lines:
            line.close()
