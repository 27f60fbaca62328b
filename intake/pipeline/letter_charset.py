"""Read the letter of a mail anew in the charset that an officer chose for it.

The letter is kept as text, so a choice of another charset means to open the mail once more. What
came out of wrappings inside it stands below the letter and stays.
"""

import logging
from typing import TYPE_CHECKING

from intake.documents.charset_choice import LETTER_ROLES
from intake.queues import search_index
from intake.sandbox.protocol import charsets
from intake.sandbox.protocol.body_text import with_other_letter
from intake.sandbox.protocol.errors import JailError, JailUnavailable
from intake.sandbox.protocol.limits import TimeLeft
from intake.sandbox.protocol.results import MAX_BODY_CHARS
from intake.senders.letters import keep_letter
from storage.blobs.blobs import BlobRow
from storage.crypto.sealing import unseal
from storage.documents.documents import of_submission
from storage.submissions import submissions
from storage.submissions.submissions import place

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from intake.pipeline.worker_services import WorkerServices
    from storage.documents.documents import Document

LOG = logging.getLogger(__name__)


def reread_letter(worker_services: "WorkerServices", submission_id: str) -> None:
    """Read a letter in the charsets chosen for its parts, if they are others than those it is in.

    It may be repeated. A letter that cannot be read so stays as it is. Raises StorageUnavailable or
    JailUnavailable when it cannot be done now.
    """
    services = worker_services.services
    with services.database.reading() as session:
        submission = submissions.by_id(session, submission_id)
        if submission is None:
            return
        rows = of_submission(session, submission_id)
        wanted, present = _by_part(rows, charsets.chosen), _by_part(rows, charsets.shown_in)
        if wanted == present:
            return
        key = services.keyring.open(session, submission.data_key_id)
        blob = session.get_one(BlobRow, submission.raw_blob_id)
    raw = services.blobs.read_whole(key, blob)
    jails, left = worker_services.jails, TimeLeft()
    try:
        before = jails.open_mail(raw, charsets=present, left=left).body_text
        after = jails.open_mail(raw, charsets=wanted, left=left).body_text
    except JailUnavailable:
        raise
    except JailError as error:
        LOG.warning("event=letter_not_reread submission=%s reason=%s", submission_id, error.reason)
        return
    with services.database.transaction() as session:
        current = submissions.locked(session, submission_id)
        rows = of_submission(session, submission_id)
        if current is None or _by_part(rows, charsets.chosen) != wanted:
            return  # somebody chose again meanwhile, and asked for another round
        at = place("submissions", "body_text", submission_id)
        text = unseal(key, at, current.body_text)
        whole = with_other_letter(text, before, after, MAX_BODY_CHARS)
        keep_letter(services, session, current, key, whole)
        for row in rows:
            if row.path in wanted:
                row.part_flags = charsets.with_shown(row.part_flags, wanted[row.path])
        session.flush()
        search_index.index_submission(services, session, current, key)


def _by_part(rows: "Iterable[Document]", codec_in: "Callable[[list[str]], str]") -> dict[str, str]:
    """Return {path: codec} of the parts that are texts of a letter, where there is a codec."""
    texts = (row for row in rows if row.role in LETTER_ROLES)
    return {row.path: codec for row in texts if (codec := codec_in(row.part_flags))}
