"""Find a submission, a case or a document for a user, with the right that the user needs.

Codes stand on receipts and in addresses of pages. A code that is malformed, one that nobody has
and one that the user may not use raise the same NotFound.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from intake.access import programmes, rights
from intake.access.visibility import Level
from intake.core.errors import IntakeError, NotFound, ReferenceInvalid
from intake.core.references import normalise
from storage.cases import cases
from storage.documents.documents import Document, of_submission
from storage.submissions import submissions
from storage.submissions.drafts import Draft

if TYPE_CHECKING:
    from intake.access.visibility import Visibility
    from intake.accounts.accounts import SignedInUser
    from intake.core.services import Services
    from storage.cases.cases import Case
    from storage.database import Session
    from storage.submissions.submissions import Submission


def named_submission(session: "Session", reference: str) -> "Submission":
    """Return a submission by its code, whoever asks. Raises NotFound."""
    found = submissions.by_reference(session, code_of(reference))
    if found is None:
        raise NotFound
    return found


def find_submission(
    services: "Services", session: "Session", user: "SignedInUser", reference: str
) -> "Submission":
    """Return a submission on which a user may act, locked to the commit. Raises NotFound."""
    known = named_submission(session, reference)
    submission = submissions.locked(session, known.id)
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


def standing_case_reference(services: "Services", user: "SignedInUser", reference: str) -> str:
    """Return the code of the case that a code leads to, merges followed. Raises NotFound."""
    with services.database.reading() as session:
        return find_case(services, session, user, reference).reference


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
    services: "Services", session: "Session", user: "SignedInUser", reference: str
) -> "Case":
    """Return the case with exactly this code, for who may act on it, locked to the commit.

    Raises NotFound, and CaseMoved when the code leads to another case: nobody has looked at the
    case that the act would change.
    """
    found = find_case_to_act(services, session, user, reference)
    (case,) = cases.locked(session, [found.id])
    living = cases.resolved(session, case).reference
    if living != code_of(reference):
        raise CaseMoved(living)
    return case


def living_case_id(
    services: "Services",
    session: "Session",
    user: "SignedInUser",
    reference: str,
    *,
    follows: bool = True,
) -> str:
    """Return the id of a case that is not erased, by its code or that of a submission in it.

    The user must be allowed to act on it. `follows` returns the case into which it was merged,
    if it was. Raises NotFound.
    """
    for programme in programmes.read_by(user):
        for case in cases.named_by(session, [code_of(reference)], [], programme):
            found = cases.resolved(session, case) if follows else case
            if cases.open_key_ids(session, [found.id]):
                rights.require_case_to_act(services, session, user, found)
                return found.id
    raise NotFound


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


def find_own_draft(session: "Session", user: "SignedInUser", draft_id: str) -> Draft:
    """Return a draft that a user began, also one that was sent. Raises NotFound."""
    draft = session.get(Draft, draft_id)
    if draft is None or not is_own_draft(user, draft):
        raise NotFound
    return draft


def is_own_draft(user: "SignedInUser", draft: Draft) -> bool:
    """Tell whether a user began a draft; one of a single-use link is nobody's with an account."""
    return draft.owner_id is not None and draft.owner_id == user.id
