"""Put work into the durable queue of the engine: what every process needs of it."""

import time
from typing import TYPE_CHECKING

from intake.pipeline.durable import DBOS, JSON, DBOSClient, dbos_errors

if TYPE_CHECKING:
    from storage.database import Database, Session

APPLICATION = "avrr-intake"
# Fixed, because the default is a hash of the source: work that waits at a deploy would never run.
APPLICATION_VERSION = "1"
QUEUE = "intake"
WORKFLOW = "process_submission"
COPIES_QUEUE = "copies"
COPIES_WORKFLOW = "make_copies"


def prepare(url: str) -> None:
    """Create or migrate the engine's own tables."""
    DBOS.migrate(url)


class IntakeQueue:
    """Enqueues workflows, for the mailbox, the portal and maintenance."""

    def __init__(self, database: "Database") -> None:
        self._client = DBOSClient(
            system_database_engine=database.engine,
            application_name=APPLICATION,
            serializer=JSON,
            lazy=True,
            retry_connection_errors=False,
        )

    def enqueue(self, session: "Session", submission_id: str) -> None:
        """Start a submission's workflow when the caller's transaction commits."""
        self._client.enqueue_in_transaction(
            session,
            {
                "workflow_name": WORKFLOW,
                "queue_name": QUEUE,
                "workflow_id": submission_id,
                "app_version": APPLICATION_VERSION,
            },
            submission_id,
        )

    def enqueue_again(self, submission_id: str, round_name: str) -> bool:
        """Start a further workflow for a submission; False while one is waiting or running."""
        try:
            self._client.enqueue(
                {
                    "workflow_name": WORKFLOW,
                    "queue_name": QUEUE,
                    "workflow_id": f"{submission_id}:{round_name}-{time.time_ns()}",
                    "app_version": APPLICATION_VERSION,
                    "deduplication_id": submission_id,
                },
                submission_id,
            )
        except dbos_errors.DBOSQueueDeduplicatedError:
            return False
        return True

    def enqueue_copies(self, submission_id: str) -> None:
        """Start the workflow that makes the missing safe copies of a submission's documents."""
        self._client.enqueue(
            {
                "workflow_name": COPIES_WORKFLOW,
                "queue_name": COPIES_QUEUE,
                "workflow_id": f"{submission_id}:copies-{time.time_ns()}",
                "app_version": APPLICATION_VERSION,
            },
            submission_id,
        )

    def unfinished(self, executor_ids: list[str] | None = None) -> list[str]:
        """Return the ids of workflows that wait or run, of all executors or of some."""
        if executor_ids is None:
            waiting = self._client.list_workflows(
                status=["ENQUEUED", "PENDING"], load_input=False, load_output=False
            )
        else:
            waiting = self._client.list_workflows(
                status="PENDING", executor_id=executor_ids, load_input=False, load_output=False
            )
        return [workflow.workflow_id for workflow in waiting]

    def resume(self, workflow_ids: list[str]) -> None:
        """Put workflows of a dead executor back into the queue."""
        self._client.resume_workflows(workflow_ids)

    def cancel(self, workflow_ids: list[str]) -> None:
        """Take workflows out of the queue for good; what they would do is not done."""
        self._client.cancel_workflows(workflow_ids)

    def close(self) -> None:
        """Close the client; the database engine, which is not its own, stays open."""
        self._client.destroy()
