"""Make messages that cost a naive parser its time, its memory or its stack (threat B2)."""

from collections.abc import Iterator

ROOT = b"From: a@example.org\r\nSubject: s\r\n"
DEPTHS = (21, 100, 400, 1000, 3000, 10_000)
COUNTS = (501, 5000, 50_000)
LARGE = 1_000_000

HOSTILE_FIELDS = [
    b"From: " + b"(" * 200_000,
    b"From: " + b'"' * 200_000,
    b"From: " + b"<" * 200_000,
    b"From: " + b"a@" * 100_000,
    b"To: " + b"a@example.org, " * 10_000,
    b"To: " + b"(" * 200_000,
    b"Cc: " + b'"' * 200_000,
    b"Content-Type: text/plain" + b"; a=b" * 20_000,
    b"Content-Type: text/plain; " + b'"' * 200_000,
    b"Content-Type: text/plain; a=" + b'"\\' * 100_000,
    b"Content-Type: " + b";" * 200_000,
    b"Content-Type: text/plain; charset=x\0y",
    b"Content-Type: text/plain; charset=" + b"x" * 200_000,
    b"Content-Disposition: attachment" + b"; filename*1=a" * 10_000,
    b"Content-Disposition: attachment; filename*=" + b"'" * 200_000,
    b"Content-Disposition: attachment; filename*=utf-8''" + b"%41" * 60_000,
    b"Content-Transfer-Encoding: " + b"(" * 200_000,
    b"Subject: " + b"=?" * 100_000,
    b"Subject: " + b"=?utf-8?b?" * 20_000,
    b"Subject: " + b"=?utf-8?q?a?= " * 10_000,
    b"Subject: " + b"=?a?q?a?= =?b?q?b?= " * 10_000,
    b"Subject: " + "e\u0301\u0316".encode() * 40_000,
    b"Subject: x" + b"\r\n y" * 50_000,
    b"Message-ID: " + b"<" * 200_000,
    b"Message-ID: <",
    b"References: " + b"<a@b> " * 30_000,
    b"References: " + b"<a@b" * 30_000,
    b"Return-Path: " + b"<" * 200_000,
    b"Date: " + b"\xff" * 200_000,
    b"Authentication-Results: x\r\n" * 5000 + b"X: y",
    b"X" * 200_000 + b": y",
    b"X: y\r\n" * 30_000 + b"X: y",
]


def bombs() -> Iterator[bytes]:
    """Yield each message."""
    for depth in DEPTHS:
        yield ROOT + _multiparts(depth) + b"\r\nx"
        yield ROOT + b"Content-Type: message/rfc822\r\n\r\n" * depth + b"\r\nx"
        yield ROOT + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n" * depth + b"\r\nx"
    for count in COUNTS:
        yield ROOT + _parts([b"\r\nx"] * count)
        yield ROOT + _parts([b""] * count)
        yield ROOT + _parts([b"Content-Type: message/rfc822\r\n\r\nA: b\r\n\r\nx"] * count)
        yield ROOT + _parts([b"Content-Type: multipart/mixed; boundary=c\r\n\r\n--c--"] * count)
    for field in HOSTILE_FIELDS:
        yield field + b"\r\n\r\nhello"
        yield ROOT + _parts([field + b"\r\n\r\nhello"])
    yield ROOT + b"X: " + b"x" * LARGE + b"\r\n\r\nx"
    yield ROOT + b"X: y\r\n" * 200_000 + b"\r\nx"
    yield ROOT + b"x" * (5 * LARGE)
    yield ROOT + _encoded(b"base64", b"=" * LARGE)
    yield ROOT + _encoded(b"base64", b"!a=" * LARGE)
    yield ROOT + _encoded(b"base64", b"aa=\n" * LARGE)
    yield ROOT + _encoded(b"quoted-printable", b"=" * LARGE)
    yield ROOT + _encoded(b"x-uuencode", b"begin 644 a\n" + b"#86)C\n" * LARGE)
    yield ROOT + _parts([]) + b"--b " * LARGE
    yield ROOT + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n" + b"--b" + b" " * LARGE
    yield ROOT + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n" + b"\n--bb" * LARGE
    for markup in (b"<", b"<!--", b"<a ", b"<script>", b"&#9", b"<b>"):
        yield ROOT + b"Content-Type: text/html\r\n\r\n" + markup * LARGE


def _multiparts(depth: int) -> bytes:
    opening = b"Content-Type: multipart/mixed; boundary=%d\r\n\r\n--%d\r\n"
    return b"".join(opening % (number, number) for number in range(depth))


def _parts(parts: list[bytes]) -> bytes:
    body = b"".join(b"--b\r\n" + part + b"\r\n" for part in parts)
    return b"Content-Type: multipart/mixed; boundary=b\r\n\r\n" + body + b"--b--\r\n"


def _encoded(encoding: bytes, content: bytes) -> bytes:
    return b"Content-Transfer-Encoding: " + encoding + b"\r\n\r\n" + content
