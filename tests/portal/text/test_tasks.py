"""Check the words of tasks: each kind and each outcome has its own."""

from intake.queues.task_outcomes import OUTCOMES, Outcome
from portal.text import labels, tasks
from storage.submissions.queue_items import TaskKind


def test_each_task_says_what_is_to_be_done() -> None:
    assert set(tasks.TO_DO) == set(TaskKind) - {TaskKind.SUBMISSION}


def test_each_outcome_has_a_button_and_words_for_afterwards() -> None:
    assert set(tasks.OUTCOMES) == set(tasks.DONE) == set(Outcome)
    assert set(tasks.FOLLOWS) <= set(Outcome)


def test_buttons_of_one_task_differ() -> None:
    for found in OUTCOMES.values():
        assert len({tasks.OUTCOMES[each] for each in found}) == len(found)


def test_the_form_names_the_buttons_that_need_a_note() -> None:
    assert tasks.needing_note(OUTCOMES[TaskKind.WRONG_READER]) == "“An incident”"
    assert tasks.needing_note(OUTCOMES[TaskKind.COORDINATOR_WROTE]) == ""


def test_the_history_says_what_came_of_a_task_and_no_id() -> None:
    detail: dict[str, object] = {"item": "0" * 32, "kind": "wrong_reader", "outcome": "slip"}

    assert labels.details(detail) == (
        "Perhaps an incident: a link reached the wrong coordinator · a slip, no incident"
    )
