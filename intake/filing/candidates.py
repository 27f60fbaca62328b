"""Find the cases that a waiting mail may belong to, and store them ranked.

Queries collect the clues that `ranking` weighs. Sealed subjects are opened for the most likely
cases only, and never leave this process. Only officers see the result, and never a sender.

That people are alike may be known from closed documents only (threat P10). So a case is stored as
it stands without that, beside its likenesses; `intake.triage.seen_cases` adds those that its reader
may see.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import TYPE_CHECKING

from intake.access import derived
from intake.core import submission_facts
from intake.core.errors import KeyUnavailable
from intake.filing.duplicates import shared_with_cases
from intake.filing.mail_references import (
    damaged_in,
    earlier_in_thread,
    references_of,
    searched_text,
    stands_for,
    thread_of,
)
from intake.filing.ranking import (
    Candidate,
    Clue,
    RankedCase,
    RankingFacts,
    rank_cases,
    slips_between,
    weighed,
    with_people,
)
from storage.cases import cases, filing_acts, participants
from storage.cases.cases import CaseState
from storage.cases.filing_acts import CaseRank, Likeness
from storage.crypto.sealing import unseal
from storage.submissions import submissions, upload_links
from storage.submissions.submissions import place

if TYPE_CHECKING:
    from intake.core.services import Services
    from intake.sandbox.protocol.results import MailFacts
    from storage.cases.cases import Case
    from storage.crypto.keys import DataKey
    from storage.database import Session
    from storage.submissions.submissions import Submission

MAX_CANDIDATES = 150
MAX_OPENED = 40
SUBJECTS_OPENED = 3
# More than a page shows: its reader may not see why the first ones are likely.
MAX_KEPT = 20
DAY_SECONDS = 86_400.0
NOBODY: Mapping[str, tuple[Likeness, ...]] = MappingProxyType({})


def refresh_ranking(
    services: "Services",
    session: "Session",
    submission: "Submission",
    key: "DataKey",
    *,
    similar_people: Mapping[str, tuple[Likeness, ...]] = NOBODY,
) -> None:
    """Rank the candidate cases anew and store them instead of the older ranking.

    `similar_people` is {case id: likenesses} of the people that its documents name, once they were
    read. A submission that has a case gets no candidates. Runs in the caller's transaction.
    """
    kept: list[RankedCase] = []
    if submission.case_id is None:
        facts = gather_candidates(services, session, submission, key, similar_people)
        kept = _kept(facts)
    _store(session, submission, kept, similar_people)


def note_similar(
    session: "Session",
    submission: "Submission",
    similar_people: Mapping[str, tuple[Likeness, ...]],
) -> None:
    """Store for a filed submission which other cases may be of the same person; never merges."""
    best = sorted(similar_people, key=lambda each: (-similar_people[each][0].score, each))
    kept = [RankedCase(case_id, 0.0, ()) for case_id in best[:MAX_KEPT]]
    _store(session, submission, kept, similar_people)


def _kept(facts: RankingFacts) -> list[RankedCase]:
    """Return the likeliest for who sees all likenesses, and for who sees none, as the latter."""
    alone = {
        each.case_id: weighed(replace(each, people_likeness=0.0), facts.subject)
        for each in facts.candidates
    }
    without = RankingFacts(
        facts.subject, tuple(replace(each, people_likeness=0.0) for each in facts.candidates)
    )
    ranked = (*rank_cases(facts, limit=MAX_KEPT), *rank_cases(without))
    return [alone[each] for each in dict.fromkeys(one.case_id for one in ranked)]


def _store(
    session: "Session",
    submission: "Submission",
    kept: list[RankedCase],
    similar_people: Mapping[str, tuple[Likeness, ...]],
) -> None:
    rows = [
        CaseRank(
            submission_id=submission.id,
            rank=rank,
            case_id=each.case_id,
            score=each.score,
            reasons=[*each.reasons],
            likenesses=filing_acts.as_stored(similar_people.get(each.case_id, ())),
        )
        for rank, each in enumerate(kept, start=1)
    ]
    filing_acts.replace_ranks(session, submission.id, rows)


@dataclass(frozen=True)
class _Contents:
    """What a submission says: its header, its text, and the link that it came by."""

    header: "MailFacts"
    words: str
    link_id: str


@dataclass(frozen=True)
class _Found:
    """The ids of cases that the queries found, by the clue that led to them."""

    asked: frozenset[str]
    named: frozenset[str]
    in_thread: frozenset[str]
    shared: dict[str, int]
    waiting: dict[str, float]
    of_sender: frozenset[str]
    nearby: tuple[str, ...]
    damaged: tuple[str, ...]
    similar_people: Mapping[str, tuple[Likeness, ...]]

    @property
    def case_ids(self) -> list[str]:
        """Return all of them, those with the strongest clues first."""
        strong = (*self.asked, *self.named, *self.in_thread, *self.shared, *self.similar_people)
        return list(dict.fromkeys([*strong, *self.waiting, *sorted(self.of_sender), *self.nearby]))


def gather_candidates(
    services: "Services",
    session: "Session",
    submission: "Submission",
    key: "DataKey",
    similar_people: Mapping[str, tuple[Likeness, ...]] = NOBODY,
) -> RankingFacts:
    """Collect the cases of the submission's programme to which any clue leads."""
    contents = _read(submission, key)
    found = _find(services, session, submission, contents, similar_people)
    rows = _living(session, found.case_ids[:MAX_CANDIDATES], submission.programme)
    mails = cases.of_cases(session, list(rows))
    candidates = [
        _candidate(submission, case, mails.get(case.id, []), found) for case in rows.values()
    ]
    subjects = _with_subjects(services, session, candidates, mails)
    return RankingFacts(contents.header.subject, subjects)


