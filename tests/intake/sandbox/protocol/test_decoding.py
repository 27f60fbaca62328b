"""Hold how a text is read: as declared where that fits, else by evidence, and what is said."""

import pytest

from intake.sandbox.protocol.charset_evidence import candidates, choose_codec, codecs_for
from intake.sandbox.protocol.decoding import offers, read, read_in

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
HEBREW = "שלום, אני רוצה לחזור הביתה. מצורף דרכון"
LITHUANIAN = "Laba diena, siunčiu prašymą dėl grįžimo į namus, ačiū"
KOREAN = "안녕하세요 도움이 필요합니다 서류를 보내 드립니다"


@pytest.mark.parametrize(
    ("text", "codec"),
    [(SWEDISH, "cp1252"), (SWEDISH, "cp850"), (SWEDISH, "mac-roman"), ("Remiss Åsa", "cp1252")]
    + [(text, codec) for text in (UKRAINIAN, RUSSIAN, "ПАСПОРТ РОССИЙСКАЯ ФЕДЕРАЦИЯ", "Документ")
       for codec in ("cp1251", "koi8-u", "cp866", "mac-cyrillic")
       if text is not UKRAINIAN or codec != "cp866"]
    + [(ARABIC, "cp1256"), (ARABIC, "iso8859-6"), (THAI, "cp874"), (TURKISH, "cp1254")]
    + [(text, codec) for text in (ROMANIAN, POLISH) for codec in ("cp1250", "iso8859-2")]
    + [(HEBREW, codec) for codec in ("cp1255", "iso8859-8", "cp862")] + [(LITHUANIAN, "cp1257")]
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
    "text",
    [
        "I hope you’ll come. It’s the end…",
        "She said “yes” and left … then – later",
        "Hej! Jag heter Anna – och jag undrar",
        "• Remiss\r\n• Samtycke\r\n",
        "Don’t",
        "Hello\u00a0there, my friend",
        "Kostnad: € 50",
        "38,5 °C ± 0,2",
        "© 2026 Region Nord",
        "Lag 2017:527, 3 kap. 5 §",
        "« citat »",
        "Remissen gäller 5 § – se “bilaga”",
    ],
)
def test_signs_beside_ascii_words_are_signs_and_no_letters(text: str) -> None:
    for declared in ("", "us-ascii"):
        assert read(text.encode("cp1252"), declared).text == text


@pytest.mark.parametrize(
    "content", [b"Hej\x80AKUT\x80", b"Hej \xc3 AKUT", b"AKUT\xc3", b"A\x81KUT"]
)
def test_a_stray_byte_in_ascii_costs_one_character(content: bytes) -> None:
    found = read(content, "utf-8")

    assert found.text == content.decode("utf-8", "replace")
    assert (found.codec, found.evidence) == ("utf-8", "declared")
    assert found.findings("utf-8") == {"charset_bad_bytes"}


@pytest.mark.parametrize(
    ("content", "text"),
    [
        (b"f\xf6r", "för"),
        (b"don\x92t", "don’t"),
        (b"Hon AKUT\x96 ring", "Hon AKUT– ring"),
        (b"Hej \x96 AKUT", "Hej – AKUT"),
    ],
)
def test_a_few_bytes_that_read_well_are_believed(content: bytes, text: str) -> None:
    assert read(content, "utf-8").text == text


@pytest.mark.parametrize(
    ("content", "text"),
    [
        (b"Hon AKUT\x96 ring", "Hon AKUT– ring"),
        (b"AKUT\x85", "AKUT…"),
        (b"\x93AKUT\x94", "“AKUT”"),
        (b"AKUT\x92s", "AKUT’s"),
        (b"PASS\x95", "PASS•"),
        (b"P\xc5 V\xc4G", "PÅ VÄG"),
    ],
)
def test_signs_beside_capitals_are_signs(content: bytes, text: str) -> None:
    assert read(content).text == text


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


@pytest.mark.parametrize(
    ("text", "codec", "alone"),
    [
        ("여권", "cp949", "cp949"),
        ("護照", "big5", "koi8-u"),
        ("姓名;年龄\n王芳;30", "gb18030", "cp949"),
        ("パスポート", "cp932", "mac-roman"),
        ("דרכון", "cp1255", "cp1255"),
        ("Příjmení;Jméno\nNovák;Jiří", "cp1250", "cp1252"),
        ("Šokolāde", "cp1257", "cp1254"),
    ],
)
def test_few_words_are_read_in_the_charset_of_the_other_parts(
    text: str, codec: str, alone: str
) -> None:
    content = text.encode(codec)

    found = read(content, near=[codec])

    assert read(content).codec == alone
    assert (found.text, found.codec) == (text, codec)
    assert found.findings("") == {f"charset_as_others:{codec}"}


