"""Plant a task about a submission that waits, and do it as its page would."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from intake.access import gate
from intake.accounts.accounts import SignedInUser
from intake.core.services import Services
from intake.queues import gaps
from intake.queues.tasks import QUEUE_OF_KIND, add_task
from intake.triage.endings import do_task
from intake.triage.endings.do_task import TaskReport
from storage import audit
from storage.crypto.sealing import unseal
from storage.submissions import due_warnings, queue_items, task_outcomes
from storage.submissions.queue_items import Queue, QueueItem, TaskKind
from storage.submissions.submissions import Submission, place
from storage.submissions.task_outcomes import TaskOutcome
from tests.intake.correspondence.conversations import TEXTS
from tests.support.people import plant_user
from tests.support.rows import Planter

NOTE = "Called twice, they answer in the morning"


@dataclass(frozen=True)
class Asked:
    """A task about a submission, and who does it."""

    services: Services
    submission_id: str
    reference: str
    item_id: str
    doer: SignedInUser

    def do(self, outcome: str, note: str = NOTE, **changes: Any) -> str:
        """Do it. Any: fields of the report."""
        again = self.services.now() + timedelta(hours=20)
        fields: dict[str, Any] = {"again_at": again, "seen_outcome": self.newest_id()} | changes
        doer = fields.pop("doer", self.doer)
        opened = gate.task_to_do(self.services, doer, self.item_id)
        return do_task.do_task(self.services, TEXTS, opened, TaskReport(outcome, note, **fields))

    def reopen(self, outcome_id: str, doer: SignedInUser | None = None) -> None:
        """Open it again."""
        opened = gate.task_to_do(self.services, doer or self.doer, self.item_id)
        do_task.reopen_task(self.services, opened, outcome_id)

    def raise_again(self, kind: TaskKind) -> None:
        """Let the same event ask for it once more."""
        with self.services.database.transaction() as session:
            add_task(self.services, session, self.submission_id, kind=kind, reason="again")

    def item(self) -> QueueItem:
        """Return its item."""
        with self.services.database.reading() as session:
            return session.get_one(QueueItem, self.item_id)

    def submission(self) -> Submission:
        """Return what it is about."""
        with self.services.database.reading() as session:
            return session.get_one(Submission, self.submission_id)

    def own_item(self) -> QueueItem:
        """Return the open item of the submission itself."""
        with self.services.database.reading() as session:
            items = queue_items.of_submission(session, self.submission_id)
        (own,) = [each for each in items if each.kind == "submission" and each.closed_at is None]
        return own

    def rows(self) -> list[TaskOutcome]:
        """Return all that was reported."""
        with self.services.database.reading() as session:
            return task_outcomes.of_submission(session, self.submission_id)

    def newest_id(self) -> str:
        """Return what the page would carry as seen."""
        rows = [row for row in self.rows() if row.item_id == self.item_id]
        return rows[-1].id if rows else ""

    def note_of(self, row: TaskOutcome) -> str:
        """Return a note, opened."""
        with self.services.database.reading() as session:
            submission = session.get_one(Submission, self.submission_id)
            key = self.services.keyring.open(session, submission.data_key_id)
        return unseal(key, place("task_outcomes", "note", row.id), row.note)

    def acts(self) -> list[tuple[str, dict[str, Any]]]:
        """Return what people did to it, and prove the chain."""
        with self.services.database.reading() as session:
            assert audit.check_chain(session, self.services.keyring) == []
            events = audit.of_subject(session, "submission", self.submission_id)
        return [(event.act, event.detail) for event in events if event.actor.startswith("user:")]


def plant(services: Services, kind: TaskKind, **changes: Any) -> Asked:
    """Store a submission that waits, with a task. Any: a submission's fields."""
    role = "PROT" if QUEUE_OF_KIND.get(kind) == Queue.PROTECTION else "INTAKE"
    doer = plant_user(services, f"{role} 1", role)
    fields: dict[str, Any] = {"state": "QUEUED", "sender_verdict": "registered"}
    with services.database.transaction() as session:
        planter = Planter(session, services.keyring, services.now())
        if (fields | changes)["state"] == "QUEUED":
            fields["case_id"] = planter.case().id
        submission = planter.submission(**(fields | changes))
        submission.sender_reasons = ["address_registered"]
        own = planter.item(submission)
        if kind == TaskKind.NOBODY_WARNED:
            gaps.open_gap(services, session, own, kind)
            items = due_warnings.open_gaps(session, own.programme)
        else:
            add_task(services, session, submission.id, kind=kind, reason=kind)
            items = queue_items.of_submission(session, submission.id)
        (item,) = [each for each in items if each.kind == kind]
    return Asked(services, submission.id, submission.reference, item.id, doer)
