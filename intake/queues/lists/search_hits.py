"""Say of what a search found who sent it, when, and where the words stand in it.

The words are looked for anew in what the reader may read: what is closed to them is not opened.
"""

import re
import unicodedata
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from itertools import pairwise
from typing import TYPE_CHECKING

from intake.access import closings, rights
from intake.queues import search_index
from intake.queues.lists import row_lines
from storage.cases import cases
from storage.crypto.sealing import unseal
from storage.documents import documents
from storage.errors import KeyUnavailable
from storage.submissions.submissions import place

if TYPE_CHECKING:
    from intake.accounts.accounts import SignedInUser
    from intake.core.services import Services
    from intake.queues.views import RowLine
    from storage.crypto.keys import DataKey
    from storage.database import Session
    from storage.documents.documents import Document
    from storage.submissions.submissions import Submission

# So much is shown around the first word that was found in a letter.
BEFORE, AROUND = 40, 160
CHUNK = re.compile(r"\S+")


class Where(StrEnum):
    """Where a search found what it looked for."""

    REFERENCE = "reference"
    CASE = "case"
    SENDER = "sender"
    SUBJECT = "subject"
    LETTER = "letter"
    DOCUMENT = "document"


@dataclass(frozen=True)
class Found:
    """Where searched words stand, in pieces: (words of a stranger, is a searched word)."""

    where: Where
    pieces: tuple[tuple[str, bool], ...]


@dataclass(frozen=True)
class Hit:
    """One submission that was found. `line` is None where its reader may not read it."""

    reference: str
    case_reference: str | None
    programme: str
    state: str
    outcome: str | None
    received_at: datetime
    sender_verdict: str | None
    region: str | None
    line: "RowLine | None"
    found: tuple[Found, ...]


def hits_of(
    services: "Services",
    session: "Session",
    viewer: "SignedInUser",
    rows: "Sequence[Submission]",
    words: Collection[str],
    code: str | None,
) -> tuple[Hit, ...]:
    """Return what a search shows of submissions that it found by words, or by a part of a code."""
    lines = row_lines.row_lines(services, session, viewer, rows)
    read = [row for row in rows if row.id in lines]
    keys = services.keyring.open_many(session, {row.data_key_id for row in read})
    names = documents.of_submissions(session, [row.id for row in read])
    relationships = rights.relationships_to(services, session, viewer, read)
    visible = rights.visibilities_of(session, relationships, names)
    filed = cases.by_ids(session, {row.case_id for row in rows if row.case_id})
    hits = []
    for row in rows:
        case = filed.get(row.case_id or "")
        reference = case.reference if case is not None else None
        found = list(_in_codes(row.reference, reference, code))
        if row.id in lines:
            open_names = [each for each in names[row.id] if visible[each.id].is_whole]
            shows_letter = rights.shows_letter(visible, names[row.id])
            key = keys[row.data_key_id]
            found += _in_texts(_texts(row, key, open_names, shows_letter=shows_letter), words)
        hits.append(_hit(row, reference, lines.get(row.id), tuple(found)))
    return tuple(hits)


def _hit(
    row: "Submission", case: str | None, line: "RowLine | None", found: tuple[Found, ...]
) -> Hit:
    return Hit(
        reference=row.reference,
        case_reference=case,
        programme=row.programme,
        state=row.state,
        outcome=row.outcome,
        received_at=row.received_at,
        sender_verdict=row.sender_verdict,
        region=row.region,
        line=line,
        found=found,
    )


def _texts(
    row: "Submission", key: "DataKey", names: "list[Document]", *, shows_letter: bool
) -> Iterator[tuple[Where, str]]:
    try:
        yield Where.SUBJECT, row_lines.opened(row, key, "subject")
        yield Where.SENDER, row_lines.opened(row, key, "sender")
        for each in names:
            if not closings.is_body_row(each):
                yield Where.DOCUMENT, unseal(key, place("documents", "name", each.id), each.name)
        if shows_letter:
            yield (
                Where.LETTER,
                row_lines.opened(row, key, "body_text")[: search_index.MAX_BODY_CHARS],
            )
    except KeyUnavailable:
        return


def _in_texts(texts: Iterator[tuple[Where, str]], words: Collection[str]) -> Iterator[Found]:
    """Yield the places of words, each word once, until all are found; letters come last."""
    left = set(words)
    for where, text in texts:
        if not left:
            return
        pieces = marked(text, left)
        here = {word for piece, is_hit in pieces if is_hit for word in search_index.words_of(piece)}
        if here & left:
            left -= here
            yield Found(where, cut(pieces) if where is Where.LETTER else tuple(pieces))


def _in_codes(reference: str, case: str | None, code: str | None) -> Iterator[Found]:
    """Yield which code a part of a code is of."""
    if code is None:
        return
    for where, known in ((Where.REFERENCE, reference), (Where.CASE, case)):
        if known is not None and code in known.replace("-", ""):
            yield Found(where, ((known, True),))


def marked(text: str, words: Collection[str]) -> list[tuple[str, bool]]:
    """Return a text in pieces, each with whether it is one of some words (`search_index.words_of`).

    >>> marked("Remiss för Åsa", {"asa"})
    [('Remiss för ', False), ('Åsa', True)]
    """
    plain = unicodedata.normalize("NFC", " ".join(text.split()))
    wanted = set(words)
    edges = {0, len(plain)}
    hits = set()
    for chunk in CHUNK.finditer(plain):
        if not wanted.intersection(search_index.words_of(chunk.group())):
            continue
        within = [
            (chunk.start() + word.start(), chunk.start() + word.end())
            for word in search_index.WORD.finditer(chunk.group())
            if wanted.intersection(search_index.words_of(word.group()))
        ]
        # An address is found as a whole, and none of its parts alone.
        for start, end in within or [chunk.span()]:
            edges |= {start, end}
            hits.add(start)
    return [
        (plain[start:end], start in hits) for start, end in pairwise(sorted(edges)) if start < end
    ]


def cut(pieces: "Sequence[tuple[str, bool]]") -> tuple[tuple[str, bool], ...]:
    """Return what stands around the first hit of a long text."""
    first = next(at for at, (_, is_hit) in enumerate(pieces) if is_hit)
    before = "".join(text for text, _ in pieces[:first])
    begin = f"…{before[-BEFORE:]}" if len(before) > BEFORE else before
    kept, left = [(begin, False)] if begin else [], AROUND
    for text, is_hit in pieces[first:]:
        if len(text) > left:
            kept.append((f"{text[:left]}…", is_hit))
            break
        kept.append((text, is_hit))
        left -= len(text)
    return tuple(kept)
