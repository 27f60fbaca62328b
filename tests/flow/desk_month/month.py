"""Let a month happen at the desk, and keep what it left behind."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select

from storage.audit import AuditEvent
from storage.cases.cases import Case
from storage.cases.confirmations import Confirmation
from storage.mail.outbox import OutboxMessage
from storage.submissions.due_warnings import DueWarning
from storage.submissions.queue_items import QueueItem
from storage.submissions.submissions import Submission
from storage.submissions.task_outcomes import TaskOutcome
from tests.flow.desk_month import duty
from tests.flow.desk_month.arrivals import FIRST_MONDAY, Arrival
from tests.flow.desk_month.calendar import LEAVE, Round, Work, plan_rounds
from tests.flow.desk_month.coordinator import Coordinator
from tests.flow.desk_month.officer import Officer
from tests.flow.desk_month.protection import Asking, Deciding

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from tests.flow.desk_month.arrivals import Kind
    from tests.flow.desk_month.house import House

CHANGE_OF_DUTY = FIRST_MONDAY + timedelta(days=8)
PROTECTORS = ("Protection officer 1", "Protection officer 2")
NEW_NUMBER = "+358 40 765 4321"


@dataclass
class Staff:
    """The people of the office, and what came of one officer's leave.

    `left` are the items that officer 2 had when they went, `held` those that were still open when
    their deputy came, `taken` those that the deputy took over. `approvals` are the statuses of
    what was sent to change the duty list.
    """

    house: "House"
    first: Officer = field(init=False)
    second: Officer = field(init=False)
    protection: Asking = field(init=False)
    focal_point: Deciding = field(init=False)
    left: list[str] = field(default_factory=list)
    held: set[str] = field(default_factory=set)
    taken: list[str] = field(default_factory=list)
    approvals: list[list[int]] = field(default_factory=list)
    calls_to_duty: int = 0

    def __post_init__(self) -> None:
        self.first = Officer(self.house, self.house.seat("Intake officer 1", "INTAKE"))
        self.second = Officer(self.house, self.house.seat("Intake officer 2", "INTAKE"))
        self.protection = Asking(self.house, self.house.seat(PROTECTORS[0], "PROT"))
        self.focal_point = Deciding(self.house, self.house.seat(PROTECTORS[1], "PROT"))
        self.manager = self.house.seat("Manager 1", "MGR")
        self.house.duty = self.answer_duty
        self.coordinator = Coordinator(self.house.seat_of_coordinator())
        self.house.upload = self.coordinator.upload

    @property
    def officers(self) -> tuple[Officer, ...]:
        """Return all who work the desk off."""
        return self.first, self.second, self.protection, self.focal_point

    def write_duty_list(self) -> None:
        """Put the first duty list in force."""
        for seat in (self.first.seat, self.manager):
            seat.sign_in()
        self.approvals.append(duty.write_first_list(self.first.seat, self.manager))

    def change_duty_list(self) -> None:
        """Change the number that is called."""
        for seat in (self.second.seat, self.manager):
            seat.sign_in()
        done = duty.change_telephone(self.second.seat, self.manager, NEW_NUMBER)
        self.approvals.append(done)

    def answer_duty(self, references: "Iterable[str]") -> None:
        """Look at once at what a warning named to the people on duty."""
        self.calls_to_duty += 1
        self.first.look_at(references)

    def work(self, planned: Round) -> None:
        """Do a round of work."""
        self.protection.work_off()
        if planned.work is not Work.BY_FIRST:
            # What was asked earlier in the day is decided, and what comes back too.
            self.focal_point.work_off()
            self.protection.work_off()
        match planned.work:
            case Work.BY_FIRST:
                self.first.work_off()
            case Work.BY_SECOND:
                self.second.work_off()
            case Work.LEAVES_IN_A_HURRY:
                self.left = self.second.take_what_waits()
                first_on, last_on = (day.date().isoformat() for day in LEAVE)
                self.second.go_away(first_on, last_on)
            case Work.COVERED:
                self.held |= self._held_by_second()
                self.taken += self.first.take_over()
                self.first.work_off()

    def _held_by_second(self) -> set[str]:
        with self.house.services.database.reading() as session:
            own = QueueItem.claimed_by == self.second.seat.user.id
            return set(
                session.scalars(select(QueueItem.id).where(own, QueueItem.closed_at.is_(None)))
            )


@dataclass
class Month:
    """What a month left behind."""

    staff: Staff
    submissions: list[Submission]
    items: list[QueueItem]
    cases: list[Case]
    papers: list[Confirmation]
    mails: list[OutboxMessage]
    warnings: list[DueWarning]
    acts: list[AuditEvent]
    outcomes: list[TaskOutcome]

    @property
    def house(self) -> "House":
        """Return the house in which it happened."""
        return self.staff.house

    def kind_of(self, submission: Submission) -> "Kind":
        """Return what a submission truly is."""
        return self.house.truth[submission.reference].kind

    def of(self, *kinds: "Kind") -> list[Submission]:
        """Return what came in of some kinds."""
        return [each for each in self.submissions if self.kind_of(each) in kinds]

    def was_done_at(self, item: QueueItem, at: "datetime") -> bool:
        """Tell whether a task was done at a time, and opened again later."""
        return any(
            each.at <= at < each.reopened_at
            for each in self.outcomes
            if each.item_id == item.id and each.reopened_at is not None
        )

    def spent(self) -> Counter["Kind"]:
        """Count the requests of all officers by the kind that they were about."""
        return sum((each.spent for each in self.staff.officers), Counter())


def let_happen(house: "House", planned: list[Arrival]) -> Month:
    """Let the month happen: what comes in, the rounds of work, and time between them."""
    staff = Staff(house)
    staff.write_duty_list()
    events: list[tuple[datetime, int, Arrival | Round]] = [
        *((each.at, 0, each) for each in planned),
        *((each.at, 1, each) for each in plan_rounds()),
    ]
    for at, _, event in sorted(events, key=lambda each: each[:2]):
        house.pass_time(at)
        if len(staff.approvals) == 1 and at > CHANGE_OF_DUTY:
            staff.change_duty_list()
        if isinstance(event, Arrival):
            house.let_in(event)
        else:
            staff.work(event)
    house.pass_time(house.clock.at + (LEAVE[1] - LEAVE[0]))
    assert house.clock.at > FIRST_MONDAY
    with house.services.database.reading() as session:
        return Month(
            staff,
            submissions=list(session.scalars(select(Submission))),
            items=list(session.scalars(select(QueueItem))),
            cases=list(session.scalars(select(Case))),
            papers=list(session.scalars(select(Confirmation))),
            mails=list(session.scalars(select(OutboxMessage))),
            warnings=list(session.scalars(select(DueWarning))),
            acts=list(session.scalars(select(AuditEvent))),
            outcomes=list(session.scalars(select(TaskOutcome))),
        )
