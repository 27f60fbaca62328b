"""Rank the cases that a waiting mail may belong to, each with its reasons.

The ranking is a suggestion to an officer and files nothing; its reasons are codes, which tell the
officer why. The weight of a clue is the chance that it alone is right, and clues are combined as
independent ones: 1 - (1 - a)(1 - b)…, never above 1.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from rapidfuzz import fuzz
from rapidfuzz.distance import OSA

MAX_RANKED = 5
# Below this score only the age or the region speaks for a case.
MIN_SCORE = 0.12
RECENT_DAYS = 14.0
# Subjects that are less alike than this, from 0 to 1, do not count.
LIKE_SUBJECT = 0.6
# A mistyped code has one wrong symbol or two swapped ones.
MAX_SLIPS = 1
SUBJECT_NOISE = re.compile(
    r"^(?:\s*(?:re|sv|svar|vs|aw|antw|fw|fwd|vb|wg)\s*(?:\[\d+\])?\s*:)+|\[[^\]]{0,40}\]|"
    # The subjects of our own receipts tell one case from another no more than a reply mark.
    r"\breceipt\b|message received / meddelande mottaget|"
    r"\b[0-9A-Z]{3}-[0-9A-Z]{3}-[0-9A-Z]{2}\b",
    re.IGNORECASE,
)
WORDS = re.compile(r"\w+")


class Clue(StrEnum):
    """Why a case is among the candidates."""

    LINK = "guess_sent_by_link"
    NAMED = "guess_reference_seen"
    NEARLY_NAMED = "guess_reference_nearly"
    THREAD = "guess_same_thread"
    DOCUMENTS = "guess_same_documents"
    SENDER_BELONGS = "guess_sender_belongs"
    SENDER_WROTE = "guess_sender_wrote_before"
    WAITING = "guess_answers_a_waiting_mail"
    PEOPLE = "guess_similar_people"
    SUBJECT = "guess_similar_subject"
    REGION = "guess_same_region"
    RECENT = "guess_recent"


WEIGHTS = {
    Clue.LINK: 0.99,
    Clue.NAMED: 0.9,
    Clue.THREAD: 0.85,
    Clue.DOCUMENTS: 0.8,
    Clue.NEARLY_NAMED: 0.8,
    Clue.WAITING: 0.75,
    Clue.PEOPLE: 0.7,
    Clue.SUBJECT: 0.5,
    Clue.SENDER_WROTE: 0.3,
    Clue.SENDER_BELONGS: 0.2,
    Clue.RECENT: 0.15,
    Clue.REGION: 0.05,
}


@dataclass(frozen=True)
class Candidate:
    """One case that a waiting mail may belong to, with what speaks for it.

    `is_asked_by_link` tells that an officer asked for this with a single-use link of the case.
    `slips` counts the wrong symbols between a damaged code and the nearest code of the case,
    None when there is none. `shared_documents` counts its documents that few other cases
    have. `waiting_score` is the case's score in the ranking for a waiting mail that this
    one answers. `people_likeness` is 0 to 1; `subjects` are those of its newest mails. `idle_days`
    have passed since it last had mail.
    """

    case_id: str
    is_asked_by_link: bool = False
    is_named: bool = False
    slips: int | None = None
    is_in_thread: bool = False
    shared_documents: int = 0
    has_sender: bool = False
    has_mail_of_sender: bool = False
    is_same_region: bool = False
    waiting_score: float = 0.0
    people_likeness: float = 0.0
    subjects: tuple[str, ...] = ()
    idle_days: float | None = None


@dataclass(frozen=True)
class RankingFacts:
    """A waiting mail's subject, and the cases that it may belong to."""

    subject: str
    candidates: tuple[Candidate, ...]


@dataclass(frozen=True)
class RankedCase:
    """One case with its score, 0 to 1, and the clues that led to it, the strongest first."""

    case_id: str
    score: float
    reasons: tuple[Clue, ...]


def rank_cases(facts: RankingFacts, *, limit: int = MAX_RANKED) -> tuple[RankedCase, ...]:
    """Return the likeliest cases first, at most `limit`; none when nothing speaks for any."""
    return likeliest((weighed(each, facts.subject) for each in facts.candidates), limit=limit)


def likeliest(cases: Iterable[RankedCase], *, limit: int = MAX_RANKED) -> tuple[RankedCase, ...]:
    """Return the likeliest of weighed cases, in their order."""
    likely = [each for each in cases if each.score >= MIN_SCORE]
    # A link tells what an officer asked for, so its case comes before all others.
    ranked = sorted(
        likely, key=lambda each: (Clue.LINK not in each.reasons, -each.score, each.case_id)
    )
    return tuple(ranked[:limit])


def with_people(case: RankedCase, likeness: float) -> RankedCase:
    """Add to a case that was weighed without it how alike people are, 0 to 1."""
    weight = WEIGHTS[Clue.PEOPLE] * likeness
    if weight <= 0:
        return case
    stronger = [clue for clue in case.reasons if WEIGHTS[clue] > weight]
    reasons = (*stronger, Clue.PEOPLE, *case.reasons[len(stronger) :])
    return RankedCase(case.case_id, round(1 - (1 - case.score) * (1 - weight), 4), reasons)


def subject_likeness(one: str, other: str) -> float:
    """Return how alike two subjects are, 0 to 1, without their reply marks and codes.


    >>> subject_likeness("SV: Komplettering Demo", "Komplettering Demo [K7M-4QX-9T]")
    1.0
    """
    left, right = _bare(one), _bare(other)
    return fuzz.token_sort_ratio(left, right) / 100 if left and right else 0.0


def slips_between(damaged: str, code: str) -> int:
    """Count the wrong or swapped symbols between a damaged code and a real one."""
    return int(OSA.distance(damaged, code))


def weighed(candidate: Candidate, subject: str) -> RankedCase:
    """Return a case with its score and what speaks for it."""
    strengths = _strengths(candidate, subject)
    doubt = 1.0
    for clue, strength in strengths.items():
        doubt *= 1 - WEIGHTS[clue] * strength
    reasons = sorted(strengths, key=lambda clue: -WEIGHTS[clue] * strengths[clue])
    return RankedCase(candidate.case_id, round(1 - doubt, 4), tuple(reasons))


def _strengths(candidate: Candidate, subject: str) -> dict[Clue, float]:
    """Return how strong each clue is, 0 to 1; clues of no strength are left out."""
    likeness = max((subject_likeness(subject, each) for each in candidate.subjects), default=0.0)
    idle = candidate.idle_days
    strengths = {
        Clue.LINK: float(candidate.is_asked_by_link),
        Clue.NAMED: float(candidate.is_named),
        Clue.NEARLY_NAMED: float(candidate.slips is not None and candidate.slips <= MAX_SLIPS),
        Clue.THREAD: float(candidate.is_in_thread),
        Clue.DOCUMENTS: float(candidate.shared_documents > 0),
        Clue.SENDER_BELONGS: float(candidate.has_sender),
        Clue.SENDER_WROTE: float(candidate.has_mail_of_sender),
        Clue.WAITING: candidate.waiting_score,
        Clue.PEOPLE: candidate.people_likeness,
        Clue.SUBJECT: likeness if likeness >= LIKE_SUBJECT else 0.0,
        Clue.REGION: float(candidate.is_same_region),
        Clue.RECENT: 0.0 if idle is None else max(0.0, 1 - idle / RECENT_DAYS),
    }
    return {clue: strength for clue, strength in strengths.items() if strength > 0}


def _bare(subject: str) -> str:
    return " ".join(WORDS.findall(SUBJECT_NOISE.sub(" ", subject).lower()))
