"""Check editions.

Proposed by one, approved by another, in force between their days and never changed.
"""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from intake.access.safeguards.four_eyes import FourEyesNeeded
from intake.accounts.accounts import SignedInUser
from intake.core import office_clock
from intake.core.errors import Conflict, NotFound
from intake.core.services import Services
from intake.reference_data import editions
from intake.reference_data.edition_drafts import EditionDraft, EditionInvalid
from intake.reference_data.editions import InForce, Overtaken
from storage import audit
from storage import editions as rows
from storage.editions import EditionKind
from tests.support.building import Clock
from tests.support.people import plant_user
from tests.support.threads import run_together

FIRST = date(2026, 12, 1)


def draft(*countries: str, **changes: Any) -> EditionDraft:
    fields: dict[str, Any] = {
        "kind": EditionKind.COUNTRIES,
        "code": "iom_payable",
        "language": "",
        "valid_from": FIRST,
        "valid_to": None,
        "content": {"source": "A test", "countries": list(countries or ("IRQ",))},
        "note": "The list has changed.",
    }
    return EditionDraft(**(fields | changes))


@pytest.fixture
def officer(services: Services) -> SignedInUser:
    """Give who proposes."""
    return plant_user(services, "Cash officer 1", "CASH")


@pytest.fixture
def manager(services: Services) -> SignedInUser:
    """Give who approves."""
    return plant_user(services, "Manager 1", "MGR")


def in_force(services: Services, day: date, **options: Any) -> InForce | None:
    with services.database.reading() as session:
        return editions.in_force(session, EditionKind.COUNTRIES, "iom_payable", day, **options)


def number(services: Services, day: date) -> int | None:
    found = in_force(services, day)
    return found.number if found is not None else None


def test_a_proposal_counts_for_nothing(services: Services, officer: SignedInUser) -> None:
    editions.propose_edition(services, officer, draft())

    assert number(services, FIRST) == 0


def test_an_approved_edition_counts_from_its_first_day_to_its_last(
    services: Services, officer: SignedInUser, manager: SignedInUser
) -> None:
    last = FIRST + timedelta(days=30)
    editions.approve_edition(
        services, manager, editions.propose_edition(services, officer, draft(valid_to=last))
    )

    days = (FIRST - timedelta(days=1), FIRST, last, last + timedelta(days=1))
    assert [number(services, day) for day in days] == [0, 1, 1, 0]


def test_a_day_before_everything_has_no_rule(services: Services) -> None:
    assert number(services, date(2025, 12, 31)) is None
    assert number(services, date(2026, 1, 1)) == 0


def test_the_newest_approved_counts(
    services: Services, officer: SignedInUser, manager: SignedInUser
) -> None:
    for country in ("IRQ", "SOM", "SDN"):
        proposed = editions.propose_edition(services, officer, draft(country))
        if country != "SDN":
            editions.approve_edition(services, manager, proposed)

    found = in_force(services, FIRST)

    assert found is not None
    assert (found.number, found.content["countries"]) == (2, ["SOM"])


def test_what_is_approved_later_does_not_count_for_what_was_known(
    services: Services, officer: SignedInUser, manager: SignedInUser, clock: Clock
) -> None:
    before = clock.now()
    clock.advance(timedelta(hours=1))
    editions.approve_edition(
        services, manager, editions.propose_edition(services, officer, draft("SOM"))
    )

    then = in_force(services, FIRST, known_at=before)
    now = in_force(services, FIRST, known_at=clock.now())

    assert then is not None
    assert now is not None
    assert (then.number, now.number) == (0, 1)


def test_own_edition_is_not_approved(services: Services, manager: SignedInUser) -> None:
    proposed = editions.propose_edition(services, manager, draft())

    with pytest.raises(FourEyesNeeded):
        editions.approve_edition(services, manager, proposed)

    assert number(services, FIRST) == 0


def test_who_proposed_may_take_it_back(services: Services, manager: SignedInUser) -> None:
    proposed = editions.propose_edition(services, manager, draft())

    editions.refuse_edition(services, manager, proposed)

    with services.database.reading() as session:
        row = rows.by_id(session, proposed)
    assert row is not None
    assert row.state == "refused"


@pytest.mark.parametrize("first", ["approve", "refuse"])
@pytest.mark.parametrize("second", ["approve", "refuse"])
def test_what_is_decided_is_not_decided_again(
    services: Services, officer: SignedInUser, manager: SignedInUser, first: str, second: str
) -> None:
    proposed = editions.propose_edition(services, officer, draft())
    getattr(editions, f"{first}_edition")(services, manager, proposed)

    with pytest.raises(Conflict):
        getattr(editions, f"{second}_edition")(services, manager, proposed)

    assert number(services, FIRST) == (1 if first == "approve" else 0)


