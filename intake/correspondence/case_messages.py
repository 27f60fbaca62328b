"""Write and read the messages of a case: between office and coordinator, and the office's notes.

Messages stay in the service, sealed with the case's key; a mail only says that there is one. Notes
are for the office alone: the queries for a coordinator name the kinds that they may read, so that
a note cannot be among the result. Each form carries the id of its message, so that a form that is
sent twice writes one message.
"""

import hashlib
import re
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from intake.access import edit_conflicts, papers
from intake.access.coordinator_reach import is_own_message
from intake.cases import completeness
from intake.core import audit, office_clock
from intake.core.errors import Conflict, IntakeError
from intake.core.sealed_texts import SealedTexts
from intake.core.typed_text import tidy
from intake.correspondence import checked_words, free_text, message_recall, notices
from intake.correspondence.checked_words import ServiceWords, WordsForService
from intake.correspondence.free_text import Known
from intake.queues import ends
from intake.queues.tasks import add_case_task
from storage.accounts import users
from storage.audit_acts import Act
from storage.base import new_id
from storage.cases import cases, messages
from storage.cases.messages import CaseMessage, MessageKind
from storage.crypto.sealing import seal
from storage.lists import work_subjects
from storage.submissions import queue_items
from storage.submissions.queue_items import TaskKind
from storage.submissions.submissions import place
from storage.worded import worded

if TYPE_CHECKING:
    from collections.abc import Iterator

    from intake.access.opened import OpenedToChange
    from intake.accounts.accounts import SignedInUser
    from intake.core.services import Services
    from intake.outbox.mail_texts import MailTexts
    from storage.cases.cases import Case
    from storage.database import Session
    from storage.submissions.queue_items import QueueItem

__all__ = [
    "Line",
    "MessageDraft",
    "MessageInvalid",
    "mark_read",
    "new_message_id",
    "read_conversation",
    "write_from_coordinator",
    "write_note",
    "write_to_coordinator",
]
TASK = TaskKind.COORDINATOR_WROTE
MAX_CHARS = free_text.MAX_CHARS
MESSAGE_ID = re.compile(r"[0-9a-f]{32}")
# The kinds that a coordinator may read; a note must never be among them.
SHARED = [MessageKind.TO_COORDINATOR, MessageKind.FROM_COORDINATOR]


class MessageInvalid(IntakeError):
    """The text is empty or too long."""

    reason = "message_invalid"
    public = worded("Please write a text of up to %(most)s characters.", most=MAX_CHARS)
    status = 400


@dataclass(frozen=True)
class MessageDraft:
    """A message to be written: the id that its form carries, and the text as it was typed."""

    id: str
    text: str

    @property
    def digest(self) -> str:
        """Return the hash of the text, by which a form says which text its findings were about."""
        return hashlib.sha256(tidy(self.text).encode()).hexdigest()


@dataclass(frozen=True)
class Line:
    """One message as a coordinator reads it; `by` is a label."""

    id: str
    is_from_office: bool
    by: str
    text: str
    at: datetime


def new_message_id() -> str:
    """Return the id for a fresh form."""
    return new_id()


def write_to_coordinator(
    services: "Services",
    texts: "MailTexts",
    opened: "OpenedToChange[Case]",
    draft: MessageDraft,
    *,
    confirmed: str = "",
    seen_version: int | None = None,
) -> str | None:
    """Write to the coordinator of a case; return why no mail tells them of it, as a code, or None.

    It leaves when it cannot be taken back any more (`message_recall`).
    What the coordinator asked counts as answered and leaves its queue. `confirmed` is the digest of
    a text whose findings the user has read. Raises NotFound, CaseMoved, MessageInvalid,
    TextRefused, ChangedMeanwhile, and Conflict for the id of another message.
    """
    text = checked_text(draft)
    with services.database.transaction() as session:
        case = opened.row(services, session)
        if _is_known(session, opened.user, case, draft):
            return None
        edit_conflicts.refuse_if_changed(
            session, ("case", case.id), edit_conflicts.CONVERSATION, seen_version
        )
        checked = _checked(services, session, case, text)
        words = checked.passed(is_read=confirmed == draft.digest)
        _add_to_coordinator(services, session, opened.user, case, draft.id, words)
        detail = _end_replies(services, session, case)
        before = _calls(session, case)
        told = notices.write_notice(services, session, texts, case)
        detail |= {
            "confirmed": len(checked.findings),
            "mail": told.refused or "written",
            "answered": len(detail[message_recall.ENDED]),
            message_recall.MESSAGE: draft.id,
            message_recall.NOTICE: told.mail_id,
            message_recall.CALLS: sorted(_calls(session, case) - before),
        }
        audit.note(
            services, session, opened.user, Act.CASE_MESSAGE_WRITTEN, ("case", case.id), detail
        )
        return told.refused


