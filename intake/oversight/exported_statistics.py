"""Say what of a programme's statistics may leave the house, without disclosing people.

Four rules prevent disclosure (requirement 61):

- A number under eleven, zero included, is never given; nor is a share with such a part, nor a
  median of fewer waits, which would be the wait of a person.
- No total is given beside the cells it is the sum of, so that no hidden cell comes out by
  subtraction.
- Only weeks that have ended are given, of quarters that never overlap: two files cannot be
  subtracted from each other, and today's arrivals cannot be watched. Somebody who notes the running
  quarter's shares each Monday can still compare them; that is accepted.
- There is no choice of region, nationality or person, and programmes are never added up.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from intake.oversight.programme_statistics import BothCounts, Wait
from storage.submissions.queue_items import Queue
from storage.submissions.submissions import Channel, Programme

FEWEST = 11


@dataclass(frozen=True)
class ExportedStatistics:
    """What leaves; None is what is hidden. Shares are in per cent, rounded to five.

    `weeks` is {Monday: {channel: number}} of ended weeks, `backlog` {queue: open items}.
    """

    programme: Programme
    weeks: dict[date, dict[Channel, int | None]]
    to_receipt: Wait
    to_decision: Wait
    to_confirmation: Wait
    confirmed_in_time: int | None
    filed_by_rule: int | None
    quarantined: int | None
    backlog: dict[Queue, int | None]


@dataclass(frozen=True)
class HiddenCells:
    """How many cells of one sort the file hides, of how many; `what` names them as the file."""

    what: str
    hidden: int
    of: int


def exported(both: BothCounts) -> ExportedStatistics:
    """Return what of statistics may leave."""
    counted = both.ended
    quarter = counted.quarter
    return ExportedStatistics(
        programme=counted.programme,
        weeks={
            monday: {channel: given(number) for channel, number in cells.items()}
            for monday, cells in counted.weeks.items()
        },
        to_receipt=given_wait(counted.to_receipt),
        to_decision=given_wait(counted.to_decision),
        to_confirmation=given_wait(counted.to_confirmation),
        confirmed_in_time=per_cent(quarter.confirmed.in_time, quarter.confirmed.number),
        filed_by_rule=per_cent(quarter.filed_by_rule, quarter.arrived),
        quarantined=given(quarter.quarantined),
        backlog={queue: given(number) for queue, number in counted.backlog.items()},
    )


def hidden_cells(given_out: ExportedStatistics) -> Iterator[HiddenCells]:
    """Yield what the file hides, by sort of cell; nothing for a sort without a hidden cell."""
    for what, cells in (
        ("arrivals", [number for week in given_out.weeks.values() for number in week.values()]),
        ("time to receipt", [given_out.to_receipt.median]),
        ("time to decision", [given_out.to_decision.median]),
        ("time to confirmation", [given_out.to_confirmation.median]),
        ("confirmed in time", [given_out.confirmed_in_time]),
        ("filed automatically", [given_out.filed_by_rule]),
        ("quarantined", [given_out.quarantined]),
        ("backlog now", list(given_out.backlog.values())),
    ):
        hidden = sum(cell is None for cell in cells)
        if hidden:
            yield HiddenCells(what, hidden, len(cells))


def given(number: int) -> int | None:
    """Return a number that may leave, None for one that may not."""
    return number if number >= FEWEST else None


def per_cent(part: int, whole: int) -> int | None:
    """Return a part of a whole in per cent, rounded to five, None when part or rest is too small.

    A small rest discloses as much as a small part. A rounded share without its part as a number
    does not disclose the whole, and with it the hidden cells.
    """
    if min(part, whole - part) < FEWEST:
        return None
    return 5 * round(20 * part / whole)


def given_wait(took: Wait) -> Wait:
    """Return a wait that may leave, without a median when it is of too few.

    Nor does one that reaches back before the quarter: two files would hold the same people.
    """
    return Wait(None, None) if took.is_older or took.count < FEWEST else took
