"""File an inspected submission to its case and queue, and record why.

`rules` decides, this module does it in the caller's transaction. New cases and queue items are
made here for the rules and for officers.
"""

from datetime import date
from typing import TYPE_CHECKING

from intake.cases.consent import hold as consent_hold
from intake.cases.legal_dates import apply_legal_dates
from intake.core import audit, submission_facts
from intake.core.references import unused_reference
from intake.core.submission_facts import EMPTY_HEADER
from intake.filing.candidates import refresh_ranking
from intake.filing.duplicates import possible_duplicate_of
from intake.filing.flags import flag_misdirected
from intake.filing.mail_references import references_of
from intake.filing.misdirected import is_from_unregistered, is_to_many, says_danger_now
from intake.filing.rules import (
    AUTOMATIC,
    CALLED_BACK,
    MARKED,
    Filing,
    FilingOutcome,
    choose_queue,
    choose_queue_of_noted,
    choose_queue_of_sent,
    decide_filing,
    decide_noted,
    decide_sent,
    route_of_cash,
)
from intake.filing.urgency import first_words
from intake.outbox import responders
from intake.queues import cash_queues
from intake.queues.tasks import add_task
from intake.reference_data import promises
from intake.senders import automatic_mail, letters
from storage.audit_acts import Act
from storage.base import new_id
from storage.cases import cases, filing_acts, legal_dates, participants
from storage.cases.cases import Case, CaseState
from storage.cases.filing_acts import FilingAct, FilingActKind
from storage.cases.legal_dates import LegalDate, LegalDateKind
from storage.crypto.sealing import unseal
from storage.documents import sources
from storage.documents.documents import of_submission
from storage.mail import outbox
from storage.submissions import queue_items
from storage.submissions.queue_items import QueueItem, TaskKind
from storage.submissions.submissions import (
    Channel,
    Priority,
    Programme,
    SenderVerdict,
    SubmissionState,
    place,
)

if TYPE_CHECKING:
    from intake.core.services import Services
    from intake.core.submission_facts import ReferralForm
    from intake.filing.rules import QueueChoice
    from intake.sandbox.protocol.results import MailFacts
    from storage.crypto.keys import DataKey
    from storage.database import Session
    from storage.submissions.submissions import Submission

SYSTEM = "system:intake"


def file_submission(
    services: "Services", session: "Session", submission: "Submission", key: "DataKey"
) -> None:
    """File one submission to its case and queue, once; the caller has locked it."""
    header = submission_facts.of_mail(submission, key)
    words = unseal(key, place("submissions", "body_text", submission.id), submission.body_text)
    filing, route = _decided(services, session, submission, key, header, words)
    state_before = submission.state
    _take_to_case(services, session, submission, filing)
    is_held = filing.outcome is FilingOutcome.HOLDING
    submission.state = SubmissionState.HOLDING if is_held else SubmissionState.QUEUED
    submission.filing_reason = filing.reason
    submission.priority = route.priority
    # Whose receipt promised nothing waits no longer than its priority allows.
    is_stopped = cases.is_stopped(session, submission)
    if submission.programme == Programme.REFERRALS and not is_stopped:
        promise = promises.promise_of(services, session, submission, route.priority)
        promises.keep_promise(submission, promise)
    submission.possible_duplicate_of = possible_duplicate_of(session, submission)
    put_into_queue(services, session, submission, route)
    _hold_for_consent(services, session, submission)
    # Who writes about cash stands in no register, so nobody could be called back by it.
    if filing.reason in CALLED_BACK and submission.programme == Programme.REFERRALS:
        call = TaskKind.CALL_BACK
        add_task(services, session, submission.id, kind=call, reason=filing.reason)
    _close_repeated_note(services, session, submission)
    _call_about_emergency(services, session, submission)
    apply_legal_dates(services, session, submission)
    subject = header.subject if header is not None else ""
    flag_misdirected(services, session, submission, f"{subject}\n{words}", header)
    if is_held:
        refresh_ranking(services, session, submission, key)
    else:
        _write_down(services, session, submission, filing, state_before)
    audit.note(
        services,
        session,
        SYSTEM,
        Act.SUBMISSION_HELD if is_held else Act.SUBMISSION_FILED,
        ("submission", submission.id),
        {
            "reason": filing.reason,
            "queue": cash_queues.queue_for(session, submission, route.queue),
            "case": submission.case_id,
        },
    )


