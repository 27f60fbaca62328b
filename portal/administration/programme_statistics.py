"""Show a quarter's programme statistics on a page and as a file: arrivals, waits, shares, backlog.

A bar is drawn inside the cell that says its number, so that the table is itself the text
alternative. A number that is too small to be shown comes from intake as None already.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import Blueprint, Response, render_template, request

from intake.oversight import programme_statistics as counted
from portal.text import formatting, labels
from portal.web import downloads, session, spreadsheets
from portal.web.policy import Permission, requires

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date, timedelta

    from intake.oversight.programme_statistics import Arrivals, Period, ProgrammeStatistics
    from portal.web.spreadsheets import Cell

statistics_pages = Blueprint("numbers", __name__, url_prefix="/numbers")

FEW = f"under {counted.FEWEST}"
HEAD = ("quarter", "programme", "what", "week from", "of", "value", "unit")
# The width of a bar in units of its drawing, whatever its size on the page.
BAR_UNITS = 100


@dataclass(frozen=True)
class Week:
    """One week's line: its number and first day, a text for each channel, the sum, and a bar.

    `bar` is a length in BAR_UNITS.
    """

    number: int
    monday: "date"
    cells: list[tuple[str, str]]
    total: str
    bar: float


@dataclass(frozen=True)
class Waiting:
    """One queue's line in the backlog."""

    queue: str
    number: str
    bar: float


@dataclass(frozen=True)
class Section:
    """One programme's numbers in words; `facts` are triples (what, value, help)."""

    code: str
    title: str
    facts: list[tuple[str, str, str]]
    weeks: list[Week]
    backlog: list[Waiting]


@statistics_pages.get("")
@requires(Permission.STATISTICS)
def overview() -> str:
    """Show a quarter's numbers of the viewer's programmes."""
    services = session.services()
    period = counted.chosen_period(services, request.args.get("period", ""))
    return render_template(
        "administration/numbers/overview.html",
        period=period,
        periods=counted.periods(services),
        sections=[
            _section(each)
            for each in counted.count_programmes(services, session.viewer().role, period)
        ],
        channels=list(labels.CHANNELS.values()),
        few=FEW,
    )


@statistics_pages.get("/numbers.csv")
@requires(Permission.STATISTICS)
def export() -> Response:
    """Answer with a quarter's numbers as comma-separated values."""
    period, rows = _taken_out()
    return downloads.table(
        f"numbers-{period.code}.csv", spreadsheets.CSV_TYPE, spreadsheets.write_csv(rows)
    )


@statistics_pages.get("/numbers.xlsx")
@requires(Permission.STATISTICS)
def export_sheet() -> Response:
    """Answer with a quarter's numbers as a sheet."""
    period, rows = _taken_out()
    content = spreadsheets.write_xlsx("Numbers", rows)
    return downloads.table(f"numbers-{period.code}.xlsx", spreadsheets.XLSX_TYPE, content)


def _taken_out() -> "tuple[Period, list[tuple[Cell, ...]]]":
    """Return a quarter's numbers as rows, and audit that they were taken out."""
    services, viewer = session.services(), session.viewer()
    period = counted.chosen_period(services, request.args.get("period", ""))
    rows: list[tuple[Cell, ...]] = [HEAD]
    for each in counted.count_programmes(services, viewer.role, period):
        rows += [(period.code, each.programme.value, *row) for row in _rows(each)]
    counted.note_export(services, viewer, period)
    return period, rows


def _section(each: "ProgrammeStatistics") -> Section:
    waits = (
        ("To the receipt (R1)", each.to_receipt),
        ("To the decision", each.to_decision),
        ("To the confirmation (R2)", each.to_confirmation),
    )
    facts = [
        (what, _length(wait.median), f"Median. Nine of ten within {_length(wait.ninetieth)}")
        if wait.median is not None
        else (what, "not shown", f"A median of {FEW} would be people")
        for what, wait in waits
    ]
    share = ("not shown", f"One side of the share is {FEW}")
    if each.filed_by_rule is not None:
        share = (f"{each.filed_by_rule} %", "Of all arrivals, rounded to five per cent")
    facts += [
        ("Filed without a hand", *share),
        ("Quarantined", _text(each.quarantined), "Arrivals with a part that was held"),
    ]
    programme = each.programme.value
    return Section(
        programme,
        labels.PROGRAMMES[programme],
        facts,
        _weeks(each.arrivals),
        _backlog(each),
    )


def _weeks(arrivals: "Arrivals") -> list[Week]:
    highest = max((arrivals.of_week(monday) for monday in arrivals.cells), default=0)
    return [
        Week(
            number=monday.isocalendar().week,
            monday=monday,
            cells=[(labels.CHANNELS[channel], _text(number)) for channel, number in cells.items()],
            total=_total(arrivals, monday),
            bar=_bar(arrivals.of_week(monday), highest),
        )
        for monday, cells in reversed(arrivals.cells.items())
    ]


def _total(arrivals: "Arrivals", monday: "date") -> str:
    known = arrivals.of_week(monday)
    if not known:
        return "not shown"
    return str(known) if arrivals.is_whole(monday) else f"at least {known}"


def _backlog(each: "ProgrammeStatistics") -> list[Waiting]:
    highest = max((number or 0 for number in each.backlog.values()), default=0)
    return [
        Waiting(labels.queue(queue), _text(number), _bar(number or 0, highest))
        for queue, number in each.backlog.items()
    ]


def _bar(number: int, highest: int) -> float:
    return round(BAR_UNITS * number / highest, 1) if highest else 0


def _text(number: int | None) -> str:
    return FEW if number is None else str(number)


def _length(length: "timedelta | None") -> str:
    return FEW if length is None else formatting.span(length)


def _rows(each: "ProgrammeStatistics") -> "Iterator[tuple[Cell, ...]]":
    for monday, cells in each.arrivals.cells.items():
        for channel, number in cells.items():
            yield ("arrivals", monday.isoformat(), channel.value, _cell(number), "submissions")
    for what, wait in (
        ("time to receipt", each.to_receipt),
        ("time to decision", each.to_decision),
        ("time to confirmation", each.to_confirmation),
    ):
        yield (what, "", "median", _cell(_minutes(wait.median)), "minutes")
        yield (what, "", "90th percentile", _cell(_minutes(wait.ninetieth)), "minutes")
    yield ("filed without a hand", "", "", _cell(each.filed_by_rule), "per cent")
    yield ("quarantined", "", "", _cell(each.quarantined), "submissions")
    for queue, number in each.backlog.items():
        yield ("backlog now", "", queue.value, _cell(number), "items")


def _cell(number: int | None) -> "Cell":
    return FEW if number is None else number


def _minutes(length: "timedelta | None") -> int | None:
    return None if length is None else int(length.total_seconds()) // 60
