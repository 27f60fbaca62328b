"""Check that whoever reads what is of a person leaves an audit event, whatever their role.

Each address of the application's own map is read by each person to whom it is open, with each
thing of the matrix's world (threat P3). A page may leave no event only if `NO_PERSON` names it with
the reason, and then nothing that was planted in the world stands on it: a new page is read without
a change here, and fails until it is audited or named.
"""

import pytest
from flask import Flask

from portal.web.policy import Permission
from storage import audit
from storage.audit import AuditEvent
from storage.audit_acts import READS
from storage.lists import audit_of_reference
from storage.lists.audit_of_reference import Narrowed
from tests.portal.access.asked import Asked, everything, filled_in
from tests.portal.access.people import PEOPLE, Viewer
from tests.portal.access.person import Person, text_of
from tests.portal.access.world import World

CODES = "codes, times and counts: no sealed column is opened"
FORM = "an empty form"
OWN = "one's own account, and nobody else's"
OFFICE = "the office's own rules"
NO_PERSON = {
    "audit_trail.search": FORM,
    "audit_trail.who_read_it": FORM,
    "condition.health": "the state of the machine",
    "glass.ask": "the form that asks for a reason, with the code that was typed",
    "numbers.overview": CODES,
    "office_data.export": OFFICE,
    "office_data.of_kind": OFFICE,
    "office_data.overview": OFFICE,
    "office_data.shown": OFFICE,
    "office_proposals.form": OFFICE,
    "office_proposals.import_form": FORM,
    "absences.show": "who of the office is away, codes and times: nothing of a person of a case",
    "own_account.name_form": OWN,
    "own_account.password": FORM,
    "own_account.show": OWN,
    "people.invite_form": FORM,
    "phone_notes.form": FORM,
    "presence.changes": CODES,
    "quarantine.held": CODES,
    "referrals.consultation": FORM,
    "referrals.new": FORM,
    "referrals.sent": CODES,
    "searching.form": FORM,
    "second_factor.enrol": OWN,
    "second_factor.picture": OWN,
    "staff.queue": CODES,
    "staff.queues": CODES,
    "case_lists.mine": CODES,
    "case_lists.unowned": CODES,
    "style_guide.show": "invented examples",
    "triage.go_on": CODES,
    "uploads.progress": CODES,
    "work_acts.news": CODES,
}
# What is not sent yet belongs to no reference.
NOT_SENT = {"drafts.show", "drafts.check"}
# Forms that show something once they are filled in: {endpoint: the query}.
FILLED_IN = {
    "audit_trail.search": {"from_day": "2026-11-24", "to_day": "2026-11-24"},
    "audit_trail.who_read_it": {"reference": "{reference}"},
}


def reads_of(app: Flask, world: World, viewer: Viewer) -> list[Asked]:
    """Return every page that is open to a person and asks for a role."""
    return [
        asked
        for asked in everything(app, world)
        if asked.method == "GET" and asked.permission is not Permission.PUBLIC
        if asked.is_open_to(viewer)
    ]


def newest(world: World) -> int:
    """Return the number of the newest event."""
    with world.services.database.reading() as session:
        return audit.newest_number(session)


def acts_since(world: World, number: int, viewer: Viewer) -> list[str]:
    """Return what a person did since an event."""
    with world.services.database.reading() as session:
        rows = session.query(AuditEvent).filter(AuditEvent.sequence > number)
        return [row.act for row in rows if row.actor.startswith("user:")]


@pytest.mark.parametrize("viewer", PEOPLE, ids=lambda viewer: viewer.name)
def test_each_reading_leaves_an_event(
    app: Flask, world: World, original: World, viewer: Viewer
) -> None:
    person = Person(app, viewer)
    # The words of the view are the name that an officer gave to their own list.
    lots = [lot for lot in world.lots if lot.name != "view"]
    planted = [words for lot in lots for words in (lot.words, lot.office_words)]
    addresses = [each.address for each in PEOPLE if each is not viewer]

    unseen = []
    reads = reads_of(app, world, viewer)
    for asked in reads:
        before = newest(world)
        answer = person.ask(asked.method, asked.endpoint, asked.path, **filled_in(asked))
        told = text_of(answer)
        if acts_since(world, before, viewer):
            if not set(acts_since(world, before, viewer)) & set(READS):
                unseen.append(f"{asked}: {acts_since(world, before, viewer)} is no reading")
        elif asked.endpoint not in NO_PERSON:
            unseen.append(f"{asked}: no event")
        elif any(words in told for words in [*planted, *addresses]):
            unseen.append(f"{asked}: shows a person and leaves no event")
        world.restore(original)

    assert "\n".join(unseen) == ""
    assert len(reads) >= 4


@pytest.mark.parametrize("name", ["AUDIT", "DPO", "MGR"])
@pytest.mark.parametrize("endpoint", list(FILLED_IN))
def test_a_search_of_the_audit_leaves_an_event(
    app: Flask, world: World, name: str, endpoint: str
) -> None:
    viewer = next(each for each in PEOPLE if each.name == name)
    (asked,) = [each for each in reads_of(app, world, viewer) if each.endpoint == endpoint]
    values = world.lots[0].values
    fields = {key: text.format(**values) for key, text in FILLED_IN[endpoint].items()}
    before = newest(world)

    answer = Person(app, viewer).ask("GET", endpoint, asked.path, **fields)

    assert answer.status_code == 200
    assert acts_since(world, before, viewer) == ["audit.searched"]


def test_what_is_named_here_is_there(app: Flask) -> None:
    endpoints = {rule.endpoint for rule in app.url_map.iter_rules()}

    assert set(NO_PERSON) - endpoints == set()


@pytest.mark.parametrize("key", ["reference", "cases.reference"])
def test_each_reader_of_a_case_is_found_by_its_code(
    app: Flask, world: World, original: World, key: str
) -> None:
    lot = world.lots[0]
    unfound = []
    for viewer in PEOPLE:
        for asked in reads_of(app, world, viewer):
            if asked.lot is not lot or asked.endpoint in {*NO_PERSON, *NOT_SENT}:
                continue
            before = newest(world)
            Person(app, viewer).ask("GET", asked.endpoint, asked.path, **filled_in(asked))
            read, found = numbers_since(world, before, lot.values[key])
            if not read or read - found:
                unfound.append(f"{viewer.name} {asked}")
            world.restore(original)

    assert "\n".join(unfound) == ""


def numbers_since(world: World, number: int, reference: str) -> tuple[set[int], set[int]]:
    """Return the numbers of people's acts since an event: all, and those on a reference."""
    with world.services.database.reading() as session:
        rows = session.query(AuditEvent).filter(AuditEvent.sequence > number)
        read = {row.sequence for row in rows if row.actor.startswith("user:")}
        belongings = audit_of_reference.belonging_to(session, reference)
        acts = audit_of_reference.acts_on(session, belongings, Narrowed(), limit=1000)
    return read, {act.sequence for act in acts}
