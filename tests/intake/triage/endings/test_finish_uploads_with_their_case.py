"""Check that an upload alone in the case that it opened is finished with it, and comes back."""

from dataclasses import dataclass, replace
from datetime import timedelta
from urllib.parse import urlsplit

import pytest

from intake.access import gate
from intake.accounts.accounts import SignedInUser, create_with_password
from intake.arrivals import drafts, link_holders, links, send, send_by_link
from intake.arrivals.links import LinkRequest
from intake.arrivals.phone_note import new_note_id, store_phone_note
from intake.arrivals.send import CaseLost
from intake.cases import withdrawal
from intake.coordinators import referrals
from intake.coordinators.status import Status
from intake.correspondence import case_messages
from intake.correspondence.case_messages import MessageDraft
from intake.filing import case_actions
from intake.outbox.mail_texts import MailTexts
from intake.queues.tasks import add_task
from intake.senders.register import add_sender
from intake.triage.endings import finish
from intake.triage.endings.outcomes import ProtectionOpen
from storage import audit
from storage.cases import cases
from storage.submissions import submissions
from storage.submissions.drafts import Draft, DraftKind
from storage.submissions.queue_items import TaskKind
from storage.submissions.submissions import Outcome, Priority, Submission
from tests.intake.arrivals.test_phone_note import NOTE
from tests.intake.reference_data.office import Office
from tests.support import stepping
from tests.support.building import MAIL_TEXTS, Clock
from tests.support.desk import Desk
from tests.support.people import plant_user

pytestmark = pytest.mark.components

TEXTS = MailTexts(MAIL_TEXTS)
EMAIL = "coordinator.south@region.example"
# What came in, by every way that can open a case without being a mail.
WAYS = ("upload", "link", "phone")
ENDS = (Outcome.ANSWERED, Outcome.REDIRECTED, Outcome.NOT_FOR_US, Outcome.DUPLICATE)


@dataclass
class House(Office):
    """An officer, and a coordinator who uploads."""

    south: SignedInUser

    def uploaded(self, priority: str = Priority.NORMAL) -> str:
        """Let the coordinator send a referral; return its submission's id."""
        own = drafts.start_draft(self.services, self.south, DraftKind.REFERRAL)
        drafts.save_draft(
            self.services,
            gate.draft_to_change(self.services, self.south, own),
            {"priority": priority, "note": "TEST", "consent": "asked"},
        )
        sent = send.send_draft(self.services, TEXTS, gate.own_draft(self.services, self.south, own))
        self.desk.inspect_again(sent.submission_id)
        return sent.submission_id

    def by_link(self) -> str:
        """Let somebody answer a link that was made for a stranger's mail."""
        asked = self.held()
        made = links.make_link(
            self.services,
            TEXTS,
            gate.case_or_submission_to_change(self.services, self.user, self.mail(asked).reference),
            LinkRequest(links.new_link_id(), "for the sister"),
        )
        token = urlsplit(made.url).path.rpartition("/")[2]
        held = link_holders.open_link(self.services, token, "", "192.0.2.1")
        drafts.save_draft(
            self.services,
            gate.draft_to_change(self.services, held.holder, held.draft_id),
            {"note": "TEST: best prices"},
        )
        sent = send_by_link.send_link_draft(self.services, TEXTS, held, "a key of a browser")
        return self.filed_alone(sent.reference)

    def by_phone(self) -> str:
        """Note a call."""
        return self.filed_alone(
            store_phone_note(
                self.services, self.user, new_note_id(), replace(NOTE, case="", priority="normal")
            )
        )

    def filed_alone(self, reference: str) -> str:
        """Open a case for what is held; return its submission's id."""
        with self.services.database.reading() as session:
            row = submissions.by_reference(session, reference)
        assert row is not None
        self.desk.inspect_again(row.id)
        case_actions.open_case(
            self.services, gate.submission_to_file(self.services, self.user, reference)
        )
        return row.id

    def came(self, way: str) -> str:
        """Let something come in by a way that opened a case alone."""
        made = {"upload": self.uploaded, "link": self.by_link, "phone": self.by_phone}
        return made[way]()

    def finish(self, mail: str, outcome: Outcome) -> None:
        """Finish it without a case."""
        opened = gate.submission_to_change(self.services, self.user, self.mail(mail).reference)
        finish.finish_submission(self.services, opened, outcome)

    def case_state(self, code: str) -> str:
        """Return the state of a case."""
        with self.services.database.reading() as session:
            case = cases.by_reference(session, code)
        assert case is not None
        return case.state


@pytest.fixture
def house(desk: Desk) -> House:
    desk.register()
    add_sender(desk.services, "operator", EMAIL, "SYD")
    south = create_with_password(desk.services, EMAIL, "COORD", "SYD", "a phrase of the south")
    return House(desk, plant_user(desk.services), south)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("outcome", [Outcome.NOTHING_TO_DO, Outcome.NOT_FOR_US])
