"""Find the pictures that stand in the footer of a letter: below its closing words.

The markup is read as bytes, in whatever charset it is: a letter that is none of ASCII is any few
signs to the closing words, as `ä` in «hälsning», which may be one byte, two, or `&auml;`.
What is in a footer may be set aside, so any doubt says that it is not: a letter that speaks of a
picture, or shows it as «Here:», shows a paper wherever its sender put it.
"""

import re

from .pasted_pictures import BLANKS

# A line that begins so and has at most a name behind it closes a letter. «With regards to her
# passport» does not.
CLOSING = re.compile(
    rb"(?:(?:med\s+)?(?:(?:v.{1,6}nliga?|b.{1,6}sta|varma?)\s+)?h.{1,6}lsning(?:ar)?"
    rb"|m\.?v\.?h\b\.?|mfg"
    rb"|(?:with\s+)?(?:(?:my|many|best|kind|kindest|warm|warmest)\s+){0,2}regards(?!\s+(?:to|about))"
    rb"|(?:yours\s+)?sincerely(?:\s+yours)?"
    rb"|(?:[^\s,]{3,40}\s+)?terveisin"
    rb"|(?:med\s+)?ven(?:n)?lige?\s+hils(?:en|ner|ener)"
    rb"|mit\s+(?:[^\s,]{3,20}\s+)?freundlichen\s+gr.{1,12}en"
    rb"|(?:skickat|sendt|sent)\s+(?:fr.{1,6}n|fra|from)\b)"
    rb"(?P<name>(?:[\s,/.!\xa0-]|<)[^:;?]{0,60})?",
    re.IGNORECASE | re.DOTALL,
)
# A first name, two family names and a title.
MAX_NAME_WORDS = 6
# Where another letter begins: what is below is not this letter's footer.
ANOTHER_LETTER = re.compile(
    rb"<blockquote|-{5}|_{5}|\b(?:fr.{1,6}n|from|von|fra|skickat|sent|date|datum)\s*:"
    rb"|\b(?:hej|hello|dear|hei|moi|hallo|guten)\b",
    re.IGNORECASE,
)
# A letter with one of these words may show what it speaks of, above its closing words or below.
SPEAKS_OF_PICTURE = re.compile(
    rb"(?<![a-z])pass(?:et|ets|en|port\w*|kopi\w*|i|in|is)?(?![a-z])|foto|photo|kuva|portr"
    rb"|bild(?:en|er|erna|e|et)?(?![a-z])|(?<![a-z])(?:pictures?|pics?|images?)(?![a-z])"
    rb"|(?<![a-z])(?:id|identi\w{1,12})[ -]?(?:kort|card|handling)|selfie|screenshot"
    rb"|(?<![a-z])scan",
    re.IGNORECASE,
)
POSTSCRIPT = re.compile(rb"\bp\.?\s?s\b", re.IGNORECASE)
# So many programs name the pictures of a footer, which says nothing.
NAME_OF_PROGRAM = re.compile(
    r"^(?:image[ _-]?\d{0,5}|(?:bild|picture|pic)[ _-]?\d{1,5})(?=\.|$)", re.IGNORECASE
)
TAG = re.compile(rb"<(?!blockquote)[^<>]*>", re.IGNORECASE)
BREAK = re.compile(rb"</?(?:br|p|div|tr|td|li|ul|ol|table|h[1-6]|hr|pre)\b[^<>]*>", re.IGNORECASE)
LINE_MARK = b"\x00"
MAX_FOOTER_BYTES = 20_000
MAX_CLOSING_BYTES = 200
# A name, an office, numbers and an address.
MAX_FOOTER_WORDS = 40


def is_in_footer(markup: bytes, place: int) -> bool:
    """Say whether what stands at a place of a letter's markup is in the footer of that letter.

    >>> is_in_footer(b"<p>Mvh<br>Anna, Region</p><img src='cid:a'>", 36)
    True
    """
    before = markup[max(place - MAX_FOOTER_BYTES, 0) : place].replace(b"&nbsp;", b" ")
    # The tag that the place is in has begun, and what it says is no word of the letter.
    lines = _lines(before.rpartition(b"<")[0])
    closings = [number for number, line in enumerate(lines) if _is_closing(line)]
    if not closings or SPEAKS_OF_PICTURE.search(b"\n".join(lines)):
        return False
    footer = lines[closings[-1] :]
    words = b"\n".join(footer)
    if len(BLANKS.split(words)) > MAX_FOOTER_WORDS or footer[-1].endswith(b":"):
        return False
    return ANOTHER_LETTER.search(words) is None and POSTSCRIPT.search(words) is None


def is_name_of_paper(name: str) -> bool:
    """Say whether the name of a picture speaks of a paper or a photo: "passfoto.jpg"."""
    rest = NAME_OF_PROGRAM.sub("", name.replace("_", " "))
    return SPEAKS_OF_PICTURE.search(rest.encode("utf-8", "replace")) is not None


def _lines(markup: bytes) -> list[bytes]:
    """Return the lines of words that a program shows, without those that are blank."""
    marked = BREAK.sub(LINE_MARK, markup.replace(LINE_MARK, b""))
    found = (BLANKS.sub(b" ", TAG.sub(b" ", line)).strip() for line in marked.split(LINE_MARK))
    return [line for line in found if line]


def _is_closing(line: bytes) -> bool:
    found = CLOSING.fullmatch(line) if len(line) <= MAX_CLOSING_BYTES else None
    return found is not None and len((found["name"] or b"").split()) <= MAX_NAME_WORDS
