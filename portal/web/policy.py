"""Decide who may call which route, by one table; a route without a policy answers nobody.

«Not yours» and «not there» are the same answer (requirement 128).
"""

from collections.abc import Callable
from enum import StrEnum
from typing import Any, TypeVar

from flask import Flask, abort, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from intake.access import programmes
from intake.access.safeguards import unusual_access
from intake.accounts import second_factor
from intake.accounts.accounts import SignedInUser
from portal.web import kept_form, login, session
from storage.accounts.users import Role
from storage.worded import worded

View = TypeVar("View", bound=Callable[..., Any])
MARK = "_permission"
KEPT = worded(
    "You were signed out after 15 minutes without use. What you wrote is kept: sign in, and then "
    "you can send it."
)


class Permission(StrEnum):
    """What a route asks for."""

    PUBLIC = "public"
    SIGNED_IN = "signed_in"
    ENROL = "enrol"
    REFER = "refer"
    QUEUES = "queues"
    CLAIM = "claim"
    TASKS = "tasks"
    DUTY = "duty"
    TRIAGE = "triage"
    SUBMISSIONS = "submissions"
    CASES = "cases"
    OWNERS = "owners"
    DOCUMENTS = "documents"
    QUARANTINE = "quarantine"
    ORIGINALS = "originals"
    ANSWERS = "answers"
    PAPERS = "papers"
    HEALTH = "health"
    EDITIONS = "editions"
    EDITIONS_PROPOSE = "editions_propose"
    EDITIONS_APPROVE = "editions_approve"
    OWN_NAME = "own_name"
    ABSENCES = "absences"
    COVERED = "covered"
    PEOPLE = "people"
    ROLES_ANSWER = "roles_answer"
    REGISTER = "register"
    SENDERS_LINK = "senders_link"
    AUDIT = "audit"
    STATISTICS = "statistics"
    LISTS = "lists"
    LISTS_DECIDE = "lists_decide"
    STYLE_GUIDE = "style_guide"
    BREAK_GLASS = "break_glass"
    OVERRIDES = "overrides"
    UNUSUAL_ACCESS = "unusual_access"
    UNUSUAL_ANSWER = "unusual_answer"
    HEALTH_DOCUMENTS = "health_documents"


READERS = frozenset({Role.INTAKE, Role.CASEW, Role.CASH, Role.PROT, Role.MGR})
ROLES: dict[Permission, frozenset[Role]] = {
    Permission.SIGNED_IN: frozenset(Role),
    # Everybody sets up their own second factor, and nobody else's.
    Permission.ENROL: frozenset(Role),
    # Which referrals are a coordinator's own is asked for each (`access.coordinator_reach`).
    Permission.REFER: frozenset({Role.COORD, Role.COORD_DEP}),
    Permission.QUEUES: READERS,
    # Managers read both programmes and are assigned nothing; protection officers take what stands
    # in their own queue, and nobody else does (`access.programmes.works_in`).
    Permission.CLAIM: frozenset({Role.INTAKE, Role.CASEW, Role.CASH, Role.PROT}),
    # The same people say what came of a task.
    Permission.TASKS: frozenset({Role.INTAKE, Role.CASEW, Role.CASH, Role.PROT}),
    # A manager sees to it that somebody is warned; it is about the duty list and no person.
    Permission.DUTY: frozenset({Role.MGR}),
    # Those who take items decide about them; readers only look.
    Permission.TRIAGE: frozenset({Role.INTAKE, Role.CASEW, Role.CASH}),
    Permission.SUBMISSIONS: READERS,
    Permission.CASES: READERS,
    # They see to cases that nobody owns (`access.rights.hands_over_in`), unread by managers.
    Permission.OWNERS: frozenset({Role.INTAKE, Role.CASH, Role.MGR}),
    # A safe copy is content like the message body: the same roles read both. How much of it is
    # asked for each document: the health focal point sees one compartment only (`access.rights`).
    Permission.DOCUMENTS: READERS | {Role.HEALTH},
    Permission.QUARANTINE: frozenset({Role.INTAKE, Role.CASEW, Role.CASH}),
    Permission.ORIGINALS: frozenset({Role.INTAKE, Role.CASEW}),
    # The roles that decide about a submission write to its sender.
    Permission.ANSWERS: frozenset({Role.INTAKE, Role.CASEW, Role.CASH}),
    # Who may read a signed paper is asked for each.
    Permission.PAPERS: READERS | {Role.COORD, Role.COORD_DEP},
    Permission.HEALTH: frozenset({Role.INTAKE, Role.CASEW, Role.CASH, Role.MGR, Role.ADMIN}),
    # The office's own data (requirement 114): who proposes never approves.
    Permission.EDITIONS: frozenset({Role.INTAKE, Role.CASEW, Role.CASH, Role.MGR, Role.AUDIT}),
    Permission.EDITIONS_PROPOSE: frozenset({Role.INTAKE, Role.CASEW, Role.CASH}),
    Permission.EDITIONS_APPROVE: frozenset({Role.MGR}),
    # A coordinator's name and number are the register's; their pages are in their language.
    Permission.OWN_NAME: frozenset(Role) - {Role.COORD, Role.COORD_DEP},
    # A coordinator's deputy stands in the register. Managers also set the absences of others.
    Permission.ABSENCES: frozenset(Role) - {Role.COORD, Role.COORD_DEP},
    # Whose items these are is asked for each (`queues.covered`).
    Permission.COVERED: frozenset({Role.INTAKE, Role.CASEW, Role.CASH, Role.PROT}),
    # Those who keep accounts and the register need to read no case for it.
    Permission.PEOPLE: frozenset({Role.ADMIN}),
    # Managers say yes to a role that reads content; they keep no accounts.
    Permission.ROLES_ANSWER: frozenset({Role.MGR}),
    Permission.REGISTER: frozenset({Role.ADMIN, Role.MGR}),
    # It lets an account see what came from another address, so who keeps accounts does not do it.
    Permission.SENDERS_LINK: frozenset({Role.MGR}),
    Permission.AUDIT: frozenset({Role.AUDIT, Role.DPO, Role.MGR}),
    # `access.programmes.COUNTERS` says which role sees which programmes.
    Permission.STATISTICS: frozenset({Role.MGR, Role.DPO, Role.INTAKE, Role.CASH}),
    # Whoever sees a programme's statistics may ask for its list; somebody else lets it leave.
    Permission.LISTS: frozenset({Role.MGR, Role.DPO, Role.INTAKE, Role.CASH}),
    Permission.LISTS_DECIDE: frozenset({Role.MGR, Role.DPO}),
    # It shows nobody's data; those who answer for the pages look at it.
    Permission.STYLE_GUIDE: frozenset({Role.ADMIN, Role.MGR}),
    # What a reason opens to which role is decided by `access.compartments`.
    Permission.BREAK_GLASS: READERS,
    # The second person of an act without a consent (`intake.cases.consent.override`).
    Permission.OVERRIDES: programmes.OVERRIDE_DECIDERS,
    Permission.UNUSUAL_ACCESS: frozenset({Role.PROT, Role.MGR, Role.AUDIT, Role.DPO}),
    Permission.UNUSUAL_ANSWER: unusual_access.ANSWERING,
    Permission.HEALTH_DOCUMENTS: frozenset({Role.HEALTH}),
}
# Permissions to change something of a submission or a case.
ACTING = frozenset(
    {
        Permission.CLAIM,
        Permission.COVERED,
        Permission.TASKS,
        Permission.TRIAGE,
        Permission.QUARANTINE,
        Permission.ORIGINALS,
        Permission.ANSWERS,
    }
)


