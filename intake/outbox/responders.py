"""Notice a program that answers for a registered sender and says nowhere that it is one.

An absence note without any header of RFC 3834 looks like a person's mail, so each receipt brings
another note (threat M2). What gives it away is what it does: it says the same again within minutes
after our mail, or but for numbers and days in answer to the receipt for that very same or with
words of absence, and shows nothing new. Whatever its subject is, such mail is kept and gets no
receipt. Letters of a person in a row say something else each time; only a row longer than anybody
types is a program's.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from intake.core import submission_facts
from intake.core.errors import KeyUnavailable
from intake.core.submission_facts import EMPTY_HEADER
from intake.outbox.addressees import Trust, recipient_hash
from intake.senders.absence_words import WITHIN_CHARS, tells_of_absence, without_dates
from intake.senders.emergencies.urgent_words import says_urgent
from intake.senders.letters import MAX_NOTE_CHARS, hash_of, words_of
from intake.senders.papers import is_picture_in_text, own_papers
from storage.crypto.sealing import unseal
from storage.documents import documents
from storage.mail import outbox
from storage.submissions import queue_items, submissions
from storage.submissions.submissions import SenderVerdict, place

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from intake.core.services import Services
    from intake.sandbox.protocol.results import MailFacts
    from storage.crypto.column_types import KeyedHash
    from storage.database import Session
    from storage.submissions.submissions import Submission

REASON = "answering_program_noticed"
# A program answers within seconds; our mailbox may be looked at a minute later.
QUICKLY = timedelta(minutes=3)
COMPARED_FOR = timedelta(days=7)
MAX_LOOKED_AT = 60
MAX_COMPARED = 10
MAX_QUICK_LETTERS = 4
# «Ja.» or an empty mail is said again by people too; so few words say something only in a row.
MIN_TELLING_WORDS = 4
# So many copies tell of a program however late they come, and so many answers of few words.
MIN_COPIES = 2


@dataclass(frozen=True)
class Noticed:
    """What speaks for an answering program: `earlier` are the ids of the same sender's mails.

    `is_repeated_note` says that it came within minutes after something of ours, in the same words
    as before, and `is_away` that these tell of absence: then it is not filed as a person's mail
    either. `copies` are the ids of those earlier mails that have the same subject and answer the
    same mails too, so that it adds nothing to them.
    """

    earlier: tuple[str, ...]
    is_repeated_note: bool
    is_away: bool
    copies: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Note:
    """A mail as it is compared: its own words, and what it answers."""

    submission: "Submission"
    header: "MailFacts"
    words: str

    @property
    def id(self) -> str:
        return self.submission.id

    @property
    def thread(self) -> tuple[str, ...]:
        return tuple(filter(None, (*self.header.references, self.header.in_reply_to)))

    @property
    def beginning(self) -> str:
        return f"{self.header.subject}\n{self.words[:WITHIN_CHARS]}"

    @property
    def is_urgent(self) -> bool:
        return says_urgent(self.beginning, self.header.importance)

    @property
    def is_away(self) -> bool:
        return tells_of_absence(self.header.subject, self.words)

    @property
    def is_telling(self) -> bool:
        is_long = len(self.words) > MAX_NOTE_CHARS
        return is_long or self.is_away or len(without_dates(self.words)) >= MIN_TELLING_WORDS

    def is_copy_of(self, other: "_Note") -> bool:
        """Tell whether two mails have the same words and subject, and answer the same mails."""
        return (self.words, self.header.subject, self.thread) == (
            other.words,
            other.header.subject,
            other.thread,
        )

    def is_but_numbers(self, other: "_Note") -> bool:
        """Tell whether two mails have the same words, if numbers and days are passed over.

        In few words the numbers say most, and no program writes a long letter.
        """
        if not self.is_telling or len(self.words) > MAX_NOTE_CHARS:
            return self.words == other.words
        return without_dates(self.words) == without_dates(other.words)


def notice(services: "Services", session: "Session", submission: "Submission") -> Noticed | None:
    """Return why a mail seems to be written by a program, or None when nothing speaks for it.

    Only mail of a proven sender that shows nothing new is looked at: strangers get two answers an
    hour, and few a day.
    """
    if submission.sender_verdict != SenderVerdict.REGISTERED:
        return None
    since = submission.received_at - COMPARED_FOR
    # This is asked of each mail, and most show something new or answer nothing of ours.
    if _shows_unknown(session, submission, since):
        return None
    earlier = submissions.of_sender(session, submission, since=since, limit=MAX_LOOKED_AT)
    note = _read(services, session, submission)
    is_quick = _is_quick(services, session, note)
    if not (is_quick or note.thread or _of_these_words(services, session, note, earlier)):
        return None
    shown = _Shown(session, [submission, *earlier])
    if shown.has_news():
        return None
    before = shown.without_news(earlier)[:MAX_COMPARED]
    likely = _of_these_words(services, session, note, before)
    known = [_read(services, session, each) for each in likely]
    copies = tuple(each.id for each in known if each.is_copy_of(note))
    ids = tuple(each.id for each in before)
    # Somebody may send the same papers once more, and be quick or short about it.
    is_sent_again = shown.is_sent_again()
    is_copied = not is_sent_again and _is_copied(services, session, note, known, is_quick=is_quick)
    may_answer = note.is_telling or not is_sent_again
    if is_copied or (may_answer and _is_answer_again(services, session, note, known)):
        is_repeated = is_quick and any(each.words == note.words for each in known)
        return Noticed(ids, is_repeated, note.is_away, copies)
    # What cannot wait is no part of a row: a person is told that it came.
    may_be_row = is_quick and not is_sent_again and not note.is_urgent
    if may_be_row and _is_row(services, session, before[:MAX_QUICK_LETTERS]):
        return Noticed(ids, is_repeated_note=False, is_away=note.is_away, copies=copies)
    return None


def _shows_unknown(session: "Session", submission: "Submission", since: "datetime") -> bool:
    """Tell whether a mail has a paper whose bytes came in no other mail of its sender."""
    papers = own_papers(documents.of_submission(session, submission.id))
    own = {row.content_hash for row in papers}
    return bool(own - documents.known_of_sender(session, submission, own, since=since))


def _is_copied(
    services: "Services",
    session: "Session",
    note: _Note,
    known: "Sequence[_Note]",
    *,
    is_quick: bool,
) -> bool:
    """Tell whether the very same mail came so quickly or so often that a program sent it."""
    copies = [each for each in known if each.is_copy_of(note)]
    if is_quick and copies:
        return note.is_telling or len(copies) >= MAX_QUICK_LETTERS
    if not note.is_telling or len(copies) < MIN_COPIES:
        return False
    # What one server delivers several times at once answers nothing.
    since = copies[MIN_COPIES - 1].submission.received_at
    return _has_left(services, session, note, since)


def _is_answer_again(
    services: "Services", session: "Session", note: _Note, known: "Sequence[_Note]"
) -> bool:
    """Tell whether a mail says the same again but for numbers, of absence or to its own receipt."""
    if note.is_away and any(map(note.is_but_numbers, known)):
        return True
    wanted = 1 if note.is_telling else MIN_COPIES
    return _has_chain(services, session, note, known, wanted)


def _has_chain(
    services: "Services", session: "Session", note: _Note, known: "Sequence[_Note]", wanted: int
) -> bool:
    """Tell whether a mail answers the receipt for the same words, and these another such receipt.

    A person thanks for several receipts in the same words; only a program thanks for that of its
    thanks.
    """
    found: set[str] = set()
    newest = [note]
    while newest and len(found) < wanted:
        answered = [
            each
            for one in newest
            for each in _receipted(services, session, one, known)
            if each.id not in {note.id, *found} and note.is_but_numbers(each)
        ]
        found |= {each.id for each in answered}
        newest = answered
    return len(found) >= wanted


class _Shown:
    """What some mails of a sender show besides their letters, by its bytes; the newest is first."""

    def __init__(self, session: "Session", mails: "Sequence[Submission]") -> None:
        rows = documents.of_submissions(session, [each.id for each in mails])
        self._papers = {each.id: own_papers(rows[each.id]) for each in mails}
        self._own = mails[0].id
        self._news: dict[str, set[KeyedHash]] = {}
        known: set[KeyedHash] = set()
        for each in reversed(mails):
            self._news[each.id] = self._hashes(each.id) - known
            known |= self._hashes(each.id)

    def has_news(self) -> bool:
        """Tell whether the newest mail shows anything that came in no earlier one."""
        return bool(self._news[self._own])

    def has_all_of(self, other: "Submission") -> bool:
        """Tell whether the newest mail shows all that another one does."""
        return self._hashes(other.id) <= self._hashes(self._own)

    def is_sent_again(self) -> bool:
        """Tell whether the newest mail shows more than pictures in its text, as a logo is."""
        return not all(map(is_picture_in_text, self._papers[self._own]))

    def without_news(self, earlier: "Iterable[Submission]") -> "list[Submission]":
        """Return the earlier mails of the proven sender that brought nothing which it has not."""
        own = self._hashes(self._own)
        return [
            each
            for each in earlier
            if each.sender_verdict == SenderVerdict.REGISTERED and self._news[each.id] <= own
        ]

    def _hashes(self, submission_id: str) -> "set[KeyedHash]":
        return {row.content_hash for row in self._papers[submission_id]}


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


def is_away(services: "Services", session: "Session", submission: "Submission") -> bool:
    """Tell whether a mail says that its writer is away: then a program may have written it."""
    return _read(services, session, submission).is_away


def _receipted(
    services: "Services", session: "Session", note: _Note, known: "Sequence[_Note]"
) -> list[_Note]:
    """Return the earlier mails whose receipts a mail answers, however long ago they came.

    Where it names no mail of ours to its sender, such as an officer's question, a reference in its
    beginning counts. Receipts to others say nothing.
    """
    hashed = recipient_hash(services, session, note.header.from_address or "", Trust.REGISTERED)
    answered = outbox.answered_by(session, list(note.thread), hashed)
    if not answered:
        beginning = note.beginning.casefold()
        return [each for each in known if each.submission.reference.casefold() in beginning]
    ids = {each for kind, each in answered if each and kind == outbox.MailKind.RECEIPT}
    here = {each.id: each for each in known}
    rows = submissions.by_ids(session, ids - here.keys()).values()
    likely = _of_these_words(services, session, note, rows)
    newest = sorted(likely, key=lambda row: row.received_at)[-MAX_COMPARED:]
    shown = _Shown(session, [note.submission, *newest])
    others = [
        _read(services, session, row)
        for row in newest
        if _is_of_sender(row, note) and shown.has_all_of(row)
    ]
    return [here[each] for each in ids if each in here] + others


def _is_of_sender(row: "Submission", note: _Note) -> bool:
    is_proven = row.sender_verdict == SenderVerdict.REGISTERED
    return is_proven and row.sender_id == note.submission.sender_id


def _is_row(services: "Services", session: "Session", before: "Sequence[Submission]") -> bool:
    """Tell whether so many mails before came as quickly after something of ours."""
    return len(before) == MAX_QUICK_LETTERS and all(
        _is_quick(services, session, _read(services, session, each)) for each in before
    )


def _of_these_words(
    services: "Services", session: "Session", note: _Note, mails: "Iterable[Submission]"
) -> "list[Submission]":
    """Return those mails that may say the same as a note but for numbers and days.

    What has another hash does not, and to open ten letters for each mail costs more than all else
    that filing does.
    """
    known_by = hash_of(services, session, note.words)
    return [each for each in mails if each.letter_hash in {None, known_by}]


def _read(services: "Services", session: "Session", submission: "Submission") -> _Note:
    """Return a mail as it is compared; its id stands for its words once it was erased."""
    try:
        key = services.keyring.open(session, submission.data_key_id)
    except KeyUnavailable:
        return _Note(submission, EMPTY_HEADER, submission.id)
    text = unseal(key, place("submissions", "body_text", submission.id), submission.body_text)
    header = submission_facts.of_mail(submission, key) or EMPTY_HEADER
    return _Note(submission, header, words_of(text))


def _is_quick(services: "Services", session: "Session", note: _Note) -> bool:
    """Tell whether something of ours left for its sender minutes before a mail came."""
    return _has_left(services, session, note, note.submission.received_at - QUICKLY)


def _has_left(services: "Services", session: "Session", note: _Note, since: "datetime") -> bool:
    """Tell whether something of ours left for its sender from a time on before a mail came."""
    if not note.header.from_address:
        return False
    hashed = recipient_hash(services, session, note.header.from_address, Trust.REGISTERED)
    return outbox.left_between(session, hashed, since, note.submission.received_at)
