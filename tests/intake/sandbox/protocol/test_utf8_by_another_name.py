"""Hold that UTF-8 is read as UTF-8 under whichever name it came, and that nothing else is.

In the charsets of other scripts a letter and the sign behind it may be one letter of UTF-8: of such
words the declared charset is kept, it is said, and UTF-8 is offered.
"""

import random
from itertools import product

import pytest

from intake.inspection.findings import sentence
from intake.sandbox.protocol.charsets import codec_of
from intake.sandbox.protocol.decoding import offers, read
from intake.sandbox.protocol.text import doubts_in, header_text
from tests.support.growth.measure import is_linear

OTHERS = (
    *("windows-1251", "koi8-r", "koi8-u", "iso-8859-5", "cp866", "x-mac-cyrillic"),
    *("windows-1256", "iso-8859-6", "windows-1255", "iso-8859-8", "windows-1253", "iso-8859-7"),
    *("tis-620", "gb2312", "gbk", "big5", "big5-hkscs", "euc-kr", "shift_jis", "euc-jp", "johab"),
)
TEXTS = (
    "Вітаю, пані Ірино! Її документи додаю, дитина хвора.",
    "Здравствуйте",
    "مرحبا، أرفق لكم جواز سفر السيدة وأرجو الرد",
    "سلام، می\u200cخواهم به خانه برگردم",
    "Tjänsten är försenad; Märta väntar på svar.",
    "El niño está aquí",
    "ስልኪ ቁጽረይ ተቐይሩ ኣሎ",
    "ดิฉันอยากกลับบ้านค่ะ",
    "我想回家，请帮助我",
    "집에 가고 싶어요",
    "Möte kl 9 – ta med “passet”",
    "Tack 👍",
    "50 € till Ana",
)
# Whole words of the charset that are whole UTF-8 too.
EITHER = (
    ("Ні", "windows-1251"), ("В…", "windows-1251"), ("ці", "koi8-u"), ("её", "koi8-r"),
    ("ТА", "iso-8859-5"), ("سگ", "windows-1256"), ("เดก", "tis-620"), ("没说", "gb2312"),
    ("찾", "euc-kr"),
)  # fmt: skip
OWN_WORDS = {
    "windows-1251": "Ні Так В… Я Її Ви дякую «Ні» Добрий день СРОЧНО нет да Ті Ці ЇЇ",
    "koi8-u": "Ні ні ці Ці рік дякую ТАК НІ так Київ її Її є",
    "iso-8859-5": "ТА ТИ ХАТА Нет НЕТ СТОП Привет да УХОД СУП",
    "windows-1256": "سگ تک لا نعم تو سلام عاجل کمک گچ پا ہاں",
    "windows-1255": "לא כן שלום דחוף תודה",
    "windows-1253": "Ναι Όχι ΟΧΙ επείγον σπίτι",
    "tis-620": "รก มก เดก รัก ใช่ ไม่ เกม บ้าน ด่วน",
    "gb2312": "没 没说 没有 是 好 联通 请帮助 妹妹 说没说",
    "big5": "是 好 沒有 請幫忙 我想回家",
    "euc-kr": "찾 네 아니요 도움 집 음악 한국",
    "shift_jis": "はい いいえ 助けて ﾃｽﾄ",
    "euc-jp": "はい いいえ 助けて",
}


@pytest.mark.parametrize("declared", OTHERS)
@pytest.mark.parametrize("text", TEXTS)
def test_utf8_is_read_so_whatever_was_declared(text: str, declared: str) -> None:
    content = text.encode()
    found = read(content, declared)
    codec = codec_of(declared)
    assert codec is not None

    assert found.text == text
    assert found.findings(declared) == {"charset_differs:utf_8"}
    assert offers(content, found) == {f"charset_offer_1:{codec.replace('-', '_')}"}
    encoded = "".join(f"={byte:02X}" for byte in content)
    word = f"=?{declared}?q?{encoded}?=".encode()
    assert header_text(word) == text
    assert doubts_in(word) == {"wrong_charset"}


@pytest.mark.parametrize("declared", OTHERS)
def test_page_far_down_and_page_with_a_slip_are_read_so_too(declared: str) -> None:
    page = b"<p>x</p>" * 40_000 + TEXTS[0].encode()
    assert read(page, declared, is_markup=True).text.endswith(TEXTS[0])

    slip = read(TEXTS[0].encode() + b"\xff.", declared)
    assert slip.text == TEXTS[0] + "\ufffd."
    assert slip.findings(declared) == {"charset_differs:utf_8", "charset_bad_bytes"}


@pytest.mark.parametrize(("text", "declared"), EITHER)
def test_words_that_may_be_either_stay_as_declared_and_it_is_said(text: str, declared: str) -> None:
    codec = codec_of(declared)
    assert codec is not None
    content = text.encode(codec)
    found = read(content, declared)

    assert found.text == text
    said = f"charset_either:{codec.replace('-', '_')}"
    assert found.findings(declared) == {said}
    assert "different ones in UTF-8" in sentence(said)
    assert offers(content, found) == {"charset_offer_1:utf_8"}
    encoded = "".join(f"={byte:02X}" for byte in content)
    assert doubts_in(f"=?{declared}?q?{encoded}?=".encode()) == {"unknown_charset"}


@pytest.mark.parametrize("declared", sorted(OWN_WORDS))
def test_what_is_in_the_declared_charset_is_never_read_as_utf8(declared: str) -> None:
    some = random.Random(12)
    words = OWN_WORDS[declared].split()
    codec = codec_of(declared)
    assert codec is not None
    changed: list[object] = []
    for _, count in product(range(60), (1, 2, 3, 5, 20)):
        text = some.choice((" ", ", ", "\r\n")).join(some.choices(words, k=count))
        content = text.encode(codec)
        if read(content, declared).text != text:
            changed.append(text)

    assert changed == []


@pytest.mark.parametrize("piece", ["Ні ", "é", "\u0373", "a–", "中"])
def test_looking_for_utf8_takes_linear_time(piece: str) -> None:
    def work(text: str) -> object:
        return read(text.encode(), "windows-1251")

    assert is_linear(work, lambda size: piece * (size // len(piece)), 1_000_000)
