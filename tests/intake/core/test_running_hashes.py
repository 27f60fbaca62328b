"""Check running hashes: right where they are known, unknown everywhere else."""

import hashlib

import pytest

from intake.core.running_hashes import MAX_FILES, RunningHashes


def hash_of(content: bytes, hashes: RunningHashes, file_id: str = "a", place: int = 0) -> str:
    digest = hashes.at(file_id, place)
    assert digest is not None
    digest.update(content)
    hashes.keep(file_id, place + len(content), digest)
    return digest.hexdigest()


def test_pieces_one_after_the_other_give_the_hash_of_the_whole() -> None:
    hashes = RunningHashes()
    hash_of(b"one", hashes)

    assert hash_of(b"two", hashes, place=3) == hashlib.sha256(b"onetwo").hexdigest()


def test_what_is_done_with_a_copy_stays_there() -> None:
    hashes = RunningHashes()
    hash_of(b"one", hashes)
    lost = hashes.at("a", 3)
    assert lost is not None
    lost.update(b"never kept")

    assert hash_of(b"two", hashes, place=3) == hashlib.sha256(b"onetwo").hexdigest()


@pytest.mark.parametrize(("file_id", "place"), [("a", 2), ("a", 4), ("b", 3)])
def test_another_place_or_file_is_not_known(file_id: str, place: int) -> None:
    hashes = RunningHashes()
    hash_of(b"one", hashes)

    assert hashes.at(file_id, place) is None


def test_the_file_that_was_not_seen_for_longest_is_forgotten() -> None:
    hashes = RunningHashes()
    for number in range(MAX_FILES + 1):
        hash_of(b"one", hashes, file_id=str(number))

    assert hashes.at("0", 3) is None
    assert hashes.at("1", 3) is not None
