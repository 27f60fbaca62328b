"""Tell a coordinator by mail that there is a message for them in the service.

The mail says that and a reference, nothing else (requirement 116). It goes only to a current
address of the register that belongs to the case; an officer calls everybody else. It answers no
mail, so the guard only checks the address.
"""

from typing import TYPE_CHECKING, Protocol

from intake.cases import completeness
from intake.outbox import post
from intake.outbox.addressees import (
    Addressee,
    Caution,
    account_that_sent,
    last_writer_of_case,
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


class NoticeWords(Protocol):
    """Gives one text."""

    def __call__(self, *, reference: str, link: str) -> "MailText":
        """Return the text in Swedish and English."""


def write_notice(
    services: "Services", session: "Session", texts: "MailTexts", case: "Case"
) -> str | None:
    """Put one mail into the outbox, or open a task to call; return why no mail, or None.

    Runs in the caller's transaction, which holds the case locked.
    """
    addressee = last_writer_of_case(services, session, case, Caution.BY_A_PERSON)
    if addressee is None:
        is_vacant = region_cover.is_vacant(services, session, case.region)
        why = "region_vacant" if is_vacant else "sender_not_registered"
        return _call(services, session, case, why)
    refused = _tell(services, session, addressee, texts.reminder)
    return _call(services, session, case, refused) if refused is not None else None


def write_notice_to_sender(
    services: "Services", session: "Session", texts: "MailTexts", submission: "Submission"
) -> str | None:
    """Tell the account that sent a question of an answer, or open a task to call.

    Returns why no mail is sent, as a code, or None. Runs in the caller's transaction, which holds
    the submission locked.
    """
    to = account_that_sent(services, session, submission, Caution.BY_A_PERSON)
    refused = _tell(services, session, to, texts.answer_notice)
    if refused is not None:
        post.call_instead(services, session, submission, refused)
    return refused


def _tell(
    services: "Services", session: "Session", to: Addressee, words: NoticeWords
) -> str | None:
    """Write one mail, due or suppressed; return why it is not sent, or None."""
    kind = post.free_kind(session, to.submission, KINDS)
    if kind is None:
        return "told_often_enough"
    reference = to.submission.reference
    text = words(reference=reference, link=f"{services.settings.public_url}/sign-in")
    mail = OutgoingMail(kind, f"Referens / Reference {reference}", text)
    return post.write(services, session, to, mail).reason or None


def _call(services: "Services", session: "Session", case: "Case", reason: str) -> str:
    """Open a task to call instead; a case without any submission cannot have one."""
    filed = completeness.submissions_of(session, case)
    if filed:
        post.call_instead(services, session, filed[0], reason)
    return reason
