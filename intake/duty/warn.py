"""Warn who is on duty before an item's due time runs out, and of an emergency that nobody opened.

Each warning is decided once: the row that says so is written in the transaction that writes its
mails and its webhook call, under the item's lock. So a process that dies in between has decided
nothing, and one that is started again, or whose clock was set back, repeats nothing. One that
reached nobody is given to the managers instead, and anew once somebody is on duty again.
"""

import json
import logging
from typing import TYPE_CHECKING

from intake.core import audit
from intake.duty import duty_list, told_instead
from intake.duty.duty_list import Trouble
from intake.outbox import post, task_mail
from intake.outbox.post import OutgoingMail
from intake.queues import gaps
from intake.reference_data import editions, promises
from storage import audit as audit_trail
from storage.audit_acts import Act
from storage.base import new_id
from storage.lists import work_subjects
from storage.mail import outbox
from storage.submissions import due_warnings, queue_items
from storage.submissions.due_warnings import CallState, DueWarning, HookCall, WarningStep
from storage.submissions.submissions import Programme

if TYPE_CHECKING:
    from datetime import datetime

    from intake.core.services import Services
    from intake.duty.duty_list import DutyList
    from intake.outbox.mail_texts import MailText, MailTexts
    from storage.database import Session
    from storage.lists.work_subjects import About
    from storage.mail.outbox import OutboxMessage
    from storage.submissions.queue_items import QueueItem

LOG = logging.getLogger(__name__)
# Acts by which somebody of the office opened a submission.
OPENED = [Act.SUBMISSION_VIEWED, Act.DOCUMENT_VIEWED]
# Troubles of the list itself, which end when the list is mended; the others a manager ends.
OF_LIST = (
    Trouble.NO_LIST,
    Trouble.NOBODY_ON_DUTY,
    Trouble.NOBODY_ACTS,
    Trouble.NO_TELEPHONE,
    Trouble.HOOK_NOT_SIGNED,
    Trouble.HOOK_NOT_HTTPS,
)

# By these nobody at all is told by mail: what nobody heard of is told once one of them has ended.
NOBODY_TOLD = frozenset({Trouble.NO_LIST, Trouble.NOBODY_ON_DUTY, Trouble.NOBODY_ACTS})
# What a mail says instead of the step: to managers, and to who is on duty after the due time.
STEP_INSTEAD, STEP_LATE = "nobody_told", "late"


def give_warnings(services: "Services", texts: "MailTexts", now: "datetime") -> int:
    """Give every warning that is due by now, and return how many were given.

    Maintenance calls it. It may be repeated and run by several workers at once.
    """
    with services.database.reading() as session:
        offices = editions.offices(services, session)
        waiting = [
            item_id
            for item_id, since, due in due_warnings.waiting(session, now)
            if any(at <= now for at in promises.warnings_before(offices, since, due).values())
        ]
        unseen = due_warnings.unseen(session, now - promises.UNSEEN_AFTER)
    given = 0
    for item_id in dict.fromkeys((*unseen, *waiting)):
        try:
            given += _warn_about(services, texts, item_id, now)
        except Exception as error:  # noqa: BLE001 - one item must not keep the others from being warned of
            LOG.error("event=warning_not_given item=%s error=%s", item_id, type(error).__name__)  # noqa: TRY400 - no traceback
    return given + _close_mended(services, texts, now)


def is_seen(session: "Session", item: "QueueItem") -> bool:
    """Tell whether somebody of the office opened a submission since its item began to wait."""
    subject = ("submission", item.submission_id or "")
    opened = audit_trail.newest_acts(session, subject, OPENED, by="user:")
    return any(event.at >= item.opened_at for event in opened)


def _warn_about(services: "Services", texts: "MailTexts", item_id: str, now: "datetime") -> int:
    """Decide and write the warnings of one item, in a transaction of its own; return how many."""
    with services.database.transaction() as session:
        item = queue_items.locked(session, item_id)
        about = work_subjects.about_one(session, item)
        if item is None or about is None or item.closed_at is not None:
            return 0
        steps = _steps(services, session, item, now)
        given = 0
        for step, is_overtaken in steps.items():
            warning = DueWarning(
                id=new_id(),
                item_id=item.id,
                began_at=item.opened_at,
                step=step,
                decided_at=now,
                mails=0,
                overtaken=is_overtaken,
            )
            session.add(warning)
            session.flush()
            if not is_overtaken:
                _tell(services, texts, session, item, about, warning, now)
                given += 1
        return given


