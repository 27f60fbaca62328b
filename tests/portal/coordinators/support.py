"""Sign coordinators in, with a password and the codes of an authenticator."""

import io
import re
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pyotp
from flask import Flask
from werkzeug.test import TestResponse

from intake.accounts import accounts, second_factor
from intake.accounts.accounts import SignedInUser
from intake.core.services import Services
from storage.submissions import submissions
from storage.submissions.submissions import Submission
from tests.portal.building import HOST, PASSWORD, Clock
from tests.portal.conftest import TOKEN, Browser

# Two steps of a code: the last sign-in may have used the code of the step before.
NEXT_CODE = timedelta(seconds=60)


@dataclass
class Telephone:
    """An authenticator with one secret; its codes are those of the services' clock."""

    clock: Clock
    secret: str

    def code(self) -> str:
        """Wait for a fresh code and return it."""
        self.clock.move(NEXT_CODE)
        return pyotp.TOTP(self.secret).at(self.clock.at)


@dataclass
class Coordinator:
    """An account with its telephone and its browser."""

    services: Services
    user: SignedInUser
    email: str
    telephone: Telephone
    browser: Browser
    recovery_codes: list[str] = field(default_factory=list)

    def get(self, path: str) -> TestResponse:
        """Open a page."""
        return self.browser.get(path)

    def token(self, page: str = "/referrals") -> str:
        """Return the form token of a page."""
        found = TOKEN.search(self.browser.get(page).text)
        assert found is not None, f"no form on {page}"
        return found.group(1)

    def begin(self) -> str:
        """Begin a referral and return the draft's id."""
        answer = self.browser.post("/referrals/new", "/referrals/new")
        assert answer.status_code == 303, answer.text
        return answer.location.rpartition("/")[2]

    def send_form(
        self, draft_id: str, act: str, *, files: tuple[tuple[str, bytes], ...] = (), **fields: str
    ) -> TestResponse:
        """Send the draft's form as a browser without script does."""
        path = f"/referrals/drafts/{draft_id}"
        data: dict[str, Any] = {"csrf_token": self.token(path), **fields}  # Any: files
        if act:
            data["act"] = act
        data["file"] = [(io.BytesIO(content), name) for name, content in files]
        return self.browser.client.post(
            path, base_url=f"http://{HOST}", data=data, content_type="multipart/form-data"
        )

    def ask(
        self, method: str, path: str, token: str | None = None, **options: Any
    ) -> TestResponse:  # Any: what the test client takes
        """Send what the page's script would send."""
        headers = {"X-CSRFToken": self.token() if token is None else token}
        return self.browser.client.open(
            path, method=method, base_url=f"http://{HOST}", headers=headers, **options
        )

    def announce(self, draft_id: str, size: int, name: str = "remiss.pdf") -> TestResponse:
        """Announce a file."""
        told = {"name": name, "type": "application/pdf", "size": size}
        return self.ask("POST", f"/referrals/drafts/{draft_id}/uploads", json=told)


def make_coordinator(
    app: Flask,
    services: Services,
    clock: Clock,
    name: str = "coordinator",
    region: str = "VAST",
    role: str = "COORD",
) -> Coordinator:
    """Make an account with a confirmed factor and sign it in by password and code."""
    email = f"{name}@region.example"
    user = accounts.create_with_password(services, email, role, region, PASSWORD)
    telephone = Telephone(
        clock, second_factor.begin_enrolment(services, "no session", user.id).secret
    )
    codes = second_factor.confirm_enrolment(services, "no session", user.id, telephone.code())
    made = Coordinator(services, user, email, telephone, Browser(app), codes)
    sign_in(made)
    return made


def sign_in(coordinator: Coordinator, browser: Browser | None = None) -> Browser:
    """Sign in with password and code, in the coordinator's browser or another."""
    used = browser or coordinator.browser
    assert used.sign_in(coordinator.email).location.startswith("/sign-in/code")
    answer = used.post("/sign-in/code", "/sign-in/code", code=coordinator.telephone.code())
    assert answer.status_code == 303, answer.text
    return used


def reference_on(page: str) -> str:
    """Return the reference that stands large on the page after sending."""
    found = re.search(r'class="reference"[^>]*><bdi>([^<]+)</bdi>', page)
    assert found is not None, page
    return found.group(1)


@dataclass(frozen=True)
class Two:
    """Two coordinators of different regions."""

    west: Coordinator
    south: Coordinator


def submission_of(services: Services, reference: str) -> Submission:
    """Return a submission by its reference."""
    with services.database.reading() as session:
        found = submissions.by_reference(session, reference)
    assert found is not None
    return found
