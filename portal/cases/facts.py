"""Note what is known of a case: facts that decide its checklist, legal dates, cash decisions.

The forms stand on the cards of the triage page. Each calls one use case and leads back; the page
of refusals says what was refused, with what was asked.
"""

from contextlib import suppress
from datetime import date
from typing import TYPE_CHECKING

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from intake.access import gate
from intake.cases import cash_decisions
from intake.cases.cash_decisions import DecisionInvalid, TypedDecision
from intake.cases.facts import FactsInvalid
from intake.cases.known.fields import KnownField, ToldInvalid, TypedAnswers
from intake.core.errors import FieldsInvalid, IntakeError
from intake.reference_data.checklists import FACT_VALUES, UNKNOWN, CaseFacts
from intake.triage import confirm_facts, read_submission
from intake.triage.known import tell as telling
from portal.text.known import readings
from portal.triage import page, submission_conflicts
from portal.triage.decide import act_on, place_args
from portal.triage.edit_conflict import seen_version
from portal.triage.page import TypedTold
from portal.web import session
from portal.web.policy import Permission, requires
from storage.cases.legal_dates import LegalDateKind

if TYPE_CHECKING:
    from intake.triage.submission_views import SubmissionView

case_fact_pages = Blueprint("case_matters", __name__)
MAX_DIGITS = 9


class DayInvalid(IntakeError):
    """What was typed for a decision is no day."""

    reason = "day_invalid"
    public = "Please write each day as year-month-day."
    status = 400


class LegalDayInvalid(FieldsInvalid):
    """What was typed is no day, or the kind is none of the legal dates."""

    reason = "legal_day_invalid"
    public = "Please look at the marked fields. Nothing was noted."


@case_fact_pages.get("/submissions/<reference>/known")
@requires(Permission.TRIAGE)
def known(reference: str) -> str:
    """Show what is known of a submission's case, and let it be noted."""
    view = read_submission.read_submission(
        session.services(), gate.submission_to_read(session.services(), session.viewer(), reference)
    )
    return _known_page(view, TypedTold({}))


@case_fact_pages.post("/submissions/<reference>/facts")
@requires(Permission.TRIAGE)
def note_facts(reference: str) -> ResponseReturnValue:
    """Note what decides the checklist of a submission's case."""
    facts = CaseFacts(**{fact: request.form.get(fact, UNKNOWN) for fact in FACT_VALUES})
    return act_on(
        reference,
        "note what is known",
        lambda user: confirm_facts.set_facts_of(
            session.services(),
            gate.submission_to_change(session.services(), user, reference),
            facts,
            seen_version=seen_version(),
        ),
        compare=submission_conflicts.facts,
    )


@case_fact_pages.post("/submissions/<reference>/told")
@requires(Permission.TRIAGE)
def tell(reference: str) -> ResponseReturnValue:
    """Note what an officer was told about a referral; show the page again when a field is wrong."""
    services, typed = session.services(), _typed_answers()
    try:
        return act_on(
            reference,
            "note what is known",
            lambda user: telling.tell(
                services,
                gate.submission_to_change(services, user, reference),
                typed,
                seen_version=seen_version(),
            ),
            compare=submission_conflicts.told_facts,
        )
    except ToldInvalid as error:
        viewer = session.viewer()
        opened = gate.submission_to_read(services, viewer, reference)
        view = read_submission.read_submission(services, opened, shows_letter=True)
        answers = TypedTold(request.form.to_dict(), errors=error.errors)
        return page.show(viewer, view, answers=answers), error.status


@case_fact_pages.post("/submissions/<reference>/readings/<value_id>")
@requires(Permission.TRIAGE)
def answer_reading(reference: str, value_id: str) -> ResponseReturnValue:
    """Keep what stands, or take what a confirmed reading says."""
    return act_on(
        reference,
        "answer what a reading asks",
        lambda user: telling.answer_question(
            session.services(),
            gate.submission_to_change(session.services(), user, reference),
            value_id,
            _asked(),
            takes_reading=request.form.get("answer") == "use",
        ),
    )


