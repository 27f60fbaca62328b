"""Decide to which case and queue a submission goes, and how soon a person must look.

A mail is filed by rule only under three conditions: a registered sender who belongs to the case,
an authentic mail, and a reference that proves itself. Everything else waits in a holding queue
for a person (requirement 118).
"""

from dataclasses import dataclass, replace
from enum import StrEnum

from intake.senders.emergencies.urgent_words import says_urgent
from storage.submissions.queue_items import Queue
from storage.submissions.submissions import Priority, SenderVerdict

# The reasons of a verdict for an address or name that resembles a registered one.
LOOKALIKE = "look_alike"
LOOKALIKE_PREFIX = "looks_like_"
CALL_BACK = "call_back"
CONTINUES = ("reference_damaged", "continues_a_thread", "looks_like_a_reply")
AUTOMATIC = "automatic_mail"
# {sign of a machine: why a mail is held that a person may have written all the same}
MARKED = {
    "mailing_list": "marked_as_list_mail",
    "bulk_precedence": "marked_as_bulk_mail",
    "auto_response_suppress": "marked_as_unanswered",
    "calendar_mail": "marked_as_calendar_mail",
    "auto_submitted": "marked_as_sent_by_itself",
    "answering_program": "marked_as_answer_of_program",
    "null_return_path": "marked_without_return_path",
    "robot_address": "marked_as_unread_address",
}
# Held, though a registered coordinator wrote it as an answer: it stands with the other replies.
REPLIES = frozenset({"continues_a_thread", "looks_like_a_reply", "thread_of_somebody_else"})
# Held for a doubt about the case and not about the sender, whose «urgent» still counts.
STILL_URGENT = frozenset({*CONTINUES, "reference_waits_itself", "thread_of_somebody_else"})
# Reasons after which an officer must call the sender on the number in the register.
CALLED_BACK = frozenset({"sender_names_a_case", "sender_looks_alike"})


class FilingOutcome(StrEnum):
    """Whether a submission goes to a case, opens a new one, or is held for a person."""

    TO_CASE = "to_case"
    NEW_CASE = "new_case"
    HOLDING = "holding"


@dataclass(frozen=True)
class CaseNamed:
    """A case that the mail's references lead to, merges followed.

    `has_sender` tells that the sender belongs to it, `is_proven` that at least one of the
    references proves itself: a code with its check symbol, a tag of ours, or the Message-ID of a
    mail that we wrote to this sender.
    """

    id: str
    region: str | None
    has_sender: bool
    is_proven: bool = True
    is_closed: bool = False


@dataclass(frozen=True)
class MailReferences:
    """All that a mail says about which case it belongs to.

    `has_reference` tells of any reference, known or not; `waiting_ids` are the mails it leads
    to that nobody has filed yet, so that their case is not known. `continues` is one of
    CONTINUES where a mail without a reference still continues something older, else empty.
    """

    cases: tuple[CaseNamed, ...] = ()
    has_reference: bool = False
    waiting_ids: tuple[str, ...] = ()
    continues: str = ""


@dataclass(frozen=True)
class Filing:
    """The outcome with its reason as a code; `case_id` is only set with TO_CASE."""

    outcome: FilingOutcome
    reason: str
    case_id: str | None = None


@dataclass(frozen=True)
class QueueChoice:
    """The queue in which a submission waits, the reason as a code, and the priority."""

    queue: Queue
    reason: str
    priority: Priority


def decide_filing(
    verdict: SenderVerdict,
    sender_region: str | None,
    references: MailReferences,
    *,
    sender_reasons: tuple[str, ...] = (),
    automatic: str | None = None,
) -> Filing:
    """Decide the case of a mail; an out-of-office reply of a coordinator opens none.

    `references` holds cases of the mail's own programme only. `sender_reasons` are the verdict's.
    `automatic` is AUTOMATIC or one of MARKED for mail that looks like a machine's.
    """
    if verdict is not SenderVerdict.REGISTERED:
        return _hold_unproven(verdict, references, sender_reasons)
    if automatic is not None:
        return _hold(automatic)
    if not references.has_reference:
        if references.continues:
            return _hold(references.continues)
        return Filing(FilingOutcome.NEW_CASE, "registered_sender_new_case")
    if len(references.cases) > 1:
        return _hold("names_several_cases")
    if references.waiting_ids:
        return _hold("reference_waits_itself")
    if not references.cases:
        return _hold("reference_not_known")
    return _file_to(references.cases[0], sender_region, references)


def _hold_unproven(
    verdict: SenderVerdict, references: MailReferences, sender_reasons: tuple[str, ...]
) -> Filing:
    if references.has_reference:
        # The reason is the same whether the case exists or not, so that nobody learns that.
        return _hold("sender_names_a_case")
    is_lookalike = any(
        reason == LOOKALIKE or reason.startswith(LOOKALIKE_PREFIX) for reason in sender_reasons
    )
    return _hold("sender_looks_alike" if is_lookalike else f"sender_{verdict.value}")


