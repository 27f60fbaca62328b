"""Enqueue and half do workflows as the last release did: with dbos as it comes, in pickles.

Run as `python -m tests.intake.pipeline.last_release URL WAITING BEGUN`: the first submission is
only enqueued; of the second the step `open` is recorded, and the process dies in `inspect`. Nothing
of ours is imported, since our modules change how dbos writes.
"""

import os
import sys
import threading

from dbos import DBOS, DBOSClient

NAME, VERSION, QUEUE, WORKFLOW = "avrr-intake", "1", "intake", "process_submission"


def run(url: str, waiting: str, begun: str) -> None:
    """Leave both submissions in the engine's tables."""
    client = DBOSClient(system_database_url=url, application_name=NAME)
    for submission_id in (begun, waiting):
        client.enqueue(
            {
                "workflow_name": WORKFLOW,
                "queue_name": QUEUE,
                "workflow_id": submission_id,
                "app_version": VERSION,
            },
            submission_id,
        )
    DBOS(
        config={
            "name": NAME,
            "system_database_url": url,
            "application_version": VERSION,
            "executor_id": "worker-1",
            "run_migrations": False,
            "enable_otlp": False,
        }
    )

    @DBOS.workflow(name=WORKFLOW)
    def process_submission(submission_id: str) -> None:
        DBOS.run_step({"name": "open"}, lambda _id: None, submission_id)
        DBOS.run_step({"name": "inspect"}, lambda _id: os._exit(9), submission_id)

    DBOS.launch()
    # One at a time, so that the second stays in the queue.
    DBOS.register_queue(QUEUE, worker_concurrency=1, polling_interval_sec=0.05)
    threading.Event().wait(60)


if __name__ == "__main__":
    run(*sys.argv[1:])
