"""Verify everything that is stored: completeness, hashes and the audit chain (requirement 125).

Every submission must have its raw bytes, every document one state, every opened submission one R1,
every blob a row and every row a blob with the right hash. A fault is a sentence for a person.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from intake.confirmations import signed_papers
from intake.oversight import open_files
from storage import audit
from storage.cases import confirmations
from storage.documents.documents import DocumentState
from storage.errors import IntakeError, NotFound
from storage.operations import audit_anchors, engine_rows, reconciliation

if TYPE_CHECKING:
    from intake.core.services import Services
    from storage.database import Session

STUCK_AFTER = timedelta(minutes=10)
ENGINE_NAME_CHARS = 80
# Younger blobs may belong to a transaction that is still open.
ORPHAN_AFTER_SECONDS = 3600.0


@dataclass(frozen=True)
class Proof:
    """How much was checked, and every fault as one sentence."""

    submissions: int
    blobs: int
    audit_events: int
    faults: tuple[str, ...]


def verify_storage(
    services: "Services", *, orphan_after_seconds: float = ORPHAN_AFTER_SECONDS
) -> Proof:
    """Check everything that is stored; every blob is read and hashed."""
    with services.database.reading() as session:
        faults = [
            *_audit_faults(services, session),
            *_submission_faults(services, session),
            *_blob_faults(services, session),
            *_orphans(services, session, orphan_after_seconds),
            *signed_papers.faults(services, session, confirmations.everything(session)),
            *_engine_faults(session),
            *_open_files(services),
        ]
        return Proof(
            submissions=reconciliation.count_submissions(session),
            blobs=reconciliation.count_blobs(session),
            audit_events=audit.count(session),
            faults=tuple(faults),
        )


def sweep_orphans(
    services: "Services", *, orphan_after_seconds: float = ORPHAN_AFTER_SECONDS
) -> int:
    """Delete blobs without a row, which a process left that died before its commit; count them."""
    removed = 0
    for key, age_seconds in services.blobs.backend.listing():
        if age_seconds < orphan_after_seconds:
            continue
        with services.database.reading() as session:
            is_known = reconciliation.has_blob(session, key)
        if not is_known:
            services.blobs.backend.delete(key)
            removed += 1
    return removed


def _audit_faults(services: "Services", session: "Session") -> Iterator[str]:
    path = audit_anchors.path_of(services.settings.data_dir)
    found = audit_anchors.read_all(path, audit.chain_key(session, services.keyring))
    yield from audit.check_chain(session, services.keyring, found.anchors)
    yield from audit.check_mentions(session)
    if audit.count(session) == 0 and reconciliation.count_submissions(session) > 0:
        yield "the audit trail is empty, and there are submissions"
    yield from found.faults


def _submission_faults(services: "Services", session: "Session") -> Iterator[str]:
    stuck_before = services.now() - STUCK_AFTER
    for reference in reconciliation.stuck(session, stuck_before):
        yield f"submission {reference} is not before a person yet"
    for reference in reconciliation.routed_without_queue(session):
        yield f"submission {reference} stands in no queue"
    for reference in reconciliation.opened_without_documents(session):
        yield f"submission {reference} was opened and has no document"
    for reference in reconciliation.opened_without_receipt(session):
        yield f"submission {reference} was opened and has no decision on its receipt"
    for reference in reconciliation.without_arrival(session):
        yield f"submission {reference} came by mail and has no arrival"
    known = set(DocumentState)
    for document_id, state in reconciliation.documents_left_stored(session):
        if state == DocumentState.STORED or state not in known:
            yield f"document {document_id} was routed in state {state}"


def _blob_faults(services: "Services", session: "Session") -> Iterator[str]:
    for blob in reconciliation.all_blobs(session):
        try:
            key = services.keyring.open(session, blob.data_key_id)
            for _chunk in services.blobs.read(key, blob):
                pass
        except NotFound:
            yield f"blob {blob.id} is missing"
        except IntakeError as error:
            yield f"blob {blob.id}: {error.reason}"


def _engine_faults(session: "Session") -> Iterator[str]:
    for value in engine_rows.refused_values(session):
        # The row's name may be a stranger's too, so it is shown as a literal.
        row = ascii(value.row[:ENGINE_NAME_CHARS])
        yield f"the engine's {value.table}.{value.column} of {row} is not ours and is never read"


def _open_files(services: "Services") -> Iterator[str]:
    for path in open_files.open_to_others(services.settings, is_thorough=True):
        yield f"{open_files.shown(services.settings, path)} is open to others on this machine"


def _orphans(
    services: "Services", session: "Session", orphan_after_seconds: float
) -> Iterator[str]:
    for key, age_seconds in services.blobs.backend.listing():
        if age_seconds >= orphan_after_seconds and not reconciliation.has_blob(session, key):
            yield f"blob {key} belongs to nothing"
