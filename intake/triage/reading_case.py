"""The case of a submission, for officers: note its facts by the reference that they work with."""

from typing import TYPE_CHECKING

from intake.access.find import find_submission
from intake.cases import completeness
from intake.triage.decisions import NotFiledYet

if TYPE_CHECKING:
    from intake.accounts.accounts import SignedInUser
    from intake.core.services import Services
    from intake.reference_data.checklists import CaseFacts


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
