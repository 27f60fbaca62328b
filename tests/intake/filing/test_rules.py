"""Check filing and the choice of a queue.

A registered sender's mail files itself, and doubt waits for a person.
"""

import pytest

from intake.filing.rules import (
    AUTOMATIC,
    CONTINUES,
    MARKED,
    REPLIES,
    STILL_URGENT,
    CaseNamed,
    Filing,
    FilingOutcome,
    MailReferences,
    QueueChoice,
    choose_queue,
    decide_filing,
)
from storage.submissions.queue_items import Queue
from storage.submissions.submissions import Priority, SenderVerdict

REGISTERED = SenderVerdict.REGISTERED
OTHERS = [verdict for verdict in SenderVerdict if verdict is not REGISTERED]
OURS = CaseNamed("case-1", "STHLM", has_sender=True)
SECOND = CaseNamed("case-2", "STHLM", has_sender=True)
COLLEAGUES = CaseNamed("case-3", "STHLM", has_sender=False)
ELSEWHERE = CaseNamed("case-4", "SYD", has_sender=False)
NOWHERE = CaseNamed("case-5", None, has_sender=False)
TAKEN_ALONG = CaseNamed("case-6", "SYD", has_sender=True)
UNPROVEN = CaseNamed("case-7", "STHLM", has_sender=True, is_proven=False)
ENDED = CaseNamed("case-8", "STHLM", has_sender=True, is_closed=True)
TO_OURS = Filing(FilingOutcome.TO_CASE, "registered_sender_and_reference", "case-1")


def held(reason: str) -> Filing:
    """Return the outcome of a mail that waits."""
    return Filing(FilingOutcome.HOLDING, reason)


def references(
    *cases: CaseNamed, continues: str = "", waiting: tuple[str, ...] = ()
) -> MailReferences:
    """Say what a mail with a reference names."""
    return MailReferences(cases, has_reference=True, waiting_ids=waiting, continues=continues)


@pytest.mark.parametrize(
    ("region", "names", "filing"),
    [
        ("STHLM", MailReferences(), Filing(FilingOutcome.NEW_CASE, "registered_sender_new_case")),
        ("STHLM", references(OURS), TO_OURS),
        ("STHLM", references(OURS, continues="looks_like_a_reply"), TO_OURS),
        ("STHLM", references(OURS, continues="continues_a_thread"), TO_OURS),
        ("STHLM", references(OURS, continues="reference_damaged"), held("reference_damaged")),
        ("STHLM", references(), held("reference_not_known")),
        ("STHLM", references(waiting=("mail-1",)), held("reference_waits_itself")),
        ("STHLM", references(OURS, waiting=("mail-1",)), held("reference_waits_itself")),
        ("STHLM", references(OURS, SECOND), held("names_several_cases")),
        ("STHLM", references(OURS, ELSEWHERE), held("names_several_cases")),
        ("STHLM", references(COLLEAGUES), held("sender_not_of_this_case")),
        ("STHLM", references(ELSEWHERE), held("case_of_another_region")),
        ("STHLM", references(NOWHERE), held("case_of_another_region")),
        (None, references(NOWHERE), held("case_of_another_region")),
        (None, references(COLLEAGUES), held("case_of_another_region")),
        (
            "STHLM",
            references(TAKEN_ALONG),
            Filing(FilingOutcome.TO_CASE, "registered_sender_and_reference", "case-6"),
        ),
        ("STHLM", references(UNPROVEN), held("thread_of_somebody_else")),
        ("STHLM", references(ENDED), held("case_is_closed")),
        *[("STHLM", MailReferences(continues=reason), held(reason)) for reason in CONTINUES],
    ],
)
def test_a_registered_senders_mail_is_filed_by_what_it_names(
    region: str | None, names: MailReferences, filing: Filing
) -> None:
    assert decide_filing(REGISTERED, region, names) == filing


@pytest.mark.parametrize("verdict", OTHERS)
@pytest.mark.parametrize(
    "names",
    [
        MailReferences(),
        references(),
        references(OURS),
        references(OURS, SECOND),
        references(UNPROVEN),
    ],
)
def test_nobody_elses_mail_files_itself(verdict: SenderVerdict, names: MailReferences) -> None:
    filing = decide_filing(verdict, "STHLM", names)

    expected = "sender_names_a_case" if names.has_reference else f"sender_{verdict.value}"
    assert filing == held(expected)


