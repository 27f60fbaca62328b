"""Who gets what, at every address there is: generated from the application's own map of them.

Each person asks for each address with each method, filled with what is hers and with what is not
(security.md, W1 and B21). What must come back follows from `policy.ROLES` and from whose the
thing is (`Lot.is_reached_by`). A new route is asked for by itself; what its parameters stand for
is said in `access_world`, and a parameter of which nothing is said fails.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import pytest
from flask import Flask

from portal.policy import ROLES, Permission, policy_of
from tests.portal import access_world
from tests.portal.access_people import PEOPLE, Viewer
from tests.portal.access_person import Person, is_led_to_sign_in, text_of
from tests.portal.access_rows import rows, rows_of
from tests.portal.access_world import Lot, World
from tests.portal.building import build_app

STRANGER = "stranger"
VIEWERS = {STRANGER: None} | {viewer.name: viewer for viewer in PEOPLE}
SAFE = ("GET", "HEAD", "OPTIONS")
# A deputy goes on with what the coordinator whom she stands in for has sent; drafts are not sent.
EXCEPTIONS = {
    ("COORD-DEP-standing-in", "west", endpoint): True
    for endpoint in ("referrals.add_documents", "conversations.show", "conversations.write")
}
# Open, and yet answered like this: what is asked for is not there yet, or this machine has no jail.
UNUSUAL = {
    "second_factor.picture": 404,
    "answers.lift": 404,
    "own_account.end_session": 404,
    "quarantine.unlock": 503,
}
# What forms and queries name beside the address: {endpoint: {field: which of a lot's values}}.
NAMED_IN_FORMS = {
    "triage.undo": {"act": "act"},
    "triage.accept": {"case": "cases.reference"},
    "triage.merge": {"case": "cases.reference", "into": "cases.reference"},
    "documents.viewer": {"beside": "document_id"},
    "drafts.keep": {"remove": "upload_id"},
}
# What is chosen from a list, where the answer to nothing chosen comes before everything else.
CHOSEN = {"triage.hold": {"why": "sender_unsure"}}


@dataclass(frozen=True)
class Asked:
    """One way to ask: a rule, filled with the values of one lot, None when it names no matter."""

    endpoint: str
    method: str
    path: str
    permission: Permission | None
    lot: Lot | None

    def is_open_to(self, viewer: Viewer | None) -> bool:
        """Tell whether this person must be answered."""
        if self.permission is None or not _has(viewer, self.permission):
            return False
        if self.lot is None or self.method == "OPTIONS":
            return True
        name = viewer.name if viewer is not None else STRANGER
        key = (name, self.lot.name, self.endpoint)
        return EXCEPTIONS.get(key, self.lot.is_reached_by(viewer))

    def __str__(self) -> str:
        """Return how a failure is told."""
        return f"{self.method} {self.endpoint} of {self.lot.name if self.lot else 'nobody'}"


@dataclass(frozen=True)
class SharedApp:
    """An application and the world that it is on."""

    world: World
    app: Flask


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """Give the world that each test gets a copy of."""
    built = access_world.build(tmp_path_factory.mktemp("original"))
    yield built
    built.services.database.close()


@pytest.fixture(scope="module")
def shared_app(original: World, tmp_path_factory: pytest.TempPathFactory) -> Iterator[SharedApp]:
    """Give the application on a copy of the world; building both costs more than a test."""
    copied = original.copied_to(tmp_path_factory.mktemp("copy"))
    yield SharedApp(copied, build_app(copied.services))
    copied.services.database.close()


@pytest.fixture
def world(original: World, shared_app: SharedApp) -> World:
    """Give the copy of the world as it was at the beginning."""
    shared_app.world.restore(original)
    return shared_app.world


@pytest.fixture
def app(shared_app: SharedApp) -> Flask:
    """Give the application on the copy."""
    return shared_app.app


def everything(app: Flask, world: World) -> list[Asked]:
    """Return every way to ask that the application's map of addresses has."""
    found = []
    with app.test_request_context():
        for rule in app.url_map.iter_rules():
            permission = policy_of(app, rule.endpoint)
            for lot in world.lots_for(rule.endpoint, rule.arguments):
                values = world.values(lot, rule.endpoint, rule.arguments)
                missing = set(rule.arguments) - set(values)
                assert not missing, f"{rule}: say in access_world what {missing} stands for"
                built = rule.build(values, append_unknown=False)
                assert built is not None, f"{rule} takes no {values}"
                found += [
                    Asked(rule.endpoint, method, built[1], permission, lot)
                    for method in sorted(rule.methods or ())
                ]
    return found


def test_every_parameter_of_every_address_is_known(app: Flask, world: World) -> None:
    unknown = {
        f"{rule.endpoint}: {name}"
        for rule in app.url_map.iter_rules()
        for name in rule.arguments
        if not world.knows(rule.endpoint, name)
    }

    assert unknown == set(), "say in tests/portal/access_world.py what these stand for"


def test_a_new_parameter_of_which_nothing_is_said_is_found(world: World) -> None:
    app = Flask("another", static_folder=None)
    app.add_url_rule("/new/<novel_id>", "staff.queues", lambda _novel_id: "")

    with pytest.raises(AssertionError, match="novel_id"):
        everything(app, world)