def _steps(
    services: "Services", session: "Session", item: "QueueItem", now: "datetime"
) -> dict[WarningStep, bool]:
    """Return {step that is due and not decided: whether a later one is due too}, in their order."""
    known = due_warnings.known_steps(session, item)
    offices = editions.offices(services, session)
    moments = promises.warnings_before(offices, item.opened_at, item.due_at)
    due = [step for step, at in moments.items() if at <= now < item.due_at and step not in known]
    found = {step: step is not due[-1] for step in due}
    is_unseen = (
        item.id in due_warnings.unseen(session, now - promises.UNSEEN_AFTER)
        and promises.unseen_at(item.opened_at) <= now
        and not is_seen(session, item)
    )
    return {**found, WarningStep.UNSEEN: False} if is_unseen else found


def _tell(
    services: "Services",
    texts: "MailTexts",
    session: "Session",
    item: "QueueItem",
    about: "About",
    warning: DueWarning,
    at: "datetime",
) -> None:
    """Write the mails and the webhook call of a warning; give the managers a task if it fails.

    They get a mail besides where nobody else is told: with the task, and of each emergency that
    nobody opened. When the person of the case withdrew, nothing leaves, which is no fault of the
    list.
    """
    duty = duty_list.in_force(services, session, at)
    on_duty = duty_list.on_duty(services, session, duty, item.programme, at)
    step = warning.step if item.due_at > at or warning.step == WarningStep.UNSEEN else STEP_LATE
    rows = [
        _mail(services, texts, session, item, about, step, address) for address in on_duty.addresses
    ]
    warning.mails = sum(not row.reason for row in rows)
    is_stopped = task_mail.stopped(session, about) is not None
    url = duty.webhook if duty is not None and not is_stopped else ""
    hook_trouble = _hook_trouble(services, url)
    is_called = bool(url) and hook_trouble is None
    if is_called:
        session.add(_call(item, about, warning, url))
    is_told = bool(warning.mails) or is_called
    trouble = None
    if not is_stopped:
        is_refused = warning.mails < len(rows)
        trouble = hook_trouble or (None if is_told else on_duty.trouble)
        trouble = trouble or (Trouble.NOT_MAILED if is_refused or not is_told else None)
        trouble = trouble or _telephone_trouble(duty, item, warning)
    is_new = trouble is not None and gaps.open_gap(services, session, item, trouble)
    told = 0
    if not is_told and not is_stopped and (is_new or warning.step == WarningStep.UNSEEN):
        told = _tell_managers(services, texts, session, item, about)
    detail = {
        "queue": item.queue,
        "kind": item.kind,
        "step": warning.step,
        "mails": warning.mails,
        "managers": told,
        "hook": is_called,
        "reason": trouble or "",
    }
    audit.note(services, session, "system:intake", Act.ITEM_WARNED, about.subject, detail, at=at)


def _tell_managers(
    services: "Services",
    texts: "MailTexts",
    session: "Session",
    item: "QueueItem",
    about: "About",
) -> int:
    """Write a mail to each manager that nobody on duty was told; return how many leave."""
    rows = [
        _mail(services, texts, session, item, about, STEP_INSTEAD, address)
        for address in told_instead.managers(services, session)
    ]
    return sum(not row.reason for row in rows)


def _mail(
    services: "Services",
    texts: "MailTexts",
    session: "Session",
    item: "QueueItem",
    about: "About",
    step: str,
    address: str,
) -> "OutboxMessage":
    """Write the mail of a warning to one address."""
    kind, text = outbox.next_warning(session, item.id), _text(services, texts, item, about, step)
    mail = OutgoingMail(kind, f"Reference {about.reference}", text)
    return post.write_about_task(services, session, item, about, address, mail)


