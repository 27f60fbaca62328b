"""Search the audit trail by act, actor, reference and days; the search itself is audited.

A reference is that of a submission or a case, or a document's: what belongs to a submission or a
case, its documents and drafts, is found with it, and so are the lists that showed it. The result
shows times, acts, actors' names and references. An event's detail is left out, and sealed values
are not in the trail at all.
"""

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from intake.core import audit, office_clock, references
from intake.core.errors import IntakeError, NotFound, ReferenceInvalid
from storage.accounts import users
from storage.audit_acts import READS, WORDS_OF_GROUPS, Act, group_of
from storage.lists import audit_of_reference
from storage.lists import audit_search as trail
from storage.lists.audit_of_reference import Narrowed

if TYPE_CHECKING:
    from collections.abc import Mapping

    from intake.accounts.accounts import SignedInUser
    from intake.core.audit import Actor
    from intake.core.services import Services
    from storage.audit import AuditEvent
    from storage.database import Session
    from storage.lists.audit_of_reference import Belongings

MAX_DAYS = 92
# So many events on one page: more are too heavy for a slow line.
PAGE = 60
MAX_PEOPLE = 300
DEFAULT_DAYS = 7
# How the names of actors without an account begin.
OTHERS = ("system:", "anonymous")
USER = "user:"
ALL_READS, GROUP = "reads", "group:"
DOCUMENT = re.compile(r"[0-9a-f]{8,32}", re.ASCII)
# So much of a document's id names it to people, as in the name of its saved file.
SHORT = 8


class SearchInvalid(IntakeError):
    """Fields of the search are invalid; `faults` is {field: sentence}."""

    reason = "search_invalid"
    public = "This search cannot be made."
    status = 400

    def __init__(self, faults: dict[str, str]) -> None:
        super().__init__()
        self.faults = faults


class NothingWithReference(NotFound):
    """No submission, no case and no document has the reference."""

    reason = "nothing_with_reference"
    public = "There is no submission, case or document with this reference."


@dataclass(frozen=True)
class Asked:
    """The fields of the form. Days are `2026-11-24`, the last included, in the office's zone.

    `act` is the code of an act, `reads`, or `group:` with a group of `WORDS_OF_GROUPS`; `before`
    is the number of an event that is newer than all that are wanted, None for the newest.
    """

    act: str = ""
    actor: str = ""
    reference: str = ""
    from_day: str = ""
    to_day: str = ""
    before: int | None = None


@dataclass(frozen=True)
class FoundEvent:
    """One event. `reference` is a code or what an account is called, empty where there is none.

    `part` is the beginning of a document's id, when it is about one.
    """

    at: datetime
    actor: str
    act: str
    subject_type: str
    reference: str
    part: str = ""


@dataclass(frozen=True)
class FoundEvents:
    """One page of events, newest first; it goes on before the number `older`."""

    events: list[FoundEvent]
    older: int | None


def default_days(services: "Services") -> tuple[str, str]:
    """Return the first and the last day of the last week, as the form has them."""
    today = office_clock.office_day(services.offices, services.now())
    return (today - timedelta(days=DEFAULT_DAYS)).isoformat(), today.isoformat()


def people(services: "Services") -> dict[str, str]:
    """Return {label: name and label} of the accounts whose acts can be looked for."""
    with services.database.reading() as session:
        rows = users.of_role(session, None, limit=MAX_PEOPLE)
        called = {row.label: users.known_as(row.name, row.label) for row in rows}
    return dict(sorted(called.items(), key=lambda each: each[1].casefold()))


