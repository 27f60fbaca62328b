"""Build real services on a scratch database, with a clock that tests move, and the application."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import ClassVar

from flask import Flask
from jinja2.bccache import Bucket, BytecodeCache
from werkzeug.routing import Rule

from intake.core.office_clock import load_offices
from intake.core.services import Services
from intake.core.settings import read_settings
from intake.oversight.health import Check, Health
from portal.app import create_app
from storage.blobs.blobs import BlobStore
from storage.blobs.folder import FolderBackend
from storage.crypto.column_types import open_columns
from storage.crypto.keys import Keyring, MasterKey
from storage.database import Database, open_database
from tests.support.building import RecordingQueue
from tests.support.laid_tables import lay_tables

HOST = "portal.test"
PASSWORD = "a calm and long sentence"
# A Tuesday: 10:42 in the office.
START = datetime(2026, 11, 24, 8, 42, tzinfo=UTC)


class CompiledTemplates(BytecodeCache):
    """Keeps compiled templates for all applications of a test process."""

    def __init__(self) -> None:
        self._kept: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Give a template as it was compiled before; Jinja asks whether its text is the same."""
        if bucket.key in self._kept:
            bucket.bytecode_from_string(self._kept[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep a template that was compiled now."""
        self._kept[bucket.key] = bucket.bytecode_to_string()


COMPILED = CompiledTemplates()


class CompiledRule(Rule):
    """An address of the portal, compiled once for all applications of a test process.

    What is compiled asks `self` for everything that belongs to one application.
    """

    _kept: ClassVar[dict[tuple[object, ...], Callable[..., tuple[str, str]]]] = {}

    def _compile_builder(self, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:
        assert not self.defaults, "a default is part of what is compiled"
        key = (self.rule, tuple(self._trace), append_unknown)
        if key not in self._kept:
            self._kept[key] = super()._compile_builder(append_unknown)
        return self._kept[key]


Flask.url_rule_class = CompiledRule


@dataclass
class Clock:
    """A clock that stands until a test moves it."""

    at: datetime = START

    def __call__(self) -> datetime:
        """Return the present."""
        return self.at

    def move(self, by: timedelta) -> None:
        """Let time pass."""
        self.at += by


@dataclass
class TickingClock(Clock):
    """A clock that moves by a millisecond at each look, as no real one stands between two looks."""

    def __call__(self) -> datetime:
        """Return the present, which is over then."""
        self.at += timedelta(milliseconds=1)
        return self.at


def build_services(
    folder: Path,
    clock: Clock,
    public_url: str = f"http://{HOST}",
    database_url: str = "",
    undo_seconds: str = "0",
    master_key: bytes = b"",
    open_it: Callable[[str], Database] = open_database,
) -> Services:
    """Build services on a new SQLite file or another database; the caller closes it.

    A copy of another's folder is opened with that one's master key of 32 bytes.
    """
    environ = {"AVRR_DATA_DIR": str(folder), "AVRR_PUBLIC_URL": public_url}
    environ["AVRR_DATABASE_URL"] = database_url
    environ["AVRR_UNDO_SECONDS"] = undo_seconds
    settings = read_settings(environ)
    database = open_it(settings.database_url)
    keyring = Keyring(MasterKey(master_key or os.urandom(32)))
    open_columns(database, keyring)
    if not (folder / "avrr.db").exists():
        lay_tables(database)
    with database.transaction() as session:
        keyring.prepare(session, clock())
    return Services(
        settings=settings,
        database=database,
        blobs=BlobStore(FolderBackend(folder / "blobs")),
        keyring=keyring,
        queue=RecordingQueue(),
        offices=load_offices(),
        now=clock,
    )


def stub_health() -> Health:
    """Return a health with each of the three states."""
    return Health(
        "degraded",
        (
            Check("database", "ok", "Answers and stands at the newest schema.", None),
            Check("scanner", "degraded", "Built-in rules only: no scanner is set.", None),
            Check("mailbox referrals", "down", "The server refuses the connection.", START),
        ),
    )


def build_app(services: Services) -> Flask:
    """Build the application as wsgi.py does; an error that nobody caught still shows its page."""
    app = create_app(services, secret_key=os.urandom(32), check_health=stub_health)
    app.config["TESTING"] = False
    app.jinja_env.bytecode_cache = COMPILED
    return app
