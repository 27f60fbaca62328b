"""Check quarantine: who releases and rejects what, once, with a reason, and two for malware."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest

from intake.access import gate
from intake.access.held_documents import HeldDocument
from intake.access.opened import OpenedToChange
from intake.access.safeguards.four_eyes import FourEyesNeeded
from intake.access.safeguards.written_reason import ReasonInvalid
from intake.accounts.accounts import SignedInUser
from intake.core.errors import Conflict, NotFound
from intake.core.services import Services
from intake.documents import quarantine
from storage.accounts.users import Role
from storage.documents import safe_copies
from storage.documents.quarantine import rejected_among
from tests.intake.documents.held import WHY, Held, seed_held
from tests.portal.documents import copies
from tests.support.building import Clock, RecordingQueue
from tests.support.people import plant_user

Do = Callable[[Services, OpenedToChange[HeldDocument], str], None]


@pytest.fixture
def held(sqlite_services: Services) -> Held:
    """Give a submission in quarantine."""
    return seed_held(sqlite_services)


@pytest.fixture
def officer(sqlite_services: Services) -> SignedInUser:
    """Give an intake officer."""
    return plant_user(sqlite_services)


def rounds(services: Services) -> list[tuple[str, str]]:
    assert isinstance(services.queue, RecordingQueue)
    return services.queue.rounds


@pytest.mark.parametrize("name", ["underlag.zip", "skadad.pdf"])
def test_a_released_document_waits_for_its_copy(
    held: Held, officer: SignedInUser, name: str
) -> None:
    document_id = held.document(name).id

    quarantine.release_document(
        held.services, gate.document_to_change(held.services, officer, document_id), f"  {WHY}\n"
    )

    document = held.document(name)
    assert (document.state, document.reason) == ("ACTIVE", "released")
    assert rounds(held.services) == [(held.submission_id, f"release-{document_id}")]
    assert [(act.act, act.user_id) for act in held.acts(document_id)] == [("release", officer.id)]
    assert held.reasons(document_id) == [WHY]


def test_an_act_is_one_audit_event_without_the_reason(held: Held, officer: SignedInUser) -> None:
    document = held.document("underlag.zip")

    quarantine.release_document(
        held.services, gate.document_to_change(held.services, officer, document.id), WHY
    )

    (event,) = held.events()
    assert (event.act, event.actor) == ("document.released", officer.actor)
    assert event.detail == {"document": document.id, "part": document.path, "was": "too_deep"}


def test_a_rejected_document_is_gone_and_its_hash_stays(held: Held, officer: SignedInUser) -> None:
    document_id = held.document("skadad.pdf").id
    quarantine.release_document(
        held.services, gate.document_to_change(held.services, officer, document_id), WHY
    )
    copies.add_copy(held.services, document_id)

    quarantine.reject_document(
        held.services, gate.document_to_change(held.services, officer, document_id), WHY
    )

    document = held.document("skadad.pdf")
    assert (document.state, document.reason) == ("REJECTED", "rejected")
    with held.services.database.reading() as session:
        assert rejected_among(session, [document.content_hash]) == {document.content_hash}
        assert safe_copies.of_document(session, document_id) is None
        assert safe_copies.pages_of(session, document_id) == []
    assert [event.act for event in held.events()] == ["document.released", "document.rejected"]


@pytest.mark.parametrize("reason", ["", "short", "   too few  ", " a  b  c  d ", "x" * 1001])
@pytest.mark.parametrize(
    "do",
    [quarantine.release_document, quarantine.reject_document, quarantine.ask_release],
    ids=lambda do: do.__name__,
)
def test_without_a_written_reason_nothing_happens(
    held: Held, officer: SignedInUser, do: Do, reason: str
) -> None:
    before = held.document("underlag.zip").state

    with pytest.raises(ReasonInvalid):
        do(
            held.services,
            gate.document_to_change(held.services, officer, held.document("underlag.zip").id),
            reason,
        )

    assert held.document("underlag.zip").state == before
    assert held.events() == []


def test_malware_takes_a_second_person(held: Held, officer: SignedInUser, clock: Clock) -> None:
    second = plant_user(held.services, "Intake officer 2")
    document_id = held.document("faktura.doc").id

    with pytest.raises(FourEyesNeeded):
        quarantine.release_document(
            held.services, gate.document_to_change(held.services, officer, document_id), WHY
        )
    quarantine.ask_release(
        held.services, gate.document_to_change(held.services, officer, document_id), WHY
    )
    quarantine.ask_release(
        held.services, gate.document_to_change(held.services, officer, document_id), WHY
    )
    with pytest.raises(FourEyesNeeded):
        quarantine.release_document(
            held.services, gate.document_to_change(held.services, officer, document_id), WHY
        )

    assert held.document("faktura.doc").state == "INFECTED"
    assert [event.act for event in held.events()] == ["document.release_asked"]
    clock.advance(timedelta(hours=1))
    quarantine.release_document(
        held.services, gate.document_to_change(held.services, second, document_id), WHY
    )
    document = held.document("faktura.doc")
    assert (document.state, document.reason) == ("ACTIVE", "released")
    assert document.findings == ["malware:EICAR", "released_despite_malware"]
    assert [act.user_id for act in held.acts(document_id)] == [officer.id, second.id]


def test_an_old_asking_is_no_consent(held: Held, officer: SignedInUser, clock: Clock) -> None:
    second = plant_user(held.services, "Intake officer 2")
    document_id = held.document("faktura.doc").id
    quarantine.ask_release(
        held.services, gate.document_to_change(held.services, officer, document_id), WHY
    )

    clock.advance(timedelta(hours=72))

    with pytest.raises(FourEyesNeeded):
        quarantine.release_document(
            held.services, gate.document_to_change(held.services, second, document_id), WHY
        )


def test_a_rejected_verdict_stays_among_the_findings(held: Held, officer: SignedInUser) -> None:
    document_id = held.document("faktura.doc").id

    quarantine.reject_document(
        held.services, gate.document_to_change(held.services, officer, document_id), WHY
    )

    assert held.document("faktura.doc").findings == ["malware:EICAR"]


@pytest.mark.parametrize(
    "do", [quarantine.release_document, quarantine.reject_document], ids=lambda do: do.__name__
)
def test_a_form_sent_twice_is_one_act(held: Held, officer: SignedInUser, do: Do) -> None:
    document_id = held.document("underlag.zip").id

    do(held.services, gate.document_to_change(held.services, officer, document_id), WHY)
    do(held.services, gate.document_to_change(held.services, officer, document_id), WHY)

    assert len(held.acts(document_id)) == len(held.events()) == 1
    assert len(rounds(held.services)) <= 1


@pytest.mark.parametrize(
    ("do", "name"),
    [
        (quarantine.release_document, "brev.pdf"),
        (quarantine.release_document, "pass.pdf"),
        (quarantine.reject_document, "brev.pdf"),
        (quarantine.ask_release, "underlag.zip"),
        (quarantine.ask_release, "brev.pdf"),
    ],
)
def test_what_is_not_possible_changes_nothing(
    held: Held, officer: SignedInUser, do: Do, name: str
) -> None:
    before = held.document(name).state

    with pytest.raises(Conflict):
        do(
            held.services,
            gate.document_to_change(held.services, officer, held.document(name).id),
            WHY,
        )

    assert held.document(name).state == before
    assert held.events() == []


@pytest.mark.parametrize(
    "do",
    [quarantine.release_document, quarantine.reject_document, quarantine.ask_release],
    ids=lambda do: do.__name__,
)
def test_another_programmes_document_is_not_there(held: Held, do: Do) -> None:
    stranger = plant_user(held.services, "Cash officer 1", "CASH")
    for document_id in (held.document("faktura.doc").id, "0" * 32, "x"):
        with pytest.raises(NotFound):
            do(held.services, gate.document_to_change(held.services, stranger, document_id), WHY)

    assert held.events() == []


def test_the_queue_item_closes_with_the_last_document(held: Held, officer: SignedInUser) -> None:
    names = ("underlag.zip", "skadad.pdf", "pass.pdf", "faktura.doc")

    for name in names[:-1]:
        quarantine.reject_document(
            held.services,
            gate.document_to_change(held.services, officer, held.document(name).id),
            WHY,
        )
        assert held.open_types() == {("Q6", "quarantine")}
    quarantine.reject_document(
        held.services,
        gate.document_to_change(held.services, officer, held.document(names[-1]).id),
        WHY,
    )

    assert held.open_types() == set()


def test_the_desk_lists_what_is_held(held: Held, officer: SignedInUser) -> None:
    seed_held(held.services, programme="cash")
    quarantine.ask_release(
        held.services,
        gate.document_to_change(held.services, officer, held.document("faktura.doc").id),
        WHY,
    )

    rows = quarantine.held_list(held.services, officer)

    assert [row.state for row in rows] == ["HELD", "UNREADABLE", "INFECTED", "LOCKED"]
    assert [row.done for row in rows] == [(), (), (("ask_release", officer.label),), ()]
    assert len(quarantine.held_list(held.services, replace(officer, role=Role.MGR))) == 8
    assert quarantine.held_list(held.services, replace(officer, role=Role.AUDIT)) == []


def test_of_many_officers_at_once_one_decides(services: Services) -> None:
    held = seed_held(services)
    document_id = held.document("underlag.zip").id
    officers = [plant_user(services, f"Intake officer {number}") for number in range(6)]

    def decide(number: int) -> bool:
        do = quarantine.release_document if number % 2 else quarantine.reject_document
        try:
            do(services, gate.document_to_change(services, officers[number], document_id), WHY)
        except Conflict:
            return False
        return True

    with ThreadPoolExecutor(6) as pool:
        decided = list(pool.map(decide, range(6)))

    # A release may still be followed by one rejection; never the other way round.
    acts = [event.act for event in held.events()]
    assert acts in (
        ["document.rejected"],
        ["document.released", "document.rejected"],
        ["document.released"],
    )
    assert decided.count(True) == len(acts) == len(held.acts(document_id))


def test_two_who_ask_at_once_have_released_nothing(services: Services) -> None:
    held = seed_held(services)
    document_id = held.document("faktura.doc").id
    officers = [plant_user(services, f"Intake officer {number}") for number in range(2)]

    with ThreadPoolExecutor(2) as pool:
        list(
            pool.map(
                lambda each: quarantine.ask_release(
                    services, gate.document_to_change(services, each, document_id), WHY
                ),
                officers,
            )
        )

    assert held.document("faktura.doc").state == "INFECTED"
    assert {act.user_id for act in held.acts(document_id)} <= {each.id for each in officers}
