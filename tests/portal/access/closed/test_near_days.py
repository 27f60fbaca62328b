"""Check that no due time and no act tells the day that only a closed paper says (threat P10)."""

import re
from datetime import UTC, timedelta

import pytest
from flask import Flask

from intake.cases.legal_dates import apply_legal_dates, starts_at
from intake.core.office_clock import in_force, load_offices
from storage import audit
from storage.audit_acts import Act
from storage.cases.legal_dates import LegalDate
from storage.submissions import queue_items, submissions
from tests.portal.access.closed.derived_lot import ways
from tests.portal.access.lot import Lot
from tests.portal.access.people import PEOPLE
from tests.portal.access.person import Person, text_of
from tests.portal.access.world import World

VIEWERS = {viewer.name: viewer for viewer in PEOPLE}

HAS_CLOCK = re.compile(r'class="(line-clock )?clock')


def test_no_page_says_a_near_day_by_the_time_when_work_is_due(
    app: Flask, world: World, derived: Lot
) -> None:
    """Queues, items, cases, late items, health, statistics: whatever shows a due time is asked."""
    services = world.services
    offices = load_offices()
    office = in_force(offices, services.now())
    day = services.now().astimezone(office.coordinators_zone).date() + timedelta(days=1)
    begins_at = starts_at(day, office)
    with services.database.transaction() as session:
        submission = submissions.by_reference(session, derived.values["reference"])
        assert submission is not None
        date_row = session.get_one(LegalDate, derived.values["date_id"])
        date_row.kind, date_row.day = "departure_deadline", day
        for item in queue_items.of_submission(session, submission.id):
            item.due_at = services.now() + timedelta(days=3)
        assert apply_legal_dates(services, session, submission)
    hour = begins_at.astimezone(office.zone).strftime("%H:%M")
    at = begins_at.astimezone(UTC)
    in_lists = at.strftime("%Y-%m-%dT%H:%MZ")
    written = {at.isoformat(), begins_at.isoformat(), in_lists, f" {hour}<"}

    told, asked_of = [], set()
    for name in sorted(VIEWERS):
        person = Person(app, VIEWERS[name])
        for asked in ways(app, world, derived):
            if asked.method == "GET":
                text = text_of(person.ask("GET", asked.endpoint, asked.path))
                told += [(name, asked.endpoint, each) for each in written if each in text]
                asked_of |= {asked.endpoint} if HAS_CLOCK.search(text) else set()

    assert told == []
    assert {"staff.submission", "staff.queue", "staff.queues", "cases.show"} <= asked_of


@pytest.mark.parametrize("name", ["INTAKE", "CASEW"])
def test_an_act_of_an_older_release_tells_no_closed_day(
    app: Flask, world: World, derived: Lot, name: str
) -> None:
    services = world.services
    with services.database.transaction() as session:
        submission = submissions.by_reference(session, derived.values["reference"])
        assert submission is not None
        audit.append(
            session,
            services.keyring,
            services.now(),
            actor="system:intake",
            act=Act.ITEM_RAISED,
            subject=("submission", submission.id),
            detail={"reason": "legal_date_near", "was": "Q2", "queue": "Q2", "clock": "legal_date",
                    "days_left": 2},
        )  # fmt: skip

    page = text_of(
        Person(app, VIEWERS[name]).ask(
            "GET", "staff.submission", f"/submissions/{derived.values['reference']}"
        )
    )

    history = page.partition('id="history"')[2].partition("</ol>")[0]
    assert "Priority raised by a legal date" in history
    assert "days left" not in history
    assert "clock legal" not in history
