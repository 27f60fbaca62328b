"""Lend the SQLite file of each test an engine that has compiled the queries of those before.

SQLAlchemy compiles a query for an engine, which takes longer than asking it, and a new engine has
nothing compiled: a seventh of the time of the portal's tests. An engine is lent to one file at a
time, and no connection, key or row goes from one to the next.
"""

from typing import Any

from sqlalchemy import Engine, event, make_url

from storage.database import Database, open_database

_FREE: list[Engine] = []


def lend(url: str) -> Database:
    """Open `sqlite:///PATH`, with an engine that was given back where there is one."""
    engine = _FREE.pop() if _FREE else _new(url)
    engine.url = make_url(url)
    return Database(engine)


def give_back(database: Database) -> None:
    """End the connections of a lent database, which is not used any more."""
    database.engine.dispose()
    _FREE.append(database.engine)


def _new(url: str) -> Engine:
    engine = open_database(url).engine

    def connect_to_present_file(
        _dialect: Any, _record: Any, arguments: list[Any], _named: Any
    ) -> None:  # Any: what a driver takes
        arguments[0] = engine.url.database

    event.listen(engine, "do_connect", connect_to_present_file)
    return engine
