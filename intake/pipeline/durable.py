"""Give the workflow engine with everything that it stores held to JSON.

The only module that imports dbos, so no process of ours can have the engine without this.
dbos stores the inputs and results of workflows as pickles by default, and a pickle that is read
may run any code: whoever can write the database would read the master key. Choosing its JSON
serializer is not enough, because each row names the format in which it is written, and a row that
says `py_pickle` is read as one. So the reader of pickles itself is replaced by a refusal.
"""

import logging
from typing import Any, NoReturn

from dbos import DBOS, DBOSClient, DBOSPortableJSONSerializer
from dbos import _serialization as stored_values
from dbos import error as dbos_errors

__all__ = ["DBOS", "JSON", "DBOSClient", "PickleRefused", "dbos_errors"]

LOG = logging.getLogger(__name__)
JSON = DBOSPortableJSONSerializer()


class PickleRefused(Exception):
    """A row holds a pickle. It was not read; dbos ends its workflow, and the ledger starts anew."""


def _refuse(_self: stored_values.Serializer, _written: str) -> NoReturn:
    LOG.error("event=engine_pickle_refused")
    raise PickleRefused("a pickle is never read")


def _write_error(_self: stored_values.Serializer, value: Any) -> str:  # Any: as dbos declares it
    """Write the error with which dbos ends a refused workflow; nothing else is written here."""
    if not isinstance(value, Exception):
        raise PickleRefused("a pickle is never written")
    return JSON.serialize(stored_values.exception_to_workflow_error_data(value))


# dbos makes its reader of pickles when it is imported, so the class is changed and not an object
# handed over. `DBOS.migrate` and rows of others reach it whatever serializer we choose.
stored_values.DefaultSerializer.deserialize = _refuse  # type: ignore[assignment, method-assign] # as said
stored_values.DefaultSerializer.serialize = _write_error  # type: ignore[assignment, method-assign] # as said
