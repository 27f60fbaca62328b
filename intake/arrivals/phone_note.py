"""Store an officer's note of a telephone call as a submission.

The note as JSON is the submission's raw bytes, encrypted and durable before the row; its text is
sealed. It has no documents and no address to answer, so no receipt is sent, and the officer reads
the reference out. The officer who wrote it is named in the audit trail and in the raw note, never
in `submitted_by`, which is for senders.
"""

import json
import re
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from intake.access import gate, programmes
from intake.core import audit
from intake.core.errors import Conflict, FieldsInvalid, NotFound
from intake.core.references import unused_reference
from intake.core.typed_text import tidy
from intake.outbox.receipt import answer_nobody
from storage.audit_acts import Act
from storage.base import new_id
from storage.blobs.blobs import add_blob
from storage.cases import cases
from storage.cases.cases import CaseState
from storage.crypto.sealing import seal
from storage.submissions import submissions
from storage.submissions.submissions import Channel, Priority, Submission, SubmissionState, place

if TYPE_CHECKING:
    from intake.accounts.accounts import SignedInUser
    from intake.core.services import Services
    from storage.blobs.blobs import StoredBlob
    from storage.cases.cases import Case
    from storage.crypto.keys import DataKey
    from storage.database import Session

NOTE_ID = re.compile(r"[0-9a-f]{32}")
LANGUAGE = re.compile(r"[a-z]{2,3}")
MAX_CHARS = {"caller": 200, "number": 40, "text": 4000}
CALL_BACK = ("yes", "no", "unknown")
WORDS = {"yes": "yes", "no": "no", "unknown": "not asked"}


class NoteInvalid(FieldsInvalid):
    """Fields of the note are missing or invalid; `errors` is {field: sentence}."""

    reason = "note_invalid"
    public = "Please look at the marked answers. Nothing that you wrote is lost."


@dataclass(frozen=True)
class PhoneNote:
    """What was typed. `language` and `case` may be empty; `call_back` is one of CALL_BACK."""

    programme: str
    priority: str
    language: str
    caller: str
    number: str
    call_back: str
    text: str
    case: str = ""


def new_note_id() -> str:
    """Return the id for a new form: one form is one note, however often it is sent."""
    return new_id()


def store_phone_note(
    services: "Services", user: "SignedInUser", note_id: str, typed: PhoneNote
) -> str:
    """Store a note as a submission and return its reference.

    The same form again changes nothing. Raises NoteInvalid, and Conflict for a malformed id.
    """
    if NOTE_ID.fullmatch(note_id) is None:
        raise Conflict
    note = _tidied(typed)
    with services.database.reading() as session:
        known = submissions.by_identity(session, _identity(note_id))
        _check(services, session, user, note)
    if known is not None:
        return known.reference
    key = services.keyring.new_key()
    stored = services.blobs.write(key, [_raw(services, user, note)])
    with services.database.transaction() as session:
        known = submissions.by_identity(session, _identity(note_id))
        if known is not None:
            return known.reference
        services.keyring.add(session, key, "submission", services.now())
        return _store(services, session, user, note_id, note, key, stored)


def _identity(note_id: str) -> str:
    return f"{Channel.PHONE}:{note_id}"


def _tidied(typed: PhoneNote) -> PhoneNote:
    return PhoneNote(
        programme=typed.programme,
        priority=typed.priority,
        language=typed.language,
        caller=" ".join(tidy(typed.caller).split()),
        number=" ".join(tidy(typed.number).split()),
        call_back=typed.call_back,
        text=tidy(typed.text),
        case=typed.case.strip(),
    )


def _check(
    services: "Services", session: "Session", user: "SignedInUser", note: PhoneNote
) -> "Case | None":
    """Return the case that a note is for, None when it names none. Raises NoteInvalid."""
    errors = {}
    if note.programme not in programmes.read_by(user):
        errors["programme"] = "Choose what the call was about."
    if note.priority not in {known.value for known in Priority}:
        errors["priority"] = "Choose how soon somebody must look."
    if note.call_back not in CALL_BACK:
        errors["call_back"] = "Choose whether we may call back."
    if note.language and LANGUAGE.fullmatch(note.language) is None:
        errors["language"] = "Choose a language of the list."
    for field, most in MAX_CHARS.items():
        if len(getattr(note, field)) > most:
            errors[field] = f"Write up to {most} characters."
    if not note.text:
        errors["text"] = "Write down what was said."
    case = None
    if note.case:
        case, wrong = _case_of(services, session, user, note)
        errors |= {"case": wrong} if wrong else {}
    if errors:
        raise NoteInvalid(errors)
    return case


def _case_of(
    services: "Services", session: "Session", user: "SignedInUser", note: PhoneNote
) -> "tuple[Case | None, str]":
    """Return the case that is named, and the sentence that says what is wrong, or empty."""
    try:
        opened = gate.case_to_file_into(services, user, note.case)
    except NotFound:
        return None, "No case of yours has this reference. Leave it empty if you are not sure."
    case = opened.row(services, session)
    if case.programme != note.programme:
        return None, "That case is of the other programme."
    return (None, "That case is closed.") if case.state == CaseState.CLOSED else (case, "")


def _raw(services: "Services", user: "SignedInUser", note: PhoneNote) -> bytes:
    whole = {
        "note": asdict(note),
        "written_by": user.id,
        "written_at": services.now().isoformat(),
    }
    return json.dumps(whole, sort_keys=True).encode()


def _store(
    services: "Services",
    session: "Session",
    user: "SignedInUser",
    note_id: str,
    note: PhoneNote,
    key: "DataKey",
    stored: "StoredBlob",
) -> str:
    now = services.now()
    add_blob(session, key, stored, now)
    session.flush()
    case = _check(services, session, user, note)
    if case is not None:
        # Locked, so that a merge at the same time either moves this note too or is seen here.
        cases.locked(session, [case.id])
        case = cases.resolved(session, case)
    submission_id = new_id()
    submission = Submission(
        id=submission_id,
        reference=unused_reference(session),
        identity=_identity(note_id),
        channel=Channel.PHONE,
        programme=note.programme,
        state=SubmissionState.DOCUMENTS,
        received_at=now,
        data_key_id=key.id,
        raw_blob_id=stored.id,
        sender=seal(key, place("submissions", "sender", submission_id), note.caller),
        sender_reasons=["told_by_phone"],
        body_text=seal(key, place("submissions", "body_text", submission_id), _text(note)),
        item_count=0,
        region=case.region if case is not None else None,
        priority=note.priority,
        language=note.language or None,
        case_id=case.id if case is not None else None,
    )
    session.add(submission)
    session.flush()
    subject, detail = ("submission", submission_id), {"channel": Channel.PHONE, "documents": 0}
    audit.note(services, session, user, Act.SUBMISSION_RECEIVED, subject, detail, at=now)
    answer_nobody(services, session, submission, "no_usable_sender")
    services.queue.enqueue(session, submission_id)
    return submission.reference


def _text(note: PhoneNote) -> str:
    """Return the note as a text: what was said, as lists show its beginning, then who called."""
    told = [f"Caller: {note.caller}"] if note.caller else []
    told += [f"Number: {note.number}"] if note.number else []
    told.append(f"May we call back: {WORDS[note.call_back]}")
    return "\n".join([note.text, "", *told])
