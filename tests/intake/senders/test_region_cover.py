"""Check who stands for a region: coordinators, deputies, and a fallback where there is nobody."""

from datetime import timedelta
from typing import Any

import pytest

from intake.core.services import Services
from intake.correspondence import notices
from intake.outbox.mail_texts import MailTexts
from intake.reference_data.edition_rules import content_problems
from intake.senders import region_cover
from intake.senders.region_cover import RegionCover
from intake.senders.register import add_sender
from storage.base import new_id
from storage.cases import cases
from storage.editions import Edition, EditionKind, EditionState
from storage.submissions import queue_items
from tests.support.building import MAIL_TEXTS, Clock
from tests.support.rows import Planter

TEXTS = MailTexts(MAIL_TEXTS)
CONTENT: dict[str, Any] = {  # Any: an edition's JSON
    "source": "The office's agreement",
    "fallbacks": {"VAST": "SYD", "SYD": "VAST", "NORD": "VAST"},
    "contact": "National contact, +46 8 000 00 00",
}


def approve(services: Services, content: dict[str, Any]) -> None:  # Any: see CONTENT
    """Put fallbacks in force."""
    with services.database.transaction() as session:
        session.add(
            Edition(
                id=new_id(),
                kind=EditionKind.REGIONS,
                code="fallbacks",
                language="",
                number=1,
                valid_from=(services.now() - timedelta(days=2)).date(),
                content=content,
                state=EditionState.APPROVED,
                proposed_at=services.now(),
                decided_at=services.now(),
            )
        )


def cover_of(services: Services, region: str | None) -> RegionCover | None:
    """Return who stands for a region."""
    with services.database.reading() as session:
        return region_cover.cover_of(services, session, region)


def names(found: RegionCover | None) -> list[tuple[str, bool]]:
    """Return who stands for a region by name, and whether as a deputy."""
    assert found is not None
    return [(person.name, person.is_deputy) for person in found.people]


def test_coordinators_stand_before_their_deputies(sqlite_services: Services) -> None:
    add_sender(sqlite_services, "t", "main@region.example", "VAST", name="Z", phone="+46 8 1234")
    add_sender(
        sqlite_services,
        "t",
        "second@region.example",
        "VAST",
        name="A",
        deputy_for="main@region.example",
    )

    found = cover_of(sqlite_services, "VAST")

    assert names(found) == [("Z", False), ("A", True)]
    assert found is not None
    assert (found.is_vacant, found.people[0].phone) == (False, "+46 8 1234")


def test_a_region_is_vacant_when_its_last_entry_lapses(
    sqlite_services: Services, clock: Clock
) -> None:
    add_sender(sqlite_services, "t", "main@region.example", "VAST", name="Z")
    clock.at += timedelta(days=184)

    found = cover_of(sqlite_services, "VAST")

    assert found is not None
    assert (found.is_vacant, found.fallback) == (True, "")
    assert "020-39 00 00" in found.contact


@pytest.mark.parametrize(
    ("region", "staffed", "fallback"),
    [("VAST", "SYD", "SYD"), ("NORD", "SYD", "SYD"), ("NORD", "OST", ""), ("MITT", "SYD", "")],
)
def test_the_nearest_region_of_the_chain_that_has_somebody_stands_in(
    sqlite_services: Services, region: str, staffed: str, fallback: str
) -> None:
    approve(sqlite_services, CONTENT)
    add_sender(sqlite_services, "t", "other@region.example", staffed, name="Other")

    found = cover_of(sqlite_services, region)

    assert found is not None
    assert found.fallback == fallback
    assert [person.name for person in found.standing_in] == (["Other"] if fallback else [])
    assert found.contact == CONTENT["contact"]


@pytest.mark.parametrize("region", [None, "", "FINLAND"])
def test_what_is_no_region_has_no_cover(sqlite_services: Services, region: str | None) -> None:
    assert cover_of(sqlite_services, region) is None


def test_a_message_for_a_vacant_region_becomes_a_call_and_no_mail_elsewhere(
    sqlite_services: Services,
) -> None:
    approve(sqlite_services, CONTENT)
    add_sender(sqlite_services, "t", "other@region.example", "SYD", name="Other")
    with sqlite_services.database.transaction() as session:
        plant = Planter(session, sqlite_services.keyring, sqlite_services.now())
        case = plant.case(region="VAST")
        submission = plant.submission(case_id=case.id)
        (locked,) = cases.locked(session, [case.id])

        why = notices.write_notice(sqlite_services, session, TEXTS, locked).refused

        items = queue_items.of_submission(session, submission.id)
    assert why == "region_vacant"
    assert [(item.kind, item.reason) for item in items] == [("call_sender", "region_vacant")]


@pytest.mark.parametrize(
    ("changed", "fault"),
    [
        ({"fallbacks": {}, "contact": ""}, "Say who is called"),
        ({"fallbacks": None}, "There must be an object here."),
        ({"fallbacks": ["VAST"]}, "There must be an object here."),
        ({"fallbacks": {"VAST": "VAST"}}, "cannot stand in for itself"),
        ({"fallbacks": {"VAST": "HAMN"}}, "There is no region «HAMN»"),
        ({"fallbacks": {"VAST": ["SYD"]}}, "There must be a text here."),
        ({"contact": "two\nlines"}, "one line"),
        ({"contact": 7}, "There must be a text here."),
        ({"source": ""}, "Where this comes from: This is missing."),
        ({"more": 1}, "means nothing here"),
    ],
)
def test_fallbacks_that_cannot_be_are_told(changed: dict[str, object], fault: str) -> None:
    problems = content_problems("regions", CONTENT | changed)

    assert any(fault in problem for problem in problems)


def test_right_fallbacks_have_no_fault() -> None:
    assert content_problems("regions", CONTENT) == ()
