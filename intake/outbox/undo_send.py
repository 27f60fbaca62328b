"""Hold back for some seconds what an officer sends, and undo the sending within that time.

An answer, a request for another copy, a signed confirmation, a message and a link wait for
`undo_seconds` before the mail leaves or a coordinator can read the paper or the message. Undoing
deletes their rows; the audit trail says that they existed. A paper of which the sending is stopped
is deleted too, so that a paper that exists has left or waits, and no reader has to ask for a third.
Automatic mail does not wait.
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

# What is taken back as itself; a notice goes with its message, and a link's mail with its link.
BY_THEMSELVES = (MailKind.ANSWER, MailKind.RESEND_REQUEST, MailKind.CONFIRMATION)
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
        if row.kind.startswith(BY_THEMSELVES) and not row.kind.startswith(PAPER)
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


def take_out_notice(services: "Services", session: "Session", mail: outbox.OutboxMessage) -> None:
    """Delete the mail that tells of what is taken back; one that was kept back leaves no trace.

    Raises HasLeft when it is on its way.
    """
    if mail.state == outbox.MessageState.SUPPRESSED:
        session.delete(mail)
        session.flush()
        return
    about = mail.submission_id or ""
    if outbox.take_out(session, about, mail.kind, services.now()) is None:
        raise HasLeft


def keep_back_papers(
    services: "Services", session: "Session", submission: "Submission"
) -> tuple[int, ...]:
    """Delete the confirmations of a submission that have not left; return their numbers.

    The caller stops the case. One has left when it was read, or cannot be taken back any more and
    its mail does not wait; the mail itself is kept back by the caller.
    """
    numbers = []
    for paper in confirmations.of_submission(session, submission.id):
        if paper.kind != PAPER or paper.read_at is not None:
            continue
        if has_left(services, paper) and not _waits(services, session, paper):
            continue
        numbers.append(paper.number)
        _delete(session, paper)
    return tuple(numbers)


def _waits(services: "Services", session: "Session", paper: "Confirmation") -> bool:
    """Tell whether the mail that tells of a paper waits, and no sender has it in hand."""
    try:
        told = _mail_of(session, paper)
    except HasLeft:
        return False
    is_in_hand = told.leased_until is not None and told.leased_until >= services.now()
    return told.state == outbox.MessageState.DUE and not is_in_hand


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
    take_out_notice(services, session, _mail_of(session, paper))
    _delete(session, paper)
    return paper.signed_at


def _delete(session: "Session", paper: "Confirmation") -> None:
    blob = session.get(BlobRow, paper.pdf_blob_id)
    session.delete(paper)
    session.flush()
    if blob is not None:
        # Maintenance deletes the file, which has no row any more.
        session.delete(blob)
        session.flush()


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
