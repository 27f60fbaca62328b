"""The officers' pages do not slow down with the tables: every query of theirs enters an index.

No clock is read: each SELECT that a page sends is explained by SQLite, and their number counted.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import event

from intake.core.services import Services
from storage.cases.cases import Case
from storage.submissions.submissions import Submission
from tests.browser.support import mixed
from tests.portal import samples
from tests.portal.conftest import Browser, SignIn
from tests.portal.samples import Seeded
from tests.portal.triage.forms import page_of

# Tables that stay small: the office's own rules, its accounts, and its processes.
SMALL = {"editions", "users", "worker_heartbeats", "mailbox_cursors"}
# SQLite's words for reading a table or an index from end to end: both grow. Parts of a query are
# explained by lines of their own.
SCAN = re.compile(r"^SCAN (?!CONSTANT ROW|anon_)([^(\s]\S*)")
# A part with a name of its own, of which SQLite says that it reads what that part found.
NAMED_PART = re.compile(r"(?:\bWITH(?: RECURSIVE)?|\),)\s+(\w+)(?:\([^()]*\))? AS\s*\(")

Sent = tuple[str, Any]  # Any: what a driver takes beside a statement


@contextmanager
def listening(services: Services) -> Iterator[list[Sent]]:
    """Note every SELECT that is sent to the database meanwhile."""
    sent: list[Sent] = []

    def note(_connection: Any, _cursor: Any, statement: str, values: Any, *_more: Any) -> None:
        if statement.lstrip().upper().startswith(("SELECT", "WITH")):
            sent.append((statement, values))

    event.listen(services.database.engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(services.database.engine, "before_cursor_execute", note)


def scans(services: Services, sent: list[Sent]) -> set[str]:
    """Return the statements that read a growing table from end to end, with SQLite's words."""
    found = set()
    with services.database.engine.connect() as connection:
        for statement, values in sent:
            plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)
            lines = [row[-1] for row in plan]
            small = SMALL.union(NAMED_PART.findall(statement))
            for step in filter(None, map(SCAN.match, lines)):
                if step.group(1) not in small and not _ends_early(statement, lines):
                    found.add(f"{step.string}: {statement}")
    return found


def _ends_early(statement: str, plan: list[str]) -> bool:
    """Tell whether the first rows of a table's own order are all that is read."""
    is_sorted = any("TEMP B-TREE" in line for line in plan)
    return "LIMIT" in statement and "WHERE" not in statement and not is_sorted


def case_page(services: Services, made: Seeded) -> str:
    """Return the address of a submission's case."""
    with services.database.reading() as session:
        case_id = session.get_one(Submission, made.submission_id).case_id
        return f"/cases/{session.get_one(Case, case_id).reference}"


@pytest.fixture
def pages(services: Services) -> list[str]:
    """Put a submission of each sort in, and give the addresses of the officers' pages."""
    made = mixed.clean(services, 1)
    other = mixed.guessed(services, 2)
    narrow = "region=VAST&language=sv&state=QUEUED&holder=me&mark=locked&programme=referrals"
    return [
        "/queues",
        "/queues/Q2",
        f"/queues/Q2?{narrow}",
        "/queues/all",
        f"/queues/all?{narrow}",
        f"/queues/all?after={made.item_id}&region=unknown&holder=nobody&mark=urgent",
        "/queues/mine",
        "/queues/soon",
        f"/queues/soon?after={made.item_id}",
        "/queues/all/news?since=1764000000000&region=VAST&mark=locked",
        f"/queues/Q2?after={made.item_id}&region=unknown&holder=nobody&mark=urgent",
        "/queues/Q2/news?since=1764000000000&region=VAST&mark=locked",
        page_of(made),
        page_of(other),
        case_page(services, made),
    ]


def test_no_query_of_the_officers_pages_reads_a_whole_table(
    services: Services, signed_in: SignIn, pages: list[str]
) -> None:
    browser = signed_in("INTAKE")

    with listening(services) as sent:
        answers = [browser.get(path).status_code for path in pages]

    assert answers == [200] * len(pages)
    assert scans(services, sent) == set()


def test_a_query_that_reads_a_whole_table_is_found(services: Services) -> None:
    part = "WITH RECURSIVE named(id) AS (SELECT id FROM submissions WHERE {} = ? UNION ALL {})"
    of_a_row = "SELECT documents.id FROM documents JOIN named ON documents.id = named.id"
    sent: list[Sent] = [
        ("SELECT id FROM submissions WHERE channel = ?", ("email",)),
        ("SELECT id FROM submissions ORDER BY channel LIMIT 1", ()),
        ("SELECT count(*) FROM queue_items", ()),
        (f"{part.format('channel', of_a_row)} SELECT id FROM named", ("email",)),
        (f"{part.format('id', of_a_row)} SELECT id FROM named", (1,)),
    ]

    assert [bool(scans(services, [one])) for one in sent] == [True, True, True, True, False]


def test_more_rows_need_no_more_queries(services: Services, signed_in: SignIn) -> None:
    browser = signed_in("INTAKE")
    samples.seed(services)

    def number(path: str) -> int:
        with listening(services) as sent:
            assert _ok(browser, path)
        return len(sent)

    before = {
        path: number(path) for path in ("/queues", "/queues/Q2", "/queues/all", "/queues/soon")
    }
    for _ in range(12):
        samples.seed(services)

    assert {path: number(path) for path in before} == before


def _ok(browser: Browser, path: str) -> bool:
    return browser.get(path).status_code == 200