@pytest.mark.parametrize("reason", ["look_alike", "looks_like_registered_domain"])
@pytest.mark.parametrize("verdict", OTHERS)
def test_a_look_alike_is_held_as_one(verdict: SenderVerdict, reason: str) -> None:
    filing = decide_filing(verdict, None, MailReferences(), sender_reasons=("other", reason))

    assert filing == held("sender_looks_alike")


def test_an_automatic_mail_of_a_registered_sender_is_held() -> None:
    assert decide_filing(REGISTERED, "STHLM", references(OURS), automatic=AUTOMATIC) == held(
        "automatic_mail"
    )


@pytest.mark.parametrize("reason", sorted(MARKED.values()))
def test_urgent_mail_with_marks_of_a_machine_may_be_a_persons(reason: str) -> None:
    filing = decide_filing(REGISTERED, "STHLM", references(), automatic=reason)

    assert filing == held(reason)
    assert route(REGISTERED, filing, "Akut").queue is Queue.EMERGENCY
    assert route(REGISTERED, filing).queue is Queue.MAIL_TO_MATCH


NEW_CASE = Filing(FilingOutcome.NEW_CASE, "registered_sender_new_case")
TO_CASE = Filing(FilingOutcome.TO_CASE, "registered_sender_and_reference", "case-1")


def route(
    verdict: SenderVerdict, filing: Filing, words: str = "Remiss", importance: str = ""
) -> QueueChoice:
    """QueueChoice a mail with the given first words."""
    return choose_queue(verdict, filing, first_words=words, importance=importance)


@pytest.mark.parametrize("filing", [NEW_CASE, TO_CASE])
def test_filed_mail_waits_among_the_new_referrals(filing: Filing) -> None:
    expected = QueueChoice(Queue.NEW_REFERRALS, filing.reason, Priority.NORMAL)

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
    expected = QueueChoice(Queue.EMERGENCY, "sender_says_urgent", Priority.EMERGENCY)

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
    ("verdict", "reason", "queue", "shown"),
    [
        (SenderVerdict.UNKNOWN, "sender_unknown", Queue.MAIL_TO_MATCH, "sender_unknown"),
        (SenderVerdict.UNKNOWN, "sender_names_a_case", Queue.ON_HOLD, "call_back"),
        (SenderVerdict.UNKNOWN, "sender_looks_alike", Queue.ON_HOLD, "call_back"),
        (SenderVerdict.UNVERIFIED, "sender_unverified", Queue.ON_HOLD, "sender_unverified"),
        (SenderVerdict.UNVERIFIED, "sender_names_a_case", Queue.ON_HOLD, "call_back"),
        (REGISTERED, "case_of_another_region", Queue.ON_HOLD, "case_of_another_region"),
        (REGISTERED, "names_several_cases", Queue.MAIL_TO_MATCH, "names_several_cases"),
        (REGISTERED, "reference_not_known", Queue.MAIL_TO_MATCH, "reference_not_known"),
        (REGISTERED, "sender_not_of_this_case", Queue.MAIL_TO_MATCH, "sender_not_of_this_case"),
    ],
)
@pytest.mark.parametrize("words", ["Remiss", "AKUT"])
def test_held_mail_keeps_its_place_with_unknown_priority(
    verdict: SenderVerdict, reason: str, queue: Queue, shown: str, words: str
) -> None:
    expected = QueueChoice(queue, shown, Priority.UNKNOWN)

    assert route(verdict, held(reason), words, "high") == expected


@pytest.mark.parametrize("reason", sorted(STILL_URGENT))
def test_a_doubt_about_the_case_does_not_silence_a_registered_senders_urgent(reason: str) -> None:
    expected = QueueChoice(Queue.EMERGENCY, "sender_says_urgent", Priority.EMERGENCY)

    assert route(REGISTERED, held(reason), "AKUT") == expected
    waits_in = Queue.REPLIES if reason in REPLIES else Queue.MAIL_TO_MATCH
    assert route(REGISTERED, held(reason)).queue is waits_in


@pytest.mark.parametrize("reason", sorted(REPLIES))
def test_only_a_registered_coordinators_answer_is_a_reply(reason: str) -> None:
    assert route(REGISTERED, held(reason)).queue is Queue.REPLIES
    assert route(SenderVerdict.UNKNOWN, held(reason)).queue is Queue.MAIL_TO_MATCH
    assert route(SenderVerdict.UNKNOWN, held(reason), "AKUT").priority is Priority.UNKNOWN
