"""Check that a coordinator's account and their entry of the register are one record.

The coordinator is invited, a manager says yes, and they see and write what is theirs; whatever the
two sides say differently is left to a person.
"""

import pytest

from intake.access import gate
from intake.access.safeguards.four_eyes import FourEyesNeeded
from intake.accounts import accounts, administration
from intake.accounts.accounts import SignedInUser, signed_in_user
from intake.accounts.administration import EntryUndecided
from intake.accounts.people import one_record
from intake.accounts.people.names import NameAndLine
from intake.accounts.people.one_record import EntryElsewhere, EntryEnded, EntryOfAnother
from intake.core.errors import Conflict, NotFound
from intake.core.services import Services
from intake.correspondence import case_messages
from intake.outbox import invitations
from intake.senders import linking, register_administration
from intake.senders.linking import Apart
from intake.senders.register import add_sender
from intake.senders.register_administration import AccountUndecided
from storage import audit
from storage.accounts.users import Role, User
from storage.audit_acts import Act
from storage.cases import participants
from storage.mail import senders
from storage.submissions.submissions import SenderVerdict, Submission
from tests.intake.accounts.people.rows import plant_colleague
from tests.intake.coordinators.test_referrals import NORTH, PHRASE, SOUTH, TEXTS, Register
from tests.support.invited import mailed_token, say_yes
from tests.support.threads import run_together

OLD = "coordinator.old@region.example"


@pytest.fixture
def register(sqlite_services: Services) -> Register:
    """Give an empty register."""
    return Register(sqlite_services)


@pytest.fixture
def admin(register: Register) -> SignedInUser:
    """Give an administrator."""
    return plant_colleague(register.services, "Administrator 1", role=Role.ADMIN)


@pytest.fixture
def manager(register: Register) -> SignedInUser:
    """Give a manager whom nobody invited."""
    return plant_colleague(register.services, "Programme manager 1", role=Role.MGR)


def invited(
    services: Services,
    admin: SignedInUser,
    manager: SignedInUser,
    email: str = SOUTH,
    *,
    again: bool = False,
) -> SignedInUser:
    """Invite a coordinator of the south, say yes, and accept with the link of the mail."""
    person = NameAndLine("Test Coordinator", "+46 40 123 45 67")
    made = invitations.invite(
        services, TEXTS, admin, email, Role.COORD, "SYD", person=person, again=again
    )
    say_yes(services, manager)
    accounts.accept_invitation(services, mailed_token(services, made.user_id), PHRASE)
    with services.database.reading() as session:
        return signed_in_user(session.get_one(User, made.user_id))


def entry_of(register: Register, email: str = SOUTH) -> senders.RegisteredSender:
    with register.services.database.reading() as session:
        return session.get_one(senders.RegisteredSender, register.entry(email))


def file_as_new(register: Register, reference: str) -> str:
    """Open a case for a submission as filing by rule does, and return the case's id."""
    case_id = register.case("SYD")
    with register.services.database.transaction() as session:
        row = session.query(Submission).filter_by(reference=reference).one()
        row.case_id = case_id
        if row.sender_id is not None:
            participants.add(session, case_id, row.sender_id, register.services.now())
    return case_id


def write(register: Register, user: SignedInUser, reference: str) -> None:
    draft = case_messages.MessageDraft(case_messages.new_message_id(), "Here are the papers.")
    case_messages.write_from_coordinator(
        register.services, gate.conversation_to_write(register.services, user, reference), draft
    )


def acts_of(services: Services, sender_id: str) -> list[str]:
    with services.database.reading() as session:
        return [event.act for event in audit.of_subject(session, "sender", sender_id)]


def apart(services: Services, viewer: SignedInUser) -> list[tuple[Apart, str]]:
    return [(row.why, row.address) for row in linking.read_apart(services, viewer).rows]


def test_an_invited_coordinator_writes_in_their_first_session(
    register: Register, admin: SignedInUser, manager: SignedInUser
) -> None:
    coordinator = invited(register.services, admin, manager)
    reference = register.sent(coordinator)
    file_as_new(register, reference)

    write(register, coordinator, reference)

    entry = entry_of(register)
    assert (entry.region, entry.account_id) == ("SYD", coordinator.id)
    assert acts_of(register.services, entry.id) == [Act.SENDER_REGISTERED]
    (shown,) = register_administration.list_entries(register.services, admin).entries
    assert (shown.name, shown.phone) == ("Test Coordinator", "+46 40 123 45 67")


def test_an_address_counts_only_once_a_manager_said_yes(
    register: Register, admin: SignedInUser
) -> None:
    invitations.invite(register.services, TEXTS, admin, SOUTH, Role.COORD, "SYD")

    assert register_administration.list_entries(register.services, admin).entries == []


