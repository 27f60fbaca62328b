"""Attack the trail with the source and all rights on the database, but without the key.

Each attack is what somebody could do who writes to the database alone, and `verify` must name the
event by its number (threat B30).
"""

import hashlib
import itertools
import json
import stat
from pathlib import Path

import pytest
from sqlalchemy import text

from intake.bootstrap import prepare_storage
from intake.core import audit
from intake.core.services import Services
from intake.oversight.verify import verify_storage
from storage.audit import AuditEvent, chain_key, check_chain
from storage.audit_acts import Act
from storage.audit_chain import FIRST_HASH, Anchor, plain_hash
from storage.database import Session
from storage.errors import StorageUnavailable
from storage.operations import audit_anchors
from tests.support.building import STARTED_AT, make_services
from tests.support.rows import Planter

TRIGGERS = ("audit_events_no_update", "audit_events_no_delete", "audit_events_no_replace")
AT = "2026-11-24T08:42:00+00:00"


@pytest.fixture
def trail(services: Services) -> Services:
    """Give services with eight events; the first five were anchored, which is the sixth."""
    write(services, 5)
    audit.write_anchor(services)
    write(services, 2)
    return services


def write(services: Services, number: int) -> None:
    """Append so many events."""
    with services.database.transaction() as session:
        for at in range(number):
            audit.note(services, session, "user:1", Act.CASE_VIEWED, ("case", str(at)))


def without_guards(session: Session) -> None:
    """Take the triggers away, as an administrator of the database can."""
    if session.get_bind().dialect.name == "sqlite":
        for name in TRIGGERS:
            session.execute(text(f"DROP TRIGGER IF EXISTS {name}"))
    else:
        session.execute(text("SET LOCAL session_replication_role = replica"))


def attack(services: Services, *statements: str) -> None:
    """Change rows behind the program's back."""
    with services.database.transaction() as session:
        without_guards(session)
        for statement in statements:
            session.execute(text(statement))


def recompute(services: Services, first: int) -> None:
    """Compute the hashes from an event on, as the source of the last release says."""
    with services.database.transaction() as session:
        without_guards(session)
        rows = session.query(AuditEvent).order_by(AuditEvent.sequence).all()
        previous = FIRST_HASH
        for row in rows:
            if row.sequence >= first:
                row.hash = plain_hash(previous, row)
                session.flush()
            previous = row.hash


def anchors_of(services: Services) -> Path:
    """Return the file of anchors."""
    return audit_anchors.path_of(services.settings.data_dir)


def faults(services: Services) -> tuple[str, ...]:
    """Return what verify says."""
    return verify_storage(services).faults


def test_an_untouched_trail_is_sound(trail: Services) -> None:
    assert faults(trail) == ()


def test_a_cut_tail_is_named(trail: Services) -> None:
    attack(trail, "DELETE FROM audit_events WHERE sequence > 3")

    assert faults(trail) == (
        "audit events 4 to 5 are missing: the end was cut off, event 5 was anchored at " + AT,
    )


def test_a_trail_that_was_emptied_is_named(trail: Services) -> None:
    attack(trail, "DELETE FROM audit_events")

    assert faults(trail)[0].startswith("audit events 1 to 5 are missing: the end was cut off")


def test_a_cut_tail_on_which_the_program_went_on_is_named(trail: Services) -> None:
    attack(trail, "DELETE FROM audit_events WHERE sequence > 3")
    write(trail, 9)

    assert faults(trail) == (f"audit event 5 is not the one that was anchored at {AT}",)


@pytest.mark.parametrize("number", [3, 8])
def test_a_replaced_row_is_named(trail: Services, number: int) -> None:
    columns = "at, actor, 'case.opened', subject_type, subject_id, hash, sealed_detail"
    attack(
        trail,
        f"CREATE TEMPORARY TABLE kept AS SELECT * FROM audit_events WHERE sequence = {number}",
        f"DELETE FROM audit_events WHERE sequence = {number}",
        f"INSERT INTO audit_events SELECT sequence, {columns} FROM kept",
        "DROP TABLE kept",
    )

    assert faults(trail) == (f"audit event {number} was changed",)


def test_a_row_that_sql_replaced_without_the_guard_is_named(sqlite_services: Services) -> None:
    write(sqlite_services, 5)
    attack(
        sqlite_services,
        "REPLACE INTO audit_events SELECT sequence, at, 'user:2', act, subject_type, subject_id, "
        "hash, sealed_detail FROM audit_events WHERE sequence = 5",
    )
    recompute(sqlite_services, 5)

    assert faults(sqlite_services) == ("audit event 5 was computed without the key",)


