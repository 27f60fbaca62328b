"""Check that cases are found by their own code, or by a submission that is filed there."""

from dataclasses import dataclass

import pytest

from intake.core.services import Services
from storage.cases import cases
from storage.cases.cases import Case
from storage.submissions.submissions import Programme, Submission
from tests.support.building import Clock
from tests.support.rows import Planter


@dataclass(frozen=True)
class Planted:
    """Two cases of one programme with a submission each, and one of the other programme."""

    first: Case
    second: Case
    cash: Case
    of_first: Submission
    of_second: Submission
    unfiled: Submission


@pytest.fixture
def planted(services: Services, clock: Clock) -> Planted:
    """Give cases and submissions."""
    with services.database.transaction() as session:
        planter = Planter(session, services.keyring, clock.now())
        first, second = planter.case(), planter.case()
        return Planted(
            first=first,
            second=second,
            cash=planter.case(programme=Programme.CASH),
            of_first=planter.submission(case_id=first.id),
            of_second=planter.submission(case_id=second.id),
            unfiled=planter.submission(),
        )


def named(services: Services, references: list[str], ids: list[str]) -> set[str]:
    """Return the ids of the referral cases that are named."""
    with services.database.reading() as session:
        return {case.id for case in cases.named_by(session, references, ids, "referrals")}


def test_a_case_is_named_by_its_own_code(services: Services, planted: Planted) -> None:
    assert named(services, [planted.first.reference], []) == {planted.first.id}


def test_a_case_is_named_by_a_submissions_code(services: Services, planted: Planted) -> None:
    assert named(services, [planted.of_first.reference], []) == {planted.first.id}


def test_a_case_is_named_by_a_submission_that_was_answered(
    services: Services, planted: Planted
) -> None:
    assert named(services, [], [planted.of_second.id]) == {planted.second.id}


def test_a_case_named_twice_is_one(services: Services, planted: Planted) -> None:
    codes = [planted.first.reference, planted.of_first.reference]

    assert named(services, codes, [planted.of_first.id]) == {planted.first.id}


def test_several_cases_are_all_named(services: Services, planted: Planted) -> None:
    found = named(services, [planted.first.reference], [planted.of_second.id])

    assert found == {planted.first.id, planted.second.id}


def test_what_is_unknown_or_not_filed_names_nothing(services: Services, planted: Planted) -> None:
    assert named(services, [], []) == set()
    assert named(services, ["K7M-4QX-9T"], ["unknown"]) == set()
    assert named(services, [planted.unfiled.reference], [planted.unfiled.id]) == set()


def test_a_case_of_the_other_programme_is_not_named(services: Services, planted: Planted) -> None:
    assert named(services, [planted.cash.reference], []) == set()


def test_a_code_is_taken_by_a_case_or_a_submission(services: Services, planted: Planted) -> None:
    with services.database.reading() as session:
        assert cases.is_reference_taken(session, planted.first.reference)
        assert cases.is_reference_taken(session, planted.unfiled.reference)
        assert not cases.is_reference_taken(session, "K7M-4QX-9T")


def test_no_case_is_found_without_an_id(services: Services, planted: Planted) -> None:
    with services.database.reading() as session:
        assert cases.by_id(session, None) is None
        assert cases.by_id(session, "unknown") is None
        found = cases.by_id(session, planted.first.id)
    assert found is not None
    assert found.reference == planted.first.reference
