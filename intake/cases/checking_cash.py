"""Checking a cash decision: find the lists of its day and of today, and look at it with them.

What was approved after the decision was confirmed here does not count for its own day, so
that a new list never alters a decided case (domain.md, requirement 42).
"""

from datetime import date
from typing import TYPE_CHECKING

from intake.cases import cash_checks
from intake.cases.cash_checks import Amounts, CashChecks, Decision, Lists
from intake.core import office_clock
from intake.reference_data import editions
from storage.editions import EditionKind

if TYPE_CHECKING:
    from datetime import datetime

    from intake.core.services import Services
    from storage.cases.cash_decisions import CashDecision
    from storage.database import Session

ELIGIBLE, PAYABLE, AMOUNTS = "agency_eligible", "iom_payable", "reestablishment"


def check_decision(services: "Services", session: "Session", row: "CashDecision") -> CashChecks:
    """Return what the checks find for a noted decision today."""
    today = office_clock.office_day(editions.offices(services, session), services.now())
    known_at = row.confirmed_at
    lists = Lists(
        eligible_then=_countries(session, ELIGIBLE, row.decided_on, known_at),
        eligible_now=_countries(session, ELIGIBLE, today),
        payable_now=_countries(session, PAYABLE, today),
        amounts=_amounts(session, row.decided_on, known_at),
    )
    decision = Decision(
        country=row.country,
        decided_on=row.decided_on,
        collect_by=row.collect_by,
        adults=row.adults,
        children=row.children,
        amount_sek=row.amount_sek,
    )
    return cash_checks.check(decision, lists, today)


def _countries(
    session: "Session", code: str, day: date, known_at: "datetime | None" = None
) -> frozenset[str] | None:
    found = editions.in_force(session, EditionKind.COUNTRIES, code, day, known_at=known_at)
    return frozenset(found.content["countries"]) if found is not None else None


def _amounts(session: "Session", day: date, known_at: "datetime") -> Amounts | None:
    found = editions.in_force(session, EditionKind.AMOUNTS, AMOUNTS, day, known_at=known_at)
    if found is None:
        return None
    table = found.content
    return Amounts(table["adult"], table["child"], table["family_cap"])
