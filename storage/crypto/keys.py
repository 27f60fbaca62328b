"""Make, wrap and open keys: one data key per submission, per case and for the system.

A master key wraps the data keys. Blob keys, the key of sealed columns and the keys of look-up
hashes are derived from data keys by HKDF-SHA256 (RFC 5869). Destroying a data key erases all that
was written under it; rotating the master key only wraps again.
"""

import hashlib
import hmac
import os
import stat
from collections.abc import Collection, Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from sqlalchemy import LargeBinary, String, insert, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from storage import private_files
from storage.base import Base, UtcTime, new_id
from storage.errors import KeyUnavailable, SettingInvalid

KEY_BYTES = 32
NONCE_BYTES = 12
SYSTEM_SCOPE = "system"


class DataKeyRow(Base):
    """A wrapped data key; `wrapped` is emptied when the key is destroyed."""

    __tablename__ = "data_keys"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    scope: Mapped[str] = mapped_column(String(16))
    wrapped: Mapped[bytes] = mapped_column(LargeBinary)
    master_key_id: Mapped[str] = mapped_column(String(16))
    created_at: Mapped[datetime] = mapped_column(UtcTime)
    destroyed_at: Mapped[datetime | None] = mapped_column(UtcTime)


@dataclass(frozen=True)
class DataKey:
    """An open data key, never logged and never stored; `repr` shows its id only."""

    id: str
    secret: bytes

    def __repr__(self) -> str:
        return f"DataKey({self.id})"

    def derive(self, purpose: str) -> bytes:
        """Return the 32-byte key for one purpose, HKDF-SHA256 with the purpose as info."""
        return HKDF(SHA256(), KEY_BYTES, salt=None, info=purpose.encode()).derive(self.secret)


@dataclass(frozen=True)
class MasterKey:
    """The key that opens data keys; `id` is a fingerprint, safe to store beside them."""

    secret: bytes

    def __repr__(self) -> str:
        return f"MasterKey({self.id})"

    @property
    def id(self) -> str:
        """Return the first 16 hex digits of the SHA-256 of the key under a fixed label."""
        return hashlib.sha256(b"avrr master key id" + self.secret).hexdigest()[:16]

    def wrap(self, key: DataKey) -> bytes:
        """Encrypt a data key: 12-byte nonce, then AES-256-GCM with the key's id bound in."""
        nonce = os.urandom(NONCE_BYTES)
        return nonce + AESGCM(self.secret).encrypt(nonce, key.secret, key.id.encode())

    def unwrap(self, key_id: str, wrapped: bytes) -> DataKey:
        """Decrypt a data key.

        Raises KeyUnavailable if the data key was destroyed or wrapped by another master key.
        """
        if not wrapped:
            raise KeyUnavailable("the data key was destroyed")
        try:
            secret = AESGCM(self.secret).decrypt(
                wrapped[:NONCE_BYTES], wrapped[NONCE_BYTES:], key_id.encode()
            )
        except (InvalidTag, ValueError) as error:
            # AESGCM raises ValueError for a nonce that is too short.
            raise KeyUnavailable("the master key does not open this data key") from error
        return DataKey(key_id, secret)


def load_master_key(path: Path) -> MasterKey:
    """Read a 32-byte key written as 64 hex digits. Raises SettingInvalid naming the setting."""
    return MasterKey(read_secret(path, "AVRR_MASTER_KEY_FILE"))


def read_secret(path: Path, setting: str) -> bytes:
    """Read 32 secret bytes from a file of 64 hex digits that only its owner may read.

    Raises SettingInvalid, which names `setting`.
    """
    try:
        text = path.read_text(encoding="ascii").strip()
        mode = path.stat().st_mode
    except (OSError, UnicodeDecodeError) as error:
        raise SettingInvalid(f"{setting}: the file cannot be read") from error
    if mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise SettingInvalid(f"{setting}: the file may be read by others; use mode 0600")
    try:
        secret = bytes.fromhex(text)
    except ValueError as error:
        raise SettingInvalid(f"{setting}: the file must hold 64 hex digits") from error
    if len(secret) != KEY_BYTES:
        raise SettingInvalid(f"{setting}: the file must hold 64 hex digits")
    return secret


def make_secret_file(path: Path) -> None:
    """Write a fresh random secret, mode 0600, unless the file is there already."""
    private_files.make_folder(path.parent)
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(os.urandom(KEY_BYTES).hex() + "\n")
        file.flush()
        os.fsync(file.fileno())
    try:
        # A link fails where the name exists, so of two first starts at once one wins entirely.
        path.hardlink_to(temporary)
    except FileExistsError:
        pass
    finally:
        temporary.unlink()


class Keyring:
    """Open data keys with one master key, and keep the system's own data key open."""

    def __init__(self, master: MasterKey) -> None:
        self.master = master
        self._system: DataKey | None = None

    def new_key(self) -> DataKey:
        """Make a data key; nothing is stored until `add` puts it into a transaction."""
        return DataKey(new_id(), os.urandom(KEY_BYTES))

    def add(self, session: Session, key: DataKey, scope: str, now: datetime) -> None:
        """Store a new key, wrapped, in the caller's transaction."""
        session.execute(
            insert(DataKeyRow),
            {
                "id": key.id,
                "scope": scope,
                "wrapped": self.master.wrap(key),
                "master_key_id": self.master.id,
                "created_at": now,
            },
        )

    def open(self, session: Session, key_id: str) -> DataKey:
        """Open one stored key. Raises KeyUnavailable."""
        row = session.get(DataKeyRow, key_id)
        if row is None:
            raise KeyUnavailable("no such data key")
        return self.master.unwrap(row.id, row.wrapped)

    def open_many(self, session: Session, key_ids: Collection[str]) -> dict[str, DataKey]:
        """Open several stored keys by one query; those that do not open are absent."""
        rows = session.scalars(select(DataKeyRow).where(DataKeyRow.id.in_(key_ids)))
        found = {}
        for row in rows:
            with suppress(KeyUnavailable):
                found[row.id] = self.master.unwrap(row.id, row.wrapped)
        return found

    def system(self, session: Session) -> DataKey:
        """Open the system's data key, which `prepare` made; raises KeyUnavailable before that."""
        if self._system is None:
            row = session.scalar(select(DataKeyRow).where(DataKeyRow.scope == SYSTEM_SCOPE))
            if row is None:
                raise KeyUnavailable("the database was not prepared: run flask db upgrade")
            self._system = self.master.unwrap(row.id, row.wrapped)
        return self._system

    def prepare(self, session: Session, now: datetime) -> None:
        """Make the system's data key on the first start."""
        if session.scalar(select(DataKeyRow.id).where(DataKeyRow.scope == SYSTEM_SCOPE)) is None:
            self.add(session, self.new_key(), SYSTEM_SCOPE, now)

    def lookup(self, session: Session, purpose: str, value: str) -> str:
        """Return the keyed hash by which a sealed value is found again, in 64 hex digits.

        The purpose keeps equal values in two columns from being linked.
        """
        key = self.system(session).derive(f"lookup:{purpose}")
        return hmac.new(key, value.encode(), hashlib.sha256).hexdigest()

    def lookups(self, session: Session, purpose: str, values: Iterable[str]) -> list[bytes]:
        """Return the keyed hashes of many values under one purpose, 16 bytes each, in order."""
        key = self.system(session).derive(f"lookup:{purpose}")
        return [
            hmac.new(key, value.encode("utf-8", "replace"), hashlib.sha256).digest()[:16]
            for value in values
        ]
