"""Export lists of submissions: one person asks, another allows it (requirement 56).

A list names every submission of a quarter by its reference, with channel, state and times, and no
person. Numbers under eleven cannot be hidden in it, so it takes two people: the first asks with a
written reason, and another one, a manager or the data-protection officer, decides within 72 hours
(`four_eyes.ASKING_LIFE`). For a day only who asked may download an allowed list. Each step is one
audit event.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from intake.access import programmes
from intake.access.safeguards import four_eyes, written_reason
from intake.access.safeguards.four_eyes import ASKING_LIFE, TwoPersonAct, require_second
from intake.core import audit, office_clock
from intake.core.errors import Conflict, IntakeError, NotFound
from intake.oversight import programme_statistics, quarters
from storage.accounts import users
from storage.audit_acts import Act
from storage.base import new_id
from storage.crypto.sealing import seal, unseal
from storage.operations import exports as rows_of
from storage.operations.exports import BulkExport, ListedRow

if TYPE_CHECKING:
    from intake.accounts.accounts import SignedInUser
    from intake.core.services import Services
    from intake.oversight.quarters import Period
    from storage.database import Session

TAKEN_WITHIN = timedelta(hours=24)
# The page shows requests of this time, and at most so many.
SHOWN_FOR = timedelta(days=90)
MAX_SHOWN = 200


class Stand(StrEnum):
    """The state of a request."""

    WAITING = "waiting"
    APPROVED = "approved"
    REFUSED = "refused"
    LAPSED = "lapsed"


class ListOver(IntakeError):
    """The list is not allowed, or may not be downloaded any more."""

    reason = "list_over"
    public = "This list cannot be taken any more. Please ask again."
    status = 410


@dataclass(frozen=True)
class Asking:
    """One request as a user sees it; people are labels, times UTC.

    `closes_at` is when it lapses, or until when an allowed list may be downloaded.
    """

    id: str
    programme: str
    period: str
    reason: str
    asked_by: str
    asked_at: datetime
    decided_by: str | None
    decided_at: datetime | None
    stand: Stand
    closes_at: datetime
    is_own: bool
    may_decide: bool

    @property
    def may_take(self) -> bool:
        """Tell whether the user may download the list now."""
        return self.is_own and self.stand is Stand.APPROVED


def ask_export(
    services: "Services", user: "SignedInUser", programme: str, period_code: str, reason: str
) -> str:
    """Ask for a programme's list of one quarter, and return the id of the request.

    Raises ReasonInvalid, NotFound for a programme that the user may not see, and Conflict when
    they have asked for the same already and it waits.
    """
    written = written_reason.checked_reason(reason)
    period = quarters.chosen_period(services, period_code)
    if not programmes.may_ask_for_list(user, programme):
        raise NotFound
    now, export_id = services.now(), new_id()
    with services.database.transaction() as session:
        for other in rows_of.asked_since(session, now - ASKING_LIFE, limit=MAX_SHOWN):
            same = (other.asked_by, other.programme, other.period)
            if other.decided_at is None and same == (user.id, programme, period.code):
                raise Conflict("You have asked for this list already.")
        sealed = seal(services.keyring.system(session), _place(export_id), written)
        session.add(
            BulkExport(
                id=export_id,
                programme=programme,
                period=period.code,
                reason=sealed,
                asked_by=user.id,
                asked_at=now,
            )
        )
        audit.note(
            services,
            session,
            user,
            Act.LIST_ASKED,
            ("list", export_id),
            {"programme": programme, "quarter": period.code},
        )
    return export_id


def approve_export(services: "Services", user: "SignedInUser", export_id: str) -> None:
    """Allow a request, as the second person.

    Raises NotFound, FourEyesNeeded when the user is not second to who asked, and Conflict when it
    does not wait.
    """
    _decide(services, user, export_id, is_approved=True)


def refuse_export(services: "Services", user: "SignedInUser", export_id: str) -> None:
    """Refuse a request, as the second person.

    Raises NotFound, FourEyesNeeded when the user is not second to who asked, and Conflict when it
    does not wait.
    """
    _decide(services, user, export_id, is_approved=False)


def take_export(
    services: "Services",
    user: "SignedInUser",
    export_id: str,
    *,
    most_rows: int = programme_statistics.MAX_ROWS,
) -> list[ListedRow]:
    """Return an allowed list to who asked for it, and record that it was downloaded.

    Raises NotFound, ListOver or TooMuchToCount.
    """
    now = services.now()
    with services.database.transaction() as session:
        row = session.get(BulkExport, export_id)
        if row is None or not programmes.may_take_list(user, row.programme, row.asked_by):
            raise NotFound
        if _stand(row, now) is not Stand.APPROVED:
            raise ListOver
        period = quarters.chosen_period(services, row.period)
        since, until = _bounds(services, period)
        until = min(until, row.asked_at)
        found = rows_of.rows(session, row.programme, since, until, limit=most_rows + 1)
        if len(found) > most_rows:
            raise programme_statistics.TooMuchToCount
        audit.note(
            services,
            session,
            user,
            Act.LIST_TAKEN,
            ("list", row.id),
            {"programme": row.programme, "quarter": row.period, "rows": len(found)},
        )
    return found


def list_exports(services: "Services", user: "SignedInUser") -> list[Asking]:
    """Return the requests that a user made or may decide, the newest first; audited once."""
    with services.database.transaction() as session:
        since = services.now() - SHOWN_FOR
        found = rows_of.asked_since(session, since, limit=MAX_SHOWN)
        audit.note(services, session, user, Act.LIST_REQUESTS_READ, ("list", "requests"))
        return [
            _asking(services, session, user, row)
            for row in found
            if programmes.may_see_list(user, row.programme, row.asked_by)
        ]


def read_export(services: "Services", user: "SignedInUser", export_id: str) -> Asking:
    """Return one request to who made it or may decide it, with one audit event. Raises NotFound."""
    with services.database.transaction() as session:
        row = session.get(BulkExport, export_id)
        if row is None or not programmes.may_see_list(user, row.programme, row.asked_by):
            raise NotFound
        audit.note(services, session, user, Act.LIST_REQUESTS_READ, ("list", row.id))
        return _asking(services, session, user, row)


def _decide(
    services: "Services", user: "SignedInUser", export_id: str, *, is_approved: bool
) -> None:
    """Raise NotFound, FourEyesNeeded for one's own, and Conflict when it does not wait."""
    with services.database.transaction() as session:
        row = rows_of.locked(session, export_id)
        if row is None or not programmes.may_decide_list(user, row.programme):
            raise NotFound
        require_second(session, TwoPersonAct.LIST, user, {row.asked_by})
        if _stand(row, services.now()) is not Stand.WAITING:
            raise Conflict("This was decided already, or has lapsed.")
        row.is_approved, row.decided_by, row.decided_at = is_approved, user.id, services.now()
        act = Act.LIST_APPROVED if is_approved else Act.LIST_REFUSED
        audit.note(
            services,
            session,
            user,
            act,
            ("list", row.id),
            {"programme": row.programme, "quarter": row.period},
        )


