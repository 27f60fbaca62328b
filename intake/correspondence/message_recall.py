"""Take a message to a coordinator back before it leaves, as answers and confirmations are.

It waits as long as they do: until then the coordinator cannot read it, and no mail tells of it.
Taken back, the message is deleted, its mail too, and what it had answered waits again; the audit
trail says that there was one, and its writer gets the text back. The case is locked, as it is when
a message is written and when the case is stopped.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from intake.access import papers
from intake.access.edit_conflicts import PERSON
from intake.core import audit
from intake.core.errors import Conflict
from intake.core.sealed_texts import SealedTexts
from intake.outbox import undo_send
from intake.outbox.undo_send import HasLeft
from storage import audit as audit_trail
from storage.audit_acts import Act
from storage.cases import cases, messages
from storage.cases.messages import CaseMessage, MessageKind
from storage.mail.outbox import MessageState, OutboxMessage
from storage.submissions import queue_items, task_outcomes

if TYPE_CHECKING:
    from intake.access.opened import OpenedToChange, OpenedToRead
    from intake.core.services import Services
    from storage.audit import AuditEvent
    from storage.cases.cases import Case
    from storage.database import Session

# The parts of the act's detail that say what taking it back needs: ids.
MESSAGE, NOTICE, ENDED, READ, CALLS = "message", "notice", "ended", "read", "calls"


class TakenBackAlready(Conflict):
    """The message is not there any more."""

    reason = "taken_back_already"
    public = "This message was taken back already. Nothing was changed."


@dataclass(frozen=True)
class UndoableMessage:
    """A message that its writer can take back: until when (UTC), and whether a mail leaves."""

    id: str
    until: datetime
    is_mailed: bool


def read_undoable(services: "Services", opened: "OpenedToRead[Case]") -> UndoableMessage | None:
    """Return the newest message of a user in a case that they can take back. Raises NotFound."""
    with services.database.reading() as session:
        case = opened.row(services, session)
        rows = [
            row
            for case_id in cases.merged_into(session, case.id)
            for row in messages.of_case(session, case_id, [MessageKind.TO_COORDINATOR])
            if row.user_id == opened.user.id and not papers.has_passed(services, row.at)
        ]
        if not rows:
            return None
        newest = max(rows, key=lambda row: (row.at, row.id))
        told = mail_of(session, _written(session, newest))
        is_mailed = told is not None and told.state == MessageState.DUE
        return UndoableMessage(newest.id, newest.at + papers.undo_window(services), is_mailed)


def take_back(services: "Services", opened: "OpenedToChange[Case]", message_id: str) -> str:
    """Take one's own message back before it leaves, and return its text.

    Raises NotFound, CaseMoved, HasLeft, and TakenBackAlready for one that is not there.
    """
    with services.database.transaction() as session:
        case = opened.row(services, session)
        row = session.get(CaseMessage, message_id)
        is_own = row is not None and row.user_id == opened.user.id
        if row is None or not is_own or row.case_id not in cases.merged_into(session, case.id):
            raise TakenBackAlready
        is_waiting = row.kind == MessageKind.TO_COORDINATOR and row.read_at is None
        if not is_waiting or papers.has_passed(services, row.at):
            raise HasLeft
        event = _written(session, row)
        told = mail_of(session, event)
        if told is not None:
            undo_send.take_out_notice(services, session, told)
        _wait_again(services, session, row, event)
        key_id = cases.by_ids(session, {row.case_id})[row.case_id].data_key_id
        sealed = SealedTexts(services, session)
        text = sealed.text(key_id, "case_messages", "text", row.id, row.text)
        session.delete(row)
        session.flush()
        audit.note(
            services,
            session,
            opened.user,
            Act.CASE_MESSAGE_TAKEN_BACK,
            ("case", case.id),
            {MESSAGE: message_id},
        )
        return text or ""


def _written(session: "Session", row: CaseMessage) -> "AuditEvent":
    """Return the act by which a message was written. Raises HasLeft where none names it."""
    acts = [Act.CASE_MESSAGE_WRITTEN]
    for event in audit_trail.newest_acts(session, ("case", row.case_id), acts, by=PERSON):
        if event.detail.get(MESSAGE) == row.id:
            return event
    raise HasLeft


def mail_of(session: "Session", event: "AuditEvent") -> OutboxMessage | None:
    """Return the mail that tells of a message, None where none does."""
    return session.get(OutboxMessage, str(event.detail.get(NOTICE, "")))


def _wait_again(
    services: "Services", session: "Session", row: CaseMessage, event: "AuditEvent"
) -> None:
    """Let what the message had answered wait again, and end the call that it had opened instead."""
    let_tasks_wait(services, session, event, row.at)
    for message_id in event.detail.get(READ, []):
        read = session.get(CaseMessage, message_id)
        if read is not None:
            read.read_at = None
    session.flush()


def let_tasks_wait(
    services: "Services", session: "Session", event: "AuditEvent", at: datetime
) -> None:
    """Open the tasks again that a message of a time ended, and end the calls that it opened."""
    for item_id in event.detail.get(ENDED, []):
        item = queue_items.locked(session, item_id)
        done = task_outcomes.newest_of_item(session, item_id)
        if item is not None and (done is None or done.at < at):
            item.closed_at = None
    for item_id in event.detail.get(CALLS, []):
        call = queue_items.locked(session, item_id)
        if call is not None and call.closed_at is None:
            call.closed_at = services.now()
    session.flush()
