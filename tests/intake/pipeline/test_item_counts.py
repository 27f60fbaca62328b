"""Check that a receipt counts what a person would count: files, and pictures in their text."""

import base64

import pytest

from intake.confirmations.facts import receipt_of
from tests.samples.mail.mails import tiny_jpeg, tiny_pdf
from tests.samples.mail.wire import base64_lines, mail, multipart, part
from tests.support.desk import Desk

pytestmark = pytest.mark.components

ENCODED = b"Content-Transfer-Encoding: base64"
EMBLEM = tiny_jpeg("emblem")
# What stands behind the end of a picture makes it as large as a photo, and changes nothing in it.
PHOTO, OTHER_PHOTO = (tiny_jpeg(name) + bytes(20_000) for name in ("card", "passport"))


def pasted(*pictures: bytes) -> bytes:
    """Return a page with pictures written into it."""
    shown = b"".join(
        b'<img src="data:image/jpeg;base64,%b">' % base64.b64encode(each) for each in pictures
    )
    return part([b"Content-Type: text/html"], b"<p>See here</p>" + shown)


def picture(content: bytes, name: bytes = b"") -> bytes:
    """Return a picture that the page shows by its Content-ID."""
    head = [b"Content-Type: image/jpeg" + name, b"Content-ID: <1>", ENCODED]
    return part([*head, b"Content-Disposition: inline"], base64_lines(content))


SHOWING = part([b"Content-Type: text/html"], b'<p>See here<img src="cid:1"></p>')
PLAIN = part([b"Content-Type: text/plain"], b"See here")
PAPER = part([b"Content-Type: application/pdf; name=a.pdf", ENCODED], base64_lines(tiny_pdf("a")))


@pytest.mark.parametrize(
    ("kind", "parts", "count"),
    [
        pytest.param(b"mixed", [pasted(PHOTO)], 1, id="one pasted"),
        pytest.param(b"mixed", [pasted(PHOTO, OTHER_PHOTO)], 2, id="two pasted"),
        pytest.param(b"mixed", [pasted(PHOTO, PHOTO)], 1, id="the same twice"),
        pytest.param(b"mixed", [pasted(PHOTO), PAPER], 2, id="beside a paper"),
        pytest.param(b"mixed", [pasted(EMBLEM), PAPER], 1, id="an emblem beside a paper"),
        pytest.param(b"mixed", [pasted(EMBLEM)], 1, id="a letter with an emblem"),
        pytest.param(b"alternative", [PLAIN, pasted(PHOTO, OTHER_PHOTO)], 2, id="in a form"),
        pytest.param(b"related", [SHOWING, picture(PHOTO), PAPER], 2, id="shown by its id"),
        pytest.param(b"related", [SHOWING, picture(EMBLEM), PAPER], 1, id="an emblem by its id"),
        pytest.param(b"mixed", [PLAIN, pasted(PHOTO), PLAIN], 1, id="between texts"),
    ],
)
def test_pictures_in_the_text_are_counted_as_a_person_would(
    sqlite_desk: Desk, kind: bytes, parts: list[bytes], count: int
) -> None:
    field = b"Content-Type: multipart/%b; boundary=b" % kind

    submission_id = sqlite_desk.open(mail("x", headers=[field], body=multipart(b"b", parts)))

    assert sqlite_desk.submission(submission_id).item_count == count


def test_further_texts_of_a_letter_are_no_files_on_its_receipt(sqlite_desk: Desk) -> None:
    field = b"Content-Type: multipart/mixed; boundary=b"
    body = multipart(b"b", [PLAIN, PAPER, PLAIN])
    submission_id = sqlite_desk.handle(mail("x", headers=[field], body=body))
    services, submission = sqlite_desk.services, sqlite_desk.submission(submission_id)

    with services.database.reading() as session:
        key = services.keyring.open(session, submission.data_key_id)
        paper = receipt_of(services, session, submission, key)

    assert [file.name for file in paper.files] == ["a.pdf"]
    types = [row.document_type for row in sqlite_desk.documents(submission_id)]
    assert types == ["CORR", "UNK", "CORR"]


@pytest.mark.parametrize(
    ("field", "content", "count"),
    [
        (b"application/pkcs7-signature; name=smime.p7s", b"0\x82", 1),
        (b"application/octet-stream; name=smime.p7s", b"0\x82", 1),
        (b"application/octet-stream; name=SMIME.P7S", b"0\x82", 1),
        (b"application/octet-stream; name=a.pdf.sig", b"-----BEGIN PGP SIGNATURE-----\n", 1),
        (b"application/octet-stream; name=a.pdf.sig", b"\x88\x0d\x04" + bytes(12), 1),
        (b"application/octet-stream; name=smime.p7s", tiny_pdf("other"), 2),
        (b"application/pgp-keys; name=key.asc", b"-----BEGIN PGP PUBLIC KEY BLOCK-----\n", 1),
        (b"application/pgp-keys; name=key.gpg", b"\x99\x01", 1),
        (b"text/plain; name=key.asc", b"-----BEGIN PGP PUBLIC KEY BLOCK-----\n", 1),
        (b"text/plain; name=key.asc", b"Hej", 2),
        (b"application/octet-stream; name=a.bin", b"0\x82", 2),
    ],
)
def test_a_signature_is_no_item_whatever_type_it_was_sent_as(
    sqlite_desk: Desk, field: bytes, content: bytes, count: int
) -> None:
    added = part([b"Content-Type: " + field, ENCODED], base64_lines(content))
    kind = b"Content-Type: multipart/mixed; boundary=b"
    body = multipart(b"b", [PLAIN, PAPER, added])

    submission_id = sqlite_desk.open(mail("signed", headers=[kind], body=body))

    assert sqlite_desk.submission(submission_id).item_count == count
