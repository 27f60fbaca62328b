"""Check in which order what is opened for a change is locked, on PostgreSQL."""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from intake.access import gate
from intake.accounts.accounts import SignedInUser
from intake.core.services import Services
from intake.triage import confirm_types
from storage.cases import cases
from storage.submissions import submissions
from storage.submissions.submissions import Submission
from tests.components.server import wait_until
from tests.portal import samples
from tests.portal.building import Clock, build_services
from tests.portal.samples import Part
from tests.portal.triage import extracted_values
from tests.support.people import plant_user

pytestmark = pytest.mark.components


@pytest.fixture
def services(database_url: str, tmp_path: Path) -> Iterator[Services]:
    """Give services on PostgreSQL, where rows are locked one by one."""
    built = build_services(tmp_path, Clock(), database_url=database_url)
    yield built
    built.database.close()


def set_one(services: Services, user: SignedInUser, made: samples.Seeded) -> None:
    document_id = extracted_values.ids_of(services, made)[1]
    opened = gate.document_to_change(services, user, document_id)
    confirm_types.set_type(services, opened, "CORR", {"CORR"})


def confirm_all(services: Services, user: SignedInUser, made: samples.Seeded) -> None:
    opened = gate.submission_to_change(services, user, made.reference)
    confirm_types.confirm_types(services, opened)


@pytest.mark.parametrize("act", [set_one, confirm_all])
def test_an_act_on_a_submission_waits_for_an_act_on_its_case(
    services: Services, act: Callable[[Services, SignedInUser, samples.Seeded], None]
) -> None:
    user = plant_user(services)
    parts = (Part("", "CLEAN", "", "text/plain", 3, role="body"), Part("a.pdf", "CLEAN"))
    made = samples.seed(services, parts=parts)
    errors: list[Exception] = []

    def run() -> None:
        try:
            act(services, user, made)
        except Exception as error:  # noqa: BLE001 - a failure is a result that the test judges
            errors.append(error)

    thread = threading.Thread(target=run)
    with services.database.transaction() as session:
        case_id = session.get_one(Submission, made.submission_id).case_id
        assert case_id is not None
        cases.locked(session, [case_id])
        thread.start()
        wait_until(lambda: is_somebody_waiting(services), "the act waits for the case")
        submissions.locked(session, made.submission_id)
    thread.join()

    assert errors == []


def is_somebody_waiting(services: Services) -> bool:
    with services.database.reading() as session:
        return bool(session.scalar(text("SELECT count(*) FROM pg_locks WHERE NOT granted")))
