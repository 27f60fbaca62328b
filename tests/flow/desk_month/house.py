"""A whole house for a month: mail in, the worker's steps, the pages, and mail that leaves.

Jails, storage, pages and the sender are those of production; the clock is set by the test.
"""

import re
import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from intake.accounts.accounts import SignedInUser
from intake.pipeline.maintenance import do_what_is_due
from intake.pipeline.read_documents import read_documents
from intake.safe_copies.make import make_safe_copies
from mailbox.sender import send_once
from portal.app import create_app
from portal.web.session import TOKEN as TOKEN_FIELD
from storage.accounts.users import User
from storage.cases.cases import Case
from storage.submissions import submissions
from tests.flow.desk_month import letters
from tests.flow.desk_month.arrivals import BOUNCES_AFTER, Arrival, Kind
from tests.flow.desk_month.forms import Fields, Page, Sent
from tests.portal.building import HOST, stub_health
from tests.support.building import ScriptedScanner
from tests.support.desk import Desk
from tests.support.people import plant_session, plant_user

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from flask import Flask
    from flask.testing import FlaskClient
    from werkzeug.test import TestResponse

    from intake.core.services import Services
    from tests.components.smtp_sink import SmtpSink
    from tests.support.building import Clock

# A worker looks each minute; the shortest promise is two hours, so this is often enough here.
STEP, NIGHT_STEP = timedelta(minutes=30), timedelta(hours=2)
# Between these hours (UTC) of a working day something may come near its time.
EARLY, LATE, SATURDAY = 5, 17, 5
# Where the mails of the duty list go.
DUTY_MAIL = "duty@office.example"
NAMED = re.compile(rb"^Subject: Reference (\S+)\r$", re.MULTILINE).findall


class Seat:
    """A browser in which somebody is signed in, as a person uses it."""

    def __init__(self, app: "Flask", house: "House", user: SignedInUser) -> None:
        self.user = user
        self.requests = 0
        self._services = house.services
        self.client: FlaskClient = app.test_client()

    def sign_in(self) -> None:
        """Sign in anew, with the second factor, as everybody does who sits down to work."""
        token = secrets.token_urlsafe()
        now = self._services.now()
        with self._services.database.transaction() as session:
            plant_session(session, self.user.id, token, now, is_factor_proved=True)
        with self.client.session_transaction(base_url=f"http://{HOST}") as kept:
            kept[TOKEN_FIELD] = token

    def open(self, path: str) -> Page:
        """Open a page, and follow where it leads."""
        self.requests += 1
        answer = self.client.get(path, base_url=f"http://{HOST}", follow_redirects=True)
        assert answer.status_code == 200, (path, answer.status_code, answer.text[:2000])
        here = answer.request.path
        assert not here.startswith("/sign-in"), (path, "the session is over")
        return Page(answer.text, here)

    def send(self, action: str, fields: "Sent") -> "TestResponse":
        """Send a form."""
        self.requests += 1
        return self.client.post(action, base_url=f"http://{HOST}", data=fields)


