"""Hold what is read off page images, where tesseract is installed."""

import pytest

from intake.sandbox import Duty, JailError
from intake.sandbox.host import ocr
from intake.sandbox.host.confined import Walls
from tests.intake.sandbox.conftest import ProbedJail

DUTIES = (Duty.PICTURES,)
HEADER = (
    "level\tpage_num\tblock_num\tpar_num\tline_num\tword_num\tleft\ttop\twidth\theight\tconf\ttext"
)
INSTALLED = ocr.installed_languages()


def row(*cells: object) -> str:
    return "\t".join(map(str, cells))


def test_words_are_read_from_the_table_and_odd_rows_left_out() -> None:
    table = "\n".join(
        [
            HEADER,
            row(5, 1, 1, 1, 1, 1, 10, 10, 20, 9, 96.5, "Hej"),
            row(5, 1, 1, 1, 1, 2, 40, 10, 20, 9, 91, "då\u202e"),
            row(5, 1, 1, 1, 2, 1, 10, 30, 20, 9, 90, "rad"),
            row(5, 1, 1, 1, 2, 2, 90, 30, 20, 9, 90, "outside"),
            row(5, 1, 1, 1, 2, 3, 10, 30, 20, 9, 3, "unsure"),
            row(5, 1, 1, 1, 2, 4, "x", 30, 20, 9, 90, "broken"),
            row(5, "short"),
            row(4, 1, 1, 1, 1, 0, 0, 0, 99, 99, -1, ""),
        ]
    )

    page = ocr._read(table, 100, 100)

    assert page.text == "Hej då\nrad"
    assert page.words[0] == (10, 10, 30, 19, "Hej")
    assert len(page.words) == 3


@pytest.mark.parametrize("languages", [[], ["swe+eng"], ["../../etc"], ["-x"]])
def test_only_codes_of_languages_are_taken(languages: list[str]) -> None:
    with pytest.raises(ValueError, match="language"):
        ocr.read_page(b"", languages)


@pytest.mark.ocr
@pytest.mark.skipif("swe" not in INSTALLED, reason="tesseract-ocr-swe is not installed")
def test_swedish_is_read_off_a_page(jail: ProbedJail) -> None:
    page = jail.render("Åsa bor på Öland.".encode(), "text/plain").pages[0]

    read = ocr.read_page(page.image, ["swe", "eng"])

    assert read.text == "Åsa bor på Öland."
    for found, drawn in zip(read.words, page.words, strict=True):
        assert all(abs(a - b) < 16 for a, b in zip(found[:4], drawn[:4], strict=True))


@pytest.mark.ocr
@pytest.mark.skipif("fas" not in INSTALLED, reason="tesseract-ocr-fas is not installed")
def test_persian_is_read_off_a_page(jail: ProbedJail) -> None:
    page = jail.render("این یک متن فارسی است".encode(), "text/plain").pages[0]

    assert "متن فارسی" in " ".join(word[4] for word in ocr.ocr_page(page.image, ["fas"]))


@pytest.mark.ocr
@pytest.mark.skipif(not INSTALLED, reason="tesseract-ocr is not installed")
def test_page_that_takes_too_long_is_given_up(jail: ProbedJail) -> None:
    page = jail.render(b"hello", "text/plain").pages[0]

    with pytest.raises(JailError):
        ocr.read_page(page.image, ["eng"], Walls(wall_seconds=0.01))
