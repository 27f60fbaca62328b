"""Check the lists that span the queues, the rail, saved views, and acts on several items."""

import html
import re
from datetime import timedelta

import pytest

from intake.core.services import Services
from storage.crypto.sealing import seal
from storage.database import Session
from storage.lists.saved_views import SavedView
from storage.submissions import queue_items
from storage.submissions.queue_items import Queue
from storage.submissions.submissions import Submission
from tests.browser.support import mixed
from tests.portal import samples
from tests.portal.conftest import TOKEN, Browser, SignIn
from tests.portal.samples import Seeded

RAIL = re.compile(r'<bdi>([^<]+)</bdi> <span class="rail-count[^"]*">(\d+)</span>')
ALL = "/queues/all"


def rail(page: str) -> dict[str, int]:
    """Return {list: its number}."""
    return {label: int(number) for label, number in RAIL.findall(page)}


def send(browser: Browser, path: str, **fields: object) -> str:
    """Send a form of the list, with several values in a field; return the page that follows."""
    token = TOKEN.search(browser.get(ALL).text)
    assert token is not None
    data = {"csrf_token": token.group(1), "queue": "all", **fields}
    return browser.client.post(
        path, base_url="http://portal.test", data=data, follow_redirects=True
    ).text


def is_open(services: Services, made: Seeded) -> bool:
    with services.database.reading() as session:
        item = queue_items.by_id(session, made.item_id)
        return item is not None and item.closed_at is None


def test_all_that_is_open_stands_queue_by_queue_with_the_emergency_first(
    services: Services, signed_in: SignIn
) -> None:
    made = {
        queue: samples.seed(services, queue=queue, due_in=timedelta(hours=hours))
        for hours, queue in enumerate(("Q3", "Q2", "Q15", "Q1"), 1)
    }
    soon = samples.seed(services, queue="Q2", due_in=timedelta(minutes=5))

    page = signed_in("INTAKE").get(ALL).text

    heads = re.findall(r'id="of-(Q\d+)"', page)
    assert heads == ["Q1", "Q2", "Q15", "Q3"]
    shown = re.findall(r'data-open href="/submissions/([^?]+)', page)
    order = [made["Q1"], soon, made["Q2"], made["Q15"], made["Q3"]]
    assert shown == [each.reference for each in order]
    assert rail(page)["All open"] == 5
    assert rail(page)["New referrals"] == 2
    assert rail(page)["Replies"] == 1


@pytest.mark.parametrize(
    ("role", "absent"),
    [
        ("INTAKE", set()),
        ("CASEW", {"Cases without owner"}),
        ("PROT", {"My cases", "Cases without owner"}),
        ("MGR", {"Mine", "My cases"}),
    ],
)
def test_the_rail_has_the_lists_of_a_role(
    services: Services, signed_in: SignIn, role: str, absent: set[str]
) -> None:
    samples.seed(services)
    samples.seed(services, programme="cash", queue="Q9")

    found = rail(signed_in(role).get(ALL).text)

    known = {"All open", "Mine", "My cases", "Cases without owner", "Due soon"}
    assert known - found.keys() == absent
    assert found["All open"] == {"INTAKE": 1, "CASEW": 0}.get(role, 2)


def test_the_numbers_are_those_of_the_lists(services: Services, signed_in: SignIn) -> None:
    for number in range(6):
        samples.seed(services, due_in=timedelta(hours=2 * number), queue=f"Q{1 + number % 3}")
    browser = signed_in("INTAKE")
    item = re.search(r'value="([0-9a-f]{32}\.)"', browser.get(ALL).text)
    assert item is not None
    send(browser, f"{ALL}/several", do="take", item=[item.group(1)])

    found = rail(browser.get(ALL).text)
    paths = {"All open": ALL, "Mine": "/queues/mine", "Due soon": "/queues/soon"}
    paths |= {"Emergency": "/queues/Q1", "New referrals": "/queues/Q2"}

    for label, path in paths.items():
        assert browser.get(path).text.count("data-open") == found[label], label
    assert found["Mine"] == 1


def test_one_piece_follows_the_other_across_the_queues(
    services: Services, signed_in: SignIn
) -> None:
    made = [
        samples.seed(services, queue=queue, due_in=timedelta(minutes=number))
        for queue in ("Q1", "Q2", "Q3")
        for number in range(20)
    ]
    browser = signed_in("INTAKE")

    first = browser.get(ALL).text
    after = re.search(r'href="([^"]+after=[0-9a-f]+)">Next 10<', first)
    assert after is not None
    rest = browser.get(html.unescape(after.group(1))).text

    shown = re.findall(r'data-open href="/submissions/([^?]+)', first + rest)
    assert shown == [each.reference for each in made]
    assert "51 to 60 of 60." in rest


