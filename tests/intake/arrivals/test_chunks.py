"""Check uploading.

Pieces over a bad connection, no byte twice or missing, none in the clear on disk.
"""

import hashlib
import random
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from intake.access import gate
from intake.accounts.accounts import SignedInUser
from intake.arrivals import chunks, drafts
from intake.arrivals.chunks import MAX_CHUNK_BYTES, PieceCut, UploadRefused, WrongPlace
from intake.arrivals.drafts import TooManyDrafts
from intake.core.errors import NotFound
from intake.core.services import Services
from intake.oversight.verify import sweep_orphans, verify_storage
from storage.blobs.blobs import BlobRow, sha256_of
from storage.submissions.drafts import Upload
from tests.intake.arrivals.lines import Line, announce, plant_coordinator
from tests.support.building import Clock, make_services

CANARY = b"CANARY-that-no-disk-may-show"


@pytest.fixture
def coordinator(sqlite_services: Services) -> SignedInUser:
    """Give a coordinator of one region."""
    return plant_coordinator(sqlite_services)


def test_pieces_become_one_file_with_the_hash_of_the_whole(
    sqlite_services: Services, coordinator: SignedInUser
) -> None:
    content = random.Random(1).randbytes(700_001)
    line = announce(sqlite_services, coordinator, len(content))

    for offset in range(0, len(content), 100_000):
        line.send(content[offset : offset + 100_000], offset)
    chunks.finish_file(
        sqlite_services, gate.upload_to_change(sqlite_services, coordinator, line.upload_id)
    )

    assert line.stored() == content
    with sqlite_services.database.reading() as session:
        upload = session.get_one(Upload, line.upload_id)
        blob = session.get_one(BlobRow, upload.blob_id)
        key = sqlite_services.keyring.open(session, blob.data_key_id)
    assert sha256_of(key, blob) == hashlib.sha256(content).hexdigest()
    assert verify_storage(sqlite_services, orphan_after_seconds=0).faults == ()


def test_an_empty_file_is_a_file(sqlite_services: Services, coordinator: SignedInUser) -> None:
    line = announce(sqlite_services, coordinator, 0)

    chunks.finish_file(
        sqlite_services, gate.upload_to_change(sqlite_services, coordinator, line.upload_id)
    )

    assert line.stored() == b""
    assert verify_storage(sqlite_services, orphan_after_seconds=0).faults == ()


def test_finishing_again_changes_nothing(
    sqlite_services: Services, coordinator: SignedInUser
) -> None:
    line = announce(sqlite_services, coordinator, 3)
    line.send(b"abc")

    for _ in range(2):
        chunks.finish_file(
            sqlite_services, gate.upload_to_change(sqlite_services, coordinator, line.upload_id)
        )

    assert line.stored() == b"abc"


def cut_after(content: bytes, at: int) -> Iterator[bytes]:
    """Give a piece whose connection breaks."""
    yield content[:at]


@pytest.mark.parametrize("seed", range(20))
def test_cut_connections_lose_and_double_nothing(
    sqlite_services: Services, coordinator: SignedInUser, seed: int
) -> None:
    chance = random.Random(seed)
    content = chance.randbytes(300_000)
    line = announce(sqlite_services, coordinator, len(content))

    cuts = 0
    while (
        here := chunks.received_bytes(
            sqlite_services, gate.upload_to_change(sqlite_services, coordinator, line.upload_id)
        )
    ) < len(content):
        piece = content[here : here + chance.randint(1, 120_000)]
        if cuts < 3 and chance.random() < 0.5:
            cuts += 1
            with pytest.raises(PieceCut):
                chunks.take_chunk(
                    sqlite_services,
                    gate.upload_to_change(sqlite_services, coordinator, line.upload_id),
                    here,
                    len(piece),
                    cut_after(piece, chance.randrange(len(piece))),
                )
            continue
        line.send(piece, here)
        # The answer was lost on its way: the sender sends the same piece again.
        with pytest.raises(WrongPlace) as told:
            line.send(piece, here)
        assert told.value.received == here + len(piece)
    chunks.finish_file(
        sqlite_services, gate.upload_to_change(sqlite_services, coordinator, line.upload_id)
    )

    assert line.stored() == content
    sweep_orphans(sqlite_services, orphan_after_seconds=0)
    assert verify_storage(sqlite_services, orphan_after_seconds=0).faults == ()


def test_a_piece_longer_than_was_said_is_not_kept(
    sqlite_services: Services, coordinator: SignedInUser
) -> None:
    line = announce(sqlite_services, coordinator, 10)

    with pytest.raises(PieceCut):
        chunks.take_chunk(
            sqlite_services,
            gate.upload_to_change(sqlite_services, coordinator, line.upload_id),
            0,
            4,
            [b"abcdef"],
        )

    assert (
        chunks.received_bytes(
            sqlite_services, gate.upload_to_change(sqlite_services, coordinator, line.upload_id)
        )
        == 0
    )
    assert list(sqlite_services.blobs.backend.listing()) == []


@pytest.mark.parametrize(("offset", "size"), [(1, 3), (5, 3), (-1, 3)])
def test_chunk_at_another_place_is_told_where_to_continue(
    sqlite_services: Services, coordinator: SignedInUser, offset: int, size: int
) -> None:
    line = announce(sqlite_services, coordinator, 10)

    with pytest.raises(WrongPlace) as told:
        line.send(b"a" * size, offset)

    assert told.value.received == 0


