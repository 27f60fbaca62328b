"""Check the work list as its reader gets it: whole programmes only, in order, in pieces."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from intake.access import gate
from intake.accounts.accounts import SignedInUser, create_with_password
from intake.core.errors import NotFound
from intake.core.services import Services
from intake.queues import assignment, work_list
from intake.queues.work_list import Filters
from storage.accounts.users import Role
from storage.submissions.queue_items import Queue, QueueItem
from tests.browser.support import mixed
from tests.portal import samples
from tests.portal.building import PASSWORD, Clock, build_services

ALL = Filters()


@pytest.fixture
def services(tmp_path: Path) -> Iterator[Services]:
    """Give real services on a scratch database."""
    built = build_services(tmp_path, Clock())
    yield built
    built.database.close()


@pytest.fixture
def officer(services: Services) -> SignedInUser:
    """Give an intake officer."""
    return create_with_password(services, "a@iom.example", "INTAKE", None, PASSWORD)


def test_the_overview_counts_only_the_readers_programmes(
    services: Services, officer: SignedInUser
) -> None:
    auditor = replace(officer, role=Role.AUDIT)
    samples.seed(services)
    samples.seed(services, due_in=timedelta(hours=1))
    samples.seed(services, programme="cash")

    overview = {summary.queue: summary for summary in work_list.overview(services, officer)}

    assert overview[Queue("Q2")].open_items == 2
    assert overview[Queue("Q2")].due_at == services.now() + timedelta(hours=1)
    assert overview[Queue("Q1")].open_items == 0
    assert overview[Queue("Q1")].due_at is None
    assert [s.open_items for s in work_list.overview(services, auditor)] == [0] * len(overview)


def test_a_queue_lists_the_nearest_clock_first(services: Services, officer: SignedInUser) -> None:
    later = samples.seed(services)
    sooner = samples.seed(services, due_in=timedelta(minutes=5))
    samples.seed(services, programme="cash", due_in=timedelta(minutes=1))

    page = work_list.read_page(services, officer, "Q2", ALL, limit=9)

    assert [row.reference for row in page.rows] == [sooner.reference, later.reference]
    assert page.rows[0].document_states == {"CLEAN": 3, "ACTIVE": 1, "HELD": 1, "LOCKED": 1}
    assert (page.first, page.found, page.last_item_id) == (0, 2, None)


def test_an_unknown_queue_is_not_there(services: Services, officer: SignedInUser) -> None:
    with pytest.raises(NotFound):
        work_list.read_page(services, officer, "Q99", ALL, limit=9)
    with pytest.raises(NotFound):
        work_list.next_reference(services, officer, "Q99", ALL, "K7M-4QX-9T")


def test_a_foreign_item_is_no_place_to_go_on_from(
    services: Services, officer: SignedInUser
) -> None:
    ours = samples.seed(services)
    foreign = samples.seed(services, programme="cash", due_in=timedelta(days=9))

    page = work_list.read_page(services, officer, "Q2", ALL, after=foreign.item_id, limit=9)

    assert [row.reference for row in page.rows] == [ours.reference]


def test_the_next_one_passes_over_what_is_on_hold(
    services: Services, officer: SignedInUser
) -> None:
    made = [mixed.clean(services, number) for number in range(3)]
    with services.database.transaction() as session:
        item = session.get_one(QueueItem, made[1].item_id)
        item.held_until = services.now() + timedelta(hours=9)

    after = work_list.next_reference(services, officer, "Q2", ALL, made[0].reference)

    assert after == made[2].reference


def test_the_next_one_passes_over_what_others_have(
    services: Services, officer: SignedInUser
) -> None:
    other = create_with_password(services, "o@iom.example", "INTAKE", None, PASSWORD)
    made = [mixed.clean(services, number) for number in range(3)]
    assignment.claim_item(services, gate.item_to_change(services, other, made[1].item_id))

    def after(reference: str, filters: Filters = ALL) -> str | None:
        return work_list.next_reference(services, officer, "Q2", filters, reference)

    assert after(made[0].reference) == made[2].reference
    assert after(made[2].reference) == made[0].reference
    assert after("K7M-4QX-9T") == after("nonsense") == made[0].reference
    assert after(made[0].reference, Filters(holder=other.id)) is None
