"""Summarise what an officer must know before any document is opened (requirement 37).

It comes from what is known of the referral (`known_facts`), from the register and from the case's
facts. What nobody said is «unknown», which is shown as such and never counts as a no. Sealed forms
are opened with their own keys; the caller audits the reading.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from intake.accounts.register_entries import account_of_entry
from intake.cases import consents
from intake.cases.consents import ConsentState
from intake.cases.known.fields import KnownField
from intake.reference_data.checklists import UNKNOWN
from intake.senders import region_cover
from intake.triage.known.known_facts import KnownFacts, known_of
from storage.cases import cases
from storage.mail import senders

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from intake.access.visibility import Visibility
    from intake.core.services import Services
    from intake.reference_data.checklists import CaseFacts
    from storage.crypto.keys import DataKey
    from storage.database import Session
    from storage.mail.senders import RegisteredSender
    from storage.submissions.submissions import Submission


@dataclass(frozen=True)
class Contact:
    """A coordinator: the label of their account, their region, and what the register has of them.

    `label` is empty when they have no account; `name` and `phone` may be empty. `phone_set_at` and
    `phone_set_by` tell that the number is new (`region_cover.RegionalContact`).
    """

    label: str
    region: str
    is_current: bool
    name: str = ""
    phone: str = ""
    is_deputy: bool = False
    phone_set_at: datetime | None = None
    phone_set_by: str = ""


@dataclass(frozen=True)
class Summary:
    """What is known of a submission without opening a document.

    `minors` and `health` are yes, no or unknown. `coordinator` is None when no registered sender
    wrote. `consent` is None when no answer about the referral to us was noted; then a form may
    still say something about it.
    """

    known: KnownFacts
    minors: str
    health: str
    coordinator: Contact | None
    deputies: tuple[Contact, ...]
    consent: ConsentState | None = None


def summarise_submission(
    services: "Services",
    session: "Session",
    submission: "Submission",
    key: "DataKey",
    facts: "CaseFacts | None",
    visibilities: "Mapping[str, Visibility]",
) -> Summary:
    """Return what is known of a submission and its case, as far as a reader sees it."""
    known = known_of(services, session, submission, key, visibilities)
    entry = senders.by_id(session, submission.sender_id)
    return Summary(
        known=known,
        minors=_minors(known.value(KnownField.CHILDREN), facts),
        health=facts.health if facts is not None else UNKNOWN,
        coordinator=_contact(services, session, entry) if entry is not None else None,
        deputies=tuple(_deputies(services, session, entry)),
        consent=_consent(services, session, submission),
    )


def _consent(
    services: "Services", session: "Session", submission: "Submission"
) -> ConsentState | None:
    """Return the state of the consent to refer to us, the last noted of several, or None."""
    case = cases.by_id(session, submission.case_id)
    if case is None:
        return None
    noted = [
        each.state
        for each in consents.of_case(services, session, cases.resolved(session, case))
        if (each.purpose, each.recipient) == ("referral", "iom_finland")
    ]
    return noted[-1] if noted else None


def _minors(children: str, facts: "CaseFacts | None") -> str:
    """Return whether there are children; only the number 0 or a noted adult means no."""
    if children not in {UNKNOWN, "0"}:
        return "yes"
    if facts is not None and "child" in {facts.age, _child_of(facts)}:
        return "yes"
    if children == "0" or (facts is not None and facts.age == "adult"):
        return "no"
    return UNKNOWN


def _child_of(facts: "CaseFacts") -> str:
    return "child" if facts.unaccompanied == "yes" else ""


def _deputies(
    services: "Services", session: "Session", entry: "RegisteredSender | None"
) -> "Iterator[Contact]":
    """Yield the deputies of the coordinator who wrote, or the coordinator whose deputy wrote."""
    if entry is None:
        return
    for other in senders.beside(session, entry):
        if senders.is_current(other, services.now()):
            yield _contact(services, session, other)


def _contact(services: "Services", session: "Session", entry: "RegisteredSender") -> Contact:
    account = account_of_entry(services, session, entry)
    label = account.label if account is not None else ""
    is_current = senders.is_current(entry, services.now())
    registered = region_cover.contact_of(services, session, entry.id)
    if registered is None:
        return Contact(label, entry.region, is_current)
    return Contact(
        label,
        entry.region,
        is_current,
        registered.name,
        registered.phone,
        registered.is_deputy,
        registered.phone_set_at,
        registered.phone_set_by,
    )
