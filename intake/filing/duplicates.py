"""Same again: documents that came before in other mails; a hint for officers and nothing else.

It is never in a receipt, never seen by a sender, and merges nothing by itself
(requirement 28). The same bytes of a whole mail are one submission already; this is about new
mails. Small pictures and forms that stand in many cases say nothing and are passed over.
"""

from typing import TYPE_CHECKING

from storage.documents import documents

if TYPE_CHECKING:
    from collections.abc import Iterable

    from storage.database import Session
    from storage.documents.documents import Document
    from storage.submissions.submissions import Submission

# Smaller than any scan: signature pictures, tracking dots, empty files.
MIN_BYTES = 1024
# What stands in this many cases is a form or a letterhead.
BOILERPLATE_CASES = 4
ATTACHED = frozenset({"attachment", "message"})


def possible_duplicate_of(session: "Session", submission: "Submission") -> str | None:
    """Return the oldest submission of the programme that holds all that this one attaches.

    None when this one attaches nothing that tells, or came before.
    """
    wanted = telling(session, documents.of_submission(session, submission.id), is_top=True)
    if not wanted:
        return None
    held: dict[str, set[str]] = {}
    for submission_id, sha256 in documents.sharing(
        session,
        sorted(wanted),
        submission.programme,
        other_than=submission.id,
        not_after=submission.received_at,
    ):
        held.setdefault(submission_id, set()).add(sha256)
    return next((found for found, have in held.items() if have >= wanted), None)


def shared_with_cases(session: "Session", submission: "Submission") -> dict[str, int]:
    """Count the telling documents that other submissions share: {submission id: n}."""
    own = telling(session, documents.of_submission(session, submission.id))
    if not own:
        return {}
    shared: dict[str, set[str]] = {}
    for submission_id, sha256 in documents.sharing(
        session, sorted(own), submission.programme, other_than=submission.id
    ):
        shared.setdefault(submission_id, set()).add(sha256)
    return {found: len(hashes) for found, hashes in shared.items()}


def telling(
    session: "Session", rows: "Iterable[Document]", *, is_top: bool = False
) -> frozenset[str]:
    """Return the hashes of documents that say something of a case; `is_top`: none inside others."""
    hashes = {
        row.sha256
        for row in rows
        if row.role in ATTACHED
        and row.size >= MIN_BYTES
        and not (is_top and row.parent_id is not None)
    }
    common = documents.count_cases(session, sorted(hashes))
    return frozenset(each for each in hashes if common.get(each, 0) < BOILERPLATE_CASES)
