"""List the open items of the officers' queues, filtered, page by page.

A list is one queue, or one that spans the queues: all that is open, what is assigned to oneself,
what is due soon. States and reasons are codes, for which the portal has the words; what a row says
of a submission's content is opened and audited by `row_lines`.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from intake.access import programmes
from intake.access.work_items import own_lists
from intake.accounts.people import cover
from intake.core.errors import NotFound, ReferenceInvalid
from intake.core.references import normalise
from intake.queues.lists import row_lines, row_people
from intake.queues.lists.rail import soon
from intake.queues.views import QueueRow, QueueSummary
from storage.accounts import users
from storage.documents import documents
from storage.lists import work_counts, work_list, work_subjects
from storage.lists.work_counts import Counts
from storage.lists.work_list import MARKS, NOBODY, Narrow, WorkList
from storage.submissions import queue_items, submissions
from storage.submissions.queue_items import Queue, TaskKind

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from intake.accounts.accounts import SignedInUser
    from intake.core.services import Services
    from intake.queues.views import RowLine
    from storage.database import Session
    from storage.lists.work_subjects import About
    from storage.submissions.queue_items import QueueItem

ME = "me"


class AcrossQueues(StrEnum):
    """The lists that span the queues."""

    ALL = "all"
    MINE = "mine"
    SOON = "soon"


@dataclass(frozen=True)
class Filters:
    """What an officer narrows a list by, as codes; empty lets everything through.

    `holder` is ME, NOBODY or an account's id.
    """

    programme: str = ""
    region: str = ""
    language: str = ""
    state: str = ""
    holder: str = ""
    mark: str = ""


@dataclass(frozen=True)
class QueuePage:
    """One page of a list. `first` counts the rows before it; `labels` is {account id: label}.

    `found` counts what the filters let through in the whole list, `found_in` in each queue, and
    `is_grouped` tells that the rows stand queue by queue. `last_item_id` is what the
    next piece comes after, None when there is none. `read_at` is when the list was read.
    """

    rows: tuple[QueueRow, ...]
    first: int
    found: int
    found_in: dict[str, int]
    is_grouped: bool
    counts: Counts
    labels: dict[str, str]
    last_item_id: str | None
    read_at: datetime


def overview(services: "Services", user: "SignedInUser") -> list[QueueSummary]:
    """Return every queue with the number of items that are open in it for a user."""
    with services.database.reading() as session:
        found = work_counts.overview(
            session,
            programmes.read_by(user),
            only=own_lists.listed(services, session, user),
        )
    return [
        QueueSummary(queue, found[queue].number, found[queue].due_at)
        if queue in found
        else QueueSummary(queue, 0, None)
        for queue in Queue
    ]


def read_page(
    services: "Services",
    viewer: "SignedInUser",
    queue: str,
    filters: Filters,
    *,
    after: str = "",
    limit: int,
) -> QueuePage:
    """Return one page of the open items of a list, the nearest due time first.

    `queue` is the code of a queue or of a list that spans them. `after` is the id of the last item
    of the page before; when it is unknown or in another list, the first page is returned. Raises
    NotFound for an unknown list.
    """
    with services.database.reading() as session:
        asked = _asked(services, session, viewer, queue, filters)
        listed, narrow = asked.listed, asked.narrow
        last = _place_in(session, listed, after, narrow)
        # One item more than is shown tells whether there is a next page.
        items = work_list.page(session, listed, narrow, after=last, limit=limit + 1)
        shown, counted = items[:limit], work_counts.counts(session, listed, narrow)
        found = counted.found(narrow)
        behind = work_list.count_behind(session, listed, narrow, last) if last else found
        holders = {item.claimed_by for item in shown if item.claimed_by} | set(counted.by("holder"))
        labels = users.labels_of(session, (holders | set(asked.covers)) - {NOBODY})
        rows, read = _rows(services, session, asked, shown, labels)
        to_note = row_lines.not_noted(services, session, viewer, read)
    row_lines.note_shown(services, viewer, to_note)
    return QueuePage(
        rows=rows,
        first=found - behind,
        found=found,
        found_in=counted.found_in(narrow),
        is_grouped=listed.is_grouped and len(listed.queues) > 1,
        counts=counted,
        labels=labels,
        last_item_id=shown[-1].id if len(items) > limit else None,
        read_at=services.now(),
    )


def count_since(
    services: "Services",
    viewer: "SignedInUser",
    queue: str,
    filters: Filters,
    since: datetime,
) -> int:
    """Count the items that came into a filtered list since a time.

    Raises NotFound for an unknown queue.
    """
    with services.database.reading() as session:
        asked = _asked(services, session, viewer, queue, filters)
        listed, narrow = asked.listed, asked.narrow
        return work_list.count_since(session, listed, narrow, since)


def next_reference(
    services: "Services", viewer: "SignedInUser", queue: str, filters: Filters, reference: str
) -> str | None:
    """Return the code of the submission to open when one is done: the next, else the first left.

    Submissions assigned to somebody else and tasks are passed over. None when nothing is left.
    Raises NotFound for an unknown queue.
    """
    with services.database.reading() as session:
        asked = _asked(services, session, viewer, queue, filters)
        listed, narrow = asked.listed, asked.narrow
        done = _submission_id(session, reference)
        own = [
            item
            for item in (queue_items.of_submission(session, done) if done else [])
            if item.queue in listed.queues
            and item.kind == TaskKind.SUBMISSION
            and item.programme in narrow.programmes
        ]
        place = own[0] if own else None
        for after in (place, None):
            item = work_list.next_free(
                session,
                listed,
                narrow,
                after=after,
                user_ids=asked.holders,
                kind=TaskKind.SUBMISSION,
                other_than=done,
            )
            if item is not None:
                return _reference(session, item)
    return None


def reference_after_task(
    services: "Services", viewer: "SignedInUser", queue: str, filters: Filters, item_id: str
) -> str | None:
    """Return the code of the submission to open when a task is done: the next item's of its list.

    Else that of the first item that is left; items assigned to somebody else are passed over.
    None when nothing is left. Raises NotFound for an unknown queue.
    """
    with services.database.reading() as session:
        asked = _asked(services, session, viewer, queue, filters)
        listed, narrow = asked.listed, asked.narrow
        for after in (_place_in(session, listed, item_id, narrow), None):
            item = work_list.next_free(
                session, listed, narrow, after=after, user_ids=asked.holders, other_than=item_id
            )
            if item is not None:
                return _reference(session, item)
    return None


@dataclass(frozen=True)
class _Asked:
    """What a viewer's list holds, and for whom they act: theirs is the viewer's work too."""

    viewer: "SignedInUser"
    listed: WorkList
    narrow: Narrow
    covers: tuple[str, ...]

    @property
    def holders(self) -> tuple[str, ...]:
        """Return the viewer's id, and those of whom they act for."""
        return (self.viewer.id, *self.covers)


