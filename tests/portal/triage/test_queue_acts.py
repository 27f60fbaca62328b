"""Check acts on the work list: saved views, bulk actions, news that keep no session."""

import re
from collections.abc import Mapping
from datetime import timedelta

import pytest

from intake.access import gate
from intake.accounts.accounts import create_with_password
from intake.core.services import Services
from intake.queues import assignment
from storage import audit
from storage.accounts.users import User
from storage.database import Session
from storage.lists.saved_views import SavedView
from storage.submissions import queue_items
from tests.portal import samples
from tests.portal.building import PASSWORD, Clock
from tests.portal.conftest import TOKEN, Browser, SignIn

LIST = "/queues/Q2"


def holder(services: Services, item_id: str) -> str | None:
    """Return the label of who has an item."""
    with services.database.reading() as session:
        item = queue_items.by_id(session, item_id)
        assert item is not None
        user = session.get(User, item.claimed_by) if item.claimed_by else None
        return user.label if user else None


def acts_of(services: Services, session: Session, submission_id: str) -> list[str]:
    """Return what was audited about a submission, and prove the chain."""
    assert audit.check_chain(session, services.keyring) == []
    return [event.act for event in audit.of_subject(session, "submission", submission_id)]


def send(browser: Browser, path: str, fields: Mapping[str, object]) -> str:
    """Send a form of the list, with several values in a field; return the answer's page."""
    token = TOKEN.search(browser.get(LIST).text)
    assert token is not None
    data = {"csrf_token": token.group(1), "queue": "Q2", **fields}
    return browser.client.post(
        path, base_url="http://portal.test", data=data, follow_redirects=True
    ).text


def test_a_view_is_kept_used_and_removed(services: Services, signed_in: SignIn) -> None:
    samples.seed(services)
    samples.seed(services, region="SYD")
    browser = signed_in("INTAKE")

    kept = browser.post(
        f"{LIST}/views", f"{LIST}?region=SYD", queue="Q2", region="SYD", name="  Söder\u202e nu "
    )
    page = browser.get(LIST).text
    chosen = browser.get(f"{LIST}?region=SYD").text

    assert (kept.status_code, kept.location) == (303, f"{LIST}?region=SYD")
    assert f'<a href="{LIST}?region=SYD"><bdi>Söder nu</bdi></a>' in page
    assert f'{LIST}?region=SYD" aria-current="page"><bdi>Söder nu</bdi>' in chosen
    with services.database.reading() as session:
        row = session.query(SavedView).one()
        assert "Söder".encode() not in row.name
    remove = re.search(r'action="(/views/[0-9a-f]+/remove)"', chosen)
    assert remove is not None
    browser.post(remove.group(1), f"{LIST}?region=SYD", queue="Q2")
    assert "Söder nu" not in browser.get(LIST).text


def test_a_views_name_is_asked_for_again_and_the_same_name_means_the_new_filter(
    services: Services, signed_in: SignIn
) -> None:
    samples.seed(services)
    browser = signed_in("INTAKE")
    fields = {"queue": "Q2", "region": "SYD"}

    empty = browser.post(f"{LIST}/views", LIST, name=" \u200b ", **fields)
    long = browser.post(f"{LIST}/views", LIST, name="<b>" + "x" * 40, **fields)
    whole = browser.post(f"{LIST}/views", LIST, name="All", queue="Q2")
    for region in ("SYD", "NORD"):
        browser.post(f"{LIST}/views", LIST, queue="Q2", region=region, name="MINE")

    assert (empty.status_code, long.status_code, whole.status_code) == (400, 400, 400)
    assert "Give it a name of at most 40 characters." in long.text
    assert 'value="&lt;b&gt;xxx' in long.text
    assert "Narrow the list first" in whole.text
    with services.database.reading() as session:
        assert session.query(SavedView).one().filters == {"region": "NORD"}


def test_a_view_is_its_owners_alone(services: Services, signed_in: SignIn) -> None:
    samples.seed(services)
    first, second = signed_in("INTAKE", "first"), signed_in("INTAKE", "second")
    first.post(f"{LIST}/views", LIST, queue="Q2", region="SYD", name="My own")
    with services.database.reading() as session:
        view_id = session.query(SavedView).one().id

    answer = second.post(f"/views/{view_id}/remove", LIST, queue="Q2")

    assert answer.status_code == 404
    assert "<bdi>My own</bdi>" not in second.get(LIST).text
    assert "<bdi>My own</bdi>" in first.get(LIST).text


def test_there_is_room_for_two_dozen_views(services: Services, signed_in: SignIn) -> None:
    samples.seed(services)
    browser = signed_in("INTAKE")

    answers = [
        browser.post(f"{LIST}/views", LIST, queue="Q2", region="SYD", name=f"View {number}")
        for number in range(25)
    ]

    assert [answer.status_code for answer in answers] == [303] * 24 + [409]
    assert "You have 24 views" in answers[-1].text


def test_several_are_taken_and_given_back_each_by_its_own_act(
    services: Services, signed_in: SignIn
) -> None:
    made = [samples.seed(services) for _ in range(3)]
    browser = signed_in("INTAKE")
    items = [f"{each.item_id}." for each in made[:2]]

    page = send(browser, f"{LIST}/several", {"do": "take", "item": items, "region": "VAST"})

    assert "2 taken." in page
    assert [holder(services, each.item_id) for each in made] == ["Intake officer 1"] * 2 + [None]
    assert "2 given back." in send(browser, f"{LIST}/several", {"do": "give_back", "item": items})
    with services.database.reading() as session:
        for each in made[:2]:
            acts = acts_of(services, session, each.submission_id)
            assert acts[-2:] == ["item.claimed", "item.released"]


