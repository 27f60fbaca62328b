"""Let an officer write down a call as a submission; a refused form comes back as it was written."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from intake.access import programmes as programme_rights
from intake.arrivals import phone_note
from intake.arrivals.phone_note import NoteInvalid, PhoneNote
from portal.text import labels, triage
from portal.web import session
from portal.web.policy import Permission, requires

phone_notes = Blueprint("phone_notes", __name__)
FIELDS = ("programme", "priority", "language", "caller", "number", "call_back", "text", "case")
# «I cannot tell» is a choice like the others: an unknown priority never counts as a low one.
PRIORITIES = {
    "unknown": "I cannot tell",
    "normal": "Normal",
    "urgent": "Urgent: today",
    "emergency": "Emergency: somebody may be in danger",
}
CALL_BACK = {"unknown": "Not asked", "yes": "Yes, on this number", "no": "No"}


@phone_notes.get("/phone-note")
@requires(Permission.TRIAGE)
def form() -> ResponseReturnValue:
    """Show the form, with a case's reference when the officer came from a case."""
    start = dict.fromkeys(FIELDS, "") | {
        "programme": programme_rights.read_by(session.viewer())[0],
        "case": request.args.get("case", ""),
    }
    return _page(start, {}, phone_note.new_note_id())


@phone_notes.post("/phone-note")
@requires(Permission.TRIAGE)
def write() -> ResponseReturnValue:
    """Store the note and lead to it, or say what is wrong with it."""
    typed = {name: request.form.get(name, "") for name in FIELDS}
    note_id = request.form.get("note_id", "")
    try:
        reference = phone_note.store_phone_note(
            session.services(), session.viewer(), note_id, PhoneNote(**typed)
        )
    except NoteInvalid as error:
        return _page(typed, error.errors, note_id, error.public, error.status)
    return redirect(url_for("staff.submission", reference=reference), 303)


def _page(
    typed: dict[str, str],
    errors: dict[str, str],
    note_id: str,
    whole: str = "",
    status: int = 200,
) -> ResponseReturnValue:
    programmes = {
        code: labels.PROGRAMMES[code] for code in programme_rights.read_by(session.viewer())
    }
    page = render_template(
        "cases/phone_note.html",
        typed=typed,
        errors=errors,
        whole=whole,
        note_id=note_id,
        choices={
            "programme": programmes,
            "priority": PRIORITIES,
            "call_back": CALL_BACK,
            "language": {"": "Not known"} | triage.LANGUAGES,
        },
        limits=phone_note.MAX_CHARS,
    )
    return page, status
