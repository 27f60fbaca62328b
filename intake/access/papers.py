"""Decide who may read the signed papers of a submission.

A programme's officers read them, unless a document that the paper names is closed to them; of the
coordinators only the one who sent the submission in, through the portal or by mail. Reading is
not making: a receipt is made for who sent the submission in and for who may act on it.
"""

from datetime import timedelta
from typing import TYPE_CHECKING

from intake.access import coordinator_reach, rights
from intake.access.find import code_of
from intake.accounts.register_entries import account_of_entry
from intake.accounts.roles import REGIONAL_ROLES
from intake.core.errors import IntakeError, NotFound
from storage.accounts import users
from storage.cases.confirmations import Confirmation, PaperKind
from storage.documents import documents
from storage.mail import senders
from storage.submissions import submissions
from storage.submissions.submissions import SenderVerdict

if TYPE_CHECKING:
    from datetime import datetime

    from intake.accounts.accounts import SignedInUser
    from intake.core.services import Services
    from storage.database import Session
    from storage.submissions.submissions import Submission


class PaperClosed(IntakeError):
    """A paper names files that are closed to its reader."""

    reason = "paper_closed"
    public = "It names documents that are closed to you, so it cannot be opened here."
    status = 403


class WrongReader(NotFound):
    """Somebody asked for a paper that is not theirs; a page says only that it is not there.

    `paper` is for the office's report: a link that went to the wrong coordinator is an incident.
    """

    def __init__(self, paper: Confirmation) -> None:
        super().__init__()
        self.paper = paper


def find_paper(
    services: "Services", session: "Session", user: "SignedInUser", paper_id: str
) -> Confirmation:
    """Return a signed paper that a user may read.

    Raises NotFound, also for a coordinator while its sending can still be undone, WrongReader for
    somebody else's paper, and PaperClosed when it names a document that is closed to an officer.
    """
    row = session.get(Confirmation, paper_id)
    if row is None or (is_addressee(user) and not has_left(services, row)):
        raise NotFound
    submission = submissions.by_id(session, row.submission_id)
    if submission is None or not may_read_of(services, session, user, submission):
        raise WrongReader(row)
    refuse_closed(services, session, user, submission)
    return row


def submission_of_papers(
    services: "Services", session: "Session", user: "SignedInUser", reference: str
) -> "Submission":
    """Return a submission for who may read its papers. Raises NotFound."""
    submission = submissions.by_reference(session, code_of(reference))
    if submission is None or not may_read_of(services, session, user, submission):
        raise NotFound
    return submission


def undo_window(services: "Services") -> timedelta:
    """Return how long what an officer sends can be undone."""
    return timedelta(seconds=services.settings.undo_seconds)


def has_passed(services: "Services", at: "datetime") -> bool:
    """Tell whether what an officer sent at a time (UTC) cannot be taken back any more."""
    return at + undo_window(services) <= services.now()


def has_left(services: "Services", paper: Confirmation) -> bool:
    """Tell whether a coordinator may read a signed paper: its sending cannot be undone any more."""
    is_sent = paper.kind != PaperKind.CONFIRMATION
    return is_sent or has_passed(services, paper.signed_at)


def is_addressee(user: "SignedInUser") -> bool:
    """Tell whether signed papers are written to people like this user: to coordinators."""
    return user.role in REGIONAL_ROLES


def may_read_of(
    services: "Services", session: "Session", user: "SignedInUser", submission: "Submission"
) -> bool:
    """Tell whether a user may read the papers of a submission."""
    if not is_addressee(user):
        return rights.relationship_to(services, session, user, submission).reads
    if not coordinator_reach.is_in_own_region(user, submission):
        return False
    if submission.submitted_by is not None:
        return submission.submitted_by == user.id
    return _wrote_by_mail(services, session, user, submission)


def may_make_receipt_of(
    services: "Services", session: "Session", user: "SignedInUser", submission: "Submission"
) -> bool:
    """Tell whether a receipt may be signed because a user, who reads the papers, asks for one."""
    if is_addressee(user):
        return True
    relationship = rights.relationship_to(services, session, user, submission)
    return rights.acts_on(user, relationship)


def refuse_closed(
    services: "Services", session: "Session", user: "SignedInUser", submission: "Submission"
) -> None:
    """Raise PaperClosed for an officer to whom a document that a paper names is closed.

    Whoever sent the documents in gave their names, so nothing is closed to them.
    """
    if is_addressee(user):
        return
    relationship = rights.relationship_to(services, session, user, submission)
    rows = documents.of_submission(session, submission.id)
    found = rights.visibilities(session, relationship, rows)
    if not all(visibility.is_whole for visibility in found.values()):
        raise PaperClosed


def _wrote_by_mail(
    services: "Services", session: "Session", user: "SignedInUser", submission: "Submission"
) -> bool:
    """Tell whether the register's entry that wrote a mail belongs to a coordinator's account."""
    entry = senders.by_id(session, submission.sender_id)
    account = users.by_id(session, user.id)
    if submission.sender_verdict != SenderVerdict.REGISTERED or entry is None or account is None:
        return False
    own = account_of_entry(services, session, entry)
    return own is not None and own.id == account.id
