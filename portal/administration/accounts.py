"""Let administrators keep accounts: invite, name, renew, change and disable them.

No page shows content of a case. A refused form comes back as it was written, its fault beside the
field. Sensitive acts ask for reauthentication. No page shows an invitation's link: with it who
invites would set the password, and be two people (threat P8).
"""

from flask import Blueprint, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from intake.accounts import administration
from intake.accounts.administration import EntryUndecided, OwnAccountRefused
from intake.accounts.people import names
from intake.accounts.people.names import PersonInvalid
from intake.accounts.people.one_record import EntryElsewhere, EntryEnded
from intake.accounts.roles import REGIONS, ROLE_WORDS, AccountInvalid
from intake.core.errors import AddressInvalid, Conflict
from intake.outbox import invitations
from portal.account.people_words import CAN_DO, STATES
from portal.text import triage as triage_words
from portal.web import reauthentication
from portal.web import session as browser
from portal.web.policy import Permission, requires
from storage.accounts.users import Role

people = Blueprint("people", __name__, url_prefix="/admin/people")

INVITED = ("name", "direct_line", "email", "role", "region", "again")
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
    services, region = browser.services(), request.form.get("region") or None
    try:
        invited = invitations.invite(
            services,
            services.texts,
            browser.viewer(),
            email,
            role,
            region,
            person=names.checked(request.form.get("name", ""), request.form.get("direct_line", "")),
            again=request.form.get("again") == "yes",
        )
    except AddressInvalid as fault:
        return _invite_page({"email": fault.public}), fault.status
    except PersonInvalid as fault:
        return _invite_page(fault.errors), fault.status
    except EntryEnded as fault:
        return _invite_page({"again": fault.public}), fault.status
    except AccountInvalid as fault:
        return _invite_page(_role_faults(role, region, fault)), fault.status
    except Conflict as fault:
        return _invite_page({"email": str(fault) or fault.public}), fault.status
    return render_template("administration/invited.html", invited=invited, email=email)


@people.post("/<user_id>/invite-again")
@requires(Permission.PEOPLE)
@reauthentication.required("send an invitation again")
def invite_again(user_id: str) -> ResponseReturnValue:
    """Mail a new link to somebody who has not used theirs; the old one is void."""
    services, viewer = browser.services(), browser.viewer()
    account = administration.read_account(services, viewer, user_id)
    try:
        invited = invitations.invite(
            services, services.texts, viewer, account.email, account.role, account.region
        )
    except Conflict as fault:
        return _account_page(user_id, str(fault) or fault.public), fault.status
    if invited.refused:
        return _account_page(user_id, "No mail goes out to this address."), 409
    return _done(user_id, "A new link is on its way. The old one does not work any more.")


@people.get("/<user_id>/name")
@requires(Permission.PEOPLE)
def name_form(user_id: str) -> str:
    """Show the form for somebody's name and direct line."""
    return _name_page(user_id, {})


@people.post("/<user_id>/name")
@requires(Permission.PEOPLE)
@reauthentication.required("change what coordinators see of somebody")
def change_name(user_id: str) -> ResponseReturnValue:
    """Change somebody's name and direct line."""
    form = request.form
    try:
        is_other = names.change_names(
            browser.services(),
            browser.viewer(),
            user_id,
            form.get("name", ""),
            form.get("direct_line", ""),
        )
    except PersonInvalid as fault:
        return _name_page(user_id, fault.errors), fault.status
    return _done(user_id, "Name and direct line are set." if is_other else "Nothing was changed.")


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
        return _role_page(user_id, _role_faults(role, region, fault)), fault.status
    except (OwnAccountRefused, Conflict) as fault:
        return _account_page(user_id, str(fault)), fault.status
    if not is_given:
        return _done(user_id, "The role is asked for. It is given once a manager approves it.")
    return _done(user_id, "The role is changed. The person must sign in again.")


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
    chosen = {"yes": True, "no": False}.get(request.form.get("with_entries", ""))
    try:
        administration.disable_account(
            browser.services(), browser.viewer(), user_id, with_entries=chosen
        )
    except EntryUndecided as fault:
        return _sure_page("administration/disable.html", user_id, fault.public), fault.status
    except (OwnAccountRefused, Conflict) as fault:
        return _account_page(user_id, str(fault)), fault.status
    return _done(user_id, "Disabled. The account no longer works.")


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
    return _done(user_id, "Two-step sign-in was reset.")


def _role_faults(role: str, region: str | None, fault: AccountInvalid) -> dict[str, str]:
    """Return a fault of a role or region beside its field, without the codes of a command."""
    if isinstance(fault, EntryElsewhere):
        known = triage_words.region(fault.region)
        return {
            "region": f"This address is registered for {known}. Choose that region, or end the "
            "entry under Senders first."
        }
    if role not in set(Role):
        return {"role": "Choose a role of the list."}
    if region is None:
        return {"region": "A coordinator and a deputy need a region. Choose one."}
    return {"region": "Choose a region of the list."}


def _done(user_id: str, sentence: str) -> ResponseReturnValue:
    session[DONE] = sentence
    return redirect(url_for("people.account", user_id=user_id), 303)


def _invite_page(faults: dict[str, str]) -> str:
    return render_template(
        "administration/invite.html",
        faults=faults,
        filled={name: request.values.get(name, "") for name in INVITED},
        can_do=CAN_DO,
        roles=ROLE_WORDS,
        regions=[(code, triage_words.region(code)) for code in REGIONS],
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


def _sure_page(template: str, user_id: str, fault: str = "") -> str:
    account = administration.read_account(browser.services(), browser.viewer(), user_id)
    return render_template(template, account=account, fault=fault)


def _name_page(user_id: str, faults: dict[str, str]) -> str:
    account = administration.read_account(browser.services(), browser.viewer(), user_id)
    form = request.form
    return render_template(
        "administration/name.html",
        account=account,
        name=form.get("name", account.name),
        direct_line=form.get("direct_line", account.direct_line),
        faults=faults,
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
        regions=[(code, triage_words.region(code)) for code in REGIONS],
    )
