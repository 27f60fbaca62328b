"""Let administrators keep accounts and the register of senders.

Both have a permission of their own, and neither shows content of a case. A refused form
comes back as it was written, its fault beside the field. Sensitive acts ask for reauthentication.
"""

from flask import Blueprint, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from intake.accounts import administration
from intake.accounts.administration import OwnAccountRefused
from intake.accounts.roles import REGIONS, ROLE_WORDS, AccountInvalid
from intake.core.errors import AddressInvalid, Conflict
from intake.outbox import invitations
from intake.senders import region_cover, register_administration
from intake.senders.register_administration import EntryInvalid, Filled
from portal.text.labels import Mark
from portal.web import reauthentication
from portal.web import session as browser
from portal.web.policy import Permission, requires
from storage.accounts.users import Role

people = Blueprint("people", __name__, url_prefix="/admin/people")
register_of_senders = Blueprint("senders", __name__, url_prefix="/admin/senders")

STATES = {
    "active": Mark("Active", "✓", "good"),
    "current": Mark("Counts", "✓", "good"),
    "ending": Mark("Ends soon", "◆", "clock"),
    "invited": Mark("Invited", "◌", "quiet"),
    "waiting": Mark("Waits for a manager", "◌", "clock"),
    "expired": Mark("Expired", "◆", "clock"),
    "disabled": Mark("Disabled", "⊘", "danger"),
    "ended": Mark("Ended", "⊘", "quiet"),
}
# The session's field with what was done last, for the page to say once.
DONE = "people_done"


@people.get("")
@requires(Permission.PEOPLE)
def accounts() -> str:
    """List the accounts of one role, or of all roles."""
    code = request.args.get("role", "")
    role = Role(code) if code in set(Role) else None
    return render_template(
        "administration/people.html",
        found=administration.list_accounts(browser.services(), browser.viewer(), role),
        role=role,
        roles=ROLE_WORDS,
        states=STATES,
    )


@people.get("/invite")
@requires(Permission.PEOPLE)
def invite_form() -> str:
    """Show the form for an invitation."""
    return _invite_page({})


@people.post("/invite")
@requires(Permission.PEOPLE)
@reauthentication.required("invite somebody")
def invite() -> ResponseReturnValue:
    """Invite somebody; the link goes by mail to them, and no page shows it."""
    email, role = request.form.get("email", ""), request.form.get("role", "")
    services = browser.services()
    try:
        region = request.form.get("region") or None
        invited = invitations.invite(
            services, services.texts, browser.viewer(), email, role, region
        )
    except AddressInvalid as fault:
        return _invite_page({"email": fault.public}), fault.status
    except AccountInvalid as fault:
        field = "role" if role not in set(Role) else "region"
        return _invite_page({field: str(fault)}), fault.status
    except Conflict as fault:
        return _invite_page({"email": str(fault)}), fault.status
    return render_template("administration/invited.html", invited=invited, email=email)


@people.get("/<user_id>")
@requires(Permission.PEOPLE)
def account(user_id: str) -> str:
    """Show one account and what may be done about it."""
    return _account_page(user_id, "")


@people.post("/<user_id>/renew")
@requires(Permission.PEOPLE)
@reauthentication.required("renew an account")
def renew(user_id: str) -> ResponseReturnValue:
    """Let an account count for six months more."""
    try:
        administration.renew_account(browser.services(), browser.viewer(), user_id)
    except Conflict as fault:
        return _account_page(user_id, str(fault)), fault.status
    return _done(user_id, "Renewed for six months.")


@people.get("/<user_id>/role")
@requires(Permission.PEOPLE)
def role_form(user_id: str) -> str:
    """Show the form that gives an account another role."""
    return _role_page(user_id, {})


@people.post("/<user_id>/role")
@requires(Permission.PEOPLE)
@reauthentication.required("give an account another role")
def change_role(user_id: str) -> ResponseReturnValue:
    """Give an account another role or region."""
    role, region = request.form.get("role", ""), request.form.get("region") or None
    try:
        is_given = administration.change_role(
            browser.services(), browser.viewer(), user_id, role, region
        )
    except AccountInvalid as fault:
        field = "role" if role not in set(Role) else "region"
        return _role_page(user_id, {field: str(fault)}), fault.status
    except (OwnAccountRefused, Conflict) as fault:
        return _account_page(user_id, str(fault)), fault.status
    if not is_given:
        return _done(user_id, "The role is asked for. It is given when a manager says yes.")
    return _done(user_id, "The role is changed. The person signs in anew.")


@people.post("/<user_id>/sign-out")
@requires(Permission.PEOPLE)
@reauthentication.required("sign somebody out everywhere")
def end_sessions(user_id: str) -> ResponseReturnValue:
    """Sign an account out everywhere."""
    administration.end_sessions(browser.services(), browser.viewer(), user_id)
    return _done(user_id, "Signed out everywhere.")


