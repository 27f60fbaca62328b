"""Try every writer of mail after the person withdrew: nothing leaves (requirement 18).

Only who wrote a mail still gets its receipt: nothing tells before it is filed that it belongs to a
stopped case, and its absence would tell of one. The writers are those that the source has, and the
table is written by one module: a new one must be tried here too. Each is tried twice, because an
attempt that writes nothing in a case that goes on would prove nothing.
"""

import ast
import re
import traceback
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from sqlalchemy import event

from intake.access import gate
from intake.arrivals import drafts, link_holders, link_mail, links, send, send_by_link
from intake.arrivals.link_holders import LinkOver
from intake.arrivals.links import LinkRequest
from intake.cases import withdrawal
from intake.cases.withdrawal import PersonWithdrew
from intake.confirmations import mail as confirmation_mail
from intake.core import submission_facts
from intake.core.services import Services
from intake.correspondence import ask_to_resend, notices
from intake.correspondence.answers import AnswerRefused
from intake.correspondence.recipients import AnswerTools
from intake.correspondence.reminders import send_due_reminders
from intake.outbox import post, receipt
from intake.reference_data.prepared_answers import AnswerWriter, find_answer
from storage.mail.outbox import OutboxMessage
from storage.submissions.submissions import Submission
from tests.intake.confirmations import papers
from tests.intake.correspondence import answer_forms
from tests.intake.correspondence.conversations import TEXTS, Room, open_room
from tests.intake.documents.held import WHY, Held, seed_held
from tests.support.building import MAIL_TEXTS, Clock

ROOT = Path(__file__).parents[3]
SAFE = "sister@safe.example"
REFUSALS = (PersonWithdrew, LinkOver, AnswerRefused)


@dataclass
class Scene:
    """A case of a registered coordinator, and its officer."""

    services: Services
    room: Room
    clock: Clock

    def file(self, submission_id: str, **columns: object) -> None:
        """Put a submission into the case, with other columns if wished."""
        with self.services.database.transaction() as session:
            row = session.get_one(Submission, submission_id)
            row.case_id = self.room.waiting.case_id
            for name, value in columns.items():
                setattr(row, name, value)

    def link(self, address: str = "") -> str:
        """Make a link for the case and return its token."""
        wish = LinkRequest(links.new_link_id(), "for the sister", address, is_safe=bool(address))
        made = links.make_link(
            self.services,
            TEXTS,
            gate.case_or_submission_to_change(
                self.services, self.room.officer, self.room.reference
            ),
            wish,
        )
        return urlsplit(made.url).path.rpartition("/")[2]

    def due(self) -> list[str]:
        """Return the kinds of all mails that are due."""
        with self.services.database.reading() as session:
            rows = session.query(OutboxMessage).filter_by(state="due").all()
        return sorted(row.kind for row in rows)


def reminder(scene: Scene) -> Iterator[None]:
    waiting = scene.room.waiting
    waiting.know(scene.room.officer)
    waiting.confirm()
    yield
    scene.clock.at = datetime(2026, 11, 27, 8, tzinfo=UTC)
    waiting.change(next_reminder_at=scene.clock.now())
    send_due_reminders(scene.services, TEXTS, scene.clock.now())


def answer(scene: Scene) -> Iterator[None]:
    office = AnswerTools(scene.services, AnswerWriter(MAIL_TEXTS), find_answer)
    yield
    held = Held(scene.services, scene.room.waiting.submission_id)
    answer_forms.send(office, scene.room.officer, held)


def another_copy(scene: Scene) -> Iterator[None]:
    held = seed_held(scene.services, with_case=False)
    scene.file(held.submission_id)
    yield
    document = held.document("underlag.zip").id
    ask_to_resend.ask_to_resend(
        scene.services,
        TEXTS,
        gate.document_to_change(scene.services, scene.room.officer, document),
        WHY,
    )


def confirmation(scene: Scene) -> Iterator[None]:
    paper = papers.seed_case(scene.services, with_case=False)
    scene.file(paper.submission_id)
    yield
    with scene.services.database.transaction() as session:
        row = session.get_one(Submission, paper.submission_id)
        key = scene.services.keyring.open(session, row.data_key_id)
        confirmation_mail.write_confirmation_mail(
            scene.services, session, TEXTS, row, key, number=1
        )


