"""The case of a submission, for officers: note its facts by the reference that they work with."""

from typing import TYPE_CHECKING

from intake import completeness
from intake.finishing import NotFiledYet
from intake.submission_finding import find_submission

if TYPE_CHECKING:
    from intake.accounts import SignedInUser
    from intake.checklists import CaseFacts
    from intake.services import Services


def set_facts_of(
    services: "Services",
    user: "SignedInUser",
    reference: str,
    facts: "CaseFacts",
    *,
    seen: int | None = None,
) -> None:
    """Note the facts of a submission's case.

    Raises NotFound, NotFiledYet, FactsInvalid or ChangedMeanwhile.
    """
    with services.database.transaction() as session:
        case_id = find_submission(services, session, user, reference).case_id
    if case_id is None:
        raise NotFiledYet
    completeness.set_facts(services, user, case_id, facts, seen=seen)