def _asked(
    services: "Services",
    session: "Session",
    viewer: "SignedInUser",
    queue: str,
    filters: Filters,
) -> _Asked:
    """Return what a list holds for a viewer. Raises NotFound for an unknown one."""
    covers = tuple(cover.covered_by(services, session, viewer.id, services.now()))
    listed = _listed(services, viewer, covers, queue)
    return _Asked(viewer, listed, _narrow(services, session, viewer, filters), covers)


def _narrow(
    services: "Services", session: "Session", viewer: "SignedInUser", filters: Filters
) -> Narrow:
    return Narrow(
        programmes=programmes.read_by(viewer),
        only=own_lists.listed(services, session, viewer),
        programme=filters.programme,
        region=filters.region,
        language=filters.language,
        state=filters.state,
        holder=viewer.id if filters.holder == ME else filters.holder,
        mark=filters.mark if filters.mark in MARKS else "",
    )


def _listed(
    services: "Services", viewer: "SignedInUser", covers: tuple[str, ...], code: str
) -> WorkList:
    """Return which items a list holds; `covers` are those for whom the viewer acts.

    Raises NotFound for an unknown one.
    """
    if code in set(Queue):
        return WorkList((code,))
    # Those in whose queues the viewer works come first; the sort keeps the order otherwise.
    queues = tuple(sorted(Queue, key=lambda queue: not programmes.works_in(viewer, queue)))
    match code:
        case AcrossQueues.ALL:
            return WorkList(queues)
        case AcrossQueues.MINE:
            return WorkList(queues, holders=(viewer.id, *covers), covers=covers)
        case AcrossQueues.SOON:
            return WorkList(queues, is_grouped=False, due_before=soon(services))
        case _:
            raise NotFound