def test_a_view_of_the_whole_list_stands_beside_every_list(
    services: Services, signed_in: SignIn
) -> None:
    samples.seed(services)
    samples.seed(services, region="SYD", queue="Q3")
    browser = signed_in("INTAKE")

    browser.post(f"{ALL}/views", ALL, queue="all", region="SYD", name="<b>Söder</b>")

    for path in (ALL, "/queues/Q2", "/queues", "/search"):
        page = browser.get(path).text
        link = '<a href="/queues/all?region=SYD"><bdi>&lt;b&gt;Söder&lt;/b&gt;</bdi></a>'
        assert link in page, path
    assert "Remove the view" in browser.get("/queues/all?region=SYD").text


def test_three_hundred_views_of_older_releases_leave_the_page_small(
    services: Services, signed_in: SignIn
) -> None:
    samples.seed(services)
    browser = signed_in("INTAKE")
    browser.post(f"{ALL}/views", ALL, queue="all", region="SYD", name="View")
    with services.database.transaction() as session:
        row = session.query(SavedView).one()
        for number in range(300):
            copy = SavedView(
                id=f"{number:032x}",
                user_id=row.user_id,
                queue="Q2",
                name=row.name,
                filters={"region": "SYD"},
                saved_at=services.now() + timedelta(seconds=number),
            )
            copy.name = sealed_name(services, session, copy.id)
            session.add(copy)

    answer = browser.get(ALL)

    assert answer.status_code == 200
    assert answer.text.count("?region=SYD") == 24
    assert len(answer.data) < 60_000


def sealed_name(services: Services, session: Session, view_id: str) -> bytes:
    """Return a sealed name of a view."""
    key = services.keyring.system(session)
    return seal(key, f"saved_views.name:{view_id}", "V" * 40)


@pytest.mark.parametrize(
    "query",
    [
        "region=%3Cb%3E&holder=x&mark=nothing",
        "region[]=SYD&state=QUEUED%0A",
        "after=../../etc&language=" + "x" * 5000,
        "holder=me&holder=nobody&programme=cash",
        "several=finish-99&finished=<script>.K7M-4QX-9T",
        "several=confirm-1&did=%F0%9F%98%80&done=%0A",
    ],
)
def test_a_query_without_sense_is_a_list_all_the_same(
    services: Services, signed_in: SignIn, query: str
) -> None:
    samples.seed(services)
    browser = signed_in("INTAKE")

    for queue in ("all", "mine", "soon", "Q2"):
        answer = browser.get(f"/queues/{queue}?{query}")
        assert answer.status_code == 200
        assert "<script>." not in answer.text
    assert browser.get(f"/queues/none?{query}").status_code == 404


def test_what_was_finished_together_is_opened_again_by_one_button(
    services: Services, signed_in: SignIn
) -> None:
    robots = [mixed.robot(services, number) for number in range(3)]
    browser = signed_in("INTAKE")

    done = send(
        browser, f"{ALL}/several", do="finish", item=[f"{each.item_id}." for each in robots]
    )
    offered = re.findall(r'name="finished" value="([^"]+)"', done)
    undone = send(browser, f"{ALL}/several/open-again", finished=offered)
    again = send(browser, f"{ALL}/several/open-again", finished=offered)

    assert "3 finished as automatic mail." in done
    assert sorted(offered) == sorted(each.reference for each in robots)
    assert "3 opened again." in undone
    assert [is_open(services, each) for each in robots] == [True] * 3
    assert "0 opened again. Of 3 it was too late, or not yours." in again


def test_nothing_of_others_is_opened_again(services: Services, signed_in: SignIn) -> None:
    robot = mixed.robot(services, 1)
    browser = signed_in("INTAKE")
    send(browser, f"{ALL}/several", do="finish", item=[f"{robot.item_id}."])
    cash = signed_in("CASH")

    for finished in (robot.reference, "K7M-4QX-9T", "<b>", ""):
        answer = send(cash, f"{ALL}/several/open-again", finished=finished)
        assert "0 opened again." in answer
    with services.database.reading() as session:
        assert session.get_one(Submission, robot.submission_id).state == "CLOSED"


def test_quarantine_stands_once(services: Services, signed_in: SignIn) -> None:
    samples.seed(services, queue=Queue.QUARANTINE)

    page = signed_in("INTAKE").get(ALL).text

    assert re.findall(r">Quarantine<", page.partition("work-lines")[0]) == [">Quarantine<"]
