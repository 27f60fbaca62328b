"""Read a whole database as somebody would who has it and no key, and search it for known things."""

import base64
import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import inspect, text

from storage.database import Database


@dataclass(frozen=True)
class Dump:
    """Every value of every table, as (`table.column`, value), and the bytes of SQLite's files."""

    values: tuple[tuple[str, Any], ...]  # Any: what a driver gives
    files: bytes

    def places_of(self, words: Iterable[bytes]) -> set[str]:
        """Return the columns that hold one of some words, and `file` for SQLite's files."""
        wanted = [word for word in words if word]
        found = {
            place for place, value in self.values if any(word in as_bytes(value) for word in wanted)
        }
        return found | ({"file"} if any(word in self.files for word in wanted) else set())


def dump(database: Database) -> Dump:
    """Read all tables of a database, the engine's included."""
    names = inspect(database.engine).get_table_names()
    files = b""
    if database.is_sqlite:
        path = Path(database.engine.url.database or "")
        files = b"".join(each.read_bytes() for each in sorted(path.parent.glob(f"{path.name}*")))
    return Dump(tuple(_values(database, names)), files)


def as_bytes(value: Any) -> bytes:  # Any: what a driver gives
    """Return a value as it would stand in a dump."""
    if isinstance(value, bytes | bytearray | memoryview):
        return bytes(value)
    return str(value).encode()


def hashes_of(contents: Iterable[bytes]) -> Iterator[bytes]:
    """Yield the SHA-256 of contents in every form in which one is kept."""
    for content in contents:
        digest = hashlib.sha256(content)
        yield digest.digest()
        yield digest.hexdigest().encode()
        yield digest.hexdigest().upper().encode()
        yield base64.b64encode(digest.digest()).rstrip(b"=")
        yield base64.urlsafe_b64encode(digest.digest()).rstrip(b"=")


def _values(database: Database, names: Iterable[str]) -> Iterator[tuple[str, Any]]:
    with database.reading() as session:
        for name in names:
            for row in session.execute(text(f'SELECT * FROM "{name}"')).mappings():
                yield from ((f"{name}.{column}", value) for column, value in row.items())