def test_its_case_ends_with_it_and_comes_back_with_it(
    house: House, way: str, outcome: Outcome
) -> None:
    mail = house.came(way)
    code, before, filed_as = house.case_code(mail), house.state(mail), house.mail(mail)

    house.finish(mail, outcome)

    ended = house.mail(mail)
    assert (ended.state, ended.case_id, ended.outcome) == ("CLOSED", None, outcome)
    assert house.case_state(code) == "CLOSED"
    assert house.desk.open_items(mail) == set()
    opened = gate.submission_to_change(house.services, house.user, ended.reference)
    stepping.undo_last(house.services, opened)
    assert house.state(mail) == before
    assert house.mail(mail).filing_reason == filed_as.filing_reason
    assert house.mail(mail).promised_at == filed_as.promised_at
    assert house.case_state(code) == "RECEIVED"
    with house.services.database.reading() as session:
        assert audit.check_chain(session, house.services.keyring) == []


def test_a_coordinator_is_never_said_to_be_a_forger_or_a_machine(house: House) -> None:
    mail = house.uploaded()

    for outcome in (Outcome.FORGED, Outcome.AUTOMATIC):
        with pytest.raises(finish.OutcomeInvalid):
            house.finish(mail, outcome)

    assert house.mail(mail).case_id is not None


def test_a_sign_of_danger_is_looked_at_first(house: House) -> None:
    mail = house.uploaded()
    with house.services.database.transaction() as session:
        kind = TaskKind.PROTECTION_SIGN
        add_task(house.services, session, mail, kind=kind, reason=kind)

    with pytest.raises(ProtectionOpen):
        house.finish(mail, Outcome.NOTHING_TO_DO)


def test_it_ends_in_a_case_in_which_somebody_wrote_or_that_is_stopped(house: House) -> None:
    written, stopped, linked = house.uploaded(), house.uploaded(), house.uploaded()
    case_messages.write_note(
        house.services,
        gate.case_to_change(house.services, house.user, house.case_code(written)),
        MessageDraft(case_messages.new_message_id(), "Call them."),
    )
    withdrawal.stop_case(
        house.services, gate.case_to_change(house.services, house.user, house.case_code(stopped))
    )
    links.make_link(
        house.services,
        TEXTS,
        gate.case_or_submission_to_change(house.services, house.user, house.case_code(linked)),
        LinkRequest(links.new_link_id(), "for the sister"),
    )

    for mail, state in ((written, "RECEIVED"), (stopped, "WITHDRAWN"), (linked, "RECEIVED")):
        code = house.case_code(mail)
        house.finish(mail, Outcome.NOTHING_TO_DO)
        assert (house.mail(mail).state, house.case_code(mail)) == ("CLOSED", code)
        assert house.case_state(code) == state


@pytest.mark.parametrize("outcome", ENDS)
def test_its_coordinator_reads_that_it_is_closed_and_no_promise_stands(
    house: House, outcome: Outcome
) -> None:
    mail = house.uploaded()
    (before,) = referrals.list_referrals(house.services, house.south)

    house.finish(mail, outcome)

    (after,) = referrals.list_referrals(house.services, house.south)
    assert (before.first.due_at, before.first.ended) == (house.mail(mail).promised_at, None)
    assert (after.status, after.first.due_at, after.first.ended) == (Status.CLOSED, None, outcome)
    assert not after.first.is_kept
    draft_id = house.mail(mail).identity.partition(":")[2]
    sent = referrals.read_sent(
        house.services, TEXTS, gate.own_draft(house.services, house.south, draft_id)
    )
    assert sent is not None
    assert (sent.due_at, sent.is_kept, sent.ended) == (None, False, outcome)
    # The receipt that left stays as it was written.
    assert house.desk.receipt(mail).state == "due"
    opened = gate.submission_to_change(house.services, house.user, house.mail(mail).reference)
    finish.open_again(house.services, opened)
    (again,) = referrals.list_referrals(house.services, house.south)
    assert (again.first.due_at, again.first.ended) == (before.first.due_at, None)


def test_what_is_added_to_a_case_that_ended_meanwhile_is_kept_and_not_sent(house: House) -> None:
    mail = house.uploaded()
    reference = house.mail(mail).reference
    draft_id = drafts.start_addition(
        house.services, gate.referral_to_add_to(house.services, house.south, reference)
    )
    drafts.save_draft(
        house.services,
        gate.draft_to_change(house.services, house.south, draft_id),
        {"note": "TEST: one more"},
    )
    house.finish(mail, Outcome.NOTHING_TO_DO)

    own = gate.own_draft(house.services, house.south, draft_id)
    with pytest.raises(CaseLost):
        send.send_draft(house.services, TEXTS, own)

    with house.services.database.reading() as session:
        assert session.get_one(Draft, draft_id).submission_id is None
        assert session.query(Submission).count() == 1
    opened = gate.submission_to_change(house.services, house.user, reference)
    finish.open_again(house.services, opened)
    assert send.send_draft(house.services, TEXTS, own).reference


def test_a_promise_that_was_broken_already_is_not_said_to_be_open(
    house: House, clock: Clock
) -> None:
    mail = house.uploaded()
    promised = house.mail(mail).promised_at
    assert promised is not None
    clock.advance(promised - house.services.now() + timedelta(hours=1))

    house.finish(mail, Outcome.NOTHING_TO_DO)

    (shown,) = referrals.list_referrals(house.services, house.south)
    assert shown.due_at is None
