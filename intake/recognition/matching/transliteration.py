"""Write names of other scripts in Latin letters, roughly and always in the same way.

The result is for comparing, never for showing: Arabic writes no short vowels, so they are missing
in it.
"""

import re
import unicodedata

# Stands for an Arabic sign that carries a vowel without saying which.
UNKNOWN_VOWEL = "*"
ARABIC = {
    "ا": "a", "أ": UNKNOWN_VOWEL, "إ": "i", "آ": "a", "ٱ": "a", "ب": "b", "پ": "p", "ت": "t",
    "ث": "th", "ج": "j", "چ": "ch", "ح": "h", "خ": "kh", "د": "d", "ذ": "z", "ر": "r",
    "ڕ": "r", "ز": "z", "ژ": "j", "س": "s", "ش": "sh", "ص": "s", "ض": "dh", "ط": "t",
    "ظ": "z", "ع": UNKNOWN_VOWEL, "غ": "gh", "ف": "f", "ڤ": "v", "ق": "q", "ك": "k", "ک": "k",
    "گ": "g", "ل": "l", "ڵ": "l", "م": "m", "ن": "n", "ه": "h", "ھ": "h", "ە": "e", "ة": "a",
    "و": "w", "ؤ": "u", "ۆ": "o", "ي": "y", "ی": "y", "ێ": "e", "ى": "a", "ئ": "", "ء": "",
    "ٹ": "t", "ڈ": "d", "ڑ": "r", "ے": "e", "ں": "n", "ہ": "h", "\u0640": "", "\u200c": "",
}  # fmt: skip
CYRILLIC = {
    "а": "a", "б": "b", "в": "v", "г": "g", "ґ": "g", "д": "d", "е": "e", "ё": "yo", "є": "ye",
    "ж": "zh", "з": "z", "и": "i", "і": "i", "ї": "yi", "й": "y", "к": "k", "л": "l", "м": "m",
    "н": "n", "о": "o", "п": "p", "р": "r", "с": "s", "т": "t", "у": "u", "ф": "f", "х": "kh",
    "ц": "ts", "ч": "ch", "ш": "sh", "щ": "shch", "ъ": "", "ы": "y", "ь": "", "э": "e", "ю": "yu",
    "я": "ya", "ў": "w", "ғ": "gh", "қ": "q", "ҳ": "h", "ҷ": "j", "ӣ": "i", "ӯ": "u", "ј": "j",
    "љ": "lj", "њ": "nj", "ћ": "c", "ђ": "dj", "џ": "dz",
}  # fmt: skip
LATIN = {
    "ı": "i", "ł": "l", "ø": "o", "ß": "ss", "æ": "ae", "œ": "oe", "đ": "d", "ð": "d", "þ": "th",
    "ə": "a", "ħ": "h", "ŋ": "ng", "ɓ": "b", "ɗ": "d", "ƙ": "k", "ƴ": "y",
}  # fmt: skip
# The rows of the Ethiopic block from U+1200, eight places each: consonant and seven vowels.
ETHIOPIC_ROWS = (
    "h", "l", "h", "m", "s", "r", "s", "sh", "q", "q", "q", "q", "b", "v", "t", "ch", "h", "h", "n",
    "ny", "", "k", "k", "h", "h", "w", "", "z", "zh", "y", "d", "d", "j", "g", "g", "g", "t", "ch",
    "p", "ts", "ts", "f", "p",
)  # fmt: skip
ETHIOPIC_VOWELS = ("e", "u", "i", "a", "e", "", "o", "wa")
ETHIOPIC_START, ETHIOPIC_END = 0x1200, 0x1357
GLOTTAL_ROWS = {0x12A0: "auiaeioa", 0x12D0: "auiaeioa"}
# The article before a name, and between the two parts of names such as عبد الرحمن.
ABD_AL = re.compile("عبد ?ال(?=[\u0621-\u064a]{2})")
ARTICLE = re.compile("(?<![\u0600-\u06ff])(?<!عبد )ال(?=[\u0621-\u064a]{3})")
FIRST_ALIF = re.compile("(?<![\u0600-\u06ff])ا")
TABLE = {**ARABIC, **CYRILLIC, **LATIN}


def in_latin(text: str) -> str:
    """Return a text in small Latin letters without marks; signs without a rule stay.

    "Юлія" -> "yuliya", "محمد" -> "mhmd", "Çağla" -> "cagla"
    """
    text = ABD_AL.sub("abdul ", ARTICLE.sub("", unicodedata.normalize("NFC", text)))
    text = FIRST_ALIF.sub(UNKNOWN_VOWEL, text)
    small = "".join(_latin_letter(sign) for sign in text.lower())
    plain = unicodedata.normalize("NFKD", small)
    return "".join(sign for sign in plain if not unicodedata.combining(sign))


def _latin_letter(sign: str) -> str:
    if sign in TABLE:
        return TABLE[sign]
    code = ord(sign)
    if not ETHIOPIC_START <= code <= ETHIOPIC_END:
        return sign
    row, order = divmod(code - ETHIOPIC_START, 8)
    glottal = GLOTTAL_ROWS.get(code - order)
    if glottal is not None:
        return glottal[order]
    return ETHIOPIC_ROWS[row] + ETHIOPIC_VOWELS[order]
