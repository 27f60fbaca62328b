"""Check threat B60: the engine has no way left to a pickle, and a new release of it none either."""

import ast
import base64
import pickle
from pathlib import Path

import dbos
import pytest
from dbos import _serialization as stored_values
from dbos._schemas.system_database import SystemSchema
from sqlalchemy import String

from intake.pipeline.durable import JSON, PickleRefused
from storage.operations.engine_rows import VALUES, arguments

SOURCES = sorted(Path(dbos.__file__).parent.rglob("*.py"))
RUNS_TEXT = {
    "pickle", "_pickle", "dill", "cloudpickle", "marshal", "shelve", "joblib",
    "eval", "exec", "compile", "__import__",
}  # fmt: skip
PICKLED = base64.b64encode(pickle.dumps({"args": ("x",), "kwargs": {}})).decode()
# Texts in the engine's tables that it only compares, shows or parses itself as JSON or a number.
PLAIN = {
    "workflow_status": {
        "status", "name", "authenticated_user", "assumed_role", "authenticated_roles",
        "executor_id", "application_version", "application_id", "class_name", "config_name",
        "queue_name", "deduplication_id", "queue_partition_key", "forked_from", "owner_xid",
        "creator_xid", "parent_workflow_id", "serialization", "schedule_name", "application_name",
    },
    "operation_outputs": {"function_name", "child_workflow_id", "serialization",
                          "application_name"},
    "notifications": {"topic", "serialization"},
    "workflow_events": {"serialization"},
    "workflow_events_history": {"serialization"},
    "streams": {"serialization"},
    "workflow_schedules": {
        "schedule_name", "workflow_name", "workflow_class_name", "schedule", "status",
        "last_fired_at", "cron_timezone", "queue_name", "application_name",
    },
    "application_versions": {"version_name", "application_name"},
    "queues": {"name", "application_name"},
}  # fmt: skip


@pytest.mark.parametrize("label", ["py_pickle", None])
def test_each_reader_of_stored_values_refuses_a_pickle(label: str | None) -> None:
    pickles = stored_values.DefaultSerializer()

    for read in (
        stored_values.deserialize_value,
        stored_values.deserialize_args,
        stored_values.deserialize_exception,
    ):
        with pytest.raises(PickleRefused):
            read(PICKLED, label, pickles)


def test_a_pickle_is_not_written_either() -> None:
    with pytest.raises(PickleRefused):
        stored_values.serialize_args(("x",), {}, None, stored_values.DefaultSerializer())


def test_the_error_that_ends_a_refused_workflow_is_json() -> None:
    written, _ = stored_values.serialize_exception(PickleRefused("no"), "py_pickle", JSON)

    assert JSON.deserialize(written)["name"] == "PickleRefused"


def test_the_engine_knows_no_other_way_from_text_to_code() -> None:
    """A release of dbos that reads pickles elsewhere must be looked at before it is used."""
    users = set()
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = []
            if isinstance(node, ast.Import):
                names = [each.name for each in node.names]
            elif isinstance(node, ast.ImportFrom):
                names = [node.module or ""]
            elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                names = [node.func.id]
            users |= {(path.name, name) for name in names if name in RUNS_TEXT}

    assert users == {("_serialization.py", "pickle")}


def test_every_text_of_the_engine_is_known_as_a_value_or_as_plain() -> None:
    found = {
        table.name: {
            column.name
            for column in table.columns
            if isinstance(column.type, String)
            and not column.primary_key
            and not column.foreign_keys
        }
        for table in SystemSchema.metadata_obj.tables.values()
    }

    values = {name: set(columns) for name, (_, columns) in VALUES.items()}
    assert found == {name: PLAIN.get(name, set()) | values.get(name, set()) for name in found}
    assert values.keys() <= found.keys()


def test_arguments_are_known_as_the_engine_writes_them() -> None:
    written, label = stored_values.serialize_args(("ab" * 16,), {}, None, JSON)

    assert (written, label) == (arguments("ab" * 16), "portable_json")
