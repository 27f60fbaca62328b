"""Word how a case stands with its consent, and acting without one for somebody's life."""

from intake.cases.consent.hold import BY_OVERRIDE, TO_A_PERSON
from intake.cases.consent.known import REFERRAL, US, ConsentKnown, KnownBy
from intake.cases.consent.override import STANDS_FOR, OverrideState
from portal.text.labels import Mark
from portal.text.sharing import PURPOSES, RECIPIENTS

KNOWN = {
    ConsentKnown.GIVEN: Mark("Consent given", "✓", "good"),
    ConsentKnown.MISSING: Mark("No consent", "■", "danger"),
    ConsentKnown.COULD_NOT_TELL: Mark("Consent not clear", "◆", "clock"),
}
BY = {
    KnownBy.NOTED: "An officer noted the answer.",
    KnownBy.PAPER: "Somebody confirmed the signed paper.",
    KnownBy.FORM: "The form says so.",
    KnownBy.NOTHING: "",
}
TO_DO = {
    ConsentKnown.GIVEN: "",
    ConsentKnown.MISSING: (
        "Ask the coordinator for it. When it comes, the case goes on by itself."
    ),
    ConsentKnown.COULD_NOT_TELL: (
        "Look at the documents: confirm the one that is the consent, or note the answer on the "
        "page of the case."
    ),
}
ENDED_BY = {
    KnownBy.NOTED.value: "the answer was noted",
    KnownBy.PAPER.value: "the signed document was confirmed",
    KnownBy.FORM.value: "the form and a document came",
    BY_OVERRIDE: "two people let it go on without",
    TO_A_PERSON: "something came that a person must look at",
}
STATES = {
    OverrideState.PROPOSED: Mark("Waits for a second person", "◆", "clock"),
    OverrideState.LAPSED: Mark("Not answered in time", "–", ""),
    OverrideState.IN_FORCE: Mark("In force", "■", "danger"),
    OverrideState.REFUSED: Mark("Refused", "✕", ""),
    OverrideState.WITHDRAWN: Mark("Withdrawn", "–", ""),
    OverrideState.EXPIRED: Mark("Ended by itself", "–", ""),
}
WHAT = {
    f"{purpose}:{recipient}": f"{RECIPIENTS[recipient]}: {PURPOSES[purpose].lower()}"
    for purpose, recipient in STANDS_FOR
}
NOTICES = {
    "asked": "It waits for a second person: a protection officer or a manager.",
    "approved": "It is in force until its last day.",
    "refused": "It was refused.",
    "withdrawn": "It was withdrawn.",
}


def until_then(allowed: tuple[tuple[str, str], ...]) -> str:
    """Return what is shared while the consent to be referred to us is not there.

    `allowed` are the (purpose, recipient) for which something may be done all the same.
    """
    others = [what(*each) for each in allowed if each != (REFERRAL, US)]
    if others:
        return f"Nothing is shared but what is allowed: {'; '.join(others)}."
    begins = "Nothing else" if allowed else "Until then nothing"
    return f"{begins} is shared, and nobody in the country of return is contacted."


def what(purpose: str, recipient: str) -> str:
    """Return for whom and what an override stands."""
    by_recipient = RECIPIENTS.get(recipient, recipient)
    return f"{by_recipient}: {PURPOSES.get(purpose, purpose).lower()}"
