"""Hold that a text's language is returned when it is clear, and None when it is not."""

import pytest
from py3langid.langid import LanguageIdentifier

from intake.recognition.extraction.language import language_of, load_identifier

CLEAR = [
    ("sv", "Jag vill återvända till mitt hemland så snart som möjligt och behöver hjälp."),
    ("en", "I would like to return to my home country as soon as possible and need help."),
    ("ar", "أرغب في العودة إلى بلدي في أقرب وقت ممكن وأحتاج إلى مساعدة في السفر والوثائق"),
    ("fa", "من می‌خواهم هر چه زودتر به کشورم برگردم و برای سفر و مدارک به کمک نیاز دارم"),
    ("ckb", "دەمەوێت هەرچی زووە بگەڕێمەوە بۆ وڵاتەکەم و پێویستم بە یارمەتی هەیە بۆ گەشتەکە"),
    ("kmr", "Ez dixwazim di demek nêz de vegerim welatê xwe û ji bo rêwîtiyê alîkariyê dixwazim"),
    ("so", "Waxaan rabaa inaan sida ugu dhakhsaha badan ugu noqdo dalkeyga caawimaad"),
    ("am", "በተቻለ ፍጥነት ወደ ሀገሬ መመለስ እፈልጋለሁ እና ለጉዞው እርዳታ ያስፈልገኛል እባክዎን ይርዱኝ አመሰግናለሁ"),
    ("ti", "ብዝተኻእለ መጠን ናብ ሃገረይ ክምለስ እደሊ ኣለኹ ንጉዕዞ ድማ ሓገዝ የድልየኒ ኣሎ በጃኹም ሓግዙኒ"),
    ("uk", "Я хочу якнайшвидше повернутися на батьківщину і мені потрібна допомога"),
    ("th", "ฉันต้องการกลับประเทศบ้านเกิดโดยเร็วที่สุดและต้องการความช่วยเหลือในการเดินทาง"),
]
UNCLEAR = [
    "", "Hej", "123 456 789 " * 50, "XXXX QWRT PLKM ZZZZ BBBB CCCC DDDD EEEE FFFF GGGG HHHH JJJJ",
    "Chcę jak najszybciej wrócić do kraju i potrzebuję pomocy w podróży",
]  # fmt: skip


@pytest.fixture(scope="module")
def identifier() -> LanguageIdentifier:
    """Return the model, loaded once."""
    return load_identifier()


@pytest.mark.parametrize(("tag", "text"), CLEAR)
def test_clear_text_is_told(identifier: LanguageIdentifier, tag: str, text: str) -> None:
    assert language_of(text, identifier) == tag


@pytest.mark.parametrize("text", UNCLEAR)
def test_unclear_text_is_not_told(identifier: LanguageIdentifier, text: str) -> None:
    assert language_of(text, identifier) is None