@pytest.mark.parametrize("near", ["cp1251", "cp1255", "gb18030", "cp1257", "cp866"])
@pytest.mark.parametrize("text", [SWEDISH, "Åsa Öberg"])
def test_charset_of_the_other_parts_is_not_taken_where_the_text_does_not_read_in_it(
    text: str, near: str
) -> None:
    assert read(text.encode("cp1252"), near=[near]).text == text


@pytest.mark.parametrize(
    ("text", "codecs"),
    [
        ("Re: Олена", {"cp1251", "koi8-u", "cp866", "mac-cyrillic", "iso8859-5"}),
        ("שלום", {"cp1255", "iso8859-8", "cp862"}),
        ("Łukasz Żółw", {"cp1250", "iso8859-2", "cp852"}),
        ("안녕하세요", {"cp949"}),
        ("Elena", set()),
        ("🙂 — “”", set()),
    ],
)
def test_letters_of_other_parts_say_which_charsets_are_near(text: str, codecs: set[str]) -> None:
    found = codecs_for(text)

    assert found == codecs or (codecs and codecs <= found <= codecs | {"gb18030"})


def test_other_readings_are_offered_where_the_charset_was_guessed() -> None:
    content = UKRAINIAN.encode("koi8-u")

    found = sorted(offers(content, read(content)))

    assert 1 <= len(found) <= 5
    assert found[0].startswith("charset_offer_1:")
    assert not any(each.endswith(":koi8_u") for each in found)
    texts = [content.decode(each.partition(":")[2], "replace") for each in found]
    assert len(set(texts)) == len(texts)


@pytest.mark.parametrize(
    ("content", "declared", "is_offered"),
    [
        (b"plain", "", False),
        (SWEDISH.encode(), "", False),
        (SWEDISH.encode("cp1252"), "iso-8859-1", False),
        (UKRAINIAN.encode("cp1251"), "iso-8859-1", True),
        (UKRAINIAN.encode("cp1251"), "", True),
        (UKRAINIAN.encode("cp1251"), "utf-8", True),
        (UKRAINIAN.encode("koi8-u"), "koi8-u", False),
        (CHINESE.encode("gb18030") + b"\xff", "euc-jp", True),
    ],
)
def test_nothing_is_offered_where_the_charset_is_sure(
    content: bytes, declared: str, is_offered: bool
) -> None:
    assert bool(offers(content, read(content, declared))) == is_offered


def test_every_reading_of_a_small_collection_is_taken_or_offered() -> None:
    missing = []
    for text, codecs in (
        (SWEDISH, "cp1252 cp850 mac-roman"), (KOREAN, "cp949"),
        (RUSSIAN, "cp1251 koi8-u cp866 mac-cyrillic iso8859-5"),
        (ARABIC, "cp1256 iso8859-6 cp720"), (HEBREW, "cp1255 iso8859-8 cp862"), (THAI, "cp874"),
        (POLISH, "cp1250 iso8859-2 cp852"), (TURKISH, "cp1254"), (LITHUANIAN, "cp1257"),
        (CHINESE, "gb18030"), (JAPANESE, "cp932 euc-jp"),
    ):  # fmt: skip
        for codec in codecs.split():
            content = text.encode(codec, "replace")
            found = read(content)
            others = [each.partition(":")[2] for each in offers(content, found)]
            if content.decode(codec) not in {
                content.decode(each, "replace") for each in (found.codec, *others)
            }:
                missing.append((codec, text))

    assert missing == []


def test_what_an_officer_chose_binds() -> None:
    found = read_in(b"\xef\xbb\xbf" + SWEDISH.encode(), "koi8-u")

    assert found.text == SWEDISH.encode().decode("koi8-u")
    assert found.findings("utf-8") == set()
    assert read_in(b"p\xc3", "utf-8").text == "p\ufffd"


def test_likeliest_is_one_of_what_is_offered() -> None:
    offered = set(candidates())

    contents = (bytes(range(128, 256)), b"", b"\xff" * 9)

    assert {choose_codec(content) for content in contents} <= offered


@pytest.mark.parametrize("declared", ["", "utf-8", "us-ascii"])
def test_thai_of_an_old_program_is_read_though_some_pairs_fit_utf8(declared: str) -> None:
    thai = "สวัสดีค่ะ ขอเอกสารของผู้หญิง ใจดี ที่ต้องการกลับประเทศ กรุณาติดต่อกลับด่วน ขอบคุณค่ะ"

    found = read(thai.encode("cp874"), declared)

    assert (found.text, found.codec) == (thai, "cp874")
