"""Find a submission, a case or a document for a user, with the right that the user needs.

Codes stand on receipts and in addresses of pages. A code that is malformed, one that nobody has
and one that the user may not use raise the same NotFound.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from intake.access import programmes, rights
from intake.access.visibility import Level
from intake.core.errors import Conflict, IntakeError, NotFound, ReferenceInvalid
from intake.core.references import normalise
from storage.accounts import users
from storage.cases import cases, filing_acts
from storage.cases.cases import CaseState
from storage.cases.filing_acts import MAKING_A_CASE, FilingAct
from storage.documents.documents import Document, of_submission
from storage.submissions import submissions

if TYPE_CHECKING:
    from intake.access.visibility import Visibility
    from intake.accounts.accounts import SignedInUser
    from intake.core.services import Services
    from storage.cases.cases import Case
    from storage.database import Session
    from storage.submissions.submissions import Submission


class HasOwner(Conflict):
    """A case was to be given to somebody, and has an owner who can act, or needs none."""

    reason = "has_owner"
    public = "Somebody has it by now, or it is over. The list shows those that still need an owner."


def named_submission(session: "Session", reference: str) -> "Submission":
    """Return a submission by its code, whoever asks. Raises NotFound."""
    found = submissions.by_reference(session, code_of(reference))
    if found is None:
        raise NotFound
    return found


def submission_to_read(
    services: "Services", session: "Session", user: "SignedInUser", reference: str
) -> "Submission":
    """Return a submission that a user may read. Raises NotFound."""
    found = named_submission(session, reference)
    rights.require(services, session, user, found)
    return found


def submission_to_act(
    services: "Services", session: "Session", user: "SignedInUser", reference: str
) -> "Submission":
    """Return a submission on which a user may act, not locked. Raises NotFound and OnlyToRead."""
    found = named_submission(session, reference)
    rights.require_to_act(services, session, user, found)
    return found


def find_submission(
    services: "Services", session: "Session", user: "SignedInUser", reference: str
) -> "Submission":
    """Return a submission on which a user may act, locked to the commit. Raises NotFound."""
    known = named_submission(session, reference)
    submission = cases.locked_submission(session, known.id)
    if submission is None:
        raise NotFound
    rights.require_to_act(services, session, user, submission)
    return submission


class CaseMoved(IntakeError):
    """The case of an act was merged into another meanwhile; `reference` is that of the other."""

    reason = "case_moved"
    public = "The case was merged into this one meanwhile. Nothing was done. Please look again."
    status = 409

    def __init__(self, reference: str) -> None:
        super().__init__()
        self.reference = reference


class CaseOver(CaseMoved):
    """The case of an act is over, so nothing is written into it; `reference` is its own."""

    reason = "case_over"
    public = (
        "This case is closed, so nothing was changed. Open it again, or what came in for it, if "
        "something is to be done."
    )


def find_case(
    services: "Services", session: "Session", user: "SignedInUser", reference: str
) -> "Case":
    """Return the case that a code leads to, merges followed, for who may read it.

    Raises NotFound.
    """
    case = _named_case(session, user, reference)
    rights.require_case(services, session, user, case)
    return case


def find_case_to_act(
    services: "Services", session: "Session", user: "SignedInUser", reference: str
) -> "Case":
    """Return the case that a code leads to, for who may act on it. Raises NotFound."""
    case = _named_case(session, user, reference)
    rights.require_case_to_act(services, session, user, case)
    return case


def find_case_locked(
    services: "Services",
    session: "Session",
    user: "SignedInUser",
    reference: str,
    *,
    even_if_over: bool = False,
) -> "Case":
    """Return the case with exactly this code, for who may act on it, locked to the commit.

    Raises NotFound, CaseMoved when the code leads to another case: nobody has looked at the case
    that the act would change; and CaseOver for one that is over.
    """
    found = find_case_to_act(services, session, user, reference)
    (case,) = cases.locked(session, [found.id])
    living = cases.resolved(session, case).reference
    if living != code_of(reference):
        raise CaseMoved(living)
    if case.state in cases.OVER and not even_if_over:
        raise CaseOver(living)
    return case


def living_case(
    services: "Services",
    session: "Session",
    user: "SignedInUser",
    reference: str,
    *,
    follows: bool = True,
) -> "Case":
    """Return a case that is not erased, by its code or that of a submission in it.

    The user must be allowed to act on it. `follows` returns the case into which it was merged,
    if it was. Raises NotFound.
    """
    for programme in programmes.read_by(user):
        for case in cases.named_by(session, [code_of(reference)], [], programme):
            found = cases.resolved(session, case) if follows else case
            if cases.open_key_ids(session, [found.id]):
                rights.require_case_to_act(services, session, user, found)
                return found
    raise NotFound


@dataclass(frozen=True)
class CaseOrSubmission:
    """A case, or a submission that is in none."""

    case: "Case | None"
    submission: "Submission | None"

    @property
    def row(self) -> "Case | Submission":
        """Return the one that it is."""
        found = self.case or self.submission
        if found is None:
            raise NotFound
        return found

    @property
    def subject(self) -> tuple[str, str]:
        """Return the subject of audit events about it, as (type, id)."""
        return ("case" if self.case is not None else "submission", self.row.id)


def case_or_submission(
    services: "Services", session: "Session", user: "SignedInUser", reference: str
) -> CaseOrSubmission:
    """Return the case of a code, or the submission that has none, for who may act on it.

    Raises NotFound, and OnlyToRead for what was opened with a reason.
    """
    try:
        return CaseOrSubmission(find_case_to_act(services, session, user, reference), None)
    except NotFound:
        found = submission_to_act(services, session, user, reference)
        return CaseOrSubmission(None, found)


def case_without_owner(
    services: "Services", session: "Session", user: "SignedInUser", reference: str
) -> "Case":
    """Return a case that no account that can act owns, locked, for who sees to that.

    Raises NotFound, and HasOwner for a case that needs none.
    """
    case = cases.by_reference(session, code_of(reference))
    if case is None or case.programme not in rights.hands_over_in(user):
        raise NotFound
    (locked,) = cases.locked(session, [case.id])
    roles = programmes.owners_of(locked.programme)
    able = {row.id for row in users.able(session, roles, services.now())}
    needs_nobody = {*cases.OVER, CaseState.WITHDRAWN}
    is_over = locked.state in needs_nobody or locked.merged_into is not None
    is_new = locked.state == CaseState.RECEIVED and locked.owner_id is None
    waits = is_new and not cases.ended_throughout(session, [locked.id])
    if is_over or waits or locked.owner_id in able:
        raise HasOwner
    return locked


def filing_acts_to_undo(
    services: "Services", session: "Session", user: "SignedInUser", act_id: str
) -> list[FilingAct]:
    """Return one act of filing, or all of a merge by its batch or any of its acts.

    Undoing changes the cases too, so the user must be allowed to act on each, as whoever files into
    one. Raises NotFound and OnlyToRead.
    """
    act = filing_acts.by_id(session, act_id)
    acts = filing_acts.of_batch(session, act.batch if act is not None else act_id)
    if not acts:
        raise NotFound
    for each in {act.submission_id for act in acts}:
        submission = submissions.by_id(session, each)
        if submission is None:
            raise NotFound
        rights.require_to_act(services, session, user, submission)
    for act in acts:
        for case_id in filter(None, (act.from_case_id, act.to_case_id)):
            case = cases.by_id(session, case_id)
            if case is None:
                raise NotFound
            if not _is_only_of(act, case):
                rights.require_case_to_act(services, session, user, case)
    return sorted(acts, key=lambda each: each.submission_id)


def may_undo_filing(
    services: "Services", session: "Session", user: "SignedInUser", act_id: str
) -> bool:
    """Tell whether a user may act on all that undoing an act of filing changes."""
    try:
        filing_acts_to_undo(services, session, user, act_id)
    except (NotFound, rights.OnlyToRead):
        return False
    return True


def _is_only_of(act: FilingAct, case: "Case") -> bool:
    """Tell whether a case was made for the act's submission and nobody has taken it since.

    Whoever has the submission alone may make such a case, and so may take that back.
    """
    return act.to_case_id == case.id and act.act in MAKING_A_CASE and case.owner_id is None


def _named_case(session: "Session", user: "SignedInUser", reference: str) -> "Case":
    code = code_of(reference)
    for programme in programmes.read_by(user):
        for named in cases.named_by(session, [code], [], programme):
            case = cases.resolved(session, named)
            if case.programme == programme and cases.open_key_ids(session, [case.id]):
                return case
    raise NotFound


def code_of(reference: str) -> str:
    """Return a code in its written form. Raises NotFound for a malformed one."""
    try:
        return normalise(reference)
    except ReferenceInvalid as error:
        raise NotFound from error


@dataclass(frozen=True)
class VisibleDocument:
    """A document that somebody sees something of; `visibilities` are of all that came with it."""

    document: Document
    submission: "Submission"
    visibilities: "dict[str, Visibility]"

    @property
    def visibility(self) -> "Visibility":
        """Return what is seen of the document itself."""
        return self.visibilities[self.document.id]


def find_document(
    services: "Services", session: "Session", user: "SignedInUser", document_id: str
) -> VisibleDocument:
    """Return a document with what a person sees of it.

    Raises NotFound when that is nothing at all, as for one that is not there.
    """
    document = session.get(Document, document_id)
    submission = submissions.by_id(session, document.submission_id) if document else None
    if document is None or submission is None:
        raise NotFound
    relationship = rights.relationship_to(services, session, user, submission)
    if not (relationship.reads or relationship.is_alone):
        raise NotFound
    visibilities = rights.visibilities(session, relationship, of_submission(session, submission.id))
    if visibilities[document_id].level is Level.NONE:
        raise NotFound
    return VisibleDocument(document, submission, visibilities)
