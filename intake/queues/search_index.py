"""Index the words by which a submission is found, as keyed hashes.

Sealed text cannot be searched, so each of its words is hashed under a key of the system and of the
submission's programme: the hashes of one word differ between programmes, and a search of one finds
nothing of the other. Words are reduced to plain letters first, for those who do not type å, é or
hamza.
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
from storage.lists.search_words import HEADER, LETTER
from storage.submissions import submissions
from storage.submissions.submissions import SubmissionState, place

if TYPE_CHECKING:
    from intake.core.services import Services
    from storage.crypto.keys import DataKey
    from storage.database import Session
    from storage.submissions.submissions import Submission

# So many words of one submission are indexed; those further down in a long message are not found.
MAX_WORDS = 500
MIN_CHARS, MAX_CHARS = 2, 32
MAX_BODY_CHARS = 60_000
WORD = re.compile(r"[^\W_]+")
# The parts cannot overlap with the characters between them, so matching is linear on any text.
ADDRESS = re.compile(r"(?<![^\s<>(),;:\"'])[^\s@<>(),;:\"']{1,64}@[^\s@<>(),;:\"']{2,190}")
DASHES = re.compile(r"[\s\-\u2010-\u2015]+")
CODE_PART = re.compile(f"[{ALPHABET}]{{2,8}}")
# One letter for those that are written in several ways; marks above and below are removed before.
SAME_LETTER = str.maketrans(
    {
        "ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ð": "d", "ł": "l", "þ": "th",
        "ı": "i", "ى": "ي", "ی": "ي", "ک": "ك", "ة": "ه", "ە": "ه", "\u0640": "",
    }
)  # fmt: skip
INDEX_BATCH = 50


def words_of(text: str) -> Iterator[str]:
    """Yield the words by which a text is found, without case, marks and ligatures.

    A mail address is a word as a whole, and each of its parts is one too.

    >>> list(words_of("Återvändande, José"))
    ['atervandande', 'jose']
    """
    bare = _bare(text)
    for address in ADDRESS.finditer(bare):
        yield address.group().rstrip(".")
    yield from _words(bare)


def asked_for(text: str) -> Iterator[str]:
    """Yield the words that a search asks for; a mail address is one word."""
    bare = _bare(text)
    for address in ADDRESS.finditer(bare):
        yield address.group().rstrip(".")
    yield from _words(ADDRESS.sub(" ", bare))


def code_part(text: str) -> str | None:
    """Return a text that may be a part of a code, in capitals without hyphens, else None.

    Three letters are rather a word; with a digit or a fourth letter they may be a code.
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


def index_submission(
    services: "Services", session: "Session", submission: "Submission", key: "DataKey"
) -> None:
    """Index a submission by its present texts, in the caller's transaction."""
    found = {(word, HEADER): None for word in _code_words(submission.reference)}
    for source, text in _texts(session, submission, key):
        for word in words_of(text):
            if len(found) >= MAX_WORDS:
                break
            found[word_key(word), source] = None
    made = hashes(services, session, submission.programme, (word for word, _ in found))
    sources = (source for _, source in found)
    search_words.put(session, submission, set(zip(made, sources, strict=True)))


def word_key(word: str) -> str:
    """Return the text that is hashed for a word; it differs from that of any part of a code."""
    return f"word {word}"


def part_key(part: str) -> str:
    """Return the text that is hashed for a part of a code, in capitals without hyphens."""
    return f"code {part}"


def index_all(services: "Services") -> int:
    """Index all submissions that are not indexed, and return how many. It can be repeated."""
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
                    index_submission(services, session, submission, key)
                    done += 1
        after = ids[-1]


def _bare(text: str) -> str:
    # NFKC folds compatibility forms, NFD then separates each mark, so that it can be left out.
    folded = unicodedata.normalize("NFD", unicodedata.normalize("NFKC", text).casefold())
    return "".join(char for char in folded if not unicodedata.combining(char)).translate(
        SAME_LETTER
    )


def _words(bare: str) -> Iterator[str]:
    for match in WORD.finditer(bare):
        word = match.group()[:MAX_CHARS]
        if len(word) >= MIN_CHARS:
            yield word


def _code_words(reference: str) -> Iterator[str]:
    """Yield the keys of a code's later groups; its beginning is searched in the table itself."""
    _first, second, third = reference.split("-")
    for part in (second, third, second + third):
        yield part_key(part)


def _texts(
    session: "Session", submission: "Submission", key: "DataKey"
) -> Iterator[tuple[str, str]]:
    """Yield the texts to index, each with its source: the header, names of files, the letter."""
    for column in ("sender", "subject"):
        sealed = getattr(submission, column)
        yield HEADER, unseal(key, place("submissions", column, submission.id), sealed)
    for row in of_submission(session, submission.id):
        yield row.id, unseal(key, place("documents", "name", row.id), row.name)
    body = unseal(key, place("submissions", "body_text", submission.id), submission.body_text)
    yield LETTER, body[:MAX_BODY_CHARS]


def _open_key(
    services: "Services", session: "Session", submission: "Submission | None"
) -> "DataKey | None":
    """Return a submission's key, None when it was erased or the worker has not opened it yet."""
    if submission is None or submission.state == SubmissionState.RECEIVED:
        return None
    try:
        return services.keyring.open(session, submission.data_key_id)
    except KeyUnavailable:
        return None
