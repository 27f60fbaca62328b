"""Save what an officer narrows a list to under a name; nobody else sees it.

A view belongs to its officer and not to a queue: it leads to its list from every page of lists.
"""

import unicodedata
from dataclasses import asdict, dataclass, fields
from typing import TYPE_CHECKING

from intake.core import audit
from intake.core.errors import IntakeError, NotFound
from intake.queues.work_list import AcrossQueues, Filters
from storage.accounts.users import locked
from storage.audit_acts import Act
from storage.base import new_id
from storage.crypto.sealing import seal, unseal
from storage.lists import saved_views
from storage.lists.saved_views import SavedView
from storage.submissions.queue_items import Queue
from storage.submissions.submissions import place

if TYPE_CHECKING:
    from intake.accounts.accounts import SignedInUser
    from intake.core.services import Services
    from storage.crypto.keys import DataKey

MAX_CHARS = 40
MAX_VIEWS = 24
# Control, formatting, surrogate and unassigned characters (Unicode's general category C).
OTHER = "C"


class ViewNameInvalid(IntakeError):
    """A view's name is empty or too long."""

    reason = "view_name_invalid"
    public = f"Give it a name of at most {MAX_CHARS} characters."
    status = 400


class NothingToSave(IntakeError):
    """A filter that lets everything through was to be saved."""

    reason = "nothing_to_save"
    public = "Narrow the list first; the whole list is always there."
    status = 400


class TooManyViews(IntakeError):
    """Somebody has as many views as fit beside the lists."""

    reason = "too_many_views"
    public = f"You have {MAX_VIEWS} views. Please remove one first."
    status = 409


@dataclass(frozen=True)
class View:
    """One saved view; its owner typed the `name`. `queue` is the code of its list."""

    id: str
    name: str
    queue: str
    filters: Filters


def views_of(services: "Services", user: "SignedInUser") -> tuple[View, ...]:
    """Return the first MAX_VIEWS of a user's own views, the first saved first.

    Older releases let more be saved, which come forward when others are removed.
    """
    with services.database.reading() as session:
        rows = saved_views.of_user(session, user.id, limit=MAX_VIEWS)
        if not rows:
            return ()
        key = services.keyring.system(session)
        return tuple(_view(key, row) for row in rows)


def save_view(
    services: "Services", user: "SignedInUser", queue: str, name: str, filters: Filters
) -> None:
    """Save a filter under a name; a view that has the name already gets the new filter.

    Raises NotFound, ViewNameInvalid, NothingToSave or TooManyViews.
    """
    if queue not in {*Queue, *AcrossQueues}:
        raise NotFound
    if filters == Filters():
        raise NothingToSave
    tidy = _tidy(name)
    with services.database.transaction() as session:
        locked(session, user.id)
        key = services.keyring.system(session)
        rows = saved_views.of_user(session, user.id)
        same = [row for row in rows if _view(key, row).name.casefold() == tidy.casefold()]
        if not same and len(rows) >= MAX_VIEWS:
            raise TooManyViews
        row = same[0] if same else SavedView(id=new_id(), user_id=user.id, saved_at=services.now())
        row.queue = queue
        row.name = seal(key, place("saved_views", "name", row.id), tidy)
        row.filters = {field: code for field, code in asdict(filters).items() if code}
        session.add(row)
        session.flush()
        audit.note(services, session, user, Act.VIEW_SAVED, ("view", row.id), {"queue": queue})


def remove_view(services: "Services", user: "SignedInUser", view_id: str) -> str:
    """Remove a user's own view and return the code of its list. Raises NotFound."""
    with services.database.transaction() as session:
        queue = saved_views.remove(session, view_id, user.id)
        if queue is None:
            raise NotFound
        audit.note(services, session, user, Act.VIEW_REMOVED, ("view", view_id), {"queue": queue})
        return queue


def _tidy(name: str) -> str:
    visible = "".join(
        " " if char.isspace() else char
        for char in unicodedata.normalize("NFC", name)
        if char.isspace() or not unicodedata.category(char).startswith(OTHER)
    )
    tidy = " ".join(visible.split())
    if not tidy or len(tidy) > MAX_CHARS:
        raise ViewNameInvalid
    return tidy


def _view(key: "DataKey", row: SavedView) -> View:
    known = {field.name for field in fields(Filters)}
    filters = {name: code for name, code in row.filters.items() if name in known}
    name = unseal(key, place("saved_views", "name", row.id), row.name)
    return View(row.id, name, row.queue, Filters(**filters))
