"""Say to whom a mail may be written, and how careful the outbox is with that address."""

from dataclasses import dataclass
from enum import Enum, StrEnum
from typing import TYPE_CHECKING

from intake.access import coordinator_reach
from intake.accounts.accounts import address_of, email_hash
from intake.accounts.register_entries import address_of_entry, current_entry_of
from intake.core import submission_facts
from intake.core.errors import KeyUnavailable
from intake.core.submission_facts import EMPTY_HEADER
from intake.outbox import unproven_limits
from storage.accounts import users
from storage.cases import cases
from storage.mail import senders
from storage.submissions.submissions import SenderVerdict

if TYPE_CHECKING:
    from intake.core.services import Services
    from intake.outbox.unproven_limits import Organisation
    from intake.sandbox.protocol.results import MailFacts
    from storage.cases.cases import Case
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

    Of each: whether the case was stopped, and how much went to the address. AUTOMATIC is the whole
    guard, for a mail that no person decided. BY_A_PERSON lets automatic mail be answered where a
    person reads, and has higher limits; it is also asked for a mail that answers none. ACCOUNT asks
    the stop list, for somebody who signs in. NONE does not, for the receipt of what somebody who is
    signed in has just sent.
    """

    AUTOMATIC = "automatic"
    BY_A_PERSON = "by_a_person"
    ACCOUNT = "account"
    NONE = "none"


@dataclass(frozen=True)
class Addressee:
    """Somebody who may be written to about a submission; only this module makes one.

    `header` is that of the mail that is answered; an empty one stands for none. `domain` is the one
    under which a stranger is counted. `barred` is a code that tells why this person is not written
    to, whatever is asked of the address. The hash of the address stays in the outbox when nothing
    is sent to it, unless `is_hash_kept` is False.
    """

    submission: "Submission"
    address: str | None
    caution: Caution
    trust: Trust = Trust.REGISTERED
    header: "MailFacts" = EMPTY_HEADER
    domain: str = ""
    barred: str | None = None
    is_hash_kept: bool = True

    @property
    def is_claimed(self) -> bool:
        """Tell whether nothing but a mail names the address, as where it came from."""
        return bool(self.address) and self.header.from_address == self.address


def sender_of(
    submission: "Submission",
    header: "MailFacts | None",
    caution: Caution,
    organisation: "Organisation | None" = None,
) -> Addressee:
    """Return whoever wrote a mail, at the address that its header gives, known to us or not.

    `organisation` finds the domain of a domain's holder; without it each domain counts by itself.
    """
    is_registered = submission.sender_verdict == SenderVerdict.REGISTERED
    address = header.from_address if header is not None else None
    return Addressee(
        submission,
        address,
        caution,
        Trust.REGISTERED if is_registered else Trust.UNVERIFIED,
        header or EMPTY_HEADER,
        unproven_limits.domain_of(address, organisation) if address else "",
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


def account_that_sent(
    services: "Services", session: "Session", submission: "Submission", caution: Caution
) -> Addressee:
    """Return the account through which a submission came, barred when it ended or moved away.

    An account that moved to another region has no part any more in what it sent from the first.
    """
    account = users.by_id(session, submission.submitted_by or "")
    if (
        account is None
        or not users.is_active(account, services.now())
        or not coordinator_reach.is_of_region(account, submission)
    ):
        return Addressee(submission, None, caution, barred="account_ended")
    return Addressee(submission, address_of(services, session, account), caution)


def last_writer_of_case(
    services: "Services", session: "Session", case: "Case", caution: Caution
) -> Addressee | None:
    """Return who wrote last of those who belong to a case now and are in the register, or None.

    An automatic mail answers what they wrote; a mail of a person answers none. What was erased is
    passed over, because its key is gone.
    """
    belonging = coordinator_reach.entries_of_case(session, case)
    for submission in cases.of_cases(session, [case.id]).get(case.id, []):
        entry = senders.by_id(session, submission.sender_id)
        is_proven = submission.sender_verdict == SenderVerdict.REGISTERED
        if not is_proven or entry is None or entry.id not in belonging:
            continue
        if not senders.is_current(entry, services.now()) or entry.region != case.region:
            continue
        try:
            key = services.keyring.open(session, submission.data_key_id)
        except KeyUnavailable:
            continue
        header = submission_facts.of_mail(submission, key) if caution is Caution.AUTOMATIC else None
        return Addressee(
            submission,
            address_of_entry(services, session, entry),
            caution,
            header=header or EMPTY_HEADER,
        )
    return None


def signed_in(submission: "Submission", address: str) -> Addressee:
    """Return the account that has just sent a submission and is told that it came."""
    return Addressee(submission, address, Caution.NONE)


def at_safe_address(submission: "Submission", address: str) -> Addressee:
    """Return somebody without an account, at an address that was called safe; empty for none."""
    recipient = address.strip().lower()
    return Addressee(
        submission,
        recipient,
        Caution.BY_A_PERSON,
        Trust.UNVERIFIED,
        domain=unproven_limits.domain_of(recipient, None) if recipient else "",
        barred=None if recipient else "no_safe_address",
        is_hash_kept=False,
    )


def link_for(services: "Services", session: "Session", to: Addressee) -> str:
    """Return the link to the referral for somebody who can sign in; empty for anybody else.

    Somebody in the register need have no account: to tell them to sign in would lead nowhere.
    """
    if not to.address:
        return ""
    account = users.by_email_hash(session, email_hash(services, session, to.address.lower()))
    if account is None or not users.is_active(account, services.now()):
        return ""
    return services.settings.link_to_referral(to.submission.reference)


def recipient_hash(services: "Services", session: "Session", address: str, trust: Trust) -> str:
    """Return the hash under which mail to an address is counted and found again.

    The common spellings of one box are one address as long as nothing proves whose it is.
    """
    counted = unproven_limits.folded(address) if trust is Trust.UNVERIFIED else address.lower()
    return services.keyring.lookup(session, f"recipient:{trust}", counted)


def _is_in_register(
    services: "Services", session: "Session", submission: "Submission", address: str
) -> bool:
    """Ask the register again: an entry may have ended since the mail came."""
    if submission.sender_verdict != SenderVerdict.REGISTERED:
        return False
    return current_entry_of(services, session, address) is not None
