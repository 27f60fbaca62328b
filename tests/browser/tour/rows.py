"""Plant people of each role, and something to show on every page of the tour."""

from dataclasses import dataclass
from datetime import date, timedelta

from intake.access import gate
from intake.accounts import accounts, administration, second_factor
from intake.accounts.accounts import SignedInUser
from intake.cases.consent import override
from intake.cases.consent.override import OverrideRequest
from intake.core.services import Services
from intake.correspondence import case_messages
from intake.correspondence.case_messages import MessageDraft
from intake.outbox import invitations
from intake.reference_data import editions
from intake.reference_data.edition_drafts import EditionDraft
from intake.triage.endings import do_task
from intake.triage.endings.do_task import TaskReport
from storage.cases.cases import Case
from storage.editions import EditionKind
from storage.submissions.queue_items import QueueItem, TaskKind
from storage.submissions.submissions import Submission
from tests.browser.support import mixed, pages
from tests.browser.tour import asked as tour_asked
from tests.browser.tour import away as tour_away
from tests.browser.tour.asked import Asked
from tests.intake.confirmations import papers
from tests.intake.documents.held import seed_held
from tests.intake.outbox.test_stop_list import stopped_submission
from tests.portal import samples
from tests.portal.building import PASSWORD, Clock
from tests.portal.cases import seen_case
from tests.portal.coordinators.support import Telephone
from tests.portal.correspondence.links import TEXTS
from tests.portal.triage.extracted_values import ids_of
from tests.portal.triage.tasks.asked import ask

NEWCOMER = "newcomer@region.example"
MANAGER = "manager@iom.example"
ADMINISTRATOR = "administrator@iom.example"
AUDITOR = "auditor@iom.example"
CASEWORKER = "caseworker@iom.example"
PROTECTOR = "protection@iom.example"
HEALTH = "health@iom.example"
CASH = "cash@iom.example"
OTHERS = {
    ADMINISTRATOR: "ADMIN",
    AUDITOR: "AUDIT",
    CASEWORKER: "CASEW",
    PROTECTOR: "PROT",
    HEALTH: "HEALTH",
    CASH: "CASH",
}
# Enough arrivals in one week that the number itself is shown.
ENOUGH = 12


@dataclass(frozen=True)
class Rows:
    """What the tour's paths and forms need to name."""

    public: dict[str, str]
    officer: dict[str, str]
    clock: Clock
    telephone: Telephone
    case: str
    theirs: str
    to_confirm: str
    stopped: str
    known: str
    answerable: str
    cash: str
    edition: str
    account: str
    held_document: str
    entry: str
    done_with: str
    asked: Asked


def plant(services: Services, clock: Clock) -> Rows:
    """Put everything in."""
    public, officer = pages.sample(services)
    coordinator = accounts.create_with_password(
        services, seen_case.ADDRESS, "COORD", "VAST", PASSWORD
    )
    telephone = _telephone_of(services, clock, coordinator)
    manager = accounts.create_with_password(services, MANAGER, "MGR", None, PASSWORD)
    others = {
        address: accounts.create_with_password(services, address, role, None, PASSWORD)
        for address, role in OTHERS.items()
    }
    for role in ("CASEW", "PROT"):
        address = f"asked-{role.lower()}@iom.example"
        invitations.invite(services, TEXTS, others[ADMINISTRATOR], address, role, None)
    newcomer = accounts.create_with_password(services, NEWCOMER, "COORD", "SYD", PASSWORD)
    tour_asked.end_soon(services, newcomer)
    writer = accounts.create_with_password(services, "fourth@iom.example", "INTAKE", None, PASSWORD)
    case = _case(services, writer, coordinator)
    for _ in range(ENOUGH):
        samples.seed(services, age=timedelta(weeks=1), parts=(), with_case=False, queue=None)
    _leave_without_owner(services, others[ADMINISTRATOR])
    locked = mixed.quarantined(services, 3)
    return Rows(
        public=public,
        officer=officer,
        clock=clock,
        telephone=telephone,
        case=case.reference,
        theirs=case.submission,
        to_confirm=papers.seed_case(services).reference,
        stopped=stopped_submission(services),
        known=mixed.dated(services, 11).reference,
        answerable=_answerable(services),
        cash=samples.seed(services, programme="cash", queue="Q6").reference,
        edition=_edition(services, writer),
        account=manager.id,
        held_document=ids_of(services, locked)[3],
        entry=tour_away.plant(services),
        done_with=_done_with(services, others[CASEWORKER]),
        asked=tour_asked.plant(services, writer, coordinator),
    )