def requires(permission: Permission) -> Callable[[View], View]:
    """Register what a view asks for; use it below the route's decorator."""

    def register(view: View) -> View:
        setattr(view, MARK, permission)
        return view

    return register


def public(view: View) -> View:
    """Register a view that anybody may call, signed in or not."""
    return requires(Permission.PUBLIC)(view)


def policy_of(app: Flask, endpoint: str) -> Permission | None:
    """Return the permission of an endpoint, None when it registered none."""
    return getattr(app.view_functions[endpoint], MARK, None)


def may(user: SignedInUser | None, permission: Permission) -> bool:
    """Tell whether a user has a permission; without a user only the public one."""
    if permission is Permission.PUBLIC:
        return True
    return user is not None and user.role in ROLES[permission]


def while_reading(viewer: SignedInUser, *, may_act: bool) -> dict[str, bool]:
    """Return {permission: whether it is given} for a page; without `may_act` none that changes."""
    acting = frozenset[Permission]() if may_act else ACTING
    return {each.value: may(viewer, each) and each not in acting for each in Permission}


def enforce() -> ResponseReturnValue | None:
    """Let a request through to its view, or answer it; runs before every request.

    Keeps for the views who is signed in (`session.viewer`).
    """
    session.keep_viewer(None)
    if request.endpoint == "static":
        return None
    viewer = login.user_of_request()
    session.keep_viewer(viewer)
    if request.endpoint is None:
        # No route: the error page must look like the one for somebody else's submission.
        return None
    permission = policy_of(current_app, request.endpoint)
    if permission is None:
        abort(404)
    if _must_enrol(viewer) and not _leads_to_enrolment(permission, request.endpoint):
        return redirect(url_for("second_factor.enrol"), 303)
    if may(viewer, permission):
        return None
    if viewer is not None:
        abort(404)
    if session.came_from_elsewhere():
        return render_template("account/onward.html", target=request.path)
    target = session.page_to_return_to()
    kept = kept_form.of_request()
    if not kept:
        return redirect(url_for("entrance.sign_in", next=target if target != "/" else None), 303)
    # What was written is carried by the page itself, until the same person has signed in again.
    page = render_template(
        "account/sign_in.html", target=target, email="", error="", why=KEPT, kept=kept
    )
    return page, 401


def _must_enrol(viewer: SignedInUser | None) -> bool:
    """Tell whether somebody signed in by a password alone and their role needs more."""
    if viewer is None or viewer.has_factor:
        return False
    return second_factor.is_needed(session.services().settings, viewer.role)


def _leads_to_enrolment(permission: Permission, endpoint: str) -> bool:
    return permission is Permission.ENROL or endpoint == "entrance.sign_out"
