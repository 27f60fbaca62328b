"""Show what is held in quarantine, and let people ask, release, reject, unlock or save it.

A refused form comes back alone, with what was written and the error beside its field. What was
done leads back to the document on its submission's page.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from intake.access import gate
from intake.access.safeguards import four_eyes, written_reason
from intake.access.safeguards.four_eyes import Step
from intake.access.safeguards.written_reason import ReasonInvalid
from intake.accounts.accounts import SignedInUser
from intake.correspondence import ask_to_resend
from intake.documents import originals, quarantine, set_aside
from intake.documents import unlock as unlocking
from intake.documents import viewer as viewing
from intake.documents.unlock import PasswordWrong, UnlockingUnavailable
from intake.documents.views import DocumentView
from portal.documents.actions import Offer, Person, offers
from portal.triage.filters import workplace_of
from portal.web import downloads, reauthentication, session
from portal.web.policy import Permission, may, requires

quarantine_pages = Blueprint("quarantine", __name__)
# The field with the reason of another document in a form that asks for several.
OTHER_REASON = re.compile(r"reason-([0-9a-f]{32})")
MAX_TOGETHER = 100


@dataclass(frozen=True)
class FormAgain:
    """A form that is shown once more, with what was written in it; `offer` is None without one."""

    reference: str
    document: DocumentView
    offer: Offer | None
    written: str = field(repr=False)
    error: str = ""


@quarantine_pages.get("/quarantine")
@requires(Permission.QUARANTINE)
def held() -> str:
    """Show everything that is held, the longest waiting first."""
    rows = quarantine.held_list(session.services(), session.viewer())
    return render_template("documents/quarantine.html", rows=rows, most=quarantine.MAX_ROWS)


@quarantine_pages.post("/documents/<document_id>/ask")
@requires(Permission.QUARANTINE)
def ask(document_id: str) -> ResponseReturnValue:
    """Ask the sender to send a document again, and others whose reasons stand in the same form.

    Nothing is asked for while one of the reasons is none.
    """
    services, viewer = session.services(), session.viewer()
    reasons = {document_id: _reason(), **_other_reasons()}
    opened = {each: gate.document_to_change(services, viewer, each) for each in reasons}
    errors = {each: error for each, why in reasons.items() if (error := _wrong(why))}
    if errors:
        return _forms("ask", reasons, errors), ReasonInvalid.status
    for each, why in reasons.items():
        ask_to_resend.ask_to_resend(services, services.texts, opened[each], why)
    return _back(document_id)


@quarantine_pages.post("/documents/<document_id>/release")
@requires(Permission.QUARANTINE)
def release(document_id: str) -> ResponseReturnValue:
    """Release a document, or ask a second person to; malware needs reauthentication."""
    if quarantine.is_malware(
        session.services(),
        gate.document_to_change(session.services(), session.viewer(), document_id),
    ):
        reauthentication.demand("release what a scanner found malware in")
    do = quarantine.ask_release if _step() is Step.ASK else quarantine.release_document
    return _act(
        "release",
        document_id,
        lambda user, why: do(
            session.services(),
            gate.document_to_change(session.services(), user, document_id),
            why,
        ),
    )


@quarantine_pages.post("/documents/<document_id>/reject")
@requires(Permission.QUARANTINE)
def reject(document_id: str) -> ResponseReturnValue:
    """Reject a document for good."""
    return _act(
        "reject",
        document_id,
        lambda user, why: quarantine.reject_document(
            session.services(), gate.document_to_change(session.services(), user, document_id), why
        ),
    )


@quarantine_pages.post("/documents/<document_id>/show")
@requires(Permission.TRIAGE)
def show(document_id: str) -> ResponseReturnValue:
    """Let a part that was set aside be shown."""
    services = session.services()
    set_aside.show_set_aside(
        services, gate.document_to_change(services, session.viewer(), document_id)
    )
    return _back(document_id)


@quarantine_pages.post("/documents/<document_id>/unlock")
@requires(Permission.QUARANTINE)
def unlock(document_id: str) -> ResponseReturnValue:
    """Try a password on a locked document; the password is in no address, log or answer."""
    # A document that is not there, or not theirs, is said first: strangers learn nothing else.
    opened = gate.document_to_change(session.services(), session.viewer(), document_id)
    jails = session.services().unlocker
    if jails is None:
        raise UnlockingUnavailable
    password = request.form.get("password", "")
    try:
        copy_id = unlocking.unlock_document(session.services(), jails, opened, password)
    except PasswordWrong as error:
        return _again("unlock", document_id, error.public), error.status
    return _back(copy_id)


@quarantine_pages.post("/documents/<document_id>/original")
@requires(Permission.ORIGINALS)
@reauthentication.required("open a file as it was sent, unsafe as it may be")
def original(document_id: str) -> ResponseReturnValue:
    """Answer with the file as it was sent, or ask a second person to open it."""
    services = session.services()
    if _step() is Step.ASK:
        return _act(
            "original",
            document_id,
            lambda user, why: originals.ask_original(
                services, gate.document_to_change(services, user, document_id), why
            ),
        )
    try:
        content = originals.open_original(
            services, gate.document_to_change(services, session.viewer(), document_id), _reason()
        )
    except ReasonInvalid as error:
        return _again("original", document_id, error.public), error.status
    return downloads.original(document_id, content)


def _act(
    kind: str, document_id: str, do: Callable[[SignedInUser, str], None]
) -> ResponseReturnValue:
    try:
        do(session.viewer(), _reason())
    except ReasonInvalid as error:
        return _again(kind, document_id, error.public), error.status
    return _back(document_id)


def asked_again(reasons: dict[str, str]) -> str:
    """Show a question for other copies that was taken back: one form with the reason of each.

    `reasons` are {id of the document: reason}, at least one.
    """
    return _forms("ask", reasons, {}, is_taken_back=True)


def _again(kind: str, document_id: str, error: str) -> str:
    """Show one form again, with its error."""
    return _forms(kind, {document_id: _reason()}, {document_id: error})


def _forms(
    kind: str, reasons: dict[str, str], errors: dict[str, str], *, is_taken_back: bool = False
) -> str:
    forms = [_form(kind, each, why, errors.get(each, "")) for each, why in reasons.items()]
    return render_template("documents/again.html", forms=forms, is_taken_back=is_taken_back)


def _other_reasons() -> dict[str, str]:
    """Return {id of another document: reason} of a form that asks for several."""
    named = ((OTHER_REASON.fullmatch(name), value) for name, value in request.form.items())
    found = {match.group(1): value for match, value in named if match is not None}
    if len(found) > MAX_TOGETHER:
        abort(400)
    return found


def _wrong(reason: str) -> str:
    """Return what is wrong with a reason, empty when it is one."""
    try:
        written_reason.checked_reason(reason)
    except ReasonInvalid as error:
        return error.public
    return ""


def _form(kind: str, document_id: str, written: str, error: str = "") -> FormAgain:
    viewer = session.viewer()
    services = session.services()
    shown = viewing.document_view(services, gate.document_to_read(services, viewer, document_id))
    person = Person(
        viewer,
        services.now(),
        lambda permission: may(viewer, permission),
        lambda ids: four_eyes.not_second_among(services, viewer, ids),
    )
    known = offers(shown.document, shown.sender_verdict, person)
    offer = next((offer for offer in known if offer.kind == kind), None)
    return FormAgain(shown.reference, shown.document, offer, written, error)


def _back(document_id: str) -> ResponseReturnValue:
    """Lead back to a document on its submission's page, and to the list that the officer works."""
    place: dict[str, Any] = dict(workplace_of(request.args).args())  # Any: url_for has options
    where = url_for(
        "staff.submission",
        reference=_reference(document_id),
        document=document_id,
        _anchor=f"document-{document_id}",
        **place,
    )
    return redirect(where, 303)


def _reference(document_id: str) -> str:
    return viewing.reference_of(
        session.services(), gate.document_to_read(session.services(), session.viewer(), document_id)
    )


def _step() -> Step:
    return Step.ASK if request.form.get("step") == Step.ASK else Step.DO


def _reason() -> str:
    return request.form.get("reason", "")
