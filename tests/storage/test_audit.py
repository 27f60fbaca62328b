"""Check that every tampering with the trail is found, and that the database refuses it."""

import re
from typing import cast

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from intake.core.services import Services
from storage import audit
from storage.audit_acts import Act
from storage.errors import Conflict
from tests.support.building import Clock
from tests.support.threads import run_together

COLUMNS = "at, actor, act, subject_type, subject_id, hash, sealed_detail"
LAST_AGAIN = (
    f"INSERT INTO audit_events SELECT sequence, {COLUMNS} FROM audit_events WHERE sequence = 5"
)

# What the triggers say.
REFUSED = "the audit trail (is append-only|grows at its end only)"


@pytest.fixture
def trail(services: Services, clock: Clock) -> Services:
    """Give services whose trail holds five events of two subjects."""
    return with_five_events(services, clock)


@pytest.fixture
def sqlite_trail(sqlite_services: Services, clock: Clock) -> Services:
    """Give the same on SQLite alone."""
    return with_five_events(sqlite_services, clock)


def with_five_events(services: Services, clock: Clock) -> Services:
    """Append five events and return the services."""
    with services.database.transaction() as session:
        for number in range(5):
            audit.append(
                session,
                services.keyring,
                clock.now(),
                actor="user:1",
                act=cast("Act", f"act.{number}"),  # the trail keeps what it is given
                subject=("submission", str(number % 2)),
                detail={"number": number, "codes": ["ä", "b"]},
            )
    return services


def tamper(services: Services, *statements: str) -> list[str]:
    """Change the trail behind the guards' back, and return the faults found."""
    with services.database.transaction() as session:
        if services.database.is_sqlite:
            session.execute(text("DROP TRIGGER audit_events_no_update"))
            session.execute(text("DROP TRIGGER audit_events_no_delete"))
            session.execute(text("DROP TRIGGER audit_events_no_replace"))
        else:
            # The database is shared with other tests; as a replica it fires no triggers.
            session.execute(text("SET LOCAL session_replication_role = replica"))
        for statement in statements:
            session.execute(text(statement))
    with services.database.reading() as session:
        return audit.check_chain(session, services.keyring)


def test_an_untouched_chain_is_sound(trail: Services) -> None:
    with trail.database.reading() as session:
        assert audit.check_chain(session, trail.keyring) == []
        assert audit.count(session) == 5


def test_an_empty_chain_is_sound(services: Services) -> None:
    with services.database.reading() as session:
        assert audit.check_chain(session, services.keyring) == []


def test_what_happened_to_one_subject_is_told_in_order(trail: Services) -> None:
    with trail.database.reading() as session:
        events = audit.of_subject(session, "submission", "0")

    assert [event.act for event in events] == ["act.0", "act.2", "act.4"]
    assert events[0].detail == {"number": 0, "codes": ["ä", "b"]}


def test_an_event_of_a_rolled_back_transaction_never_was(trail: Services, clock: Clock) -> None:
    def append_and_fail() -> None:
        with trail.database.transaction() as session:
            audit.append(
                session,
                trail.keyring,
                clock.now(),
                actor="a",
                act=Act.CASE_OPENED,
                subject=("c", "d"),
            )
            raise RuntimeError

    with pytest.raises(RuntimeError):
        append_and_fail()

    with trail.database.reading() as session:
        assert audit.count(session) == 5
        assert audit.check_chain(session, trail.keyring) == []


@pytest.mark.parametrize(
    "change",
    [
        "actor = 'user:2'",
        "act = 'act.9'",
        "subject_type = 'case'",
        "subject_id = '9'",
        "sealed_detail = (SELECT e.sealed_detail FROM audit_events e WHERE e.sequence = 4)",
        "sealed_detail = substr(sealed_detail, 2)",
        "hash = '" + "0" * 64 + "'",
        "at = '2026-11-24 08:43:00'",
    ],
)
def test_a_changed_event_is_found(trail: Services, change: str) -> None:
    faults = tamper(trail, f"UPDATE audit_events SET {change} WHERE sequence = 3")

    # With a changed hash the next event does not follow either.
    assert faults in (["audit event 3 was changed"], ["audit events 3 to 4 were changed"])


def test_a_deleted_event_is_found(trail: Services) -> None:
    faults = tamper(trail, "DELETE FROM audit_events WHERE sequence = 3")

    assert faults == ["audit event 3 is missing"]


def test_a_deleted_first_event_is_found(trail: Services) -> None:
    faults = tamper(trail, "DELETE FROM audit_events WHERE sequence = 1")

    assert faults == ["audit event 1 is missing"]


