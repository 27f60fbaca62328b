"""Finding a case for an officer: by its own code, or by the code of what was filed to it.

«Not there», «another programme's» and «erased» are the same NotFound. A case that was merged
leads on to the one it went into. Imports storage and its neighbours only.
"""

from typing import TYPE_CHECKING

from intake.access import rights
from intake.accounts.roles import programmes_of
from intake.core.errors import IntakeError, NotFound, ReferenceInvalid
from intake.core.references import normalise
from storage.cases import cases

if TYPE_CHECKING:
    from intake.accounts.accounts import SignedInUser
    from intake.core.services import Services
    from storage.cases.cases import Case
    from storage.database import Session


class CaseMoved(IntakeError):
    """The case that an act was meant for stands no more; `reference` is where it went."""

    reason = "case_moved"
    public = "The case was merged into this one meanwhile. Nothing was done. Please look again."
    status = 409

    def __init__(self, reference: str) -> None:
        super().__init__()
        self.reference = reference


def standing_reference(services: "Services", user: "SignedInUser", reference: str) -> str:
    """Return the code of the case to which a code leads. Raises NotFound."""
    with services.database.reading() as session:
        return find(services, session, user, reference).reference


def find(services: "Services", session: "Session", user: "SignedInUser", reference: str) -> "Case":
    """Return the case to which a code leads, merged ones followed, for a reader of it.

    Raises NotFound.
    """
    case = _named(session, user, reference)
    rights.require_case(services, session, user, case)
    return case


def find_to_act(
    services: "Services", session: "Session", user: "SignedInUser", reference: str
) -> "Case":
    """Return the case to which a code leads, for somebody who acts on it. Raises NotFound."""
    case = _named(session, user, reference)
    rights.require_case_to_act(services, session, user, case)
    return case


def find_locked(
    services: "Services", session: "Session", user: "SignedInUser", reference: str
) -> "Case":
    """Return the case with exactly this code, to be acted on, locked to the commit.

    Raises NotFound, and CaseMoved when the code leads to another case: what was written for
    one case is not put into another unseen.
    """
    found = find_to_act(services, session, user, reference)
    (case,) = cases.locked(session, [found.id])
    standing = cases.resolved(session, case).reference
    if standing != code_of(reference):
        raise CaseMoved(standing)
    return case


def living_id(
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


def _named(session: "Session", user: "SignedInUser", reference: str) -> "Case":
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
