"""Do what a worker does regularly beside its steps.

It records that the worker is alive, takes over the work of a silent worker, resumes its own whose
end could not be recorded, cancels workflows that are not ours, restarts those that are missing,
asks for another scan when the scanner is back or has new signatures, raises and escalates items,
sends reminders, takes their work from accounts that ended, deletes blobs without a row, and copies
the end of the audit trail out of the database. It uses the engine only through `Workflows`.
"""

import logging
import os
import threading
import time
from datetime import timedelta
from typing import TYPE_CHECKING, Protocol

from intake.accounts.letting_go import let_go_of_ended
from intake.arrivals.drafts import erase_abandoned
from intake.cases.consent.hold import hold_expired
from intake.cases.consent.override import check_ends
from intake.cases.legal_dates import raise_near_items
from intake.confirmations import printed_codes
from intake.core import audit
from intake.core.errors import StorageUnavailable
from intake.correspondence.reminders import send_due_reminders
from intake.duty.warn import give_warnings
from intake.inspection.inspect_documents import has_stale_signatures, scanner_version
from intake.inspection.verdicts import AMBIGUOUS_MESSAGE
from intake.oversight.verify import sweep_orphans
from intake.pipeline import row_review
from intake.pipeline.inspect_and_file import WAITING_REASONS
from intake.queues import search_index
from intake.queues.escalation import escalate_late_items
from intake.sandbox.protocol import signs
from intake.triage import hold_ends, legal_days
from storage.documents import documents, safe_copies
from storage.operations import heartbeats
from storage.submissions import submissions

if TYPE_CHECKING:
    from collections.abc import Callable

    from intake.pipeline.worker_services import WorkerServices

LOG = logging.getLogger(__name__)
BEAT_SECONDS = 5.0
SILENT_AFTER = timedelta(seconds=30)
# A submission that is older and still in no queue gets its workflow restarted.
STRAY_AFTER = timedelta(seconds=120)
# The engine records an end within moments; a full disk keeps it from doing so, and it does not ask
# again: the row says "running" until the process starts anew.
UNRECORDED_SECONDS = 60.0
SWEEP_SECONDS = 3600.0
MINUTE_SECONDS = 60.0
# With new signatures everything is scanned again, so many in each round beside new mail.
RESCANNED_AT_ONCE = 5
COPIED_AGAIN_AT_ONCE = 20


class Workflows(Protocol):
    """The part of the engine's queue that maintenance needs."""

    def enqueue_again(self, submission_id: str, round_name: str) -> bool:
        """Start a further workflow; False while one waits or runs."""

    def enqueue_copies(self, submission_id: str) -> None:
        """Start the workflow that makes the missing safe copies of a submission's documents."""

    def unfinished(self, executor_ids: list[str] | None = None) -> list[str]:
        """Return the ids of workflows that wait or run."""

    def resume(self, workflow_ids: list[str]) -> None:
        """Put workflows of a dead executor back into the queue."""

    def cancel(self, workflow_ids: list[str]) -> None:
        """Take workflows out of the queue for good."""


def do_what_is_due(worker_services: "WorkerServices") -> None:
    """Do what falls due by the clock: a worker calls it once a minute.

    Items are raised, warned of and escalated; reminders leave; overrides, consents, drafts,
    accounts and holds end. Each is its own transaction and may be repeated, and one that fails
    keeps no other from being done. Raises StorageUnavailable.
    """
    services, texts = worker_services.services, worker_services.texts
    now = services.now()
    steps: dict[str, Callable[[], int]] = {
        "raised": lambda: raise_near_items(services, now),
        "days": lambda: legal_days.open_near(services, now),
        "warned": lambda: give_warnings(services, texts, now),
        # A reminder that leaves on its day gives its task a new one, so it comes before what is
        # late.
        "reminded": lambda: send_due_reminders(services, texts, now),
        "late": lambda: escalate_late_items(services, now),
        "consents": lambda: hold_expired(services),
        "overrides": lambda: check_ends(services, now),
        "erased": lambda: erase_abandoned(services),
        "ended": lambda: let_go_of_ended(services),
        "returned": lambda: hold_ends.return_due(services, now),
    }
    done = {name: _done(name, step) for name, step in steps.items()}
    if any(done.values()):
        LOG.info(
            "event=clocks_checked raised=%d days=%d warned=%d reminded=%d late=%d consents=%d"
            " overrides=%d erased=%d ended=%d returned=%d",
            *done.values(),
        )


