"""Build the tree of a submission's documents as a user may see it, with copies and acts.

Sealed names and reasons are opened with the submission's key; the caller audits the reading.
"""

from dataclasses import replace
from typing import TYPE_CHECKING

from intake.access.safeguards.four_eyes import is_malware
from intake.access.visibility import Level
from intake.documents.charset_choice import charset_view, findings_seen
from intake.documents.password_hints import hints_for
from intake.documents.views import ActView, CopyStanding, CopyView, DocumentView
from intake.inspection.verdicts import REJECTED, RELEASED
from intake.sandbox.protocol.charsets import is_note, with_charset
from intake.sandbox.protocol.signs import NOTED_OF_A_PART
from storage.accounts import users
from storage.crypto.sealing import unseal
from storage.documents import quarantine, safe_copies
from storage.documents.documents import DocumentState, of_submission, sha256_of
from storage.documents.safe_copies import SHOWN, CopyState, is_own_text
from storage.submissions.submissions import place

DECIDED = frozenset({RELEASED, REJECTED})

if TYPE_CHECKING:
    from collections.abc import Iterator

    from intake.access.visibility import Visibility
    from intake.accounts.accounts import SignedInUser
    from intake.core.services import Services
    from storage.crypto.keys import DataKey
    from storage.database import Session
    from storage.documents.documents import Document
    from storage.documents.quarantine import QuarantineAct
    from storage.documents.safe_copies import SafeCopy
    from storage.submissions.submissions import Submission


def document_views(
    services: "Services",
    session: "Session",
    submission: "Submission",
    key: "DataKey",
    user: "SignedInUser | None",
    visibilities: "dict[str, Visibility]",
) -> tuple[DocumentView, ...]:
    """Return documents as a tree laid flat: each parent, then its parts, in their order.

    Each shows as much as is visible to `user`, whose the visibilities are; None is the service
    itself. Invisible documents are left out.
    """
    rows = of_submission(session, submission.id)
    has_locked = any(row.state == DocumentState.LOCKED for row in rows)
    hints = hints_for(services, session, user, submission) if has_locked else ()
    views = views_of_rows(session, key, rows)
    return tuple(
        as_seen(
            replace(view, password_hints=hints) if view.state == DocumentState.LOCKED else view,
            visibilities[view.id],
        )
        for view in views
        if visibilities[view.id].level is not Level.NONE
    )


def as_seen(view: DocumentView, visibility: "Visibility") -> DocumentView:
    """Return a document without what is closed to its reader.

    A name tells what a document is about, a copy and a hash cover all of it, and written reasons
    speak of it. So of a closed document its place, role and state are left, and of one that is
    closed in part the open pages, without a name. Whether malware was found is left too: who
    decides about held documents may do so unseen, and must know that it takes two people.
    """
    if visibility.is_whole:
        return view
    closed = tuple(sorted(visibility.closed))
    # The acts stay without their reasons: pages need them for what takes two people.
    acts = tuple(replace(act, reason="") for act in view.acts)
    if visibility.level is Level.FLAG:
        return replace(
            view,
            name="",
            claimed_type="",
            detected_type=None,
            document_type="",
            reason=flagged_reason(view.reason),
            findings=(),
            part_flags=(),
            size=0,
            sha256="",
            page_count=None,
            copy=CopyView(),
            acts=acts,
            password_hints=(),
            closed=closed,
            is_closed=True,
            charset=None,
        )
    copy = replace(
        view.copy, has_pdf=False, has_thumbnail=view.copy.has_thumbnail and visibility.shows(1)
    )
    return replace(
        view,
        name="",
        sha256="",
        document_type=view.document_type if visibility.shows(1) else "",
        copy=copy,
        acts=acts,
        closed=closed,
        is_part=True,
        charset=None,
    )


def flagged_reason(reason: str) -> str:
    """Return a document's reason as far as a flag shows it: what a person decided.

    All others tell what the file is or holds, down to the name of the malware.
    """
    return reason if reason in DECIDED else ""


def views_of_rows(
    session: "Session", key: "DataKey", rows: "list[Document]"
) -> tuple[DocumentView, ...]:
    """Return documents in the order of their tree; one whose parent is missing is a root."""
    ids = [row.id for row in rows]
    copies = safe_copies.of_documents(session, ids)
    acts = quarantine.acts_on_many(session, ids)
    labels = users.labels_of(session, {act.user_id for each in acts.values() for act in each})
    return tuple(
        _view(
            key,
            row,
            depth,
            copy_view(row, copies.get(row.id)),
            tuple(_act(key, act, labels) for act in acts.get(row.id, ())),
        )
        for row, depth in _as_tree(rows)
    )


def copy_view(document: "Document", copy: "SafeCopy | None") -> CopyView:
    """Return what there is of a safe copy; it counts only while its document may be shown."""
    if document.state not in SHOWN:
        return CopyView()
    if copy is None:
        needs_none = is_own_text(document)
        return CopyView(CopyStanding.NONE if needs_none else CopyStanding.BEING_MADE)
    is_ready = copy.state == CopyState.READY
    return CopyView(
        state=CopyStanding.READY if is_ready else CopyStanding.FAILED,
        reason=copy.reason,
        page_count=copy.page_count,
        ocr_state=copy.ocr_state,
        has_pdf=is_ready and copy.pdf_blob_id is not None,
        has_thumbnail=is_ready and copy.thumbnail_blob_id is not None,
    )


def _as_tree(rows: "list[Document]") -> "Iterator[tuple[Document, int]]":
    """Yield each document with its depth, parents before what was found inside them.

    There is no recursion, because a stranger decides how deep the tree is. A part whose parent is
    missing counts as a root.
    """
    known = {row.id for row in rows}
    below: dict[str | None, list[Document]] = {}
    for row in rows:
        parent = row.parent_id if row.parent_id in known else None
        below.setdefault(parent, []).append(row)
    waiting = [(row, 0) for row in reversed(below.get(None, []))]
    while waiting:
        row, depth = waiting.pop()
        yield row, depth
        waiting += [(part, depth + 1) for part in reversed(below.get(row.id, []))]


def _view(
    key: "DataKey", row: "Document", depth: int, copy: CopyView, acts: tuple[ActView, ...]
) -> DocumentView:
    return DocumentView(
        id=row.id,
        parent_id=row.parent_id,
        depth=depth,
        path=row.path,
        role=row.role,
        name=unseal(key, place("documents", "name", row.id), row.name),
        claimed_type=with_charset(row.claimed_type, row.part_flags),
        detected_type=row.detected_type,
        document_type=row.document_type,
        state=row.state,
        reason=row.reason,
        findings=findings_seen(row),
        part_flags=tuple(flag for flag in row.part_flags if not _is_found(flag)),
        size=row.size,
        sha256=sha256_of(key, row),
        page_count=row.page_count,
        copy=copy,
        acts=acts,
        is_malware=is_malware(row.state, row.reason, row.findings),
        charset=charset_view(row),
    )


def _is_found(flag: str) -> bool:
    """Say whether a part's flag is no sign of anything odd, and stands among what was found."""
    return is_note(flag) or flag in NOTED_OF_A_PART


def _act(key: "DataKey", act: "QuarantineAct", labels: dict[str, str]) -> ActView:
    return ActView(
        act=act.act,
        user_id=act.user_id,
        user=labels.get(act.user_id, ""),
        at=act.at,
        reason=unseal(key, place("quarantine_acts", "reason", act.id), act.reason),
    )
