"""Take a file of a draft in chunks, each encrypted before it is written to a disk.

A chunk counts once it is durable and committed. After a broken connection the sender asks how much
was received and continues there, so that no byte is missing or doubled. Nothing is kept of a chunk
that was cut off.
"""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from intake.access.authors import AccountChanged
from intake.core.errors import IntakeError, NotFound
from storage.accounts import users
from storage.base import new_id
from storage.blobs.blobs import BlobRow, add_blob, name_whole, sealed_sha256
from storage.crypto.sealing import seal
from storage.submissions import drafts
from storage.submissions.drafts import Draft, Upload, UploadChunk, UploadState
from storage.submissions.submissions import place
from storage.worded import worded

if TYPE_CHECKING:
    from intake.access.opened import OpenedOwn
    from intake.core.services import Services
    from storage.blobs.blobs import StoredBlob
    from storage.crypto.keys import DataKey
    from storage.database import Session

MAX_CHUNK_BYTES = 16 * 1024 * 1024
MAX_FILES = 100
# All files of a draft together may be so many times as large as one (ASVS 5.0 5.2.4).
MAX_FULL_FILES = 10
# All drafts of an account that are not sent may be so many times as large as the largest one, or
# one account could fill the disk (threat W5).
MAX_FULL_DRAFTS = 3
MAX_NAME_CHARS = 255
MAX_TYPE_CHARS = 127


class UploadRefused(IntakeError):
    """The file is larger than allowed, or there are too many; raised before a byte is stored."""

    reason = "upload_refused"
    status = 413


class WrongPlace(IntakeError):
    """The chunk does not begin where the file ends; `received` is how many bytes there are."""

    reason = "wrong_place"
    public = worded("The file is here up to another place. Please go on from there.")
    status = 409

    def __init__(self, received: int) -> None:
        super().__init__()
        self.received = received


class PieceCut(IntakeError):
    """The connection broke, or the chunk is not as long as announced; nothing of it was kept."""

    reason = "piece_cut"
    public = worded(
        "The connection broke. What had arrived before this piece is safe; please go on."
    )
    status = 400


