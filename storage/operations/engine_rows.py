"""Judge what stands in the tables of the workflow engine: only JSON that we write ourselves.

The engine keeps the arguments and results of our workflows as texts, and each row says in which
format. Until release 1 they were pickles, which may run any code when they are read. Nothing here
reads a pickle: an old row is known by being exactly what that release wrote for its submission.
"""

import base64
import json
import pickle
import re
from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import (
    ColumnElement,
    TableClause,
    and_,
    case,
    column,
    func,
    inspect,
    literal,
    or_,
    select,
    table,
    update,
)
from sqlalchemy.orm import Session

JSON, PICKLE = "portable_json", "py_pickle"
UNFINISHED = ("ENQUEUED", "PENDING", "DELAYED")
ID_CHARS = 32
OUR_ID = re.compile("[0-9a-f]{32}")
PAGE_ROWS = 1000
# What each table holds: the column that names the row, and the texts that the engine reads.
VALUES = {
    "workflow_status": ("workflow_uuid", ("inputs", "output", "error")),
    "workflow_input": ("workflow_uuid", ("inputs",)),
    "workflow_output": ("workflow_uuid", ("output", "error")),
    "operation_outputs": ("workflow_uuid", ("output", "error")),
    "notifications": ("destination_uuid", ("message",)),
    "workflow_events": ("workflow_uuid", ("value",)),
    "workflow_events_history": ("workflow_uuid", ("value",)),
    "streams": ("workflow_uuid", ("value",)),
    "workflow_schedules": ("schedule_name", ("context",)),
}
LABELLED = frozenset(VALUES) - {"workflow_input", "workflow_output", "workflow_schedules"}
# The protocols of pickle that Python 3.8 to 3.14 write unless asked otherwise.
PROTOCOLS = (4, 5)
NOTHING = "null"
# A pickled None by each of them.
NOTHING_THEN = ("gAROLg==", "gAVOLg==")
UNREAD_ERROR = json.dumps(
    {"name": "Unread", "message": "A former release stored this error as code; it was not read."},
    separators=(",", ":"),
)


@dataclass(frozen=True)
class RefusedValue:
    """A text that none of our releases wrote; `row` is the workflow's id or the schedule's name."""

    table: str
    column: str
    row: str


@dataclass(frozen=True)
class Converted:
    """How many workflows were converted, and of how many the error was given up unread."""

    workflows: int
    errors_given_up: int


def arguments(submission_id: str) -> str:
    """Return the arguments of a submission's workflow as the engine writes them now.

    >>> arguments("ab")
    '{"namedArgs":{},"positionalArgs":["ab"]}'
    """
    return json.dumps(
        {"namedArgs": {}, "positionalArgs": [submission_id]},
        separators=(",", ":"),
        ensure_ascii=False,
    )


def convert_old(session: Session, *, is_unfinished_only: bool = False) -> Converted:
    """Write rows of the last release as JSON; what is not exactly its own stays, to be refused."""
    if not _exists(session):
        return Converted(0, 0)
    workflows = errors = 0
    last = ""
    while page := _old_rows(session, last, is_unfinished_only=is_unfinished_only):
        last = page[-1][0]
        known = [workflow_id for workflow_id, *values in page if _is_known(workflow_id, values)]
        errors += sum(any(row[5:]) for row in page if row[0] in set(known))
        workflows += len(known)
        _convert(session, known)
    return Converted(workflows, errors)


def has_old(session: Session, workflow_ids: list[str]) -> bool:
    """Say whether one of these workflows says that it is written as a pickle."""
    status = _table(session, "workflow_status")
    query = select(status.c.workflow_uuid).where(
        status.c.serialization == PICKLE, status.c.workflow_uuid.in_(workflow_ids)
    )
    return session.scalars(query.limit(1)).first() is not None


def foreign_unfinished(session: Session, workflow_names: tuple[str, ...]) -> list[str]:
    """Return the ids of waiting or running workflows that are not exactly what we enqueue."""
    if not _exists(session):
        return []
    status, inputs = _table(session, "workflow_status"), _table(session, "workflow_input")
    is_ours = and_(
        status.c.serialization == JSON,
        status.c.name.in_(workflow_names),
        func.coalesce(inputs.c.inputs, status.c.inputs) == _arguments_of(status),
        *(status.c[name].is_(None) for name in ("class_name", "config_name")),
        status.c.authenticated_roles.is_(None),
    )
    joined = status.outerjoin(inputs, inputs.c.workflow_uuid == status.c.workflow_uuid)
    query = (
        select(status.c.workflow_uuid)
        .select_from(joined)
        # A comparison with NULL is neither true nor false, and must count as foreign.
        .where(status.c.status.in_(UNFINISHED), case((is_ours, 0), else_=1) == 1)
    )
    return list(session.scalars(query))


