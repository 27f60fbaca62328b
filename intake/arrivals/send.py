"""Send a coordinator's draft: it becomes a submission with its receipt, in one transaction.

The files are durable and encrypted already; sending writes rows and one small blob, the manifest,
which is the submission's raw bytes. Sending again returns the same reference and changes nothing.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from intake.access import coordinator_reach
from intake.accounts.accounts import address_of
from intake.accounts.register_entries import current_entry_of_account
from intake.arrivals import drafts as drafting
from intake.arrivals import package, referral_form
from intake.arrivals.package import FormInvalid
from intake.core import audit, submission_facts
from intake.core.errors import Conflict, NotFound
from intake.core.references import unused_reference
from intake.core.submission_facts import FormFacts, ReferralForm
from intake.outbox import post, receipt
from intake.outbox.addressees import signed_in
from intake.outbox.post import OutgoingMail
from intake.reference_data import promises
from storage.accounts import users
from storage.audit_acts import Act
from storage.base import new_id
from storage.blobs.blobs import add_blob
from storage.cases import cases
from storage.crypto.sealing import seal
from storage.submissions import drafts, submissions
from storage.submissions.drafts import Draft, DraftKind
from storage.submissions.submissions import (
    Channel,
    Programme,
    SenderVerdict,
    Submission,
    SubmissionState,
    place,
)
from storage.worded import worded

if TYPE_CHECKING:
    from intake.access.opened import OpenedToRead
    from intake.accounts.accounts import SignedInUser
    from intake.arrivals.package import Package
    from intake.core.services import Services
    from intake.outbox.mail_texts import MailTexts
    from storage.blobs.blobs import StoredBlob
    from storage.crypto.keys import DataKey
    from storage.database import Session


class CaseLost(Conflict):
    """An addition was to be sent to a case that its sender may not see any more."""

    reason = "case_lost"
    public = worded(
        "This case is not yours to add to any more. Nothing was sent, and your files are kept. "
        "Call the office: it can take them."
    )


@dataclass(frozen=True)
class Sent:
    """What a sent draft became."""

    submission_id: str
    reference: str
    item_count: int


def send_draft(services: "Services", texts: "MailTexts", opened: "OpenedToRead[Draft]") -> Sent:
    """Turn a draft into a submission. Raises NotFound, NotWhole or FormInvalid."""
    with services.database.reading() as session:
        draft = opened.row(services, session)
        known = _known(session, draft)
        if known is not None:
            return known
        form = _checked(services.keyring.open(session, draft.data_key_id), draft)
        whole = package.pack_draft(services, session, draft)
    stored = services.blobs.write(whole.key, [package.manifest(whole, form.as_dict())])
    with services.database.transaction() as session:
        locked = drafts.locked(session, draft.id)
        known = _known(session, opened.row(services, session))
        if known is not None:
            return known
        package.check_same(session, whole, locked)
        _refuse_lost_case(services, session, opened.user, opened.row(services, session))
        return _store(services, session, texts, opened.user, whole, form, stored)


def _refuse_lost_case(
    services: "Services", session: "Session", user: "SignedInUser", draft: Draft
) -> None:
    """Raise CaseLost for an addition to a case that is not its sender's to add to any more.

    The case is locked, so that it cannot end meanwhile with the submission that opened it alone.
    """
    if draft.kind != DraftKind.ADDITION or draft.case_id is None:
        return
    cases.locked(session, [draft.case_id])
    if not coordinator_reach.may_add_to(services, session, user, draft.case_id):
        raise CaseLost


def _known(session: "Session", draft: Draft) -> Sent | None:
    """Return what became of a draft that was sent, None while it is open."""
    submission = submissions.by_id(session, draft.submission_id or "")
    if submission is None:
        return None
    return Sent(submission.id, submission.reference, submission.item_count or 0)


def _checked(key: "DataKey", draft: Draft) -> ReferralForm:
    checked = referral_form.check_form(drafting.answers_of(key, draft))
    if not checked.is_valid:
        raise FormInvalid(checked.errors)
    return checked.form


def _store(
    services: "Services",
    session: "Session",
    texts: "MailTexts",
    user: "SignedInUser",
    whole: "Package",
    form: ReferralForm,
    manifest: "StoredBlob",
) -> Sent:
    now = services.now()
    key, draft = whole.key, session.get_one(Draft, whole.draft.id)
    add_blob(session, key, manifest, now)
    email = _email_of(services, session, user)
    submission = _submission(services, session, user, whole, form, manifest.id)
    submission.sender = seal(key, place("submissions", "sender", submission.id), email)
    submission.sender_id = _register_entry(services, session, user)
    session.add(submission)
    session.flush()
    package.add_documents(session, submission, whole)
    draft.submission_id, draft.changed_at = submission.id, now
    _receipt(services, session, texts, submission, email)
    audit.note(
        services,
        session,
        user,
        Act.SUBMISSION_RECEIVED,
        ("submission", submission.id),
        {"channel": "upload", "documents": len(whole.files), "kind": draft.kind},
        at=now,
    )
    services.queue.enqueue(session, submission.id)
    return Sent(submission.id, submission.reference, len(whole.files))


def _submission(
    services: "Services",
    session: "Session",
    user: "SignedInUser",
    whole: "Package",
    form: ReferralForm,
    manifest_id: str,
) -> Submission:
    submission_id, key, draft = new_id(), whole.key, whole.draft
    note = form.note
    return Submission(
        id=submission_id,
        reference=unused_reference(session),
        identity=f"upload:{draft.id}",
        channel=Channel.UPLOAD,
        programme=Programme.REFERRALS,
        state=SubmissionState.DOCUMENTS,
        received_at=services.now(),
        data_key_id=key.id,
        raw_blob_id=manifest_id,
        sender_verdict=SenderVerdict.REGISTERED,
        sender_reasons=["signed_in"],
        body_text=seal(key, place("submissions", "body_text", submission_id), note),
        facts=submission_facts.seal_form(key, submission_id, FormFacts(draft.kind, form)),
        item_count=len(whole.files),
        region=user.region,
        priority=form.priority,
        submitted_by=user.id,
        case_id=draft.case_id if draft.kind == DraftKind.ADDITION else None,
    )


def _email_of(services: "Services", session: "Session", user: "SignedInUser") -> str:
    account = users.by_id(session, user.id)
    if account is None:
        raise NotFound
    return address_of(services, session, account)


def _register_entry(services: "Services", session: "Session", user: "SignedInUser") -> str | None:
    account = users.by_id(session, user.id)
    if account is None:
        raise NotFound
    entry = current_entry_of_account(services, session, account)
    return entry.id if entry is not None else None


def _receipt(
    services: "Services",
    session: "Session",
    texts: "MailTexts",
    submission: Submission,
    email: str,
) -> None:
    """Write R1: it says received, how many and until when a person confirms; nothing of what."""
    open_promise = promises.open_promise(services, session, submission)
    if open_promise is not None:
        promise = promises.promise_of(services, session, submission, submission.priority)
        promises.keep_promise(submission, promise)
    text = texts.receipt(
        reference=submission.reference,
        item_count=submission.item_count,
        received_at=submission.received_at,
        confirm_by=promises.open_promise(services, session, submission),
        link=services.settings.link_to_referral(submission.reference),
    )
    to = signed_in(submission, email)
    mail = OutgoingMail(receipt.KIND, f"Receipt {submission.reference}", text)
    receipt.note_receipt(services, session, post.write(services, session, to, mail))
