"""Write the two mails of a single-use link, each only to an address that was called safe.

One brings the link, the other says that documents arrived. Neither names a person, a document or
what the office does (requirement 116). The link only takes documents in and shows none.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from intake.access import papers
from intake.access.edit_conflicts import PERSON
from intake.arrivals.link_holders import LINK_LIFE
from intake.outbox import post, receipt
from intake.outbox.addressees import at_safe_address
from intake.outbox.post import OutgoingMail
from storage import audit as audit_trail
from storage.audit_acts import Act
from storage.mail import outbox
from storage.mail.outbox import OutboxMessage

if TYPE_CHECKING:
    from intake.core.services import Services
    from intake.outbox.mail_texts import MailTexts
    from storage.database import Session
    from storage.submissions.submissions import Submission
    from storage.submissions.upload_links import UploadLink

# The outbox holds one message of a kind for a submission.
KINDS = outbox.codes_of(outbox.MailKind.LINK)
SUBJECT = "Meddelande / Message"
# The parts of the detail of the act that made a link: its id, and that of its mail.
LINK, MAIL = "link", "message"


@dataclass(frozen=True)
class LinkMail:
    """What became of the mail with a link: why none leaves, as a code; its row; when it leaves."""

    refused: str | None
    id: str = ""
    leaves_at: datetime | None = None


def send_link(
    services: "Services",
    session: "Session",
    texts: "MailTexts",
    submission: "Submission | None",
    address: str,
    url: str,
    now: datetime,
) -> LinkMail:
    """Put the mail with a link into the outbox; return what became of it.

    It waits as long as an officer can take it back with its link. `submission` is the one whose
    key seals the mail. Runs in the caller's transaction.
    """
    if submission is None:
        return LinkMail("nothing_to_hang_it_on")
    kind = post.free_kind(session, submission, KINDS)
    if kind is None:
        return LinkMail("told_often_enough")
    text = texts.upload_link(link=url, until=now + LINK_LIFE)
    row = _write(services, session, submission, OutgoingMail(kind, SUBJECT, text), address)
    return LinkMail(row.reason or None, row.id, row.next_try_at)


def waiting_mail(
    services: "Services", session: "Session", link: "UploadLink"
) -> "OutboxMessage | None":
    """Return the mail that brings a link as long as it can be taken back; None for none."""
    if papers.has_passed(services, link.created_at):
        return None
    subject = ("case", link.case_id) if link.case_id else ("submission", link.submission_id or "")
    made = audit_trail.newest_acts(session, subject, [Act.UPLOAD_LINK_MADE], by=PERSON)
    event = next((each for each in made if each.detail.get(LINK) == link.id), None)
    row = session.get(OutboxMessage, str(event.detail.get(MAIL, ""))) if event is not None else None
    return row if row is not None and row.state == outbox.MessageState.DUE else None


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
