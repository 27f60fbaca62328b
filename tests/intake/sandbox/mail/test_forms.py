"""Hold what counts as said in one form of a letter alone, and what only a program wrote there."""

import time

import pytest

from intake.sandbox.mail.forms import ShownWords
from tests.intake.sandbox.mail.test_body import HTML, PLAIN, text_of

PAGE = "Remiss för Åsa. Ring inte hem. [link to a.example: https://a.example/x]"


@pytest.mark.parametrize(
    "plain",
    [
        "* Ring inte hem",
        "1. Ring inte hem",
        "iv) Ring inte hem",
        "o\tRing inte hem",
        "§  Ring inte hem",
        "Ring inte hem [1]",
        "Links:\n------\n[1] https://a.example/x",
        "Länkar:",
        "Ring <tel:+46701234567> inte hem",
        "Ring <https://a.example/x> hem",
        "Remiss <https://a.example/x?a=1\n&b=2\n&c=3> för Åsa",
        "Remiss (R) för Åsa (tm)",
        "Re\u00admiss f\u00f6r \u200b\u00c5sa",
        "Remiss [cid:image001.png@01DC] för Åsa [image: logo.png]",
        "[Inline-bild 1]",
        "-- \nRing inte hem",
        "> Ring inte hem",
    ],
)
def test_what_a_program_writes_by_itself_is_not_counted(plain: str) -> None:
    assert ShownWords(PAGE).missing_lines(plain) == []


@pytest.mark.parametrize(
    "plain",
    [
        "Ring hem",
        "Se <https://b.example/x>",
        "[Ring inte någon annan]",
        "* Akut",
        "1. Akut",
        "Akut [1]",
        "Akut <tel:112>",
        "Links: akut",
        "https://b.example/x",
    ],
)
def test_words_and_hosts_of_one_form_alone_are_counted(plain: str) -> None:
    assert ShownWords(PAGE).missing_lines(plain) == [plain]


def test_words_that_stand_for_a_picture_are_known_in_brackets_alone() -> None:
    shown = ShownWords(PAGE, frozenset({"region nord"}))

    assert shown.missing_lines("[Region  Nord]\nRegion Nord") == ["Region Nord"]


@pytest.mark.parametrize(
    ("plain", "html", "text"),
    [
        pytest.param(
            "[En logga för Region Nord]\r\nRing inte hem.",
            '<p><img src="cid:1" alt="En logga för Region Nord">Ring inte hem.</p>',
            "Ring inte hem.",
            id="words for a picture",
        ),
        pytest.param(
            "<!-- made by a program -->\r\n<html><body><p>Ring inte hem.</p>",
            "<p>Ring inte hem.</p>",
            "Ring inte hem.",
            id="the source of the page as the plain text",
        ),
        pytest.param(
            "<!DOCTYPE html><html><p>Ring inte hem.</p><p>Akut.</p>",
            "<p>Ring inte hem.</p>",
            "Ring inte hem.\n\n[Only in the plain text of this mail:]\nAkut.",
            id="another page as the plain text",
        ),
    ],
)
def test_two_forms_are_compared_as_they_read(plain: str, html: str, text: str) -> None:
    assert text_of("alternative", (PLAIN, plain), (HTML, html)) == text


@pytest.mark.parametrize(
    "hostile",
    ["<img " * 100_000, "<https://a\n" * 60_000, "[" * 200_000, "On 1 Nov. Eva wrote:\n>\n" * 9_000,
     "<!--" * 100_000, "a:\n" * 60_000, "From: \n" * 30_000],
)  # fmt: skip
def test_hostile_forms_are_compared_in_time(hostile: str) -> None:
    began = time.process_time()

    text_of("alternative", (PLAIN, f"x{hostile}"), (HTML, f"<html>y{hostile}"))

    assert time.process_time() - began < 5
