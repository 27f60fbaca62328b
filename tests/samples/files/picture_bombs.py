"""Make pictures of a few kilobytes that claim or unfold to far more."""

import io
import struct
import zlib
from collections.abc import Callable

from PIL import Image

PNG, TIFF, GIF, JPEG = (f"image/{name}" for name in ("png", "tiff", "gif", "jpeg"))


def _chunk(name: bytes, content: bytes) -> bytes:
    check = zlib.crc32(name + content)
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", check)


def png(width: int, height: int, packed: bytes, *, between: bytes = b"") -> bytes:
    """Return a grey PNG that claims a size."""
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    chunks = _chunk(b"IHDR", header) + between + _chunk(b"IDAT", packed) + _chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + chunks


def png_of_50000_by_50000() -> bytes:
    """Claim 2 500 million pixels, and hold a good part of them."""
    return png(50_000, 50_000, zlib.compress(b"\0" * 100_000_000, 9))


def png_just_within() -> bytes:
    """Hold 99 million pixels in a hundred kilobytes."""
    return png(11_000, 9_000, zlib.compress(b"\0" * 9_000 * 11_001, 9))


def png_text_bomb() -> bytes:
    """Carry a comment of a hundred million letters, packed."""
    comment = b"Comment\0\0" + zlib.compress(b"A" * 100_000_000, 9)
    return png(1, 1, zlib.compress(b"\0\0"), between=_chunk(b"zTXt", comment))


def tiff_of_many_frames() -> bytes:
    """Have 20 000 frames of one pixel."""
    content = bytearray(b"II*\0" + struct.pack("<I", 8))
    for _ in range(20_000):
        start = len(content)
        tags = [(256, 1), (257, 1), (258, 8), (259, 1), (262, 1), (273, 0), (277, 1), (278, 1)]
        tags += [(279, 1)]
        content += struct.pack("<H", len(tags))
        for tag, value in tags:
            content += struct.pack("<HHII", tag, 4, 1, value)
        content += struct.pack("<I", start + 2 + 12 * len(tags) + 4)
    return bytes(content)


def tiff_of_frames_in_a_ring() -> bytes:
    """Have a frame whose next frame is itself."""
    target = io.BytesIO()
    Image.new("L", (9, 9)).save(target, "TIFF")
    content = bytearray(target.getvalue())
    start = struct.unpack_from("<I", content, 4)[0]
    count = struct.unpack_from("<H", content, start)[0]
    struct.pack_into("<I", content, start + 2 + 12 * count, start)
    return bytes(content)


def tiff_of_huge_frames() -> bytes:
    """Claim a frame of two thousand million pixels in packed rows."""
    target = io.BytesIO()
    Image.new("L", (9, 9)).save(target, "TIFF", compression="tiff_adobe_deflate")
    content = bytearray(target.getvalue())
    start = struct.unpack_from("<I", content, 4)[0]
    for number in range(struct.unpack_from("<H", content, start)[0]):
        at = start + 2 + 12 * number
        if struct.unpack_from("<H", content, at)[0] in (256, 257):
            struct.pack_into("<HII", content, at + 2, 4, 1, 45_000)
    return bytes(content)


def gif_that_unfolds() -> bytes:
    """Claim a screen of 65 535 by 65 535 for a picture of nine pixels."""
    target = io.BytesIO()
    Image.new("P", (3, 3)).save(target, "GIF")
    content = bytearray(target.getvalue())
    struct.pack_into("<HH", content, 6, 65_535, 65_535)
    return bytes(content)


def gif_of_many_frames() -> bytes:
    """Have 50 000 frames on a large screen."""
    target = io.BytesIO()
    Image.new("P", (3000, 3000)).save(target, "GIF")
    frame = b"\x2c" + struct.pack("<HHHHB", 0, 0, 1, 1, 0) + b"\x02\x02\x44\x01\0"
    return target.getvalue()[:-1] + frame * 50_000 + b";"


def jpeg_of_65500_by_65500() -> bytes:
    """Claim 4 290 million pixels in a JPEG of a few hundred bytes."""
    target = io.BytesIO()
    Image.new("RGB", (16, 16)).save(target, "JPEG")
    content = bytearray(target.getvalue())
    at = content.index(b"\xff\xc0")
    struct.pack_into(">HH", content, at + 5, 65_500, 65_500)
    return bytes(content)


def jpeg_of_many_scans() -> bytes:
    """Repeat the scans of a progressive picture two hundred times."""
    target = io.BytesIO()
    Image.new("RGB", (2000, 2000), (90, 120, 30)).save(target, "JPEG", progressive=True)
    content = target.getvalue()
    first = content.index(b"\xff\xda")
    return content[:first] + content[first:-2] * 200 + content[-2:]


PICTURE_BOMBS: tuple[tuple[Callable[[], bytes], str], ...] = (
    (png_of_50000_by_50000, PNG),
    (png_just_within, PNG),
    (png_text_bomb, PNG),
    (tiff_of_many_frames, TIFF),
    (tiff_of_frames_in_a_ring, TIFF),
    (tiff_of_huge_frames, TIFF),
    (gif_that_unfolds, GIF),
    (gif_of_many_frames, GIF),
    (jpeg_of_65500_by_65500, JPEG),
    (jpeg_of_many_scans, JPEG),
)