def _read(submission: "Submission", key: "DataKey") -> _Contents:
    return _Contents(
        header=submission_facts.of_mail(submission, key) or submission_facts.EMPTY_HEADER,
        words=unseal(key, place("submissions", "body_text", submission.id), submission.body_text),
        link_id=submission_facts.of_form(submission, key).link_id,
    )


def _find(
    services: "Services",
    session: "Session",
    submission: "Submission",
    contents: _Contents,
    similar_people: Mapping[str, tuple[Likeness, ...]],
) -> _Found:
    header, words = contents.header, contents.words
    programme, region = submission.programme, submission.region
    thread = earlier_in_thread(services, session, submission, thread_of(header))
    shared = shared_with_cases(session, submission)
    case_of = _cases_of(session, {*shared, *(mail.id for mail in thread)})
    by_case: dict[str, int] = {}
    for submission_id, count in shared.items():
        if submission_id in case_of:
            case_id = case_of[submission_id]
            by_case[case_id] = max(by_case.get(case_id, 0), count)
    references = references_of(services, session, submission, header, words)
    # A stranger has no region; cases without a region are no clue for them.
    nearby = cases.of_region(session, programme, region) if region is not None else []
    asked, asked_with = _asked_for(session, contents.link_id)
    return _Found(
        asked=asked,
        named=frozenset(case.id for case in references.cases),
        in_thread=frozenset(case_of[mail.id] for mail in thread if mail.id in case_of),
        shared=by_case,
        waiting=_ranked_for(services, session, (*references.waiting_ids, *asked_with)),
        of_sender=_cases_of_sender(session, submission),
        nearby=tuple(case.id for case in nearby),
        damaged=tuple(damaged_in(searched_text(header, words))),
        similar_people=similar_people,
    )


def _asked_for(session: "Session", link_id: str) -> tuple[frozenset[str], tuple[str, ...]]:
    """Return the case that a single-use link was made for, or else its submission without one."""
    link = upload_links.by_id(session, link_id)
    if link is None:
        return frozenset(), ()
    asked = submissions.by_id(session, link.submission_id or "")
    case_id = link.case_id or (asked.case_id if asked is not None else None)
    case = cases.by_id(session, case_id)
    if case is not None:
        return frozenset({cases.resolved(session, case).id}), ()
    return frozenset(), (asked.id,) if asked is not None else ()


