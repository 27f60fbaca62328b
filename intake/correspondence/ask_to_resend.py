"""Ask the sender to send again: one neutral mail, or a task to call.

The mail says that one item could not be opened and nothing else (requirement 116). It goes
only to a registered sender whom the guard lets us answer, once a submission. Everybody
else is called by a person, because nothing proves who would read it.
"""

import json
from typing import TYPE_CHECKING, Any

from intake.access import written_reason
from intake.cases import withdrawal
from intake.core.errors import Conflict
from intake.documents import actions
from intake.outbox import guard, stop_list, undo_send
from intake.outbox.guard import IncomingMail
from intake.outbox.message import Answered, Envelope, compose
from intake.outbox.receipt import make_due, new_message
from intake.outbox.threads import reply_address
from intake.queues.tasks import add_task
from storage.crypto.sealing import unseal
from storage.documents import documents
from storage.documents.documents import QUARANTINED
from storage.documents.quarantine import QuarantineActKind
from storage.mail import outbox, senders
from storage.submissions.queue_items import TaskKind
from storage.submissions.submissions import SenderVerdict, place

if TYPE_CHECKING:
    from intake.accounts.accounts import SignedInUser
    from intake.core.services import Services
    from intake.documents.actions import HeldDocument
    from intake.outbox.message import ReceiptTexts
    from storage.database import Session

KIND = outbox.MailKind.RESEND_REQUEST
TASK = TaskKind.CALL_SENDER


def ask_to_resend(
    services: "Services",
    texts: "ReceiptTexts",
    user: "SignedInUser",
    document_id: str,
    reason: str,
) -> None:
    """Ask for a document again, by mail or by a task to call; asking twice changes nothing.

    Raises NotFound, ReasonInvalid, and Conflict when the document is not held.
    """
    written = written_reason.checked_reason(reason)
    with services.database.transaction() as session:
        held = actions.find_held_document(services, session, user, document_id)
        if held.document.state not in QUARANTINED:
            raise Conflict
        if withdrawal.is_stopped(session, held.submission.case_id):
            raise withdrawal.PersonWithdrew
        if any(done.act == QuarantineActKind.ASK_TO_RESEND for done in held.acts):
            return
        refused = _write(services, session, texts, held)
        if refused is not None:
            add_task(services, session, held.submission.id, kind=TASK, reason=refused)
        actions.record_act(
            services,
            session,
            held,
            user,
            QuarantineActKind.ASK_TO_RESEND,
            written,
            mail="suppressed" if refused else "written",
        )


def _write(
    services: "Services", session: "Session", texts: "ReceiptTexts", held: "HeldDocument"
) -> str | None:
    """Put the mail into the outbox, due or suppressed; return why it stays here, or None."""
    known = [row for row in outbox.of_submission(session, held.submission.id) if row.kind == KIND]
    if known:
        # The same words went out, or did not, for another of its documents.
        return known[0].reason or None
    facts = _facts(held)
    recipient: str | None = facts.get("from_address")
    recipient_hash = (
        services.keyring.lookup(session, "recipient:registered", recipient.lower())
        if recipient
        else None
    )
    refused = _refusal(services, session, held, facts, recipient_hash)
    row = new_message(services, session, held.submission, KIND, refused)
    row.recipient_hash = recipient_hash
    if refused is None and recipient is not None:
        reference = held.submission.reference
        text = texts.ask(reference=reference, link=f"{services.settings.public_url}/sign-in")
        settings = services.settings
        reply_to = reply_address(settings.reply_address, held.submission, held.key)
        envelope = Envelope(settings.mail_from, recipient, row.message_id, row.created_at, reply_to)
        answered = Answered(facts["message_id"] or None, tuple(facts["references"]))
        content = compose(envelope, f"Referens / Reference {reference}", text, answered)
        make_due(row, held.key, recipient, content, wait=undo_send.undo_window(services))
    session.add(row)
    session.flush()
    return refused


def _refusal(
    services: "Services",
    session: "Session",
    held: "HeldDocument",
    facts: dict[str, Any],  # Any: what the jail found in a header, as JSON
    recipient_hash: str | None,
) -> str | None:
    if recipient_hash is None:
        return "no_usable_sender"
    if not _is_registered(services, session, held, facts["from_address"]):
        return "sender_not_registered"
    rows = documents.of_submission(session, held.submission.id)
    mail = IncomingMail(
        reply_to=facts["from_address"],
        has_calendar_part=guard.has_calendar_part(row.claimed_type for row in rows),
        **{field: facts[field] for field in guard.HEADER_FIELDS},
    )
    since = services.now() - guard.RATE_WINDOW
    return guard.refusal(
        mail,
        own_addresses=services.settings.own_addresses,
        written_lately=outbox.count_to(session, recipient_hash, since),
        is_registered=True,
        is_stopped=stop_list.is_stopped(services, session, facts["from_address"]),
    )


def _is_registered(
    services: "Services", session: "Session", held: "HeldDocument", address: str
) -> bool:
    """Ask the register again: an entry may have ended since the mail came."""
    if held.submission.sender_verdict != SenderVerdict.REGISTERED:
        return False
    address_hash = services.keyring.lookup(session, "sender", address.lower())
    entry = senders.by_address_hash(session, address_hash)
    return entry is not None and senders.is_current(entry, services.now())


def _facts(held: "HeldDocument") -> dict[str, Any]:  # Any: see above
    submission = held.submission
    text = unseal(held.key, place("submissions", "facts", submission.id), submission.facts)
    facts: dict[str, Any] = json.loads(text) if text else {}
    return facts
