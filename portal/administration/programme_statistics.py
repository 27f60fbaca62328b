"""Show a quarter's programme statistics on a page, exactly, and give them out as a file.

The file hides what is too small (`intake.oversight.exported_statistics`), and the page says which
of its cells and why. A bar is drawn inside the cell that says its number, so that the table is
itself the text alternative.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import Blueprint, Response, render_template, request

from intake.oversight import exported_statistics, quarters
from intake.oversight import programme_statistics as counted
from portal.text import formatting, labels, triage
from portal.web import downloads, session, spreadsheets
from portal.web.policy import Permission, requires
from storage.submissions.submissions import Programme

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date, timedelta

    from intake.oversight.exported_statistics import ExportedStatistics, HiddenCells
    from intake.oversight.programme_statistics import (
        BothCounts,
        InTime,
        ProgrammeStatistics,
        Totals,
        Wait,
    )
    from intake.oversight.quarters import Period
    from portal.web.spreadsheets import Cell

statistics_pages = Blueprint("numbers", __name__, url_prefix="/numbers")

FEW = f"under {exported_statistics.FEWEST}"
HEAD = ("quarter", "programme", "what", "week from", "of", "value", "unit")
# The width of a bar in units of its drawing, whatever its size on the page.
BAR_UNITS = 100
# Of fewer than ten waits the ninth decile is the longest.
TELLS_NINE_OF_TEN = 10


@dataclass(frozen=True)
class Week:
    """One week's line: its number and first day, (channel, number) for each, the sum, and a bar.

    `bar` is a length in BAR_UNITS.
    """

    number: int
    monday: "date"
    cells: list[tuple[str, int]]
    total: int
    bar: float


@dataclass(frozen=True)
class Waiting:
    """One queue's line in the backlog."""

    queue: str
    number: int
    bar: float


@dataclass(frozen=True)
class TotalLine:
    """One line of the totals: of the quarter and of the year; `is_part` of the line above."""

    what: str
    quarter: str
    year: str
    is_part: bool = False


@dataclass(frozen=True)
class Fact:
    """How long something took: its median, of how many that is, and how many came in time."""

    what: str
    value: str
    of: str
    in_time: str = ""


@dataclass(frozen=True)
class Section:
    """One programme's numbers in words."""

    code: str
    title: str
    facts: list[Fact]
    totals: list[TotalLine]
    weeks: list[Week]
    backlog: list[Waiting]
    hidden: "list[HiddenCells]"


