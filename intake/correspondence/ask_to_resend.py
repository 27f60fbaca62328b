"""Ask the sender to send again: one neutral mail, or a task to call.

The mail says that one item could not be opened and nothing else (requirement 116). It goes
only to a registered sender whom the guard lets us answer, once a submission. Everybody
else is called by a person, because nothing proves who would read it.
"""

from typing import TYPE_CHECKING

from intake.access import derived
from intake.access.safeguards import written_reason
from intake.cases import withdrawal
from intake.core import submission_facts
from intake.core.errors import Conflict
from intake.documents import actions
from intake.inspection.verdicts import is_to_be_sent_again
from intake.outbox import post
from intake.outbox.addressees import Caution, link_for, registered_sender_of
from intake.outbox.post import OutgoingMail
from storage.cases import cases
from storage.documents.documents import QUARANTINED
from storage.documents.quarantine import QuarantineActKind
from storage.mail import outbox

if TYPE_CHECKING:
    from intake.access.held_documents import HeldDocument
    from intake.access.opened import OpenedToChange
    from intake.core.services import Services
    from intake.outbox.mail_texts import MailTexts
    from storage.database import Session

KIND = outbox.MailKind.RESEND_REQUEST


def ask_to_resend(
    services: "Services",
    texts: "MailTexts",
    opened: "OpenedToChange[HeldDocument]",
    reason: str,
) -> None:
    """Ask for a document again, by mail or by a task to call; asking twice changes nothing.

    A held one may be asked for unseen. Raises NotFound, also for another one that is closed to the
    user, since its answer would tell what stands in it; ReasonInvalid; and Conflict when the
    document is neither held nor announces papers that lie elsewhere.
    """
    written = written_reason.checked_reason(reason)
    with services.database.transaction() as session:
        held = opened.row(services, session)
        if held.document.state not in QUARANTINED:
            derived.require_whole(services, session, opened.user, held)
        if not is_to_be_sent_again(held.document.state, held.document.findings):
            raise Conflict
        if cases.has_person_withdrawn(session, held.submission.case_id):
            raise withdrawal.PersonWithdrew
        if any(done.act == QuarantineActKind.ASK_TO_RESEND for done in held.acts):
            return
        refused = _write(services, session, texts, held)
        if refused is not None:
            post.call_instead(services, session, held.submission, refused)
        actions.record_act(
            services,
            session,
            held,
            opened.user,
            QuarantineActKind.ASK_TO_RESEND,
            written,
            mail="suppressed" if refused else "written",
        )


def _write(
    services: "Services", session: "Session", texts: "MailTexts", held: "HeldDocument"
) -> str | None:
    """Put the mail into the outbox, due or suppressed; return why it is suppressed, or None."""
    known = [row for row in outbox.of_submission(session, held.submission.id) if row.kind == KIND]
    if known:
        # The same mail was written, or suppressed, for another document of the submission.
        return known[0].reason or None
    submission = held.submission
    header = submission_facts.of_mail(submission, held.key)
    to = registered_sender_of(services, session, submission, header, Caution.AUTOMATIC)
    reference = submission.reference
    mail = OutgoingMail(
        KIND,
        f"Referens / Reference {reference}",
        texts.ask(reference=reference, link=link_for(services, session, to)),
        takes_replies=True,
    )
    return post.write(services, session, to, mail).reason or None
