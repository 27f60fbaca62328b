"""Give break-glass access: a user with a written reason reads for hours what is not assigned.

requirement 56 and scenario 12: the access is audited, ends after `GRANT_LIFE`, and
waits for the review of a second person (`unusual_access`). It is for reading, never for acting.
It covers what was in the case when it was given.
No reason opens what belongs to a programme that the matrix closes to the role.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from intake.access import programmes, rights
from intake.access.compartments import NEEDS_REASON, SEES_FLAG, THINGS, Compartment, right_of
from intake.access.safeguards.written_reason import checked_reason
from intake.core import audit
from intake.core.errors import KeyUnavailable, NotFound, ReferenceInvalid
from intake.core.references import normalise
from storage.access import grants as access_grants
from storage.access.grants import CONTENT, AccessGrant
from storage.audit_acts import Act
from storage.base import new_id
from storage.cases import cases
from storage.crypto.sealing import seal, unseal
from storage.submissions import submissions
from storage.submissions.submissions import place

if TYPE_CHECKING:
    from datetime import datetime

    from intake.access.visibility import Relationship
    from intake.accounts.accounts import SignedInUser
    from intake.core.services import Services
    from storage.cases.cases import Case
    from storage.database import Session
    from storage.submissions.submissions import Submission

# Long enough for an afternoon's call with a coordinator, too short to be forgotten.
GRANT_LIFE = timedelta(hours=4)
SCOPES = (CONTENT, *Compartment)


@dataclass(frozen=True)
class Sealed:
    """What a user may open with a reason: a case, or a submission that is in none (`is_case`).

    `reference` is the code that was asked for, and `is_case_code` tells that it is the case's own.
    `is_open` tells that the user reads it already.
    """

    reference: str
    programme: str
    scope: str
    is_case: bool
    is_case_code: bool
    is_open: bool


@dataclass(frozen=True)
class BreakGlassAccess:
    """A break-glass access that a user has now; `scope` is the content or a compartment."""

    id: str
    reference: str
    is_case: bool
    scope: str
    ends_at: "datetime"


@dataclass(frozen=True)
class _Target:
    """What a code names: a case, or a submission that is in none."""

    programme: str
    case: "Case | None"
    submission: "Submission | None"

    @property
    def key_id(self) -> str:
        """Return the id of the key that seals texts about it."""
        row = self.case or self.submission
        assert row is not None  # noqa: S101 - one of the two is always there
        return row.data_key_id


def find_sealed(services: "Services", user: "SignedInUser", reference: str, scope: str) -> Sealed:
    """Return what a code names when the user may open it with a reason. Raises NotFound."""
    with services.database.reading() as session:
        target = _target(session, user, reference)
        is_open = _check(services, session, user, target, scope)
        is_case = target.case is not None
        is_case_code = is_case and submissions.by_reference(session, normalise(reference)) is None
        return Sealed(reference, target.programme, scope, is_case, is_case_code, is_open)


def open_with_reason(
    services: "Services", user: "SignedInUser", reference: str, scope: str, reason: str
) -> None:
    """Open a case, a submission or a compartment of it for `GRANT_LIFE`, with one audit event.

    When it is open already, nothing changes. Raises NotFound and ReasonInvalid.
    """
    with services.database.transaction() as session:
        target = _target(session, user, reference)
        if _check(services, session, user, target, scope):
            return
        written, now, grant_id = checked_reason(reason), services.now(), new_id()
        key = services.keyring.open(session, target.key_id)
        session.add(
            AccessGrant(
                id=grant_id,
                user_id=user.id,
                programme=target.programme,
                case_id=target.case.id if target.case else None,
                submission_id=target.submission.id if target.submission else None,
                scope=scope,
                data_key_id=target.key_id,
                reason=seal(key, place("access_grants", "reason", grant_id), written),
                given_at=now,
                ends_at=now + GRANT_LIFE,
            )
        )
        session.flush()
        audit.note(
            services,
            session,
            user,
            Act.ACCESS_OPENED_WITH_REASON,
            _subject(target),
            {"grant": grant_id, "scope": scope},
            at=now,
        )


def open_accesses(services: "Services", user: "SignedInUser") -> list[BreakGlassAccess]:
    """Return what a user has open with a reason, the first to end first."""
    with services.database.reading() as session:
        grants = access_grants.current(session, user.id, services.now())
        codes = references_of(session, grants)
    return [
        BreakGlassAccess(
            each.id, codes.get(each.id, ""), each.case_id is not None, each.scope, each.ends_at
        )
        for each in grants
    ]


def close_access(services: "Services", user: "SignedInUser", grant_id: str) -> None:
    """End a user's own access before its time; an ended one stays so. Raises NotFound."""
    with services.database.transaction() as session:
        grant = access_grants.locked(session, grant_id)
        if grant is None or grant.user_id != user.id:
            raise NotFound
        now = services.now()
        if grant.ends_at <= now:
            return
        grant.ends_at = now
        audit.note(
            services,
            session,
            user,
            Act.ACCESS_GIVEN_BACK,
            subject_of(grant),
            {"grant": grant.id},
            at=now,
        )


