"""Take an answer to a question back before it leaves, as messages in a case are.

It waits as long as they do: until then the coordinator cannot read it, and no mail tells of it.
Taken back, the answer is deleted, its mail too, and the question waits as it did; the audit trail
says that there was one, and its writer gets the text back. The question is locked, as it is when
it is answered.
"""

from typing import TYPE_CHECKING

from intake.access import papers
from intake.access.edit_conflicts import PERSON
from intake.core import audit
from intake.correspondence import message_recall
from intake.correspondence.message_recall import MESSAGE, TakenBackAlready, UndoableMessage
from intake.outbox import undo_send
from intake.outbox.undo_send import HasLeft
from intake.queues import ends
from storage import audit as audit_trail
from storage.audit_acts import Act
from storage.cases import messages
from storage.cases.messages import MessageKind, QuestionMessage
from storage.crypto.sealing import unseal
from storage.mail.outbox import MessageState
from storage.submissions.submissions import place

if TYPE_CHECKING:
    from intake.access.opened import OpenedToChange, OpenedToRead
    from intake.core.services import Services
    from storage.audit import AuditEvent
    from storage.database import Session
    from storage.submissions.submissions import Submission


def read_undoable(
    services: "Services", opened: "OpenedToRead[Submission]"
) -> UndoableMessage | None:
    """Return a user's newest answer to a question that they can take back. Raises NotFound."""
    with services.database.reading() as session:
        submission = opened.row(services, session)
        rows = [
            row
            for row in messages.of_submission(session, submission.id)
            if row.kind == MessageKind.TO_COORDINATOR
            and row.user_id == opened.user.id
            and not papers.has_passed(services, row.at)
        ]
        if not rows:
            return None
        told = message_recall.mail_of(session, _written(session, rows[-1]))
        is_mailed = told is not None and told.state == MessageState.DUE
        until = rows[-1].at + papers.undo_window(services)
        return UndoableMessage(rows[-1].id, until, is_mailed)


def take_back(services: "Services", opened: "OpenedToChange[Submission]", message_id: str) -> str:
    """Take one's own answer back before it leaves, and return its text.

    Raises NotFound, HasLeft, and TakenBackAlready for one that is not there.
    """
    with services.database.transaction() as session:
        submission = opened.row(services, session)
        row = session.get(QuestionMessage, message_id)
        is_own = row is not None and row.user_id == opened.user.id
        if row is None or not is_own or row.submission_id != submission.id:
            raise TakenBackAlready
        is_waiting = row.kind == MessageKind.TO_COORDINATOR and row.read_at is None
        if not is_waiting or papers.has_passed(services, row.at):
            raise HasLeft
        event = _written(session, row)
        told = message_recall.mail_of(session, event)
        if told is not None:
            undo_send.take_out_notice(services, session, told)
        key = services.keyring.open(session, submission.data_key_id)
        text = unseal(key, place("question_messages", "text", row.id), row.text)
        ends.take_back_answer(services, session, submission, event.detail)
        message_recall.let_tasks_wait(services, session, event, row.at)
        session.delete(row)
        session.flush()
        audit.note(
            services,
            session,
            opened.user,
            Act.QUESTION_ANSWER_TAKEN_BACK,
            ("submission", submission.id),
            {MESSAGE: message_id},
        )
        return text


def _written(session: "Session", row: QuestionMessage) -> "AuditEvent":
    """Return the act by which an answer was written. Raises HasLeft where none names it."""
    subject, acts = ("submission", row.submission_id), [Act.QUESTION_ANSWERED]
    for event in audit_trail.newest_acts(session, subject, acts, by=PERSON):
        if event.detail.get(MESSAGE) == row.id:
            return event
    raise HasLeft
