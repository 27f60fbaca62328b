"""Make text comparable: lower case, without the rings and dots that OCR loses."""

import unicodedata

# For text outside ASCII, replacing one after another is several times faster than a table.
PLAIN = (
    ("å", "a"), ("ä", "a"), ("ö", "o"), ("é", "e"), ("è", "e"), ("ü", "u"), ("\u00a0", " "),
    ("\u202f", " "), ("\t", " "), ("\u2010", "-"), ("\u2011", "-"), ("\u2012", "-"),
    ("\u2013", "-"), ("\u2014", "-"),
)  # fmt: skip


def fold(text: str) -> str:
    """Return a text of the same length, in lower case, with å, ä and ö as a, a and o.

    "Betänketid" -> "betanketid". A few letters grow when they become small; they stay as they are.
    """
    lower = text.lower()
    if len(lower) != len(text):
        lower = "".join(small if len(small := each.lower()) == 1 else each for each in text)
    if lower.isascii() and "\t" not in lower:
        return lower
    for sign, plain in PLAIN:
        lower = lower.replace(sign, plain)
    return lower


def squeeze(text: str) -> str:
    """Return a folded text with composed letters and single spaces; its length may change.

    Texts of PDFs often hold å as two characters.
    """
    return " ".join(fold(unicodedata.normalize("NFC", text)).split())
