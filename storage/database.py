"""Open the database, give its transactions, and translate the driver's errors.

A write transaction takes SQLite's write lock at its start (BEGIN IMMEDIATE), so that what it read
is still true when it commits; on PostgreSQL rows are locked where a rule needs it.
"""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext, suppress
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, create_engine, event, make_url, text
from sqlalchemy.exc import (
    DataError,
    DBAPIError,
    IntegrityError,
    InterfaceError,
    OperationalError,
    StatementError,
)
from sqlalchemy.orm import Session, sessionmaker

from storage import private_files
from storage.errors import (
    Conflict,
    DatabaseDamaged,
    KeyUnavailable,
    SettingInvalid,
    StorageFull,
    StorageUnavailable,
    ValueNotStorable,
)

# Session is exported again: other packages name the type through this module.
__all__ = ["Database", "Session", "open_database", "translated_errors"]

BUSY_TIMEOUT_MS = 30_000
# PostgreSQL's codes of a damaged table and a damaged index.
DAMAGED_STATES = frozenset({"XX001", "XX002"})


class Database:
    """An engine with transactions for writing and for reading; `close` ends its connections."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._sessions = sessionmaker(engine, expire_on_commit=False)
        # SQLite lets a writer try again after a while, so one that waits may never get its turn
        # while others come. Threads of one process wait in line for each other instead.
        self._writing = threading.Lock()
        # Uploads of files let all others go first: only one of them at a time stands in that line.
        self._sending = threading.Lock()

    @property
    def is_sqlite(self) -> bool:
        """Say whether this is SQLite and not PostgreSQL."""
        return self.engine.dialect.name == "sqlite"

    @contextmanager
    def transaction(self, *, lets_others_first: bool = False) -> Iterator[Session]:
        """Give a session that commits at the end and rolls back on any error.

        With `lets_others_first` other writers go first; that is for many short transactions for
        which nobody waits, such as those of a file's chunks. Raises StorageUnavailable or
        StorageFull when the database cannot write, Conflict when a unique row is there already.
        """
        line = self._turn(self._sending) if lets_others_first else nullcontext()
        with translated_errors(), line, self._turn(self._writing), self._sessions() as session:
            if self.is_sqlite:
                session.execute(text("BEGIN IMMEDIATE"))
            yield session
            session.commit()

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """Give a session for reading; whatever it changed is rolled back.

        Closing rolls back without expiring, so rows that were read stay usable afterwards. Raises
        StorageUnavailable.
        """
        with translated_errors(), self._sessions() as session:
            yield session

    def ping(self) -> None:
        """Ask the database for the simplest answer. Raises StorageUnavailable."""
        with self.reading() as session:
            session.execute(text("SELECT 1"))

    def prove_whole(self) -> None:
        """Read the whole database of SQLite, of whose parts each query meets only some.

        PostgreSQL has its own means for that. Raises DatabaseDamaged, and StorageUnavailable.
        """
        if not self.is_sqlite:
            return
        with self.reading() as session:
            found = session.scalars(text("PRAGMA integrity_check(1)")).first()
        if found != "ok":
            raise _damaged(str(found))

    @contextmanager
    def _turn(self, line: threading.Lock) -> Iterator[None]:
        if not self.is_sqlite:
            yield
            return
        if not line.acquire(timeout=BUSY_TIMEOUT_MS / 1000):
            raise StorageUnavailable
        try:
            yield
        finally:
            line.release()

    def close(self) -> None:
        """Close all pooled connections, and forget the statements that were compiled for them.

        SQLAlchemy's mappers hold an engine for a while after its end, and all that it holds.
        """
        self.engine.dispose()
        self.engine.clear_compiled_cache()


def open_database(url: str, *, pool_size: int = 10) -> Database:
    """Make the engine for `sqlite:///PATH` or `postgresql+psycopg://…`; it connects when used.

    Raises SettingInvalid for any other address.
    """
    try:
        parsed = make_url(url)
    except Exception as error:
        raise SettingInvalid("AVRR_DATABASE_URL: not a database address") from error
    if parsed.drivername == "sqlite" and parsed.database:
        path = Path(parsed.database)
        private_files.make_folder(path.parent)
        engine = create_engine(parsed, connect_args={"timeout": 30, "check_same_thread": False})
        event.listen(engine, "do_connect", lambda *_: _make_private(path))
        event.listen(engine, "connect", _prepare_sqlite)
        return Database(engine)
    if parsed.drivername == "postgresql+psycopg":
        return Database(create_engine(parsed, pool_size=pool_size, pool_pre_ping=True))
    raise SettingInvalid("AVRR_DATABASE_URL: use sqlite:///PATH or postgresql+psycopg://…")


def _make_private(path: Path) -> None:
    # SQLite gives the mode of the database to the files that it lays beside it. Where the file
    # cannot be made, SQLite says so itself when it connects.
    with suppress(OSError):
        private_files.make_database_file(path)


def _prepare_sqlite(connection: sqlite3.Connection, _record: Any) -> None:
    # dbos shares this engine. Without IMMEDIATE its transactions, which read and then write, would
    # meet SQLITE_BUSY when a read lock becomes a write lock.
    connection.isolation_level = "IMMEDIATE"
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        f"busy_timeout={BUSY_TIMEOUT_MS}",
        "foreign_keys=ON",
    ):
        connection.execute(f"PRAGMA {pragma}")


@contextmanager
def translated_errors() -> Iterator[None]:
    """Turn the driver's errors into ours, once, at this edge."""
    try:
        yield
    except IntegrityError as error:
        raise Conflict from error
    except DataError as error:
        # A NUL in a text or a number beyond its column, which SQLite would take.
        raise ValueNotStorable from error
    except DBAPIError as error:
        if _tells_of_damage(error.orig):
            raise _damaged(str(error.orig)) from error
        is_away = isinstance(error, OperationalError | InterfaceError)
        if is_away or error.connection_invalidated:
            raise _unavailable(error) from error
        raise
    except StatementError as error:
        # A sealed column without its key: SQLAlchemy wraps what a column's type raises.
        if isinstance(error.orig, KeyUnavailable):
            raise error.orig from None
        raise


def _unavailable(error: DBAPIError) -> StorageUnavailable:
    words = str(error.orig).lower()
    is_full = "disk is full" in words or "no space left" in words
    return StorageFull() if is_full else StorageUnavailable()


def _tells_of_damage(error: BaseException | None) -> bool:
    if isinstance(error, sqlite3.Error):
        # An error that Python itself raises has no code. The low byte is the code's family.
        family = getattr(error, "sqlite_errorcode", 0) & 0xFF
        return family in {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}
    return getattr(error, "sqlstate", None) in DAMAGED_STATES


def _damaged(words: str) -> DatabaseDamaged:
    # SQLite names its place in several lines; the operator's commands print one.
    return DatabaseDamaged(
        f"The database is damaged ({' '.join(words.split())}). Nothing was changed. Stop every "
        "process, keep a copy of the files as they are, and go back to a backup."
    )