@statistics_pages.get("")
@requires(Permission.STATISTICS)
def overview() -> str:
    """Show a quarter's numbers of the viewer's programmes."""
    services = session.services()
    period = quarters.chosen_period(services, request.args.get("period", ""))
    return render_template(
        "administration/numbers/overview.html",
        period=period,
        periods=quarters.periods(services),
        sections=[
            _section(each)
            for each in counted.count_programmes(services, session.viewer().role, period)
        ],
        channels=list(labels.CHANNELS.values()),
        few=exported_statistics.FEWEST,
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
    """Return what may leave of a quarter's numbers as rows, and audit that they were taken out."""
    services, viewer = session.services(), session.viewer()
    period = quarters.chosen_period(services, request.args.get("period", ""))
    rows: list[tuple[Cell, ...]] = [HEAD]
    for each in counted.count_programmes(services, viewer.role, period):
        given = exported_statistics.exported(each)
        rows += [(period.code, given.programme.value, *row) for row in _rows(given)]
    counted.note_export(services, viewer, period)
    return period, rows


def _section(both: "BothCounts") -> Section:
    each = both.now
    is_confirmed = each.programme is Programme.REFERRALS
    quarter = each.quarter
    facts = [
        _fact(
            "To the receipt", each.to_receipt, _share(quarter.receipted, quarter.genuine, "got one")
        ),
        _fact("To the decision", each.to_decision),
    ]
    if is_confirmed:
        done = [quarter.confirmed, *quarter.closed_without.values()]
        came, in_time = sum(one.number for one in done), sum(one.in_time for one in done)
        by_promise = _share(in_time, came, "by the promised time")
        facts.append(_fact("To the written confirmation", each.to_confirmation, by_promise))
    given = exported_statistics.exported(both)
    return Section(
        each.programme.value,
        labels.PROGRAMMES[each.programme.value],
        facts,
        list(_totals(each.quarter, each.year, is_confirmed=is_confirmed)),
        _weeks(each),
        _backlog(each),
        list(exported_statistics.hidden_cells(given)),
    )


def _fact(what: str, wait: "Wait", in_time: str = "") -> Fact:
    if wait.median is None or wait.ninetieth is None:
        return Fact(what, "–", "None within a year", in_time)
    of = f"the last {wait.count}, from before this quarter" if wait.is_older else f"{wait.count}"
    longest = "nine of ten within" if wait.count >= TELLS_NINE_OF_TEN else "the longest"
    long = formatting.span(wait.ninetieth)
    return Fact(what, formatting.span(wait.median), f"Median of {of}; {longest} {long}", in_time)


def _share(part: int, whole: int, what: str) -> str:
    """Return a share as a number and in per cent: `4 of 5 got one (80 %)`; empty of nothing."""
    return f"{part} of {whole} {what} ({round(100 * part / whole)} %)" if whole else ""


def _totals(quarter: "Totals", year: "Totals", *, is_confirmed: bool) -> "Iterator[TotalLine]":
    yield TotalLine("Arrived", str(quarter.arrived), str(year.arrived))
    for channel, number in year.by_channel.items():
        if number:
            of_quarter = str(quarter.by_channel[channel])
            yield TotalLine(labels.CHANNELS[channel], of_quarter, str(number), is_part=True)
    yield TotalLine("Filed automatically", str(quarter.filed_by_rule), str(year.filed_by_rule))
    yield TotalLine("With a part in quarantine", str(quarter.quarantined), str(year.quarantined))
    if not is_confirmed:
        return
    yield TotalLine("Genuine referrals", str(quarter.genuine), str(year.genuine))
    yield TotalLine("Receipt sent", str(quarter.receipted), str(year.receipted), is_part=True)
    yield _line("Confirmed in writing", quarter.confirmed, year.confirmed)
    for why, of_year in year.closed_without.items():
        of_quarter_or_none = quarter.closed_without.get(why)
        words = triage.CLOSED_WITHOUT.get(why, why)
        yield _line(f"Closed without: {words[:1].lower()}{words[1:]}", of_quarter_or_none, of_year)
    yield _line("Still to be confirmed", quarter.waiting, year.waiting)


def _line(what: str, quarter: "InTime | None", year: "InTime") -> TotalLine:
    return TotalLine(what, _in_time(quarter), _in_time(year), is_part=True)


def _in_time(found: "InTime | None") -> str:
    if found is None or not found.number:
        return "0"
    return f"{found.number}, {found.in_time} in time"


def _weeks(each: "ProgrammeStatistics") -> list[Week]:
    sums = {monday: sum(cells.values()) for monday, cells in each.weeks.items()}
    highest = max(sums.values(), default=0)
    if not highest:
        return []
    return [
        Week(
            number=monday.isocalendar().week,
            monday=monday,
            cells=[(labels.CHANNELS[channel], number) for channel, number in cells.items()],
            total=sums[monday],
            bar=_bar(sums[monday], highest),
        )
        for monday, cells in reversed(each.weeks.items())
    ]


def _backlog(each: "ProgrammeStatistics") -> list[Waiting]:
    highest = max(each.backlog.values(), default=0)
    return [
        Waiting(labels.queue(queue), number, _bar(number, highest))
        for queue, number in each.backlog.items()
        if number
    ]


def _bar(number: int, highest: int) -> float:
    return round(BAR_UNITS * number / highest, 1) if highest else 0


def _rows(each: "ExportedStatistics") -> "Iterator[tuple[Cell, ...]]":
    for monday, cells in each.weeks.items():
        for channel, number in cells.items():
            yield ("arrivals", monday.isoformat(), channel.value, _cell(number), "submissions")
    for what, wait in (
        ("time to receipt", each.to_receipt),
        ("time to decision", each.to_decision),
        ("time to confirmation", each.to_confirmation),
    ):
        yield (what, "", "median", _cell(_minutes(wait.median)), "minutes")
        yield (what, "", "90th percentile", _cell(_minutes(wait.ninetieth)), "minutes")
    yield ("confirmed in time", "", "", _cell(each.confirmed_in_time), "per cent")
    yield ("filed automatically", "", "", _cell(each.filed_by_rule), "per cent")
    yield ("quarantined", "", "", _cell(each.quarantined), "submissions")
    for queue, number in each.backlog.items():
        yield ("backlog now", "", queue.value, _cell(number), "items")


def _cell(number: int | None) -> "Cell":
    return FEW if number is None else number


def _minutes(length: "timedelta | None") -> int | None:
    return None if length is None else int(length.total_seconds()) // 60
