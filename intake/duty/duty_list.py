"""Read from the duty list in force who is warned at a time, who is called, and what is wrong.

The list is an edition: proposed by one person, approved by another. Its times of day are those of
the office. Whoever is away is not warned; who acts for them is.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from intake.accounts.accounts import address_of
from intake.accounts.people import cover
from intake.core import office_clock
from intake.core.office_clock import WEEKDAYS
from intake.reference_data import editions
from storage.accounts import users
from storage.editions import EditionKind

if TYPE_CHECKING:
    from intake.core.services import Services
    from storage.database import Session

CODE = "warnings"


class Trouble(StrEnum):
    """Why nobody could be warned or called."""

    NO_LIST = "no_duty_list"
    NOBODY_ON_DUTY = "nobody_on_duty"
    NOBODY_ACTS = "nobody_acts_on_duty"
    NO_TELEPHONE = "no_duty_telephone"
    HOOK_NOT_SIGNED = "hook_not_signed"
    HOOK_NOT_HTTPS = "hook_not_https"
    NOT_MAILED = "warning_not_mailed"
    HOOK_FAILED = "hook_failed"


@dataclass(frozen=True)
class Shift:
    """When somebody is on duty: days of the week and times of day of the office's zone.

    One that ends at or before the time at which it begins goes on into the next day. `account` is
    a label and `mail` an address; either may be empty.
    """

    account: str
    mail: str
    days: frozenset[str]
    begins: time
    ends: time
    programmes: frozenset[str]

    def covers(self, local: datetime) -> bool:
        """Tell whether a time of the office lies within it."""
        at = local.time().replace(tzinfo=None)
        if self.begins < self.ends:
            return _day(local.date()) in self.days and self.begins <= at < self.ends
        before = local.date() - timedelta(days=1)
        return (_day(local.date()) in self.days and at >= self.begins) or (
            _day(before) in self.days and at < self.ends
        )


@dataclass(frozen=True)
class Telephone:
    """Whom to call about an emergency that nobody has opened."""

    who: str
    number: str
    programmes: frozenset[str]


@dataclass(frozen=True)
class DutyList:
    """The list in force; `webhook` is empty when the office set none."""

    shifts: tuple[Shift, ...]
    telephones: tuple[Telephone, ...]
    webhook: str

    def telephones_of(self, programme: str) -> tuple[Telephone, ...]:
        """Return whom to call in a programme."""
        return tuple(each for each in self.telephones if programme in each.programmes)


@dataclass(frozen=True)
class OnDuty:
    """The addresses that are warned at a time, and why there are none or fewer than listed."""

    addresses: tuple[str, ...]
    trouble: Trouble | None


def in_force(services: "Services", session: "Session", at: datetime) -> DutyList | None:
    """Return the list that counts at a time, None when the office has approved none."""
    day = office_clock.office_day(editions.offices(services, session), at)
    found = editions.in_force(session, EditionKind.DUTY, CODE, day)
    return read_list(found.content) if found is not None else None


def read_list(content: dict[str, Any]) -> DutyList:  # Any: an edition's JSON, checked before
    """Return a list as it was written."""
    return DutyList(
        tuple(
            Shift(
                account=row.get("account", ""),
                mail=row.get("mail", ""),
                days=frozenset(row["days"]),
                begins=time.fromisoformat(row["from"]),
                ends=time.fromisoformat(row["to"]),
                programmes=frozenset(row["programmes"]),
            )
            for row in content.get("shifts", [])
        ),
        tuple(
            Telephone(row["who"], row["number"], frozenset(row["programmes"]))
            for row in content.get("telephones", [])
        ),
        content.get("webhook", ""),
    )


def on_duty(
    services: "Services",
    session: "Session",
    duty: DutyList | None,
    programme: str,
    at: datetime,
) -> OnDuty:
    """Return who is warned in a programme at a time, each address once.

    For an account that is away, whoever acts for it is warned, at their own address.
    """
    if duty is None or not (duty.shifts or duty.webhook):
        return OnDuty((), Trouble.NO_LIST)
    office = office_clock.in_force(editions.offices(services, session), at)
    local = at.astimezone(office.zone)
    shifts = [each for each in duty.shifts if programme in each.programmes and each.covers(local)]
    found = [_address(services, session, shift, at) for shift in shifts]
    addresses = tuple(dict.fromkeys(each.lower() for each in found if each))
    if not shifts:
        return OnDuty((), Trouble.NOBODY_ON_DUTY)
    return OnDuty(addresses, Trouble.NOBODY_ACTS if None in found else None)


def first_hole(
    services: "Services", session: "Session", duty: DutyList, programme: str, now: datetime
) -> datetime | None:
    """Return the first working time within a week at which nobody is on duty, None without one."""
    offices = editions.offices(services, session)
    office = office_clock.in_force(offices, now)
    at = now.astimezone(office.zone).replace(minute=0, second=0, microsecond=0)
    for _ in range(2 * 24 * 8):
        at += timedelta(minutes=30)
        if office_clock.is_working_time(office, at) and not any(
            programme in each.programmes and each.covers(at) for each in duty.shifts
        ):
            return at.astimezone(now.tzinfo)
    return None


def _address(services: "Services", session: "Session", shift: Shift, at: datetime) -> str | None:
    """Return where a shift is warned, None when its account is away and nobody acts for it."""
    if not shift.account:
        return shift.mail
    account = users.with_label(session, shift.account)
    if account is None:
        return None
    acting = cover.who_acts_for(services, session, account.id, at)
    if acting.acts_id is None:
        return None
    if acting.acts_id == account.id and shift.mail:
        return shift.mail
    acts = users.by_id(session, acting.acts_id)
    return address_of(services, session, acts) if acts is not None else None


def _day(day: date) -> str:
    return WEEKDAYS[day.weekday()]
