"""Inspect a submission's documents and file it: the second step, recorded in one transaction.

After this step every submission is in a queue. `filing.file` decides which case and queue.
"""

import logging
from typing import TYPE_CHECKING

from intake.access.safeguards.four_eyes import MALWARE
from intake.core import audit
from intake.filing.file import file_submission
from intake.inspection.inspect_documents import Inspected, inspect_documents, scanner_version
from intake.inspection.verdicts import AMBIGUOUS_MESSAGE, Verdict
from intake.outbox.bounces import match_bounce, read_report
from intake.outbox.receipt import answer_nobody
from intake.pipeline.worker_services import MAX_ATTEMPTS, WorkerServices
from intake.queues import search_index
from intake.queues.tasks import add_task
from intake.sandbox.protocol import signs
from intake.sandbox.protocol.body_text import with_inner
from intake.sandbox.protocol.errors import JailUnavailable
from intake.sandbox.protocol.rendition import UNSEEN
from intake.sandbox.protocol.results import MAX_BODY_CHARS
from intake.senders.letters import keep_letter
from storage.audit_acts import Act
from storage.blobs.blobs import add_blobs
from storage.crypto.sealing import unseal
from storage.documents import quarantine, safe_copies
from storage.documents.documents import QUARANTINED, Document, DocumentState, of_submission
from storage.documents.safe_copies import SHOWN
from storage.errors import NotFound, StorageUnavailable
from storage.submissions import queue_items, submissions
from storage.submissions.queue_items import TaskKind
from storage.submissions.submissions import Channel, Priority, SubmissionState, place

if TYPE_CHECKING:
    from intake.core.services import Services
    from storage.crypto.keys import DataKey
    from storage.database import Session
    from storage.submissions.submissions import Submission

LOG = logging.getLogger(__name__)
# The scanner gave no answer, or one with old signatures, so the document is inspected again.
WAITING_REASONS = ("scanner_away", "scanner_error", "signatures_stale")
# Why a task waits for a person, when it is something that one of the documents tells.
DOCUMENTS_HELD = "documents_held"
# Findings that begin so say something about how a document reads, and nothing against it.
ADVICE = "advice_"


def inspect_and_file(worker_services: WorkerServices, submission_id: str) -> None:
    """Give each document its state and the submission its case and queue.

    It may be repeated, and then inspects only documents without a scanner's answer. Raises
    StorageUnavailable or JailUnavailable.
    """
    services = worker_services.services
    # Asked before the transaction, because a scanner that hangs must not block the database.
    version = scanner_version(worker_services.inspection)
    with services.database.transaction() as session:
        submission = submissions.locked(session, submission_id)
        if submission is None:
            raise NotFound
        if submission.state == SubmissionState.RECEIVED:
            return
        documents = of_submission(session, submission_id)
        is_routed = submission.state != SubmissionState.DOCUMENTS
        is_due = any(is_to_be_judged(each, version) for each in documents)
        if is_routed and not is_due and not is_held_by_advice(submission, documents):
            return
        attempt = submissions.count_attempt(session, submission_id, "inspect")
        key = services.keyring.open(session, submission.data_key_id)
    report = None
    if attempt > MAX_ATTEMPTS and not is_routed:
        inspected = _given_up(documents)
    else:
        try:
            inspected = inspect_documents(worker_services.inspection, submission, key, documents)
            if not is_routed and submission.channel == Channel.EMAIL:
                report = read_report(worker_services.jails, services, submission, key)
        except (JailUnavailable, StorageUnavailable):
            with services.database.transaction() as session:
                submissions.give_back_attempt(session, submission_id, "inspect")
            raise
    with services.database.transaction() as session:
        current = submissions.locked(session, submission_id)
        if current is None:
            raise NotFound
        _record(worker_services, session, current, key, inspected)
        _add_inner_texts(services, session, current, key, inspected)
        if current.state == SubmissionState.DOCUMENTS:
            file_submission(services, session, current, key)
            match_bounce(services, session, current, key, report)
        search_index.index_submission(services, session, current, key)


def is_to_be_judged(document: Document, version: str) -> bool:
    """Tell whether a document is new, held without a scanner's answer, or judged by old
    signatures."""
    is_held = document.state == DocumentState.HELD and document.reason in WAITING_REASONS
    is_outdated = document.state in SHOWN and document.scanner != version
    return is_held or is_outdated or document.state == DocumentState.STORED


def is_held_by_advice(submission: "Submission", documents: list[Document]) -> bool:
    """Tell whether documents are held for a second reading of their message that has none.

    Earlier releases took each flag for one, also what was noted after the first inspection.
    """
    if signs.is_ambiguous(submission.flags):
        return False
    return any(
        each.state == DocumentState.HELD and each.reason == AMBIGUOUS_MESSAGE for each in documents
    )


