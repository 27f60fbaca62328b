"""A whole house for a month: mail in, the worker's steps, the pages, and mail that leaves.

Jails, storage, pages and the sender are those of production; the clock is set by the test.
"""

import re
import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import pyotp

from intake.accounts import second_factor
from intake.accounts.accounts import SignedInUser, create_with_password
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
from tests.flow.desk_month.papers import first_papers
from tests.intake.duty.waiting_items import give_address
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
    from tests.flow.desk_month.papers import Attachment
    from tests.support.building import Clock

# A worker looks each minute; the shortest promise is two hours, so this is often enough here.
STEP, NIGHT_STEP = timedelta(minutes=30), timedelta(hours=2)
# Between these hours (UTC) of a working day something may come near its time.
EARLY, LATE, SATURDAY = 5, 17, 5
# Where the mails of the duty list go.
DUTY_MAIL = "duty@office.example"
EMAIL = "coordinator.upload@region.example"
PHRASE = "a phrase of a coordinator who uploads"
NAMED = re.compile(rb"^Subject: Reference (\S+)\r$", re.MULTILINE).findall


def address_of(label: str) -> str:
    """Return where somebody of the office gets mail."""
    return f"{label.lower().replace(' ', '.')}@office.example"


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

    `duty` is called with the references that mails to the people on duty have named, and `upload`
    with the papers and the note that a coordinator sends; it returns the reference.
    """

    desk: Desk
    clock: "Clock"
    sink: "SmtpSink"
    app: "Flask" = field(init=False)
    helpline: Seat = field(init=False)
    duty: "Callable[[Iterable[str]], None] | None" = None
    upload: "Callable[[list[Attachment], str], str] | None" = None
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
        give_address(self.services, user.id, address_of(label))
        return Seat(self.app, self, user)

    def seat_of_coordinator(self) -> Seat:
        """Give a coordinator with a second factor, whose address is registered, a seat."""
        self.desk.register(EMAIL)
        user = create_with_password(self.services, EMAIL, "COORD", "STHLM", PHRASE)
        enrolled = second_factor.begin_enrolment(self.services, "no session", user.id)
        code = pyotp.TOTP(enrolled.secret).at(self.clock.at)
        second_factor.confirm_enrolment(self.services, "no session", user.id, code)
        return Seat(self.app, self, user)

    def let_in(self, arrival: Arrival) -> None:
        """Let a mail in on its whole way, or have the helpline write a call down."""
        submission_id = self._arrived(arrival)
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

    def _arrived(self, arrival: Arrival) -> str:
        raw = letters.write(arrival, self)
        if raw is not None:
            return self._read(self.desk.handle(raw))
        return self._write_down(arrival) if arrival.kind is Kind.HELPLINE else self._upload(arrival)

    def _upload(self, arrival: Arrival) -> str:
        """Let the coordinator upload something, and do what the worker's steps do with it."""
        name = letters.name(arrival.number)
        is_real = arrival.kind is Kind.UPLOAD
        papers = first_papers(f"uppladdad {name}", is_whole=True) if is_real else []
        note = f"Det gäller uppladdad {name}." if is_real else f"Does this work? {name}"
        assert self.upload is not None
        reference = self.upload(papers, note)
        with self.services.database.reading() as session:
            found = submissions.by_reference(session, reference)
        assert found is not None
        self.desk.inspect_again(found.id)
        return self._read(found.id)

    def _read(self, submission_id: str) -> str:
        """Do what the worker's steps do after the filing: the copies and their reading."""
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
