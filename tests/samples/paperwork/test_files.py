"""Check the invented paperwork is what it claims to be: real files, the same each time."""

import io

import pikepdf
import pypdfium2 as pdfium
import pytest
from PIL import Image

from tests.samples.paperwork.documents import papers
from tests.samples.paperwork.files import (
    REFERRAL_FIELDS,
    passport_page,
    phone_photo,
    referral_form_pdf,
    scan_pdf,
    text_pdf,
)
from tests.samples.paperwork.mrz import check_digit, passport_lines


def test_a_text_pdf_gives_its_words_back_page_by_page() -> None:
    with pdfium.PdfDocument(text_pdf(["Återvändande (1)\nrad två", "Second page"])) as read:
        texts = [page.get_textpage().get_text_range() for page in read]

    assert texts == ["Återvändande (1)\r\nrad två", "Second page"]


def test_a_referral_form_has_real_fields_with_any_script() -> None:
    fields = {**REFERRAL_FIELDS, "return_country": "أوتوبيا (demo)"}

    with pikepdf.open(io.BytesIO(referral_form_pdf(fields))) as read:
        found = {str(each.T): str(each.V) for each in read.Root.AcroForm.Fields}

        assert found == fields
        assert read.check_pdf_syntax() == []
        assert len(read.pages[0].Annots) == len(fields)


def test_a_scan_has_pages_and_no_text() -> None:
    with pdfium.PdfDocument(scan_pdf(["one", "two"], seed=1)) as read:
        assert len(read) == 2
        assert [page.get_textpage().count_chars() for page in read] == [0, 0]


def test_scans_and_photos_are_the_same_for_a_seed_and_differ_between_seeds() -> None:
    assert scan_pdf(["one"], 1) == scan_pdf(["one"], 1) != scan_pdf(["one"], 2)
    assert phone_photo("one", 1) == phone_photo("one", 1) != phone_photo("one", 2)


def test_a_phone_photo_is_a_jpeg_in_colour() -> None:
    with Image.open(io.BytesIO(phone_photo("text", 3))) as read:
        assert (read.format, read.mode) == ("JPEG", "RGB")


# The fields and digits are those of the specimen in ICAO 9303 part 4.
@pytest.mark.parametrize(
    ("field", "digit"),
    [("L898902C3", "6"), ("740812", "2"), ("120415", "9"), ("ZE184226B<<<<<", "1")],
)
def test_check_digits_are_those_of_the_specimen(field: str, digit: str) -> None:
    assert check_digit(field) == digit


def test_the_lines_of_a_passport_agree_with_their_digits() -> None:
    first, second = passport_lines("DEMO", "PERSON ONE", "X1234567")

    assert len(first) == len(second) == 44
    assert second[9] == check_digit(second[:9])
    assert second[19] == check_digit(second[13:19])
    assert second[27] == check_digit(second[21:27])
    assert second[43] == check_digit(second[:10] + second[13:20] + second[21:43])
    assert f"{first}\n{second}" in passport_page("X1234567", "DEMO", "PERSON ONE")


def test_documents_are_the_same_for_a_seed() -> None:
    assert list(papers(5, each=1)) == list(papers(5, each=1))
    assert list(papers(5, each=1)) != list(papers(6, each=1))
