"""Check R2 refused: words that must change, no case, holds, and papers and programmes of others."""

from dataclasses import replace

import pytest

from intake.access import gate
from intake.accounts.accounts import SignedInUser
from intake.confirmations import confirm
from intake.confirmations.confirm import ConfirmationApproval, WordsRefused
from intake.core.errors import Conflict, NotFound
from intake.core.services import Services
from intake.correspondence.free_text import Finding, Severity
from intake.senders.register import add_sender
from intake.triage import decisions
from intake.triage.decisions import HoldReason, NotFiledYet
from storage.accounts.users import Role
from tests.intake.confirmations.papers import Case, seed_case, with_draft
from tests.intake.documents.held import FACTS
from tests.support.people import plant_user

WARNING = Finding("date", Severity.WARN, 0, 3)


BLOCKING = Finding("known_name", Severity.BLOCK, 0, 3)


@pytest.fixture
def case(sqlite_services: Services) -> Case:
    """Give scenario 1, from a registered sender."""
    add_sender(sqlite_services, "operator", str(FACTS["from_address"]), "VAST")
    return seed_case(sqlite_services)


@pytest.fixture
def officer(sqlite_services: Services) -> SignedInUser:
    """Give an intake officer."""
    return plant_user(sqlite_services)


def test_words_are_checked_and_a_finding_that_blocks_is_never_signed(
    case: Case, officer: SignedInUser
) -> None:
    case = with_draft(case, remark="Anna ringde")
    case.findings = (BLOCKING,)
    consent = replace(case.shown(officer), is_read=True)

    with pytest.raises(WordsRefused):
        case.sign(officer, consent)

    assert "Anna ringde" in case.asked
    assert case.papers() == []


def test_a_warning_is_signed_once_it_was_read(case: Case, officer: SignedInUser) -> None:
    case.findings = (WARNING,)
    consent = case.shown(officer)

    with pytest.raises(WordsRefused):
        case.sign(officer, consent)
    case.sign(officer, replace(consent, is_read=True))

    assert case.events("confirmation.signed")[0].detail["findings_read"] == 1


def test_what_has_no_case_is_not_signed(sqlite_services: Services, officer: SignedInUser) -> None:
    case = seed_case(sqlite_services, with_case=False, state="HOLDING")

    with pytest.raises(NotFiledYet):
        case.shown(officer)

    assert (
        "case"
        in confirm.open_confirm_page(
            case.office, gate.submission_to_change(case.office.services, officer, case.reference)
        ).not_ready
    )


def test_what_is_held_is_not_signed(case: Case, officer: SignedInUser) -> None:
    consent = case.shown(officer)
    decisions.hold_submission(
        case.services,
        gate.submission_to_change(case.services, officer, case.reference),
        HoldReason.CONSENT_MISSING,
    )

    with pytest.raises(Conflict):
        case.sign(officer, consent)

    assert case.papers() == []


def test_a_papers_id_of_another_submission_is_refused(case: Case, officer: SignedInUser) -> None:
    other = seed_case(case.services)
    taken = case.sign(officer)

    with pytest.raises(Conflict):
        other.sign(officer, replace(other.shown(officer), paper_id=taken))


def test_another_programmes_officer_finds_nothing(case: Case, officer: SignedInUser) -> None:
    cash = replace(officer, role=Role.CASH)

    with pytest.raises(NotFound):
        confirm.open_confirm_page(
            case.office, gate.submission_to_change(case.office.services, cash, case.reference)
        )
    with pytest.raises(NotFound):
        case.sign(cash, ConfirmationApproval("a" * 32, "", is_read=False))
