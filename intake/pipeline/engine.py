"""Run the steps of submissions as durable workflows of dbos, on the database of the tables.

A workflow's id is its submission's id, and it is enqueued in the transaction that stores the
submission, so that accepting is one commit. Each step may run twice. Executors have stable names,
so that a restarted worker finds its own work, and the others take over the work of a silent one
(dbos itself does not do that).
"""

import logging
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

from intake.core import audit
from intake.core.errors import StorageUnavailable
from intake.pipeline import row_review
from intake.pipeline.durable import DBOS, JSON
from intake.pipeline.exclusive_lock import ExclusiveLock
from intake.pipeline.inspect_and_file import hand_to_person, inspect_and_file
from intake.pipeline.letter_charset import reread_letter
from intake.pipeline.maintenance import Maintenance
from intake.pipeline.ocr import ScanReader
from intake.pipeline.open_mail import open_submission
from intake.pipeline.read_documents import leave_unread, read_documents
from intake.pipeline.work_queue import (
    APPLICATION,
    APPLICATION_VERSION,
    COPIES_QUEUE,
    COPIES_WORKFLOW,
    QUEUE,
    WORKFLOW,
    IntakeQueue,
)
from intake.pipeline.worker_services import MAX_ATTEMPTS
from intake.safe_copies.make import hold_documents_without_copy, make_safe_copies
from intake.sandbox.protocol.errors import JailUnavailable
from storage.operations import heartbeats
from storage.submissions import submissions

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager

    from intake.pipeline.worker_services import WorkerServices

LOG = logging.getLogger(__name__)
COPIES_AT_ONCE = 2
# A poll claims so many at most, which share the jails, so that polling is no bottleneck.
CLAIMED_AT_ONCE = 8
POLL_SECONDS = 0.05
MAX_PAUSE_SECONDS = 30.0
MAX_FAILURES = 3
# A submission whose step began so often without an end may be what killed the worker, so it then
# runs alone.
SUSPECT_ATTEMPTS = MAX_ATTEMPTS - 1


