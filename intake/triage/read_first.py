"""Hold an emergency until its letter was on the officer's screen.

The page of a submission shows the letter of an emergency whole, and notes that it did so in the
event of the reading. Whoever ends it without such an event of their own is led to the letter: a
script alone could be passed by. The script asks for more, that each line of it was on screen.
"""

from typing import TYPE_CHECKING

from intake.access import derived
from intake.core.errors import IntakeError
from storage import audit as audit_trail
from storage.audit_acts import Act
from storage.crypto.sealing import unseal
from storage.submissions.submissions import Priority, place

if TYPE_CHECKING:
    from intake.accounts.accounts import SignedInUser
    from intake.core.services import Services
    from storage.database import Session
    from storage.submissions.submissions import Submission

# In the detail of the event of a reading: the page showed the whole letter.
LETTER = "letter"


class LetterUnread(IntakeError):
    """An emergency was to be ended by somebody to whom its letter was not shown."""

    reason = "letter_unread"
    public = (
        "This is an emergency, and its letter was not on your screen yet. Read the letter first; "
        "then you can go on. Nothing was changed."
    )
    status = 409


def must_be_read(priority: str, letter: str) -> bool:
    """Tell whether a letter must be on screen before its submission is confirmed."""
    return priority == Priority.EMERGENCY and bool(letter.strip())


def letter_of(
    services: "Services", session: "Session", user: "SignedInUser", submission: "Submission"
) -> str:
    """Return the letter that a user must read before an emergency ends, "" where none must be.

    A letter that is closed to them is not asked for.
    """
    if submission.priority != Priority.EMERGENCY:
        return ""
    if "body_text" not in derived.open_texts(services, session, user, submission):
        return ""
    key = services.keyring.open(session, submission.data_key_id)
    letter = unseal(key, place("submissions", "body_text", submission.id), submission.body_text)
    return letter if must_be_read(submission.priority, letter) else ""


def require_letter_read(
    services: "Services", session: "Session", user: "SignedInUser", submission: "Submission"
) -> None:
    """Raise LetterUnread for an emergency whose letter was not shown to a user."""
    must_read = letter_of(services, session, user, submission)
    if must_read and not _was_shown(session, user, submission):
        raise LetterUnread


def _was_shown(session: "Session", user: "SignedInUser", submission: "Submission") -> bool:
    own = audit_trail.newest_acts(
        session, ("submission", submission.id), [Act.SUBMISSION_VIEWED], by=user.actor
    )
    return any(event.detail.get(LETTER) for event in own)
