"""Ask whether something may be done or passed on with a person's consent: the one gate.

Each purpose and recipient is asked for by itself (requirement 16). A stop comes before everything;
then a consent that counts, then an override by two people. No other module makes a `Given` or an
`Overridden`, so what needs a consent takes one of them as its proof (requirement 15).
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from intake.cases.consent import hold, known
from storage.cases import cases, consents

if TYPE_CHECKING:
    from datetime import datetime

    from intake.core.services import Services
    from storage.cases.cases import Case
    from storage.database import Session

STOPPED = "person_withdrew"
NO_CONSENT = "no_consent"


@dataclass(frozen=True)
class Given:
    """A consent that counts now; `consent_id` is its row."""

    consent_id: str


@dataclass(frozen=True)
class Overridden:
    """Two people let it be without a consent until a moment (UTC)."""

    override_id: str
    ends_at: "datetime"


@dataclass(frozen=True)
class NotGiven:
    """It may not be; `reason` is a code."""

    reason: str


def ask(
    services: "Services",
    session: "Session",
    case: "Case",
    *,
    purpose: str,
    recipient: str,
    name: str = "",
) -> Given | Overridden | NotGiven:
    """Ask for one purpose and recipient; `name` is the organisation, where it is one of many.

    Codes are those of `intake.cases.consents`. Only what a person noted counts here: a paper that
    nobody noted as an answer says neither until when nor for what.
    """
    if cases.has_person_withdrawn(session, case.id):
        return NotGiven(STOPPED)
    case_ids = cases.merged_into(session, case.id)
    merged = cases.by_ids(session, set(case_ids))
    for row in reversed(consents.of_cases(session, case_ids)):
        if (row.purpose, row.recipient) != (purpose, recipient):
            continue
        key_id = merged[row.case_id].data_key_id
        if known.name_of(services, session, row, key_id).casefold() != name.casefold():
            continue
        if known.counts(services, session, row):
            return Given(row.id)
        break
    override = hold.override_in_force(session, case_ids, purpose, recipient, services.now())
    if override is not None:
        return Overridden(override.id, override.ends_at)
    return NotGiven(NO_CONSENT)
