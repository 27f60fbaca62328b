"""Policy: who may call which route. One table; a route without a policy answers nobody.

«Not yours» and «not there» are the same answer (architecture.md, invariant 8).
"""

from collections.abc import Callable
from enum import StrEnum
from typing import Any, TypeVar

from flask import Flask, abort, current_app, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from intake.access import unusual_access
from intake.accounts import second_factor
from intake.accounts.accounts import SignedInUser
from portal.web import login, session
from storage.accounts.users import Role

View = TypeVar("View", bound=Callable[..., Any])
MARK = "_permission"


class Permission(StrEnum):
    """What a route asks for."""

    PUBLIC = "public"
    SIGNED_IN = "signed_in"
    ENROL = "enrol"
    REFER = "refer"
    QUEUES = "queues"
    CLAIM = "claim"
    TRIAGE = "triage"
    SUBMISSIONS = "submissions"
    CASES = "cases"
    DOCUMENTS = "documents"
    QUARANTINE = "quarantine"
    ORIGINALS = "originals"
    ANSWERS = "answers"
    PAPERS = "papers"
    HEALTH = "health"
    EDITIONS = "editions"
    EDITIONS_PROPOSE = "editions_propose"
    EDITIONS_APPROVE = "editions_approve"
    PEOPLE = "people"
    REGISTER = "register"
    AUDIT = "audit"
    NUMBERS = "numbers"
    LISTS = "lists"
    LISTS_DECIDE = "lists_decide"
    STYLE_GUIDE = "style_guide"
    BREAK_GLASS = "break_glass"
    UNUSUAL_ACCESS = "unusual_access"
    UNUSUAL_ANSWER = "unusual_answer"
    HEALTH_PAPERS = "health_papers"


READERS = frozenset({Role.INTAKE, Role.CASEW, Role.CASH, Role.PROT, Role.MGR})
ROLES: dict[Permission, frozenset[Role]] = {
    Permission.SIGNED_IN: frozenset(Role),
    # One's own second factor, and nobody else's.
    Permission.ENROL: frozenset(Role),
    # What is hers among it is asked for each (`my_referrals`).
    Permission.REFER: frozenset({Role.COORD, Role.COORD_DEP}),
    Permission.QUEUES: READERS,
    # Protection officers and managers read both programmes and take nothing.
    Permission.CLAIM: frozenset({Role.INTAKE, Role.CASEW, Role.CASH}),
    # Who takes items decides about them; readers only look.
    Permission.TRIAGE: frozenset({Role.INTAKE, Role.CASEW, Role.CASH}),
    Permission.SUBMISSIONS: READERS,
    Permission.CASES: READERS,
    # A safe copy is content like the letter's text: who reads the one reads the other.
    # What of it is asked for each: the health focal point sees her compartment only (`rights`).
    Permission.DOCUMENTS: READERS | {Role.HEALTH},
    Permission.QUARANTINE: frozenset({Role.INTAKE, Role.CASEW, Role.CASH}),
    Permission.ORIGINALS: frozenset({Role.INTAKE, Role.CASEW}),
    # Who decides about a submission writes to its sender.
    Permission.ANSWERS: frozenset({Role.INTAKE, Role.CASEW, Role.CASH}),
    # Signed papers: whose they are is asked for each (`signed_papers.may_read`).
    Permission.PAPERS: READERS | {Role.COORD, Role.COORD_DEP},
    Permission.HEALTH: frozenset({Role.INTAKE, Role.CASEW, Role.CASH, Role.MGR, Role.ADMIN}),
    # The office's own data (domain.md §12.3, «config»): who proposes never approves.
    Permission.EDITIONS: frozenset({Role.INTAKE, Role.CASEW, Role.CASH, Role.MGR, Role.AUDIT}),
    Permission.EDITIONS_PROPOSE: frozenset({Role.INTAKE, Role.CASEW, Role.CASH}),
    Permission.EDITIONS_APPROVE: frozenset({Role.MGR}),
    # Accounts and the register are kept by people who read no case for it.
    Permission.PEOPLE: frozenset({Role.ADMIN}),
    Permission.REGISTER: frozenset({Role.ADMIN, Role.MGR}),
    Permission.AUDIT: frozenset({Role.AUDIT, Role.DPO, Role.MGR}),
    # Of which programmes is `oversight.programme_statistics.SEEN_BY`'s.
    Permission.NUMBERS: frozenset({Role.MGR, Role.DPO, Role.INTAKE, Role.CASH}),
    # Whoever sees a programme's numbers may ask for its list; to let it leave takes another.
    Permission.LISTS: frozenset({Role.MGR, Role.DPO, Role.INTAKE, Role.CASH}),
    Permission.LISTS_DECIDE: frozenset({Role.MGR, Role.DPO}),
    # Nothing on it is anybody's; who answers for the pages looks at it.
    Permission.STYLE_GUIDE: frozenset({Role.ADMIN, Role.MGR}),
    # What a reason opens to whom is the matrix's (`compartments`).
    Permission.BREAK_GLASS: READERS,
    Permission.UNUSUAL_ACCESS: frozenset({Role.PROT, Role.MGR, Role.AUDIT, Role.DPO}),
    Permission.UNUSUAL_ANSWER: unusual_access.ANSWERING,
    Permission.HEALTH_PAPERS: frozenset({Role.HEALTH}),
}
# What a page offers that changes something of a submission or a case.
ACTING = frozenset(
    {
        Permission.CLAIM,
        Permission.TRIAGE,
        Permission.QUARANTINE,
        Permission.ORIGINALS,
        Permission.ANSWERS,
    }
)


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


def while_reading(viewer: SignedInUser, *, may_act: bool) -> dict[str, bool]:
    """Return {permission: whether it is there} for a page on what may only be read, or not."""
    acting = frozenset[Permission]() if may_act else ACTING
    return {each.value: may(viewer, each) and each not in acting for each in Permission}


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
    if _must_enrol(g.viewer) and not _leads_to_enrolment(permission, request.endpoint):
        return redirect(url_for("second_factor.enrol"), 303)
    if may(g.viewer, permission):
        return None
    if g.viewer is not None:
        abort(404)
    if session.came_from_elsewhere():
        return render_template("account/onward.html", target=request.path)
    target = request.path if request.method == "GET" else None
    return redirect(url_for("entrance.sign_in", next=target), 303)


def _must_enrol(viewer: SignedInUser | None) -> bool:
    """Tell whether somebody is signed in by a password alone where that is not enough."""
    if viewer is None or viewer.has_factor:
        return False
    return second_factor.is_needed(session.services().settings, viewer.role)


def _leads_to_enrolment(permission: Permission, endpoint: str) -> bool:
    return permission is Permission.ENROL or endpoint == "entrance.sign_out"
