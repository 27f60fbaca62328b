"""Seed a case for the tests of its pages, with its coordinator, and fill in its forms."""

import re
from dataclasses import dataclass

from intake.accounts import accounts
from intake.core.services import Services
from intake.senders.register import add_sender
from storage.cases import participants
from storage.cases.cases import Case
from storage.cases.messages import CaseMessage
from storage.mail import senders
from storage.submissions.submissions import Submission
from tests.portal import samples
from tests.portal.building import PASSWORD
from tests.portal.conftest import Browser

ADDRESS = "koordinator@region.example"
HIDDEN = re.compile(r'name="(\w+)" value="([0-9a-f]{32,64})"')


@dataclass(frozen=True)
class Seen:
    """A case of one submission, and the path of its page."""

    services: Services
    case_id: str
    reference: str
    submission: str

    @property
    def path(self) -> str:
        """Return where the case is shown."""
        return f"/cases/{self.reference}"

    def row(self) -> Case:
        """Return the case as it stands."""
        with self.services.database.reading() as session:
            return session.get_one(Case, self.case_id)

    def messages(self) -> list[CaseMessage]:
        """Return every message and note."""
        with self.services.database.reading() as session:
            return session.query(CaseMessage).all()


def seed_case(services: Services, programme: str = "referrals") -> Seen:
    made = samples.seed(services, programme=programme)
    with services.database.reading() as session:
        submission = session.get_one(Submission, made.submission_id)
        case = session.get_one(Case, submission.case_id)
    return Seen(services, case.id, case.reference, made.reference)


def with_coordinator(services: Services, case: Seen) -> accounts.SignedInUser:
    """Let the sender of the case's mail be registered, belong to the case, and have an account."""
    register(services, case)
    return accounts.create_with_password(services, ADDRESS, "COORD", "VAST", PASSWORD)


def register(services: Services, case: Seen) -> None:
    """Let the sender of the case's mail be registered, and belong to the case."""
    add_sender(services, "operator", ADDRESS, "VAST")
    with services.database.transaction() as session:
        entry = senders.by_address_hash(
            session, services.keyring.lookup(session, "sender", ADDRESS)
        )
        assert entry is not None
        participants.add(session, case.case_id, entry.id, services.now())
        row = session.query(Submission).filter_by(reference=case.submission).one()
        row.sender_id = entry.id


def send(browser: Browser, case: Seen, form: str, page: str = "", **fields: str) -> str:
    """Fill in one form of the page; return the page that follows."""
    hidden = dict(HIDDEN.findall(page or browser.get(case.path).text))
    known = {name: hidden[name] for name in (f"{form}_id", "shown") if name in hidden}
    answer = browser.post(f"{case.path}/{form}", case.path, **known, **fields)
    if answer.status_code == 303:
        return browser.get(answer.location.partition("#")[0]).text
    assert answer.status_code in {400, 409}, answer.text
    return answer.text
