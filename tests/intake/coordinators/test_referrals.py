"""Check referrals of a coordinator.

Which submissions are visible, in words that tell nothing more.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest

from intake.access import gate
from intake.accounts.accounts import SignedInUser, create_with_password
from intake.arrivals import drafts, send
from intake.coordinators import referrals
from intake.coordinators.referrals import LISTED, Referral
from intake.coordinators.status import Status
from intake.core.errors import NotFound
from intake.core.services import Services
from intake.outbox.mail_texts import MailTexts
from intake.senders.register import add_sender
from storage import audit
from storage.cases import participants
from storage.mail import senders
from storage.submissions.drafts import Draft, DraftKind
from storage.submissions.submissions import Channel, Submission, SubmissionState
from tests.support.building import MAIL_TEXTS, Clock
from tests.support.rows import Planter

TEXTS = MailTexts(MAIL_TEXTS)
PHRASE = "a test phrase of the southern region"
SOUTH = "coordinator.south@region.example"
DEPUTY = "deputy.south@region.example"
NORTH = "coordinator.north@region.example"


@dataclass(frozen=True)
class Register:
    """Accounts whose addresses stand in the register, and ways to plant what they sent."""

    services: Services

    def person(self, email: str, role: str, region: str) -> SignedInUser:
        """Make an account, and register its address in the same region."""
        add_sender(self.services, "operator", email, region)
        return create_with_password(self.services, email, role, region, PHRASE)

    def entry(self, email: str) -> str:
        """Return the id of an address in the register."""
        with self.services.database.reading() as session:
            hashed = self.services.keyring.lookup(session, "sender", email)
            found = senders.by_address_hash(session, hashed)
        assert found is not None
        return found.id

    def stand_in(self, deputy: str, principal: str) -> None:
        """Let one address stand in for another."""
        with self.services.database.transaction() as session:
            entry = senders.by_id(session, self.entry(deputy))
            assert entry is not None
            entry.deputy_for = self.entry(principal)

    def case(self, region: str, *emails: str, **changes: Any) -> str:  # Any: columns of a case
        """Plant a case with its participants."""
        with self.services.database.transaction() as session:
            planter = Planter(session, self.services.keyring, self.services.now())
            case = planter.case(region=region, **changes)
            for email in emails:
                participants.add(session, case.id, self.entry(email), self.services.now())
            return case.id

    def mail(self, **changes: Any) -> str:  # Any: columns of a submission
        """Plant a mail and return its reference."""
        with self.services.database.transaction() as session:
            planter = Planter(session, self.services.keyring, self.services.now())
            return planter.submission(**changes).reference

    def sent(
        self, user: SignedInUser, kind: DraftKind = DraftKind.REFERRAL, case_id: str | None = None
    ) -> str:
        """Send a draft and return its reference."""
        draft_id = drafts.start_draft(self.services, user, kind)
        with self.services.database.transaction() as session:
            session.get_one(Draft, draft_id).case_id = case_id
        return send.send_draft(
            self.services, TEXTS, gate.own_draft(self.services, user, draft_id)
        ).reference

    def change(self, reference: str, **changes: Any) -> None:  # Any: columns of a submission
        """Change a submission as later steps do."""
        with self.services.database.transaction() as session:
            row = session.query(Submission).filter_by(reference=reference).one()
            for column, value in changes.items():
                setattr(row, column, value)

    def seen_by(self, user: SignedInUser) -> set[str]:
        """Return every reference that somebody sees."""
        listed = referrals.list_referrals(self.services, user)
        return {each.reference for one in listed for each in (one.first, *one.additions)}

    def only(self, user: SignedInUser) -> Referral:
        """Return the single matter that somebody sees."""
        (found,) = referrals.list_referrals(self.services, user)
        return found


@pytest.fixture
def register(sqlite_services: Services) -> Register:
    """Give an empty register."""
    return Register(sqlite_services)


@pytest.fixture
def south(register: Register) -> SignedInUser:
    """Give the coordinator of the south."""
    return register.person(SOUTH, "COORD", "SYD")


def test_she_sees_what_she_sent_and_no_other_does(register: Register, south: SignedInUser) -> None:
    colleague = register.person("second.south@region.example", "COORD", "SYD")
    north = register.person(NORTH, "COORD", "NORD")

    reference = register.sent(south)

    assert register.seen_by(south) == {reference}
    assert register.seen_by(colleague) == register.seen_by(north) == set()


def test_her_registered_mail_counts_once_it_is_in_her_case(
    register: Register, south: SignedInUser
) -> None:
    mine = register.entry(SOUTH)
    case_id = register.case("SYD", SOUTH)
    filed = register.mail(sender_id=mine, case_id=case_id, region="SYD")
    register.mail(sender_id=mine, region="SYD", state=SubmissionState.HOLDING)

    assert register.seen_by(south) == {filed}


def test_what_others_wrote_to_her_case_is_not_hers(register: Register, south: SignedInUser) -> None:
    case_id = register.case("SYD", SOUTH)
    register.mail(case_id=case_id, region="SYD", sender_id=None)
    register.mail(case_id=case_id, channel=Channel.CONTACT, region="SYD")

    assert register.seen_by(south) == set()


def test_a_participant_of_another_region_shows_her_nothing(
    register: Register, south: SignedInUser
) -> None:
    register.person(NORTH, "COORD", "NORD")
    case_id = register.case("SYD", SOUTH, NORTH)
    register.mail(sender_id=register.entry(NORTH), case_id=case_id, region="NORD")

    assert register.seen_by(south) == set()


def test_a_case_of_another_region_stays_there(register: Register, south: SignedInUser) -> None:
    case_id = register.case("NORD", SOUTH)
    register.mail(sender_id=register.entry(SOUTH), case_id=case_id, region="NORD")
    register.mail(sender_id=register.entry(SOUTH), case_id=case_id, region="SYD")

    assert register.seen_by(south) == set()


def test_cash_is_another_world(register: Register, south: SignedInUser) -> None:
    case_id = register.case("SYD", SOUTH, programme="cash")
    register.mail(sender_id=register.entry(SOUTH), case_id=case_id, programme="cash", region="SYD")

    assert register.seen_by(south) == set()


def test_an_ended_entry_opens_no_case(register: Register, south: SignedInUser) -> None:
    case_id = register.case("SYD", SOUTH)
    filed = register.mail(sender_id=register.entry(SOUTH), case_id=case_id, region="SYD")
    seen_before = register.seen_by(south)
    with register.services.database.transaction() as session:
        entry = senders.by_id(session, register.entry(SOUTH))
        assert entry is not None
        entry.ended_at = register.services.now()

    assert seen_before == {filed}
    assert register.seen_by(south) == set()


def test_a_deputy_sees_whom_she_stands_in_for(register: Register, south: SignedInUser) -> None:
    deputy = register.person(DEPUTY, "COORD-DEP", "SYD")
    case_id = register.case("SYD", SOUTH)
    mail = register.mail(sender_id=register.entry(SOUTH), case_id=case_id, region="SYD")
    upload = register.sent(south)
    before = register.seen_by(deputy)

    register.stand_in(DEPUTY, SOUTH)

    assert before == set()
    assert register.seen_by(deputy) == {mail, upload}


def test_a_coordinator_stands_in_for_nobody(register: Register, south: SignedInUser) -> None:
    second = register.person("second.south@region.example", "COORD", "SYD")
    register.stand_in("second.south@region.example", SOUTH)
    register.sent(south)

    assert register.seen_by(second) == set()


def test_a_deputy_never_sees_another_region(register: Register) -> None:
    north = register.person(NORTH, "COORD", "NORD")
    deputy = register.person(DEPUTY, "COORD-DEP", "SYD")
    register.stand_in(DEPUTY, NORTH)
    register.sent(north)

    assert register.seen_by(deputy) == set()


def test_whoever_moves_to_another_region_leaves_her_referrals_there(
    register: Register, south: SignedInUser
) -> None:
    register.sent(south)
    moved = SignedInUser(south.id, south.label, south.role, "NORD", south.has_factor)

    assert register.seen_by(moved) == set()


def test_additions_stand_under_the_first_of_their_case(
    register: Register, south: SignedInUser, clock: Clock
) -> None:
    first = register.sent(south)
    clock.advance(timedelta(hours=1))
    case_id = register.case("SYD", SOUTH)
    register.change(first, case_id=case_id)

    second = register.sent(south, DraftKind.ADDITION, case_id)

    found = register.only(south)
    assert found.reference == first
    assert [each.reference for each in found.additions] == [second]


def test_a_case_that_was_merged_is_followed(register: Register, south: SignedInUser) -> None:
    kept = register.case("SYD")
    register.case("SYD", SOUTH, merged_into=kept)

    filed = register.mail(sender_id=register.entry(SOUTH), case_id=kept, region="SYD")

    assert register.seen_by(south) == {filed}


def test_the_promise_of_the_receipt_stands_until_it_is_kept(
    register: Register, south: SignedInUser
) -> None:
    reference = register.sent(south)
    promised = register.only(south).due_at

    register.change(reference, state=SubmissionState.CONFIRMED)

    assert promised is not None
    assert promised > register.services.now()
    assert register.only(south).due_at is None


def test_a_second_copy_reads_as_being_checked_without_a_date(
    register: Register, south: SignedInUser
) -> None:
    first, second = register.sent(south), register.sent(south)
    with register.services.database.reading() as session:
        original = session.query(Submission).filter_by(reference=first).one().id
    register.change(second, duplicate_of=original, state=SubmissionState.CLOSED)

    found = {each.reference: each for each in referrals.list_referrals(register.services, south)}

    assert found[second].status is Status.BEING_CHECKED
    assert found[second].due_at is None


def test_a_question_is_told_from_a_referral(register: Register, south: SignedInUser) -> None:
    register.sent(south, DraftKind.CONSULTATION)

    assert register.only(south).is_question


def test_the_case_of_a_foreign_or_unknown_reference_is_not_found(
    register: Register, south: SignedInUser
) -> None:
    north = register.person(NORTH, "COORD", "NORD")
    foreign = register.sent(north)

    for reference in (foreign, "K7M-4QX-9T", "no reference", ""):
        with pytest.raises(NotFound):
            gate.referral_to_read(register.services, south, reference)


def test_looking_is_audited_once_in_a_while(
    register: Register, south: SignedInUser, clock: Clock
) -> None:
    for _ in range(3):
        referrals.list_referrals(register.services, south)
    clock.advance(timedelta(minutes=6))
    referrals.list_referrals(register.services, south)

    with register.services.database.reading() as session:
        acts = [event.act for event in audit.of_subject(session, "account", south.id)]
    assert acts.count(LISTED) == 2
