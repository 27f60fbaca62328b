"""Read who is away and who acts for them, for the person, and for managers of everybody."""

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from intake.accounts.people import cover, deputies
from intake.accounts.people.absences import has_absences, sets_for_others
from intake.accounts.people.cover import Cover
from intake.core import office_clock
from intake.core.errors import NotFound
from storage.accounts import absences, users
from storage.accounts.users import Role

if TYPE_CHECKING:
    from datetime import date

    from intake.accounts.accounts import SignedInUser
    from intake.core.services import Services
    from storage.accounts.absences import Absence
    from storage.accounts.users import User
    from storage.database import Session

MAX_SHOWN = 200


@dataclass(frozen=True)
class Choice:
    """An account in a list to choose from, as colleagues call it, with its label where it differs.

    `away_until` is the last day on which it is away now, None when it is there.
    """

    id: str
    name: str
    label: str
    away_until: "date | None" = None


@dataclass(frozen=True)
class AbsenceShown:
    """One absence that is not over, its days included.

    `acts` is who acts for the person on the day `gap_on`, or on the first day to come when there
    is no gap: empty for nobody. `gap_on` is the first day on which nobody does, None for none;
    `why` says why. `set_by` is who set it, empty for the person themselves.
    """

    id: str
    user_id: str
    name: str
    first_on: "date"
    last_on: "date"
    is_now: bool
    acts: str
    gap_on: "date | None"
    why: Cover
    set_by: str


@dataclass(frozen=True)
class Person:
    """Whose absences a form sets: their deputy, and who may be it."""

    id: str
    name: str
    deputy: Choice | None
    deputy_is_fit: bool
    choices: tuple[Choice, ...]


@dataclass(frozen=True)
class AbsencePage:
    """What the page of absences shows; `colleagues` and `others` are empty but for managers."""

    person: Person
    absences: tuple[AbsenceShown, ...]
    others: tuple[AbsenceShown, ...]
    colleagues: tuple[Choice, ...]
    sets_for_others: bool


def read_absences(services: "Services", user: "SignedInUser", about_id: str) -> AbsencePage:
    """Return the absences of an account, and for a manager those of everybody else.

    Raises NotFound for an account whose absences are not the user's to set.
    """
    is_manager = sets_for_others(user)
    if about_id != user.id and not is_manager:
        raise NotFound
    with services.database.reading() as session:
        account = users.by_id(session, about_id)
        now = services.now()
        if account is None or not has_absences(account):
            raise NotFound
        if account.id != user.id and not users.is_able(account, now):
            raise NotFound
        today = office_clock.office_day(services.offices, now)
        own = absences.still_to_end(session, account.id, today)
        every = absences.from_day_on(session, today, limit=MAX_SHOWN) if is_manager else []
        others = [each for each in every if each.user_id != account.id]
        return AbsencePage(
            person=_person(services, session, account),
            absences=tuple(_shown(services, session, each) for each in own),
            others=tuple(_shown(services, session, each) for each in others),
            colleagues=_colleagues(services, session, account) if is_manager else (),
            sets_for_others=is_manager,
        )


def count_uncovered(services: "Services", user: "SignedInUser") -> int:
    """Count, for a manager, those who are away now and for whom nobody acts; 0 for others."""
    if not sets_for_others(user):
        return 0
    with services.database.reading() as session:
        return len(cover.uncovered(services, session, services.now()))


def named(services: "Services", session: "Session", account: "User") -> Choice:
    """Return an account as it stands in a list to choose from."""
    day = office_clock.office_day(services.offices, services.now())
    absence = absences.on_day(session, account.id, day)
    until = absence.last_on if absence is not None else None
    label = account.label if account.name else ""
    return Choice(account.id, users.called(account), label, until)


def _person(services: "Services", session: "Session", account: "User") -> Person:
    deputy = users.by_id(session, account.deputy_id) if account.deputy_id else None
    possible = deputies.possible(session, account, services.now())
    return Person(
        id=account.id,
        name=users.called(account),
        deputy=named(services, session, deputy) if deputy is not None else None,
        deputy_is_fit=deputy is None or any(each.id == deputy.id for each in possible),
        choices=tuple(named(services, session, each) for each in possible),
    )


def _colleagues(services: "Services", session: "Session", account: "User") -> tuple[Choice, ...]:
    roles = [role.value for role in Role if role not in deputies.WITHOUT_DEPUTY]
    able = users.able(session, roles, services.now())
    return tuple(named(services, session, each) for each in able if each.id != account.id)


def _shown(services: "Services", session: "Session", row: "Absence") -> AbsenceShown:
    now = services.now()
    today = office_clock.office_day(services.offices, now)
    acting = gap_on = None
    for day in _days_of_change(session, row, today):
        at_day = cover.who_acts_for(services, session, row.user_id, now + (day - today))
        acting = acting or at_day
        if at_day.acts_id is None:
            acting, gap_on = at_day, day
            break
    assert acting is not None  # noqa: S101 - there is at least the first day
    names = users.labels_of(
        session, {each for each in (row.user_id, row.set_by, acting.acts_id) if each}
    )
    return AbsenceShown(
        id=row.id,
        user_id=row.user_id,
        name=names.get(row.user_id, ""),
        first_on=row.first_on,
        last_on=row.last_on,
        is_now=row.first_on <= today,
        acts=names.get(acting.acts_id or "", ""),
        gap_on=gap_on,
        why=acting.why,
        set_by=names.get(row.set_by, "") if row.set_by != row.user_id else "",
    )


def _days_of_change(session: "Session", row: "Absence", today: "date") -> "list[date]":
    """Return the days of an absence on which who acts may change: where another one begins or ends.

    Its first day that is not over comes first.
    """
    first = max(row.first_on, today)
    after = timedelta(days=1)
    known = absences.from_day_on(session, first, limit=MAX_SHOWN)
    days = {each.first_on for each in known} | {each.last_on + after for each in known}
    return sorted({first} | {day for day in days if first <= day <= row.last_on})