@pytest.mark.parametrize(
    ("first", "sentence"),
    [
        (1, "audit events 1 to 8 were computed without the key"),
        (4, "audit events 4 to 8 were computed without the key"),
        (8, "audit event 8 was computed without the key"),
    ],
)
def test_a_recomputed_chain_is_named(trail: Services, first: int, sentence: str) -> None:
    attack(trail, f"UPDATE audit_events SET actor = 'user:2' WHERE sequence = {first}")
    recompute(trail, first)

    found = faults(trail)

    assert sentence in found
    anchored = f"audit event 5 is not the one that was anchored at {AT}"
    assert (anchored in found) == (first <= 5)


@pytest.mark.parametrize("is_without_file", [False, True])
def test_a_recomputed_chain_is_not_taken_for_an_old_one_at_a_start(
    trail: Services, is_without_file: bool
) -> None:
    attack(trail, "UPDATE audit_events SET actor = 'user:2' WHERE sequence = 1")
    recompute(trail, 1)
    if is_without_file:
        anchors_of(trail).unlink()
    prepare_storage(trail)
    write(trail, 1)

    assert "audit events 1 to 8 were computed without the key" in faults(trail)


def test_a_missing_file_of_anchors_is_named(trail: Services) -> None:
    anchors_of(trail).unlink()

    assert faults(trail) == ("the file of audit anchors is missing: it had audit event 5",)


@pytest.mark.parametrize(
    ("kept", "lost"),
    [((0, 1, 2), "12"), ((1, 2, 3), "5"), ((0,), "8, 10, 12"), ((), "5, 8, 10 … 12")],
)
def test_a_shortened_file_of_anchors_is_named(
    trail: Services, kept: tuple[int, ...], lost: str
) -> None:
    audit.write_anchor(trail)
    for _ in range(2):
        write(trail, 1)
        audit.write_anchor(trail)
    lines = anchors_of(trail).read_text().splitlines(keepends=True)
    anchors_of(trail).write_text("".join(lines[at] for at in kept))

    sentence = f"the file of audit anchors has lost lines: it had audit event {lost}"
    assert faults(trail) == (sentence,)


def test_a_line_that_was_written_without_the_key_is_named(trail: Services) -> None:
    forged = f"{AT} 7 {'a' * 64} {'b' * 64}\n"
    with anchors_of(trail).open("a") as file:
        file.write(forged)

    assert faults(trail) == ("line 2 of the file of audit anchors is not ours",)


def test_a_line_that_a_power_cut_broke_off_harms_nothing(trail: Services) -> None:
    whole = anchors_of(trail).read_text()
    with anchors_of(trail).open("a") as file:
        file.write(whole[:60])

    audit.write_anchor(trail)

    assert faults(trail) == ()
    assert len(anchors_of(trail).read_text().splitlines()) == 3


def test_the_file_is_for_its_owner_alone(trail: Services) -> None:
    mode = stat.S_IMODE(anchors_of(trail).stat().st_mode)

    assert mode == 0o600


def test_a_link_in_place_of_the_file_is_not_followed(sqlite_services: Services) -> None:
    write(sqlite_services, 1)
    elsewhere = sqlite_services.settings.data_dir / "elsewhere"
    elsewhere.touch()
    anchors_of(sqlite_services).symlink_to(elsewhere)

    with pytest.raises(StorageUnavailable):
        audit.write_anchor(sqlite_services)

    assert elsewhere.read_bytes() == b""


def test_an_anchor_is_logged_with_number_hash_and_utc(
    sqlite_services: Services, caplog: pytest.LogCaptureFixture
) -> None:
    write(sqlite_services, 3)
    with sqlite_services.database.reading() as session:
        newest = session.get_one(AuditEvent, 3).hash

    with caplog.at_level("INFO", "intake.core.audit"):
        audit.write_anchor(sqlite_services)

    assert f"event=audit_anchored number=3 hash={newest} at={AT}" in caplog.text


def test_without_a_new_event_no_anchor_is_written(trail: Services) -> None:
    first, second = audit.write_anchor(trail), audit.write_anchor(trail)

    assert (first, second) == (True, False)
    assert len(anchors_of(trail).read_text().splitlines()) == 2


