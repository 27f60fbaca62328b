"""Check uploads to the portal as it is deployed.

Cut connections, nothing in the clear, flat memory.
"""

import hashlib
import http.client
import json
import random
from collections.abc import Callable, Iterator
from contextlib import closing, suppress

import pytest

from intake.arrivals.chunks import MAX_CHUNK_BYTES
from intake.oversight.verify import sweep_orphans, verify_storage
from storage.blobs.blobs import MAGIC, BlobRow, sha256_of
from storage.submissions.drafts import Upload
from tests.components.server import scratch_folder, wait_until
from tests.portal.coordinators.upload_server import (
    Caller,
    PortalServer,
    begin,
    call,
    finish,
    read_answer,
)

pytestmark = pytest.mark.components

CANARY = b"CANARY-that-no-disk-may-show-"
FILE_BYTES = 6_000_000
CUTS = 20
# 200 MB in a process whose memory may grow by 64 MiB.
LARGE_BYTES = 200_000_000
MAX_GROWTH_BYTES = 64 * 1024 * 1024
PART = CANARY * 2000


@pytest.fixture(scope="module")
def caller() -> Iterator[Caller]:
    """Give a signed-in coordinator of a running portal."""
    with scratch_folder() as folder, PortalServer(folder / "portal") as server:
        yield call(server)
        server.services.database.close()


def cut_piece(caller: Caller, upload_id: str, offset: int, size: int, sent: bytes) -> None:
    """Say that a piece has a size, send less of it, and hang up."""
    with closing(start_piece(caller, upload_id, offset, size)) as line, suppress(ConnectionError):
        line.send(sent)


def start_piece(
    caller: Caller, upload_id: str, offset: int, size: int
) -> http.client.HTTPConnection:
    """Send the head of a piece that has a size."""
    line = caller.line()
    line.putrequest("PUT", f"/referrals/uploads/{upload_id}?offset={offset}")
    for name, value in (("Cookie", caller.cookie), ("X-CSRFToken", caller.token)):
        line.putheader(name, value)
    line.putheader("Content-Length", str(size))
    line.endheaders()
    return line


def content_parts(size: int) -> Iterator[bytes]:
    """Yield a content that repeats the canary."""
    for start in range(0, size, len(PART)):
        yield PART[: size - start]


def uploads_of(caller: Caller, draft_id: str) -> list[Upload]:
    with caller.services.database.reading() as session:
        return session.query(Upload).filter_by(draft_id=draft_id).all()


def blob_of(caller: Caller, upload: Upload) -> BlobRow:
    with caller.services.database.reading() as session:
        return session.get_one(BlobRow, upload.blob_id)


def hash_of(caller: Caller, blob: BlobRow) -> str:
    """Return the SHA-256 that a blob must have."""
    with caller.services.database.reading() as session:
        key = caller.services.keyring.open(session, blob.data_key_id)
    return sha256_of(key, blob)


def test_twenty_cuts_lose_and_double_no_byte(caller: Caller) -> None:
    chance = random.Random(20)
    content = chance.randbytes(FILE_BYTES)
    upload_id = caller.announce(begin(caller), len(content))

    for _ in range(CUTS):
        here = caller.received(upload_id)
        size = min(chance.randrange(1, 400_000), len(content) - here)
        cut_piece(caller, upload_id, here, size, content[here : here + chance.randrange(size)])
        assert caller.received(upload_id) == here
        whole = content[here : here + size // 2 + 1]
        caller.ask("PUT", f"/referrals/uploads/{upload_id}?offset={here}", whole)
    while (here := caller.received(upload_id)) < len(content):
        piece = content[here : here + 700_000]
        caller.ask("PUT", f"/referrals/uploads/{upload_id}?offset={here}", piece)
    finish(caller, upload_id)

    with caller.services.database.reading() as session:
        blob = blob_of(caller, session.get_one(Upload, upload_id))
    assert blob.size == len(content)
    assert hash_of(caller, blob) == hashlib.sha256(content).hexdigest()
    sweep_orphans(caller.services, orphan_after_seconds=0)
    assert verify_storage(caller.services, orphan_after_seconds=0).faults == ()


def test_a_piece_without_a_length_is_refused(caller: Caller) -> None:
    upload_id = caller.announce(begin(caller), 100)

    answer = caller.ask("PUT", f"/referrals/uploads/{upload_id}?offset=0", iter([b"x" * 100]))

    assert answer.status == 411
    assert caller.received(upload_id) == 0


def test_a_piece_as_large_as_is_allowed_is_taken(caller: Caller) -> None:
    upload_id = caller.announce(begin(caller), MAX_CHUNK_BYTES)

    caller.ask("PUT", f"/referrals/uploads/{upload_id}?offset=0", bytes(MAX_CHUNK_BYTES))

    assert caller.received(upload_id) == MAX_CHUNK_BYTES


def test_a_piece_over_the_limit_is_refused_before_it_is_sent(caller: Caller) -> None:
    upload_id = caller.announce(begin(caller), 2 * MAX_CHUNK_BYTES)

    with closing(start_piece(caller, upload_id, 0, 2 * 1024**3)) as line:
        answer = read_answer(line)

    assert answer.status == 413
    assert json.loads(answer.body)["error"] == "request_entity_too_large"


def test_nothing_of_a_form_on_its_way_lies_on_a_disk_in_the_clear(caller: Caller) -> None:
    draft_id = begin(caller)
    line = start_form(caller, draft_id, FILE_BYTES * 2)
    parts = caller.form(content_parts(FILE_BYTES))
    for part in parts:
        if part.startswith(b"\r\n--"):
            break
        line.send(part)

    wait_until(lambda: any(each.received for each in uploads_of(caller, draft_id)), "a piece is in")
    found, sealed = caller.server.places_with(CANARY), caller.server.places_with(MAGIC)
    line.close()
    wait_until(lambda: uploads_of(caller, draft_id) == [], "the cut file is gone")

    # The search itself works: it finds the sealed piece.
    assert sealed != []
    assert found == []
    assert caller.server.places_with(CANARY) == []


def start_form(caller: Caller, draft_id: str, size: int) -> http.client.HTTPConnection:
    """Send the head of a form whose file has a size."""
    line = caller.line()
    line.putrequest("POST", f"/referrals/drafts/{draft_id}")
    for name, value in caller.form_headers(size).items():
        line.putheader(name, value)
    line.endheaders()
    return line


def test_memory_stays_flat_while_a_large_form_comes(
    caller: Caller, record_property: Callable[[str, object], None]
) -> None:
    draft_id = begin(caller)

    with closing(start_form(caller, draft_id, LARGE_BYTES)) as line:
        for part in caller.form(content_parts(LARGE_BYTES)):
            line.send(part)
        answer = read_answer(line)

    grown = caller.server.memory_bytes("VmHWM") - caller.idle_bytes
    record_property("grown_bytes", grown)
    (upload,) = uploads_of(caller, draft_id)
    digest = hashlib.sha256()
    for part in content_parts(LARGE_BYTES):
        digest.update(part)
    assert answer.status == 303
    assert grown < MAX_GROWTH_BYTES
    assert hash_of(caller, blob_of(caller, upload)) == digest.hexdigest()
    assert caller.server.places_with(CANARY) == []
