"""Check a reason that somebody wrote for an act that asks for one."""

from intake.core.errors import IntakeError

MIN_REASON_CHARS = 10
MAX_REASON_CHARS = 1000


class ReasonInvalid(IntakeError):
    """The written reason is missing, too short or too long."""

    reason = "reason_invalid"
    public = f"Please write a reason of {MIN_REASON_CHARS} to {MAX_REASON_CHARS} characters."
    status = 400


def checked_reason(text: str) -> str:
    """Return a written reason on one line, with single blanks. Raises ReasonInvalid."""
    reason = " ".join(text.split())
    if not MIN_REASON_CHARS <= len(reason) <= MAX_REASON_CHARS:
        raise ReasonInvalid
    return reason
