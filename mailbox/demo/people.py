"""Make the demo's accounts, one for each role that can be tried, and say what each can try.

Their passwords are random and lie in the data folder, so that the next start finds them.
"""

import secrets
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

import pyotp

from intake.access import gate
from intake.accounts import accounts, second_factor
from intake.accounts.people import names
from intake.cases import hand_over
from intake.cases.hand_over import HandOverReason
from intake.core.errors import Conflict, NotFound
from mailbox.demo.sample import SAMPLE_SENDER
from storage import private_files
from storage.accounts import users
from storage.accounts.users import Role, User
from storage.cases import cases
from storage.submissions import submissions

if TYPE_CHECKING:
    from pathlib import Path

    from intake.core.services import Services
    from storage.database import Session

REGION = "VAST"
FACTOR = "second-factor"
COORDINATOR = "Koordinator Exempel"
# From the numbers that Sweden's telecom agency keeps for invented stories.
NUMBER = "+46 31 390 06 01"


@dataclass(frozen=True)
class DemoPerson:
    """An account: its address, role, the name on papers, and what can be tried with it."""

    email: str
    role: str
    name: str
    can_try: str
    region: str | None = None


PEOPLE = (
    DemoPerson(
        "intake@demo.example", "INTAKE", "Demo Intake",
        "work the list: open the emergency, take the referral, press r to confirm it",
    ),
    DemoPerson(
        SAMPLE_SENDER, "COORD", COORDINATOR,
        "see what became of your files, send a new referral, read messages", REGION,
    ),
    DemoPerson(
        "caseworker@demo.example", "CASEW", "Demo Caseworker",
        "My cases: the documents, what is missing, write to the coordinator",
    ),
    DemoPerson(
        "cash@demo.example", "CASH", "Demo Cash",
        "answer the question about cash support with a prepared text",
    ),
    DemoPerson(
        "manager@demo.example", "MGR", "Demo Manager",
        "Numbers, cases without an owner, absences, what waits for a second person",
    ),
    DemoPerson(
        "dpo@demo.example", "DPO", "Demo Dataprotection",
        "Who read it: everybody who opened a submission or a case, by its reference",
    ),
    DemoPerson(
        "admin@demo.example", "ADMIN", "Demo Admin",
        "People and Senders: invite, change, end an account",
    ),
)  # fmt: skip


@dataclass(frozen=True)
class SignIn:
    """What somebody needs to sign in; `factor` is the secret of the second factor, or empty."""

    person: DemoPerson
    password: str
    factor: str = ""

    def code(self) -> str:
        """Return the code of this moment, as the app on a telephone shows it."""
        return pyotp.TOTP(self.factor).now()


def make_accounts(services: "Services", path: "Path") -> list[SignIn]:
    """Make the accounts that are not there yet; `path` keeps passwords and the factor's secret."""
    kept: dict[str, str] = {}
    if path.exists():
        lines = path.read_text(encoding="ascii").splitlines()
        kept = dict(line.split(" ", 1) for line in lines if " " in line)
    for person in PEOPLE:
        if person.email not in kept:
            kept[person.email] = secrets.token_urlsafe(15)
            _keep(path, kept)
        with suppress(Conflict):
            # A conflict says that an earlier start made the account, with the same password.
            _make(services, person, kept[person.email])
    _add_factor(services, kept, path)
    return [
        SignIn(each, kept[each.email], kept.get(FACTOR, "") if each.region else "")
        for each in PEOPLE
    ]


def give_case(services: "Services", reference: str) -> None:
    """Let the officer of intake give the first case to the caseworker, so that one has a case."""
    with services.database.reading() as session:
        giver, taker = (
            accounts.signed_in_user(_account(services, session, role))
            for role in (Role.INTAKE, Role.CASEW)
        )
        submission = submissions.by_reference(session, reference)
        case = cases.by_id(session, submission.case_id if submission is not None else None)
    if case is None:
        return
    hand_over.hand_over(
        services,
        gate.case_to_change(services, giver, case.reference),
        to_id=taker.id,
        reason=HandOverReason.NO_OWNER,
        seen_owner_id=case.owner_id or "",
    )


def _account(services: "Services", session: "Session", role: Role) -> User:
    email = next(each.email for each in PEOPLE if each.role == role)
    account = users.by_email_hash(session, accounts.email_hash(services, session, email))
    if account is None:
        raise NotFound
    return account


def _make(services: "Services", person: DemoPerson, password: str) -> None:
    made = accounts.create_with_password(
        services, person.email, person.role, person.region, password
    )
    names.change_names(services, made, made.id, person.name, "")


def _add_factor(services: "Services", kept: dict[str, str], path: "Path") -> None:
    """Give the coordinator a second factor, as a telephone would confirm it; once."""
    with services.database.reading() as session:
        account = _account(services, session, Role.COORD)
        if account.totp_confirmed_at is not None:
            return
    begun = second_factor.begin_enrolment(services, FACTOR, account.id)
    # Kept before it counts: a start that breaks off here begins again with another.
    kept[FACTOR] = begun.secret
    _keep(path, kept)
    # The code before this one: a code counts once, and this moment's is for the first sign-in.
    before = services.now() - timedelta(seconds=second_factor.STEP_SECONDS)
    code = pyotp.TOTP(begun.secret, interval=second_factor.STEP_SECONDS).at(before)
    second_factor.confirm_enrolment(services, FACTOR, account.id, code)


def _keep(path: "Path", kept: dict[str, str]) -> None:
    unfinished = path.with_suffix(".new")
    unfinished.unlink(missing_ok=True)
    with private_files.open_new(unfinished) as out:
        out.write("".join(f"{name} {secret}\n" for name, secret in kept.items()).encode("ascii"))
    unfinished.replace(path)
