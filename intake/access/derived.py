"""Decide who sees what was derived from documents: values, people, days.

It carries the compartments of its source: a name read from a closed police paper is closed to those
to whom the paper is closed. What an officer typed has no source and is open to everybody who reads
the submission; what several documents say is open with the most open of them.
"""

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, TypeVar

from intake.access import rights
from intake.core.errors import NotFound
from storage.cases import legal_dates
from storage.documents import documents, people, sources

if TYPE_CHECKING:
    from collections.abc import Iterable

    from intake.access.held_documents import HeldDocument
    from intake.access.visibility import Visibility
    from intake.accounts.accounts import SignedInUser
    from intake.core.services import Services
    from storage.cases.filing_acts import Likeness
    from storage.cases.legal_dates import LegalDate
    from storage.database import Session
    from storage.documents.extracted_values import ExtractedValue
    from storage.documents.people import Person
    from storage.submissions.submissions import Submission

Derived = TypeVar("Derived", "Person", "LegalDate")


def is_open(
    visibilities: "Mapping[str, Visibility]", said_by: Collection[str], page: int = 0
) -> bool:
    """Tell whether what these sources say is seen by the reader of `visibilities`.

    `page` is where the documents say it, from 1; 0 is anywhere in them, so they must be seen whole.
    A document that is not among the visibilities counts as closed.
    """
    return sources.TYPED in said_by or any(
        visibilities[each].shows(page) if page else visibilities[each].is_whole
        for each in said_by
        if each in visibilities
    )


def open_people(
    services: "Services",
    session: "Session",
    user: "SignedInUser",
    submissions: "Iterable[Submission]",
) -> "list[Person]":
    """Return the people whom submissions name, as far as a user may see them, oldest first.

    A submission that they may not read says nothing here, not even what was typed there.
    """
    read = _read_by(services, session, user, submissions)
    rows = people.of_submissions(session, [each.id for each in read])
    return _open_of(services, session, user, read, rows)


def open_days(
    services: "Services",
    session: "Session",
    user: "SignedInUser",
    submissions: "Iterable[Submission]",
) -> "list[LegalDate]":
    """Return the legal days of submissions, as far as a user may see them, the nearest first.

    A submission that they may not read says nothing here, not even what was typed there.
    """
    read = _read_by(services, session, user, submissions)
    rows = legal_dates.of_submissions(session, [each.id for each in read])
    return _open_of(services, session, user, read, rows)


def _read_by(
    services: "Services",
    session: "Session",
    user: "SignedInUser",
    submissions: "Iterable[Submission]",
) -> "list[Submission]":
    return [
        each for each in submissions if rights.relationship_to(services, session, user, each).reads
    ]


def _open_of(
    services: "Services",
    session: "Session",
    user: "SignedInUser",
    read: "list[Submission]",
    rows: "list[Derived]",
) -> "list[Derived]":
    firsts = {row.id: row.document_id for row in rows}
    seen = open_rows(services, session, user, read, firsts)
    return [row for row in rows if row.id in seen]


def open_rows(
    services: "Services",
    session: "Session",
    user: "SignedInUser",
    read: "Iterable[Submission]",
    firsts: Mapping[str, str | None],
) -> frozenset[str]:
    """Return which rows of `people` or `legal_dates` of submissions a user may see.

    `firsts` are {row: its document_id}.
    """
    visibilities = visibilities_of(services, session, user, read)
    return open_among(session, visibilities, firsts)


def open_among(
    session: "Session",
    visibilities: "Mapping[str, Visibility]",
    firsts: Mapping[str, str | None],
) -> frozenset[str]:
    """Return which rows are seen by the reader of `visibilities`."""
    found = sources.of_rows(session, firsts)
    return frozenset(row for row, said_by in found.items() if is_open(visibilities, said_by))


def open_to_every_reader(
    session: "Session",
    read: "Iterable[Submission]",
    firsts: Mapping[str, str | None],
) -> frozenset[str]:
    """Return which rows of submissions are seen by whoever reads these: no compartment has them."""
    visibilities: dict[str, Visibility] = {}
    for submission in read:
        visibilities |= visibilities_outside(session, submission)
    return open_among(session, visibilities, firsts)


