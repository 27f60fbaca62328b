"""Whoever opened something with a reason reads it, and changes nothing of it (threat P11)."""

import pytest
from flask import Flask

from storage.cases.confirmations import Confirmation
from tests.portal.access.asked import ASKS_WHY, everything, filled_in
from tests.portal.access.people import PEOPLE
from tests.portal.access.person import Person
from tests.portal.access.rows import rows
from tests.portal.access.world import World

# Two roles open cases with a written reason in the access matrix's world: {who: the lot}.
OPENED = {"MGR": "west", "PROT": "cash"}
SAFE = {"GET", "HEAD", "OPTIONS"}
# What somebody does about themselves: end an opening of their own, and say that they look.
ABOUT_THEMSELVES = {"glass.give_back", "presence.renew", "presence.leave"}


@pytest.mark.parametrize("name", list(OPENED))
def test_what_was_opened_with_a_reason_is_not_changed(
    app: Flask, world: World, original: World, name: str
) -> None:
    viewer = next(each for each in PEOPLE if each.name == name)
    person = Person(app, viewer)
    forget_papers(world)
    acts = [
        asked
        for asked in everything(app, world)
        if asked.lot is not None and asked.lot.name == OPENED[name]
        if asked.method not in SAFE and asked.endpoint not in ABOUT_THEMSELVES | ASKS_WHY
    ]
    before = rows(world)

    changed = []
    for asked in acts:
        answer = person.ask(asked.method, asked.endpoint, asked.path, **filled_in(asked))
        now = rows(world)
        tables = [table for table in now if now[table] != before[table]]
        if tables:
            changed.append(f"{asked}: {answer.status_code}, {', '.join(tables)}")
            world.restore(original)
            forget_papers(world)

    assert len(acts) >= 30
    assert "\n".join(changed) == ""


def forget_papers(world: World) -> None:
    """Remove the signed papers, because asking for one that is there already changes nothing."""
    with world.services.database.transaction() as session:
        session.query(Confirmation).delete()
