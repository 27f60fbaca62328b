"""Show officers a single-use link: its state, its note and what came by it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from intake.arrivals import link_mail
from intake.arrivals.link_holders import is_usable
from intake.core import submission_facts
from intake.core.errors import KeyUnavailable
from storage.accounts import users
from storage.cases import cases
from storage.crypto.sealing import unseal
from storage.submissions import drafts, submissions, upload_links
from storage.submissions.submissions import place

if TYPE_CHECKING:
    from intake.core.services import Services
    from storage.crypto.keys import DataKey
    from storage.database import Session
    from storage.submissions.submissions import Submission
    from storage.submissions.upload_links import UploadLink


# The `sender_reasons` of a submission that came by a link hold this code.
SENT_BY_LINK = "sent_by_link"


class LinkState(StrEnum):
    """The state of a link."""

    OPEN = "open"
    USED = "used"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True)
class LinkView:
    """A link as officers see it; `waiting` counts files that were uploaded and not sent.

    `made_for` is the reference of its case or submission, `sent_as` that of what was sent by it.
    `made_by` is a label. `mail_leaves_at` (UTC) is set while its mail can be taken back with it.
    """

    id: str
    state: LinkState
    note: str
    made_by: str
    made_at: datetime
    expires_at: datetime
    made_for: str
    sent_as: str
    waiting: int
    mail_leaves_at: datetime | None = None


@dataclass(frozen=True)
class LinkList:
    """The links of one case, or of a submission that has none, the newest first.

    With `has_person_withdrawn` none can be made.
    """

    reference: str
    is_of_case: bool
    links: tuple[LinkView, ...]
    has_person_withdrawn: bool = False


def link_of_submission(
    services: "Services", session: "Session", submission: "Submission", key: "DataKey"
) -> LinkView | None:
    """Return the link that a submission came by, None for none; the reading is audited."""
    if SENT_BY_LINK not in submission.sender_reasons:
        return None
    row = upload_links.by_id(session, submission_facts.of_form(submission, key).link_id)
    if row is None:
        return None
    return link_view(services, session, row, users.labels_of(session, {row.created_by}))


def link_view(
    services: "Services", session: "Session", link: "UploadLink", labels: dict[str, str]
) -> LinkView:
    """Return a link with its note opened; `labels` is {account id: label} of who made links.

    The caller audits the reading.
    """
    draft = drafts.by_link(session, link.token_hash)
    sent = submissions.by_id(session, draft.submission_id or "") if draft is not None else None
    case = cases.by_id(session, link.case_id)
    asked = submissions.by_id(session, link.submission_id or "")
    is_waiting = draft is not None and sent is None
    mail = link_mail.waiting_mail(services, session, link) if link.ended_at is None else None
    return LinkView(
        id=link.id,
        state=_state(services, session, link),
        note=_note(services, session, link),
        made_by=labels.get(link.created_by, ""),
        made_at=link.created_at,
        expires_at=link.expires_at,
        made_for=next((row.reference for row in (case, asked) if row is not None), ""),
        sent_as=sent.reference if sent is not None else "",
        waiting=len(drafts.uploads_of(session, draft.id)) if draft and is_waiting else 0,
        mail_leaves_at=mail.next_try_at if mail is not None else None,
    )


def _note(services: "Services", session: "Session", link: "UploadLink") -> str:
    try:
        key = services.keyring.open(session, link.data_key_id)
    except KeyUnavailable:
        return ""  # The note was erased with its case; what came by the link may be elsewhere.
    return unseal(key, place("upload_links", "note", link.id), link.note)


def _state(services: "Services", session: "Session", link: "UploadLink") -> LinkState:
    if link.used_at is not None:
        return LinkState.USED
    if link.ended_at is not None:
        return LinkState.WITHDRAWN
    now = services.now()
    if not link.is_open(now):
        return LinkState.EXPIRED
    return LinkState.OPEN if is_usable(session, link, now) else LinkState.WITHDRAWN
