"""Write mail about a task to somebody on duty, and say when it may not leave any more.

Such a mail hangs on the task and on no submission, so that nothing of a person is near it. It says
a reference, a queue and a time. When the person of the case withdrew, nothing leaves here either.
"""

from typing import TYPE_CHECKING

from intake.outbox import guard, stop_list
from intake.outbox.addressees import Trust, recipient_hash
from intake.outbox.guard import PERSON_WITHDREW
from intake.outbox.message import Answered, Envelope, compose, message_id_for
from storage.base import new_id
from storage.cases import cases
from storage.crypto.sealing import seal, seal_bytes
from storage.lists import work_subjects
from storage.mail import outbox
from storage.mail.outbox import MessageState, OutboxMessage
from storage.submissions.queue_items import QueueItem
from storage.submissions.submissions import place

if TYPE_CHECKING:
    from intake.core.services import Services
    from intake.outbox.mail_texts import MailText
    from storage.database import Session
    from storage.lists.work_subjects import About

# An item that is done is warned of no more.
FINISHED = "finished"


def write_about_task(
    services: "Services",
    session: "Session",
    item: QueueItem,
    about: "About",
    address: str,
    subject: str,
    text: "MailText",
) -> OutboxMessage:
    """Put a mail about a locked task into the outbox, due or suppressed with a reason.

    `about` is what the task is about. Its kind is the next that no mail about the task has.
    """
    key = services.keyring.system(session)
    kind = outbox.next_warning(session, item.id)
    refused = stopped(session, about) or _refusal(services, session, address)
    row = OutboxMessage(
        id=new_id(),
        task_id=item.id,
        data_key_id=key.id,
        kind=kind,
        state=MessageState.SUPPRESSED if refused else MessageState.DUE,
        reason=refused or "",
        created_at=services.now(),
        recipient_hash=recipient_hash(services, session, address, Trust.REGISTERED),
    )
    row.message_id = message_id_for(
        services.keyring.lookup(session, "message-id-of-ours", f"{item.id}:{kind}"),
        kind,
        services.settings.mail_from,
    )
    if refused is None:
        envelope = Envelope(services.settings.mail_from, address, row.message_id, row.created_at)
        content = compose(envelope, subject, text, Answered(None, ()), is_automatic=True)
        row.recipient = seal(key, place("outbox", "recipient", row.id), address)
        row.content = seal_bytes(key, place("outbox", "content", row.id), content)
        row.next_try_at = row.created_at
    session.add(row)
    session.flush()
    return row


def refusal_to_leave(session: "Session", row: OutboxMessage) -> str | None:
    """Return why a mail about a task, a case or a grant may not leave any more, or None."""
    item = session.get(QueueItem, row.task_id) if row.task_id is not None else None
    if item is not None and item.closed_at is not None:
        return FINISHED
    about = work_subjects.about_message(session, row)
    return stopped(session, about) if about is not None else None


def stopped(session: "Session", about: "About") -> str | None:
    """Return why nothing more leaves about something, to nobody: its person withdrew."""
    case_id = about.case.id if about.case is not None else None
    if case_id is None and about.submission is not None:
        case_id = about.submission.case_id
    return PERSON_WITHDREW if cases.has_person_withdrawn(session, case_id) else None


def _refusal(services: "Services", session: "Session", address: str) -> str | None:
    """Return why nothing may go to an address of the duty list, as a code, or None."""
    if address in services.settings.own_addresses:
        return "own_address"
    hashed = recipient_hash(services, session, address, Trust.REGISTERED)
    return guard.refusal_of_an_account(
        written_lately=outbox.count_to(session, hashed, services.now() - guard.RATE_WINDOW),
        is_stopped=stop_list.is_stopped(services, session, address),
    )
