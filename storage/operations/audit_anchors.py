"""Keep the audit trail's anchors in a file outside the database, to which lines are only added.

A line is `TIME NUMBER HASH CODE`: aware UTC in ISO 8601, the event's number, its hash and the HMAC
of all that, each hash 64 hex digits:

    2026-11-24T08:42:00+00:00 812 9f86d081… 2c26b46b…
"""

import errno
import fcntl
import hmac
import os
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from storage.audit_chain import Anchor, Anchors, anchor_code
from storage.errors import StorageFull, StorageUnavailable

FILE_NAME = "audit-anchors"
HASH_DIGITS = 64


@dataclass(frozen=True)
class AnchorsFound:
    """The anchors that the file holds, and a sentence for each line that nobody with the key made.

    A line that is too short, as a power cut leaves it, is no anchor and no fault.
    """

    anchors: Anchors
    faults: tuple[str, ...] = ()


def path_of(data_dir: Path) -> Path:
    """Return where the anchors of an installation stand."""
    return data_dir / FILE_NAME


def add_line(path: Path, key: bytes, anchor: Anchor) -> bool:
    """Add one anchor, durably: the line is on the disk when this returns True.

    False, and nothing is added, when the file holds an anchor of this number or a higher one: a
    trail that was cut must not be anchored again in place of what it was. Raises StorageFull or
    StorageUnavailable.
    """
    text = _text(anchor)
    line = f"{text} {anchor_code(key, text)}\n".encode("ascii")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        flags = os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC
        descriptor = os.open(path, flags, 0o600)
        try:
            os.fchmod(descriptor, 0o600)
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            if anchor.number <= max(read_all(path, key).anchors.by_number, default=0):
                return False
            size = os.fstat(descriptor).st_size
            if size and os.pread(descriptor, 1, size - 1) != b"\n":
                # A line that a power cut broke off must not take this one with it.
                line = b"\n" + line
            if os.write(descriptor, line) != len(line):
                raise StorageFull
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        if not size:
            _sync_folder(path.parent)
    except OSError as error:
        raise (StorageFull() if error.errno == errno.ENOSPC else StorageUnavailable()) from error
    return True


def read_all(path: Path, key: bytes) -> AnchorsFound:
    """Read every anchor. Raises StorageUnavailable when the file is there and cannot be read."""
    found: dict[int, Anchor] = {}
    faults = []
    try:
        with path.open(encoding="ascii", errors="replace") as file:
            for at, line in enumerate(file, start=1):
                anchor = _parsed(key, line)
                if anchor is not None and found.setdefault(anchor.number, anchor) != anchor:
                    faults.append(
                        f"line {at} of the file of audit anchors has another audit event "
                        f"{anchor.number} than a line before it"
                    )
                elif anchor is not None:
                    continue
                elif len(line.rpartition(" ")[2].strip()) >= HASH_DIGITS and line.count(" ") >= 3:
                    faults.append(f"line {at} of the file of audit anchors is not ours")
    except FileNotFoundError:
        return AnchorsFound(Anchors())
    except OSError as error:
        raise StorageUnavailable from error
    return AnchorsFound(Anchors(found, is_there=True), tuple(faults))


def _parsed(key: bytes, line: str) -> Anchor | None:
    text, _, code = line.rstrip("\n").rpartition(" ")
    if len(code) != HASH_DIGITS or not hmac.compare_digest(
        anchor_code(key, text).encode(), code.encode("ascii", "replace")
    ):
        return None
    at, number, digest = text.split(" ")
    return Anchor(int(number), digest, datetime.fromisoformat(at))


def _text(anchor: Anchor) -> str:
    return f"{anchor.at.isoformat()} {anchor.number} {anchor.hash}"


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
