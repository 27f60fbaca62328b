"""Check that the right master key opens data keys, and everything else is refused by name."""

import multiprocessing
import os
from dataclasses import replace
from pathlib import Path

import pytest

from intake.core.services import Services
from storage.crypto.keys import (
    DataKey,
    DataKeyRow,
    Keyring,
    MasterKey,
    load_master_key,
    make_secret_file,
    read_secret,
)
from storage.errors import KeyUnavailable, SettingInvalid
from tests.support.building import Clock

MASTER = MasterKey(bytes(range(32)))
KEY = DataKey("ab" * 16, bytes(range(1, 33)))


def test_a_wrapped_key_comes_back() -> None:
    assert MASTER.unwrap(KEY.id, MASTER.wrap(KEY)) == KEY


def test_wrapping_hides_the_key_and_never_repeats() -> None:
    one, two = MASTER.wrap(KEY), MASTER.wrap(KEY)

    assert one != two
    assert KEY.secret not in one


@pytest.mark.parametrize(
    ("master", "key_id", "wrapped"),
    [
        (MasterKey(bytes(32)), KEY.id, MASTER.wrap(KEY)),
        (MASTER, "cd" * 16, MASTER.wrap(KEY)),
        (MASTER, KEY.id, MASTER.wrap(KEY)[:-1]),
        (MASTER, KEY.id, MASTER.wrap(KEY)[:12]),
        (MASTER, KEY.id, MASTER.wrap(KEY) + b"\0"),
        (MASTER, KEY.id, MASTER.wrap(KEY)[:5]),
        (MASTER, KEY.id, b"\0"),
        (MASTER, KEY.id, b""),
    ],
    ids=[
        "another_master",
        "another_id",
        "cut",
        "nonce_only",
        "appended",
        "cut_in_the_nonce",
        "one_byte",
        "destroyed",
    ],
)
def test_what_does_not_open_is_unavailable(master: MasterKey, key_id: str, wrapped: bytes) -> None:
    with pytest.raises(KeyUnavailable):
        master.unwrap(key_id, wrapped)


def test_each_purpose_has_its_own_key() -> None:
    derived = {KEY.derive("blob:1"), KEY.derive("blob:2"), KEY.derive("sealed-columns")}

    assert len(derived) == 3
    assert all(len(secret) == 32 for secret in derived)


def test_secrets_are_not_shown() -> None:
    shown = f"{KEY!r} {MASTER!r} {KEY} {MASTER}"

    assert KEY.secret.hex() not in shown
    assert repr(KEY.secret) not in shown
    assert repr(MASTER.secret) not in shown


def test_a_stored_key_is_opened(services: Services, clock: Clock) -> None:
    key = services.keyring.new_key()
    with services.database.transaction() as session:
        services.keyring.add(session, key, "submission", clock.now())

    with services.database.reading() as session:
        assert services.keyring.open(session, key.id) == key


def test_a_destroyed_key_opens_nothing(services: Services, clock: Clock) -> None:
    key = services.keyring.new_key()
    with services.database.transaction() as session:
        services.keyring.add(session, key, "submission", clock.now())
        row = session.get_one(DataKeyRow, key.id)
        row.wrapped, row.destroyed_at = b"", clock.now()

    with services.database.reading() as session, pytest.raises(KeyUnavailable):
        services.keyring.open(session, key.id)


def test_an_unknown_key_is_unavailable(services: Services) -> None:
    with services.database.reading() as session, pytest.raises(KeyUnavailable):
        services.keyring.open(session, "no such key")


def test_the_systems_key_is_made_once(services: Services, clock: Clock) -> None:
    with services.database.transaction() as session:
        services.keyring.prepare(session, clock.now())
        rows = session.query(DataKeyRow).filter_by(scope="system").count()

    assert rows == 1


def test_another_master_does_not_open_the_system(services: Services) -> None:
    other = Keyring(MasterKey(os.urandom(32)))

    with services.database.reading() as session, pytest.raises(KeyUnavailable):
        other.system(session)


