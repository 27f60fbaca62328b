"""Compare a case's facts and document types with its checklist, and note what is missing.

The edition with which a case was first checked is kept with the case (requirement 13), so that a
new list does not change what was asked for; `refresh_completeness(anew=True)` takes today's.
Missing documents never stop a case: they are noted, and reminders ask for them.
"""

import json
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from intake.access import rights
from intake.cases import missing_documents
from intake.cases.consent import hold
from intake.cases.known import children
from intake.core import audit, office_clock
from intake.core.errors import NotFound
from intake.reference_data import editions
from intake.reference_data.checklists import (
    UNKNOWN,
    CaseFacts,
    Checklist,
    Completeness,
    SeenDocument,
    completeness,
    read_items,
)
from storage.audit_acts import Act
from storage.cases import cases
from storage.crypto.sealing import unseal
from storage.documents import document_types, documents
from storage.documents.safe_copies import SHOWN
from storage.editions import EditionKind
from storage.submissions.submissions import Programme, place

if TYPE_CHECKING:
    from intake.accounts.accounts import SignedInUser
    from intake.core.services import Services
    from intake.reference_data.editions import InForce
    from storage.cases.cases import Case
    from storage.database import Session
    from storage.submissions.submissions import Submission

# The age that a checklist reads where nobody noted one, by whether there are children.
AGES = {"yes": "child", "no": "adult"}


def refresh_completeness(
    services: "Services", session: "Session", case_id: str, *, anew: bool = False
) -> Completeness | None:
    """Check a case and note the result on it; None when no checklist is in force.

    Call it in the transaction that changed documents, types or facts. Raises NotFound.
    """
    case = locked_case(session, case_id)
    edition = _edition(services, session, case, anew=anew)
    # What changes the papers may be the consent.
    hold.refresh(services, session, case)
    if edition is None:
        case.checklist_edition_id = None
        _note(services, session, case, is_complete=False, is_missing=False)
        return None
    case.checklist_edition_id = edition.id
    found = _check(services, session, case, edition)
    _note(services, session, case, is_complete=found.is_complete, is_missing=bool(found.missing))
    return found


def completeness_of(services: "Services", session: "Session", case: "Case") -> Completeness | None:
    """Check a case without changing it; None when no checklist is in force."""
    edition = _edition(services, session, case, anew=False)
    return _check(services, session, case, edition) if edition is not None else None


def facts_of(services: "Services", session: "Session", case: "Case") -> CaseFacts:
    """Return the facts of a case; those that nobody noted are unknown."""
    if case.facts is None:
        return CaseFacts()
    key = services.keyring.open(session, case.data_key_id)
    return CaseFacts(**json.loads(unseal(key, place("cases", "facts", case.id), case.facts)))


def next_reminder(services: "Services", session: "Session", case: "Case") -> datetime | None:
    """Return when the next reminder is due, None when nothing is missing or none is left.

    Coordinators are reminded of referrals, once an officer has confirmed what came and so said
    what is missing; nobody is of what is about cash support.
    """
    if case.programme != Programme.REFERRALS:
        return None
    offices = editions.offices(services, session)
    since = case.missing_since_at
    if since is None or missing_documents.is_given_up(session, case):
        return None
    if case.state == cases.CaseState.WITHDRAWN or cases.ended_throughout(session, [case.id]):
        # Nobody is reminded of a stopped case, nor of one for which nothing goes on.
        return None
    confirmed_at = missing_documents.confirmed_at(session, case)
    if confirmed_at is None:
        return None
    since = max(since, confirmed_at)
    days = office_clock.in_force(offices, since).reminder_days
    if case.reminders_sent >= len(days):
        return None
    return office_clock.working_days_after(offices, since, days[case.reminders_sent])


def submissions_of(session: "Session", case: "Case") -> list["Submission"]:
    """Return the submissions filed to a case, the newest first."""
    return cases.of_cases(session, [case.id]).get(case.id, [])


def _note(
    services: "Services", session: "Session", case: "Case", *, is_complete: bool, is_missing: bool
) -> None:
    now = services.now()
    was = (case.complete_at is not None, case.missing_since_at is not None)
    case.complete_at = (case.complete_at or now) if is_complete else None
    if not is_missing:
        case.missing_since_at = None
    elif case.missing_since_at is None or missing_documents.wrote_since(
        session, case, case.missing_since_at
    ):
        # Somebody wrote, so the days are counted anew for what is still missing.
        case.missing_since_at = now
    case.next_reminder_at = next_reminder(services, session, case)
    missing_documents.update_item(services, session, case, is_missing=is_missing)
    if was != (is_complete, is_missing):
        audit.note(
            services,
            session,
            "system:intake",
            Act.CASE_CHECKED,
            ("case", case.id),
            {
                "edition": case.checklist_edition_id,
                "is_complete": is_complete,
                "is_missing": is_missing,
            },
            at=now,
        )
    session.flush()


def _check(
    services: "Services", session: "Session", case: "Case", edition: "InForce"
) -> Completeness:
    checklist = Checklist(edition.id, edition.number, read_items(edition.content))
    facts = facts_of(services, session, case)
    if facts.age == UNKNOWN:
        said = children.has_children(services, session, submissions_of(session, case))
        facts = replace(facts, age=AGES.get(said, UNKNOWN))
    return completeness(checklist, facts, _documents_of(session, case))


def _documents_of(session: "Session", case: "Case") -> list[SeenDocument]:
    """Return the types of the case's documents, those left out that staff cannot see."""
    shown = [
        document.id
        for submission in submissions_of(session, case)
        for document in documents.of_submission(session, submission.id)
        if document.state in SHOWN
    ]
    return [
        SeenDocument(row.document_type, row.decided_at is not None)
        for row in document_types.of_documents(session, shown)
    ]


def _edition(
    services: "Services", session: "Session", case: "Case", *, anew: bool
) -> "InForce | None":
    known = None if anew else case.checklist_edition_id
    kept = editions.by_id(session, known) if known is not None else None
    if kept is not None:
        return kept
    today = office_clock.office_day(services.offices, services.now())
    return editions.in_force(session, EditionKind.CHECKLIST, case.programme, today)


def locked_case(session: "Session", case_id: str) -> "Case":
    found = cases.locked(session, [case_id])
    if not found:
        raise NotFound
    return found[0]


def as_known(user: "SignedInUser", found: "Completeness | None") -> "Completeness | None":
    """Return a result without the document types of which the user may not even see the flag.

    See the matrix in `intake.access.compartments`: a dash there hides a type, a flag does not.
    """
    if found is None:
        return None

    def knows(code: str) -> bool:
        return rights.knows_type(user, code)

    return replace(
        found,
        missing=tuple(item for item in found.missing if knows(item.type)),
        present=tuple(each for each in found.present if knows(each.item.type)),
        unclear=tuple(item for item in found.unclear if knows(item.type)),
        if_children=tuple(item for item in found.if_children if knows(item.type)),
        unwanted=tuple(code for code in found.unwanted if knows(code)),
    )
