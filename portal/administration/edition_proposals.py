"""Let somebody propose a change of the office's data by a form, or by a file that fills the form.

Every answer to the form holds everything that was typed. Adding, moving, opening and removing rows
sends the form to `change_rows`, which stores nothing; so it works without script. A refused form
comes back as it was written, each fault beside its field.
"""

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from intake.reference_data import edition_files, edition_views, editions
from intake.reference_data.edition_drafts import OWN_INPUTS, EditionInvalid, read_draft
from intake.reference_data.edition_files import MAX_FILE_BYTES, FileRefused
from intake.reference_data.edition_forms import reading
from intake.reference_data.edition_forms.typed import Typed, first
from intake.reference_data.editions import ProposedMeanwhile
from portal.administration import office_words, short_files
from portal.administration.editions import differences
from portal.web import reauthentication, session
from portal.web.policy import Permission, requires
from storage.editions import EditionKind

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from intake.reference_data.edition_forms.difference import LineChange
    from intake.reference_data.edition_forms.fields import DrawnField
    from intake.reference_data.edition_views import EditionView, FormContext

# These are drawn without an id of their own.
UNNAMED = frozenset({"row", "within", "span"})
edition_proposals = Blueprint("office_proposals", __name__, url_prefix="/admin/editions")

# A file that is too large is still read to its end, so that the page can say so.
MAX_BODY_BYTES = 4_000_000
MAX_NEWEST = 1_000_000


@dataclass(frozen=True)
class FormRemarks:
    """What stands beside a form's fields: faults by input, a colleague's proposal, a remark."""

    faults: "Mapping[str, tuple[str, ...]]" = field(default_factory=dict)
    theirs: "EditionView | None" = None
    against_theirs: "tuple[LineChange, ...]" = ()
    remark: str = ""
    edited: str = ""


@edition_proposals.url_value_preprocessor
def keep_short_files(endpoint: str | None, _values: dict[str, Any] | None) -> None:
    """Keep an imported file in memory; runs before the token's check reads the form."""
    if endpoint == "office_proposals.import_file":
        short_files.keep_short(request, MAX_FILE_BYTES, MAX_BODY_BYTES)


@edition_proposals.get("/<kind>/propose")
@requires(Permission.EDITIONS_PROPOSE)
def form(kind: str) -> Response:
    """Show the form for a proposal, filled with what is in force, or with another edition."""
    asked = request.args
    context = edition_views.open_form(
        session.services(),
        kind,
        asked.get("code", ""),
        asked.get("language", ""),
        asked.get("from", ""),
    )
    typed, _ = reading.to_typed(EditionKind(kind), context.content)
    start = {"valid_from": [context.today.isoformat()], "newest": [str(context.newest)]}
    return _form(kind, context, typed | start)


@edition_proposals.post("/<kind>/rows")
@requires(Permission.EDITIONS_PROPOSE)
def change_rows(kind: str) -> ResponseReturnValue:
    """Show the form again after a row was added, moved, opened or removed; nothing is stored."""
    checked, typed = edition_views.checked_kind(kind), _typed()
    act = first(typed, "do")
    changed = reading.with_act(checked, typed, act)
    edited = act.partition(":")[2]
    if act.startswith("add:"):
        edited = first(changed, "open") or edited
    return _form(kind, _context(kind, typed), changed, FormRemarks(edited=edited))


