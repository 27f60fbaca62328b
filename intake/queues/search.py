"""Search submissions by a code or by words, in the programmes that a user may read.

One search is one audit event, which says how many were found and never what was searched for,
because words are about people. Nothing is found by what is closed to who asks, and of what was
found no more is shown than its page would show them (`lists.search_hits`).
"""

from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, TypeVar

from intake.access import gate, rights
from intake.access import programmes as programme_rights
from intake.access.work_items import own_lists
from intake.core import audit
from intake.core.errors import IntakeError, NotFound, ReferenceInvalid
from intake.core.references import normalise
from intake.queues import search_index
from intake.queues.lists.search_hits import Hit, hits_of
from intake.queues.search_index import part_key, word_key
from storage.audit_acts import Act
from storage.cases.cases import Case
from storage.documents import documents
from storage.lists import search_words
from storage.lists.search_words import HEADER, LETTER
from storage.submissions.submissions import Submission

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from intake.access.opened import OpenedToRead
    from intake.accounts.accounts import SignedInUser
    from intake.core.services import Services
    from storage.database import Session

Thing = TypeVar("Thing", Submission, Case)

MAX_CHARS = 200
MAX_WORDS = 8
MAX_FOUND = 20
# So many of the newest submissions with the rarest word are compared with the other words.
REACH = 2000
# So many of those that have all words are asked whether their reader sees the words there.
MAX_LOOKED_AT = 200


class NothingToSearch(IntakeError):
    """The text that was typed has no word in it."""

    reason = "nothing_to_search"
    public = "Type a word of at least two letters, or a part of a reference."
    status = 400


@dataclass(frozen=True)
class Named:
    """What a whole code names. A case may have been merged into the one with this reference."""

    reference: str
    is_case: bool


@dataclass(frozen=True)
class SearchResult:
    """The submissions found, those named by a code first, then the newest.

    `has_more` tells that there are more than are returned.
    """

    hits: tuple[Hit, ...]
    has_more: bool


def exactly(services: "Services", viewer: "SignedInUser", text: str) -> Named | None:
    """Return the submission or case whose whole code was typed, None for all that is no such code.

    What is not there and what the user may not read give the same None, after the same questions.
    """
    try:
        reference = normalise(text)
    except ReferenceInvalid:
        return None
    submission = _of_user(services, gate.submission_to_read, viewer, reference)
    case = _of_user(services, gate.case_to_read, viewer, reference)
    found = submission or case
    if found is None:
        return None
    with services.database.transaction() as session:
        # Of what was erased nothing is found.
        if found.data_key_id not in services.keyring.open_many(session, {found.data_key_id}):
            return None
        audit.note(
            services,
            session,
            viewer,
            Act.SUBMISSIONS_SEARCHED,
            ("submissions", "search"),
            {"found": 1, "shown": [found.id]},
        )
    return Named(found.reference, is_case=submission is None)


def _of_user(
    services: "Services",
    open_by: "Callable[[Services, SignedInUser, str], OpenedToRead[Thing]]",
    viewer: "SignedInUser",
    reference: str,
) -> "Thing | None":
    """Return what a user may read under a code, None for anything else."""
    try:
        opened = open_by(services, viewer, reference)
        with services.database.reading() as session:
            return opened.row(services, session)
    except NotFound:
        return None


def search_submissions(services: "Services", viewer: "SignedInUser", text: str) -> SearchResult:
    """Find submissions by a part of a code, or by words that they all contain.

    Submissions of programmes that the user may not read are never found. Raises NothingToSearch.
    """
    words = list(dict.fromkeys(search_index.asked_for(text[:MAX_CHARS])))[:MAX_WORDS]
    code = search_index.code_part(text[:MAX_CHARS])
    if not words and code is None:
        raise NothingToSearch
    with services.database.transaction() as session:
        rows = _found(services, session, viewer, words, code)
        hits = hits_of(services, session, viewer, rows[:MAX_FOUND], words, code)
        audit.note(
            services,
            session,
            viewer,
            Act.SUBMISSIONS_SEARCHED,
            ("submissions", "search"),
            {"found": len(hits), "shown": [row.id for row in rows[:MAX_FOUND]]},
        )
    return SearchResult(hits, has_more=len(rows) > MAX_FOUND)


def _found(
    services: "Services",
    session: "Session",
    viewer: "SignedInUser",
    words: list[str],
    code: str | None,
) -> "list[Submission]":
    """Return what was found: first what a code names, then what has the words, the newest first."""
    programmes = programme_rights.read_by(viewer)
    named = _by_code(services, session, code, programmes) if code is not None else []
    listed = own_lists.listed(services, session, viewer)
    rows = search_words.readable(session, named, programmes, only=listed)
    seen = {row.id for row in rows}
    own = own_lists.read_in_words(services, session, viewer)
    for programme in programmes:
        hashed = search_index.hashes(services, session, programme, map(word_key, words))
        ids = set(_by_words(session, hashed, limit=MAX_LOOKED_AT)) - seen
        said = search_words.readable(session, ids, programmes, only=own)
        open_ones = _with_open_words(services, session, viewer, said, hashed)
        rows += islice(open_ones, MAX_FOUND + 1)
    return sorted(rows, key=lambda row: (row.id in seen, row.received_at, row.id), reverse=True)


def _with_open_words(
    services: "Services",
    session: "Session",
    viewer: "SignedInUser",
    rows: "Sequence[Submission]",
    hashed: "Sequence[bytes]",
) -> "Iterator[Submission]":
    """Yield the submissions in which the user may read every one of some words.

    The search answers from what its pages would show: not from the name of a closed file, not from
    a closed letter, and not from what needs a reason to be opened. So many are asked at once as fit
    on a page.
    """
    for first in range(0, len(rows), MAX_FOUND + 1):
        some = rows[first : first + MAX_FOUND + 1]
        relationships = rights.relationships_to(services, session, viewer, some)
        ids = [each.id for each in some if relationships[each.id].reads]
        parts = documents.of_submissions(session, ids)
        visible = rights.visibilities_of(session, relationships, parts)
        sources = search_words.sources_of(session, ids, hashed)
        for each in some:
            if each.id not in parts:
                continue
            readable = {row.id for row in parts[each.id] if visible[row.id].is_whole} | {HEADER}
            if rights.shows_letter(visible, parts[each.id]):
                readable.add(LETTER)
            if all(found & readable for found in sources[each.id].values()):
                yield each


def _by_code(
    services: "Services", session: "Session", code: str, programmes: "Sequence[str]"
) -> list[str]:
    written = "-".join(filter(None, (code[:3], code[3:6], code[6:])))
    ids = search_words.by_code(session, written, programmes, limit=MAX_FOUND + 1)
    for programme in programmes:
        hashed = search_index.hashes(services, session, programme, [part_key(code)])
        ids += _by_words(session, hashed, limit=MAX_FOUND + 1)
    return ids


def _by_words(session: "Session", hashed: "Sequence[bytes]", *, limit: int) -> list[str]:
    if not hashed:
        return []
    numbers = {word: search_words.count_up_to(session, word, REACH) for word in hashed}
    if not all(numbers.values()):
        return []
    rarest_first = sorted(numbers, key=lambda word: numbers[word])
    return search_words.with_all(session, rarest_first, reach=REACH, limit=limit)
