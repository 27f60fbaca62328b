"""Find the marks on a page that are no words: machine-readable lines and page numbers.

Only the shape of machine-readable lines is looked at; `extraction.mrz` checks their digits.
"""

import re
from itertools import islice

from intake.recognition.classification.tokens import MAX_PAGE_CHARS

# ICAO 9303: lines of 44 (TD3), 36 (TD2) or 30 (TD1) signs. OCR drops or adds a few.
MRZ_LINE = re.compile(r"[A-Z0-9<]{26,48}")
PASSPORT, CARD = "passport", "card"
# The number of a police report: 5000-K123456-26, the first four digits an office's code, which is
# often left out; in Finland 5500/R/1234/26; in Ukraine's register of inquiries 17 digits, of which
# the second to the fifth are the year.
POLICE_NUMBER = re.compile(
    r"\b\d{4}\s?-\s?K\d{1,8}\s?-\s?\d{2}\b"
    r"|(?<![\w-])K\s?-?\s?\d{4,8}\s?-\s?\d{2}\b"
    r"|\b\d{4}\s?/\s?R\s?/\s?\d{1,8}\s?/\s?\d{2}\b"
    r"|\b[1-9]20[12]\d{13}\b",
    re.IGNORECASE,
)
# What papers are filed under: an identity number, a day, the number of a case or a form; no year.
# A passport and a booking have letters in theirs, and so have forms: FL7263.
PAPER_NUMBER = re.compile(
    r"\b(?!(?:19|20)\d\d\b)\d{4,20}\b|\b\d{2,8}[-/.]\d{2,8}\b"
    r"|(?:№|\b(?:dnr|nr|nro|no|номер|رقم|شماره|ቁጽሪ|ቁጥር)\b)[.:]{0,2} ?(?!(?:19|20)\d\d\b)\d{2,3}\b"
    r"|\b[A-Z]{1,3} ?\d{6,9}\b|\b[A-Z]{2}(?!(?:19|20)\d\d\b)\d{4}\b"
    r"|(?:nummer|number|\b(?:nr|no|ref))[.:]{0,2} ?[A-Z]{1,6}\d{2,8}\b",
    re.IGNORECASE,
)
# A letterhead, a title, and what belongs to it.
HEADING_LINES = 3
PAGE_NUMBER = re.compile(
    r"\b(?:sida|sid|page|s\.)\s*(\d{1,3})(?:\s*(?:av|of|/|\()\s*\d{1,3})", re.IGNORECASE
)


def mrz_of(page: str) -> str:
    """Return "passport", "card", or "" when a page has no two lines for machines.

    >>> mrz_of("P<UTODEMO<<TEST<<<<<<<<<<<<<<<<<<<\\nX12345678<8UTO9001011F3001012<<<<<")
    'passport'
    """
    found = []
    for line in page[:MAX_PAGE_CHARS].splitlines():
        packed = line[:200].replace(" ", "").replace("«", "<<").upper()
        if packed.count("<") >= 2 and MRZ_LINE.fullmatch(packed):
            found.append(packed)
    if len(found) < 2:
        return ""
    return PASSPORT if any(line[0] == "P" and "<<" in line for line in found) else CARD


def has_police_number(page: str) -> bool:
    """Say whether a page gives the number of a police report."""
    return POLICE_NUMBER.search(page[:MAX_PAGE_CHARS]) is not None


def has_paper_number(page: str) -> bool:
    """Say whether a page gives a number under which a paper is filed.

    >>> has_paper_number("Personnummer 900101-0017"), has_paper_number("Hösten 2026")
    (True, False)
    """
    return PAPER_NUMBER.search(page[:MAX_PAGE_CHARS]) is not None


def headings(page: str) -> list[str]:
    """Return the first lines of a page that say anything, at most HEADING_LINES of them."""
    lines = (line.strip() for line in page[:MAX_PAGE_CHARS].splitlines())
    return list(islice((line for line in lines if line), HEADING_LINES))


def page_number(page: str) -> int | None:
    """Return the number that a page gives itself ("Sida 2 av 3"), or None."""
    text = page[:MAX_PAGE_CHARS]
    # Only the head and the foot count: between them a text may quote pages of other documents.
    match = PAGE_NUMBER.search(text[:300]) or PAGE_NUMBER.search(text[-200:])
    return int(match[1]) if match else None
