"""Tell the sender of a submission by mail that a confirmation can be read in the service.

The mail says that and the reference, nothing else (requirement 116). It goes to an account, or to
a current address of the register; an officer calls everybody else, because nothing proves who
would read it.
"""

from typing import TYPE_CHECKING

from intake.core import submission_facts
from intake.outbox import post
from intake.outbox.addressees import (
    Addressee,
    Caution,
    account_that_sent,
    link_for,
    registered_sender_of,
)
from intake.outbox.post import OutgoingMail
from storage.mail import outbox

if TYPE_CHECKING:
    from intake.core.services import Services
    from intake.outbox.mail_texts import MailTexts
    from storage.crypto.keys import DataKey
    from storage.database import Session
    from storage.mail.outbox import OutboxMessage
    from storage.submissions.submissions import Submission

KIND = outbox.MailKind.CONFIRMATION


def refusal_of_confirmation(
    services: "Services", session: "Session", submission: "Submission", key: "DataKey"
) -> str | None:
    """Return why no mail would be sent, as a code, or None."""
    to = _addressee(services, session, submission, key)
    return post.refusal(services, session, to, KIND)


def write_confirmation_mail(
    services: "Services",
    session: "Session",
    texts: "MailTexts",
    submission: "Submission",
    key: "DataKey",
    *,
    number: int,
) -> "OutboxMessage":
    """Put the mail into the outbox, due or suppressed with a task to call; return its row.

    `number` is the paper's: each newer confirmation gets a mail of its own.
    """
    to = _addressee(services, session, submission, key)
    kind = f"{KIND}-{number}" if outbox.has(session, submission.id, KIND) else KIND
    reference = submission.reference
    text = texts.confirmation(reference=reference, link=link_for(services, session, to))
    # The header is not encoded, so the subject must be ASCII.
    subject = f"Confirmation available {reference}"
    row = post.write(services, session, to, OutgoingMail(kind, subject, text))
    if row.reason:
        post.call_instead(services, session, submission, row.reason)
    return row


def _addressee(
    services: "Services", session: "Session", submission: "Submission", key: "DataKey"
) -> Addressee:
    if submission.submitted_by is not None:
        return account_that_sent(services, session, submission, Caution.ACCOUNT)
    header = submission_facts.of_mail(submission, key)
    return registered_sender_of(services, session, submission, header, Caution.BY_A_PERSON)
