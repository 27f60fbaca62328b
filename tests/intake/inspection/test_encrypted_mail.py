"""A mail by PGP/MIME is one paper: the half that names the version holds nothing to read."""

import pytest

from tests.samples.mail.wire import mail
from tests.support.desk import Desk

pytestmark = pytest.mark.components

ENCRYPTED = (
    b"--x\r\nContent-Type: application/pgp-encrypted\r\n\r\n{version}\r\n"
    b"--x\r\nContent-Type: application/octet-stream; name=encrypted.asc\r\n\r\n"
    b"-----BEGIN PGP MESSAGE-----\r\n\r\nhF4DVVRxFNhCVccSAQdA\r\n-----END PGP MESSAGE-----\r\n"
    b"--x--\r\n"
)


@pytest.mark.parametrize(
    ("version", "is_aside"), [(b"Version: 1\r\n", True), (b"Version: 1\r\nRing mig!", False)]
)
def test_an_encrypted_mail_is_one_paper(sqlite_desk: Desk, version: bytes, is_aside: bool) -> None:
    headers = [
        b'Content-Type: multipart/encrypted; boundary=x; protocol="application/pgp-encrypted"'
    ]
    body = ENCRYPTED.replace(b"{version}", version)

    submission_id = sqlite_desk.handle(mail("pgp", headers=headers, body=body))

    states = {row.path: (row.state, row.reason) for row in sqlite_desk.documents(submission_id)}
    assert (states["1"] == ("IGNORED", "system_part")) is is_aside
    assert states["2"][0] != "IGNORED"
    assert sqlite_desk.submission(submission_id).item_count == (1 if is_aside else 2)
