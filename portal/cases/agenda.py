"""Say what comes next in a case and what waits in it, from what its page knows anyway.

The dates themselves are counted elsewhere; here they are only put in their order.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from portal.text import labels, triage
from portal.text.formatting import OFFICE
from storage.submissions.queue_items import TaskKind

if TYPE_CHECKING:
    from intake.cases.views import CaseView

NEXT = 3

# Our own clock may run out before it, and stands beside it under its queue.
PROMISED = "Promised to the sender: confirm in writing"


@dataclass(frozen=True)
class Thing:
    """One thing to come: what, when, and the code of the submission that it is about, or empty.

    `at` is a moment (UTC), `day` a day without a time; one of them is set. `is_sure` is False for a
    day that was only read so far.
    """

    what: str
    at: datetime | None = None
    day: date | None = None
    reference: str = ""
    is_sure: bool = True

    def on(self) -> date:
        """Return the day on which it falls, in the office."""
        return self.day or (self.at.astimezone(OFFICE).date() if self.at else date.max)


def next_things(case: "CaseView", now: datetime) -> tuple[Thing, ...]:
    """Return the next three things of a case with their dates, the nearest first."""
    things = [*_things(case, now)]
    return tuple(sorted(things, key=lambda each: (each.on(), each.at is None, each.what))[:NEXT])


def _things(case: "CaseView", now: datetime) -> Iterator[Thing]:
    today = now.astimezone(OFFICE).date()
    for item in case.waiting:
        what = labels.queue(item.queue)
        if item.kind != TaskKind.SUBMISSION:
            what = labels.TASKS.get(item.kind, labels.spaced(item.kind))
        yield Thing(what, at=item.due_at, reference=item.reference)
    waiting = {(item.reference, item.due_at) for item in case.waiting}
    for filed in case.filed:
        if filed.promised_at and (filed.reference, filed.promised_at) not in waiting:
            yield Thing(
                "Promised to the sender: confirm in writing",
                at=filed.promised_at,
                reference=filed.reference,
            )
    for each in case.dates:
        if each.day >= today:
            what = triage.legal_date(each.kind)
            yield Thing(what, day=each.day, reference=each.reference, is_sure=each.is_confirmed)
    for consent in case.consents:
        if consent.expires_on is not None and consent.expires_on >= today:
            yield Thing("A consent ends", day=consent.expires_on)
    if case.next_reminder_at is not None:
        yield Thing("The coordinator is reminded of what is missing", at=case.next_reminder_at)
