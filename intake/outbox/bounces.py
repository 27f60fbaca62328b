"""Match delivery reports to mail of ours that came back, and record what follows.

A forged report must not stop mail to a coordinator (threat M7). So a report is believed only when
it came to the return path that we signed for one mail (`intake.outbox.return_paths`), and when it
names the address to which that mail went. A Message-ID of ours proves nothing: everybody to whom
the mail was forwarded has it. Any other report waits for a person like other mail; one that names
a mail of ours without a signed path is noted in the audit. Where no address for replies is set, no
mail has a return path, and no report is believed.
"""

import logging
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

from intake.core import audit, submission_facts
from intake.outbox import return_paths, stop_list
from intake.queues import gaps
from intake.queues.tasks import add_task
from intake.sandbox.protocol.errors import JailError, JailUnavailable
from storage.audit_acts import Act
from storage.blobs.blobs import BlobRow
from storage.crypto.sealing import unseal
from storage.mail import outbox
from storage.submissions import queue_items, submissions
from storage.submissions.queue_items import TaskKind
from storage.submissions.submissions import Outcome, SubmissionState, place

if TYPE_CHECKING:
    from intake.core.services import Services
    from intake.sandbox.protocol.results import DeliveryReport, MailFacts, ReportedRecipient
    from storage.crypto.keys import DataKey
    from storage.database import Session
    from storage.mail.outbox import OutboxMessage
    from storage.submissions.submissions import Submission

LOG = logging.getLogger(__name__)
TASK = TaskKind.RECEIPT_BOUNCED
# The local parts under which mail servers report (RFC 5321 §4.5.1 and common use).
REPORTERS = ("mailer-daemon", "postmaster")


class BounceOutcome(StrEnum):
    """What a possible report turned out to be."""

    NO_REPORT = "no_report"
    NOT_OURS = "not_ours"
    NOT_SIGNED = "report_not_signed"
    OTHER_RECIPIENT = "other_recipient"
    ARRIVED = "arrived"
    DELAYED = "delayed"
    SOFT = "bounce_soft"
    HARD = "bounce_hard"
    UNCLEAR = "bounce_unclear"


# The items about the report itself, which a match closes; those about held documents stay open.
OWN_ITEMS = (TaskKind.SUBMISSION, TaskKind.NO_USABLE_SENDER)
# After these outcomes the recipient has not read what we wrote, so somebody must call.
CAME_BACK = frozenset({BounceOutcome.SOFT, BounceOutcome.HARD, BounceOutcome.UNCLEAR})


class ReportReader(Protocol):
    """The part of the sandbox that reads delivery reports."""

    def read_delivery_report(self, raw: bytes) -> "DeliveryReport":
        """Read a raw message as a delivery report. Raises JailError."""


def may_be_report(facts: "MailFacts") -> bool:
    """Tell from a header whether a message could be a delivery report, without parsing it.

    Only the form of RFC 3464, the null path or a mail server's name make it one, so that a bounce
    which a person forwards counts as that person's mail. An absence note with the null path passes
    here and matches nothing later, because it returns no header of ours.
    """
    if facts.content_type == "multipart/report" or facts.report_type:
        return facts.report_type in {"", "delivery-status"}
    written_by = (facts.from_address or facts.claimed_from).lower()
    is_reporter = any(name in written_by for name in REPORTERS)
    return is_reporter or facts.return_path == "<>"


def read_report(
    jails: ReportReader, services: "Services", submission: "Submission", key: "DataKey"
) -> "DeliveryReport | None":
    """Have the jail read a submission as a report; None when it is none or cannot be read.

    Call it outside any transaction. A report on which the jail fails waits for a person like any
    other mail. Raises StorageUnavailable and JailUnavailable.
    """
    facts = submission_facts.of_mail(submission, key)
    if facts is None or not may_be_report(facts):
        return None
    with services.database.reading() as session:
        blob = session.get_one(BlobRow, submission.raw_blob_id)
    try:
        return jails.read_delivery_report(services.blobs.read_whole(key, blob))
    except JailUnavailable:
        raise
    except JailError as error:
        LOG.warning("event=report_not_read submission=%s reason=%s", submission.id, error.reason)
        return None


