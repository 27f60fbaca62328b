"""Make mail that a parser chokes on, by size, by depth or by one malformed header (threat B2).

The large ones are built when asked for. CPython 3.11's `email` needs seconds or raises on each.
"""

from collections.abc import Callable

from tests.samples.mail.wire import Expects, HostileMail, mail, multipart, part

_TEXT = part([b"Content-Type: text/plain"], b"x\r\n")


def _deep_multipart(name: str, depth: int) -> bytes:
    opening = b"".join(
        b"--b%d\r\nContent-Type: multipart/mixed; boundary=b%d\r\n\r\n" % (level, level + 1)
        for level in range(depth)
    )
    closing = b"".join(b"--b%d--\r\n" % level for level in range(depth, -1, -1))
    innermost = b"--b%d\r\n%b" % (depth, _TEXT)
    return mail(
        name,
        headers=[b"Content-Type: multipart/mixed; boundary=b0"],
        body=opening + innermost + closing,
    )


def _many_parts(name: str, count: int) -> bytes:
    return mail(
        name,
        headers=[b"Content-Type: multipart/mixed; boundary=b"],
        body=multipart(b"b", [_TEXT] * count),
    )


def _deep_message(name: str, depth: int) -> bytes:
    body = b"Subject: innermost\r\n\r\nx\r\n"
    return mail(
        name,
        headers=[b"Content-Type: message/rfc822"],
        body=b"Content-Type: message/rfc822\r\n\r\n" * depth + body,
    )


def _recipients(name: str, count: int) -> bytes:
    addresses = (b"Name %d <a%d@x.example>" % (number, number) for number in range(count))
    return mail(name, headers=[b"Cc: " + b", ".join(addresses)])


def _many(prefix: bytes, item: bytes, count: int, between: bytes) -> bytes:
    """Write `item` with its number `count` times: `_many(b"To: ", b"a%d@x", 2, b", ")`."""
    return prefix + between.join(item % number for number in range(count))


_LARGE: dict[str, Callable[[str], bytes]] = {
    "multipart-3000-deep": lambda name: _deep_multipart(name, 3_000),
    "multipart-300-deep": lambda name: _deep_multipart(name, 300),
    "parts-50000": lambda name: _many_parts(name, 50_000),
    "parts-501": lambda name: _many_parts(name, 501),
    "message-in-message-2000-deep": lambda name: _deep_message(name, 2_000),
    "recipients-10000": lambda name: _recipients(name, 10_000),
    "header-of-5-megabytes": lambda name: mail(name, headers=[b"X-Long: " + b"a" * 5_000_000]),
    "folded-header-of-1-megabyte": lambda name: mail(
        name, headers=[b"X-Folded: " + b"word\r\n " * 150_000 + b"end"]
    ),
    "header-block-of-300-kibibytes": lambda name: mail(
        name, headers=[b"X-Trace-%d: %b" % (number, b"t" * 60) for number in range(4_000)]
    ),
    "content-type-parameters-20000": lambda name: mail(
        name, headers=[_many(b"Content-Type: text/plain; ", b"p%d=v", 20_000, b"; ")]
    ),
    "file-name-continuations-10000": lambda name: mail(
        name,
        headers=[_many(b"Content-Disposition: attachment; ", b"filename*%d=a", 10_000, b"; ")],
    ),
    "references-100000": lambda name: mail(
        name, headers=[_many(b"References: ", b"<r%d@x.example>", 100_000, b"\r\n ")]
    ),
    "encoded-words-10000": lambda name: mail(
        name, subject=_many(b"", b"=?utf-8?q?w%d?=", 10_000, b"\r\n ")
    ),
    "line-of-10-megabytes": lambda name: mail(name, body=b"a" * 10_000_000 + b"\r\n"),
    "blank-lines-1000000": lambda name: mail(name, body=b"\r\n" * 1_000_000),
    "boundary-of-100-kilobytes": lambda name: mail(
        name,
        headers=[b'Content-Type: multipart/mixed; boundary="' + b"b" * 100_000 + b'"'],
        body=multipart(b"b" * 100_000, [_TEXT]),
    ),
    "boundary-look-alikes-200000": lambda name: mail(
        name,
        headers=[b"Content-Type: multipart/mixed; boundary=b"],
        body=b"--bx\r\n" * 200_000,
    ),
    "file-name-of-1-megabyte": lambda name: mail(
        name, headers=[b'Content-Disposition: attachment; filename="' + b"n" * 1_000_000 + b'"']
    ),
    "parentheses-in-from": lambda name: mail(name, sender=b"(" * 1_000),
    "parentheses-in-to": lambda name: mail(name, headers=[b"Cc: " + b"(" * 5_000]),
    "angle-brackets-in-from": lambda name: mail(name, sender=b"<" * 2_000 + b"a@x.example"),
    "group-addresses-2000": lambda name: mail(
        name, headers=[_many(b"Cc: ", b"g%d: a@x.example;", 2_000, b", ")]
    ),
    "html-1000000-tags": lambda name: mail(
        name, headers=[b"Content-Type: text/html"], body=b"<b>" * 1_000_000
    ),
    "quoted-printable-soft-breaks-500000": lambda name: mail(
        name,
        headers=[b"Content-Transfer-Encoding: quoted-printable"],
        body=b"=\r\n" * 500_000,
    ),
}

