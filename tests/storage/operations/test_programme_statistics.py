"""Check on both databases which rows belong to a period and a programme, and how far each got."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from intake.core.services import Services
from storage.base import new_id
from storage.cases import filing_acts
from storage.cases.confirmations import Confirmation
from storage.cases.filing_acts import FilingAct, FilingActKind
from storage.database import Session
from storage.operations import programme_statistics
from storage.submissions.queue_items import Queue
from storage.submissions.submissions import Channel, Outcome, Programme, Submission
from tests.support.building import Clock
from tests.support.rows import Planter

WEEK = timedelta(weeks=1)


@pytest.fixture
def plant(services: Services, clock: Clock) -> Callable[[Session], Planter]:
    """Give what plants rows in a session at the clock's moment."""
    return lambda session: Planter(session, services.keyring, clock.now())


def arrivals(
    services: Services, clock: Clock, programme: str = Programme.REFERRALS, limit: int = 100
) -> list[programme_statistics.ArrivalRow]:
    with services.database.reading() as session:
        return programme_statistics.arrivals(
            session, programme, clock.now(), clock.now() + WEEK, limit=limit
        )


def act(submission: Submission, kind: str, clock: Clock, *, is_undone: bool = False) -> FilingAct:
    return FilingAct(
        id=new_id(),
        submission_id=submission.id,
        batch=new_id(),
        act=kind,
        state_before="DOCUMENTS",
        at=clock.now(),
        undone_at=clock.now() if is_undone else None,
    )


def test_a_period_holds_its_first_moment_and_not_its_last(
    services: Services, clock: Clock, plant: Callable[[Session], Planter]
) -> None:
    moments = [-timedelta(seconds=1), timedelta(0), WEEK - timedelta(seconds=1), WEEK]
    with services.database.transaction() as session:
        for moment in moments:
            plant(session).submission(received_at=clock.now() + moment)

    found = arrivals(services, clock)

    assert [row.received_at - clock.now() for row in found] == moments[1:3]


def test_a_submission_is_confirmed_by_its_first_r2(
    services: Services, clock: Clock, plant: Callable[[Session], Planter]
) -> None:
    hour = timedelta(hours=1)
    with services.database.transaction() as session:
        submission = plant(session).submission()
        for number, (kind, after) in enumerate((("R1", hour), ("R2", 2 * hour), ("R2", 3 * hour))):
            session.add(
                Confirmation(
                    id=new_id(),
                    submission_id=submission.id,
                    number=number,
                    kind=kind,
                    content=b"sealed",
                    pdf_blob_id=submission.raw_blob_id,
                    digest=f"{number:064}",
                    signature="s",
                    signed_at=clock.now() + after,
                )
            )

    (row,) = arrivals(services, clock)

    assert row.confirmed_at == clock.now() + 2 * hour


def test_programmes_are_never_counted_together(
    services: Services, clock: Clock, plant: Callable[[Session], Planter]
) -> None:
    with services.database.transaction() as session:
        plant(session).submission(channel=Channel.UPLOAD)
        plant(session).submission(programme=Programme.CASH, channel=Channel.PHONE)

    assert [row.channel for row in arrivals(services, clock)] == ["upload"]
    assert [row.channel for row in arrivals(services, clock, Programme.CASH)] == ["phone"]


def test_a_limit_bounds_the_rows(
    services: Services, clock: Clock, plant: Callable[[Session], Planter]
) -> None:
    with services.database.transaction() as session:
        for _ in range(3):
            plant(session).submission()

    assert len(arrivals(services, clock, limit=2)) == 2


def test_a_row_tells_when_the_receipt_left_and_when_it_was_decided(
    services: Services, clock: Clock, plant: Callable[[Session], Planter]
) -> None:
    later = clock.now() + timedelta(minutes=5)
    with services.database.transaction() as session:
        decided = plant(session).submission(decided_at=later, outcome=Outcome.ANSWERED)
        plant(session).message(decided, sent_at=clock.now())
        # Another kind of message is no receipt of arrival, and makes no second row.
        plant(session).message(decided, kind="R2", sent_at=later)

    (row,) = arrivals(services, clock)

    assert (row.receipted_at, row.decided_at) == (clock.now(), later)
    assert row.outcome == Outcome.ANSWERED


def test_what_is_not_there_is_told_as_nothing(
    services: Services, clock: Clock, plant: Callable[[Session], Planter]
) -> None:
    with services.database.transaction() as session:
        plant(session).message(plant(session).submission())

    (row,) = arrivals(services, clock)

    assert (row.receipted_at, row.decided_at, row.confirmed_at) == (None, None, None)
    assert not row.is_filed_by_rule
    assert not row.was_quarantined


@pytest.mark.parametrize(
    ("kind", "is_undone", "by_rule"),
    [
        (FilingActKind.FILED_BY_RULE, False, True),
        (FilingActKind.OPENED_BY_RULE, False, True),
        (FilingActKind.FILED_BY_RULE, True, False),
        (FilingActKind.ACCEPTED, False, False),
        (FilingActKind.OPENED, False, False),
    ],
)
def test_only_a_rules_filing_that_stands_was_without_a_hand(
    services: Services,
    clock: Clock,
    plant: Callable[[Session], Planter],
    kind: str,
    is_undone: bool,
    by_rule: bool,
) -> None:
    with services.database.transaction() as session:
        submission = plant(session).submission()
        filing_acts.add(session, act(submission, kind, clock, is_undone=is_undone))

    (row,) = arrivals(services, clock)

    assert row.is_filed_by_rule is by_rule


def test_a_closed_item_of_the_quarantine_still_counts(
    services: Services, clock: Clock, plant: Callable[[Session], Planter]
) -> None:
    with services.database.transaction() as session:
        submission = plant(session).submission()
        plant(session).item(submission, queue=Queue.QUARANTINE, closed_at=clock.now())
        plant(session).item(submission, queue=Queue.QUARANTINE, kind="quarantine")

    (row,) = arrivals(services, clock)

    assert row.was_quarantined


def test_the_backlog_counts_open_items_of_a_programme(
    services: Services, clock: Clock, plant: Callable[[Session], Planter]
) -> None:
    with services.database.transaction() as session:
        for _ in range(2):
            plant(session).item(plant(session).submission())
        plant(session).item(plant(session).submission(), closed_at=clock.now())
        plant(session).item(
            plant(session).submission(programme=Programme.CASH), queue=Queue.ON_HOLD
        )

    with services.database.reading() as session:
        assert programme_statistics.backlog(session, Programme.REFERRALS) == {"Q2": 2}
        assert programme_statistics.backlog(session, Programme.CASH) == {"Q4": 1}
