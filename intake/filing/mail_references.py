"""Find which cases a mail's references lead to, and whether its sender belongs to them.

References are codes in subject and text, tags in the addresses that it went to, and our
Message-IDs in its thread. `rules` decides what follows.
"""

from typing import TYPE_CHECKING

from intake.access import coordinator_reach
from intake.core.errors import ReferenceInvalid
from intake.core.references import IN_TEXT, find_all, normalise
from intake.filing.rules import CaseNamed, MailReferences
from intake.outbox import threads
from intake.senders.automatic_mail import REPLY
from storage.cases import cases
from storage.cases.cases import CaseState
from storage.mail import senders
from storage.submissions import submissions

if TYPE_CHECKING:
    from collections.abc import Iterable

    from intake.core.services import Services
    from intake.sandbox.protocol.results import MailFacts
    from storage.database import Session
    from storage.submissions.submissions import Submission

# Mails may quote a whole thread; nobody names a case by hand further down than this.
SEARCHED_CHARS = 100_000
HYPHENS = "-\u2010\u2011\u2012\u2013\u2014\u2015"


def references_of(
    services: "Services",
    session: "Session",
    submission: "Submission",
    facts: "MailFacts",
    words: str,
) -> MailReferences:
    """Return the cases and waiting mails that a mail names; `words` are its text."""
    text = searched_text(facts, words)
    codes, damaged = find_all(text), damaged_in(text)
    thread = thread_of(facts)
    tags = threads.tags_in(facts.to_addresses, services.settings.reply_address)
    tagged = threads.proven_by_tags(services, session, tags, submission.programme)
    answered = threads.answered(session, thread)
    proven = [*tagged, *_answered_to_sender(services, session, submission, thread)]
    found = _cases(session, submission, codes, {*answered, *tagged}, proven)
    named = _named_mail(session, codes, {*answered, *tagged}, submission)
    return MailReferences(
        cases=found,
        has_reference=bool(codes or tags or answered),
        waiting_ids=tuple(mail.id for mail in named if mail.case_id is None),
        continues=_continues(services, session, submission, facts, is_damaged=bool(damaged)),
    )


def searched_text(facts: "MailFacts", words: str) -> str:
    """Return the text in which codes are searched."""
    return f"{facts.subject}\n{words[:SEARCHED_CHARS]}"


def thread_of(facts: "MailFacts") -> list[str]:
    """Return the Message-IDs that a mail says it follows."""
    return [item for item in (*facts.references, facts.in_reply_to) if item]


def damaged_in(text: str, *, limit: int = 20) -> list[str]:
    """Return texts that look like our codes but have a wrong check symbol, in upper case.

    Only the form with both hyphens counts, and digits alone do not, because they are telephone
    numbers.


    >>> damaged_in("SV: Receipt K7M-4QX-9S, ring 943-222-33")
    ['K7M-4QX-9S']
    """
    found: dict[str, None] = {}
    for match in IN_TEXT.finditer(text):
        written = match.group()
        symbols = "".join(match.groups())
        is_written_out = sum(written.count(hyphen) for hyphen in HYPHENS) == 2
        is_code_like = symbols.isupper() or (not symbols.isalpha() and not symbols.isdigit())
        if not (is_written_out and is_code_like):
            continue
        try:
            normalise(written)
        except ReferenceInvalid:
            found["-".join(match.groups()).upper()] = None
        if len(found) == limit:
            break
    return list(found)


def stands_for(session: "Session", submission: "Submission") -> frozenset[str]:
    """Return the ids of register entries on whose behalf a mail's sender may write."""
    if submission.sender_id is None:
        return frozenset()
    return senders.stand_ins(session, submission.sender_id)


def earlier_in_thread(
    services: "Services", session: "Session", submission: "Submission", message_ids: "Iterable[str]"
) -> "list[Submission]":
    """Return the other mails of the programme to which a thread's Message-IDs belong."""
    hashes = [services.keyring.lookup(session, "message-id", item) for item in message_ids]
    found = cases.in_thread(session, hashes, submission.programme)
    return [mail for mail in found if mail.id != submission.id]


def _answered_to_sender(
    services: "Services", session: "Session", submission: "Submission", thread: list[str]
) -> list[str]:
    if submission.sender_id is None or not thread:
        return []
    addresses = threads.addresses_of(services, session, submission.sender_id)
    return threads.answered_to(services, session, thread, addresses)


def _cases(
    session: "Session",
    submission: "Submission",
    codes: list[str],
    named_ids: set[str],
    proven_ids: list[str],
) -> tuple[CaseNamed, ...]:
    """Return the cases that are named and not erased, each once, merges followed."""
    rows = cases.named_by(session, codes, list(named_ids), submission.programme)
    by_proof = cases.named_by(session, codes, proven_ids, submission.programme)
    proven = {cases.resolved(session, case).id for case in by_proof}
    resolved = {case.id: case for case in (cases.resolved(session, row) for row in rows)}
    alive = cases.open_key_ids(session, list(resolved))
    own = stands_for(session, submission)
    return tuple(
        CaseNamed(
            id=case.id,
            region=case.region,
            has_sender=bool(own & coordinator_reach.entries_of_case(session, case)),
            is_proven=case.id in proven,
            is_closed=case.state == CaseState.CLOSED,
        )
        for case in resolved.values()
        if case.id in alive
    )


def _named_mail(
    session: "Session", codes: list[str], named_ids: set[str], submission: "Submission"
) -> "list[Submission]":
    by_code = [submissions.by_reference(session, code) for code in codes]
    mails = [mail for mail in by_code if mail is not None]
    mails += submissions.by_ids(session, named_ids).values()
    return [
        mail
        for mail in mails
        if mail.id != submission.id and mail.programme == submission.programme
    ]


def _continues(
    services: "Services",
    session: "Session",
    submission: "Submission",
    facts: "MailFacts",
    *,
    is_damaged: bool,
) -> str:
    if is_damaged:
        return "reference_damaged"
    if earlier_in_thread(services, session, submission, thread_of(facts)):
        return "continues_a_thread"
    return "looks_like_a_reply" if REPLY.match(facts.subject) else ""
