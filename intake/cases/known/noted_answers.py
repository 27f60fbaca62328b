"""Read and write what officers were told about a referral; callers audit.

An answer that a reading filled in is as closed as the document of that reading. Answers that were
told in another programme do not count in this one.
"""

import json
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from intake.access import derived
from intake.cases.known.fields import KnownField, ToldAnswer
from storage.base import new_id
from storage.crypto.sealing import seal, unseal
from storage.submissions import told_facts
from storage.submissions.submissions import place
from storage.submissions.told_facts import ToldFact

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from intake.access.visibility import Visibility
    from storage.crypto.keys import DataKey
    from storage.database import Session
    from storage.submissions.submissions import Submission


@dataclass(frozen=True)
class NotedAnswer:
    """One answer that was noted, by whom and when; `reading_id` and `document_id` may be None.

    `noted_by` is the id of an account. With `is_ended` it was taken back.
    """

    id: str
    field: KnownField
    answer: ToldAnswer
    noted_by: str
    noted_at: datetime
    is_ended: bool
    reading_id: str | None = None
    document_id: str | None = None


def told_of(
    session: "Session",
    submission: "Submission",
    key: "DataKey",
    visibilities: "Mapping[str, Visibility]",
) -> tuple[NotedAnswer, ...]:
    """Return all that was told about a submission, the oldest first.

    What came from a document that is closed to the reader of `visibilities` is left out.
    """
    rows = told_facts.of_submissions(session, [submission.id])
    return _opened(submission, key, rows, visibilities)


def told_outside(
    session: "Session", submission: "Submission", key: "DataKey"
) -> tuple[NotedAnswer, ...]:
    """Return what of it whoever reads the submission but no compartment may see.

    What is seen of its documents is asked only when something told came from one.
    """
    rows = told_facts.of_submissions(session, [submission.id])
    is_from_papers = any(row.document_id is not None for row in rows)
    seen = derived.visibilities_outside(session, submission) if is_from_papers else {}
    return _opened(submission, key, rows, seen)


def told_beside(
    session: "Session",
    submissions: "Iterable[Submission]",
    key_of: "Callable[[Submission], DataKey | None]",
) -> tuple[tuple[NotedAnswer, ...], ...]:
    """Return what people told about each of several submissions; nothing that came from documents.

    `key_of` gives None for a submission that was erased, which says nothing.
    """
    asked = list(submissions)
    rows = told_facts.of_submissions(session, [each.id for each in asked])
    found = []
    for each in asked:
        own = [row for row in rows if row.submission_id == each.id]
        key = key_of(each) if own else None
        found.append(_opened(each, key, own, {}) if key is not None else ())
    return tuple(found)


def _opened(
    submission: "Submission",
    key: "DataKey",
    rows: "Iterable[ToldFact]",
    visibilities: "Mapping[str, Visibility]",
) -> tuple[NotedAnswer, ...]:
    return tuple(
        _noted(key, row)
        for row in rows
        if row.programme == submission.programme and _is_open(visibilities, row)
    )


def counting(answers: "Iterable[NotedAnswer]") -> dict[KnownField, NotedAnswer]:
    """Return the answer that counts of each field: the newest that was not taken back."""
    return {each.field: each for each in answers if not each.is_ended}


def note(
    session: "Session",
    submission: "Submission",
    key: "DataKey",
    field: KnownField,
    answer: ToldAnswer,
    *,
    by: str,
    at: datetime,
    reading_id: str | None = None,
    document_id: str | None = None,
) -> str:
    """Note an answer in the caller's transaction, under the submission's lock; return its id."""
    row_id = new_id()
    session.add(
        ToldFact(
            id=row_id,
            submission_id=submission.id,
            number=told_facts.next_number(session, submission.id),
            programme=submission.programme,
            field=field,
            value=seal(key, _place(row_id), json.dumps(asdict(answer))),
            reading_id=reading_id,
            document_id=document_id,
            noted_by=by,
            noted_at=at,
        )
    )
    session.flush()
    return row_id


def end(session: "Session", submission_id: str, fact_ids: list[str], by: str, at: datetime) -> None:
    """Take answers of a submission back; what was taken back already stays so."""
    for row in told_facts.by_ids(session, fact_ids):
        if row.submission_id == submission_id and row.ended_at is None:
            row.ended_by, row.ended_at = by, at
    session.flush()


def _is_open(visibilities: "Mapping[str, Visibility]", row: ToldFact) -> bool:
    return row.document_id is None or derived.is_open(visibilities, [row.document_id])


def _noted(key: "DataKey", row: ToldFact) -> NotedAnswer:
    return NotedAnswer(
        id=row.id,
        field=KnownField(row.field),
        answer=ToldAnswer(**json.loads(unseal(key, _place(row.id), row.value))),
        noted_by=row.noted_by,
        noted_at=row.noted_at,
        is_ended=row.ended_at is not None,
        reading_id=row.reading_id,
        document_id=row.document_id,
    )


def _place(row_id: str) -> str:
    return place("told_facts", "value", row_id)
