"""Notice a program that answers for a registered sender and says nowhere that it is one.

An absence note without any header of RFC 3834 looks like a person's mail, so each receipt brings
another note (threat M2). What gives it away is what it does: within minutes after our mail it says
the same again but for numbers, or it answers or says that somebody is away, twice in a row, and
never with a paper. Whatever its subject is, such mail is kept and gets no receipt. Letters of a
person in a row say something else each time; only a row longer than anybody types is a program's.
"""

import re
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from intake.core import submission_facts
from intake.core.errors import KeyUnavailable
from intake.core.submission_facts import EMPTY_HEADER
from intake.outbox.addressees import Trust, recipient_hash
from intake.sandbox.protocol.body_text import begins_original, heads_of_quotations
from intake.senders.automatic_mail import REPLY, has_papers
from storage.crypto.sealing import unseal
from storage.documents import documents
from storage.mail import outbox
from storage.submissions import queue_items, submissions
from storage.submissions.submissions import SenderVerdict, place

if TYPE_CHECKING:
    from collections.abc import Sequence

    from intake.core.services import Services
    from intake.sandbox.protocol.results import MailFacts
    from storage.database import Session
    from storage.submissions.submissions import Submission

REASON = "answering_program_noticed"
# A program answers within seconds; our mailbox may be looked at a minute later.
QUICKLY = timedelta(minutes=3)
COMPARED_FOR = timedelta(days=7)
MAX_COMPARED = 10
MAX_QUICK_LETTERS = 4
# Where a quoted mail begins that has no marks at its lines.
QUOTED_BELOW = re.compile(r"\s*(?:-{4,}|_{8,}|from:|från:|von:)", re.IGNORECASE)
# What notes of absence say in Swedish, Finnish, English, Norwegian, Danish and German.
AWAY = re.compile(
    r"\b(?:semester\w*|frånvar\w*|(?:tjänst|föräldra)?ledig|(?:inte|ej) på (?:kontoret|plats)"
    r"|loma\w*|poissa\w*|vapaalla|out of (?:the )?office|vacation|annual leave|on leave"
    r"|(?:am|currently) away|away (?:from|until)|ferie\w*|fravær\w*|permisjon|orlov|barsel\w*"
    r"|ikke (?:på kontoret|til stede)|urlaub\w*|abwesen\w*|nicht im (?:büro|haus|dienst))\b",
    re.IGNORECASE,
)
AWAY_WITHIN_CHARS = 400
COUNTED = re.compile(r"[\d@]")


@dataclass(frozen=True)
class Noticed:
    """What speaks for an answering program: `earlier` are the ids of the same sender's mails.

    `is_repeated_note` says that it came within minutes after something of ours, in the same words
    as before: then it is not filed as a person's mail either.
    """

    earlier: tuple[str, ...]
    is_repeated_note: bool


def notice(services: "Services", session: "Session", submission: "Submission") -> Noticed | None:
    """Return why a mail seems to be written by a program, or None when nothing speaks for it.

    Only mail without papers of a proven sender is looked at: strangers get two answers an hour.
    """
    if not _is_of_kind(session, submission):
        return None
    header, words = _read(services, submission, session)
    since = submission.received_at - COMPARED_FOR
    earlier = submissions.of_sender(session, submission, since=since, limit=MAX_COMPARED)
    before = [each for each in earlier if _is_of_kind(session, each)]
    is_quick = _is_quick(services, session, submission, header)
    known = [_read(services, each, session) for each in before]
    if _is_answer(session, header, words, [each.reference for each in earlier]):
        is_same = any(text == words for _, text in known)
        needed = 1
    else:
        is_same = is_quick and any(
            (each.subject, text) == (header.subject, words) for each, text in known
        )
        needed = MAX_QUICK_LETTERS
    is_recounted = is_quick and any(_but_numbers(text) == _but_numbers(words) for _, text in known)
    is_row = is_quick and _is_row(services, session, before[:needed], header, needed)
    if not (is_same or is_recounted or is_row):
        return None
    return Noticed(tuple(each.id for each in before), is_same and is_quick)


def is_told(session: "Session", noticed: Noticed) -> bool:
    """Tell whether something of the same program waits for an officer, so that one more tells
    nothing."""
    return any(
        item.closed_at is None
        and (item.reason == REASON or (item.kind, item.reason) == ("submission", "automatic_mail"))
        for each in noticed.earlier
        for item in queue_items.of_submission(session, each)
    )


def _is_answer(session: "Session", header: "MailFacts", words: str, references: list[str]) -> bool:
    """Tell whether a mail answers: by its subject, by the Message-ID of a mail of ours, by one of
    the references that we wrote to its sender, or because it says that somebody is away."""
    thread = [item for item in (*header.references, header.in_reply_to) if item]
    beginning = f"{header.subject}\n{words[:AWAY_WITHIN_CHARS]}".casefold()
    return (
        bool(REPLY.match(header.subject))
        or bool(AWAY.search(beginning))
        or any(each.casefold() in beginning for each in references)
        or bool(outbox.answers(session, thread))
    )


def _but_numbers(words: str) -> tuple[str, ...]:
    """Return the words that a program does not count up or copy: none with a digit or an @.

    >>> _but_numbers("this is note 7 of today, <r1.ab@office.example>")
    ('this', 'is', 'note', 'of', 'today,')
    """
    return tuple(each for each in words.split() if not COUNTED.search(each))


def _is_row(
    services: "Services",
    session: "Session",
    before: "Sequence[Submission]",
    header: "MailFacts",
    needed: int,
) -> bool:
    """Tell whether so many mails before came as quickly after something of ours."""
    return len(before) == needed and all(
        _is_quick(services, session, each, header) for each in before
    )


def _is_of_kind(session: "Session", submission: "Submission") -> bool:
    is_proven = submission.sender_verdict == SenderVerdict.REGISTERED
    return is_proven and not has_papers(documents.of_submission(session, submission.id))


def _read(
    services: "Services", submission: "Submission", session: "Session"
) -> "tuple[MailFacts, str]":
    """Return header and own words of a mail, empty once it was erased."""
    try:
        key = services.keyring.open(session, submission.data_key_id)
    except KeyUnavailable:
        return EMPTY_HEADER, submission.id
    text = unseal(key, place("submissions", "body_text", submission.id), submission.body_text)
    return submission_facts.of_mail(submission, key) or EMPTY_HEADER, own_words(text)


def own_words(text: str) -> str:
    """Return what a mail says itself, in one line and small letters, without quotes.

    >>> own_words("Away until 14 May\\n> Thank you")
    'away until 14 may'
    """
    lines = text.splitlines()
    # The line above a quotation has a day in it, which differs in each note.
    heads = heads_of_quotations(lines)
    kept: list[str] = []
    for at, line in enumerate(lines):
        if QUOTED_BELOW.match(line) or begins_original(lines, at):
            break
        if not line.lstrip().startswith(">") and at not in heads:
            kept.append(line)
    return " ".join(" ".join(kept).split()).casefold()


def _is_quick(
    services: "Services", session: "Session", submission: "Submission", header: "MailFacts"
) -> bool:
    if not header.from_address:
        return False
    hashed = recipient_hash(services, session, header.from_address, Trust.REGISTERED)
    until = submission.received_at
    return outbox.left_between(session, hashed, until - QUICKLY, until)
