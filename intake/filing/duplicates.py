"""Find documents that came before in other mails, as a hint for officers.

The hint is in no receipt, no sender sees it, and it merges nothing by itself (requirement 28).
The same bytes of a whole mail are one submission already; this is about new mails. Small pictures
and forms that are in many cases tell nothing and are left out.
"""

from typing import TYPE_CHECKING

from storage.documents import documents

if TYPE_CHECKING:
    from collections.abc import Iterable

    from storage.crypto.column_types import KeyedHash
    from storage.database import Session
    from storage.documents.documents import Document
    from storage.submissions.submissions import Submission

# Smaller files are no scans but signature pictures, tracking dots or empty.
MIN_BYTES = 1024
# A document that is in this many cases is a form or a letterhead.
BOILERPLATE_CASES = 4
ATTACHED = frozenset({"attachment", "message"})


def possible_duplicate_of(session: "Session", submission: "Submission") -> str | None:
    """Return the id of the oldest earlier submission with all documents that this one attaches.

    It is of the same programme. None when there is none, or this one attaches nothing telling.
    """
    wanted = telling_content(session, documents.of_submission(session, submission.id), is_top=True)
    if not wanted:
        return None
    held: dict[str, set[KeyedHash]] = {}
    for submission_id, content_hash in documents.sharing(
        session,
        sorted(wanted),
        submission.programme,
        other_than=submission.id,
        not_after=submission.received_at,
    ):
        held.setdefault(submission_id, set()).add(content_hash)
    return next((found for found, have in held.items() if have >= wanted), None)


def shared_with_cases(session: "Session", submission: "Submission") -> dict[str, int]:
    """Return {submission id: number of telling documents that it shares with this one}."""
    own = telling_content(session, documents.of_submission(session, submission.id))
    if not own:
        return {}
    shared: dict[str, set[KeyedHash]] = {}
    for submission_id, content_hash in documents.sharing(
        session, sorted(own), submission.programme, other_than=submission.id
    ):
        shared.setdefault(submission_id, set()).add(content_hash)
    return {found: len(hashes) for found, hashes in shared.items()}


def telling_content(
    session: "Session", rows: "Iterable[Document]", *, is_top: bool = False
) -> "frozenset[KeyedHash]":
    """Return the hashes of documents that are specific to few cases.

    `is_top` leaves out documents that were found inside others.
    """
    hashes = {
        row.content_hash
        for row in rows
        if row.role in ATTACHED
        and row.size >= MIN_BYTES
        and not (is_top and row.parent_id is not None)
    }
    common = documents.count_cases(session, sorted(hashes))
    return frozenset(each for each in hashes if common.get(each, 0) < BOILERPLATE_CASES)
