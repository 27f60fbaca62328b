"""Check that each row of a list says what is due, and not only when."""

import re
from datetime import timedelta

import pytest

from intake.core.services import Services
from portal.text import tasks
from storage.submissions.queue_items import Queue, TaskKind
from tests.portal import samples
from tests.portal.conftest import SignIn
from tests.portal.triage.tasks.asked import ask


@pytest.mark.parametrize("queue", Queue)
def test_every_queue_says_what_is_due(services: Services, signed_in: SignIn, queue: Queue) -> None:
    programme = "cash" if queue in {Queue.CASH_DECISIONS, Queue.ENQUIRIES} else "referrals"
    samples.seed(services, queue=queue.value, programme=programme, due_in=timedelta(hours=3))
    role = {"cash": "CASH"}.get(programme, "PROT" if queue is Queue.PROTECTION else "INTAKE")

    page = signed_in(role).get(f"/queues/{queue.value}").text

    assert clock_of(page).startswith(f"{tasks.DUE_IN_QUEUE[queue]} by ")
    assert "in 3 h" in clock_of(page)


@pytest.mark.parametrize("kind", [each for each in TaskKind if each is not TaskKind.SUBMISSION])
def test_every_task_says_what_is_due(kind: TaskKind) -> None:
    assert tasks.due(Queue.ON_HOLD, kind, kind) == tasks.DUE_FOR_TASK[kind]


def test_a_call_back_is_due_as_such(services: Services, signed_in: SignIn) -> None:
    made = samples.seed(services, queue=None)
    ask(services, made, TaskKind.CALL_BACK, due_in=timedelta(hours=2))

    page = signed_in("INTAKE").get("/queues/Q4").text

    assert clock_of(page).startswith("Call back by ")


def clock_of(page: str) -> str:
    """Return the words of the only row's clock."""
    (found,) = re.findall(r'<span class="line-clock[^>]*>(.*?)</span>\n<span class="line-who', page)
    return re.sub(r"<[^>]+>", "", found)
