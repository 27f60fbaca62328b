"""Confirmation mail: tell whoever sent it in that a confirmation can be read in the service.

The mail says that and the reference, nothing else (requirement 116). It goes to an account, or to
an address of the register that is still in force; everybody else is called by a person, because
nothing proves who would read it. Imports storage and its neighbours.
"""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from intake.accounts.accounts import address_of
from intake.outbox import guard, stop_list, undo_send
from intake.outbox.guard import IncomingMail
from intake.outbox.message import Answered, Envelope, compose
from intake.outbox.receipt import make_due, new_message
from intake.queues.tasks import add_task
from storage.accounts import users
from storage.crypto.sealing import unseal
from storage.mail import outbox, senders
from storage.submissions.queue_items import TaskKind
from storage.submissions.submissions import SenderVerdict, place

if TYPE_CHECKING:
    from intake.core.services import Services
    from storage.crypto.keys import DataKey
    from storage.database import Session
    from storage.submissions.submissions import Submission

KIND = outbox.MailKind.CONFIRMATION
TASK = TaskKind.CALL_SENDER


@dataclass(frozen=True)
class Addressee:
    """To whom the mail goes; `refused` says why it does not, as a code."""

    address: str | None
    refused: str | None
    answered: Answered


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


def addressee(
    services: "Services", session: "Session", submission: "Submission", key: "DataKey"
) -> Addressee:
    """Find out who is told, and whether anything may be sent there."""
    if submission.submitted_by is not None:
        return _account(services, session, submission.submitted_by)
    text = unseal(key, place("submissions", "facts", submission.id), submission.facts)
    facts: dict[str, Any] = json.loads(text) if text else {}  # Any: a header's facts, as JSON
    address: str | None = facts.get("from_address")
    if not address:
        return Addressee(None, "no_usable_sender", Answered(None, ()))
    answered = Answered(facts["message_id"] or None, tuple(facts["references"]))
    if not _is_registered(services, session, submission, address):
        return Addressee(address, "sender_not_registered", answered)
    mail = IncomingMail(reply_to=address, **{field: facts[field] for field in guard.HEADER_FIELDS})
    refused = guard.refusal_of_a_person(
        mail,
        own_addresses=services.settings.own_addresses,
        written_lately=_written_lately(services, session, address),
        is_stopped=stop_list.is_stopped(services, session, address),
    )
    return Addressee(address, refused, answered)


def write(
    services: "Services",
    session: "Session",
    texts: ConfirmationText,
    submission: "Submission",
    key: "DataKey",
    *,
    number: int,
) -> str | None:
    """Put the mail into the outbox, or a task to call before a person; return why not, or None.

    `number` is the paper's: each newer confirmation is told of by a mail of its own.
    """
    to = addressee(services, session, submission, key)
    kind = f"{KIND}-{number}" if outbox.has(session, submission.id, KIND) else KIND
    row = new_message(services, session, submission, kind, to.refused)
    if to.address is not None:
        row.recipient_hash = _recipient_hash(services, session, to.address)
    if to.refused is None and to.address is not None:
        reference, settings = submission.reference, services.settings
        text = texts.write(reference=reference, link=f"{settings.public_url}/sign-in")
        envelope = Envelope(settings.mail_from, to.address, row.message_id, row.created_at)
        # The header is written as it stands, so its subject is ASCII.
        content = compose(envelope, f"Confirmation available {reference}", text, to.answered)
        make_due(row, key, to.address, content, wait=undo_send.undo_window(services))
    session.add(row)
    session.flush()
    if to.refused is not None:
        add_task(services, session, submission.id, kind=TASK, reason=to.refused)
    return to.refused


def _account(services: "Services", session: "Session", user_id: str) -> Addressee:
    nothing = Answered(None, ())
    account = users.by_id(session, user_id)
    if account is None or not users.is_active(account, services.now()):
        return Addressee(None, "account_ended", nothing)
    address = address_of(services, session, account)
    is_stopped = stop_list.is_stopped(services, session, address)
    return Addressee(address, "address_stopped" if is_stopped else None, nothing)


def _is_registered(
    services: "Services", session: "Session", submission: "Submission", address: str
) -> bool:
    """Ask the register again: an entry may have ended since the mail came."""
    if submission.sender_verdict != SenderVerdict.REGISTERED:
        return False
    address_hash = services.keyring.lookup(session, "sender", address.lower())
    entry = senders.by_address_hash(session, address_hash)
    return entry is not None and senders.is_current(entry, services.now())


def _written_lately(services: "Services", session: "Session", address: str) -> int:
    since = services.now() - guard.RATE_WINDOW
    return outbox.count_to(session, _recipient_hash(services, session, address), since)


def _recipient_hash(services: "Services", session: "Session", address: str) -> str:
    return services.keyring.lookup(session, "recipient:registered", address.lower())