def test_a_new_house_has_nothing_to_anchor_and_says_nothing(
    services: Services, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level("INFO", "intake.core.audit"):
        written = audit.write_anchor(services)

    assert written is False
    assert caplog.records == []
    assert not anchors_of(services).exists()


@pytest.mark.parametrize("kept", [0, 3])
def test_a_trail_that_ends_before_its_anchor_is_an_alarm(
    trail: Services, caplog: pytest.LogCaptureFixture, kept: int
) -> None:
    attack(trail, f"DELETE FROM audit_events WHERE sequence > {kept}")

    assert audit.write_anchor(trail) is False

    errors = [record.getMessage() for record in caplog.records if record.levelname == "ERROR"]
    assert errors == [f"event=audit_end_is_older_than_its_anchor number={kept}"]


def test_the_chain_of_the_last_release_goes_on_with_the_key(tmp_path: Path) -> None:
    services = with_old_chain(tmp_path)

    key_old(services)
    key_old(services)
    write(services, 2)

    with services.database.reading() as session:
        acts = [row.act for row in session.query(AuditEvent).order_by(AuditEvent.sequence)]
    assert faults(services) == ()
    assert acts == [Act.CASE_OPENED] * 3 + [Act.AUDIT_KEYED] + [Act.CASE_VIEWED] * 2
    services.database.close()


def test_an_old_event_that_is_recomputed_after_the_key_is_named(tmp_path: Path) -> None:
    services = with_old_chain(tmp_path)
    key_old(services)
    attack(services, "UPDATE audit_events SET actor = 'user:2' WHERE sequence = 2")
    with services.database.transaction() as session:
        rows = session.query(AuditEvent).order_by(AuditEvent.sequence).all()
        for before, row in itertools.pairwise(rows[:3]):
            row.hash = plain_hash(before.hash, row)
            session.flush()

    assert faults(services) == ("audit events 1 to 3 are not what event 4 followed",)
    services.database.close()


def test_an_old_chain_that_was_never_keyed_is_named(tmp_path: Path) -> None:
    services = with_old_chain(tmp_path)

    assert faults(services) == ("audit events 1 to 3 were computed without the key",)
    services.database.close()


def test_the_key_is_not_in_the_database(sqlite_services: Services) -> None:
    write(sqlite_services, 1)
    with sqlite_services.database.reading() as session:
        system = sqlite_services.keyring.system(session)
        key = system.derive("audit-chain")
        assert check_chain(session, sqlite_services.keyring) == []
    folder = sqlite_services.settings.data_dir
    stored = b"".join(path.read_bytes() for path in folder.glob("avrr.db*"))

    for secret in (key, system.secret):
        assert secret not in stored
        assert secret.hex().encode() not in stored


def test_a_cut_tail_stays_named_when_the_trail_has_grown_again(trail: Services) -> None:
    audit.write_anchor(trail)
    attack(trail, "DELETE FROM audit_events WHERE sequence > 6")
    write(trail, 1)
    write(trail, 1)
    assert faults(trail)

    assert audit.write_anchor(trail) is False
    write(trail, 1)
    assert audit.write_anchor(trail) is True

    assert f"audit event 8 is not the one that was anchored at {AT}" in faults(trail)


def test_two_anchors_of_one_event_are_named(trail: Services) -> None:
    with trail.database.reading() as session:
        key = chain_key(session, trail.keyring)
    audit_anchors.add_line(
        anchors_of(trail).with_name("other"), key, Anchor(5, "a" * 64, STARTED_AT)
    )
    with anchors_of(trail).open("ab") as file:
        file.write(anchors_of(trail).with_name("other").read_bytes())

    assert faults(trail) == (
        "line 2 of the file of audit anchors has another audit event 5 than a line before it",
    )


def test_an_empty_trail_beside_submissions_is_named(trail: Services) -> None:
    with trail.database.transaction() as session:
        Planter(session, trail.keyring, trail.now()).submission()
    attack(trail, "DELETE FROM audit_events")
    anchors_of(trail).unlink()
    prepare_storage(trail)

    assert "the audit trail is empty, and there are submissions" in faults(trail)


def key_old(services: Services) -> None:
    """Do what the upgrade from the last release does with its chain."""
    with services.database.transaction() as session:
        audit.key_old_chain(services, session, "0014")


def with_old_chain(folder: Path) -> Services:
    """Build services with three events, chained as the last release did."""
    services = make_services(folder)
    previous = FIRST_HASH
    with services.database.transaction() as session:
        for number in (1, 2, 3):
            event = ["user:1", "case.opened", "case", "x", {"number": number}]
            canonical = json.dumps([previous, number, AT, *event], sort_keys=True)
            previous = hashlib.sha256(canonical.encode()).hexdigest()
            session.add(
                AuditEvent(
                    sequence=number,
                    at=services.now(),
                    actor="user:1",
                    act="case.opened",
                    subject_type="case",
                    subject_id="x",
                    detail={"number": number},
                    hash=previous,
                )
            )
            session.flush()
    return services