def _place_in(
    session: "Session", listed: WorkList, item_id: str, narrow: Narrow
) -> "QueueItem | None":
    item = queue_items.by_id(session, item_id) if item_id else None
    is_here = (
        item is not None and item.queue in listed.queues and item.programme in narrow.programmes
    )
    return item if is_here else None


def _submission_id(session: "Session", reference: str) -> str:
    try:
        submission = submissions.by_reference(session, normalise(reference))
    except ReferenceInvalid:
        return ""
    return submission.id if submission is not None else ""


def _rows(
    services: "Services",
    session: "Session",
    asked: _Asked,
    items: "Sequence[QueueItem]",
    labels: dict[str, str],
) -> "tuple[tuple[QueueRow, ...], Collection[str]]":
    """Return the rows, and the submissions of which they show content."""
    found = work_subjects.about(session, items)
    known = {each.submission.id: each.submission for each in found.values() if each.submission}
    states = documents.states_of(session, list(known))
    lines = row_lines.row_lines(services, session, asked.viewer, known.values())
    asked_by = row_people.asked_by(session, items)
    away = row_people.with_the_away(session, asked.covers, items, found)
    rows = tuple(
        replace(
            _row(asked.viewer, item, found[item.id], states, labels, lines),
            asked_by=asked_by.get(item.id),
            acts_for=labels.get(away.get(item.id, ""), ""),
        )
        for item in items
        if item.id in found
    )
    return rows, lines.keys()


def _row(
    viewer: "SignedInUser",
    item: "QueueItem",
    about: "About",
    states: dict[str, dict[str, int]],
    labels: dict[str, str],
    lines: "Mapping[str, RowLine]",
) -> QueueRow:
    """Return one item as a list shows it; of a case what its newest submission has."""
    shown = about.submission
    return QueueRow(
        item_id=item.id,
        queue=item.queue,
        kind=item.kind,
        reference=about.reference,
        programme=item.programme,
        received_at=shown.received_at if shown is not None else item.opened_at,
        due_at=item.due_at,
        priority=item.priority,
        reason=item.reason,
        sender_verdict=shown.sender_verdict if shown is not None else None,
        document_states=states.get(shown.id, {}) if shown is not None else {},
        claimed_by_id=item.claimed_by,
        claimed_by=labels.get(item.claimed_by or ""),
        # Older releases wrote the kind of the day there, which a closed paper may say.
        clock="service" if item.clock == "service" else "legal_date",
        state=shown.state if shown is not None else about.thing.state,
        region=shown.region if shown is not None else about.thing.region,
        language=shown.language if shown is not None else None,
        marks=work_counts.marks_of(item.priority, item.marks),
        may_take=programmes.works_in(viewer, item.queue),
        line=lines.get(shown.id) if shown is not None else None,
        hangs_on_case=about.case.reference if about.case is not None else None,
    )


def _reference(session: "Session", item: "QueueItem") -> str | None:
    about = work_subjects.about_one(session, item)
    return about.reference if about is not None else None
