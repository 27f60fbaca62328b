"""Record with a submission who wrote it, what its header says, and which older mail it repeats."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from intake.accounts.register_entries import current_entry_of
from intake.core import submission_facts
from intake.core.errors import KeyUnavailable
from intake.senders import lookalikes
from intake.senders.authenticity import OwnCheck, OwnOutcome, check_own
from intake.senders.authenticity.dkim_check import SignatureJail
from intake.senders.verdict import Sender, judge_sender, needs_own_check
from storage.crypto.sealing import seal, unseal
from storage.documents import documents
from storage.mail import senders
from storage.submissions import submissions
from storage.submissions.submissions import Programme, SenderVerdict, place

if TYPE_CHECKING:
    from intake.core.services import Services
    from intake.sandbox.protocol.results import MailFacts
    from intake.senders.authenticity.dkim_check import Ask
    from intake.senders.authenticity.organisational_domain import Organisation
    from storage.crypto.column_types import KeyedHash
    from storage.crypto.keys import DataKey
    from storage.database import Session
    from storage.mail.senders import RegisteredSender
    from storage.submissions.submissions import Submission

# How many mails of one Message-ID are compared; a stranger can send any number of them.
MAX_SAME_MESSAGE_ID = 20
# With these verdicts the address is in the register, whether or not its holder wrote the mail.
NAMES_ENTRY = (SenderVerdict.REGISTERED, SenderVerdict.UNVERIFIED)
# The check of an address that was registered between the check and the transaction: nobody has
# looked at the signatures.
NOT_PROVEN = OwnCheck(OwnOutcome.COULD_NOT_CHECK, ("signatures_not_read",))


class Signers(SignatureJail, Protocol):
    """The jail that reads and verifies signatures; its time limit is longer than the others'."""

    def start(self) -> None:
        """Start the jail. Raises JailUnavailable."""

    def close(self) -> None:
        """End the jail."""


@dataclass(frozen=True)
class OwnCheckTools:
    """What our own check of a sender needs: a jail, and the function that asks for TXT records."""

    signers: Signers
    ask: "Ask"


@dataclass(frozen=True)
class SenderTools:
    """What this module may use; `own_check` is None where no resolver is configured."""

    services: "Services"
    organisation: "Organisation"
    own_check: OwnCheckTools | None = None


def note_sender(
    tools: "SenderTools",
    session: "Session",
    submission: "Submission",
    key: "DataKey",
    facts: "MailFacts | None",
    own_check: "OwnCheck | None" = None,
) -> Sender:
    """Judge the sender and seal what the header says, in the caller's transaction.

    `own_check` is what `check_signatures` found before the transaction. `facts` is None when not
    even the header could be read. The submission points at an older mail that is the same one but
    for its way here: the bytes differ, so both are kept.
    """
    services = tools.services
    entry = _register_entry(tools, session, submission, facts)
    if facts is None:
        sender = judge_sender(
            from_address=None,
            from_defects=("header_unreadable",),
            registered_region=None,
            authentication_results=(),
            authserv_id="",
        )
    else:
        sender = judge_sender(
            from_address=facts.from_address,
            from_defects=facts.from_defects,
            registered_region=entry.region if entry is not None else None,
            authentication_results=facts.authentication_results,
            authserv_id=services.settings.authserv_id,
            own_check=own_check if tools.own_check is None else own_check or NOT_PROVEN,
            likeness=_likeness(tools, session, submission, facts),
        )
        _seal_header(submission, key, facts)
    submission.sender_verdict = sender.verdict
    submission.sender_reasons = list(sender.reasons)
    submission.region = sender.region
    if entry is not None and sender.verdict in NAMES_ENTRY:
        submission.sender_id = entry.id
    if facts is not None and facts.message_id:
        _link_same_mail(tools, session, submission, facts)
    return sender


def _seal_header(submission: "Submission", key: "DataKey", facts: "MailFacts") -> None:
    sealed = {
        "sender": facts.from_address or facts.claimed_from,
        "subject": facts.subject,
    }
    submission.facts = submission_facts.seal_mail(key, submission.id, facts)
    for column, text in sealed.items():
        setattr(submission, column, seal(key, place("submissions", column, submission.id), text))


