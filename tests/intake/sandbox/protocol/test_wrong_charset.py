"""Hold that text is read in its own letters where a Latin charset was declared for it wrongly.

And that no word of a language of Latin letters, declared as it is, is ever read otherwise.
"""

import random
import unicodedata

import pytest

from intake.inspection.findings import sentence
from intake.sandbox.protocol.charsets import codec_of
from intake.sandbox.protocol.decoding import offers, read
from intake.sandbox.protocol.text import header_text
from tests.support.growth.measure import is_linear

WESTERN = ("iso-8859-1", "windows-1252", "us-ascii", "iso-8859-15")
URGENT_ARABIC = "عاجل جدا! أرجو منكم الاتصال بالعميل رقم الملف 123"
LETTERS = [
    (URGENT_ARABIC, "cp1256"),
    (URGENT_ARABIC, "iso8859-6"),
    (URGENT_ARABIC, "utf-8"),
    ("سلام، گذرنامه و مدارک پزشکی را فرستادم", "utf-8"),
    ("سلام، مدارك او را براي شما فرستادم، فوري است", "cp1256"),
    ("Здравствуйте, срочно! Паспорт у хозяина", "cp1251"),
    ("Здравствуйте, срочно! Паспорт у хозяина", "koi8-r"),
    ("Здравствуйте, срочно! Паспорт у хозяина", "iso8859-5"),
    ("Здравствуйте, срочно! Паспорт у хозяина", "utf-8"),
    ("Добрий день! Надсилаю документи Олени.", "koi8-u"),
    ("שלום, אני רוצה לחזור הביתה. מצורף דרכון", "cp1255"),
    ("שלום, אני רוצה לחזור הביתה. מצורף דרכון", "iso8859-8"),
    ("Καλημέρα, επείγον! Στέλνω το διαβατήριο", "cp1253"),
    ("สวัสดีค่ะ ดิฉันต้องการความช่วยเหลือด่วน", "cp874"),
    ("สวัสดีค่ะ ดิฉันต้องการความช่วยเหลือด่วน", "utf-8"),
    ("您好，我需要帮助，请给我打电话。附件是我的护照。", "gb18030"),
    ("안녕하세요 도움이 필요합니다 서류를 보내 드립니다", "cp949"),
]
FEW_WORDS = [
    ("عاجل", "cp1256"),
    ("مستعجل", "cp1256"),
    ("السلام عليكم", "cp1256"),
    ("Привет", "cp1251"),
    ("СРОЧНО", "cp1251"),
    ("срочно", "koi8-r"),
    ("Срочно: паспорт", "koi8-r"),
    ("ด่วน", "cp874"),
    ("ช่วยด้วย", "cp874"),
    ("דחוף מאוד", "cp1255"),
    ("επείγον", "cp1253"),
]
# Words as people write them, and what is all letters beyond ASCII in some language.
WORDS = {
    "sv": "för Åsa är på väg öar å ö åäö ÅÄÖ MILJÖ VÄXJÖ PÅ ÄR själv sjuårig blåögd kaféägare idé",
    "fi": "hyvää päivää yö työ hääyö työäänestys äiti öljy ÄITI YÖTYÖ Öö kääntäjä Åbo",
    "fr": "été où à créée çà né là ÉTÉ À œuvre l’été Noël naïve aiguë garçon sœur",
    "de": "Spaß groß für Öl ÄÖÜ äöüß Füße MÜLL Übergröße heißen Grüße",
    "da": "ÆØÅ æøå ø å øl børn værelse går på ØL rådgivning",
    "is": "þú það óþýð þó áð óð æði ógæfa ÞAÐ þýðing",
    "es": "¿Qué mañana año niño señora ¡Ayúdame! teléfono ÑANDÚ pingüino n.º",
    "pt": "não coração ações à é ÔNIBUS português avó pão",
    "it": "perché è più àèìòù ÀÈÌÒÙ città sarà",
    "et": "jäääär öö õu õunapuu ÖÖ kuuüür",
    "tr": "çocuğum İş ağaç şöyle öğüş İÇ üç",
    "pl": "żółć źle łódź CZĘŚĆ dzień zażółć gęślą jaźń ŻÓŁĆ",
    "cs": "příloha žluťoučký kůň úpěl ČÍSLO šíře VÝŠKA",
    "so": "Waan ku salaamayaa caawimaad baan rabaa fadlan",
}
CHARSETS = {
    "tr": ("windows-1254", "iso-8859-9"),
    "pl": ("windows-1250", "iso-8859-2"),
    "cs": ("windows-1250", "iso-8859-2"),
}
VIETNAMESE = [
    *("Xin", "chào", "tôi", "cần", "giúp", "đỡ", "đề", "đó", "ở", "ấy", "Ông", "chị", "đã"),
    *("gửi", "hộ", "chiếu", "VIỆT", "NAM"),
]
# What the other parts of a mail in Swedish may be in, which names a person of elsewhere.
ELSEWHERE = ("cp1251", "koi8-u", "cp1256", "cp1255", "cp1253", "cp874")
AROUND = (
    "{}",
    "{}.",
    "“{}”",
    "{}…",
    "– {}",
    "{}–",
    "{}, € 50",
    "«{}»",
    "({})",
    "l’{}",
    "„{}“",
    "{}\u00a0",
)


