"""Check what becomes of an invitation's mail: stopped, or come back, and told to the inviter."""

from datetime import timedelta

import pytest

from intake.accounts import administration
from intake.outbox import invitations, post, return_paths, stop_list
from intake.outbox.addressees import Trust, recipient_hash
from intake.outbox.bounces import BounceOutcome, match_bounce
from intake.outbox.guard import MAX_INVITATIONS
from intake.outbox.invitations import InvitedTooOften
from intake.sandbox.protocol.results import DeliveryReport, ReportedRecipient
from storage.accounts.users import User
from storage.mail import outbox
from storage.mail.outbox import OutboxMessage
from tests.portal.correspondence.links import TEXTS
from tests.samples.mail.bounces import bounce, sent_to
from tests.samples.mail.mails import referral
from tests.support.building import Clock
from tests.support.desk import Desk
from tests.support.people import plant_user
from tests.support.rows import Planter

EMAIL = "new@iom.example"


def test_nothing_is_sent_to_an_address_that_is_stopped(sqlite_desk: Desk) -> None:
    services = sqlite_desk.services
    admin = plant_user(services, "Administrator 1", "ADMIN")
    submission_id = sqlite_desk.accept(referral())
    with services.database.transaction() as session:
        stop_list.stop_address(services, session, EMAIL, "bounce_hard", submission_id)

    invited = invitations.invite(services, TEXTS, admin, EMAIL, "AUDIT", None)

    assert invited.refused == "address_stopped"
    account = administration.read_account(services, admin, invited.user_id)
    assert (account.mail, account.mail_reason) == ("suppressed", "address_stopped")


def test_a_mail_that_came_back_shows_on_the_account_and_makes_no_task(sqlite_desk: Desk) -> None:
    sqlite_desk.set_reply_address("referrals@iom.example")
    services = sqlite_desk.services
    admin = plant_user(services, "Administrator 1", "ADMIN")
    invited = invitations.invite(services, TEXTS, admin, EMAIL, "AUDIT", None)
    row = _mail_of(sqlite_desk, invited.user_id)
    with services.database.reading() as session:
        key = services.keyring.open(session, row.data_key_id)
    path = return_paths.return_path(services.settings.reply_address, None, key, row)

    forged = path.replace("-inv-", "-msg1-")
    assert _reported(sqlite_desk, row, forged) == (BounceOutcome.NOT_SIGNED, {("Q3", "submission")})
    assert administration.read_account(services, admin, invited.user_id).mail_reason == ""
    assert _reported(sqlite_desk, row, path) == (BounceOutcome.HARD, set())
    assert administration.read_account(services, admin, invited.user_id).mail_reason == "came_back"


def test_a_mail_does_not_leave_once_its_account_was_disabled(sqlite_desk: Desk) -> None:
    services = sqlite_desk.services
    admin = plant_user(services, "Administrator 1", "ADMIN")
    invited = invitations.invite(services, TEXTS, admin, EMAIL, "AUDIT", None)
    row = _mail_of(sqlite_desk, invited.user_id)
    administration.disable_account(services, admin, invited.user_id)

    with services.database.transaction() as session:
        assert post.keep_back(services, session, session.merge(row)) == "account_ended"

    assert (
        administration.read_account(services, admin, invited.user_id).mail_reason == "account_ended"
    )


def test_the_fourth_invitation_within_an_hour_leaves_the_third_link_as_it_was(
    sqlite_desk: Desk, clock: Clock
) -> None:
    services = sqlite_desk.services
    admin = plant_user(services, "Administrator 1", "ADMIN")
    for _ in range(MAX_INVITATIONS):
        invited = invitations.invite(services, TEXTS, admin, EMAIL, "AUDIT", None)
        clock.advance(timedelta(minutes=1))
    before = _stored(sqlite_desk, invited.user_id)

    with pytest.raises(InvitedTooOften):
        invitations.invite(services, TEXTS, admin, EMAIL.upper(), "COORD", "SYD")

    assert _stored(sqlite_desk, invited.user_id) == before
    clock.advance(timedelta(hours=1))
    again = invitations.invite(services, TEXTS, admin, EMAIL, "AUDIT", None)
    assert (again.user_id, again.refused) == (invited.user_id, "")


def test_receipts_to_an_address_do_not_use_up_its_invitations(sqlite_desk: Desk) -> None:
    services = sqlite_desk.services
    admin = plant_user(services, "Administrator 1", "ADMIN")
    with services.database.transaction() as session:
        planter = Planter(session, services.keyring, services.now())
        submission = planter.submission()
        hashed = recipient_hash(services, session, EMAIL, Trust.REGISTERED)
        for number in range(MAX_INVITATIONS):
            planter.message(submission, kind=f"T{number}", recipient_hash=hashed)

    invited = invitations.invite(services, TEXTS, admin, EMAIL, "COORD", "SYD")

    assert invited.refused == ""


def _stored(desk: Desk, user_id: str) -> tuple[str | None, str, int]:
    """Return the link's hash, the role, and how many mails there are."""
    with desk.services.database.reading() as session:
        account = session.get_one(User, user_id)
        number = session.query(OutboxMessage).count()
        return account.invitation_hash, account.role, number


def _mail_of(desk: Desk, user_id: str) -> OutboxMessage:
    with desk.services.database.reading() as session:
        return outbox.newest_of_accounts(session, [user_id])[user_id]


def _reported(
    desk: Desk, row: OutboxMessage, path: str
) -> tuple[BounceOutcome, set[tuple[str, str]]]:
    """Take a report that was sent to a return path and match it; return what it asks of whom."""
    bounce_id = desk.handle(sent_to(bounce(row.message_id, EMAIL), path))
    report = DeliveryReport((_gone(),), (row.message_id,))
    with desk.services.database.transaction() as session:
        came = session.merge(desk.submission(bounce_id))
        key = desk.services.keyring.open(session, came.data_key_id)
        outcome = match_bounce(desk.services, session, came, key, report)
    return outcome, desk.open_items(bounce_id)


def _gone() -> ReportedRecipient:
    return ReportedRecipient(original="", final=EMAIL, action="failed", status="5.1.1")
