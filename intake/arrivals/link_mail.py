"""Write the two mails of a single-use link, each only to an address that was called safe.

One brings the link, the other says that documents arrived. Neither names a person, a document or
what the office does (requirement 116). The link only takes documents in and shows none.
"""

from datetime import datetime
from typing import TYPE_CHECKING

from intake.arrivals.link_holders import LINK_LIFE
from intake.outbox import post, receipt
from intake.outbox.addressees import at_safe_address
from intake.outbox.post import OutgoingMail
from storage.mail import outbox

if TYPE_CHECKING:
    from intake.core.services import Services
    from intake.outbox.mail_texts import MailTexts
    from storage.database import Session
    from storage.mail.outbox import OutboxMessage
    from storage.submissions.submissions import Submission

# The outbox holds one message of a kind for a submission.
KINDS = outbox.codes_of(outbox.MailKind.LINK)
SUBJECT = "Meddelande / Message"


def send_link(
    services: "Services",
    session: "Session",
    texts: "MailTexts",
    submission: "Submission | None",
    address: str,
    url: str,
    now: datetime,
) -> str | None:
    """Put the mail with a link into the outbox; return why not, as a code, or None.

    `submission` is the one whose key seals the mail. Runs in the caller's transaction.
    """
    if submission is None:
        return "nothing_to_hang_it_on"
    kind = post.free_kind(session, submission, KINDS)
    if kind is None:
        return "told_often_enough"
    text = texts.upload_link(link=url, until=now + LINK_LIFE)
    mail = OutgoingMail(kind, SUBJECT, text)
    return _write(services, session, submission, mail, address).reason or None


def send_receipt(
    services: "Services",
    session: "Session",
    texts: "MailTexts",
    submission: "Submission",
    address: str,
) -> None:
    """Put R1 into the outbox, due only when an address was called safe."""
    text = texts.link_receipt(
        reference=submission.reference,
        item_count=submission.item_count,
        received_at=submission.received_at,
    )
    mail = OutgoingMail(receipt.KIND, f"Receipt {submission.reference}", text)
    row = _write(services, session, submission, mail, address)
    receipt.note_receipt(services, session, row)


def _write(
    services: "Services",
    session: "Session",
    submission: "Submission",
    mail: OutgoingMail,
    address: str,
) -> "OutboxMessage":
    return post.write(services, session, at_safe_address(submission, address), mail)
