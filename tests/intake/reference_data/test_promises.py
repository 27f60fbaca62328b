"""Check that one promise has one date: counted once, kept, and asked for in one place."""

import ast
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from intake.core.office_clock import Office, load_offices, office_of
from intake.core.services import Services
from intake.filing.rules import choose_queue_of_noted, decide_noted
from intake.reference_data import editions
from intake.reference_data.promises import due_in, keep_promise, promise_of
from storage.database import Session
from storage.submissions.queue_items import Queue
from storage.submissions.submissions import Priority, Programme, Submission

ROOT = Path(__file__).parents[3]
HELSINKI = ZoneInfo("Europe/Helsinki")
# Where promises are made, and where time is counted.
MAKER = Path("intake/reference_data/promises.py")
CLOCK = Path("intake/core/office_clock.py")
COUNTING = {"due_at", "confirm_by", "part_of"}
CALLS = {
    f"{module}.{name}" for module in ("office_clock", "core.office_clock") for name in COUNTING
}


def hurried() -> Office:
    """Return clocks as an office may approve them: shorter days, and queues before R2."""
    entry = json.loads((ROOT / "intake/core/data/service_clocks.json").read_text("utf-8"))[0]
    targets = entry["targets"] | {"Q2": {"working_hours": 3}, "Q1": {"working_hours": 1}}
    return office_of(entry | {"opens": "09:00", "closes": "14:30", "targets": targets})


def arrivals() -> Iterator[datetime]:
    """Yield every fifth hour of a week, of Christmas, and of the nights when the clocks change."""
    for day in ("2026-11-23", "2026-12-21", "2026-12-28", "2027-03-25", "2027-10-29"):
        start = datetime.fromisoformat(day).replace(tzinfo=HELSINKI)
        for hours in range(0, 24 * 8, 5):
            yield (start.astimezone(UTC) + timedelta(hours=hours)).replace(minute=41)


def arrived(at: datetime, priority: Priority, programme: Programme) -> Submission:
    return Submission(received_at=at, priority=priority, programme=programme)


@pytest.fixture(params=["shipped", "approved"])
def session(
    request: pytest.FixtureRequest, sqlite_services: Services, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Session]:
    """Give a session in which the shipped clocks are in force, or approved ones."""
    if request.param == "approved":
        changed = (*load_offices(), hurried())
        monkeypatch.setattr(editions, "offices", lambda _services, _session: changed)
    with sqlite_services.database.reading() as opened:
        yield opened


@pytest.mark.parametrize("programme", Programme)
@pytest.mark.parametrize("priority", Priority)
def test_the_queue_waits_until_what_was_promised(
    session: Session, sqlite_services: Services, priority: Priority, programme: Programme
) -> None:
    queue = choose_queue_of_noted(decide_noted("a case"), priority).queue
    differing = []

    for at in arrivals():
        submission = arrived(at, priority, programme)
        promised = promise_of(sqlite_services, session, submission, priority)
        keep_promise(submission, promised)
        if due_in(sqlite_services, session, submission, queue) != promised.at or at > promised.at:
            differing.append(at)

    assert differing == []


@pytest.mark.parametrize("queue", Queue)
@pytest.mark.parametrize("priority", Priority)
def test_no_queue_waits_longer_than_was_promised(
    session: Session, sqlite_services: Services, priority: Priority, queue: Queue
) -> None:
    late = []

    for at in arrivals():
        submission = arrived(at, priority, Programme.REFERRALS)
        promised = promise_of(sqlite_services, session, submission, priority)
        keep_promise(submission, promised)
        if due_in(sqlite_services, session, submission, queue) > promised.at:
            late.append(at)

    assert late == []