class Worker:
    """The worker of one process: runs the steps, maintenance and the reader of scans."""

    def __init__(self, worker_services: "WorkerServices", queue: IntakeQueue, *, slot: str) -> None:
        self._worker_services = worker_services
        self._queue = queue
        self.executor_id = f"worker-{slot}"
        self._stop = threading.Event()
        self._lock = ExclusiveLock()
        self._in_hand: set[str] = set()
        self._maintenance = Maintenance(
            worker_services, queue, self.executor_id, self._stop, in_hand=self._in_hand.copy
        )
        self._reader = ScanReader(worker_services, self.is_idle, self._stop)

    def start(self) -> None:
        """Launch the engine and begin to work."""
        database = self._worker_services.services.database
        DBOS(
            config={
                "name": APPLICATION,
                "system_database_engine": database.engine,
                "application_version": APPLICATION_VERSION,
                "executor_id": self.executor_id,
                "run_migrations": False,
                "serializer": JSON,
                "log_level": "WARNING",
                "enable_otlp": False,
            }
        )

        @DBOS.workflow(name=WORKFLOW)
        def process_submission(submission_id: str) -> None:
            # A plain function, because dbos sets attributes on it, which a bound method refuses.
            with self._holding(DBOS.workflow_id):
                self._process(submission_id)

        @DBOS.workflow(name=COPIES_WORKFLOW)
        def make_copies(submission_id: str) -> None:
            with self._holding(DBOS.workflow_id):
                DBOS.run_step({"name": "make_safe"}, self._copy_and_read, submission_id)

        # Jails start before the first untrusted byte comes, so that a failure is known now.
        self._worker_services.jails.start()
        if self._worker_services.own_check is not None:
            self._worker_services.own_check.signers.start()
        self._maintenance.beat()
        audit.write_anchor_if_possible(self._worker_services.services)
        row_review.cancel_foreign(database, self._queue)
        DBOS.launch()
        for queue, concurrency in ((QUEUE, CLAIMED_AT_ONCE), (COPIES_QUEUE, COPIES_AT_ONCE)):
            DBOS.register_queue(
                queue,
                worker_concurrency=concurrency,
                polling_interval_sec=POLL_SECONDS,
                on_conflict="always_update",
            )
        self._maintenance.start()
        self._reader.start()

    def stop(self) -> None:
        """Stop the worker: running steps finish, the rest stays in the queue."""
        self._stop.set()
        self._maintenance.join()
        DBOS.destroy(destroy_registry=True, workflow_completion_timeout_sec=30)
        self._worker_services.jails.close()
        self._worker_services.renderers.close()
        if self._worker_services.own_check is not None:
            self._worker_services.own_check.signers.close()
        audit.write_anchor_if_possible(self._worker_services.services)
        with self._worker_services.services.database.transaction() as session:
            heartbeats.end(session, self.executor_id)

    def is_idle(self) -> bool:
        """Tell whether nothing waits and nothing runs."""
        return not self._queue.unfinished()

    @contextmanager
    def _holding(self, workflow_id: str | None) -> "Iterator[None]":
        """Know a workflow as one that runs in this process, until it ends here."""
        name = str(workflow_id)
        self._in_hand.add(name)
        try:
            yield
        finally:
            self._in_hand.discard(name)

    def _process(self, submission_id: str) -> None:
        DBOS.run_step({"name": "open"}, self._patiently, open_submission, submission_id)
        DBOS.run_step({"name": "inspect"}, self._patiently, inspect_and_file, submission_id)
        DBOS.run_step({"name": "copies"}, self._patiently, self._ask_for_copies, submission_id)

    def _copy_and_read(self, submission_id: str) -> None:
        """Read the letter anew, make the copies and read them: one step, which may run twice."""
        self._patiently(reread_letter, submission_id, leave_unread)
        self._patiently(self._draw, submission_id, self._hold_undrawn)
        self._patiently(self._read, submission_id, leave_unread)

    def _draw(self, worker_services: "WorkerServices", submission_id: str) -> None:
        # Counted before anything is drawn, until all is read: a document that kills the worker
        # must not do so for ever.
        with worker_services.services.database.transaction() as session:
            attempt = submissions.count_attempt(session, submission_id, "copy")
        if attempt > MAX_ATTEMPTS:
            hold_documents_without_copy(worker_services.copies, submission_id)
            return
        try:
            make_safe_copies(worker_services.copies, submission_id)
        except (StorageUnavailable, JailUnavailable):
            with worker_services.services.database.transaction() as session:
                submissions.give_back_attempt(session, submission_id, "copy")
            raise

    def _hold_undrawn(self, worker_services: "WorkerServices", submission_id: str) -> None:
        hold_documents_without_copy(worker_services.copies, submission_id)

    def _read(self, worker_services: "WorkerServices", submission_id: str) -> None:
        with worker_services.services.database.reading() as session:
            attempts = submissions.unfinished_attempts(session, submission_id)
        if attempts > MAX_ATTEMPTS:
            leave_unread(worker_services, submission_id)
        else:
            read_documents(worker_services, submission_id)

    def _ask_for_copies(self, _worker_services: "WorkerServices", submission_id: str) -> None:
        # Copies have their own queue: a document that is slow to draw must not delay a receipt.
        self._queue.enqueue_copies(submission_id)

    def _patiently(
        self,
        step: "Callable[[WorkerServices, str], None]",
        submission_id: str,
        give_up: "Callable[[WorkerServices, str], None]" = hand_to_person,
    ) -> None:
        """Run a step until it succeeds or `give_up` is called; a full disk only makes it wait."""
        pause, failures = 0.5, 0
        while not self._stop.is_set():
            try:
                with self._turn(submission_id):
                    step(self._worker_services, submission_id)
            except (StorageUnavailable, JailUnavailable) as error:
                LOG.warning("event=step_waits submission=%s reason=%s", submission_id, error.reason)
                self._stop.wait(pause)
                pause = min(pause * 2, MAX_PAUSE_SECONDS)
            except Exception:
                # Any exception is caught: the next submission must be processed whatever happened.
                failures += 1
                LOG.exception("event=step_failed submission=%s", submission_id)
                if failures >= MAX_FAILURES:
                    give_up(self._worker_services, submission_id)
                    return
            else:
                return
        raise WorkerStopping

    def _turn(self, submission_id: str) -> "AbstractContextManager[None]":
        with self._worker_services.services.database.reading() as session:
            begun = submissions.unfinished_attempts(session, submission_id)
        is_suspect = begun >= SUSPECT_ATTEMPTS
        return self._lock.exclusive() if is_suspect else self._lock.shared()


class WorkerStopping(Exception):
    """The process is asked to stop. The step runs again at the next start."""
