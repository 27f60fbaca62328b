"""Make single-use links, by which an officer asks somebody without an account for documents.

A link is made for a case, or for a submission without one, and works once within 72 hours. It is
shown when it is made and never again, because only its hash is kept (threat B23). The officer's
note about it is sealed.
"""

import re
import secrets
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from intake.arrivals import drafts, link_mail
from intake.arrivals.link_holders import LINK_LIFE
from intake.arrivals.link_views import LinkList, link_view
from intake.cases import completeness, withdrawal
from intake.core import audit
from intake.core.errors import Conflict, FieldsInvalid, NotFound
from intake.core.typed_text import ADDRESS
from intake.outbox import undo_send
from intake.outbox.undo_send import HasLeft
from storage.accounts import users
from storage.audit_acts import Act
from storage.base import new_id
from storage.cases import cases
from storage.cases.cases import CaseState
from storage.crypto.sealing import seal, unseal
from storage.submissions import upload_links
from storage.submissions.drafts import DraftKind
from storage.submissions.submissions import place
from storage.submissions.upload_links import UploadLink

if TYPE_CHECKING:
    from intake.access.find import CaseOrSubmission
    from intake.access.opened import OpenedToChange
    from intake.accounts.accounts import SignedInUser
    from intake.core.services import Services
    from intake.outbox.mail_texts import MailTexts
    from storage.cases.cases import Case
    from storage.database import Session
    from storage.submissions.submissions import Submission

TOKEN_BYTES = 32
LINK_ID = re.compile(r"[0-9a-f]{32}")
MAX_NOTE_CHARS = 200
MAX_ADDRESS_CHARS = 254
# Nobody needs more open links of one case at once.
MAX_OPEN = 10


class LinkInvalid(FieldsInvalid):
    """Fields of the form for a link are missing or invalid; `errors` is {field: sentence}."""

    reason = "link_invalid"
    public = "Please look at the marked answers. No link was made."


@dataclass(frozen=True)
class LinkRequest:
    """What an officer typed. `id` is the form's; mail is sent only to an address called safe."""

    id: str
    note: str = field(repr=False)
    address: str = field(default="", repr=False)
    is_safe: bool = False


@dataclass(frozen=True)
class WithdrawnLink:
    """A link that ended: whether its mail was taken back too, and then what its maker had typed.

    `typed` is None for somebody else's link, and where no mail was taken back.
    """

    is_mail_back: bool
    typed: LinkRequest | None = None


@dataclass(frozen=True)
class MadeLink:
    """A new link. `url` is shown once. `unsent` is None when it was mailed, empty when no mail
    was asked for, else the code of why none was sent. `leaves_at` (UTC) is when its mail leaves.
    """

    url: str
    expires_at: datetime
    note: str
    unsent: str | None = ""
    leaves_at: datetime | None = None


def new_link_id() -> str:
    """Return the id for a new form: one form makes one link, however often it is sent."""
    return new_id()


def make_link(
    services: "Services",
    texts: "MailTexts",
    opened: "OpenedToChange[CaseOrSubmission]",
    request: LinkRequest,
) -> MadeLink:
    """Make a link for the case or the waiting submission of a reference.

    Raises NotFound, LinkInvalid, PersonWithdrew when the person of the case withdrew, and Conflict
    when this form has made its link already, which cannot be shown again.
    """
    if LINK_ID.fullmatch(request.id) is None:
        raise Conflict
    _check(request)
    token, now = secrets.token_urlsafe(TOKEN_BYTES), services.now()
    url = f"{services.settings.public_url}/send/{token}"
    with services.database.transaction() as session:
        target = opened.row(services, session)
        if target.case is not None:
            # Who stops the case meanwhile waits, and then ends this link too.
            cases.locked(session, [target.case.id])
        if _has_person_withdrawn(session, target):
            raise withdrawal.PersonWithdrew
        if upload_links.by_id(session, request.id) is not None:
            raise Conflict
        link = _add(services, session, opened.user, target, request, users.token_hash(token))
        detail: dict[str, str] = {link_mail.LINK: link.id}
        unsent: str | None = ""
        leaves_at: datetime | None = None
        if request.address.strip():
            mail_for = target.submission or _newest(session, target.case)
            mail = link_mail.send_link(
                services, session, texts, mail_for, request.address, url, now
            )
            unsent, leaves_at = mail.refused, mail.leaves_at
            detail |= {"mail": unsent or "written", link_mail.MAIL: mail.id}
        audit.note(services, session, opened.user, Act.UPLOAD_LINK_MADE, target.subject, detail)
        return MadeLink(url, link.expires_at, request.note.strip(), unsent, leaves_at)


