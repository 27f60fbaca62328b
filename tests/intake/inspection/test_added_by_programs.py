"""Hold that what programs add to a mail by themselves is set aside, and opens no task."""

import hashlib

import pytest

from tests.samples.mail.signatures import cms_signature
from tests.samples.mail.wire import base64_lines, mail, multipart, part
from tests.support.desk import Desk

PGP_KEY = (
    b"-----BEGIN PGP PUBLIC KEY BLOCK-----\r\n\r\nxjMEZ7h0m0=\r\n=aB3d\r\n"
    b"-----END PGP PUBLIC KEY BLOCK-----\r\n"
)
OLE_START = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
OWNER_RECORD = (b"\x03Eva".ljust(54, b"\0") + b"\x03\0E\0v\0a").ljust(162, b"\0")


@pytest.mark.parametrize(
    ("head", "content", "reason"),
    [
        (
            b"application/pkcs7-signature; name=smime.p7s",
            cms_signature(b"Hej")[:-9],
            "called_signature",
        ),
        (b"application/octet-stream; name=smime.p7s", cms_signature(b"Hej"), "detached_signature"),
        (
            b"application/octet-stream; name=a.pdf.sig",
            hashlib.sha512(b"a").digest(),
            "called_signature",
        ),
        (b"application/pgp-keys; name=OpenPGP_0x12.asc", PGP_KEY, "public_key"),
        (b"application/octet-stream; name=eva.gpg", b"\xc6\x07\x04" + bytes(6), "public_key"),
        (b"application/octet-stream; name=Thumbs.db", OLE_START + bytes(600), "system_part"),
        (b"application/octet-stream; name=~$Remiss.docx", OWNER_RECORD, "system_part"),
    ],
)
def test_what_a_program_adds_to_a_mail_opens_no_task(
    sqlite_desk: Desk, head: bytes, content: bytes, reason: str
) -> None:
    letter = part([b"Content-Type: text/plain"], b"The papers will follow.\r\n")
    added = part(
        [b"Content-Type: " + head, b"Content-Transfer-Encoding: base64"], base64_lines(content)
    )
    field = b"Content-Type: multipart/mixed; boundary=b"

    submission_id = sqlite_desk.handle(
        mail("added", headers=[field], body=multipart(b"b", [letter, added]))
    )

    assert sqlite_desk.states(submission_id)[1] == ("IGNORED", reason)
    assert "quarantine" not in {kind for _, kind in sqlite_desk.open_items(submission_id)}
