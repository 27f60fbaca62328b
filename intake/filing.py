"""File and route: which case, which queue, how soon; rules from values to values.

A message files itself only for a registered sender. Everything else waits in a
holding queue for a person (product.md, rule 3). «Could not tell» is an outcome.
"""

import re
from dataclasses import dataclass
from enum import StrEnum

from storage.queue_items import Queue
from storage.submissions import Priority, SenderVerdict

# Words by which a registered sender says that it cannot wait, as whole words.
URGENT_WORDS = re.compile(
    r"\b(akut|akuta|brådskande|bradskande|omedelbar|omedelbart|emergency|urgent|imminent)\b",
    re.IGNORECASE,
)


class FilingOutcome(StrEnum):
    """Where a submission belongs."""

    TO_CASE = "to_case"
    NEW_CASE = "new_case"
    HOLDING = "holding"


@dataclass(frozen=True)
class CaseNamed:
    """A case that the mail named by a reference of ours."""

    id: str
    region: str | None


@dataclass(frozen=True)
class Filing:
    """The outcome with its reason code; `case_id` only with TO_CASE."""

    outcome: FilingOutcome
    reason: str
    case_id: str | None = None


@dataclass(frozen=True)
class Route:
    """Where it waits, why, and how soon a person must look."""

    queue: Queue
    reason: str
    priority: Priority


def decide_filing(
    verdict: SenderVerdict,
    sender_region: str | None,
    named_cases: tuple[CaseNamed, ...],
    *,
    names_reference: bool,
    is_automatic: bool = False,
) -> Filing:
    """Decide the case of a message; an out-of-office reply of a coordinator opens none.

    `named_cases` are the programme's cases that its references lead to;
    `names_reference` tells that it carries a well-formed code, known or not.
    """
    if verdict is not SenderVerdict.REGISTERED:
        reason = "sender_names_a_case" if names_reference else f"sender_{verdict.value}"
        return Filing(FilingOutcome.HOLDING, reason)
    if is_automatic:
        return Filing(FilingOutcome.HOLDING, "automatic_mail")
    if not names_reference:
        return Filing(FilingOutcome.NEW_CASE, "registered_sender_new_case")
    if len(named_cases) > 1:
        return Filing(FilingOutcome.HOLDING, "names_several_cases")
    if not named_cases:
        return Filing(FilingOutcome.HOLDING, "reference_not_known")
    case = named_cases[0]
    if case.region != sender_region:
        # Another region's coordinator learns nothing and changes nothing.
        return Filing(FilingOutcome.HOLDING, "case_of_another_region")
    return Filing(FilingOutcome.TO_CASE, "registered_sender_and_reference", case.id)


def decide_route(
    verdict: SenderVerdict, filing: Filing, *, first_words: str, importance: str
) -> Route:
    """Decide the queue. `first_words` are the subject and the beginning of the text.

    Only a registered sender's words raise a message to the emergency queue; a
    stranger's «urgent» keeps its place, with unknown priority, which is never low.
    """
    is_urgent = bool(URGENT_WORDS.search(first_words)) or importance.strip().lower() == "high"
    if filing.outcome is FilingOutcome.HOLDING:
        return _hold(verdict, filing)
    if is_urgent:
        return Route(Queue.EMERGENCY, "sender_says_urgent", Priority.EMERGENCY)
    return Route(Queue.NEW_REFERRALS, filing.reason, Priority.NORMAL)


def _hold(verdict: SenderVerdict, filing: Filing) -> Route:
    is_call_back = verdict is SenderVerdict.UNVERIFIED or filing.reason in {
        "sender_names_a_case",
        "case_of_another_region",
    }
    queue = Queue.HOLDS if is_call_back else Queue.MAIL_TO_MATCH
    return Route(queue, filing.reason, Priority.UNKNOWN)
