"""Hold that texts and names of winmail.dat are read in the code page that they are in."""

import struct

import pytest

from tests.intake.sandbox.conftest import ProbedJail
from tests.intake.sandbox.containers.unpacking import contents, unpack
from tests.samples.files.outlook import BINARY, BODY, HTML, NUMBER, TEXT, tnef

OLD_TEXT = 0x001E
PAGE_CODE = 0x3FDE
LETTERS = [
    ("Срочно! Паспорт у хозяина.", "Паспорт.pdf", "cp1251", 1251),
    ("Срочно! Паспорт у хозяина.", "Паспорт.pdf", "koi8-u", 21866),
    ("عاجل جدا! أرجو الاتصال", "جواز السفر.pdf", "cp1256", 1256),
    ("عاجل جدا! أرجو الاتصال", "جواز السفر.pdf", "iso8859-6", 28596),
    ("שלום, אני רוצה לחזור הביתה", "דרכון.pdf", "cp1255", 1255),
    ("Wyjeżdża jutro, źle się czuje", "Zaświadczenie żony.pdf", "cp1250", 1250),
    ("Καλημέρα, επείγον", "Διαβατήριο.pdf", "cp1253", 1253),
    ("您好，我需要帮助", "护照.pdf", "gb18030", 936),
    ("Hon är på väg", "Ansökan.pdf", "cp1252", 1252),
]


def number(value: int) -> bytes:
    """Return a number as a property holds it."""
    return struct.pack("<L", value)


@pytest.mark.parametrize(("text", "name", "codec", "page"), LETTERS)
def test_winmail_is_read_in_its_code_page(
    jail: ProbedJail, text: str, name: str, codec: str, page: int
) -> None:
    old = [(OLD_TEXT, BODY, text.encode(codec))]

    for content in (
        tnef(text, {name: b"%PDF-"}, code_page=page, codec=codec),
        tnef("", {name: b"%PDF-"}, code_page=page, codec=codec, values=old),
    ):
        opened = unpack(jail, content)

        assert opened.body_text == text
        assert contents(opened)[name] == b"%PDF-"


@pytest.mark.parametrize(("text", "name", "codec", "page"), LETTERS)
def test_page_in_winmail_is_in_a_code_page_of_its_own(
    jail: ProbedJail, text: str, name: str, codec: str, page: int
) -> None:
    markup = f"<p>{text}</p>".encode(codec)
    values = [(NUMBER, PAGE_CODE, number(page)), (BINARY, HTML, markup)]

    opened = unpack(jail, tnef("", {}, code_page=1252, values=values))

    assert opened.body_text == text


@pytest.mark.parametrize(("text", "name", "codec"), [each[:3] for each in LETTERS[:5]])
def test_code_page_that_is_said_wrongly_costs_nothing(
    jail: ProbedJail, text: str, name: str, codec: str
) -> None:
    old = [(OLD_TEXT, BODY, text.encode(codec))]

    opened = unpack(jail, tnef("", {name: b"%PDF-"}, code_page=1252, codec=codec, values=old))

    assert opened.body_text == text
    assert contents(opened)[name] == b"%PDF-"


def test_text_in_unicode_is_read_as_it_is(jail: ProbedJail) -> None:
    values = [(TEXT, BODY, "Åsa är här".encode("utf-16-le"))]

    assert unpack(jail, tnef("", {}, code_page=1251, values=values)).body_text == "Åsa är här"


def test_byte_that_is_in_no_code_page_costs_one_letter(jail: ProbedJail) -> None:
    values = [(OLD_TEXT, BODY, b"Hon \x81r p\xe5 v\xe4g"), (OLD_TEXT, 0x0037, b"\x81")]

    opened = unpack(jail, tnef("", {"a.pdf": b"%PDF-"}, code_page=1252, values=values))

    assert opened.body_text == "Hon \ufffdr på väg"
    assert contents(opened)["a.pdf"] == b"%PDF-"
