"""Say who acts for somebody at a time: they themselves, their deputy, or nobody.

Whoever gives an item or a warning to one account asks `who_acts_for` first. Absences are days of
the office's calendar, so one begins at midnight of the office's zone. The way goes from deputy to
deputy until one is there. Where it ends with nobody, what was to be given belongs to the queue of
all, and managers are told (`uncovered`).
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from intake.accounts.people import deputies
from intake.core import office_clock
from storage.accounts import absences, users

if TYPE_CHECKING:
    from datetime import date, datetime

    from intake.core.services import Services
    from storage.accounts.users import User
    from storage.database import Session


class Cover(StrEnum):
    """Why it is who acts; the last six mean that nobody does."""

    PRESENT = "present"
    DEPUTY = "deputy"
    LEFT = "left"
    NO_DEPUTY = "no_deputy"
    DEPUTY_LEFT = "deputy_left"
    DEPUTY_UNFIT = "deputy_unfit"
    ALL_AWAY = "all_away"
    CIRCLE = "circle"


@dataclass(frozen=True)
class Acting:
    """Who acts for an account at a time.

    `acts_id` is the account to give it to, None for nobody: then it stays in the queue of all.
    `way` holds the ids from the account to who acts or to where the way ended, in order. `until`
    is the last day on which the account itself is away, in the office's calendar, None when it
    is there or has left.
    """

    for_id: str
    acts_id: str | None
    why: Cover
    way: tuple[str, ...]
    until: "date | None" = None

    @property
    def is_away(self) -> bool:
        """Tell whether the account itself is away or has left."""
        return self.why is not Cover.PRESENT


def who_acts_for(services: "Services", session: "Session", user_id: str, at: "datetime") -> Acting:
    """Return who acts for an account at a time (aware).

    An unknown account, and one that cannot be signed in to, has left. Nothing is stored or
    noted; it is asked anew for each thing, since deputies may leave and absences may end.
    """
    account = users.by_id(session, user_id)
    if account is None or not users.is_able(account, at):
        return Acting(user_id, None, Cover.LEFT, (user_id,))
    day = office_clock.office_day(services.offices, at)
    absence = absences.on_day(session, user_id, day)
    if absence is None:
        return Acting(user_id, user_id, Cover.PRESENT, (user_id,))
    way, why = _follow(session, account, day, at)
    acts_id = way[-1] if why is Cover.DEPUTY else None
    return Acting(user_id, acts_id, why, way, absence.last_on)


def covered_by(services: "Services", session: "Session", user_id: str, at: "datetime") -> list[str]:
    """Return the ids of those for whom an account acts at a time, beside itself, in order."""
    if not absences.deputised_by(session, user_id):
        # Every way to who acts ends with somebody's deputy. Lists ask this for everybody.
        return []
    day = office_clock.office_day(services.offices, at)
    away = sorted(absences.away_on(session, day))
    return [each for each in away if who_acts_for(services, session, each, at).acts_id == user_id]


def acts_as(
    services: "Services", session: "Session", user_id: str, at: "datetime"
) -> frozenset[str]:
    """Return the ids of an account and of those for whom it acts at a time.

    What those have is the account's to see and do as long as they are away, and nothing is stored
    of it: it ends with the absence, and with any step of the way to who acts.
    """
    return frozenset({user_id, *covered_by(services, session, user_id, at)})


def uncovered(services: "Services", session: "Session", at: "datetime") -> list[Acting]:
    """Return those who are away at a time and for whom nobody acts: managers are told of them."""
    day = office_clock.office_day(services.offices, at)
    ways = [who_acts_for(services, session, each, at) for each in absences.away_on(session, day)]
    return [each for each in ways if each.acts_id is None and each.why is not Cover.LEFT]


def _follow(
    session: "Session", account: "User", day: "date", at: "datetime"
) -> tuple[tuple[str, ...], Cover]:
    """Return the way from an absent account to a deputy who is there, or to where it ends."""
    way, here = [account.id], account
    while here.deputy_id is not None:
        if here.deputy_id in way:
            # Only those who are away are on the way, so nobody in the circle is there.
            return tuple(way), Cover.CIRCLE
        deputy = users.by_id(session, here.deputy_id)
        if deputy is None or not users.is_able(deputy, at):
            return tuple(way), Cover.DEPUTY_LEFT
        way.append(deputy.id)
        if not deputies.fits(deputy, account):
            return tuple(way), Cover.DEPUTY_UNFIT
        if absences.on_day(session, deputy.id, day) is None:
            return tuple(way), Cover.DEPUTY
        here = deputy
    return tuple(way), Cover.NO_DEPUTY if here is account else Cover.ALL_AWAY
