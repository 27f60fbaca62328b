"""Provenance: note with a submission who wrote it, what its header says, and what it repeats."""

import json
from dataclasses import asdict
from typing import TYPE_CHECKING

from intake.sender import Sender, judge_sender
from storage import senders, submissions
from storage.sealing import seal
from storage.submissions import Programme, place

if TYPE_CHECKING:
    from intake.jail.answers import MailFacts
    from intake.workshop import Workshop
    from storage.database import Session
    from storage.keys import DataKey
    from storage.submissions import Submission


def note_sender(
    workshop: "Workshop",
    session: "Session",
    submission: "Submission",
    key: "DataKey",
    facts: "MailFacts | None",
) -> Sender:
    """Judge the sender and seal what the header says, in the caller's transaction.

    `facts` is None when not even the header could be read. An older mail of the same
    Message-ID is pointed at: other bytes, so both are kept.
    """
    services = workshop.services
    if facts is None:
        sender = judge_sender(
            from_address=None,
            from_defects=("header_unreadable",),
            registered_region=None,
            authentication_results=(),
            authserv_id="",
        )
    else:
        sender = judge_sender(
            from_address=facts.from_address,
            from_defects=facts.from_defects,
            registered_region=_registered_region(workshop, session, submission, facts),
            authentication_results=facts.authentication_results,
            authserv_id=services.settings.authserv_id,
        )
        written_by = facts.from_address or facts.claimed_from
        submission.sender = seal(key, place("submissions", "sender", submission.id), written_by)
        submission.subject = seal(
            key, place("submissions", "subject", submission.id), facts.subject
        )
        submission.facts = seal(
            key, place("submissions", "facts", submission.id), json.dumps(asdict(facts))
        )
        if facts.message_id:
            _link_same_message_id(workshop, session, submission, facts.message_id)
    submission.sender_verdict = sender.verdict
    submission.sender_reasons = list(sender.reasons)
    submission.region = sender.region
    return sender


def _registered_region(
    workshop: "Workshop", session: "Session", submission: "Submission", facts: "MailFacts"
) -> str | None:
    # The register is the coordinators'; in the other programme it says nothing.
    if submission.programme != Programme.REFERRALS or facts.from_address is None:
        return None
    services = workshop.services
    address_hash = services.keyring.lookup(session, "sender", facts.from_address.lower())
    entry = senders.by_address_hash(session, address_hash)
    if entry is None or not senders.is_current(entry, services.now()):
        return None
    return entry.region


def _link_same_message_id(
    workshop: "Workshop", session: "Session", submission: "Submission", message_id: str
) -> None:
    """Point at an older mail with this Message-ID; other bytes, so both are kept."""
    services = workshop.services
    submission.message_id_hash = services.keyring.lookup(session, "message-id", message_id)
    older = submissions.by_message_id(
        session, submission.message_id_hash, submission.programme, other_than=submission.id
    )
    if older is not None:
        submission.duplicate_of = older.id
