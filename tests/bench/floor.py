"""Measure the floor: what the bare library calls for one mail cost, without any of our code.

One mail with one 240 KB PDF: parse, three scans by clamd, three encrypted blobs with
fsync, pikepdf, libmagic, SHA-256, one SQLite transaction for each of the three commits
that durability needs. Two processes share the work, as the pipeline has two cores.
"""

import hashlib
import io
import multiprocessing
import os
import socket
import sqlite3
import struct
import time
from email.parser import BytesParser
from email.policy import compat32
from pathlib import Path

PROCESSES = 2


def measure(folder: Path, raws: list[bytes], clamd_path: str) -> float:
    """Return how many mails a second the bare calls manage."""
    folder.mkdir(parents=True, exist_ok=True)
    shares = [raws[index::PROCESSES] for index in range(PROCESSES)]
    context = multiprocessing.get_context("fork")
    workers = [
        context.Process(target=_run, args=(folder / str(index), share, clamd_path))
        for index, share in enumerate(shares)
    ]
    started_at = time.monotonic()
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    if any(worker.exitcode for worker in workers):
        raise RuntimeError("the floor could not be measured")
    return len(raws) / (time.monotonic() - started_at)


def _run(folder: Path, raws: list[bytes], clamd_path: str) -> None:
    import magic
    import pikepdf

    folder.mkdir()
    database = sqlite3.connect(folder / "floor.db", isolation_level=None)
    database.execute("PRAGMA journal_mode=WAL")
    database.execute("PRAGMA synchronous=FULL")
    database.execute("CREATE TABLE rows (id INTEGER PRIMARY KEY, value TEXT)")
    for raw in raws:
        hashlib.sha256(raw).hexdigest()
        _store(folder, raw)
        _commit(database)
        message = BytesParser(policy=compat32).parsebytes(raw)
        parts = [
            part.get_payload(decode=True) for part in message.walk() if not part.is_multipart()
        ]
        contents = [part for part in parts if isinstance(part, bytes)]
        for content in contents:
            _store(folder, content)
        _commit(database)
        for content in (raw, *contents):
            _scan(clamd_path, content)
        for content in contents:
            magic.from_buffer(content, mime=True)
            if content.startswith(b"%PDF"):
                with pikepdf.open(io.BytesIO(content)) as pdf:
                    len(pdf.pages)
        _commit(database)


def _commit(database: sqlite3.Connection) -> None:
    database.execute("BEGIN IMMEDIATE")
    database.execute("INSERT INTO rows (value) VALUES (?)", (os.urandom(100).hex(),))
    database.execute("COMMIT")


def _store(folder: Path, content: bytes) -> None:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    cipher = AESGCM(os.urandom(32))
    path = folder / os.urandom(16).hex()
    with path.open("wb") as file:
        for start in range(0, len(content), 65536):
            file.write(cipher.encrypt(os.urandom(12), content[start : start + 65536], None))
        file.flush()
        os.fsync(file.fileno())
    descriptor = os.open(folder, os.O_RDONLY)
    os.fsync(descriptor)
    os.close(descriptor)


def _scan(path: str, content: bytes) -> None:
    with socket.socket(socket.AF_UNIX) as connection:
        connection.connect(path)
        connection.sendall(b"zINSTREAM\0" + struct.pack("!I", len(content)) + content)
        connection.sendall(struct.pack("!I", 0))
        answer = connection.recv(4096)
    if answer != b"stream: OK\0":
        raise RuntimeError("the scanner found something in a harmless mail")