def test_what_came_by_mail_earlier_and_later_is_seen(
    register: Register, admin: SignedInUser, manager: SignedInUser
) -> None:
    add_sender(register.services, "operator", SOUTH, "SYD", phone="+46 8 111 111")
    case_id = register.case("SYD", SOUTH)
    by_mail = {
        "case_id": case_id,
        "sender_id": register.entry(SOUTH),
        "sender_verdict": SenderVerdict.REGISTERED,
        "region": "SYD",
    }
    earlier = register.mail(**by_mail)

    coordinator = invited(register.services, admin, manager)
    later = register.mail(**by_mail)

    assert register.seen_by(coordinator) == {earlier, later}
    assert acts_of(register.services, register.entry(SOUTH))[-1] == Act.SENDER_LINKED
    # The number that officers call back on is the register's, whatever an invitation says.
    (shown,) = register_administration.list_entries(register.services, admin).entries
    assert shown.phone == "+46 8 111 111"


def test_an_entry_joins_the_cases_that_were_sent_without_it(
    register: Register, manager: SignedInUser
) -> None:
    services = register.services
    account = accounts.create_with_password(services, SOUTH, Role.COORD, "SYD", PHRASE)
    own, taken = register.sent(account), register.sent(account)
    file_as_new(register, own)
    add_sender(services, "operator", NORTH, "SYD")
    others = register.case("SYD", NORTH)
    register.change(taken, case_id=others)
    assert apart(services, manager)[0] == (Apart.NO_ENTRY, SOUTH)
    with pytest.raises(NotFound):
        write(register, account, own)

    linking.join_account(services, manager, account.id)

    write(register, account, own)
    # Whose case it is was decided by a person: the entry does not join it by itself.
    with pytest.raises(NotFound):
        write(register, account, taken)
    with services.database.reading() as session:
        assert participants.of_cases(session, [others])[others] == {register.entry(NORTH)}


def test_of_many_who_join_at_once_one_makes_the_entry(services: Services) -> None:
    manager = plant_colleague(services, "Programme manager 1", role=Role.MGR)
    account = accounts.create_with_password(services, SOUTH, Role.COORD, "SYD", PHRASE)

    done = run_together(3, lambda _: linking.join_account(services, manager, account.id))

    assert done.errors == []
    (entry,) = register_administration.list_entries(services, manager).entries
    assert entry.account_id == account.id
    assert acts_of(services, entry.id) == [Act.SENDER_REGISTERED]


def test_an_address_of_another_region_is_not_invited(
    register: Register, admin: SignedInUser
) -> None:
    add_sender(register.services, "operator", SOUTH, "NORD")

    with pytest.raises(EntryElsewhere, match="registered for NORD"):
        invitations.invite(register.services, TEXTS, admin, f" {SOUTH.upper()} ", "COORD", "SYD")

    assert entry_of(register).region == "NORD"


def test_an_ended_entry_counts_again_only_on_purpose(
    register: Register, admin: SignedInUser, manager: SignedInUser
) -> None:
    services = register.services
    add_sender(services, "operator", SOUTH, "SYD")
    register_administration.end_entry(services, admin, register.entry(SOUTH))

    with pytest.raises(EntryEnded):
        invitations.invite(services, TEXTS, admin, SOUTH, Role.COORD, "SYD")
    coordinator = invited(services, admin, manager, again=True)

    assert entry_of(register).ended_at is None
    assert entry_of(register).account_id == coordinator.id


def test_an_entry_that_ended_while_the_role_waited_stays_ended(
    register: Register, admin: SignedInUser, manager: SignedInUser
) -> None:
    services = register.services
    add_sender(services, "operator", SOUTH, "SYD")
    made = invitations.invite(services, TEXTS, admin, SOUTH, Role.COORD, "SYD")
    with services.database.transaction() as session:
        session.get_one(
            senders.RegisteredSender, register.entry(SOUTH)
        ).ended_at = services.now().replace(year=2027)

    say_yes(services, manager)
    accounts.accept_invitation(services, mailed_token(services, made.user_id), PHRASE)

    assert entry_of(register).ended_at is not None
    assert apart(services, manager) == [(Apart.ENTRY_OVER, SOUTH)]


def test_an_address_of_another_account_is_not_invited(
    register: Register, admin: SignedInUser, manager: SignedInUser
) -> None:
    services = register.services
    other = register.person(SOUTH, Role.COORD, "SYD")
    add_sender(services, "operator", OLD, "SYD")
    linking.link_entry(services, manager, register.entry(OLD), other.id)

    with pytest.raises(EntryOfAnother):
        invitations.invite(services, TEXTS, admin, OLD, Role.COORD, "SYD")


