"""Ask for acting without a consent where a life depends on it, answer that, and withdraw it.

Officers of the case ask on a page of their own; protection officers and managers answer on theirs.
"""

from datetime import date

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from intake.access import gate
from intake.access.find import CaseMoved
from intake.cases.consent import override, views
from intake.cases.consent.override import AlreadyAsked, OverrideInvalid, OverrideRequest
from portal.cases import consent_words, page
from portal.web import reauthentication, session
from portal.web.policy import Permission, requires

without_consent = Blueprint("without_consent", __name__)
FIELDS = ("what", "reason", "ends_on")


@without_consent.get("/cases/<reference>/without-consent")
@requires(Permission.TRIAGE)
def form(reference: str) -> ResponseReturnValue:
    """Show the form of a request, and what was asked for before."""
    return _form(reference)


@without_consent.post("/cases/<reference>/without-consent")
@requires(Permission.TRIAGE)
@reauthentication.required("ask to act without a consent")
def ask(reference: str) -> ResponseReturnValue:
    """Ask for an override, or show what must change before that."""
    services = session.services()
    purpose, _, recipient = request.form.get("what", "").partition(":")
    asked = OverrideRequest(
        purpose, recipient, request.form.get("reason", ""), _day(request.form.get("ends_on", ""))
    )
    opened = gate.case_to_change(services, session.viewer(), reference)
    try:
        override.propose(services, opened, asked)
    except OverrideInvalid as error:
        return _form(reference, error.errors, status=error.status)
    except AlreadyAsked as error:
        return _form(reference, whole=error.public, status=error.status)
    except CaseMoved as error:
        return page.moved(error)
    return _back(reference, "asked")


@without_consent.post("/cases/<reference>/without-consent/<override_id>/withdraw")
@requires(Permission.TRIAGE)
def take_back(reference: str, override_id: str) -> ResponseReturnValue:
    """Withdraw an override of the officer's case."""
    services = session.services()
    try:
        opened = gate.case_to_change(services, session.viewer(), reference)
        override.withdraw_in_case(services, opened, override_id)
    except CaseMoved as error:
        return page.moved(error)
    return _back(reference, "withdrawn")


@without_consent.get("/without-consent")
@requires(Permission.OVERRIDES)
def waiting() -> str:
    """Show what waits for an answer and what is in force, to those who answer."""
    return render_template(
        "cases/without_consent/waiting.html",
        overrides=override.list_open(session.services(), session.viewer()),
        words_here=consent_words,
        notice=consent_words.NOTICES.get(request.args.get("said", ""), ""),
    )


@without_consent.post("/without-consent/<override_id>/approve")
@requires(Permission.OVERRIDES)
@reauthentication.required("approve an act without a consent")
def approve(override_id: str) -> ResponseReturnValue:
    """Say yes as the second person."""
    override.decide(session.services(), session.viewer(), override_id, is_approved=True)
    return _to_list("approved")


@without_consent.post("/without-consent/<override_id>/refuse")
@requires(Permission.OVERRIDES)
def refuse(override_id: str) -> ResponseReturnValue:
    """Say no."""
    override.decide(session.services(), session.viewer(), override_id, is_approved=False)
    return _to_list("refused")


@without_consent.post("/without-consent/<override_id>/withdraw")
@requires(Permission.OVERRIDES)
def withdraw(override_id: str) -> ResponseReturnValue:
    """End what is in force, or the request for it."""
    override.withdraw(session.services(), session.viewer(), override_id)
    return _to_list("withdrawn")


def _form(
    reference: str, errors: dict[str, str] | None = None, *, whole: str = "", status: int = 200
) -> ResponseReturnValue:
    services = session.services()
    opened = gate.case_to_read(services, session.viewer(), reference)
    shown = render_template(
        "cases/without_consent/ask.html",
        reference=reference,
        consent=views.open_case(services, opened),
        errors=errors or {},
        whole=whole,
        typed={name: request.form.get(name, "") for name in FIELDS},
        words_here=consent_words,
        notice=consent_words.NOTICES.get(request.args.get("said", ""), ""),
    )
    return shown, status


def _back(reference: str, notice: str) -> ResponseReturnValue:
    return redirect(url_for("without_consent.form", reference=reference, said=notice), 303)


def _to_list(notice: str) -> ResponseReturnValue:
    return redirect(url_for("without_consent.waiting", said=notice), 303)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
