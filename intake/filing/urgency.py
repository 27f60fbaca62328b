"""Read from a mail's own first words whether it cannot wait.

The receipt promises by this before the mail is filed, and filing chooses the queue by the same.
"""

from itertools import chain, islice
from typing import TYPE_CHECKING

from intake.core.submission_facts import EMPTY_HEADER
from intake.filing.quoted_history import own_words
from intake.sandbox.protocol.body_text import MARKED, beginnings, without_hidden
from intake.senders.automatic_mail import REPLY
from intake.senders.emergencies.footers import without_signature
from intake.senders.emergencies.passed_on import (
    POINTS_BELOW,
    cover_of,
    is_passed_on,
    questions,
    says_only_yes,
    words_of_others,
)
from intake.senders.emergencies.urgent_words import OURS, said_anywhere, says_urgent, without_ours
from storage.submissions.submissions import Priority, SenderVerdict

if TYPE_CHECKING:
    from intake.sandbox.protocol.results import MailFacts

FIRST_WORDS_CHARS = 400
# One is enough; a text may be full of them.
ENOUGH_WORDS = 3


def first_words(subject: str, body_text: str) -> str:
    """Return what `says_urgent` looks at: the subject, how texts begin, and what is said of now.

    A person may answer below what they quote: their own words are looked at by themselves too. What
    an answer quotes is old, and mostly ours: it counts only where its sender says nothing else,
    points at it or passes it on as another's, and what is ours counts nowhere. What they shout, or
    say of now, counts wherever it stands. What a page hides counts nowhere.
    """
    shown = without_hidden(body_text)
    own = own_words(shown, subject)
    texts = tuple(map(without_ours, _texts(subject, shown, own)))
    begins = (beginnings(without_signature(text), FIRST_WORDS_CHARS) for text in texts)
    found = chain.from_iterable(map(said_anywhere, dict.fromkeys((own, *texts[1:]))))
    return "\n\n".join([subject, *begins, *islice(found, ENOUGH_WORDS)])


def _texts(subject: str, shown: str, own: str) -> tuple[str, ...]:
    """Return the texts that count in a mail: what its sender says first, then what they pass on."""
    spoken = "\n".join(line for line in own.split("\n") if not MARKED.match(line))
    cover = cover_of(spoken)
    if cover and is_passed_on(cover, shown):
        return (spoken, *words_of_others(cover, shown, OURS))
    if not cover or not REPLY.match(subject) or POINTS_BELOW.search(cover):
        return shown, own
    # «Yes» says what was asked.
    return (spoken, questions(shown)) if says_only_yes(cover) else (spoken,)


def priority_by_words(verdict: str | None, header: "MailFacts | None", words: str) -> Priority:
    """Return the priority that a mail claims; only a registered sender's «urgent» counts."""
    facts = header or EMPTY_HEADER
    if verdict != SenderVerdict.REGISTERED:
        return Priority.UNKNOWN
    is_urgent = says_urgent(first_words(facts.subject, words), facts.importance)
    return Priority.EMERGENCY if is_urgent else Priority.UNKNOWN
