"""Let administrators and managers keep the register of senders, and see what stands apart.

Ending an entry asks about its account. No page shows content of a case; sensitive acts ask for
reauthentication.
"""

from flask import Blueprint, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from intake.access.safeguards.four_eyes import FourEyesNeeded
from intake.accounts.administration import OwnAccountRefused
from intake.accounts.roles import REGIONS
from intake.core.errors import Conflict
from intake.senders import linking, region_cover, register_administration
from intake.senders.register_administration import AccountUndecided, EntryInvalid, Filled
from portal.account.people_words import APART, STATES
from portal.text import triage as triage_words
from portal.web import reauthentication
from portal.web import session as browser
from portal.web.policy import Permission, may, requires

register_of_senders = Blueprint("senders", __name__, url_prefix="/admin/senders")
# The session's field with what was done last, for the page to say once.
DONE = "senders_done"


@register_of_senders.get("")
@requires(Permission.REGISTER)
def entries() -> str:
    """List the register and what stands apart, with the form that adds to it."""
    return _register_page(Filled(), {})


@register_of_senders.post("")
@requires(Permission.REGISTER)
@reauthentication.required("change whose mail counts, and whom officers call back")
def add() -> ResponseReturnValue:
    """Register a sender, or change and renew one that is known."""
    names = ("address", "region", "name", "phone", "deputy_for")
    filled = Filled(**{name: request.form.get(name, "") for name in names})
    try:
        is_new = register_administration.add_entry(browser.services(), browser.viewer(), filled)
    except EntryInvalid as fault:
        return _register_page(filled, fault.faults), fault.status
    return _done("The sender is registered." if is_new else "The sender is changed and renewed.")


@register_of_senders.post("/<sender_id>/renew")
@requires(Permission.REGISTER)
@reauthentication.required("renew an entry of the register of senders")
def renew_entry(sender_id: str) -> ResponseReturnValue:
    """Let an entry of the register count for six months more."""
    register_administration.renew_entry(browser.services(), browser.viewer(), sender_id)
    return _done("The entry is renewed for six months.")


@register_of_senders.get("/<sender_id>/end")
@requires(Permission.REGISTER)
def end_form(sender_id: str) -> str:
    """Ask whether an entry is to end, and what of its account."""
    return _end_page(sender_id, "")


@register_of_senders.post("/<sender_id>/end")
@requires(Permission.REGISTER)
@reauthentication.required("end an entry of the register of senders")
def end_entry(sender_id: str) -> ResponseReturnValue:
    """End an entry of the register at once, and its account too when the form says so."""
    chosen = {"yes": True, "no": False}.get(request.form.get("with_account", ""))
    if chosen and not may(browser.viewer(), Permission.PEOPLE):
        chosen = None
    try:
        register_administration.end_entry(
            browser.services(), browser.viewer(), sender_id, with_account=chosen
        )
    except AccountUndecided as fault:
        return _end_page(sender_id, fault.public), fault.status
    except (Conflict, OwnAccountRefused) as fault:
        return _register_page(Filled(), {"register": str(fault)}), fault.status
    return _done("The entry is ended, and the account is disabled." if chosen else "Ended.")


@register_of_senders.post("/join")
@requires(Permission.REGISTER)
@reauthentication.required("change whose mail counts as a coordinator's")
def join() -> ResponseReturnValue:
    """Register the address of a coordinator's account for the region of the account."""
    try:
        linking.join_account(browser.services(), browser.viewer(), request.form.get("account", ""))
    except Conflict as fault:
        return _register_page(Filled(), {"register": str(fault)}), fault.status
    return _done("The address is registered, and belongs to the account.")


@register_of_senders.post("/<sender_id>/link")
@requires(Permission.SENDERS_LINK)
@reauthentication.required("let an account see what came from another address")
def link(sender_id: str) -> ResponseReturnValue:
    """Link an entry with another address to a coordinator's account."""
    try:
        linking.link_entry(
            browser.services(), browser.viewer(), sender_id, request.form.get("account", "")
        )
    except (Conflict, FourEyesNeeded) as fault:
        sentence = str(fault) if isinstance(fault, Conflict) else fault.public
        return _register_page(Filled(), {"register": sentence}), fault.status
    return _done("The entry belongs to the account now.")


def _done(sentence: str) -> ResponseReturnValue:
    session[DONE] = sentence
    return redirect(url_for("senders.entries", _anchor="done"), 303)


def _end_page(sender_id: str, fault: str) -> str:
    return render_template(
        "administration/end_sender.html",
        entry=register_administration.read_entry(browser.services(), browser.viewer(), sender_id),
        states=STATES,
        fault=fault,
    )


def _register_page(filled: Filled, faults: dict[str, str]) -> str:
    services, viewer = browser.services(), browser.viewer()
    return render_template(
        "administration/senders.html",
        register=register_administration.list_entries(services, viewer),
        apart=linking.read_apart(services, viewer),
        apart_words=APART,
        filled=filled,
        faults=faults,
        regions=[(code, triage_words.region(code)) for code in REGIONS],
        states=STATES,
        covers=region_cover.every_cover(services),
        done=session.pop(DONE, ""),
    )
