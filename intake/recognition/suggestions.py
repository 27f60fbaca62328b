"""Store what was read of documents as suggestions, beside what people decided already.

Everything runs in the caller's transaction. A suggestion that somebody confirmed or dismissed is
not made again; a type that somebody decided is not touched.
"""

import json
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from intake.recognition.extraction import ValueKind
from intake.recognition.matching import name_keys
from storage.base import new_id
from storage.cases import legal_dates
from storage.cases.legal_dates import LegalDate, LegalDateKind
from storage.crypto.sealing import seal, unseal
from storage.documents import document_types, extracted_values, people, sources
from storage.documents.document_types import DocumentTypeRange
from storage.documents.documents import Document
from storage.documents.extracted_values import ValueState
from storage.documents.people import Person, PersonKey
from storage.submissions.submissions import place

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from intake.core.services import Services
    from intake.recognition.classification.classify import ClassifiedPages
    from intake.recognition.extraction import ExtractedValue
    from intake.recognition.extraction.people import SeenPerson
    from intake.recognition.matching import PartialDate
    from storage.crypto.keys import DataKey
    from storage.database import Session
    from storage.submissions.submissions import Submission

LEGAL_DATES = {
    ValueKind.REFLECTION_END: LegalDateKind.REFLECTION_END,
    ValueKind.TRIAL: LegalDateKind.TRIAL,
    ValueKind.PERMIT_EXPIRY: LegalDateKind.PERMIT_EXPIRY,
    ValueKind.DEPARTURE_DEADLINE: LegalDateKind.DEPARTURE_DEADLINE,
    ValueKind.PASSPORT_EXPIRY: LegalDateKind.PASSPORT_EXPIRY,
}
# The facts of a form's field that are legal dates.
DATE_FACTS = {"reflection_end": LegalDateKind.REFLECTION_END}
# A day longer ago than this is history: nobody has to act by it.
MIN_AGE = timedelta(days=30)
MAX_AHEAD = timedelta(days=365 * 12)
MAX_PEOPLE = 20


@dataclass(frozen=True)
class ReadDocument:
    """What was read of one document; `types` is empty for the message body."""

    document: Document
    types: "tuple[ClassifiedPages, ...]"
    values: "tuple[ExtractedValue, ...]"
    people: "tuple[SeenPerson, ...]"


def store_suggestions(
    services: "Services",
    session: "Session",
    submission: "Submission",
    key: "DataKey",
    read: "Sequence[ReadDocument]",
) -> None:
    """Replace the suggestions on a submission by what was read of its documents now."""
    for each in read:
        sources.forget_document(session, each.document.id)
        if each.types:
            _store_types(session, each)
        _store_values(session, key, each)
        _store_dates(services, session, submission, each)
    named = [(each.document, person) for each in read for person in each.people]
    _store_people(services, session, submission, key, named)


def _store_types(session: "Session", each: "ReadDocument") -> None:
    document = each.document
    known = document_types.of_documents(session, [document.id])
    if any(row.decided_at is not None for row in known):
        return
    document_types.forget(session, document.id)
    for found in each.types:
        session.add(
            DocumentTypeRange(
                id=new_id(),
                document_id=document.id,
                first_page=found.first_page,
                last_page=found.last_page,
                document_type=found.document_type,
                suggested_type=found.document_type,
                confidence=found.confidence,
                reasons=list(found.reasons),
            )
        )
    session.flush()
    row = session.get_one(type(document), document.id)
    row.document_type = each.types[0].document_type


def _store_values(session: "Session", key: "DataKey", each: "ReadDocument") -> None:
    document_id = each.document.id
    extracted_values.forget_suggested(session, document_id)
    decided = {
        (row.kind, row.page, _unsealed(key, row))
        for row in extracted_values.of_documents(session, [document_id])
    }
    for position, extracted in enumerate(each.values):
        written = _as_json(extracted)
        if (extracted.kind.value, extracted.page, written) in decided:
            continue
        value_id = new_id()
        session.add(
            extracted_values.ExtractedValue(
                id=value_id,
                document_id=document_id,
                position=position,
                kind=extracted.kind.value,
                value=seal(key, place("reading_aids", "value", value_id), written),
                page=extracted.page,
                place={"start": extracted.start, "end": extracted.end, "fact": extracted.fact},
                is_checked=extracted.is_checked,
                reasons=list(extracted.reasons),
                state=ValueState.SUGGESTED,
            )
        )
    session.flush()