def in_vietnamese(word: str) -> bytes:
    """Write a word in windows-1258, which has the marks of tones as characters of their own."""
    written = ""
    for letter in unicodedata.normalize("NFC", word):
        base, *marks = list(unicodedata.normalize("NFD", letter))
        kept = [mark for mark in marks if mark in "\u0302\u0306\u031b"]
        tones = [mark for mark in marks if mark not in kept]
        written += unicodedata.normalize("NFC", "".join((base, *kept))) + "".join(tones)
    return written.encode("cp1258")


@pytest.mark.parametrize("declared", WESTERN)
@pytest.mark.parametrize(("text", "codec"), LETTERS)
def test_letter_is_read_in_its_own_letters_whatever_was_declared(
    text: str, codec: str, declared: str
) -> None:
    content = text.encode(codec)

    found = read(content, declared)

    assert found.text == text
    taken = found.codec.replace("-", "_")
    assert found.findings(declared) == {f"charset_differs:{taken}"}
    offered = offers(content, found)
    # What is UTF-8 for certain could only be meant in the charset that was declared.
    only_declared = set() if declared == "us-ascii" else {f"charset_offer_1:{_noted(declared)}"}
    assert offered == only_declared if codec == "utf-8" else offered


def _noted(declared: str) -> str:
    codec = codec_of(declared)
    assert codec is not None
    return codec.replace("-", "_")


@pytest.mark.parametrize("declared", WESTERN)
@pytest.mark.parametrize(("text", "codec"), FEW_WORDS)
def test_few_words_are_enough(text: str, codec: str, declared: str) -> None:
    assert read(text.encode(codec), declared).text == text
    encoded = "".join(f"={byte:02X}" for byte in text.encode(codec))
    assert header_text(f"=?{declared}?q?{encoded}?=".encode()) == text


@pytest.mark.parametrize("declared", WESTERN)
def test_page_that_names_the_wrong_charset_itself_is_read_in_its_own(declared: str) -> None:
    for text, codec in LETTERS:
        page = f'<html><meta charset="{declared}"><p>'.encode() + text.encode(codec)
        for said in ("", declared):
            found = read(page, said, is_markup=True)

            assert found.text.endswith(text)
            is_said = any(each.startswith("charset_differs:") for each in found.findings(said))
            assert is_said or (codec == "utf-8" and not said)


def test_page_names_its_charset_where_the_mail_names_a_wrong_one() -> None:
    page = b'<meta charset="windows-1256">' + URGENT_ARABIC.encode("cp1256")

    assert read(page, "iso-8859-1", is_markup=True).text.endswith(URGENT_ARABIC)


@pytest.mark.parametrize("language", sorted(WORDS))
def test_words_of_latin_letters_are_read_as_declared(language: str) -> None:
    some = random.Random(12)
    words = WORDS[language].split()
    texts = [around.format(word) for word in words for around in AROUND]
    texts += [
        " ".join(some.choices(words, k=count)) for count in (2, 3, 3, 12, 60) for _ in range(40)
    ]
    changed: list[object] = []
    for declared in CHARSETS.get(language, ("iso-8859-1", "windows-1252", "iso-8859-15")):
        for text in {*texts, *map(str.upper, texts)}:
            codec = "cp1252" if declared == "iso-8859-1" else declared
            content = text.encode(codec, "ignore")
            found = read(content, declared)
            if found.text != content.decode(codec) or found.findings(declared):
                changed.append((text, declared, found))
            if read(content, declared, near=ELSEWHERE).text != found.text:
                changed.append((text, declared, ELSEWHERE))

    assert changed == []


