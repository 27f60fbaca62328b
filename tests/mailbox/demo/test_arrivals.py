"""Check the ten arrivals of the demo: each says that it is invented, and is what it says."""

import io
from datetime import UTC, datetime
from email.message import EmailMessage

import pikepdf
import pytest
from PIL import Image, ImageOps

from mailbox.demo.arrivals import ARABIC_MARK, Arrival, first_referral, others
from mailbox.demo.documents import EXAMPLE_MARK, phone_photo
from mailbox.demo.eicar import eicar
from mailbox.demo.smtp_server import trace_header

NOW = datetime(2026, 5, 1, 8, 0, tzinfo=UTC)
ALL = [first_referral(NOW), *others(NOW, "K7M-4QX-9T")]


def attached(arrival: Arrival) -> EmailMessage:
    """Return an arrival's only attachment."""
    (part,) = arrival.message.iter_attachments()
    assert isinstance(part, EmailMessage)
    return part


def by_words(words: str) -> Arrival:
    """Return the arrival whose line on the terminal has these words."""
    (found,) = (each for each in ALL if words in each.shows)
    return found


@pytest.mark.parametrize("arrival", ALL, ids=lambda each: each.shows)
def test_each_says_that_it_is_invented(arrival: Arrival) -> None:
    body = arrival.message.get_body()

    assert body is not None
    assert any(mark in body.get_content() for mark in (EXAMPLE_MARK, ARABIC_MARK))
    assert "exempel" in arrival.message["Subject"].casefold()
    assert arrival.envelope.endswith(".example")


def test_there_are_ten_and_each_is_a_mail_of_its_own() -> None:
    assert len(ALL) == 10
    assert len({each.message["Message-ID"] for each in ALL}) == 10
    assert "K7M-4QX-9T" in by_words("an addition").message["Subject"]


def test_the_locked_one_opens_with_its_password_only() -> None:
    content = attached(by_words("password")).get_content()

    with pytest.raises(pikepdf.PasswordError):
        pikepdf.open(io.BytesIO(content))
    with pikepdf.open(io.BytesIO(content), password="exempel") as pdf:
        assert len(pdf.pages) == 1


def test_the_test_file_is_whole() -> None:
    assert attached(by_words("EICAR")).get_content() == eicar()


def test_the_photo_stands_upright_once_it_is_turned() -> None:
    with Image.open(io.BytesIO(phone_photo())) as photo:
        assert photo.width < photo.height
        assert (upright := ImageOps.exif_transpose(photo)).width > upright.height


@pytest.mark.parametrize("arrival", ALL, ids=lambda each: each.shows)
def test_the_server_calls_only_the_forged_one_forged(arrival: Arrival) -> None:
    header = trace_header(arrival.envelope, arrival.message.as_bytes())

    is_forged = b"dmarc=fail" in header
    assert is_forged is ("forged" in arrival.shows)
    assert is_forged or b"dmarc=pass header.from=" in header
