"""Write times as people read them: in the office's zone, or as how long it is until then.

Where it matters a page shows both: «in 3 h 20 min · Wed 25 Nov 16:00». All times that come in
are aware.
"""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

OFFICE = ZoneInfo("Europe/Helsinki")
# Names of our own, because those of strftime follow the machine's locale.
DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
SOON = timedelta(hours=2)


def moment(at: datetime) -> str:
    """Return a time in the office's zone: `Wed 25 Nov 16:00`."""
    local = at.astimezone(OFFICE)
    return f"{DAYS[local.weekday()]} {local.day} {MONTHS[local.month - 1]} {local:%H:%M}"


def brief(at: datetime) -> str:
    """Return a time without its weekday, for lists: `25 Nov 16:00`."""
    local = at.astimezone(OFFICE)
    return f"{local.day} {MONTHS[local.month - 1]} {local:%H:%M}"


def time_of(at: datetime, now: datetime) -> str:
    """Return the time of a day, with the day unless it is today's: `16:00`, `25 Nov 16:00`."""
    local = at.astimezone(OFFICE)
    return f"{local:%H:%M}" if local.date() == now.astimezone(OFFICE).date() else brief(at)


def full_moment(at: datetime) -> str:
    """Return a time with its year: `25 Nov 2026 16:00`."""
    local = at.astimezone(OFFICE)
    return f"{local.day} {MONTHS[local.month - 1]} {local.year} {local:%H:%M}"


def exact(at: datetime) -> str:
    """Return the time of a day to the second: `16:00:30`."""
    return f"{at.astimezone(OFFICE):%H:%M:%S}"


def span(length: timedelta) -> str:
    """Return a length in its two largest units: `3 h 20 min`, `2 d 4 h`, `under a minute`."""
    minutes = int(abs(length).total_seconds()) // 60
    days, hours = minutes // 1440, minutes % 1440 // 60
    if days:
        return f"{days} d {hours} h" if hours else f"{days} d"
    if hours:
        return f"{hours} h {minutes % 60:02} min" if minutes % 60 else f"{hours} h"
    return f"{minutes} min" if minutes else "under a minute"


def until(due_at: datetime, now: datetime) -> str:
    """Return how far a due time is: `in 3 h 20 min`, or `20 min late`."""
    left = due_at - now
    return f"in {span(left)}" if left > timedelta(0) else f"{span(left)} late"


def urgency(due_at: datetime, now: datetime) -> str:
    """Return `late`, `soon` or `calm`, which chooses the shape and colour of a due time."""
    left = due_at - now
    if left <= timedelta(0):
        return "late"
    return "soon" if left <= SOON else "calm"
