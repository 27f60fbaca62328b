"""Refiling: file a submission as said, after taking back how a colleague filed it.

Two acts in a row, each audited as itself: first hers is undone, which is refused once something
left the house because of it, then the submission is filed. The case is looked up before, so that
a slip of the pen does not leave the submission between the two.
"""

from typing import TYPE_CHECKING

from intake import case_acts, case_finding

if TYPE_CHECKING:
    from intake.accounts import SignedInUser
    from intake.services import Services


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

    Raises what `case_acts.accept` and `case_acts.undo` raise.
    """
    if instead_of:
        case_finding.standing_reference(services, user, case_reference)
        case_acts.undo(services, user, instead_of)
    return case_acts.accept(services, user, reference, case_reference, with_sender=with_sender)


def open_case(
    services: "Services",
    user: "SignedInUser",
    reference: str,
    *,
    with_sender: bool = False,
    instead_of: str | None = None,
) -> str:
    """Make a new case of a submission, undoing an act first when one is named; return the act's id.

    Raises what `case_acts.open_case` and `case_acts.undo` raise.
    """
    if instead_of:
        case_acts.undo(services, user, instead_of)
    return case_acts.open_case(services, user, reference, with_sender=with_sender)
