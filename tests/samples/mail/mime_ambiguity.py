"""Make mail that two readers take apart differently, hiding EICAR from one of them (threat B1).

Each name says what is ambiguous. What is hidden is a ZIP archive that holds EICAR, so that no raw
bytes of EICAR stand in the message.
"""

import binascii
import io
import zipfile
from collections.abc import Sequence

from mailbox.demo.eicar import eicar
from tests.samples.mail.wire import Expects, HostileMail, base64_lines, mail, multipart, part

_MIXED = b"Content-Type: multipart/mixed; boundary=outer"
_BASE64 = b"Content-Transfer-Encoding: base64"
_ZIP = b'Content-Type: application/zip; name="papers.zip"'
_ATTACHED = b'Content-Disposition: attachment; filename="papers.zip"'
_TEXT = part([b"Content-Type: text/plain; charset=us-ascii"], b"Please see the attachment.\r\n")


def infected_zip() -> bytes:
    """Build the zip that every sample here hides: one member, EICAR."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        member = zipfile.ZipInfo("letter.txt", date_time=(2026, 11, 2, 9, 15, 0))
        member.compress_type = zipfile.ZIP_DEFLATED
        archive.writestr(member, eicar())
    return content.getvalue()


def yenc(content: bytes) -> bytes:
    """Encode as yEnc does: each byte plus 42, the critical ones escaped, lines of 128."""
    encoded = bytearray()
    width = 0
    for byte in content:
        shifted = (byte + 42) % 256
        escaped = shifted in b"\0\n\r="
        encoded += b"=" + bytes([(shifted + 64) % 256]) if escaped else bytes([shifted])
        width += 1
        if width >= 128:
            encoded += b"\r\n"
            width = 0
    size, crc = len(content), binascii.crc32(content)
    return b"=ybegin line=128 size=%d name=papers.zip\r\n%b\r\n=yend size=%d crc32=%08x\r\n" % (
        size,
        bytes(encoded),
        size,
        crc,
    )


def uuencode(content: bytes) -> bytes:
    """Encode as uuencode does, with its begin and end lines."""
    lines = [binascii.b2a_uu(content[at : at + 45]) for at in range(0, len(content), 45)]
    text = b"begin 644 papers.zip\n" + b"".join(lines) + b"`\nend\n"
    return text.replace(b"\n", b"\r\n")


def _encoded() -> bytes:
    return base64_lines(infected_zip())


def _attachment(*transfer_headers: bytes) -> bytes:
    return part([_ZIP, *transfer_headers, _ATTACHED], _encoded())


def _with_attachment(name: str, *transfer_headers: bytes) -> bytes:
    body = multipart(b"outer", [_TEXT, _attachment(*transfer_headers)])
    return mail(name, headers=[_MIXED], body=body)


def _with_container(name: str, content_type: Sequence[bytes], boundary: bytes = b"outer") -> bytes:
    body = multipart(boundary, [_TEXT, _attachment(_BASE64)])
    return mail(name, headers=content_type, body=body)


def _split_padding() -> bytes:
    """Encode in two runs, each with its own padding: some readers stop at the first."""
    content = infected_zip()
    first, rest = content[:31], content[31:]
    return base64_lines(first) + base64_lines(rest)


def _partial(name: str, number: int) -> bytes:
    """Cut one message in two, to be joined by the reader (RFC 2046 §5.2.2)."""
    inner = part([b"Subject: inner", _ZIP, _BASE64, _ATTACHED], _encoded())
    middle = len(inner) * 2 // 3
    piece = inner[:middle] if number == 1 else inner[middle:]
    kind = f'Content-Type: message/partial; id="cut@samples.example"; number={number}; total=2'
    return mail(f"{name}-{number}", headers=[kind.encode()], body=piece)


def _variants() -> dict[str, bytes]:
    plain_body = b"Content-Type: text/plain"
    inner_message = mail("inner", headers=[_ZIP, _BASE64, _ATTACHED], body=_encoded())
    clean = multipart(b"outer", [_TEXT])
    hidden = b"--outer\r\n" + _attachment(_BASE64)
    return {
        "duplicate-content-type": _with_container("duplicate-content-type", [plain_body, _MIXED]),
        "duplicate-content-type-multipart-first": _with_container(
            "duplicate-content-type-multipart-first", [_MIXED, plain_body]
        ),
        "duplicate-boundary": _with_container(
            "duplicate-boundary", [b"Content-Type: multipart/mixed; boundary=other; boundary=outer"]
        ),
        "blank-before-colon": _with_container("blank-before-colon", [_MIXED.replace(b":", b" :")]),
        "boundary-in-continuations": _with_container(
            "boundary-in-continuations",
            [b"Content-Type: multipart/mixed; boundary*0=ou; boundary*1=ter; boundary=other"],
        ),
        "boundary-with-comment": _with_container(
            "boundary-with-comment", [b"Content-Type: multipart/mixed; boundary=(other)outer"]
        ),
        "boundary-with-escape": _with_container(
            "boundary-with-escape", [b'Content-Type: multipart/mixed; boundary="ou\\ter"']
        ),
        "boundary-with-nul": _with_container(
            "boundary-with-nul", [b"Content-Type: multipart/mixed; boundary=outer\0x"]
        ),
        "boundary-that-begins-another": mail(
            "boundary-that-begins-another",
            headers=[_MIXED],
            body=multipart(b"outermost", [_TEXT, _attachment(_BASE64)]),
        ),
        "content-type-twice-slashed": _with_container(
            "content-type-twice-slashed", [b"Content-Type: multipart/mixed/x; boundary=outer"]
        ),
        "whitespace-line-in-headers": _with_container(
            "whitespace-line-in-headers", [b"X-First: 1", b" \t", _MIXED]
        ),
        "boundary-name-folded-away": mail(
            "boundary-name-folded-away",
            headers=[b"Content-Type:\r\n\tmultipart/mixed;\r\n\tboundary\r\n\t=outer"],
            body=multipart(b"outer", [_TEXT, _attachment(_BASE64)]),
        ),
        "duplicate-encoding": _with_attachment(
            "duplicate-encoding", b"Content-Transfer-Encoding: 7bit", _BASE64
        ),
        "duplicate-encoding-base64-first": _with_attachment(
            "duplicate-encoding-base64-first", _BASE64, b"Content-Transfer-Encoding: 7bit"
        ),
        "encoding-with-junk": _with_attachment(
            "encoding-with-junk", b"Content-Transfer-Encoding: base64 x"
        ),
        "encoding-quoted": _with_attachment(
            "encoding-quoted", b'Content-Transfer-Encoding: "base64"'
        ),
        "encoding-commented": _with_attachment(
            "encoding-commented", b"Content-Transfer-Encoding: (7bit) base64"
        ),
        "encoding-with-parameter": _with_attachment(
            "encoding-with-parameter", b"Content-Transfer-Encoding: base64; charset=x"
        ),
        "encoding-with-blank-before-colon": _with_attachment(
            "encoding-with-blank-before-colon", b"Content-Transfer-Encoding : base64"
        ),
        "encoding-of-the-container": mail(
            "encoding-of-the-container",
            headers=[_MIXED, _BASE64],
            body=base64_lines(multipart(b"outer", [_TEXT, _attachment(_BASE64)])),
        ),
        "preamble": mail("preamble", headers=[_MIXED], body=_attachment(_BASE64) + clean),
        "epilogue": mail("epilogue", headers=[_MIXED], body=clean + hidden),
        "no-final-boundary": mail(
            "no-final-boundary", headers=[_MIXED], body=b"--outer\r\n" + _TEXT + hidden
        ),
        "base64-message-rfc822": mail(
            "base64-message-rfc822",
            headers=[b"Content-Type: message/rfc822", _BASE64],
            body=base64_lines(inner_message),
        ),
        "split-base64-padding": mail(
            "split-base64-padding",
            headers=[_MIXED],
            body=multipart(b"outer", [_TEXT, part([_ZIP, _BASE64, _ATTACHED], _split_padding())]),
        ),
        "junk-in-base64": mail(
            "junk-in-base64",
            headers=[_MIXED],
            body=multipart(
                b"outer",
                [_TEXT, part([_ZIP, _BASE64, _ATTACHED], _encoded().replace(b"A", b"!A-"))],
            ),
        ),
        "lone-cr-line-ends": _with_container("lone-cr-line-ends", [_MIXED]).replace(
            b"\r\n--outer", b"\r--outer"
        ),
        "no-blank-line-after-headers": mail(
            "no-blank-line-after-headers",
            headers=[_MIXED],
            body=multipart(
                b"outer", [_TEXT, b"\r\n".join([_ZIP, _ATTACHED, _BASE64]) + b"\r\n" + _encoded()]
            ),
        ),
        "nested-same-boundary": mail(
            "nested-same-boundary",
            headers=[_MIXED],
            body=multipart(b"outer", [part([_MIXED], clean), _attachment(_BASE64)]),
        ),
        "external-body": mail(
            "external-body",
            headers=[
                b'Content-Type: message/external-body; access-type=URL; URL="http://evil.example/x"'
            ],
            body=part([_ZIP, _BASE64, _ATTACHED], _encoded()),
        ),
        "partial-1": _partial("partial", 1),
        "partial-2": _partial("partial", 2),
        "yenc": mail("yenc", headers=[plain_body], body=yenc(infected_zip())),
        "uuencode": mail("uuencode", headers=[plain_body], body=uuencode(infected_zip())),
    }


MIME_AMBIGUITY = [
    HostileMail(name, raw, "B1", Expects.NEVER_CLEAN) for name, raw in _variants().items()
]