def goes_to_stopped_case(
    services: "Services",
    session: "Session",
    submission: "Submission",
    header: "MailFacts | None",
    words: str,
) -> bool:
    """Tell whether the rules will file a mail, once inspected, to a case whose person withdrew."""
    filing = _filing(services, session, submission, header, words)
    is_to_case = filing.outcome is FilingOutcome.TO_CASE
    return is_to_case and cases.has_person_withdrawn(session, filing.case_id)


def _decided(
    services: "Services",
    session: "Session",
    submission: "Submission",
    key: "DataKey",
    header: "MailFacts | None",
    words: str,
) -> "tuple[Filing, QueueChoice]":
    """Return what the rules say of a submission, by the way on which it came."""
    if submission.channel == Channel.UPLOAD:
        sent = submission_facts.of_form(submission, key)
        filing = decide_sent(sent.kind, submission.case_id)
        route = choose_queue_of_sent(filing, Priority(submission.priority))
        _note_told_day(services, session, submission, sent.form)
    elif submission.channel == Channel.PHONE:
        filing = decide_noted(submission.case_id)
        route = choose_queue_of_noted(filing, Priority(submission.priority))
    else:
        filing = _filing(services, session, submission, header, words)
        route = _route(submission, filing, header or EMPTY_HEADER, words)
    if submission.programme == Programme.CASH:
        route = route_of_cash(filing, route)
    return filing, route


def new_case(
    services: "Services", session: "Session", submission: "Submission", actor: str
) -> Case:
    """Open a case with a key of its own in a submission's programme and region."""
    key = services.keyring.new_key()
    services.keyring.add(session, key, "case", services.now())
    case = Case(
        id=new_id(),
        reference=unused_reference(session),
        programme=submission.programme,
        region=submission.region,
        state=CaseState.RECEIVED,
        data_key_id=key.id,
        opened_at=services.now(),
    )
    session.add(case)
    session.flush()
    audit.note(
        services, session, actor, Act.CASE_OPENED, ("case", case.id), {"submission": submission.id}
    )
    return case


def put_into_queue(
    services: "Services",
    session: "Session",
    submission: "Submission",
    route: "QueueChoice",
) -> bool:
    """Put the submission into a queue; False when it is in that queue already.

    A cash submission goes to the queues of cash, whatever queue is named. The due time is counted
    from the arrival: the coordinator must not wait longer because the scanner was down or
    an officer had to decide first.
    """
    queue = cash_queues.queue_for(session, submission, route.queue)
    return queue_items.put(
        session,
        QueueItem(
            id=new_id(),
            queue=queue,
            kind=TaskKind.SUBMISSION,
            submission_id=submission.id,
            programme=submission.programme,
            reason=route.reason,
            priority=route.priority,
            opened_at=services.now(),
            due_at=promises.due_in(services, session, submission, queue),
        ),
    )


def _filing(
    services: "Services",
    session: "Session",
    submission: "Submission",
    header: "MailFacts | None",
    words: str,
) -> Filing:
    return decide_filing(
        SenderVerdict(submission.sender_verdict or SenderVerdict.UNKNOWN),
        submission.region,
        references_of(services, session, submission, header or EMPTY_HEADER, words),
        sender_reasons=tuple(submission.sender_reasons),
        automatic=_automatic(services, session, submission, header),
    )


def _route(
    submission: "Submission",
    filing: Filing,
    header: "MailFacts",
    words: str,
) -> "QueueChoice":
    is_in_danger = is_from_unregistered(submission) and says_danger_now(
        f"{header.subject}\n{words}", is_to_many=is_to_many(header)
    )
    return choose_queue(
        SenderVerdict(submission.sender_verdict or SenderVerdict.UNKNOWN),
        filing,
        first_words=first_words(header.subject, words),
        importance=header.importance,
        is_in_danger=is_in_danger,
    )


def _note_told_day(
    services: "Services",
    session: "Session",
    submission: "Submission",
    form: "ReferralForm | None",
) -> None:
    """Note the end of the reflection period that a coordinator typed; a person confirms it."""
    if form is not None and form.reflection_end:
        row = legal_dates.note(
            session,
            LegalDate(
                id=new_id(),
                submission_id=submission.id,
                kind=LegalDateKind.REFLECTION_END,
                day=date.fromisoformat(form.reflection_end),
                noted_at=services.now(),
            ),
        )
        sources.add(session, row.id, sources.TYPED)


