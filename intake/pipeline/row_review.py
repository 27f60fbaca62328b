"""Review the engine's rows: convert those of the last release, and keep foreign ones from running.

A foreign row is one that none of our releases wrote. It is never read: its workflow is cancelled,
and the submission, which still stands in no queue, gets a new one like any other stray.
"""

import logging
from collections import Counter
from typing import TYPE_CHECKING, Protocol

from intake.pipeline.work_queue import COPIES_WORKFLOW, WORKFLOW
from storage.operations import engine_rows

if TYPE_CHECKING:
    from storage.database import Database

LOG = logging.getLogger(__name__)


class Cancelling(Protocol):
    """The part of the engine's queue that a review needs."""

    def cancel(self, workflow_ids: list[str]) -> None:
        """Take workflows out of the queue for good."""


def convert_old(database: "Database", *, is_unfinished_only: bool = False) -> None:
    """Write the rows of the last release as JSON; harmless when there are none."""
    with database.transaction() as session:
        converted = engine_rows.convert_old(session, is_unfinished_only=is_unfinished_only)
    if converted.workflows:
        LOG.warning(
            "event=engine_rows_converted workflows=%d errors_given_up=%d",
            converted.workflows,
            converted.errors_given_up,
        )


def cancel_foreign(database: "Database", queue: Cancelling) -> None:
    """Cancel waiting and running workflows that are not exactly what we enqueue."""
    names = (WORKFLOW, COPIES_WORKFLOW)
    with database.reading() as session:
        foreign = engine_rows.foreign_unfinished(session, names)
        has_old = foreign and engine_rows.has_old(session, foreign)
    if has_old:
        # A process of the last release may still enqueue while another one is being replaced.
        convert_old(database, is_unfinished_only=True)
        with database.reading() as session:
            foreign = engine_rows.foreign_unfinished(session, names)
    if foreign:
        queue.cancel(foreign)
        LOG.error("event=engine_rows_refused workflows=%d", len(foreign))


def count_refused(database: "Database") -> int:
    """Look through all values of the engine for what is no JSON of ours; log where it stands."""
    convert_old(database)
    with database.reading() as session:
        refused = engine_rows.refused_values(session)
    for (table, column), number in Counter((each.table, each.column) for each in refused).items():
        LOG.error("event=engine_values_refused table=%s column=%s rows=%d", table, column, number)
    return len(refused)
