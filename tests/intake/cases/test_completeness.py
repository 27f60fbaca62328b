"""Check completeness of a case.

Noted on it, with the edition that was used, and never in the way.
"""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from intake.access import gate
from intake.accounts.accounts import SignedInUser
from intake.cases import completeness
from intake.cases.facts import FactsInvalid, set_facts
from intake.core.errors import NotFound
from intake.core.services import Services
from intake.reference_data import editions
from intake.reference_data.checklists import CaseFacts
from intake.reference_data.edition_drafts import EditionDraft
from storage.cases.cases import Case
from storage.documents import documents
from storage.editions import EditionKind
from tests.support.building import Clock
from tests.support.people import plant_user
from tests.support.waiting import ADULT, NEEDED, seed_waiting

SHIPPED = "shipped-referrals-2026-01-01"


@pytest.fixture
def officer(sqlite_services: Services) -> SignedInUser:
    """Give an intake officer."""
    return plant_user(sqlite_services)


def approve(services: Services, officer: SignedInUser, *types: str) -> str:
    wording = {"sv": "Handling", "en": "Document"}
    items = [{"type": one, "requirement": "mandatory", "wording": wording} for one in types]
    proposal = EditionDraft(
        kind=EditionKind.CHECKLIST,
        code="referrals",
        language="",
        valid_from=date(2026, 11, 1),
        valid_to=None,
        content={"source": "A test", "items": items},
        note="A shorter list for a test.",
    )
    edition_id = editions.propose_edition(services, officer, proposal)
    editions.approve_edition(services, plant_user(services, "Manager 1", "MGR"), edition_id)
    return edition_id


def test_what_is_missing_is_noted_with_its_edition_and_the_first_reminder(
    sqlite_services: Services, officer: SignedInUser, clock: Clock
) -> None:
    waiting = seed_waiting(sqlite_services, *NEEDED[:-1])

    found = waiting.know(officer)

    case = waiting.case()
    assert found is not None
    assert [item.type for item in found.missing] == ["ID-PASS"]
    assert (case.checklist_edition_id, case.complete_at) == (SHIPPED, None)
    assert case.missing_since_at == clock.now()
    # Nobody is reminded before an officer has confirmed what came.
    assert case.next_reminder_at is None
    waiting.confirm()
    # A Tuesday and three working days, at opening: 27 November, 8:00 in Helsinki.
    assert str(waiting.case().next_reminder_at) == "2026-11-27 06:00:00+00:00"


def test_a_complete_case_is_noted_so(
    sqlite_services: Services, officer: SignedInUser, clock: Clock
) -> None:
    waiting = seed_waiting(sqlite_services, *NEEDED)

    waiting.know(officer)

    case = waiting.case()
    assert (case.complete_at, case.missing_since_at) == (clock.now(), None)
    assert case.next_reminder_at is None


def test_suggested_documents_neither_complete_nor_remind(
    sqlite_services: Services, officer: SignedInUser
) -> None:
    waiting = seed_waiting(sqlite_services, *NEEDED, confirmed=False)

    found = waiting.know(officer)

    case = waiting.case()
    assert found is not None
    assert found.seems_complete
    assert (case.complete_at, case.missing_since_at, case.next_reminder_at) == (None, None, None)


def test_documents_of_all_submissions_of_the_case_count(
    sqlite_services: Services, officer: SignedInUser
) -> None:
    waiting = seed_waiting(sqlite_services, *NEEDED[:4])
    waiting.arrive(*NEEDED[4:])

    found = waiting.know(officer)

    assert found is not None
    assert found.is_complete


@pytest.mark.parametrize("state", ["HELD", "INFECTED", "LOCKED", "UNREADABLE", "REJECTED"])
def test_a_document_that_nobody_may_see_is_not_there(
    sqlite_services: Services, officer: SignedInUser, state: str
) -> None:
    waiting = seed_waiting(sqlite_services, *NEEDED)
    with sqlite_services.database.transaction() as session:
        documents.of_submission(session, waiting.submission_id)[0].state = state

    found = waiting.know(officer)

    assert found is not None
    assert [item.type for item in found.missing] == ["REF-FORM"]


