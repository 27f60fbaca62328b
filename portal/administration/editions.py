"""Show the editions of the office's own data, and let one person propose and another approve.

A refused form comes back as it was written, each fault beside its field.
"""

from typing import TYPE_CHECKING

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from intake.reference_data import edition_views, editions
from intake.reference_data.edition_drafts import EditionInvalid, read_draft
from intake.reference_data.edition_rules import things_of
from intake.reference_data.edition_views import Start
from intake.reference_data.editions import Overtaken
from portal.web import reauthentication, session
from portal.web.policy import Permission, requires

if TYPE_CHECKING:
    from collections.abc import Mapping


edition_pages = Blueprint("office_data", __name__, url_prefix="/admin/editions")

KINDS = {
    "checklist": ("Checklists", "Which documents a referral needs."),
    "answer": ("Prepared answers", "Texts that officers send, by language."),
    "countries": ("Countries", "Where support may be granted, and where it can be paid."),
    "clocks": ("Clocks", "Hours, targets, reminders and legal days."),
    "amounts": ("Amounts", "What is paid, for information."),
    "regions": ("Regions", "Who stands in for a region without a coordinator."),
}
THINGS = {
    "referrals": "Referrals",
    "cash": "Cash support",
    "agency_eligible": "Where the agency may grant support",
    "iom_payable": "Where we can pay",
    "reestablishment": "Cash support",
    "service": "Service clocks",
    "fallbacks": "Fallbacks",
}
STATES = {"proposed": "Waits for a second person", "approved": "Approved", "refused": "Refused"}
FIELDS = ("code", "language", "valid_from", "valid_to", "content", "note")


@edition_pages.get("")
@requires(Permission.EDITIONS)
def overview() -> str:
    """Show every kind of edition, and the proposals that wait for a second person."""
    services = session.services()
    return render_template(
        "administration/editions/overview.html",
        kinds=edition_views.list_kinds(services),
        waiting=edition_views.list_proposals(services),
        words=KINDS,
        names=THINGS,
    )


@edition_pages.get("/<kind>")
@requires(Permission.EDITIONS)
def of_kind(kind: str) -> str:
    """Show the things of one kind with all their editions."""
    found = edition_views.list_things(session.services(), kind)
    return render_template(
        "administration/editions/kind.html",
        kind=kind,
        title=KINDS[kind][0],
        things=found,
        states=STATES,
        names=THINGS,
    )


@edition_pages.get("/<kind>/propose")
@requires(Permission.EDITIONS_PROPOSE)
def propose_form(kind: str) -> str:
    """Show the form for a proposal, filled with what is in force."""
    code, language = request.args.get("code", ""), request.args.get("language", "")
    return _form(kind, edition_views.start_proposal(session.services(), kind, code, language), {})


@edition_pages.post("/<kind>/propose")
@requires(Permission.EDITIONS_PROPOSE)
@reauthentication.required("propose a change of the office's data")
def propose(kind: str) -> ResponseReturnValue:
    """Store a proposal, or show what is wrong with it."""
    checked = edition_views.checked_kind(kind)
    claimed = {name: request.form.get(name, "") for name in FIELDS}
    try:
        draft = read_draft(checked, claimed)
        edition_id = editions.propose_edition(session.services(), session.viewer(), draft)
    except EditionInvalid as error:
        return _form(kind, Start(**claimed), error.faults), error.status
    return redirect(url_for("office_data.shown", edition_id=edition_id), 303)


@edition_pages.get("/shown/<edition_id>")
@requires(Permission.EDITIONS)
def shown(edition_id: str) -> str:
    """Show one edition in plain words, with what it changes."""
    return _page(edition_id)


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
        return _page(edition_id, error.faults.get("content", ())), error.status
    return redirect(url_for("office_data.shown", edition_id=edition_id), 303)


@edition_pages.post("/shown/<edition_id>/refuse")
@requires(Permission.EDITIONS_APPROVE)
@reauthentication.required("refuse a proposal")
def refuse(edition_id: str) -> ResponseReturnValue:
    """Refuse a proposal."""
    editions.refuse_edition(session.services(), session.viewer(), edition_id)
    return redirect(url_for("office_data.shown", edition_id=edition_id), 303)


def _page(edition_id: str, faults: tuple[str, ...] = ()) -> str:
    view = edition_views.read_edition(session.services(), session.viewer(), edition_id)
    return render_template(
        "administration/editions/edition.html",
        edition=view,
        title=KINDS[view.row.kind][0],
        states=STATES,
        names=THINGS,
        faults=faults,
    )


def _form(kind: str, start: Start, faults: "Mapping[str, tuple[str, ...]]") -> str:
    checked = edition_views.checked_kind(kind)
    return render_template(
        "administration/editions/propose.html",
        kind=checked.value,
        title=KINDS[checked][0],
        start=start,
        names=THINGS,
        codes=things_of(checked),
        has_language=checked == "answer",
        faults=faults,
    )
