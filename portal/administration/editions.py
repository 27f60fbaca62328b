"""Show the editions of the office's own data, and let a second person approve what one proposed.

`edition_proposals` has the form with which somebody proposes a change.
"""

from dataclasses import dataclass, replace
from itertools import chain
from typing import TYPE_CHECKING

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from intake.reference_data import edition_files, edition_views, editions
from intake.reference_data.edition_drafts import EditionInvalid
from intake.reference_data.edition_forms.difference import changes, lines
from intake.reference_data.edition_forms.kinds import FIELDS
from intake.reference_data.editions import Overtaken
from portal.administration import office_words
from portal.web import downloads, reauthentication, session
from portal.web.policy import Permission, requires
from storage.editions import EditionKind

if TYPE_CHECKING:
    from collections.abc import Iterable

    from intake.reference_data.edition_forms.difference import LineChange, ToldLine
    from intake.reference_data.edition_views import EditionSeries

edition_pages = Blueprint("office_data", __name__, url_prefix="/admin/editions")

# So many editions of one thing are listed; older ones are found by their dates in the audit.
MAX_LISTED = 60


@dataclass(frozen=True)
class ThingShown:
    """What a kind is about, on its page; each of `series` is one language, or the only one."""

    code: str
    title: str
    series: "list[EditionSeries]"


@edition_pages.get("")
@requires(Permission.EDITIONS)
def overview() -> str:
    """Show every kind of edition, and the proposals that wait for a second person."""
    services = session.services()
    return render_template(
        "administration/editions/overview.html",
        kinds=edition_views.list_kinds(services),
        waiting=edition_views.list_proposals(services),
        data_words=office_words,
    )


@edition_pages.get("/<kind>")
@requires(Permission.EDITIONS)
def of_kind(kind: str) -> str:
    """Show the things of one kind; with a code, all editions of one of them."""
    found = edition_views.list_things(session.services(), kind)
    code, language = request.args.get("code", ""), request.args.get("language", "")
    chosen = [each for each in found if code and (each.code, each.language) == (code, language)]
    return render_template(
        "administration/editions/kind.html",
        kind=kind,
        things=_by_code(chosen or found),
        is_history=bool(chosen),
        most=MAX_LISTED,
        data_words=office_words,
    )


@edition_pages.get("/shown/<edition_id>")
@requires(Permission.EDITIONS)
def shown(edition_id: str) -> str:
    """Show one edition in plain words, with what it changes."""
    return _page(edition_id)


@edition_pages.get("/shown/<edition_id>/file")
@requires(Permission.EDITIONS)
def export(edition_id: str) -> Response:
    """Answer with one edition as a file that an import takes."""
    view = edition_views.read_edition(session.services(), session.viewer(), edition_id)
    row = view.row
    content = edition_files.write_file(
        row.kind, row.code, row.language, (row.valid_from, row.valid_to), view.content
    )
    name = "-".join(filter(None, (row.kind, row.code, row.language, str(row.number))))
    return downloads.table(f"{name}.json", "application/json", content)


@edition_pages.post("/shown/<edition_id>/approve")
@requires(Permission.EDITIONS_APPROVE)
@reauthentication.required("put a proposal in force")
def approve(edition_id: str) -> ResponseReturnValue:
    """Put a proposal in force, as the second person."""
    try:
        editions.approve_edition(session.services(), session.viewer(), edition_id)
    except Overtaken as error:
        return _page(edition_id, (error.public,)), error.status
    except EditionInvalid as error:
        # The page shows no fields, so everything stands on top.
        return _page(edition_id, tuple(chain(*error.faults.values()))), error.status
    return redirect(url_for("office_data.shown", edition_id=edition_id), 303)


@edition_pages.post("/shown/<edition_id>/refuse")
@requires(Permission.EDITIONS_APPROVE)
@reauthentication.required("refuse a proposal")
def refuse(edition_id: str) -> ResponseReturnValue:
    """Refuse a proposal."""
    editions.refuse_edition(session.services(), session.viewer(), edition_id)
    return redirect(url_for("office_data.shown", edition_id=edition_id), 303)


def differences(
    kind: str, before: dict[str, object] | None, after: dict[str, object], language: str
) -> "tuple[LineChange, ...]":
    """Return what an edition changes, in the words of the pages."""
    return changes(FIELDS[EditionKind(kind)], before, after, office_words.CODES, language)


def _page(edition_id: str, faults: tuple[str, ...] = ()) -> str:
    view = edition_views.read_edition(session.services(), session.viewer(), edition_id)
    row = view.row
    is_change = row.number > 0 and not row.is_in_force
    fields = FIELDS[EditionKind(row.kind)]
    return render_template(
        "administration/editions/edition.html",
        edition=view,
        lines=_together(lines(fields, view.content, office_words.CODES, row.language).values()),
        changes=differences(row.kind, view.before, view.content, row.language) if is_change else (),
        faults=faults,
        data_words=office_words,
    )


def _together(spoken: "Iterable[ToldLine]") -> "list[ToldLine]":
    """Return lines with those of one label in one, as a list of countries is."""
    found: dict[tuple[str, str], ToldLine] = {}
    for each in spoken:
        key = (each.label, each.language)
        text = f"{found[key].text}, {each.text}" if key in found else each.text
        found[key] = replace(each, text=text)
    return list(found.values())


def _by_code(found: "Iterable[EditionSeries]") -> list[ThingShown]:
    things: dict[str, ThingShown] = {}
    for each in found:
        title = office_words.thing(each.code)
        things.setdefault(each.code, ThingShown(each.code, title, [])).series.append(each)
    return list(things.values())
