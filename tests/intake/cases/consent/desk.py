"""A referral at the desk, its officer, and what is noted and asked about its consent."""

from dataclasses import dataclass
from datetime import date, timedelta

from intake.access import gate
from intake.accounts.accounts import SignedInUser
from intake.cases import consents, withdrawal
from intake.cases.consent import ask, override
from intake.cases.consent.ask import Given, NotGiven, Overridden
from intake.cases.consent.override import OverrideRequest
from intake.cases.consents import ConsentState
from intake.cases.withdrawal import EndOfStop
from intake.core.services import Services
from storage.cases.cases import Case
from storage.cases.consent_holds import ConsentHold
from tests.support.people import plant_user
from tests.support.waiting import Waiting, seed_waiting

WHY = "A doctor says that she will not live without help this week."
ANSWER = {
    "purpose": "referral",
    "recipient": "iom_finland",
    "answer": "given",
    "method": "signed",
    "interpreter": "no",
    "explained_by": "iom",
    "given_on": "2026-11-20",
}


@dataclass
class ConsentDesk:
    """One case and who works on it."""

    services: Services
    waiting: Waiting
    officer: SignedInUser

    @property
    def reference(self) -> str:
        """Return the case's own code."""
        return self.waiting.case().reference

    def note(self, **changes: str) -> None:
        """Note an answer of the person; without changes the consent to be referred to us."""
        opened = gate.case_to_change(self.services, self.officer, self.reference)
        consents.note_consent(self.services, opened, ANSWER | changes)

    def states(self) -> dict[str, ConsentState]:
        """Return {purpose: how its answer stands}."""
        with self.services.database.reading() as session:
            case = session.get_one(Case, self.waiting.case_id)
            listed = consents.of_case(self.services, session, case)
        return {each.purpose: each.state for each in listed}

    def stop(self) -> None:
        """Note that the person withdrew."""
        opened = gate.case_to_change(self.services, self.officer, self.reference)
        withdrawal.stop_case(self.services, opened)

    def waiting_consents(self) -> tuple[str, ...]:
        """Return the ids of the consents that wait for the end of the stop."""
        opened = gate.case_to_read(self.services, self.officer, self.reference)
        stop = withdrawal.read_stop(self.services, opened)
        assert stop is not None
        return tuple(each.id for each in stop.suspended)

    def go_on(self, shown: tuple[str, ...], *hold_again: str) -> None:
        """Note that the person goes on, as a form does that showed some consents."""
        opened = gate.case_to_change(self.services, self.officer, self.reference)
        end = EndOfStop(frozenset(shown), frozenset(hold_again))
        withdrawal.resume_case(self.services, opened, end)

    def ask(
        self, purpose: str = "referral", recipient: str = "iom_finland", name: str = ""
    ) -> Given | Overridden | NotGiven:
        """Ask whether something may be."""
        with self.services.database.reading() as session:
            case = session.get_one(Case, self.waiting.case_id)
            return ask.ask(
                self.services, session, case, purpose=purpose, recipient=recipient, name=name
            )

    def propose(
        self, ends_on: date | None = None, purpose: str = "referral", recipient: str = "iom_finland"
    ) -> str:
        """Ask for an override until a day, by default for a week."""
        day = ends_on or self.services.now().date() + timedelta(days=7)
        opened = gate.case_to_change(self.services, self.officer, self.reference)
        asked = OverrideRequest(purpose, recipient, WHY, day)
        return override.propose(self.services, opened, asked)

    def place(self) -> tuple[str, str]:
        """Return the queue and the reason of the referral's own item."""
        item = self.waiting.open_item()
        return item.queue, item.reason

    def held(self) -> list[tuple[str, str]]:
        """Return (why, by what it ended) of each hold of the case."""
        with self.services.database.reading() as session:
            rows = session.query(ConsentHold).order_by(ConsentHold.held_at).all()
        return [(row.why, row.ended_by) for row in rows]

    def acts(self, *starts: str) -> list[str]:
        """Return the audited acts on the case that begin so."""
        subject = ("case", self.waiting.case_id)
        return [each.act for start in starts for each in self.waiting.events(subject, start)]


def open_desk(services: Services, *papers: str, confirmed: bool = True) -> ConsentDesk:
    """Let a referral with some papers wait for an officer."""
    waiting = seed_waiting(services, *papers, confirmed=confirmed)
    return ConsentDesk(services, waiting, plant_user(services))
