"""Link words: what the state of a single-use link is called, and what is said of its mail.

Tables and look-ups only.
"""

from portal.text import labels
from portal.text.labels import Mark

MARKS = {
    "open": Mark("Open", "○", "clock"),
    "used": Mark("Used", "✓", "good"),
    "expired": Mark("Expired", "–", "quiet"),
    "withdrawn": Mark("Withdrawn", "⊘", "quiet"),
}
MADE_BEFORE = (
    "This form has made its link already, and a link is shown only once. "
    "If you do not have it, withdraw it below and make a new one."
)
USED_BEFORE = "It was used meanwhile. What came by it stands in the list."


def mail(unsent: str | None) -> str:
    """Return what became of the mail with a link: empty when none was asked for."""
    if unsent is None:
        return "The mail with the link is on its way. It says nothing about the case."
    return f"No mail went out: {labels.reason(unsent)} Pass the link on yourself." if unsent else ""
