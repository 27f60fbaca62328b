"""Hold that the words of RTF are read in the charset of their font and of their document."""

import pytest

from intake.sandbox.office.rtf_text import text_of_rtf
from tests.support.growth.measure import is_linear

FONTS = rb"{\fonttbl{\f0\fswiss\fcharset0 Arial;}{\f1\fcharset204 Arial;}{\f2\fnil\fcharset178 A;}"
FONTS += rb"{\f3\fcharset238{\*\falt X}Calibri;}{\f4\fcharset222 T;}{\f5\fcharset134 S;}"
FONTS += rb"{\f6\fcharset177 H;}{\f7\fcharset161 G;}{\f8\fcharset0\cpg1251 C;}}"


def escaped(text: str, codec: str) -> bytes:
    """Return text as RTF writes it: each byte beyond ASCII by its number."""
    return b"".join(
        bytes([byte]) if byte < 128 else f"\\'{byte:02x}".encode() for byte in text.encode(codec)
    )


@pytest.mark.parametrize(
    ("font", "text", "codec"),
    [
        (0, "för Åsa", "cp1252"), (1, "Да", "cp1251"), (1, "паспорт", "cp1251"),
        (2, "جواز السفر", "cp1256"), (3, "żona, źle", "cp1250"), (4, "หนังสือ", "cp874"),
        (5, "护照", "gb18030"), (6, "דרכון", "cp1255"), (7, "ναι", "cp1253"), (8, "нет", "cp1251"),
    ],
)  # fmt: skip
def test_words_are_read_in_the_charset_of_their_font(font: int, text: str, codec: str) -> None:
    start = rb"{\rtf1\ansi\ansicpg1252\deff0" + FONTS + rb"\pard\plain Hej {\f%d " % font

    content = start + escaped(text, codec) + rb"} d\'e5\par " + rb"\f%d " % font
    content += escaped(text, codec) + rb"\plain  \'e5}"

    assert text_of_rtf(content) == f"Hej {text} då\n{text} å"


def test_default_font_is_that_of_the_document() -> None:
    content = rb"{\rtf1\ansi\deff1" + FONTS + escaped("Да", "cp1251") + b"}"

    assert text_of_rtf(content) == "Да"


@pytest.mark.parametrize(
    ("head", "text", "codec"),
    [
        (rb"\ansi\ansicpg1251", "Да, паспорт", "cp1251"),
        (rb"\ansi\ansicpg1256", "نعم", "cp1256"),
        (rb"\ansi\ansicpg28596", "جواز السفر", "iso8859-6"),
        (rb"\ansi\ansicpg65001", "جواز السفر", "utf-8"),
        (rb"\ansi\ansicpg20866", "паспорт", "koi8-r"),
        (rb"\ansi\ansicpg852", "żona", "cp852"),
        (rb"\pc", "för Åsa", "cp437"),
        (rb"\pca", "för Åsa", "cp850"),
        (rb"\mac", "för Åsa", "mac-roman"),
        (rb"\ansi", "Срочно! Паспорт у хозяина", "cp1251"),
        (rb"\ansi\ansicpg1252", "عاجل جدا! أرجو الاتصال", "cp1256"),
        (rb"\ansi\ansicpg99999", "för Åsa är på väg", "cp1252"),
        (rb"\ansi\ansicpg1200", "för Åsa är på väg", "cp1252"),
    ],
)
def test_words_are_read_in_the_charset_of_their_document(
    head: bytes, text: str, codec: str
) -> None:
    content = rb"{\rtf1" + head + rb"{\fonttbl{\f0\fcharset0 Arial;}}\f0 "

    assert text_of_rtf(content + escaped(text, codec) + b"}") == text
    assert text_of_rtf(content + text.encode(codec) + b"}") == text


def test_letters_of_unicode_and_their_fallback_are_one() -> None:
    content = rb"{\rtf1\ansi\ansicpg1251{\fonttbl{\f0\fcharset204 A;}}\f0\uc1 \u1044\'c4\u1072\'e0}"

    assert text_of_rtf(content) == "Да"


def test_names_of_fonts_are_no_words() -> None:
    assert text_of_rtf(rb"{\rtf1" + FONTS + rb"{\colortbl;\red0;}Hej}") == "Hej"


@pytest.mark.parametrize("unit", [b"\\f1 a", b"{\\f1 \\'c4}", b"{\\fonttbl{\\f1\\fcharset204 a;}}"])
def test_many_fonts_take_no_longer_than_the_file_is_long(unit: bytes) -> None:
    def work(text: str) -> object:
        return text_of_rtf(text.encode())

    start = "{\\rtf1" + FONTS.decode()
    assert is_linear(work, lambda size: start + unit.decode() * (size // len(unit)), 40_000)
