"""The letter of a mail: what its writer says in it, and what it is known by when it comes again.

Whoever stores the letter of a mail does it here, so that its hash is that of the words stored.
"""

import re
from typing import TYPE_CHECKING

from intake.core.errors import KeyUnavailable
from intake.sandbox.protocol.body_text import IN_COLOUR, begins_original, heads_of_quotations
from intake.senders.absence_words import without_dates
from intake.senders.inline_answers import announces_answers
from storage.crypto.sealing import seal, unseal
from storage.submissions.submissions import place

if TYPE_CHECKING:
    from collections.abc import Callable

    from intake.core.services import Services
    from storage.crypto.keys import DataKey
    from storage.database import Session
    from storage.submissions.submissions import Submission

# No program's note is longer; a longer letter is compared as it stands, since its words are looked
# for within a transaction that keeps others waiting.
MAX_NOTE_CHARS = 20_000
# Where a quoted mail begins that has no marks at its lines.
QUOTED_BELOW = re.compile(r"\s*(?:-{4,}|_{8,}|from:|från:|von:)", re.IGNORECASE)


def keep_letter(
    services: "Services", session: "Session", submission: "Submission", key: "DataKey", text: str
) -> None:
    """Store the letter of a mail, sealed under its data key, with what it is known by."""
    submission.body_text = seal(key, place("submissions", "body_text", submission.id), text)
    submission.letter_hash = hash_of(services, session, words_of(text))


def reader_of(
    services: "Services", session: "Session", submission: "Submission"
) -> "Callable[[], str]":
    """Return what reads a mail's own words when asked, in small letters; "" where they were erased.

    Few mails have a subject for which they are read.
    """

    def read() -> str:
        try:
            key = services.keyring.open(session, submission.data_key_id)
        except KeyUnavailable:
            return ""
        text = unseal(key, place("submissions", "body_text", submission.id), submission.body_text)
        return words_of(text)

    return read


def hash_of(services: "Services", session: "Session", words: str) -> str:
    """Return the keyed hash of a letter's words but for numbers and days, in 64 hex digits.

    Two letters with other hashes do not say the same; two with the same hash may, and are read.
    """
    known_by = words if len(words) > MAX_NOTE_CHARS else " ".join(without_dates(words))
    # Lone surrogates reach us from hostile letters; what is stored has none.
    text = known_by.encode("utf-8", "replace").decode()
    return services.keyring.lookup(session, "words-of-a-letter", text)


def words_of(text: str) -> str:
    """Return the words by which a letter is compared: its own, or all of a very long one."""
    return own_words(text) if len(text) <= MAX_NOTE_CHARS else text


def own_words(text: str) -> str:
    """Return what a mail says itself, in one line and small letters, without quotes.

    Where it says that its answers stand in what is quoted, that is its own too: two such letters
    of a person begin with the same words.

    >>> own_words("Away until 14 May\\n> Thank you")
    'away until 14 may'
    """
    lines = text.splitlines()
    # The line above a quotation has a day in it, which differs in each note.
    heads = heads_of_quotations(lines)
    kept: list[str] = []
    for at, line in enumerate(lines):
        if QUOTED_BELOW.match(line) or begins_original(lines, at):
            kept += [below for below in lines[at:] if below.startswith(IN_COLOUR)]
            break
        if not line.lstrip().startswith(">") and at not in heads:
            kept.append(line)
    own = " ".join(kept)
    is_cut = len(kept) < len(lines)
    return " ".join((text if is_cut and announces_answers(own) else own).split()).casefold()
