"""Check the work list: its order, what narrows it, and what comes after one."""

import re
from datetime import timedelta

from intake.core.services import Services
from intake.queues.work_list import Filters
from portal.triage import filters
from storage.submissions import queue_items
from tests.portal import samples
from tests.portal.conftest import SignIn
from tests.portal.triage.forms import page_of


def test_a_list_is_narrowed_and_ordered(services: Services, signed_in: SignIn) -> None:
    same = {"due_in": timedelta(hours=1)}
    normal = samples.seed(services, **same)
    unknown = samples.seed(services, priority="unknown", **same)
    urgent = samples.seed(services, priority="urgent", **same)
    south = samples.seed(services, region="SYD", due_in=timedelta(minutes=5))
    with services.database.transaction() as session:
        item = queue_items.by_id(session, south.item_id)
        assert item is not None
        item.clock = "reflection_end"
    browser = signed_in("INTAKE")

    page = browser.get("/queues/Q2").text
    found = re.findall(r'data-open href="/submissions/([^?]+)', page)
    narrow = browser.get("/queues/Q2?region=SYD&language=<b>").text

    assert found == [made.reference for made in (south, urgent, unknown, normal)]
    # Which kind of day it is stands with the day, for whom it is open to.
    assert "Legal date" in page
    assert "Reflection period ends" not in page
    assert re.findall(r'data-open href="/submissions/([^?]+)', narrow) == [south.reference]
    assert f'href="{page_of(south)}?queue=Q2&amp;region=SYD"' in narrow
    assert "<b>" not in narrow
    assert "Nothing here is like that" in browser.get("/queues/Q2?region=NORD").text


def test_a_filter_takes_codes_only() -> None:
    read = filters.filter_of({"region": "SYD", "language": "<b>", "state": "x" * 33})

    assert read == Filters(region="SYD")


def test_a_long_list_goes_on_behind_a_link(services: Services, signed_in: SignIn) -> None:
    made = [samples.seed(services, due_in=timedelta(minutes=n)) for n in range(1, 53)]
    browser = signed_in("INTAKE")

    page = browser.get("/queues/Q2").text

    assert page.count("data-open") == filters.MAX_ROWS
    assert "1 to 50 of 52." in page
    rest = browser.get(f"/queues/Q2?after={made[49].item_id}").text
    assert "51 to 52 of 52." in rest
    assert re.findall(r'data-open href="/submissions/([^?]+)', rest) == [
        each.reference for each in made[50:]
    ]
    assert browser.get("/queues/Q2?after=nothing").text.count("data-open") == filters.MAX_ROWS