def begin_file(
    services: "Services",
    opened: "OpenedOwn[Draft]",
    *,
    claimed_name: str,
    claimed_type: str,
    size: int,
) -> str:
    """Begin a file of `size` bytes and return its id. Raises NotFound or UploadRefused."""
    most = services.settings.max_upload_bytes
    if not 0 <= size <= most:
        raise UploadRefused(worded("A file may have up to %(most)s MB.", most=most // 1024 // 1024))
    with services.database.transaction(lets_others_first=True) as session:
        draft = opened.row(services, session)
        known = drafts.uploads_of(session, draft.id)
        if len(known) >= MAX_FILES:
            raise UploadRefused(
                worded("You can send up to %(most)s files at once.", most=MAX_FILES)
            )
        if sum(file.size for file in known) + size > MAX_FULL_FILES * most:
            raise UploadRefused(
                worded("These files are too large together. Please send them in parts.")
            )
        if draft.owner_id is not None:
            _check_room(session, draft.owner_id, size, MAX_FULL_DRAFTS * MAX_FULL_FILES * most)
        key = services.keyring.open(session, draft.data_key_id)
        now, upload_id = services.now(), new_id()
        name = claimed_name[:MAX_NAME_CHARS]
        session.add(
            Upload(
                id=upload_id,
                draft_id=draft.id,
                position=drafts.next_position(session, draft.id),
                name=seal(key, place("uploads", "name", upload_id), name),
                claimed_type=claimed_type[:MAX_TYPE_CHARS],
                size=size,
                received=0,
                created_at=now,
                changed_at=now,
            )
        )
        draft.changed_at = now
    return upload_id


def _check_room(session: "Session", owner_id: str, size: int, most: int) -> None:
    """Refuse a file with which an account's unsent drafts are too large. Raises UploadRefused."""
    # Locked, so that files that begin at once in several drafts are all counted.
    users.locked(session, owner_id)
    if drafts.announced_bytes(session, owner_id) + size > most:
        raise UploadRefused(
            worded("Your drafts are too large together. Please send or discard one of them first.")
        )


def take_chunk(
    services: "Services",
    opened: "OpenedOwn[Upload]",
    offset: int,
    size: int,
    content: Iterable[bytes],
) -> int:
    """Store one chunk durably and return how many bytes of the file there are now.

    `content` is encrypted while it is read from the connection. A chunk that is stored already is
    not taken again. Raises AccountChanged, NotFound, WrongPlace, UploadRefused or PieceCut.
    """
    if not 0 < size <= MAX_CHUNK_BYTES:
        raise UploadRefused(
            worded("A piece may have up to %(most)s MB.", most=MAX_CHUNK_BYTES // 1024 // 1024)
        )
    with services.database.reading() as session:
        upload = opened.row(services, session)
        draft = session.get_one(Draft, upload.draft_id)
        _check_place(upload, offset, size)
        key = services.keyring.open(session, draft.data_key_id)
    # A copy, so that nothing of a chunk that is cut off stays in the hash.
    whole = services.hashes.at(upload.id, offset)
    blob = services.blobs.write_piece(key, _exactly(content, size), whole)
    try:
        _count_chunk(services, opened, offset, key, blob)
    except (AccountChanged, NotFound, WrongPlace, UploadRefused):
        # These come before the commit. After any other error nobody knows whether it counts.
        services.blobs.delete_all([blob.id])
        raise
    if whole is not None:
        services.hashes.keep(upload.id, offset + size, whole)
    return offset + size


def _count_chunk(
    services: "Services",
    opened: "OpenedOwn[Upload]",
    offset: int,
    key: "DataKey",
    blob: "StoredBlob",
) -> None:
    """Let a stored chunk count. Raises AccountChanged, NotFound, WrongPlace or UploadRefused."""
    with services.database.transaction(lets_others_first=True) as session:
        # Asked anew: a chunk may have been on its way for half an hour.
        current = drafts.locked_upload(session, opened.row(services, session).id)
        if current is None or current.state != UploadState.OPEN:
            raise NotFound
        # When the same chunk was stored meanwhile, that one counts, and ours is deleted.
        _check_place(current, offset, blob.size)
        add_blob(session, key, blob, services.now())
        session.flush()
        session.add(
            UploadChunk(upload_id=current.id, offset=offset, size=blob.size, blob_id=blob.id)
        )
        current.received = offset + blob.size
        current.changed_at = services.now()


def received_bytes(services: "Services", opened: "OpenedOwn[Upload]") -> int:
    """Return how many bytes of a file were received. Raises NotFound."""
    with services.database.reading() as session:
        return opened.row(services, session).received


def finish_file(services: "Services", opened: "OpenedOwn[Upload]") -> None:
    """Join a file's chunks into one blob; a second call changes nothing.

    They are read once for the SHA-256 of the whole, unless all of them came through this process.
    Raises NotFound, and WrongPlace when something is still missing.
    """
    with services.database.reading() as session:
        upload = opened.row(services, session)
        draft = session.get_one(Draft, upload.draft_id)
        if upload.state == UploadState.READY:
            return
        if upload.received != upload.size:
            raise WrongPlace(upload.received)
        key = services.keyring.open(session, draft.data_key_id)
        parts = [chunk.blob_id for chunk in drafts.chunks_of(session, upload.id)]
    whole = _whole(services, key, upload, parts)
    with services.database.transaction(lets_others_first=True) as session:
        current = drafts.locked_upload(session, opened.row(services, session).id)
        if current is None:
            raise NotFound
        if current.state == UploadState.READY:
            return
        session.add(
            BlobRow(
                id=whole.id,
                data_key_id=key.id,
                size=whole.size,
                sha256=sealed_sha256(key, whole),
                created_at=services.now(),
                parts=parts or None,
            )
        )
        session.flush()
        current.blob_id, current.state = whole.id, UploadState.READY
        current.changed_at = services.now()


def remove_file(services: "Services", opened: "OpenedOwn[Upload]") -> None:
    """Delete a file of a draft, and its bytes from the store: what is removed takes no room that
    no limit counts (threat W5). Raises NotFound.
    """
    with services.database.transaction() as session:
        blob_ids = drafts.erase_upload(session, opened.row(services, session).id)
    services.blobs.delete_all(blob_ids)


def _whole(services: "Services", key: "DataKey", upload: Upload, parts: list[str]) -> "StoredBlob":
    if not parts:
        # An empty file has no chunk.
        return services.blobs.write(key, [b""])
    known = services.hashes.at(upload.id, upload.size)
    if known is not None:
        return name_whole(key, upload.size, known.hexdigest())
    return services.blobs.joined(key, parts)


def _check_place(upload: Upload, offset: int, size: int) -> None:
    if upload.state != UploadState.OPEN or offset != upload.received:
        raise WrongPlace(upload.received)
    if offset + size > upload.size:
        raise UploadRefused(worded("The file is larger than was announced."))


def _exactly(content: Iterable[bytes], size: int) -> Iterator[bytes]:
    """Yield the bytes of a chunk. Raises PieceCut when there are not exactly `size` of them.

    It is raised while the store writes, which then deletes the unfinished blob.
    """
    left = size
    for part in content:
        left -= len(part)
        if left < 0:
            raise PieceCut
        yield part
    if left:
        raise PieceCut
