"""The register of coordinators: checked, renewed, and never written in the clear."""

from datetime import timedelta
from pathlib import Path

import pytest

from intake.errors import AddressInvalid, SettingInvalid
from intake.registering import EXPIRES_AFTER, REGIONS, add_sender
from intake.services import Services
from storage import audit, senders
from storage.sealing import unseal
from storage.senders import RegisteredSender
from tests.support.building import Clock, make_services

ADDRESS = "anna@partner.example"


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
        "åsa@partner.example",
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