def check_signatures(
    tools: "SenderTools",
    submission: "Submission",
    raw: bytes,
    facts: "MailFacts | None",
) -> "OwnCheck | None":
    """Check a message's signatures ourselves; None where our own check is not needed.

    It is needed for an address of the register when our own server wrote no verdict. Call it
    outside any transaction, because it asks DNS. Raises JailUnavailable.
    """
    own = tools.own_check
    if own is None or facts is None or facts.from_address is None:
        return None
    services = tools.services
    with services.database.reading() as session:
        entry = _register_entry(tools, session, submission, facts)
    authserv_id = services.settings.authserv_id
    if entry is None or not needs_own_check(
        facts.authentication_results, authserv_id, facts.from_address
    ):
        return None
    if submission.oversize_bytes is not None:
        return OwnCheck(OwnOutcome.COULD_NOT_CHECK, ("too_large",))
    return check_own(
        raw,
        facts.from_address,
        jail=own.signers,
        ask=own.ask,
        organisation=tools.organisation,
        received_at=submission.received_at,
    )


def _likeness(
    tools: "SenderTools", session: "Session", submission: "Submission", facts: "MailFacts"
) -> tuple[str, ...]:
    """Return the codes of how a sender resembles somebody else in the register."""
    if submission.programme != Programme.REFERRALS:
        return ()
    return lookalikes.find_likeness(
        facts.from_address,
        facts.claimed_from,
        _register(tools.services, session),
        tools.organisation,
        facts.from_defects,
    )


def _register(services: "Services", session: "Session") -> lookalikes.RegisteredNames:
    """Return the register in clear, ended and expired entries too: they can be imitated as well."""
    key = services.keyring.system(session)
    entries = senders.everyone(session)
    addresses = (_opened(key, entry, "address") for entry in entries)
    names = (_opened(key, entry, "name") for entry in entries)
    return lookalikes.RegisteredNames(
        frozenset(address.lower() for address in addresses if address),
        frozenset(name.lower() for name in names if name),
    )


def _opened(key: "DataKey", entry: "RegisteredSender", column: str) -> str:
    sealed = getattr(entry, column)
    return unseal(key, place("registered_senders", column, entry.id), sealed)


def _register_entry(
    tools: "SenderTools",
    session: "Session",
    submission: "Submission",
    facts: "MailFacts | None",
) -> "RegisteredSender | None":
    """Return the current entry of the From address in the register, or None."""
    # The register is of coordinators, who write to the programme of referrals alone.
    if submission.programme != Programme.REFERRALS or facts is None or facts.from_address is None:
        return None
    return current_entry_of(tools.services, session, facts.from_address)


def _link_same_mail(
    tools: "SenderTools", session: "Session", submission: "Submission", facts: "MailFacts"
) -> None:
    """Point at an older mail with this Message-ID that says the same; both are kept.

    The identifier alone is a hint: programs give one twice, and anybody can copy or guess it. A
    stranger who came first must not make a coordinator's referral count as a repetition. So the
    verdict on the sender, address, subject and every document have to agree too.
    """
    services = tools.services
    submission.message_id_hash = services.keyring.lookup(session, "message-id", facts.message_id)
    contents = _contents(session, submission)
    for older in submissions.by_message_id(
        session,
        submission.message_id_hash,
        submission.programme,
        other_than=submission.id,
        limit=MAX_SAME_MESSAGE_ID,
    ):
        is_of_same_sender = (older.sender_verdict, older.sender_id) == (
            submission.sender_verdict,
            submission.sender_id,
        )
        if is_of_same_sender and contents and _contents(session, older) == contents:
            known = _header_of(services, session, older)
            if known is not None and _who_and_what(known) == _who_and_what(facts):
                submission.duplicate_of = older.id
                return


def _contents(session: "Session", submission: "Submission") -> "list[KeyedHash]":
    """Return what a mail itself holds; what was found inside that since follows from it."""
    rows = documents.of_submission(session, submission.id)
    return sorted(row.content_hash for row in rows if row.parent_id is None)


def _header_of(
    services: "Services", session: "Session", submission: "Submission"
) -> "MailFacts | None":
    try:
        key = services.keyring.open(session, submission.data_key_id)
    except KeyUnavailable:
        return None
    return submission_facts.of_mail(submission, key)


def _who_and_what(facts: "MailFacts") -> tuple[str | None, str, str]:
    return facts.from_address, facts.claimed_from, facts.subject
