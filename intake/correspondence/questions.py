"""Answer coordinators' questions that are about no named person, and let them ask further.

The answer stays in the service, sealed with the question's key; a mail only says that there is
one, as for every message. Neither side may name anybody, because a question is in no case
(requirement 11).
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from intake.access import derived, edit_conflicts, papers
from intake.core import audit, office_clock
from intake.core.errors import Conflict, IntakeError, NotFound
from intake.correspondence import (
    case_messages,
    checked_words,
    consultation,
    message_recall,
    notices,
)
from intake.correspondence.case_messages import TASK, Line
from intake.correspondence.checked_words import ServiceWords, WordsForService
from intake.correspondence.free_text import Known
from intake.queues import ends
from intake.queues.tasks import add_task
from storage.accounts import users
from storage.audit_acts import Act
from storage.cases import messages
from storage.cases.messages import MessageKind, QuestionMessage
from storage.crypto.sealing import seal, unseal
from storage.submissions import queue_items, submissions
from storage.submissions.queue_items import TaskKind
from storage.submissions.submissions import place

if TYPE_CHECKING:
    from intake.access.opened import OpenedToChange, OpenedToRead
    from intake.accounts.accounts import SignedInUser
    from intake.core.services import Services
    from intake.correspondence.case_messages import MessageDraft
    from intake.outbox.mail_texts import MailTexts
    from storage.database import Session
    from storage.submissions.submissions import Submission

QUESTION = "anonymous_consultation"


class PersonNamed(IntakeError):
    """A text points at a person; `sentence` says by what."""

    reason = "person_named"
    status = 400

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.public = sentence


@dataclass(frozen=True)
class QuestionView:
    """A question as the officer who answers it sees it; `is_open` tells that it is in no case.

    `version` goes into the form of an answer.
    """

    reference: str
    text: str
    lines: tuple[Line, ...]
    is_open: bool
    version: int


def is_question(submission: "Submission") -> bool:
    """Tell whether a submission is a question without a person that is in no case."""
    return submission.filing_reason == QUESTION and submission.case_id is None


def read_question(services: "Services", opened: "OpenedToChange[Submission]") -> QuestionView:
    """Return a question with its messages; the reading is audited. Raises NotFound."""
    with services.database.transaction() as session:
        version = edit_conflicts.version_now(session)
        submission = opened.row(services, session)
        if not is_question(submission) and not _has_messages(session, submission):
            raise NotFound
        key = services.keyring.open(session, submission.data_key_id)
        sealed_at = place("submissions", "body_text", submission.id)
        # A person may have closed the text, as that of any letter.
        is_shown = "body_text" in derived.open_texts(services, session, opened.user, submission)
        audit.note(
            services, session, opened.user, Act.QUESTION_VIEWED, ("submission", submission.id)
        )
        return QuestionView(
            submission.reference,
            unseal(key, sealed_at, submission.body_text) if is_shown else "",
            _lines(services, session, submission, messages.of_submission(session, submission.id)),
            is_open=is_question(submission),
            version=version,
        )


def answer_question(
    services: "Services",
    texts: "MailTexts",
    opened: "OpenedToChange[Submission]",
    draft: "MessageDraft",
    *,
    confirmed: str = "",
    seen_version: int | None = None,
) -> str | None:
    """Answer a question, which closes it; return why no mail tells of it, as a code, or None.

    It leaves when it cannot be taken back any more (`question_recall`).
    `confirmed` is the digest of a text whose findings the user has read. Raises NotFound,
    MessageInvalid, TextRefused, ChangedMeanwhile, and Conflict for the id of another message.
    """
    text = case_messages.checked_text(draft)
    with services.database.transaction() as session:
        submission = _question(services, session, opened)
        if _is_known(session, opened.user, submission, draft):
            return None
        edit_conflicts.refuse_if_changed(
            session, ("submission", submission.id), edit_conflicts.QUESTION, seen_version
        )
        checked = _checked(services, submission, text)
        words = checked.passed(is_read=confirmed == draft.digest)
        _add_answer(services, session, opened.user, submission, draft.id, words)
        detail = ends.end_answered(services, session, submission, opened.user.id)
        asked, calls = _open_tasks(session, submission, TASK), _open_tasks(session, submission)
        queue_items.close_kind(session, submission.id, TASK, services.now())
        told = notices.write_notice_to_sender(services, session, texts, submission)
        detail |= {
            "confirmed": len(checked.findings),
            "mail": told.refused or "written",
            message_recall.MESSAGE: draft.id,
            message_recall.NOTICE: told.mail_id,
            message_recall.ENDED: asked,
            message_recall.CALLS: sorted(set(_open_tasks(session, submission)) - set(calls)),
        }
        audit.note(
            services,
            session,
            opened.user,
            Act.QUESTION_ANSWERED,
            ("submission", submission.id),
            detail,
        )
        return told.refused


def _open_tasks(
    session: "Session", submission: "Submission", kind: TaskKind = TaskKind.CALL_SENDER
) -> list[str]:
    """Return the ids of the open tasks of a kind about a question."""
    items = queue_items.of_submission(session, submission.id)
    return [item.id for item in items if item.kind == kind and item.closed_at is None]


def read_question_messages(
    services: "Services", opened: "OpenedToRead[Submission]", *, is_seen: bool = True
) -> tuple[Line, ...] | None:
    """Return the messages about a coordinator's question, None when it never was a question.

    They stay readable when the question became a referral. The reading is audited; `is_seen`
    marks the office's answers as read. Raises NotFound.
    """
    with services.database.transaction() as session:
        submission = opened.row(services, session)
        if not (is_question(submission) or _has_messages(session, submission)):
            return None
        rows = [
            row
            for row in messages.of_submission(session, submission.id)
            if row.kind != MessageKind.TO_COORDINATOR or papers.has_passed(services, row.at)
        ]
        for row in rows:
            if is_seen and row.kind == MessageKind.TO_COORDINATOR and row.read_at is None:
                row.read_at = services.now()
        audit.note(
            services,
            session,
            opened.user,
            Act.QUESTION_READ,
            ("submission", submission.id),
            {"number": len(rows)},
        )
        return _lines(services, session, submission, rows)


def ask_further_question(
    services: "Services", opened: "OpenedToChange[Submission]", draft: "MessageDraft"
) -> None:
    """Write to the office about a coordinator's own question.

    Raises NotFound, MessageInvalid, PersonNamed, and Conflict for the id of another message.
    """
    text = case_messages.checked_text(draft)
    today = office_clock.office_day(services.offices, services.now())
    told = consultation.check_question({"question": text}, today)
    if told:
        raise PersonNamed(told["question"])
    with services.database.transaction() as session:
        submission = submissions.locked(session, opened.row(services, session).id)
        if submission is None or not is_question(submission):
            raise NotFound
        if _is_known(session, opened.user, submission, draft):
            return
        asked = MessageKind.FROM_COORDINATOR
        _add(services, session, opened.user, submission, draft.id, text, asked)
        add_task(services, session, submission.id, kind=TASK, reason=TASK)
        audit.note(
            services, session, opened.user, Act.QUESTION_ASKED_ON, ("submission", submission.id)
        )


def _checked(services: "Services", submission: "Submission", text: str) -> WordsForService:
    """Check that an answer points at no person; words about the programme are allowed here."""
    known = Known(
        names=(),
        own_addresses=frozenset(services.settings.own_addresses),
        own_numbers=(),
        own_references=frozenset({submission.reference}),
        today=office_clock.office_day(services.offices, services.now()),
    )
    return checked_words.check_without_person(text, known, consultation.PERSONAL)


def _question(
    services: "Services", session: "Session", opened: "OpenedToChange[Submission]"
) -> "Submission":
    submission = opened.row(services, session)
    if not is_question(submission):
        raise NotFound
    return submission


def _has_messages(session: "Session", submission: "Submission") -> bool:
    return bool(messages.of_submission(session, submission.id))


def _is_known(
    session: "Session", user: "SignedInUser", submission: "Submission", draft: "MessageDraft"
) -> bool:
    """Tell whether a form was sent before. Raises Conflict when somebody else used its id."""
    known = session.get(QuestionMessage, draft.id)
    if known is not None and (known.user_id, known.submission_id) != (user.id, submission.id):
        raise Conflict
    return known is not None


def _add_answer(
    services: "Services",
    session: "Session",
    user: "SignedInUser",
    submission: "Submission",
    message_id: str,
    words: ServiceWords,
) -> None:
    """Store what a coordinator reads: only words that passed."""
    _add(services, session, user, submission, message_id, words, MessageKind.TO_COORDINATOR)


def _add(
    services: "Services",
    session: "Session",
    user: "SignedInUser",
    submission: "Submission",
    message_id: str,
    words: str,
    kind: MessageKind,
) -> None:
    key = services.keyring.open(session, submission.data_key_id)
    session.add(
        QuestionMessage(
            id=message_id,
            submission_id=submission.id,
            kind=kind,
            user_id=user.id,
            text=seal(key, place("question_messages", "text", message_id), words),
            at=services.now(),
        )
    )
    session.flush()


def _lines(
    services: "Services",
    session: "Session",
    submission: "Submission",
    rows: list[QuestionMessage],
) -> tuple[Line, ...]:
    labels = users.labels_of(session, {row.user_id for row in rows})
    key = services.keyring.open(session, submission.data_key_id)
    return tuple(
        Line(
            row.id,
            row.kind == MessageKind.TO_COORDINATOR,
            labels.get(row.user_id, ""),
            unseal(key, place("question_messages", "text", row.id), row.text),
            row.at,
        )
        for row in rows
    )
