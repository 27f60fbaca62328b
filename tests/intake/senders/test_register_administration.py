"""Check the register as the office keeps it: faults by field, renewed, and ended at once."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from intake.accounts.accounts import SignedInUser
from intake.core.errors import Conflict, NotFound
from intake.core.services import Services
from intake.senders import register, register_administration
from intake.senders.register_administration import EntryInvalid, Filled
from storage import audit
from storage.accounts.users import Role
from tests.support.building import Clock

Act = Callable[[Services, SignedInUser, str], None]
ACTOR = SignedInUser("a" * 32, "Administrator 1", Role.ADMIN, None)
ADDRESS = "coordinator@region.example"
GOOD = Filled(ADDRESS, "VAST", "TEST Coordinator", "+46 8 123 45 67")


def only(services: Services) -> register_administration.SenderEntry:
    (entry,) = register_administration.list_entries(services, ACTOR).entries
    return entry


def test_a_sender_is_told_as_it_was_registered(sqlite_services: Services, clock: Clock) -> None:
    is_new = register_administration.add_entry(sqlite_services, ACTOR, GOOD)

    assert is_new
    entry = only(sqlite_services)
    assert entry == register_administration.SenderEntry(
        id=entry.id,
        address=ADDRESS,
        region="VAST",
        name="TEST Coordinator",
        phone="+46 8 123 45 67",
        deputy_for=None,
        state="current",
        expires_at=clock.now() + register.EXPIRES_AFTER,
    )


def test_what_a_form_leaves_empty_stays(sqlite_services: Services) -> None:
    register_administration.add_entry(sqlite_services, ACTOR, GOOD)

    is_new = register_administration.add_entry(
        sqlite_services, ACTOR, Filled(ADDRESS.upper(), "SYD")
    )

    assert not is_new
    entry = only(sqlite_services)
    assert (entry.region, entry.name, entry.phone) == ("SYD", GOOD.name, GOOD.phone)


def test_a_deputy_is_told_with_whom_it_stands_in_for(sqlite_services: Services) -> None:
    register_administration.add_entry(sqlite_services, ACTOR, GOOD)

    register_administration.add_entry(
        sqlite_services, ACTOR, Filled("deputy@region.example", "VAST", deputy_for=ADDRESS)
    )

    entries = {
        each.address: each
        for each in register_administration.list_entries(sqlite_services, ACTOR).entries
    }
    assert entries["deputy@region.example"].deputy_for == ADDRESS


@pytest.mark.parametrize(
    ("filled", "field"),
    [
        (Filled("", "VAST"), "address"),
        (Filled("no address", "VAST"), "address"),
        (Filled("a@b.example\nBcc: c@d.example", "VAST"), "address"),
        (Filled(ADDRESS, ""), "region"),
        (Filled(ADDRESS, "MARS"), "region"),
        (Filled(ADDRESS, "VAST", phone="call me"), "phone"),
        (Filled(ADDRESS, "VAST", name="x" * 101), "name"),
        (Filled(ADDRESS, "VAST", deputy_for="nobody@region.example"), "deputy_for"),
        (Filled(ADDRESS, "VAST", deputy_for="no address"), "deputy_for"),
        (Filled(ADDRESS, "VAST", deputy_for=ADDRESS), "deputy_for"),
    ],
)
def test_a_fault_is_told_of_its_field_and_nothing_is_stored(
    sqlite_services: Services, filled: Filled, field: str
) -> None:
    with pytest.raises(EntryInvalid) as raised:
        register_administration.add_entry(sqlite_services, ACTOR, filled)

    assert list(raised.value.faults) == [field]
    assert register_administration.list_entries(sqlite_services, ACTOR).entries == []


def test_an_ended_entry_counts_no_more_and_is_not_ended_again(sqlite_services: Services) -> None:
    register_administration.add_entry(sqlite_services, ACTOR, GOOD)
    sender_id = only(sqlite_services).id

    register_administration.end_entry(sqlite_services, ACTOR, sender_id)

    assert only(sqlite_services).state == "ended"
    with pytest.raises(Conflict):
        register_administration.end_entry(sqlite_services, ACTOR, sender_id)
    with sqlite_services.database.reading() as session:
        events = audit.of_subject(session, "sender", sender_id)
    assert [(each.actor, each.act) for each in events] == [
        (ACTOR.actor, "sender.registered"),
        (ACTOR.actor, "sender.ended"),
    ]


@pytest.mark.parametrize("is_ended", [True, False])
def test_a_renewed_entry_counts_again(
    sqlite_services: Services, clock: Clock, is_ended: bool
) -> None:
    register_administration.add_entry(sqlite_services, ACTOR, GOOD)
    sender_id = only(sqlite_services).id
    if is_ended:
        register_administration.end_entry(sqlite_services, ACTOR, sender_id)
    clock.advance(register.EXPIRES_AFTER + timedelta(days=1))
    before = only(sqlite_services).state

    register_administration.renew_entry(sqlite_services, ACTOR, sender_id)

    assert before == ("ended" if is_ended else "expired")
    entry = only(sqlite_services)
    assert (entry.state, entry.name) == ("current", GOOD.name)


@pytest.mark.parametrize(
    "act", [register_administration.renew_entry, register_administration.end_entry]
)
def test_an_unknown_entry_is_not_there(sqlite_services: Services, act: Act) -> None:
    with pytest.raises(NotFound):
        act(sqlite_services, ACTOR, "0" * 32)
