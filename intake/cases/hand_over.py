"""Hand a case over to another owner; a confirmed case always has one (requirement 44).

The new owner must be able to act in the case's programme. The reason is a code: free text would
have to be sealed and could not be counted. The form carries the owner that it showed, so that two
people do not hand the same case to two others. Items that the former owner has of it go back to
their queues, since who has one reads by it.
"""

from enum import StrEnum
from typing import TYPE_CHECKING

from intake.access import edit_conflicts, programmes
from intake.access.edit_conflicts import ChangedMeanwhile
from intake.accounts.people import assignees
from intake.cases.timeline import HANDED_OVER
from intake.core import audit
from intake.core.errors import FieldsInvalid
from intake.queues import assignment
from intake.queues.colleagues import Colleague, colleagues_of
from storage.accounts import users
from storage.cases import cases
from storage.cases.cases import CaseState

if TYPE_CHECKING:
    from intake.access.opened import OpenedToChange
    from intake.core.services import Services
    from storage.cases.cases import Case
    from storage.database import Session

UNOWNED_STATES = frozenset({CaseState.RECEIVED})


class HandOverReason(StrEnum):
    """Why a case changes hands."""

    ABSENCE = "absence"
    WORKLOAD = "workload"
    NEXT_STEP = "next_step"
    OTHER_SKILLS = "other_skills"
    TOO_CLOSE = "too_close"
    LEAVES_OFFICE = "leaves_office"
    NO_OWNER = "no_owner"


class HandOverInvalid(FieldsInvalid):
    """The new owner or the reason is missing or unknown; `errors` is {field: sentence}."""

    reason = "hand_over_invalid"
    public = "Please choose who takes the case, and why. Nothing was changed."


def hand_over(
    services: "Services",
    opened: "OpenedToChange[Case]",
    *,
    to_id: str,
    reason: str,
    seen_owner_id: str,
    even_if_away: bool = False,
) -> None:
    """Make a colleague, or the user, the owner of a case; nothing changes when they are already.

    `seen_owner_id` is the owner that the form showed, empty for nobody; `even_if_away` says that
    the giver knows that the new one is away. Raises NotFound, CaseMoved, HandOverInvalid,
    AssigneeAway, and ChangedMeanwhile when it has another owner by now.
    """
    with services.database.transaction() as session:
        case = opened.row(services, session)
        errors = _errors(services, session, case, to_id, reason)
        if errors:
            raise HandOverInvalid(errors)
        if case.owner_id == to_id:
            return
        if (case.owner_id or "") != seen_owner_id:
            subject = ("case", case.id)
            raise ChangedMeanwhile(
                edit_conflicts.newest_change(session, subject, edit_conflicts.OWNER)
            )
        assignees.refuse_if_away(services, session, to_id, even_if_away=even_if_away)
        before, case.owner_id = case.owner_id, to_id
        audit.note(
            services,
            session,
            opened.user,
            HANDED_OVER,
            ("case", case.id),
            {"from": before, "to": to_id, "reason": reason},
        )
        if before is not None:
            mails = cases.of_cases(session, [case.id]).get(case.id, [])
            former = users.by_id(session, before)
            assignment.end_for_former_owner(services, session, opened.user, former, mails, case)


def able_owners(services: "Services", session: "Session", case: "Case") -> tuple[Colleague, ...]:
    """Return who may own a case now, by label."""
    rows = users.able(session, programmes.owners_of(case.programme), services.now())
    return colleagues_of(services, session, rows)


def needs_owner(session: "Session", case: "Case", able: tuple[Colleague, ...]) -> bool:
    """Tell whether a case that waits in no queue has no owner who can act.

    Nobody needs to own one that is over or stopped.
    """
    is_owned = any(colleague.id == case.owner_id for colleague in able)
    if case.state in {*cases.OVER, CaseState.WITHDRAWN} or is_owned:
        return False
    return case.state not in UNOWNED_STATES or bool(cases.ended_throughout(session, [case.id]))


def _errors(
    services: "Services", session: "Session", case: "Case", to_id: str, reason: str
) -> dict[str, str]:
    errors = {}
    if all(colleague.id != to_id for colleague in able_owners(services, session, case)):
        errors["to"] = "Choose somebody of the list."
    if reason not in {known.value for known in HandOverReason}:
        errors["why"] = "Choose why it is handed over."
    return errors
