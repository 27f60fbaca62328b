"""Find on a page what is written for machines or for us, and not for who reads the page.

Looked at is what a person reads: the text, and the words of labels, titles and fields. Addresses
and the values of fields are the machine's. Left out is what is a code on purpose: references and
checksums, which stand in elements of their own.
"""

import html
import json
import re
from functools import cache
from pathlib import Path

from intake.reference_data.document_types import DOCUMENT_TYPES
from portal.text import triage
from storage.accounts.users import Role
from storage.audit_acts import Act
from storage.cases.cases import CaseState
from storage.documents.documents import DocumentState
from storage.submissions.submissions import SubmissionState

ROOT = Path(__file__).parents[3]
# What is no text, and what is a code on purpose: a reference, a hash, the key of a second factor
# and the codes that stand for it.
HIDDEN = re.compile(
    r"<(script|style|datalist)\b.*?</\1>|<ul class=\"recovery.*?</ul>"
    r"|<(bdi|code|a|span)\b[^>]*class=\"(?:[^\"]* )?(?:code|hash|reference|key)[^\"]*\".*?</\2>",
    re.DOTALL,
)
SPOKEN = re.compile(r"\b(?:alt|title|placeholder|aria-label)=\"([^\"]*)\"")
# A reference in a sentence, and the whole address of a link that somebody is to pass on.
REFERENCE = re.compile(r"\b[A-Z0-9]{3}-[A-Z0-9]{3}-[A-Z0-9]{2}\b|\bhttps?://\S+")
CHECKS = {
    "underscore": r"\w+_\w+",
    # Queues and quarters, and how the two signed papers are called among ourselves.
    "queue": r"\bQ\d{1,2}\b",
    "signed paper": r"\bR[12](?:-\d+)?\b",
    "requirement or threat": r"\b(?:requirement|threat|section) [A-Z]?\d+",
    "short code": r"\b[A-Z]{2,5}-[A-Z0-9]{2,5}\b(?!-)",
    "source": r"\bS\d{2,3}[a-z]?\b|\bdescription of the field\b",
    "path or module": r"\b[\w/-]+\.(?:py|md|toml|sqlite|db)\b|(?<!\w)/(?:var|etc|tmp|usr|home)/",
    "media type": r"\b(?:application|audio|image|inode|message|text|video)/[a-z][\w.+-]*",
    "sentence of no code": r"\bReason: |\bsystem:\w+|\bgroup:\w+|\brule:\w+",
    "unfilled": r"%\(\w+\)|\bundefined\b|\bNaN\b|&(?:amp|lt|gt|quot|#\d+);",
    "object": r"<\w+(?:\.\w+)+|\b(?:datetime|timedelta|Enum|Markup)\(",
}
# What is no code of ours although it looks so: names of standards, and of what a scanner found.
WORDS = frozenset({"Win.Test.EICAR_HDB-1", "SHA-256", "UTF-8", "UTF-16", "ISO-8859", "TEST-ORG"})


@cache
def _names() -> re.Pattern[str]:
    """Return a pattern of all codes that stand for something on a page as a word of their own."""
    types = [
        each["code"] for entry in json.loads(DOCUMENT_TYPES.read_text()) for each in entry["kinds"]
    ]
    capitals = [*SubmissionState, *DocumentState, *CaseState, *Role, *triage.REGIONS, *types]
    papers = [path.name for path in (ROOT / "docs").glob("*.md")]
    found = {str(each) for each in [*capitals, *Act, *papers]}
    listed = "|".join(re.escape(each) for each in sorted(found, key=len, reverse=True))
    return re.compile(rf"(?<![\w-])(?:{listed})(?![\w-])")


def text_of(page: str) -> str:
    """Return what a person reads of a page, its title first, without what is a code on purpose."""
    seen = HIDDEN.sub(" ", page)
    spoken = " | ".join(SPOKEN.findall(seen))
    bare = html.unescape(re.sub(r"<[^>]+>", " ", seen) + " | " + spoken)
    return re.sub(r"\s+", " ", REFERENCE.sub(" ", bare))


def codes_of(page: str) -> list[str]:
    """Return the codes that a person would read on a page, each with some words around it."""
    text = text_of(page)
    for word in WORDS:
        text = text.replace(word, " ")
    checks = [*map(re.compile, CHECKS.values()), _names()]
    return [
        f"{match.group()} in «{text[max(0, match.start() - 40) : match.end() + 40]}»"
        for check in checks
        for match in check.finditer(text)
    ]
