"""Ordinary mail is well-formed, repeatable, and holds what it was given."""

import email
import io
import re
from email.message import EmailMessage
from email.policy import default

import pikepdf
import pytest
from PIL import Image

from tests.samples.mail.mails import prepend, referral, tiny_jpeg, tiny_pdf, tiny_png


def _parsed(raw: bytes) -> EmailMessage:
    return email.message_from_bytes(raw, policy=default)


def test_attachments_come_back_as_given() -> None:
    given = [
        ("ansökan å.pdf", "application/pdf", tiny_pdf("x")),
        ("photo.png", "image/png", tiny_png()),
        ("bytes.bin", "application/octet-stream", bytes(range(256))),
    ]

    message = _parsed(referral(attachments=given))

    found = [
        (part.get_filename(), part.get_content_type(), part.get_content())
        for part in message.iter_attachments()
    ]
    assert found == given


def test_every_line_ends_with_crlf() -> None:
    raw = referral(html="<p>Hej</p>", attachments=[("a.pdf", "application/pdf", tiny_pdf("å"))])

    assert not re.search(rb"(?<!\r)\n|\r(?!\n)", raw)


def test_same_arguments_give_same_bytes_and_others_another_message_id() -> None:
    first = referral(token="a", attachments=[("a.txt", "text/plain", b"a")])
    again = referral(token="a", attachments=[("a.txt", "text/plain", b"a")])
    other = referral(token="b", attachments=[("a.txt", "text/plain", b"a")])

    assert first == again
    assert _parsed(first)["Message-ID"] != _parsed(other)["Message-ID"]


def test_headers_are_those_asked_for() -> None:
    raw = referral(
        "Anna Å <anna@partner.example>",
        subject="Komplettering",
        reference="AVRR-1",
        message_id="<m@x.example>",
        in_reply_to="<r@x.example>",
        headers=[("X-Case", "7")],
    )

    message = _parsed(raw)

    assert message["From"] == "Anna Å <anna@partner.example>"
    assert message["Subject"] == "Komplettering [AVRR-1]"
    assert message["Message-ID"] == "<m@x.example>"
    assert message["In-Reply-To"] == message["References"] == "<r@x.example>"
    assert message["X-Case"] == "7"
    assert not any(part.defects for part in message.walk())


def test_text_says_that_it_is_test_data_and_holds_token_and_reference() -> None:
    for language, phrase in (("sv", "testdata"), ("en", "test data")):
        body = _parsed(referral(language=language, token="tok-1", reference="R-2")).get_body()

        assert isinstance(body, EmailMessage)
        text = body.get_content()
        assert phrase in text
        assert "tok-1" in text
        assert "R-2" in text


def test_lines_are_prepended() -> None:
    raw = prepend(referral(), "Authentication-Results: mx.example; dmarc=pass")

    assert raw.startswith(b"Authentication-Results: mx.example; dmarc=pass\r\nFrom: ")


@pytest.mark.parametrize("padding_bytes", [0, 240_000])
def test_pdf_is_sound_and_of_the_size_asked_for(padding_bytes: int) -> None:
    content = tiny_pdf("Ansökan (1) \\ 2", padding_bytes)

    with pikepdf.open(io.BytesIO(content)) as pdf:
        assert len(pdf.pages) == 1
        assert b"Ans\xf6kan \\(1\\) \\\\ 2" in pdf.pages[0].Contents.read_bytes()
        assert pdf.check_pdf_syntax() == []
    assert padding_bytes < len(content) < padding_bytes + 1_500


def test_padding_differs_with_the_text() -> None:
    assert tiny_pdf("a", 1_000)[-1_200:] != tiny_pdf("b", 1_000)[-1_200:]


def test_pictures_open_and_differ_with_the_text() -> None:
    for draw, picture_format in ((tiny_png, "PNG"), (tiny_jpeg, "JPEG")):
        with Image.open(io.BytesIO(draw("a"))) as image:
            assert image.format == picture_format
        assert draw("a") != draw("b")
        assert draw("a") == draw("a")
