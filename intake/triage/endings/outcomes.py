"""Tell how a submission may end without a case, which end is likely, and what stands against it.

The likely end is a suggestion and nothing more: a person chooses. What stands against any end is
asked anew by `finish`, under the lock.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from intake.cases import legal_dates
from intake.core import submission_facts
from intake.core.errors import Conflict
from intake.filing import own_case
from intake.filing.flags import MISDIRECTED
from intake.filing.misdirected import MisdirectionKind
from intake.filing.own_case import CaseEnd
from intake.filing.rules import LOOKALIKE, LOOKALIKE_PREFIX
from intake.outbox import responders
from intake.queues import ends
from intake.queues.task_outcomes import CALL_SAID_FORGED
from intake.senders import automatic_mail, letters, newsletters
from intake.senders.verdict import DMARC_FAILED
from storage.crypto.sealing import unseal
from storage.documents import documents
from storage.mail import outbox
from storage.mail.outbox import MailKind, MessageState
from storage.submissions import queue_items
from storage.submissions.queue_items import Queue
from storage.submissions.submissions import (
    Channel,
    Outcome,
    Priority,
    SenderVerdict,
    SubmissionState,
    place,
)

if TYPE_CHECKING:
    from intake.core.services import Services
    from storage.crypto.keys import DataKey
    from storage.database import Session
    from storage.submissions.submissions import Submission

AUTOMATIC_MAIL = "automatic_mail"
# How mail ends that seems to be meant for another; a sign of danger suggests no end at all.
BY_MISDIRECTION = {
    MisdirectionKind.CASH_AT_REFERRALS: Outcome.REDIRECTED,
    MisdirectionKind.REFERRAL_AT_CASH: Outcome.REDIRECTED,
    MisdirectionKind.REPATRIATION_GRANT: Outcome.REDIRECTED,
    MisdirectionKind.REINTEGRATION: Outcome.REDIRECTED,
    MisdirectionKind.ASYLUM: Outcome.REDIRECTED,
    MisdirectionKind.COUNTRY_NOT_LISTED: Outcome.NOT_FOR_US,
    MisdirectionKind.JOB: Outcome.NOT_FOR_US,
    MisdirectionKind.PRESS: Outcome.NOT_FOR_US,
    MisdirectionKind.ADVERTISING: Outcome.NOT_FOR_US,
}
# The prepared answers that say where else to turn, or that nothing can be done here.
BY_ANSWER = {
    "ask_reception_officer": Outcome.REDIRECTED,
    "cash_how_to_apply": Outcome.REDIRECTED,
    "country_not_listed": Outcome.NOT_FOR_US,
    "wrong_door_repatriation_grant": Outcome.REDIRECTED,
    "wrong_door_eurp": Outcome.REDIRECTED,
    "wrong_door_asylum": Outcome.REDIRECTED,
}


class HasOtherEnd(Conflict):
    """The submission was confirmed, or is one of several of a case that goes on."""

    reason = "has_other_end"
    public = (
        "It belongs to a case, so it ends with the case. Confirm it in writing, or close it "
        "without and say why. What does not belong to this case can be taken out of it, and then "
        "be finished. Nothing was changed."
    )


class ProtectionOpen(Conflict):
    """Signs that somebody may need protection wait for a protection officer."""

    reason = "protection_open"
    public = (
        "It has signs that somebody may need protection. A protection officer looks at them "
        "first; then it can be finished. Nothing was changed."
    )


class LegalDateOpen(Conflict):
    """A day that the law or an authority sets is near, or a person confirmed one to come."""

    reason = "legal_date_open"
    public = (
        "A legal date of it is open. Take the date off the clocks if it is none, or give the "
        "submission its case. Nothing was changed."
    )


@dataclass(frozen=True)
class Ways:
    """How a submission that waits may end: what fits, what is likely, and what stands against it.

    `is_of_machine` tells that it is a machine's mail beyond doubt, so that one key finishes it.
    `obstacle` is the reason of the refusal, empty when nothing stands against an end. `ends_case`
    tells that the case which it alone opened ends with it, `case_stays` that its case stays open.
    """

    fitting: tuple[Outcome, ...]
    likely: Outcome | None
    is_of_machine: bool
    obstacle: str
    ends_case: bool = False
    case_stays: bool = False


def ways_of(
    services: "Services", session: "Session", submission: "Submission", key: "DataKey"
) -> Ways | None:
    """Return how a submission may end without a case; None when it does not wait."""
    if submission.state not in ends.WAITING:
        return None
    is_automatic = is_automatic_mail(services, session, submission, key)
    is_sure = is_automatic and (
        not may_be_a_person(services, session, submission, key)
        or _is_newsletter(services, session, submission, key)
    )
    found = obstacle(services, session, submission)
    is_filed = found is None and submission.case_id is not None
    of_case = own_case.end_of(session, submission) if is_filed else None
    return Ways(
        fitting=fitting(submission),
        likely=Outcome.AUTOMATIC if is_automatic else _likely(session, submission),
        is_of_machine=is_sure,
        obstacle=found.reason if found is not None else "",
        ends_case=of_case is CaseEnd.ENDS,
        case_stays=of_case is CaseEnd.STAYS,
    )


def fitting(submission: "Submission") -> tuple[Outcome, ...]:
    """Return the ends that a submission can have, by the way on which it came."""
    left_out = set()
    if submission.channel != Channel.EMAIL:
        left_out.add(Outcome.AUTOMATIC)
    if submission.submitted_by is not None:
        # Whoever signed in proved who they are.
        left_out.add(Outcome.FORGED)
    return tuple(each for each in Outcome if each not in left_out)


def obstacle(
    services: "Services", session: "Session", submission: "Submission"
) -> type[Conflict] | None:
    """Return what stands against ending a submission without a case, None when nothing does."""
    if submission.state == SubmissionState.CONFIRMED:
        return HasOtherEnd
    if submission.case_id is not None and own_case.end_of(session, submission) is None:
        return HasOtherEnd
    items = queue_items.of_submission(session, submission.id)
    if any(item.queue == Queue.PROTECTION and item.closed_at is None for item in items):
        return ProtectionOpen
    if legal_dates.is_open(services, session, submission):
        return LegalDateOpen
    return None


def is_automatic_mail(
    services: "Services", session: "Session", submission: "Submission", key: "DataKey"
) -> bool:
    """Tell whether a mail was filed as a machine's, or has the signs of one."""
    if submission.filing_reason == AUTOMATIC_MAIL:
        return True
    mail = _mail(services, session, submission, key)
    is_registered = submission.sender_verdict == SenderVerdict.REGISTERED
    own = services.settings.own_addresses
    return mail is not None and (
        automatic_mail.machine_kind(mail, own, is_registered=is_registered) is not None
    )


