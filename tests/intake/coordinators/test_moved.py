"""Check that a coordinator who moved to another region has lost the cases of the old one."""

from dataclasses import replace

import pytest

from intake.access import gate
from intake.access.papers import WrongReader
from intake.accounts import administration
from intake.accounts.accounts import SignedInUser, create_with_password
from intake.arrivals import drafts, send
from intake.arrivals.send import CaseLost
from intake.confirmations import signed_papers
from intake.core.errors import NotFound
from intake.core.services import Services
from storage.accounts.users import Role
from storage.submissions.submissions import Submission
from tests.intake.confirmations.papers import seed_case
from tests.intake.correspondence.conversations import PHRASE, TEXTS, open_room
from tests.support.people import plant_user


def moved(services: Services, coordinator: SignedInUser) -> SignedInUser:
    """Move a coordinator to another region; return them as their next request has them."""
    admin = plant_user(services, "Administrator 1", "ADMIN")
    administration.change_role(services, admin, coordinator.id, Role.COORD, "NORD")
    return replace(coordinator, region="NORD")


def test_an_addition_begun_before_is_not_sent_after(sqlite_services: Services) -> None:
    room = open_room(sqlite_services)
    before = gate.referral_to_add_to(room.services, room.coordinator, room.referral_code)
    draft_id = drafts.start_addition(room.services, before)
    gone = moved(room.services, room.coordinator)

    with pytest.raises(CaseLost):
        send.send_draft(room.services, TEXTS, gate.own_draft(room.services, gone, draft_id))
    with pytest.raises(NotFound):
        gate.referral_to_add_to(room.services, gone, room.referral_code)
    with pytest.raises(NotFound):
        gate.conversation_to_write(room.services, gone, room.referral_code)

    with room.services.database.reading() as session:
        assert session.query(Submission).count() == len(room.waiting.submission_ids)
    assert drafts.open_drafts(room.services, gone)[0].id == draft_id


def test_the_signed_paper_of_the_lost_case_stays_closed(sqlite_services: Services) -> None:
    services = sqlite_services
    case = seed_case(services)
    coordinator = create_with_password(services, "c@region.example", "COORD", "SYD", PHRASE)
    case.change(submitted_by=coordinator.id, region="SYD")
    paper_id = case.sign(plant_user(services))
    assert signed_papers.paper_to_read(services, coordinator, paper_id)

    gone = moved(services, coordinator)

    with pytest.raises(WrongReader):
        signed_papers.paper_to_read(services, gone, paper_id)
    with pytest.raises(NotFound):
        gate.papers_to_read(services, gone, case.reference)