def _given_up(documents: list[Document]) -> Inspected:
    verdict = Verdict(DocumentState.HELD, "inspection_failed")
    return Inspected({document.id: verdict for document in documents}, "none")


def _record(
    worker_services: WorkerServices,
    session: "Session",
    submission: "Submission",
    key: "DataKey",
    inspected: Inspected,
) -> None:
    services = worker_services.services
    now = services.now()
    counts: dict[str, int] = {}
    quarantined: list[str] = []
    if inspected.found:
        add_blobs(session, key, [new.blob for new in inspected.found], now)
        for new in inspected.found:
            session.add(new.document)
        session.flush()
    documents = of_submission(session, submission.id)
    rejected = quarantine.rejected_among(session, [document.content_hash for document in documents])
    copied = safe_copies.of_documents(session, [document.id for document in documents])
    for document in documents:
        verdict = inspected.verdicts[document.id]
        if document.content_hash in rejected and verdict.state in SHOWN:
            verdict = verdict.changed(DocumentState.HELD, "rejected_before")
        if verdict.state not in SHOWN:
            safe_copies.forget(session, document.id)
        document.findings = _findings(document, verdict, is_copied=document.id in copied)
        document.state, document.reason = verdict.state, verdict.reason
        document.detected_type = verdict.detected_type
        document.page_count = verdict.page_count
        document.scanner, document.inspected_at = inspected.scanner, now
        counts[verdict.state] = counts.get(verdict.state, 0) + 1
        if verdict.state in QUARANTINED:
            quarantined.append(verdict.reason)
    audit.note(
        services,
        session,
        "system:intake",
        Act.SUBMISSION_INSPECTED,
        ("submission", submission.id),
        {"states": counts},
        at=now,
    )
    if quarantined:
        why = reason_of_task(quarantined)
        add_task(services, session, submission.id, kind=TaskKind.QUARANTINE, reason=why)
    else:
        queue_items.close_kind(session, submission.id, TaskKind.QUARANTINE, now)


def _findings(document: Document, verdict: Verdict, *, is_copied: bool) -> list[str]:
    """Return what is found now, with the advice that the making of a copy gave before.

    A copy that stays is not drawn again, so nothing else would say it, nor what the copy lacks.
    """
    is_kept = is_copied and document.state in SHOWN and verdict.state in SHOWN
    drawn = {each for each in document.findings if each.startswith(ADVICE) or each in UNSEEN}
    return sorted(drawn.union(verdict.findings) if is_kept else verdict.findings)


def _add_inner_texts(
    services: "Services",
    session: "Session",
    submission: "Submission",
    key: "DataKey",
    inspected: Inspected,
) -> None:
    """Let a letter inside a wrapping or a mail be the letter, or stand by it.

    Before filing, so that it is searched as all else. What came through the portal has a note of
    its own, typed there.
    """
    if submission.channel != Channel.EMAIL or not inspected.texts:
        return
    at = place("submissions", "body_text", submission.id)
    body = unseal(key, at, submission.body_text)
    whole = with_inner(body, inspected.texts, MAX_BODY_CHARS)
    if whole != body:
        keep_letter(services, session, submission, key, whole)


def reason_of_task(reasons: list[str]) -> str:
    """Return why documents are held as the queue says it to everybody who sees its rows.

    A document may be closed to them. So it is what a flag tells, that malware was found, or what
    lies in no document, that the scanner is awaited; the rest stands beside each document.

    >>> reason_of_task(["pdf_cannot_be_opened", "malware:EICAR"])
    'malware'
    """
    if any(MALWARE in reason for reason in reasons):
        return MALWARE
    waiting = [reason for reason in reasons if reason in WAITING_REASONS]
    return waiting[0] if len(waiting) == len(reasons) else DOCUMENTS_HELD


def hand_to_person(worker_services: WorkerServices, submission_id: str) -> None:
    """Hand a submission whose steps failed unexpectedly to a person."""
    services = worker_services.services
    with services.database.transaction() as session:
        submission = submissions.locked(session, submission_id)
        if submission is None or submission.state not in {
            SubmissionState.RECEIVED,
            SubmissionState.DOCUMENTS,
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
        kind = TaskKind.NOT_INSPECTED if was_opened else TaskKind.NOT_OPENED
        add_task(services, session, submission_id, kind=kind, reason="processing_failed")
    LOG.error("event=submission_handed_over submission=%s", submission_id)
