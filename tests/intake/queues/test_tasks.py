"""Check staff tasks: each stands once before a person, with a clock and an audit event."""

import pytest

from intake.core.errors import NotFound
from intake.core.office_clock import due_at
from intake.core.services import Services
from intake.queues.tasks import QUEUE_OF_KIND, add_task
from storage import audit
from storage.submissions import queue_items
from storage.submissions.queue_items import TaskKind
from storage.submissions.submissions import Programme, Submission
from tests.support.building import Clock
from tests.support.rows import Planter


@pytest.fixture
def submission(services: Services, clock: Clock) -> Submission:
    """Give a submission of the cash programme."""
    with services.database.transaction() as session:
        planter = Planter(session, services.keyring, clock.now())
        return planter.submission(programme=Programme.CASH)


@pytest.mark.parametrize("kind", QUEUE_OF_KIND)
def test_a_task_stands_in_its_queue(
    services: Services, clock: Clock, submission: Submission, kind: TaskKind
) -> None:
    with services.database.transaction() as session:
        add_task(services, session, submission.id, kind=kind, reason="why")

    with services.database.reading() as session:
        (item,) = queue_items.of_submission(session, submission.id)
        events = audit.of_subject(session, "submission", submission.id)
    assert (item.queue, item.kind, item.reason) == (QUEUE_OF_KIND[kind], kind, "why")
    assert (item.programme, item.priority) == ("cash", "unknown")
    assert item.due_at == due_at(services.offices, item.queue, clock.now())
    assert [event.act for event in events] == ["task.opened"]


def test_the_same_task_again_changes_nothing(services: Services, submission: Submission) -> None:
    for reason in ("first", "second"):
        with services.database.transaction() as session:
            add_task(services, session, submission.id, kind=TaskKind.QUARANTINE, reason=reason)

    with services.database.reading() as session:
        (item,) = queue_items.of_submission(session, submission.id)
        assert item.reason == "first"
        assert audit.count(session) == 1


def test_a_task_about_nothing_is_not_found(services: Services) -> None:
    with pytest.raises(NotFound), services.database.transaction() as session:
        add_task(services, session, "unknown", kind=TaskKind.QUARANTINE, reason="why")
