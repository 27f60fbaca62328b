"""Tell a coordinator by mail that there is a message for them in the service.

The mail says that and a reference, nothing else (requirement 116). It goes only to a current
address of the register that belongs to the case; an officer calls everybody else. It answers no
mail, so the guard only checks the address.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from intake.cases import completeness
from intake.outbox import post
from intake.outbox.addressees import (
    Addressee,
    Caution,
    account_that_sent,
    last_writer_of_case,
    link_for,
)
from intake.outbox.post import OutgoingMail
from intake.senders import region_cover
from storage.mail import outbox

if TYPE_CHECKING:
    from intake.core.services import Services
    from intake.outbox.mail_texts import MailText, MailTexts
    from storage.cases.cases import Case
    from storage.database import Session
    from storage.submissions.submissions import Submission

# The outbox holds one message of a kind for a submission.
KINDS = outbox.codes_of(outbox.MailKind.NOTICE)


@dataclass(frozen=True)
class NoticeOutcome:
    """What became of a mail that tells of something: why none leaves, as a code, and its row."""

    refused: str | None
    mail_id: str = ""


class NoticeWords(Protocol):
    """Gives one text."""

    def __call__(self, *, reference: str, link: str) -> "MailText":
        """Return the text in Swedish and English."""


def write_notice(
    services: "Services", session: "Session", texts: "MailTexts", case: "Case"
) -> NoticeOutcome:
    """Put one mail into the outbox, or open a task to call; return what became of it.

    It waits as long as the message can be taken back. Runs in the caller's transaction, which holds
    the case locked.
    """
    addressee = last_writer_of_case(services, session, case, Caution.BY_A_PERSON)
    if addressee is None:
        is_vacant = region_cover.is_vacant(services, session, case.region)
        why = "region_vacant" if is_vacant else "sender_not_registered"
        return NoticeOutcome(_call(services, session, case, why))
    told = _tell(services, session, addressee, texts.reminder)
    if told.refused is not None:
        _call(services, session, case, told.refused)
    return told


def write_notice_to_sender(
    services: "Services", session: "Session", texts: "MailTexts", submission: "Submission"
) -> NoticeOutcome:
    """Tell the account that sent a question of an answer, or open a task to call.

    It waits as long as the answer can be taken back. Returns what became of it. Runs in the
    caller's transaction, which holds the submission locked.
    """
    to = account_that_sent(services, session, submission, Caution.BY_A_PERSON)
    told = _tell(services, session, to, texts.answer_notice)
    if told.refused is not None:
        post.call_instead(services, session, submission, told.refused)
    return told


def _tell(
    services: "Services",
    session: "Session",
    to: Addressee,
    words: NoticeWords,
) -> NoticeOutcome:
    """Write one mail, due or suppressed."""
    kind = post.free_kind(session, to.submission, KINDS)
    if kind is None:
        return NoticeOutcome("told_often_enough")
    reference = to.submission.reference
    text = words(reference=reference, link=link_for(services, session, to))
    mail = OutgoingMail(kind, f"Referens / Reference {reference}", text)
    row = post.write(services, session, to, mail)
    return NoticeOutcome(row.reason or None, row.id)


def _call(services: "Services", session: "Session", case: "Case", reason: str) -> str:
    """Open a task to call instead; a case without any submission cannot have one."""
    filed = completeness.submissions_of(session, case)
    if filed:
        post.call_instead(services, session, filed[0], reason)
    return reason
