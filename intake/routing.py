"""The second step: inspect, file and route, recorded in one transaction.

After it a submission stands in a queue; nobody's submission never does.
"""

import json
import logging
from typing import TYPE_CHECKING, Any

from intake import clocks, guard
from intake.accept import unused_reference
from intake.filing import CaseNamed, Filing, FilingOutcome, decide_filing, decide_route
from intake.inspecting import Inspected, inspect_documents, scanner_version
from intake.jail.errors import JailUnavailable
from intake.receipt_decision import answer_nobody
from intake.references import find_all
from intake.staff_tasks import add_task
from intake.verdicts import Verdict
from intake.workshop import MOST_ATTEMPTS, Workshop
from storage import audit, cases, outbox, quarantine, queue_items, safe_copies, submissions
from storage.base import new_id
from storage.blobs import add_blobs
from storage.cases import Case
from storage.documents import QUARANTINED, Document, DocumentState, of_submission
from storage.errors import NotFound, StorageUnavailable
from storage.queue_items import QueueItem
from storage.safe_copies import SHOWN
from storage.sealing import unseal
from storage.submissions import Priority, SenderVerdict, SubmissionState, place

if TYPE_CHECKING:
    from intake.filing import Route
    from intake.services import Services
    from storage.database import Session
    from storage.keys import DataKey
    from storage.submissions import Submission

LOG = logging.getLogger(__name__)
FIRST_WORDS_CHARS = 400
# The scanner could not answer, or not with signatures of these days: asked again by itself.
WAITING_REASONS = ("scanner_away", "scanner_error", "signatures_stale")
# A sender may quote a whole thread; beyond this much text nobody names a case by hand.
SEARCHED_CHARS = 100_000


def inspect_and_route(workshop: Workshop, submission_id: str) -> None:
    """Give each document its state and the submission its case and queue.

    Harmless when repeated; a repetition inspects again only what no scanner had
    answered for. Raises StorageUnavailable or JailUnavailable.
    """
    services = workshop.services
    # Asked before the transaction: a scanner that hangs must not hold the database.
    version = scanner_version(workshop)
    with services.database.transaction() as session:
        submission = submissions.locked(session, submission_id)
        if submission is None:
            raise NotFound
        if submission.state == SubmissionState.RECEIVED:
            return
        documents = of_submission(session, submission_id)
        is_routed = submission.state != SubmissionState.DOCUMENTS
        if is_routed and not any(is_to_be_judged(each, version) for each in documents):
            return
        attempt = submissions.count_attempt(session, submission_id, "inspect")
        key = services.keyring.open(session, submission.data_key_id)
    if attempt > MOST_ATTEMPTS and not is_routed:
        inspected = _given_up(documents)
    else:
        try:
            inspected = inspect_documents(workshop, submission, key, documents)
        except (JailUnavailable, StorageUnavailable):
            with services.database.transaction() as session:
                submissions.give_back_attempt(session, submission_id, "inspect")
            raise
    with services.database.transaction() as session:
        current = submissions.locked(session, submission_id)
        if current is None:
            raise NotFound
        _record(workshop, session, current, key, inspected)
        if current.state == SubmissionState.DOCUMENTS:
            _file_and_route(workshop, session, current, key)


def is_to_be_judged(document: Document, version: str) -> bool:
    """Tell whether a document is new, held without a scanner's word, or judged by an older one."""
    is_held = document.state == DocumentState.HELD and document.reason in WAITING_REASONS
    is_outdated = document.state in SHOWN and document.scanner != version
    return is_held or is_outdated or document.state == DocumentState.STORED


def _given_up(documents: list[Document]) -> Inspected:
    verdict = Verdict(DocumentState.HELD, "inspection_failed")
    return Inspected({document.id: verdict for document in documents}, "none")


def _record(
    workshop: Workshop,
    session: "Session",
    submission: "Submission",
    key: "DataKey",
    inspected: Inspected,
) -> None:
    services = workshop.services
    now = services.now()
    counts: dict[str, int] = {}
    quarantined: list[str] = []
    if inspected.found:
        add_blobs(session, key, [new.blob for new in inspected.found], now)
        for new in inspected.found:
            session.add(new.document)
        session.flush()
    documents = of_submission(session, submission.id)
    rejected = quarantine.rejected_among(session, [document.sha256 for document in documents])
    for document in documents:
        verdict = inspected.verdicts[document.id]
        if document.sha256 in rejected and verdict.state in SHOWN:
            verdict = verdict.changed(DocumentState.HELD, "rejected_before")
        if verdict.state not in SHOWN:
            safe_copies.forget(session, document.id)
        document.state, document.reason = verdict.state, verdict.reason
        document.detected_type = verdict.detected_type
        document.findings = list(verdict.findings)
        document.page_count = verdict.page_count
        document.scanner, document.inspected_at = inspected.scanner, now
        counts[verdict.state] = counts.get(verdict.state, 0) + 1
        if verdict.state in QUARANTINED:
            quarantined.append(verdict.reason)
    audit.append(
        session,
        now,
        actor="system:intake",
        act="submission.inspected",
        subject=("submission", submission.id),
        detail={"states": counts},
    )
    if quarantined:
        worst = next((r for r in quarantined if r.startswith("malware:")), quarantined[0])
        add_task(services, session, submission.id, kind="quarantine", reason=worst)
    else:
        queue_items.close_kind(session, submission.id, "quarantine", now)


