"""The engine: durable workflows by dbos, on the database that the tables are in.

The only module that knows dbos. A workflow's id is its submission's id, and it is
enqueued in the transaction that stores the submission, so that accepting is one
commit. Two fat steps a submission; each may run twice. Executors have stable
names, so that a restarted worker finds its own work, and a silent one's work is
taken over by the others (dbos itself does not do that).
"""

import logging
import os
import threading
import time
from datetime import timedelta
from typing import TYPE_CHECKING

from dbos import DBOS, DBOSClient
from dbos import error as dbos_errors

from intake.errors import StorageUnavailable
from intake.jail.errors import JailUnavailable
from intake.opening import open_submission
from intake.routing import hand_over, inspect_and_route
from intake.verify import sweep_orphans
from storage import documents, heartbeats, submissions

if TYPE_CHECKING:
    from collections.abc import Callable

    from intake.workshop import Workshop
    from storage.database import Database, Session

LOG = logging.getLogger(__name__)
APPLICATION = "avrr-intake"
# Fixed by us: the default, a hash of the source, strands pending work at each deploy.
APPLICATION_VERSION = "1"
QUEUE = "intake"
WORKFLOW = "process_submission"
# A poll claims up to this many; they then share the jails, so that polling is no bottleneck.
CLAIMED_AT_ONCE = 8
POLL_SECONDS = 0.05
BEAT_SECONDS = 5.0
SILENT_AFTER = timedelta(seconds=30)
# Older than this and still not before a person: its workflow is looked for and started again.
STRAY_AFTER = timedelta(seconds=120)
MOST_PAUSE_SECONDS = 30.0
MOST_FAILURES = 3
SWEEP_SECONDS = 3600.0


def prepare(url: str) -> None:
    """Make or renew the engine's own tables."""
    DBOS.migrate(url)


class IntakeQueue:
    """The enqueueing side: what the mailbox and the web need of the engine."""

    def __init__(self, database: "Database") -> None:
        self._client = DBOSClient(
            system_database_engine=database.engine,
            application_name=APPLICATION,
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
                    "workflow_id": f"{submission_id}:{round_name}",
                    "app_version": APPLICATION_VERSION,
                    "deduplication_id": submission_id,
                },
                submission_id,
            )
        except dbos_errors.DBOSQueueDeduplicatedError:
            return False
        return True

    def unfinished(self, executor_ids: list[str] | None = None) -> list[str]:
        """Return ids of workflows that wait or run, of all or of some executors."""
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

    def close(self) -> None:
        """Let the client go; the database engine is not its own and stays open."""
        self._client.destroy()


