"""Set the facts of a case that its checklist asks about, such as age group and family."""

import json
from dataclasses import asdict
from typing import TYPE_CHECKING

from intake.access import edit_conflicts
from intake.cases.completeness import facts_of, refresh_completeness
from intake.core import audit
from intake.core.errors import IntakeError
from intake.reference_data.checklists import FACT_VALUES, UNKNOWN, CaseFacts, Completeness
from storage.audit_acts import Act
from storage.crypto.sealing import seal
from storage.submissions.submissions import place

if TYPE_CHECKING:
    from intake.access.opened import OpenedToChange
    from intake.core.services import Services
    from storage.cases.cases import Case


class FactsInvalid(IntakeError):
    """A fact has a value that checklists do not know."""

    reason = "facts_invalid"
    public = "Please choose one of the given answers."
    status = 400


def set_facts(
    services: "Services",
    opened: "OpenedToChange[Case]",
    facts: CaseFacts,
    *,
    seen_version: int | None = None,
) -> Completeness | None:
    """Note the facts on which a case's checklist depends, and check the case again.

    Raises FactsInvalid, ChangedMeanwhile, and NotFound for an unknown case or one that the user
    may not act on.
    """
    for fact, value in asdict(facts).items():
        if value != UNKNOWN and value not in FACT_VALUES[fact]:
            raise FactsInvalid
    with services.database.transaction() as session:
        case = opened.row(services, session)
        if facts != facts_of(services, session, case):
            edit_conflicts.refuse_if_changed(
                session, ("case", case.id), edit_conflicts.FACTS, seen_version
            )
        key = services.keyring.open(session, case.data_key_id)
        case.facts = seal(key, place("cases", "facts", case.id), json.dumps(asdict(facts)))
        audit.note(
            services,
            session,
            opened.user,
            Act.CASE_FACTS_NOTED,
            ("case", case.id),
            # The audit trail holds how many facts are known, never which: they tell of health
            # and age.
            {"known": sum(value != UNKNOWN for value in asdict(facts).values())},
        )
        return refresh_completeness(services, session, case.id)
