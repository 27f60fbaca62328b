"""Let two people act without a consent where somebody's life cannot wait for it, until an end.

An officer of the case asks, with a reason and a last day; a protection officer or a manager, who is
second to them (`four_eyes`), says yes or no. It ends by itself, and protection is told of that
before; whoever may ask or answer may withdraw it at any time. It stands for one purpose and one
recipient, and never for a person who said no to being helped at all: a stop comes before it.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from intake.access import programmes
from intake.access.safeguards import written_reason
from intake.access.safeguards.four_eyes import (
    ASKING_LIFE,
    TwoPersonAct,
    not_second,
    require_second,
)
from intake.cases.consent import hold
from intake.cases.consent.known import REFERRAL, US
from intake.core import audit, office_clock
from intake.core.errors import Conflict, FieldsInvalid, NotFound
from intake.core.sealed_texts import SealedTexts
from intake.queues.tasks import add_task
from storage.accounts import users
from storage.audit_acts import Act
from storage.base import new_id
from storage.cases import cases, consent_holds
from storage.cases.cases import OVER, CaseState
from storage.cases.consent_holds import ConsentOverride
from storage.crypto.sealing import seal
from storage.submissions import queue_items
from storage.submissions.queue_items import TaskKind
from storage.submissions.submissions import Programme, place

if TYPE_CHECKING:
    from intake.access.opened import OpenedToChange
    from intake.accounts.accounts import SignedInUser
    from intake.core.services import Services
    from storage.cases.cases import Case
    from storage.database import Session

# What life can depend on: that we take the referral up, and that these can act where they are.
STANDS_FOR = (
    (REFERRAL, US),
    ("return", "iom_country"),
    ("health", "health"),
    ("justice", "police"),
)
MAX_LIFE = timedelta(days=30)
WARNED_BEFORE = timedelta(days=2)
MAX_ROWS = 200
PROPOSED, ENDS_SOON = "override_proposed", "override_ends"
TASK = TaskKind.VITAL_INTEREST


class OverrideState(StrEnum):
    """What became of a request to act without a consent."""

    PROPOSED = "proposed"
    LAPSED = "lapsed"
    IN_FORCE = "in_force"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"


ENDED_BY_TIME = {
    OverrideState.EXPIRED: Act.CONSENT_OVERRIDE_EXPIRED,
    OverrideState.LAPSED: Act.CONSENT_OVERRIDE_LAPSED,
}


class OverrideInvalid(FieldsInvalid):
    """Fields are missing or impossible; `errors` is {field: sentence}."""

    reason = "override_invalid"
    public = "Please look at the marked answers. Nothing was asked for."


class AlreadyAsked(Conflict):
    """The same was asked for already, or is in force."""

    reason = "override_asked"
    public = "This was asked for already, or is in force. Nothing was changed."


@dataclass(frozen=True)
class OverrideRequest:
    """What an officer asks for: a purpose and recipient of STANDS_FOR, why, and the last day."""

    purpose: str
    recipient: str
    reason: str
    ends_on: date | None


@dataclass(frozen=True)
class OverrideView:
    """A request as the office sees it; `by` and `decided_by` are labels, times are UTC.

    `ends_on` is its last day, the office's. `reason` is None where it was erased. `may_answer` is
    False for who is not second to who asked.
    """

    id: str
    case_reference: str
    purpose: str
    recipient: str
    reason: str | None
    ends_on: date
    state: OverrideState
    by: str
    at: datetime
    decided_by: str
    may_answer: bool


def propose(services: "Services", opened: "OpenedToChange[Case]", asked: OverrideRequest) -> str:
    """Ask for an override and put it before protection; return its id.

    Raises NotFound, CaseMoved, OverrideInvalid, AlreadyAsked, and Conflict for a case that is
    stopped or over.
    """
    with services.database.transaction() as session:
        case = opened.row(services, session)
        if case.programme != Programme.REFERRALS or case.state in (*OVER, CaseState.WITHDRAWN):
            raise Conflict
        reason, ends_at = _checked(services, asked)
        for other in consent_holds.overrides_of(session, cases.merged_into(session, case.id)):
            is_same = (other.purpose, other.recipient) == (asked.purpose, asked.recipient)
            if is_same and _state(other, services.now()) in {
                OverrideState.PROPOSED,
                OverrideState.IN_FORCE,
            }:
                raise AlreadyAsked
        row_id = new_id()
        key = services.keyring.open(session, case.data_key_id)
        session.add(
            ConsentOverride(
                id=row_id,
                case_id=case.id,
                purpose=asked.purpose,
                recipient=asked.recipient,
                reason=seal(key, place("consent_overrides", "reason", row_id), reason),
                ends_at=ends_at,
                proposed_by=opened.user.id,
                proposed_at=services.now(),
            )
        )
        session.flush()
        _open_task(services, session, case, PROPOSED)
        _note(services, session, opened.user, Act.CONSENT_OVERRIDE_PROPOSED, case, row_id)
        return row_id


def decide(
    services: "Services", user: "SignedInUser", override_id: str, *, is_approved: bool
) -> None:
    """Say yes or no to an override that another officer asked for.

    Raises NotFound, Conflict when it was answered, withdrawn or lapsed, or its case was stopped,
    and for a yes FourEyesNeeded when the user is not second to who asked.
    """
    with services.database.transaction() as session:
        row, case = _locked(session, override_id)
        if not programmes.answers_overrides(user):
            raise NotFound
        if is_approved:
            require_second(session, TwoPersonAct.CONSENT_OVERRIDE, user, [row.proposed_by])
        is_open = _state(row, services.now()) is OverrideState.PROPOSED
        if not is_open or (is_approved and case.state == CaseState.WITHDRAWN):
            raise Conflict
        row.answer = "approved" if is_approved else "refused"
        row.decided_by, row.decided_at = user.id, services.now()
        session.flush()
        act = Act.CONSENT_OVERRIDE_APPROVED if is_approved else Act.CONSENT_OVERRIDE_REFUSED
        _note(services, session, user, act, case, row.id)
        _settle(services, session, case)


def withdraw(services: "Services", user: "SignedInUser", override_id: str) -> None:
    """End an override, or the request for one, before its time; nobody asks why.

    It is for those who answer. Raises NotFound for others, and Conflict when it ended.
    """
    with services.database.transaction() as session:
        if not programmes.answers_overrides(user):
            raise NotFound
        _withdraw(services, session, user, override_id)


def withdraw_in_case(
    services: "Services", opened: "OpenedToChange[Case]", override_id: str
) -> None:
    """End an override of a case as `withdraw` does, for who may act on the case.

    Raises NotFound also for one of another case, CaseMoved, and Conflict when it ended.
    """
    with services.database.transaction() as session:
        case = opened.row(services, session)
        row = session.get(ConsentOverride, override_id)
        if row is None or row.case_id not in cases.merged_into(session, case.id):
            raise NotFound
        _withdraw(services, session, opened.user, override_id)


def _withdraw(
    services: "Services", session: "Session", user: "SignedInUser", override_id: str
) -> None:
    row, case = _locked(session, override_id)
    if _state(row, services.now()) not in {OverrideState.PROPOSED, OverrideState.IN_FORCE}:
        raise Conflict
    row.withdrawn_by, row.withdrawn_at = user.id, services.now()
    session.flush()
    _note(services, session, user, Act.CONSENT_OVERRIDE_WITHDRAWN, case, row.id)
    _settle(services, session, case)


def check_ends(services: "Services", now: datetime) -> int:
    """Tell protection of overrides that end soon, and note those that ended; return how many.

    A request that nobody answered in time ends too. Maintenance calls it; each is told of once and
    noted once.
    """
    with services.database.reading() as session:
        near = [
            row.id
            for row in consent_holds.unfinished_overrides(session, limit=MAX_ROWS)
            if _state(row, now) in ENDED_BY_TIME
            or (row.warned_at is None and row.ends_at <= now + WARNED_BEFORE)
        ]
    return sum(_check_end(services, override_id, now) for override_id in near)


def of_case(services: "Services", session: "Session", case: "Case") -> tuple[OverrideView, ...]:
    """Return all that was ever asked for in a case, the newest first."""
    rows = consent_holds.overrides_of(session, cases.merged_into(session, case.id))
    return tuple(_views(services, session, rows[::-1], None))


def list_open(services: "Services", user: "SignedInUser") -> tuple[OverrideView, ...]:
    """Return what waits for an answer or is in force, for who answers; the listing is audited.

    Raises NotFound for other roles.
    """
    if not programmes.answers_overrides(user):
        raise NotFound
    with services.database.transaction() as session:
        rows = [
            row
            for row in consent_holds.unfinished_overrides(session, limit=MAX_ROWS)
            if _state(row, services.now()) in {OverrideState.PROPOSED, OverrideState.IN_FORCE}
        ]
        shown = sorted({row.case_id for row in rows})
        subject, detail = ("case", "overrides"), {"number": len(rows), "shown": shown}
        audit.note(services, session, user, Act.CONSENT_OVERRIDES_LISTED, subject, detail)
        return tuple(_views(services, session, rows, user))


def _check_end(services: "Services", override_id: str, now: datetime) -> bool:
    with services.database.transaction() as session:
        row, case = _locked(session, override_id)
        state = _state(row, now)
        if state in ENDED_BY_TIME and row.expired_at is None:
            row.expired_at = now
            session.flush()
            _note(services, session, "system:intake", ENDED_BY_TIME[state], case, row.id)
            _settle(services, session, case)
            return True
        if state is OverrideState.IN_FORCE and row.warned_at is None:
            row.warned_at = now
            session.flush()
            _open_task(services, session, case, ENDS_SOON)
            return True
        return False


def _locked(session: "Session", override_id: str) -> "tuple[ConsentOverride, Case]":
    """Return an override and its case, both locked, the case first. Raises NotFound."""
    known = session.get(ConsentOverride, override_id)
    if known is None:
        raise NotFound
    found = cases.locked(session, [known.case_id])
    row = consent_holds.locked_override(session, override_id)
    if row is None or not found:
        raise NotFound
    return row, cases.resolved(session, found[0])


def _checked(services: "Services", asked: OverrideRequest) -> tuple[str, datetime]:
    """Return the reason and the moment of the end. Raises OverrideInvalid."""
    errors: dict[str, str] = {}
    reason = ""
    try:
        reason = written_reason.checked_reason(asked.reason)
    except written_reason.ReasonInvalid as error:
        errors["reason"] = error.public
    if (asked.purpose, asked.recipient) not in STANDS_FOR:
        errors["what"] = "Choose one of the answers."
    today = office_clock.office_day(services.offices, services.now())
    last = today + MAX_LIFE
    if asked.ends_on is None or not today <= asked.ends_on <= last:
        errors["ends_on"] = f"Give a last day within {MAX_LIFE.days} days."
    if errors or asked.ends_on is None:
        raise OverrideInvalid(errors)
    zone = office_clock.in_force(services.offices, services.now()).zone
    end = datetime.combine(asked.ends_on + timedelta(days=1), time(), zone)
    return reason, end.astimezone(UTC)


def _state(row: ConsentOverride, now: datetime) -> OverrideState:
    if row.withdrawn_at is not None:
        return OverrideState.WITHDRAWN
    if row.answer == "refused":
        return OverrideState.REFUSED
    if row.answer == "approved":
        return OverrideState.IN_FORCE if row.ends_at > now else OverrideState.EXPIRED
    has_lapsed = row.ends_at <= now or row.proposed_at <= now - ASKING_LIFE
    return OverrideState.LAPSED if has_lapsed else OverrideState.PROPOSED


def _settle(services: "Services", session: "Session", case: "Case") -> None:
    """Close the task once nothing waits, and hold the case or let it go on."""
    rows = consent_holds.overrides_of(session, cases.merged_into(session, case.id))
    if all(_state(row, services.now()) is not OverrideState.PROPOSED for row in rows):
        for submission in cases.of_cases(session, [case.id]).get(case.id, []):
            queue_items.close_kind(session, submission.id, TASK, services.now())
    hold.refresh(services, session, case)


def _open_task(services: "Services", session: "Session", case: "Case", reason: str) -> None:
    """Put a task before protection; a case without any submission cannot have one."""
    filed = cases.of_cases(session, [case.id]).get(case.id, [])
    if filed:
        add_task(services, session, filed[0].id, kind=TASK, reason=reason)


def _views(
    services: "Services",
    session: "Session",
    rows: list[ConsentOverride],
    user: "SignedInUser | None",
) -> list[OverrideView]:
    known = cases.by_ids(session, {row.case_id for row in rows})
    by = {row.proposed_by for row in rows}
    labels = users.labels_of(session, by | {row.decided_by for row in rows if row.decided_by})
    barred = not_second(session, user.id, by) | {user.id} if user is not None and by else by
    sealed = SealedTexts(services, session)
    return [
        OverrideView(
            id=row.id,
            case_reference=cases.resolved(session, known[row.case_id]).reference,
            purpose=row.purpose,
            recipient=row.recipient,
            reason=sealed.text(
                known[row.case_id].data_key_id, "consent_overrides", "reason", row.id, row.reason
            ),
            ends_on=office_clock.office_day(services.offices, row.ends_at - timedelta(seconds=1)),
            state=_state(row, services.now()),
            by=labels.get(row.proposed_by, ""),
            at=row.proposed_at,
            decided_by=labels.get(row.decided_by or "", ""),
            may_answer=row.proposed_by not in barred,
        )
        for row in rows
    ]


def _note(
    services: "Services",
    session: "Session",
    actor: "SignedInUser | str",
    act: Act,
    case: "Case",
    override_id: str,
) -> None:
    audit.note(services, session, actor, act, ("case", case.id), {"override": override_id})
