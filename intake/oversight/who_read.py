"""Tell who read or changed what belongs to one reference: one search over the whole audit trail.

A submission's documents, drafts and links, and the cases in which it is or was, belong to it; to a
case belong its submissions. The search itself is audited, and is found by the next one.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from intake.oversight.audit_search import (
    FoundEvent,
    belongings,
    note_search,
    shown_events,
    shown_ids,
)
from storage.audit_acts import READS
from storage.lists import audit_of_reference
from storage.lists.audit_of_reference import Narrowed

if TYPE_CHECKING:
    from intake.core.audit import Actor
    from intake.core.services import Services

PAGE = 50


@dataclass(frozen=True)
class FoundActs:
    """One page of acts, newest first. `older` continues it: the number before which it goes on."""

    reference: str
    events: list[FoundEvent]
    older: int | None


def acts_on_reference(
    services: "Services",
    viewer: "Actor | str",
    claimed: str,
    *,
    only_reads: bool = True,
    before: int | None = None,
    limit: int = PAGE,
) -> FoundActs:
    """Return who did what to what belongs to a reference, with one audit event.

    With `only_reads` what changed something is left out. Raises ReferenceInvalid and
    NothingWithReference.
    """
    wanted = Narrowed(acts=READS if only_reads else (), before=before)
    with services.database.transaction() as session:
        reference, found = belongings(session, claimed)
        rows = audit_of_reference.acts_on(session, found, wanted, limit=limit + 1)
        shown = rows[:limit]
        events = shown_events(session, shown, {**found.documents, **found.drafts})
        detail = {"shown": shown_ids(found)}
        note_search(services, session, viewer, events, detail)
    return FoundActs(reference, events, shown[-1].sequence if len(rows) > limit else None)