def test_an_event_that_takes_a_deleted_ones_number_is_found(trail: Services) -> None:
    faults = tamper(
        trail,
        "DELETE FROM audit_events WHERE sequence = 3",
        "UPDATE audit_events SET sequence = 3 WHERE sequence = 4",
        "UPDATE audit_events SET sequence = 4 WHERE sequence = 5",
    )

    assert faults != []


def test_swapped_events_are_found(trail: Services) -> None:
    faults = tamper(
        trail,
        "UPDATE audit_events SET sequence = 99 WHERE sequence = 2",
        "UPDATE audit_events SET sequence = 2 WHERE sequence = 3",
        "UPDATE audit_events SET sequence = 3 WHERE sequence = 99",
    )

    assert faults == ["audit events 2 to 4 were changed"]


@pytest.mark.parametrize("sequence", [0, 6])
def test_an_inserted_event_is_found(trail: Services, sequence: int) -> None:
    faults = tamper(
        trail,
        "INSERT INTO audit_events "
        f"SELECT {sequence}, at, actor, act, subject_type, subject_id, hash, sealed_detail "
        "FROM audit_events WHERE sequence = 5",
    )

    assert faults != []


def test_an_event_inserted_between_two_is_found(trail: Services) -> None:
    faults = tamper(
        trail,
        "UPDATE audit_events SET sequence = sequence + 100 WHERE sequence > 2",
        "UPDATE audit_events SET sequence = sequence - 99 WHERE sequence > 100",
        "INSERT INTO audit_events "
        "SELECT 3, at, actor, act, subject_type, subject_id, hash, sealed_detail "
        "FROM audit_events WHERE sequence = 2",
    )

    assert faults[0].startswith("audit events 3 to ")


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_events SET act = 'other' WHERE sequence = 1",
        "DELETE FROM audit_events WHERE sequence = 1",
        f"INSERT INTO audit_events SELECT 9, {COLUMNS} FROM audit_events WHERE sequence = 5",
        f"INSERT INTO audit_events SELECT 0, {COLUMNS} FROM audit_events WHERE sequence = 5",
        f"{LAST_AGAIN} ON CONFLICT (sequence) DO UPDATE SET act = 'other'",
    ],
)
def test_the_database_refuses_changes(trail: Services, statement: str) -> None:
    _is_refused(trail, statement)


@pytest.mark.parametrize("sequence", [1, 5])
@pytest.mark.parametrize("verb", ["REPLACE INTO", "INSERT OR REPLACE INTO", "UPDATE OR REPLACE"])
def test_sqlite_refuses_to_replace_an_event(
    sqlite_trail: Services, verb: str, sequence: int
) -> None:
    statement = (
        f"{verb} audit_events SET act = 'other' WHERE sequence = {sequence}"
        if verb.startswith("UPDATE")
        else f"{verb} audit_events SELECT sequence, at, actor, 'other', subject_type, subject_id, "
        f"hash, sealed_detail FROM audit_events WHERE sequence = {sequence}"
    )

    _is_refused(sqlite_trail, statement)


def test_the_database_refuses_to_empty_the_trail(trail: Services) -> None:
    # SQLite knows no TRUNCATE; on PostgreSQL it passes by the triggers of single rows.
    empty = "DELETE FROM audit_events" if trail.database.is_sqlite else "TRUNCATE audit_events"

    _is_refused(trail, empty)


def test_threads_that_append_at_once_keep_one_chain(services: Services, clock: Clock) -> None:
    def append_ten(number: int) -> None:
        actor = f"thread:{number}"
        for _ in range(5):
            with services.database.transaction() as session:
                for act in (Act.CASE_OPENED, Act.CASE_MERGED):
                    audit.append(
                        session,
                        services.keyring,
                        clock.now(),
                        actor=actor,
                        act=act,
                        subject=("c", "d"),
                    )

    outcome = run_together(4, append_ten)

    assert outcome.errors == []
    with services.database.reading() as session:
        assert audit.count(session) == 40
        assert audit.check_chain(session, services.keyring) == []


def _is_refused(services: Services, statement: str) -> None:
    refused = pytest.raises((DBAPIError, Conflict))
    with refused as caught, services.database.transaction() as session:
        session.execute(text(statement))
    # An integrity error of SQLite becomes a conflict, which says what a page says.
    assert re.search(REFUSED, f"{caught.value} {caught.value.__cause__}")
    with services.database.reading() as session:
        assert audit.count(session) == 5
        assert audit.check_chain(session, services.keyring) == []
