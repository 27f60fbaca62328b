"""Decide and write R1: who gets which text, or why nobody gets one.

Runs inside the transaction that records the opening. A refusal of the guard is
recorded as a suppressed message, so that staff see that and why nothing went out.
"""

from datetime import timedelta
from typing import TYPE_CHECKING, Literal

from intake.core import audit, office_clock
from intake.outbox import guard, stop_list
from intake.outbox.guard import IncomingMail
from intake.outbox.message import Answered, Envelope, compose, message_id_for
from intake.outbox.threads import reply_address
from intake.queues.tasks import add_task
from storage.audit_acts import Act
from storage.base import new_id
from storage.crypto.sealing import seal, seal_bytes
from storage.documents import documents
from storage.mail import outbox
from storage.mail.outbox import MessageState, OutboxMessage
from storage.submissions.queue_items import TaskKind
from storage.submissions.submissions import SenderVerdict, place

if TYPE_CHECKING:
    from intake.core.services import Services
    from intake.outbox.message import ReceiptTexts
    from intake.sandbox.protocol.results import MailFacts
    from intake.senders.verdict import Sender
    from storage.crypto.keys import DataKey
    from storage.database import Session
    from storage.submissions.submissions import Submission

KIND = outbox.MailKind.RECEIPT


def answer_sender(
    services: "Services",
    texts: "ReceiptTexts",
    session: "Session",
    submission: "Submission",
    key: "DataKey",
    facts: "MailFacts | None",
    sender: "Sender",
    *,
    kind: Literal["receipt", "too_large"],
) -> None:
    """Write R1 into the outbox, due or suppressed, once a submission."""
    if outbox.has(session, submission.id, KIND):
        return
    is_registered = sender.verdict is SenderVerdict.REGISTERED
    recipient = facts.from_address if facts is not None else None
    # Counted apart: what somebody sends in a coordinator's name must not use up her receipts.
    trust = "registered" if is_registered else "unverified"
    recipient_hash = (
        services.keyring.lookup(session, f"recipient:{trust}", recipient.lower())
        if recipient
        else None
    )
    refused = _refusal(
        services, session, submission, facts, recipient_hash, is_registered=is_registered
    )
    row = new_message(services, session, submission, KIND, refused)
    row.recipient_hash = recipient_hash
    if refused is None and recipient is not None and facts is not None:
        subject, text = _words(services, texts, submission, kind, is_registered=is_registered)
        # Whoever is not proven gets no way of naming the submission.
        settings = services.settings
        reply_to = reply_address(settings.reply_address, submission, key) if is_registered else ""
        envelope = Envelope(settings.mail_from, recipient, row.message_id, row.created_at, reply_to)
        answered = Answered(facts.message_id or None, facts.references)
        content = compose(envelope, subject, text, answered)
        make_due(row, key, recipient, content)
    _add(services, session, submission, row)
    if refused == "no_usable_sender":
        add_task(services, session, submission.id, kind=TaskKind.NO_USABLE_SENDER, reason=refused)
    elif refused == "address_stopped":
        add_task(services, session, submission.id, kind=TaskKind.RECEIPT_BOUNCED, reason=refused)


def answer_nobody(
    services: "Services", session: "Session", submission: "Submission", reason: str
) -> None:
    """Record that R1 cannot be written, so that a person sees it and decides."""
    if not outbox.has(session, submission.id, KIND):
        _add(
            services, session, submission, new_message(services, session, submission, KIND, reason)
        )


def new_message(
    services: "Services",
    session: "Session",
    submission: "Submission",
    kind: str,
    refused: str | None,
) -> OutboxMessage:
    """Make a message to a submission's sender, due or suppressed, under its one Message-ID."""
    token = services.keyring.lookup(session, "message-id-of-ours", f"{submission.id}:{kind}")
    return OutboxMessage(
        id=new_id(),
        submission_id=submission.id,
        data_key_id=submission.data_key_id,
        kind=kind,
        state=MessageState.SUPPRESSED if refused else MessageState.DUE,
        reason=refused or "",
        message_id=message_id_for(token, kind, services.settings.mail_from),
        created_at=services.now(),
    )


def make_due(
    row: OutboxMessage,
    key: "DataKey",
    recipient: str,
    content: bytes,
    *,
    wait: timedelta = timedelta(0),
) -> None:
    """Seal a message and whom it is for into its row; it is due at once, or after a wait."""
    row.recipient = seal(key, place("outbox", "recipient", row.id), recipient)
    row.content = seal_bytes(key, place("outbox", "content", row.id), content)
    row.next_try_at = row.created_at + wait


def _add(
    services: "Services", session: "Session", submission: "Submission", row: OutboxMessage
) -> None:
    session.add(row)
    session.flush()
    is_suppressed = row.state == MessageState.SUPPRESSED
    act = Act.RECEIPT_SUPPRESSED if is_suppressed else Act.RECEIPT_WRITTEN
    subject, detail = ("submission", submission.id), {"kind": KIND, "reason": row.reason}
    audit.note(services, session, "system:intake", act, subject, detail, at=row.created_at)


def _refusal(
    services: "Services",
    session: "Session",
    submission: "Submission",
    facts: "MailFacts | None",
    recipient_hash: str | None,
    *,
    is_registered: bool,
) -> str | None:
    if facts is None or recipient_hash is None:
        return "no_usable_sender"
    mail = IncomingMail(
        reply_to=facts.from_address,
        has_calendar_part=guard.has_calendar_part(
            document.claimed_type for document in documents.of_submission(session, submission.id)
        ),
        **{field: getattr(facts, field) for field in guard.HEADER_FIELDS},
    )
    since = services.now() - guard.RATE_WINDOW
    return guard.refusal(
        mail,
        own_addresses=services.settings.own_addresses,
        written_lately=outbox.count_to(session, recipient_hash, since),
        is_registered=is_registered,
        is_stopped=stop_list.is_stopped(services, session, facts.from_address or ""),
    )


def _words(
    services: "Services",
    texts: "ReceiptTexts",
    submission: "Submission",
    kind: str,
    *,
    is_registered: bool,
) -> tuple[str, str]:
    link = f"{services.settings.public_url}/sign-in"
    if kind == "too_large":
        return "Message / Meddelande", texts.too_large(link=link)
    if not is_registered:
        return "Message received / Meddelande mottaget", texts.acknowledgement()
    text = texts.receipt(
        reference=submission.reference,
        item_count=submission.item_count,
        received_at=submission.received_at,
        due_at=office_clock.confirm_by(
            services.offices, submission.priority, submission.received_at
        ),
        link=link,
    )
    return f"Receipt {submission.reference}", text