def _telephone_trouble(
    duty: "DutyList | None", item: "QueueItem", warning: DueWarning
) -> Trouble | None:
    """Return that nobody can be called about an emergency that nobody has opened, or None."""
    is_called = duty is not None and bool(duty.telephones_of(item.programme))
    is_unseen = warning.step == WarningStep.UNSEEN
    return Trouble.NO_TELEPHONE if is_unseen and not is_called else None


def _text(
    services: "Services",
    texts: "MailTexts",
    item: "QueueItem",
    about: "About",
    step: str,
) -> "MailText":
    """Return what the mail says: a reference, a queue and a time, and nothing else."""
    return texts.warning(
        reference=about.reference,
        queue=item.queue,
        step=step,
        since=item.opened_at,
        due=item.due_at,
        link=f"{services.settings.public_url}/sign-in",
    )


def _hook_trouble(services: "Services", url: str) -> Trouble | None:
    """Return why the office's webhook cannot be called, None when it can, or none is set."""
    if not url:
        return None
    if services.settings.is_production and not url.startswith("https://"):
        return Trouble.HOOK_NOT_HTTPS
    return Trouble.HOOK_NOT_SIGNED if services.settings.webhook_secret_file is None else None


def _call(item: "QueueItem", about: "About", warning: DueWarning, url: str) -> HookCall:
    body = {
        "reference": about.reference,
        "queue": item.queue,
        "step": warning.step,
        "due_at": item.due_at.isoformat(),
    }
    return HookCall(
        id=new_id(),
        warning_id=warning.id,
        url=url,
        body=json.dumps(body, sort_keys=True),
        state=CallState.DUE,
        made_at=warning.decided_at,
        next_try_at=warning.decided_at,
    )


def troubles_now(
    services: "Services", session: "Session", programme: str, now: "datetime"
) -> set[Trouble]:
    """Return what is wrong with the duty list for a programme at a time."""
    duty = duty_list.in_force(services, session, now)
    found: set[Trouble | None] = {
        duty_list.on_duty(services, session, duty, programme, now).trouble,
        _hook_trouble(services, duty.webhook if duty is not None else ""),
    }
    if duty is not None and not duty.telephones_of(programme):
        found.add(Trouble.NO_TELEPHONE)
    return {each for each in found if each is not None}


def _close_mended(services: "Services", texts: "MailTexts", now: "datetime") -> int:
    """Close the tasks about faults of the list that the list has no more.

    What nobody was told of meanwhile is told now, in the same transaction; return how many.
    """
    given = 0
    for programme in Programme:
        with services.database.reading() as session:
            is_any = due_warnings.open_gaps(session, programme)
        try:
            given += _close_mended_of(services, texts, programme, now) if is_any else 0
        except Exception as error:  # noqa: BLE001 - the tasks stay open, and the other programme is looked at
            LOG.error("event=gap_not_closed error=%s", type(error).__name__)  # noqa: TRY400 - no traceback
    return given


def _close_mended_of(
    services: "Services", texts: "MailTexts", programme: str, now: "datetime"
) -> int:
    with services.database.transaction() as session:
        present = troubles_now(services, session, programme, now)
        closed = gaps.close_mended(services, session, programme, set(OF_LIST) - present)
        if NOBODY_TOLD.isdisjoint(gap.reason for gap in closed):
            return 0
        return _tell_anew(services, texts, session, programme, now)


def _tell_anew(
    services: "Services", texts: "MailTexts", session: "Session", programme: str, now: "datetime"
) -> int:
    """Tell who is on duty of what still waits and nobody was told of; return of how many."""
    given = 0
    for warning_id in due_warnings.untold(session, programme):
        warning = session.get_one(DueWarning, warning_id)
        item = queue_items.locked(session, warning.item_id)
        about = work_subjects.about_one(session, item)
        if item is None or about is None or item.closed_at is not None:
            continue
        is_seen_now = warning.step == WarningStep.UNSEEN and is_seen(session, item)
        if not is_seen_now and task_mail.stopped(session, about) is None:
            _tell(services, texts, session, item, about, warning, now)
            given += 1
    return given
