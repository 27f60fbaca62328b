"""Tell the sender of a submission by mail that a confirmation can be read in the service.

The mail says that and the reference, nothing else (requirement 116). It goes to an account, or to
a current address of the register; an officer calls everybody else, because nothing proves who
would read it.
"""

from pathlib import Path
from typing import TYPE_CHECKING

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from intake.accounts.accounts import address_of
from intake.core import submission_facts
from intake.outbox import post, undo_send
from intake.outbox.addressees import Addressee, Caution, registered_sender_of
from intake.outbox.post import OutgoingMail
from intake.queues.tasks import add_task
from storage.accounts import users
from storage.mail import outbox
from storage.submissions.queue_items import TaskKind

if TYPE_CHECKING:
    from intake.core.services import Services
    from storage.crypto.keys import DataKey
    from storage.database import Session
    from storage.submissions.submissions import Submission

KIND = outbox.MailKind.CONFIRMATION
TASK = TaskKind.CALL_SENDER


class ConfirmationText:
    """The office's text, read from `templates/mail`."""

    def __init__(self, folder: Path) -> None:
        # Plain text: there is nothing to escape, and the values are our own.
        self._environment = Environment(  # noqa: S701
            loader=FileSystemLoader(folder), undefined=StrictUndefined, keep_trailing_newline=True
        )

    def write(self, *, reference: str, link: str) -> str:
        """Return the text in Swedish and English."""
        template = self._environment.get_template("confirmation.txt")
        return template.render(reference=reference, link=link)


def refusal_of_confirmation(
    services: "Services", session: "Session", submission: "Submission", key: "DataKey"
) -> str | None:
    """Return why no mail would be sent, as a code, or None."""
    return post.refusal(services, session, _addressee(services, session, submission, key))


def write_confirmation_mail(
    services: "Services",
    session: "Session",
    texts: ConfirmationText,
    submission: "Submission",
    key: "DataKey",
    *,
    number: int,
) -> str | None:
    """Put the mail into the outbox, or open a task to call; return why no mail, or None.

    `number` is the paper's: each newer confirmation gets a mail of its own.
    """
    to = _addressee(services, session, submission, key)
    kind = f"{KIND}-{number}" if outbox.has(session, submission.id, KIND) else KIND
    reference = submission.reference
    text = texts.write(reference=reference, link=f"{services.settings.public_url}/sign-in")
    # The header is not encoded, so the subject must be ASCII.
    subject, wait = f"Confirmation available {reference}", undo_send.undo_window(services)
    refused = post.write(services, session, to, OutgoingMail(kind, subject, text, wait=wait)).reason
    if refused:
        add_task(services, session, submission.id, kind=TASK, reason=refused)
    return refused or None


def _addressee(
    services: "Services", session: "Session", submission: "Submission", key: "DataKey"
) -> Addressee:
    if submission.submitted_by is not None:
        return _account(services, session, submission, submission.submitted_by)
    header = submission_facts.of_mail(submission, key)
    return registered_sender_of(services, session, submission, header, Caution.BY_A_PERSON)


def _account(
    services: "Services", session: "Session", submission: "Submission", user_id: str
) -> Addressee:
    account = users.by_id(session, user_id)
    if account is None or not users.is_active(account, services.now()):
        return Addressee(submission, None, Caution.ACCOUNT, barred="account_ended")
    address = address_of(services, session, account)
    return Addressee(submission, address, Caution.ACCOUNT)
