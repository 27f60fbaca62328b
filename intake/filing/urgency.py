"""Read from a mail's own first words whether it cannot wait.

The receipt promises by this before the mail is filed, and filing chooses the queue by the same.
"""

from typing import TYPE_CHECKING

from intake.core.submission_facts import EMPTY_HEADER
from intake.filing.quoted_history import own_words
from intake.sandbox.protocol.body_text import beginnings
from intake.senders.urgent_words import says_urgent, shouted, without_ours
from storage.submissions.submissions import Priority, SenderVerdict

if TYPE_CHECKING:
    from intake.sandbox.protocol.results import MailFacts

FIRST_WORDS_CHARS = 400


def first_words(subject: str, body_text: str) -> str:
    """Return what `says_urgent` looks at: the subject, how the texts begin, and what is shouted.

    A person may answer below what they quote: their own words are looked at by themselves too.
    What they shout counts wherever it stands.
    """
    own = own_words(body_text, subject)
    begins = (beginnings(without_ours(text), FIRST_WORDS_CHARS) for text in (body_text, own))
    return "\n\n".join([subject, *begins, *shouted(own)])


def priority_by_words(verdict: str | None, header: "MailFacts | None", words: str) -> Priority:
    """Return the priority that a mail claims; only a registered sender's «urgent» counts."""
    facts = header or EMPTY_HEADER
    if verdict != SenderVerdict.REGISTERED:
        return Priority.UNKNOWN
    is_urgent = says_urgent(first_words(facts.subject, words), facts.importance)
    return Priority.EMERGENCY if is_urgent else Priority.UNKNOWN
