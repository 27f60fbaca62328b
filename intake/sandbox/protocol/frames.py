"""Write and read messages on the pipes between the host and the jail.

A frame is a length of eight bytes, the most significant first, and that many bytes. An envelope is
one small frame of JSON whose `bytes` says how long the payload behind it is. A payload is one frame
of JSON, the head, and one frame for each blob:

    {"a": 1}, [b"%PDF"] -> 00 00 00 00 00 00 00 07 {"a":1} 00 00 00 00 00 00 00 04 %PDF
"""

import json
import os
from collections.abc import Mapping, Sequence

LENGTH_BYTES = 8
MAX_ENVELOPE_BYTES = 4096
MAX_HEAD_BYTES = 16 * 1024 * 1024


class FrameError(ValueError):
    """The bytes are not frames as agreed."""


def frame(content: bytes) -> bytes:
    """Return `content` with its length before it."""
    return len(content).to_bytes(LENGTH_BYTES, "big") + content


def pack(head: Mapping[str, object], blobs: Sequence[bytes] = ()) -> list[bytes]:
    """Return the payload of one JSON head and its blobs, in pieces to be written in order.

    Joining the pieces would hold a hundred megabytes a second time.
    """
    pieces = [frame(json.dumps(head, separators=(",", ":")).encode("ascii"))]
    for blob in blobs:
        pieces += [len(blob).to_bytes(LENGTH_BYTES, "big"), blob]
    return pieces


def unpack(payload: bytes | bytearray) -> tuple[dict[str, object], list[bytes]]:
    """Return the head and the blobs of a payload; raise FrameError for anything else."""
    view = memoryview(payload)
    frames: list[memoryview] = []
    offset = 0
    while offset < len(view):
        start = offset + LENGTH_BYTES
        end = start + int.from_bytes(view[offset:start], "big")
        if start > len(view) or end > len(view):
            raise FrameError("frame_cut_short")
        frames.append(view[start:end])
        offset = end
    if not frames or len(frames[0]) > MAX_HEAD_BYTES:
        raise FrameError("no_head")
    return read_head(bytes(frames[0])), [bytes(blob) for blob in frames[1:]]


def read_head(content: bytes) -> dict[str, object]:
    """Return the JSON object in `content`; raise FrameError when there is none.

    RecursionError belongs here: deeply nested JSON is an answer that was not agreed.
    """
    try:
        head = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise FrameError("head_is_not_json") from error
    if not isinstance(head, dict):
        raise FrameError("head_is_not_an_object")
    return head


def read_exactly(fd: int, size: int) -> bytes:
    """Return the next `size` bytes of a blocking `fd`; raise EOFError when it ends before."""
    chunks: list[bytes] = []
    missing = size
    while missing:
        chunk = os.read(fd, missing)
        if not chunk:
            raise EOFError
        chunks.append(chunk)
        missing -= len(chunk)
    return chunks[0] if len(chunks) == 1 else b"".join(chunks)


def read_payload(fd: int, size: int) -> tuple[dict[str, object], list[bytes]]:
    """Return the head and the blobs of a payload of `size` bytes in the file `fd`.

    Each is read straight into its own bytes, so that nothing is held twice. Raises FrameError, and
    EOFError when the file ends before.
    """
    frames: list[bytes] = []
    position = 0
    while position < size:
        length = int.from_bytes(read_exactly(fd, LENGTH_BYTES), "big")
        position += LENGTH_BYTES + length
        if position > size:
            raise FrameError("frame_cut_short")
        frames.append(read_exactly(fd, length))
    if not frames:
        raise FrameError("no_head")
    return read_head(frames[0]), frames[1:]


def read_envelope(fd: int) -> dict[str, object]:
    """Return the next envelope on a blocking `fd`; raise EOFError or FrameError."""
    size = int.from_bytes(read_exactly(fd, LENGTH_BYTES), "big")
    if size > MAX_ENVELOPE_BYTES:
        raise FrameError("envelope_too_large")
    return read_head(read_exactly(fd, size))


def write_all(fd: int, content: bytes) -> None:
    """Write all of `content` to a blocking `fd`."""
    view = memoryview(content)
    while view:
        view = view[os.write(fd, view) :]
