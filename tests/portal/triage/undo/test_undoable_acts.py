"""Check, with a clock that never stands still, that undoing an act undoes the whole of it.

An act is several rows, and each may have asked for the time itself: what ties them must be no
moment. Every kind of act that the page offers to undo has its case here.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest

from intake.access import gate
from intake.access.opened import OpenedToChange
from intake.accounts import accounts
from intake.accounts.accounts import SignedInUser
from intake.cases.known.fields import KnownField, TypedAnswers
from intake.core.services import Services
from intake.correspondence import ask_to_resend
from intake.filing import case_actions
from intake.outbox.mail_texts import MailTexts
from intake.queues import assignment, ends
from intake.senders.register import add_sender
from intake.triage import confirm_facts, confirm_types, decisions
from intake.triage.decisions import HoldReason
from intake.triage.endings import do_task, finish
from intake.triage.endings.do_task import TaskReport
from intake.triage.endings.without_paper import ClosedWithout, confirm_without_paper
from intake.triage.known import tell
from intake.triage.undoing import offers
from intake.triage.undoing.acts import REVERSALS, Way
from portal.app import TEMPLATES
from portal.text import triage as triage_words
from storage.audit_acts import Act
from storage.cases.cases import Case, CaseState
from storage.cases.confirmations import Confirmation
from storage.cases.legal_dates import LegalDate
from storage.documents.document_types import DocumentTypeRange
from storage.documents.documents import Document
from storage.documents.extracted_values import ExtractedValue
from storage.documents.people import Person
from storage.documents.quarantine import QuarantineAct
from storage.mail.outbox import OutboxMessage
from storage.submissions.queue_items import QueueItem, TaskKind
from storage.submissions.submissions import Outcome, Submission
from storage.submissions.told_facts import ToldFact
from tests.intake.confirmations.papers import seed_case
from tests.intake.correspondence.conversations import TEXTS
from tests.intake.documents.held import FACTS, WHY, seed_held
from tests.portal import samples
from tests.portal.building import PASSWORD, TickingClock, build_app, build_services
from tests.portal.conftest import Browser
from tests.portal.correspondence.test_undo_send import answer
from tests.portal.samples import Part, Seeded
from tests.portal.triage import extracted_values
from tests.portal.triage.forms import page_of, press
from tests.portal.triage.tasks.asked import ask

PARTS = (
    Part("", "CLEAN", "", "text/plain", 3, role="body"),
    Part("a.pdf", "CLEAN", page_count=1),
    Part("b.pdf", "CLEAN", page_count=1),
)
DAY = date(2027, 4, 4)
KIND = "departure_deadline"


@dataclass(frozen=True)
class Desk:
    """An officer with a browser, and the services behind it."""

    services: Services
    user: SignedInUser
    browser: Browser

    def seed(self) -> tuple[Seeded, list[str]]:
        """Put in a filed submission; return it with its documents' ids."""
        made = samples.seed(self.services, parts=PARTS)
        return made, extracted_values.ids_of(self.services, made)

    def held(self) -> Seeded:
        """Put in a submission that waits for its case."""
        return samples.seed(
            self.services, parts=PARTS, with_case=False, state="HOLDING", queue="Q3"
        )

    def change(self, made: Seeded) -> OpenedToChange[Submission]:
        """Open a submission to act on it."""
        return gate.submission_to_change(self.services, self.user, made.reference)

    def file(self, made: Seeded) -> OpenedToChange[Submission]:
        """Open a submission to file it."""
        return gate.submission_to_file(self.services, self.user, made.reference)

    def case(self, made: Seeded) -> OpenedToChange[Case]:
        """Open the case of a submission to file into it."""
        return gate.case_to_file_into(self.services, self.user, made.reference)

    def stands(self) -> set[object]:
        """Return all that an act changes; a case or day that ended is as if it never was."""
        with self.services.database.reading() as session:
            rows = session.query
            return {
                *((row.id, row.state, row.case_id, row.priority) for row in rows(Submission)),
                *((row.submission_id, row.queue, row.kind, row.claimed_by)
                  for row in rows(QueueItem) if row.closed_at is None),
                *((row.id, row.merged_into) for row in rows(Case) if row.state != CaseState.CLOSED),
                *((row.id, row.document_type) for row in rows(Document)),
                *((row.id, row.document_type, row.decided_by) for row in rows(DocumentTypeRange)),
                *((row.id, row.state, row.decided_by) for row in rows(ExtractedValue)),
                *((row.id, row.confirmed_by, row.dismissed_at) for row in rows(Person)),
                *((row.id, row.confirmed_by) for row in rows(LegalDate) if row.ended_at is None),
                *((row.submission_id, row.kind, row.state) for row in rows(OutboxMessage)),
                *((row.id, row.number) for row in rows(Confirmation)),
                *(row.id for row in rows(ToldFact) if row.ended_at is None),
                *((row.document_id, row.act) for row in rows(QuarantineAct)),
            }  # fmt: skip