@case_fact_pages.post("/submissions/<reference>/dates")
@requires(Permission.TRIAGE)
def note_day(reference: str) -> ResponseReturnValue:
    """Note a legal date that an officer knows; show the page again when a field is wrong."""
    services = session.services()
    try:
        return act_on(
            reference,
            "note a date",
            lambda user: confirm_facts.note_day(
                services,
                gate.submission_to_change(services, user, reference),
                *_legal_day(),
                seen_version=seen_version(),
            ),
            compare=submission_conflicts.dates(
                request.form.get("kind", ""), request.form.get("day", "")
            ),
        )
    except LegalDayInvalid as error:
        opened = gate.submission_to_read(services, session.viewer(), reference)
        view = read_submission.read_submission(services, opened)
        typed = TypedTold(request.form.to_dict(), errors=error.errors)
        return _known_page(view, typed), error.status


@case_fact_pages.post("/submissions/<reference>/decision")
@requires(Permission.TRIAGE)
def note_decision(reference: str) -> ResponseReturnValue:
    """Note a cash decision as its document has it; show the form again when a field is wrong."""
    services = session.services()
    try:
        return act_on(
            reference,
            "note the decision",
            lambda user: cash_decisions.note_decision(
                services,
                gate.submission_to_change(services, user, reference),
                _decision(),
                seen_version=seen_version(),
            ),
            compare=submission_conflicts.decision,
        )
    except DecisionInvalid as error:
        viewer = session.viewer()
        opened = gate.submission_to_read(services, viewer, reference)
        view = read_submission.read_submission(services, opened, shows_letter=True)
        typed = TypedTold(request.form.to_dict(), errors=error.errors)
        return page.show(viewer, view, decision=typed), error.status


def _asked() -> KnownField:
    """Return the question that was answered. Raises FactsInvalid for none."""
    field = request.form.get("field", "")
    if field not in set(KnownField) or request.form.get("answer") not in {"keep", "use"}:
        raise FactsInvalid
    return KnownField(field)


def _typed_answers() -> TypedAnswers:
    """Return what was typed, countries by their codes."""
    form = request.form
    return TypedAnswers(
        {each: readings.code_of(each, form.get(each.value, "")) for each in KnownField},
        detail=form.get("detail", ""),
        said_by=form.get("said_by", ""),
        said_on=form.get("said_on", ""),
    )


def _decision() -> TypedDecision:
    """Return the decision that was typed. Raises DecisionInvalid for what is no day or number."""
    days: dict[str, date | None] = {}
    numbers: dict[str, int | None] = {}
    errors: dict[str, str] = {}
    for name in ("decided_on", "collect_by"):
        try:
            days[name] = _day(name)
        except DayInvalid as error:
            errors[name] = error.public
    for name in ("adults", "children", "amount_sek"):
        try:
            numbers[name] = _number(name)
        except ValueError:
            errors[name] = "Please write a number, with digits only."
    decided_on = days.get("decided_on")
    if decided_on is None:
        errors.setdefault("decided_on", "Please write the day of the decision.")
    if decided_on is None or errors:
        raise DecisionInvalid(errors)
    return TypedDecision(
        country=readings.code_of(KnownField.COUNTRY, request.form.get("country", "")),
        decided_on=decided_on,
        document_id=request.form.get("document") or None,
        collect_by=days["collect_by"],
        adults=numbers["adults"],
        children=numbers["children"],
        amount_sek=numbers["amount_sek"],
    )


def _known_page(view: "SubmissionView", typed_day: TypedTold) -> str:
    """Return the page of what is known; `typed_day` is what was wrong in the form of a date."""
    return render_template(
        "triage/known.html", submission=view, args=place_args(), typed_day=typed_day
    )


def _legal_day() -> tuple[str, date]:
    """Return the kind and day of the legal date that was typed. Raises LegalDayInvalid."""
    kind, day, errors = request.form.get("kind", ""), None, {}
    if kind not in {known.value for known in LegalDateKind}:
        errors["kind"] = "Please choose what the day is for."
    with suppress(DayInvalid):
        day = _day("day")
    if day is None or errors:
        missing = {} if day is not None else {"day": "Please give a day, such as 2026-11-30."}
        raise LegalDayInvalid(errors | missing)
    return kind, day


def _day(name: str) -> date | None:
    text = request.form.get(name, "").strip()
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise DayInvalid from error


def _number(name: str) -> int | None:
    """Return a number that was typed, None for nothing. Raises ValueError."""
    text = "".join(request.form.get(name, "").split())
    if not text:
        return None
    if not text.isascii() or not text.isdigit() or len(text) > MAX_DIGITS:
        raise ValueError
    return int(text)
