"""Policy: who may call which route. One table; a route without a policy answers nobody.

«Not yours» and «not there» are the same answer (architecture.md, invariant 8).
"""

from collections.abc import Callable
from enum import StrEnum
from typing import Any, TypeVar

from flask import Flask, abort, current_app, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from intake.accounts import SignedInUser
from portal import browser, login
from storage.users import Role

View = TypeVar("View", bound=Callable[..., Any])
MARK = "_permission"


class Permission(StrEnum):
    """What a route asks for."""

    PUBLIC = "public"
    SIGNED_IN = "signed_in"
    QUEUES = "queues"
    CLAIM = "claim"
    SUBMISSIONS = "submissions"
    DOCUMENTS = "documents"
    QUARANTINE = "quarantine"
    ORIGINALS = "originals"
    HEALTH = "health"


READERS = frozenset({Role.INTAKE, Role.CASEW, Role.CASH, Role.PROT, Role.MGR})
ROLES: dict[Permission, frozenset[Role]] = {
    Permission.SIGNED_IN: frozenset(Role),
    Permission.QUEUES: READERS,
    # Protection officers and managers read both programmes and take nothing.
    Permission.CLAIM: frozenset({Role.INTAKE, Role.CASEW, Role.CASH}),
    Permission.SUBMISSIONS: READERS,
    # A safe copy is content like the letter's text: who reads the one reads the other.
    Permission.DOCUMENTS: READERS,
    Permission.QUARANTINE: frozenset({Role.INTAKE, Role.CASEW, Role.CASH}),
    Permission.ORIGINALS: frozenset({Role.INTAKE, Role.CASEW}),
    Permission.HEALTH: frozenset({Role.INTAKE, Role.CASEW, Role.CASH, Role.MGR, Role.ADMIN}),
}


def requires(permission: Permission) -> Callable[[View], View]:
    """Register what a view asks for. The innermost decorator, below the route."""

    def register(view: View) -> View:
        setattr(view, MARK, permission)
        return view

    return register


def public(view: View) -> View:
    """Register a view that anybody may call."""
    return requires(Permission.PUBLIC)(view)


def policy_of(app: Flask, endpoint: str) -> Permission | None:
    """Return the permission of an endpoint, None when it registered none."""
    return getattr(app.view_functions[endpoint], MARK, None)


def may(user: SignedInUser | None, permission: Permission) -> bool:
    """Tell whether a user has a permission; nobody has only the public one."""
    if permission is Permission.PUBLIC:
        return True
    return user is not None and user.role in ROLES[permission]


def enforce() -> ResponseReturnValue | None:
    """Let a request through to its view, or answer it. Runs before every request."""
    g.viewer = None
    if request.endpoint == "static":
        return None
    g.viewer = login.viewer()
    if request.endpoint is None:
        # No route: its error page must look like the one of a foreign submission.
        return None
    permission = policy_of(current_app, request.endpoint)
    if permission is None:
        abort(404)
    if may(g.viewer, permission):
        return None
    if g.viewer is not None:
        abort(404)
    if browser.came_from_elsewhere():
        return render_template("entrance/onward.html", target=request.path)
    target = request.path if request.method == "GET" else None
    return redirect(url_for("entrance.sign_in", next=target), 303)
