"""Let an officer choose a prepared answer, see exactly what would be sent, and send it.

Nothing is sent without an officer. The recipient is the address that wrote and cannot be typed; the
text is the office's; what the officer adds is checked for what may not be in a mail. Only the text
that was previewed is sent: if it has changed meanwhile, it is shown again.
"""

import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from intake.access import edit_conflicts
from intake.core import audit
from intake.core.errors import Conflict, IntakeError
from intake.correspondence import checked_words
from intake.correspondence.checked_words import TextRefused, WordsForMail
from intake.correspondence.recipients import (
    AnswerContext,
    AnswerTools,
    addressee,
    find_context,
    known_beside,
    suggestions,
)
from intake.filing.misdirected import Misdirection
from intake.outbox import mail_texts, post
from intake.outbox.post import OutgoingMail
from intake.reference_data.answer_template import CLOSING, HELPLINE
from intake.reference_data.prepared_answers import FIXED, AnswerMissing, languages_of
from storage import audit as audit_trail
from storage.audit_acts import Act
from storage.mail import outbox

if TYPE_CHECKING:
    from intake.access.opened import OpenedToChange
    from intake.accounts.accounts import SignedInUser
    from intake.correspondence.free_text import Finding
    from intake.outbox.mail_texts import MailWords
    from storage.database import Session
    from storage.submissions.submissions import Submission

__all__ = [
    "AnswerApproval",
    "AnswerDraft",
    "AnswerPage",
    "AnswerPreview",
    "AnswerRefused",
    "AnswerText",
    "LetterChanged",
    "TextRefused",
    "languages_in_force",
    "open_answer_page",
    "preview_answer",
    "send_answer",
    "send_locked",
]
# A submission gets so many answers at most. Each form names its own kind, and the outbox holds a
# kind once for a submission, so that a form that is sent twice sends one mail.
KINDS = outbox.codes_of(outbox.MailKind.ANSWER)
# The part of the detail of the act that sent an answer: where the officer's own words stand in its
# text, as first character and number of characters; none without such words.
OWN_WORDS = "own"


class AnswerRefused(IntakeError):
    """Nothing may be sent to the sender; `code` says why."""

    reason = "answer_refused"
    public = "No answer can be sent to this sender."
    status = 409

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


class LetterChanged(IntakeError):
    """The text that would be sent differs from the one that was shown."""

    reason = "letter_changed"
    public = "What would leave has changed since it was shown. Please look at it again."
    status = 409


@dataclass(frozen=True)
class AnswerDraft:
    """What an officer chose and wrote; `more` is free text, tidied, possibly empty."""

    code: str
    language: str
    more: str = ""


@dataclass(frozen=True)
class AnswerText:
    """Exactly what would be sent; `digest` is a hash of all of it."""

    recipient: str
    subject: str
    text: str

    @property
    def digest(self) -> str:
        """Return a hash that changes with any of it."""
        parts = json.dumps([self.recipient, self.subject, self.text])
        return hashlib.sha256(parts.encode()).hexdigest()


@dataclass(frozen=True)
class AnswerApproval:
    """What the form carries beside the draft: its kind, and the digest of what was shown.

    `is_read` tells that the officer has read the findings. `seen_version` says from when
    the form is.
    """

    kind: str
    shown: str
    is_read: bool
    seen_version: int | None = None


@dataclass(frozen=True)
class AnswerPage:
    """What the page shows before anything is chosen.

    `refused` is the code of why nobody can be answered, or None; `kind` is None when the
    submission got as many answers as it may. Only the officer sees `suggestions`. The forms of
    the page carry `version`.
    """

    reference: str
    recipient: str | None
    refused: str | None
    kind: str | None
    suggestions: tuple[Misdirection, ...]
    version: int


@dataclass(frozen=True)
class AnswerPreview:
    """An answer as it would be sent, with the words that were added, as they were checked."""

    answer: AnswerText
    words: WordsForMail

    @property
    def findings(self) -> "tuple[Finding, ...]":
        """Return what was found in the words that were added."""
        return self.words.findings


def open_answer_page(office: AnswerTools, opened: "OpenedToChange[Submission]") -> AnswerPage:
    """Open the page of a submission and record that it was opened. Raises NotFound."""
    services = office.services
    with services.database.transaction() as session:
        version = edit_conflicts.version_now(session)
        context = find_context(services, session, opened)
        audit.note(
            services, session, opened.user, Act.ANSWER_OPENED, ("submission", context.submission.id)
        )
        return AnswerPage(
            reference=context.submission.reference,
            recipient=context.facts.from_address,
            refused=post.refusal(services, session, addressee(context), outbox.MailKind.ANSWER),
            kind=post.free_kind(session, context.submission, KINDS),
            suggestions=suggestions(office, session, context),
            version=version,
        )


