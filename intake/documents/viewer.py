"""Show the safe copy of one document, page by page, and never the file that was sent.

Every reading is audited. Opening a document is always an event of its own. Pictures, thumbnail
and search belong to it when the same user asks for them within ten minutes and sees the same
compartments; else they are events too. The page that says only that a closed document is there is
no look: its event says so, nothing belongs to it, and it tells nobody who looked. Saving the copy
always is one. Bytes are read whole and their SHA-256 is compared before any of them is returned;
nothing is cached.
"""

import unicodedata
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from intake.access.find import VisibleDocument
from intake.access.visibility import Level
from intake.core import audit, stored_content
from intake.core.errors import BlobDamaged, NotFound
from intake.documents.tree import document_views
from intake.documents.views import CopyStanding, DocumentView
from storage import audit as audit_trail
from storage.accounts import users
from storage.audit_acts import Act
from storage.crypto.sealing import unseal
from storage.documents import safe_copies
from storage.documents.safe_copies import SHOWN, CopyState, SafeCopy

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from intake.access.opened import OpenedToRead
    from intake.access.visibility import Visibility
    from intake.accounts.accounts import SignedInUser
    from intake.core.services import Services
    from storage.audit import AuditEvent
    from storage.crypto.keys import DataKey
    from storage.database import Session

ONE_LOOK = timedelta(minutes=10)
VIEWED = Act.DOCUMENT_VIEWED
SAVED = Act.DOCUMENT_COPY_SAVED
# The detail of an event that nothing of the document was seen but that it is there.
FLAG_PAGE: dict[str, object] = {"what": "flag"}
# The media types of a copy's pictures, and how such files begin. Others are not made here.
FIRST_BYTES = {"image/png": b"\x89PNG\r\n\x1a\n", "image/jpeg": b"\xff\xd8\xff"}


@dataclass(frozen=True)
class PageView:
    """One page of a copy: its number from 1, its size in pixels, and its untrusted text."""

    number: int
    width: int
    height: int
    text: str


@dataclass(frozen=True)
class Look:
    """An earlier look at a document: when, and the label of who."""

    at: "datetime"
    user: str


@dataclass(frozen=True)
class OpenDocument:
    """A document as its page shows it; `others` are the other documents of its submission."""

    document: DocumentView
    reference: str
    sender_verdict: str | None
    pages: tuple[PageView, ...]
    others: tuple[DocumentView, ...]
    looks: tuple[Look, ...]


@dataclass(frozen=True)
class Copy:
    """A document whose copy may be looked at, with what is needed to read it."""

    visible: VisibleDocument
    copy: SafeCopy
    key: "DataKey"


def document_view(services: "Services", opened: "OpenedToRead[VisibleDocument]") -> OpenDocument:
    """Open a document for a user, with one audit event. Raises NotFound.

    A document that may not be shown has no pages here, whatever was stored for it; neither has
    one that is closed to the user.
    """
    with services.database.transaction() as session:
        visible = opened.row(services, session)
        submission = visible.submission
        key = services.keyring.open(session, submission.data_key_id)
        views = document_views(
            services, session, submission, key, opened.user, visible.visibilities
        )
        document_id = visible.document.id
        this = next(view for view in views if view.id == document_id)
        is_ready = this.copy.state is CopyStanding.READY
        pages = _pages(session, key, document_id, visible.visibility) if is_ready else ()
        is_flag = visible.visibility.level is Level.FLAG
        # Who reads a closed paper, and when, says of it what the paper is closed for.
        looks = () if is_flag else _looks(session, document_id)
        _note_look(services, session, opened.user, VIEWED, visible, FLAG_PAGE if is_flag else None)
        return OpenDocument(
            document=this,
            reference=submission.reference,
            sender_verdict=submission.sender_verdict,
            pages=pages,
            others=tuple(view for view in views if view.id != document_id),
            looks=looks,
        )


def page_image(
    services: "Services", opened: "OpenedToRead[VisibleDocument]", number: int
) -> tuple[str, bytes]:
    """Return one page's picture as (media type, bytes). Raises NotFound or BlobDamaged."""

    def choose(session: "Session", found: Copy) -> tuple[str, str | None]:
        page = safe_copies.page(session, found.visible.document.id, number)
        if page is None or not found.visible.visibility.shows(number):
            raise NotFound
        return page.media_type, page.blob_id

    media_type, content = _read(services, opened, choose, {"page": number})
    return media_type, _checked_picture(media_type, content)


def thumbnail(services: "Services", opened: "OpenedToRead[VisibleDocument]") -> tuple[str, bytes]:
    """Return the small picture of a document's first page. Raises NotFound or BlobDamaged."""

    def choose(_session: "Session", found: Copy) -> tuple[str, str | None]:
        if not found.visible.visibility.shows(1):
            raise NotFound
        return "", found.copy.thumbnail_blob_id

    _type, content = _read(services, opened, choose, {"what": "thumbnail"})
    media_type = next(
        (known for known, first in FIRST_BYTES.items() if content.startswith(first)), ""
    )
    return media_type, _checked_picture(media_type, content)


