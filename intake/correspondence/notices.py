"""Tell a coordinator by mail that there is a message for them in the service.

The mail says that and a reference, nothing else (requirement 116). It goes only to a current
address of the register that belongs to the case; an officer calls everybody else. It answers no
mail, so the guard only checks the address.
"""

from typing import TYPE_CHECKING, Protocol

from intake.access import coordinator_reach
from intake.accounts.accounts import address_of
from intake.cases import completeness
from intake.core.errors import KeyUnavailable
from intake.outbox import post
from intake.outbox.addressees import Addressee, Caution
from intake.outbox.post import OutgoingMail
from intake.queues.tasks import add_task
from intake.senders import region_cover
from storage.accounts import users
from storage.crypto.sealing import unseal
from storage.mail import outbox, senders
from storage.submissions.queue_items import TaskKind
from storage.submissions.submissions import SenderVerdict, place

if TYPE_CHECKING:
    from intake.core.services import Services
    from storage.cases.cases import Case
    from storage.database import Session
    from storage.submissions.submissions import Submission

# The outbox holds one message of a kind for a submission.
KINDS = outbox.codes_of(outbox.MailKind.NOTICE)
TASK = TaskKind.CALL_SENDER


class NoticeWords(Protocol):
    """Gives one text."""

    def __call__(self, *, reference: str, link: str) -> str:
        """Return the text in Swedish and English."""


class NoticeWording(Protocol):
    """Gives the words of the mail."""

    def reminder(self, *, reference: str, link: str) -> str:
        """Return «there is a question for you in the service», in Swedish and English."""


class AnswerTexts(Protocol):
    """Gives the words of the mail about an answer."""

    def answer_notice(self, *, reference: str, link: str) -> str:
        """Return «there is an answer for you in the service», in Swedish and English."""


def write_notice(
    services: "Services", session: "Session", texts: NoticeWording, case: "Case"
) -> str | None:
    """Put one mail into the outbox, or open a task to call; return why no mail, or None.

    Runs in the caller's transaction, which holds the case locked.
    """
    addressee = _addressee(services, session, case)
    if addressee is None:
        is_vacant = region_cover.is_vacant(services, session, case.region)
        why = "region_vacant" if is_vacant else "sender_not_registered"
        return _call(services, session, case, why)
    refused = _tell(services, session, addressee, texts.reminder)
    return _call(services, session, case, refused) if refused is not None else None


def write_notice_to_sender(
    services: "Services", session: "Session", texts: AnswerTexts, submission: "Submission"
) -> str | None:
    """Tell the account that sent a question of an answer, or open a task to call.

    Returns why no mail is sent, as a code, or None. Runs in the caller's transaction, which holds
    the submission locked.
    """
    account = users.by_id(session, submission.submitted_by or "")
    is_of_region = account is not None and coordinator_reach.is_of_region(account, submission)
    if account is None or not is_of_region or not users.is_active(account, services.now()):
        refused: str | None = "account_ended"
    else:
        to = Addressee(submission, address_of(services, session, account), Caution.BY_A_PERSON)
        refused = _tell(services, session, to, texts.answer_notice)
    if refused is not None:
        add_task(services, session, submission.id, kind=TASK, reason=refused)
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


def _addressee(services: "Services", session: "Session", case: "Case") -> Addressee | None:
    """Return who wrote last of those who belong to the case now and are in the register."""
    belonging = coordinator_reach.entries_of_case(session, case)
    system = services.keyring.system(session)
    for submission in completeness.submissions_of(session, case):
        entry = senders.by_id(session, submission.sender_id)
        is_proven = submission.sender_verdict == SenderVerdict.REGISTERED
        if not is_proven or entry is None or entry.id not in belonging:
            continue
        if not senders.is_current(entry, services.now()) or entry.region != case.region:
            continue
        try:
            services.keyring.open(session, submission.data_key_id)
        except KeyUnavailable:
            continue  # erased: the mail may be about another submission of the same coordinator
        sealed = place("registered_senders", "address", entry.id)
        return Addressee(submission, unseal(system, sealed, entry.address), Caution.BY_A_PERSON)
    return None


def _call(services: "Services", session: "Session", case: "Case", reason: str) -> str:
    """Open a task to call instead; a case without any submission cannot have one."""
    filed = completeness.submissions_of(session, case)
    if filed:
        add_task(services, session, filed[0].id, kind=TASK, reason=reason)
    return reason
