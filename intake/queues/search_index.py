"""Search index: which words a submission can be found by, as keyed hashes.

Sealed text cannot be searched, so each of its words is hashed under a key of the system and of the
submission's programme: equal words of two programmes have nothing in common, and a search of one
meets nothing of the other. Words are made alike first, for those who do not type å, é or hamza.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from intake.core.references import ALPHABET
from storage.crypto.sealing import unseal
from storage.documents.documents import of_submission
from storage.errors import KeyUnavailable
from storage.lists import search_words
from storage.submissions import submissions
from storage.submissions.submissions import SubmissionState, place

if TYPE_CHECKING:
    from intake.core.services import Services
    from storage.crypto.keys import DataKey
    from storage.database import Session
    from storage.submissions.submissions import Submission

# Of one submission; what stands further down in a long letter is not found.
MAX_WORDS = 500
MIN_CHARS, MAX_CHARS = 2, 32
MAX_LETTER_CHARS = 60_000
WORD = re.compile(r"[^\W_]+")
# Parts that cannot overlap with what stands between them: linear on any text.
ADDRESS = re.compile(r"(?<![^\s<>(),;:\"'])[^\s@<>(),;:\"']{1,64}@[^\s@<>(),;:\"']{2,190}")
DASHES = re.compile(r"[\s\-\u2010-\u2015]+")
CODE_PART = re.compile(f"[{ALPHABET}]{{2,8}}")
# One letter for what is written in several ways; marks above and below are taken off before.
ALIKE = str.maketrans(
    {
        "ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ð": "d", "ł": "l", "þ": "th",
        "ı": "i", "ى": "ي", "ی": "ي", "ک": "ك", "ة": "ه", "ە": "ه", "\u0640": "",
    }
)  # fmt: skip
INDEX_BATCH = 50


def words_of(text: str) -> Iterator[str]:
    """Give the words by which a text is found, made alike: without case, marks and ligatures.

    An address is a word as a whole, and each of its parts is one too.

    >>> list(words_of("Återvändande, José"))
    ['atervandande', 'jose']
    """
    bare = _bare(text)
    for address in ADDRESS.finditer(bare):
        yield address.group().rstrip(".")
    yield from _words(bare)


def asked_for(text: str) -> Iterator[str]:
    """Give the words that a search asks for: an address is meant as a whole."""
    bare = _bare(text)
    for address in ADDRESS.finditer(bare):
        yield address.group().rstrip(".")
    yield from _words(ADDRESS.sub(" ", bare))


def code_part(text: str) -> str | None:
    """Return what may be a part of a code, in capitals without hyphens, or None.

    Three letters are a word sooner than a code; with a digit, or a fourth letter, they may be one.
    """
    part = DASHES.sub("", text).upper()
    if CODE_PART.fullmatch(part) is None:
        return None
    return part if len(part) > 3 or any(char.isdigit() for char in part) else None


def hashes(
    services: "Services", session: "Session", programme: str, words: Iterable[str]
) -> list[bytes]:
    """Return the words' keyed hashes for one programme, in their order."""
    return services.keyring.lookups(session, f"search:{programme}", words)


def note(
    services: "Services", session: "Session", submission: "Submission", key: "DataKey"
) -> None:
    """Let a submission be found by what it says now, in the caller's transaction."""
    found = dict.fromkeys(_code_words(submission.reference))
    for text in _texts(session, submission, key):
        for word in words_of(text):
            if len(found) >= MAX_WORDS:
                break
            found[word_key(word)] = None
    made = hashes(services, session, submission.programme, found)
    search_words.put(session, submission, set(made))


def word_key(word: str) -> str:
    """Return what is hashed for a word, so that no part of a code is taken for one."""
    return f"word {word}"


def part_key(part: str) -> str:
    """Return what is hashed for a part of a code: groups in capitals without hyphens."""
    return f"code {part}"


def index_all(services: "Services") -> int:
    """Index what was stored before there was an index; returns how many. Can be repeated."""
    done, after = 0, ""
    while True:
        with services.database.reading() as session:
            ids = search_words.not_indexed(session, after=after, limit=INDEX_BATCH)
        if not ids:
            return done
        with services.database.transaction() as session:
            for submission_id in ids:
                submission = submissions.locked(session, submission_id)
                key = _open_key(services, session, submission)
                if submission is not None and key is not None:
                    note(services, session, submission, key)
                    done += 1
        after = ids[-1]


def _bare(text: str) -> str:
    # Compatibility forms first (NFKC), then each mark by itself, so that it can be left out.
    folded = unicodedata.normalize("NFD", unicodedata.normalize("NFKC", text).casefold())
    return "".join(char for char in folded if not unicodedata.combining(char)).translate(ALIKE)


def _words(bare: str) -> Iterator[str]:
    for match in WORD.finditer(bare):
        word = match.group()[:MAX_CHARS]
        if len(word) >= MIN_CHARS:
            yield word


def _code_words(reference: str) -> Iterator[str]:
    """Give the later groups of a code; how it begins is found in the table itself."""
    _first, second, third = reference.split("-")
    for part in (second, third, second + third):
        yield part_key(part)


def _texts(session: "Session", submission: "Submission", key: "DataKey") -> Iterator[str]:
    """Give what is searched: who wrote first, then the subject, the files' names, the letter."""
    for column in ("sender", "subject"):
        sealed = getattr(submission, column)
        yield unseal(key, place("submissions", column, submission.id), sealed)
    for row in of_submission(session, submission.id):
        yield unseal(key, place("documents", "name", row.id), row.name)
    letter = unseal(key, place("submissions", "body_text", submission.id), submission.body_text)
    yield letter[:MAX_LETTER_CHARS]


def _open_key(
    services: "Services", session: "Session", submission: "Submission | None"
) -> "DataKey | None":
    """Return a submission's key, or None for one that was erased or is not opened yet."""
    if submission is None or submission.state == SubmissionState.RECEIVED:
        return None
    try:
        return services.keyring.open(session, submission.data_key_id)
    except KeyUnavailable:
        return None
