"""Tell whose a draft is: a user's, or that of somebody who has a single-use link.

Here is also asked whether a user is still who they were when their request began.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from intake.accounts.accounts import SignedInUser
from intake.core.errors import IntakeError, NotFound
from storage.accounts import open_sessions
from storage.submissions import drafts
from storage.submissions.drafts import Draft, Upload
from storage.worded import worded

if TYPE_CHECKING:
    from intake.core.services import Services
    from storage.database import Session


class AccountChanged(IntakeError):
    """A user was signed out, or their account ended or changed, while their request went on."""

    reason = "account_changed"
    public = worded(
        "You were signed out, or your account was changed, while this was on its way. Nothing was "
        "changed. Please sign in and look at it again."
    )
    status = 403


@dataclass(frozen=True)
class LinkHolder:
    """Somebody without an account who has a single-use link, known by its token's hash.

    Only `intake.arrivals.link_holders` makes one, after it checked that the link is open.
    """

    link_hash: str

    @property
    def actor(self) -> str:
        """Return the name of link holders in the audit trail."""
        return "system:link"


Author = SignedInUser | LinkHolder


def require_unchanged(services: "Services", session: "Session", author: Author) -> None:
    """Check that a user's session is open and their account as it was. Raises AccountChanged.

    A form with files may be on its way for half an hour, so what was true when it began may not be
    true any more (threat P13). Asked by one query, by the session's key. Nobody signs out a command
    of the operator, and a link is asked for itself.
    """
    if not isinstance(author, SignedInUser) or author.session_hash is None:
        return
    if not open_sessions.is_still(
        session, author.session_hash, author.id, author.role, author.region, services.now()
    ):
        raise AccountChanged


def is_of(author: Author, draft: Draft) -> bool:
    """Tell whether a draft is an author's own."""
    if isinstance(author, LinkHolder):
        return draft.link_hash is not None and draft.link_hash == author.link_hash
    return draft.owner_id is not None and draft.owner_id == author.id


def find_own_draft(session: "Session", user: SignedInUser, draft_id: str) -> Draft:
    """Return a draft that a user began, also one that was sent. Raises NotFound."""
    draft = session.get(Draft, draft_id)
    if draft is None or not is_of(user, draft):
        raise NotFound
    return draft


def find_draft(
    session: "Session", author: Author, draft_id: str, *, is_locked: bool = False
) -> Draft:
    """Return an author's draft that is not sent. Raises NotFound."""
    draft = drafts.locked(session, draft_id) if is_locked else session.get(Draft, draft_id)
    if draft is None or not is_of(author, draft) or draft.submission_id is not None:
        raise NotFound
    return draft


def find_upload(session: "Session", author: Author, upload_id: str) -> Upload:
    """Return a file of an author's draft that is not sent. Raises NotFound."""
    upload = session.get(Upload, upload_id)
    if upload is None:
        raise NotFound
    find_draft(session, author, upload.draft_id)
    return upload