def test_lookup_finds_equal_values_of_one_purpose_only(services: Services) -> None:
    restarted = Keyring(services.keyring.master)
    with services.database.reading() as session:
        sender = services.keyring.lookup(session, "sender", "anna@partner.example")

        assert restarted.lookup(session, "sender", "anna@partner.example") == sender
        assert services.keyring.lookup(session, "recipient", "anna@partner.example") != sender
        assert services.keyring.lookup(session, "sender", "bo@partner.example") != sender


def test_an_unprepared_database_says_what_to_do(services: Services) -> None:
    with services.database.transaction() as session:
        session.query(DataKeyRow).delete()

    restarted = Keyring(services.keyring.master)
    with (
        services.database.reading() as session,
        pytest.raises(KeyUnavailable, match="flask db upgrade"),
    ):
        restarted.system(session)


def test_a_made_secret_is_read(tmp_path: Path) -> None:
    path = tmp_path / "deeper" / "secret.key"

    make_secret_file(path)

    assert len(read_secret(path, "AVRR_SECRET_KEY_FILE")) == 32
    assert path.stat().st_mode & 0o777 == 0o600
    assert list(path.parent.iterdir()) == [path]


def test_an_existing_secret_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "secret.key"
    make_secret_file(path)
    before = path.read_text()

    make_secret_file(path)

    assert path.read_text() == before
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize(
    ("content", "mode"),
    [
        (b"", 0o600),
        (b"ab" * 31, 0o600),
        (b"ab" * 33, 0o600),
        (b"zz" * 32, 0o600),
        (b"a" * 63, 0o600),
        (b"\xff" * 64, 0o600),
        (bytes(range(200, 232)), 0o600),
        (b"ab" * 32, 0o640),
        (b"ab" * 32, 0o604),
        (b"ab" * 32, 0o620),
    ],
    ids=[
        "empty",
        "short",
        "long",
        "no_hex",
        "odd",
        "no_ascii",
        "raw",
        "group_reads",
        "all_read",
        "group_writes",
    ],
)
def test_a_wrong_secret_file_names_its_setting(tmp_path: Path, content: bytes, mode: int) -> None:
    path = tmp_path / "master.key"
    path.write_bytes(content)
    path.chmod(mode)

    with pytest.raises(SettingInvalid, match=r"^AVRR_MASTER_KEY_FILE: "):
        load_master_key(path)


@pytest.mark.parametrize("is_folder", [True, False])
def test_a_missing_secret_file_names_its_setting(tmp_path: Path, is_folder: bool) -> None:
    path = tmp_path if is_folder else tmp_path / "missing.key"

    with pytest.raises(SettingInvalid, match=r"^AVRR_SECRET_KEY_FILE: "):
        read_secret(path, "AVRR_SECRET_KEY_FILE")


def test_a_wrong_secret_is_not_repeated_in_the_error(tmp_path: Path) -> None:
    path = tmp_path / "master.key"
    path.write_text("almost-a-secret")
    path.chmod(0o600)

    with pytest.raises(SettingInvalid) as caught:
        load_master_key(path)

    assert "almost" not in str(caught.value)


def _make_and_read(path: Path) -> bytes:
    make_secret_file(path)
    return read_secret(path, "AVRR_MASTER_KEY_FILE")


def test_processes_that_start_at_once_agree_on_one_secret(tmp_path: Path) -> None:
    path = tmp_path / "master.key"

    with multiprocessing.get_context("spawn").Pool(4) as pool:
        secrets = pool.map(_make_and_read, [path] * 8, chunksize=1)

    assert len(set(secrets)) == 1
    assert list(tmp_path.iterdir()) == [path]


def test_a_master_is_known_by_a_fingerprint() -> None:
    assert MASTER.id == replace(MASTER).id
    assert MASTER.id != MasterKey(bytes(32)).id
    assert len(MASTER.id) == 16
