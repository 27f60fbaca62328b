"""Check the pages by which a coordinator's account and entry are named, joined and ended."""

import pytest

from intake.accounts.accounts import SignedInUser
from intake.core.services import Services
from intake.senders import register_administration
from intake.senders.register import add_sender
from storage import audit
from storage.accounts.users import Role, User
from storage.audit_acts import Act
from tests.portal.administration.test_accounts import HOSTILE, PEOPLE, SENDERS, MakeUser, beside
from tests.portal.conftest import SignIn

ACTOR = SignedInUser("f" * 32, "Administrator 9", Role.ADMIN, None)
ADDRESS = "c@region.example"


def entries(services: Services) -> dict[str, str]:
    """Return {address: id} of the register."""
    found = register_administration.list_entries(services, ACTOR).entries
    return {entry.address: entry.id for entry in found}


def is_disabled(services: Services, user_id: str) -> bool:
    with services.database.reading() as session:
        return session.get_one(User, user_id).disabled_at is not None


def test_an_invitation_names_the_person(services: Services, signed_in: SignIn) -> None:
    admin = signed_in("ADMIN")
    fields = {"email": "a@iom.example", "role": "INTAKE", "region": ""}

    refused = admin.post(f"{PEOPLE}/invite", f"{PEOPLE}/invite", name=HOSTILE, **fields)
    done = admin.post(
        f"{PEOPLE}/invite", f"{PEOPLE}/invite", name="Anna Berg", direct_line="0912345", **fields
    )

    assert beside(refused.text, "name")
    assert "<script>alert" not in refused.text
    assert "<bdi>Anna Berg</bdi> is invited" in done.text
    assert "/invitation/" not in done.text
    assert "Anna Berg" in admin.get(PEOPLE).text
    assert "Reads all referrals" in admin.get(f"{PEOPLE}/invite").text


def test_an_unused_invitation_is_mailed_again_when_asked(
    services: Services, signed_in: SignIn
) -> None:
    admin = signed_in("ADMIN")
    admin.post(f"{PEOPLE}/invite", f"{PEOPLE}/invite", email="a@iom.example", role="AUDIT")
    with services.database.reading() as session:
        user = session.query(User).filter_by(role="AUDIT").one()
    path = f"{PEOPLE}/{user.id}"
    page = admin.get(path).text

    again = admin.post(f"{path}/invite-again", path)

    assert "Send the invitation again" in page
    assert again.status_code == 303
    with services.database.reading() as session:
        acts = [event.act for event in audit.of_subject(session, "account", user.id)]
        renewed = session.get_one(User, user.id)
    assert acts.count(Act.ACCOUNT_INVITED) == 2
    assert renewed.invitation_hash != user.invitation_hash


def test_an_account_in_use_is_not_invited_again(signed_in: SignIn, make_user: MakeUser) -> None:
    path = f"{PEOPLE}/{make_user('CASH').id}"
    admin = signed_in("ADMIN")

    assert "Send the invitation again" not in admin.get(path).text
    assert admin.post(f"{path}/invite-again", path).status_code == 409


def test_an_administrator_writes_a_name(signed_in: SignIn, make_user: MakeUser) -> None:
    path = f"{PEOPLE}/{make_user('CASH').id}"
    admin = signed_in("ADMIN")

    refused = admin.post(f"{path}/name", f"{path}/name", name="1" * 9, direct_line="")
    done = admin.post(f"{path}/name", f"{path}/name", name="Anna Berg", direct_line="0912345")

    assert beside(refused.text, "name")
    assert 'value="111111111"' in refused.text
    assert done.status_code == 303
    assert "<h1><bdi>Anna Berg</bdi></h1>" in admin.get(path).text


