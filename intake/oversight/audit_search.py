"""Search the audit trail by act, actor, subject and days; the search itself is audited.

The result shows times, acts, actors' labels and references. An event's detail is left out, and
sealed values are not in the trail at all.
"""

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from intake.core import audit, office_clock, references
from intake.core.errors import IntakeError, ReferenceInvalid
from storage.accounts import users
from storage.audit_acts import Act
from storage.lists import audit_search as trail

if TYPE_CHECKING:
    from collections.abc import Mapping

    from intake.accounts.accounts import SignedInUser
    from intake.core.audit import Actor
    from intake.core.services import Services
    from storage.audit import AuditEvent
    from storage.database import Session

MAX_DAYS = 92
MAX_SHOWN = 200
DEFAULT_DAYS = 7
ACT = re.compile(r"[a-z_]{0,24}(\.[a-z_]{0,24})?")
# How the names of actors without an account begin.
OTHERS = ("system:", "anonymous")
USER = "user:"


class SearchInvalid(IntakeError):
    """Fields of the search are invalid; `faults` is {field: sentence}."""

    reason = "search_invalid"
    public = "This search cannot be made."
    status = 400

    def __init__(self, faults: dict[str, str]) -> None:
        super().__init__()
        self.faults = faults


@dataclass(frozen=True)
class Asked:
    """The fields of the form. Days are `2026-11-24`, the last included, in the office's zone."""

    act: str = ""
    actor: str = ""
    reference: str = ""
    from_day: str = ""
    to_day: str = ""


@dataclass(frozen=True)
class FoundEvent:
    """One event. `reference` is a code or an account's label, empty where there is none."""

    at: datetime
    actor: str
    act: str
    subject_type: str
    reference: str


@dataclass(frozen=True)
class FoundEvents:
    """The newest events that were found; `is_cut` when there are more."""

    events: list[FoundEvent]
    is_cut: bool


def default_days(services: "Services") -> tuple[str, str]:
    """Return the first and the last day of the last week, as the form has them."""
    today = office_clock.office_day(services.offices, services.now())
    return (today - timedelta(days=DEFAULT_DAYS)).isoformat(), today.isoformat()


def search_audit(services: "Services", viewer: "SignedInUser", asked: Asked) -> FoundEvents:
    """Search the trail, and record the search in it. Raises SearchInvalid."""
    with services.database.reading() as session:
        wanted = _wanted(services, session, asked)
        rows = trail.find(session, wanted, limit=MAX_SHOWN + 1)
        events = shown_events(session, rows[:MAX_SHOWN])
    detail = {
        "act": wanted.act_prefix,
        "actors": list(wanted.actors),
        "shown": [subject_id for _, subject_id in wanted.subjects],
        "since": wanted.since.isoformat(),
        "until": wanted.until.isoformat(),
    }
    with services.database.transaction() as session:
        note_search(services, session, viewer, events, detail)
    return FoundEvents(events, len(rows) > MAX_SHOWN)


def note_search(
    services: "Services",
    session: "Session",
    viewer: "Actor | str",
    events: list[FoundEvent],
    detail: "Mapping[str, object]",
) -> None:
    """Record that the trail was searched: by what, and how many events were found."""
    found = {**detail, "found": len(events)}
    audit.note(services, session, viewer, Act.AUDIT_SEARCHED, ("audit", "trail"), found)


def _wanted(services: "Services", session: "Session", asked: Asked) -> trail.Wanted:
    faults: dict[str, str] = {}
    prefix = asked.act.strip().lower()
    if ACT.fullmatch(prefix) is None:
        faults["act"] = "An act is small letters with a point, such as submission.viewed."
    days = _days(asked, faults)
    actors = _actors(session, asked.actor.strip(), faults)
    subjects = _subjects(session, asked.reference.strip(), faults)
    if faults or days is None:
        raise SearchInvalid(faults)
    zone = office_clock.in_force(services.offices, services.now()).zone
    since = datetime.combine(days[0], time(), zone)
    until = datetime.combine(days[1] + timedelta(days=1), time(), zone)
    return trail.Wanted(since, until, prefix, actors, subjects)


def _days(asked: Asked, faults: dict[str, str]) -> tuple[date, date] | None:
    days = {}
    for field, text in (("from_day", asked.from_day), ("to_day", asked.to_day)):
        try:
            days[field] = date.fromisoformat(text)
        except ValueError:
            faults[field] = "Write the day as year, month and day, such as 2026-11-24."
    if len(days) < 2:
        return None
    first, last = days["from_day"], days["to_day"]
    if not date(2000, 1, 1) <= first <= last < date(2200, 1, 1):
        faults["to_day"] = "The last day is before the first day, or no day of ours."
    elif (last - first).days >= MAX_DAYS:
        faults["to_day"] = f"At most {MAX_DAYS} days can be searched at once."
    return first, last


def _actors(session: "Session", name: str, faults: dict[str, str]) -> tuple[str, ...]:
    if not name or name.startswith(OTHERS):
        return (name,) if name else ()
    found = trail.accounts_called(session, name)
    if not found:
        faults["actor"] = "There is no account with this label."
    return tuple(f"{USER}{user_id}" for user_id in found)


def _subjects(
    session: "Session", reference: str, faults: dict[str, str]
) -> tuple[tuple[str, str], ...]:
    if not reference:
        return ()
    try:
        found = trail.subjects_of_reference(session, references.normalise(reference))
    except ReferenceInvalid as error:
        faults["reference"] = error.public
        return ()
    if not found:
        faults["reference"] = "There is no submission and no case with this reference."
    return tuple(found)


def shown_events(
    session: "Session", rows: "list[AuditEvent]", part_of: "Mapping[str, str] | None" = None
) -> list[FoundEvent]:
    """Return events as they are shown; `part_of` is {id of a document or draft: submission's id}.

    Such a part is shown under its submission's reference.
    """
    ids = {row.actor.removeprefix(USER) for row in rows if row.actor.startswith(USER)}
    labels = users.labels_of(session, ids)
    about = {row.sequence: _whole(row, part_of or {}) for row in rows}
    names = trail.references_of(session, set(about.values()))
    return [
        FoundEvent(
            at=row.at,
            actor=labels.get(row.actor.removeprefix(USER), row.actor),
            act=row.act,
            subject_type=row.subject_type,
            reference=names.get(about[row.sequence], ""),
        )
        for row in rows
    ]


def _whole(row: "AuditEvent", part_of: "Mapping[str, str]") -> tuple[str, str]:
    if row.subject_id in part_of:
        return ("submission", part_of[row.subject_id])
    return (row.subject_type, row.subject_id)
