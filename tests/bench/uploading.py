"""Measure what an upload costs beside writing the same encrypted blob: time, processor, memory.

A coordinator's file goes over loopback into the portal as an operator starts it, in pieces that
grow as the page's script lets them grow. The floor is the same store, cipher and size, written
by one call in this process. Both are measured in turns, so that whatever else the machine
does meets both.
"""

import os
import statistics
import time
from collections.abc import Iterator

from intake.arrivals.chunks import MAX_CHUNK_BYTES
from storage.blobs.blobs import BlobStore
from storage.blobs.folder import FolderBackend
from tests.bench.timing import seconds
from tests.components.server import scratch_folder
from tests.portal.coordinators.upload_server import Caller, PortalServer, begin, call

FILE_BYTES = 200_000_000
ROUNDS = 5
# `portal/static/upload.js` begins with this and doubles it while a piece takes under 1.5 seconds.
FIRST_PIECE_BYTES = 512 * 1024
FLOOR_PART_BYTES = 64 * 1024
MB = 1_000_000


def main() -> None:
    """Print the upload's speed, its share of the floor, and what the process grew by."""
    content = os.urandom(MAX_CHUNK_BYTES)
    with scratch_folder() as folder, PortalServer(folder / "portal") as server:
        caller = call(server)
        shares, speeds, floors, used, bare_used = [], [], [], [], []
        for _ in range(ROUNDS):
            before = time.process_time()
            floor = seconds(lambda: _write_bare(server, content))
            bare_used.append(time.process_time() - before)
            before = server.processor_seconds()
            took = seconds(lambda: upload(caller, begin(caller), content, FILE_BYTES))
            used.append(server.processor_seconds() - before)
            floors.append(FILE_BYTES / floor / MB)
            speeds.append(FILE_BYTES / took / MB)
            shares.append(floor / took)
        grown = server.memory_bytes("VmHWM") - caller.idle_bytes
        server.services.database.close()
    show("the encrypted blob alone, 200 MB", f"{statistics.median(floors):.0f} MB/s")
    show("uploaded over HTTP in pieces, 200 MB", f"{statistics.median(speeds):.0f} MB/s")
    show(
        "share of the blob alone (aim: 0.60)",
        f"median {statistics.median(shares):.2f}, best {max(shares):.2f}, n={ROUNDS}",
    )
    show(
        "processor time: blob alone, portal",
        f"{statistics.median(bare_used):.2f} s, {statistics.median(used):.2f} s",
    )
    show("peak growth of the web process (limit: 64 MB)", f"{grown / MB:.0f} MB")


def upload(caller: Caller, draft_id: str, content: bytes, size: int) -> str:
    """Send one file on one connection, in pieces as the page's script cuts it; return its id.

    Every piece is the beginning of `content`, which is as long as the longest piece.
    """
    upload_id = caller.announce(draft_id, size)
    path = f"/referrals/uploads/{upload_id}"
    line = caller.line()
    for start, length in _pieces(size):
        # A view, not a copy: the client's own work must not be measured.
        piece = memoryview(content)[:length]
        line.request("PUT", f"{path}?offset={start}", piece, caller.headers())
        _expect(line.getresponse().read(), b'"received"')
    line.request("POST", f"{path}/finish", headers=caller.headers())
    _expect(line.getresponse().read(), b'"ready":true')
    line.close()
    return upload_id


def show(what: str, figure: str) -> None:
    """Print one line."""
    print(f"{what + ':':58} {figure}", flush=True)


def _pieces(size: int) -> Iterator[tuple[int, int]]:
    start, length = 0, FIRST_PIECE_BYTES
    while start < size:
        yield start, min(length, size - start)
        start += length
        length = min(2 * length, MAX_CHUNK_BYTES)


def _write_bare(server: PortalServer, content: bytes) -> None:
    store = BlobStore(FolderBackend(server.folder / "bare"))
    blob = store.write(server.services.keyring.new_key(), _parts(content))
    store.backend.delete(blob.id)


def _parts(content: bytes) -> Iterator[bytes]:
    left = FILE_BYTES
    while left:
        for start in range(0, min(left, len(content)), FLOOR_PART_BYTES):
            yield content[start : min(start + FLOOR_PART_BYTES, left)]
        left -= min(left, len(content))


def _expect(answer: bytes, told: bytes) -> None:
    if told not in answer:
        raise RuntimeError(f"the portal said {answer!r}")


if __name__ == "__main__":
    main()
