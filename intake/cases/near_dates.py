"""Say which legal dates are near enough to stand on a list or a case as a clock, and how near.

A day stands there from a month before it, a passport's from half a year before. What is further
away is known and no clock. Warnings are those of the office's rule: 14, 7 and 3 days.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from intake.access import derived
from intake.core import office_clock
from intake.reference_data import editions
from storage.cases import cases, legal_dates
from storage.cases.legal_dates import LegalDateKind
from storage.submissions import submissions

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date, datetime

    from intake.accounts.accounts import SignedInUser
    from intake.core.office_clock import LegalRule
    from intake.core.services import Services
    from storage.cases.legal_dates import LegalDate
    from storage.database import Session
    from storage.submissions.submissions import Submission


class Nearness(StrEnum):
    """How near a legal date is: not a clock yet, shown, warned of, almost there, or over."""

    FAR = "far"
    SHOWN = "shown"
    WARNED = "warned"
    NEAR = "near"
    PASSED = "passed"


@dataclass(frozen=True)
class NearDate:
    """The legal date of a row that comes first, suggested until confirmed."""

    kind: str
    day: "date"
    is_confirmed: bool
    nearness: Nearness


def nearness_of(kind: str, day: "date", today: "date", rule: "LegalRule") -> Nearness:
    """Return how near a day is by the office's rule."""
    left = (day - today).days
    if left < 0:
        return Nearness.PASSED
    if left <= min(rule.warn_days):
        return Nearness.NEAR
    if left <= max(rule.warn_days):
        return Nearness.WARNED
    shown = rule.passport_days if kind == LegalDateKind.PASSPORT_EXPIRY else rule.show_days
    return Nearness.SHOWN if left <= shown else Nearness.FAR


def rule_and_day(
    services: "Services", session: "Session", now: "datetime"
) -> "tuple[LegalRule, date]":
    """Return the rule in force and today where legal days are set, in Sweden."""
    office = office_clock.in_force(editions.offices(services, session), now)
    return office.legal, now.astimezone(office.coordinators_zone).date()


def near_dates(
    services: "Services", user: "SignedInUser", references: "Collection[str]"
) -> dict[str, NearDate]:
    """Return {code of a submission: the date of it or its case that comes first and is near}.

    Only what the user may see of the papers that say it. Codes without such a date are absent.
    """
    with services.database.reading() as session:
        rule, today = rule_and_day(services, session, services.now())
        named = submissions.by_references(session, references)
        in_cases = cases.of_cases(session, [each.case_id for each in named if each.case_id])
        beside = {each.id: in_cases.get(each.case_id or "", [each]) for each in named}
        every = {one.id: one for found in beside.values() for one in found}
        days = _open_near(services, session, user, every, rule, today)
    found = {}
    for each in named:
        own = [day for one in beside[each.id] for day in days.get(one.id, [])]
        if own:
            first = min(own, key=lambda row: (row.day < today, abs((row.day - today).days)))
            found[each.reference] = NearDate(
                first.kind,
                first.day,
                first.confirmed_at is not None,
                nearness_of(first.kind, first.day, today, rule),
            )
    return found


def _open_near(
    services: "Services",
    session: "Session",
    user: "SignedInUser",
    every: "dict[str, Submission]",
    rule: "LegalRule",
    today: "date",
) -> "dict[str, list[LegalDate]]":
    """Return {submission: its near dates that the user sees}; rights are asked of these alone."""
    near = [
        row
        for row in legal_dates.of_submissions(session, list(every))
        if nearness_of(row.kind, row.day, today, rule) is not Nearness.FAR
        and (today - row.day).days <= rule.passed_days
    ]
    noted_for = [every[each] for each in {row.submission_id for row in near}]
    found: dict[str, list[LegalDate]] = {}
    seen = {row.id for row in derived.open_days(services, session, user, noted_for)}
    for row in near:
        if row.id in seen:
            found.setdefault(row.submission_id, []).append(row)
    return found
