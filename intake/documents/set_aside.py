"""Show a part that the inspection set aside, when somebody asks to see it.

A logo, or another form of the letter, is listed with its reason and has no safe copy. Whoever works
on the submission may ask for one: the part is then inspected as if somebody had attached it, and
stays so at every later scan. The file itself is shown to nobody by this.
"""

from typing import TYPE_CHECKING

from intake.access import derived
from intake.core import audit
from intake.core.errors import Conflict
from intake.inspection.verdicts import ASKED_FOR, can_be_shown
from storage.audit_acts import Act
from storage.documents.documents import DocumentState

if TYPE_CHECKING:
    from intake.access.held_documents import HeldDocument
    from intake.access.opened import OpenedToChange
    from intake.core.services import Services


def show_set_aside(services: "Services", opened: "OpenedToChange[HeldDocument]") -> None:
    """Let a part that was set aside be inspected again, to be shown.

    Raises NotFound, also where the document is closed to the user, and Conflict when it is not set
    aside (any more).
    """
    with services.database.transaction() as session:
        held = opened.row(services, session)
        document = held.document
        derived.require_whole(services, session, opened.user, held)
        if not can_be_shown(document.state, document.reason, document.part_flags):
            raise Conflict
        document.part_flags = sorted({*document.part_flags, ASKED_FOR})
        document.state, document.reason = DocumentState.STORED, ""
        audit.note(
            services,
            session,
            opened.user,
            Act.DOCUMENT_SHOWN,
            ("submission", held.submission.id),
            {"document": document.id, "part": document.path},
            at=services.now(),
        )
        submission_id, document_id = held.submission.id, document.id
    services.queue.enqueue_again(submission_id, f"show-{document_id}")
