"""Note a cash decision as an officer reads it from its document, with what the checks find.

IOM never decides: the row records what Migrationsverket decided, and obstacles are reported
(requirement 103). An older note of the same submission ends, and stays for its history.
"""

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from intake.access import edit_conflicts
from intake.cases import cash_checks
from intake.cases.cash_checks import Amounts, CashChecks, Decision, Lists
from intake.core import audit, office_clock
from intake.core.errors import FieldsInvalid
from intake.queues import cash_queues
from intake.reference_data import editions
from storage.audit_acts import Act
from storage.base import new_id
from storage.cases import cash_decisions
from storage.cases.cash_decisions import CashDecision
from storage.documents import documents
from storage.editions import EditionKind
from storage.submissions.submissions import Programme

if TYPE_CHECKING:
    from datetime import datetime

    from intake.access.opened import OpenedToChange
    from intake.core.services import Services
    from storage.database import Session
    from storage.submissions.submissions import Submission

ELIGIBLE = "agency_eligible"
PAYABLE = "iom_payable"
AMOUNTS = "reestablishment"

MAX_PEOPLE = 30
MAX_SEK = 10_000_000
COUNTRY_WRONG = "Please write a country, as the paper has it."
COUNTRY_LETTERS = 3


class DecisionInvalid(FieldsInvalid):
    """Some value of the decision is impossible; `errors` names the fields."""

    reason = "decision_invalid"
    public = "Please compare with the paper: country, day, numbers of people and the amount."


@dataclass(frozen=True)
class TypedDecision:
    """What an officer typed: `country` is ISO 3166-1 alpha-3; None is not in the document."""

    country: str
    decided_on: date
    collect_by: date | None = None
    adults: int | None = None
    children: int | None = None
    amount_sek: int | None = None
    document_id: str | None = None


@dataclass(frozen=True)
class NotedDecision:
    """A noted decision, with what the checks find today."""

    row: CashDecision
    checks: "CashChecks"


def note_decision(
    services: "Services",
    opened: "OpenedToChange[Submission]",
    typed: TypedDecision,
    *,
    seen_version: int | None = None,
) -> NotedDecision:
    """Note a decision, and check it. Raises NotFound, DecisionInvalid or ChangedMeanwhile."""
    _check(typed, services.now().date())
    with services.database.transaction() as session:
        submission = opened.row(services, session)
        if submission.programme != Programme.CASH:
            raise DecisionInvalid({"country": "It is not about cash support."})
        ids = {document.id for document in documents.of_submission(session, submission.id)}
        if typed.document_id is not None and typed.document_id not in ids:
            raise DecisionInvalid({"country": "The document is none of this submission."})
        edit_conflicts.refuse_if_changed(
            session, ("submission", submission.id), edit_conflicts.CASH_DECISION, seen_version
        )
        now = services.now()
        for older in cash_decisions.of_submission(session, submission.id):
            older.ended_at = now
        row = CashDecision(
            id=new_id(),
            submission_id=submission.id,
            document_id=typed.document_id,
            country=typed.country,
            decided_on=typed.decided_on,
            collect_by=typed.collect_by,
            adults=typed.adults,
            children=typed.children,
            amount_sek=typed.amount_sek,
            confirmed_by=opened.user.id,
            confirmed_at=now,
        )
        session.add(row)
        session.flush()
        cash_queues.settle(services, session, submission)
        checks = check_decision(services, session, row)
        audit.note(
            services,
            session,
            opened.user,
            Act.DECISION_NOTED,
            ("submission", submission.id),
            {"obstacles": [obstacle.value for obstacle in checks.obstacles]},
            at=now,
        )
        return NotedDecision(row, checks)


def noted_decision(
    services: "Services", session: "Session", submission: "Submission"
) -> NotedDecision | None:
    """Return the decision that counts for a submission with today's checks, or None."""
    rows = cash_decisions.of_submission(session, submission.id)
    return NotedDecision(rows[0], check_decision(services, session, rows[0])) if rows else None


def _check(typed: TypedDecision, today: date) -> None:
    country = typed.country
    is_country = len(country) == COUNTRY_LETTERS and country.isascii() and country.isupper()
    errors = {}
    if not (is_country and country.isalpha()):
        errors["country"] = COUNTRY_WRONG
    if typed.decided_on > today:
        errors["decided_on"] = "This day has not come yet. Please compare with the paper."
    for name, number in (("adults", typed.adults), ("children", typed.children)):
        if number is not None and not 0 <= number <= MAX_PEOPLE:
            errors[name] = f"Please write how many, up to {MAX_PEOPLE}."
    if typed.amount_sek is not None and not 0 <= typed.amount_sek <= MAX_SEK:
        errors["amount_sek"] = f"Please write whole kronor, up to {MAX_SEK}."
    if errors:
        raise DecisionInvalid(errors)


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
    return cash_checks.check_against_lists(decision, lists, today)


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