def languages_in_force(office: AnswerTools, code: str) -> dict[str, bool]:
    """Return each language, and whether an answer has a text in it today."""
    with office.services.database.reading() as session:
        return languages_of(session, office.find, code, office.today())


def preview_answer(
    office: AnswerTools, opened: "OpenedToChange[Submission]", draft: AnswerDraft
) -> AnswerPreview:
    """Return exactly what would be sent.

    Raises NotFound, AnswerRefused, AnswerMissing or AnswerIncomplete.
    """
    with office.services.database.transaction() as session:
        context = find_context(office.services, session, opened)
        return _preview(office, session, context, draft)


def send_answer(
    office: AnswerTools,
    opened: "OpenedToChange[Submission]",
    draft: AnswerDraft,
    consent: AnswerApproval,
) -> None:
    """Put an answer into the outbox; the same form again changes nothing.

    Raises what `preview_answer` raises, TextRefused, LetterChanged, ChangedMeanwhile when a
    colleague answered since the form was made, and Conflict for an unknown or used kind.
    """
    with office.services.database.transaction() as session:
        context = find_context(office.services, session, opened)
        send_locked(office, session, context, draft, consent)


def send_locked(
    office: AnswerTools,
    session: "Session",
    context: AnswerContext,
    draft: AnswerDraft,
    consent: AnswerApproval,
) -> None:
    """Put an answer into the outbox in the caller's transaction, as `send_answer` does."""
    services, user, submission = office.services, context.user, context.submission
    if consent.kind not in KINDS:
        raise Conflict
    if _is_sent(session, user, submission.id, consent.kind):
        return
    edit_conflicts.refuse_if_changed(
        session, ("submission", submission.id), edit_conflicts.ANSWER, consent.seen_version
    )
    if outbox.has(session, submission.id, consent.kind):
        raise Conflict
    ready = _preview(office, session, context, draft)
    added = ready.words.passed(is_read=consent.is_read)
    if ready.answer.digest != consent.shown:
        raise LetterChanged
    mail = _mail(consent.kind, ready.answer, added)
    post.write(services, session, addressee(context), mail)
    audit.note(
        services,
        session,
        user,
        Act.ANSWER_SENT,
        ("submission", submission.id),
        {
            "kind": consent.kind,
            "answer": draft.code,
            "language": draft.language,
            "confirmed": len(ready.findings),
            **({OWN_WORDS: [mail.text.index(added), len(added)]} if added else {}),
        },
    )


def _preview(
    office: AnswerTools, session: "Session", context: AnswerContext, draft: AnswerDraft
) -> AnswerPreview:
    to = addressee(context)
    refused = post.refusal(office.services, session, to, outbox.MailKind.ANSWER)
    if refused is not None or to.address is None:
        raise AnswerRefused(refused or "no_usable_sender")
    on_day = office.today()
    prepared = office.find(session, draft.code, draft.language, on_day)
    closing = office.find(session, CLOSING, draft.language, on_day)
    helpline = office.find(session, HELPLINE, draft.language, on_day)
    if prepared is None or (closing is None and draft.code not in FIXED):
        raise AnswerMissing(draft.code, draft.language)
    values = {
        "reference": context.submission.reference,
        "link": f"{office.services.settings.public_url}/sign-in",
        HELPLINE: helpline.text if helpline is not None else "",
        "more": draft.more,
    }
    words = office.writer.write(prepared, closing, values)
    own_words = "\n".join(each.text for each in (closing, helpline) if each is not None)
    known = known_beside(office, session, context.user, context.submission, own_words)
    added = "" if draft.code in FIXED else draft.more
    checked = checked_words.check_for_mail(office.services, session, added, known)
    return AnswerPreview(AnswerText(to.address, words.subject, words.text), checked)


def _mail(kind: str, answer: AnswerText, added: "MailWords") -> OutgoingMail:
    return OutgoingMail(
        kind,
        answer.subject,
        mail_texts.letter(answer.text, added),
        is_automatic=False,
        takes_replies=True,
    )


def _is_sent(session: "Session", user: "SignedInUser", submission_id: str, kind: str) -> bool:
    """Tell whether this officer's form was sent before; a colleague's answer is another one."""
    return outbox.has(session, submission_id, kind) and any(
        event.detail.get("kind") == kind
        for event in audit_trail.newest_acts(
            session, ("submission", submission_id), [Act.ANSWER_SENT], by=user.actor
        )
    )
