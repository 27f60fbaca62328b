"""Check what a coordinator is told of a referral that waits for a consent."""

import pytest

from intake.coordinators.referrals import Arrival, arrival_of
from intake.coordinators.status import Status
from intake.core import submission_facts
from intake.core.services import Services
from intake.core.submission_facts import FormFacts, ReferralForm
from storage.submissions.submissions import Submission
from tests.intake.cases.consent.desk import ConsentDesk, open_desk


@pytest.fixture
def desk(sqlite_services: Services) -> ConsentDesk:
    return open_desk(sqlite_services, "REF-FORM")


def say(desk: ConsentDesk, consent: str) -> None:
    """Let the coordinator's form say something of the consent."""
    services = desk.services
    with services.database.transaction() as session:
        row = session.get_one(Submission, desk.waiting.submission_id)
        key = services.keyring.open(session, row.data_key_id)
        facts = FormFacts("referral", ReferralForm(consent=consent))
        row.facts, row.submitted_by = submission_facts.seal_form(key, row.id, facts), "0" * 32
    desk.waiting.refresh()


def seen(desk: ConsentDesk) -> Arrival:
    with desk.services.database.reading() as session:
        row = session.get_one(Submission, desk.waiting.submission_id)
        return arrival_of(desk.services, session, row)


def test_who_said_that_nobody_asked_yet_is_told_that_we_wait_for_it(desk: ConsentDesk) -> None:
    before = seen(desk)
    say(desk, "not_asked")
    held = seen(desk)
    desk.note()
    after = seen(desk)

    assert desk.place() == ("Q2", "consent_came")
    assert (held.due_at, held.is_kept, held.awaits_consent) == (None, False, True)
    assert after == before
    assert before.due_at is not None


def test_what_the_person_told_the_office_alone_is_told_to_nobody(desk: ConsentDesk) -> None:
    desk.note(answer="refused")

    held = seen(desk)

    assert (held.due_at, held.is_kept, held.awaits_consent) == (None, False, False)
    assert held.status is Status.BEING_CHECKED
