"""Show a coordinator one referral: where it stands, what came of its files, and what was written.

A note, a suggestion or a document type is never shown. What is not visible to the coordinator
raises the same NotFound as what does not exist. Reading the messages is audited.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from intake.access import gate
from intake.access import papers as papers_access
from intake.accounts.people import cover, names
from intake.coordinators import referrals
from intake.coordinators.referrals import Arrival, Referral
from intake.coordinators.sent_files import SentFile, files_of
from intake.coordinators.waiting import waiting_of
from intake.core import audit
from intake.core.errors import NotFound
from intake.correspondence import case_messages, questions
from storage.audit_acts import Act
from storage.cases import cases, confirmations

if TYPE_CHECKING:
    from intake.access.opened import OpenedToRead
    from intake.accounts.accounts import SignedInUser
    from intake.accounts.people.names import OfficeContact
    from intake.core.services import Services
    from intake.correspondence.case_messages import Line
    from storage.database import Session
    from storage.submissions.submissions import Submission


@dataclass(frozen=True)
class PaperLine:
    """One signed paper: `kind` is R1 or R2; `is_new` while nobody it is written to opened it."""

    id: str
    kind: str
    number: int
    signed_at: datetime
    is_new: bool = False


@dataclass(frozen=True)
class ArrivalPage:
    """One submission of a referral: what came, what became of each file, and its signed papers."""

    arrival: Arrival
    files: tuple[SentFile, ...]
    papers: tuple[PaperLine, ...]


@dataclass(frozen=True)
class OneReferral:
    """A referral as its page shows it.

    `asked_for` is the code by which it was opened, of one of its `arrivals`, the oldest first.
    `can_write` tells that a message can be written: about a question always, else once there is a
    case. `contact` is the owner of the case, or who acts for them while they are away; None while
    nobody does.
    """

    asked_for: str
    referral: Referral
    arrivals: tuple[ArrivalPage, ...]
    messages: "tuple[Line, ...]"
    can_write: bool
    contact: "OfficeContact | None" = None

    @property
    def due_at(self) -> datetime | None:
        """Return until when (UTC) a person confirms what the page was opened by."""
        return next(
            each.arrival.due_at
            for each in self.arrivals
            if each.arrival.reference == self.asked_for
        )


def read_referral(
    services: "Services", opened: "OpenedToRead[Submission]", *, is_seen: bool = True
) -> OneReferral:
    """Return the referral that a visible submission belongs to, by its code. Raises NotFound.

    `is_seen` marks the office's messages as read.
    """
    with services.database.reading() as session:
        submission = opened.row(services, session)
        arrived = referrals.arrived_with(services, session, opened.user, submission)
        case = cases.by_id(session, submission.case_id)
        waiting = waiting_of(services, session, opened.user, arrived)
        referral = referrals.referral_of(services, session, case, arrived, waiting)
        shown = (referral.first, *referral.additions)
        arrivals = tuple(
            ArrivalPage(
                arrival,
                files_of(services, session, opened.user, each),
                _papers(services, session, opened.user, each),
            )
            for arrival, each in zip(shown, arrived, strict=True)
        )
        asks = questions.is_question(submission)
    with services.database.transaction() as session:
        subject = ("submission", submission.id)
        audit.note(services, session, opened.user, Act.REFERRAL_VIEWED, subject)
    asked = questions.read_question_messages(services, opened, is_seen=is_seen) or ()
    messages, can_write, contact = asked, True, None
    if not asks:
        told, can_write = _conversation(services, opened.user, submission, is_seen=is_seen)
        messages = (*asked, *told)
        contact = _contact(services, submission) if can_write else None
    return OneReferral(submission.reference, referral, arrivals, messages, can_write, contact)


def _papers(
    services: "Services", session: "Session", user: "SignedInUser", submission: "Submission"
) -> tuple[PaperLine, ...]:
    """Return the signed papers of a submission, the oldest first, for whom they are written to."""
    if not papers_access.may_read_of(services, session, user, submission):
        return ()
    return tuple(
        PaperLine(row.id, row.kind, row.number, row.signed_at, is_new=row.read_at is None)
        for row in confirmations.of_submission(session, submission.id)
        if papers_access.has_left(services, row)
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