def search_audit(services: "Services", viewer: "SignedInUser", asked: Asked) -> FoundEvents:
    """Search the trail, and record the search in it. Raises SearchInvalid."""
    with services.database.reading() as session:
        wanted, found = _wanted(services, session, asked)
        if found is None:
            rows = trail.find(session, wanted, limit=PAGE + 1)
        else:
            narrowed = Narrowed(
                wanted.acts, wanted.actors, wanted.since, wanted.until, wanted.before
            )
            rows = audit_of_reference.acts_on(session, found, narrowed, limit=PAGE + 1)
        events = shown_events(session, rows[:PAGE], found.drafts if found else None)
    detail = {
        "act": asked.act.strip(),
        "actors": list(wanted.actors),
        "shown": shown_ids(found) if found is not None else [],
        "since": wanted.since.isoformat(),
        "until": wanted.until.isoformat(),
    }
    with services.database.transaction() as session:
        note_search(services, session, viewer, events, detail)
    return FoundEvents(events, rows[PAGE - 1].sequence if len(rows) > PAGE else None)


def belongings(session: "Session", claimed: str) -> "tuple[str, Belongings]":
    """Return the written form of a reference, and what belongs to it.

    Raises ReferenceInvalid and NothingWithReference.
    """
    text = claimed.strip()
    try:
        reference = references.normalise(text)
    except ReferenceInvalid:
        if DOCUMENT.fullmatch(text.lower()) is None:
            raise
        reference = ""
    found = audit_of_reference.belonging_to(session, reference) if reference else None
    if found is not None and (found.submissions or found.cases):
        return reference, found
    if DOCUMENT.fullmatch(text.lower()):
        found = audit_of_reference.document_called(session, text.lower())
        if found.documents:
            return text.lower()[:SHORT], found
    raise NothingWithReference


def shown_ids(found: "Belongings") -> list[str]:
    """Return by which ids a search is found again: a document's search by its submission."""
    return sorted(found.submissions | found.cases | set(found.documents.values()))


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


def _wanted(
    services: "Services", session: "Session", asked: Asked
) -> "tuple[trail.Wanted, Belongings | None]":
    faults: dict[str, str] = {}
    acts = _acts(asked.act.strip(), faults)
    days = _days(asked, faults)
    actors = _actors(session, asked.actor.strip(), faults)
    found = None
    if asked.reference.strip():
        try:
            _, found = belongings(session, asked.reference)
        except (ReferenceInvalid, NothingWithReference) as error:
            faults["reference"] = error.public
    if faults or days is None:
        raise SearchInvalid(faults)
    zone = office_clock.in_force(services.offices, services.now()).zone
    since = datetime.combine(days[0], time(), zone)
    until = datetime.combine(days[1] + timedelta(days=1), time(), zone)
    return trail.Wanted(since, until, acts, actors, asked.before), found


def _acts(code: str, faults: dict[str, str]) -> tuple[str, ...]:
    if not code:
        return ()
    if code == ALL_READS:
        return tuple(READS)
    group = code.removeprefix(GROUP)
    if group != code and group in WORDS_OF_GROUPS:
        return tuple(act for act in Act if group_of(act) == group)
    if code not in list(Act):
        faults["act"] = "Choose an act of the list."
    return (code,)


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


def shown_events(
    session: "Session", rows: "list[AuditEvent]", part_of: "Mapping[str, str] | None" = None
) -> list[FoundEvent]:
    """Return events as they are shown; `part_of` is {id of a draft: submission's id}.

    A document or a draft is shown under its submission's reference.
    """
    ids = {row.actor.removeprefix(USER) for row in rows if row.actor.startswith(USER)}
    called = users.full_names_of(session, ids)
    documents = {row.subject_id for row in rows if row.subject_type == "document"}
    whole = {**(part_of or {}), **audit_of_reference.submissions_of(session, documents)}
    about = {row.sequence: _whole(row, whole) for row in rows}
    names = trail.references_of(session, set(about.values()))
    return [
        FoundEvent(
            at=row.at,
            actor=called.get(row.actor.removeprefix(USER), row.actor),
            act=row.act,
            subject_type=row.subject_type,
            reference=names.get(about[row.sequence], ""),
            part=row.subject_id[:SHORT] if row.subject_type == "document" else "",
        )
        for row in rows
    ]


def _whole(row: "AuditEvent", part_of: "Mapping[str, str]") -> tuple[str, str]:
    if row.subject_id in part_of:
        return ("submission", part_of[row.subject_id])
    return (row.subject_type, row.subject_id)
