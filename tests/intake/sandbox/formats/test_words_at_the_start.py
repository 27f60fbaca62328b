"""Letters and text files are texts whatever word they begin with, and what only reads so is not."""

from itertools import product
from string import ascii_uppercase

import pytest

from intake.sandbox.formats.detect import TEXT, Sniffer, is_polyglot, load_sniffer

SWEDISH = ("Vänligen", "Vår", "Välkommen", "Vård", "Värt", "Åter", "Över", "Ärende", "Hej")
OTHERS = (
    "Về",
    "Với",
    "Article 3",
    "MAC",
    "MOVING",
    "PASS",
    "PASSNR",
    "PAKISTAN",
    "P1",
    "P3",
    "P6",
    "OTTO",
    "AC1015",
)
ENCODINGS = ("utf-8", "cp1252", "cp1258")
CAPITALS = [f"{one}{two}" for one, two in product(ascii_uppercase, repeat=2)]


@pytest.fixture(scope="module")
def sniffer() -> Sniffer:
    return load_sniffer()


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("word", [*SWEDISH, *OTHERS])
def test_a_letter_is_a_text_whatever_its_first_word(
    sniffer: Sniffer, word: str, encoding: str
) -> None:
    text = f"{word} hälsningar\r\nvi väntar på svar 12 november.\r\n"
    assert sniffer.detect(text.encode(encoding, "replace")) == TEXT


def test_no_two_capitals_make_a_letter_something_else(sniffer: Sniffer) -> None:
    found = {word: sniffer.detect(f"{word} och sedan mer\nrad 2\n".encode()) for word in CAPITALS}
    assert {word: kind for word, kind in found.items() if kind != TEXT} == {}


@pytest.mark.parametrize("letters", ["ABF", "DSD", "GDF", "MAC", "PBF", "PGF", "SBI"])
def test_no_three_capitals_make_a_letter_something_else(sniffer: Sniffer, letters: str) -> None:
    assert sniffer.detect(f"{letters} och sedan mer\n".encode()) == TEXT


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"V\xe5\x00\x00\x01\x02" * 40, "audio/"),
        (b"P3\n# drawn by hand\n2 1\n255\n1 2 3 4 5 6\n", "image/"),
        (b"P1 2 2 1 0 0 1\n", "image/"),
        (b"OTTO\0\x0b\0\x80\0\3\0\x30CFF " + bytes(40), "application/vnd.ms-opentype"),
        (b"%!PS-Adobe-3.0\n(x) show\n", "application/postscript"),
        (b"#!/bin/sh\necho 1\n", "text/x-shellscript"),
        (b"<?php system($x);", "text/x-php"),
    ],
)
def test_what_is_another_format_stays_it(sniffer: Sniffer, content: bytes, kind: str) -> None:
    assert sniffer.detect(content).startswith(kind)


@pytest.mark.parametrize(
    ("behind", "is_pdf"),
    [
        (" could not be opened, it is an object of the case.", False),
        ("\nEr fil är skadad. Objekt 12 saknas.", False),
        ("\n1 0 obj<</Type/Catalog>>endobj", True),
        ("\n1 0obj<<>>", True),
        ("\n1 0 %\nobj\n<<>>", True),
    ],
)
def test_a_letter_that_names_pdf_is_no_pdf(behind: str, is_pdf: bool) -> None:
    content = f"Hej, filen med %PDF-1.7{behind}\n".encode()
    assert is_polyglot(TEXT, content) is is_pdf
