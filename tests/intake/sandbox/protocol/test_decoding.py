"""Hold how a text is read: as declared where that fits, else by evidence, and what is said."""

import pytest

from intake.sandbox.protocol.charset_evidence import candidates, choose_codec
from intake.sandbox.protocol.decoding import read

SWEDISH = "Hej, remiss för Åsa bifogas."
UKRAINIAN = "Добрий день! Надсилаю документи Олени. Вона не може повернутися додому."
RUSSIAN = "Здравствуйте, высылаю копию паспорта и справку из больницы"
ARABIC = "السلام عليكم، أرجو منكم الاتصال بالعميل رقم الملف 123"
ROMANIAN = "Bună ziua! Trimit documentele Ioanei. Vă rog să nu sunaţi acasă: soţul ascultă."
POLISH = "Dzień dobry, proszę o przesłanie zaświadczenia, żona się boi"
TURKISH = "Merhaba, çocuğum için başvuru yapıyorum, teşekkürler"
THAI = "สวัสดีค่ะ ดิฉันต้องการความช่วยเหลือ"
CHINESE = "您好，我需要帮助，请给我打电话。附件是我的护照。"
JAPANESE = "お世話になります。書類を送ります。"
KOREAN = "안녕하세요 도움이 필요합니다 서류를 보내 드립니다"


@pytest.mark.parametrize(
    ("text", "codec"),
    [(SWEDISH, "cp1252"), (SWEDISH, "cp850"), (SWEDISH, "mac-roman"), ("Remiss Åsa", "cp1252")]
    + [(text, codec) for text in (UKRAINIAN, RUSSIAN, "ПАСПОРТ РОССИЙСКАЯ ФЕДЕРАЦИЯ", "Документ")
       for codec in ("cp1251", "koi8-u", "cp866", "mac-cyrillic")
       if text is not UKRAINIAN or codec != "cp866"]
    + [(ARABIC, "cp1256"), (ARABIC, "iso8859-6"), (THAI, "cp874"), (TURKISH, "cp1254")]
    + [(text, codec) for text in (ROMANIAN, POLISH) for codec in ("cp1250", "iso8859-2")]
    + [(CHINESE, "gb18030"), (JAPANESE, "cp932"), (JAPANESE, "euc-jp"), (KOREAN, "cp949")],
)  # fmt: skip
def test_undeclared_text_is_read_in_the_charset_where_it_is_a_language(
    text: str, codec: str
) -> None:
    content = text.encode(codec, "replace")

    found = read(content, "unknown-8bit")

    assert found.text == content.decode(codec)
    assert found.findings("unknown-8bit") == {f"charset_undeclared:{found.codec.replace('-', '_')}"}


@pytest.mark.parametrize(
    ("text", "codec", "declared"),
    [
        (UKRAINIAN, "cp1251", "win-1251"),
        (ARABIC, "cp1256", "windows-1256"),
        (THAI, "cp874", "tis-620"),
        (JAPANESE, "iso2022-jp", "iso-2022-jp"),
        (KOREAN, "iso2022-kr", "ISO-2022-KR"),
        (CHINESE, "hz", "hz-gb-2312"),
        (SWEDISH, "utf-7", "utf-7"),
        (SWEDISH, "utf-16-le", "utf-16"),
        (SWEDISH, "utf-16-be", "utf-16"),
        (CHINESE, "utf-16-be", "utf-16be"),
        (SWEDISH, "utf-8", ""),
        ("plain", "ascii", "nonsense"),
    ],
)
def test_declared_text_is_read_as_declared_and_nothing_is_said(
    text: str, codec: str, declared: str
) -> None:
    found = read(text.encode(codec), declared)

    assert (found.text, found.findings(declared)) == (text, set())


