"""Find a submission by the code that stands on a receipt or in an address.

Whose it is, is asked for each (`rights`).
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from intake.access import rights
from intake.access.visibility import Level
from intake.accounts.roles import programmes_of
from intake.core.errors import IntakeError, NotFound, ReferenceInvalid
from intake.core.references import normalise
from storage.cases import cases
from storage.documents.documents import Document, of_submission
from storage.submissions import submissions

if TYPE_CHECKING:
    from intake.access.visibility import Visibility
    from intake.accounts.accounts import SignedInUser
    from intake.core.services import Services
    from storage.cases.cases import Case
    from storage.database import Session
    from storage.submissions.submissions import Submission


def named_submission(session: "Session", reference: str) -> "Submission":
    """Return a submission by its code. Raises NotFound alike for a malformed and an unknown one."""
    try:
        found = submissions.by_reference(session, normalise(reference))
    except ReferenceInvalid as error:
        raise NotFound from error
    if found is None:
        raise NotFound
    return found


def find_submission(
    services: "Services", session: "Session", user: "SignedInUser", reference: str
) -> "Submission":
    """Return a submission that is a user's to act on, locked to the commit. Raises NotFound."""
    known = named_submission(session, reference)
    submission = submissions.locked(session, known.id)
    if submission is None:
        raise NotFound
    rights.require_to_act(services, session, user, submission)
    return submission


class CaseMoved(IntakeError):
    """The case that an act was meant for stands no more; `reference` is where it went."""

    reason = "case_moved"
    public = "The case was merged into this one meanwhile. Nothing was done. Please look again."
    status = 409

    def __init__(self, reference: str) -> None:
        super().__init__()
        self.reference = reference


def standing_case_reference(services: "Services", user: "SignedInUser", reference: str) -> str:
    """Return the code of the case to which a code leads. Raises NotFound."""
    with services.database.reading() as session:
        return find_case(services, session, user, reference).reference


def find_case(
    services: "Services", session: "Session", user: "SignedInUser", reference: str
) -> "Case":
    """Return the case to which a code leads, merged ones followed, for a reader of it.

    Raises NotFound.
    """
    case = _named_case(session, user, reference)
    rights.require_case(services, session, user, case)
    return case


def find_case_to_act(
    services: "Services", session: "Session", user: "SignedInUser", reference: str
) -> "Case":
    """Return the case to which a code leads, for somebody who acts on it. Raises NotFound."""
    case = _named_case(session, user, reference)
    rights.require_case_to_act(services, session, user, case)
    return case


def find_case_locked(
    services: "Services", session: "Session", user: "SignedInUser", reference: str
) -> "Case":
    """Return the case with exactly this code, to be acted on, locked to the commit.

    Raises NotFound, and CaseMoved when the code leads to another case: what was written for
    one case is not put into another unseen.
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
    """Return the id of a living case to act on, by its code or that of a mail in it.

    `follows` leads from a merged case to where it went. Raises NotFound.
    """
    for programme in programmes_of(user.role):
        for case in cases.named_by(session, [code_of(reference)], [], programme):
            found = cases.resolved(session, case) if follows else case
            if cases.open_key_ids(session, [found.id]):
                rights.require_case_to_act(services, session, user, found)
                return found.id
    raise NotFound


def _named_case(session: "Session", user: "SignedInUser", reference: str) -> "Case":
    code = code_of(reference)
    for programme in programmes_of(user.role):
        for named in cases.named_by(session, [code], [], programme):
            case = cases.resolved(session, named)
            if case.programme == programme and cases.open_key_ids(session, [case.id]):
                return case
    raise NotFound


def code_of(reference: str) -> str:
    """Return a code in its one form. Raises NotFound for what is no code of ours."""
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