@edition_proposals.post("/<kind>/propose")
@requires(Permission.EDITIONS_PROPOSE)
@reauthentication.required("propose a change of the office's data")
def propose(kind: str) -> ResponseReturnValue:
    """Store a proposal, or show what is wrong with it and what a colleague did meanwhile."""
    checked, typed = edition_views.checked_kind(kind), _typed()
    newest = first(typed, "newest")
    try:
        draft = read_draft(checked, typed)
        edition_id = editions.propose_edition(
            session.services(),
            session.viewer(),
            draft,
            known_number=min(int(newest[:9]), MAX_NEWEST) if re.fullmatch(r"[0-9]+", newest) else 0,
        )
    except EditionInvalid as error:
        return _form(kind, _context(kind, typed), typed, FormRemarks(error.faults)), error.status
    except ProposedMeanwhile as error:
        theirs = edition_views.read_edition(session.services(), session.viewer(), error.edition_id)
        about = FormRemarks(
            theirs=theirs,
            against_theirs=differences(kind, theirs.content, draft.content, draft.language),
        )
        again = typed | {"newest": [str(error.number)]}
        return _form(kind, _context(kind, typed), again, about), error.status
    return redirect(url_for("office_data.shown", edition_id=edition_id), 303)


@edition_proposals.get("/<kind>/import")
@requires(Permission.EDITIONS_PROPOSE)
def import_form(kind: str) -> str:
    """Show the form that takes a file."""
    return _import_page(edition_views.checked_kind(kind))


@edition_proposals.post("/<kind>/import")
@requires(Permission.EDITIONS_PROPOSE)
def import_file(kind: str) -> ResponseReturnValue:
    """Show the form of a proposal filled with what a file says; nothing is stored."""
    checked = edition_views.checked_kind(kind)
    try:
        found = edition_files.read_file(checked, short_files.content_of(request.files.get("file")))
    except FileRefused as refusal:
        return _import_page(checked, refusal.public), refusal.status
    context = edition_views.open_form(session.services(), kind, found.code, found.language)
    own = {name: [getattr(found, name)] for name in ("valid_from", "valid_to")}
    own["newest"] = [str(context.newest)]
    is_same = found.content == context.content
    remark = "The file says what is in force: nothing changes." if is_same else ""
    return _form(kind, context, found.typed | own, FormRemarks(found.faults, remark=remark))


def _typed() -> Typed:
    return {name: values for name, values in request.form.lists() if name != "csrf_token"}


def _context(kind: str, typed: Typed) -> "FormContext":
    return edition_views.open_form(
        session.services(), kind, first(typed, "code"), first(typed, "language")
    )


def _import_page(kind: EditionKind, fault: str = "") -> str:
    return render_template(
        "administration/editions/import.html",
        kind=kind.value,
        fault=fault,
        most_kilobytes=MAX_FILE_BYTES // 1024,
        data_words=office_words,
    )


def _form(
    kind: str, context: "FormContext", typed: Typed, about: FormRemarks | None = None
) -> Response:
    about = about or FormRemarks()
    checked = EditionKind(kind)
    faults = {path: list(found) for path, found in about.faults.items()}
    content, wrong = reading.from_typed(checked, typed)
    before = context.content or None
    words = office_words.CODES | {"on_duty": context.on_duty}
    fields = reading.draw(checked, typed, faults, words)
    page = render_template(
        "administration/editions/propose.html",
        kind=kind,
        context=context,
        fields=fields,
        beside=list(_beside(fields, about.faults)),
        own={name: first(typed, name) for name in OWN_INPUTS},
        about=about,
        whole=about.faults.get("", ()),
        changes=None if wrong else differences(kind, before, content, context.language),
        data_words=office_words,
    )
    return make_response(page)


def _beside(
    fields: "list[DrawnField]", faults: "Mapping[str, tuple[str, ...]]"
) -> "Iterator[tuple[str, str]]":
    """Yield (id on the page, sentence) of each fault that stands beside a field.

    A row that is folded says what is wrong in it; then its own sentence is where the link leads.
    """
    drawn = {each.name: each for field in fields for each in _all_of(field)}
    for path, sentences in faults.items():
        name = path
        while name not in drawn and "." in name:
            name = name.rpartition(".")[0]
        is_field = name in OWN_INPUTS or (name in drawn and drawn[name].shape not in UNNAMED)
        yield from ((name if is_field else f"{name}-error", each) for each in sentences if path)


def _all_of(field: "DrawnField") -> "Iterator[DrawnField]":
    yield field
    for part in field.parts:
        yield from _all_of(part)
