"""A file's hash is the same whether one process saw all of its pieces, or several did."""

import hashlib
from dataclasses import replace

import pytest

from intake.access import gate
from intake.accounts.accounts import SignedInUser
from intake.arrivals import chunks
from intake.arrivals.chunks import PieceCut
from intake.core.running_hashes import RunningHashes
from intake.core.services import Services
from storage.blobs.blobs import BlobRow, sha256_of
from storage.submissions.drafts import Upload
from tests.intake.arrivals.lines import announce, plant_coordinator


@pytest.fixture
def coordinator(sqlite_services: Services) -> SignedInUser:
    """Give a coordinator of one region."""
    return plant_coordinator(sqlite_services)


@pytest.mark.parametrize("restarted_before", [1, 2, 3])
def test_another_process_gives_the_file_the_same_hash(
    sqlite_services: Services, coordinator: SignedInUser, restarted_before: int
) -> None:
    pieces = [bytes([number]) * 70_000 for number in (1, 2, 3)]
    line = announce(sqlite_services, coordinator, 210_000)
    for number, piece in enumerate(pieces):
        if number == restarted_before:
            line = replace(line, services=replace(sqlite_services, hashes=RunningHashes()))
        line.send(piece, number * 70_000)
    if restarted_before == len(pieces):
        line = replace(line, services=replace(sqlite_services, hashes=RunningHashes()))

    chunks.finish_file(
        line.services, gate.upload_to_change(line.services, coordinator, line.upload_id)
    )

    with sqlite_services.database.reading() as session:
        blob = session.get_one(BlobRow, session.get_one(Upload, line.upload_id).blob_id)
        key = sqlite_services.keyring.open(session, blob.data_key_id)
    assert sha256_of(key, blob) == hashlib.sha256(b"".join(pieces)).hexdigest()
    assert line.stored() == b"".join(pieces)


def test_a_cut_piece_leaves_nothing_in_the_hash(
    sqlite_services: Services, coordinator: SignedInUser
) -> None:
    line = announce(sqlite_services, coordinator, 6)
    line.send(b"abc")
    with pytest.raises(PieceCut):
        chunks.take_chunk(
            sqlite_services,
            gate.upload_to_change(sqlite_services, coordinator, line.upload_id),
            3,
            3,
            [b"xy"],
        )
    line.send(b"def", 3)

    chunks.finish_file(
        sqlite_services, gate.upload_to_change(sqlite_services, coordinator, line.upload_id)
    )

    assert line.stored() == b"abcdef"
