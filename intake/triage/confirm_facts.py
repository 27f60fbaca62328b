"""Confirm or dismiss the values, legal dates and people that were extracted from documents.

Nothing extracted becomes part of a case before a person has confirmed it. Confirming or dismissing
a date changes the due time of the submission at once.
"""

from datetime import date
from typing import TYPE_CHECKING

from intake.access import derived, edit_conflicts, gate
from intake.cases.facts import set_facts
from intake.cases.legal_dates import apply_legal_dates
from intake.core import audit
from intake.core.errors import NotFound
from intake.recognition.extraction import ValueKind
from intake.recognition.suggestions import legal_kind
from intake.triage.decisions import NotFiledYet
from intake.triage.known import tell
from intake.triage.known.readings import zone_of
from storage.audit_acts import Act
from storage.base import new_id
from storage.cases import cases, legal_dates
from storage.cases.legal_dates import DAY_STOOD, DayStood, LegalDate
from storage.crypto.sealing import unseal
from storage.documents import extracted_values, people, sources
from storage.documents.documents import Document
from storage.documents.extracted_values import ValueState
from storage.documents.people import Person
from storage.submissions.submissions import place

if TYPE_CHECKING:
    from intake.access.opened import OpenedToChange
    from intake.accounts.accounts import SignedInUser
    from intake.core.services import Services
    from intake.reference_data.checklists import CaseFacts
    from storage.database import Session
    from storage.documents.extracted_values import ExtractedValue
    from storage.submissions.submissions import Submission

# In the audit detail of a confirmed reading: the person whom it confirmed.
NAMED = "named"


def decide_value(
    services: "Services",
    opened: "OpenedToChange[Submission]",
    value_id: str,
    *,
    is_right: bool,
    seen_version: int | None = None,
) -> "ExtractedValue":
    """Confirm or dismiss one value extracted from a document of a submission.

    The same decision again changes nothing. Raises NotFound or ChangedMeanwhile.
    """
    with services.database.transaction() as session:
        submission = opened.row(services, session)
        value = extracted_values.by_id(session, value_id)
        document = session.get(Document, value.document_id) if value is not None else None
        if value is None or document is None or document.submission_id != submission.id:
            raise NotFound
        derived.require_value(services, session, opened.user, submission, value)
        wanted = ValueState.CONFIRMED if is_right else ValueState.DISMISSED
        if value.state == wanted:
            return value
        edit_conflicts.refuse_if_changed(
            session,
            ("submission", submission.id),
            edit_conflicts.extracted_value(value.id),
            seen_version,
        )
        now = services.now()
        value.state = wanted
        value.decided_by, value.decided_at = opened.user.id, now
        detail = {
            "document": value.document_id,
            "part": document.path,
            "kind": value.kind,
            "aid": value.id,
            **_follow_date(services, session, opened.user, submission, value, is_right=is_right),
            **(_fill(services, session, opened.user, submission, value) if is_right else {}),
        }
        act = Act.VALUE_CONFIRMED if is_right else Act.VALUE_DISMISSED
        subject = ("submission", submission.id)
        audit.note(services, session, opened.user, act, subject, detail, at=now)
        return value


def decide_person(
    services: "Services",
    opened: "OpenedToChange[Submission]",
    person_id: str,
    *,
    is_right: bool,
    seen_version: int | None = None,
) -> None:
    """Confirm or dismiss a person whom a submission names.

    The same decision again changes nothing. Raises NotFound or ChangedMeanwhile.
    """
    with services.database.transaction() as session:
        submission = opened.row(services, session)
        person = session.get(Person, person_id)
        if person is None or person.submission_id != submission.id:
            raise NotFound
        derived.require_open(
            services, session, opened.user, submission, {person.id: person.document_id}
        )
        if (person.confirmed_at if is_right else person.dismissed_at) is not None:
            return
        edit_conflicts.refuse_if_changed(
            session, ("submission", submission.id), edit_conflicts.person(person.id), seen_version
        )
        now = services.now()
        person.confirmed_by = opened.user.id if is_right else None
        person.confirmed_at = now if is_right else None
        person.dismissed_at = None if is_right else now
        audit.note(
            services,
            session,
            opened.user,
            Act.PERSON_CONFIRMED if is_right else Act.PERSON_DISMISSED,
            ("submission", submission.id),
            {"person": person.id},
            at=now,
        )


def note_day(
    services: "Services",
    opened: "OpenedToChange[Submission]",
    kind: str,
    day: date,
    *,
    seen_version: int | None = None,
) -> None:
    """Note a legal date that an officer knows, as confirmed.

    A day that they see confirmed changes nothing. One that is confirmed from what is closed to them
    is answered, noted and undone as one that nobody knew: else days could be guessed. Raises
    NotFound, or ChangedMeanwhile when one of its kind was noted since the form was made.
    """
    with services.database.transaction() as session:
        submission = opened.row(services, session)
        known = legal_dates.find(session, submission.id, kind, day)
        if (
            known is not None
            and known.stands is DayStood.CONFIRMED
            and derived.open_rows(
                services, session, opened.user, [submission], {known.id: known.document_id}
            )
        ):
            return
        edit_conflicts.refuse_if_changed(
            session, ("submission", submission.id), edit_conflicts.legal_date(kind), seen_version
        )
        row = _date_of(session, submission.id, None, kind, day, services)
        # Whoever typed a day knows it from elsewhere, so it is as open as what they may read.
        is_typed_first = sources.add(session, row.id, sources.TYPED)
        stood = _confirm_date(services, session, opened.user, row, is_right=True)
        apply_legal_dates(services, session, submission)
        audit.note(
            services,
            session,
            opened.user,
            Act.DATE_CONFIRMED,
            ("submission", submission.id),
            {"kind": kind, "date": row.id, DAY_STOOD: stood, sources.TYPED: is_typed_first},
        )


