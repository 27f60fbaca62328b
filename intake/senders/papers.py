"""Tell which documents of a mail are papers: what it shows, or may show, besides its letter.

Whatever type or role a part claims, people paste photographs and papers with it. It knows documents
as values.
"""

from typing import TYPE_CHECKING

from intake.access.closings import is_body_row
from intake.sandbox.protocol import signs
from storage.documents.documents import DocumentState

if TYPE_CHECKING:
    from collections.abc import Iterable

    from storage.documents.documents import Document

CALENDAR = frozenset({"text/calendar", "application/ics"})


def own_papers(rows: "Iterable[Document]") -> "list[Document]":
    """Return the papers of a mail itself, of all its documents; those inside another mail are not.

    Pictures that are written into a page of the letter are the mail's own. Until it was inspected
    nobody has taken them out, and the page stands for them.
    """
    rows = list(rows)
    letters = {row.id for row in rows if row.parent_id is None and is_body_row(row)}
    opened = {row.parent_id for row in rows if row.parent_id is not None}
    papers = [
        row
        for row in rows
        if row.parent_id in letters or (row.parent_id is None and row.id not in letters)
        if _may_be_shown(row, opened)
    ]
    return papers + [row for row in rows if row.id in letters and _has_pictures(row)]


def is_attached(row: "Document") -> bool:
    """Tell whether a paper is attached, and does not only stand in the text."""
    return row.parent_id is None and row.role in {"attachment", "message"}


def is_picture_in_text(row: "Document") -> bool:
    """Tell whether a paper is a picture that calls itself one, as the logo of a signature does."""
    return not is_attached(row) and (row.claimed_type.startswith("image/") or is_body_row(row))


def is_calendar(row: "Document") -> bool:
    """Tell whether a document is a calendar entry, and not another file that was sent as one."""
    return row.claimed_type in CALENDAR and (row.detected_type or "text/").startswith("text/")


def _may_be_shown(row: "Document", opened: "set[str]") -> bool:
    """Tell whether anybody may look at a document; what was opened is set aside for its parts."""
    is_added = is_calendar(row) or row.claimed_type in signs.SIGNATURE_TYPES
    return not is_added and (row.state != DocumentState.IGNORED or row.id in opened)


def _has_pictures(row: "Document") -> bool:
    return row.state == DocumentState.STORED and signs.HAS_PICTURES in row.part_flags
