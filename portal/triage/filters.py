"""Read from addresses which queue an officer works in and what the list is narrowed by.

This place travels in the addresses of pages, so that it needs no cookie and a reload keeps it.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, fields, replace
from datetime import UTC, datetime

from intake.queues.work_list import ME, AcrossQueues, Filters, QueuePage
from portal.text import triage
from storage.lists.work_list import NOBODY
from storage.submissions.queue_items import Queue

# What can be worked through one after the other.
LISTS = frozenset({*Queue, *AcrossQueues})
# With more rows a page would not stay below 60 kB; a link leads to the rows after these.
MAX_ROWS = 50
# A longer list is no choice but a search; the most frequent values are offered.
MAX_CHOICES = 40
CHOICE = re.compile(r"[A-Za-z0-9_-]{1,32}")


# The id of a selected item and, after a dot, of the user who was shown as having it, or nothing.
SELECTED = re.compile(r"([0-9a-f]{32})\.([0-9a-f]{32}|)")
# Thirteen digits are the years 2001 to 2286, which every system can turn into a time.
MOMENT = re.compile(r"[1-9][0-9]{12}")


@dataclass(frozen=True)
class Workplace:
    """Where an officer works: the code of a queue or of a list that spans the queues.

    It is empty for somebody who came from elsewhere.

    `after` is the item that the shown part of the list follows, empty for the beginning.
    """

    queue: str
    filter: Filters
    after: str = ""

    @property
    def filter_args(self) -> dict[str, str]:
        """Return the filter as parts of an address."""
        return set_fields(self.filter)

    def args(self) -> dict[str, str]:
        """Return queue and filter as parts of an address, without the shown part of the list."""
        return ({"queue": self.queue} if self.queue else {}) | self.filter_args

    def list_args(self) -> dict[str, str]:
        """Return all of the place as parts of the list's address."""
        return self.args() | ({"after": self.after} if self.after else {})


@dataclass(frozen=True)
class Choice:
    """One field to narrow by, with what can be chosen: (code, words, how many)."""

    name: str
    label: str
    chosen: str
    options: tuple[tuple[str, str, int], ...]


def set_fields(filters: Filters) -> dict[str, str]:
    """Return what is narrowed by, as parts of an address."""
    return {name: value for name, value in asdict(filters).items() if value}


def filter_of(values: Mapping[str, str]) -> Filters:
    """Read a filter from an address; what is no code narrows nothing."""
    chosen = {field.name: values.get(field.name, "") for field in fields(Filters)}
    return Filters(**{name: value for name, value in chosen.items() if CHOICE.fullmatch(value)})


def workplace_of(values: Mapping[str, str]) -> Workplace:
    """Read from an address or a form where somebody works."""
    queue, after = values.get("queue", ""), values.get("after", "")
    return Workplace(
        queue if queue in LISTS else "",
        filter_of(values),
        after if CHOICE.fullmatch(after) else "",
    )


def selected_of(values: Iterable[str]) -> list[tuple[str, str]]:
    """Read what was selected as [(item's id, id of who was shown as having it, or empty)].

    Values of another shape are left out.
    """
    return [found.groups() for found in map(SELECTED.fullmatch, values) if found]  # type: ignore[misc] # two groups


def moment_of(text: str) -> datetime | None:
    """Read a moment as the page writes it: milliseconds since 1970; None for anything else."""
    if not MOMENT.fullmatch(text):
        return None
    return datetime.fromtimestamp(int(text) / 1000, UTC)


def in_queue(place: Workplace, queue: str) -> Workplace:
    """Return the same place in another queue, for addresses that name the queue in their path."""
    return replace(place, queue=queue)


def choices(page: QueuePage, filters: Filters, viewer_id: str) -> list[Choice]:
    """Return what a list can be narrowed by: what occurs in it, and what is chosen already.

    A field in which all rows agree is no choice and is left out.
    """
    counts, chosen = page.counts, set_fields(filters)
    found = {
        "programme": counts.by("programme"),
        "region": counts.by("region"),
        "language": counts.by("language"),
        "state": counts.by("state"),
        "holder": _with_me(counts.by("holder"), viewer_id),
        "mark": counts.by("marks"),
    }
    offered = []
    for name, counted in found.items():
        code = chosen.get(name, "")
        known = counted | ({code: 0} if code and code not in counted else {})
        # A row may have no mark at all, so even a single mark is a choice.
        if code or len(known) > 1 or (name == "mark" and known):
            offered.append(Choice(name, triage.FILTERS[name], code, _options(name, known, page)))
    return offered


def _with_me(holders: dict[str, int], viewer_id: str) -> dict[str, int]:
    """Return the assignees with the viewer first, then nobody, then colleagues."""
    others = {code: number for code, number in holders.items() if code not in {viewer_id, NOBODY}}
    own = {ME: holders[viewer_id]} if viewer_id in holders else {}
    free = {NOBODY: holders[NOBODY]} if NOBODY in holders else {}
    return own | free | others


def _options(
    name: str, counted: dict[str, int], page: QueuePage
) -> tuple[tuple[str, str, int], ...]:
    rows = [(code, _words(name, code, page), number) for code, number in counted.items()]
    if name in {"holder", "mark"}:
        return tuple(rows[:MAX_CHOICES])
    frequent = sorted(rows, key=lambda row: -row[2])[:MAX_CHOICES]
    return tuple(sorted(frequent, key=lambda row: row[1]))


def _words(name: str, code: str, page: QueuePage) -> str:
    return page.labels.get(code) or triage.choice(name, code)
