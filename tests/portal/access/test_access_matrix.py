"""Who gets what, at every address there is, by the application's own map of addresses.

Each person asks for each address with each method, filled with what is theirs and with what is not
(threats W1 and B21). What must come back follows from `policy.ROLES` and from whose the
thing is (`Lot.is_reached_by`), with the exceptions that `asked` declares. A new route is
asked for without a change here; `world` says what its parameters stand for, and a parameter of
which it says nothing fails a test.
"""

from dataclasses import replace

import pytest
from flask import Flask

from portal.web.policy import Permission, policy_of
from tests.portal.access.asked import (
    NAMED_IN_FORMS,
    STRANGER,
    UNUSUAL,
    Asked,
    everything,
    filled_in,
    has,
    leaks,
)
from tests.portal.access.lot import Lot
from tests.portal.access.people import PEOPLE, Viewer
from tests.portal.access.person import Person, is_led_to_sign_in, text_of
from tests.portal.access.rows import rows, rows_of
from tests.portal.access.world import World

VIEWERS = {STRANGER: None} | {viewer.name: viewer for viewer in PEOPLE}
SAFE = ("GET", "HEAD", "OPTIONS")


def test_every_parameter_of_every_address_is_known(app: Flask, world: World) -> None:
    unknown = {
        f"{rule.endpoint}: {name}"
        for rule in app.url_map.iter_rules()
        for name in rule.arguments
        if not world.knows(rule.endpoint, name)
    }

    assert unknown == set(), "say in tests/portal/access/world.py what these stand for"


def test_a_new_parameter_of_which_nothing_is_said_is_found(world: World) -> None:
    app = Flask("another", static_folder=None)
    app.add_url_rule("/new/<novel_id>", "staff.queues", lambda _novel_id: "")

    with pytest.raises(AssertionError, match="novel_id"):
        everything(app, world)


@pytest.mark.parametrize("name", list(VIEWERS))
def test_foreign_things_are_not_there_and_stay_as_they_were(
    app: Flask, world: World, name: str
) -> None:
    viewer = VIEWERS[name]
    person = Person(app, viewer)
    closed = closed_to(viewer, everything(app, world))
    before = rows(world)

    unexpected = []
    for asked in closed:
        answer = person.ask(asked.method, asked.endpoint, asked.path, **filled_in(asked))
        is_due = asked.is_refused(viewer, answer)
        if not is_due or leaks(world, viewer, text_of(answer), asked.path):
            unexpected.append(f"{asked}: {answer.status_code}")

    assert "\n".join(unexpected) == ""
    assert rows(world) == before
    assert len(closed) >= 40


@pytest.mark.parametrize("name", list(VIEWERS))
def test_own_things_are_there_without_a_word_of_others(
    app: Flask, world: World, original: World, name: str
) -> None:
    viewer = VIEWERS[name]
    person = Person(app, viewer)
    is_open = [asked for asked in everything(app, world) if asked.is_open_to(viewer)]
    # HEAD and OPTIONS first: they are no look, and write nothing at all.
    heads = [asked for asked in is_open if asked.method in {"HEAD", "OPTIONS"}]
    looks = [*heads, *(asked for asked in is_open if asked.method == "GET")]
    acts = [asked for asked in is_open if asked.method not in SAFE]
    before, before_looks = rows(world), rows(world, with_looks=False)

    unexpected = []
    for asked in [*looks, *acts]:
        answer = person.ask(asked.method, asked.endpoint, asked.path, **filled_in(asked))
        is_there = answer.status_code not in {404, 405} and answer.status_code < 500
        is_there = is_there or answer.status_code == UNUSUAL.get(asked.endpoint)
        is_out = is_led_to_sign_in(answer) and asked.permission is not Permission.PUBLIC
        if not is_there or is_out or leaks(world, viewer, text_of(answer), asked.path):
            unexpected.append(f"{asked}: {answer.status_code}")
        if asked is heads[-1]:
            assert rows(world) == before, "asking for a head changed something"
        if asked is looks[-1]:
            after = rows(world, with_looks=False)
            assert after == before_looks, "looking changed something"
        if asked.method not in SAFE:
            # The next request meets the world as it was: nothing confirmed, discarded or ended.
            world.restore(original)

    assert "\n".join(unexpected) == ""
    assert len(is_open) >= 10


@pytest.mark.parametrize("name", ["INTAKE", "CASEW", "CASH", "COORD", "COORD-of-the-south"])
def test_things_that_a_form_names_beside_its_address_must_be_own_too(
    app: Flask, world: World, name: str
) -> None:
    viewer = VIEWERS[name]
    person = Person(app, viewer)
    own = next(lot for lot in world.lots if lot.is_reached_by(viewer))
    others = [lot for lot in world.lots if not lot.is_reached_by(viewer)]
    ways = [
        asked
        for asked in everything(app, world)
        if asked.endpoint in NAMED_IN_FORMS and asked.lot in (own, None)
        if asked.method != "OPTIONS" and asked.is_open_to(viewer)
    ]
    before = rows_of(world, others)

    unexpected = []
    for asked in ways:
        for lot in others:
            named = filled_in(replace(asked, lot=lot))
            if not NAMED_IN_FORMS[asked.endpoint].keys() <= named.keys():
                continue
            answer = person.ask(asked.method, asked.endpoint, asked.path, **named)
            typed = " ".join(named.values())
            if answer.status_code == 200 or leaks(world, viewer, text_of(answer), typed):
                unexpected.append(f"{asked} with what is of {lot.name}: {answer.status_code}")

    assert ways != []
    assert "\n".join(unexpected) == ""
    assert rows_of(world, others) == before


@pytest.mark.parametrize("name", ["INTAKE", "CASEW"])
def test_things_of_another_case_are_not_there_under_an_own_address(
    app: Flask, world: World, name: str
) -> None:
    person = Person(app, VIEWERS[name])
    own, *others = world.lots
    ways = mixed(app, world, own, others)
    before = rows(world)

    unexpected = []
    for asked in ways:
        answer = person.ask(asked.method, asked.endpoint, asked.path, **filled_in(asked))
        if answer.status_code != 404:
            unexpected.append(f"{asked} under {own.name}: {answer.status_code}")

    assert {asked.endpoint for asked in ways} >= {"triage.decide_aid", "sharing.withdraw"}
    assert "\n".join(unexpected) == ""
    assert rows(world) == before


def mixed(app: Flask, world: World, own: Lot, others: list[Lot]) -> list[Asked]:
    """Return ways to ask for a thing of another lot below the reference of one's own."""
    found = []
    with app.test_request_context():
        for rule in app.url_map.iter_rules():
            ids = {name for name in rule.arguments if name.endswith("_id")}
            if "reference" not in rule.arguments or not ids:
                continue
            values = world.values(own, rule.endpoint, rule.arguments)
            for other in world.lots_for(rule.endpoint, ids):
                if other in others:
                    built = rule.build(values | world.values(other, rule.endpoint, ids))
                    assert built is not None
                    permission = policy_of(app, rule.endpoint)
                    found.append(Asked(rule.endpoint, "POST", built[1], permission, other))
    return found


def closed_to(viewer: Viewer | None, ways: list[Asked]) -> list[Asked]:
    """Return what must not be answered; where the role alone refuses, one lot stands for all."""
    closed = [asked for asked in ways if not asked.is_open_to(viewer)]
    by_role = {
        (asked.endpoint, asked.method): asked
        for asked in closed
        if asked.permission is None or not has(viewer, asked.permission)
    }
    by_thing = [asked for asked in closed if asked.permission and has(viewer, asked.permission)]
    return [*by_role.values(), *by_thing]
