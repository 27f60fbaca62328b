"""Show a list of work: one queue, or a list that spans the queues, narrowed and page by page."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Any

from flask import Blueprint, Response, jsonify, make_response, render_template, request, url_for

from intake.cases import near_dates
from intake.queues import bulk_actions, saved_views, work_list
from portal.text import labels
from portal.triage import page
from portal.triage.filters import (
    MAX_ROWS,
    Workplace,
    choices,
    in_queue,
    moment_of,
    workplace_of,
)
from portal.triage.lists import row_words
from portal.web import policy, session
from portal.web.policy import Permission, requires

if TYPE_CHECKING:
    from intake.accounts.accounts import SignedInUser
    from intake.queues.views import QueueRow
    from intake.queues.work_list import QueuePage
    from portal.triage.lists.row_words import RowWords


# After a bulk action the address says what was done, and with how many, and with what.
SEVERAL = re.compile(r"(take|give_back|assign|finish|open_again)-(\d{1,2})")
REFERENCE = re.compile(r"[0-9A-Z]{3}-[0-9A-Z]{3}-[0-9A-Z]{2}")

staff = Blueprint("staff", __name__)
work_acts = Blueprint("work_acts", __name__)


@dataclass(frozen=True)
class Wrong:
    """What was wrong with a form of the page: a sentence beside each form, and the typed name."""

    several: str = ""
    view: str = ""
    name: str = ""


@dataclass(frozen=True)
class Done:
    """What was done with several items just before: the act, with how many, and what it was.

    `finished` are the references of what was finished, which one button opens again.
    """

    act: str
    number: int
    finished: tuple[str, ...] = ()


@dataclass(frozen=True)
class RowGroup:
    """Rows that stand together; `queue` is empty where the list has one group only.

    `number` counts all that stand in the group, also on other pages of the list.
    """

    queue: str
    number: int
    rows: "tuple[tuple[QueueRow, RowWords], ...]"


@staff.get("/queues/<queue>")
@requires(Permission.QUEUES)
def queue(queue: str) -> Response:
    """Show what is open in one list, narrowed as the address says, the nearest due time first."""
    place = in_queue(workplace_of(request.args), queue)
    return show_list(session.viewer(), place, done=_done_before())


@work_acts.get("/queues/<queue>/news")
@session.unattended
@requires(Permission.QUEUES)
def news(queue: str) -> Response:
    """Answer how many items came into a narrowed list since it was read, as `{"new": 3}`.

    The page's script asks by itself, so that this is no sign that somebody is there.
    """
    place, since = place_in(queue), moment_of(request.args.get("since", ""))
    number = 0
    if since is not None:
        number = work_list.count_since(
            session.services(), session.viewer(), queue, place.filter, since
        )
    answer = jsonify(new=number)
    answer.set_etag(str(number))
    answer.make_conditional(request)
    return answer


def place_in(queue: str) -> Workplace:
    """Return the place that a form or an address names, in this list."""
    return in_queue(workplace_of(request.values), queue)


def address(place: Workplace, **more: str) -> str:
    """Return the address of a list as it is narrowed, with more in its query."""
    parts: dict[str, Any] = {**place.list_args(), **more}  # Any: url_for has options among them
    return url_for("staff.queue", **parts)


def show_list(
    viewer: "SignedInUser",
    place: Workplace,
    wrong: Wrong | None = None,
    status: int = 200,
    done: Done | None = None,
) -> Response:
    """Return the page of a list. Raises NotFound for an unknown one."""
    return make_response(_page(viewer, place, wrong or Wrong(), done), status)


def _page(viewer: "SignedInUser", place: Workplace, wrong: Wrong, done: Done | None) -> str:
    services = session.services()
    listed = work_list.read_page(
        services, viewer, place.queue, place.filter, after=place.after, limit=MAX_ROWS
    )
    takes = policy.may(viewer, Permission.CLAIM)
    may_take = takes and any(row.may_take for row in listed.rows)
    return render_template(
        "triage/queues/queue.html",
        queue=place.queue,
        help=(labels.QUEUE_HELP | labels.ACROSS_HELP)[place.queue],
        page=listed,
        groups=tuple(_groups(listed, viewer)),
        place=place,
        choices=choices(listed, place.filter, viewer.id),
        views=saved_views.views_of(services, viewer),
        colleagues=bulk_actions.able_colleagues(services, viewer) if may_take else (),
        several=done,
        finished=page.finished(services, viewer),
        done_task=page.done_task(services, viewer),
        takes=takes,
        may_take=may_take,
        wrong=wrong,
        max_rows=MAX_ROWS,
    )


def _done_before() -> Done | None:
    """Return what the address says was done with several items; None when it says nothing."""
    found = SEVERAL.fullmatch(request.args.get("several", ""))
    if found is None:
        return None
    named = request.args.get("finished", "").split(".")[: bulk_actions.MAX_AT_ONCE]
    finished = tuple(each for each in named if REFERENCE.fullmatch(each))
    return Done(found.group(1), int(found.group(2)), finished)


def _groups(listed: "QueuePage", viewer: "SignedInUser") -> Iterator[RowGroup]:
    """Yield the rows in their groups, each row with its words."""
    now = session.services().now()
    near = near_dates.near_dates(session.services(), viewer, {row.reference for row in listed.rows})
    worded = [
        (row, row_words.of_item(row, viewer, now, near.get(row.reference))) for row in listed.rows
    ]
    if not listed.is_grouped:
        yield RowGroup("", listed.found, tuple(worded))
        return
    for code, rows in groupby(worded, key=lambda pair: pair[0].queue):
        yield RowGroup(code, listed.found_in.get(code, 0), tuple(rows))