def test_a_second_address_is_linked_by_a_manager(
    register: Register, admin: SignedInUser, manager: SignedInUser
) -> None:
    services = register.services
    coordinator = register.person(SOUTH, Role.COORD, "SYD")
    add_sender(services, "operator", OLD, "SYD")
    case_id = register.case("SYD", OLD)
    by_mail = {"sender_verdict": SenderVerdict.REGISTERED, "region": "SYD"}
    reference = register.mail(case_id=case_id, sender_id=register.entry(OLD), **by_mail)
    assert register.seen_by(coordinator) == set()

    with pytest.raises(NotFound):
        linking.link_entry(services, admin, register.entry(OLD), coordinator.id)
    linking.link_entry(services, manager, register.entry(OLD), coordinator.id)

    assert register.seen_by(coordinator) == {reference}
    write(register, coordinator, reference)
    with pytest.raises(Conflict):
        linking.link_entry(services, manager, register.entry(OLD), coordinator.id)


def test_nobody_links_for_an_account_that_they_invited(
    register: Register, manager: SignedInUser
) -> None:
    services = register.services
    other = plant_colleague(services, "Programme manager 2", role=Role.MGR)
    add_sender(services, "operator", OLD, "SYD")
    coordinator = invited(services, manager, other)

    with pytest.raises(FourEyesNeeded):
        linking.link_entry(services, manager, register.entry(OLD), coordinator.id)


@pytest.mark.parametrize("fault", ["region", "ended", "own"])
def test_what_is_not_theirs_is_not_linked(
    register: Register, manager: SignedInUser, fault: str
) -> None:
    services = register.services
    coordinator = register.person(SOUTH, Role.COORD, "SYD")
    if fault == "own":
        # The address of another account is that account's, whoever asks.
        register.person(OLD, Role.COORD, "SYD")
    else:
        add_sender(services, "operator", OLD, "NORD" if fault == "region" else "SYD")
    if fault == "ended":
        register_administration.end_entry(services, manager, register.entry(OLD))

    with pytest.raises(Conflict):
        linking.link_entry(services, manager, register.entry(OLD), coordinator.id)

    assert entry_of(register, OLD).account_id is None


def test_a_region_that_differs_is_a_persons_to_decide(
    register: Register, manager: SignedInUser
) -> None:
    services = register.services
    account = register.person(SOUTH, Role.COORD, "SYD")
    add_sender(services, "operator", SOUTH, "NORD")
    assert apart(services, manager) == [(Apart.OTHER_REGION, SOUTH)]

    linking.join_account(services, manager, account.id)

    assert entry_of(register).region == "SYD"
    assert apart(services, manager) == []
    with services.database.reading() as session:
        event = audit.of_subject(session, "sender", register.entry(SOUTH))[-1]
    assert (event.act, event.detail["region_before"]) == (Act.SENDER_LINKED, "NORD")


def test_ending_the_account_asks_about_the_entry(register: Register, admin: SignedInUser) -> None:
    services = register.services
    first, second = (register.person(each, Role.COORD, "SYD") for each in (SOUTH, NORTH))

    with pytest.raises(EntryUndecided):
        administration.disable_account(services, admin, first.id)
    administration.disable_account(services, admin, first.id, with_entries=True)
    administration.disable_account(services, admin, second.id, with_entries=False)

    assert entry_of(register).ended_at is not None
    assert entry_of(register, NORTH).ended_at is None
    assert apart(services, admin) == [(Apart.ACCOUNT_OVER, NORTH)]


def test_ending_the_entry_asks_about_the_account(register: Register, admin: SignedInUser) -> None:
    services = register.services
    first, second = (register.person(each, Role.COORD, "SYD") for each in (SOUTH, NORTH))

    with pytest.raises(AccountUndecided):
        register_administration.end_entry(services, admin, register.entry(SOUTH))
    register_administration.end_entry(services, admin, register.entry(SOUTH), with_account=True)
    register_administration.end_entry(services, admin, register.entry(NORTH), with_account=False)

    with services.database.reading() as session:
        states = [session.get_one(User, each.id).disabled_at for each in (first, second)]
    assert [state is not None for state in states] == [True, False]
    assert apart(services, admin) == [(Apart.ENTRY_OVER, NORTH)]


def test_a_renewed_account_renews_its_entry(register: Register, admin: SignedInUser) -> None:
    account = register.person(SOUTH, Role.COORD, "SYD")
    with register.services.database.transaction() as session:
        entry = session.get_one(senders.RegisteredSender, register.entry(SOUTH))
        entry.expires_at = register.services.now().replace(month=12)

    administration.renew_account(register.services, admin, account.id)

    with register.services.database.reading() as session:
        assert session.get_one(User, account.id).expires_at == entry_of(register).expires_at


def test_an_operators_invitation_registers_the_address(register: Register) -> None:
    made = one_record.invite_by_command(register.services, SOUTH, "COORD", "SYD", again=False)

    assert entry_of(register).account_id == made.user_id


def test_who_mails_only_is_listed_and_left_alone(register: Register, admin: SignedInUser) -> None:
    add_sender(register.services, "operator", SOUTH, "SYD")

    assert apart(register.services, admin) == [(Apart.NO_ACCOUNT, SOUTH)]
    assert linking.read_apart(register.services, admin).linkable == ()
