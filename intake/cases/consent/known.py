"""Tell from what is known whether the person agreed to be referred to us.

There are three answers. Somebody noted it, a person confirmed a signed paper, or the form says so
and a paper looks like it: given. Somebody noted that it was refused or withdrawn, or the form says
that nobody asked: missing. Everything else is for a person to find out, and never counts as given.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from intake.core import office_clock, submission_facts
from intake.core.errors import KeyUnavailable
from intake.core.sealed_texts import SealedTexts
from storage.cases import cases, consent_holds, consents
from storage.documents import document_types, documents
from storage.documents.safe_copies import SHOWN

if TYPE_CHECKING:
    from collections.abc import Iterator

    from intake.core.services import Services
    from storage.cases.cases import Case
    from storage.cases.consents import CaseConsent
    from storage.database import Session
    from storage.submissions.submissions import Submission

# The answer that a referral stands on: that we may assess it.
REFERRAL, US = "referral", "iom_finland"
PAPER = "CONS-SHARE"
MAX_LOOKED_AT = 50


class ConsentKnown(StrEnum):
    """What is known of the consent to be referred to us."""

    GIVEN = "given"
    MISSING = "missing"
    COULD_NOT_TELL = "could_not_tell"


class KnownBy(StrEnum):
    """What an answer stands on; the codes are stored."""

    NOTED = "noted"
    PAPER = "paper"
    FORM = "form"
    NOTHING = "nothing"


@dataclass(frozen=True)
class Evidence:
    """What speaks for or against a consent.

    `noted` is given, refused, expired, suspended or withdrawn, and empty when nobody noted an
    answer; `noted_at` (UTC) is when that came about. `form` is the newest answer of a form, as in
    `ReferralForm.consent`. `confirmed_at` is when a person last confirmed a paper as the consent,
    None for never; `has_paper` tells of one that was confirmed or only looks like it.
    """

    noted: str = ""
    noted_at: datetime | None = None
    form: str = "unknown"
    confirmed_at: datetime | None = None
    has_paper: bool = False


def decide(evidence: Evidence) -> tuple[ConsentKnown, KnownBy]:
    """Return what is known, and what that stands on; what a person noted counts before all else."""
    if evidence.noted == "given":
        return ConsentKnown.GIVEN, KnownBy.NOTED
    if evidence.noted:
        confirmed, noted = evidence.confirmed_at, evidence.noted_at
        # A paper that came after the answer may be a new answer.
        is_newer = confirmed is not None and noted is not None and confirmed > noted
        return (ConsentKnown.COULD_NOT_TELL if is_newer else ConsentKnown.MISSING), KnownBy.NOTED
    if evidence.confirmed_at is not None:
        return ConsentKnown.GIVEN, KnownBy.PAPER
    if evidence.form == "given" and evidence.has_paper:
        return ConsentKnown.GIVEN, KnownBy.FORM
    if evidence.form == "not_asked" and not evidence.has_paper:
        return ConsentKnown.MISSING, KnownBy.FORM
    return ConsentKnown.COULD_NOT_TELL, KnownBy.NOTHING


def evidence_of(services: "Services", session: "Session", case: "Case") -> Evidence:
    """Return what speaks for or against the consent to refer a case's person to us."""
    case_ids = cases.merged_into(session, case.id)
    found = cases.of_cases(session, case_ids, limit=MAX_LOOKED_AT)
    filed = sorted(
        (each for several in found.values() for each in several),
        key=lambda each: each.received_at,
        reverse=True,
    )
    noted, noted_at = _noted(services, session, case_ids)
    confirmed, has_paper = _papers(session, filed)
    form = next(_forms(services, session, filed), "unknown")
    return Evidence(noted, noted_at, form, confirmed, has_paper)


def counts(services: "Services", session: "Session", row: "CaseConsent") -> bool:
    """Tell whether an answer is a consent that counts today."""
    return _state(services, session, row) == "given"


def has_expired(services: "Services", session: "Session", case: "Case") -> bool:
    """Tell whether the consent of a case's person to be referred to us ran out, and none came."""
    if _noted(services, session, cases.merged_into(session, case.id))[0] != "expired":
        return False
    return decide(evidence_of(services, session, case))[0] is ConsentKnown.MISSING


def is_to_be_asked_for(services: "Services", session: "Session", submission: "Submission") -> bool:
    """Tell whether a consent is missing only because the form said that nobody has asked yet."""
    case = cases.by_id(session, submission.case_id)
    if case is None:
        return False
    evidence = evidence_of(services, session, cases.resolved(session, case))
    return decide(evidence) == (ConsentKnown.MISSING, KnownBy.FORM)


def name_of(services: "Services", session: "Session", row: "CaseConsent", data_key_id: str) -> str:
    """Return the name of a consent's recipient; empty for none, and when it was erased."""
    sealed = SealedTexts(services, session)
    return sealed.text(data_key_id, "case_consents", "name", row.id, row.name or b"") or ""


def _noted(
    services: "Services", session: "Session", case_ids: list[str]
) -> tuple[str, datetime | None]:
    """Return the last noted answer about the referral to us and when it came about."""
    rows = [
        row
        for row in consents.of_cases(session, case_ids)
        if (row.purpose, row.recipient) == (REFERRAL, US)
    ]
    if not rows:
        return "", None
    newest = rows[-1]
    state = _state(services, session, newest)
    if state == "expired" and newest.expires_on is not None:
        office = office_clock.in_force(services.offices, services.now())
        end = datetime.combine(newest.expires_on + timedelta(days=1), time(), office.zone)
        return state, end.astimezone(UTC)
    return state, newest.withdrawn_at or newest.noted_at


def _state(services: "Services", session: "Session", row: "CaseConsent") -> str:
    today = office_clock.office_day(services.offices, services.now())
    if row.withdrawn_at is not None:
        return "withdrawn"
    if row.id in consent_holds.suspensions(session, [row.id]):
        return "suspended"
    if row.answer == "given" and row.expires_on is not None and row.expires_on < today:
        return "expired"
    return row.answer


def _papers(session: "Session", filed: "list[Submission]") -> tuple[datetime | None, bool]:
    """Return when a person last confirmed a consent's paper, and whether any looks like one."""
    shown = [
        row.id
        for several in documents.of_submissions(session, [each.id for each in filed]).values()
        for row in several
        if row.state in SHOWN
    ]
    found = [
        row for row in document_types.of_documents(session, shown) if row.document_type == PAPER
    ]
    confirmed = [row.decided_at for row in found if row.decided_at is not None]
    return max(confirmed, default=None), bool(found)


def _forms(services: "Services", session: "Session", filed: "list[Submission]") -> "Iterator[str]":
    """Yield what forms say of the consent, the newest first; what was erased says nothing."""
    for each in filed:
        if not each.submitted_by:
            continue
        try:
            key = services.keyring.open(session, each.data_key_id)
        except KeyUnavailable:
            continue
        form = submission_facts.of_form(each, key).form
        if form is not None and form.consent != "unknown":
            yield form.consent
