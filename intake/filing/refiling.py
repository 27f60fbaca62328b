"""Refiling: file a submission as said, after taking back how a colleague filed it.

Two acts in a row, each audited as itself: first hers is undone, which is refused once something
left the house because of it, then the submission is filed. The case is looked up before, so that
a slip of the pen does not leave the submission between the two.
"""

from typing import TYPE_CHECKING

from intake.access import case_finding
from intake.filing import case_actions

if TYPE_CHECKING:
    from intake.accounts.accounts import SignedInUser
    from intake.core.services import Services


def accept(
    services: "Services",
    user: "SignedInUser",
    reference: str,
    case_reference: str,
    *,
    with_sender: bool = False,
    instead_of: str | None = None,
) -> str:
    """File a submission to a case, undoing an act first when one is named; return the act's id.

    Raises what `case_actions.accept` and `case_actions.undo` raise.
    """
    if instead_of:
        case_finding.standing_reference(services, user, case_reference)
        case_actions.undo(services, user, instead_of)
    return case_actions.accept(services, user, reference, case_reference, with_sender=with_sender)


def open_case(
    services: "Services",
    user: "SignedInUser",
    reference: str,
    *,
    with_sender: bool = False,
    instead_of: str | None = None,
) -> str:
    """Make a new case of a submission, undoing an act first when one is named; return the act's id.

    Raises what `case_actions.open_case` and `case_actions.undo` raise.
    """
    if instead_of:
        case_actions.undo(services, user, instead_of)
    return case_actions.open_case(services, user, reference, with_sender=with_sender)
