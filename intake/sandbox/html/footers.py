"""Find the pictures that stand in the footer of a letter: below its closing words.

The markup is read as bytes, in whatever charset it is: a letter that is none of ASCII is any few
signs to the closing words, as `ä` in «hälsning», which may be one byte, two, or `&auml;`.
"""

import re

from .pasted_pictures import BLANKS

CLOSING = re.compile(
    rb"v.{1,6}nliga?\s+h.{1,6}lsning(?:ar)?\b|\bmvh\b|\bh.{1,6}lsningar\b|\bregards\b|\bsincerely\b"
    rb"|\bterveisin\b|\bven(?:n)?lig(?:e)?\s+hils(?:en|ner|ener)\b|\bfreundlichen\s+gr|\bmfg\b"
    rb"|\bskickat\s+fr|\bsent\s+from\b",
    re.IGNORECASE,
)
# Where another letter begins: what is below is not this letter's footer.
ANOTHER_LETTER = re.compile(
    rb"<blockquote|-{5}|_{5}|\b(?:fr.{1,6}n|from|von|fra|skickat|sent|date|datum)\s*:"
    rb"|\b(?:hej|hello|dear|hei|moi|hallo|guten)\b",
    re.IGNORECASE,
)
TAG = re.compile(rb"<(?!blockquote)[^<>]*>", re.IGNORECASE)
MAX_FOOTER_BYTES = 20_000
# A name, an office, numbers and an address.
MAX_FOOTER_WORDS = 40


def is_in_footer(markup: bytes, place: int) -> bool:
    """Say whether what stands at a place of a letter's markup is in the footer of that letter.

    >>> is_in_footer(b"<p>Mvh<br>Anna, Region</p><img src='cid:a'>", 36)
    True
    """
    before = markup[max(place - MAX_FOOTER_BYTES, 0) : place].replace(b"&nbsp;", b" ")
    # The tag that the place is in has begun, and what it says is no word of the letter.
    words = TAG.sub(b" ", before.rpartition(b"<")[0])
    closings = list(CLOSING.finditer(words))
    if not closings:
        return False
    between = words[closings[-1].end() :]
    is_short = len(BLANKS.split(between.strip())) <= MAX_FOOTER_WORDS
    return is_short and ANOTHER_LETTER.search(between) is None