def may_be_a_person(
    services: "Services", session: "Session", submission: "Submission", key: "DataKey"
) -> bool:
    """Tell whether a person may have written automatic mail all the same, or it brings papers."""
    mail = _mail(services, session, submission, key)
    if mail is None:
        return False
    if automatic_mail.has_papers(documents.of_submission(session, submission.id)):
        return True
    own = services.settings.own_addresses
    is_away = responders.is_away(services, session, submission)
    if any(automatic_mail.automatic_signs(mail, own)):
        return automatic_mail.may_be_a_person(mail, own, is_away=is_away)
    return not is_away


def _is_newsletter(
    services: "Services", session: "Session", submission: "Submission", key: "DataKey"
) -> bool:
    """Tell whether somebody unknown sent a newsletter, of which nothing is urgent.

    An officer sees it before they finish it; what nobody opens is judged by `may_be_a_person`.
    """
    mail = _mail(services, session, submission, key)
    is_known = submission.sender_verdict == SenderVerdict.REGISTERED
    if mail is None or is_known or _is_refused(submission):
        return False
    if submission.priority in {Priority.EMERGENCY, Priority.URGENT}:
        return False
    body = unseal(key, place("submissions", "body_text", submission.id), submission.body_text)
    return newsletters.is_newsletter(mail, body, services.settings.own_addresses)


def _mail(
    services: "Services", session: "Session", submission: "Submission", key: "DataKey"
) -> automatic_mail.IncomingMail | None:
    header = submission_facts.of_mail(submission, key)
    if submission.channel != Channel.EMAIL or header is None:
        return None
    rows = documents.of_submission(session, submission.id)
    letter = letters.reader_of(services, session, submission)
    return automatic_mail.incoming(header, header.from_address, rows, letter=letter)


def _likely(session: "Session", submission: "Submission") -> Outcome | None:
    found = [
        flag.removeprefix(MISDIRECTED) for flag in submission.flags if flag.startswith(MISDIRECTED)
    ]
    if MisdirectionKind.PROTECTION in found:
        return None
    if _is_answered(session, submission):
        return Outcome.ANSWERED
    if _is_refused(submission):
        return Outcome.FORGED
    if submission.duplicate_of is not None or submission.possible_duplicate_of is not None:
        return Outcome.DUPLICATE
    known = {kind.value: outcome for kind, outcome in BY_MISDIRECTION.items()}
    return next((known[each] for each in found if each in known), None)


def _is_answered(session: "Session", submission: "Submission") -> bool:
    return any(
        row.kind.startswith(MailKind.ANSWER) and row.state != MessageState.SUPPRESSED
        for row in outbox.of_submission(session, submission.id)
    )


def _is_refused(submission: "Submission") -> bool:
    """Tell whether another wrote in the sender's name, or nearly in it, or a call said so."""
    return any(
        reason in {DMARC_FAILED, LOOKALIKE, CALL_SAID_FORGED} or reason.startswith(LOOKALIKE_PREFIX)
        for reason in submission.sender_reasons
    )