def _end_replies(services: "Services", session: "Session", case: "Case") -> dict[str, Any]:
    """End the tasks about what the coordinator wrote, which is answered and read with it.

    Returns the ids of both, for the audit event. Any: lists of ids.
    """
    now = services.now()
    unread = [
        row for row in _rows(session, case, [MessageKind.FROM_COORDINATOR]) if row.read_at is None
    ]
    for row in unread:
        row.read_at = now
    ended = [item for item in _items(session, case) if item.kind == TASK and not item.closed_at]
    for item in ended:
        item.closed_at = now
    session.flush()
    return {
        message_recall.ENDED: [item.id for item in ended],
        message_recall.READ: [row.id for row in unread],
    }


def _items(session: "Session", case: "Case") -> "list[QueueItem]":
    """Return what waits or waited in a case: what hangs on it and on what is filed in it."""
    filed = completeness.submissions_of(session, case)
    of_filed = [item for each in filed for item in queue_items.of_submission(session, each.id)]
    return [*work_subjects.of_case(session, case.id), *of_filed]


def _calls(session: "Session", case: "Case") -> set[str]:
    """Return the ids of the open tasks to call the sender of something in a case."""
    kind = TaskKind.CALL_SENDER
    return {item.id for item in _items(session, case) if item.kind == kind and not item.closed_at}


def write_note(services: "Services", opened: "OpenedToChange[Case]", draft: MessageDraft) -> None:
    """Write a note for the office only. Raises NotFound, CaseMoved, MessageInvalid or Conflict."""
    text = checked_text(draft)
    with services.database.transaction() as session:
        case = opened.row(services, session)
        if not _is_known(session, opened.user, case, draft):
            _add(services, session, opened.user, case, draft.id, text, MessageKind.NOTE)
            audit.note(services, session, opened.user, Act.CASE_NOTE_WRITTEN, ("case", case.id))


def mark_read(services: "Services", opened: "OpenedToChange[Case]") -> int:
    """Mark a coordinator's messages as read by the office, and return how many were unread.

    Raises NotFound and CaseMoved.
    """
    with services.database.transaction() as session:
        case = opened.row(services, session)
        return mark_read_locked(services, session, opened.user, case)


def mark_read_locked(
    services: "Services", session: "Session", user: "SignedInUser", case: "Case"
) -> int:
    """Do as `mark_read` with a locked case, in the caller's transaction."""
    unread = [
        row for row in _rows(session, case, [MessageKind.FROM_COORDINATOR]) if row.read_at is None
    ]
    for row in unread:
        row.read_at = services.now()
    if unread:
        audit.note(
            services,
            session,
            user,
            Act.CASE_MESSAGES_READ,
            ("case", case.id),
            {"number": len(unread)},
        )
    return len(unread)


def write_from_coordinator(
    services: "Services", opened: "OpenedToChange[Case]", draft: MessageDraft
) -> None:
    """Write to the office about a referral that a coordinator may see.

    Raises NotFound when it does not exist, is not visible to them or has no case yet,
    MessageInvalid, and Conflict for the id of another message.
    """
    text = checked_text(draft)
    with services.database.transaction() as session:
        case = opened.row(services, session)
        if _is_known(session, opened.user, case, draft):
            return
        _add(services, session, opened.user, case, draft.id, text, MessageKind.FROM_COORDINATOR)
        # Nothing is said into a closed case: it is open again, and the task leads to it.
        ends.reopen_case(session, case)
        audit.note(services, session, opened.user, Act.CASE_MESSAGE_RECEIVED, ("case", case.id))
        # The coordinator wrote, so the days to the next reminder are counted anew.
        completeness.refresh_completeness(services, session, case.id)
        add_case_task(services, session, case, kind=TASK, reason=TASK)


