"""Offer what one person may do about one document now, and say what follows from it.

A page only shows these offers; intake decides again whether the person may do it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from intake.access.safeguards.four_eyes import Step, next_step, pending
from intake.accounts.accounts import SignedInUser
from intake.documents.views import DocumentView
from intake.inspection import verdicts
from intake.inspection.verdicts import RELEASED, TWIN
from portal.web.policy import Permission
from storage.documents.documents import QUARANTINED, DocumentState
from storage.documents.quarantine import QuarantineActKind
from storage.submissions.submissions import SenderVerdict


@dataclass(frozen=True)
class Offer:
    """One form: `kind` is the last part of its address; `step` says which of two people acts.

    Without `button` it is a sentence only: somebody else must act first.
    """

    kind: str
    title: str
    text: str
    button: str = ""
    step: Step = Step.DO
    has_reason: bool = True
    is_grave: bool = False


@dataclass(frozen=True)
class Person:
    """Who would act, when, what the policy allows, and to whom they are not second.

    `not_second` gives those of some accounts to which the person is not the second person.
    """

    user: SignedInUser
    now: datetime
    may: Callable[[Permission], bool]
    not_second: Callable[[set[str]], frozenset[str]]

    def step(
        self, document: DocumentView, asking: QuarantineActKind, doing: QuarantineActKind
    ) -> Step:
        """Return what the person may do next about what takes two people."""
        askers = {act.user_id for act in pending(document.acts, asking, doing, self.now)}
        barred = self.not_second(askers - {self.user.id})
        return next_step(document.acts, asking, doing, self.user.id, self.now, barred)


def offers(document: DocumentView, sender_verdict: str | None, person: Person) -> list[Offer]:
    """Return what a person may do about a document, the gentlest first."""
    found: list[Offer] = []
    if person.may(Permission.QUARANTINE):
        found += _of_quarantine(document, sender_verdict, person)
    is_seen_whole = not (document.is_closed or document.is_part)
    if person.may(Permission.ORIGINALS) and is_seen_whole:
        found.append(_original(document, person))
    return found


def is_held(document: DocumentView) -> bool:
    """Tell whether a document is held: it waits for somebody's decision."""
    return document.state in QUARANTINED


def needs_somebody(document: DocumentView) -> bool:
    """Tell whether there is something to do about a document: it is held, or its papers lack."""
    return verdicts.is_to_be_sent_again(document.state, document.findings)


def can_be_shown(document: DocumentView) -> bool:
    """Tell whether a part was set aside and is shown when somebody asks."""
    return verdicts.can_be_shown(document.state, document.reason, document.part_flags)


def was_asked_for(document: DocumentView) -> bool:
    """Tell whether somebody asked to see a part that is set aside nevertheless."""
    return document.state == DocumentState.IGNORED and verdicts.ASKED_FOR in document.part_flags


def twin(document: DocumentView, documents: tuple[DocumentView, ...]) -> DocumentView | None:
    """Return the part that is shown instead of one with the same bytes, as far as it is open."""
    return next(
        (
            each
            for each in documents
            if document.reason == TWIN
            and each.id != document.id
            and each.sha256 == document.sha256 != ""
            and each.copy.is_ready
        ),
        None,
    )


def _of_quarantine(
    document: DocumentView, sender_verdict: str | None, person: Person
) -> list[Offer]:
    found = []
    if document.state == DocumentState.LOCKED:
        found.append(UNLOCK)
    was_asked = any(act.act == QuarantineActKind.ASK_TO_RESEND for act in document.acts)
    if needs_somebody(document) and not was_asked:
        is_registered = sender_verdict == SenderVerdict.REGISTERED
        found.append(ASK_BY_MAIL if is_registered else ASK_BY_CALL)
    if is_held(document) and document.state != DocumentState.LOCKED:
        found.append(_release(document, person))
    if is_held(document) or document.reason == RELEASED:
        found.append(REJECT)
    return found


def _release(document: DocumentView, person: Person) -> Offer:
    if not document.is_malware:
        return RELEASE
    step = person.step(document, QuarantineActKind.ASK_RELEASE, QuarantineActKind.RELEASE)
    if step is Step.ASK:
        return ASK_RELEASE
    if step is Step.WAIT:
        return Offer(
            "release",
            "Release it",
            "You asked for its release. Somebody else must do it.",
            step=step,
        )
    who = _askers(document, person, QuarantineActKind.ASK_RELEASE, QuarantineActKind.RELEASE)
    text = f"{who} asked for its release. If you agree, release it. " + RELEASE.text
    return Offer("release", "Release it as the second person", text, "Release", is_grave=True)


def _original(document: DocumentView, person: Person) -> Offer:
    if not document.is_malware:
        return Offer("original", "Save the original file", AS_IT_CAME, "Save the original")
    step = person.step(document, QuarantineActKind.ASK_ORIGINAL, QuarantineActKind.OPEN_ORIGINAL)
    title = "Get the original file"
    if step is Step.WAIT:
        text = "You asked for the original file. Somebody else must open it."
        return Offer("original", title, text, step=step)
    if step is Step.ASK:
        text = "Malware was found in it. You ask, and a second person may then open it."
        return Offer("original", title, text, "Ask for the original", step)
    who = _askers(document, person, QuarantineActKind.ASK_ORIGINAL, QuarantineActKind.OPEN_ORIGINAL)
    text = f"{who} asked for it. Malware was found in this file: open it on no ordinary computer. "
    return Offer("original", title, text + AS_IT_CAME, "Save the original", is_grave=True)


def _askers(
    document: DocumentView, person: Person, asking: QuarantineActKind, doing: QuarantineActKind
) -> str:
    ids = {act.user_id for act in pending(document.acts, asking, doing, person.now)}
    labels = {act.user for act in document.acts if act.user_id in ids - {person.user.id}}
    return " and ".join(sorted(label or "Somebody" for label in labels))


AS_IT_CAME = (
    "It is exactly what was sent and may be dangerous. Your name and your reason are recorded."
)
UNLOCK = Offer(
    "unlock",
    "Open it with its password",
    "The password is tried once and kept nowhere. The opened copy is then inspected like any"
    " document and stands below this one.",
    "Try the password",
    has_reason=False,
)
ASK_BY_MAIL = Offer(
    "ask",
    "Ask the sender to send it again",
    "A short mail goes out: \u201cOne item could not be opened. Sign in for details.\u201d"
    " It names neither the document nor the reason.",
    "Ask by mail",
)
ASK_BY_CALL = Offer(
    "ask",
    "Ask the sender to send it again",
    "Nothing proves who this sender is, so no mail goes out. A task to call is opened instead.",
    "Open a task to call",
)
RELEASE = Offer(
    "release",
    "Release it",
    "A safe copy is made and shown to everybody who reads this submission. The file itself"
    " stays closed.",
    "Release",
)
ASK_RELEASE = Offer(
    "release",
    "Ask for its release",
    "Malware was found. You ask, and a second person may then release it. Until then nothing"
    " changes.",
    "Ask for its release",
    Step.ASK,
)
REJECT = Offer(
    "reject",
    "Reject it",
    "It is never shown, and the same file is held when it comes again. This cannot be undone.",
    "Reject",
    is_grave=True,
)
