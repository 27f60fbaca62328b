"""Say to whom a mail may be written, and how careful the outbox is with that address."""

from dataclasses import dataclass
from enum import Enum, StrEnum
from typing import TYPE_CHECKING

from intake.core.submission_facts import EMPTY_HEADER
from storage.mail import senders
from storage.submissions.submissions import SenderVerdict

if TYPE_CHECKING:
    from intake.core.services import Services
    from intake.sandbox.protocol.results import MailFacts
    from storage.database import Session
    from storage.submissions.submissions import Submission


class Trust(StrEnum):
    """Whether an address is proven; each trust counts what is written to an address apart.

    What a stranger sends in a coordinator's name must not use up that coordinator's receipts.
    """

    REGISTERED = "registered"
    UNVERIFIED = "unverified"


class Caution(Enum):
    """What is asked about an address before anything is written to it.

    AUTOMATIC is the whole guard, for a mail that no person decided. BY_A_PERSON refuses only where
    no person reads; it is also asked for a mail that answers none. ACCOUNT asks the stop list
    alone, for somebody who signs in. NONE is for the receipt of what somebody who is signed in has
    just sent.
    """

    AUTOMATIC = "automatic"
    BY_A_PERSON = "by_a_person"
    ACCOUNT = "account"
    NONE = "none"


@dataclass(frozen=True)
class Addressee:
    """Somebody who may be written to about a submission.

    `header` is that of the mail that is answered; an empty one stands for none. `barred` is a
    code that tells why nothing is sent, whatever the outbox would say. The hash of the
    address stays in the outbox when nothing is sent to it, unless `is_hash_kept` is False.
    """

    submission: "Submission"
    address: str | None
    caution: Caution
    trust: Trust = Trust.REGISTERED
    header: "MailFacts" = EMPTY_HEADER
    barred: str | None = None
    is_hash_kept: bool = True


def sender_of(submission: "Submission", header: "MailFacts | None", caution: Caution) -> Addressee:
    """Return whoever wrote a mail, at the address that its header gives, known to us or not."""
    is_registered = submission.sender_verdict == SenderVerdict.REGISTERED
    return Addressee(
        submission,
        header.from_address if header is not None else None,
        caution,
        Trust.REGISTERED if is_registered else Trust.UNVERIFIED,
        header or EMPTY_HEADER,
    )


def registered_sender_of(
    services: "Services",
    session: "Session",
    submission: "Submission",
    header: "MailFacts | None",
    caution: Caution,
) -> Addressee:
    """Return whoever wrote a mail, barred unless the register knows that address today."""
    address = header.from_address if header is not None else None
    barred = None
    if address and not _is_in_register(services, session, submission, address):
        barred = "sender_not_registered"
    return Addressee(submission, address, caution, header=header or EMPTY_HEADER, barred=barred)


def recipient_hash(services: "Services", session: "Session", address: str, trust: Trust) -> str:
    """Return the hash under which mail to an address is counted and found again."""
    return services.keyring.lookup(session, f"recipient:{trust}", address.lower())


def _is_in_register(
    services: "Services", session: "Session", submission: "Submission", address: str
) -> bool:
    """Ask the register again: an entry may have ended since the mail came."""
    if submission.sender_verdict != SenderVerdict.REGISTERED:
        return False
    address_hash = services.keyring.lookup(session, "sender", address.lower())
    entry = senders.by_address_hash(session, address_hash)
    return entry is not None and senders.is_current(entry, services.now())