def read_conversation(
    services: "Services", opened: "OpenedToChange[Case]", *, is_seen: bool = True
) -> tuple[Line, ...]:
    """Return the messages between the office and a coordinator about a referral, oldest first.

    The reading is audited; `is_seen` marks the office's messages as read. Raises NotFound.
    """
    with services.database.transaction() as session:
        case = opened.row(services, session)
        rows = [
            row
            for row in _rows(session, case, SHARED)
            if (
                papers.has_passed(services, row.at)
                if row.kind == MessageKind.TO_COORDINATOR
                else is_own_message(services, session, opened.user, row.user_id)
            )
        ]
        labels = users.labels_of(session, {row.user_id for row in rows})
        for row in rows:
            if is_seen and row.kind == MessageKind.TO_COORDINATOR and row.read_at is None:
                row.read_at = services.now()
        audit.note(
            services,
            session,
            opened.user,
            Act.CASE_CONVERSATION_READ,
            ("case", case.id),
            {"number": len(rows)},
        )
        return tuple(_lines(services, session, rows, labels))


def checked_text(draft: MessageDraft) -> str:
    """Return a draft's text, tidied. Raises MessageInvalid, and Conflict for a malformed id."""
    text = tidy(draft.text)
    if not text or len(text) > MAX_CHARS:
        raise MessageInvalid
    if MESSAGE_ID.fullmatch(draft.id) is None:
        raise Conflict
    return text


def _is_known(session: "Session", user: "SignedInUser", case: "Case", draft: MessageDraft) -> bool:
    """Tell whether a form was sent before. Raises Conflict when somebody else used its id."""
    known = session.get(CaseMessage, draft.id)
    if known is not None and (known.user_id, known.case_id) != (user.id, case.id):
        raise Conflict
    return known is not None


def _add_to_coordinator(
    services: "Services",
    session: "Session",
    user: "SignedInUser",
    case: "Case",
    message_id: str,
    words: ServiceWords,
) -> None:
    """Store what a coordinator reads: only words that passed."""
    _add(services, session, user, case, message_id, words, MessageKind.TO_COORDINATOR)


def _add(
    services: "Services",
    session: "Session",
    user: "SignedInUser",
    case: "Case",
    message_id: str,
    words: str,
    kind: MessageKind,
) -> None:
    key = services.keyring.open(session, case.data_key_id)
    text = seal(key, place("case_messages", "text", message_id), words)
    row = CaseMessage(id=message_id, case_id=case.id, kind=kind, user_id=user.id, text=text)
    row.at = services.now()
    session.add(row)
    session.flush()


def _rows(session: "Session", case: "Case", kinds: list[MessageKind]) -> list[CaseMessage]:
    """Return messages of a case and of those merged into it, oldest first."""
    wanted = [kind.value for kind in kinds]
    found = [
        row
        for case_id in cases.merged_into(session, case.id)
        for row in messages.of_case(session, case_id, wanted)
    ]
    return sorted(found, key=lambda row: (row.at, row.id))


def _lines(
    services: "Services", session: "Session", rows: list[CaseMessage], labels: dict[str, str]
) -> "Iterator[Line]":
    """Yield messages, opened with the keys of their own cases; erased ones are left out."""
    sealed = SealedTexts(services, session)
    written_in = cases.by_ids(session, {row.case_id for row in rows})
    for row in rows:
        key_id = written_in[row.case_id].data_key_id
        text = sealed.text(key_id, "case_messages", "text", row.id, row.text)
        if text is not None:
            is_ours = row.kind == MessageKind.TO_COORDINATOR
            yield Line(row.id, is_ours, labels.get(row.user_id, ""), text, row.at)


def _checked(services: "Services", session: "Session", case: "Case", text: str) -> WordsForService:
    """Check a text for the coordinator of a case, who knows the person's name."""
    filed = completeness.submissions_of(session, case)
    known = Known(
        names=(),
        own_addresses=frozenset(services.settings.own_addresses),
        own_numbers=(),
        own_references=frozenset({case.reference, *(each.reference for each in filed)}),
        today=office_clock.office_day(services.offices, services.now()),
    )
    return checked_words.check_for_service(services, session, text, known)
