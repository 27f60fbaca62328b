"""Check that rows of the last release are known without being read, and all others are refused."""

import base64
import pickle

import pytest
from sqlalchemy import text

from intake.core.services import Services
from storage.operations import engine_rows
from storage.operations.engine_rows import Converted, RefusedValue

OURS = "0f" * 16
INSERT = (
    "INSERT INTO workflow_status (workflow_uuid, status, name, created_at, updated_at, priority,"
    " serialization, inputs, output, error, was_forked_from, rate_limited, is_debounced)"
    " VALUES (:id, :status, 'process_submission', 1, 1, 0, 'py_pickle', :inputs, :output, :error,"
    " false, false, false)"
)


def pickled(value: object, protocol: int = 4) -> str:
    """Return a value as the last release stored it."""
    return base64.b64encode(pickle.dumps(value, protocol)).decode("ascii")


def called_with(submission_id: str) -> dict[str, object]:
    """Return the arguments of a workflow as the last release passed them."""
    return {"args": (submission_id,), "kwargs": {}}


def after_conversion(
    services: Services, workflow_id: str, **values: str | None
) -> tuple[Converted, tuple[str | None, ...], list[RefusedValue]]:
    """Convert one planted row; return what was counted, how it reads then and what is refused."""
    row = {"id": workflow_id, "status": "SUCCESS", "inputs": None, "output": None, "error": None}
    with services.database.transaction() as session:
        session.execute(text(INSERT), row | values)
        converted = engine_rows.convert_old(session)
        left = session.execute(
            text("SELECT serialization, inputs, output, error FROM workflow_status")
        ).one()
        return converted, tuple(left), engine_rows.refused_values(session)


@pytest.mark.parametrize("protocol", [4, 5])
@pytest.mark.parametrize("round_name", ["", ":scan-17"])
def test_a_row_of_the_last_release_becomes_json(
    sqlite_services: Services, protocol: int, round_name: str
) -> None:
    converted, left, refused = after_conversion(
        sqlite_services,
        OURS + round_name,
        inputs=pickled(called_with(OURS), protocol),
        output=pickled(None, protocol),
    )

    assert converted == Converted(1, 0)
    assert left == ("portable_json", engine_rows.arguments(OURS), "null", None)
    assert refused == []


def test_an_error_is_given_up_unread(sqlite_services: Services) -> None:
    converted, left, refused = after_conversion(
        sqlite_services,
        OURS,
        status="ERROR",
        inputs=pickled(called_with(OURS)),
        error=pickled(OSError("boom")),
    )

    assert converted == Converted(1, 1)
    assert left[3] == engine_rows.UNREAD_ERROR
    assert refused == []


@pytest.mark.parametrize(
    ("workflow_id", "column", "value"),
    [
        (OURS, "inputs", called_with("1e" * 16)),
        (OURS, "inputs", {"args": (OURS,), "kwargs": {"more": 1}}),
        (OURS, "output", 0),
        ('"],"namedArgs":{"a":["', "inputs", called_with('"],"namedArgs":{"a":["')),
    ],
)
def test_anything_else_stays_and_is_named(
    sqlite_services: Services, workflow_id: str, column: str, value: object
) -> None:
    written = {column: pickled(value)}

    converted, left, refused = after_conversion(sqlite_services, workflow_id, **written)

    assert converted == Converted(0, 0)
    assert left[0] == "py_pickle"
    assert written[column] in left
    assert refused == [RefusedValue("workflow_status", column, workflow_id)]
