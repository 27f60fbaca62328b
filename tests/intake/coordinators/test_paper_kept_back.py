"""Check that a confirmation which a stop kept back reaches nobody, and is not forgotten.

Whoever signed has thirty seconds, and the stop comes within them. Every reader of signed papers is
asked before and after, and a new one has to be named here.
"""

import ast
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import pytest

from intake.access import gate
from intake.accounts.accounts import SignedInUser
from intake.cases import read
from intake.cases.views import EventKind
from intake.confirmations import previous_wording, printed_codes, signed_papers
from intake.coordinators import referral, referrals
from intake.core.errors import NotFound
from intake.core.services import Services
from intake.outbox import undo_send
from intake.triage import issued_papers
from intake.triage.endings import without_paper
from intake.triage.undoing import offers
from storage.cases.confirmations import PaperKind
from storage.mail import outbox
from storage.mail.outbox import MessageState, OutboxMessage
from storage.operations import programme_statistics
from storage.submissions.submissions import Priority, Submission, SubmissionState
from tests.intake.confirmations.papers import Case
from tests.intake.coordinators.test_end_of_a_stop import (
    case_code,
    go_on,
    said_everywhere,
    stop,
    waiting,
)
from tests.intake.coordinators.test_one_promise import to_the_minute
from tests.intake.coordinators.test_referrals import SOUTH, Register
from tests.support.building import Clock
from tests.support.people import plant_user
from tests.support.rows import Planter

ROOT = Path(__file__).parents[3]
WINDOW = timedelta(seconds=30)


@dataclass
class Signed:
    """A referral, its coordinator and officer, and the digest and id of the R2 that was signed."""

    services: Services
    south: SignedInUser
    officer: SignedInUser
    row: Submission
    paper_id: str
    digest: str

    @property
    def paper(self) -> Case:
        """Return what signs."""
        return Case(self.services, self.row.id, self.row.reference)


@pytest.fixture
def register(sqlite_services: Services) -> Register:
    """Give an empty register whose officers have thirty seconds."""
    settings = replace(sqlite_services.settings, undo_seconds=30)
    return Register(replace(sqlite_services, settings=settings))


@pytest.fixture
def signed(register: Register) -> Signed:
    """Give a referral that was confirmed just now."""
    south = register.person(SOUTH, "COORD", "SYD")
    officer, services = plant_user(register.services), register.services
    row = waiting(register, south, Priority.NORMAL)
    case = Case(services, row.id, row.reference)
    paper_id = case.sign(officer)
    (paper,) = [each for each in case.papers() if each.id == paper_id]
    return Signed(services, south, officer, row, paper_id, case.digest(paper))


def page_of_coordinator(signed: Signed) -> bool:
    opened = gate.referral_to_read(signed.services, signed.south, signed.row.reference)
    page = referral.read_referral(signed.services, opened)
    papers = [paper for each in page.arrivals for paper in each.papers]
    return any(paper.kind == PaperKind.CONFIRMATION for paper in papers)


def opened_by_coordinator(signed: Signed) -> bool:
    try:
        gate.paper_to_read(signed.services, signed.south, signed.paper_id)
    except NotFound:
        return False
    return True


def on_case_page(signed: Signed) -> bool:
    services, officer = signed.services, signed.officer
    opened = gate.case_to_read(services, officer, case_code(services, signed.row))
    events = read.read_case(services, opened).events
    return any(event.kind is EventKind.CONFIRMATION for event in events)


def can_be_taken_back(signed: Signed) -> bool:
    opened = gate.submission_to_read(signed.services, signed.officer, signed.row.reference)
    with signed.services.database.reading() as session:
        sends = undo_send.undoable_sends(
            signed.services, session, opened.row(signed.services, session)
        )
    return bool(sends)


def is_blocked_as_left(signed: Signed) -> bool:
    opened = gate.submission_to_read(signed.services, signed.officer, signed.row.reference)
    return offers.read_offer(signed.services, opened).why is offers.NoUndo.LEFT


def covers_an_addition(signed: Signed) -> bool:
    services = signed.services
    with services.database.transaction() as session:
        case_id = session.get_one(Submission, signed.row.id).case_id
        planter = Planter(session, services.keyring, signed.row.received_at)
        added = planter.submission(case_id=case_id, state=SubmissionState.QUEUED)
        ways = without_paper.without_paper_of(services, session, added)
    assert ways is not None
    return bool(ways.covering)


def words_of_before(signed: Signed) -> bool:
    opened = gate.submission_to_change(signed.services, signed.officer, signed.row.reference)
    return bool(previous_wording.read_signed_words(signed.services, opened))


def in_numbers(signed: Signed) -> bool:
    with signed.services.database.reading() as session:
        since = signed.row.received_at
        (counted,) = programme_statistics.arrivals(
            session, "referrals", since, since + timedelta(days=1), limit=5
        )
    return counted.confirmed_at is not None


def is_issued(signed: Signed) -> bool:
    with signed.services.database.reading() as session:
        row = session.get_one(Submission, signed.row.id)
        return any(each.kind == "R2" for each in issued_papers.issued_of(session, row))


def waits_for_coordinator(signed: Signed) -> bool:
    found = referrals.list_waiting(signed.services, signed.south)
    return any(each.waiting.confirmations for each in found)


def is_known_by_code(signed: Signed) -> bool:
    issued = signed_papers.find_issued(signed.services, signed.digest)
    if issued is None:
        return False
    return printed_codes.find_by_code(signed.services, issued.code) is not None


