"""Preview and sign R2, a named officer's written confirmation of what came and in what state.

The text follows from the state; the officer adds the next step and a remark, sees the whole paper,
and signs exactly that. Signing confirms the submission, stores the signed PDF and writes the mail
or the task to call. A form carries the id of its paper, so that a form that is sent twice signs
once. A newer paper does not replace the older. The portal's policy says which roles may do this.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from intake.access import edit_conflicts, rights
from intake.accounts.people import names
from intake.accounts.people.names import AccountWords
from intake.cases import withdrawal
from intake.cases.consent import hold
from intake.confirmations import facts, mail, signed_papers
from intake.confirmations.content import ChecklistResult, Paper, Promise, digest_of
from intake.confirmations.drafts import ConfirmationDraft, suggested_draft
from intake.confirmations.wording import Block, blocks
from intake.core import audit
from intake.core.errors import Conflict, IntakeError
from intake.correspondence import free_text
from intake.correspondence.checked_words import ServiceWords, TextRefused
from intake.triage import decisions, read_first
from intake.triage.decisions import NotFiledYet
from intake.triage.issued_papers import IssuedView, issued_of
from intake.triage.undoing import offers
from intake.triage.undoing.offers import Offer
from storage import audit as audit_trail
from storage.audit_acts import Act
from storage.cases import cases, confirmations
from storage.cases.confirmations import Confirmation, PaperKind
from storage.documents import documents
from storage.submissions import queue_items
from storage.submissions.submissions import SubmissionState

if TYPE_CHECKING:
    from intake.access.opened import OpenedToChange
    from intake.accounts.accounts import SignedInUser
    from intake.core.services import Services
    from intake.correspondence.checked_words import WordsForService
    from intake.correspondence.free_text import Finding
    from intake.outbox.mail_texts import MailTexts
    from intake.reference_data.document_types import Taxonomy
    from storage.database import Session
    from storage.mail.outbox import OutboxMessage
    from storage.submissions.submissions import Submission

# A function that checks a user's own words about a submission, which its sender reads inside.
CheckWords = Callable[["Session", "SignedInUser", "Submission", str], "WordsForService"]
# A function that returns what the checklist says, for a reader or, without one, for the paper.
FindMissing = Callable[["Session", "Submission", "SignedInUser | None"], ChecklistResult | None]


class WordsRefused(IntakeError):
    """The added words must be changed, or confirmed first."""

    reason = "text_refused"
    public = "Please look at what is marked. Nothing was signed."
    status = 400


class PaperChanged(IntakeError):
    """The paper that would be signed differs from the one that was shown."""

    reason = "paper_changed"
    public = "The confirmation has changed since it was shown. Please look at it again."
    status = 409


class SignedMeanwhile(Conflict):
    """A colleague signed a confirmation while this one was being signed."""

    reason = "signed_meanwhile"
    public = (
        "A colleague has signed a confirmation of this just now, and nothing of yours was signed. "
        "Look at theirs under “Signed documents”. If yours is still needed, it is the next one: "
        "look at it again, then sign."
    )


@dataclass(frozen=True)
class ConfirmationTools:
    """What signing uses: services, document types, two functions, and the text of the mail."""

    services: "Services"
    taxonomies: "tuple[Taxonomy, ...]"
    check_words: CheckWords
    find_missing: FindMissing
    texts: "MailTexts"


@dataclass(frozen=True)
class ConfirmationApproval:
    """What the form carries beside the draft: the paper's id, and the digest of what was shown.

    `is_read` tells that the officer has read the findings. `seen_version` says from when
    the form is.
    """

    paper_id: str
    shown: str
    is_read: bool
    seen_version: int | None = None


@dataclass(frozen=True)
class ConfirmationPreview:
    """A paper as it would be signed, with what its officer sees of it.

    `blocks` leave out what is closed to them, and so does `digest`, a hash of the blocks: it stands
    in the page, and one of the whole paper would prove a guess at a closed day. `deputy` is whom
    the officer's account names, and `words` are the officer's own, as they were checked:
    {field: words}.
    """

    paper: Paper
    blocks: tuple[Block, ...]
    digest: str
    deputy: AccountWords
    words: "dict[str, WordsForService]" = field(default_factory=dict)

    @property
    def findings(self) -> "dict[str, tuple[Finding, ...]]":
        """Return what was found in the officer's words: {field: findings}."""
        return {name: each.findings for name, each in self.words.items()}

    @property
    def must_change(self) -> bool:
        """Tell whether the officer's words must be changed before they can be signed."""
        return any(map(free_text.must_change, self.findings.values()))


