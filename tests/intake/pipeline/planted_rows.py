"""Plant pickles into the engine's tables, as somebody would who can write the database.

The tables are walked by the engine's own metadata: every text that is no key is planted once under
every label that says how a value is written. A planted pickle makes a folder when it is read, and
the folder's name tells which column it was.
"""

import base64
import os
import pickle
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dbos._schemas import SCHEMA_PLACEHOLDER
from dbos._schemas.system_database import SystemSchema
from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Connection,
    Float,
    Integer,
    String,
    Table,
    func,
    insert,
    select,
    update,
)

from intake.pipeline import work_queue
from storage.database import Database

LABELS = ("py_pickle", "portable_json", "of_nobody", None)
STATUS = SystemSchema.workflow_status
OWNERS = ("workflow_uuid", "destination_uuid")


@dataclass(frozen=True)
class Payload:
    """An object whose pickle makes a folder when it is read."""

    folder: Path

    def __reduce__(self) -> tuple[Any, tuple[str]]:  # Any: pickle's protocol
        return os.mkdir, (str(self.folder),)

    def written(self) -> str:
        """Return the pickle as the engine would have written it."""
        return base64.b64encode(pickle.dumps(self)).decode("ascii")


def plant_everywhere(database: Database, submission_id: str, folder: Path) -> list[str]:
    """Plant one row for each text and label; return `table.column.label` of each."""
    planted = []
    with _connected(database) as connection:
        for table, column, label in _places():
            name = f"{table.name}.{column.name}.{label}"
            row = _row(table, submission_id, name, label)
            row[column.name] = Payload(folder / name).written()
            if table is not STATUS and not set(table.c.keys()).isdisjoint(OWNERS):
                owner = _owner(table, column, submission_id, name, label)
                connection.execute(insert(STATUS).values(owner))
            connection.execute(insert(table).values(row))
            planted.append(name)
    return planted


def _owner(
    table: Table, column: Column[Any], submission_id: str, name: str, label: str | None
) -> dict[str, Any]:
    """Return the row of the workflow to which a planted row belongs."""
    owner = _row(STATUS, submission_id, name, "portable_json")
    if "serialization" not in table.c:
        # The workflow's own label says how its arguments and results are written.
        owner |= {"serialization": label, "inputs": None}
    if table.name == "workflow_output":
        owner["status"] = "ERROR" if column.name == "error" else "SUCCESS"
    return owner


def swap_arguments(
    database: Database, submission_id: str, label: str | None, payload: Payload
) -> None:
    """Put a pickle where the arguments of a waiting workflow stand."""
    with _connected(database) as connection:
        inputs, key = payload.written(), STATUS.c.workflow_uuid == submission_id
        connection.execute(update(STATUS).where(key).values(inputs=inputs, serialization=label))
        kept = SystemSchema.workflow_input
        connection.execute(
            update(kept).where(kept.c.workflow_uuid == submission_id).values(inputs=inputs)
        )


def labels(database: Database) -> set[str | None]:
    """Return in which formats the workflows and their steps say they are written."""
    with _connected(database) as connection:
        steps = SystemSchema.operation_outputs
        found = [select(table.c.serialization).distinct() for table in (STATUS, steps)]
        return {each for query in found for each in connection.scalars(query)}


def waiting(database: Database) -> int:
    """Count the workflows that a worker of this release would claim and has not."""
    claimable = (
        STATUS.c.status == "ENQUEUED",
        STATUS.c.queue_name == work_queue.QUEUE,
        STATUS.c.application_version == work_queue.APPLICATION_VERSION,
        STATUS.c.application_name == work_queue.APPLICATION,
    )
    with _connected(database) as connection:
        return connection.scalar(select(func.count()).select_from(STATUS).where(*claimable)) or 0


@contextmanager
def _connected(database: Database) -> Iterator[Connection]:
    """Give a connection on which the engine's own tables are found, in one transaction."""
    translated = {SCHEMA_PLACEHOLDER: None if database.is_sqlite else "dbos"}
    with database.engine.begin() as connection:
        yield connection.execution_options(schema_translate_map=translated)


def _places() -> Iterator[tuple[Table, Column[Any], str | None]]:
    for table in SystemSchema.metadata_obj.sorted_tables:
        for column in table.columns:
            is_text = isinstance(column.type, String)
            is_key = column.primary_key or column.foreign_keys or column.name == "serialization"
            if is_text and not is_key:
                for label in LABELS:
                    yield table, column, label


def _row(table: Table, submission_id: str, name: str, label: str | None) -> dict[str, Any]:
    """Return a row that the engine would take for its own."""
    row = {column.name: _filler(column, name) for column in table.columns if not column.nullable}
    known: dict[str, Any] = {
        "workflow_uuid": f"{submission_id}:{name}",
        "destination_uuid": f"{submission_id}:{name}",
        "status": "ACTIVE" if table.name == "workflow_schedules" else "ENQUEUED",
        "workflow_name": work_queue.WORKFLOW,
        "schedule": "* * * * * *",
        "queue_name": work_queue.QUEUE,
        "application_version": work_queue.APPLICATION_VERSION,
        "application_name": work_queue.APPLICATION,
        "serialization": label,
        "inputs": f'{{"positionalArgs":["{submission_id}"],"namedArgs":{{}}}}',
        "function_id": 1,
        "function_name": "open",
        "priority": 0,
    }
    if table is STATUS:
        known["name"] = work_queue.WORKFLOW
    return row | {key: value for key, value in known.items() if key in table.c}


def _filler(column: Column[Any], name: str) -> Any:
    if isinstance(column.type, Boolean):
        return False
    if isinstance(column.type, (BigInteger, Integer, Float)):
        return int(time.time() * 1000) if isinstance(column.type, BigInteger) else 1
    return f"{name}.{column.name}"