def _telephone_of(services: Services, clock: Clock, user: SignedInUser) -> Telephone:
    telephone = Telephone(
        clock, second_factor.begin_enrolment(services, "no session", user.id).secret
    )
    second_factor.confirm_enrolment(services, "no session", user.id, telephone.code())
    return telephone


def _case(services: Services, writer: SignedInUser, coordinator: SignedInUser) -> seen_case.Seen:
    """Put in a case with a coordinator, dates, people, a note and a message from either side."""
    made = mixed.dated(services, 12)
    with services.database.reading() as session:
        submission = session.get_one(Submission, made.submission_id)
        case = session.get_one(Case, submission.case_id)
    seen = seen_case.Seen(services, case.id, case.reference, made.reference)
    seen_case.register(services, seen)
    note = MessageDraft(case_messages.new_message_id(), "Called the region; they write on Monday.")
    case_messages.write_note(services, gate.case_to_change(services, writer, seen.reference), note)
    question = MessageDraft(case_messages.new_message_id(), "Is Monday early enough?")
    case_messages.write_from_coordinator(
        services, gate.conversation_to_write(services, coordinator, seen.submission), question
    )
    tour_asked.note_wishes(services, writer, seen.reference)
    opened = gate.case_to_change(services, writer, seen.reference)
    why = "A doctor says that this person will not live without help this week."
    last_day = services.now().date() + timedelta(days=7)
    override.propose(services, opened, OverrideRequest("health", "health", why, last_day))
    return seen


def _leave_without_owner(services: Services, administrator: SignedInUser) -> None:
    """Put in a confirmed case whose owner left, for the first page of the queues."""
    leaver = accounts.create_with_password(services, "left@iom.example", "CASEW", None, PASSWORD)
    seen = seen_case.seed_case(services)
    with services.database.transaction() as session:
        case = session.get_one(Case, seen.case_id)
        case.owner_id, case.state = leaver.id, "CONFIRMED"
    administration.disable_account(services, administrator, leaver.id)


def _answerable(services: Services) -> str:
    """Put in a registered sender's mail that can be answered; return its reference."""
    made = seed_held(services, with_case=False, state="HOLDING", queue="Q3", kind="submission")
    with services.database.reading() as session:
        return session.get_one(Submission, made.submission_id).reference


def _done_with(services: Services, caseworker: SignedInUser) -> str:
    """Let a caseworker do the one task that they had of a submission; return its reference."""
    made = samples.seed(services, with_case=False)
    item_id = ask(services, made, TaskKind.CALL_SENDER)
    with services.database.transaction() as session:
        session.get_one(QueueItem, item_id).claimed_by = caseworker.id
    opened = gate.task_to_do(services, caseworker, item_id)
    do_task.do_task(services, TEXTS, opened, TaskReport("no_number"))
    return made.reference


def _edition(services: Services, writer: SignedInUser) -> str:
    content = {"source": "The agency's page", "countries": ["IRQ", "SOM"]}
    draft = EditionDraft(
        EditionKind.COUNTRIES, "iom_payable", "", date(2026, 11, 1), None, content, "A new list."
    )
    return editions.propose_edition(services, writer, draft)
