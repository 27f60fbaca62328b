"""Whoever opened something with a reason reads it, and changes nothing of it (threat P11).

Each role opens each case on which it may not act, and all that is closed in it, and then asks for
every address of the application's map that changes something. An opening that a role cannot get is
planted too: an account keeps what it opened when its role changes.
"""

import pytest
from flask import Flask

from intake.access.compartments import NEEDS_REASON, Compartment, Right
from intake.access.safeguards.break_glass import GRANT_LIFE
from intake.accounts.roles import REGIONAL_ROLES
from storage.access.grants import CONTENT, AccessGrant
from storage.accounts import users
from storage.base import new_id
from storage.cases.cases import Case
from storage.cases.confirmations import Confirmation
from storage.crypto.sealing import seal
from storage.submissions.submissions import place
from tests.portal.access.asked import ASKS_WHY, Asked, everything, filled_in, has
from tests.portal.access.closed import derived_lot
from tests.portal.access.lot import Lot
from tests.portal.access.people import PEOPLE, Viewer
from tests.portal.access.person import Person
from tests.portal.access.rows import rows
from tests.portal.access.things import REASON
from tests.portal.access.world import World

OFFICERS = {each.name: each for each in PEOPLE if each.role not in REGIONAL_ROLES}
SAFE = {"GET", "HEAD", "OPTIONS"}
# What somebody does about themselves: end an opening of their own, and say that they look.
ABOUT_THEMSELVES = {"glass.give_back", "presence.renew", "presence.leave"}
# A search sends its words in a form, and reads.
READS = {"documents.search"}
REFUSED = {403, 404}
# A manager gives any case that they read to an owner, without an opening: here each has one, or
# nobody is named who takes it.
GIVES = {("MGR", "case_lists.give"): REFUSED | {400, 409}}


@pytest.mark.parametrize("name", list(OFFICERS))
def test_what_was_opened_with_a_reason_is_not_changed(app: Flask, world: World, name: str) -> None:
    viewer = OFFICERS[name]
    person = Person(app, viewer)
    lots = [lot for lot in world.lots if lot.codes and not acts_on(viewer, lot)]
    forget_papers(world)
    for lot in lots:
        open_all(world, viewer, lot)
    before = rows(world)

    unexpected = [
        f"{asked}: {status}"
        for asked in changing(app, world, viewer)
        if asked.lot in lots and asked.endpoint not in READS
        if (status := ask(person, asked)) not in GIVES.get((name, asked.endpoint), REFUSED)
    ]

    assert "\n".join(unexpected) == ""
    assert changed(world, before) == []


@pytest.mark.parametrize("name", ["CASEW", "MGR", "PROT"])
def test_what_was_opened_with_a_reason_is_read(app: Flask, world: World, name: str) -> None:
    viewer = OFFICERS[name]
    person = Person(app, viewer)
    lots = [
        lot
        for lot in world.lots
        if lot.codes and not acts_on(viewer, lot) and lot.right_of(viewer) in NEEDS_REASON
    ]
    for lot in lots:
        open_all(world, viewer, lot)

    pages = [f"/submissions/{lot.values['reference']}" for lot in lots]

    assert pages != []
    assert {person.ask("GET", "staff.submission", page).status_code for page in pages} == {200}


@pytest.mark.parametrize("name", ["INTAKE", "CASEW", "PROT", "MGR", "HEALTH"])
def test_what_is_derived_from_what_was_opened_is_not_changed(
    app: Flask, world: World, derived: Lot, name: str
) -> None:
    viewer = OFFICERS[name]
    person = Person(app, viewer)
    with world.services.database.transaction() as session:
        case = session.query(Case).filter_by(reference=derived.values["cases.reference"]).one()
        case.owner_id = None
    open_all(world, viewer, derived)
    acts = [
        asked
        for asked in derived_lot.ways(app, world, derived)
        if asked.method not in SAFE and asked.endpoint not in READS
        if any(derived.values[each] in asked.path for each in derived_lot.CLOSED)
    ]
    before = rows(world)

    statuses = {str(asked): ask(person, asked, right="yes", kind="CORR") for asked in acts}

    assert len(statuses) >= 9
    assert {each: status for each, status in statuses.items() if status < 400} == {}
    assert changed(world, before) == []


def acts_on(viewer: Viewer, lot: Lot) -> bool:
    """Tell whether a person may act on a case without any opening."""
    right = lot.right_of(viewer)
    owns = viewer.name == "CASEW" and viewer.name in lot.members
    return right is Right.WRITE or (right is Right.WRITE_OWN and owns)


def changing(app: Flask, world: World, viewer: Viewer) -> list[Asked]:
    """Return every way to change something that a person's role is let through to."""
    return [
        asked
        for asked in everything(app, world)
        if asked.lot is not None and asked.method not in SAFE
        if asked.endpoint not in ABOUT_THEMSELVES | ASKS_WHY
        if asked.permission is not None and has(viewer, asked.permission)
    ]


def ask(person: Person, asked: Asked, **fields: str) -> int:
    """Ask with all that a form of it names; return the answer's status."""
    named = fields | filled_in(asked)
    return person.ask(asked.method, asked.endpoint, asked.path, **named).status_code


def open_all(world: World, viewer: Viewer, lot: Lot) -> None:
    """Let somebody have opened a case, and each compartment of it, with a reason."""
    services = world.services
    now = services.now()
    with services.database.transaction() as session:
        case = session.query(Case).filter_by(reference=lot.values["cases.reference"]).one()
        mine = users.session_by_token(session, viewer.token)
        assert mine is not None
        key = services.keyring.open(session, case.data_key_id)
        for scope in (CONTENT, *Compartment):
            grant_id = new_id()
            session.add(
                AccessGrant(
                    id=grant_id,
                    user_id=mine.user_id,
                    programme=case.programme,
                    case_id=case.id,
                    scope=scope,
                    data_key_id=key.id,
                    reason=seal(key, place("access_grants", "reason", grant_id), REASON),
                    given_at=now,
                    ends_at=now + GRANT_LIFE,
                )
            )


def changed(world: World, before: dict[str, list[tuple[object, ...]]]) -> list[str]:
    """Return the tables with other rows than before, the audit left out."""
    now = rows(world)
    return [table for table in now if now[table] != before[table]]


def forget_papers(world: World) -> None:
    """Remove the signed papers, because asking for one that is there already changes nothing."""
    with world.services.database.transaction() as session:
        session.query(Confirmation).delete()