def notice(scene: Scene) -> Iterator[None]:
    yield
    scene.room.ask()


def notice_of_an_answer(scene: Scene) -> Iterator[None]:
    scene.file(scene.room.waiting.submission_id, submitted_by=scene.room.coordinator.id)
    yield
    with scene.services.database.transaction() as session:
        row = session.get_one(Submission, scene.room.waiting.submission_id)
        notices.write_notice_to_sender(scene.services, session, TEXTS, row)


def link(scene: Scene) -> Iterator[None]:
    yield
    scene.link(SAFE)


def mail_of_a_link(scene: Scene) -> Iterator[None]:
    yield
    with scene.services.database.transaction() as session:
        row = session.get_one(Submission, scene.room.waiting.submission_id)
        link_mail.send_link(
            scene.services, session, TEXTS, row, SAFE, "https://x.example", scene.clock.now()
        )


def receipt_of_a_link(scene: Scene) -> Iterator[None]:
    held = link_holders.open_link(scene.services, scene.link(), "", "192.0.2.1")
    typed = {"note": "Here it is.", "address": SAFE, "safe": "yes"}
    drafts.save_draft(
        scene.services, gate.draft_to_change(scene.services, held.holder, held.draft_id), typed
    )
    yield
    send_by_link.send_link_draft(scene.services, TEXTS, held, "a browser")


def receipt_of_mail(scene: Scene) -> Iterator[None]:
    yield
    with scene.services.database.transaction() as session:
        row = session.get_one(Submission, scene.room.waiting.submission_id)
        key = scene.services.keyring.open(session, row.data_key_id)
        receipt.answer_sender(
            scene.services,
            TEXTS,
            session,
            row,
            submission_facts.of_mail(row, key),
            organisation=lambda domain: domain,
            kind="receipt",
        )


def receipt_of_an_addition(scene: Scene) -> Iterator[None]:
    """What a coordinator adds to a referral of theirs, through the portal."""
    draft_id = drafts.start_addition(
        scene.services,
        gate.referral_to_add_to(scene.services, scene.room.coordinator, scene.room.referral_code),
    )
    drafts.save_draft(
        scene.services,
        gate.draft_to_change(scene.services, scene.room.coordinator, draft_id),
        {"note": "Words alone."},
    )
    yield
    send.send_draft(
        scene.services, TEXTS, gate.own_draft(scene.services, scene.room.coordinator, draft_id)
    )


Attempt = Callable[[Scene], Iterator[None]]
# Every function that calls `post.write`, and the ways to make it do so.
WRITERS: dict[str, tuple[Attempt, ...]] = {
    "intake/arrivals/link_mail.py:_write": (link, mail_of_a_link, receipt_of_a_link),
    "intake/arrivals/send.py:_receipt": (receipt_of_an_addition,),
    "intake/confirmations/mail.py:write_confirmation_mail": (confirmation,),
    "intake/correspondence/answers.py:send_locked": (answer,),
    "intake/correspondence/ask_to_resend.py:_write": (another_copy,),
    "intake/correspondence/notices.py:_tell": (notice, notice_of_an_answer),
    "intake/correspondence/reminders.py:_write": (reminder,),
    "intake/outbox/receipt.py:answer_sender": (receipt_of_mail,),
}
ATTEMPTS = [attempt for attempts in WRITERS.values() for attempt in attempts]


# The others are about no submission; `test_invitations`, `test_task_mail` and `test_escalate` try
# them.
WRITERS_APART = {
    "write_to_account": {"intake/outbox/invitations.py:invite"},
    "write_about_task": {
        "intake/duty/warn.py:_mail",
        "intake/triage/endings/escalate.py:_mail",
    },
}


def callers_of(writer: str) -> set[str]:
    """Return FILE:FUNCTION for each call of a function of `post` in the source."""
    found = set()
    for room in ("intake", "portal", "mailbox"):
        for path in sorted((ROOT / room).rglob("*.py")):
            for function in ast.walk(ast.parse(path.read_text())):
                if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef) and any(
                    isinstance(node, ast.Attribute) and ast.unparse(node) == f"post.{writer}"
                    for node in ast.walk(function)
                ):
                    found.add(f"{path.relative_to(ROOT)}:{function.name}")
    return found