class Worker:
    """One process's worker: runs the steps, beats, takes over, and starts strays again."""

    def __init__(self, workshop: "Workshop", queue: IntakeQueue, *, slot: str) -> None:
        self._workshop = workshop
        self._queue = queue
        self.executor_id = f"worker-{slot}"
        self._stop = threading.Event()
        self._keeper: threading.Thread | None = None
        self._next_sweep = time.monotonic() + SWEEP_SECONDS

    def start(self) -> None:
        """Launch the engine and begin to work."""
        database = self._workshop.services.database
        DBOS(
            config={
                "name": APPLICATION,
                "system_database_engine": database.engine,
                "application_version": APPLICATION_VERSION,
                "executor_id": self.executor_id,
                "run_migrations": False,
                "log_level": "WARNING",
                "enable_otlp": False,
            }
        )

        @DBOS.workflow(name=WORKFLOW)
        def process_submission(submission_id: str) -> None:
            # A plain function: dbos marks what it registers, and a bound method takes no marks.
            self._process(submission_id)

        # The walls stand before the first stranger's byte: a jail that cannot start is known now.
        self._workshop.jails.start()
        self._beat()
        DBOS.launch()
        DBOS.register_queue(
            QUEUE,
            worker_concurrency=CLAIMED_AT_ONCE,
            polling_interval_sec=POLL_SECONDS,
            on_conflict="always_update",
        )
        self._keeper = threading.Thread(target=self._keep, daemon=True)
        self._keeper.start()

    def stop(self) -> None:
        """End in good order: running steps finish, the rest stays in the queue."""
        self._stop.set()
        if self._keeper is not None:
            self._keeper.join(timeout=BEAT_SECONDS * 2)
        DBOS.destroy(destroy_registry=True, workflow_completion_timeout_sec=30)
        self._workshop.jails.close()
        with self._workshop.services.database.transaction() as session:
            heartbeats.end(session, self.executor_id)

    def is_idle(self) -> bool:
        """Tell whether nothing waits and nothing runs."""
        return not self._queue.unfinished()

    def _process(self, submission_id: str) -> None:
        DBOS.run_step({"name": "open"}, self._patiently, open_submission, submission_id)
        DBOS.run_step({"name": "inspect"}, self._patiently, inspect_and_route, submission_id)

    def _patiently(self, step: "Callable[[Workshop, str], None]", submission_id: str) -> None:
        """Run a step until it is done or a person has it; a full disk is waited out."""
        pause, failures = 0.5, 0
        while not self._stop.is_set():
            try:
                step(self._workshop, submission_id)
            except (StorageUnavailable, JailUnavailable) as error:
                LOG.warning("step waits submission=%s reason=%s", submission_id, error.reason)
                self._stop.wait(pause)
                pause = min(pause * 2, MOST_PAUSE_SECONDS)
            except Exception:
                # The worker's loop: whatever happened, the next submission must not suffer.
                failures += 1
                LOG.exception("step failed submission=%s", submission_id)
                if failures >= MOST_FAILURES:
                    hand_over(self._workshop, submission_id)
                    return
            else:
                return
        raise WorkerStopping

    def _keep(self) -> None:
        while not self._stop.wait(BEAT_SECONDS):
            try:
                self._beat()
                self._take_over()
                self._start_strays()
                self._scan_again()
                self._sweep()
            except StorageUnavailable as error:
                LOG.warning("keeper waits reason=%s", error.reason)
            except Exception:
                LOG.exception("keeper failed")

    def _beat(self) -> None:
        services = self._workshop.services
        detail = {"sandbox": self._workshop.jails.mode}
        with services.database.transaction() as session:
            heartbeats.beat(
                session, self.executor_id, "worker", os.getpid(), detail, services.now()
            )

    def _take_over(self) -> None:
        services = self._workshop.services
        with services.database.reading() as session:
            silent = heartbeats.silent(session, "worker", services.now() - SILENT_AFTER)
        names = [beat.executor_id for beat in silent]
        if not names:
            return
        stranded = self._queue.unfinished(names)
        if stranded:
            LOG.warning("takes over executors=%d workflows=%d", len(names), len(stranded))
            self._queue.resume(stranded)
        with services.database.transaction() as session:
            for name in names:
                heartbeats.end(session, name)

    def _start_strays(self) -> None:
        """Find submissions whose workflow ended or is missing before a person had them."""
        services = self._workshop.services
        with services.database.reading() as session:
            strays = submissions.unfinished(session, received_before=services.now() - STRAY_AFTER)
        if not strays:
            return
        running = {workflow.partition(":")[0] for workflow in self._queue.unfinished()}
        for submission_id in strays:
            if submission_id not in running:
                LOG.warning("starts again submission=%s", submission_id)
                self._queue.enqueue_again(submission_id, f"stray-{time.time_ns()}")

    def _scan_again(self) -> None:
        """Once the scanner answers, inspect what was held without its word."""
        scanner = self._workshop.scanner
        if scanner is None or scanner.version() is None:
            return
        services = self._workshop.services
        with services.database.reading() as session:
            waiting = documents.submissions_held_for(session, ["scanner_away", "scanner_error"])
        for submission_id in waiting:
            self._queue.enqueue_again(submission_id, f"scan-{time.time_ns()}")

    def _sweep(self) -> None:
        if time.monotonic() < self._next_sweep:
            return
        self._next_sweep = time.monotonic() + SWEEP_SECONDS
        removed = sweep_orphans(self._workshop.services)
        if removed:
            LOG.info("swept orphans=%d", removed)


class WorkerStopping(Exception):
    """The process is asked to stop; the step runs again at the next start."""
