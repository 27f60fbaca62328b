"""Provide an officer with submissions and cases to act on."""

from dataclasses import dataclass

from intake.access import gate
from intake.accounts.accounts import SignedInUser
from intake.core.services import Services
from intake.filing import case_actions
from storage import audit
from storage.cases import cases, filing_acts, participants
from storage.cases.filing_acts import FilingAct
from storage.submissions import submissions
from storage.submissions.submissions import Submission
from tests.samples.mail.mails import referral
from tests.samples.mail.wire import STRANGER
from tests.support.desk import Desk
from tests.support.rows import Planter


@dataclass
class Office:
    """An officer of the referrals, with what their acts need to name."""

    desk: Desk
    user: SignedInUser

    @property
    def services(self) -> Services:
        """Return the desk's services."""
        return self.desk.services

    def mail(self, submission_id: str) -> Submission:
        """Return a mail as it stands."""
        return self.desk.submission(submission_id)

    def case_code(self, submission_id: str) -> str:
        """Return the code of a mail's case."""
        with self.services.database.reading() as session:
            case = cases.by_id(session, self.mail(submission_id).case_id)
        assert case is not None
        return case.reference

    def opened(self, token: str = "") -> str:
        """Let a coordinator's new matter open a case."""
        return self.desk.handle(referral(token=f"matter {token}"))

    def held(self, sender: str = STRANGER, token: str = "") -> str:
        """Let a mail come that is held."""
        return self.desk.handle(referral(sender, subject="SV: Fråga", token=f"held {token}"))

    def acts(self, submission_id: str) -> list[FilingAct]:
        """Return what was done with a mail."""
        with self.services.database.reading() as session:
            return filing_acts.of_submission(session, submission_id)

    def state(self, submission_id: str) -> tuple[object, ...]:
        """Return all of a mail that an act may change and an undo must restore."""
        mail = self.mail(submission_id)
        items = [
            (i.queue, i.kind, i.reason) for i in self.desk.items(submission_id) if not i.closed_at
        ]
        with self.services.database.reading() as session:
            ranked = [g.case_id for g in filing_acts.ranks_of(session, submission_id)]
            members = participants.of_cases(session, [mail.case_id]) if mail.case_id else {}
        return mail.state, mail.case_id, mail.priority, sorted(items), ranked, members

    def audited(self, submission_id: str) -> list[str]:
        """Return what the trail says of a mail."""
        with self.services.database.reading() as session:
            return [e.act for e in audit.of_subject(session, "submission", submission_id)]

    def leave(self, submission_id: str, kind: str) -> None:
        """Write a message to a mail's sender."""
        with self.services.database.transaction() as session:
            row = submissions.by_id(session, submission_id)
            assert row is not None
            Planter(session, self.services.keyring, self.services.now()).message(row, kind=kind)


def accepted(office: Office, mail: str, other: str) -> str:
    """File a held mail to the case of another."""
    return case_actions.accept_submission(
        office.services,
        gate.submission_to_file(office.services, office.user, office.mail(mail).reference),
        gate.case_to_file_into(office.services, office.user, office.case_code(other)),
    )
