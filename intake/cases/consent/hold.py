"""Hold a referral whose consent is missing, and let it go on by itself when the consent comes.

The hold stands beside the case's state. What waits in the queue of new referrals waits with the
holds meanwhile, with the same due time; an emergency is never moved and stays where it is. What
nobody can tell is not held: it waits for a person where it is.
"""

from typing import TYPE_CHECKING

from intake.cases.consent import known
from intake.cases.consent.known import REFERRAL, US, ConsentKnown
from intake.core import audit
from storage.audit_acts import Act
from storage.base import new_id
from storage.cases import cases, consent_holds, consents
from storage.cases.cases import OVER, Case, CaseState
from storage.cases.consent_holds import ConsentHold
from storage.submissions import queue_items
from storage.submissions.queue_items import Queue, TaskKind
from storage.submissions.submissions import Priority, Programme

if TYPE_CHECKING:
    from datetime import datetime

    from intake.core.services import Services
    from storage.cases.consent_holds import ConsentOverride
    from storage.database import Session
    from storage.submissions.submissions import Submission

# The reason of an item that is held by itself; one that an officer held begins with `held_`.
WAITS = "waits_for_consent"
HELD_BY_HAND = "held_consent_missing"
CAME, UNCLEAR, OVERRIDDEN = "consent_came", "consent_unclear", "consent_overridden"
TO_A_PERSON, BY_OVERRIDE = "a_person", "override"


def refresh(services: "Services", session: "Session", case: "Case") -> None:
    """Hold a case, or let it go on, as its consent is now; the caller has it locked.

    A stopped case and one that is over stay as they are.
    """
    still = (*OVER, CaseState.WITHDRAWN)
    if case.programme != Programme.REFERRALS or case.merged_into or case.state in still:
        return
    found, by = known.decide(known.evidence_of(services, session, case))
    is_missing = found is ConsentKnown.MISSING
    case_ids = cases.merged_into(session, case.id)
    override = override_in_force(session, case_ids, REFERRAL, US, services.now())
    current = open_hold(session, case_ids)
    if is_missing and override is None:
        if current is None:
            _begin(services, session, case)
        _move(session, case, Queue.NEW_REFERRALS, Queue.ON_HOLD, WAITS, services.now())
        return
    if is_missing:
        reason, ended_by = OVERRIDDEN, BY_OVERRIDE
    elif found is ConsentKnown.GIVEN:
        reason, ended_by = CAME, by.value
    else:
        reason, ended_by = UNCLEAR, TO_A_PERSON
    if current is not None:
        _end(services, session, case, current, ended_by)
    if current is not None or found is ConsentKnown.GIVEN:
        _move(session, case, Queue.ON_HOLD, Queue.NEW_REFERRALS, reason, services.now())


def hold_expired(services: "Services") -> int:
    """Hold the cases whose consent to be referred has passed its last day; return how many.

    Maintenance calls it: no act of anybody tells that a day is over.
    """
    held = 0
    with services.database.reading() as session:
        likely = [
            case.id
            for case_id in consents.cases_with_ends(session)
            for case in [cases.resolved(session, session.get_one(Case, case_id))]
            if _has_expired(services, session, case)
        ]
    for case_id in dict.fromkeys(likely):
        with services.database.transaction() as session:
            for case in cases.locked(session, [case_id]):
                if _has_expired(services, session, case):
                    refresh(services, session, case)
                    held += 1
    return held


def _has_expired(services: "Services", session: "Session", case: "Case") -> bool:
    """Tell whether a case that is not held yet should be, since its consent ended by itself."""
    case_ids = cases.merged_into(session, case.id)
    if case.state in (*OVER, CaseState.WITHDRAWN) or open_hold(session, case_ids) is not None:
        return False
    override = override_in_force(session, case_ids, REFERRAL, US, services.now())
    return override is None and known.has_expired(services, session, case)


def open_hold(session: "Session", case_ids: list[str]) -> ConsentHold | None:
    """Return the hold that lasts, of a case and those merged into it, or None."""
    return next(
        (row for row in consent_holds.holds_of(session, case_ids) if row.ended_at is None), None
    )


def is_held(session: "Session", submission: "Submission") -> bool:
    """Tell whether a submission itself waits for a consent in the queue of holds."""
    return any(
        item.queue == Queue.ON_HOLD and item.reason == WAITS and item.closed_at is None
        for item in queue_items.of_submission(session, submission.id)
    )


def override_in_force(
    session: "Session", case_ids: list[str], purpose: str, recipient: str, now: "datetime"
) -> "ConsentOverride | None":
    """Return the override of two people that stands for a consent now, or None."""
    return next(
        (
            row
            for row in consent_holds.overrides_of(session, case_ids)
            if row.answer == "approved"
            and row.withdrawn_at is None
            and row.ends_at > now
            and (row.purpose, row.recipient) == (purpose, recipient)
        ),
        None,
    )


def _begin(services: "Services", session: "Session", case: "Case") -> None:
    why = ConsentKnown.MISSING.value
    session.add(ConsentHold(id=new_id(), case_id=case.id, why=why, held_at=services.now()))
    session.flush()
    audit.note(services, session, "system:intake", Act.CASE_HELD_FOR_CONSENT, ("case", case.id))


def _end(services: "Services", session: "Session", case: "Case", row: ConsentHold, by: str) -> None:
    row.ended_at, row.ended_by = services.now(), by
    session.flush()
    act, detail = Act.CASE_CONSENT_HOLD_ENDED, {"by": by}
    audit.note(services, session, "system:intake", act, ("case", case.id), detail)


def _move(
    session: "Session", case: "Case", away: Queue, to: Queue, reason: str, now: "datetime"
) -> None:
    """Move what waits itself from one of the two queues to the other; its due time stays."""
    for submission in cases.of_cases(session, [case.id]).get(case.id, []):
        if to is Queue.ON_HOLD and submission.priority == Priority.EMERGENCY:
            continue
        item = queue_items.open_of_kind(session, submission.id, TaskKind.SUBMISSION)
        is_ours = item is not None and (
            away is Queue.NEW_REFERRALS or item.reason in {WAITS, HELD_BY_HAND}
        )
        if item is not None and is_ours and item.queue == away:
            queue_items.move(session, item, to, now).reason = reason
    session.flush()