@dataclass(frozen=True)
class ConfirmPage:
    """What the page shows: the papers that were signed, and whether another can be.

    `not_ready` is the sentence that says why not, or empty. `untold` is the code of why the sender
    would be called instead of mailed, or None. The forms of the page carry `version`. `offer` is
    what the officer can take back. `letter` is what must be read of an emergency first, else "".
    """

    reference: str
    issued: tuple[IssuedView, ...]
    not_ready: str
    untold: str | None
    suggested: ConfirmationDraft
    version: int
    offer: Offer
    letter: str = field(default="", repr=False)


def open_confirm_page(
    office: ConfirmationTools, opened: "OpenedToChange[Submission]"
) -> ConfirmPage:
    """Open the page of a submission, with one audit event. Raises NotFound or LetterUnread."""
    services = office.services
    with services.database.transaction() as session:
        version = edit_conflicts.version_now(session)
        submission = opened.row(services, session)
        read_first.require_letter_read(services, session, opened.user, submission)
        key = services.keyring.open(session, submission.data_key_id)
        audit.note(
            services, session, opened.user, Act.CONFIRMATION_DRAFTED, ("submission", submission.id)
        )
        return ConfirmPage(
            reference=submission.reference,
            issued=issued_of(session, submission),
            not_ready=_not_ready(session, submission),
            untold=mail.refusal_of_confirmation(services, session, submission, key),
            suggested=suggested_draft(
                services,
                office.find_missing(session, submission, None),
                names.contact_of(services, session, opened.user.id).deputy,
                facts.legal_days(services, session, opened.user, submission),
            ),
            version=version,
            offer=offers.offer(
                services,
                session,
                opened.user,
                submission,
                audit_trail.of_subject(session, "submission", submission.id),
            ),
            letter=read_first.letter_of(services, session, opened.user, submission),
        )


def preview_confirmation(
    office: ConfirmationTools, opened: "OpenedToChange[Submission]", draft: ConfirmationDraft
) -> ConfirmationPreview:
    """Return exactly what would be signed. Raises NotFound, NotFiledYet or LetterUnread."""
    with office.services.database.transaction() as session:
        submission = opened.row(office.services, session)
        return _preview(office, session, opened.user, submission, draft)


def sign_confirmation(
    office: ConfirmationTools,
    opened: "OpenedToChange[Submission]",
    draft: ConfirmationDraft,
    consent: ConfirmationApproval,
) -> str:
    """Sign what was shown, confirm the submission, tell the sender; return the paper's id.

    The same form again returns the same paper. Raises NotFound, NotFiledYet, LetterUnread,
    WordsRefused, PaperChanged, PaperFontMissing, ChangedMeanwhile when somebody signed one since
    the form was made, SignedMeanwhile when they did in this very moment, and Conflict when it is
    in no queue from which it can be confirmed.
    """
    services = office.services
    with services.database.transaction() as session:
        submission = opened.row(services, session)
        if _is_issued(session, consent.paper_id, submission):
            return consent.paper_id
        subject, seen = ("submission", submission.id), consent.seen_version
        edit_conflicts.refuse_if_changed(session, subject, edit_conflicts.PAPER, seen)
        ready = _preview(office, session, opened.user, submission, draft)
        key = services.keyring.open(session, submission.data_key_id)
        if _not_ready(session, submission):
            raise Conflict
    words = _passed(ready, is_read=consent.is_read)
    if ready.digest != consent.shown:
        raise PaperChanged
    signed = signed_papers.make_paper(services, key, ready.paper, words)
    with services.database.transaction() as session:
        submission = opened.row(services, session)
        if _is_issued(session, consent.paper_id, submission):
            return consent.paper_id
        edit_conflicts.refuse_if_changed(session, subject, edit_conflicts.PAPER, seen)
        if submission.state == SubmissionState.QUEUED:
            decisions.confirm_locked(services, session, opened.user, submission)
        if submission.state != SubmissionState.CONFIRMED:
            raise Conflict
        submission.closed_without = None
        _refuse_another(office, session, opened.user, submission, draft, ready.paper)
        row = signed_papers.store_paper(
            services, session, submission, key, ready.paper, signed,
            paper_id=consent.paper_id, user_id=opened.user.id,
        )  # fmt: skip
        written = mail.write_confirmation_mail(
            services, session, office.texts, submission, key, number=row.number
        )
        detail = _detail(row, ready, written)
        audit.note(services, session, opened.user, Act.CONFIRMATION_SIGNED, subject, detail)
    return consent.paper_id


