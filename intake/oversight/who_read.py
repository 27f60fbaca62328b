"""Tell who read or changed what belongs to one reference: one search over the whole audit trail.

A submission's documents, drafts and links, and the cases in which it is or was, belong to it; to a
case belong its submissions. The search itself is audited, and is found by the next one.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from intake.core import references
from intake.core.errors import NotFound
from intake.oversight.audit_search import FoundEvent, note_search, shown_events
from storage.lists import audit_of_reference

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


class NothingWithReference(NotFound):
    """No submission and no case has the reference."""

    reason = "nothing_with_reference"
    public = "There is no submission and no case with this reference."


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
    reference = references.normalise(claimed)
    with services.database.transaction() as session:
        found = audit_of_reference.belonging_to(session, reference)
        if not found.submissions and not found.cases:
            raise NothingWithReference
        rows = audit_of_reference.acts_on(
            session, found, only_reads=only_reads, before=before, limit=limit + 1
        )
        shown = rows[:limit]
        events = shown_events(session, shown, {**found.documents, **found.drafts})
        detail = {"shown": sorted(found.submissions | found.cases)}
        note_search(services, session, viewer, events, detail)
    return FoundActs(reference, events, shown[-1].sequence if len(rows) > limit else None)
