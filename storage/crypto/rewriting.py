"""Rewrite the rows of a table in batches, for migrations that seal what stood in clear."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import Connection, Row, Select, bindparam, column, select, table, text, update

from storage.crypto.column_types import ColumnKeys, keys_of
from storage.crypto.keys import DataKey

BATCH = 500


class OldRows:
    """The rows of a database that is being migrated, with the keys that they need."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._opened: tuple[str, DataKey | None] = ("", None)
        if connection.dialect.name == "sqlite":
            # Without it the plain values would stay in the file's free pages.
            connection.execute(text("PRAGMA secure_delete = ON"))

    @property
    def keys(self) -> ColumnKeys:
        """Return the keys of sealed columns. Raises KeyUnavailable."""
        return keys_of(self._connection.dialect)

    def data_key(self, key_id: str) -> DataKey | None:
        """Open a data key, None when it was destroyed. The last one stays open.

        Raises KeyUnavailable when the master key is another one.
        """
        if self._opened[0] != key_id:
            rows = table("data_keys", column("id"), column("wrapped"))
            wrapped = self._connection.scalar(select(rows.c.wrapped).where(rows.c.id == key_id))
            master = self.keys.keyring.master
            self._opened = (key_id, master.unwrap(key_id, bytes(wrapped)) if wrapped else None)
        return self._opened[1]

    def rewrite(
        self,
        name: str,
        reading: Select[Any],
        change: Callable[[Row[Any]], dict[str, Any]],
        *,
        key: str = "id",
    ) -> None:
        """Give every row of a table new values of the same columns.

        `reading` selects what `change` needs, and the table's key; a `change` gets such a row.
        """
        rows = reading.subquery()
        query = select(rows).order_by(rows.c[key]).limit(BATCH)
        batch = self._connection.execute(query).all()
        while batch:
            values = [change(row) | {"the_key": getattr(row, key)} for row in batch]
            columns = sorted(values[0].keys() - {"the_key"})
            target = table(name, column(key), *map(column, columns))
            self._connection.execute(
                update(target)
                .where(target.c[key] == bindparam("the_key"))
                .values({each: bindparam(f"new_{each}") for each in columns}),
                [{_named(each): value for each, value in row.items()} for row in values],
            )
            last = getattr(batch[-1], key)
            batch = self._connection.execute(query.where(rows.c[key] > last)).all()


def _named(column_name: str) -> str:
    return column_name if column_name == "the_key" else f"new_{column_name}"