def judge_recipient(recipient: "ReportedRecipient") -> BounceOutcome:
    """Return what a report says of one recipient, by its action and status (RFC 3464 §2.3)."""
    if recipient.action == "delayed":
        return BounceOutcome.DELAYED
    if recipient.action in {"delivered", "relayed", "expanded"}:
        return BounceOutcome.ARRIVED
    if recipient.status.startswith("5."):
        return BounceOutcome.HARD
    if recipient.status.startswith("4.") and recipient.action == "failed":
        return BounceOutcome.SOFT
    return BounceOutcome.UNCLEAR


def match_bounce(
    services: "Services",
    session: "Session",
    submission: "Submission",
    key: "DataKey",
    report: "DeliveryReport | None",
) -> BounceOutcome:
    """Match a report to what we sent and record what follows, in the caller's transaction.

    `key` is that of the submission that is the report. The item of a matched report closes; the
    task is opened for the submission whose mail came back. It may be repeated.
    """
    if report is None or not report.recipients:
        return BounceOutcome.NO_REPORT
    facts = submission_facts.of_mail(submission, key)
    row = return_paths.message_of(services, session, facts.to_addresses if facts else ())
    if row is None:
        return _note_unsigned(services, session, submission, report)
    for recipient in report.recipients:
        address = _address_of(services, session, row, recipient)
        if address is not None:
            outcome = judge_recipient(recipient)
            _record(services, session, submission, row, outcome, recipient.status)
            if outcome is BounceOutcome.HARD and row.submission_id is not None:
                stop_list.stop_address(services, session, address, outcome, row.submission_id)
            return outcome
    return BounceOutcome.OTHER_RECIPIENT


def _note_unsigned(
    services: "Services", session: "Session", submission: "Submission", report: "DeliveryReport"
) -> BounceOutcome:
    """Note a report that names a mail of ours and proves nothing; change nothing else."""
    named = outbox.by_message_ids(session, list(report.returned_ids))
    if not named:
        return BounceOutcome.NOT_OURS
    about = named[0].submission_id
    original = submissions.by_id(session, about) if about is not None else None
    audit.note(
        services,
        session,
        "system:intake",
        Act.REPORT_NOT_BELIEVED,
        ("submission", submission.id),
        {
            "kind": named[0].kind,
            "reason": BounceOutcome.NOT_SIGNED,
            "reference": original.reference if original is not None else "",
        },
    )
    return BounceOutcome.NOT_SIGNED


def _address_of(
    services: "Services", session: "Session", row: "OutboxMessage", recipient: "ReportedRecipient"
) -> str | None:
    """Return the reported address to which a message of ours went, or None.

    The address itself is compared: under the hash, several spellings count as one stranger.
    """
    key = services.keyring.open(session, row.data_key_id)
    written_to = unseal(key, place("outbox", "recipient", row.id), row.recipient)
    for address in (recipient.original, recipient.final):
        if address and address.lower() == written_to.lower():
            return address
    return None


def _record(
    services: "Services",
    session: "Session",
    bounce: "Submission",
    row: "OutboxMessage",
    outcome: BounceOutcome,
    status: str,
) -> None:
    now, about = services.now(), row.submission_id
    original = submissions.by_id(session, about) if about is not None else None
    reference = original.reference if original is not None else ""
    has_come_back = outcome in CAME_BACK and outbox.note_bounce(session, row.id, status, now)
    if has_come_back and about is not None:
        add_task(services, session, about, kind=TASK, reason=outcome)
    warned = queue_items.by_id(session, row.task_id) if row.task_id is not None else None
    if has_come_back and warned is not None:
        gaps.open_gap(services, session, warned, "warning_not_mailed")
    links = [(Act.SUBMISSION_MATCHED, bounce.id, reference)]
    if about is not None:
        # An invitation that came back stands on the page of its account.
        links.insert(0, (Act.RECEIPT_REPORTED, about, bounce.reference))
    for act, subject_id, other in links:
        audit.note(
            services,
            session,
            "system:intake",
            act,
            ("submission", subject_id),
            {"kind": row.kind, "reason": outcome, "status": status, "reference": other},
            at=now,
        )
    # It is done with: nobody waits for an answer, and the numbers count no referral.
    bounce.filing_reason = "bounce_of_ours"
    bounce.state, bounce.outcome = SubmissionState.CLOSED, Outcome.AUTOMATIC
    bounce.decided_at = now
    for kind in OWN_ITEMS:
        queue_items.close_kind(session, bounce.id, kind, now)
