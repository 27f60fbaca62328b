"""Check that the sample is a whole mail with four real documents that say they are invented."""

import io
from datetime import UTC, datetime

import pikepdf
import pytest
from PIL import Image

from mailbox.demo.documents import EXAMPLE_MARK, check_digit, machine_readable_zone
from mailbox.demo.sample import build_sample, consent, referral_form, risk_note

_NOW = datetime(2026, 5, 1, 8, 0, tzinfo=UTC)


def test_sample_has_a_body_and_four_documents() -> None:
    message = build_sample(_NOW, reference="K7M-4QX-9T")

    attached = list(message.iter_attachments())
    body = message.get_body()
    assert body is not None
    assert EXAMPLE_MARK in body.get_content()
    assert "K7M-4QX-9T" in message["Subject"]
    assert [part.get_content_type() for part in attached] == [
        *["application/pdf"] * 3,
        "image/jpeg",
    ]
    assert message["Message-ID"] != build_sample(_NOW)["Message-ID"]


@pytest.mark.parametrize("make", [referral_form, consent, risk_note])
def test_documents_are_pdfs_of_one_page_that_say_what_they_are(make: object) -> None:
    assert callable(make)
    with pikepdf.open(io.BytesIO(make())) as pdf:
        shown = pdf.pages[0].Contents.read_bytes()

        assert len(pdf.pages) == 1
        assert EXAMPLE_MARK.encode("cp1252") in shown


def test_passport_is_a_picture() -> None:
    (*_, passport) = build_sample(_NOW).iter_attachments()

    with Image.open(io.BytesIO(passport.get_content())) as image:
        assert image.format == "JPEG"
        assert image.width > 1_000


@pytest.mark.parametrize(
    ("text", "digit"), [("L898902C3", "6"), ("740812", "2"), ("120415", "9"), ("<" * 14, "0")]
)
def test_check_digits_are_those_of_the_standard(text: str, digit: str) -> None:
    assert check_digit(text) == digit


def test_machine_readable_zone_has_its_form() -> None:
    first, second = machine_readable_zone()

    assert (len(first), len(second)) == (44, 44)
    assert first.startswith("P<UTO")
    assert check_digit(second[:10] + second[13:20] + second[21:43]) == second[43]
