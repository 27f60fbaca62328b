"""Check that events are found by what they showed, and that a false index is named."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from intake.core.services import Services
from storage import audit
from storage.audit_acts import Act
from storage.errors import Conflict
from tests.support.building import Clock


@pytest.fixture
def trail(services: Services, clock: Clock) -> Services:
    """Give services whose trail holds two events that showed something, and one that did not."""
    with services.database.transaction() as session:
        for shown in (["a", "b"], None, ["b"]):
            audit.append(
                session,
                services.keyring,
                clock.now(),
                actor="user:1",
                act=Act.SUBMISSIONS_LISTED,
                subject=("submissions", "queue"),
                detail=None if shown is None else {"shown": shown},
            )
    return services


@pytest.mark.parametrize(
    ("statement", "named"),
    [
        ("DELETE FROM audit_mentions WHERE sequence = 3", [3]),
        ("DELETE FROM audit_mentions WHERE subject_id = 'b'", [1, 3]),
        ("INSERT INTO audit_mentions (subject_id, sequence) VALUES ('c', 2)", [2]),
        ("UPDATE audit_mentions SET sequence = 2 WHERE sequence = 3", [2, 3]),
    ],
)
def test_an_index_that_is_not_what_the_events_say_is_named(
    trail: Services, statement: str, named: list[int]
) -> None:
    with trail.database.reading() as session:
        assert list(audit.check_mentions(session)) == []

    with trail.database.transaction() as session:
        if trail.database.is_sqlite:
            session.execute(text("DROP TRIGGER audit_mentions_no_update"))
            session.execute(text("DROP TRIGGER audit_mentions_no_delete"))
        else:
            session.execute(text("SET LOCAL session_replication_role = replica"))
        session.execute(text(statement))

    with trail.database.reading() as session:
        assert list(audit.check_mentions(session)) == [
            f"audit event {number} is not found by all that it showed, or by more"
            for number in named
        ]


@pytest.mark.parametrize(
    "statement",
    ["DELETE FROM audit_mentions", "UPDATE audit_mentions SET sequence = 9 WHERE sequence = 3"],
)
def test_the_database_refuses_changes(trail: Services, statement: str) -> None:
    with (
        pytest.raises((DBAPIError, Conflict)) as caught,
        trail.database.transaction() as session,
    ):
        session.execute(text(statement))

    assert "append-only" in f"{caught.value} {caught.value.__cause__}"
