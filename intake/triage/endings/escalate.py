"""Hand a sign of danger on: a task for those to whom it is escalated, and a mail that says so.

The task stands in the queue of protection with a promised time of its own, so that it is warned of
like the rest. It is for every protection officer, or one of them is chosen. The mail is of the kind
that warnings are and says a reference, a queue and a time. Where none goes out, the managers and
who is on duty get one instead, and the managers the task to tell somebody. Taken back, the tasks
end with it.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from intake.access import programmes
from intake.access.edit_conflicts import PERSON
from intake.accounts.accounts import email_hash
from intake.core.errors import Conflict
from intake.duty import duty_list, told_instead
from intake.outbox import post, task_mail
from intake.outbox.post import OutgoingMail
from intake.queues import assignment, gaps
from intake.queues.colleagues import Colleague, colleagues_of
from intake.queues.task_outcomes import Outcome
from intake.queues.tasks import QUEUE_OF_KIND, add_task
from storage import audit as audit_trail
from storage.accounts import users
from storage.audit_acts import Act
from storage.mail import outbox
from storage.submissions import queue_items
from storage.submissions.queue_items import TaskKind

if TYPE_CHECKING:
    from collections.abc import Iterable

    from intake.accounts.accounts import SignedInUser
    from intake.core.services import Services
    from intake.outbox.mail_texts import MailTexts
    from storage.database import Session
    from storage.lists.work_subjects import About
    from storage.submissions.queue_items import QueueItem
    from storage.submissions.task_outcomes import TaskOutcome

KIND = TaskKind.PROTECTION_ESCALATED
# What the mail says instead of a part of the time that is over: to whom it was escalated, and to
# those who are told because that reached nobody.
STEP, STEP_INSTEAD = "escalated", "escalated_to_nobody"

# The parts of the act's detail that say how many mails went to whom.
MAILS, MANAGERS, ON_DUTY, STOPPED = "mails", "managers", "on_duty", "stopped"


@dataclass(frozen=True)
class Mailed:
    """How many mails left to whom: to those who were asked, else to managers and who is on duty.

    `is_stopped` tells that nobody was written to because the person of the case withdrew.
    """

    asked: int = 0
    managers: int = 0
    on_duty: int = 0
    is_stopped: bool = False


def colleagues_for(
    services: "Services", session: "Session", user: "SignedInUser", programme: str
) -> tuple[Colleague, ...]:
    """Return to whom a user can escalate by name: the others who do such tasks, by label."""
    roles = programmes.holders_of(QUEUE_OF_KIND[KIND], programme)
    able = users.able(session, roles, services.now())
    return colleagues_of(services, session, [row for row in able if row.id != user.id])


def escalate(
    services: "Services",
    texts: "MailTexts",
    session: "Session",
    user: "SignedInUser",
    about: "About",
    to: Colleague | None,
) -> dict[str, str | int]:
    """Open the task about a locked submission, and tell of it; return the audit's details of it.

    `to` is one of `colleagues_for`, None for all of them. One that is open already is told of
    anew, and theirs who is named.
    """
    submission = about.submission
    if submission is None:
        raise Conflict
    add_task(services, session, submission.id, kind=KIND, reason=KIND)
    item = queue_items.open_of_kind(session, submission.id, KIND)
    if item is None:
        raise Conflict
    if to is not None:
        assignment.give_locked(services, session, user, item, to)
    everyone = colleagues_for(services, session, user, item.programme)
    named = told_instead.addresses_of(services, session, (to,) if to is not None else everyone)
    is_stopped = task_mail.stopped(session, about) is not None

    def tell(addresses: "Iterable[str]", step: str) -> int:
        mails = [_mail(services, texts, session, item, about, each, step) for each in addresses]
        return sum(not each.reason for each in mails)

    detail: dict[str, str | int] = {"to": to.id if to is not None else ""}
    asked = tell(named, STEP)
    detail |= {MAILS: asked, STOPPED: is_stopped}
    if asked or is_stopped:
        return detail
    gaps.open_gap(services, session, item, gaps.NOBODY_ASKED)
    managers, on_duty = _told_instead(services, session, user, item.programme)
    return detail | {
        MANAGERS: tell(managers, STEP_INSTEAD),
        ON_DUTY: tell(on_duty, STEP_INSTEAD),
    }


def can_tell_instead(
    services: "Services", session: "Session", user: "SignedInUser", programme: str
) -> bool:
    """Tell whether anybody gets a mail where nobody else is a protection officer."""
    return any(_told_instead(services, session, user, programme))


def mailed_about(session: "Session", row: "TaskOutcome") -> Mailed | None:
    """Return who was told by mail of what somebody escalated, None for another outcome."""
    if row.outcome != Outcome.ESCALATED or row.submission_id is None:
        return None
    subject, acts = ("submission", row.submission_id), [Act.TASK_DONE]
    for event in audit_trail.newest_acts(session, subject, acts, by=PERSON):
        if event.detail.get("item") == row.item_id and event.at == row.at:
            found = event.detail
            return Mailed(
                int(found.get(MAILS, 0)),
                int(found.get(MANAGERS, 0)),
                int(found.get(ON_DUTY, 0)),
                is_stopped=bool(found.get(STOPPED)),
            )
    return None


def end_gap(services: "Services", session: "Session", item: "QueueItem") -> None:
    """End the managers' task about an escalation that was decided."""
    if item.kind == KIND:
        gaps.close_of(services, session, item)


def waits(session: "Session", row: "TaskOutcome") -> bool:
    """Tell whether what somebody reported was escalated, and still waits for whom it was."""
    if row.outcome != Outcome.ESCALATED or row.submission_id is None:
        return False
    items = queue_items.of_submission(session, row.submission_id)
    return any(item.kind == KIND and item.closed_at is None for item in items)


def take_back(services: "Services", session: "Session", row: "TaskOutcome") -> None:
    """End the task that a report opened, which is taken back; its mail leaves no more."""
    if row.outcome == Outcome.ESCALATED and row.submission_id is not None:
        item = queue_items.open_of_kind(session, row.submission_id, KIND)
        if item is not None:
            gaps.close_of(services, session, item)
        queue_items.close_kind(session, row.submission_id, KIND, services.now())


def _told_instead(
    services: "Services", session: "Session", user: "SignedInUser", programme: str
) -> tuple[list[str], list[str]]:
    """Return the addresses of the managers, and of who is on duty, each once.

    The user, who escalates, is told of nothing.
    """
    now = services.now()
    managers = told_instead.managers(services, session)
    duty = duty_list.in_force(services, session, now)
    on_duty = duty_list.on_duty(services, session, duty, programme, now).addresses

    def is_own(address: str) -> bool:
        found = users.by_email_hash(session, email_hash(services, session, address))
        return found is not None and found.id == user.id

    return managers, [each for each in on_duty if each not in managers and not is_own(each)]


def _mail(
    services: "Services",
    texts: "MailTexts",
    session: "Session",
    item: "QueueItem",
    about: "About",
    address: str,
    step: str,
) -> outbox.OutboxMessage:
    text = texts.warning(
        reference=about.reference,
        queue=item.queue,
        step=step,
        since=item.opened_at,
        due=item.due_at,
        link=f"{services.settings.public_url}/sign-in",
    )
    kind = outbox.next_warning(session, item.id)
    mail = OutgoingMail(kind, f"Reference {about.reference}", text)
    return post.write_about_task(services, session, item, about, address, mail)