# Prepares, yields the submission on whose page the act is undone, and acts.
Attempt = Callable[[Desk], Iterator[Seeded]]


def confirmed_types(desk: Desk) -> Iterator[Seeded]:
    made, documents = desk.seed()
    for document_id in documents[1:]:
        extracted_values.add_kind(desk.services, document_id, "CORR")
    yield made
    assert confirm_types.confirm_types(desk.services, desk.change(made)) == 2


def corrected_type(desk: Desk) -> Iterator[Seeded]:
    made, documents = desk.seed()
    extracted_values.add_kind(desk.services, documents[1], "CORR")
    yield made
    opened = gate.document_to_change(desk.services, desk.user, documents[1])
    confirm_types.set_type(desk.services, opened, "REF-FORM", {"REF-FORM"})


def read_day(desk: Desk) -> tuple[Seeded, str]:
    """Seed a submission with a value, and the day that it says."""
    made, documents = desk.seed()
    value_id = extracted_values.add_value(desk.services, documents[1], KIND, DAY.isoformat())
    date_id = extracted_values.add_date(desk.services, made, KIND, DAY)
    with desk.services.database.transaction() as session:
        session.get_one(LegalDate, date_id).document_id = documents[1]
    return made, value_id


def confirmed_value(desk: Desk) -> Iterator[Seeded]:
    made, value_id = read_day(desk)
    yield made
    confirm_facts.decide_value(desk.services, desk.change(made), value_id, is_right=True)


def filling_value(desk: Desk) -> Iterator[Seeded]:
    made, documents = desk.seed()
    value_id = extracted_values.add_value(
        desk.services, documents[1], "decision_date", DAY.isoformat()
    )
    yield made
    confirm_facts.decide_value(desk.services, desk.change(made), value_id, is_right=True)


def dismissed_value(desk: Desk) -> Iterator[Seeded]:
    made, value_id = read_day(desk)
    yield made
    confirm_facts.decide_value(desk.services, desk.change(made), value_id, is_right=False)


def confirmed_person(desk: Desk) -> Iterator[Seeded]:
    made, _documents = desk.seed()
    person_id = extracted_values.add_person(desk.services, made, "TEST Person")
    yield made
    confirm_facts.decide_person(desk.services, desk.change(made), person_id, is_right=True)


def dismissed_person(desk: Desk) -> Iterator[Seeded]:
    made, _documents = desk.seed()
    person_id = extracted_values.add_person(desk.services, made, "TEST Person")
    yield made
    confirm_facts.decide_person(desk.services, desk.change(made), person_id, is_right=False)


def typed_day(desk: Desk) -> Iterator[Seeded]:
    made, _documents = desk.seed()
    yield made
    confirm_facts.note_day(desk.services, desk.change(made), "trial", DAY)


