"""Check a simulated month: a thousand mails, none misfiled, most filed without a hand."""

import pytest

from tests.flow.running_month import Run, run_month
from tests.samples.mail.month import CASES, MAILS, NEW, NOISE, Kind


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    return run_month(tmp_path_factory.mktemp("month"))


def test_the_month_holds_what_it_should(run: Run) -> None:
    kinds = {letter.kind for letter in run.letters()}

    assert len(run.first_state) == MAILS
    assert len(run.true_cases) == len(set(run.true_cases.values())) == CASES
    assert kinds == set(Kind)


def test_nothing_is_misfiled(run: Run) -> None:
    assert run.misfiled == []


def test_every_new_referral_opens_its_own_case(run: Run) -> None:
    reasons = run.reasons(run.letters(*NEW))

    assert reasons == {"registered_sender_new_case": CASES}


def test_nothing_forged_strange_or_automatic_is_filed(run: Run) -> None:
    noise = run.letters(*NOISE)

    assert [letter for letter in noise if letter in run.filed] == []


def test_four_of_five_replies_are_filed_without_a_hand(run: Run) -> None:
    assert run.share_filed >= 0.80


def test_the_right_case_is_among_the_first_three_candidates(run: Run) -> None:
    assert len(run.held) > 50
    assert run.share_ranked >= 0.95


@pytest.mark.parametrize(
    ("kind", "reason"),
    [
        (Kind.NOTHING, "looks_like_a_reply"),
        (Kind.OWN_THREAD, "continues_a_thread"),
        (Kind.DAMAGED, "reference_damaged"),
        (Kind.BY_COLLEAGUE, "sender_not_of_this_case"),
        (Kind.LOOK_ALIKE, "sender_names_a_case"),
        (Kind.STRANGER_NAMES, "sender_names_a_case"),
        (Kind.SPOOF, "sender_names_a_case"),
        (Kind.STRANGER, "sender_unknown"),
    ],
)
def test_what_is_held_says_why(run: Run, kind: Kind, reason: str) -> None:
    letters = run.letters(kind)

    assert run.reasons(letters) == {reason: len(letters)}


def test_an_automatic_mail_is_held_and_with_papers_may_be_a_persons(run: Run) -> None:
    letters = run.letters(Kind.AUTOMATIC)

    reasons = run.reasons(letters)
    assert set(reasons) == {"automatic_mail", "marked_as_sent_by_itself"}
    assert sum(reasons.values()) == len(letters)


def test_an_officer_can_file_all_that_was_held(run: Run) -> None:
    assert run.accepted >= len(run.held) - MAILS // 30
