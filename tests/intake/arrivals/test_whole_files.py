"""Check whole files: a stream of unknown length becomes a file, or leaves nothing behind."""

import hashlib
import random
from collections.abc import Iterator

import pytest

from intake.access import gate
from intake.accounts.accounts import SignedInUser
from intake.arrivals import chunks, drafts, whole_files
from intake.arrivals.chunks import UploadRefused, WrongPlace
from intake.arrivals.whole_files import PIECE_BYTES
from intake.core.errors import NotFound
from intake.core.services import Services
from intake.oversight.verify import sweep_orphans, verify_storage
from storage.accounts.users import Role
from storage.blobs.blobs import BlobRow, sha256_of
from storage.submissions.drafts import Upload, UploadState
from tests.support.people import plant_user


class LineBroken(Exception):
    """What a test's connection raises."""


@pytest.fixture
def user(sqlite_services: Services) -> SignedInUser:
    """Give a coordinator."""
    planted = plant_user(sqlite_services, "Coordinator 1", "COORD")
    return SignedInUser(planted.id, "Coordinator 1", Role.COORD, "SYD")


def take(
    services: Services,
    user: SignedInUser,
    draft_id: str,
    content: Iterator[bytes],
    most_bytes: int = 10**9,
) -> str:
    return whole_files.take_whole(
        services,
        gate.draft_to_change(services, user, draft_id),
        claimed_name="film.mp4",
        claimed_type="video/mp4",
        most_bytes=most_bytes,
        content=content,
    )


def in_parts(content: bytes, size: int = 65_000) -> Iterator[bytes]:
    for start in range(0, len(content), size):
        yield content[start : start + size]


def uploads(services: Services) -> list[Upload]:
    with services.database.reading() as session:
        return session.query(Upload).all()


@pytest.mark.parametrize("size", [0, 1, PIECE_BYTES - 1, PIECE_BYTES, 2 * PIECE_BYTES + 7])
def test_a_stream_becomes_a_file_of_its_true_size(
    sqlite_services: Services, user: SignedInUser, size: int
) -> None:
    content = random.Random(size).randbytes(size)
    draft_id = drafts.start_draft(sqlite_services, user)

    take(sqlite_services, user, draft_id, in_parts(content))

    (upload,) = uploads(sqlite_services)
    with sqlite_services.database.reading() as session:
        blob = session.get_one(BlobRow, upload.blob_id)
        key = sqlite_services.keyring.open(session, blob.data_key_id)
    assert (upload.size, upload.state) == (size, UploadState.READY)
    assert sha256_of(key, blob) == hashlib.sha256(content).hexdigest()
    assert verify_storage(sqlite_services, orphan_after_seconds=0).faults == ()


def test_while_it_comes_it_can_not_pass_for_a_whole_file(
    sqlite_services: Services, user: SignedInUser
) -> None:
    draft_id = drafts.start_draft(sqlite_services, user)
    refused = []

    def watched() -> Iterator[bytes]:
        yield bytes(PIECE_BYTES)
        yield b"more"
        (upload,) = uploads(sqlite_services)
        assert upload.received == PIECE_BYTES
        with pytest.raises(WrongPlace):
            chunks.finish_file(
                sqlite_services, gate.upload_to_change(sqlite_services, user, upload.id)
            )
        refused.append(upload.id)

    take(sqlite_services, user, draft_id, watched(), most_bytes=PIECE_BYTES + 500)

    assert len(refused) == 1


def test_a_broken_line_leaves_nothing(sqlite_services: Services, user: SignedInUser) -> None:
    draft_id = drafts.start_draft(sqlite_services, user)

    def broken() -> Iterator[bytes]:
        yield bytes(PIECE_BYTES + 5)
        raise LineBroken

    with pytest.raises(LineBroken):
        take(sqlite_services, user, draft_id, broken())

    assert uploads(sqlite_services) == []
    sweep_orphans(sqlite_services, orphan_after_seconds=0)
    assert verify_storage(sqlite_services, orphan_after_seconds=0).faults == ()


def test_a_file_over_the_limit_leaves_nothing(
    sqlite_services: Services, user: SignedInUser
) -> None:
    object.__setattr__(sqlite_services.settings, "max_upload_bytes", 1000)
    draft_id = drafts.start_draft(sqlite_services, user)

    with pytest.raises(UploadRefused):
        take(sqlite_services, user, draft_id, in_parts(bytes(1001)))

    assert uploads(sqlite_services) == []


def test_a_foreign_draft_takes_nothing(sqlite_services: Services, user: SignedInUser) -> None:
    draft_id = drafts.start_draft(sqlite_services, user)
    planted = plant_user(sqlite_services, "Coordinator 2", "COORD")

    with pytest.raises(NotFound):
        take(sqlite_services, planted, draft_id, in_parts(b"x"))

    assert uploads(sqlite_services) == []