def ended_day(desk: Desk) -> Iterator[Seeded]:
    made, _documents = desk.seed()
    date_id = extracted_values.add_date(desk.services, made, KIND, DAY)
    confirm_facts.note_day(desk.services, desk.change(made), KIND, DAY)
    yield made
    confirm_facts.end_day(desk.services, desk.change(made), date_id)


def accepted(desk: Desk) -> Iterator[Seeded]:
    held, (other, _documents) = desk.held(), desk.seed()
    yield held
    case_actions.accept_submission(desk.services, desk.file(held), desk.case(other))


def opened_case(desk: Desk) -> Iterator[Seeded]:
    held = desk.held()
    yield held
    case_actions.open_case(desk.services, desk.file(held))


def split(desk: Desk) -> Iterator[Seeded]:
    held, (other, _documents) = desk.held(), desk.seed()
    case_actions.accept_submission(desk.services, desk.file(held), desk.case(other))
    yield held
    case_actions.split_submission(desk.services, desk.file(held))


def merged(desk: Desk) -> Iterator[Seeded]:
    (made, _its), (other, _others) = desk.seed(), desk.seed()
    yield made
    case_actions.merge_cases(desk.services, desk.case(made), desk.case(other))


def sent_answer(desk: Desk) -> Iterator[Seeded]:
    made = held_documents(desk)
    yield made
    answer(desk.browser, made.reference)


def wish_for_another_copy(desk: Desk) -> Iterator[Seeded]:
    made = held_documents(desk)
    document_id = extracted_values.ids_of(desk.services, made)[1]
    yield made
    opened = gate.document_to_change(desk.services, desk.user, document_id)
    ask_to_resend.ask_to_resend(desk.services, MailTexts(TEMPLATES / "mail"), opened, WHY)


def held_documents(desk: Desk, **options: Any) -> Seeded:  # Any: see samples.seed
    held = seed_held(desk.services, **options)
    with desk.services.database.reading() as session:
        row = session.get_one(Submission, held.submission_id)
    return Seeded(row.id, row.reference, "")


def signed_confirmation(desk: Desk) -> Iterator[Seeded]:
    case = seed_case(desk.services)
    made = Seeded(case.submission_id, case.reference, "")
    yield made
    case.sign(desk.user)


def confirmed_submission(desk: Desk) -> Iterator[Seeded]:
    made, _documents = desk.seed()
    yield made
    confirm_without_paper(desk.services, desk.change(made), ClosedWithout.INTERNAL)


def hold(desk: Desk) -> Iterator[Seeded]:
    made, _documents = desk.seed()
    yield made
    decisions.hold_submission(desk.services, desk.change(made), HoldReason.SENDER_UNSURE)


def finished(desk: Desk) -> Iterator[Seeded]:
    held = desk.held()
    yield held
    finish.finish_submission(desk.services, desk.change(held), Outcome.NOT_FOR_US)


def answered_and_finished(desk: Desk) -> Iterator[Seeded]:
    made = held_documents(desk, with_case=False, state="HOLDING", queue="Q3", kind="submission")
    yield made
    answer(desk.browser, made.reference, step="finish")


def confirmed_cash(desk: Desk) -> Iterator[Seeded]:
    made = samples.seed(desk.services, parts=PARTS, programme="cash", queue="Q9")
    yield made
    decisions.confirm_submission(desk.services, desk.change(made))


def done_task(desk: Desk) -> Iterator[Seeded]:
    made, _documents = desk.seed()
    item_id = ask(desk.services, made, TaskKind.WRONG_READER)
    yield made
    opened = gate.task_to_do(desk.services, desk.user, item_id)
    do_task.do_task(desk.services, TEXTS, opened, TaskReport("slip"))


def assigned(desk: Desk) -> Iterator[Seeded]:
    made, _documents = desk.seed()
    yield made
    assignment.assign_item(desk.services, desk.change(made), desk.user.id, holder_id="")


def told(desk: Desk) -> Iterator[Seeded]:
    made, _documents = desk.seed()
    yield made
    typed = TypedAnswers({KnownField.COUNTRY: "IRQ", KnownField.ESCORT: "yes"})
    assert tell.tell(desk.services, desk.change(made), typed) == 2


