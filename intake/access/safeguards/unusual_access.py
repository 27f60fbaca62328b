"""List every break-glass access for review, and take the second person's answer.

Requirement 56: a second person answers whether it was in order, and a week can be
reviewed. Nobody answers about their own access. «Not in order» ends the access at once; people
decide what follows. The review shows who, when, the code of what was opened, the codes of what was
looked at meanwhile, and both written texts, and nothing of the content.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from intake.access import programmes
from intake.access.safeguards.break_glass import references_of, subject_of, text_of
from intake.access.safeguards.four_eyes import TwoPersonAct, not_second, require_second
from intake.access.safeguards.written_reason import MAX_REASON_CHARS
from intake.core import audit
from intake.core.errors import Conflict, FieldsInvalid, IntakeError, NotFound
from storage.access import grants as access_grants
from storage.accounts import users
from storage.accounts.users import Role
from storage.audit_acts import Act
from storage.crypto.sealing import seal
from storage.submissions.submissions import place

if TYPE_CHECKING:
    from intake.accounts.accounts import SignedInUser
    from intake.core.services import Services
    from storage.access.grants import AccessGrant
    from storage.database import Session

REPORTED = timedelta(days=7)
MAX_ROWS = 500
# The roles that answer: not those who open most (requirement 113).
ANSWERING = frozenset({Role.PROT, Role.MGR})


class ReviewOutcome(StrEnum):
    """What the second person found."""

    IN_ORDER = "in_order"
    NOT_IN_ORDER = "not_in_order"


class AnswerInvalid(FieldsInvalid):
    """An answer lacks what it needs; `errors` is {field: sentence}."""

    reason = "answer_invalid"
    public = "Please look at the marked fields. Nothing was kept."


class OwnOpening(IntakeError):
    """A user tried to answer about their own access."""

    reason = "own_opening"
    public = "You opened this yourself, so somebody else must answer for it. Nothing was kept."
    status = 403


@dataclass(frozen=True)
class UnusualAccess:
    """One break-glass access; `reason` and `note` are what people wrote, empty when erased.

    `looked_at` are the codes of those submissions of the opened case that the user looked at while
    it lasted, also of those that were moved out of it since.
    `is_of_one_hand` tells that the reader may not answer: one hand may be behind both accounts.
    """

    id: str
    reference: str
    programme: str
    scope: str
    user_id: str
    user: str
    given_at: datetime
    ends_at: datetime
    reason: str
    answered_at: datetime | None
    answered_by: str
    verdict: str | None
    note: str
    looked_at: tuple[str, ...]
    is_of_one_hand: bool


@dataclass(frozen=True)
class Report:
    """Accesses that wait for an answer, however old, and all of the last seven days."""

    waiting: tuple[UnusualAccess, ...]
    week: tuple[UnusualAccess, ...]
    since: datetime


def open_report(services: "Services", user: "SignedInUser") -> Report:
    """Return the report, and record the reading in one audit event."""
    with services.database.transaction() as session:
        since = services.now() - REPORTED
        waiting = access_grants.unanswered(session, limit=MAX_ROWS)
        week = access_grants.given_since(session, since, limit=MAX_ROWS)
        shown = _shown(services, session, user, [*waiting, *week])
        audit.note(
            services,
            session,
            user,
            Act.ACCESS_REPORT_OPENED,
            ("audit", "unusual_access"),
            {
                "waiting": len(waiting),
                "week": len(week),
                "shown": sorted({subject_of(grant)[1] for grant in [*waiting, *week]}),
            },
        )
        return Report(
            tuple(shown[each.id] for each in waiting),
            tuple(shown[each.id] for each in week),
            since,
        )


def count_waiting(services: "Services", user: "SignedInUser") -> int:
    """Count the accesses that wait for an answer and are not the user's own."""
    with services.database.reading() as session:
        return access_grants.count_unanswered(session, other_than=user.id)


def answer_access(
    services: "Services", user: "SignedInUser", grant_id: str, verdict: str, note: str
) -> None:
    """Answer about somebody else's access, once, with one audit event.

    The same answer again changes nothing. Raises NotFound, OwnOpening, OneHand,
    AnswerInvalid, and Conflict when somebody has answered already.
    """
    with services.database.transaction() as session:
        grant = access_grants.locked(session, grant_id)
        if grant is None or user.role not in ANSWERING:
            raise NotFound
        if grant.programme not in programmes.read_by(user):
            raise NotFound
        if grant.user_id == user.id:
            raise OwnOpening
        require_second(session, TwoPersonAct.OPENING, user, {grant.user_id})
        chosen, written = _checked(verdict, note)
        if grant.answered_by == user.id and grant.verdict == chosen:
            return
        if grant.answered_at is not None:
            raise Conflict
        now = services.now()
        key = services.keyring.open(session, grant.data_key_id)
        grant.answered_by, grant.answered_at, grant.verdict = user.id, now, chosen
        grant.note = seal(key, place("access_grants", "note", grant.id), written)
        if chosen is ReviewOutcome.NOT_IN_ORDER:
            grant.ends_at = min(grant.ends_at, now)
        session.flush()
        audit.note(
            services,
            session,
            user,
            Act.ACCESS_ANSWERED,
            subject_of(grant),
            {"grant": grant.id, "verdict": chosen},
            at=now,
        )


def _checked(verdict: str, note: str) -> tuple[ReviewOutcome, str]:
    errors = {}
    written = " ".join(note.split())
    if verdict not in {known.value for known in ReviewOutcome}:
        errors["verdict"] = "Choose whether it was in order."
    if len(written) > MAX_REASON_CHARS:
        errors["note"] = f"Write up to {MAX_REASON_CHARS} characters."
    elif verdict == ReviewOutcome.NOT_IN_ORDER and not written:
        errors["note"] = "Write what was not in order."
    if errors:
        raise AnswerInvalid(errors)
    return ReviewOutcome(verdict), written


def _shown(
    services: "Services", session: "Session", reader: "SignedInUser", grants: "list[AccessGrant]"
) -> dict[str, UnusualAccess]:
    codes = references_of(session, grants)
    looked_at = access_grants.looked_at(session, grants)
    who = {each.user_id for each in grants} | {each.answered_by or "" for each in grants}
    labels = users.labels_of(session, who - {""})
    barred = not_second(session, reader.id, {each.user_id for each in grants} - {reader.id})
    return {
        each.id: UnusualAccess(
            id=each.id,
            reference=codes.get(each.id, ""),
            programme=each.programme,
            scope=each.scope,
            user_id=each.user_id,
            user=labels.get(each.user_id, ""),
            given_at=each.given_at,
            ends_at=each.ends_at,
            reason=text_of(services, session, each, "reason"),
            answered_at=each.answered_at,
            answered_by=labels.get(each.answered_by or "", ""),
            verdict=each.verdict,
            note=text_of(services, session, each, "note"),
            looked_at=tuple(looked_at.get(each.id, ())),
            is_of_one_hand=each.user_id in barred,
        )
        for each in grants
    }