def test_more_than_was_announced_is_refused(
    sqlite_services: Services, coordinator: SignedInUser
) -> None:
    line = announce(sqlite_services, coordinator, 3)

    with pytest.raises(UploadRefused):
        line.send(b"abcd")


@pytest.mark.parametrize("size", [0, -1, MAX_CHUNK_BYTES + 1])
def test_a_piece_of_no_sensible_size_is_refused_before_it_is_read(
    sqlite_services: Services, coordinator: SignedInUser, size: int
) -> None:
    line = announce(sqlite_services, coordinator, 10)

    unread = iter([b"abc"])

    with pytest.raises(UploadRefused):
        chunks.take_chunk(
            sqlite_services,
            gate.upload_to_change(sqlite_services, coordinator, line.upload_id),
            0,
            size,
            unread,
        )

    assert list(unread) == [b"abc"]


@pytest.mark.parametrize("size", [-1, 104_857_601])
def test_a_file_beyond_the_limit_is_refused_when_it_is_announced(
    sqlite_services: Services, coordinator: SignedInUser, size: int
) -> None:
    with pytest.raises(UploadRefused):
        announce(sqlite_services, coordinator, size)


def test_a_file_that_is_not_whole_cannot_be_finished(
    sqlite_services: Services, coordinator: SignedInUser
) -> None:
    line = announce(sqlite_services, coordinator, 10)
    line.send(b"abc")

    with pytest.raises(WrongPlace) as told:
        chunks.finish_file(
            sqlite_services, gate.upload_to_change(sqlite_services, coordinator, line.upload_id)
        )

    assert told.value.received == 3


def test_somebody_elses_file_is_not_there(
    sqlite_services: Services, coordinator: SignedInUser
) -> None:
    line = announce(sqlite_services, coordinator, 10)
    other = plant_coordinator(sqlite_services, "Coordinator 2")

    with pytest.raises(NotFound):
        chunks.take_chunk(
            sqlite_services,
            gate.upload_to_change(sqlite_services, other, line.upload_id),
            0,
            3,
            [b"abc"],
        )
    with pytest.raises(NotFound):
        chunks.received_bytes(
            sqlite_services, gate.upload_to_change(sqlite_services, other, line.upload_id)
        )
    with pytest.raises(NotFound):
        chunks.finish_file(
            sqlite_services, gate.upload_to_change(sqlite_services, other, line.upload_id)
        )
    with pytest.raises(NotFound):
        chunks.remove_file(
            sqlite_services, gate.upload_to_change(sqlite_services, other, line.upload_id)
        )


def test_nobody_has_more_than_fifty_drafts(
    sqlite_services: Services, coordinator: SignedInUser
) -> None:
    for _ in range(drafts.MAX_OPEN_DRAFTS):
        draft_id = drafts.start_draft(sqlite_services, coordinator)

    with pytest.raises(TooManyDrafts):
        drafts.start_draft(sqlite_services, coordinator)
    drafts.discard_draft(
        sqlite_services, gate.draft_to_change(sqlite_services, coordinator, draft_id)
    )
    assert drafts.start_draft(sqlite_services, coordinator)


def test_all_drafts_of_somebody_together_have_a_largest_size(
    sqlite_services: Services, coordinator: SignedInUser
) -> None:
    most = sqlite_services.settings.max_upload_bytes
    for _ in range(chunks.MAX_FULL_DRAFTS):
        line = announce(sqlite_services, coordinator, most)
        for _ in range(chunks.MAX_FULL_FILES - 1):
            begin(line, most)

    with pytest.raises(UploadRefused, match="Please send or discard one of them first"):
        announce(sqlite_services, coordinator, 1)

    assert announce(sqlite_services, plant_coordinator(sqlite_services, "Coordinator 2"), most)
    drafts.discard_draft(
        sqlite_services, gate.draft_to_change(sqlite_services, coordinator, line.draft_id)
    )
    assert announce(sqlite_services, coordinator, most)


def begin(line: Line, size: int) -> str:
    """Announce one more file of a draft, and return its id."""
    return chunks.begin_file(
        line.services,
        gate.draft_to_change(line.services, line.user, line.draft_id),
        claimed_name="remiss.pdf",
        claimed_type="application/pdf",
        size=size,
    )


def test_a_draft_that_nobody_touched_for_a_week_is_erased_with_its_files(tmp_path: Path) -> None:

    clock = Clock()
    services = make_services(tmp_path, now=clock.now)
    coordinator = plant_coordinator(services)
    line = announce(services, coordinator, 3)
    line.send(b"abc")
    clock.advance(timedelta(days=7, minutes=1))

    assert drafts.erase_abandoned(services) == 1

    assert list(services.blobs.backend.listing()) == []
    assert verify_storage(services, orphan_after_seconds=0).faults == ()
    services.database.close()


def test_no_byte_lies_in_the_clear(sqlite_services: Services, coordinator: SignedInUser) -> None:
    content = CANARY * 4000
    line = announce(sqlite_services, coordinator, len(content))
    line.send(content)
    chunks.finish_file(
        sqlite_services, gate.upload_to_change(sqlite_services, coordinator, line.upload_id)
    )

    folder = sqlite_services.settings.data_dir
    files = [path for path in folder.rglob("*") if path.is_file()]
    assert files
    assert not [path for path in files if CANARY in path.read_bytes()]
