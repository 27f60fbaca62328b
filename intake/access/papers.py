"""Decide who may read the signed papers of a submission.

A programme's officers read them, unless a document that the paper names is closed to them; of the
coordinators only the one who sent the submission in, through the portal or by mail.
"""

from typing import TYPE_CHECKING

from intake.access import coordinator_reach, rights
from intake.accounts.accounts import address_of
from intake.accounts.register_entries import entry_hash
from intake.accounts.roles import REGIONAL_ROLES
from intake.core.errors import IntakeError
from storage.accounts import users
from storage.documents import documents
from storage.mail import senders
from storage.submissions import submissions
from storage.submissions.submissions import SenderVerdict

if TYPE_CHECKING:
    from intake.accounts.accounts import SignedInUser
    from intake.core.services import Services
    from storage.cases.confirmations import Confirmation
    from storage.database import Session
    from storage.submissions.submissions import Submission


class PaperClosed(IntakeError):
    """A paper names files that are closed to its reader."""

    reason = "paper_closed"
    public = "This paper names documents that are closed to you, so it cannot be opened here."
    status = 403


def is_addressee(user: "SignedInUser") -> bool:
    """Tell whether signed papers are written to people like this user: to coordinators."""
    return user.role in REGIONAL_ROLES


def may_read(
    services: "Services", session: "Session", user: "SignedInUser", row: "Confirmation"
) -> bool:
    """Tell whether a user may read a paper: an officer of its programme, or who sent it in."""
    submission = submissions.by_id(session, row.submission_id)
    return submission is not None and may_read_of(services, session, user, submission)


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
    """Tell whether a coordinator's account has the register's address that wrote a mail."""
    entry = senders.by_id(session, submission.sender_id)
    account = users.by_id(session, user.id)
    if submission.sender_verdict != SenderVerdict.REGISTERED or entry is None or account is None:
        return False
    email = address_of(services, session, account)
    return entry.address_hash == entry_hash(services, session, email)
