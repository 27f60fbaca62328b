"""Notice a program that answers for a registered sender and says nowhere that it is one.

An absence note without any header of RFC 3834 looks like a person's mail, so each receipt brings
another note (threat M2). What gives it away is what it does: it says the same again but for
numbers, within minutes after our mail or in answer to the receipt for that very same, and never
with a paper. Whatever its subject is, such mail is kept and gets no receipt. Letters of a person
in a row say something else each time; only a row longer than anybody types is a program's.
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
from intake.senders.automatic_mail import has_attachments, is_paper
from intake.senders.inline_answers import announces_answers
from storage.crypto.sealing import unseal
from storage.documents import documents
from storage.mail import outbox
from storage.submissions import queue_items, submissions
from storage.submissions.submissions import SenderVerdict, place

if TYPE_CHECKING:
    from collections.abc import Sequence

    from intake.core.services import Services
    from intake.sandbox.protocol.results import MailFacts
    from storage.crypto.column_types import KeyedHash
    from storage.database import Session
    from storage.submissions.submissions import Submission

REASON = "answering_program_noticed"
# A program answers within seconds; our mailbox may be looked at a minute later.
QUICKLY = timedelta(minutes=3)
COMPARED_FOR = timedelta(days=7)
MAX_COMPARED = 10
MAX_QUICK_LETTERS = 4
# «Ja.» or an empty mail is said again by people too; so few words say something only in a row.
MIN_TELLING_WORDS = 4
# A longer page of a letter may have pictures pasted into it.
MAX_PLAIN_PAGE_BYTES = 15_000
# Where a quoted mail begins that has no marks at its lines.
QUOTED_BELOW = re.compile(r"\s*(?:-{4,}|_{8,}|from:|från:|von:)", re.IGNORECASE)
# What notes of absence say in Swedish, Finnish, English, Norwegian, Danish and German.
AWAY = re.compile(
    r"\b(?:semester\w*|frånvar\w*|(?:jag är |tjänst|föräldra)ledig|ledig (?:fram )?till"
    r"|(?:inte|ej) på (?:kontoret|plats)"
    r"|loma\w*|poissa\w*|vapaalla|out of (?:the )?office|vacation|annual leave|on leave"
    r"|(?:am|currently) away|^away|away (?:from|until)|ferie\w*|fravær\w*|permisjon|orlov|barsel\w*"
    r"|ikke (?:på kontoret|til stede)|urlaub\w*|abwesen\w*|nicht im (?:büro|haus|dienst))\b",
    re.IGNORECASE | re.MULTILINE,
)
AWAY_WITHIN_CHARS = 400
COUNTED = re.compile(r"[\d@]")


@dataclass(frozen=True)
class Noticed:
    """What speaks for an answering program: `earlier` are the ids of the same sender's mails.

    `is_repeated_note` says that it came within minutes after something of ours, in the same words
    as before: then it is not filed as a person's mail either. `copies` are the ids of those earlier
    mails that have the same subject and answer the same mails too, so that it adds nothing to them.
    """

    earlier: tuple[str, ...]
    is_repeated_note: bool
    copies: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Note:
    """A mail as it is compared: its own words, and what it answers."""

    id: str
    subject: str
    thread: tuple[str, ...]
    words: str

    def has_place_of(self, other: "_Note") -> bool:
        """Tell whether two mails have one subject and answer the same mails."""
        return (self.subject, self.thread) == (other.subject, other.thread)


def notice(services: "Services", session: "Session", submission: "Submission") -> Noticed | None:
    """Return why a mail seems to be written by a program, or None when nothing speaks for it.

    Only mail of a proven sender that brings no papers is looked at: strangers get two answers an
    hour.
    """
    since = submission.received_at - COMPARED_FOR
    earlier = submissions.of_sender(session, submission, since=since, limit=MAX_COMPARED)
    before = _without_papers(session, submission, earlier)
    if before is None:
        return None
    header, note = _read(services, submission, session)
    known = [_read(services, each, session)[1] for each in before]
    is_away = _is_away(note)
    receipted = _receipted(services, session, header, note, before)
    is_quick = _is_quick(services, session, submission, header)
    related = [
        each
        for each in known
        if is_away or each.id in receipted or (is_quick and each.has_place_of(note))
    ]
    again = [each for each in related if _but_numbers(each.words) == _but_numbers(note.words)]
    is_telling = is_away or len(_but_numbers(note.words)) >= MIN_TELLING_WORDS
    is_again = len(again) >= (1 if is_telling else MAX_QUICK_LETTERS)
    is_row = is_quick and _is_row(services, session, before[:MAX_QUICK_LETTERS], header)
    if not (is_again or is_row):
        return None
    same = [each for each in again if is_telling and each.words == note.words]
    copies = tuple(each.id for each in same if each.has_place_of(note))
    return Noticed(tuple(each.id for each in before), bool(same) and is_quick, copies)


def _without_papers(
    session: "Session", submission: "Submission", earlier: "Sequence[Submission]"
) -> "list[Submission] | None":
    """Return the earlier mails that brought nothing which a mail has not, None when it has papers.

    A picture in the text is a paper unless its bytes came before, as a signature's logo does.
    """
    if submission.sender_verdict != SenderVerdict.REGISTERED:
        return None
    own = _shown_beside_words(session, submission)
    others = [(each, _shown_beside_words(session, each)) for each in earlier]
    known = {content for _, each in others for content in each or ()}
    if own is None or own - known:
        return None
    return [
        each
        for each, shown in others
        if each.sender_verdict == SenderVerdict.REGISTERED and shown is not None and shown <= own
    ]


def _shown_beside_words(session: "Session", submission: "Submission") -> "set[KeyedHash] | None":
    """Return what a mail shows besides words, by its bytes; None when something is attached."""
    rows = [row for row in documents.of_submission(session, submission.id) if not row.parent_id]
    if has_attachments(rows):
        return None
    return {
        row.content_hash
        for row in rows
        if is_paper(row) or (row.claimed_type == "text/html" and row.size > MAX_PLAIN_PAGE_BYTES)
    }


def is_told(session: "Session", noticed: Noticed) -> bool:
    """Tell whether something of the same program waits for an officer, so that one more tells
    nothing."""
    return any(
        item.closed_at is None
        and (item.reason == REASON or (item.kind, item.reason) == ("submission", "automatic_mail"))
        for each in noticed.earlier
        for item in queue_items.of_submission(session, each)
    )


def is_copy(session: "Session", noticed: Noticed) -> bool:
    """Tell whether the very same mail waits for an officer as one of a machine already."""
    return any(
        item.closed_at is None and (item.kind, item.reason) == ("submission", "automatic_mail")
        for each in noticed.copies
        for item in queue_items.of_submission(session, each)
    )


def may_be_a_person(services: "Services", session: "Session", submission: "Submission") -> bool:
    """Tell whether words that are said again may be a person's, whose «urgent» counts: they tell
    of no absence."""
    return not _is_away(_read(services, submission, session)[1])


def _is_away(note: _Note) -> bool:
    return bool(AWAY.search(f"{note.subject}\n{note.words[:AWAY_WITHIN_CHARS]}"))


def _receipted(
    services: "Services",
    session: "Session",
    header: "MailFacts",
    note: _Note,
    before: "list[Submission]",
) -> set[str]:
    """Return the ids of the earlier mails whose receipts a mail answers, by their Message-IDs.

    Where it names no mail of ours to its sender, such as an officer's question, a reference in its
    beginning counts. Receipts to others say nothing. A person thanks for several receipts in the
    same words; only a program thanks for that of its thanks.
    """
    hashed = recipient_hash(services, session, header.from_address or "", Trust.REGISTERED)
    answered = outbox.answered_by(session, list(note.thread), hashed)
    if answered:
        return {each for kind, each in answered if each and kind == outbox.MailKind.RECEIPT}
    beginning = f"{note.subject}\n{note.words[:AWAY_WITHIN_CHARS]}".casefold()
    return {each.id for each in before if each.reference.casefold() in beginning}


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
) -> bool:
    """Tell whether so many mails before came as quickly after something of ours."""
    return len(before) == MAX_QUICK_LETTERS and all(
        _is_quick(services, session, each, header) for each in before
    )


def _read(
    services: "Services", submission: "Submission", session: "Session"
) -> "tuple[MailFacts, _Note]":
    """Return the header of a mail, and what is compared; empty once it was erased."""
    try:
        key = services.keyring.open(session, submission.data_key_id)
    except KeyUnavailable:
        return EMPTY_HEADER, _Note(submission.id, "", (submission.id,), submission.id)
    text = unseal(key, place("submissions", "body_text", submission.id), submission.body_text)
    header = submission_facts.of_mail(submission, key) or EMPTY_HEADER
    thread = tuple(item for item in (*header.references, header.in_reply_to) if item)
    return header, _Note(submission.id, header.subject, thread, own_words(text))


def own_words(text: str) -> str:
    """Return what a mail says itself, in one line and small letters, without quotes.

    Where it says that its answers stand in what is quoted, that is its own too: two such letters
    of a person begin with the same words.

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
    own = " ".join(kept)
    is_cut = len(kept) < len(lines)
    return " ".join((text if is_cut and announces_answers(own) else own).split()).casefold()


def _is_quick(
    services: "Services", session: "Session", submission: "Submission", header: "MailFacts"
) -> bool:
    if not header.from_address:
        return False
    hashed = recipient_hash(services, session, header.from_address, Trust.REGISTERED)
    until = submission.received_at
    return outbox.left_between(session, hashed, until - QUICKLY, until)