def safe_pdf(services: "Services", opened: "OpenedToRead[VisibleDocument]") -> bytes:
    """Return the rebuilt PDF to be saved, with one audit event. Raises NotFound or BlobDamaged."""
    with services.database.transaction() as session:
        found = _ready(services, session, opened)
        if not found.visible.visibility.is_whole:
            # The PDF holds all pages, also those that are closed.
            raise NotFound
        blob = stored_content.row(session, found.copy.pdf_blob_id)
        _note_look(services, session, opened.user, SAVED, found.visible)
    subject = ("document", found.visible.document.id)
    content = stored_content.whole(services, opened.user.actor, found.key, blob, subject)
    if not content.startswith(b"%PDF-"):
        raise BlobDamaged
    return content


def search_pages(
    services: "Services", opened: "OpenedToRead[VisibleDocument]", words: str
) -> list[int]:
    """Return the numbers of the pages that hold all of the words. Raises NotFound.

    The words are in no log and no audit event, because they are often a name.
    """
    wanted = folded(words).split()
    with services.database.transaction() as session:
        found = _ready(services, session, opened)
        document_id = found.visible.document.id
        pages = _pages(session, found.key, document_id, found.visible.visibility)
        if not _is_same_look(services, session, opened.user, found.visible):
            _note_look(services, session, opened.user, VIEWED, found.visible, {"what": "search"})
    if not wanted:
        return []
    return [page.number for page in pages if all(w in folded(page.text) for w in wanted)]


def reference_of(services: "Services", opened: "OpenedToRead[VisibleDocument]") -> str:
    """Return the code of the submission that a document came in with. Raises NotFound."""
    with services.database.reading() as session:
        return opened.row(services, session).submission.reference


def folded(text: str) -> str:
    """Return text for comparison: NFKC, without case, with single blanks."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def _read(
    services: "Services",
    opened: "OpenedToRead[VisibleDocument]",
    choose: "Callable[[Session, Copy], tuple[str, str | None]]",
    detail: dict[str, object],
) -> tuple[str, bytes]:
    """Read one picture; a write transaction is begun only where an audit event is due."""
    with services.database.reading() as session:
        found = _ready(services, session, opened)
        document_id = found.visible.document.id
        media_type, blob_id = choose(session, found)
        blob = stored_content.row(session, blob_id)
        is_noted = _is_same_look(services, session, opened.user, found.visible)
    if not is_noted:
        with services.database.transaction() as session:
            _note_look(services, session, opened.user, VIEWED, found.visible, detail)
    subject = ("document", document_id)
    return media_type, stored_content.whole(services, opened.user.actor, found.key, blob, subject)


def _checked_picture(media_type: str, content: bytes) -> bytes:
    first = FIRST_BYTES.get(media_type)
    if first is None or not content.startswith(first):
        raise BlobDamaged
    return content


def _ready(
    services: "Services", session: "Session", opened: "OpenedToRead[VisibleDocument]"
) -> Copy:
    """Return a document and its copy while some of it may be shown. Raises NotFound otherwise."""
    visible = opened.row(services, session)
    copy = safe_copies.of_document(session, visible.document.id)
    if visible.document.state not in SHOWN or copy is None or copy.state != CopyState.READY:
        raise NotFound
    if visible.visibility.level is Level.FLAG:
        raise NotFound
    return Copy(visible, copy, services.keyring.open(session, visible.submission.data_key_id))


def _pages(
    session: "Session", key: "DataKey", document_id: str, visibility: "Visibility"
) -> tuple[PageView, ...]:
    return tuple(
        PageView(
            row.number,
            row.width,
            row.height,
            unseal(key, f"safe_pages.text:{document_id}/{row.number}", row.text),
        )
        for row in safe_copies.pages_of(session, document_id)
        if visibility.shows(row.number)
    )


def _looks(session: "Session", document_id: str) -> tuple[Look, ...]:
    events = [
        event
        for event in audit_trail.of_subject(session, "document", document_id)
        if event.act in {VIEWED, SAVED} and not _is_flag_page(event)
    ]
    labels = users.labels_of(session, {event.actor.removeprefix("user:") for event in events})
    return tuple(
        Look(event.at, labels.get(event.actor.removeprefix("user:"), event.actor))
        for event in events
    )


def _is_same_look(
    services: "Services", session: "Session", user: "SignedInUser", visible: VisibleDocument
) -> bool:
    """Tell whether a user's last look is going on: lately, and into the same compartments.

    Whoever opened one with a reason since then must leave an event that names it.
    """
    last = audit_trail.last_by(session, user.actor, (VIEWED,), ("document", visible.document.id))
    if last is None or _is_flag_page(last) or last.at <= services.now() - ONE_LOOK:
        return False
    into: list[str] = last.detail.get("compartments", [])
    return into == _looked_into(visible)


def _is_flag_page(event: "AuditEvent") -> bool:
    return event.detail.get("what") == FLAG_PAGE["what"]


def _looked_into(visible: VisibleDocument) -> list[str]:
    return sorted(visible.visibility.looked_into)


def _note_look(
    services: "Services",
    session: "Session",
    user: "SignedInUser",
    act: Act,
    visible: VisibleDocument,
    detail: dict[str, object] | None = None,
) -> None:
    """Record that a user looked at a document, and which compartments they saw."""
    into = _looked_into(visible)
    noted = {**(detail or {}), **({"compartments": into} if into else {})}
    audit.note(services, session, user, act, ("document", visible.document.id), noted or None)