@pytest.mark.parametrize("name", list(VIEWERS))
def test_what_is_not_hers_is_not_there_and_stays_as_it_was(
    app: Flask, world: World, name: str
) -> None:
    viewer = VIEWERS[name]
    person = Person(app, viewer)
    closed = closed_to(viewer, everything(app, world))
    before = rows(world)

    unexpected = []
    for asked in closed:
        answer = person.ask(asked.method, asked.endpoint, asked.path, **filled_in(asked))
        is_right = is_led_to_sign_in(answer) if viewer is None else answer.status_code == 404
        if not is_right or leaks(world, viewer, text_of(answer), asked.path):
            unexpected.append(f"{asked}: {answer.status_code}")

    assert "\n".join(unexpected) == ""
    assert rows(world) == before
    assert len(closed) >= 40


@pytest.mark.parametrize("name", list(VIEWERS))
def test_what_is_hers_is_there_without_a_word_of_others(
    app: Flask, world: World, original: World, name: str
) -> None:
    viewer = VIEWERS[name]
    person = Person(app, viewer)
    is_open = [asked for asked in everything(app, world) if asked.is_open_to(viewer)]
    looks = [asked for asked in is_open if asked.method in SAFE]
    acts = [asked for asked in is_open if asked.method not in SAFE]
    before = rows(world)

    unexpected = []
    for asked in [*looks, *acts]:
        answer = person.ask(asked.method, asked.endpoint, asked.path, **filled_in(asked))
        is_there = answer.status_code not in {404, 405} and answer.status_code < 500
        is_there = is_there or answer.status_code == UNUSUAL.get(asked.endpoint)
        is_out = is_led_to_sign_in(answer) and asked.permission is not Permission.PUBLIC
        if not is_there or is_out or leaks(world, viewer, text_of(answer), asked.path):
            unexpected.append(f"{asked}: {answer.status_code}")
        if asked is looks[-1]:
            assert rows(world) == before, "looking changed something"
        if asked.method not in SAFE:
            # The next one meets the world as it was: nothing is confirmed, discarded or signed out.
            world.restore(original)

    assert "\n".join(unexpected) == ""
    assert len(is_open) >= 10


@pytest.mark.parametrize("name", ["INTAKE", "CASH", "COORD", "COORD-of-the-south"])
def test_what_a_form_names_beside_its_address_must_be_hers_too(
    app: Flask, world: World, name: str
) -> None:
    viewer = VIEWERS[name]
    person = Person(app, viewer)
    own = next(lot for lot in world.lots if lot.is_reached_by(viewer))
    others = [lot for lot in world.lots if not lot.is_reached_by(viewer)]
    ways = [
        asked
        for asked in everything(app, world)
        if asked.endpoint in NAMED_IN_FORMS and asked.lot is own and asked.method != "OPTIONS"
        if asked.is_open_to(viewer)
    ]
    before = rows_of(world, others)

    unexpected = []
    for asked in ways:
        for lot in others:
            named = filled_in(replace(asked, lot=lot))
            answer = person.ask(asked.method, asked.endpoint, asked.path, **named)
            if answer.status_code == 200 or lot.words in text_of(answer):
                unexpected.append(f"{asked} with what is of {lot.name}: {answer.status_code}")

    assert ways != []
    assert "\n".join(unexpected) == ""
    assert rows_of(world, others) == before


def closed_to(viewer: Viewer | None, ways: list[Asked]) -> list[Asked]:
    """Return what a person must not be answered; where her role ends it, one lot stands for all."""
    closed = [asked for asked in ways if not asked.is_open_to(viewer)]
    by_role = {
        (asked.endpoint, asked.method): asked
        for asked in closed
        if asked.permission is None or not _has(viewer, asked.permission)
    }
    by_thing = [asked for asked in closed if asked.permission and _has(viewer, asked.permission)]
    return [*by_role.values(), *by_thing]


def filled_in(asked: Asked) -> dict[str, str]:
    """Return the fields of a form that names things of the lot that the address is of."""
    values = asked.lot.values if asked.lot is not None else {}
    named = NAMED_IN_FORMS.get(asked.endpoint, {})
    fields = {field: values[key] for field, key in named.items() if key in values}
    return fields | CHOSEN.get(asked.endpoint, {})


def leaks(world: World, viewer: Viewer | None, text: str, path: str) -> bool:
    """Tell whether an answer says anything of what its reader must not see."""
    for lot in world.lots:
        is_hers = lot.is_reached_by(viewer) or _is_excepted(viewer, lot)
        if not is_hers and lot.words in text:
            return True
        if not is_hers and not _has(viewer, Permission.AUDIT):
            codes = (lot.values["reference"], lot.values["cases.reference"])
            if any(code in text and code not in path for code in codes):
                return True
        is_officer = viewer is not None and _has(viewer, Permission.CASES)
        if lot.office_words in text and not (is_hers and is_officer):
            return True
    return False


def _has(viewer: Viewer | None, permission: Permission) -> bool:
    if permission is Permission.PUBLIC:
        return True
    return viewer is not None and viewer.role in ROLES[permission]


def _is_excepted(viewer: Viewer | None, lot: Lot) -> bool:
    return viewer is not None and any(key[:2] == (viewer.name, lot.name) for key in EXCEPTIONS)
