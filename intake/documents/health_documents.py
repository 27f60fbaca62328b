"""List the documents of the health compartment for the health focal point.

The focal point reads these documents and nothing around them (requirement 114): the list gives the
codes of their submission and case. It holds documents whose type a person confirmed; an intake
officer looks at a suggested type first (`intake.access.compartments`).
"""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from intake.access import rights
from intake.access.compartments import CLOSED_TYPES, Compartment
from intake.core import audit
from storage.accounts.users import Role
from storage.audit_acts import Act
from storage.lists import compartment_documents

if TYPE_CHECKING:
    from intake.accounts.accounts import SignedInUser
    from intake.core.services import Services

MAX_ROWS = 300
HEALTH_TYPES = sorted(code for code, c in CLOSED_TYPES.items() if c is Compartment.HEALTH)


@dataclass(frozen=True)
class HealthDocument:
    """One document with health pages. `reference` is its submission's, `case_reference` empty
    while it is in no case. `looked_at` (UTC) is when a health focal point last opened it, or None.
    """

    document_id: str
    reference: str
    case_reference: str
    types: tuple[str, ...]
    state: str
    received_at: datetime
    looked_at: datetime | None


def health_documents(services: "Services", user: "SignedInUser") -> list[HealthDocument]:
    """Return the health documents: first those that nobody opened yet, then by time of arrival.

    One audit event says how many were listed. Raises NotFound for a role that reads none.
    """
    programme = rights.require_compartment(user, Compartment.HEALTH)
    with services.database.transaction() as session:
        found = compartment_documents.confirmed(session, HEALTH_TYPES, programme, limit=MAX_ROWS)
        looks = compartment_documents.last_looks(session, list(found), Role.HEALTH)
        audit.note(
            services,
            session,
            user,
            Act.DOCUMENTS_LISTED,
            ("documents", Compartment.HEALTH),
            {
                "number": len(found),
                "shown": sorted({row.submission_id for row in found.values()}),
            },
        )
        papers = [
            HealthDocument(
                document_id=row.document_id,
                reference=row.reference,
                case_reference=row.case_reference,
                types=row.types,
                state=row.state,
                received_at=row.received_at,
                looked_at=looks.get(row.document_id),
            )
            for row in found.values()
        ]
    return sorted(papers, key=lambda each: (each.looked_at is not None, each.received_at))
