"""Know which letters a reader takes for each other. Imports the standard library only.

Two texts with the same skeleton look alike; a skeleton means nothing by itself. The table is made
of what the Unicode database says in a letter's name and decomposition, and of a short list of our
own for what it does not say; the consortium's own table (UTS #39) is far longer, and most of it are
signs that no address of this office's partners holds.
"""

import re
import unicodedata

# Letters of other alphabets (Cyrillic, Greek, Armenian, phonetic), drawn as these Latin ones.
DOUBLES = {
    "a": "аαɑ", "b": "вβ", "c": "сϲ", "d": "ԁ", "e": "еєε", "g": "ցɡ", "h": "нһհ", "i": "іιıɩ",
    "j": "јϳ", "k": "кκ", "l": "ӏ", "m": "мμ", "n": "пηո", "o": "оοօσ", "p": "рρ", "q": "ԛզ",
    "r": "г", "s": "ѕ", "t": "тτ", "u": "սυ", "v": "ѵνʋ", "w": "ѡԝω", "x": "хχ", "y": "уүγ",
}  # fmt: skip
OTHER_ALPHABETS = str.maketrans(
    {double: letter for letter, doubles in DOUBLES.items() for double in doubles}
)
SAME_PAIRS = (("rn", "m"), ("vv", "w"), ("cl", "d"))
SAME_LOOK = str.maketrans("01i|3578$!", "olllestbsl")
NAMED_LATIN = re.compile(
    r"LATIN (?:SMALL LETTER|LETTER SMALL CAPITAL|SMALL LETTER (?:DOTLESS|SCRIPT|LONG|OPEN)) "
    r"(?P<letter>[A-Z])(?: WITH .*)?"
)
PUNYCODE = "xn--"


def skeleton(text: str) -> str:
    """Return `text` with every letter replaced by the plainest one that looks like it.

    "Мalrnö" (a Cyrillic М) -> "malmo", and so is "maIm0" with "i", "l" and "1" all read as "l".
    """
    plain = "".join(_plain(letter) for letter in unicodedata.normalize("NFKD", text).casefold())
    for pair, letter in SAME_PAIRS:
        plain = plain.replace(pair, letter)
    return plain.translate(SAME_LOOK)


def shown_domain(domain: str) -> str:
    """Return a domain as a mail program may show it, its punycode labels decoded (RFC 3492).

    "xn--malm-8qa.se" -> "malmö.se"; a label that does not decode stays as it is.
    """
    return ".".join(map(_shown_label, domain.split(".")))


def _shown_label(label: str) -> str:
    if not label.startswith(PUNYCODE):
        return label
    try:
        return label.removeprefix(PUNYCODE).encode("ascii").decode("punycode")
    except (UnicodeError, ValueError, OverflowError):
        return label


def _plain(letter: str) -> str:
    if letter.isascii():
        return letter
    if unicodedata.category(letter) in {"Mn", "Mc", "Me", "Cf", "Cc"}:
        return ""
    plain = letter.translate(OTHER_ALPHABETS)
    if plain != letter:
        return plain
    named = NAMED_LATIN.fullmatch(unicodedata.name(letter, ""))
    return named["letter"].lower() if named else letter
