"""Filing and routing: a registered sender's mail files itself, and doubt waits for a person."""

import pytest

from intake.filing import (
    CaseNamed,
    Filing,
    FilingOutcome,
    Route,
    decide_filing,
    decide_route,
)
from storage.queue_items import Queue
from storage.submissions import Priority, SenderVerdict

REGISTERED = SenderVerdict.REGISTERED
OTHERS = [verdict for verdict in SenderVerdict if verdict is not REGISTERED]
OURS = CaseNamed("case-1", "STHLM")
SECOND = CaseNamed("case-2", "STHLM")
ELSEWHERE = CaseNamed("case-3", "SYD")
NOWHERE = CaseNamed("case-4", None)


@pytest.mark.parametrize(
    ("region", "cases", "names_reference", "filing"),
    [
        ("STHLM", (), False, Filing(FilingOutcome.NEW_CASE, "registered_sender_new_case")),
        (
            "STHLM",
            (OURS,),
            True,
            Filing(FilingOutcome.TO_CASE, "registered_sender_and_reference", "case-1"),
        ),
        ("STHLM", (), True, Filing(FilingOutcome.HOLDING, "reference_not_known")),
        ("STHLM", (OURS, SECOND), True, Filing(FilingOutcome.HOLDING, "names_several_cases")),
        ("STHLM", (OURS, ELSEWHERE), True, Filing(FilingOutcome.HOLDING, "names_several_cases")),
        ("STHLM", (ELSEWHERE,), True, Filing(FilingOutcome.HOLDING, "case_of_another_region")),
        ("STHLM", (NOWHERE,), True, Filing(FilingOutcome.HOLDING, "case_of_another_region")),
        (None, (OURS,), True, Filing(FilingOutcome.HOLDING, "case_of_another_region")),
    ],
)
def test_a_registered_senders_mail_is_filed_by_what_it_names(
    region: str | None, cases: tuple[CaseNamed, ...], names_reference: bool, filing: Filing
) -> None:
    assert decide_filing(REGISTERED, region, cases, names_reference=names_reference) == filing


@pytest.mark.parametrize("verdict", OTHERS)
@pytest.mark.parametrize(
    ("cases", "names_reference"), [((), False), ((), True), ((OURS,), True), ((OURS, SECOND), True)]
)
def test_nobody_elses_mail_files_itself(
    verdict: SenderVerdict, cases: tuple[CaseNamed, ...], names_reference: bool
) -> None:
    filing = decide_filing(verdict, "STHLM", cases, names_reference=names_reference)

    expected = "sender_names_a_case" if names_reference else f"sender_{verdict.value}"
    assert filing == Filing(FilingOutcome.HOLDING, expected)


NEW_CASE = Filing(FilingOutcome.NEW_CASE, "registered_sender_new_case")
TO_CASE = Filing(FilingOutcome.TO_CASE, "registered_sender_and_reference", "case-1")


def route(
    verdict: SenderVerdict, filing: Filing, words: str = "Remiss", importance: str = ""
) -> Route:
    """Route a mail with the given first words."""
    return decide_route(verdict, filing, first_words=words, importance=importance)


@pytest.mark.parametrize("filing", [NEW_CASE, TO_CASE])
def test_filed_mail_waits_among_the_new_referrals(filing: Filing) -> None:
    expected = Route(Queue.NEW_REFERRALS, filing.reason, Priority.NORMAL)

    assert route(REGISTERED, filing) == expected


@pytest.mark.parametrize(
    "words",
    [
        "AKUT: remiss",
        "Det är akut.",
        "akuta behov",
        "Brådskande",
        "BRÅDSKANDE ärende",
        "bradskande",
        "omedelbart skydd",
        "Omedelbar fara",
        "Urgent!",
        "an emergency,",
        "imminent danger",
        "Remiss\nakut",
    ],
)
def test_a_registered_senders_urgent_words_raise_its_mail(words: str) -> None:
    expected = Route(Queue.EMERGENCY, "sender_says_urgent", Priority.EMERGENCY)

    assert route(REGISTERED, NEW_CASE, words) == expected


@pytest.mark.parametrize(
    "words",
    ["", "Remiss", "akutmottagningen", "Resurgent", "detergents", "akuten stängd?", "urgently-ish"],
)
def test_other_words_raise_nothing(words: str) -> None:
    assert route(REGISTERED, NEW_CASE, words).queue is Queue.NEW_REFERRALS


@pytest.mark.parametrize(
    ("importance", "queue"),
    [
        ("high", Queue.EMERGENCY),
        (" High ", Queue.EMERGENCY),
        ("HIGH", Queue.EMERGENCY),
        ("normal", Queue.NEW_REFERRALS),
        ("low", Queue.NEW_REFERRALS),
        ("highest", Queue.NEW_REFERRALS),
        ("", Queue.NEW_REFERRALS),
    ],
)
def test_high_importance_raises_a_registered_senders_mail(importance: str, queue: Queue) -> None:
    assert route(REGISTERED, NEW_CASE, importance=importance).queue is queue


@pytest.mark.parametrize(
    ("verdict", "reason", "queue"),
    [
        (SenderVerdict.UNKNOWN, "sender_unknown", Queue.MAIL_TO_MATCH),
        (SenderVerdict.UNKNOWN, "sender_names_a_case", Queue.HOLDS),
        (SenderVerdict.UNVERIFIED, "sender_unverified", Queue.HOLDS),
        (SenderVerdict.UNVERIFIED, "sender_names_a_case", Queue.HOLDS),
        (SenderVerdict.REGISTERED, "case_of_another_region", Queue.HOLDS),
        (SenderVerdict.REGISTERED, "names_several_cases", Queue.MAIL_TO_MATCH),
        (SenderVerdict.REGISTERED, "reference_not_known", Queue.MAIL_TO_MATCH),
    ],
)
@pytest.mark.parametrize("words", ["Remiss", "AKUT"])
def test_held_mail_keeps_its_place_with_unknown_priority(
    verdict: SenderVerdict, reason: str, queue: Queue, words: str
) -> None:
    filing = Filing(FilingOutcome.HOLDING, reason)

    assert route(verdict, filing, words, "high") == Route(queue, reason, Priority.UNKNOWN)
