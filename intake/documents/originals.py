"""Open an original file as it was sent: with a reason, and by two people after a malware verdict.

Staff work on safe copies; opening an original is the exception, and each opening is recorded. The
portal's policy says which roles may do it.
"""

from typing import TYPE_CHECKING

from intake.access import rights
from intake.access.safeguards import written_reason
from intake.access.safeguards.four_eyes import TwoPersonAct, require_second
from intake.core import stored_content
from intake.core.errors import IntakeError
from intake.documents import actions
from storage.documents.documents import of_submission
from storage.documents.quarantine import QuarantineActKind

if TYPE_CHECKING:
    from intake.access.held_documents import HeldDocument
    from intake.access.opened import OpenedToChange
    from intake.accounts.accounts import SignedInUser
    from intake.core.services import Services
    from storage.database import Session


class OriginalClosed(IntakeError):
    """A file holds documents that are closed to the user."""

    reason = "original_closed"
    public = "This file holds documents that are closed to you. Nothing was opened."
    status = 403


def ask_original(services: "Services", opened: "OpenedToChange[HeldDocument]", reason: str) -> None:
    """Ask, as the first of two people, for a file with a malware verdict.

    Asking twice changes nothing. For other files the request is recorded, but it is not needed.
    Raises NotFound, OriginalClosed and ReasonInvalid.
    """
    written = written_reason.checked_reason(reason)
    with services.database.transaction() as session:
        held = _find(services, session, opened)
        if opened.user.id in _asked_by(services, held):
            return
        actions.record_act(
            services, session, held, opened.user, QuarantineActKind.ASK_ORIGINAL, written
        )


def open_original(
    services: "Services", opened: "OpenedToChange[HeldDocument]", reason: str
) -> bytes:
    """Return the file's bytes after their SHA-256 was checked and the act was recorded.

    With a malware verdict somebody else must have asked within 72 hours; each opening takes a new
    request. Raises NotFound, OriginalClosed, ReasonInvalid, FourEyesNeeded or BlobDamaged.
    """
    written = written_reason.checked_reason(reason)
    with services.database.transaction() as session:
        held = _find(services, session, opened)
        _check(services, session, held, opened.user)
        blob = stored_content.row(session, held.document.blob_id)
    # Read outside the write transaction: a large file must not delay the acceptance of mail.
    subject = ("document", held.document.id)
    content = stored_content.whole(services, opened.user.actor, held.key, blob, subject)
    with services.database.transaction() as session:
        held = _find(services, session, opened)
        _check(services, session, held, opened.user)
        actions.record_act(
            services, session, held, opened.user, QuarantineActKind.OPEN_ORIGINAL, written
        )
    return content


def _find(
    services: "Services", session: "Session", opened: "OpenedToChange[HeldDocument]"
) -> "HeldDocument":
    """Return a document whose file holds nothing that is closed to a user.

    An archive holds all that was found in it, whatever its own type is. Raises NotFound and
    OriginalClosed.
    """
    held = opened.row(services, session)
    # To save the file is more than to read it: what was opened with a reason does not count.
    relationship = rights.to_change(services, session, opened.user, held.submission)
    rows = of_submission(session, held.submission.id)
    visibilities = rights.visibilities(session, relationship, rows)
    family = {held.document.id}
    while found := {row.id for row in rows if row.parent_id in family} - family:
        family |= found
    if not all(visibilities[each].is_whole for each in family):
        raise OriginalClosed
    return held


def _check(
    services: "Services", session: "Session", held: "HeldDocument", user: "SignedInUser"
) -> None:
    if held.is_malware:
        require_second(session, TwoPersonAct.ORIGINAL, user, _asked_by(services, held))


def _asked_by(services: "Services", held: "HeldDocument") -> set[str]:
    return held.asked_by(
        QuarantineActKind.ASK_ORIGINAL, QuarantineActKind.OPEN_ORIGINAL, services.now()
    )
