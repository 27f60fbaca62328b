"""Identify in which of the languages that reach this office a text is written (requirement 108).

The model does not know Sorani and Tigrinya, which are recognised by their own letters, nor Sango
and Edo. Farsi and Dari are written in the same way, and both are returned as `fa`. For short, mixed
or unclear text the answer is None.
"""

import re
from collections import Counter

from py3langid.langid import MODEL_FILE, LanguageIdentifier

MIN_LETTERS = 40
MAX_CHARS = 4_000
MIN_CONFIDENCE = 0.9
# The model's names of the languages of requirement 108, to the tags that are used here.
TAGS = {
    tag: tag
    for tag in (
        "en", "sv", "ar", "fa", "tg", "so", "am", "om", "ur", "ps", "pa", "fr", "sw", "ln", "ha",
        "yo", "ig", "pcm", "es", "th", "ro", "uk", "bg", "vi", "sq", "sr", "ru",
    )
} | {"ku": "kmr"}  # fmt: skip
# Languages to choose from that are not returned: without them Polish would be taken for Serbian.
OTHERS = ("de", "fi", "no", "da", "pl", "tr", "it", "pt", "nl", "hu", "et", "el", "hi", "zh")
# Letters that only Sorani among the languages here has (ێ ۆ ڕ ڵ and the vowel ە).
SORANI = re.compile("[\u06ce\u06c6\u0695\u06b5\u06d5]")
ARABIC = re.compile("[\u0600-\u06ff]")
# Letters that Tigrinya writes and Amharic does not: the q' series and the a of አ's fourth order.
TIGRINYA = re.compile("[\u1250-\u125d\u12a3]")
ETHIOPIC = re.compile("[\u1200-\u137f]")
MIN_SHARE = 0.04
# Vowels of Indian scripts are marks, not letters; beyond ASCII nearly everything is text.
LETTER = re.compile(r"[A-Za-z]|[^\x00-\x7f]")


def load_identifier() -> LanguageIdentifier:
    """Load the model, restricted to TAGS and OTHERS; takes half a second."""
    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    identifier.set_languages([*TAGS, *OTHERS])
    return identifier


def language_of(text: str, identifier: LanguageIdentifier) -> str | None:
    """Return the BCP 47 tag of the text's language, None when it is too short or not clear.

    "Jag vill återvända till mitt hemland så snart som möjligt" -> sv
    """
    text = text[:MAX_CHARS]
    letters = len(LETTER.findall(text))
    if letters < MIN_LETTERS:
        return None
    marked = _by_letters(text, letters)
    if marked is not None:
        return marked
    name, confidence = identifier.classify(text)
    return TAGS.get(name) if confidence >= MIN_CONFIDENCE else None


def _by_letters(text: str, letters: int) -> str | None:
    """Return the language that the text's letters show, None when they show none."""
    scripts = Counter(
        {
            "ckb": len(SORANI.findall(text)) if len(ARABIC.findall(text)) > letters / 2 else 0,
            "ti": len(TIGRINYA.findall(text)) if len(ETHIOPIC.findall(text)) > letters / 2 else 0,
        }
    )
    tag, count = scripts.most_common(1)[0]
    return tag if count >= MIN_SHARE * letters else None