def _stand(row: BulkExport, now: datetime) -> Stand:
    if row.is_approved is False:
        return Stand.REFUSED
    if now >= _closes_at(row):
        return Stand.LAPSED
    return Stand.APPROVED if row.is_approved else Stand.WAITING


def _closes_at(row: BulkExport) -> datetime:
    if row.decided_at is None:
        return row.asked_at + ASKING_LIFE
    return row.decided_at + TAKEN_WITHIN


def _asking(
    services: "Services", session: "Session", user: "SignedInUser", row: BulkExport
) -> Asking:
    stand = _stand(row, services.now())
    is_own = row.asked_by == user.id
    is_second = not four_eyes.not_second(session, user.id, {row.asked_by})
    return Asking(
        id=row.id,
        programme=row.programme,
        period=row.period,
        reason=unseal(services.keyring.system(session), _place(row.id), row.reason),
        asked_by=_label(session, row.asked_by) or "",
        asked_at=row.asked_at,
        decided_by=_label(session, row.decided_by),
        decided_at=row.decided_at,
        stand=stand,
        closes_at=_closes_at(row),
        is_own=is_own,
        may_decide=stand is Stand.WAITING
        and is_second
        and programmes.may_decide_list(user, row.programme),
    )


def _label(session: "Session", user_id: str | None) -> str | None:
    user = users.by_id(session, user_id) if user_id is not None else None
    return user.label if user is not None else None


def _bounds(services: "Services", period: "Period") -> tuple[datetime, datetime]:
    """Return when a quarter begins and when the next does, at the office's midnight."""
    zone = office_clock.in_force(services.offices, services.now()).zone
    return quarters.bounds(period.weeks, zone)


def _place(export_id: str) -> str:
    return f"bulk_exports.reason:{export_id}"
