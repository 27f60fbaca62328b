"""Say in which queue a cash submission stands, and move it there when more is known of it.

What came for cash support has no referral in it: decisions of Migrationsverket stand in one queue,
and everything else among the enquiries, which are sorted by language (requirement 112). Whoever
puts a submission into a queue asks here, so that nobody puts it among the referrals.
"""

from typing import TYPE_CHECKING

from intake.reference_data import promises
from storage.cases import cash_decisions
from storage.documents import document_types, documents
from storage.submissions import queue_items
from storage.submissions.queue_items import Queue, TaskKind
from storage.submissions.submissions import Programme

if TYPE_CHECKING:
    from intake.core.services import Services
    from storage.database import Session
    from storage.submissions.submissions import Submission

DECISION_TYPE = "CASH-DEC"
# Queues of the first look at what came in. An emergency, a hold and quarantine are the same for
# both programmes.
OF_REFERRALS = frozenset({Queue.NEW_REFERRALS, Queue.REPLIES, Queue.MAIL_TO_MATCH})
OF_CASH = frozenset({Queue.CASH_DECISIONS, Queue.ENQUIRIES})
# What sets an item's due time as long as no legal day is near.
SERVICE = "service"


def queue_for(session: "Session", submission: "Submission", queue: Queue) -> Queue:
    """Return the queue in which a submission stands instead of `queue`, by its programme."""
    if submission.programme != Programme.CASH or queue not in OF_REFERRALS | OF_CASH:
        return queue
    return Queue.CASH_DECISIONS if is_decision(session, submission) else Queue.ENQUIRIES


def is_decision(session: "Session", submission: "Submission") -> bool:
    """Tell whether a decision about cash came with it: noted by a person, or read in a document.

    A suggested type counts: in the wrong queue of two it is looked at as soon.
    """
    if cash_decisions.of_submission(session, submission.id):
        return True
    ids = [row.id for row in documents.of_submission(session, submission.id)]
    types = document_types.of_documents(session, ids)
    return any(each.document_type == DECISION_TYPE for each in types)


def settle(services: "Services", session: "Session", submission: "Submission") -> None:
    """Move a cash item that waits to where it belongs, now that documents and language are known.

    Whoever has it keeps it. Its clock follows the language, unless a legal day set it.
    """
    if submission.programme != Programme.CASH:
        return
    item = queue_items.open_of_kind(session, submission.id, TaskKind.SUBMISSION)
    if item is None or item.queue not in OF_CASH:
        return
    queue = queue_for(session, submission, Queue(item.queue))
    if queue != item.queue:
        item = queue_items.move(session, item, queue, services.now())
    if item.clock == SERVICE:
        item.due_at = promises.due_in(services, session, submission, queue)
    session.flush()
