"""Keep a blind index of the words in submissions, so that sealed text can be searched.

Each row is a keyed hash of one word (`intake.queues.search_index` makes them), the submission
that has it, and where: HEADER, LETTER, or the document whose name has it. A reader of the table
without the system's key sees how often words occur together, and no word. Rows go with their
submission: `forget` removes them, and a submission whose key was destroyed is never found.
"""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import (
    ForeignKey,
    Index,
    LargeBinary,
    String,
    and_,
    delete,
    func,
    insert,
    select,
    true,
)
from sqlalchemy.orm import Mapped, Session, aliased, mapped_column

from storage.access.own_submissions import Submissions
from storage.base import Base, UtcTime
from storage.cases.cases import Case
from storage.crypto.keys import DataKeyRow
from storage.submissions.submissions import Submission

# Sources of words beside the ids of documents: sender, subject and codes; and the message body.
HEADER = "header"
LETTER = "letter"


class SearchWord(Base):
    """One word of one submission, from one source.

    `at` is the submission's arrival, so that the newest are found first.
    """

    __tablename__ = "search_words"
    # There are many short rows, so SQLite keeps them in the primary key's tree alone.
    __table_args__ = (
        Index("ix_search_words_submission", "submission_id"),
        {"sqlite_with_rowid": False},
    )

    word: Mapped[bytes] = mapped_column(LargeBinary(16), primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcTime, primary_key=True)
    submission_id: Mapped[str] = mapped_column(ForeignKey("submissions.id"), primary_key=True)
    source: Mapped[str] = mapped_column(String(32), primary_key=True)


def put(session: Session, submission: Submission, words: Collection[tuple[bytes, str]]) -> None:
    """Let a submission be found by exactly these words, each with its source."""
    forget(session, submission.id)
    at, submission_id = submission.received_at, submission.id
    rows = [
        {"word": word, "at": at, "submission_id": submission_id, "source": source}
        for word, source in sorted(words)
    ]
    if rows:
        session.execute(insert(SearchWord), rows)


def forget(session: Session, submission_id: str) -> None:
    """Let a submission be found by no word any more, as a part of erasing it."""
    session.execute(delete(SearchWord).where(SearchWord.submission_id == submission_id))


def count_up_to(session: Session, word: bytes, most: int) -> int:
    """Count the places that have a word, but no further than `most`."""
    some = select(SearchWord.at).where(SearchWord.word == word).limit(most).subquery()
    return session.scalar(select(func.count()).select_from(some)) or 0


def with_all(session: Session, words: Sequence[bytes], *, reach: int, limit: int) -> list[str]:
    """Return ids of the newest submissions with all words, wherever they have them.

    Only the newest `reach` submissions with the first word are looked at, so it should be the
    rarest.
    """
    first, *others = words
    led = (
        select(SearchWord.at, SearchWord.submission_id)
        .where(SearchWord.word == first)
        .distinct()
        .order_by(SearchWord.at.desc(), SearchWord.submission_id)
        .limit(reach)
        .subquery()
    )
    query = select(led.c.submission_id, led.c.at).distinct()
    for word in others:
        other = aliased(SearchWord)
        query = query.join(
            other,
            and_(
                other.word == word,
                other.at == led.c.at,
                other.submission_id == led.c.submission_id,
            ),
        )
    ordered = query.order_by(led.c.at.desc(), led.c.submission_id).limit(limit)
    return list(session.scalars(ordered))


def sources_of(
    session: Session, submission_ids: Collection[str], words: Collection[bytes]
) -> dict[str, dict[bytes, set[str]]]:
    """Return {submission: {word: the sources in which it has it}}."""
    found: dict[str, dict[bytes, set[str]]] = {
        each: {word: set() for word in words} for each in submission_ids
    }
    query = select(SearchWord.submission_id, SearchWord.word, SearchWord.source).where(
        SearchWord.submission_id.in_(submission_ids), SearchWord.word.in_(words)
    )
    for submission_id, word, source in session.execute(query):
        found[submission_id][word].add(source)
    return found


def by_code(session: Session, begin: str, programmes: Collection[str], *, limit: int) -> list[str]:
    """Return ids of submissions whose code, or whose case's code, begins so; the newest first."""
    # The range is between whole codes: every collation orders codes of one shape in the same way.
    low, high = _filled(begin, "2"), _filled(begin, "Z")
    found: dict[str, None] = {}
    for query in (
        select(Submission.id).where(Submission.reference.between(low, high)),
        select(Submission.id)
        .join(Case, Case.id == Submission.case_id)
        .where(Case.reference.between(low, high)),
    ):
        own = query.where(Submission.programme.in_(programmes)).limit(limit)
        found |= dict.fromkeys(session.scalars(own))
    return list(found)[:limit]


def _filled(begin: str, symbol: str) -> str:
    rest = f"{symbol * 3}-{symbol * 3}-{symbol * 2}"
    return begin + rest[len(begin) :]


def readable(
    session: Session,
    submission_ids: Collection[str],
    programmes: Collection[str],
    *,
    only: Submissions | None = None,
) -> list[Submission]:
    """Return those submissions of the programmes that were not erased, the newest first.

    `only` narrows them to submissions that are somebody's own (`access.own_submissions`).
    """
    return list(
        session.scalars(
            select(Submission)
            .join(DataKeyRow, DataKeyRow.id == Submission.data_key_id)
            .where(
                Submission.id.in_(submission_ids),
                Submission.programme.in_(programmes),
                DataKeyRow.destroyed_at.is_(None),
                true() if only is None else Submission.id.in_(only),
            )
            .order_by(Submission.received_at.desc(), Submission.id)
        )
    )


def not_indexed(session: Session, *, after: str, limit: int) -> list[str]:
    """Return ids of submissions without any word that follow `after`, in the order of ids."""
    has_words = select(SearchWord.word).where(SearchWord.submission_id == Submission.id).exists()
    return list(
        session.scalars(
            select(Submission.id)
            .where(Submission.id > after, ~has_words)
            .order_by(Submission.id)
            .limit(limit)
        )
    )
