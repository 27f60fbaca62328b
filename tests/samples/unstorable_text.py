"""Make text that PostgreSQL or UTF-8 refuses (threat B28): NULs, lone surrogates, broken encodings.

Each message is otherwise in order.
"""

from collections.abc import Sequence

from tests.samples.mail.mails import REGISTERED_SENDER
from tests.samples.mail.wire import Expects, HostileMail, mail

_SURROGATE = b"\xed\xa0\x80"  # U+D800 as three bytes, which UTF-8 forbids (RFC 3629 §3)
_UTF_8 = b"Content-Type: text/plain; charset=utf-8"
_SENDER = REGISTERED_SENDER.encode()
_ATTACHED = b"Content-Disposition: attachment; "


def _sample(
    name: str, headers: Sequence[bytes] = (), body: bytes = b"test data\r\n"
) -> HostileMail:
    return HostileMail(name, mail(name, headers=headers, body=body), "B28", Expects.STORABLE)


UNSTORABLE_TEXT = [
    _sample("nul-in-subject", [b"Subject: a\0b"]),
    _sample("nul-in-subject-encoded", [b"Subject: =?utf-8?q?a=00b?="]),
    _sample("nul-in-body", [_UTF_8], b"a\0b\r\n"),
    _sample(
        "nul-in-body-encoded",
        [_UTF_8, b"Content-Transfer-Encoding: quoted-printable"],
        b"a=00b\r\n",
    ),
    _sample("nul-in-display-name", [b"From: =?utf-8?q?Anna=00?= <" + _SENDER + b">"]),
    _sample("nul-in-file-name", [_ATTACHED + b"filename*=utf-8''a%00.pdf"]),
    _sample("nul-in-message-id", [b"Message-ID: <a\0b@samples.example>"]),
    _sample("nul-in-content-type", [b"Content-Type: text/pl\0ain; charset=utf-8"]),
    _sample("surrogate-in-subject", [b"Subject: =?utf-8?q?a=ED=A0=80b?="]),
    _sample("surrogate-in-subject-raw", [b"Subject: a" + _SURROGATE + b"b"]),
    _sample("surrogate-in-body", [_UTF_8], b"a" + _SURROGATE + b"b\r\n"),
    _sample("surrogate-in-display-name", [b"From: =?utf-8?q?=ED=B0=80?= <" + _SENDER + b">"]),
    _sample("surrogate-in-file-name", [_ATTACHED + b"filename*=utf-8''a%ED%A0%80.pdf"]),
    _sample(
        "surrogate-in-utf-16-body",
        [b"Content-Type: text/plain; charset=utf-16le", b"Content-Transfer-Encoding: base64"],
        b"YQAA2GIA\r\n",
    ),
    _sample("surrogate-in-utf-7-subject", [b"Subject: =?utf-7?q?+2AA-?="]),
    _sample("noncharacters-in-subject", [b"Subject: =?utf-8?q?a=EF=BF=BF=EF=BF=BEb?="]),
    _sample("bytes-in-subject", [b"Subject: caf\xe9 \xff\xfe"]),
    _sample("bytes-in-sender", [b"From: \xc5ke <" + _SENDER + b">"]),
    _sample("invalid-utf-8-body", [_UTF_8], b"\xc3\x28 \xe2\x82 \xf0\x9f \xff\r\n"),
    _sample("overlong-utf-8-body", [_UTF_8], b"\xc0\xaf \xe0\x80\xaf \xc0\x80\r\n"),
    _sample("beyond-unicode-body", [_UTF_8], b"\xf4\x90\x80\x80\r\n"),
    _sample("ascii-body-with-high-bytes", [b"Content-Type: text/plain"], b"\xe5\xe4\xf6\r\n"),
    _sample("nothing-but-nuls-in-body", [_UTF_8], b"\0" * 500),
]
