"""Record what a person allows, for each purpose and recipient (requirement 16).

A consent says who explained it, in which language, with an interpreter or not, how and when the
person answered, and until when it is valid. A withdrawal keeps the row and needs no reason. While
its case is stopped, a consent is suspended: it does not count, and is not lost. Where nobody asked,
there is no consent.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from intake.access import edit_conflicts
from intake.cases import completeness
from intake.cases.consent import hold
from intake.core import audit, office_clock
from intake.core.errors import FieldsInvalid, NotFound
from intake.core.sealed_texts import SealedTexts
from intake.core.typed_text import tidy
from storage.accounts import users
from storage.audit_acts import Act
from storage.base import new_id
from storage.cases import cases, consent_holds, consents
from storage.cases.cases import CaseState
from storage.cases.consent_holds import ConsentSuspension
from storage.cases.consents import CaseConsent
from storage.crypto.sealing import seal
from storage.documents import documents
from storage.submissions.submissions import place

if TYPE_CHECKING:
    from collections.abc import Mapping

    from intake.access.opened import OpenedToChange
    from intake.accounts.accounts import SignedInUser
    from intake.core.services import Services
    from storage.cases.cases import Case
    from storage.database import Session

PURPOSES = ("referral", "return", "reintegration", "health", "justice", "monitoring", "reporting")
RECIPIENTS = ("iom_finland", "iom_country", "ngo", "health", "embassy", "police", "coordinator")
ANSWERS = ("given", "refused")
METHODS = ("signed", "spoken", "unknown")
INTERPRETERS = ("yes", "no", "unknown")
EXPLAINERS = ("coordinator", "iom", "other", "unknown")
CHOICES: dict[str, tuple[str, ...]] = {
    "purpose": PURPOSES,
    "recipient": RECIPIENTS,
    "answer": ANSWERS,
    "method": METHODS,
    "interpreter": INTERPRETERS,
    "explained_by": EXPLAINERS,
}
MAX_NAME_CHARS = 120
MAX_LANGUAGE_CHARS = 12
MAX_YEARS = timedelta(days=5 * 365)


class ConsentState(StrEnum):
    """What an answer means today."""

    GIVEN = "given"
    REFUSED = "refused"
    EXPIRED = "expired"
    SUSPENDED = "suspended"
    WITHDRAWN = "withdrawn"


class SuspensionEnd(StrEnum):
    """How the suspension of a consent ended; the codes are stored."""

    GOES_ON = "holds"
    ENDED = "ended"
    REPLACED = "replaced"


class ConsentInvalid(FieldsInvalid):
    """Fields of an answer are missing or impossible; `errors` is {field: sentence}."""

    reason = "consent_invalid"
    public = "Please look at the marked answers. Nothing was noted."


@dataclass(frozen=True)
class ConsentView:
    """One answer that counts. `name` is the recipient's, None when it was erased; `by` is the
    label of who noted it."""

    id: str
    purpose: str
    recipient: str
    name: str | None
    state: ConsentState
    method: str
    language: str
    interpreter: str
    explained_by: str
    given_on: date
    expires_on: date | None
    document_id: str | None
    by: str
    at: datetime


def note_consent(
    services: "Services",
    opened: "OpenedToChange[Case]",
    typed: "Mapping[str, str]",
    *,
    seen_version: int | None = None,
) -> None:
    """Note an answer; an older one about the same purpose and recipient ends.

    `typed` is the form, as {field: text}. Raises NotFound, CaseMoved, ConsentInvalid, and
    ChangedMeanwhile when a colleague noted one about the same purpose since the form was made.
    """
    fields, days = _checked(services, typed)
    with services.database.transaction() as session:
        case = opened.row(services, session)
        _check_document(session, case, fields["document"])
        edit_conflicts.refuse_if_changed(
            session, ("case", case.id), edit_conflicts.consent(fields["purpose"]), seen_version
        )
        older = _about_the_same(services, session, case, fields)
        for each in older:
            each.ended_at = services.now()
        end_suspensions(services, session, opened.user, older, SuspensionEnd.REPLACED)
        row = _added(services, session, case, opened.user, fields, days)
        if case.state == CaseState.WITHDRAWN:
            # What is said during a stop waits for its end, as everything else.
            suspend(services, session, opened.user, [row])
        purpose = {"purpose": fields["purpose"]}
        audit.note(
            services, session, opened.user, Act.CASE_CONSENT_NOTED, ("case", case.id), purpose
        )
        hold.refresh(services, session, case)


def withdraw_consent(services: "Services", opened: "OpenedToChange[Case]", row_id: str) -> None:
    """Note that the person withdrew a consent, without a reason. Raises NotFound or CaseMoved."""
    with services.database.transaction() as session:
        case = opened.row(services, session)
        row = session.get(CaseConsent, row_id)
        if row is None or row.case_id not in cases.merged_into(session, case.id):
            raise NotFound
        if row.withdrawn_at is None:
            row.withdrawn_at = services.now()
            end_suspensions(services, session, opened.user, [row], SuspensionEnd.ENDED)
            purpose = {"purpose": row.purpose}
            audit.note(
                services,
                session,
                opened.user,
                Act.CASE_CONSENT_WITHDRAWN,
                ("case", case.id),
                purpose,
            )
            hold.refresh(services, session, case)


def suspend(
    services: "Services", session: "Session", user: "SignedInUser", rows: "list[CaseConsent]"
) -> int:
    """Suspend those of some consents that were given and count; return how many."""
    known = consent_holds.suspensions(session, [row.id for row in rows])
    counting = [
        row
        for row in rows
        if row.answer == "given" and row.withdrawn_at is None and row.id not in known
    ]
    session.add_all(
        ConsentSuspension(
            id=new_id(), consent_id=row.id, suspended_by=user.id, suspended_at=services.now()
        )
        for row in counting
    )
    session.flush()
    return len(counting)


def end_suspensions(
    services: "Services",
    session: "Session",
    user: "SignedInUser",
    rows: "list[CaseConsent]",
    outcome: SuspensionEnd,
) -> None:
    """End the suspensions of some consents; those without one stay as they are."""
    for each in consent_holds.suspensions(session, [row.id for row in rows]).values():
        each.ended_at, each.ended_by, each.outcome = services.now(), user.id, outcome
    session.flush()


def of_case(services: "Services", session: "Session", case: "Case") -> tuple[ConsentView, ...]:
    """Return the answers that count in a case and in those merged into it, oldest first."""
    merged = cases.by_ids(session, set(cases.merged_into(session, case.id)))
    rows = consents.of_cases(session, list(merged))
    sealed = SealedTexts(services, session)
    labels = users.labels_of(session, {row.noted_by for row in rows})
    today = office_clock.office_day(services.offices, services.now())
    suspended = consent_holds.suspensions(session, [row.id for row in rows])
    return tuple(
        ConsentView(
            id=row.id,
            purpose=row.purpose,
            recipient=row.recipient,
            name=sealed.text(
                merged[row.case_id].data_key_id, "case_consents", "name", row.id, row.name or b""
            ),
            state=_state_of(row, today, is_suspended=row.id in suspended),
            method=row.method,
            language=row.language,
            interpreter=row.interpreter,
            explained_by=row.explained_by,
            given_on=row.given_on,
            expires_on=row.expires_on,
            document_id=row.document_id,
            by=labels.get(row.noted_by, ""),
            at=row.noted_at,
        )
        for row in rows
    )


def _state_of(row: CaseConsent, today: date, *, is_suspended: bool) -> ConsentState:
    if row.withdrawn_at is not None:
        return ConsentState.WITHDRAWN
    if is_suspended:
        return ConsentState.SUSPENDED
    if row.answer == "given" and row.expires_on is not None and row.expires_on < today:
        return ConsentState.EXPIRED
    return ConsentState(row.answer)


def _checked(
    services: "Services", typed: "Mapping[str, str]"
) -> tuple[dict[str, str], dict[str, date]]:
    errors: dict[str, str] = {}
    fields = {name: typed.get(name, "") for name in CHOICES}
    for name, allowed in CHOICES.items():
        if fields[name] not in allowed:
            errors[name] = "Choose one of the answers."
    fields["name"] = " ".join(tidy(typed.get("name", "")).split())
    fields["language"] = typed.get("language", "")
    fields["document"] = typed.get("document", "")
    if len(fields["name"]) > MAX_NAME_CHARS:
        errors["name"] = f"Write up to {MAX_NAME_CHARS} characters."
    if fields["recipient"] == "ngo" and not fields["name"]:
        errors["name"] = "Write which organisation: a consent names it."
    if len(fields["language"]) > MAX_LANGUAGE_CHARS:
        errors["language"] = "Choose a language of the list."
    today = office_clock.office_day(services.offices, services.now())
    days = _days(typed, errors)
    if "given_on" not in days:
        errors.setdefault("given_on", "Give the day on which the person answered.")
    elif days["given_on"] > today:
        errors["given_on"] = "This day is still to come."
    if "expires_on" in days and not days.get("given_on", today) <= days["expires_on"] <= (
        today + MAX_YEARS
    ):
        errors["expires_on"] = "Give a day after the answer, within five years."
    if errors:
        raise ConsentInvalid(errors)
    return fields, days


def _days(typed: "Mapping[str, str]", errors: dict[str, str]) -> dict[str, date]:
    days = {}
    for name in ("given_on", "expires_on"):
        text = typed.get(name, "").strip()
        try:
            if text:
                days[name] = date.fromisoformat(text)
        except ValueError:
            errors[name] = "Give a day, such as 2026-11-30."
    return days


def _added(
    services: "Services",
    session: "Session",
    case: "Case",
    user: "SignedInUser",
    fields: dict[str, str],
    days: dict[str, date],
) -> CaseConsent:
    """Store an answer that was checked."""
    row_id = new_id()
    key = services.keyring.open(session, case.data_key_id)
    row = CaseConsent(
        id=row_id,
        case_id=case.id,
        purpose=fields["purpose"],
        recipient=fields["recipient"],
        name=seal(key, place("case_consents", "name", row_id), fields["name"]),
        answer=fields["answer"],
        method=fields["method"],
        language=fields["language"],
        interpreter=fields["interpreter"],
        explained_by=fields["explained_by"],
        given_on=days["given_on"],
        expires_on=days.get("expires_on"),
        document_id=fields["document"] or None,
        noted_by=user.id,
        noted_at=services.now(),
    )
    session.add(row)
    session.flush()
    return row


def _check_document(session: "Session", case: "Case", document_id: str) -> None:
    if not document_id:
        return
    known = {
        row.id
        for submission in completeness.submissions_of(session, case)
        for row in documents.of_submission(session, submission.id)
    }
    if document_id not in known:
        raise ConsentInvalid({"document": "Choose a document of this case."})


def _about_the_same(
    services: "Services", session: "Session", case: "Case", fields: dict[str, str]
) -> list[CaseConsent]:
    """Return the rows that a newer answer ends: same purpose, same recipient, same name."""
    views = {view.id: view for view in of_case(services, session, case)}
    return [
        row
        for row in consents.of_cases(session, cases.merged_into(session, case.id))
        if (row.purpose, row.recipient) == (fields["purpose"], fields["recipient"])
        and (views[row.id].name or "").casefold() == fields["name"].casefold()
    ]
