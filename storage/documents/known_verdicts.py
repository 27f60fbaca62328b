"""What earlier documents of the same bytes stand as: what a malware scan need not be asked twice.

Queries only. `intake.inspection.verdicts` knows what may be concluded from an answer.
"""

from sqlalchemy import select
from sqlalchemy.orm import Session

from storage.documents.documents import Document, DocumentState

# States in which a scanner's own word on the bytes is kept; in no other is it certain.
TELLING = (DocumentState.CLEAN, DocumentState.ACTIVE, DocumentState.INFECTED)


def strictest(
    session: Session, sha256: str, scanner: str, *, without_reason: str
) -> tuple[str, str] | None:
    """Return state and reason of a document of these bytes that this scanner version judged.

    INFECTED wins over the others. Documents with the reason `without_reason` do not count.
    """
    row = session.execute(
        select(Document.state, Document.reason)
        .where(
            Document.sha256 == sha256,
            Document.scanner == scanner,
            Document.state.in_(TELLING),
            Document.reason != without_reason,
        )
        .order_by((Document.state == DocumentState.INFECTED).desc())
        .limit(1)
    ).first()
    return (row[0], row[1]) if row is not None else None
