"""The work list: in which order items stand, which are shown, and what comes after one.

Rules from values to values. Where an officer works (a queue, and what she filters it by)
travels in the addresses of pages, so that it needs no cookie and a reload keeps it.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields

from intake.views import SUBMISSION_ITEM, QueueRow
from storage.queue_items import Queue
from storage.submissions import Priority

# Unknown stands before normal: it is never treated as low.
PRIORITIES = (Priority.EMERGENCY, Priority.URGENT, Priority.UNKNOWN, Priority.NORMAL)
# With more rows a page is no longer below 60 kB; what is behind them is one link away.
MOST_ROWS = 16
MOST_DIGITS = 4
NOT_KNOWN = "unknown"
CHOICE = re.compile(r"[A-Za-z0-9_-]{1,16}")


@dataclass(frozen=True)
class Filter:
    """What a list is narrowed to, as codes; empty lets everything through."""

    programme: str = ""
    region: str = ""
    language: str = ""
    state: str = ""

    def args(self) -> dict[str, str]:
        """Return what is set, as parts of an address."""
        return {name: value for name, value in asdict(self).items() if value}


@dataclass(frozen=True)
class Workplace:
    """Where an officer works: a queue's code, empty when she came from elsewhere."""

    queue: str
    filter: Filter

    def args(self) -> dict[str, str]:
        """Return the place as parts of an address."""
        return ({"queue": self.queue} if self.queue else {}) | self.filter.args()


def filter_of(values: Mapping[str, str]) -> Filter:
    """Read a filter from an address; what is no code narrows nothing."""
    chosen = {field.name: values.get(field.name, "") for field in fields(Filter)}
    return Filter(**{name: value for name, value in chosen.items() if CHOICE.fullmatch(value)})


def workplace_of(values: Mapping[str, str]) -> Workplace:
    """Read from an address where somebody works."""
    queue = values.get("queue", "")
    return Workplace(queue if queue in set(Queue) else "", filter_of(values))


def ordered(rows: Sequence[QueueRow]) -> list[QueueRow]:
    """Return rows with the nearest clock first; of equal clocks the graver priority first."""
    return sorted(rows, key=lambda row: (row.due_at, _rank(row.priority), row.received_at))


def narrowed(rows: Sequence[QueueRow], by: Filter) -> list[QueueRow]:
    """Return the rows that a filter lets through, in their order."""
    wanted = by.args()
    return [row for row in rows if all(code_of(row, name) == wanted[name] for name in wanted)]


def first_of(values: Mapping[str, str]) -> int:
    """Read from an address how many rows to pass over; anything but a small number is none."""
    text = values.get("first", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) <= MOST_DIGITS else 0


def choices(rows: Sequence[QueueRow], by: Filter) -> dict[str, list[str]]:
    """Return {field: codes} to narrow by: what occurs, and what is chosen already.

    A field in which all rows agree is no choice and is left out.
    """
    found: dict[str, list[str]] = {}
    for field in fields(Filter):
        chosen = by.args().get(field.name)
        codes = {code_of(row, field.name) for row in rows} | ({chosen} if chosen else set())
        if len(codes) > 1 or chosen:
            found[field.name] = sorted(codes)
    return found


def code_of(row: QueueRow, field: str) -> str:
    """Return a row's code in a field of the filter; `unknown` where it has none."""
    codes = {
        "programme": row.programme,
        "region": row.region,
        "language": row.language,
        "state": row.state,
    }
    return codes[field] or NOT_KNOWN


def next_after(rows: Sequence[QueueRow], reference: str, user_id: str) -> str | None:
    """Return the submission to open when one is done: the next, else the first that is left.

    What somebody else has taken is passed over, and so are tasks about a submission.
    """
    places = [at for at, row in enumerate(rows) if row.reference == reference]
    start = places[0] + 1 if places else 0
    for row in [*rows[start:], *rows[:start]]:
        is_free = row.claimed_by_id in {None, user_id}
        if row.kind == SUBMISSION_ITEM and is_free and row.reference != reference:
            return row.reference
    return None


def _rank(priority: str) -> int:
    # A priority that this list does not know is as little known as «unknown».
    known = priority if priority in set(PRIORITIES) else Priority.UNKNOWN
    return PRIORITIES.index(Priority(known))