def test_a_new_list_does_not_change_what_was_asked_for(
    sqlite_services: Services, officer: SignedInUser
) -> None:
    waiting = seed_waiting(sqlite_services, "REF-FORM")
    waiting.know(officer)
    edition_id = approve(sqlite_services, officer, "REF-FORM")

    kept, anew = waiting.refresh(), waiting.refresh(anew=True)

    assert kept is not None
    assert anew is not None
    assert (kept.edition_id, kept.is_complete) == (SHIPPED, False)
    assert (anew.edition_id, anew.is_complete, anew.edition_number) == (edition_id, True, 1)
    assert waiting.case().checklist_edition_id == edition_id


def test_without_a_rule_in_force_nothing_is_claimed(
    sqlite_services: Services, clock: Clock
) -> None:
    clock.advance(-timedelta(days=400))
    waiting = seed_waiting(sqlite_services, *NEEDED)

    assert waiting.refresh() is None
    case = waiting.case()
    assert (case.checklist_edition_id, case.complete_at, case.missing_since_at) == (None,) * 3


def test_checking_again_changes_and_audits_nothing(
    sqlite_services: Services, officer: SignedInUser, clock: Clock
) -> None:
    waiting = seed_waiting(sqlite_services, "REF-FORM")
    waiting.know(officer)
    since = waiting.case().missing_since_at
    clock.advance(timedelta(hours=5))

    waiting.refresh()

    assert waiting.case().missing_since_at == since
    assert len(waiting.events(("case", waiting.case_id), "case.checked")) == 1


def test_case_with_an_undone_document_is_incomplete_again(
    sqlite_services: Services, officer: SignedInUser
) -> None:
    waiting = seed_waiting(sqlite_services, *NEEDED)
    waiting.know(officer)
    with sqlite_services.database.transaction() as session:
        documents.of_submission(session, waiting.submission_id)[0].state = "REJECTED"

    waiting.refresh()

    case = waiting.case()
    assert case.complete_at is None
    assert case.missing_since_at is not None


def test_looking_changes_nothing(sqlite_services: Services) -> None:
    waiting = seed_waiting(sqlite_services, "REF-FORM")

    with sqlite_services.database.reading() as session:
        found = completeness.completeness_of(
            sqlite_services, session, session.get_one(Case, waiting.case_id)
        )

    assert found is not None
    assert (len(found.missing), len(found.if_children)) == (7, 2)
    assert waiting.case().checklist_edition_id is None


def test_facts_are_sealed_and_the_trail_does_not_name_them(
    sqlite_services: Services, officer: SignedInUser
) -> None:
    waiting = seed_waiting(sqlite_services)
    facts = replace(ADULT, health="yes", family="unknown")

    waiting.know(officer, facts)

    case = waiting.case()
    (event,) = waiting.events(("case", waiting.case_id), "case.facts_noted")
    assert case.facts is not None
    assert b"health" not in case.facts
    assert (event.actor, event.detail) == (officer.actor, {"known": 5})
    with sqlite_services.database.reading() as session:
        assert completeness.facts_of(sqlite_services, session, case) == facts


def test_an_unknown_value_is_refused(sqlite_services: Services, officer: SignedInUser) -> None:
    waiting = seed_waiting(sqlite_services)

    with pytest.raises(FactsInvalid):
        waiting.know(officer, CaseFacts(age="old"))

    assert waiting.case().facts is None


def test_a_case_of_the_other_programme_is_not_found(sqlite_services: Services) -> None:
    waiting = seed_waiting(sqlite_services)

    with pytest.raises(NotFound):
        waiting.know(plant_user(sqlite_services, "Cash officer 1", "CASH"))
    with pytest.raises(NotFound):
        set_facts(
            sqlite_services,
            gate.case_to_change(sqlite_services, plant_user(sqlite_services), "nothing"),
            ADULT,
        )
