"""Let staff open with a written reason what is not their own, and let somebody answer for it.

These are the forms of `break_glass` and `unusual_access` of `intake.access.safeguards`. What was
written comes back with the error beside its field.
"""

from dataclasses import dataclass, field

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from intake.access.safeguards import break_glass, unusual_access
from intake.access.safeguards.break_glass import GRANT_LIFE, BreakGlassAccess
from intake.access.safeguards.unusual_access import AnswerInvalid
from intake.access.safeguards.written_reason import (
    MAX_REASON_CHARS,
    MIN_REASON_CHARS,
    ReasonInvalid,
)
from intake.core.errors import StorageUnavailable
from portal.text import access
from portal.web import reauthentication, session
from portal.web.policy import Permission, may, requires
from storage.access.grants import CONTENT

glass = Blueprint("glass", __name__)


@dataclass(frozen=True)
class Refused:
    """An answer that was refused: to which grant, what was chosen and written, and why."""

    grant_id: str = ""
    verdict: str = ""
    note: str = ""
    errors: dict[str, str] = field(default_factory=dict)


@glass.get("/break-glass/<reference>")
@requires(Permission.BREAK_GLASS)
def ask(reference: str) -> ResponseReturnValue:
    """Show the form that opens something with a reason, or say that it is open already."""
    return _form(reference, request.args.get("what", CONTENT))


@glass.post("/break-glass/<reference>")
@requires(Permission.BREAK_GLASS)
@reauthentication.required("open what is closed to you")
def open_it(reference: str) -> ResponseReturnValue:
    """Open it with the reason and lead to it."""
    services, viewer = session.services(), session.viewer()
    scope, reason = request.form.get("what", CONTENT), request.form.get("reason", "")
    sealed = break_glass.find_sealed(services, viewer, reference, scope)
    try:
        break_glass.open_with_reason(services, viewer, reference, scope, reason)
    except ReasonInvalid as error:
        return _form(reference, scope, reason, error.public), error.status
    return redirect(_address(reference, is_case=sealed.is_case_code), 303)


@glass.post("/break-glass/<grant_id>/end")
@requires(Permission.BREAK_GLASS)
def give_back(grant_id: str) -> ResponseReturnValue:
    """Close what the viewer opened, before it ends by itself."""
    break_glass.close_access(session.services(), session.viewer(), grant_id)
    return redirect(url_for("staff.queues"), 303)


@glass.get("/unusual-access")
@requires(Permission.UNUSUAL_ACCESS)
def report() -> ResponseReturnValue:
    """Show which openings wait for an answer, and those of the last seven days."""
    return _report(Refused()), 200


@glass.post("/unusual-access/<grant_id>")
@requires(Permission.UNUSUAL_ANSWER)
@reauthentication.required("answer for what somebody opened")
def answer(grant_id: str) -> ResponseReturnValue:
    """Keep the second person's answer."""
    verdict, note = request.form.get("verdict", ""), request.form.get("note", "")
    try:
        unusual_access.answer_access(session.services(), session.viewer(), grant_id, verdict, note)
    except AnswerInvalid as error:
        return _report(Refused(grant_id, verdict, note, error.errors)), error.status
    return redirect(url_for("glass.report"), 303)


def open_now() -> list[BreakGlassAccess]:
    """Return what the viewer has open with a reason; for the banner of every page.

    Empty when the database is away: an error page must show all the same.
    """
    viewer = session.viewer_or_nobody()
    if viewer is None or not may(viewer, Permission.BREAK_GLASS):
        return []
    try:
        return break_glass.open_accesses(session.services(), viewer)
    except StorageUnavailable:
        return []


def waiting_for_answer() -> int:
    """Return how many openings wait for the viewer's answer, for the navigation.

    0 when the database is away: an error page must show all the same.
    """
    viewer = session.viewer_or_nobody()
    if viewer is None or not may(viewer, Permission.UNUSUAL_ANSWER):
        return 0
    try:
        return unusual_access.count_waiting(session.services(), viewer)
    except StorageUnavailable:
        return 0


def _form(reference: str, scope: str, reason: str = "", error: str = "") -> str:
    sealed = break_glass.find_sealed(session.services(), session.viewer(), reference, scope)
    return render_template(
        "administration/break_glass/ask.html",
        sealed=sealed,
        target=_address(reference, is_case=sealed.is_case_code),
        reason=reason,
        error=error,
        least=MIN_REASON_CHARS,
        most=MAX_REASON_CHARS,
        hours=int(GRANT_LIFE.total_seconds() // 3600),
        access_words=access,
    )


def _report(refused: Refused) -> str:
    return render_template(
        "administration/break_glass/report.html",
        report=unusual_access.open_report(session.services(), session.viewer()),
        refused=refused,
        most=MAX_REASON_CHARS,
        access_words=access,
    )


def _address(reference: str, *, is_case: bool) -> str:
    return url_for("cases.show" if is_case else "staff.submission", reference=reference)
