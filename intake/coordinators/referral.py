"""Show a coordinator one referral: its signed papers, and the messages about it.

A note, a suggestion or a document type is never shown. What is not visible to the coordinator
raises the same NotFound as what does not exist. Reading the messages is audited.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from intake.access import gate
from intake.access import papers as papers_access
from intake.accounts.people import cover, names
from intake.core.errors import NotFound
from intake.correspondence import case_messages, questions
from storage.cases import cases, confirmations

if TYPE_CHECKING:
    from intake.access.opened import OpenedToRead
    from intake.accounts.accounts import SignedInUser
    from intake.accounts.people.names import OfficeContact
    from intake.core.services import Services
    from intake.correspondence.case_messages import Line
    from storage.submissions.submissions import Submission


@dataclass(frozen=True)
class PaperLine:
    """One signed paper: `kind` is R1 or R2."""

    id: str
    kind: str
    number: int
    signed_at: datetime


@dataclass(frozen=True)
class OneReferral:
    """A referral as its page shows it. `can_write` tells that a message can be written: about a
    question always, else once there is a case. `contact` is the owner of the case, or who acts for
    them while they are away; None while nobody does. `is_kept` tells that its case is stopped."""

    reference: str
    papers: tuple[PaperLine, ...]
    messages: "tuple[Line, ...]"
    can_write: bool
    is_question: bool = False
    contact: "OfficeContact | None" = None
    is_kept: bool = False


def read_referral(
    services: "Services", opened: "OpenedToRead[Submission]", *, is_seen: bool = True
) -> OneReferral:
    """Return a referral that a coordinator may see, by its code. Raises NotFound.

    `is_seen` marks the office's messages as read.
    """
    with services.database.reading() as session:
        submission = opened.row(services, session)
        may_read = papers_access.may_read_of(services, session, opened.user, submission)
        rows = confirmations.of_submission(session, submission.id) if may_read else []
        papers = tuple(
            PaperLine(row.id, row.kind, row.number, row.signed_at)
            for row in rows
            if papers_access.has_left(services, row)
        )
        asks = questions.is_question(submission)
        is_kept = cases.is_stopped(session, submission)
    asked = questions.read_question_messages(services, opened, is_seen=is_seen) or ()
    if asks:
        return OneReferral(submission.reference, papers, asked, can_write=True, is_question=True)
    messages, can_write = _conversation(services, opened.user, submission, is_seen=is_seen)
    contact = _contact(services, submission) if can_write else None
    return OneReferral(
        submission.reference,
        papers,
        (*asked, *messages),
        can_write,
        contact=contact,
        is_kept=is_kept,
    )


def is_question(services: "Services", opened: "OpenedToRead[Submission]") -> bool:
    """Tell whether a referral visible to a coordinator is a question. Raises NotFound."""
    with services.database.reading() as session:
        return questions.is_question(opened.row(services, session))


def _contact(services: "Services", submission: "Submission") -> "OfficeContact | None":
    """Return whom a coordinator calls about a case in which they may write, None for nobody."""
    with services.database.reading() as session:
        case = cases.by_id(session, submission.case_id)
        owner_id = cases.resolved(session, case).owner_id if case is not None else None
        if owner_id is None:
            return None
        acts_id = cover.who_acts_for(services, session, owner_id, services.now()).acts_id
        return names.contact_of(services, session, acts_id) if acts_id is not None else None


def _conversation(
    services: "Services", user: "SignedInUser", submission: "Submission", *, is_seen: bool
) -> "tuple[tuple[Line, ...], bool]":
    """Return the messages and whether the coordinator may write; none for somebody else's case."""
    if submission.case_id is None:
        return (), False
    try:
        opened = gate.conversation_to_write(services, user, submission.reference)
    except NotFound:
        return (), False
    return case_messages.read_conversation(services, opened, is_seen=is_seen), True