ATTEMPTS: dict[tuple[Act, str], Attempt] = {
    (Act.DOCUMENT_TYPE_CONFIRMED, ""): confirmed_types,
    (Act.DOCUMENT_TYPE_CORRECTED, ""): corrected_type,
    (Act.VALUE_CONFIRMED, ""): confirmed_value,
    (Act.VALUE_DISMISSED, ""): dismissed_value,
    (Act.PERSON_CONFIRMED, ""): confirmed_person,
    (Act.PERSON_DISMISSED, ""): dismissed_person,
    (Act.DATE_CONFIRMED, ""): typed_day,
    (Act.DATE_ENDED, ""): ended_day,
    (Act.SUBMISSION_ACCEPTED, "into a known case"): accepted,
    (Act.SUBMISSION_ACCEPTED, "into a new case"): opened_case,
    (Act.SUBMISSION_SPLIT, ""): split,
    (Act.CASE_MERGED, ""): merged,
    (Act.ANSWER_SENT, ""): sent_answer,
    (Act.DOCUMENT_RESEND_ASKED, ""): wish_for_another_copy,
    (Act.CONFIRMATION_SIGNED, ""): signed_confirmation,
    (Act.SUBMISSION_CLOSED_WITHOUT, ""): confirmed_submission,
    (Act.SUBMISSION_CONFIRMED, ""): confirmed_cash,
    (Act.SUBMISSION_HELD, ""): hold,
    (Act.SUBMISSION_FINISHED, "alone"): finished,
    (Act.SUBMISSION_FINISHED, "with an answer"): answered_and_finished,
    (Act.ITEM_ASSIGNED, ""): assigned,
    (Act.FACTS_TOLD, ""): told,
    (Act.VALUE_CONFIRMED, "that fills a field"): filling_value,
    (Act.TASK_DONE, ""): done_task,
}


@pytest.fixture(scope="module")
def desks(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Desk]]:
    """Give an intake officer and a cash officer, who have thirty seconds to undo a sending."""
    folder = tmp_path_factory.mktemp("undoing")
    services = build_services(folder, TickingClock(), undo_seconds="30")
    add_sender(services, "operator", str(FACTS["from_address"]), "VAST")
    app, found = build_app(services), {}
    for role in ("INTAKE", "CASH"):
        email = f"{role.lower()}@iom.example"
        user = accounts.create_with_password(services, email, role, None, PASSWORD)
        browser = Browser(app)
        assert browser.sign_in(email).status_code == 303
        found[role] = Desk(services, user, browser)
    yield found
    services.database.close()


def test_every_act_that_can_be_undone_is_tried() -> None:
    assert {act for act, _how in ATTEMPTS} == set(REVERSALS)


@pytest.mark.parametrize(
    ("act", "attempt"), [(act, attempt) for (act, _how), attempt in ATTEMPTS.items()],
    ids=[f"{act} {how}".strip() for act, how in ATTEMPTS],
)  # fmt: skip
def test_undoing_an_act_undoes_the_whole_of_it_and_says_what(
    desks: dict[str, Desk], act: Act, attempt: Attempt
) -> None:
    desk = desks["CASH" if attempt is confirmed_cash else "INTAKE"]
    steps = attempt(desk)
    made = next(steps)
    before = desk.stands()

    assert next(steps, None) is None
    assert desk.stands() != before
    opened = gate.submission_to_change(desk.services, desk.user, made.reference)
    step = offers.read_offer(desk.services, opened).step
    assert step is not None
    assert step.act == act

    # Where something was typed, its form opens again; else the page of the submission does.
    is_typed = step.way is Way.MAIL or ends.MAIL in step.detail
    assert press(desk.browser, made, "z") == (200 if is_typed else 303)
    assert desk.stands() == before
    page = desk.browser.get(page_of(made)).text
    assert f"Taken back: {triage_words.step(step)} <" in page
