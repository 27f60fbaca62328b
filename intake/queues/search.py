"""Search submissions by a code or by words, in the programmes that a user may read.

One search is one audit event, which says how many were found and never what was searched for,
because words are about people. Nothing sealed is opened.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from intake.access import programmes as programme_rights
from intake.access import rights
from intake.core import audit
from intake.core.errors import IntakeError
from intake.queues import search_index
from intake.queues.search_index import part_key, word_key
from storage.audit_acts import Act
from storage.cases import cases
from storage.documents import documents
from storage.lists import search_words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from intake.accounts.accounts import SignedInUser
    from intake.core.services import Services
    from storage.database import Session
    from storage.submissions.submissions import Submission

MAX_CHARS = 200
MAX_WORDS = 8
MAX_FOUND = 20
# So many of the newest submissions with the rarest word are compared with the other words.
REACH = 2000


class NothingToSearch(IntakeError):
    """The text that was typed has no word in it."""

    reason = "nothing_to_search"
    public = "Type a word of at least two letters, or a part of a reference."
    status = 400


@dataclass(frozen=True)
class Hit:
    """One submission that was found, without personal data."""

    reference: str
    case_reference: str | None
    programme: str
    state: str
    received_at: datetime
    sender_verdict: str | None
    document_states: dict[str, int]
    region: str | None
    language: str | None


@dataclass(frozen=True)
class SearchResult:
    """The submissions found, those named by a code first, then the newest.

    `has_more` tells that there are more than are returned.
    """

    hits: tuple[Hit, ...]
    has_more: bool


def search_submissions(services: "Services", viewer: "SignedInUser", text: str) -> SearchResult:
    """Find submissions by a part of a code, or by words that they all contain.

    Submissions of programmes that the user may not read are never found. Raises NothingToSearch.
    """
    words = list(dict.fromkeys(search_index.asked_for(text[:MAX_CHARS])))[:MAX_WORDS]
    code = search_index.code_part(text[:MAX_CHARS])
    if not words and code is None:
        raise NothingToSearch
    programmes = programme_rights.read_by(viewer)
    with services.database.transaction() as session:
        named = _by_code(services, session, code, programmes) if code is not None else []
        said: list[str] = []
        for programme in programmes:
            said += _by_words(services, session, programme, [word_key(word) for word in words])
        rows = search_words.readable(
            session, {*named, *said}, programmes, only=rights.listed(services, viewer)
        )
        # Those named by a code come first; within both parts the newest.
        rows.sort(key=lambda row: row.id not in named)
        hits = _hits(session, rows[:MAX_FOUND])
        audit.note(
            services,
            session,
            viewer,
            Act.SUBMISSIONS_SEARCHED,
            ("submissions", "search"),
            {"found": len(hits), "shown": [row.id for row in rows[:MAX_FOUND]]},
        )
    return SearchResult(hits, has_more=len(rows) > MAX_FOUND)


def _by_code(
    services: "Services", session: "Session", code: str, programmes: "Sequence[str]"
) -> list[str]:
    written = "-".join(filter(None, (code[:3], code[3:6], code[6:])))
    ids = search_words.by_code(session, written, programmes, limit=MAX_FOUND + 1)
    for programme in programmes:
        ids += _by_words(services, session, programme, [part_key(code)])
    return ids


def _by_words(
    services: "Services", session: "Session", programme: str, words: list[str]
) -> list[str]:
    if not words:
        return []
    hashed = search_index.hashes(services, session, programme, words)
    numbers = {word: search_words.count_up_to(session, word, REACH) for word in hashed}
    if not all(numbers.values()):
        return []
    rarest_first = sorted(numbers, key=lambda word: numbers[word])
    return search_words.with_all(session, rarest_first, reach=REACH, limit=MAX_FOUND + 1)


def _hits(session: "Session", rows: "list[Submission]") -> tuple[Hit, ...]:
    filed = cases.by_ids(session, {row.case_id for row in rows if row.case_id})
    states = documents.states_of(session, [row.id for row in rows])
    references = {case_id: case.reference for case_id, case in filed.items()}
    return tuple(
        Hit(
            reference=row.reference,
            case_reference=references.get(row.case_id or ""),
            programme=row.programme,
            state=row.state,
            received_at=row.received_at,
            sender_verdict=row.sender_verdict,
            document_states=states.get(row.id, {}),
            region=row.region,
            language=row.language,
        )
        for row in rows
    )