def visibilities_outside(session: "Session", submission: "Submission") -> "dict[str, Visibility]":
    """Return {document: what is seen of it} by who reads a submission but no compartment."""
    rows = documents.of_submission(session, submission.id)
    return rights.visibilities(session, rights.of_service(submission), rows)


def visibilities_there(
    services: "Services",
    session: "Session",
    user: "SignedInUser | None",
    others: "Iterable[Submission]",
) -> "dict[str, tuple[dict[str, Visibility], ...]]":
    """Return what of other submissions a user may learn by a hint that leads there, by id.

    It is what no compartment has, since the hint is for filing, and what the user sees themself;
    None is everybody.
    """
    found: dict[str, tuple[dict[str, Visibility], ...]] = {}
    for submission in others:
        outside = visibilities_outside(session, submission)
        own = visibilities_of(services, session, user, [submission]) if user is not None else {}
        found[submission.id] = (outside, own)
    return found


def best_likeness(
    likenesses: "Iterable[Likeness]",
    here: "Mapping[str, Visibility]",
    there: "Mapping[str, Collection[Mapping[str, Visibility]]]",
) -> float:
    """Return the best likeness of two people whose names are both open, 0 for none.

    `here` are the visibilities of the submission that is read, `there` those of the others.
    """
    return max(
        (
            each.score
            for each in likenesses
            if is_open(here, each.here)
            and any(is_open(seen, each.there) for seen in there.get(each.submission_id, ()))
        ),
        default=0.0,
    )


def require_open(
    services: "Services",
    session: "Session",
    user: "SignedInUser",
    submission: "Submission",
    firsts: Mapping[str, str | None],
) -> None:
    """Check that a user may change rows of a submission. Raises NotFound as for rows not there."""
    visibilities = visibilities_to_change(services, session, user, submission)
    if open_among(session, visibilities, firsts) != frozenset(firsts):
        raise NotFound


def require_value(
    services: "Services",
    session: "Session",
    user: "SignedInUser",
    submission: "Submission",
    value: "ExtractedValue",
) -> None:
    """Check that a user may decide about a value, by the page on which it stands.

    Raises NotFound.
    """
    visibilities = visibilities_to_change(services, session, user, submission)
    if not is_open(visibilities, [value.document_id], value.page):
        raise NotFound


def open_texts(
    services: "Services",
    session: "Session",
    user: "SignedInUser | None",
    submission: "Submission",
) -> tuple[str, ...]:
    """Return which columns of a submission's own text a user may read: `subject`, `body_text`.

    None is the service itself, for operators' commands. Whoever may not read the submission reads
    neither, and from whom its letter is closed, only the subject.
    """
    relationship = (
        rights.of_service(submission)
        if user is None
        else rights.relationship_to(services, session, user, submission)
    )
    if not relationship.reads:
        return ()
    rows = documents.of_submission(session, submission.id)
    visibilities = rights.visibilities(session, relationship, rows)
    is_shown = rights.shows_letter(visibilities, rows)
    return ("subject", "body_text") if is_shown else ("subject",)


def visibilities_of(
    services: "Services",
    session: "Session",
    user: "SignedInUser",
    read: "Iterable[Submission]",
) -> "dict[str, Visibility]":
    """Return {document: what a user sees of it} for the documents of several submissions."""
    found: dict[str, Visibility] = {}
    for submission in read:
        relationship = rights.relationship_to(services, session, user, submission)
        rows = documents.of_submission(session, submission.id)
        found |= rights.visibilities(session, relationship, rows)
    return found


def visibilities_to_change(
    services: "Services", session: "Session", user: "SignedInUser", submission: "Submission"
) -> "dict[str, Visibility]":
    """Return {document: what a user sees of it} for a change, openings with a reason left out."""
    relationship = rights.to_change(services, session, user, submission)
    rows = documents.of_submission(session, submission.id)
    return rights.visibilities(session, relationship, rows)


def require_whole(
    services: "Services",
    session: "Session",
    user: "SignedInUser",
    held: "HeldDocument",
) -> None:
    """Raise NotFound unless a user sees a document whole, for a change that tells what is in it."""
    seen = visibilities_to_change(services, session, user, held.submission)
    if not seen[held.document.id].is_whole:
        raise NotFound
