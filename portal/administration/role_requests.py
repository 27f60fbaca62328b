"""Let managers say yes or no to roles that read content, which administrators asked for."""

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from intake.access.safeguards import role_requests
from intake.accounts.roles import ROLE_WORDS
from intake.core.errors import Conflict, StorageUnavailable
from portal.web import reauthentication, session
from portal.web.policy import Permission, may, requires

asked_roles = Blueprint("asked_roles", __name__, url_prefix="/admin/roles")


@asked_roles.get("")
@requires(Permission.ROLES_ANSWER)
def waiting() -> str:
    """Show which roles wait for a manager's answer."""
    return _page()


@asked_roles.post("/<request_id>/approve")
@requires(Permission.ROLES_ANSWER)
@reauthentication.required("let an account read content")
def approve(request_id: str) -> ResponseReturnValue:
    """Say yes, as the second person."""
    try:
        role_requests.approve_role(session.services(), session.viewer(), request_id)
    except Conflict as fault:
        return _page(str(fault)), fault.status
    return redirect(url_for("asked_roles.waiting"), 303)


@asked_roles.post("/<request_id>/refuse")
@requires(Permission.ROLES_ANSWER)
@reauthentication.required("refuse a role")
def refuse(request_id: str) -> ResponseReturnValue:
    """Say no."""
    try:
        role_requests.refuse_role(session.services(), session.viewer(), request_id)
    except Conflict as fault:
        return _page(str(fault)), fault.status
    return redirect(url_for("asked_roles.waiting"), 303)


def waiting_roles() -> int:
    """Return how many roles wait for the viewer's answer, for the navigation.

    0 when the database is away: an error page must show all the same.
    """
    viewer = session.viewer_or_nobody()
    if viewer is None or not may(viewer, Permission.ROLES_ANSWER):
        return 0
    try:
        return role_requests.count_asked(session.services())
    except StorageUnavailable:
        return 0


def _page(fault: str = "") -> str:
    return render_template(
        "administration/roles.html",
        asked=role_requests.list_asked(session.services(), session.viewer()),
        roles=ROLE_WORDS,
        fault=fault,
    )
