"""Show how a case stands with its consent: what is known, what is held, what was let be without."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from intake.cases.consent import ask, known, override
from intake.cases.consent.known import REFERRAL, US, ConsentKnown, KnownBy
from intake.cases.consent.override import OverrideState, OverrideView
from intake.core import audit
from storage.audit_acts import Act
from storage.cases import cases, consent_holds, consents
from storage.cases.cases import CaseState
from storage.submissions.submissions import Programme

if TYPE_CHECKING:
    from intake.access.opened import OpenedToRead
    from intake.core.services import Services
    from storage.cases.cases import Case
    from storage.database import Session
    from storage.submissions.submissions import Submission

LIVE = (OverrideState.PROPOSED, OverrideState.IN_FORCE)


@dataclass(frozen=True)
class HoldView:
    """A time in which a case waited for its consent; `ended_by` is a code, empty while it does."""

    held_at: datetime
    ended_at: datetime | None
    ended_by: str


@dataclass(frozen=True)
class ConsentStanding:
    """What officers see of a case's consent to be referred to us.

    `waits` are all that were, oldest first; `overrides` the newest first. `allowed` names for what
    and whom something may be done all the same: (purpose, recipient), each once.
    """

    case_reference: str
    known: ConsentKnown
    by: KnownBy
    waits: tuple[HoldView, ...]
    overrides: tuple[OverrideView, ...]
    allowed: tuple[tuple[str, str], ...] = ()

    @property
    def held_since(self) -> datetime | None:
        """Return since when the case waits for its consent, None when it does not."""
        return next((each.held_at for each in self.waits if each.ended_at is None), None)

    @property
    def is_overridden(self) -> bool:
        """Tell whether two people let the referral itself go on without a consent now."""
        return (REFERRAL, US) in self.allowed and self.known is not ConsentKnown.GIVEN

    @property
    def live(self) -> tuple[OverrideView, ...]:
        """Return the overrides that wait for an answer or are in force."""
        return tuple(each for each in self.overrides if each.state in LIVE)


def open_case(services: "Services", opened: "OpenedToRead[Case]") -> ConsentStanding | None:
    """Return how a case stands, for a page of its own; the reading is audited. Raises NotFound."""
    with services.database.transaction() as session:
        case = opened.row(services, session)
        act = Act.CASE_CONSENT_VIEWED
        audit.note(services, session, opened.user, act, ("case", case.id))
        return standing_of(services, session, case)


def read_submission(
    services: "Services", opened: "OpenedToRead[Submission]"
) -> ConsentStanding | None:
    """Return how a submission's case stands, None where it has none. Raises NotFound."""
    with services.database.reading() as session:
        case = cases.by_id(session, opened.row(services, session).case_id)
        return standing_of(services, session, case) if case is not None else None


def standing_of(services: "Services", session: "Session", named: "Case") -> ConsentStanding | None:
    """Return how a case that the caller has opened stands, None without this consent."""
    case = cases.resolved(session, named)
    # A stop says for itself that nothing leaves, and asks for no consent.
    if case.programme != Programme.REFERRALS or case.state == CaseState.WITHDRAWN:
        return None
    found, by = known.decide(known.evidence_of(services, session, case))
    held = consent_holds.holds_of(session, cases.merged_into(session, case.id))
    overrides = override.of_case(services, session, case)
    return ConsentStanding(
        case.reference,
        found,
        by,
        tuple(HoldView(row.held_at, row.ended_at, row.ended_by) for row in held),
        overrides,
        _allowed(services, session, case, overrides),
    )


def _allowed(
    services: "Services",
    session: "Session",
    case: "Case",
    overrides: "tuple[OverrideView, ...]",
) -> tuple[tuple[str, str], ...]:
    """Return what a consent that counts, or two people, let be done now, as the gate says it."""
    case_ids = cases.merged_into(session, case.id)
    merged = cases.by_ids(session, set(case_ids))
    key_ids = {case_id: each.data_key_id for case_id, each in merged.items()}
    noted = [
        (row.purpose, row.recipient, known.name_of(services, session, row, key_ids[row.case_id]))
        for row in consents.of_cases(session, case_ids)
    ]
    asked = dict.fromkeys([*noted, *((each.purpose, each.recipient, "") for each in overrides)])
    allowed = [
        (purpose, recipient)
        for purpose, recipient, name in asked
        if not isinstance(
            ask.ask(services, session, case, purpose=purpose, recipient=recipient, name=name),
            ask.NotGiven,
        )
    ]
    return tuple(dict.fromkeys(allowed))
