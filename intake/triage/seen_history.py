"""Decide what a reader of a submission sees of the acts on it.

An act about a document, or about what only a document says, tells of that document: of what type it
is, which kind of day stands there. Where the document is closed, only that there was an act is
left.
"""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from intake.access import derived
from intake.access.visibility import Level
from storage.audit_acts import Act
from storage.cases import legal_dates
from storage.documents import extracted_values, sources
from storage.documents.people import Person

if TYPE_CHECKING:
    from intake.access.visibility import Visibility
    from storage.audit import AuditEvent
    from storage.cases.legal_dates import LegalDate
    from storage.database import Session

DATES = frozenset({Act.DATE_CONFIRMED, Act.DATE_ENDED})
VALUES = frozenset({Act.VALUE_CONFIRMED, Act.VALUE_DISMISSED})
PEOPLE = frozenset({Act.PERSON_CONFIRMED, Act.PERSON_DISMISSED})
# What the raising of an item says of its legal day; `days_left` only in acts of older releases.
OF_THE_DAY = frozenset({"date", "days_left", "clock"})


def seen_events(
    session: "Session", visibilities: "Mapping[str, Visibility]", events: "Iterable[AuditEvent]"
) -> "list[tuple[AuditEvent, dict[str, Any]]]":
    """Return events with the detail that the reader of `visibilities` may see of each.

    Any: an event's codes and numbers. Those on documents of which the reader may not even know
    are left out.
    """
    unseen = {each for each, seen in visibilities.items() if seen.level is Level.NONE}
    return [
        (event, _shown_detail(session, visibilities, event))
        for event in events
        if event.detail.get("document") not in unseen
    ]


def _shown_detail(
    session: "Session", visibilities: "Mapping[str, Visibility]", event: "AuditEvent"
) -> "dict[str, Any]":  # Any: an event's codes and numbers
    if _is_open(session, visibilities, event):
        return dict(event.detail)
    if event.act != Act.ITEM_RAISED:
        return {}
    # That an item was raised its queue tells anyway.
    return {name: value for name, value in event.detail.items() if name not in OF_THE_DAY}


def _is_open(
    session: "Session", visibilities: "Mapping[str, Visibility]", event: "AuditEvent"
) -> bool:
    """Tell whether the reader sees what an act was about; what is gone counts as closed."""
    detail = event.detail
    if event.act in VALUES:
        value = extracted_values.by_id(session, str(detail.get("aid", "")))
        return value is not None and derived.is_open(visibilities, [value.document_id], value.page)
    if event.act in PEOPLE:
        person = session.get(Person, str(detail.get("person", "")))
        return person is not None and _says(session, visibilities, {person.id: person.document_id})
    if event.act == Act.DATE_CONFIRMED and detail.get(sources.TYPED):
        # Somebody typed the day, also when it is taken back and a closed document has it.
        return True
    if event.act in DATES or event.act == Act.ITEM_RAISED:
        rows = _dates_of(session, event)
        firsts = {row.id: row.document_id for row in rows}
        return bool(rows) and _says(session, visibilities, firsts)
    document_id = detail.get("document")
    return document_id is None or derived.is_open(visibilities, [str(document_id)])


def _says(
    session: "Session",
    visibilities: "Mapping[str, Visibility]",
    firsts: Mapping[str, str | None],
) -> bool:
    known = sources.of_rows(session, firsts)
    return all(derived.is_open(visibilities, said_by) for said_by in known.values())


def _dates_of(session: "Session", event: "AuditEvent") -> "list[LegalDate]":
    """Return the days that an act may have decided: the one that it names.

    Older acts name none, so theirs are all of their kind.
    """
    date_id = event.detail.get("date")
    if date_id is None:
        kind = str(event.detail.get("kind", ""))
        return legal_dates.of_kind(session, event.subject_id, kind)
    row = legal_dates.by_id(session, str(date_id))
    return [] if row is None else [row]
