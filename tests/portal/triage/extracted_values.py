"""Put into storage what reading suggests about a sample submission, as the worker would leave it.

These are document types with reasons, extracted values, candidate cases, people and legal dates.
All names are marked as test data.
"""

import json
from datetime import date

from intake.core.services import Services
from storage.base import new_id
from storage.cases import filing_acts
from storage.cases.filing_acts import CaseRank
from storage.cases.legal_dates import LegalDate
from storage.crypto.keys import DataKey
from storage.crypto.sealing import seal
from storage.database import Session
from storage.documents.document_types import DocumentTypeRange
from storage.documents.documents import Document
from storage.documents.extracted_values import ExtractedValue
from storage.documents.people import Person
from storage.submissions import submissions
from storage.submissions.submissions import Submission, place
from tests.portal.documents import copies
from tests.portal.samples import Seeded


def add_kind(
    services: Services,
    document_id: str,
    kind: str,
    reasons: tuple[str, ...] = (),
    confidence: float = 0.95,
    pages: tuple[int, int] = (1, 1),
) -> None:
    """Suggest a type for some pages of a document."""
    with services.database.transaction() as session:
        session.add(
            DocumentTypeRange(
                id=new_id(),
                document_id=document_id,
                first_page=pages[0],
                last_page=pages[1],
                document_type=kind,
                suggested_type=kind,
                confidence=confidence,
                reasons=list(reasons),
            )
        )
        document = session.get_one(Document, document_id)
        document.document_type = kind if pages[0] == 1 else document.document_type


def add_value(
    services: Services,
    document_id: str,
    kind: str,
    value: str,
    shown: str = "",
    *,
    is_checked: bool = False,
    reasons: tuple[str, ...] = (),
) -> str:
    """Let a document seem to say something on its first page; return the value's id."""
    value_id = new_id()
    said = json.dumps({"value": value, "shown": shown or value})
    with services.database.transaction() as session:
        document = session.get_one(Document, document_id)
        _submission, key = _open(services, session, document.submission_id)
        session.add(
            ExtractedValue(
                id=value_id,
                document_id=document_id,
                position=0,
                kind=kind,
                value=seal(key, place("reading_aids", "value", value_id), said),
                page=1,
                is_checked=is_checked,
                reasons=list(reasons),
            )
        )
    return value_id


def add_ranks(services: Services, made: Seeded, ranks: list[tuple[Seeded, float, str]]) -> None:
    """Suggest the cases of other samples, the likeliest first, each with a score and a clue."""
    with services.database.transaction() as session:
        rows = []
        for rank, (other, score, clue) in enumerate(ranks, 1):
            case_id = submissions.by_id(session, other.submission_id).case_id  # type: ignore[union-attr] # it was planted
            rows.append(
                CaseRank(
                    submission_id=made.submission_id,
                    rank=rank,
                    case_id=case_id,
                    score=score,
                    reasons=[clue],
                )
            )
        filing_acts.replace_ranks(session, made.submission_id, rows)


def add_person(services: Services, made: Seeded, name: str, born: str = "") -> str:
    """Let a submission name a person; return the row's id."""
    person_id = new_id()
    with services.database.transaction() as session:
        _submission, key = _open(services, session, made.submission_id)
        session.add(
            Person(
                id=person_id,
                submission_id=made.submission_id,
                data_key_id=key.id,
                name=seal(key, place("people", "name", person_id), name),
                born=seal(key, place("people", "born", person_id), born),
                added_at=services.now(),
            )
        )
    return person_id


def say_by(services: Services, person_id: str, document_id: str) -> None:
    """Let a document be the one that names a person."""
    with services.database.transaction() as session:
        session.get_one(Person, person_id).document_id = document_id


def add_date(services: Services, made: Seeded, kind: str, day: date) -> str:
    """Note a legal date that was only read; return the row's id."""
    date_id = new_id()
    with services.database.transaction() as session:
        session.add(
            LegalDate(
                id=date_id,
                submission_id=made.submission_id,
                kind=kind,
                day=day,
                noted_at=services.now(),
            )
        )
    return date_id


def set_language(services: Services, made: Seeded, language: str) -> None:
    """Say in which language a submission is, and that it was read."""
    with services.database.transaction() as session:
        submission = session.get_one(Submission, made.submission_id)
        submission.language, submission.read_at = language, services.now()


def ids_of(services: Services, made: Seeded) -> list[str]:
    """Return the ids of a submission's documents, in the order of the message."""
    return [row.id for row in copies.documents_of(services, made.submission_id)]


def _open(services: Services, session: Session, submission_id: str) -> tuple[Submission, DataKey]:
    submission = session.get_one(Submission, submission_id)
    return submission, services.keyring.open(session, submission.data_key_id)
