"""Send at most three reminders while documents of a case are missing.

The mail says that there is a question in the service and nothing else (requirement 116). It goes
only to a registered sender who belongs to the case now, and only as the guard for automatic mail
allows. None leaves before an officer confirmed what came, which is what tells what is missing.
Reminders stop when the case is complete, on hold, closed or merged, or somebody wrote.
Where only the address cannot be used, an officer calls instead.
"""

import logging
from typing import TYPE_CHECKING

from intake.cases import completeness, missing_documents
from intake.core import audit
from intake.core.errors import KeyUnavailable
from intake.outbox import post
from intake.outbox.addressees import Addressee, Caution, last_writer_of_case, link_for
from intake.outbox.post import OutgoingMail
from storage.audit_acts import Act
from storage.cases import cases
from storage.cases.cases import CaseState
from storage.mail import outbox
from storage.submissions import queue_items
from storage.submissions.submissions import Programme

if TYPE_CHECKING:
    from datetime import datetime

    from intake.core.services import Services
    from intake.outbox.mail_texts import MailTexts
    from storage.cases.cases import Case
    from storage.database import Session

LOG = logging.getLogger(__name__)
# The outbox holds one message of a kind for a submission, so a repetition sends no second one.
KINDS = outbox.codes_of(outbox.MailKind.REMINDER)
MAX_AT_ONCE = 50
# Only in these states of a case reminders are sent, and never in a state that is added later. A
# case into which another was merged may be RECEIVED though all of it is confirmed; whether it is
# (`missing_documents.confirmed_at`) is said by what came, not by the state.
STATES = frozenset(
    {CaseState.RECEIVED, CaseState.TRIAGE, CaseState.CONFIRMED, CaseState.AWAITING_DOCS}
)


def send_due_reminders(services: "Services", texts: "MailTexts", now: "datetime") -> int:
    """Write the reminders that are due into the outbox, and return how many will be sent.

    Each case has its own transaction. It may be repeated and run by several workers. A case whose
    key is gone was erased, and is left out.
    """
    with services.database.reading() as session:
        due = cases.to_be_reminded(session, now, limit=MAX_AT_ONCE)
    written = 0
    for case_id in due:
        try:
            written += _remind(services, texts, case_id, now)
        except KeyUnavailable:
            LOG.warning("event=reminder_skipped reason=key_unavailable case=%s", case_id)
    return written


def _remind(services: "Services", texts: "MailTexts", case_id: str, now: "datetime") -> bool:
    with services.database.transaction() as session:
        found = cases.locked(session, [case_id])
        if not found or found[0].next_reminder_at is None or found[0].next_reminder_at > now:
            return False
        case = found[0]
        stopped = _why_stopped(services, session, case)
        if stopped is not None:
            _stop(services, session, case, stopped, now)
            return False
        addressee = last_writer_of_case(services, session, case, Caution.AUTOMATIC)
        if addressee is None:
            _stop(services, session, case, "nobody_to_remind", now)
            _call(services, session, case, "sender_not_registered")
            return False
        kind = KINDS[min(case.reminders_sent, len(KINDS) - 1)]
        if outbox.has(session, addressee.submission.id, kind):
            refused = post.refusal(services, session, addressee, kind)
        else:
            refused = _write(services, session, texts, addressee, kind)
        act = Act.REMINDER_SUPPRESSED if refused else Act.REMINDER_WRITTEN
        detail = {"kind": kind, "reason": refused or "", "submission": addressee.submission.id}
        audit.note(services, session, "system:intake", act, ("case", case.id), detail, at=now)
        if refused is not None:
            case.next_reminder_at = None
            _call(services, session, case, refused)
            return False
        case.reminders_sent += 1
        case.next_reminder_at = completeness.next_reminder(services, session, case)
        missing_documents.update_item(services, session, case, is_missing=True)
        return True


def _why_stopped(services: "Services", session: "Session", case: "Case") -> str | None:
    """Return why no reminder of a case is sent, as a code, or None when one is due."""
    if case.merged_into is not None:
        return "case_merged"
    if case.programme != Programme.REFERRALS:
        return "not_a_referral"
    if case.state not in STATES:
        return "case_not_open"
    if case.missing_since_at is None or case.complete_at is not None:
        return "nothing_missing"
    if case.reminders_sent >= len(KINDS):
        return "reminded_often_enough"
    if missing_documents.is_given_up(session, case):
        return "papers_given_up"
    if missing_documents.wrote_since(session, case, case.missing_since_at):
        return "somebody_wrote"
    if missing_documents.confirmed_at(session, case) is None:
        return "not_confirmed_yet"
    filed = completeness.submissions_of(session, case)
    if any(queue_items.is_on_hold(session, each.id) for each in filed):
        return "on_hold"
    # The checklist is applied anew, because the note on the case may be older than the documents.
    found = completeness.completeness_of(services, session, case)
    if found is None:
        return "no_rule_in_force"
    return None if found.missing else "nothing_missing"


def _write(
    services: "Services", session: "Session", texts: "MailTexts", to: Addressee, kind: str
) -> str | None:
    """Put one reminder into the outbox, due or suppressed; return why it is suppressed, or None."""
    reference = to.submission.reference
    text = texts.reminder(reference=reference, link=link_for(services, session, to))
    mail = OutgoingMail(kind, f"Referens / Reference {reference}", text)
    return post.write(services, session, to, mail).reason or None


def _stop(
    services: "Services", session: "Session", case: "Case", reason: str, now: "datetime"
) -> None:
    case.next_reminder_at = None
    subject, detail = ("case", case.id), {"reason": reason}
    audit.note(services, session, "system:intake", Act.REMINDER_STOPPED, subject, detail, at=now)


def _call(services: "Services", session: "Session", case: "Case", reason: str) -> None:
    """Open a task to call instead, so that the missing documents are not forgotten."""
    filed = completeness.submissions_of(session, case)
    if filed:
        post.call_instead(services, session, filed[0], reason)
