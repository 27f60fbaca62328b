"""Check ranked cases: what says more ranks first, and every one says why."""

from dataclasses import replace

import pytest

from intake.filing.ranking import (
    MAX_RANKED,
    WEIGHTS,
    Candidate,
    Clue,
    RankingFacts,
    rank_cases,
    slips_between,
    subject_likeness,
    weighed,
    with_people,
)


def ranked(*candidates: Candidate, subject: str = "") -> list[str]:
    """Return the ids of the ranked cases in order."""
    return [ranked.case_id for ranked in rank_cases(RankingFacts(subject, candidates))]


@pytest.mark.parametrize(
    ("candidate", "clue"),
    [
        (Candidate("a", is_named=True), Clue.NAMED),
        (Candidate("a", slips=0), Clue.NEARLY_NAMED),
        (Candidate("a", slips=1), Clue.NEARLY_NAMED),
        (Candidate("a", is_in_thread=True), Clue.THREAD),
        (Candidate("a", shared_documents=2), Clue.DOCUMENTS),
        (Candidate("a", has_sender=True), Clue.SENDER_BELONGS),
        (Candidate("a", has_mail_of_sender=True), Clue.SENDER_WROTE),
        (Candidate("a", waiting_score=0.9), Clue.WAITING),
        (Candidate("a", people_likeness=0.9), Clue.PEOPLE),
        (Candidate("a", subjects=("Ärende Demo",)), Clue.SUBJECT),
        (Candidate("a", idle_days=0.0), Clue.RECENT),
    ],
)
def test_case_with_one_clue_is_ranked_with_its_reason(candidate: Candidate, clue: Clue) -> None:
    (ranked,) = rank_cases(RankingFacts("SV: Ärende Demo", (candidate,)))

    assert ranked.reasons == (clue,)
    assert 0 < ranked.score <= WEIGHTS[clue]


@pytest.mark.parametrize(
    "candidate",
    [
        Candidate("a"),
        Candidate("a", is_same_region=True),
        Candidate("a", slips=2),
        Candidate("a", idle_days=100.0),
        Candidate("a", subjects=("", "Something else entirely")),
    ],
)
def test_case_without_clues_is_not_ranked(candidate: Candidate) -> None:
    assert ranked(candidate, subject="Ärende Demo") == []


def test_what_says_more_ranks_first() -> None:
    order = ranked(
        Candidate("sender", has_sender=True, has_mail_of_sender=True),
        Candidate("thread", is_in_thread=True),
        Candidate("named", is_named=True),
        Candidate("named-and-hers", is_named=True, has_sender=True),
        Candidate("documents", shared_documents=1),
    )

    assert order == ["named-and-hers", "named", "thread", "documents", "sender"]


def test_the_more_recent_of_two_alike_ranks_first() -> None:
    older = Candidate("a", has_sender=True, idle_days=9.0)
    newer = Candidate("b", has_sender=True, idle_days=1.0)

    assert ranked(older, newer) == ["b", "a"]


def test_equal_cases_have_one_order_whatever_came_first() -> None:
    rows = [Candidate(name, is_named=True) for name in "cab"]

    assert ranked(*rows) == ranked(*reversed(rows)) == ["a", "b", "c"]


def test_ranking_has_no_more_cases_than_an_officer_reads() -> None:
    many = [Candidate(f"{number}", is_named=True) for number in range(MAX_RANKED + 3)]

    assert len(ranked(*many)) == MAX_RANKED


def test_a_score_is_never_above_one() -> None:
    everything = Candidate(
        "a",
        is_asked_by_link=True,
        is_named=True,
        slips=0,
        is_in_thread=True,
        shared_documents=9,
        has_sender=True,
        has_mail_of_sender=True,
        is_same_region=True,
        waiting_score=1.0,
        people_likeness=1.0,
        subjects=("Demo",),
        idle_days=0.0,
    )

    (ranked,) = rank_cases(RankingFacts("Demo", (everything,)))

    assert set(ranked.reasons) == set(Clue)
    assert ranked.score <= 1


@pytest.mark.parametrize(
    ("one", "other", "likeness"),
    [
        ("SV: Komplettering Demo", "Komplettering Demo [K7M-4QX-9T]", 1.0),
        ("RE: SV: Demo", "demo", 1.0),
        ("SV: Receipt K7M-4QX-9T", "SV: Receipt P3W-8HD-2C", 0.0),
        ("", "", 0.0),
        ("Demo A", "", 0.0),
        ("سؤال", "Re: سؤال", 1.0),
    ],
)
def test_subjects_are_compared_without_marks_and_codes(
    one: str, other: str, likeness: float
) -> None:
    assert subject_likeness(one, other) == likeness


@pytest.mark.parametrize(
    ("damaged", "slips"),
    [("K7M-4QX-9T", 0), ("K7M-4QX-9S", 1), ("7KM-4QX-9T", 1), ("P3W-8HD-2C", 8)],
)
def test_slips_are_wrong_or_swapped_symbols(damaged: str, slips: int) -> None:
    assert slips_between(damaged, "K7M-4QX-9T") == slips


@pytest.mark.parametrize(
    "candidate",
    [
        Candidate("a", people_likeness=0.9),
        Candidate("a", people_likeness=0.7, is_in_thread=True),
        Candidate("a", people_likeness=1.0, has_sender=True, is_same_region=True),
        Candidate("a", has_sender=True),
    ],
)
def test_a_likeness_that_is_added_later_counts_as_much(candidate: Candidate) -> None:
    alone = weighed(replace(candidate, people_likeness=0.0), "")

    added, at_once = with_people(alone, candidate.people_likeness), weighed(candidate, "")

    assert added.score == pytest.approx(at_once.score, abs=0.0002)
    assert added.reasons == at_once.reasons
