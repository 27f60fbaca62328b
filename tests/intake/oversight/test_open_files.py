"""Check threat B61: nobody else on the machine can read what an installation keeps.

Everything is made under an umask that takes nothing away, as a careless service unit sets it.
"""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from intake.bootstrap import build_services, prepare_storage
from intake.core.services import Services
from intake.core.settings import read_settings
from intake.oversight.health import check_health
from intake.oversight.verify import verify_storage
from intake.sandbox import JailPool
from tests.samples.mail.mails import referral, tiny_pdf
from tests.support.building import make_worker_services, settings_environ, unprepared_services
from tests.support.desk import Desk
from tests.support.learnt import lay_model

ROOT = Path(__file__).parents[3]


@pytest.fixture
def no_umask() -> Iterator[None]:
    """Take nothing away from the modes of new files."""
    before = os.umask(0)
    yield
    os.umask(before)


@pytest.fixture
def kept(no_umask: None, tmp_path: Path, jails: JailPool) -> Iterator[Services]:
    """Give an installation that took a mail in; its database stays open meanwhile."""
    # By the project's own upgrade: tests' copies of its tables have a mode of their own.
    services = unprepared_services(tmp_path / "above" / "var")
    prepare_storage(services)
    lay_model(services)
    desk = Desk(make_worker_services(services, jails))
    desk.handle(referral(attachments=[("a.pdf", "application/pdf", tiny_pdf("words"))]))
    yield services
    services.database.close()


def modes(folder: Path) -> dict[str, int]:
    """Return the mode of a folder and of all below it, by its path."""
    found = [folder, *folder.rglob("*")]
    return {str(path.relative_to(folder)): path.stat().st_mode & 0o7777 for path in found}


def wrong(folder: Path) -> dict[str, int]:
    """Return what is not 0600 for a file or 0700 for a folder."""
    return {
        name: mode
        for name, mode in modes(folder).items()
        if mode != (0o700 if (folder / name).is_dir() else 0o600)
    }


def test_everything_is_made_for_its_owner_alone(kept: Services) -> None:
    folder = kept.settings.data_dir

    names = modes(folder)
    assert {"avrr.db", "avrr.db-wal", "avrr.db-shm", "master.key", "secret.key"} <= names.keys()
    assert any(name.startswith("blobs/") and len(name) > 30 for name in names)
    assert any("model" in name for name in names)
    assert wrong(folder) == {}
    assert wrong(folder.parent) == {}


def test_so_is_what_the_commands_make(no_umask: None, tmp_path: Path) -> None:
    settings = read_settings(settings_environ(tmp_path / "var"))
    for command in (["db", "upgrade"], ["work", "--until-idle"]):
        subprocess.run(
            [sys.executable, "-m", "flask", *command],
            cwd=ROOT,
            env=os.environ | settings_environ(tmp_path / "var"),
            check=True,
            capture_output=True,
            timeout=240,
        )

    assert (settings.data_dir / "avrr.db").is_file()
    assert wrong(settings.data_dir) == {}


def test_an_older_data_folder_is_closed_at_the_start(
    kept: Services, caplog: pytest.LogCaptureFixture
) -> None:
    folder = kept.settings.data_dir
    # As the last release left it: folders, database and model open, keys and blobs not.
    for path in [folder, *folder.rglob("*")]:
        if path.is_dir():
            path.chmod(0o755)
        elif path.suffix != ".key" and "blobs" not in path.parts:
            path.chmod(0o644)
    assert wrong(folder)

    build_services(kept.settings).database.close()

    assert wrong(folder) == {}
    assert "event=data_folder_closed" in caplog.text


def test_a_looser_file_is_named(kept: Services) -> None:
    folder = kept.settings.data_dir
    (folder / "avrr.db").chmod(0o640)

    (found,) = [check for check in check_health(kept).checks if check.name == "files"]

    assert (found.status, "'avrr.db'" in found.detail) == ("degraded", True)
    assert "'avrr.db' is open to others on this machine" in verify_storage(kept).faults


def test_a_looser_blob_is_named_by_verify(kept: Services) -> None:
    folder = kept.settings.data_dir
    blob = next(path for path in (folder / "blobs").rglob("*") if path.is_file())
    blob.chmod(0o604)

    faults = verify_storage(kept).faults

    assert faults == (f"'{blob.relative_to(folder)}' is open to others on this machine",)