@dataclass
class House:
    """The house, and what is known of each arrival: {reference: its plan}.

    `duty` is called with the references that mails to the people on duty have named.
    """

    desk: Desk
    clock: "Clock"
    sink: "SmtpSink"
    app: "Flask" = field(init=False)
    helpline: Seat = field(init=False)
    duty: "Callable[[Iterable[str]], None] | None" = None
    truth: dict[str, Arrival] = field(default_factory=dict)
    ids: dict[tuple[Kind, int], str] = field(default_factory=dict)
    # The referrals to which more comes later, and whose person does not want to go on.
    first_referral: int = -1
    withdrawn_referral: int = -1
    # The Message-IDs of the receipts that come back, and where the reports about them go.
    receipts: dict[int, tuple[str, str]] = field(default_factory=dict)
    _told: int = 0

    def __post_init__(self) -> None:
        self.app = create_app(
            self.services, secret_key=secrets.token_bytes(32), check_health=stub_health
        )
        self.desk.register()
        for number in range(len(BOUNCES_AFTER)):
            self.desk.register(letters.full_box(number))
        self.helpline = self.seat("Intake officer 3", "INTAKE")

    @property
    def services(self) -> "Services":
        """Return the services that the house works with."""
        return self.desk.services

    def seat(self, label: str, role: str) -> Seat:
        """Give somebody of a role a seat."""
        user = plant_user(self.services, label, role)
        with self.services.database.transaction() as session:
            # Only who has set a password can be somebody's deputy.
            session.get_one(User, user.id).password_hash = "planted"
        return Seat(self.app, self, user)

    def let_in(self, arrival: Arrival) -> None:
        """Let a mail in on its whole way, or have the helpline write a call down."""
        raw = letters.write(arrival, self)
        submission_id = self._take_in(raw) if raw is not None else self._write_down(arrival)
        self.ids[arrival.kind, arrival.number] = submission_id
        self.truth[self.desk.submission(submission_id).reference] = arrival
        if arrival.kind is Kind.REFERRAL and arrival.number < len(BOUNCES_AFTER):
            message_id = str(self.desk.letter(submission_id)["Message-ID"])
            self.receipts[arrival.number] = message_id, self.desk.return_path(submission_id)
        elif arrival.kind is Kind.REFERRAL:
            if self.first_referral < 0:
                self.first_referral = arrival.number
            elif self.withdrawn_referral < 0:
                self.withdrawn_referral = arrival.number

    def _take_in(self, raw: bytes) -> str:
        """Do with a mail what the worker's steps do, the copies and their reading included."""
        submission_id = self.desk.handle(raw)
        make_safe_copies(self.desk.worker_services.copies, submission_id)
        read_documents(self.desk.worker_services, submission_id)
        return submission_id

    def _write_down(self, arrival: Arrival) -> str:
        self.helpline.sign_in()
        form = self.helpline.open("/phone-note").form("/phone-note")
        assert form is not None
        call_back = {"call_back": "yes", "number": "+46 8 123 45 67"}
        wishes: Fields = call_back if arrival.number % 2 else {"call_back": "no"}
        words = f"Somebody asked when the helpline is open. Call {arrival.number}."
        fields = {**form.fields, "text": words, "priority": "normal", **wishes}
        answer = self.helpline.send(form.action, fields)
        assert answer.status_code in {302, 303}, answer.text
        with self.services.database.reading() as session:
            submission_id = submissions.newest(session, limit=1)[0].id
        self.desk.inspect_again(submission_id)
        return submission_id

    def pass_time(self, until: datetime) -> None:
        """Let the time pass; the worker and the sender do what falls due, and duty is told."""
        while self.clock.at < until:
            is_day = self.clock.at.weekday() < SATURDAY and EARLY <= self.clock.at.hour < LATE
            self.clock.at = min(until, self.clock.at + (STEP if is_day else NIGHT_STEP))
            self._update_scanner()
            do_what_is_due(self.desk.worker_services)
            send_once(self.services)
            told = [each for each in self.sink.received if DUTY_MAIL in each.recipients]
            named = [found.decode() for each in told[self._told :] for found in NAMED(each.raw)]
            self._told = len(told)
            if named and self.duty is not None:
                self.duty(dict.fromkeys(named))

    def _update_scanner(self) -> None:
        """Give the scanner the signatures of the day."""
        scanner = self.desk.worker_services.scanner
        assert isinstance(scanner, ScriptedScanner)
        scanner.release = f"ClamAV 1.4.6/27500/{self.clock.at:%a %b %d} 00:00:00 {self.clock.at:%Y}"

    def case_of(self, kind: Kind, number: int) -> str:
        """Return the reference of the case of what came in already."""
        case_id = self.desk.submission(self.ids[kind, number]).case_id
        with self.services.database.reading() as session:
            return session.get_one(Case, case_id).reference
