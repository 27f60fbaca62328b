"""Let lists of submissions leave the office: one person asks, another decides, the first takes it.

A refused form comes back as it was written, its fault beside the field.
"""

from typing import TYPE_CHECKING

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from intake.access import programmes
from intake.access.safeguards.written_reason import ReasonInvalid
from intake.core.errors import Conflict
from intake.oversight import exports as lists
from intake.oversight import quarters
from intake.oversight.exports import Stand
from portal.text import formatting, labels
from portal.text.labels import Mark
from portal.web import downloads, reauthentication, session, spreadsheets
from portal.web.policy import Permission, requires

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from portal.web.spreadsheets import Cell

bulk_exports = Blueprint("bulk_exports", __name__, url_prefix="/numbers/lists")

STANDS = {
    Stand.WAITING: Mark("Waiting", "◌", "clock"),
    Stand.APPROVED: Mark("Allowed", "✓", "good"),
    Stand.REFUSED: Mark("Refused", "⊘", "quiet"),
    Stand.LAPSED: Mark("Over", "–", "quiet"),
}
HEAD = ("reference", "channel", "state", "received", "receipt sent", "decided")
FIELDS = ("programme", "period", "reason")


@bulk_exports.get("")
@requires(Permission.LISTS)
def overview() -> str:
    """Show what the viewer asked for and may decide, and the form that asks."""
    return _overview({})


@bulk_exports.post("")
@requires(Permission.LISTS)
@reauthentication.required("ask for a list that leaves the house")
def ask() -> ResponseReturnValue:
    """Ask for a list."""
    programme, period, reason = (request.form.get(name, "") for name in FIELDS)
    try:
        export_id = lists.ask_export(
            session.services(), session.viewer(), programme, period, reason
        )
    except ReasonInvalid as fault:
        return _overview({"reason": fault.public}), fault.status
    except Conflict as fault:
        return _overview({"period": str(fault)}), fault.status
    return redirect(url_for("bulk_exports.shown", export_id=export_id), 303)


@bulk_exports.get("/<export_id>")
@requires(Permission.LISTS)
def shown(export_id: str) -> str:
    """Show one request for a list, and what the viewer may do about it."""
    return _page(export_id)


@bulk_exports.post("/<export_id>/approve")
@requires(Permission.LISTS_DECIDE)
@reauthentication.required("let a list leave the house")
def approve(export_id: str) -> ResponseReturnValue:
    """Let the list leave, as the second person."""
    try:
        lists.approve_export(session.services(), session.viewer(), export_id)
    except Conflict as fault:
        return _page(export_id, {"above": str(fault)}), fault.status
    return redirect(url_for("bulk_exports.shown", export_id=export_id), 303)


@bulk_exports.post("/<export_id>/refuse")
@requires(Permission.LISTS_DECIDE)
@reauthentication.required("refuse a list")
def refuse(export_id: str) -> ResponseReturnValue:
    """Refuse the list, as the second person."""
    try:
        lists.refuse_export(session.services(), session.viewer(), export_id)
    except Conflict as fault:
        return _page(export_id, {"above": str(fault)}), fault.status
    return redirect(url_for("bulk_exports.shown", export_id=export_id), 303)


@bulk_exports.get("/<export_id>/list.csv")
@requires(Permission.LISTS)
@reauthentication.required("take a list out of the house")
def take(export_id: str) -> Response:
    """Answer with an approved list as comma-separated values."""
    content = spreadsheets.write_csv(_rows(export_id))
    return downloads.table("list.csv", spreadsheets.CSV_TYPE, content)


@bulk_exports.get("/<export_id>/list.xlsx")
@requires(Permission.LISTS)
@reauthentication.required("take a list out of the house")
def take_sheet(export_id: str) -> Response:
    """Answer with an approved list as a sheet."""
    return downloads.table(
        "list.xlsx", spreadsheets.XLSX_TYPE, spreadsheets.write_xlsx("List", _rows(export_id))
    )


def _rows(export_id: str) -> "Iterator[tuple[Cell, ...]]":
    found = lists.take_export(session.services(), session.viewer(), export_id)
    yield HEAD
    for row in found:
        times = (row.received_at, row.receipted_at, row.decided_at)
        channel = labels.CHANNELS.get(row.channel, row.channel)
        state = labels.SUBMISSION_STATES.get(row.state, row.state)
        yield (row.reference, channel, state, *(_time(at) for at in times))


def _time(at: "datetime | None") -> str:
    """Return a time in UTC to the minute, as ISO 8601 writes it; empty for None."""
    return "" if at is None else at.strftime("%Y-%m-%dT%H:%MZ")


def _overview(faults: dict[str, str]) -> str:
    services, viewer = session.services(), session.viewer()
    seen = programmes.counted_for(viewer.role)
    return render_template(
        "administration/numbers/lists.html",
        askings=lists.list_exports(services, viewer),
        stands=STANDS,
        programmes=[(each.value, labels.PROGRAMMES[each.value]) for each in seen],
        periods=[(each.code, formatting.quarter(each.code)) for each in quarters.periods(services)],
        filled={name: request.form.get(name, "") for name in FIELDS},
        faults=faults,
    )


def _page(export_id: str, faults: dict[str, str] | None = None) -> str:
    return render_template(
        "administration/numbers/list.html",
        asking=lists.read_export(session.services(), session.viewer(), export_id),
        stands=STANDS,
        faults=faults or {},
    )