def _refuse_another(
    office: ConfirmationTools,
    session: "Session",
    user: "SignedInUser",
    submission: "Submission",
    draft: ConfirmationDraft,
    paper: Paper,
) -> None:
    """Raise SignedMeanwhile when a colleague's paper took the number, PaperChanged for all else.

    The submission is locked.
    """
    if confirmations.next_number(session, submission.id, PaperKind.CONFIRMATION) != paper.number:
        raise SignedMeanwhile
    if _preview(office, session, user, submission, draft).paper != paper:
        raise PaperChanged


def _passed(
    ready: ConfirmationPreview, *, is_read: bool
) -> tuple[ServiceWords | AccountWords, ...]:
    """Return the officer's words and those of their account, vouched for. Raises WordsRefused."""
    try:
        own = [each.passed(is_read=is_read) for each in ready.words.values()]
    except TextRefused as error:
        raise WordsRefused from error
    return (ready.deputy, *own)


def _is_issued(session: "Session", paper_id: str, submission: "Submission") -> bool:
    row = session.get(Confirmation, paper_id)
    if row is not None and row.submission_id != submission.id:
        raise Conflict
    return row is not None


def _preview(
    office: ConfirmationTools,
    session: "Session",
    user: "SignedInUser",
    submission: "Submission",
    draft: ConfirmationDraft,
) -> ConfirmationPreview:
    if submission.case_id is None:
        raise NotFiledYet
    services = office.services
    read_first.require_letter_read(services, session, user, submission)
    contact = names.contact_of(services, session, user.id)
    paper = facts.confirmation_of(
        services,
        session,
        submission,
        services.keyring.open(session, submission.data_key_id),
        office.taxonomies,
        office.find_missing(session, submission, None),
        Promise(
            officer=contact.name,
            direct_line=contact.direct_line,
            role=user.role,
            deputy=draft.deputy or contact.deputy,
            next_step=draft.next_step,
            next_step_on=draft.next_step_on,
            remark=draft.remark,
        ),
    )
    # The deputy whom the account names is ours to print; other words in that field are checked.
    deputy = draft.deputy if draft.deputy != contact.deputy else ""
    words = {"next_step": draft.next_step, "deputy": deputy, "remark": draft.remark}
    checked = {
        name: office.check_words(session, user, submission, text)
        for name, text in words.items()
        if text
    }
    shown = blocks(_as_seen(office, session, user, submission, paper))
    return ConfirmationPreview(paper, shown, _digest_of_shown(shown), contact.deputy, checked)


def _digest_of_shown(shown: tuple[Block, ...]) -> str:
    parts = [[block.style, block.text, block.language] for block in shown]
    return digest_of(json.dumps(parts).encode())


def _as_seen(
    office: ConfirmationTools,
    session: "Session",
    user: "SignedInUser",
    submission: "Submission",
    paper: Paper,
) -> Paper:
    """Return the paper without what is closed to the officer who signs.

    The paper itself holds it, because its sender knows it; the officer's page does not.
    """
    services = office.services
    relationship = rights.relationship_to(services, session, user, submission)
    rows = documents.of_submission(session, submission.id)
    visibilities = rights.visibilities(session, relationship, rows)
    key = services.keyring.open(session, submission.data_key_id)
    seen = facts.as_seen(session, submission, key, paper, visibilities)
    return replace(seen, checked=office.find_missing(session, submission, user))


def _not_ready(session: "Session", submission: "Submission") -> str:
    if submission.case_id is None:
        return NotFiledYet.public
    if cases.has_person_withdrawn(session, submission.case_id):
        return withdrawal.PersonWithdrew.public
    if hold.is_held(session, submission):
        return (
            "It waits for the person's consent. When that is noted or its paper is confirmed, this "
            "can be confirmed. Where a life depends on it, ask on the page of its case to act "
            "without."
        )
    is_open = submission.state in {SubmissionState.QUEUED, SubmissionState.CONFIRMED}
    if not is_open or queue_items.is_on_hold(session, submission.id):
        return "It waits elsewhere. End its hold first; then it can be confirmed."
    return ""


def _detail(
    row: Confirmation, ready: ConfirmationPreview, written: "OutboxMessage"
) -> dict[str, object]:
    """Return what the audit trail holds of a signed confirmation: codes and numbers.

    By `message` the mail that tells of the paper is found when the paper is taken back.
    """
    return {
        "paper": row.id,
        "kind": PaperKind.CONFIRMATION,
        "number": row.number,
        "files": len(ready.paper.counted),
        "not_readable": len(ready.paper.excepted),
        "findings_read": sum(map(len, ready.findings.values())),
        "mail": written.reason or "written",
        "message": written.id,
    }
