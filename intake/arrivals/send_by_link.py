"""Send what a link holder uploaded: it becomes a submission, and the link is used up.

Both happen in one transaction. Only sending uses a link up, so that a broken connection does not;
who sends at the same time gets the same reference (threat B23). The link holder is not known, so
the submission waits for a person, with the link's case as the first candidate.
"""

from typing import TYPE_CHECKING

from intake.arrivals import drafts as drafting
from intake.arrivals import link_mail, package
from intake.arrivals.link_holders import LinkOver, SentByLink, is_usable, refuse_others
from intake.arrivals.link_views import SENT_BY_LINK
from intake.arrivals.package import FormInvalid
from intake.core import audit, submission_facts
from intake.core.references import unused_reference
from intake.core.submission_facts import FormFacts
from intake.core.typed_text import ADDRESS
from storage.accounts.users import token_hash
from storage.audit_acts import Act
from storage.base import new_id
from storage.blobs.blobs import add_blob
from storage.cases import cases
from storage.crypto.sealing import seal
from storage.submissions import drafts, submissions, upload_links
from storage.submissions.drafts import Draft, DraftKind
from storage.submissions.submissions import (
    Channel,
    Priority,
    SenderVerdict,
    Submission,
    SubmissionState,
    place,
)
from storage.worded import worded

if TYPE_CHECKING:
    from collections.abc import Mapping

    from intake.arrivals.link_holders import Held
    from intake.arrivals.package import Package
    from intake.core.services import Services
    from intake.outbox.mail_texts import MailTexts
    from storage.blobs.blobs import StoredBlob
    from storage.database import Session
    from storage.submissions.upload_links import UploadLink

FIELDS = frozenset({"note", "address", "safe"})
MAX_NOTE_CHARS = 2000
MAX_ADDRESS_CHARS = 254


def send_link_draft(
    services: "Services", texts: "MailTexts", held: "Held", browser_key: str
) -> SentByLink:
    """Turn what was uploaded into a submission, once.

    Raises FormInvalid, NotWhole, LinkOver, and LinkInUse when the link is another browser's.
    """
    with services.database.reading() as session:
        draft = session.get_one(Draft, held.draft_id)
        known = _known(session, draft)
        if known is not None:
            return known
        answers = drafting.answers_of(services.keyring.open(session, draft.data_key_id), draft)
        whole = package.pack_draft(services, session, draft)
    form = _checked(answers, has_files=bool(whole.files))
    stored = services.blobs.write(whole.key, [package.manifest(whole, form)])
    with services.database.transaction() as session:
        link = upload_links.locked(session, held.holder.link_hash)
        locked = drafts.locked(session, held.draft_id)
        if link is None or locked is None:
            raise LinkOver
        known = _known(session, locked)
        if known is not None:
            return known
        if not is_usable(session, link, services.now()):
            raise LinkOver
        refuse_others(link, browser_key)
        package.check_same(session, whole, locked)
        submission = _store(services, session, link, whole, form, stored)
        locked.submission_id = submission.id
        locked.changed_at = link.used_at = services.now()
        link.holder_hash = token_hash(browser_key)
        link_mail.send_receipt(services, session, texts, submission, form["address"])
        detail = {
            "channel": "upload",
            "documents": submission.item_count,
            "kind": "link",
            "link": link.id,
        }
        subject = ("submission", submission.id)
        audit.note(services, session, "system:link", Act.SUBMISSION_RECEIVED, subject, detail)
        services.queue.enqueue(session, submission.id)
        return SentByLink(submission.reference, len(whole.files), submission.received_at)


def _known(session: "Session", draft: Draft) -> SentByLink | None:
    submission = submissions.by_id(session, draft.submission_id or "")
    if submission is None:
        return None
    return SentByLink(submission.reference, submission.item_count or 0, submission.received_at)


def _checked(answers: "Mapping[str, str]", *, has_files: bool) -> dict[str, str]:
    """Return what was typed, tidied. Raises FormInvalid."""
    note = answers.get("note", "").replace("\r\n", "\n").strip()
    address = answers.get("address", "").strip()
    errors = {}
    if len(note) > MAX_NOTE_CHARS:
        errors["note"] = worded("Please keep it below %(most)s characters.", most=MAX_NOTE_CHARS)
    if address and (len(address) > MAX_ADDRESS_CHARS or ADDRESS.fullmatch(address) is None):
        errors["address"] = worded("This is not a mail address. You can leave it empty.")
    elif address and answers.get("safe") != "yes":
        errors["safe"] = worded("Tick that it is safe to write there, or leave the address empty.")
    if not has_files and not note:
        errors["files"] = worded("Choose at least one file, or write a message.")
    if errors:
        raise FormInvalid(errors)
    return {"note": note, "address": address}


def _store(
    services: "Services",
    session: "Session",
    link: "UploadLink",
    whole: "Package",
    form: dict[str, str],
    manifest: "StoredBlob",
) -> Submission:
    now, key, submission_id = services.now(), whole.key, new_id()
    add_blob(session, key, manifest, now)
    session.flush()
    programme, region = _belongs(session, link)
    submission = Submission(
        id=submission_id,
        reference=unused_reference(session),
        identity=f"upload:{whole.draft.id}",
        channel=Channel.UPLOAD,
        programme=programme,
        state=SubmissionState.DOCUMENTS,
        received_at=now,
        data_key_id=key.id,
        raw_blob_id=manifest.id,
        sender=seal(key, place("submissions", "sender", submission_id), form["address"]),
        sender_verdict=SenderVerdict.UNKNOWN,
        sender_reasons=[SENT_BY_LINK],
        body_text=seal(key, place("submissions", "body_text", submission_id), form["note"]),
        facts=submission_facts.seal_form(
            key, submission_id, FormFacts(DraftKind.LINK, link_id=link.id)
        ),
        item_count=len(whole.files),
        region=region,
        priority=Priority.UNKNOWN,
    )
    session.add(submission)
    session.flush()
    package.add_documents(session, submission, whole)
    return submission


def _belongs(session: "Session", link: "UploadLink") -> tuple[str, str | None]:
    """Return the present programme and region of the case or submission of a link."""
    case = cases.by_id(session, link.case_id)
    if case is not None:
        case = cases.resolved(session, case)
        return case.programme, case.region
    asked = submissions.by_id(session, link.submission_id or "")
    if asked is None:
        raise LinkOver
    return asked.programme, asked.region