def _ranked_for(
    services: "Services", session: "Session", submission_ids: tuple[str, ...]
) -> dict[str, float]:
    """Return {case: best score} of the candidates of other waiting mails.

    Likenesses count only as far as no compartment has them: the score is one for all readers.
    """
    best: dict[str, float] = {}
    for waiting in submissions.by_ids(session, set(submission_ids)).values():
        outside = derived.visibilities_outside(session, waiting)
        for rank in filing_acts.ranks_of(session, waiting.id):
            case = RankedCase(rank.case_id, rank.score, tuple(Clue(each) for each in rank.reasons))
            known = filing_acts.likenesses_of(rank)
            others = submissions.by_ids(session, {each.submission_id for each in known})
            there = derived.visibilities_there(services, session, None, others.values())
            score = with_people(case, derived.best_likeness(known, outside, there)).score
            best[rank.case_id] = max(best.get(rank.case_id, 0.0), score)
    return best


def _cases_of_sender(session: "Session", submission: "Submission") -> frozenset[str]:
    rows = cases.by_ids(
        session,
        set(participants.cases_of(session, sorted(stands_for(session, submission)))),
    )
    return frozenset(cases.resolved(session, case).id for case in rows.values())


def _cases_of(session: "Session", submission_ids: set[str]) -> dict[str, str]:
    """Return {submission: its case} of the submissions that are filed."""
    rows = submissions.by_ids(session, submission_ids)
    return {row.id: row.case_id for row in rows.values() if row.case_id is not None}


def _living(session: "Session", case_ids: list[str], programme: str) -> dict[str, "Case"]:
    """Return the cases to which something can be filed, in the order given."""
    rows = cases.by_ids(session, set(case_ids))
    alive = cases.open_key_ids(session, case_ids)
    return {
        case_id: rows[case_id]
        for case_id in case_ids
        if case_id in alive
        and rows[case_id].programme == programme
        and rows[case_id].merged_into is None
        and rows[case_id].state != CaseState.CLOSED
    }


def _candidate(
    submission: "Submission", case: "Case", mails: "list[Submission]", found: _Found
) -> Candidate:
    codes = [case.reference, *(mail.reference for mail in mails)]
    slips = [slips_between(damaged, code) for damaged in found.damaged for code in codes]
    newest_at = max((mail.received_at for mail in mails), default=case.opened_at)
    return Candidate(
        case_id=case.id,
        is_asked_by_link=case.id in found.asked,
        is_named=case.id in found.named,
        slips=min(slips, default=None),
        is_in_thread=case.id in found.in_thread,
        shared_documents=found.shared.get(case.id, 0),
        has_sender=case.id in found.of_sender,
        has_mail_of_sender=submission.sender_id is not None
        and any(mail.sender_id == submission.sender_id for mail in mails),
        is_same_region=submission.region is not None and case.region == submission.region,
        waiting_score=found.waiting.get(case.id, 0.0),
        people_likeness=max(
            (each.score for each in found.similar_people.get(case.id, ())), default=0.0
        ),
        idle_days=abs((submission.received_at - newest_at).total_seconds()) / DAY_SECONDS,
    )


def _with_subjects(
    services: "Services",
    session: "Session",
    candidates: list[Candidate],
    mails: "dict[str, list[Submission]]",
) -> tuple[Candidate, ...]:
    """Give the candidates that lead without subjects their newest subjects, the others none."""
    leading = sorted(candidates, key=lambda each: (each.slips is None, each.idle_days or 0.0))
    opened = {
        each.case_id: tuple(
            _subject(services, session, mail)
            for mail in mails.get(each.case_id, [])[:SUBJECTS_OPENED]
        )
        for each in leading[:MAX_OPENED]
    }
    return tuple(replace(each, subjects=opened.get(each.case_id, ())) for each in candidates)


def _subject(services: "Services", session: "Session", mail: "Submission") -> str:
    try:
        key = services.keyring.open(session, mail.data_key_id)
    except KeyUnavailable:
        # That mail was erased, and its case was not.
        return ""
    return unseal(key, place("submissions", "subject", mail.id), mail.subject)
