"""Read stored bytes for a person, whole and checked; damaged bytes are never returned.

Nothing is returned before its SHA-256 was compared
(requirement 126, threat B10). A damaged blob is an alarm: an audit event and a line in the log.
"""

import logging
from typing import TYPE_CHECKING

from intake.core import audit
from intake.core.errors import BlobDamaged, NotFound
from storage.audit_acts import Act
from storage.blobs.blobs import BlobRow

if TYPE_CHECKING:
    from intake.core.services import Services
    from storage.crypto.keys import DataKey
    from storage.database import Session

LOG = logging.getLogger(__name__)


def row(session: "Session", blob_id: str | None) -> BlobRow:
    """Return a blob's row. Raises NotFound."""
    found = session.get(BlobRow, blob_id) if blob_id else None
    if found is None:
        raise NotFound
    return found


def whole(
    services: "Services", actor: str, key: "DataKey", blob: BlobRow, subject: tuple[str, str]
) -> bytes:
    """Return a blob's plaintext; `subject` is what an alarm is about, as (type, id).

    Raises BlobDamaged when the bytes are not those that were written, and when they are missing.
    """
    try:
        return services.blobs.read_whole(key, blob)
    except (BlobDamaged, NotFound) as error:
        LOG.error("event=blob_damaged %s=%s blob=%s reason=%s", *subject, blob.id, error.reason)  # noqa: TRY400 - no trace: the reason says it all
        with services.database.transaction() as session:
            audit.note(
                services, session, actor, Act.DOCUMENT_DAMAGED, subject, {"reason": error.reason}
            )
        raise BlobDamaged from error
