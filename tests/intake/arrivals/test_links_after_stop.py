"""Check that nobody is asked for documents by a link once the person withdrew (requirement 18)."""

from dataclasses import dataclass

import pytest

from intake.access import gate
from intake.arrivals import drafts, link_holders, links
from intake.arrivals.link_holders import Held, LinkOver
from intake.arrivals.link_views import LinkState, LinkView
from intake.arrivals.links import LinkRequest
from intake.arrivals.send_by_link import send_link_draft
from intake.cases import withdrawal
from intake.cases.withdrawal import PersonWithdrew
from intake.core.services import Services
from storage.cases.cases import Case
from storage.submissions.submissions import Submission
from storage.submissions.upload_links import UploadLink
from tests.intake.arrivals.test_send_by_link import TEXTS, Desk
from tests.support.people import plant_user
from tests.support.rows import Planter
from tests.support.threads import run_together


@dataclass(frozen=True)
class Stopping(Desk):
    """A desk whose case can be stopped."""

    def stop(self, reference: str = "") -> None:
        """Stop a case."""
        withdrawal.stop_case(
            self.services, gate.case_to_change(self.services, self.officer, reference or self.case)
        )

    def view(self, reference: str = "") -> LinkView:
        """Return the one link of a case or submission, as officers see it."""
        (found,) = links.list_links(
            self.services,
            gate.case_or_submission_to_change(self.services, self.officer, reference or self.case),
        ).links
        return found

    def is_over(self, token: str, held: Held) -> bool:
        """Tell whether a link opens no more, takes no more files and sends nothing."""
        for attempt in (
            lambda: self.hold(token),
            lambda: link_holders.claim_link(self.services, held, "a browser"),
            lambda: send_link_draft(self.services, TEXTS, held, "a browser"),
        ):
            try:
                attempt()
            except LinkOver:
                continue
            return False
        return True


@pytest.fixture
def desk(services: Services) -> Stopping:
    """Give an officer with a case and a waiting submission, on each database."""
    with services.database.transaction() as session:
        plant = Planter(session, services.keyring, services.now())
        case = plant.case(region="VAST")
        plant.submission(case_id=case.id)
        waiting = plant.submission()
    return Stopping(services, plant_user(services), case.reference, waiting.reference)


def test_no_link_is_made_for_a_stopped_case(desk: Stopping) -> None:
    desk.stop()

    wishes = [
        LinkRequest(links.new_link_id(), "for the sister"),
        LinkRequest(links.new_link_id(), "for the sister", "sister@safe.example", is_safe=True),
    ]
    for wish in wishes:
        with pytest.raises(PersonWithdrew):
            links.make_link(
                desk.services,
                TEXTS,
                gate.case_or_submission_to_change(desk.services, desk.officer, desk.case),
                wish,
            )

    listed = links.list_links(
        desk.services, gate.case_or_submission_to_change(desk.services, desk.officer, desk.case)
    )
    assert (listed.links, listed.has_person_withdrawn) == ((), True)


def test_open_links_end_and_what_was_put_in_stays_as_a_draft(desk: Stopping) -> None:
    token = desk.link(desk.case)
    held = desk.hold(token)
    desk.put(held)

    desk.stop()

    assert desk.is_over(token, held)
    assert (desk.view().state, desk.view().waiting) == (LinkState.WITHDRAWN, 1)
    assert (
        len(
            drafts.read_draft(
                desk.services, gate.draft_to_change(desk.services, held.holder, held.draft_id)
            ).files
        )
        == 1
    )


def test_ended_links_stay_ended_when_the_person_goes_on(desk: Stopping) -> None:
    token = desk.link(desk.case)
    held = desk.hold(token)
    desk.put(held)
    desk.stop()

    withdrawal.resume_case(
        desk.services, gate.case_to_change(desk.services, desk.officer, desk.case)
    )

    assert desk.is_over(token, held)
    assert desk.link(desk.case) != token


def test_link_of_a_submission_ends_with_the_case_it_is_filed_to(desk: Stopping) -> None:
    token = desk.link(desk.waiting)
    held = desk.hold(token)
    desk.put(held)
    desk.stop()

    with desk.services.database.transaction() as session:
        case = session.query(Case).filter_by(reference=desk.case).one()
        session.query(Submission).filter_by(reference=desk.waiting).one().case_id = case.id

    assert desk.is_over(token, held)


def test_link_of_a_case_merged_into_a_stopped_one_is_over(desk: Stopping) -> None:
    token = desk.link(desk.case)
    held = desk.hold(token)
    desk.put(held)

    with desk.services.database.transaction() as session:
        plant = Planter(session, desk.services.keyring, desk.services.now())
        other = plant.case(region="VAST", state="WITHDRAWN")
        session.query(Case).filter_by(reference=desk.case).one().merged_into = other.id

    assert desk.is_over(token, held)
    assert desk.view(other.reference).state is LinkState.WITHDRAWN


def test_link_made_while_the_case_is_stopped_does_not_stay_open(desk: Stopping) -> None:
    outcome = run_together(8, lambda number: desk.link(desk.case) if number else desk.stop())

    assert {type(error) for error in outcome.errors} <= {PersonWithdrew}

    with desk.services.database.reading() as session:
        made = session.query(UploadLink).all()
        assert [link for link in made if link.is_open(desk.services.now())] == []