def _done(name: str, step: "Callable[[], int]") -> int:
    try:
        return step()
    except StorageUnavailable:
        raise
    except Exception:
        LOG.exception("event=clock_not_checked step=%s", name)
        return 0


class Maintenance:
    """The maintenance of one worker, in a thread of its own until `stop` is set."""

    def __init__(
        self,
        worker_services: "WorkerServices",
        queue: Workflows,
        executor_id: str,
        stop: threading.Event,
        *,
        in_hand: "Callable[[], set[str]]",
    ) -> None:
        self._worker_services = worker_services
        self._queue = queue
        self._executor_id = executor_id
        self._stop = stop
        self._in_hand = in_hand
        self._unrecorded_since: dict[str, float] = {}
        self._next_sweep = time.monotonic() + SWEEP_SECONDS
        self._next_minute = time.monotonic()
        self._next_review = time.monotonic()
        self._next_anchor = time.monotonic() + MINUTE_SECONDS
        self._is_indexed = False
        self._refused_values = 0
        self._thread = threading.Thread(target=self._keep, name="maintenance", daemon=True)

    def start(self) -> None:
        """Start the thread."""
        self._thread.start()

    def join(self) -> None:
        """Wait for the end of the present round."""
        if self._thread.is_alive():
            self._thread.join(timeout=BEAT_SECONDS * 2)

    def _keep(self) -> None:
        steps = (
            self.beat,
            self._take_over,
            self._resume_unrecorded,
            self._review_rows,
            self._start_strays,
            self._scan_again,
            self._copy_again,
            self._check_due_times,
            self._anchor_audit,
            self._sweep,
            self._index_words,
        )
        while not self._stop.wait(BEAT_SECONDS):
            for step in steps:
                if not self._keep_step(step):
                    break

    def _keep_step(self, step: "Callable[[], None]") -> bool:
        """Do one step; False when nothing can be done now. One that fails keeps no other back."""
        try:
            step()
        except StorageUnavailable as error:
            LOG.warning("event=maintenance_waits reason=%s", error.reason)
            return False
        except Exception:
            LOG.exception("event=maintenance_failed step=%s", step.__name__.lstrip("_"))
        return True

    def _index_words(self) -> None:
        """Index what has no words or codes yet, once: an upgrade may have emptied the index."""
        if self._is_indexed:
            return
        services = self._worker_services.services
        while printed_codes.note_codes(services):
            pass
        indexed = search_index.index_all(services)
        self._is_indexed = True
        if indexed:
            LOG.info("event=submissions_indexed number=%d", indexed)

    def beat(self) -> None:
        """Record that this worker is alive, how its sandbox is confined, and what was refused."""
        services = self._worker_services.services
        detail = {
            "sandbox": self._worker_services.jails.mode,
            "refused_values": self._refused_values,
        }
        with services.database.transaction() as session:
            heartbeats.beat(
                session, self._executor_id, "worker", os.getpid(), detail, services.now()
            )

    def _take_over(self) -> None:
        services = self._worker_services.services
        with services.database.reading() as session:
            silent = heartbeats.silent(session, "worker", services.now() - SILENT_AFTER)
        names = [beat.executor_id for beat in silent]
        if not names:
            return
        stranded = self._queue.unfinished(names)
        if stranded:
            LOG.warning(
                "event=workflows_taken_over executors=%d workflows=%d", len(names), len(stranded)
            )
            self._queue.resume(stranded)
        with services.database.transaction() as session:
            for name in names:
                heartbeats.end(session, name)

    def _resume_unrecorded(self) -> None:
        """Resume own workflows that stand as running though they ended here a while ago."""
        now = time.monotonic()
        # Read in this order: what ends between the two readings is gone at the next round.
        standing = self._queue.unfinished([self._executor_id])
        ended = set(standing) - self._in_hand()
        since = {name: self._unrecorded_since.get(name, now) for name in ended}
        lost = [name for name, seen in since.items() if now - seen >= UNRECORDED_SECONDS]
        if lost:
            LOG.warning("event=workflows_resumed workflows=%d", len(lost))
            self._queue.resume(lost)
        self._unrecorded_since = {name: since[name] for name in ended.difference(lost)}

    def _review_rows(self) -> None:
        """Cancel foreign workflows before strays are sought; look at every value once an hour."""
        database = self._worker_services.services.database
        row_review.cancel_foreign(database, self._queue)
        if time.monotonic() >= self._next_review:
            self._next_review = time.monotonic() + SWEEP_SECONDS
            self._refused_values = row_review.count_refused(database)
            self.beat()

    def _start_strays(self) -> None:
        """Restart the workflow of submissions that are in no queue and have none running."""
        services = self._worker_services.services
        with services.database.reading() as session:
            strays = submissions.unfinished(session, received_before=services.now() - STRAY_AFTER)
        if not strays:
            return
        running = {workflow.partition(":")[0] for workflow in self._queue.unfinished()}
        for submission_id in strays:
            if submission_id not in running:
                LOG.warning("event=submission_started_again submission=%s", submission_id)
                self._queue.enqueue_again(submission_id, "stray")

    def _scan_again(self) -> None:
        """Ask to inspect again what was held without a scanner's answer or has old signatures."""
        scanner = self._worker_services.scanner
        if scanner is None or scanner.version() is None:
            return
        services = self._worker_services.services
        is_stale = has_stale_signatures(self._worker_services.inspection)
        reasons = [r for r in WAITING_REASONS if not (is_stale and r == "signatures_stale")]
        version = scanner_version(self._worker_services.inspection)
        with services.database.reading() as session:
            waiting = documents.submissions_held_for(session, reasons)
            waiting += documents.submissions_held_without(
                session, AMBIGUOUS_MESSAGE, signs.AMBIGUOUS, limit=RESCANNED_AT_ONCE
            )
            if not is_stale:
                waiting += documents.submissions_judged_by_others(
                    session, version, limit=RESCANNED_AT_ONCE
                )
        for submission_id in dict.fromkeys(waiting):
            self._queue.enqueue_again(submission_id, "scan")

    def _copy_again(self) -> None:
        """Ask for copies that are missing though their documents were inspected a while ago."""
        services = self._worker_services.services
        with services.database.reading() as session:
            lacking = safe_copies.submissions_lacking(
                session, judged_before=services.now() - STRAY_AFTER, limit=COPIED_AGAIN_AT_ONCE
            )
        running = {workflow.partition(":")[0] for workflow in self._queue.unfinished()}
        for submission_id in lacking:
            if submission_id not in running:
                self._queue.enqueue_copies(submission_id)

    def _check_due_times(self) -> None:
        """Do once a minute what falls due: clocks, reminders, ends of accounts; train the model."""
        if time.monotonic() < self._next_minute:
            return
        self._next_minute = time.monotonic() + MINUTE_SECONDS
        do_what_is_due(self._worker_services)
        if self._worker_services.readers.learn_more(self._worker_services.services):
            LOG.info("event=readers_learnt")

    def _anchor_audit(self) -> None:
        """Copy the end of the audit trail out of the database, once a minute."""
        if time.monotonic() < self._next_anchor:
            return
        self._next_anchor = time.monotonic() + MINUTE_SECONDS
        audit.write_anchor(self._worker_services.services)

    def _sweep(self) -> None:
        if time.monotonic() < self._next_sweep:
            return
        self._next_sweep = time.monotonic() + SWEEP_SECONDS
        removed = sweep_orphans(self._worker_services.services)
        if removed:
            LOG.info("event=orphans_swept orphans=%d", removed)