# Every module that reads signed papers, and what it says of one.
READERS: dict[str, Callable[[Signed], bool]] = {
    "intake/access/papers.py": opened_by_coordinator,
    "intake/cases/timeline.py": on_case_page,
    "intake/coordinators/referral.py": page_of_coordinator,
    "intake/confirmations/previous_wording.py": words_of_before,
    "intake/coordinators/waiting.py": waits_for_coordinator,
    "intake/confirmations/printed_codes.py": is_known_by_code,
    "intake/confirmations/signed_papers.py": lambda signed: (
        signed_papers.find_issued(signed.services, signed.digest) is not None
    ),
    "intake/triage/issued_papers.py": is_issued,
    "storage/operations/programme_statistics.py": in_numbers,
}
# They ask for a paper that can still be taken back, or that has left; both are asked below.
OF_SENDING = {
    "intake/outbox/undo_send.py",
    "intake/triage/endings/recall.py",
    "intake/triage/endings/typed_again.py",
    "intake/triage/endings/without_paper.py",
}
# They make papers, or check what is stored.
MAKERS = {
    "intake/confirmations/confirm.py",
    "intake/confirmations/facts.py",
    "intake/confirmations/receipt_pdf.py",
    "intake/oversight/verify.py",
}


def test_the_table_names_every_module_that_reads_signed_papers() -> None:
    found = set()
    for path in (*ROOT.glob("intake/**/*.py"), *ROOT.glob("storage/**/*.py")):
        if "migrations" in path.parts or path.name == "tables.py":
            continue
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.ImportFrom) and reads_papers(node):
                found.add(path.relative_to(ROOT).as_posix())

    assert found == READERS.keys() | OF_SENDING | MAKERS | {"intake/access/gate.py"}


def reads_papers(node: ast.ImportFrom) -> bool:
    """Tell whether an import brings the store of papers, or their rows."""
    names = {each.name for each in node.names}
    is_store = node.module == "storage.cases" and "confirmations" in names
    return is_store or (node.module == "storage.cases.confirmations" and "Confirmation" in names)


@pytest.mark.parametrize("reader", READERS)
def test_nobody_reads_a_paper_of_which_the_sending_was_stopped(
    signed: Signed, clock: Clock, reader: str
) -> None:
    stop(signed.services, signed.officer, signed.row)

    within = READERS[reader](signed)
    clock.advance(WINDOW)
    later = READERS[reader](signed)

    assert (within, later) == (False, False)


@pytest.mark.parametrize("reader", READERS)
def test_everybody_reads_a_paper_that_has_left(signed: Signed, clock: Clock, reader: str) -> None:
    clock.advance(WINDOW)
    leave(signed)
    assert READERS[reader](signed)

    stop(signed.services, signed.officer, signed.row)

    assert READERS[reader](signed)
    assert signed.paper.submission().state == SubmissionState.CONFIRMED


def test_nothing_says_that_it_can_be_taken_back_has_left_or_covers_anything(
    signed: Signed, clock: Clock
) -> None:
    assert can_be_taken_back(signed)

    stop(signed.services, signed.officer, signed.row)

    assert not can_be_taken_back(signed)
    assert not is_blocked_as_left(signed)
    clock.advance(WINDOW)
    assert not covers_an_addition(signed)
    assert [row.state for row in signed.paper.mails()] == [MessageState.SUPPRESSED]


@pytest.mark.parametrize(("is_read", "is_kept_back"), [(False, True), (True, False)])
def test_a_paper_whose_mail_still_waits_has_not_left_unless_it_was_read(
    signed: Signed, clock: Clock, *, is_read: bool, is_kept_back: bool
) -> None:
    clock.advance(WINDOW)
    if is_read:
        opened = gate.paper_to_read(signed.services, signed.south, signed.paper_id)
        signed_papers.open_paper(signed.services, opened)

    stop(signed.services, signed.officer, signed.row)

    assert (signed.paper.papers() == []) is is_kept_back


@pytest.mark.parametrize("later", [timedelta(minutes=1), timedelta(days=20)])
def test_after_the_stop_it_waits_in_its_queue_with_one_date_everywhere_and_is_signed_anew(
    signed: Signed, clock: Clock, later: timedelta
) -> None:
    services, paper = signed.services, signed.paper
    stop(services, signed.officer, signed.row)
    assert paper.submission().state == SubmissionState.QUEUED
    clock.advance(later)

    go_on(services, signed.officer, signed.row)

    assert paper.open_types() == {("Q2", "submission")}
    said = said_everywhere(services, signed.south, signed.officer, signed.row)
    assert len({to_the_minute(each) for each in said.values()}) == 1, said
    assert to_the_minute(said["card"]) > clock.now()
    anew = paper.sign(signed.officer)
    clock.advance(WINDOW)
    assert gate.paper_to_read(services, signed.south, anew)
    assert [row.state for row in paper.mails()] == [MessageState.SUPPRESSED, MessageState.DUE]
    assert [event.detail["number"] for event in paper.events("confirmation.kept_back")] == [1]


def leave(signed: Signed) -> None:
    """Let the mail that tells of the paper be sent."""
    with signed.services.database.transaction() as session:
        for row in outbox.of_submission(session, signed.row.id):
            told = session.get_one(OutboxMessage, row.id)
            told.state, told.sent_at = MessageState.SENT, signed.services.now()
