"""Make mail that wants to slip a header, recipient or SMTP command into its receipt (threat B8).

Every message comes from the registered address and deserves one receipt. `INJECTED_ADDRESS` must
never get anything.
"""

from tests.samples.mail.mails import REGISTERED_SENDER
from tests.samples.mail.wire import Expects, HostileMail, mail

INJECTED_ADDRESS = "bcc-victim@evil.example"

_BCC = b"Bcc: " + INJECTED_ADDRESS.encode()
_Q_BCC = b"=0D=0ABcc:_bcc-victim=40evil.example"
_PERCENT_BCC = b"%0D%0ABcc%3A%20bcc-victim%40evil.example"
_B64_BCC = b"aGkNCkJjYzogYmNjLXZpY3RpbUBldmlsLmV4YW1wbGUNCg=="  # hi CR LF Bcc: … CR LF
_SENDER = REGISTERED_SENDER.encode()
_ATTACHED = b"Content-Disposition: attachment; "

_HEADERS: dict[str, bytes] = {
    "subject-crlf-quoted-printable": b"Subject: =?utf-8?q?hi" + _Q_BCC + b"?=",
    "subject-crlf-base64": b"Subject: =?utf-8?b?" + _B64_BCC + b"?=",
    "subject-lf-only": b"Subject: =?utf-8?q?hi=0ABcc:_bcc-victim=40evil.example?=",
    "subject-cr-only": b"Subject: =?utf-8?q?hi=0DBcc:_bcc-victim=40evil.example?=",
    "subject-raw-cr": b"Subject: hi\r" + _BCC,
    "subject-next-line": b"Subject: =?utf-8?q?hi=C2=85Bcc:_bcc-victim=40evil.example?=",
    "subject-line-separator": b"Subject: =?utf-8?q?hi=E2=80=A8Bcc:_bcc-victim=40evil.example?=",
    "subject-vertical-tab": b"Subject: =?utf-8?q?hi=0BBcc:_bcc-victim=40evil.example?=",
    "subject-nul": b"Subject: =?utf-8?q?hi=00=0D=0ABcc:_bcc-victim=40evil.example?=",
    "subject-utf-16": b"Subject: =?utf-16be?q?=00h=00i=00=0D=00=0A=00B=00c=00c=00:?=",
    "subject-nested-encoded-word": b"Subject: =?utf-8?q?=3D=3Futf-8=3Fq=3Fhi=3D0D=3D0ABcc:=3F=3D?=",
    "subject-folded-header": b"Subject: hi\r\n " + _BCC,
    "subject-ends-the-headers": b"Subject: =?utf-8?q?hi=0D=0A=0D=0A<b>body</b>?=",
    "subject-smtp-end-of-data": b"Subject: =?utf-8?q?hi=0D=0A.=0D=0AMAIL_FROM:<x=40evil.example>?=",
    "message-id-encoded-word": b"Message-ID: <=?utf-8?q?a" + _Q_BCC + b"?=@samples.example>",
    "message-id-folded": b"Message-ID: <a\r\n " + _BCC + b"@samples.example>",
    "message-id-raw-cr": b"Message-ID: <a@samples.example>\r" + _BCC,
    "message-id-percent": b"Message-ID: <a" + _PERCENT_BCC + b"@samples.example>",
    "message-id-of-5-kilobytes": b"Message-ID: <" + b"m" * 5_000 + b"@samples.example>",
    "references-folded": b"References: <a@samples.example>\r\n " + _BCC,
    "references-encoded-word": b"References: =?utf-8?q?<a=40x>" + _Q_BCC + b"?=",
    "references-raw-cr": b"References: <a@samples.example>\r" + _BCC,
    "in-reply-to-folded": b"In-Reply-To: <a@samples.example>\r\n\t" + _BCC,
    "from-name-encoded": b"From: =?utf-8?q?Anna" + _Q_BCC + b"?= <" + _SENDER + b">",
    "from-name-base64": b"From: =?utf-8?b?" + _B64_BCC + b"?= <" + _SENDER + b">",
    "from-name-with-comma": b'From: "Anna, bcc-victim@evil.example" <' + _SENDER + b">",
    "reply-to-encoded": b"Reply-To: =?utf-8?q?a" + _Q_BCC + b"?= <" + _SENDER + b">",
    "file-name-percent": _ATTACHED + b"filename*=utf-8''a" + _PERCENT_BCC + b".pdf",
    "file-name-encoded-word": _ATTACHED + b'filename="=?utf-8?q?a' + _Q_BCC + b'.pdf?="',
    "file-name-folded": _ATTACHED + b'filename="a\r\n ' + _BCC + b'.pdf"',
    "content-id-folded": b"Content-ID: <a\r\n " + _BCC + b">",
}


def _injection(name: str, header: bytes) -> HostileMail:
    raw = mail(name, headers=[header])
    return HostileMail(name, raw, "B8", Expects.ONE_RECIPIENT)


HEADER_INJECTION = [_injection(name, header) for name, header in _HEADERS.items()]
