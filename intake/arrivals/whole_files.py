"""Take a file that comes as one stream of unknown length, as a plain form sends it.

The file begins with the largest size that is possible, is stored in chunks, and gets its true size
at the end. So a file whose connection broke is shorter than announced and never counts as whole.
"""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from intake.access import gate
from intake.arrivals import chunks
from intake.arrivals.chunks import UploadRefused
from intake.core.errors import NotFound
from storage.submissions import drafts
from storage.worded import worded

if TYPE_CHECKING:
    from intake.access.opened import OpenedOwn
    from intake.core.services import Services
    from storage.submissions.drafts import Draft

PIECE_BYTES = 4 * 1024 * 1024


def take_whole(
    services: "Services",
    opened: "OpenedOwn[Draft]",
    *,
    claimed_name: str,
    claimed_type: str,
    most_bytes: int,
    content: Iterable[bytes],
) -> str:
    """Store one file and return its id; at most one chunk of it is in memory.

    `most_bytes` is more than the file can have, such as the length of the request around it.
    Raises NotFound, UploadRefused, and what the connection raises. Nothing of an unfinished file
    stays in the draft.
    """
    upload_id = chunks.begin_file(
        services,
        opened,
        claimed_name=claimed_name,
        claimed_type=claimed_type,
        size=min(most_bytes, services.settings.max_upload_bytes),
    )
    upload = gate.upload_to_change(services, opened.author, upload_id)
    try:
        received = 0
        for piece in _pieces(content):
            _check_size(services, received + len(piece))
            received = chunks.take_chunk(services, upload, received, len(piece), [piece])
        _settle(services, upload_id, received)
        chunks.finish_file(services, upload)
    except BaseException:
        # After a broken connection, a full disk or a stopped worker the draft has no half file.
        chunks.remove_file(services, upload)
        raise
    return upload_id


def _check_size(services: "Services", size: int) -> None:
    most = services.settings.max_upload_bytes
    if size > most:
        raise UploadRefused(worded("A file may have up to %(most)s MB.", most=most // 1024 // 1024))


def _settle(services: "Services", upload_id: str, size: int) -> None:
    """Store the true size of a file. Raises NotFound when it is not what was received."""
    with services.database.transaction() as session:
        upload = drafts.locked_upload(session, upload_id)
        if upload is None or upload.received != size:
            raise NotFound
        upload.size = size


def _pieces(content: Iterable[bytes]) -> Iterator[bytes]:
    piece = bytearray()
    for part in content:
        piece += part
        while len(piece) >= PIECE_BYTES:
            yield bytes(piece[:PIECE_BYTES])
            del piece[:PIECE_BYTES]
    if piece:
        yield bytes(piece)
