"""Check assignment: one of two claims wins, and another programme's items do not exist."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from intake.access import gate
from intake.accounts import accounts
from intake.accounts.accounts import SignedInUser
from intake.core.errors import NotFound
from intake.core.services import Services
from intake.queues import assignment
from storage import audit
from tests.portal import samples
from tests.portal.building import PASSWORD, Clock, build_services

BOTH_DATABASES = pytest.mark.parametrize(
    "services",
    ["sqlite", pytest.param("postgresql", marks=pytest.mark.components)],
    indirect=True,
)


@pytest.fixture
def services(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Services]:
    """Give real services on a scratch database, SQLite unless a test asks for the other."""
    is_postgresql = getattr(request, "param", "sqlite") == "postgresql"
    url = request.getfixturevalue("database_url") if is_postgresql else ""
    built = build_services(tmp_path, Clock(), database_url=url)
    yield built
    built.database.close()


def user(services: Services, name: str, role: str = "INTAKE") -> SignedInUser:
    """Make an account."""
    return accounts.create_with_password(services, f"{name}@iom.example", role, None, PASSWORD)


def test_second_claim_is_refused(services: Services) -> None:
    first, second = user(services, "first"), user(services, "second")
    item = samples.seed(services)

    assert assignment.claim_item(services, gate.item_to_change(services, first, item.item_id))
    assert not assignment.claim_item(services, gate.item_to_change(services, second, item.item_id))
    assert (
        assignment.holder_of(services, gate.item_to_change(services, second, item.item_id))
        == first.label
    )


@BOTH_DATABASES
def test_of_many_claims_at_once_one_wins(services: Services) -> None:
    officers = [user(services, f"officer{number}") for number in range(6)]
    item = samples.seed(services)

    with ThreadPoolExecutor(6) as pool:
        won = list(
            pool.map(
                lambda officer: assignment.claim_item(
                    services, gate.item_to_change(services, officer, item.item_id)
                ),
                officers,
            )
        )

    assert won.count(True) == 1


def test_only_the_holder_gives_back(services: Services) -> None:
    first, second = user(services, "first"), user(services, "second")
    item = samples.seed(services)
    assignment.claim_item(services, gate.item_to_change(services, first, item.item_id))

    assert not assignment.release_item(
        services, gate.item_to_change(services, second, item.item_id)
    )
    assert assignment.release_item(services, gate.item_to_change(services, first, item.item_id))
    assert (
        assignment.holder_of(services, gate.item_to_change(services, first, item.item_id)) is None
    )
    assert assignment.claim_item(services, gate.item_to_change(services, second, item.item_id))


@BOTH_DATABASES
def test_acts_are_audited_in_the_same_transaction(services: Services) -> None:
    first, second = user(services, "first"), user(services, "second")
    item = samples.seed(services)

    assignment.claim_item(services, gate.item_to_change(services, first, item.item_id))
    assignment.claim_item(services, gate.item_to_change(services, second, item.item_id))
    assignment.release_item(services, gate.item_to_change(services, first, item.item_id))

    with services.database.reading() as session:
        events = audit.of_subject(session, "submission", item.submission_id)
        assert audit.check_chain(session, services.keyring) == []
    mine = [(event.act, event.actor) for event in events if event.act.startswith("item.")]
    assert mine == [("item.claimed", first.actor), ("item.released", first.actor)]


@pytest.mark.parametrize(
    ("role", "programme"), [("CASH", "referrals"), ("INTAKE", "cash"), ("ADMIN", "referrals")]
)
def test_another_programmes_item_is_not_there(
    services: Services, role: str, programme: str
) -> None:
    actor = user(services, "actor", role)
    item = samples.seed(services, programme=programme)

    for act in (assignment.claim_item, assignment.release_item, assignment.holder_of):
        with pytest.raises(NotFound):
            act(services, gate.item_to_change(services, actor, item.item_id))


def test_an_unknown_item_is_not_there(services: Services) -> None:
    with pytest.raises(NotFound):
        assignment.claim_item(
            services, gate.item_to_change(services, user(services, "actor"), "0" * 32)
        )