def end_day(
    services: "Services",
    opened: "OpenedToChange[Submission]",
    date_id: str,
    *,
    seen_version: int | None = None,
) -> None:
    """End a legal date, so that it raises no item. Raises NotFound or ChangedMeanwhile."""
    with services.database.transaction() as session:
        submission = opened.row(services, session)
        row = legal_dates.by_id(session, date_id)
        if row is None or row.submission_id != submission.id:
            raise NotFound
        derived.require_open(services, session, opened.user, submission, {row.id: row.document_id})
        if row.ended_at is not None:
            return
        edit_conflicts.refuse_if_changed(
            session,
            ("submission", submission.id),
            edit_conflicts.legal_date(row.kind),
            seen_version,
        )
        stood = _confirm_date(services, session, opened.user, row, is_right=False)
        audit.note(
            services,
            session,
            opened.user,
            Act.DATE_ENDED,
            ("submission", submission.id),
            {"kind": row.kind, "date": row.id, DAY_STOOD: stood},
        )


def _fill(
    services: "Services",
    session: "Session",
    user: "SignedInUser",
    submission: "Submission",
    value: "ExtractedValue",
) -> dict[str, object]:
    """Let a confirmed reading fill what is not known, and confirm the person whom it names.

    Returns for the audit trail what it filled, so that undoing the reading undoes that too.
    """
    filled: dict[str, object] = dict(tell.fill(services, session, user, submission, value))
    if value.kind != ValueKind.MRZ.value:
        return filled
    key = services.keyring.open(session, submission.data_key_id)
    zone = zone_of(extracted_values.value_of(key, value))
    if zone is None:
        return filled
    named = f"{zone.given_names} {zone.surname}".strip()
    for person in people.of_submissions(session, [submission.id]):
        is_same = person.document_id == value.document_id and named == unseal(
            key, place("people", "name", person.id), person.name
        )
        if is_same and person.confirmed_at is None:
            person.confirmed_by, person.confirmed_at = user.id, services.now()
            return {**filled, NAMED: person.id}
    return filled


def _follow_date(
    services: "Services",
    session: "Session",
    user: "SignedInUser",
    submission: "Submission",
    value: "ExtractedValue",
    *,
    is_right: bool,
) -> dict[str, str]:
    """Confirm or end the legal date of a decided value; an ambiguous one is no day yet.

    Returns for the audit trail which day that is and how it stood, nothing without one.
    """
    kind = legal_kind(value.kind, str(value.place.get("fact", "")))
    key = services.keyring.open(session, submission.data_key_id)
    try:
        day = date.fromisoformat(extracted_values.value_of(key, value))
    except ValueError:
        return {}
    if kind is None:
        return {}
    row = _date_of(session, submission.id, value.document_id, kind, day, services)
    stood = _confirm_date(services, session, user, row, is_right=is_right)
    apply_legal_dates(services, session, submission)
    return {"day": row.id, DAY_STOOD: stood}


def _date_of(
    session: "Session",
    submission_id: str,
    document_id: str | None,
    kind: str,
    day: date,
    services: "Services",
) -> LegalDate:
    row = LegalDate(
        id=new_id(),
        submission_id=submission_id,
        document_id=document_id,
        kind=kind,
        day=day,
        noted_at=services.now(),
    )
    return legal_dates.note(session, row)


def _confirm_date(
    services: "Services",
    session: "Session",
    user: "SignedInUser",
    row: LegalDate,
    *,
    is_right: bool,
) -> DayStood:
    """Confirm or end a day, and return how it stood before; what stands so already is kept."""
    stood, now = row.stands, services.now()
    if is_right and stood is not DayStood.CONFIRMED:
        row.confirmed_by, row.confirmed_at, row.ended_at = user.id, now, None
    elif not is_right and stood is not DayStood.ENDED:
        row.ended_at = now
    session.flush()
    return stood


def set_facts_of(
    services: "Services",
    opened: "OpenedToChange[Submission]",
    facts: "CaseFacts",
    *,
    seen_version: int | None = None,
) -> None:
    """Note the facts of a submission's case.

    Raises NotFound, NotFiledYet, FactsInvalid or ChangedMeanwhile.
    """
    with services.database.reading() as session:
        case = cases.by_id(session, opened.row(services, session).case_id)
    if case is None:
        raise NotFiledYet
    filed_to = gate.case_to_change(services, opened.user, case.reference)
    set_facts(services, filed_to, facts, seen_version=seen_version)
