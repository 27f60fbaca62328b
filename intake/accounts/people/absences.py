"""Set and end absences, one's own or as a manager, and choose one's deputy.

Days are the office's calendar, both included. No reason is asked for. Two absences of one person
never share a day: the account's row is locked while that is checked.
"""

from datetime import date, timedelta
from typing import TYPE_CHECKING

from intake.accounts.people import deputies
from intake.core import audit, office_clock
from intake.core.errors import Conflict, FieldsInvalid, NotFound
from storage.accounts import absences, users
from storage.accounts.absences import Absence
from storage.accounts.users import Role
from storage.audit_acts import Act
from storage.base import new_id

if TYPE_CHECKING:
    from intake.accounts.accounts import SignedInUser
    from intake.core.services import Services
    from storage.accounts.users import User
    from storage.database import Session

# Who sets an absence or a deputy for somebody else, such as a person who fell ill.
FOR_OTHERS = frozenset({Role.MGR})
MAX_DAYS = timedelta(days=2 * 365)
DAY_FORM = "Write a day, such as 2026-12-24."


class AbsenceInvalid(FieldsInvalid):
    """An absence or a deputy cannot be so; `errors` is {field: sentence}."""

    reason = "absence_invalid"
    public = "Please look at the marked fields. Nothing was changed."


def set_absence(
    services: "Services", actor: "SignedInUser", user_id: str, first_on: str, last_on: str
) -> str:
    """Set that somebody is away from one day to another, in ISO 8601; return the absence's id.

    Raises NotFound for an account that is not the actor's own to set, and AbsenceInvalid, also
    when another absence shares a day with it.
    """
    with services.database.transaction() as session:
        account = _to_set(services, session, actor, user_id)
        first, last = _checked_days(services, first_on, last_on)
        other = absences.overlapping(session, account.id, first, last)
        if other is not None:
            raise AbsenceInvalid({"first_on": _overlaps(other)})
        row = Absence(
            id=new_id(),
            user_id=account.id,
            first_on=first,
            last_on=last,
            set_by=actor.id,
            set_at=services.now(),
        )
        session.add(row)
        session.flush()
        detail = {"absence": row.id, "from": first.isoformat(), "to": last.isoformat()}
        audit.note(services, session, actor, Act.ABSENCE_SET, ("account", account.id), detail)
        return row.id


def end_absence(services: "Services", actor: "SignedInUser", absence_id: str) -> str:
    """End an absence now, or drop one that has not begun; return whose it was.

    Raises NotFound, and Conflict when it is over already.
    """
    with services.database.transaction() as session:
        row = session.get(Absence, absence_id)
        if row is None:
            raise NotFound
        _to_set(services, session, actor, row.user_id)
        session.refresh(row)
        today = office_clock.office_day(services.offices, services.now())
        if row.ended_at is not None or row.last_on < today:
            raise Conflict("This absence is over already.")
        row.ended_at = services.now()
        session.flush()
        detail = {"absence": row.id}
        audit.note(services, session, actor, Act.ABSENCE_ENDED, ("account", row.user_id), detail)
        return row.user_id


def choose_deputy(
    services: "Services", actor: "SignedInUser", user_id: str, deputy_id: str
) -> None:
    """Choose who acts for somebody while they are away; an empty id means nobody.

    Raises NotFound for an account that is not the actor's own to set, and AbsenceInvalid for a
    deputy who cannot be one.
    """
    with services.database.transaction() as session:
        account = _to_set(services, session, actor, user_id)
        allowed = {each.id for each in deputies.possible(session, account, services.now())}
        if deputy_id == account.id:
            raise AbsenceInvalid({"deputy": "Nobody is their own deputy. Choose a colleague."})
        if deputy_id and deputy_id not in allowed:
            raise AbsenceInvalid(
                {"deputy": "Choose a colleague of the list: others have left, or do other work."}
            )
        before = account.deputy_id
        if (before or "") == deputy_id:
            return
        account.deputy_id = deputy_id or None
        session.flush()
        detail = {"from": before, "to": account.deputy_id}
        subject = ("account", account.id)
        audit.note(services, session, actor, Act.ACCOUNT_DEPUTY_CHOSEN, subject, detail)


def sets_for_others(user: "SignedInUser") -> bool:
    """Tell whether a user sets absences and deputies of colleagues."""
    return user.role in FOR_OTHERS


def has_absences(account: "User") -> bool:
    """Tell whether an account's absences are kept: coordinators have deputies in the register."""
    return bool(deputies.fitting_roles(Role(account.role)))


def _to_set(
    services: "Services", session: "Session", actor: "SignedInUser", user_id: str
) -> "User":
    """Return the account whose absences an actor sets, locked. Raises NotFound."""
    if user_id != actor.id and not sets_for_others(actor):
        raise NotFound
    account = users.locked(session, user_id)
    # Whoever is signed in is there; of others, only those who can be.
    if account is None or not has_absences(account):
        raise NotFound
    if account.id != actor.id and not users.is_able(account, services.now()):
        raise NotFound
    return account


def _checked_days(services: "Services", first_on: str, last_on: str) -> tuple[date, date]:
    first, last = _day(first_on), _day(last_on)
    errors = {
        field: DAY_FORM for field, day in (("first_on", first), ("last_on", last)) if day is None
    }
    if first is None or last is None:
        raise AbsenceInvalid(errors)
    today = office_clock.office_day(services.offices, services.now())
    if last < first:
        errors["last_on"] = "The last day is before the first."
    elif last < today:
        errors["last_on"] = "The last day is over. Nothing would change."
    elif last - today > MAX_DAYS or today - first > MAX_DAYS:
        errors["last_on"] = "Choose days within two years."
    if errors:
        raise AbsenceInvalid(errors)
    return first, last


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _overlaps(other: Absence) -> str:
    return (
        f"There is an absence from {other.first_on:%d.%m.%Y} to {other.last_on:%d.%m.%Y} already. "
        "Choose other days, or end that one first."
    )
