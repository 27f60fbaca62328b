"""Lay the tables of a scratch database: those of SQLite are copied, not migrated each time.

Migrating from nothing to the newest revision takes longer than most tests. It is done once in a
process, by the project's own upgrade; each further file begins as a copy of that one.
"""

import atexit
import shutil
import tempfile
from functools import cache
from pathlib import Path

from intake.pipeline import work_queue
from storage import private_files, schema
from storage.database import Database, open_database


def lay_tables(database: Database) -> None:
    """Bring a database to the newest revision, tables of the workflow engine included."""
    path = Path(database.engine.url.database or "")
    if database.is_sqlite and not path.exists():
        private_files.make_database_file(path)
        shutil.copyfile(_migrated(), path)
        return
    schema.upgrade(database)
    work_queue.prepare(database.engine.url.render_as_string(hide_password=False))


@cache
def _migrated() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="avrr-tables-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    url = f"sqlite:///{folder / 'avrr.db'}"
    database = open_database(url)
    schema.upgrade(database)
    database.close()
    work_queue.prepare(url)
    return folder / "avrr.db"