def _as_json(extracted: "ExtractedValue") -> str:
    return json.dumps({"value": extracted.value, "shown": extracted.shown}, sort_keys=True)


def _unsealed(key: "DataKey", row: extracted_values.ExtractedValue) -> str:
    return unseal(key, place("reading_aids", "value", row.id), row.value)


def _store_dates(
    services: "Services", session: "Session", submission: "Submission", each: "ReadDocument"
) -> None:
    today = services.now().date()
    for extracted in each.values:
        kind = legal_kind(extracted.kind.value, extracted.fact)
        day = _plausible_day(extracted, today)
        if kind is not None and day is not None:
            row = legal_dates.note(
                session,
                LegalDate(
                    id=new_id(),
                    submission_id=submission.id,
                    document_id=each.document.id,
                    kind=kind,
                    day=day,
                    noted_at=services.now(),
                ),
            )
            sources.add(session, row.id, each.document.id)


def legal_kind(value_kind: str, fact: str) -> LegalDateKind | None:
    """Return which legal date an extracted value of this kind or fact is; None for no such date."""
    by_kind = {kind.value: date_kind for kind, date_kind in LEGAL_DATES.items()}
    return by_kind.get(value_kind) or DATE_FACTS.get(fact)


def _plausible_day(extracted: "ExtractedValue", today: date) -> date | None:
    """Return the one day that a value can mean, None if there are two or it is too far away."""
    if len(extracted.readings) != 1:
        return None
    try:
        day = date.fromisoformat(extracted.readings[0])
    except ValueError:
        return None
    return day if today - MIN_AGE <= day <= today + MAX_AHEAD else None


def _store_people(
    services: "Services",
    session: "Session",
    submission: "Submission",
    key: "DataKey",
    named: "Iterable[tuple[Document, SeenPerson]]",
) -> None:
    people.forget_suggested(session, submission.id)
    known = {
        (_opened(key, row, "name"), _opened(key, row, "born")): row.id
        for row in people.of_everyone(session, submission.id)
    }
    for document, person in named:
        name = person.facts.names[0] if person.facts.names else ""
        born = _written(person.facts.born)
        if (name, born) in known:
            sources.add(session, known[name, born], document.id)
        elif name and len(known) < MAX_PEOPLE:
            known[name, born] = _add_person(
                services, session, submission, key, document, person, name, born
            )
    session.flush()


def _add_person(
    services: "Services",
    session: "Session",
    submission: "Submission",
    key: "DataKey",
    document: "Document",
    person: "SeenPerson",
    name: str,
    born: str,
) -> str:
    person_id = new_id()
    session.add(
        Person(
            id=person_id,
            submission_id=submission.id,
            document_id=document.id,
            data_key_id=key.id,
            name=seal(key, place("people", "name", person_id), name),
            born=seal(key, place("people", "born", person_id), born),
            added_at=services.now(),
        )
    )
    session.flush()
    keys = {each for written in person.facts.names for each in name_keys(written)}
    for each in sorted(keys):
        hashed = services.keyring.lookup(session, "person-name", each)
        session.add(PersonKey(person_id=person_id, key_hash=hashed))
    return person_id


def _opened(key: "DataKey", row: Person, column: str) -> str:
    return unseal(key, place("people", column, row.id), getattr(row, column))


def _written(born: "PartialDate | None") -> str:
    """Write a partial date as ISO 8601 does: 1987, 1987-05 or 1987-05-01."""
    if born is None:
        return ""
    parts = [f"{born.year:04d}"]
    parts += [f"{part:02d}" for part in (born.month, born.day) if part is not None]
    return "-".join(parts)