@pytest.mark.parametrize(
    ("content", "declared", "text", "codes"),
    [
        # A bad byte costs one character, in every kind of charset.
        (ARABIC.encode() + b"\xff.", "utf-8", f"{ARABIC}\ufffd.", {"charset_bad_bytes"}),
        (ARABIC.encode() + b"\xff.", "", f"{ARABIC}\ufffd.", {"charset_bad_bytes"}),
        (THAI.encode("cp874") + b"\xff", "tis-620", f"{THAI}\ufffd", {"charset_bad_bytes"}),
        (CHINESE.encode("gbk") + b"\xff", "gbk", f"{CHINESE}\ufffd", {"charset_bad_bytes"}),
        # Most of it is not in what was declared.
        (SWEDISH.encode("cp1252"), "utf-8", SWEDISH, {"charset_differs:cp1252"}),
        (UKRAINIAN.encode("cp1251"), "us-ascii", UKRAINIAN, {"charset_differs:cp1251"}),
        (UKRAINIAN.encode(), "iso-8859-1", UKRAINIAN, {"charset_differs:utf_8"}),
        (UKRAINIAN.encode("utf-16"), "utf-8", UKRAINIAN, {"charset_differs:utf_16_le"}),
        # Nobody declared it, and the content says it itself.
        (JAPANESE.encode("iso2022-jp"), "", JAPANESE, set()),
        (KOREAN.encode("iso2022-kr"), "", KOREAN, set()),
        (b"\xef\xbb\xbfa", "", "a", set()),
        (UKRAINIAN.encode("utf-16-le"), "", UKRAINIAN, {"charset_undeclared:utf_16_le"}),
    ],
)
def test_what_was_taken_in_place_of_the_declaration_is_said(
    content: bytes, declared: str, text: str, codes: set[str]
) -> None:
    found = read(content, declared)

    assert (found.text, found.findings(declared)) == (text, codes)


@pytest.mark.parametrize(
    "head",
    [
        b'<meta charset="windows-1251">',
        b'<META http-equiv="Content-Type" content="text/html; charset=windows-1251">',
        b'<?xml version="1.0" encoding="windows-1251"?>',
    ],
)
@pytest.mark.parametrize("declared", ["", "us-ascii", "unknown-8bit", "utf-8"])
def test_page_says_its_charset_itself_where_no_other_fits(head: bytes, declared: str) -> None:
    content = head + UKRAINIAN.encode("cp1251")

    found = read(content, declared, is_markup=True)

    assert found.text.endswith(UKRAINIAN)


def test_declaration_of_the_mail_goes_before_that_of_the_page() -> None:
    content = b'<meta charset="koi8-r">' + UKRAINIAN.encode("cp1251")

    assert UKRAINIAN in read(content, "windows-1251", is_markup=True).text


@pytest.mark.parametrize(
    ("content", "declared"),
    [
        (b"#!/bin/sh\nrm -rf /tmp/x\n", "utf-16"),  # never shown as Chinese
        (b"#!/bin/sh\nrm -rf /tmp/x\n", "utf-32"),
        (b"\x1b[31mred\x1b]0;title\x07", "iso-2022-jp"),
    ],
)
def test_no_declaration_hides_what_the_bytes_are(content: bytes, declared: str) -> None:
    found = read(content, declared)

    assert found.text == content.decode("cp1252", "replace")


@pytest.mark.parametrize(
    "content",
    [
        b"\xff" * 50_000,
        b"\x80a" * 50_000,
        b"\xe3\x81" * 50_000,
        b"\xa4\xa2\n" * 50_000,
        b"<meta " * 50_000,
        b"\0\xd8" * 50_000,
    ],
)
def test_hostile_bytes_become_a_text_of_no_more_characters(content: bytes) -> None:
    for declared in ("", "utf-16", "iso-2022-jp", "utf-7", "gbk", "windows-1258"):
        assert len(read(content, declared, is_markup=True).text) <= len(content)


def test_likeliest_is_one_of_what_is_offered() -> None:
    offered = set(candidates())

    contents = (bytes(range(128, 256)), b"", b"\xff" * 9)

    assert {choose_codec(content) for content in contents} <= offered
