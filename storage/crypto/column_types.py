"""Seal codes, days and numbers in their columns, and keep keyed hashes of what queries ask for.

A sealed column is encrypted under the system's data key, with fresh randomness for each value and
padded, so that neither equal nor long values stand out; no query can compare it. A keyed column
holds an HMAC under the same data key: equal values are found, and a guess cannot be tried by
somebody who has the database alone. What names a person or comes from a sender is sealed with the
key of its submission or case instead (`storage.crypto.sealing`).
"""

import hashlib
import hmac
import json
import os
from datetime import date
from typing import Any, TypeVar

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import ColumnElement, Dialect, Engine, LargeBinary, String
from sqlalchemy.orm import Session
from sqlalchemy.sql import operators
from sqlalchemy.types import TypeDecorator

from storage.crypto.keys import NONCE_BYTES, Keyring
from storage.database import Database
from storage.errors import KeyUnavailable, ValueDamaged

PAD_BYTES = 32
# Where an engine's dialect carries the keys: it is all that SQLAlchemy hands to a column's type.
ATTRIBUTE = "avrr_column_keys"
Value = TypeVar("Value")


class ColumnKeys:
    """The keys of one database's columns, derived from the system's data key on first use."""

    def __init__(self, engine: Engine, keyring: Keyring) -> None:
        self.keyring = keyring
        self._engine = engine
        self._ciphers: dict[str, AESGCM] = {}
        self._hash_keys: dict[str, bytes] = {}

    def seal(self, column: str, content: bytes) -> bytes:
        """Encrypt a value of a column, named as `table.column`, and hide its length."""
        padded = content + bytes(-len(content) % PAD_BYTES or (0 if content else PAD_BYTES))
        nonce = os.urandom(NONCE_BYTES)
        return nonce + self._cipher(column).encrypt(nonce, padded, column.encode())

    def unseal(self, column: str, sealed: bytes) -> bytes:
        """Decrypt what `seal` made. Raises ValueDamaged for another key, column or damage."""
        try:
            padded = self._cipher(column).decrypt(
                sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], column.encode()
            )
        except (InvalidTag, ValueError) as error:
            # AESGCM raises ValueError for a nonce that is too short.
            raise ValueDamaged("the value does not open in this column") from error
        return padded.rstrip(b"\0")

    def keyed(self, purpose: str, value: str) -> str:
        """Return the keyed hash of a value in 64 hex digits, as `Keyring.lookup` does."""
        if purpose not in self._hash_keys:
            self._hash_keys[purpose] = self._derive(f"lookup:{purpose}")
        # What a caller asks for may hold lone surrogates; UTF-8 has no form for them.
        content = value.encode("utf-8", "replace")
        return hmac.new(self._hash_keys[purpose], content, hashlib.sha256).hexdigest()

    def _cipher(self, column: str) -> AESGCM:
        if column not in self._ciphers:
            self._ciphers[column] = AESGCM(self._derive(f"sealed-column:{column}"))
        return self._ciphers[column]

    def _derive(self, purpose: str) -> bytes:
        # A connection of its own, because the caller's is in the middle of a statement.
        with Session(self._engine) as session:
            return self.keyring.system(session).derive(purpose)


def open_columns(database: Database, keyring: Keyring) -> Database:
    """Let a database's sealed and keyed columns be read and written with a keyring; return it."""
    setattr(database.engine.dialect, ATTRIBUTE, ColumnKeys(database.engine, keyring))
    return database


def keys_of(dialect: Dialect) -> ColumnKeys:
    """Return the keys that `open_columns` gave to a database. Raises KeyUnavailable."""
    keys = getattr(dialect, ATTRIBUTE, None)
    if not isinstance(keys, ColumnKeys):
        raise KeyUnavailable("the database was opened without its keyring")
    return keys


class _Sealed(TypeDecorator[Value]):
    """A sealed value; `column` names its place as `table.column`, to which it is bound."""

    impl = LargeBinary
    cache_ok = True

    class Comparator(TypeDecorator.Comparator[Any]):  # Any: comparisons give columns of any type
        """Refuses what would compare ciphertext, which is never equal and has no order."""

        def operate(
            self, op: operators.OperatorType, *other: Any, **kwargs: Any
        ) -> ColumnElement[Any]:
            """Allow only the question whether there is a value."""
            if op in (operators.is_, operators.is_not):
                return super().operate(op, *other, **kwargs)
            raise TypeError("a sealed column cannot be compared or ordered by; key what is asked")

    # SQLAlchemy documents this attribute as the place for operators of one's own.
    comparator_factory = Comparator

    def __init__(self, column: str) -> None:
        super().__init__()
        self.column = column

    def process_bind_param(self, value: Value | None, dialect: Dialect) -> bytes | None:
        """Seal the value; None stays None."""
        return None if value is None else keys_of(dialect).seal(self.column, self._bytes(value))

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> Value | None:
        """Open what was sealed. Raises KeyUnavailable."""
        return None if value is None else self._value(keys_of(dialect).unseal(self.column, value))

    def _bytes(self, value: Value) -> bytes:
        raise NotImplementedError

    def _value(self, content: bytes) -> Value:
        raise NotImplementedError


class SealedText(_Sealed[str]):
    """A code, sealed."""

    cache_ok = True

    def _bytes(self, value: str) -> bytes:
        return value.encode()

    def _value(self, content: bytes) -> str:
        return content.decode()


class SealedDate(_Sealed[date]):
    """A calendar day, sealed."""

    cache_ok = True

    def _bytes(self, value: date) -> bytes:
        return value.isoformat().encode()

    def _value(self, content: bytes) -> date:
        return date.fromisoformat(content.decode())


class SealedNumber(_Sealed[int]):
    """A whole number, sealed."""

    cache_ok = True

    def _bytes(self, value: int) -> bytes:
        return str(value).encode()

    def _value(self, content: bytes) -> int:
        return int(content)


class SealedJson(_Sealed[Any]):  # Any: a list or map of codes and numbers, as JsonText
    """A small list or map of codes and numbers, sealed as canonical JSON."""

    cache_ok = True

    def _bytes(self, value: Any) -> bytes:
        return json.dumps(value, sort_keys=True, ensure_ascii=True).encode()

    def _value(self, content: bytes) -> Any:
        return json.loads(content)


class KeyedHash(str):
    """A keyed hash as it was read; it is stored and compared as it is, not hashed again."""

    __slots__ = ()


class Keyed(TypeDecorator[str]):
    """The keyed hash of a text. A query gives the text itself, or a `KeyedHash` that it read.

    The purpose keeps equal values in two columns from being linked, unless they share it.
    """

    impl = String(64)
    cache_ok = True

    def __init__(self, purpose: str) -> None:
        super().__init__(64)
        self.purpose = purpose

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """Return the hash of a text; a hash stays as it is."""
        if value is None or isinstance(value, KeyedHash):
            return value if value is None else str(value)
        return keys_of(dialect).keyed(self.purpose, value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> KeyedHash | None:
        """Mark what was read as a hash."""
        return None if value is None else KeyedHash(value)


def keyed(where: Session | Database, purpose: str, value: str) -> KeyedHash:
    """Return the keyed hash of a text as a `Keyed` column of this purpose would read it."""
    dialect = where.engine.dialect if isinstance(where, Database) else where.get_bind().dialect
    return KeyedHash(keys_of(dialect).keyed(purpose, value))