def _file_to(case: CaseNamed, sender_region: str | None, references: MailReferences) -> Filing:
    """File to the one named case when the sender belongs to it and the reference proves itself."""
    if not case.has_sender:
        # A coordinator of another region learns nothing of the case and changes nothing.
        is_colleague = sender_region is not None and case.region == sender_region
        return _hold("sender_not_of_this_case" if is_colleague else "case_of_another_region")
    if references.continues == "reference_damaged":
        # One code is right and one is not: nobody can tell which was meant.
        return _hold("reference_damaged")
    if not case.is_proven:
        return _hold("thread_of_somebody_else")
    if case.is_closed:
        return _hold("case_is_closed")
    return Filing(FilingOutcome.TO_CASE, "registered_sender_and_reference", case.id)


def choose_queue(
    verdict: SenderVerdict,
    filing: Filing,
    *,
    first_words: str,
    importance: str,
    is_in_danger: bool = False,
) -> QueueChoice:
    """Decide the queue of a mail. `first_words` are those of `urgency`.

    Only a registered sender's «urgent» moves a mail to the emergency queue; a stranger's mail
    keeps its queue, with unknown priority, which is never low. It is an emergency there when its
    words say that somebody is in danger now (`is_in_danger`).
    """
    is_urgent = says_urgent(first_words, importance)
    is_heard = filing.reason in STILL_URGENT or filing.reason in MARKED.values()
    if filing.outcome is FilingOutcome.HOLDING and not (
        is_urgent and is_heard and verdict is SenderVerdict.REGISTERED
    ):
        waits = _holding_queue(verdict, filing)
        return replace(waits, priority=Priority.EMERGENCY) if is_in_danger else waits
    if is_urgent:
        return QueueChoice(Queue.EMERGENCY, "sender_says_urgent", Priority.EMERGENCY)
    return QueueChoice(Queue.NEW_REFERRALS, filing.reason, Priority.NORMAL)


def _hold(reason: str) -> Filing:
    return Filing(FilingOutcome.HOLDING, reason)


def _holding_queue(verdict: SenderVerdict, filing: Filing) -> QueueChoice:
    if filing.reason in CALLED_BACK:
        return QueueChoice(Queue.ON_HOLD, CALL_BACK, Priority.UNKNOWN)
    if filing.reason in REPLIES and verdict is SenderVerdict.REGISTERED:
        return QueueChoice(Queue.REPLIES, filing.reason, Priority.UNKNOWN)
    is_held = verdict is SenderVerdict.UNVERIFIED or filing.reason == "case_of_another_region"
    queue = Queue.ON_HOLD if is_held else Queue.MAIL_TO_MATCH
    return QueueChoice(queue, filing.reason, Priority.UNKNOWN)


def decide_sent(kind: str, case_id: str | None) -> Filing:
    """Decide the case of what came through the portal: the one that the coordinator named.

    `kind` is the draft's: a consultation is anonymous and opens no case.
    """
    if kind == "consultation":
        return _hold("anonymous_consultation")
    if kind == "link":
        # The link holder is not known, so a person confirms the case that it was made for.
        return _hold("sent_by_link")
    if case_id is not None:
        return Filing(FilingOutcome.TO_CASE, "sent_to_her_case", case_id)
    return Filing(FilingOutcome.NEW_CASE, "sent_by_coordinator")


def choose_queue_of_sent(filing: Filing, priority: Priority) -> QueueChoice:
    """Decide the queue of what came through the portal; a coordinator's «urgent» counts."""
    if filing.reason == "sent_by_link":
        return QueueChoice(Queue.MAIL_TO_MATCH, filing.reason, priority)
    if filing.outcome is FilingOutcome.HOLDING:
        return QueueChoice(Queue.ENQUIRIES, filing.reason, priority)
    if priority is Priority.EMERGENCY:
        return QueueChoice(Queue.EMERGENCY, "sender_says_urgent", priority)
    return QueueChoice(Queue.NEW_REFERRALS, filing.reason, priority)


def decide_noted(case_id: str | None) -> Filing:
    """Decide the case of a phone note: the one that the officer named, else it is held.

    A caller proves nothing, so a call opens no case by itself.
    """
    if case_id is not None:
        return Filing(FilingOutcome.TO_CASE, "noted_for_this_case", case_id)
    return Filing(FilingOutcome.HOLDING, "noted_by_phone")


def choose_queue_of_noted(filing: Filing, priority: Priority) -> QueueChoice:
    """Decide the queue of a phone note; the priority is the one that the officer gave."""
    if priority is Priority.EMERGENCY:
        return QueueChoice(Queue.EMERGENCY, "officer_says_urgent", priority)
    is_held = filing.outcome is FilingOutcome.HOLDING
    queue = Queue.MAIL_TO_MATCH if is_held else Queue.NEW_REFERRALS
    return QueueChoice(queue, filing.reason, priority)


def route_of_cash(filing: Filing, route: QueueChoice) -> QueueChoice:
    """Return where something about cash goes that the rules of referrals sent to `route`.

    It is an enquiry until a decision is found in it (`queues.cash_queues`). Nobody who writes about
    cash stands in the register, so no doubt about the sender holds it.
    """
    if route.queue is Queue.EMERGENCY:
        return route
    return QueueChoice(Queue.ENQUIRIES, filing.reason, route.priority)