def test_words_of_vietnamese_are_read_as_declared() -> None:
    some = random.Random(12)
    texts = [
        *VIETNAMESE,
        *(" ".join(some.choices(VIETNAMESE, k=k)) for k in (2, 3, 30) for _ in "123"),
    ]
    for text in (*texts, *map(str.upper, texts)):
        content = in_vietnamese(text)
        found = read(content, "windows-1258")

        assert (found.text, found.findings("windows-1258")) == (content.decode("cp1258"), set())


@pytest.mark.parametrize(
    ("text", "declared"),
    [("MILJÖ…", "iso-8859-1"), ("PÅ\u00a0", "iso-8859-1"), ("Spaß”", "windows-1252"),
     ("groß…", "iso-8859-1"), ("CZĘŚCI", "windows-1250"), ("NÜŠU", "windows-1252"),
     ("VÝŠE", "iso-8859-2")],
)  # fmt: skip
def test_letters_that_are_utf8_by_chance_are_read_as_declared(text: str, declared: str) -> None:
    codec = "cp1252" if declared == "iso-8859-1" else declared

    assert read(text.encode(codec), declared).text == text


@pytest.mark.parametrize("text", ["Škoda", "Ö", "på", "SJÖ…", "MILJÖ", "“Ja”", "CZĘŚCI"])
@pytest.mark.parametrize("declared", ["iso-8859-1", "iso-8859-15"])
def test_words_that_are_utf8_are_read_so(text: str, declared: str) -> None:
    assert read(text.encode(), declared).text == text


@pytest.mark.parametrize(
    "text", ["Hej, Åsa kommer på måndag.", "Öberg", "Ängsväg 3", "Dziękuję, Łucja", "Śląsk"]
)
@pytest.mark.parametrize(
    "declared", ["windows-1250", "windows-1254", "windows-1257", "windows-1258", "iso-8859-9"]
)
def test_few_words_in_utf8_are_not_torn_into_other_letters(text: str, declared: str) -> None:
    found = read(text.encode(), declared)

    assert (found.text, found.findings(declared)) == (text, {"charset_differs:utf_8"})


@pytest.mark.parametrize(
    "content", [b"\xd8\xe6\xb3\xfe\xaa", "za³¹czam pro¶bê, mo¿e".encode("cp1252")]
)
def test_what_cannot_be_told_is_kept_and_said(content: bytes) -> None:
    found = read(content, "iso-8859-1")

    if found.codec == "cp1252":
        assert found.findings("iso-8859-1") == {"charset_doubtful:cp1252"}
        assert "no words of a known language" in sentence("charset_doubtful:cp1252")
    assert found.findings("iso-8859-1")


@pytest.mark.parametrize(
    ("text", "codec"), [("Да", "cp1251"), ("کمک", "cp1256"), ("לא", "cp1255"), ("لا", "cp1256")]
)
def test_of_a_short_word_that_tells_nothing_it_is_said_how_it_was_read(
    text: str, codec: str
) -> None:
    content = text.encode(codec)
    found = read(content, "iso-8859-1")

    assert found.findings("iso-8859-1") == {"charset_doubtful:cp1252"}
    assert offers(content, found)


def test_other_letters_behind_much_ascii_are_found() -> None:
    text = "<p>x</p>" * 50_000 + URGENT_ARABIC

    assert read(text.encode("cp1256"), "iso-8859-1").text == text


@pytest.mark.parametrize(
    "piece", ["\xe5", "\xe5\xe4 ", "a\xe5", "\xcf\xf0 ", "\xd6\x85", "\xb3\xb9", "A"]
)
def test_looking_at_a_declaration_takes_linear_time(piece: str) -> None:
    def work(text: str) -> object:
        return read(text.encode("latin-1"), "iso-8859-1")

    assert is_linear(work, lambda size: piece * (size // len(piece)), 2_000_000)
