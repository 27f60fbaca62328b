"""Check handing a case over: a reason, choices that stay, and who was quicker."""

from collections.abc import Callable

import pytest

from intake.accounts import accounts
from intake.core.services import Services
from storage.cases.cases import Case
from tests.portal.cases.seen_case import Seen, seed_case, send
from tests.portal.conftest import SignIn


@pytest.fixture
def case(services: Services) -> Seen:
    """Give a case of the referrals."""
    return seed_case(services)


def test_a_case_is_handed_over_with_a_reason(
    case: Seen, signed_in: SignIn, make_user: Callable[..., accounts.SignedInUser]
) -> None:
    taker = make_user("CASEW", "taker")
    browser = signed_in("INTAKE")

    page = send(browser, case, "owner", to=taker.id, why="absence", owner="")

    assert case.row().owner_id == taker.id
    assert f"Handed over to {taker.label}" in page
    assert "The owner is away" in page


@pytest.mark.parametrize(
    ("to", "why", "wrong"),
    [("", "absence", "to"), ("mine", "", "why"), ("f" * 32, "absence", "to")],
)
def test_a_refused_hand_over_keeps_the_choices(
    case: Seen,
    signed_in: SignIn,
    make_user: Callable[..., accounts.SignedInUser],
    to: str,
    why: str,
    wrong: str,
) -> None:
    taker = make_user("CASEW", "taker")
    chosen = taker.id if to == "mine" else to

    page = send(signed_in("INTAKE"), case, "owner", to=chosen, why=why, owner="")

    assert f'id="{wrong}-error"' in page
    assert case.row().owner_id is None
    if why:
        assert f'<option value="{why}" selected>' in page


def test_who_was_too_late_sees_both_owners(
    case: Seen, signed_in: SignIn, make_user: Callable[..., accounts.SignedInUser]
) -> None:
    taker, other = make_user("CASEW", "taker"), make_user("CASEW", "other")
    browser = signed_in("INTAKE")
    send(browser, case, "owner", to=taker.id, why="absence", owner="")

    page = send(browser, case, "owner", to=other.id, why="workload", owner="")

    assert "Handed over by <bdi>Intake officer 1</bdi>" in page
    assert "Caseworker 2" in page
    assert case.row().owner_id == taker.id


def test_a_confirmed_case_without_an_owner_says_so(
    services: Services, case: Seen, signed_in: SignIn
) -> None:
    with services.database.transaction() as session:
        session.get_one(Case, case.case_id).state = "CONFIRMED"

    assert "Nobody who can act owns this case." in signed_in("INTAKE").get(case.path).text
