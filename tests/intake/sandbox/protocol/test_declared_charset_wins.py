"""Hold that a text in the charset that it declares is read in it, though its bytes are UTF-8 too.

Of the everyday signs of Chinese many a pair is a pair of letters of UTF-8, which no language
writes side by side. And UTF-8 under the same names is read as UTF-8 all the same.
"""

import random

import pytest

from intake.sandbox.mail.message import open_mail
from intake.sandbox.protocol.decoding import offers, read
from intake.sandbox.protocol.text import doubts_in, header_text

# All of these are UTF-8 in the charset that is named.
WORDS = {
    "gb2312": "住院 住址 头痛 女士 太太 爷爷 女童 同学 学院 实习 失业 为什么 没什么 违约 胃痛 欠债"
    " 骗钱 谋杀 拳头 营业 农药 漏水 谢谢 一 没 统一 医药",
    "gbk": "预约 医院 停止 系统 姚薇 叶芸 袁援",
    "big5": "覺 議 警覺 翻譯 聽覺",
    "euc-jp": "友達 動物 有名 発表",
    "euc-kr": "책 철 천천 청첩 혹 확",
    "shift_jis": "ﾘｻ",
    "tis-620": "รถ ลด ลง สด วง หก รบ",
}
AROUND = (
    "{}", "{}.", "Re: {}", "OK{}", "{}OK", "Eva {}", "{} {}", "{}\r\n\r\nMvh Eva", "1. {}",
    "(Anna){}!",
)  # fmt: skip
# What stands beside a Latin word without a blank, as in Chinese and Thai, and makes none with it.
BESIDE = [
    ("gb2312", "Anna医院"), ("gb2312", "医院Anna"), ("gb2312", "Thanks谢谢 Eva"),
    ("gbk", "email没"), ("gb2312", "App一直 OK"), ("tis-620", "OKลง"),
    ("tis-620", "emailลด"), ("tis-620", "รถ taxi"),
    ("windows-1251", "aНі"), ("windows-1251", "OKНі, Ті"), ("big5", "OK警覺"),
    ("euc-jp", "Anna友達"), ("euc-kr", "OK책"),
]  # fmt: skip
UTF8 = (
    "på", "två", "miljö", "Ö", "é", "Ñ", "Jag har läst det på svenska", "Jeg har plantet et træ",
    "да", "он", "дом", "но", "один", "Нет", "и", "Тв", "να", "και", "με", "δεν", "لا", "من", "נא",
    "כן", "aquí", "są", "Łódź", "Việt", "ძმა", "մայր", "ስም", "นะ", "好", "예", "はい", "Ольга",
    "OKда", "a\u030ar", "50 €", "Tack 👍",
)  # fmt: skip


@pytest.mark.parametrize("declared", sorted(WORDS))
@pytest.mark.parametrize("around", AROUND)
def test_words_that_are_utf8_by_chance_are_read_as_declared(around: str, declared: str) -> None:
    changed: list[object] = []
    for word in WORDS[declared].split():
        text = around.format(word, word)
        content = text.encode(declared)
        if any(byte > 0x7F for byte in content):
            content.decode()  # it is UTF-8
        if read(content, declared).text != text:
            changed.append((text, read(content, declared).text))

    assert changed == []


@pytest.mark.parametrize(("declared", "text"), BESIDE)
def test_words_beside_latin_ones_are_read_as_declared(text: str, declared: str) -> None:
    content = text.encode(declared)
    content_in_word = "".join(f"={byte:02X}" for byte in content)

    assert read(content, declared).text == text
    assert header_text(f"=?{declared}?q?{content_in_word}?=".encode()) == text


@pytest.mark.parametrize("declared", sorted(WORDS))
def test_several_such_words_are_read_as_declared_too(declared: str) -> None:
    some = random.Random(5)
    words = WORDS[declared].split()
    changed: list[object] = []
    for count in (2, 3, 4, 6, 9):
        for _ in range(80):
            text = some.choice((" ", ", ", "", "\r\n")).join(some.choices(words, k=count))
            found = read(text.encode(declared), declared)
            if found.text != text:
                changed.append((text, found.text))

    assert changed == []


@pytest.mark.parametrize("declared", ["gb2312", "gbk", "big5", "euc-jp", "shift_jis", "euc-kr"])
@pytest.mark.parametrize("text", UTF8)
def test_short_utf8_under_these_names_is_still_read_as_utf8(text: str, declared: str) -> None:
    found = read(text.encode(), declared)

    # One letter may be a sign of Korean or Chinese as well.
    assert found.text == text or (len(text) == 1 and offers(text.encode(), found))


def test_other_reading_is_noted_and_offered() -> None:
    content = "头痛 谢谢".encode("gb2312")
    found = read(content, "gb2312")

    assert found.findings("gb2312") == {"charset_either:gb18030"}
    assert offers(content, found) == {"charset_offer_1:utf_8"}
    assert doubts_in(b"=?gb2312?b?zbfNtA==?=") == {"unknown_charset"}


@pytest.mark.parametrize(
    ("value", "is_wrong"),
    [
        ("=?windows-1251?b?0JTQvtCx0YDQuNC5INC00LXQvdGM?=", True),
        ("=?gb2312?q?Fr=C3=A5ga_p=C3=A5_svenska?=", True),
        ("=?iso-8859-1?q?Fr=C3=A5ga?=", True),
        ("=?utf-8?q?Fr=C3=A5ga?=", False),
        ("=?us-ascii?q?Hello?=", False),
        ("=?iso-8859-1?q?Fr=E5ga?=", False),
        ("=?gb2312?b?ztK1xLuk1dU=?=", False),
        ("Fråga", False),
        ("Hej", False),
    ],
)  # fmt: skip
def test_header_read_in_another_charset_than_declared_is_noted(value: str, is_wrong: bool) -> None:
    assert doubts_in(value.encode()) == ({"wrong_charset"} if is_wrong else set())


@pytest.mark.parametrize(
    ("disposition", "name", "flags"),
    [
        (b'filename="=?gb2312?b?1KTUvA==?=.pdf"', "预约.pdf", ("unknown_charset",)),
        (b"filename*=gb2312''%D4%A4%D4%BC.pdf", "预约.pdf", ("unknown_charset",)),
        (b"filename*=gb2312''%BB%A4%D5%D5.pdf", "护照.pdf", ()),
        (b"filename*=gb2312''Fr%C3%A5ga.pdf", "Fråga.pdf", ("wrong_charset",)),
        (b"filename*=utf-8''Fr%C3%A5ga.pdf", "Fråga.pdf", ()),
        (b'filename="Fr\xe5ga.pdf"', "Fråga.pdf", ()),
        (b"filename=a.pdf", "a.pdf", ()),
    ],
)
def test_file_name_that_may_be_another_is_noted(
    disposition: bytes, name: str, flags: tuple[str, ...]
) -> None:
    raw = (
        b"From: a@example.org\r\nContent-Type: application/pdf\r\n"
        b"Content-Disposition: attachment; " + disposition + b"\r\n\r\n%PDF-"
    )

    opened = open_mail(raw)

    assert opened.leaves[0].claimed_name == name
    assert opened.flags == flags
