"""Check that every command says in one line that the database is damaged, and changes nothing.

The files are really damaged: one is no database any more, in the others some pages are broken.
"""

import hashlib
import signal
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from flask import Flask

from intake.bootstrap import prepare_storage
from tests.support.building import settings_environ
from wsgi import create_app, current_services

PAGE_BYTES = 4096
# Each command of ours, with what it needs to start.
COMMANDS: dict[str, tuple[str, ...]] = {
    "audit who-read": ("K7M-4QX-9T",),
    "db upgrade": (),
    "demo": (),
    "health": (),
    "mail poll": ("--once",),
    "mail send": ("--once",),
    "senders add": ("erik@region.example", "--region", "SYD"),
    "serve": (),
    "submissions index": (),
    "submissions list": (),
    "submissions show": ("K7M-4QX-9T",),
    "users invite": ("anna@office.example", "--role", "MGR"),
    "verify": ("--sweep", "--orphans-older-than", "0"),
    "work": ("--until-idle",),
}


@pytest.fixture
def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Give the database of a prepared installation, to which commands go, and end its signals."""
    for name, value in settings_environ(tmp_path / "var").items():
        monkeypatch.setenv(name, value)
    handlers = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    with create_app().app_context():
        prepare_storage(current_services())
        current_services().database.close()
    yield tmp_path / "var" / "avrr.db"
    for number, handler in handlers.items():
        signal.signal(number, handler)


def leaves(app: Flask) -> set[str]:
    """Return the names of all commands that the application adds to `flask`."""
    found = set()
    for name, command in app.cli.commands.items():
        if isinstance(command, click.Group):
            found |= {f"{name} {each}" for each in command.commands}
        else:
            found.add(name)
    return found


def overwrite(path: Path, first_page: int) -> str:
    """Break every page from one on; return the hash of the file."""
    size = path.stat().st_size
    with path.open("r+b") as file:
        file.seek(first_page * PAGE_BYTES)
        file.write(b"\xa5" * (size - first_page * PAGE_BYTES))
    return digest_of(path)


def digest_of(path: Path) -> str:
    """Return the hash of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_every_command_is_tried(database: Path) -> None:
    assert database.is_file()
    assert leaves(create_app()) == set(COMMANDS)


@pytest.mark.parametrize("command", COMMANDS)
def test_a_file_that_is_no_database_is_one_line(database: Path, command: str) -> None:
    before = overwrite(database, 0)

    result = create_app().test_cli_runner().invoke(args=[*command.split(), *COMMANDS[command]])

    assert not isinstance(result.exception, Exception), result.exception
    if command == "health":
        assert (result.exit_code, "(database_damaged)" in result.stdout) == (2, True)
    else:
        assert result.exit_code == 1
        assert result.stderr == (
            "Error: The database is damaged (file is not a database). Nothing was changed. Stop "
            "every process, keep a copy of the files as they are, and go back to a backup.\n"
        )
    assert digest_of(database) == before


@pytest.mark.parametrize("first_page", [1, 8, 40])
def test_broken_pages_are_found_wherever_they_are(database: Path, first_page: int) -> None:
    before = overwrite(database, first_page)
    blob = database.parent / "blobs" / "ab" / ("0f" * 16)
    blob.parent.mkdir(parents=True)
    blob.touch()

    result = (
        create_app()
        .test_cli_runner()
        .invoke(args=["verify", "--sweep", "--orphans-older-than", "0"])
    )

    assert not isinstance(result.exception, Exception), result.exception
    assert result.exit_code == 1
    assert result.stderr.startswith("Error: The database is damaged (")
    assert result.stderr.count("\n") == 1
    assert digest_of(database) == before
    assert blob.exists()
