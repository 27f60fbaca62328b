"""Originals: the file itself, as a stranger sent it, by right, reason and sometimes two people.

Staff work on safe copies; this is the exception, and each one is an act of its own. Who
may come here at all is the portal's policy. Imports storage only.
"""

from typing import TYPE_CHECKING

from intake import acting, blob_reading
from intake.second_person import SecondPersonNeeded, Step, next_step
from storage.quarantine import Act

if TYPE_CHECKING:
    from intake.accounts import SignedInUser
    from intake.acting import Matter
    from intake.services import Services


def ask_original(services: "Services", user: "SignedInUser", document_id: str, reason: str) -> None:
    """Ask, as the first of two, for a file in which malware was found; twice changes nothing.

    For a file without such a verdict it is written down all the same, and needless.
    Raises NotFound and ReasonInvalid.
    """
    written = acting.checked_reason(reason)
    with services.database.transaction() as session:
        matter = acting.find(services, session, user, document_id)
        if _step(services, matter, user) is Step.WAIT:
            return
        acting.record(services, session, matter, user, Act.ASK_ORIGINAL, written)


def open_original(
    services: "Services", user: "SignedInUser", document_id: str, reason: str
) -> bytes:
    """Return the file's bytes after their SHA-256 was checked and the act was written down.

    With a malware verdict somebody else must have asked within 72 hours; each opening takes
    an asking of its own. Raises NotFound, ReasonInvalid, SecondPersonNeeded or BlobDamaged.
    """
    written = acting.checked_reason(reason)
    with services.database.transaction() as session:
        matter = acting.find(services, session, user, document_id)
        _check(services, matter, user)
        blob = blob_reading.row(session, matter.document.blob_id)
    # Not under the write lock: a large file must not keep mail from being accepted.
    subject = ("document", document_id)
    content = blob_reading.whole(services, user.actor, matter.key, blob, subject)
    with services.database.transaction() as session:
        matter = acting.find(services, session, user, document_id)
        _check(services, matter, user)
        acting.record(services, session, matter, user, Act.OPEN_ORIGINAL, written)
    return content


def _check(services: "Services", matter: "Matter", user: "SignedInUser") -> None:
    if matter.is_malware and _step(services, matter, user) is not Step.DO:
        raise SecondPersonNeeded


def _step(services: "Services", matter: "Matter", user: "SignedInUser") -> Step:
    return next_step(matter.acts, Act.ASK_ORIGINAL, Act.OPEN_ORIGINAL, user.id, services.now())