def test_an_older_proposal_does_not_pass_a_newer_edition(
    services: Services, officer: SignedInUser, manager: SignedInUser
) -> None:
    older = editions.propose_edition(services, officer, draft("IRQ"))
    before = editions.propose_edition(services, officer, draft("SDN", valid_to=date(2026, 12, 5)))
    newer = editions.propose_edition(services, officer, draft("SOM", valid_from=date(2026, 12, 6)))
    editions.approve_edition(services, manager, newer)

    with pytest.raises(Overtaken):
        editions.approve_edition(services, manager, older)
    editions.approve_edition(services, manager, before)

    assert [number(services, date(2026, 12, day)) for day in (5, 6)] == [2, 3]


def test_a_faulty_content_is_not_stored(services: Services, officer: SignedInUser) -> None:
    with pytest.raises(EditionInvalid) as raised:
        editions.propose_edition(services, officer, draft("IRQ", "XXX"))

    assert "There is no country «XXX»." in raised.value.faults[""][0]
    with services.database.reading() as session:
        assert rows.heads_of_kind(session, EditionKind.COUNTRIES) == []


def test_an_unknown_edition_is_not_found(services: Services, manager: SignedInUser) -> None:
    for decide in (editions.approve_edition, editions.refuse_edition):
        with pytest.raises(NotFound):
            decide(services, manager, "nothing")


def test_each_act_is_audited_with_codes_only(
    services: Services, officer: SignedInUser, manager: SignedInUser
) -> None:
    proposed = editions.propose_edition(services, officer, draft())
    editions.approve_edition(services, manager, proposed)

    with services.database.reading() as session:
        events = audit.of_subject(session, "edition", proposed)
        assert audit.check_chain(session, services.keyring) == []
    assert [(event.actor, event.act) for event in events] == [
        (officer.actor, "edition.proposed"),
        (manager.actor, "edition.approved"),
    ]
    expected = {"kind": "countries", "code": "iom_payable", "language": "", "number": 1}
    assert all(event.detail == expected for event in events)


def test_two_managers_at_once_approve_once(services: Services, officer: SignedInUser) -> None:
    managers = [plant_user(services, f"Manager {place}", "MGR") for place in range(2)]
    proposed = editions.propose_edition(services, officer, draft())

    outcome = run_together(
        2, lambda place: editions.approve_edition(services, managers[place], proposed)
    )

    assert len(outcome.results) == 1
    assert [type(error) for error in outcome.errors] == [Conflict]


def test_languages_are_things_of_their_own(
    services: Services, officer: SignedInUser, manager: SignedInUser
) -> None:
    for language in ("sv", "en"):
        answer = draft(
            kind=EditionKind.ANSWER,
            code="test_words",
            language=language,
            content={"text": language},
        )
        editions.approve_edition(
            services, manager, editions.propose_edition(services, officer, answer)
        )

    with services.database.reading() as session:
        found = {
            language: editions.in_force(
                session, EditionKind.ANSWER, "test_words", FIRST, language=language
            )
            for language in ("sv", "en", "ckb")
        }
    texts = {language: one.content["text"] if one else None for language, one in found.items()}
    assert texts == {"sv": "sv", "en": "en", "ckb": None}


def test_an_edition_is_found_again_by_its_id(
    services: Services, officer: SignedInUser, manager: SignedInUser
) -> None:
    approved = editions.propose_edition(services, officer, draft("SOM"))
    editions.approve_edition(services, manager, approved)
    proposed = editions.propose_edition(services, officer, draft("SDN"))

    with services.database.reading() as session:
        found = [
            editions.by_id(session, edition_id)
            for edition_id in (approved, "shipped-iom_payable-2026-01-01", proposed, "nothing")
        ]

    assert [one.number if one else None for one in found] == [1, 0, None, None]


def test_ids_of_what_ships_fit_their_column() -> None:
    ids = [one.id for one in editions.shipped(EditionKind.CHECKLIST)]

    assert len(set(ids)) == len(ids) == 2
    assert max(map(len, ids)) <= 32


def test_approved_clocks_count_from_their_day(
    services: Services, officer: SignedInUser, manager: SignedInUser
) -> None:
    content = dict(editions.shipped(EditionKind.CLOCKS)[0].content)
    content["targets"] = {**content["targets"], "Q1": {"working_hours": 1}}
    proposal = draft(kind=EditionKind.CLOCKS, code="service", content=content)
    editions.approve_edition(
        services, manager, editions.propose_edition(services, officer, proposal)
    )
    refused = replace(proposal, content={**content, "closes": "12:00"})
    editions.refuse_edition(services, manager, editions.propose_edition(services, officer, refused))

    with services.database.reading() as session:
        offices = editions.offices(services, session)

    opened = [datetime(2026, 11, 30, 8, tzinfo=UTC), datetime(2026, 12, 1, 8, tzinfo=UTC)]
    hours = [(office_clock.due_at(offices, "Q1", at) - at) / timedelta(hours=1) for at in opened]
    assert hours == [2, 1]
