"""Write R1, the automatic receipt of a mail, or record why nobody gets one.

This runs inside the transaction that records the opening. The text depends on whether the sender
is in the register. A suppressed receipt is recorded with its reason, so that staff see why nothing
was sent.
"""

from typing import TYPE_CHECKING, Literal

from intake.core import audit
from intake.outbox import guard, post, responders
from intake.outbox.addressees import Caution, Trust, link_for, sender_of
from intake.outbox.post import OutgoingMail
from intake.queues.tasks import add_task
from intake.reference_data import promises
from intake.senders import letters
from intake.senders.automatic_mail import (
    automatic_signs,
    has_papers,
    incoming,
    machine_kind,
)
from storage.audit_acts import Act
from storage.documents import documents
from storage.mail import outbox
from storage.mail.outbox import MessageState, OutboxMessage
from storage.submissions import queue_items
from storage.submissions.queue_items import TaskKind
from storage.submissions.submissions import Priority

if TYPE_CHECKING:
    from intake.core.services import Services
    from intake.outbox.addressees import Addressee
    from intake.outbox.mail_texts import MailText, MailTexts
    from intake.outbox.unproven_limits import Organisation
    from intake.reference_data.promises import ConfirmBy
    from intake.sandbox.protocol.results import MailFacts
    from storage.database import Session
    from storage.submissions.submissions import Submission

KIND = outbox.MailKind.RECEIPT


def answer_sender(
    services: "Services",
    texts: "MailTexts",
    session: "Session",
    submission: "Submission",
    facts: "MailFacts | None",
    *,
    organisation: "Organisation",
    kind: Literal["receipt", "too_large"],
    priority: Priority = Priority.UNKNOWN,
    is_stopped: bool = False,
) -> None:
    """Write R1 into the outbox, due or suppressed, once for a submission with a judged sender.

    `organisation` tells under which domain a stranger is counted; `priority` is the one that the
    mail claims, by which R1 promises. What was promised is kept, unless nobody is told. With
    `is_stopped` it goes to a case whose person withdrew, and R1 promises nothing.
    """
    if outbox.has(session, submission.id, KIND):
        return
    to = sender_of(submission, facts, Caution.AUTOMATIC, organisation)
    counted = promises.promise_of(services, session, submission, priority)
    promise = None if is_stopped else counted
    subject, text = _words(services, texts, to, kind, promise, link_for(services, session, to))
    row = post.write(services, session, to, OutgoingMail(KIND, subject, text, takes_replies=True))
    is_told = kind == "receipt" and to.trust is Trust.REGISTERED and not row.reason
    if promise is not None and is_told:
        promises.keep_promise(submission, promise)
    note_receipt(services, session, row)
    if row.reason == "no_usable_sender":
        task = TaskKind.NO_USABLE_SENDER
        add_task(services, session, submission.id, kind=task, reason=row.reason)
    elif row.reason == "address_stopped":
        task = TaskKind.RECEIPT_BOUNCED
        add_task(services, session, submission.id, kind=task, reason=row.reason)
    elif _is_call_due(services, session, submission, to, row.reason):
        call = TaskKind.CALL_SENDER
        add_task(services, session, submission.id, kind=call, reason=row.reason)


def _is_call_due(
    services: "Services", session: "Session", submission: "Submission", to: "Addressee", reason: str
) -> bool:
    """Tell whether somebody has to call a registered sender who expects a receipt and gets none.

    A program that answers for them is told of once, and so is an address that got all it may get.
    Papers whose header forbids an answer, as a scanner's and a list's do, are filed, and nobody
    else says that they came.
    """
    if to.trust is not Trust.REGISTERED:
        return False
    if reason == responders.REASON:
        noticed = responders.notice(services, session, submission)
        return noticed is not None and not responders.is_told(session, noticed)
    if reason == guard.FULL:
        call = TaskKind.CALL_SENDER
        return not queue_items.waits_for_sender(session, submission, call, reason)
    rows = documents.of_submission(session, submission.id)
    letter = letters.reader_of(services, session, submission)
    mail = incoming(to.header, to.header.from_address, rows, letter=letter)
    own = services.settings.own_addresses
    is_filed = has_papers(rows) and machine_kind(mail, own, is_registered=True) is None
    return is_filed and reason in set(automatic_signs(mail, own))


def answer_nobody(
    services: "Services", session: "Session", submission: "Submission", reason: str
) -> None:
    """Record that R1 cannot be written, so that a person sees it and decides."""
    if not outbox.has(session, submission.id, KIND):
        row = post.suppress(services, session, submission, KIND, reason)
        note_receipt(services, session, row)


def note_receipt(services: "Services", session: "Session", row: "OutboxMessage") -> None:
    """Record in the audit trail that a receipt was written, or suppressed and why."""
    is_suppressed = row.state == MessageState.SUPPRESSED
    act = Act.RECEIPT_SUPPRESSED if is_suppressed else Act.RECEIPT_WRITTEN
    subject, detail = (
        ("submission", row.submission_id or ""),
        {"kind": row.kind, "reason": row.reason},
    )
    audit.note(services, session, "system:intake", act, subject, detail, at=row.created_at)


def _words(
    services: "Services",
    texts: "MailTexts",
    to: "Addressee",
    kind: str,
    promise: "ConfirmBy | None",
    link: str,
) -> "tuple[str, MailText]":
    submission = to.submission
    if kind == "too_large":
        sign_in = f"{services.settings.public_url}/sign-in"
        return "Message / Meddelande", texts.too_large(link=sign_in)
    if to.trust is not Trust.REGISTERED:
        return "Message received / Meddelande mottaget", texts.acknowledgement()
    text = texts.receipt(
        reference=submission.reference,
        item_count=submission.item_count,
        received_at=submission.received_at,
        confirm_by=promise,
        link=link,
    )
    return f"Receipt {submission.reference}", text
