"""Check building: keys of a first start are made, and never beside data that another key locked."""

from pathlib import Path

import pytest

from intake.bootstrap import build_services, make_embedded_keys, prepare_storage, read_secret_key
from intake.core.errors import KeyUnavailable, SettingInvalid
from intake.core.settings import read_settings
from intake.pipeline.build_worker import build_worker_services
from storage import schema
from storage.blobs.bucket import BucketBackend
from storage.blobs.folder import FolderBackend
from storage.database import Database
from tests.support.building import (
    MAIL_TEXTS,
    RecordingQueue,
    make_services,
    settings_environ,
    unprepared_services,
)
from tests.support.environs import PRODUCTION


def test_a_first_start_makes_its_keys_and_tables(tmp_path: Path) -> None:
    folder = tmp_path / "deeper" / "var"

    services = make_services(folder)

    assert schema.is_current(services.database)
    assert (folder / "master.key").stat().st_mode & 0o777 == 0o600
    assert (folder / "secret.key").stat().st_mode & 0o777 == 0o600
    assert isinstance(services.blobs.backend, FolderBackend)
    with services.database.reading() as session:
        assert services.keyring.system(session).id
    services.database.close()


def test_a_second_start_opens_what_the_first_one_wrote(tmp_path: Path) -> None:
    first = make_services(tmp_path)
    with first.database.reading() as session:
        hashed = first.keyring.lookup(session, "sender", "anna@partner.example")
    first.database.close()

    second = make_services(tmp_path)

    with second.database.reading() as session:
        assert second.keyring.lookup(session, "sender", "anna@partner.example") == hashed
    second.database.close()


def test_nothing_is_opened_by_building(tmp_path: Path) -> None:
    services = unprepared_services(tmp_path)

    assert sorted(path.name for path in tmp_path.iterdir()) == ["master.key", "secret.key"]
    services.database.close()


def test_a_database_without_its_key_is_refused(tmp_path: Path) -> None:
    make_services(tmp_path).database.close()
    (tmp_path / "master.key").unlink()

    with pytest.raises(SettingInvalid, match=r"^AVRR_MASTER_KEY_FILE: .*restore"):
        unprepared_services(tmp_path)

    assert not (tmp_path / "master.key").exists()


def test_a_folder_with_a_blank_in_its_name_is_guarded_as_well(tmp_path: Path) -> None:
    folder = tmp_path / "data of åsa"
    make_services(folder).database.close()
    (folder / "master.key").unlink()

    with pytest.raises(SettingInvalid, match=r"^AVRR_MASTER_KEY_FILE: "):
        unprepared_services(folder)


def test_a_lost_cookie_key_is_made_anew(tmp_path: Path) -> None:
    make_services(tmp_path).database.close()
    (tmp_path / "secret.key").unlink()

    unprepared_services(tmp_path).database.close()

    assert (tmp_path / "secret.key").exists()


def test_another_master_key_does_not_open_the_data(tmp_path: Path) -> None:
    make_services(tmp_path).database.close()
    (tmp_path / "master.key").write_text("ab" * 32)

    services = unprepared_services(tmp_path)

    with services.database.reading() as session, pytest.raises(KeyUnavailable):
        services.keyring.system(session)
    services.database.close()


def test_production_makes_no_keys(tmp_path: Path) -> None:
    settings = read_settings(
        {
            **PRODUCTION,
            "AVRR_DATA_DIR": str(tmp_path),
            "AVRR_MASTER_KEY_FILE": str(tmp_path / "master.key"),
            "AVRR_SECRET_KEY_FILE": str(tmp_path / "secret.key"),
        }
    )

    make_embedded_keys(settings)
    with pytest.raises(SettingInvalid, match=r"^AVRR_MASTER_KEY_FILE: "):
        build_services(settings, make_queue=lambda _database: RecordingQueue())
    with pytest.raises(SettingInvalid, match=r"^AVRR_SECRET_KEY_FILE: "):
        read_secret_key(settings)

    assert list(tmp_path.iterdir()) == []


def test_documents_may_lie_in_a_bucket(tmp_path: Path) -> None:
    services = unprepared_services(
        tmp_path, AVRR_BLOBS_URL="s3://bucket/prefix", AVRR_S3_ENDPOINT="http://127.0.0.1:1"
    )

    assert isinstance(services.blobs.backend, BucketBackend)
    services.database.close()


@pytest.mark.parametrize("url", ["ftp://host/blobs", "/var/blobs", "s3:///prefix"])
def test_an_unknown_place_for_documents_is_refused(tmp_path: Path, url: str) -> None:
    with pytest.raises(SettingInvalid, match=r"^AVRR_BLOBS_URL: "):
        unprepared_services(tmp_path, AVRR_BLOBS_URL=url)


def test_preparing_twice_is_harmless(tmp_path: Path) -> None:
    services = make_services(tmp_path)

    prepare_storage(services)

    assert schema.differences(services.database) == []
    services.database.close()


def test_worker_services_have_a_scanner_only_where_one_is_set(tmp_path: Path) -> None:
    without = unprepared_services(tmp_path)
    with_one = unprepared_services(tmp_path, AVRR_CLAMD_URL="tcp://127.0.0.1:3310")

    assert build_worker_services(without, MAIL_TEXTS).scanner is None
    assert build_worker_services(with_one, MAIL_TEXTS).scanner is not None
    without.database.close()
    with_one.database.close()


def test_the_queue_is_given_the_database(tmp_path: Path) -> None:
    seen: list[Database] = []

    def make_queue(database: Database) -> RecordingQueue:
        seen.append(database)
        return RecordingQueue()

    services = build_services(read_settings(settings_environ(tmp_path)), make_queue=make_queue)

    assert seen == [services.database]
    services.database.close()
