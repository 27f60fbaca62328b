"""Check that a picture from the jail has exactly the simple form that is made there.

The child that made it may have been taken over, and a browser will decode its picture. So only the
needed chunks or segments are let through, with no byte before or behind them, and a PNG must hold
exactly the pixels that it promises. What stays unproven is the compressed image data of a JPEG.
"""

import zlib

from ..protocol.errors import OutputRefused

PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
PNG_CHUNKS = (b"IHDR", b"PLTE", b"IDAT", b"IEND")
JPEG_START = b"\xff\xd8"
# Tables and the frame and scan headers of a baseline picture (ITU-T T.81 table B.1).
DQT, SOF0, DHT, SOS, APP0 = 0xDB, 0xC0, 0xC4, 0xDA, 0xE0
JFIF_BYTES = 14
STUFFED, END_OF_IMAGE = b"\xff\x00", b"\xff\xd9"


def check_picture(content: bytes, width: int, height: int) -> None:
    """Raise OutputRefused unless `content` is a PNG or JPEG as agreed, of this size in pixels."""
    if content.startswith(PNG_SIGNATURE):
        _check_png(content, width, height)
    elif content.startswith(JPEG_START):
        _check_jpeg(content, width, height)
    else:
        raise OutputRefused("bad_picture")


def png_data(content: bytes) -> tuple[int, bytes, bytes]:
    """Return the bits of a pixel, the palette and the packed rows of a checked PNG."""
    chunks = dict(_chunks(content))
    return chunks[b"IHDR"][8], chunks[b"PLTE"], chunks[b"IDAT"]


def size_of(content: bytes) -> tuple[int, int]:
    """Return the width and height that a PNG or JPEG claims; raise OutputRefused for neither."""
    if content.startswith(PNG_SIGNATURE) and len(content) >= 24:
        return int.from_bytes(content[16:20], "big"), int.from_bytes(content[20:24], "big")
    if content.startswith(JPEG_START):
        for marker, segment, _ in _segments(content):
            if marker == SOF0 and len(segment) >= 6:
                return int.from_bytes(segment[3:5], "big"), int.from_bytes(segment[1:3], "big")
    raise OutputRefused("bad_picture")


def _check_png(content: bytes, width: int, height: int) -> None:
    chunks = _chunks(content)
    if tuple(name for name, _ in chunks) != PNG_CHUNKS:
        raise OutputRefused("bad_png")
    header, palette, packed, end = (chunk for _, chunk in chunks)
    size = width.to_bytes(4, "big") + height.to_bytes(4, "big")
    if header not in (size + bytes((bits, 3, 0, 0, 0)) for bits in (4, 8)) or end:
        raise OutputRefused("bad_png")
    bits = header[8]
    if len(palette) % 3 or not 3 <= len(palette) <= 3 << bits:
        raise OutputRefused("bad_png")
    expected = height * (1 + (width * bits + 7) // 8)
    inflating = zlib.decompressobj()
    try:
        rows = inflating.decompress(packed, expected + 1)
    except zlib.error as error:
        raise OutputRefused("bad_png") from error
    if len(rows) != expected or not inflating.eof or inflating.unused_data:
        raise OutputRefused("bad_png")


def _chunks(content: bytes) -> list[tuple[bytes, bytes]]:
    """Return the chunks of a PNG; raise OutputRefused when they do not add up."""
    chunks: list[tuple[bytes, bytes]] = []
    at = len(PNG_SIGNATURE)
    while at < len(content) and len(chunks) <= len(PNG_CHUNKS):
        length = int.from_bytes(content[at : at + 4], "big")
        end = at + 12 + length
        if end > len(content):
            raise OutputRefused("bad_png")
        name, chunk = content[at + 4 : at + 8], content[at + 8 : at + 8 + length]
        if zlib.crc32(chunk, zlib.crc32(name)) != int.from_bytes(content[end - 4 : end], "big"):
            raise OutputRefused("bad_png")
        chunks.append((name, chunk))
        at = end
    return chunks


def _check_jpeg(content: bytes, width: int, height: int) -> None:
    segments = _segments(content)
    seen = [marker for marker, _, _ in segments]
    for marker, segment, _ in segments:
        if marker == APP0 and not (segment.startswith(b"JFIF\0") and len(segment) == JFIF_BYTES):
            raise OutputRefused("bad_jpeg")
        if marker == SOF0:
            size = height.to_bytes(2, "big") + width.to_bytes(2, "big")
            if segment[:6] != b"\x08" + size + b"\x03" or len(segment) != 15:
                raise OutputRefused("bad_jpeg")
    if seen.count(SOF0) != 1 or seen[-1] != SOS or not set(seen) <= {APP0, DQT, SOF0, DHT, SOS}:
        raise OutputRefused("bad_jpeg")
    # In image data 0xff may only stand before a stuffed zero, and once before the end.
    _, _, after = segments[-1]
    image_data = content[after:].replace(STUFFED, b"")
    if not image_data.endswith(END_OF_IMAGE) or image_data.count(b"\xff") != 1:
        raise OutputRefused("bad_jpeg")


def _segments(content: bytes) -> list[tuple[int, bytes, int]]:
    """Return marker, content and end of each segment up to the image data."""
    segments: list[tuple[int, bytes, int]] = []
    at = len(JPEG_START)
    while len(segments) < 30:
        if content[at : at + 1] != b"\xff" or at + 4 > len(content):
            raise OutputRefused("bad_jpeg")
        marker, length = content[at + 1], int.from_bytes(content[at + 2 : at + 4], "big")
        end = at + 2 + length
        if length < 2 or end > len(content):
            raise OutputRefused("bad_jpeg")
        segments.append((marker, content[at + 4 : end], end))
        if marker == SOS:
            return segments
        at = end
    raise OutputRefused("bad_jpeg")