def _automatic(
    services: "Services",
    session: "Session",
    submission: "Submission",
    header: "MailFacts | None",
) -> str | None:
    """Return why a mail is filed as a machine's or as marked like one, None for a person's."""
    if header is None:
        return None
    own = services.settings.own_addresses
    rows = of_submission(session, submission.id)
    letter = letters.reader_of(services, session, submission)
    mail = automatic_mail.incoming(header, header.from_address, rows, letter=letter)
    sign = automatic_mail.machine_kind(mail, own, is_registered=True)
    if sign is not None:
        is_away = responders.is_away(services, session, submission)
        is_open = automatic_mail.may_be_a_person(mail, own, is_away=is_away)
        return MARKED[sign] if is_open else AUTOMATIC
    # A person repeats a letter too; only what tells of absence besides is filed as a program's.
    if not responders.is_away(services, session, submission):
        return None
    noticed = responders.notice(services, session, submission)
    return AUTOMATIC if noticed is not None and noticed.is_repeated_note else None


def _close_repeated_note(
    services: "Services", session: "Session", submission: "Submission"
) -> None:
    """Close the item of a program's note when the very same note waits for an officer already.

    It was filed as automatic for a sign of its header, or for words of absence that are said again.
    What brings anything to look at, however small, is never closed unseen.
    """
    if submission.filing_reason != AUTOMATIC:
        return
    if automatic_mail.has_papers(of_submission(session, submission.id)):
        return
    noticed = responders.notice(services, session, submission)
    if noticed is None or not noticed.is_repeated_note:
        return
    if responders.is_copy(session, noticed):
        queue_items.close_kind(session, submission.id, TaskKind.SUBMISSION, services.now())


def _call_about_emergency(
    services: "Services", session: "Session", submission: "Submission"
) -> None:
    """Open a task to call a registered sender whose emergency gets no receipt.

    Where no address can be written to, a task says so already.
    """
    is_registered = submission.sender_verdict == SenderVerdict.REGISTERED
    if submission.priority != Priority.EMERGENCY or not is_registered:
        return
    kept_back = [
        row.reason
        for row in outbox.of_submission(session, submission.id)
        if row.kind == outbox.MailKind.RECEIPT and row.state == outbox.MessageState.SUPPRESSED
    ]
    known = {item.kind for item in queue_items.of_submission(session, submission.id)}
    if kept_back and not known & {TaskKind.NO_USABLE_SENDER, TaskKind.RECEIPT_BOUNCED}:
        call = TaskKind.CALL_SENDER
        add_task(services, session, submission.id, kind=call, reason=kept_back[0])


def _take_to_case(
    services: "Services", session: "Session", submission: "Submission", filing: Filing
) -> None:
    if filing.outcome is FilingOutcome.NEW_CASE:
        submission.case_id = new_case(services, session, submission, SYSTEM).id
        if submission.sender_id is not None:
            participants.add(session, submission.case_id, submission.sender_id, services.now())
    elif filing.outcome is FilingOutcome.TO_CASE and filing.case_id is not None:
        # Locked, so that a merge at the same time either moves this mail too or is seen here.
        (case,) = cases.locked(session, [filing.case_id])
        submission.case_id = cases.resolved(session, case).id


def _hold_for_consent(services: "Services", session: "Session", submission: "Submission") -> None:
    """Hold the case that a submission is in, or let it go on, as its consent is known now."""
    case = cases.by_id(session, submission.case_id)
    if case is not None:
        consent_hold.refresh(services, session, case)


def _write_down(
    services: "Services",
    session: "Session",
    submission: "Submission",
    filing: Filing,
    state_before: str,
) -> None:
    is_new = filing.outcome is FilingOutcome.NEW_CASE
    filing_acts.add(
        session,
        FilingAct(
            id=new_id(),
            submission_id=submission.id,
            batch=new_id(),
            act=FilingActKind.OPENED_BY_RULE if is_new else FilingActKind.FILED_BY_RULE,
            to_case_id=submission.case_id,
            state_before=state_before,
            reasons=[filing.reason],
            at=services.now(),
        ),
    )
