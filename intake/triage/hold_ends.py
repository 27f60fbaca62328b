"""Hold a submission until a time, after which it comes back by itself and says why it was held.

The officer chooses one of a few days in words, or names a day and time of their own. What was held
without an end, because a call said that it is forged, waits until somebody ends it.
"""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from intake.core import office_clock
from intake.core.errors import FieldsInvalid
from intake.triage import decisions
from storage.submissions import due_items, submissions

if TYPE_CHECKING:
    from intake.core.services import Services

# After so many working days a hold may end, the first being the usual one.
WORKING_DAYS = (1, 3, 5)
# The end of a hold that must be over before the next working day.
SOON = 0
SHORTLY = timedelta(minutes=15)
MAX_HOLD = timedelta(days=60)
MAX_AT_ONCE = 200
# How the reason of what came back from a hold begins; the hold's own reason follows.
OVER = "hold_over_"


class HoldEndInvalid(FieldsInvalid):
    """The end of a hold is missing, over already, or too far away; `errors` has it as `until`."""

    reason = "hold_end_invalid"
    public = "Say until when it waits: a day and time within the next 60 days. Nothing was changed."


def usual_ends(services: "Services", due_at: datetime | None = None) -> dict[int, datetime]:
    """Return {working days: when a hold may end, aware}, when the office opens on each day.

    None lies after `due_at`, which the hold does not move. Where that leaves none, the one end is
    halfway to it, under 0 days; what is due already comes back shortly.
    """
    now = services.now()
    ends = {
        days: office_clock.working_days_after(services.offices, now, days) for days in WORKING_DAYS
    }
    if due_at is None:
        return ends
    in_time = {days: at for days, at in ends.items() if at <= due_at}
    return in_time or {SOON: now + max((due_at - now) / 2, SHORTLY)}


def checked_end(services: "Services", until: datetime | None) -> datetime:
    """Return when a hold ends, in UTC. Raises HoldEndInvalid."""
    now = services.now()
    if until is None or not now < until <= now + MAX_HOLD:
        raise HoldEndInvalid({"until": HoldEndInvalid.public})
    return until.astimezone(now.tzinfo)


def return_due(services: "Services", now: datetime) -> int:
    """Let every submission whose hold is over wait in its queue again; return how many there were.

    Maintenance calls it. Each is a transaction of its own, in which the submission is locked first,
    as by an officer who decides meanwhile: then nothing is left to do.
    """
    with services.database.reading() as session:
        held_items = due_items.held_until(session, now, limit=MAX_AT_ONCE)
        waiting = [item.submission_id for item in held_items if item.submission_id is not None]
    returned = 0
    for submission_id in waiting:
        with services.database.transaction() as session:
            submission = submissions.locked(session, submission_id)
            held = decisions.hold_of(session, submission) if submission is not None else None
            if submission is None or held is None or held.held_until is None:
                continue
            if held.held_until > now:
                continue
            why = held.reason.removeprefix(decisions.HELD)
            decisions.resume_locked(services, session, "system:intake", submission, f"{OVER}{why}")
            returned += 1
    return returned
