"""Hold the unpacking of Outlook's RTF bodies; the first sample is that of MS-OXRTFCP §3.1."""

import struct

import pytest

from intake.sandbox.office.compressed_rtf import BEFORE, MAX_RTF_BYTES, unpack_rtf

SAMPLE = bytes.fromhex(
    "2d0000002b0000004c5a4675f1c5c7a703000a007263706731323542320af32068656c0900206277"
    "05b06c647d0a800fa0"
)
TEXT = b"{\\rtf1\\ansi\\ansicpg1252\\pard hello world}\r\n"


def packed(body: bytes, size: int, kind: bytes = b"LZFu") -> bytes:
    """Return a body with its header."""
    return struct.pack("<LL4sL", len(body) + 12, size, kind, 0) + body


@pytest.mark.parametrize(
    ("content", "rtf"),
    [
        (SAMPLE, TEXT),
        (SAMPLE[:-10], b"{\\rtf1\\ansi\\ansicpg1252\\pard hello "),
        (packed(TEXT, len(TEXT), b"MELA"), TEXT),
        (packed(TEXT, 5, b"MELA"), TEXT[:5]),
        (packed(b"\x00abc", 3), b"abc"),
        (packed(b"\x02a\x0c\xf5", 100), b"a" * 8),
        (packed(b"\x01\xff\x00", 100), b"  "),
        (packed(b"", 100), b""),
    ],
)
def test_an_rtf_body_is_unpacked(content: bytes, rtf: bytes) -> None:
    assert len(BEFORE) == 207
    assert unpack_rtf(content) == rtf


@pytest.mark.parametrize("content", [b"", b"short", packed(b"abc", 3, b"LZMA")])
def test_what_is_not_packed_so_is_refused(content: bytes) -> None:
    with pytest.raises(ValueError, match="no "):
        unpack_rtf(content)


def test_a_bomb_ends_at_the_limit() -> None:
    content = packed(b"\xff" + b"\x00\x0f" * 8, 2**32 - 1) + (b"\xff" + b"\x00\x0f" * 8) * 80_000

    assert len(unpack_rtf(content)) <= MAX_RTF_BYTES