def _file_and_route(
    workshop: Workshop, session: "Session", submission: "Submission", key: "DataKey"
) -> None:
    services = workshop.services
    now = services.now()
    facts = _facts(submission, key)
    words = unseal(key, place("submissions", "body_text", submission.id), submission.body_text)
    verdict = SenderVerdict(submission.sender_verdict or SenderVerdict.UNKNOWN)
    filing = _filing(services, session, submission, facts, words)
    first_words = f"{facts.get('subject', '')}\n{words[:FIRST_WORDS_CHARS]}"
    route = decide_route(
        verdict, filing, first_words=first_words, importance=str(facts.get("importance", ""))
    )
    if filing.outcome is FilingOutcome.NEW_CASE:
        submission.case_id = _new_case(workshop, session, submission)
    elif filing.outcome is FilingOutcome.TO_CASE:
        submission.case_id = filing.case_id
    is_held = filing.outcome is FilingOutcome.HOLDING
    submission.state = SubmissionState.HOLDING if is_held else SubmissionState.QUEUED
    submission.filing_reason = filing.reason
    submission.priority = route.priority
    _put_into_queue(workshop, session, submission, route)
    audit.append(
        session,
        now,
        actor="system:intake",
        act="submission.held" if is_held else "submission.filed",
        subject=("submission", submission.id),
        detail={"reason": filing.reason, "queue": route.queue, "case": submission.case_id},
    )


def _filing(
    services: "Services",
    session: "Session",
    submission: "Submission",
    facts: dict[str, Any],
    words: str,
) -> Filing:
    codes = find_all(f"{facts.get('subject', '')}\n{words[:SEARCHED_CHARS]}")
    thread = [*facts.get("references", ()), facts.get("in_reply_to", "")]
    answered = outbox.answers(session, [item for item in thread if item])
    named = cases.named_by(session, codes, answered, submission.programme)
    return decide_filing(
        SenderVerdict(submission.sender_verdict or SenderVerdict.UNKNOWN),
        submission.region,
        tuple(CaseNamed(case.id, case.region) for case in named),
        names_reference=bool(codes or answered),
        is_automatic=_is_automatic(services, facts, of_submission(session, submission.id)),
    )


def _is_automatic(services: "Services", facts: dict[str, Any], documents: list[Document]) -> bool:
    if not facts:
        return False
    mail = guard.IncomingMail(
        reply_to=facts["from_address"],
        has_calendar_part=guard.has_calendar_part(document.claimed_type for document in documents),
        **{field: facts[field] for field in guard.HEADER_FIELDS},
    )
    return guard.automatic_kind(mail, services.settings.own_addresses) is not None


def _new_case(workshop: Workshop, session: "Session", submission: "Submission") -> str:
    services = workshop.services
    key = services.keyring.new_key()
    services.keyring.add(session, key, "case", services.now())
    case = Case(
        id=new_id(),
        reference=unused_reference(session),
        programme=submission.programme,
        region=submission.region,
        state="RECEIVED",
        data_key_id=key.id,
        opened_at=services.now(),
    )
    session.add(case)
    session.flush()
    audit.append(
        session,
        services.now(),
        actor="system:intake",
        act="case.opened",
        subject=("case", case.id),
        detail={"submission": submission.id},
    )
    return case.id


def _put_into_queue(
    workshop: Workshop, session: "Session", submission: "Submission", route: "Route"
) -> None:
    services = workshop.services
    # The clock runs from the arrival: a scanner's pause is not the coordinator's to bear.
    due_at = clocks.due_at(services.offices, route.queue, submission.received_at)
    queue_items.put(
        session,
        QueueItem(
            id=new_id(),
            queue=route.queue,
            kind="submission",
            submission_id=submission.id,
            programme=submission.programme,
            reason=route.reason,
            priority=route.priority,
            opened_at=services.now(),
            due_at=due_at,
        ),
    )


def _facts(submission: "Submission", key: "DataKey") -> dict[str, Any]:
    text = unseal(key, place("submissions", "facts", submission.id), submission.facts)
    facts: dict[str, Any] = json.loads(text) if text else {}
    return facts


def hand_over(workshop: Workshop, submission_id: str) -> None:
    """Put a submission before a person whose steps failed in a way that nobody foresaw."""
    services = workshop.services
    with services.database.transaction() as session:
        submission = submissions.locked(session, submission_id)
        if submission is None or submission.state in {
            SubmissionState.QUEUED,
            SubmissionState.HOLDING,
        }:
            return
        for document in of_submission(session, submission_id):
            if document.state == DocumentState.STORED:
                document.state, document.reason = DocumentState.HELD, "inspection_failed"
        was_opened = submission.state == SubmissionState.DOCUMENTS
        submission.state = SubmissionState.HOLDING
        submission.priority = Priority.UNKNOWN
        submission.filing_reason = "processing_failed"
        answer_nobody(services, session, submission, "processing_failed")
        kind = "not_inspected" if was_opened else "not_opened"
        add_task(services, session, submission_id, kind=kind, reason="processing_failed")
    LOG.error("handed over submission=%s", submission_id)
