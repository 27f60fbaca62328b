"""Check the table of how tasks end: each kind ends, by a report or by another act."""

import pytest

from intake.queues.task_outcomes import (
    ENDED_BY_AN_ACT,
    NEEDS_NOTE,
    OUTCOMES,
    STAYS_OPEN,
    Outcome,
    outcomes_of,
)
from intake.queues.tasks import QUEUE_OF_KIND
from storage.submissions.queue_items import TaskKind


@pytest.mark.parametrize("kind", TaskKind)
def test_each_kind_of_task_ends_in_one_way(kind: TaskKind) -> None:
    assert bool(outcomes_of(kind)) is not (kind in ENDED_BY_AN_ACT)


def test_each_task_that_is_reported_has_a_queue() -> None:
    # That nobody could be warned stands in the queue of the item that it is about.
    assert set(OUTCOMES) - {TaskKind.NOBODY_WARNED} <= set(QUEUE_OF_KIND)


@pytest.mark.parametrize("kind", OUTCOMES)
def test_each_task_can_end_for_good(kind: TaskKind) -> None:
    found = outcomes_of(kind)

    assert len(found) == len(set(found)) >= 2
    assert set(found) - STAYS_OPEN


def test_each_outcome_belongs_to_a_task() -> None:
    assert {each for found in OUTCOMES.values() for each in found} == set(Outcome)
    assert set(Outcome) >= NEEDS_NOTE | STAYS_OPEN