def test_an_address_that_is_known_otherwise_names_its_field(
    services: Services, signed_in: SignIn
) -> None:
    admin, form = signed_in("ADMIN"), f"{PEOPLE}/invite"
    add_sender(services, "operator", ADDRESS, "NORD")
    asked = {"email": ADDRESS, "role": "COORD", "region": "SYD"}

    elsewhere = admin.post(form, form, **asked)
    register_administration.end_entry(services, ACTOR, entries(services)[ADDRESS])
    ended = admin.post(form, form, **asked)
    again = admin.post(form, form, again="yes", **asked)

    assert "registered for Nord" in beside(elsewhere.text, "region")
    assert "was ended" in beside(ended.text, "again")
    assert again.status_code == 200


@pytest.mark.parametrize(("choice", "ends"), [("yes", True), ("no", False)])
def test_disabling_asks_about_the_entry(
    services: Services, signed_in: SignIn, make_user: MakeUser, choice: str, *, ends: bool
) -> None:
    user = make_user("COORD")
    add_sender(services, "operator", "coord@iom.example", "VAST")
    admin, form = signed_in("ADMIN"), f"{PEOPLE}/{user.id}/disable"

    undecided = admin.post(form, form)
    assert undecided.status_code == 400
    assert "still counts" in undecided.text
    assert not is_disabled(services, user.id)
    assert admin.post(form, form, with_entries=choice).status_code == 303

    (entry,) = register_administration.list_entries(services, ACTOR).entries
    assert (entry.state == "ended") is ends
    assert is_disabled(services, user.id)


@pytest.mark.parametrize(("role", "choice"), [("ADMIN", "yes"), ("ADMIN", "no"), ("MGR", "no")])
def test_ending_an_entry_asks_about_the_account(
    services: Services, signed_in: SignIn, make_user: MakeUser, role: str, choice: str
) -> None:
    user = make_user("COORD")
    add_sender(services, "operator", "coord@iom.example", "VAST")
    keeper = signed_in(role)
    form = f"{SENDERS}/{entries(services)['coord@iom.example']}/end"

    assert "coord@iom.example" in keeper.get(form).text
    assert keeper.post(form, form).status_code == 400
    assert keeper.post(form, form, with_account=choice).status_code == 303

    assert is_disabled(services, user.id) is (choice == "yes")


def test_a_manager_disables_no_account_by_an_entry(
    services: Services, signed_in: SignIn, make_user: MakeUser
) -> None:
    user = make_user("COORD")
    add_sender(services, "operator", "coord@iom.example", "VAST")
    form = f"{SENDERS}/{entries(services)['coord@iom.example']}/end"

    answer = signed_in("MGR").post(form, form, with_account="yes")

    assert answer.status_code == 400
    assert not is_disabled(services, user.id)


def test_what_stands_apart_is_listed_and_joined(
    services: Services, signed_in: SignIn, make_user: MakeUser
) -> None:
    user = make_user("COORD")
    add_sender(services, "operator", "coord@iom.example", "NORD")
    add_sender(services, "operator", ADDRESS, "VAST")
    manager = signed_in("MGR")
    page = manager.get(SENDERS).text

    joined = manager.post(f"{SENDERS}/join", SENDERS, account=user.id)
    linked = manager.post(f"{SENDERS}/{entries(services)[ADDRESS]}/link", SENDERS, account=user.id)

    assert "registered for another region" in page
    assert "Move the entry to Väst" in page
    assert "1 registered sender has no account" in page
    assert (joined.status_code, linked.status_code) == (303, 303)
    after = manager.get(SENDERS).text
    assert "every coordinator&#39;s account has its entry" in after or "has its entry" in after
    assert "Counts" not in after


def test_an_administrator_links_no_other_address(
    services: Services, signed_in: SignIn, make_user: MakeUser
) -> None:
    user = make_user("COORD")
    add_sender(services, "operator", "coord@iom.example", "VAST")
    add_sender(services, "operator", ADDRESS, "VAST")
    path = f"{SENDERS}/{entries(services)[ADDRESS]}/link"

    assert signed_in("ADMIN").post(path, SENDERS, account=user.id).status_code == 404
