"""Hold back for some seconds what an officer sends, and undo the sending within that time.

An answer, a request for another copy and a signed confirmation wait for `undo_seconds` before the
mail leaves or a coordinator can read the paper. Undoing deletes their rows; the audit trail says
that they existed. Automatic mail does not wait.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from intake.access.edit_conflicts import PERSON
from intake.access.papers import has_left, undo_window
from intake.core.errors import Conflict
from intake.queues import ends
from storage import audit as audit_trail
from storage.audit_acts import Act
from storage.blobs.blobs import BlobRow
from storage.cases import confirmations
from storage.cases.confirmations import PaperKind
from storage.documents import quarantine
from storage.mail import outbox
from storage.mail.outbox import MailKind

if TYPE_CHECKING:
    from intake.access.opened import OpenedToChange
    from intake.core.services import Services
    from storage.cases.confirmations import Confirmation
    from storage.database import Session
    from storage.submissions.submissions import Submission

# The kind of each message that an officer writes starts with one of these.
BY_OFFICERS = (MailKind.ANSWER, MailKind.RESEND_REQUEST, MailKind.CONFIRMATION)
PAPER = PaperKind.CONFIRMATION


class HasLeft(Conflict):
    """The mail left, or a coordinator could read the paper, before the sending was undone."""

    reason = "has_left"
    public = "It has left the house meanwhile, so it cannot be taken back any more."


class EndsWithIt(Conflict):
    """The mail finished its submission, which would stay finished without its answer."""

    reason = "ends_with_it"
    public = (
        "It was sent to finish this. Open the submission again, which takes the mail back too. "
        "Nothing was changed."
    )


@dataclass(frozen=True)
class UndoableSend:
    """A sending that can be undone: the kind of message or paper, and until when (UTC)."""

    kind: str
    until: datetime


def undoable_sends(
    services: "Services", session: "Session", submission: "Submission"
) -> tuple[UndoableSend, ...]:
    """Return what was sent about a submission and can still be undone, the newest last."""
    now = services.now()
    found = {
        row.kind: row.next_try_at
        for row in outbox.waiting(session, submission.id, now)
        if row.kind.startswith(BY_OFFICERS) and not row.kind.startswith(PAPER)
        and row.next_try_at is not None
    }  # fmt: skip
    paper = _newest_paper(session, submission)
    if paper is not None and not has_left(services, paper):
        found[PAPER] = paper.signed_at + undo_window(services)
    listed = (UndoableSend(kind, until) for kind, until in found.items())
    return tuple(sorted(listed, key=lambda each: each.until))


def read_undoable(
    services: "Services", opened: "OpenedToChange[Submission]"
) -> tuple[UndoableSend, ...]:
    """Return what a user can still take back of a submission. Raises NotFound."""
    with services.database.reading() as session:
        return undoable_sends(services, session, opened.row(services, session))


def undo_locked(
    services: "Services", session: "Session", submission: "Submission", kind: str
) -> None:
    """Take back what is about to leave, in the caller's transaction, who audits it.

    Raises HasLeft when it did, and EndsWithIt when its submission was finished with it.
    """
    if kind not in {each.kind for each in undoable_sends(services, session, submission)}:
        raise HasLeft
    ending = ends.ending_of(session, submission)
    if ending is not None and ending.detail.get(ends.MAIL) == kind:
        raise EndsWithIt
    since = _take_out(services, session, submission, kind)
    if kind == MailKind.RESEND_REQUEST:
        quarantine.forget_asked(session, submission.id, since)


def _take_out(
    services: "Services", session: "Session", submission: "Submission", kind: str
) -> datetime:
    """Delete a message, or a paper with the mail that tells of it; return when it was made."""
    if kind != PAPER:
        made_at = outbox.take_out(session, submission.id, kind, services.now())
        if made_at is None:
            raise HasLeft
        return made_at
    paper = _newest_paper(session, submission)
    if paper is None or paper.read_at is not None:
        raise HasLeft
    told = _mail_of(session, paper)
    if told.state == outbox.MessageState.SUPPRESSED:
        session.delete(told)
    elif outbox.take_out(session, submission.id, told.kind, services.now()) is None:
        raise HasLeft
    blob = session.get(BlobRow, paper.pdf_blob_id)
    session.delete(paper)
    session.flush()
    if blob is not None:
        # Maintenance deletes the file, which has no row any more.
        session.delete(blob)
        session.flush()
    return paper.signed_at


def _mail_of(session: "Session", paper: "Confirmation") -> outbox.OutboxMessage:
    """Return the mail that tells of a paper: the one that the act of signing names.

    Signing writes the paper, the mail and the act one after the other, so no moment ties them.
    Raises HasLeft when the act names none: a paper is never taken back without its mail.
    """
    subject, acts = ("submission", paper.submission_id), [Act.CONFIRMATION_SIGNED]
    for signed in audit_trail.newest_acts(session, subject, acts, by=PERSON):
        if signed.detail.get("paper") == paper.id:
            told = session.get(outbox.OutboxMessage, str(signed.detail.get("message", "")))
            if told is not None and told.submission_id == paper.submission_id:
                return told
    raise HasLeft


def _newest_paper(session: "Session", submission: "Submission") -> "Confirmation | None":
    rows = confirmations.of_submission(session, submission.id)
    signed = [row for row in rows if row.kind == PAPER]
    return signed[-1] if signed else None
