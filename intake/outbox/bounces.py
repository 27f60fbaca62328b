"""Bounces: mail of ours that came back, matched to what we sent and to nothing else.

A forged report must not silence a coordinator. So one is believed only when the header that it
gives back carries a Message-ID of our outbox, which nobody can guess (a keyed hash), and when it
names the very address to which that message went. All else stays before a person as it is.
"""

import json
import logging
from collections.abc import Mapping
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Protocol

from intake.outbox import stop_list
from intake.queues.tasks import add_task
from intake.sandbox.protocol.errors import JailError, JailUnavailable
from storage import audit
from storage.audit_acts import Act
from storage.blobs.blobs import BlobRow
from storage.crypto.sealing import unseal
from storage.mail import outbox
from storage.submissions import queue_items, submissions
from storage.submissions.submissions import place

if TYPE_CHECKING:
    from intake.core.services import Services
    from intake.sandbox.protocol.results import DeliveryReport, ReportedRecipient
    from storage.crypto.keys import DataKey
    from storage.database import Session
    from storage.mail.outbox import OutboxMessage
    from storage.submissions.submissions import Submission

LOG = logging.getLogger(__name__)
TASK = "receipt_bounced"
# Each trust counts its recipients apart, so an address of our outbox has one of two hashes.
TRUSTS = ("registered", "unverified")
# Under these names mail servers report (RFC 5321 §4.5.1 and common use), some without a domain.
REPORTERS = ("mailer-daemon", "postmaster")
Facts = Mapping[str, Any]  # Any: what the jail found in a header, as JSON


class BounceOutcome(StrEnum):
    """What a message turned out to be, and so what was done about it."""

    NO_REPORT = "no_report"
    NOT_OURS = "not_ours"
    OTHER_RECIPIENT = "other_recipient"
    ARRIVED = "arrived"
    DELAYED = "delayed"
    SOFT = "bounce_soft"
    HARD = "bounce_hard"
    UNCLEAR = "bounce_unclear"


UNMATCHED = frozenset(
    {BounceOutcome.NO_REPORT, BounceOutcome.NOT_OURS, BounceOutcome.OTHER_RECIPIENT}
)
# What waits for a person about the report itself; documents that are held still wait.
OWN_ITEMS = ("submission", "no_usable_sender")
# These tell that the sender knows nothing of what we wrote, so somebody must call.
CAME_BACK = frozenset({BounceOutcome.SOFT, BounceOutcome.HARD, BounceOutcome.UNCLEAR})


class ReportReader(Protocol):
    """The jail, as far as this needs it."""

    def read_delivery_report(self, raw: bytes) -> "DeliveryReport":
        """Read a raw message as a delivery report. Raises JailError."""


def may_be_report(facts: Facts) -> bool:
    """Tell from a header whether a message could be a delivery report; costs no parsing.

    A person who forwards a bounce to us is a person: only the form of RFC 3464, or the null path,
    or a mail server's own name make a report. An absence note sent from the null path passes here
    and is stopped later, because it gives no header of ours back.
    """
    if facts["content_type"] == "multipart/report" or facts["report_type"]:
        return facts["report_type"] in {"", "delivery-status"}
    written_by = str(facts["from_address"] or facts["claimed_from"]).lower()
    is_reporter = any(name in written_by for name in REPORTERS)
    return is_reporter or facts["return_path"] == "<>"


def read_report(
    jails: ReportReader, services: "Services", submission: "Submission", key: "DataKey"
) -> "DeliveryReport | None":
    """Have the jail read a submission as a report; None for what is none or cannot be read.

    Stands outside any transaction. Raises StorageUnavailable and JailUnavailable; a report on
    which the jail fails stays before a person like any other mail.
    """
    text = unseal(key, place("submissions", "facts", submission.id), submission.facts)
    if not text or not may_be_report(json.loads(text)):
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


def judge(recipient: "ReportedRecipient") -> BounceOutcome:
    """Return what a report says of one recipient; the status goes before the tone."""
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
    report: "DeliveryReport | None",
) -> BounceOutcome:
    """Match a report to what we sent and record what follows, in the caller's transaction.

    A matched report needs nobody any more: its own item closes, and what is to be done stands at
    the submission whose receipt came back. Harmless when repeated.
    """
    if report is None or not report.recipients:
        return BounceOutcome.NO_REPORT
    sent = outbox.by_message_ids(session, list(report.returned_ids))
    if not sent:
        return BounceOutcome.NOT_OURS
    for row in sent:
        for recipient in report.recipients:
            address = _address_of(services, session, row, recipient)
            if address is not None:
                outcome = judge(recipient)
                _record(services, session, submission, row, outcome, recipient.status)
                if outcome is BounceOutcome.HARD:
                    stop_list.stop(services, session, address, outcome, row.submission_id)
                return outcome
    return BounceOutcome.OTHER_RECIPIENT


def _address_of(
    services: "Services", session: "Session", row: "OutboxMessage", recipient: "ReportedRecipient"
) -> str | None:
    """Return the reported address to which a message of ours went, or None."""
    for address in (recipient.original, recipient.final):
        hashes = [
            services.keyring.lookup(session, f"recipient:{trust}", address) for trust in TRUSTS
        ]
        if address and row.recipient_hash in hashes:
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
    now = services.now()
    original = submissions.by_id(session, row.submission_id)
    reference = original.reference if original is not None else ""
    if outcome in CAME_BACK and outbox.note_bounce(session, row.id, status, now):
        add_task(services, session, row.submission_id, kind=TASK, reason=outcome)
    links = (
        (Act.RECEIPT_REPORTED, row.submission_id, bounce.reference),
        (Act.SUBMISSION_MATCHED, bounce.id, reference),
    )
    for act, subject_id, other in links:
        audit.append(
            session,
            now,
            actor="system:intake",
            act=act,
            subject=("submission", subject_id),
            detail={"kind": row.kind, "reason": outcome, "status": status, "reference": other},
        )
    bounce.filing_reason = "bounce_of_ours"
    for kind in OWN_ITEMS:
        queue_items.close_kind(session, bounce.id, kind, now)
