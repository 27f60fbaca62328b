"""Summarise what an officer must know before any document is opened (requirement 37).

The summary comes from the submission's referral form, from the forms of its case where its own
says nothing, and from the case's facts. What nobody said is «unknown», which is shown as such and
never counts as a no. Sealed forms are opened with their own keys; the caller audits the reading.
"""

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

from intake.accounts.register_entries import account_of_entry
from intake.cases import consents
from intake.cases.consents import ConsentState
from intake.core import submission_facts
from intake.core.errors import KeyUnavailable
from intake.reference_data.checklists import UNKNOWN
from storage.cases import cases
from storage.mail import senders

if TYPE_CHECKING:
    from collections.abc import Iterator

    from intake.core.services import Services
    from intake.core.submission_facts import ReferralForm
    from intake.reference_data.checklists import CaseFacts
    from storage.crypto.keys import DataKey
    from storage.database import Session
    from storage.mail.senders import RegisteredSender
    from storage.submissions.submissions import Submission

# The forms of so many other submissions of a case are read.
MAX_BESIDE = 5


@dataclass(frozen=True)
class FormAnswers:
    """What the forms say: codes, and numbers in digits; UNKNOWN where they say nothing."""

    country: str = UNKNOWN
    language: str = UNKNOWN
    adults: str = UNKNOWN
    children: str = UNKNOWN
    consent: str = UNKNOWN
    safe_contact: str = UNKNOWN
    escort: str = UNKNOWN
    detention: str = UNKNOWN


@dataclass(frozen=True)
class Contact:
    """A coordinator: the label of their account, empty when they have none, and their region."""

    label: str
    region: str
    is_current: bool


@dataclass(frozen=True)
class Summary:
    """What is known of a submission without opening a document.

    `minors` and `health` are yes, no or unknown. `coordinator` is None when no registered sender
    wrote. `consent` is None when no answer about the referral to us was noted; then a form may
    still say something about it.
    """

    form_answers: FormAnswers
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
) -> Summary:
    """Return what is known of a submission and its case."""
    form_answers = _form_answers(services, session, submission, key)
    if form_answers.language == UNKNOWN and submission.language:
        form_answers = FormAnswers(**{**_as_dict(form_answers), "language": submission.language})
    entry = senders.by_id(session, submission.sender_id)
    return Summary(
        form_answers=form_answers,
        minors=_minors(form_answers, facts),
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


def _minors(form_answers: FormAnswers, facts: "CaseFacts | None") -> str:
    """Return whether there are children; only the number 0 or a noted adult means no."""
    if form_answers.children not in {UNKNOWN, "0"}:
        return "yes"
    if facts is not None and "child" in {facts.age, _child_of(facts)}:
        return "yes"
    if form_answers.children == "0" or (facts is not None and facts.age == "adult"):
        return "no"
    return UNKNOWN


def _child_of(facts: "CaseFacts") -> str:
    return "child" if facts.unaccompanied == "yes" else ""


def _form_answers(
    services: "Services", session: "Session", submission: "Submission", key: "DataKey"
) -> FormAnswers:
    """Return each answer from the submission's form, else from the newest form of its case."""
    found: dict[str, str] = {}
    for form in _forms(services, session, submission, key):
        for name in (field.name for field in fields(FormAnswers)):
            value = getattr(form, name)
            if value not in (None, "", UNKNOWN):
                found.setdefault(name, str(value))
    return FormAnswers(**found)


def _forms(
    services: "Services", session: "Session", submission: "Submission", key: "DataKey"
) -> "Iterator[ReferralForm]":
    yield from _form(submission, key)
    if submission.case_id is None:
        return
    filed = cases.of_cases(session, [submission.case_id], limit=50).get(submission.case_id, [])
    beside = [each for each in filed if each.id != submission.id and each.submitted_by]
    for each in beside[:MAX_BESIDE]:
        try:
            yield from _form(each, services.keyring.open(session, each.data_key_id))
        except KeyUnavailable:
            # This submission was erased.
            continue


def _form(submission: "Submission", key: "DataKey") -> "Iterator[ReferralForm]":
    form = submission_facts.of_form(submission, key).form
    if form is not None:
        yield form


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
    return Contact(label, entry.region, senders.is_current(entry, services.now()))


def _as_dict(form_answers: FormAnswers) -> dict[str, str]:
    return {field.name: getattr(form_answers, field.name) for field in fields(FormAnswers)}
