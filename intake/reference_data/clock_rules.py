"""Check a proposed edition of the service clocks: its targets, reminders and legal days.

Each message says where the fault is.
"""

from collections.abc import Collection, Iterator
from typing import Any
from zoneinfo import ZoneInfoNotFoundError

import holidays

from intake.core.office_clock import office_of
from storage.cases.legal_dates import LegalDateKind
from storage.submissions.queue_items import Queue
from storage.submissions.submissions import Priority

MAX_HOURS = 400
MAX_DAYS = 365


def clock_problems(content: dict[str, Any]) -> Iterator[str]:  # Any: an edition's JSON
    """Yield what is wrong with an edition of clocks, except with its source."""
    faults = [*_targets("targets", content.get("targets"), list(Queue))]
    faults += _targets("confirmation", content.get("confirmation"), list(Priority))
    faults += _reminders(content.get("reminders_after_working_days"))
    faults += _legal(content.get("legal"))
    for name in ("holidays_of", "coordinators_holidays_of"):
        country = content.get(name)
        if country not in list(holidays.list_supported_countries()):
            faults.append(f"«{name}»: no holidays are known for «{country}».")
    yield from faults
    if faults:
        return
    try:
        office = office_of({**content, "valid_from": "2000-01-01", "valid_to": None})
    except (ValueError, ZoneInfoNotFoundError) as error:
        yield f"The clocks cannot be read: {error}."
        return
    if office.opens.tzinfo is not None or office.closes.tzinfo is not None:
        yield "The hours must be times of day without a zone, such as 08:00."
    elif office.opens >= office.closes:
        yield "The office must open before it closes."


def _targets(name: str, targets: object, keys: Collection[str]) -> Iterator[str]:
    if not isinstance(targets, dict):
        yield f"«{name}» must be an object of {', '.join(sorted(keys))}."
        return
    for key in sorted(set(keys) - set(targets)):
        yield f"«{name}» has no clock for {key}."
    for key, target in targets.items():
        where = f"«{name}», {key}"
        if key not in keys:
            yield f"{where}: there is no such clock."
        elif not isinstance(target, dict) or len(target) != 1:
            yield f"{where}: give either «working_hours» or «end_of_working_day»."
        elif "working_hours" in target:
            hours = target["working_hours"]
            if isinstance(hours, bool) or not isinstance(hours, int | float):
                yield f"{where}: the working hours must be a number."
            elif not 0 < hours <= MAX_HOURS:
                yield f"{where}: the working hours must be more than 0 and at most {MAX_HOURS}."
        elif "end_of_working_day" in target:
            if not is_whole(target["end_of_working_day"], 0, MAX_DAYS):
                yield f"{where}: the working day must be a whole number from 0 to {MAX_DAYS}."
        else:
            yield f"{where}: give either «working_hours» or «end_of_working_day»."


def _reminders(days: object) -> Iterator[str]:
    if not isinstance(days, list) or len(days) != 3:
        yield "«reminders_after_working_days» must be three numbers of days."
    elif not all(is_whole(day, 1, MAX_DAYS) for day in days):
        yield f"The days of the reminders must be whole numbers from 1 to {MAX_DAYS}."
    elif sorted(set(days)) != days:
        yield "Each reminder must come later than the one before it."


def _legal(legal: object) -> Iterator[str]:
    known = {"warn_days", "emergency_days", "passed_days"}
    if not isinstance(legal, dict) or set(legal) != known:
        yield f"«legal» must have {', '.join(sorted(known))}."
        return
    warn, emergency = legal["warn_days"], legal["emergency_days"]
    if not isinstance(warn, list) or not warn or not all(is_whole(d, 1, MAX_DAYS) for d in warn):
        yield f"«warn_days» must be whole numbers from 1 to {MAX_DAYS}."
    if not isinstance(emergency, dict) or not set(emergency) <= set(LegalDateKind):
        yield f"«emergency_days» must be an object of {', '.join(sorted(set(LegalDateKind)))}."
    elif not all(is_whole(days, 1, MAX_DAYS) for days in emergency.values()):
        yield f"«emergency_days» must be whole numbers from 1 to {MAX_DAYS}."
    if not is_whole(legal["passed_days"], 1, MAX_DAYS):
        yield f"«passed_days» must be a whole number from 1 to {MAX_DAYS}."


def is_whole(value: object, least: int, most: int) -> bool:
    """Tell whether a JSON value is a whole number from `least` to `most`."""
    return isinstance(value, int) and not isinstance(value, bool) and least <= value <= most