def withdraw_link(
    services: "Services", opened: "OpenedToChange[CaseOrSubmission]", link_id: str
) -> WithdrawnLink:
    """End a link, and take its mail back with it.

    Files that were uploaded and not sent are erased with its draft later. Its mail leaves no more,
    as long as it has not left. Nothing changes when it has
    ended. Raises NotFound, and Conflict when it was used.
    """
    with services.database.transaction() as session:
        target = opened.row(services, session)
        known = next((each for each in _links(session, target) if each.id == link_id), None)
        link = upload_links.locked(session, known.token_hash) if known is not None else None
        if link is None:
            raise NotFound
        if link.used_at is not None:
            raise Conflict
        if link.ended_at is not None:
            return WithdrawnLink(is_mail_back=False)
        link.ended_at = services.now()
        address = _take_out_mail(services, session, link)
        is_mail_back = address is not None
        detail = {link_mail.LINK: link.id, **({"mail": "taken_out"} if is_mail_back else {})}
        audit.note(
            services, session, opened.user, Act.UPLOAD_LINK_WITHDRAWN, target.subject, detail
        )
        if address is None or link.created_by != opened.user.id:
            return WithdrawnLink(is_mail_back)
        key = services.keyring.open(session, link.data_key_id)
        note = unseal(key, place("upload_links", "note", link.id), link.note)
        return WithdrawnLink(is_mail_back, LinkRequest("", note, address, is_safe=True))


def _take_out_mail(services: "Services", session: "Session", link: UploadLink) -> str | None:
    """Delete the mail that brings a link, if it waits; return its address, None if it does not."""
    mail = link_mail.waiting_mail(services, session, link)
    if mail is None or mail.recipient is None:
        return None
    key = services.keyring.open(session, mail.data_key_id)
    address = unseal(key, place("outbox", "recipient", mail.id), mail.recipient)
    try:
        undo_send.take_out_notice(services, session, mail)
    except HasLeft:
        # A sender has it in hand: whoever gets it finds that the link has ended.
        return None
    return address


def list_links(services: "Services", opened: "OpenedToChange[CaseOrSubmission]") -> LinkList:
    """Return the links of a case or submission; the reading is audited. Raises NotFound."""
    with services.database.transaction() as session:
        target = opened.row(services, session)
        rows = _links(session, target)
        audit.note(
            services,
            session,
            opened.user,
            Act.UPLOAD_LINK_LISTED,
            target.subject,
            {"number": len(rows)},
        )
        labels = users.labels_of(session, {row.created_by for row in rows})
        views = tuple(link_view(services, session, row, labels) for row in rows)
        return LinkList(
            target.row.reference,
            target.case is not None,
            views,
            _has_person_withdrawn(session, target),
        )


def _check(request: LinkRequest) -> None:
    errors = {}
    note, address = request.note.strip(), request.address.strip()
    if not note:
        errors["note"] = "Write whom the link is for, or why."
    elif len(note) > MAX_NOTE_CHARS:
        errors["note"] = f"Write up to {MAX_NOTE_CHARS} characters."
    if address and (len(address) > MAX_ADDRESS_CHARS or ADDRESS.fullmatch(address) is None):
        errors["address"] = (
            "This is not a mail address. Leave it empty to pass the link on yourself."
        )
    elif address and not request.is_safe:
        errors["safe"] = "Tick that the address is safe, or leave it empty."
    if errors:
        raise LinkInvalid(errors)


def _has_person_withdrawn(session: "Session", target: "CaseOrSubmission") -> bool:
    """Tell whether the person of the case withdrew, so that nobody is asked for anything."""
    case_id = target.case.id if target.case is not None else None
    filed_to = target.submission.case_id if target.submission is not None else None
    return cases.has_person_withdrawn(session, case_id or filed_to)


def _add(
    services: "Services",
    session: "Session",
    user: "SignedInUser",
    target: "CaseOrSubmission",
    request: LinkRequest,
    token_hash: str,
) -> UploadLink:
    now = services.now()
    if target.case is not None and target.case.state == CaseState.CLOSED:
        raise LinkInvalid({"note": "The case is closed. Open it again first."})
    if sum(link.is_open(now) for link in _links(session, target)) >= MAX_OPEN:
        raise LinkInvalid({"note": f"There are {MAX_OPEN} open links. Withdraw one first."})
    key = services.keyring.open(session, target.row.data_key_id)
    link = UploadLink(
        id=request.id,
        token_hash=token_hash,
        case_id=target.case.id if target.case is not None else None,
        submission_id=target.submission.id if target.submission is not None else None,
        data_key_id=key.id,
        note=seal(key, place("upload_links", "note", request.id), request.note.strip()),
        created_by=user.id,
        created_at=now,
        expires_at=now + LINK_LIFE,
    )
    draft = drafts.new_draft(services, session, DraftKind.LINK)
    draft.link_hash = token_hash
    session.add_all([link, draft])
    session.flush()
    return link


def _links(session: "Session", target: "CaseOrSubmission") -> list[UploadLink]:
    """Return the links made for a case, for cases merged into it, and for its submissions."""
    if target.case is None:
        return upload_links.made_for(session, [], [target.row.id])
    filed = [row.id for row in completeness.submissions_of(session, target.case)]
    return upload_links.made_for(session, cases.merged_into(session, target.case.id), filed)


def _newest(session: "Session", case: "Case | None") -> "Submission | None":
    filed = completeness.submissions_of(session, case) if case is not None else []
    return filed[0] if filed else None