_ONE_HEADER: dict[str, bytes] = {
    "message-id-unclosed": b"Message-ID: <",
    "message-id-empty": b"Message-ID:",
    "content-type-empty": b"Content-Type:",
    "content-type-of-semicolons": b"Content-Type: ;;;;;;;;",
    "content-type-unclosed-quote": b'Content-Type: text/plain; charset="utf-8',
    "boundary-missing": b"Content-Type: multipart/mixed",
    "boundary-empty": b'Content-Type: multipart/mixed; boundary=""',
    "boundary-never-used": b"Content-Type: multipart/mixed; boundary=never",
    "charset-nul": b'Content-Type: text/plain; charset="utf\0-8"',
    "charset-unknown": b"Content-Type: text/plain; charset=x-no-such-charset",
    "charset-idna": b"Content-Type: text/plain; charset=idna",
    "charset-hex": b"Content-Type: text/plain; charset=hex",
    "charset-zlib": b"Content-Type: text/plain; charset=zlib",
    "charset-utf-7": b"Content-Type: text/plain; charset=utf-7",
    "charset-unicode-escape": b"Content-Type: text/plain; charset=unicode_escape",
    "charset-undefined": b"Content-Type: text/plain; charset=undefined",
    "charset-non-ascii": b"Content-Type: text/plain; charset=\xff\xfe",
    "encoding-unknown": b"Content-Transfer-Encoding: x-no-such-encoding",
    "base64-garbage": b"Content-Transfer-Encoding: base64",
    "disposition-of-semicolons": b"Content-Disposition: ;;;=;=;",
    "date-in-year-99999": b"Date: Mon, 02 Nov 99999 09:15:00 +0000",
    "date-zone-of-99-hours": b"Date: Mon, 02 Nov 2026 09:15:00 +9959",
    "date-unreadable": b"Date: the day before yesterday",
    "encoded-word-unknown-charset": b"Subject: =?x-none?q?abc?=",
    "encoded-word-bad-base64": b"Subject: =?utf-8?b?a?=",
    "parameter-bad-percent": b"Content-Disposition: attachment; filename*=utf-8''%zz%",
    "parameter-negative-section": b"Content-Disposition: attachment; filename*-1=a; filename*=b",
    "parameter-huge-section": b"Content-Disposition: attachment; filename*99999999999=a",
    "header-without-colon": b"This is no header at all",
    "header-without-name": b": no name",
}

_WHOLE: dict[str, bytes] = {
    "nothing-at-all": b"",
    "one-line-end": b"\r\n",
    "only-nuls": b"\0" * 1_000,
    "only-headers": b"From: a@x.example\r\nSubject: no body and no blank line",
    "no-headers": b"\r\njust text\r\n",
    "mbox-line-first": b"From a@x.example Mon Nov  2 09:15:00 2026\r\n" + mail("mbox-line-first"),
    "utf-16-throughout": mail("utf-16-throughout").decode().encode("utf-16"),
    "random-bytes": bytes(range(256)) * 64,
}


def _lazily(build: Callable[[str], bytes], name: str) -> Callable[[], bytes]:
    return lambda: build(name)


PARSER_BOMBS = [
    *(
        HostileMail(name, _lazily(build, name), "B2", Expects.ACCOUNTED)
        for name, build in _LARGE.items()
    ),
    *(
        HostileMail(
            name,
            mail(
                name,
                headers=[header],
                body=b"+ADw-x+AD4- \xc3\xa5 =zz %%%\r\n",
            ),
            "B2",
            Expects.ACCOUNTED,
        )
        for name, header in _ONE_HEADER.items()
    ),
    *(HostileMail(name, raw, "B2", Expects.ACCOUNTED) for name, raw in _WHOLE.items()),
]
