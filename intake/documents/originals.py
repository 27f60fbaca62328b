"""Originals: the file itself, as a stranger sent it, by right, reason and sometimes two people.

Staff work on safe copies; this is the exception, and each one is an act of its own. Who
may come here at all is the portal's policy. Imports storage only.
"""

from typing import TYPE_CHECKING

from intake.access import rights, written_reason
from intake.access.four_eyes import SecondPersonNeeded, Step, next_step
from intake.core import stored_content
from intake.core.errors import IntakeError
from intake.documents import actions
from storage.documents.documents import of_submission
from storage.documents.quarantine import Act

if TYPE_CHECKING:
    from intake.accounts.accounts import SignedInUser
    from intake.core.services import Services
    from intake.documents.actions import HeldDocument
    from storage.database import Session


class OriginalClosed(IntakeError):
    """A file holds documents that are closed to who would open it."""

    reason = "original_closed"
    public = "This file holds documents that are closed to you. Nothing was opened."
    status = 403


def ask_original(services: "Services", user: "SignedInUser", document_id: str, reason: str) -> None:
    """Ask, as the first of two, for a file in which malware was found; twice changes nothing.

    For a file without such a verdict it is written down all the same, and needless.
    Raises NotFound and ReasonInvalid.
    """
    written = written_reason.checked_reason(reason)
    with services.database.transaction() as session:
        matter = _find(services, session, user, document_id)
        if _step(services, matter, user) is Step.WAIT:
            return
        actions.record(services, session, matter, user, Act.ASK_ORIGINAL, written)


def open_original(
    services: "Services", user: "SignedInUser", document_id: str, reason: str
) -> bytes:
    """Return the file's bytes after their SHA-256 was checked and the act was written down.

    With a malware verdict somebody else must have asked within 72 hours; each opening takes
    an asking of its own. Raises NotFound, ReasonInvalid, SecondPersonNeeded or BlobDamaged.
    """
    written = written_reason.checked_reason(reason)
    with services.database.transaction() as session:
        matter = _find(services, session, user, document_id)
        _check(services, matter, user)
        blob = stored_content.row(session, matter.document.blob_id)
    # Not under the write lock: a large file must not keep mail from being accepted.
    subject = ("document", document_id)
    content = stored_content.whole(services, user.actor, matter.key, blob, subject)
    with services.database.transaction() as session:
        matter = _find(services, session, user, document_id)
        _check(services, matter, user)
        actions.record(services, session, matter, user, Act.OPEN_ORIGINAL, written)
    return content


def _find(
    services: "Services", session: "Session", user: "SignedInUser", document_id: str
) -> "HeldDocument":
    """Return a document whose file holds nothing that is closed to a user.

    Raises NotFound and OriginalClosed.
    An archive holds all that was found in it, whatever its own type is.
    """
    matter = actions.find(services, session, user, document_id)
    standing = rights.standing_to(services, session, user, matter.submission)
    rows = of_submission(session, matter.submission.id)
    sights = rights.sights(session, standing, rows)
    inside = {document_id}
    while found := {row.id for row in rows if row.parent_id in inside} - inside:
        inside |= found
    if not all(sights[each].is_whole for each in inside):
        raise OriginalClosed
    return matter


def _check(services: "Services", matter: "HeldDocument", user: "SignedInUser") -> None:
    if matter.is_malware and _step(services, matter, user) is not Step.DO:
        raise SecondPersonNeeded


def _step(services: "Services", matter: "HeldDocument", user: "SignedInUser") -> Step:
    return next_step(matter.acts, Act.ASK_ORIGINAL, Act.OPEN_ORIGINAL, user.id, services.now())