def references_of(session: "Session", grants: "list[AccessGrant]") -> dict[str, str]:
    """Return {id of a grant: code of its case or submission}."""
    known = cases.by_ids(session, {each.case_id for each in grants if each.case_id})
    alone = submissions.by_ids(
        session, {each.submission_id for each in grants if each.submission_id}
    )
    found = {
        each.id: known.get(each.case_id or "") or alone.get(each.submission_id or "")
        for each in grants
    }
    return {grant_id: row.reference for grant_id, row in found.items() if row is not None}


def subject_of(grant: AccessGrant) -> tuple[str, str]:
    """Return the subject of audit events about a grant, as (type, id)."""
    if grant.case_id is not None:
        return "case", grant.case_id
    return "submission", grant.submission_id or ""


def _subject(target: _Target) -> tuple[str, str]:
    if target.case is not None:
        return "case", target.case.id
    return "submission", target.submission.id if target.submission else ""


def _target(session: "Session", user: "SignedInUser", reference: str) -> _Target:
    """Return what a code names in a user's programmes. Raises NotFound."""
    try:
        code = normalise(reference)
    except ReferenceInvalid as error:
        raise NotFound from error
    for programme in programmes.read_by(user):
        for named in cases.named_by(session, [code], [], programme):
            case = cases.resolved(session, named)
            if case.programme == programme and cases.open_key_ids(session, [case.id]):
                return _Target(programme, case, None)
    submission = submissions.by_reference(session, code)
    if submission is None or submission.programme not in programmes.read_by(user):
        raise NotFound
    return _Target(submission.programme, None, submission)


def _check(
    services: "Services", session: "Session", user: "SignedInUser", target: _Target, scope: str
) -> bool:
    """Tell whether a user has a target open. Raises NotFound when they may never open it."""
    if scope not in SCOPES:
        raise NotFound
    is_read = _reads(services, session, user, target)
    covered = _relationships(services, session, user, target)
    if scope == CONTENT:
        if right_of(user.role, THINGS[target.programme]) not in NEEDS_REASON:
            raise NotFound
        return is_read and all(each.reads for each in covered)
    # Only who reads the case may open a compartment of it.
    if not is_read or right_of(user.role, Compartment(scope)) not in SEES_FLAG:
        raise NotFound
    return scope in _opened(services, session, user, target) and all(
        scope in each.opened for each in covered
    )


def _reads(services: "Services", session: "Session", user: "SignedInUser", target: _Target) -> bool:
    if target.submission is not None:
        return rights.relationship_to(services, session, user, target.submission).reads
    try:
        if target.case is not None:
            rights.require_case(services, session, user, target.case)
    except NotFound:
        return False
    return True


def _relationships(
    services: "Services", session: "Session", user: "SignedInUser", target: _Target
) -> "list[Relationship]":
    """Return how a user stands to each submission of a target.

    What came into a case after it was opened is not open, so a second reason must be possible.
    """
    if target.submission is not None:
        mails = [target.submission]
    else:
        case_id = target.case.id if target.case else ""
        mails = cases.of_cases(session, [case_id]).get(case_id, [])
    return [rights.relationship_to(services, session, user, each) for each in mails]


def _opened(
    services: "Services", session: "Session", user: "SignedInUser", target: _Target
) -> frozenset[str]:
    now = services.now()
    if target.submission is not None:
        found = access_grants.scopes_on(session, user.id, [target.submission.id], now)
        return found.get(target.submission.id, frozenset())
    case_id = target.case.id if target.case else ""
    return access_grants.scopes_on_case(session, user.id, case_id, now)


def text_of(services: "Services", session: "Session", grant: AccessGrant, column: str) -> str:
    """Return the text of a grant's reason or note, empty when it was erased with its case."""
    sealed = getattr(grant, column)
    if sealed is None:
        return ""
    try:
        key = services.keyring.open(session, grant.data_key_id)
    except KeyUnavailable:
        return ""
    return unseal(key, place("access_grants", column, grant.id), sealed)