def refused_values(session: Session, limit: int = 1000) -> list[RefusedValue]:
    """Return values that the engine would have to read as code, at most so many.

    We write nothing but objects of JSON and `null`, and no pickle begins like them.
    """
    if not _exists(session):
        return []
    found: list[RefusedValue] = []
    for name, (key, columns) in VALUES.items():
        rows = _table(session, name)
        for each in columns:
            value = rows.c[each]
            is_json = or_(value == NOTHING, value.like("{%"))
            is_labelled = rows.c.serialization == JSON if name in LABELLED else literal(value=True)
            is_right = case((and_(is_json, is_labelled), 1), else_=0)
            query = select(rows.c[key]).where(value.is_not(None), is_right == 0)
            kept = session.scalars(query.limit(limit - len(found)))
            found += [RefusedValue(name, each, str(row)) for row in kept]
    return found


def _exists(session: Session) -> bool:
    """Say whether the engine has made its tables here."""
    return inspect(session.connection()).has_table("workflow_status", schema=_schema(session))


def _schema(session: Session) -> str | None:
    return None if session.connection().dialect.name == "sqlite" else "dbos"


def _table(session: Session, name: str) -> TableClause:
    more = ("status", "name", "class_name", "config_name", "authenticated_roles", "serialization")
    key, columns = VALUES[name]
    known = more if name == "workflow_status" else more[-1:] if name in LABELLED else ()
    return table(name, *map(column, (key, *columns, *known)), schema=_schema(session))


def _old_rows(
    session: Session, last: str, *, is_unfinished_only: bool
) -> "list[tuple[str, str | None, str | None, str | None, str | None, str | None, str | None]]":
    """Return a page of what says it is a pickle: the id, then both inputs, outputs and errors."""
    status = _table(session, "workflow_status")
    inputs, outputs = _table(session, "workflow_input"), _table(session, "workflow_output")
    key = status.c.workflow_uuid
    query = (
        select(
            key,
            status.c.inputs,
            inputs.c.inputs,
            status.c.output,
            outputs.c.output,
            status.c.error,
            outputs.c.error,
        )
        .select_from(
            status.outerjoin(inputs, inputs.c.workflow_uuid == key).outerjoin(
                outputs, outputs.c.workflow_uuid == key
            )
        )
        .where(status.c.serialization == PICKLE, key > last)
        .order_by(key)
        .limit(PAGE_ROWS)
    )
    if is_unfinished_only:
        query = query.where(status.c.status.in_(UNFINISHED))
    return [tuple(row) for row in session.execute(query)]


def _is_known(workflow_id: str, values: list[str | None]) -> bool:
    submission_id, inputs, outputs = workflow_id[:ID_CHARS], values[:2], values[2:4]
    if OUR_ID.fullmatch(submission_id) is None:
        return False
    arguments_then = set(_pickled({"args": (submission_id,), "kwargs": {}}))
    return {*inputs} <= {None, *arguments_then} and {*outputs} <= {None, *NOTHING_THEN}


def _pickled(value: object) -> Iterator[str]:
    """Give the texts that the last release may have written for a value."""
    for protocol in PROTOCOLS:
        yield base64.b64encode(pickle.dumps(value, protocol)).decode("ascii")


def _convert(session: Session, workflow_ids: list[str]) -> None:
    """Write workflows and their steps as JSON."""
    for name in ("workflow_status", "workflow_input", "workflow_output"):
        rows = _table(session, name)
        new = {"inputs": _arguments_of(rows), "output": NOTHING, "error": UNREAD_ERROR}
        changes: dict[str, object] = {
            each: case((rows.c[each].is_(None), None), else_=new[each]) for each in VALUES[name][1]
        }
        if name in LABELLED:
            changes["serialization"] = JSON
        session.execute(update(rows).where(rows.c.workflow_uuid.in_(workflow_ids)).values(changes))
    steps = _table(session, "operation_outputs")
    session.execute(
        update(steps)
        .where(
            steps.c.workflow_uuid.in_(workflow_ids),
            steps.c.serialization == PICKLE,
            or_(steps.c.output.is_(None), steps.c.output.in_(NOTHING_THEN)),
        )
        .values(
            output=case((steps.c.output.is_(None), None), else_=NOTHING),
            error=case((steps.c.error.is_(None), None), else_=UNREAD_ERROR),
            serialization=JSON,
        )
    )


def _arguments_of(rows: TableClause) -> ColumnElement[str]:
    """Return `arguments` of the submission that a workflow's id begins with, as an expression."""
    head, tail = arguments("|").split("|")
    return literal(head) + func.substr(rows.c.workflow_uuid, 1, ID_CHARS) + literal(tail)
