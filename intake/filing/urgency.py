"""Choose the words of a mail in which it is looked for that something cannot wait."""

from intake.filing.quoted_history import own_words
from intake.sandbox.protocol.body_text import beginnings
from intake.senders.urgent_words import shouted, without_ours

FIRST_WORDS_CHARS = 400


def first_words(subject: str, body_text: str) -> str:
    """Return what `says_urgent` looks at: the subject, how the texts begin, and what is shouted.

    A person may answer below what they quote: their own words are looked at by themselves too.
    What they shout counts wherever it stands.
    """
    own = own_words(body_text, subject)
    begins = (beginnings(without_ours(text), FIRST_WORDS_CHARS) for text in (body_text, own))
    return "\n\n".join([subject, *begins, *shouted(own)])