def names_taken_from_post() -> set[str]:
    """Return what modules import from `post` by name, past `post.write`."""
    return {
        name.name
        for room in ("intake", "portal", "mailbox")
        for path in (ROOT / room).rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.ImportFrom) and node.module == "intake.outbox.post"
        for name in node.names
    }


@pytest.fixture
def scene(sqlite_services: Services, clock: Clock) -> Scene:
    """Give a case that goes on."""
    return Scene(sqlite_services, open_room(sqlite_services), clock)


def test_every_writer_of_mail_in_the_source_is_tried() -> None:
    assert callers_of("write") == set(WRITERS)
    assert {name: callers_of(name) for name in WRITERS_APART} == WRITERS_APART
    assert not {"write", *WRITERS_APART} & names_taken_from_post()


def test_only_one_module_makes_rows_of_the_outbox() -> None:
    """Whatever asks no predicate would have to make its row elsewhere, or by SQL of its own."""
    makers = {
        str(path.relative_to(ROOT))
        for room in ("intake", "portal", "mailbox", "storage")
        for path in (ROOT / room).rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if (isinstance(node, ast.Call) and ast.unparse(node.func).endswith("OutboxMessage"))
        or (isinstance(node, ast.Call) and ast.unparse(node).startswith("insert(OutboxMessage"))
        or (
            isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and re.search(r"insert\s+into\s+outbox", node.value, re.IGNORECASE)
        )
    }

    assert makers == {"intake/outbox/post.py"}


@pytest.fixture
def written_by(scene: Scene) -> Iterator[list[set[str]]]:
    """Give the functions of `post` on the stack at each INSERT into the outbox."""
    stacks: list[set[str]] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if statement.startswith("INSERT INTO outbox "):
            frames = traceback.extract_stack()
            stacks.append(
                {each.name for each in frames if each.filename.endswith("outbox/post.py")}
            )

    with scene.services.database.reading() as session:
        engine = session.get_bind()
    event.listen(engine, "before_cursor_execute", note)
    yield stacks
    event.remove(engine, "before_cursor_execute", note)


@pytest.mark.parametrize("attempt", ATTEMPTS)
def test_each_attempt_writes_as_long_as_the_case_goes_on(
    scene: Scene, attempt: Attempt, written_by: list[set[str]]
) -> None:
    steps = attempt(scene)
    next(steps)
    before = scene.due()
    written_by.clear()

    next(steps, None)

    assert len(scene.due()) == len(before) + 1
    assert written_by
    assert all("write" in each for each in written_by)


@pytest.mark.parametrize("attempt", ATTEMPTS)
def test_after_a_stop_no_writer_leaves_anything_due_but_the_receipt_of_a_mail(
    scene: Scene, attempt: Attempt
) -> None:
    steps = attempt(scene)
    next(steps)
    withdrawal.stop_case(
        scene.services,
        gate.case_to_change(scene.services, scene.room.officer, scene.room.reference),
    )

    with suppress(*REFUSALS):
        next(steps, None)

    assert scene.due() == (["R1"] if attempt is receipt_of_mail else [])


@pytest.mark.parametrize("attempt", ATTEMPTS)
@pytest.mark.parametrize("was_tried", [True, False])
def test_what_was_written_before_a_stop_stays_here(
    scene: Scene, attempt: Attempt, was_tried: bool
) -> None:
    steps = attempt(scene)
    for _ in steps:
        pass
    with scene.services.database.transaction() as session:
        for row in session.query(OutboxMessage).filter_by(state="due"):
            # What waits for its half minute, or for another try after a server was away.
            row.attempts = 1 if was_tried else 0
            row.next_try_at = scene.clock.now() + timedelta(seconds=30)

    withdrawal.stop_case(
        scene.services,
        gate.case_to_change(scene.services, scene.room.officer, scene.room.reference),
    )

    with scene.services.database.reading() as session:
        left = [
            row.kind
            for row in session.query(OutboxMessage).filter_by(state="due")
            if post.refusal_to_leave(scene.services, session, row) is None
        ]
    assert left == (["R1"] if attempt is receipt_of_mail else [])