@people.get("/<user_id>/disable")
@requires(Permission.PEOPLE)
def disable_form(user_id: str) -> str:
    """Ask whether an account is to be disabled."""
    return _sure_page("administration/disable.html", user_id)


@people.post("/<user_id>/disable")
@requires(Permission.PEOPLE)
@reauthentication.required("disable an account")
def disable(user_id: str) -> ResponseReturnValue:
    """Disable an account at once."""
    try:
        administration.disable_account(browser.services(), browser.viewer(), user_id)
    except (OwnAccountRefused, Conflict) as fault:
        return _account_page(user_id, str(fault)), fault.status
    return _done(user_id, "Disabled. Nothing of this account works any more.")


@people.get("/<user_id>/factor")
@requires(Permission.PEOPLE)
def factor_form(user_id: str) -> str:
    """Ask whether a lost second factor is to be taken away."""
    return _sure_page("administration/factor.html", user_id)


@people.post("/<user_id>/factor")
@requires(Permission.PEOPLE)
@reauthentication.required("take away a second factor")
def take_away_factor(user_id: str) -> ResponseReturnValue:
    """Take a lost second factor away."""
    try:
        administration.remove_second_factor(browser.services(), browser.viewer(), user_id)
    except (OwnAccountRefused, Conflict) as fault:
        return _account_page(user_id, str(fault)), fault.status
    return _done(user_id, "The second factor was taken away.")


@register_of_senders.get("")
@requires(Permission.REGISTER)
def entries() -> str:
    """List the register, with the form that adds to it."""
    return _register_page(Filled(), {})


@register_of_senders.post("")
@requires(Permission.REGISTER)
@reauthentication.required("change whose mail counts, and whom officers call back")
def add() -> ResponseReturnValue:
    """Register a sender, or change and renew one that is known."""
    names = ("address", "region", "name", "phone", "deputy_for")
    filled = Filled(**{name: request.form.get(name, "") for name in names})
    try:
        register_administration.add_entry(browser.services(), browser.viewer(), filled)
    except EntryInvalid as fault:
        return _register_page(filled, fault.faults), fault.status
    return redirect(url_for("senders.entries"), 303)


@register_of_senders.post("/<sender_id>/renew")
@requires(Permission.REGISTER)
@reauthentication.required("renew an entry of the register of senders")
def renew_entry(sender_id: str) -> ResponseReturnValue:
    """Let an entry of the register count for six months more."""
    register_administration.renew_entry(browser.services(), browser.viewer(), sender_id)
    return redirect(url_for("senders.entries"), 303)


@register_of_senders.post("/<sender_id>/end")
@requires(Permission.REGISTER)
@reauthentication.required("end an entry of the register of senders")
def end_entry(sender_id: str) -> ResponseReturnValue:
    """End an entry of the register at once."""
    try:
        register_administration.end_entry(browser.services(), browser.viewer(), sender_id)
    except Conflict as fault:
        return _register_page(Filled(), {"register": str(fault)}), fault.status
    return redirect(url_for("senders.entries"), 303)


def _done(user_id: str, sentence: str) -> ResponseReturnValue:
    session[DONE] = sentence
    return redirect(url_for("people.account", user_id=user_id), 303)


def _invite_page(faults: dict[str, str]) -> str:
    return render_template(
        "administration/invite.html",
        faults=faults,
        filled={name: request.form.get(name, "") for name in ("email", "role", "region")},
        roles=ROLE_WORDS,
        regions=[(code, code) for code in REGIONS],
    )


def _account_page(user_id: str, fault: str) -> str:
    return render_template(
        "administration/account.html",
        account=administration.read_account(browser.services(), browser.viewer(), user_id),
        roles=ROLE_WORDS,
        states=STATES,
        fault=fault,
        done=session.pop(DONE, ""),
    )


def _sure_page(template: str, user_id: str) -> str:
    return render_template(
        template, account=administration.read_account(browser.services(), browser.viewer(), user_id)
    )


def _role_page(user_id: str, faults: dict[str, str]) -> str:
    account = administration.read_account(browser.services(), browser.viewer(), user_id)
    return render_template(
        "administration/role.html",
        account=account,
        faults=faults,
        filled={
            "role": request.form.get("role", account.role),
            "region": request.form.get("region", account.region or ""),
        },
        roles=ROLE_WORDS,
        regions=[(code, code) for code in REGIONS],
    )


def _register_page(filled: Filled, faults: dict[str, str]) -> str:
    return render_template(
        "administration/senders.html",
        register=register_administration.list_entries(browser.services(), browser.viewer()),
        filled=filled,
        faults=faults,
        regions=[(code, code) for code in REGIONS],
        states=STATES,
        covers=region_cover.every_cover(browser.services()),
    )
