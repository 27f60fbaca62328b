"""Let somebody without an account use a single-use link.

For a link that is unknown, too old, withdrawn or used the answer and the work are the same, so
that nobody learns whether it ever existed (threats B22 and B23). Failed tries are counted by
network in the audit trail, and never block an open link. Once a browser has put something in, the
link is that browser's: somebody else who reads the mail with the link sees nothing of it, adds
nothing, and cannot send it early with an address of their own.
"""

import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from intake.access import gate
from intake.access.authors import LinkHolder
from intake.accounts.sign_in import RATE_WINDOW, TooManyAttempts
from intake.arrivals import drafts as drafting
from intake.core import audit
from intake.core.errors import IntakeError
from storage import audit as audit_trail
from storage.accounts.users import token_hash
from storage.audit_acts import Act
from storage.cases import cases
from storage.submissions import drafts, submissions, upload_links
from storage.worded import worded

if TYPE_CHECKING:
    from intake.arrivals.drafts import DraftView
    from intake.core.services import Services
    from storage.database import Session
    from storage.submissions.upload_links import UploadLink

LINK_LIFE = timedelta(hours=72)
MAX_TRIES_OF_NETWORK = 30
REFUSED = Act.UPLOAD_LINK_REFUSED


class LinkOver(IntakeError):
    """A link was used, withdrawn, is too old or never existed; the answer is the same."""

    reason = "link_over"
    public = worded("This link cannot be used. What was sent with it before is safe with us.")
    status = 404


class LinkInUse(IntakeError):
    """A link is another browser's, which has put something in."""

    reason = "link_in_use"
    public = worded(
        "This link is in use in another browser. Continue there, or ask the person who gave it to "
        "you for a new one. Nothing was changed."
    )
    status = 403


@dataclass(frozen=True)
class SentByLink:
    """What was sent with a link, for the page after sending."""

    reference: str
    item_count: int
    received_at: datetime


@dataclass(frozen=True)
class Held:
    """An open link that somebody uses; `sent` is set when this browser has used it up.

    `is_holder` tells that this browser has put something in; False when nobody has.
    """

    holder: LinkHolder
    draft_id: str
    expires_at: datetime
    is_holder: bool
    sent: SentByLink | None = None


def open_link(services: "Services", token: str, browser_key: str, network: str) -> Held:
    """Return the link of a token. `network` is the caller's address or prefix.

    `browser_key` is the secret of the caller's browser, or empty. Raises LinkOver, LinkInUse
    when another browser has put something in, and TooManyAttempts when the network has tried too
    many links in vain.
    """
    with services.database.reading() as session:
        link = upload_links.by_token_hash(session, token_hash(token))
        if link is not None:
            held = _held(services, session, link, browser_key)
            if held is not None:
                return held
    _count_refusal(services, network)
    raise LinkOver


def form_token(services: "Services", token: str) -> str:
    """Return the form token of a link's page, whether the link exists or not.

    It replaces the session's form token: it needs no cookie, and never expires.
    """
    with services.database.reading() as session:
        return services.keyring.lookup(session, "link-form", token_hash(token))


def is_form_token(services: "Services", token: str, given: str) -> bool:
    """Tell whether a form came from the page of this link."""
    return hmac.compare_digest(form_token(services, token).encode(), given.encode())


def files_of(services: "Services", held: Held) -> "DraftView":
    """Return what a link holder has uploaded. Raises NotFound when it was sent meanwhile."""
    return drafting.read_draft(services, gate.draft_to_change(services, held.holder, held.draft_id))


def claim_link(services: "Services", held: Held, browser_key: str) -> None:
    """Remember the browser that puts the first thing in. Raises LinkOver and LinkInUse."""
    with services.database.transaction() as session:
        link = upload_links.locked(session, held.holder.link_hash)
        if link is None or not is_usable(session, link, services.now()):
            raise LinkOver
        refuse_others(link, browser_key)
        link.holder_hash = token_hash(browser_key)


def refuse_others(link: "UploadLink", browser_key: str) -> None:
    """Raise LinkInUse when a link is another browser's; `browser_key` may be empty."""
    if link.holder_hash is not None and link.holder_hash != token_hash(browser_key):
        raise LinkInUse


def is_usable(session: "Session", link: "UploadLink", now: datetime) -> bool:
    """Tell whether documents can still be sent with a link.

    The case is asked each time: it may have been merged into one whose person withdrew, or the
    submission for which the link was made filed to one, after the links of that case were ended.
    """
    asked = submissions.by_id(session, link.submission_id or "")
    case_id = link.case_id or (asked.case_id if asked is not None else None)
    return link.is_open(now) and not cases.has_person_withdrawn(session, case_id)


def _held(
    services: "Services", session: "Session", link: "UploadLink", browser_key: str
) -> Held | None:
    draft = drafts.by_link(session, link.token_hash)
    now = services.now()
    if draft is None or now >= link.expires_at:
        return None
    is_holder = bool(browser_key) and link.holder_hash == token_hash(browser_key)
    held = Held(LinkHolder(link.token_hash), draft.id, link.expires_at, is_holder)
    if is_usable(session, link, now):
        refuse_others(link, browser_key)
        return held
    submission = submissions.by_id(session, draft.submission_id or "")
    if submission is None or not is_holder:
        return None
    sent = SentByLink(submission.reference, submission.item_count or 0, submission.received_at)
    return Held(held.holder, held.draft_id, held.expires_at, is_holder=True, sent=sent)


def _count_refusal(services: "Services", network: str) -> None:
    """Count a failed try. Raises TooManyAttempts when the network reached the limit."""
    now = services.now()
    with services.database.reading() as session:
        subject = ("network", services.keyring.lookup(session, "rate", f"links {network}"))
        tries = audit_trail.count_since(session, REFUSED, subject, now - RATE_WINDOW)
    if tries >= MAX_TRIES_OF_NETWORK:
        raise TooManyAttempts
    with services.database.transaction() as session:
        audit.note(services, session, "anonymous", REFUSED, subject, at=now)
