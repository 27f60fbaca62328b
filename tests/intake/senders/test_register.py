"""Check the register of coordinators: checked, renewed, and never written in the clear."""

from datetime import timedelta
from pathlib import Path

import pytest

from intake.core.errors import AddressInvalid, SettingInvalid
from intake.core.regions import REGIONS
from intake.core.services import Services
from intake.senders.register import EXPIRES_AFTER, add_sender
from storage import audit
from storage.crypto.sealing import unseal
from storage.mail import senders
from storage.mail.senders import RegisteredSender
from tests.support.building import Clock, make_services

ADDRESS = "anna@partner.example"
DEPUTY = "deputy@partner.example"


def entries(services: Services) -> list[RegisteredSender]:
    """Return the whole register."""
    with services.database.reading() as session:
        return list(session.query(RegisteredSender).all())


def test_a_new_address_is_registered_for_half_a_year(services: Services, clock: Clock) -> None:
    assert add_sender(services, "operator", ADDRESS, "STHLM")

    (entry,) = entries(services)
    assert (entry.region, entry.added_at) == ("STHLM", clock.now())
    assert entry.expires_at == clock.now() + EXPIRES_AFTER
    assert senders.is_current(entry, clock.now() + EXPIRES_AFTER - timedelta(seconds=1))
    assert not senders.is_current(entry, clock.now() + EXPIRES_AFTER)


def test_an_address_is_registered_once_however_it_is_written(
    services: Services, clock: Clock
) -> None:
    add_sender(services, "operator", ADDRESS, "STHLM")
    clock.advance(timedelta(days=200))

    assert not add_sender(services, "operator", "  Anna@Partner.Example ", "SYD")

    (entry,) = entries(services)
    assert entry.region == "SYD"
    assert senders.is_current(entry, clock.now())


def test_an_ended_entry_is_renewed(services: Services, clock: Clock) -> None:
    add_sender(services, "operator", ADDRESS, "STHLM")
    with services.database.transaction() as session:
        session.query(RegisteredSender).one().ended_at = clock.now()

    add_sender(services, "operator", ADDRESS, "STHLM")

    assert senders.is_current(entries(services)[0], clock.now())


def test_registering_is_audited_without_the_address(services: Services) -> None:
    add_sender(services, "operator", ADDRESS, "STHLM")
    add_sender(services, "operator", ADDRESS, "STHLM")

    (entry,) = entries(services)
    with services.database.reading() as session:
        events = audit.of_subject(session, "sender", entry.id)
    assert [event.act for event in events] == ["sender.registered", "sender.renewed"]
    assert [event.detail for event in events] == [{"region": "STHLM"}] * 2


def test_an_address_is_sealed(tmp_path: Path, clock: Clock) -> None:
    services = make_services(tmp_path, None, clock.now)
    add_sender(services, "operator", ADDRESS, "STHLM")
    (entry,) = entries(services)
    with services.database.reading() as session:
        key = services.keyring.system(session)
    services.database.close()

    written = b"".join(path.read_bytes() for path in tmp_path.glob("avrr.db*"))

    assert ADDRESS.encode() not in written
    assert unseal(key, f"registered_senders.address:{entry.id}", entry.address) == ADDRESS


@pytest.mark.parametrize(
    "address",
    [
        "",
        "anna",
        "anna@",
        "@partner.example",
        "anna@partner.example\r\nBcc: x@y.example",
        "anna@partner.example, bo@partner.example",
        "Anna <anna@partner.example>",
        "anna @partner.example",
        "anna@partner..example",
        "anna@.example",
        "аnna@partner.example",
        "anna@@partner.example",
        '"a b"@partner.example',
    ],
)
def test_what_is_no_address_is_refused(sqlite_services: Services, address: str) -> None:
    with pytest.raises(AddressInvalid):
        add_sender(sqlite_services, "operator", address, "STHLM")

    assert entries(sqlite_services) == []


@pytest.mark.parametrize("region", ["", "sthlm", "PARIS", "STHLM,SYD"])
def test_an_unknown_region_is_refused(sqlite_services: Services, region: str) -> None:
    with pytest.raises(SettingInvalid, match="region"):
        add_sender(sqlite_services, "operator", ADDRESS, region)


def test_there_are_seven_regions() -> None:
    assert len(set(REGIONS)) == 7


def test_name_and_number_are_sealed_and_kept_when_nothing_new_is_said(
    sqlite_services: Services,
) -> None:
    services = sqlite_services
    add_sender(services, "operator", ADDRESS, "STHLM", name="Demo Person One", phone="+46 8 12345")
    add_sender(services, "operator", ADDRESS, "STHLM")

    (entry,) = entries(services)
    with services.database.reading() as session:
        key = services.keyring.system(session)
    assert entry.name is not None
    assert entry.phone is not None
    assert b"Demo" not in entry.name
    assert unseal(key, f"registered_senders.name:{entry.id}", entry.name) == "Demo Person One"
    assert unseal(key, f"registered_senders.phone:{entry.id}", entry.phone) == "+46 8 12345"


def test_a_deputy_stands_in_for_a_coordinator_until_told_otherwise(
    services: Services,
) -> None:
    add_sender(services, "operator", ADDRESS, "STHLM")
    add_sender(services, "operator", DEPUTY, "STHLM", deputy_for=f" {ADDRESS.title()} ")
    add_sender(services, "operator", DEPUTY, "STHLM")
    (principal,) = [each for each in entries(services) if each.deputy_for is None]
    (deputy,) = [each for each in entries(services) if each.deputy_for is not None]

    with services.database.reading() as session:
        assert senders.stand_ins(session, deputy.id) == {deputy.id, principal.id}
        assert senders.stand_ins(session, principal.id) == {principal.id}
    add_sender(services, "operator", DEPUTY, "STHLM", deputy_for="")

    assert [entry.deputy_for for entry in entries(services)] == [None, None]


@pytest.mark.parametrize(
    "options",
    [
        {"phone": "call me"},
        {"phone": "+46\r\n8"},
        {"deputy_for": "nobody@partner.example"},
        {"deputy_for": DEPUTY},
        {"deputy_for": "south@partner.example"},
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_kept(
    sqlite_services: Services, options: dict[str, str]
) -> None:
    add_sender(sqlite_services, "operator", "south@partner.example", "SYD")

    with pytest.raises(SettingInvalid):
        add_sender(sqlite_services, "operator", DEPUTY, "STHLM", **options)

    assert len(entries(sqlite_services)) == 1
