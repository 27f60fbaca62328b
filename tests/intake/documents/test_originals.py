"""Check originals.

Reason, right programme, and for malware an asking by somebody else each time.
"""

from collections.abc import Callable
from datetime import timedelta

import pytest

from intake.access import gate
from intake.access.safeguards.four_eyes import FourEyesNeeded
from intake.access.safeguards.written_reason import ReasonInvalid
from intake.accounts.accounts import SignedInUser
from intake.core.errors import BlobDamaged, NotFound
from intake.core.services import Services
from intake.documents import originals, quarantine
from tests.intake.documents.held import WHY, Held, seed_held
from tests.support.building import Clock
from tests.support.people import plant_user


@pytest.fixture
def held(sqlite_services: Services) -> Held:
    """Give a submission in quarantine."""
    return seed_held(sqlite_services)


@pytest.fixture
def officer(sqlite_services: Services) -> SignedInUser:
    """Give an intake officer."""
    return plant_user(sqlite_services)


@pytest.mark.parametrize("name", ["brev.pdf", "underlag.zip", "pass.pdf"])
def test_an_original_takes_a_reason_and_is_written_down(
    held: Held, officer: SignedInUser, name: str
) -> None:
    document_id = held.document(name).id

    content = originals.open_original(
        held.services, gate.document_to_change(held.services, officer, document_id), WHY
    )

    assert content == b"raw"
    assert held.reasons(document_id) == [WHY]
    (event,) = held.events()
    assert (event.act, event.actor) == ("document.original_opened", officer.actor)
    assert WHY not in str(event.detail)


def test_each_opening_is_an_act_of_its_own(held: Held, officer: SignedInUser) -> None:
    document_id = held.document("brev.pdf").id

    for _ in range(3):
        originals.open_original(
            held.services, gate.document_to_change(held.services, officer, document_id), WHY
        )

    assert len(held.acts(document_id)) == len(held.events()) == 3


def test_malware_takes_an_asking_by_somebody_else_each_time(
    held: Held, officer: SignedInUser, clock: Clock
) -> None:
    second = plant_user(held.services, "Intake officer 2")
    document_id = held.document("faktura.doc").id

    with pytest.raises(FourEyesNeeded):
        originals.open_original(
            held.services, gate.document_to_change(held.services, officer, document_id), WHY
        )
    originals.ask_original(
        held.services, gate.document_to_change(held.services, officer, document_id), WHY
    )
    originals.ask_original(
        held.services, gate.document_to_change(held.services, officer, document_id), WHY
    )
    with pytest.raises(FourEyesNeeded):
        originals.open_original(
            held.services, gate.document_to_change(held.services, officer, document_id), WHY
        )
    clock.advance(timedelta(minutes=1))
    assert (
        originals.open_original(
            held.services, gate.document_to_change(held.services, second, document_id), WHY
        )
        == b"raw"
    )
    clock.advance(timedelta(minutes=1))
    with pytest.raises(FourEyesNeeded):
        originals.open_original(
            held.services, gate.document_to_change(held.services, second, document_id), WHY
        )

    acts = ["document.original_asked", "document.original_opened"]
    assert [event.act for event in held.events()] == acts


def test_a_release_does_not_open_the_original_to_one(
    held: Held, officer: SignedInUser, clock: Clock
) -> None:
    second = plant_user(held.services, "Intake officer 2")
    document_id = held.document("faktura.doc").id
    quarantine.ask_release(
        held.services, gate.document_to_change(held.services, officer, document_id), WHY
    )
    clock.advance(timedelta(minutes=1))
    quarantine.release_document(
        held.services, gate.document_to_change(held.services, second, document_id), WHY
    )

    with pytest.raises(FourEyesNeeded):
        originals.open_original(
            held.services, gate.document_to_change(held.services, officer, document_id), WHY
        )


@pytest.mark.parametrize("do", [originals.open_original, originals.ask_original])
def test_another_programme_and_no_reason_get_nothing(
    held: Held, officer: SignedInUser, do: Callable[..., object]
) -> None:
    stranger = plant_user(held.services, "Cash officer 1", "CASH")

    with pytest.raises(NotFound):
        do(
            held.services,
            gate.document_to_change(held.services, stranger, held.document("brev.pdf").id),
            WHY,
        )
    with pytest.raises(NotFound):
        do(held.services, gate.document_to_change(held.services, officer, "0" * 32), WHY)
    with pytest.raises(ReasonInvalid):
        do(
            held.services,
            gate.document_to_change(held.services, officer, held.document("brev.pdf").id),
            "because",
        )

    assert held.events() == []


def test_a_damaged_original_is_an_alarm_and_no_act(held: Held, officer: SignedInUser) -> None:
    document = held.document("brev.pdf")
    path = held.services.settings.data_dir / "blobs" / document.blob_id
    path.write_bytes(path.read_bytes()[:-1] + b"x")

    with pytest.raises(BlobDamaged):
        originals.open_original(
            held.services, gate.document_to_change(held.services, officer, document.id), WHY
        )

    assert held.acts(document.id) == []
