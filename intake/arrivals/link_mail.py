"""Link mail: the two mails of a single-use link, each only to an address that was called safe.

One brings the link, one says that things arrived. Neither names a person, a paper or what the
office does (requirement 116). The link opens nothing that is here; it only lets papers in.
Imports storage and its neighbours.
"""

from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from intake.arrivals.link_holders import LINK_LIFE
from intake.core import audit
from intake.outbox import guard, stop_list
from intake.outbox.guard import NO_HEADERS, IncomingMail
from intake.outbox.message import Answered, Envelope, compose
from intake.outbox.receipt import make_due, new_message
from storage.audit_acts import Act
from storage.mail import outbox

if TYPE_CHECKING:
    from intake.core.services import Services
    from storage.database import Session
    from storage.submissions.submissions import Submission

RECEIPT = outbox.MailKind.RECEIPT
# The outbox holds one message of a kind a submission.
KINDS = outbox.codes_of(outbox.MailKind.LINK)
SUBJECT = "Meddelande / Message"


class LinkWording(Protocol):
    """Gives the words of both mails."""

    def upload_link(self, *, link: str, until: datetime) -> str:
        """Return the text that brings a link."""

    def link_receipt(self, *, reference: str, item_count: int | None, received_at: datetime) -> str:
        """Return the receipt for somebody without an account."""


def send_link(
    services: "Services",
    session: "Session",
    texts: LinkWording,
    submission: "Submission | None",
    address: str,
    url: str,
    now: datetime,
) -> str | None:
    """Put the mail with a link into the outbox; return why not, as a code, or None.

    `submission` is the one whose key seals it. In the caller's transaction.
    """
    if submission is None:
        return "nothing_to_hang_it_on"
    used = {row.kind for row in outbox.of_submission(session, submission.id)}
    kind = next((kind for kind in KINDS if kind not in used), None)
    if kind is None:
        return "told_often_enough"
    text = texts.upload_link(link=url, until=now + LINK_LIFE)
    return _write(services, session, submission, (kind, SUBJECT, text), address)


def send_receipt(
    services: "Services",
    session: "Session",
    texts: LinkWording,
    submission: "Submission",
    address: str,
) -> None:
    """Put R1 into the outbox, due only when an address was called safe."""
    text = texts.link_receipt(
        reference=submission.reference,
        item_count=submission.item_count,
        received_at=submission.received_at,
    )
    subject = f"Receipt {submission.reference}"
    refused = _write(services, session, submission, (RECEIPT, subject, text), address)
    audit.note(
        services,
        session,
        "system:intake",
        Act.RECEIPT_SUPPRESSED if refused else Act.RECEIPT_WRITTEN,
        ("submission", submission.id),
        {"kind": RECEIPT, "reason": refused or ""},
    )


def _write(
    services: "Services",
    session: "Session",
    submission: "Submission",
    letter: tuple[str, str, str],
    address: str,
) -> str | None:
    """Write a letter (kind, subject, text), due or suppressed; return why it is suppressed."""
    kind, subject, text = letter
    recipient = address.strip().lower()
    hashed = services.keyring.lookup(session, "recipient:unverified", recipient)
    refused = _refusal(services, session, recipient, hashed)
    row = new_message(services, session, submission, kind, refused)
    if refused is None:
        row.recipient_hash = hashed
        key = services.keyring.open(session, submission.data_key_id)
        settings = services.settings
        envelope = Envelope(settings.mail_from, recipient, row.message_id, row.created_at)
        make_due(row, key, recipient, compose(envelope, subject, text, Answered(None, ())))
    session.add(row)
    session.flush()
    return refused


def _refusal(services: "Services", session: "Session", address: str, hashed: str) -> str | None:
    if not address:
        return "no_safe_address"
    return guard.refusal_of_a_person(
        IncomingMail(reply_to=address, **NO_HEADERS),
        own_addresses=services.settings.own_addresses,
        written_lately=outbox.count_to(session, hashed, services.now() - guard.RATE_WINDOW),
        is_stopped=stop_list.is_stopped(services, session, address),
    )