@pytest.mark.parametrize("before", Priority)
@pytest.mark.parametrize("after", Priority)
def test_a_later_priority_moves_no_promise_and_no_item_to_later(
    session: Session, sqlite_services: Services, before: Priority, after: Priority
) -> None:
    moved = []

    for at in arrivals():
        submission = arrived(at, before, Programme.REFERRALS)
        promised = promise_of(sqlite_services, session, submission, before)
        keep_promise(submission, promised)
        submission.priority = after
        keep_promise(submission, promise_of(sqlite_services, session, submission, after))
        queue = Queue.EMERGENCY if after is Priority.EMERGENCY else Queue.NEW_REFERRALS
        due = due_in(sqlite_services, session, submission, queue)
        if submission.promised_at != promised.at or due > promised.at:
            moved.append(at)

    assert moved == []


def test_an_approved_clock_moves_no_promise_that_was_made(
    sqlite_services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    at = datetime(2026, 11, 24, 8, 42, tzinfo=UTC)
    with sqlite_services.database.reading() as session:
        submission = arrived(at, Priority.NORMAL, Programme.REFERRALS)
        made = promise_of(sqlite_services, session, submission, Priority.NORMAL)
        keep_promise(submission, made)

        changed = (*load_offices(), hurried())
        monkeypatch.setattr(editions, "offices", lambda _services, _session: changed)

        assert promise_of(sqlite_services, session, submission) == made


def test_an_enquiry_about_cash_has_the_clock_of_its_queue(sqlite_services: Services) -> None:
    at = datetime(2026, 11, 24, 8, 42, tzinfo=UTC)
    submission = arrived(at, Priority.UNKNOWN, Programme.CASH)

    with sqlite_services.database.reading() as session:
        due = due_in(sqlite_services, session, submission, Queue.ENQUIRIES)

    assert due == datetime(2026, 11, 26, 14, 0, tzinfo=UTC)


def sources() -> dict[Path, ast.Module]:
    """Return every module of the product."""
    found = {}
    for folder in ("intake", "portal", "mailbox", "storage"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            found[path.relative_to(ROOT)] = ast.parse(path.read_text("utf-8"))
    return found


def asks_the_clock(tree: ast.Module) -> bool:
    """Tell whether a module counts a due time by itself: by either function, however imported."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module == "intake.core.office_clock":
            named = {alias.name for alias in node.names}
            if COUNTING & named:
                return True
        if isinstance(node, ast.Attribute) and ast.unparse(node) in CALLS:
            return True
    return False


def test_only_promises_count_due_times() -> None:
    counting = {path for path, tree in sources().items() if asks_the_clock(tree)}

    assert counting == {MAKER}


def test_only_promises_make_a_promise_or_read_a_target() -> None:
    elsewhere = set()
    for path, tree in sources().items():
        for node in ast.walk(tree):
            is_made = isinstance(node, ast.Call) and ast.unparse(node.func).endswith("ConfirmBy")
            is_target = (
                isinstance(node, ast.Attribute)
                and node.attr == "confirmation"
                and (isinstance(node.value, ast.Name) and node.value.id == "office")
            )
            if is_made or is_target:
                elsewhere.add(path)

    assert elsewhere == {MAKER, CLOCK}


def test_only_promises_keep_a_promise() -> None:
    written = {
        path
        for path, tree in sources().items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign)
        and any(isinstance(to, ast.Attribute) and to.attr == "promised_at" for to in node.targets)
    }

    assert written == {MAKER}


def due_times(tree: ast.Module) -> Iterator[str]:
    """Yield what a module gives each new queue item as its due time."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "QueueItem":
            yield from (ast.unparse(each.value) for each in node.keywords if each.arg == "due_at")


def test_every_queue_item_asks_promises_until_when_it_is_due() -> None:
    otherwise = {
        (path.as_posix(), due)
        for path, tree in sources().items()
        for due in due_times(tree)
        if not due.startswith("promises.")
    }

    # The next reminder of a case is an edition's, and no promise.
    assert otherwise == {("intake/cases/missing_documents.py", "_due_at(services, session, case)")}