def test_what_changed_meanwhile_is_named_and_left_alone(
    services: Services, signed_in: SignIn, clock: Clock
) -> None:
    free, taken, closed, foreign = (
        samples.seed(services, programme="cash" if n == 3 else "referrals") for n in range(4)
    )
    browser = signed_in("INTAKE")
    other = create_with_password(services, "o@iom.example", "INTAKE", None, PASSWORD)
    assignment.claim_item(services, gate.item_to_change(services, other, taken.item_id))
    with services.database.transaction() as session:
        queue_items.close_all(session, closed.submission_id, clock())
    items = [f"{each.item_id}." for each in (free, taken, closed, foreign)] + ["x.", "0" * 32 + "."]

    page = send(browser, f"{LIST}/several", {"do": "take", "item": items})

    assert "2 were left alone" in page
    assert "1 taken." in page
    assert (
        f"{taken.reference}</bdi>: somebody else has it now (<bdi>Intake officer 2</bdi>)" in page
    )
    assert f"{closed.reference}</bdi>: it was finished meanwhile." in page
    assert foreign.reference not in page
    assert holder(services, foreign.item_id) is None
    assert holder(services, taken.item_id) == "Intake officer 2"


def test_items_are_given_to_a_colleague_as_they_were_seen(
    services: Services, signed_in: SignIn
) -> None:
    free, others = samples.seed(services), samples.seed(services)
    browser = signed_in("INTAKE")
    second = create_with_password(services, "b@iom.example", "CASEW", None, PASSWORD)
    third = create_with_password(services, "c@iom.example", "INTAKE", None, PASSWORD)
    cash = create_with_password(services, "d@iom.example", "CASH", None, PASSWORD)
    assignment.claim_item(services, gate.item_to_change(services, third, others.item_id))
    page = browser.get(LIST).text
    several = f"{LIST}/several"
    as_free = {"do": "assign", "item": [f"{free.item_id}.", f"{others.item_id}."]}

    stale = send(browser, several, {**as_free, "to": second.id})

    assert f'<option value="{second.id}">Caseworker 1</option>' in page
    assert cash.id not in page
    assert f"{others.reference}</bdi>: somebody else has it now" in stale
    assert "1 given to" in stale
    assert holder(services, free.item_id) == "Caseworker 1"
    as_seen = {"do": "assign", "item": f"{others.item_id}.{third.id}", "to": second.id}
    assert "1 given to a colleague." in send(browser, several, as_seen)
    assert holder(services, others.item_id) == "Caseworker 1"
    history = browser.get(f"/submissions/{others.reference}").text
    assert "Given to a colleague" in history
    assert "to Caseworker 1" in history
    assert "Choose a colleague of the list." in send(browser, several, {**as_seen, "to": cash.id})


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"do": "take"}, "Select the ones that you mean first."),
        ({"do": "take", "item": [f"{n:032x}." for n in range(51)]}, "Please select at most 50"),
        ({"do": "confirm", "item": ["0" * 32 + "."]}, "This request was not understood"),
    ],
)
def test_what_makes_no_sense_changes_nothing(
    services: Services, signed_in: SignIn, fields: dict[str, object], words: str
) -> None:
    made = samples.seed(services)

    assert words in send(signed_in("INTAKE"), f"{LIST}/several", fields)
    assert holder(services, made.item_id) is None


def test_readers_can_select_nothing(services: Services, signed_in: SignIn) -> None:
    made = samples.seed(services)
    browser = signed_in("MGR")

    assert "checkbox" not in browser.get(LIST).text.partition("<dialog")[0]
    answer = browser.post(f"{LIST}/several", LIST, do="take", item=f"{made.item_id}.")
    assert answer.status_code == 404


def test_news_are_a_number_and_unchanged_ones_cost_nothing(
    services: Services, signed_in: SignIn, clock: Clock
) -> None:
    samples.seed(services)
    browser = signed_in("INTAKE")
    address = re.search(r'data-news="([^"]+)"', browser.get(f"{LIST}?region=VAST").text)
    assert address is not None
    path = address.group(1).replace("&amp;", "&")

    before = browser.get(path)
    clock.move(timedelta(seconds=30))
    for changes in ({}, {"region": "SYD"}, {"programme": "cash"}, {"queue": "Q3"}):
        samples.seed(services, age=timedelta(), **changes)
    after = browser.get(path)
    again = browser.get(path, headers={"If-None-Match": after.headers["ETag"]})

    assert (before.json, after.json) == ({"new": 0}, {"new": 1})
    assert (again.status_code, again.data) == (304, b"")
    assert browser.get(f"{LIST}/news?since=soon").json == {"new": 0}
    assert browser.get("/queues/Q99/news?since=1764000000000").status_code == 404


def test_asking_for_news_keeps_nobody_signed_in(signed_in: SignIn, clock: Clock) -> None:
    browser = signed_in("INTAKE")
    path = f"{LIST}/news?since=1764000000000"

    for _ in range(7):
        clock.move(timedelta(minutes=2))
        assert browser.get(path).status_code == 200
    clock.move(timedelta(minutes=2))

    assert browser.get(path).status_code == 303
    assert browser.get(LIST).status_code == 303


def test_a_page_that_is_opened_keeps_its_reader_signed_in(signed_in: SignIn, clock: Clock) -> None:
    browser = signed_in("INTAKE")

    for _ in range(3):
        clock.move(timedelta(minutes=8))
        assert browser.get(LIST).status_code == 200
