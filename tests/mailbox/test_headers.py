"""Check that the header block is cut alike from a whole message and from its first bytes."""

import hashlib

import pytest

from mailbox.headers import MAX_HEADER_BYTES, header_block, header_sha256, is_complete


@pytest.mark.parametrize(
    ("message", "block"),
    [
        (b"A: 1\r\n\r\nbody\r\n\r\n", b"A: 1\r\n\r\n"),
        (b"A: 1\n\nbody\n\n", b"A: 1\n\n"),
        (b"A: 1\r\n\nbody", b"A: 1\r\n\n"),
        (b"A: 1\n\r\nbody", b"A: 1\n\r\n"),
        (b"\r\nbody\r\n\r\n", b"\r\n"),
        (b"\nbody", b"\n"),
        (b"A: 1\r\nB: 2\r\n", b"A: 1\r\nB: 2\r\n"),
        (b"A: 1\r\n \r\nB: 2\r\n\r\n", b"A: 1\r\n \r\nB: 2\r\n\r\n"),
        (b"", b""),
    ],
)
def test_block_ends_with_the_first_blank_line(message: bytes, block: bytes) -> None:
    assert header_block(message) == block


def test_block_is_cut_at_its_limit() -> None:
    endless = b"X: " + b"a" * MAX_HEADER_BYTES + b"\r\n\r\nbody"

    assert header_block(endless) == endless[:MAX_HEADER_BYTES]
    assert is_complete(endless[:MAX_HEADER_BYTES])


@pytest.mark.parametrize("cut", [0, 3, 5, 6, 7])
def test_a_cut_before_the_end_is_not_complete(cut: int) -> None:
    assert not is_complete(b"A: 1\r\n\r\nbody"[:cut])


def test_hash_of_beginning_and_whole_agree() -> None:
    message = b"A: 1\r\n\r\n" + b"body" * 1_000

    assert header_sha256(message) == header_sha256(message[:8])
    assert header_sha256(message) == hashlib.sha256(b"A: 1\r\n\r\n").hexdigest()
