"""Choose by which way an officer writes to whoever sent a submission: there always is one.

Mail answers mail. Who signed in to send is written to in the service, where their case is. A sender
of the register without an account is called, and given a single-use link for their papers. For
everybody else the last way is a call that is written down.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from intake.access import coordinator_reach
from intake.accounts.register_entries import account_of_entry
from intake.correspondence.questions import is_question
from intake.correspondence.recipients import AnswerTools, addressee, find_context
from intake.outbox import post
from intake.senders import region_cover
from storage.accounts import users
from storage.cases import cases
from storage.crypto.sealing import unseal
from storage.mail import outbox, senders
from storage.submissions.submissions import Channel, place

if TYPE_CHECKING:
    from intake.access.opened import OpenedToChange
    from intake.core.services import Services
    from intake.correspondence.recipients import AnswerContext
    from intake.senders.region_cover import RegionalContact, RegionCover
    from storage.cases.cases import Case
    from storage.database import Session
    from storage.submissions.submissions import Submission

OFTEN_ENOUGH = "answered_often_enough"


class WriteBy(StrEnum):
    """How an officer writes."""

    MAIL = "mail"
    QUESTION = "question"
    MESSAGE = "message"
    LINK = "link"
    CALL = "call"


@dataclass(frozen=True)
class WayToWrite:
    """The way to write about a submission, and the code of `why` it is no mail, empty for mail.

    `case` is the code of its case, empty without one; `contact` whom the register names for a call
    and `cover` who is in charge of the region, each None when nobody is known. `noted` is what a
    colleague wrote down of a call, with its number, empty for what did not come by telephone.
    """

    channel: WriteBy
    why: str = ""
    case: str = ""
    contact: "RegionalContact | None" = None
    cover: "RegionCover | None" = None
    noted: str = ""


def way_to_write(office: AnswerTools, opened: "OpenedToChange[Submission]") -> WayToWrite:
    """Return the way to write about a submission. Raises NotFound and OnlyToRead."""
    services = office.services
    with services.database.transaction() as session:
        context = find_context(services, session, opened)
        submission = context.submission
        to, kind = addressee(context), outbox.MailKind.ANSWER
        why = post.refusal(services, session, to, kind)
        if why is None and post.free_kind(session, submission, outbox.codes_of(kind)) is None:
            why = OFTEN_ENOUGH
        case = cases.by_id(session, submission.case_id)
        channel = _channel(services, session, submission, case, why)
        return WayToWrite(
            channel,
            why or "",
            case.reference if case is not None else "",
            region_cover.contact_of(services, session, submission.sender_id),
            region_cover.cover_of(services, session, submission.region),
            _noted(context),
        )


def _noted(context: "AnswerContext") -> str:
    submission = context.submission
    if submission.channel != Channel.PHONE:
        return ""
    at = place("submissions", "body_text", submission.id)
    return unseal(context.key, at, submission.body_text)


def _channel(
    services: "Services",
    session: "Session",
    submission: "Submission",
    case: "Case | None",
    why: str | None,
) -> WriteBy:
    if is_question(submission):
        return WriteBy.QUESTION
    if why is None:
        return WriteBy.MAIL
    if case is not None and _has_reader(services, session, case):
        return WriteBy.MESSAGE
    entry = senders.by_id(session, submission.sender_id)
    is_known = entry is not None and senders.is_current(entry, services.now())
    # No link is made for a person who withdrew: what leaves would say that there is a case.
    is_stopped = cases.has_person_withdrawn(session, submission.case_id)
    return WriteBy.LINK if is_known and not is_stopped else WriteBy.CALL


def _has_reader(services: "Services", session: "Session", case: "Case") -> bool:
    """Tell whether somebody with an account that works belongs to a case, to read what is said."""
    for sender_id in coordinator_reach.entries_of_case(session, case):
        entry = senders.by_id(session, sender_id)
        if entry is None or not senders.is_current(entry, services.now()):
            continue
        account = account_of_entry(services, session, entry)
        if account is not None and users.is_active(account, services.now()):
            return True
    return False
