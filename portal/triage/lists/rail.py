"""Put the rail beside the lists together: every list with its number, and one's saved views."""

from dataclasses import dataclass
from typing import Any

from flask import request, url_for

from intake.queues import saved_views
from intake.queues.lists import rail as counting
from intake.queues.work_list import AcrossQueues, Filters
from portal.text import labels
from portal.triage.filters import set_fields
from portal.web import session
from storage.submissions.queue_items import Queue

# The key after g that opens a list from every page of officers.
GO_KEYS = (
    ("a", AcrossQueues.ALL.value),
    ("m", AcrossQueues.MINE.value),
    ("r", Queue.REPLIES.value),
    ("d", AcrossQueues.SOON.value),
)
# Pages of cases, which have no queue.
OWN_CASES, UNOWNED_CASES = "/cases/mine", "/cases/without-owner"


@dataclass(frozen=True)
class RailLink:
    """One list. `label` of a view is what its owner typed; `number` is None for a view."""

    label: str
    address: str
    number: int | None
    is_current: bool
    is_urgent: bool = False
    is_typed: bool = False


@dataclass(frozen=True)
class RailGroup:
    """Links under one heading."""

    heading: str
    links: tuple[RailLink, ...]


def groups() -> tuple[RailGroup, ...]:
    """Return the rail for the signed-in user and the page that is shown."""
    services, viewer = session.services(), session.viewer()
    counted = counting.read_rail(services, viewer)
    across = [
        _list(AcrossQueues.ALL, counted.all_open),
        _list(AcrossQueues.MINE, counted.mine),
        _page("My cases", OWN_CASES, counted.own_cases),
        _page("Cases without owner", UNOWNED_CASES, counted.unowned_cases),
        _list(AcrossQueues.SOON, counted.soon),
    ]
    queues = [_list(each.queue, each.open_items) for each in counted.queues]
    views = [
        RailLink(view.name, _address(view.queue, view.filters), None, _is_here(view), is_typed=True)
        for view in saved_views.views_of(services, viewer)
    ]
    found = (
        RailGroup("Lists", tuple(link for link in across if link is not None)),
        RailGroup("Queues", tuple(link for link in queues if link is not None)),
        RailGroup("Views", tuple(views)),
    )
    return tuple(group for group in found if group.links)


def _list(code: str, number: int | None) -> RailLink | None:
    if number is None:
        return None
    address = url_for("staff.queue", queue=code)
    is_here = request.path == address and not request.query_string
    is_urgent = code == Queue.EMERGENCY and number > 0
    return RailLink(labels.queue(code), address, number, is_here, is_urgent)


def _page(label: str, address: str, number: int | None) -> RailLink | None:
    if number is None:
        return None
    return RailLink(label, address, number, request.path == address)


def _address(queue: str, filters: Filters) -> str:
    parts: dict[str, Any] = dict(set_fields(filters))  # Any: url_for has options among them
    return url_for("staff.queue", queue=queue, **parts)


def _is_here(view: saved_views.View) -> bool:
    chosen = {name: value for name, value in request.args.items() if name != "after"}
    is_list = request.path == url_for("staff.queue", queue=view.queue)
    return is_list and chosen == set_fields(view.filters)
